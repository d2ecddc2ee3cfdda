"""What a reader of an untrusted file could do if the file took it over: nothing beside reading this file."""

import contextlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.factories import sandbox_probe
from tests.factories.sandbox_probe import CLOSED_BY, GROUPS

from imr.errors import SetupError
from imr.records import page_codec, sandbox
from imr.records.confinement import Confinement, Demand, Layer

ALL = frozenset(Layer)
#: A reader that nothing confines can do all of this on every Linux, as any user: the probe sees what is open.
SURE = {
    "read another document", "read the secret key", "list the documents", "make a file", "empty another document",
    "empty its file by opening it to read", "empty another document by opening it for nothing",
    "open the key for everybody", "connect by TCP", "connect to a Unix socket", "connect to an abstract socket",
    "run a program", "start a process", "end another process", "remove its file",
}  # fmt: skip
RECORD = b"somebody's medical record" * 10


@dataclass
class Neighbors:
    """What a reader must leave alone: files of the site, its sockets, another process."""

    targets: dict[str, str]
    process: subprocess.Popen[bytes]
    own: Path
    document: Path
    key: Path

    def are_untouched(self) -> bool:
        """Return whether nothing happened to them."""
        return (
            sorted(path.name for path in self.own.parent.iterdir()) == ["other", "own", "spare"]
            and (self.document.read_bytes(), self.own.read_bytes()) == (RECORD, b"own")
            and self.key.stat().st_mode & 0o777 == 0o600
            and self.process.poll() is None
        )


@pytest.fixture
def neighbors(tmp_path) -> Iterator[Neighbors]:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    (home / "documents").mkdir(parents=True)
    temporary.mkdir()
    document, key = home / "documents" / "record", home / "secret-key"
    document.write_bytes(RECORD)
    key.write_text("secret")
    key.chmod(0o600)
    for name in ("own", "other", "spare"):
        (temporary / name).write_bytes(name.encode())
    abstract = f"imr-{os.getpid()}"
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        # A path of a socket is limited to 108 bytes: bound from its folder, and linked where the reader looks.
        before = os.open(".", os.O_RDONLY)
        os.chdir(home)
        unix, hidden = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        unix.bind("socket")
        os.fchdir(before)
        os.close(before)
        hidden.bind(f"\0{abstract}")
        unix.listen()
        hidden.listen()
        process = stack.enter_context(subprocess.Popen(["/bin/sleep", "600"]))
        stack.callback(process.kill)
        targets = {
            "home": str(home),
            "own": str(temporary / "own"),
            "other": str(temporary / "other"),
            "spare": str(temporary / "spare"),
            "pid": str(process.pid),
            "port": str(tcp.getsockname()[1]),
            "abstract": abstract,
        }
        yield Neighbors(targets, process, temporary / "own", document, key)


def probe(groups: set[str], targets: dict[str, str]) -> tuple[frozenset[Layer], set[str]]:
    """Run the probe with these groups of layers; give the layers that held, and the questions that it found open."""
    ran = subprocess.run(
        [sys.executable, sandbox_probe.__file__, ",".join(groups), json.dumps(targets)],
        capture_output=True,
        check=True,
        timeout=120,
        env={"PATH": "/usr/bin:/bin"},
    )
    told = json.loads(ran.stdout)
    assert told["open"].keys() == CLOSED_BY.keys()
    return frozenset(Layer[name] for name in told["layers"]), {name for name, how in told["open"].items() if how}


def closed_by(layers: frozenset[Layer]) -> set[str]:
    return {question for question, closing in CLOSED_BY.items() if layers & closing}


def test_a_reader_that_is_taken_over_can_do_nothing_beside_reading_its_file(neighbors, record_property):
    layers, found = probe(set(GROUPS), neighbors.targets)
    record_property("questions of the probe", len(CLOSED_BY))
    record_property("open", len(found))
    assert layers == sandbox.measure().layers
    assert not found & closed_by(layers)
    if ALL - layers:
        pytest.skip(f"this system lacks {'; '.join(sorted(ALL - layers))}, so open are: {sorted(found) or 'none'}")
    assert not found
    assert neighbors.are_untouched()


@pytest.mark.parametrize("group", GROUPS)
def test_each_layer_alone_closes_what_it_is_said_to_close(neighbors, group):
    layers, found = probe({group}, neighbors.targets)
    assert layers <= GROUPS[group]
    assert not found & closed_by(layers)


def test_the_probe_finds_open_what_nothing_closes(neighbors):
    layers, found = probe({"none"}, neighbors.targets)
    assert not layers
    assert found >= SURE
    assert not neighbors.are_untouched()
    assert neighbors.process.wait(10) == -signal.SIGKILL


