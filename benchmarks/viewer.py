"""The viewer of the case file over real HTTP: the first page of a 1,000-page file, and the next one.

python -m benchmarks.viewer [--port 8103]     about two minutes: a site of its own, with its own database, in a folder of its own

A page is its HTML and its picture, one after the other as a browser asks for them, from the request to the last byte. Cold is
the first request after the start of the site, and a page whose picture nobody has drawn yet; warm is one asked for before.
"""

import argparse
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = 1000
#: Seconds in which a site that has just started comes to rest, and between two pages of somebody who leafs quickly.
SETTLED, LEAFS = 10.0, 0.4
WORDS = [
    "patient",
    "reports",
    "constant",
    "pain",
    "of",
    "the",
    "lower",
    "back",
    "with",
    "radiation",
    "to",
    "the",
    "left",
    "leg",
    "after",
    "lifting",
    "at",
    "work",
    "physical",
    "therapy",
    "helped",
    "little",
    "ibuprofen",
    "was",
    "continued",
    "examination",
    "shows",
    "spasm",
    "reduced",
    "range",
    "of",
    "motion",
    "straight",
    "leg",
    "raise",
    "positive",
    "at",
    "forty",
    "degrees",
    "strength",
    "intact",
    "sensation",
    "diminished",
    "along",
    "the",
    "lateral",
    "calf",
    "plan",
    "request",
    "authorization",
    "for",
    "six",
    "visits",
]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=8103)
    figures = measure(parser.parse_args().port)
    for name, value in figures.items():
        print(f"{name:48} {value:10.1f}")


def measure(port: int = 8103) -> dict[str, float]:
    """Each figure in milliseconds; a median where not said otherwise."""
    with tempfile.TemporaryDirectory(prefix="imr-viewer-") as home:
        Path(home).chmod(0o755)  # the embedded database runs as a user of its own
        os.environ |= {
            "IMR_HOME": home,
            "DJANGO_SETTINGS_MODULE": "imr.web.settings",
            "IMR_SITE": f"http://127.0.0.1:{port}",
        }
        with _Serving(port):
            number, digest, cookie = _filed()
        with _Serving(port):  # anew, so that nothing is in anybody's memory
            time.sleep(SETTLED)
            return _looked(port, f"/claims/{number}/file/{digest}", cookie)


class _Serving:
    """A site, from its start to its end."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __enter__(self) -> None:
        command = [sys.executable, "-m", "imr.cli", "serve", "--port", str(self.port), "--empty"]
        imr = Path(sys.executable).with_name("imr")
        if imr.exists():
            command = [str(imr), *command[3:]]
        self.site = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(600):
            try:
                _ask(self.port, "/", "")
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("the site did not start")

    def __exit__(self, *_: object) -> None:
        self.site.terminate()
        self.site.wait(60)


def _pages() -> list[list[str]]:
    """A note of three pages again and again, each page full."""
    chance = random.Random(1)
    pages = []
    for number in range(PAGES):
        head = ["PROGRESS NOTE", f"Date of service: 0{1 + number // 3 % 9}/0{1 + number // 27 % 9}/2015"] * (
            number % 3 == 0
        )
        lines = [" ".join(chance.choice(WORDS) for _ in range(14)) for _ in range(50)]
        pages.append([*head, f"Page {number % 3 + 1} of 3", "", *lines])
    return pages


def _filed() -> tuple[str, str, str]:
    """A case with a file of a thousand pages, read; its number, the digest, and a session of the claims administrator."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "web")]
    import django

    django.setup()
    import story
    from django.test import Client

    from benchmarks import packets
    from imr.law.terms import RecordKind, Role
    from imr.web import access, actions, clock, reading
    from imr.web.documents import Upload

    people = story.cast()
    number = story.receive(people)
    upload = Upload(name="a.pdf", data=packets.draw(_pages()), kind=RecordKind.PROGRESS_REPORT)
    actions.perform(
        "receive-records", people["adjuster"], number,
        records=(upload,), sender=Role.CLAIMS_ADMINISTRATOR, received_on=clock.today(),
    )  # fmt: skip
    digest = next(line.digest for line in access.file(people["adjuster"], number) if line.pages == PAGES)
    begun = time.perf_counter()
    while not all(reading.state(line.digest).done for line in access.file(people["adjuster"], number)):
        time.sleep(0.5)
    print(f"read in the background in {time.perf_counter() - begun:.1f} s")
    client = Client()
    client.force_login(people["adjuster"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return number, digest, f"sessionid={client.cookies['sessionid'].value}"


def _ask(port: int, path: str, cookie: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise OSError(f"{path}: {answer.status}")
    return body


def _timed(port: int, path: str, cookie: str) -> tuple[float, float]:
    """Milliseconds to the page whole, and of these to its HTML."""
    begun = time.perf_counter()
    html = _ask(port, path, cookie).decode()
    told = time.perf_counter()
    picture = re.search(r'<image href="([^"]+)"', html)
    assert picture, "the page has its picture"
    _ask(port, picture[1], cookie)
    return (time.perf_counter() - begun) * 1000, (told - begun) * 1000


def _looked(port: int, address: str, cookie: str) -> dict[str, float]:
    def page(number: int, query: str = "") -> tuple[float, float]:
        return _timed(port, f"{address}/{number}/{query}", cookie)

    figures = {"first page, cold": page(1)[0]}
    middle = [page(number)[0] for number in (300, 500, 700, 900)]
    figures["any page, picture not drawn yet"] = statistics.median(middle)
    figures["any page, picture not drawn yet, slowest"] = max(middle)
    forward = []
    for number in range(501, 541):
        time.sleep(LEAFS)
        forward.append(page(number))
    whole = sorted(one for one, _ in forward)
    figures["next page"] = statistics.median(whole)
    figures["next page, 95 of 100"] = whole[int(len(whole) * 0.95)]
    figures["next page, slowest"] = whole[-1]
    figures["next page, of this the HTML"] = statistics.median(html for _, html in forward)
    fast = [page(number)[0] for number in range(541, 601)]
    figures["next page, asked for without a pause"] = statistics.median(fast)
    figures["next page, asked for without a pause, slowest"] = max(fast)
    figures["same page again"] = statistics.median(page(520)[0] for _ in range(10))
    found = [page(number, "?q=straight+leg+raise")[0] for number in range(501, 511)]
    figures["next page with hits of a search marked"] = statistics.median(found)
    index = []
    for _ in range(5):
        begun = time.perf_counter()
        _ask(port, address.rpartition("/")[0] + "/", cookie)
        index.append((time.perf_counter() - begun) * 1000)
    figures["index of the file"] = statistics.median(index)
    return figures


if __name__ == "__main__":
    main()
