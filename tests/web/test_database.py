"""The database: PostgreSQL, embedded or named, and history that is only ever added to."""

import os
import signal
import sys
import time

import psutil
import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.database import as_superuser
from tests.factories.embedded_server import User, open_folder
from tests.factories.processes import ended

from imr.errors import ImrError, SetupError
from imr.web.models import EventRow, ViewRow
from imr.web.platform import clock
from imr.web.platform.database import TimeLimits, configuration, embedded

__all__ = ["open_folder"]

LIMITS = TimeLimits(statement=1, lock=1, idle=1)


def test_the_url_becomes_the_configuration(tmp_path):
    found = configuration("postgresql://ann:s%20t@db.example:5433/reviews?sslmode=require", "", tmp_path, LIMITS)
    assert found["NAME"] == "reviews"
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("ann", "s t", "db.example", "5433")
    assert found["OPTIONS"] == {"sslmode": "require", "options": LIMITS.options()}


def test_without_a_url_the_embedded_server_is_used(tmp_path):
    assert configuration("", "", tmp_path, LIMITS)["OPTIONS"]["embedded"] == str(tmp_path / "postgresql")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///imr.db", "this system needs PostgreSQL"),
        ("mysql://a@b/c", "this system needs PostgreSQL"),
        ("imr", "no kind of database"),
        ("postgresql://ann@host/", "names no database"),
        ("postgresql://ann@host/db?nonsense=1", "cannot be read"),
    ],
)
def test_another_database_is_refused_and_the_way_out_named(url, says, tmp_path):
    with pytest.raises(ImrError, match=says) as caught:
        configuration(url, "", tmp_path, LIMITS)
    assert "Set DATABASE_URL to postgresql://" in str(caught.value)


@pytest.mark.django_db
def test_the_server_is_postgresql_15_or_later():
    assert connection.vendor == "postgresql"
    assert connection.features.minimum_database_version == (15,)
    assert connection.pg_version >= 150000


def test_an_embedded_server_that_cannot_start_says_so(open_folder, monkeypatch):
    (open_folder / "postgresql").mkdir()
    (open_folder / "postgresql" / "PG_VERSION").write_text("18")
    monkeypatch.setattr(embedded, "TRIES", 1)
    with pytest.raises(SetupError, match="does not start"):
        embedded.socket_folder(str(open_folder / "postgresql"))


def test_data_of_another_major_version_are_named_as_such(tmp_path):
    (tmp_path / "postgresql").mkdir()
    (tmp_path / "postgresql" / "PG_VERSION").write_text("16")
    with pytest.raises(SetupError, match=r"written by PostgreSQL 16, .* carries PostgreSQL 18") as caught:
        embedded.socket_folder(str(tmp_path / "postgresql"))
    assert "disk" not in str(caught.value)


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
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        as_superuser(f"SET CONSTRAINTS ALL IMMEDIATE; {statement.format(table)}")  # the owner may do no more
    assert EventRow.objects.count() == ViewRow.objects.count() == 1


@pytest.mark.django_db
def test_a_number_of_a_case_is_taken_once():
    _event().save()
    with pytest.raises(DatabaseError), transaction.atomic():
        _event().save()


def postmaster(folder):
    return int((folder / "postmaster.pid").read_text().split()[0])


def test_the_last_process_stops_the_server_and_no_other_does(open_folder):
    folder = open_folder / "postgresql"
    site = User(folder)
    assert site.says() == 1
    (folder / ".handle_pids.json").write_text("[]804]")  # as two processes at once left the list of earlier versions
    began = postmaster(folder)
    short = [User(folder), User(folder)]
    assert sorted(one.says() for one in short) == [2, 3]
    for one in short:
        one.ends()
    killed = User(folder)
    assert killed.says() == 4
    killed.process.kill()
    killed.process.communicate()
    assert site.counts() == 5
    assert postmaster(folder) == began
    site.ends()
    assert not (folder / "postmaster.pid").exists()
    again = User(folder)
    assert again.says() == 6, "it keeps its data"
    again.ends()


def gone(process):
    """Whether a process ends within a minute: what is asked is that it ends, not how fast. Its parent may never ask."""
    until = time.monotonic() + 60
    while not ended(process):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def test_the_server_is_stopped_where_everybody_who_used_it_was_killed(open_folder):
    folder = open_folder / "postgresql"
    site, beside = User(folder), User(folder)
    assert sorted((site.says(), beside.says())) == [1, 2]
    server = psutil.Process(postmaster(folder))
    watcher = watchers(folder)[0]
    for one in (site, beside):
        one.process.kill()
        one.process.communicate()
    assert gone(server)
    assert "shut down" in (folder / "log").read_text().splitlines()[-1], "it was stopped, not broken off"
    again = User(folder)
    assert again.says() == 3, "nothing is lost"
    again.process.kill()  # again, for whoever starts a server sees that it is watched
    server = psutil.Process(postmaster(folder))
    again.process.communicate()
    assert gone(server)
    assert gone(watcher)
    assert (open_folder / "postgresql.watch").read_text() == "", "nothing went wrong"


def test_a_server_has_one_that_watches_it_for_as_long_as_it_is_used(open_folder):
    folder = open_folder / "postgresql"
    users = [User(folder) for _ in range(4)]
    assert sorted(one.says() for one in users) == [1, 2, 3, 4]
    (first,) = watchers(folder)
    first.kill()
    assert gone(first)
    users.append(User(folder))
    assert users[-1].says() == 5
    (second,) = watchers(folder)
    os.kill(postmaster(folder), signal.SIGKILL)
    assert users[0].counts() == 6
    assert watchers(folder) == [second]
    for one in users:
        one.ends()
    assert not (folder / "postmaster.pid").exists()
    assert gone(second)


def watchers(folder):
    """The processes that stop the server of a folder where its users are killed."""
    command = [sys.executable, "-m", "imr.web.platform.database.watching", str(folder.resolve())]
    return [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == command]


def test_a_server_that_was_killed_is_started_again_by_who_needs_it(open_folder):
    folder = open_folder / "postgresql"
    site = User(folder)
    assert site.says() == 1
    killed = postmaster(folder)
    os.kill(killed, signal.SIGKILL)
    assert site.counts() == 2
    assert postmaster(folder) != killed
    # A machine that was started again gives the number of the server to something else.
    os.kill(postmaster(folder), signal.SIGKILL)
    lines = (folder / "postmaster.pid").read_text().splitlines()
    (folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert site.counts() == 3
    site.ends()
    assert not (folder / "postmaster.pid").exists()
