"""The processes that set letters: asked by many threads, forked, killed, stopped, slow; a letter is always the same bytes."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from imr.determination import compose, pdf, renderer
from imr.determination import pool as pool_module
from imr.determination.letter import Letter, Paragraph
from imr.determination.pool import Pool, RenderLimits, receive, send
from imr.errors import Unavailable
from imr.examples import determination

#: Seconds to wait for what happens within one on a machine that does nothing else.
PATIENCE = 120.0
LETTERS = [compose(determination(seed)) for seed in range(8)]
LETTER = pdf._json(Letter(title="T", sender="S", blocks=(Paragraph("Words."),))).encode()


@pytest.fixture
def pool():
    made = []

    def make(module="imr.determination.renderer", **bounds):
        made.append(Pool(module, RenderLimits(**bounds)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ask(pool):
    return pool.ask({"moment": 0}, LETTER)[1]


@pytest.fixture
def handed_over(monkeypatch):
    """Says that a child has been given a letter, and that its answer is waited for."""
    ready, said = pool_module._ready, threading.Event()

    def seen(descriptor, event, until):
        if event == select.POLLIN:
            said.set()
        ready(descriptor, event, until)

    monkeypatch.setattr(pool_module, "_ready", seen)
    return said


def state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # the second where it ends between the opening and the reading
        return "gone"


def wait_for(what, *states):
    until = time.monotonic() + PATIENCE
    while state(what) not in states:
        assert time.monotonic() < until, f"{what} is {state(what)}"
        time.sleep(0.01)


def test_many_threads_at_once_get_each_letter_with_the_bytes_it_has_alone():
    alone = [pdf.render(letter) for letter in LETTERS]
    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(pdf.render, LETTERS * 8))
    assert at_once == alone * 8
    assert len(pdf.POOL.pids()) <= RenderLimits().processes


def test_a_process_that_was_forked_after_a_letter_sets_letters_too():
    alone = pdf.render(LETTERS[0])
    parents = pdf.POOL.pids()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:  # a gunicorn worker is such a child
        code = 1
        try:
            os.write(writing, b"same" if pdf.render(LETTERS[0]) == alone else b"other")
            own = pdf.POOL.pids()
            pdf.POOL.close()
            code = 0 if not set(own) & set(parents) else 2
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        assert answer.read() == b"same"
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert pdf.render(LETTERS[0]) == alone
    assert pdf.POOL.pids() == parents


def test_a_child_that_is_killed_in_the_middle_costs_no_letter(pool, handed_over):
    one = pool(processes=1)
    alone = ask(one)
    (first,) = one.pids()
    os.kill(first, signal.SIGSTOP)
    wait_for(first, "T")
    handed_over.clear()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ask, one)
        assert handed_over.wait(PATIENCE)
        assert not waiting.done()
        os.kill(first, signal.SIGKILL)
        assert waiting.result(PATIENCE) == alone
    assert one.pids() != [first]


def test_a_child_that_died_while_nobody_asked_is_replaced(pool):
    one = pool(processes=1)
    alone = ask(one)
    (first,) = one.pids()
    os.kill(first, signal.SIGKILL)
    # A process whose first thread is dead is no more than a zombie to look at, and goes on until its last thread is.
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert ask(one) == alone
    assert state(first) == "gone"


def test_children_that_always_die_are_an_error_that_says_what_to_do(pool):
    with pytest.raises(Unavailable, match=r"ended twice \(exit 1\). Try again in a minute"):
        ask(pool("imr.determination.no_such_module"))


def test_a_letter_that_takes_too_long_is_stopped_and_the_next_is_set(pool):
    one = pool(processes=1, seconds=0.5)
    with pytest.raises(Unavailable, match=r"more than 0\.5 seconds to render as PDF, so it was stopped\. Try again"):
        one.ask(
            {"moment": 0}, pdf._json(Letter(title="T", sender="S", blocks=(Paragraph("word " * 1_000_000),))).encode()
        )
    assert one.pids() == []
    one.bounds = RenderLimits(processes=1)
    assert ask(one).startswith(b"%PDF")


def test_a_child_that_neither_reads_nor_answers_is_given_up(pool):
    one = pool(processes=1)
    ask(one)
    os.kill(one.pids()[0], signal.SIGSTOP)
    one.bounds = RenderLimits(processes=1, seconds=0.3)
    with pytest.raises(Unavailable, match="took more than"):
        one.ask({"moment": 0}, b"%" * 1_000_000)  # more than a pipe holds


def test_a_letter_waits_for_its_turn_so_long_and_no_longer(pool, handed_over):
    one = pool(processes=1, waiting=0.3, seconds=PATIENCE)
    ask(one)
    (busy,) = one.pids()
    os.kill(busy, signal.SIGSTOP)
    handed_over.clear()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(ask, one)
        assert handed_over.wait(PATIENCE)
        with pytest.raises(Unavailable, match=r"waited 0\.3 seconds for its turn"):
            ask(one)
        os.kill(busy, signal.SIGCONT)
        assert slow.result(PATIENCE).startswith(b"%PDF")


def test_memory_is_bounded_and_ctrl_c_is_for_the_parent(pool):
    one = pool(memory=1024**3)
    ask(one)
    (child,) = one.pids()
    limits = Path(f"/proc/{child}/limits").read_text()
    assert next(line for line in limits.splitlines() if line.startswith("Max address space")).split()[3] == str(1024**3)
    assert os.getsid(child) == child, "a terminal interrupts sessions"
    with pytest.raises(Unavailable, match="more memory"):
        ask(pool(memory=8 * 1024**2))


def test_an_interrupted_request_leaves_no_answer_for_the_next(pool, handed_over, request):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # which a suite in the background may ignore
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    one = pool(processes=1)
    ask(one)
    (busy,) = one.pids()
    os.kill(busy, signal.SIGSTOP)
    handed_over.clear()

    def interrupt():
        if handed_over.wait(PATIENCE):
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        ask(one)
    assert one.pids() == []


def test_a_letter_larger_than_a_pipe_is_set():
    told = " ".join(["lumbar"] * 60_000)
    assert pdf.render(Letter(title="T", sender="S", blocks=(Paragraph(told),))).startswith(b"%PDF")


@pytest.mark.parametrize("end", ["pass", "os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_children_end_with_their_parent(end):
    program = (
        "import os, signal\nfrom imr.determination import pdf\nfrom imr.determination.letter import Letter\n"
        f"pdf.render(Letter(title='T', sender='S', blocks=()))\nprint(*pdf.POOL.pids(), flush=True)\n{end}"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    (child,) = map(int, done.stdout.split())
    wait_for(child, "gone", "Z")  # a container without a first process that waits leaves it as a zombie


def test_a_pool_that_is_forgotten_starts_again_and_its_children_end(pool):
    one = pool(processes=1)
    alone = ask(one)
    (first,) = one.pids()
    one.forget()
    assert one.pids() == []
    wait_for(first, "Z")
    os.waitpid(first, 0)
    assert ask(one) == alone


def test_a_child_answers_what_it_is_asked_until_there_is_no_more(monkeypatch):
    asked, answered = BytesIO(), BytesIO()
    head = {"moment": 0, "alarm": 600}
    send(asked, head, LETTER)
    send(asked, head, b"{}")
    asked.seek(0)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=asked))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=answered))
    renderer.main()
    answered.seek(0)
    assert receive(answered)[1].startswith(b"%PDF")
    assert "title" in receive(answered)[0]["refused"]
    assert receive(answered) is None
