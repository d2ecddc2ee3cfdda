"""Processes that use an embedded server of their own, in a folder that its user can reach."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

import pytest


@pytest.fixture
def open_folder():
    """A folder that PostgreSQL's own user can reach; pytest closes its own to everybody else at every start.

    A test that fails leaves no process and no open pipe to the next one.
    """
    folder = Path(tempfile.mkdtemp(prefix="imr-"))
    yield folder
    while User.started:
        with contextlib.suppress(BrokenPipeError), User.started.pop() as process:
            process.kill()
    shutil.rmtree(folder)


#: Connects, says how many rows it finds after its own, and does as the lines say that it is sent: `count` or `end`.
USER = """
import sys
from pathlib import Path
from typing import ClassVar
from imr.web.platform.database import cluster, embedded
import psycopg
folder = sys.argv[1]
host = embedded.socket_folder(folder)
owner = {"user": cluster.OWNER, "password": cluster.password(Path(folder).resolve(), cluster.OWNER), "dbname": cluster.NAME}
def count():
    try:
        connection = psycopg.connect(host=host, **owner)
    except psycopg.OperationalError:
        connection = psycopg.connect(host=embedded.revive(folder), **owner)
    with connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")  # two that make the same table at once collide
        connection.execute("CREATE TABLE IF NOT EXISTS seen (n int)")
        connection.execute("INSERT INTO seen VALUES (1)")
        found = connection.execute("SELECT count(*) FROM seen").fetchone()[0]
    print(found, flush=True)  # once it is committed: whoever reads this may kill this process, or the server
count()
for line in sys.stdin:
    if line.strip() == "end":
        break
    count()
"""


class User:
    """A process that uses the embedded server of a folder."""

    #: The processes that the fixture of the folder ends, where their test did not.
    started: ClassVar[list["subprocess.Popen[str]"]] = []

    def __init__(self, folder):
        command = [sys.executable, "-c", USER, str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.started.append(self.process)

    def says(self):
        return int(self.process.stdout.readline())

    def counts(self):
        self.process.stdin.write("count\n")
        self.process.stdin.flush()
        return self.says()

    def ends(self):
        self.process.communicate("end\n", timeout=120)
        assert self.process.returncode == 0
