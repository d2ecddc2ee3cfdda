"""A running site: its accounts and folders, commands and a second site beside it, and kills of its processes and database (long)."""

import contextlib
import hashlib
import os
import re
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import requests
from tests.factories import processes
from tests.factories.live_site.running import BIN, Site, free_port

#: What is started as a process of the site, by what its command holds.
PROCESSES = ("tend", "collect", "worker --queues", "gunicorn")
#: A short command that only asks the database: it begins and ends beside the site.
SHORT = "from imr.web.platform.database import embedded; import sys; embedded.socket_folder(sys.argv[1])"

#: The folders of the home that nobody else on the machine looks into.
CLOSED = ("documents", "quarantine", "pages", "uploads", "mail", "guidelines", "temporary")


@pytest.fixture(scope="module")
def site():
    """One site for all of these, on a home that has a file of a killed process; its first start makes invented cases."""
    first = Site("--workers", "2")
    left_behind(first).parent.mkdir(parents=True)
    left_behind(first).write_bytes(b"%PDF")
    with first as running:
        yield running


def left_behind(site: Site) -> Path:
    """A file that a killed process left before the site was started."""
    return site.home / "site" / "temporary" / "process-of-a-dead-one" / "record.pdf"


def until(found, what: str, seconds: float = 240):
    begun = time.monotonic()
    while not (value := found()):
        assert time.monotonic() - begun < seconds, what
        time.sleep(0.2)
    return value


def child(site: Site, words: str) -> psutil.Process | None:
    """The process of the site with these words in its command; None while there is none."""
    for one in psutil.Process(site.process.pid).children():
        if words in processes.command(one) and not processes.ended(one):
            return one
    return None


def page(site: Site) -> int:
    return requests.get(f"{site.url}/determinations/", timeout=120).status_code


def postmaster(site: Site) -> int:
    return int((site.home / "site" / "postgresql" / "postmaster.pid").read_text().split()[0])


def failures(site: Site) -> dict[str, str]:
    """What the site recorded of its processes, by their names."""
    script = (
        "from imr.web.models import FailureRow\n"
        "for row in FailureRow.objects.filter(task='process'): print(row.subject, row.problem, sep=': ')"
    )
    said = site.run(str(BIN / "python"), "-m", "django", "shell", "--verbosity", "0", "-c", script)
    return dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)


@pytest.fixture(autouse=True)
def settings_named(site):
    site.env["DJANGO_SETTINGS_MODULE"] = "imr.web.settings"


def open_to_others(home: Path) -> list[Path]:
    """What others on the machine could do anything with, of what is closed to them. The site runs: what it removes is passed over."""
    found = []
    for name in CLOSED:
        for folder, _, files in os.walk(home / name):
            for one in (Path(folder), *(Path(folder) / file for file in files)):
                with contextlib.suppress(FileNotFoundError):
                    if one.stat().st_mode & 0o077:
                        found.append(one)
    return found


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_accounts_are_printed_once_and_at_once_where_the_output_is_a_file(site):
    """A first start with its invented cases: the password is in the file before anybody has asked for a page."""
    said = site.said()
    passwords = re.findall(r"all with the password  (\S+)", said)
    assert len(passwords) == 1
    assert passwords[0] == (site.home / "site" / "invented-password").read_text()
    assert said.count("intake@example.org") == 2  # the account, and the command for its second factor
    home = site.home / "site"
    assert not open_to_others(home)
    # A home as an earlier version left it: everybody on the machine reads it.
    site.stop()
    kept = [one for part in ("documents", "pages") for one in (home / part).rglob("*") if one.is_file()]
    before = {one: digest(one) for one in kept if one.suffix != ".part"}  # half of a page, where it was being read
    assert {one.relative_to(home).parts[0] for one in before} == {"documents", "pages"}
    for name in CLOSED:
        for one in (home / name, *(home / name).rglob("*")):
            one.chmod(0o755 if one.is_dir() else 0o644)
    site.start()
    assert not open_to_others(home)
    assert {one: digest(one) for one in before} == before, "nothing is lost"
    assert site.said().count("all with the password") == 2  # once a start


