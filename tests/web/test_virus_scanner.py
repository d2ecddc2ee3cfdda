"""A virus scanner is asked about each file that somebody sends, and nothing is taken that it could not examine."""

import socket
import struct
import threading

import pytest
from tests.factories import story

from imr.errors import Unavailable
from imr.web.platform import virus_scanner
from imr.web.platform.environment import Environment
from imr.web.store.documents import UploadRejected, inspect


class Clamd(threading.Thread):
    """Speaks as clamd does: one stream a connection. It finds the word VIRUS."""

    def __init__(self, listener):
        super().__init__(daemon=True)
        self.listener, self.sizes, self.says = listener, [], None

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", sent.read(4))[0]:
                    data += sent.read(size)
                self.sizes.append(len(data))
                found = b"stream: Invented.Virus FOUND\0" if b"VIRUS" in data else b"stream: OK\0"
                connection.sendall(self.says or found)


@pytest.fixture(params=["socket", "port"])
def clamd(request, tmp_path, settings):
    if request.param == "socket":
        listener = socket.socket(socket.AF_UNIX)
        settings.VIRUS_SCANNER = str(tmp_path / "clamd.ctl")
        listener.bind(settings.VIRUS_SCANNER)
    else:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        settings.VIRUS_SCANNER = f"127.0.0.1:{listener.getsockname()[1]}"
    listener.listen()
    scanner = Clamd(listener)
    scanner.start()
    yield scanner
    listener.shutdown(socket.SHUT_RDWR)
    scanner.join(10)
    listener.close()


def text(words):
    return story.Upload(name="note.txt", data=words.encode())


def test_what_it_finds_is_refused_with_its_name(clamd):
    with pytest.raises(UploadRejected, match=r"note.txt: a virus scanner found Invented.Virus in it"):
        inspect(text("a VIRUS in it"))
    assert inspect(text("nothing in it")).size == 13


def test_a_file_goes_to_it_whole_and_in_parts(clamd):
    assert virus_scanner.virus_in(b"x" * 3_000_000) is None
    assert clamd.sizes == [3_000_000]


@pytest.mark.parametrize(
    "says", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0"]
)
def test_a_file_above_its_limits_is_said_to_be_too_large(clamd, says):
    clamd.says = says
    with pytest.raises(UploadRejected, match=r"note.txt: it is too large to be examined for viruses"):
        inspect(text("nothing in it"))


@pytest.mark.parametrize("says", [b"stream: lstat() failed. ERROR\0", b"\0"])
def test_what_it_could_not_examine_is_not_taken(clamd, says):
    clamd.says = says
    with pytest.raises(Unavailable, match="could not be examined"):
        inspect(text("nothing in it"))


def test_without_an_answer_nothing_is_taken(settings, tmp_path):
    settings.VIRUS_SCANNER = str(tmp_path / "nobody")
    with pytest.raises(Unavailable, match="could not be examined"):
        inspect(text("nothing in it"))


def test_without_a_scanner_none_is_asked(settings):
    assert settings.VIRUS_SCANNER == ""
    assert virus_scanner.virus_in(b"a VIRUS in it") is None


@pytest.mark.parametrize(
    ("value", "taken", "faults"),
    [("", "", 0), ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl", 0), ("127.0.0.1:3310", "127.0.0.1:3310", 0),
     ("scanner.example:3310", "", 1), ("3310", "", 1)],
)  # fmt: skip
def test_it_is_on_this_machine(value, taken, faults):
    environment = Environment({"IMR_VIRUS_SCANNER": value})
    assert environment.place("IMR_VIRUS_SCANNER") == taken
    assert len(environment.problems) == faults