@contextlib.contextmanager
def hanging(stdout: int, code: str = "") -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a reader that is busy for ever, or a program that starts one; give a pipe that all of its processes hold open."""
    ours, theirs = os.pipe()
    command = [sandbox_probe.__file__, ",".join(GROUPS), json.dumps({"hang": "yes"})]
    try:
        with subprocess.Popen(
            [sys.executable, *(["-c", code] if code else []), *command],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=theirs,
            process_group=0,
        ) as child:
            os.close(theirs)
            assert child.stdout is not None
            assert child.stdout.readline() == b"confined\n"
            assert not select.select([ours], [], [], 0)[0]
            yield child, ours
    finally:
        os.close(ours)


def is_closed(pipe: int) -> bool:
    """Return whether every process that held this pipe has ended; waits for it."""
    return bool(select.select([pipe], [], [], 30)[0]) and os.read(pipe, 1) == b""


def test_ending_a_reader_leaves_no_process_behind():
    with hanging(subprocess.PIPE) as (child, pipe):
        sandbox.end(child)
        assert is_closed(pipe)
        sandbox.end(child)


def test_a_reader_ends_when_its_caller_is_killed():
    caller = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, *sys.argv[1:]], stdout=subprocess.PIPE, process_group=0)\n"
        "print(child.stdout.readline().decode(), end='', flush=True)\n"
        "child.wait()\n"
    )
    with hanging(subprocess.PIPE, caller) as (child, pipe):
        child.kill()
        assert is_closed(pipe)


def test_a_reader_with_a_second_thread_is_not_confined_in_part():
    code = (
        "import threading\n"
        "from imr.records import confinement\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "confinement.confine([], 2 << 30, 60, frozenset())\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert ran.returncode == 1
    assert b"started a thread" in ran.stderr


def test_a_reader_refuses_every_file_where_something_stays_open():
    whole = Confinement(ALL)
    assert not whole.missing
    assert not whole.open
    assert not any(map(whole.refusal, Demand))
    doubled = Confinement(ALL - {Layer.MOUNTS, Layer.USER, Layer.PROCESSES, Layer.NETWORK})
    assert not doubled.open
    assert not doubled.refusal(Demand.CLOSED)
    assert "process namespace" in doubled.refusal(Demand.EVERY_LAYER)
    for lacks, then in (
        ({Layer.SYSTEM_CALLS}, "sockets"),
        ({Layer.FILES, Layer.MOUNTS}, "read other files"),
        ({Layer.TRUNCATION, Layer.MOUNTS}, "empty other files"),
        ({Layer.CAPABILITIES}, "capabilities"),
    ):
        held = Confinement(ALL - lacks)
        assert then in held.refusal(Demand.CLOSED)
        assert then in held.refusal(Demand.EVERY_LAYER) or all(
            layer in held.refusal(Demand.EVERY_LAYER) for layer in lacks
        )
        assert not held.refusal(Demand.PARTIAL)


def test_a_word_that_is_no_demand_counts_as_the_strictest_default(monkeypatch):
    for word, demand in (("", "closed"), ("Partial", "partial"), ("every-layer", "every-layer"), ("open", "closed")):
        monkeypatch.setenv("IMR_SANDBOX", word)
        assert sandbox.demand() is Demand(demand)


@pytest.mark.parametrize(("word", "read"), [("closed", False), ("every-layer", False), ("partial", True)])
def test_a_child_opens_nothing_where_something_stays_open(tmp_path, monkeypatch, word, read):
    path = tmp_path / "upload"
    path.write_bytes(RECORD)
    monkeypatch.setenv("IMR_SANDBOX", word)
    monkeypatch.setattr(sandbox.confinement, "confine", lambda *_: Confinement(ALL - {Layer.SYSTEM_CALLS}))
    out = io.BytesIO()
    sandbox._serve({"task": "inspect", "path": str(path), "options": {}, "memory": 0, "seconds": 0}, out, frozenset())
    out.seek(0)
    head, _ = page_codec.read_frame(out)
    assert ("seccomp" in head.get("unsafe", "")) is not read
    assert ("refused" in head) is read  # the file is not one that the site takes


@pytest.mark.parametrize(
    "error", [SetupError("a library started a thread"), ValueError("not allowed to raise"), OSError("no")]
)
def test_a_child_that_cannot_be_confined_says_so_and_blames_no_file(tmp_path, monkeypatch, error):
    path = tmp_path / "upload"
    path.write_bytes(RECORD)

    def fail(*_):
        raise error

    monkeypatch.setattr(sandbox.confinement, "confine", fail)
    out = io.BytesIO()
    sandbox._serve({"task": "inspect", "path": str(path), "options": {}, "memory": 0, "seconds": 0}, out, frozenset())
    out.seek(0)
    head, _ = page_codec.read_frame(out)
    assert str(error) in head["unsafe"]
    assert page_codec.read_frame(out) is None, "the file is not opened"


def test_what_a_child_lacks_is_an_error_for_the_operator(tmp_path, monkeypatch):
    (tmp_path / "upload").write_bytes(RECORD)
    monkeypatch.setattr(sandbox.page_codec, "read_frame", lambda _: ({"unsafe": "not read safely"}, b""))
    with pytest.raises(SetupError, match="safely"):
        list(sandbox.run_task("inspect", tmp_path / "upload"))
    monkeypatch.setattr(sandbox.page_codec, "read_frame", lambda _: None)
    with pytest.raises(SetupError, match="no process"):
        sandbox.measure()
