"""Who visits the site in these tests takes a connection that ends for what it is, wherever it ends."""

import gzip
import socket
import threading

import pytest
from tests.factories.live_site.visitor import Cut, Traffic, Visitor

PAGE = b"<p>taken</p>" * 200

#: What comes before the connection ends, by where it ends.
ENDS = {
    "before the answer": b"",
    "before the page": b"HTTP/1.1 200 OK\r\nContent-Length: 2400\r\n\r\n",
    "in the page": b"HTTP/1.1 200 OK\r\nContent-Length: 2400\r\n\r\n" + PAGE[:700],
    "in a piece": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n960\r\n" + PAGE[:700],
    "between two pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n" + PAGE[:12] + b"\r\n",
    "in a compressed page": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2400\r\n\r\n"
    + gzip.compress(PAGE)[:20],
}


@pytest.mark.parametrize("where", ENDS)
def test_a_connection_that_ends_is_cut(where: str) -> None:
    """A worker was killed in the middle of an answer: the visitor must look at the history, and no fault is counted."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        traffic = Traffic()
        answering = threading.Thread(target=_answer, args=(server, ENDS[where]))
        answering.start()
        visitor = Visitor(f"http://127.0.0.1:{server.getsockname()[1]}", "intake@imro.example", "", "", traffic)
        with pytest.raises(Cut):
            visitor.ask("POST", "/cases/CM26-0000018/")
        answering.join(10)
    assert (traffic.cut, traffic.faults) == (["POST /cases/CM26-0000018/ as intake@imro.example"], [])
    assert not traffic.statuses


def _answer(server: socket.socket, begins: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(begins)
