"""The database: PostgreSQL, embedded or named, and history that is only ever added to."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from imr.errors import ImrError
from imr.web import clock
from imr.web.database import configuration
from imr.web.models import EventRow, ViewRow


def test_the_url_becomes_the_configuration(tmp_path):
    found = configuration("postgresql://ann:s%20t@db.example:5433/reviews?sslmode=require", tmp_path)
    assert found["NAME"] == "reviews"
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("ann", "s t", "db.example", "5433")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_without_a_url_the_embedded_server_is_used(tmp_path):
    assert configuration("", tmp_path)["OPTIONS"] == {"embedded": str(tmp_path / "postgresql")}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///imr.db", "PostgreSQL only"),
        ("mysql://a@b/c", "PostgreSQL only"),
        ("imr", "no kind of database"),
        ("postgresql://ann@host/", "names no database"),
        ("postgresql://ann@host/db?nonsense=1", "cannot be read"),
    ],
)
def test_another_database_is_refused_and_the_way_out_named(url, says, tmp_path):
    with pytest.raises(ImrError, match=says) as caught:
        configuration(url, tmp_path)
    assert "Set DATABASE_URL to postgresql://" in str(caught.value)


@pytest.mark.django_db
def test_the_server_is_postgresql_15_or_later():
    assert connection.vendor == "postgresql"
    assert connection.features.minimum_database_version == (15,)
    assert connection.pg_version >= 150000


def test_an_embedded_server_that_cannot_start_says_so(tmp_path):
    (tmp_path / "postgresql").mkdir()
    (tmp_path / "postgresql" / "PG_VERSION").write_text("9")
    from imr.web.database import embedded_host

    with pytest.raises(ImrError, match="does not start"):
        embedded_host(str(tmp_path / "postgresql"))


def _event(number=1):
    return EventRow(
        case="CM26-1", number=number, at=clock.now(), by_role="intake", by_id="1", kind="k", data={}, digest="0" * 64
    )


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["imr_eventrow", "imr_viewrow"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_history_refuses_to_be_changed(table, statement):
    _event().save()
    ViewRow(at=clock.now(), case="CM26-1", role="intake", thing="letter").save()
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement.format(table)}")
    assert EventRow.objects.count() == ViewRow.objects.count() == 1


@pytest.mark.django_db
def test_a_number_of_a_case_is_taken_once():
    _event().save()
    with pytest.raises(DatabaseError), transaction.atomic():
        _event().save()


@pytest.fixture
def open_folder():
    """A folder that PostgreSQL's own user can reach; pytest closes its own to everybody else at every start."""
    folder = Path(tempfile.mkdtemp(prefix="imr-"))
    yield folder
    shutil.rmtree(folder)


def test_several_processes_share_one_server_and_it_keeps_its_data(open_folder):
    script = f"""
import sys
from imr.web.database import embedded_host
import psycopg
host = embedded_host({str(open_folder / "postgresql")!r})
with psycopg.connect(host=host, dbname="imr", user="postgres") as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS seen (n int)")
    connection.execute("INSERT INTO seen VALUES (1)")
    print(connection.execute("SELECT count(*) FROM seen").fetchone()[0])
"""

    def start():
        return subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def ended(process):
        out, problem = process.communicate(timeout=120)
        assert process.returncode == 0, problem
        return int(out)

    assert ended(start()) == 1
    both = [start(), start()]
    assert all(ended(process) in (2, 3) for process in both)
    assert ended(start()) == 4
    assert not (open_folder / "postgresql" / "postmaster.pid").exists()
