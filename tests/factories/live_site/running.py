"""The site as `make run` starts it: a process of its own with its workers, on a folder, a port and a database of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Self

import psutil
import requests
from tests.factories.processes import command

BIN = Path(sys.executable).parent
#: How long a first start may take on a busy machine, with its invented cases and its collection: seconds.
PATIENCE = 600


#: The ports that sites are started on: below those that the kernel gives to connections, one of which could take the port of a
#: site that is about to start. Processes begin at different places.
_PORTS = cycle([*range(10_000 + os.getpid() * 97 % 20_000, 30_000), *range(10_000, 10_000 + os.getpid() * 97 % 20_000)])


def free_port() -> int:
    """A port that nobody listens on, each time another one."""
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


def surroundings(**more: str) -> dict[str, str]:
    """The environment of somebody's terminal: nothing of the test that starts the site."""
    foreign = ("PYTEST_", "COV_", "DJANGO_", "IMR_", "PYTHONPATH", "DATABASE_")
    kept = ("IMR_SANDBOX",)  # what this machine's kernel lacks, a site that is tested on it lacks too
    return {name: value for name, value in os.environ.items() if name in kept or not name.startswith(foreign)} | more


class Site:
    """A running site. As a context it starts a fresh one and, at the end, stops and leaves nothing behind."""

    #: The folder of the programs that it is started by.
    programs = BIN

    def __init__(self, *words: str, **environment: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="imr-whole-"))
        self.home.chmod(0o755)  # the embedded PostgreSQL runs as a user of its own
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.words = words
        self.env = surroundings(IMR_HOME=str(self.home / "site"), IMR_SITE=self.url, **environment)
        self.log = self.home / "log"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def begin(self) -> None:
        """Start it, and return at once."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "imr"), "serve", "--port", str(self.port), *self.words],
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.begin()
        begun = time.monotonic()
        while not self._answers():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - begun < PATIENCE, self.said()
            time.sleep(0.5)

    def _answers(self) -> bool:
        try:
            return requests.get(self.url, timeout=10).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> None:
        """Stop it as a terminal does, with everything that it started."""
        family = self._family() if self.process.poll() is None else []
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        finally:
            family += [one for one in psutil.process_iter() if str(self.home) in command(one)]
            for one in family:
                if one.is_running():
                    one.kill()

    def said(self) -> str:
        """What it has written to its terminal."""
        return self.log.read_text(encoding="utf-8")

    def run(self, *command: str) -> str:
        """What a command prints that runs beside the site, on the same data; fails where it fails."""
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _family(self) -> list[psutil.Process]:
        """The process, and all that it started and they started."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def web_workers(self) -> list[psutil.Process]:
        """The processes that answer requests: those of gunicorn whose parent is of gunicorn too."""
        found = {one.pid: one for one in self._family() if "gunicorn" in command(one)}
        return [one for one in found.values() if one.ppid() in found]

    def letter_workers(self) -> list[psutil.Process]:
        """The processes that set letters, of every web worker."""
        return [one for one in self._family() if "imr.determination.renderer" in command(one)]
