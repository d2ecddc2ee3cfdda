"""The viewer of the case file over real HTTP: a file of 1,000 typed pages, and one of 120 scanned pages.

python -m benchmarks.viewer [--port 8103]     about three minutes: a site of its own, with its own database, in a folder of its own

A page is its HTML and its image, one after the other as a browser requests them, from the request to the last byte, each on a
connection of its own. Cold is the first request after the start of the site. Compared with them in the same run: the home page of the
same site (what a request costs), rendering the same page in this process with the document already open, and `pdftoppm`, which
draws one page in a process of its own, where it is installed. The scans are not read by OCR here: that takes minutes, and the
viewer shows the image without it.
"""

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.live_site import ask, serving

ROOT = Path(__file__).resolve().parent.parent
PAGES = 1000
SCANS = 120
#: Seconds until a site that has just started is idle, and between two pages of a reader who turns pages quickly.
SETTLED, LEAFS = 5.0, 0.3
READERS = 6
WORDS = re.findall(
    r"\w+",
    "patient reports constant pain of the lower back with radiation to the left leg after lifting at work physical therapy helped little ibuprofen was continued examination "
    "shows spasm reduced range of motion straight leg raise positive at forty degrees strength intact sensation diminished along the lateral calf plan request authorization for six visits",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=8103)
    figures = measure(parser.parse_args().port)
    for name, value in figures.items():
        print(f"{name:64} {value:8.1f}")


def measure(port: int = 8103) -> dict[str, float]:
    """Give each figure in milliseconds; a median unless its name says otherwise."""
    with tempfile.TemporaryDirectory(prefix="imr-viewer-") as home:
        Path(home).chmod(0o755)  # the embedded database runs as a user of its own
        os.environ |= {
            "IMR_HOME": home,
            "DJANGO_SETTINGS_MODULE": "imr.web.settings",
            "IMR_SITE": f"http://127.0.0.1:{port}",
            "TESSDATA_PREFIX": home,  # where no language data is
        }
        from benchmarks import casefile_generator

        typed = casefile_generator.draw(_pages())
        scanned = casefile_generator.scan(casefile_generator.draw(_pages()[:SCANS]), 1, dpi=300)
        with serving(port):
            number, digests, cookie = _filed(typed, scanned)
        with serving(port):  # a fresh one, so that nothing is in anybody's memory
            time.sleep(SETTLED)
            viewer = _Viewer(port, f"/cases/{number}/file/", cookie)
            found = _looked(viewer, digests[0]) | _scanned(viewer, digests[1])
            found |= _together(viewer, digests)
        return found | _alone(typed, "typed") | _alone(scanned, "scanned")


def _pages() -> list[list[str]]:
    """Make a note of three full pages, repeated."""
    chance = random.Random(1)
    pages = []
    for number in range(PAGES):
        head = ["PROGRESS NOTE", f"Date of service: 0{1 + number // 3 % 9}/0{1 + number // 27 % 9}/2015"] * (
            number % 3 == 0
        )
        lines = [" ".join(chance.choice(WORDS) for _ in range(14)) for _ in range(50)]
        pages.append([*head, f"Page {number % 3 + 1} of 3", "", *lines])
    return pages