@pytest.mark.long
def test_each_process_that_is_killed_is_started_again_and_named(site):
    until(lambda: all(child(site, words) for words in PROCESSES), "not all processes were started")
    for words in PROCESSES:
        killed = child(site, words)
        killed.kill()
        until(lambda killed=killed, words=words: (now := child(site, words)) and now.pid != killed.pid, words)
    until(lambda: site.said().count("was killed by SIGKILL; restarted in") == 4, "not all kills were told")
    until(lambda: len(failures(site)) == 4, "not all kills were recorded")
    assert failures(site) == dict.fromkeys(("web", "maintenance", "collection", "reading"), "was killed by SIGKILL")
    until(lambda: _answers(site), "the pages came back")


def _answers(site: Site) -> bool:
    try:
        return page(site) == 200
    except requests.RequestException:
        return False


@pytest.mark.long
def test_the_database_is_started_again_while_the_site_runs(site):
    killed = postmaster(site)
    os.kill(killed, signal.SIGKILL)
    until(lambda: _answers(site), "the pages came back by themselves")
    assert postmaster(site) != killed


@pytest.mark.long
def test_short_commands_beside_the_site_never_stop_its_database(site):
    data = str(site.home / "site" / "postgresql")
    began = postmaster(site)

    def command(_):
        return subprocess.run([sys.executable, "-c", SHORT, data], env=site.env, check=False).returncode

    with ThreadPoolExecutor(4) as four:
        assert set(four.map(command, range(48))) == {0}
    assert postmaster(site) == began
    assert page(site) == 200


def test_a_second_site_on_the_same_home_is_refused(site):
    command = [str(BIN / "imr"), "serve", "--port", str(free_port())]
    second = subprocess.run(command, env=site.env, capture_output=True, text=True, timeout=240, check=False)
    assert second.returncode == 9
    assert f"is running on {site.home / 'site'} already (process {site.process.pid})" in second.stderr
    assert page(site) == 200


def test_others_on_the_machine_read_nothing_of_documents_and_what_was_left_is_swept(site):
    home = site.home / "site"
    for name in CLOSED:
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o700, name
    until(lambda: not left_behind(site).exists(), "what a dead process left was swept")


def account(site: Site, address: str, act: str) -> str:
    """What the site says of an account."""
    script = f"from imr.web import accounts\nfrom imr.web.models import PersonRow\n{act.format(address=repr(address))}"
    return site.run(str(BIN / "python"), "-m", "django", "shell", "--verbosity", "0", "-c", script).strip()


def ended(family: list[psutil.Process]) -> bool:
    return all(processes.ended(one) for one in family)


@pytest.mark.long
def test_the_processes_and_the_database_end_with_the_one_that_keeps_them(site):
    account(site, "kept@example.org", "accounts.make({address}, 'an invented password')")
    family = psutil.Process(site.process.pid).children(recursive=True)
    server = psutil.Process(postmaster(site))
    assert len(family) >= 5
    site.process.kill()
    site.process.wait()
    until(lambda: ended([*family, server]), "all of it ended")
    # Killed before any child of it has asked the database: nobody else uses that.
    served = site.said().count("Serving on")
    site.begin()
    until(lambda: site.said().count("Serving on") > served, "it serves again")
    family = psutil.Process(site.process.pid).children(recursive=True)
    server = psutil.Process(postmaster(site))
    site.process.kill()
    site.process.wait()
    until(lambda: ended([*family, server]), "all of it ended again")
    assert not (site.home / "site" / "postgresql" / "postmaster.pid").exists(), "it was stopped, not broken off"
    site.start()
    assert account(site, "kept@example.org", "print(PersonRow.objects.filter(email={address}).count())") == "1"
