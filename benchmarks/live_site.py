"""A site for measurements of its pages, and requests to it over HTTP."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(port: int, **settings: str) -> Iterator[None]:
    """Serve a site without invented cases on this machine, with these settings, until the end of the block."""
    command = [str(Path(sys.executable).with_name("imr")), "serve", "--port", str(port), "--empty"]
    site = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                ask(port, "/")
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise RuntimeError("the site did not start; `imr serve --empty` says why")
        yield
    finally:
        site.terminate()
        site.wait(60)


def ask(port: int, path: str, cookie: str = "") -> bytes:
    """Give the body of a page, on a connection of its own. Raises OSError if the answer is not 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise OSError(f"{path}: {answer.status}")
    return body