def _filed(typed: bytes, scanned: bytes) -> tuple[str, list[str], str]:
    """File a case with both files, read; give its number, their digests, and a session of the claims administrator."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.test import Client
    from tests.factories import story

    from imr.law.terms import RecordKind, Role
    from imr.web import access, actions
    from imr.web.case_files import ingestion
    from imr.web.platform import clock
    from imr.web.store.documents import Upload

    people = story.cast()
    number = story.receive(people)
    records = [Upload(name="a.pdf", data=data, kind=RecordKind.PROGRESS_REPORT) for data in (typed, scanned)]
    actions.perform(
        "receive-records", people["adjuster"], number,
        records=records, sender=Role.CLAIMS_ADMINISTRATOR, received_on=clock.today(),
    )  # fmt: skip
    lines = {line.pages: line.digest for line in access.file(access.open_case(people["adjuster"], number))}
    begun = time.perf_counter()
    while not all(ingestion.ingestion_state(digest).done for digest in lines.values()):
        time.sleep(0.5)
    print(f"read in the background in {time.perf_counter() - begun:.1f} s")
    client = Client()
    client.force_login(people["adjuster"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return number, [lines[PAGES], lines[SCANS]], f"sessionid={client.cookies['sessionid'].value}"


@dataclass(frozen=True)
class _Viewer:
    """A site, the address of a case file on it, and a session."""

    port: int
    address: str
    cookie: str

    def page(self, digest: str, number: int, query: str = "") -> tuple[float, float]:
        """Measure milliseconds to a complete page, and to its HTML."""
        begun = time.perf_counter()
        html = ask(self.port, f"{self.address}{digest}/{number}/{query}", self.cookie).decode()
        told = time.perf_counter()
        picture = re.search(r'<image href="([^"]+)"', html)
        assert picture, "the page has its picture"
        ask(self.port, picture[1], self.cookie)
        return (time.perf_counter() - begun) * 1000, (told - begun) * 1000

    def leafed(self, digest: str, numbers: Iterable[int], query: str = "", pause: float = LEAFS) -> list[float]:
        """Measure milliseconds to each of these pages, with a pause before each."""
        found = []
        for number in numbers:
            time.sleep(pause)
            found.append(self.page(digest, number, query)[0])
        return found


def _spread(name: str, found: list[float]) -> dict[str, float]:
    """Give the median, the 95th percentile, and the slowest."""
    whole = sorted(found)
    most = whole[min(len(whole) - 1, int(len(whole) * 0.95))]
    return {name: statistics.median(whole), f"{name}, 95 of 100": most, f"{name}, slowest": whole[-1]}


def _looked(viewer: _Viewer, digest: str) -> dict[str, float]:
    figures = {"first page, cold": viewer.page(digest, 1)[0]}
    home = []
    for _ in range(10):
        begun = time.perf_counter()
        ask(viewer.port, "/")
        home.append((time.perf_counter() - begun) * 1000)
    figures["beside: the home page of the site"] = statistics.median(home[2:])
    jumps, html, after, before = [], [], [], []
    viewer.page(digest, 100)
    for number in range(150, 950, 40):
        time.sleep(LEAFS)
        whole, told = viewer.page(digest, number)
        jumps.append(whole)
        html.append(told)
        after += viewer.leafed(digest, [number + 1], pause=0)
        before += viewer.leafed(digest, [number - 1])
    figures |= _spread("jump to a page that is not drawn yet", jumps)
    figures["jump to a page that is not drawn yet, of this the HTML"] = statistics.median(html)
    figures |= _spread("the page after it, at once", after)
    figures |= _spread("the page before it", before)
    figures |= _spread("next page", viewer.leafed(digest, range(502, 542)))
    figures |= _spread("next page, asked for without a pause", viewer.leafed(digest, range(542, 602), pause=0))
    figures["same page again"] = statistics.median(viewer.leafed(digest, [520] * 10, pause=0))
    first = viewer.page(digest, 501, "?q=straight+leg+raise")[0]
    figures["page with hits marked, searched for the first time"] = first
    viewer.leafed(digest, [501] * 6, "?q=straight+leg+raise", pause=0)  # each process of the site searches once
    figures |= _spread("next page with hits marked", viewer.leafed(digest, range(502, 542), "?q=straight+leg+raise"))
    index = []
    for _ in range(5):
        begun = time.perf_counter()
        ask(viewer.port, viewer.address, viewer.cookie)
        index.append((time.perf_counter() - begun) * 1000)
    figures["index of the file"] = statistics.median(index)
    return figures


def _scanned(viewer: _Viewer, digest: str) -> dict[str, float]:
    jumps = viewer.leafed(digest, range(30, SCANS, 18))
    leafed = viewer.leafed(digest, range(31, 61))
    return _spread("scan: jump to a page that is not drawn yet", jumps) | _spread("scan: next page", leafed)


def _together(viewer: _Viewer, digests: list[str]) -> dict[str, float]:
    """Measure several readers at once, each turning pages from a place of their own, one in three in the scans.

    Nothing is rendered yet.
    """
    starts = [(digests[n % 3 == 2], 610 + 40 * n if n % 3 != 2 else 65 + 8 * n) for n in range(READERS)]
    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(lambda one: viewer.leafed(one[0], range(one[1], one[1] + 12)), starts))
    jumped = [pages[0] for pages in found]
    return {f"{READERS} readers at once: their first pages, slowest": max(jumped)} | _spread(
        f"{READERS} readers at once: next page", [one for pages in found for one in pages[1:]]
    )


def _alone(data: bytes, name: str) -> dict[str, float]:
    """Measure the time to render one page, by us and by a program that renders one page and ends."""
    from imr.records import images
    from imr.records.pdf import Pdf

    figures = {}
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        drawn = []
        with Pdf(Path(file.name)) as pdf:
            for number in range(40, 60):
                begun = time.perf_counter()
                images.encode_for_browser(pdf.image(number, 72 * 1100 / 612, grey=False))
                drawn.append((time.perf_counter() - begun) * 1000)
        figures[f"beside: drawing a {name} page, the document open already"] = statistics.median(drawn)
        if shutil.which("pdftoppm"):
            drawn = []
            for number in range(40, 50):
                begun = time.perf_counter()
                subprocess.run(
                    ["pdftoppm", "-f", str(number), "-l", str(number), "-scale-to-x", "1100", "-scale-to-y", "-1", "-jpeg", file.name],
                    stdout=subprocess.DEVNULL, check=True,
                )  # fmt: skip
                drawn.append((time.perf_counter() - begun) * 1000)
            figures[f"beside: pdftoppm, a {name} page"] = statistics.median(drawn)
    return figures


if __name__ == "__main__":
    main()
