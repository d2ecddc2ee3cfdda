"""The processes of the site: started again with growing pauses, and ended together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imr.web.platform.supervisor import FIRST, LONGEST, STEADY, Child, Supervisor

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


class Told:
    """What the office is told."""

    def __init__(self):
        self.ended, self.steady, self.away = [], [], False

    def end(self, name, how, pause):
        if self.away:
            raise OSError
        self.ended.append((name, how, pause))

    def well(self, name):
        self.steady.append(name)


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def supervised(told):
    made = []

    def make(*children):
        made.append(Supervisor(children, ended=told.end, steady=told.well))
        return made[-1]

    yield make
    for one in made:
        one.end()


def test_a_child_that_is_killed_is_started_again_and_said(supervised, told, caplog):
    one, other = Child("maintenance", SLEEPS), Child("reading", SLEEPS)
    supervisor = supervised(one, other)
    supervisor.look(0.0)
    untouched = other.process.pid
    pauses = []
    now = 0.0
    for _ in range(9):
        one.process.kill()
        one.process.wait()
        supervisor.look(now)
        assert one.process is None
        pauses.append(one.again - now)
        supervisor.look(now + pauses[-1] / 2)
        assert one.process is None, "it waits for its pause"
        now = one.again
        supervisor.look(now)
        assert one.process.poll() is None
    assert pauses[:4] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert pauses[-1] == LONGEST
    assert other.process.pid == untouched
    assert told.ended[0] == ("maintenance", "was killed by SIGKILL", FIRST)
    assert "maintenance was killed by SIGKILL; restarted in 1 s" in caplog.text
    assert not told.steady
    supervisor.look(now + STEADY)
    assert told.steady == ["maintenance"]
    assert one.ends == 0


def test_what_cannot_be_told_now_is_told_later(supervised, told):
    one = Child("reading", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor = supervised(one)
    supervisor.look(0.0)
    one.process.wait()
    told.away = True
    supervisor.look(1.0)
    assert not told.ended
    told.away = False
    supervisor.look(1.5)
    assert told.ended == [("reading", "ended with 3", FIRST)]


def test_what_a_child_started_and_left_behind_ends_with_it(supervised, tmp_path):
    script = f"""
import subprocess, sys, pathlib
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(left.pid))
"""
    one = Child("web", [sys.executable, "-c", script])
    supervisor = supervised(one)
    supervisor.look(0.0)
    one.process.wait()
    left = int((tmp_path / "pid").read_text())
    supervisor.look(1.0)
    assert gone(left)


def test_children_end_with_a_supervisor_that_is_killed(tmp_path):
    script = f"""
import sys
from imr.web.platform.supervisor import Child, Supervisor
child = Child("web", {SLEEPS!r})
supervisor = Supervisor([child], ended=print, steady=print)
supervisor.look(0.0)
print(child.process.pid, flush=True)
supervisor.run()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        try:
            child = int(parent.stdout.readline())
            os.kill(child, 0)
        finally:
            parent.kill()
    assert gone(child)


def gone(pid: int) -> bool:
    """Whether a process ends; a zombie that nobody has buried yet is gone too."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    return False
