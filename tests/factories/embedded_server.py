"""Processes that use an embedded server of their own, in a folder that its user can reach."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def open_folder():
    """A folder that PostgreSQL's own user can reach; pytest closes its own to everybody else at every start."""
    folder = Path(tempfile.mkdtemp(prefix="imr-"))
    yield folder
    shutil.rmtree(folder)


#: Connects, says how many rows it finds after its own, and does as the lines say that it is sent: `count` or `end`.
USER = """
import sys
from pathlib import Path
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

    def __init__(self, folder):
        command = [sys.executable, "-c", USER, str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def says(self):
        return int(self.process.stdout.readline())

    def counts(self):
        self.process.stdin.write("count\n")
        self.process.stdin.flush()
        return self.says()

    def ends(self):
        self.process.communicate("end\n", timeout=120)
        assert self.process.returncode == 0
