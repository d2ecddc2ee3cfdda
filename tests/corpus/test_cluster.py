"""A scheduler and two workers over loopback, one of them killed on the way: every letter once."""

import importlib.util
import re
import signal
import subprocess
import sys
import time
import warnings
from contextlib import ExitStack

import pyarrow.parquet as pq
import pytest

from imr.corpus.build import build

if importlib.util.find_spec("distributed") is None:  # its import takes a second, which the test alone should spend
    pytest.skip("needs dask[distributed]", allow_module_level=True)
LETTERS = 60
#: Seconds that a process may take to say that it has started, on a machine that does much else.
PATIENCE = 300


def started(stack, *arguments):
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
    stack.callback(process.kill)
    return process


def says(process, pattern):
    """Read what a process logs until a line says what is waited for."""
    until = time.monotonic() + PATIENCE
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found
        assert time.monotonic() < until, f"no {pattern}"
    raise AssertionError(f"it ended without {pattern}")


# Dask leaves a socket to the garbage collector where a worker was killed under it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_worker_that_is_killed_loses_no_letter_and_doubles_none(tmp_path, monkeypatch):
    monkeypatch.setattr("imr.corpus.build.LETTERS_PER_PART", 2)
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(LETTERS):
        (folder / f"{number:03}.txt").write_text(f"letter {number}\n" * 20_000)
    with ExitStack() as stack:
        scheduler = started(stack, "scheduler", "--host", "127.0.0.1", "--port", "0")
        address = says(scheduler, r"(tcp://127\.0\.0\.1:\d+)").group(1)
        workers = [
            started(stack, "worker", address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1") for _ in range(2)
        ]
        for worker in workers:
            says(worker, r"Registered to|Starting established connection")
        killed = []

        def watch(done: int, total: int) -> None:
            if 0 < done < total and not killed:
                workers[0].send_signal(signal.SIGKILL)
                killed.append(done)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            built = build(folder, tmp_path / "out", scheduler=address, progress=watch)
    assert killed
    assert (built.inputs, built.rows["unread"]) == (LETTERS, LETTERS)
    rows = pq.read_table(tmp_path / "out" / "unread").column("letter").to_pylist()
    assert sorted(rows) == sorted(path.name for path in folder.iterdir())
