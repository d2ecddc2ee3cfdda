"""An S3-compatible storage in this process, on loopback: moto behind real HTTP, and a line to it that can be cut.

moto and boto3 take a second to import: `Server` imports them, so that a worker without such a test does not.
"""

import contextlib
import logging
import socket
import threading

import pytest
import requests
from tests.factories import s3

from imr.web.platform import storage
from imr.web.platform.storage import storage_of

NAME, PREFIX = "records", "imr"
WHERE = f"s3://{NAME}/{PREFIX}"


class Line:
    """A line to the server. `cut` has it break once so many bytes have gone up, or come down, so many times."""

    def __init__(self, to):
        self._to = to
        self._up = self._down = self._times = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self, *, up=0, down=0, times=1):
        self._up, self._down, self._times = up, down, times

    @property
    def times_left(self):
        return self._times

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near):
        with contextlib.suppress(OSError), near, socket.create_connection(self._to) as far:
            up = threading.Thread(target=self._carry, args=(near, far, "up"), daemon=True)
            up.start()
            self._carry(far, near, "down")
            up.join()

    def _carry(self, one, other, way):
        gone = 0
        with contextlib.suppress(OSError):
            while data := one.recv(16384):
                gone += len(data)
                most = self._up if way == "up" else self._down
                if self._times and most and gone > most:
                    self._times -= 1
                    one.shutdown(socket.SHUT_RDWR)
                    break
                other.sendall(data)
            other.shutdown(socket.SHUT_RDWR if way == "down" else socket.SHUT_WR)

    def close(self):
        self._listener.close()


class Server:
    """The server, with the one bucket that the tests use."""

    def __init__(self):
        import boto3
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.s3.models import s3_backends
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._moto.start()
        self.line = Line(self._moto.get_host_and_port())
        self.boto = boto3.client("s3", endpoint_url=self.line.address, region_name="us-east-1",
                                 aws_access_key_id="test", aws_secret_access_key="test")  # fmt: skip
        self.boto.create_bucket(Bucket=NAME)
        self._backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

    @property
    def inside(self):
        """The bucket's objects in the memory of the server, past all HTTP."""
        return self._backend.buckets[NAME].keys

    def put(self, key):
        """An object, past all HTTP."""
        self._backend.put_object(NAME, key, b"put past HTTP")

    def key(self, part, digest, ending=""):
        return f"{PREFIX}/{part}/{digest[:2]}/{digest}{ending}"

    def settings(self, where=WHERE, **environ):
        environ = {"IMR_S3_ENDPOINT": self.line.address, "IMR_S3_REGION": "us-east-1", **environ}
        return storage.configuration(where, None, environ)

    def guard(self):
        """Let nobody in from now on whose keys the server does not know."""
        requests.post(f"{self.line.address}/moto-api/reset-auth", data="0", timeout=10)

    def open(self):
        """Let everybody in again."""
        requests.post(f"{self.line.address}/moto-api/reset-auth", data="inf", timeout=10)

    def empty(self):
        self.line.cut(times=0)
        for key in list(self.inside):
            del self.inside[key]

    def close(self):
        self.line.close()
        self._moto.stop()


@pytest.fixture(scope="module")
def server():
    one = s3.Server()
    yield one
    one.close()


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("imr.web.platform.storage.bucket.TRIES", 2)


@pytest.fixture
def in_bucket(server, keys, settings):
    server.empty()
    settings.STORAGES = settings.STORAGES | server.settings()
    yield server
    server.empty()


@pytest.fixture
def in_folder(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | storage.configuration(str(tmp_path / "kept" / "documents"), None)


@pytest.fixture(params=["in_folder", "in_bucket"])
def place(request):
    request.getfixturevalue(request.param)
    return storage_of()
