"""Letters of a running site: started as `make run` starts it, first start included, and asked by many people at once."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from tests.factories.processes import command

AT_ONCE = 64


@pytest.fixture(scope="module")
def site():
    """A site of two workers with eight threads each, right after its first start; its address and its process."""
    home = Path(tempfile.mkdtemp(prefix="imr-letters-"))
    home.chmod(0o755)  # the embedded PostgreSQL never runs as root, and must reach its folder
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("IMR_", "DATABASE_URL", "DJANGO_"))
    }
    address = f"http://127.0.0.1:{port}"
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(Path(sys.executable).with_name("imr")), "serve", "--port", str(port)],
            env={**env, "IMR_HOME": str(home), "IMR_SITE": address},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(address, server, home / "log")
            yield address, psutil.Process(server.pid)
        finally:
            started = psutil.Process(server.pid).children(recursive=True)
            server.send_signal(signal.SIGTERM)
            server.wait(60)
            for one in psutil.wait_procs(started, timeout=20)[
                1
            ]:  # nothing of a test outlives it, whatever it did to its site
                one.kill()
    shutil.rmtree(home)


def wait_for(address, server, log):
    until = time.monotonic() + 300
    while True:
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        try:
            get(address + "/")
            return
        except URLError:
            time.sleep(0.2)


def get(address):
    with urlopen(address, timeout=100) as answer:
        return answer.status, answer.read()


def setters(server):
    """The processes that set letters, of every worker of the site."""
    return [one for one in server.children(recursive=True) if "imr.determination.renderer" in command(one)]


def test_letters_asked_at_once_right_after_a_first_start_are_those_asked_alone(site):
    address, server = site
    listed = get(address + "/determinations/")[1].decode()
    letters = [
        f"/determinations/{number}.pdf" for number in sorted(set(re.findall(r"/determinations/(CM[\d-]+)/", listed)))
    ]
    assert len(letters) == 2, listed
    wanted = [address + letters[n % 2] for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as people:
        at_once = list(people.map(get, wanted))
    assert [status for status, _ in at_once] == [200] * AT_ONCE
    alone = {one: get(one)[1] for one in set(wanted)}
    assert all(made.startswith(b"%PDF") for made in alone.values())
    assert [made for _, made in at_once] == [alone[one] for one in wanted]
    assert 1 <= len(setters(server)) <= 2 * 2, "two workers with two processes each"
    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = [people.submit(get, one) for one in wanted]
        setters(server)[0].kill()
        assert [answer.result() for answer in answers] == at_once


def test_the_processes_that_set_letters_end_with_their_worker(site):
    _, server = site
    children = setters(server)
    assert children
    for worker in {one.ppid() for one in children}:
        os.kill(worker, signal.SIGKILL)
    _, living = psutil.wait_procs(children, timeout=30)
    assert living == []
