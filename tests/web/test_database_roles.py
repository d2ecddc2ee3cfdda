"""The database trusts nobody: the role of the site owns nothing, cannot change history, and waits within limits."""

import importlib
import itertools
import os
import re
import select
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.signals import connection_created
from tests.factories.database import as_superuser
from tests.factories.embedded_server import User, open_folder

from imr import errors
from imr.web.middleware import RefusalPages
from imr.web.models import EventRow
from imr.web.platform import clock
from imr.web.platform.database import TimeLimits, cluster, configuration, roles, timed_out

__all__ = ["open_folder"]

HISTORY = (
    "imr_accountanswerrow", "imr_accountchangerow", "imr_eventrow", "imr_logsealrow", "imr_signingkeyrow", "imr_viewrow",
)  # fmt: skip


def event():
    return EventRow(
        case="CM26-1", number=1, at=clock.now(), by_role="intake", by_id="1", kind="k", data={}, digest="0" * 64
    )


@pytest.mark.django_db
def test_the_suite_signs_in_as_the_site_does():
    assert roles.problems(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, session_user, (SELECT count(*) FROM pg_tables WHERE tableowner = current_user)"
        )
        assert cursor.fetchone() == ("imr_site", "imr_site", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}", "ALTER TABLE {} DISABLE TRIGGER ALL", "DROP TABLE {}",
        "DROP TRIGGER {0}_rows ON {0}", "SET session_replication_role = replica; DELETE FROM {}", "SET ROLE imr_owner; DELETE FROM {}",
        "CREATE OR REPLACE FUNCTION imr_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TEMPORARY TABLE {} (at date)", "CREATE TABLE another (at date)", "CREATE SCHEMA another",
        "UPDATE django_migrations SET name = 'another'", "COPY (SELECT 1) TO PROGRAM 'true'", "COPY {} TO '/tmp/out'",
        "CREATE ROLE another", "ALTER ROLE imr_site SUPERUSER",
        "SELECT pg_read_file('/etc/passwd')", "SELECT lo_import('/etc/passwd')", "SELECT pg_ls_dir('.')",
    ],
)  # fmt: skip
def test_the_site_may_do_no_more_than_add_to_history(table, statement):
    event().save()
    with (
        pytest.raises(DatabaseError, match=r"denied|must be owner|must have|in an aborted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert EventRow.objects.count() == 1


#: What somebody may have granted the site, with what is said of it.
TOO_MUCH = [
    ("ALTER ROLE imr_site SUPERUSER", "signs in to the database as imr_site, a superuser"),
    ("ALTER ROLE imr_site CREATEROLE", "may make or change roles or databases"),
    ("ALTER ROLE imr_site BYPASSRLS", "may make or change roles or databases"),
    ("GRANT imr_owner TO imr_site", "may change the table"),
    ("GRANT pg_execute_server_program TO imr_site", "may act as pg_execute_server_program"),
    ("GRANT pg_write_all_data TO imr_site", "may act as pg_write_all_data"),
    ("ALTER TABLE imr_eventrow OWNER TO imr_site", "may change the table imr_eventrow, which it owns"),
    (
        "ALTER FUNCTION imr_only_added_to() OWNER TO imr_site",
        "may change the function imr_only_added_to, which it owns",
    ),
    ("ALTER SCHEMA public OWNER TO imr_site", "may change the schema public, which it owns"),
    ("GRANT CREATE ON SCHEMA public TO PUBLIC", "may create tables"),
    ("GRANT SET ON PARAMETER session_replication_role TO imr_site", "may switch triggers off"),
    ("GRANT DELETE ON imr_viewrow TO imr_site", "may change the history in imr_viewrow"),
    ("GRANT UPDATE (at) ON imr_eventrow TO imr_site", "may change the history in imr_eventrow"),
    ("GRANT TRIGGER ON imr_eventrow TO imr_site", "may change the history in imr_eventrow"),
    ("ALTER TABLE imr_eventrow DISABLE TRIGGER imr_eventrow_rows", "switched off for the table imr_eventrow"),
    ("ALTER TABLE imr_eventrow ENABLE REPLICA TRIGGER imr_eventrow_whole", "switched off for the table imr_eventrow"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "says"), TOO_MUCH)
def test_a_role_that_may_do_more_is_found(statement, says):
    as_superuser(statement)
    assert any(says in problem for problem in roles.problems(connection))


@pytest.mark.django_db
def test_neither_check_nor_the_site_passes_with_a_superuser():
    call_command("check")
    wsgi = importlib.import_module("imr.web.wsgi")
    importlib.reload(wsgi)
    as_superuser("ALTER ROLE imr_site SUPERUSER")
    with pytest.raises(SystemCheckError, match="a superuser, who can change history"):
        call_command("check")
    with pytest.raises(SystemCheckError, match="a superuser, who can change history"):
        call_command("check", databases=["default"])
    with pytest.raises(errors.SetupError, match="a superuser"):
        roles.require_least_privilege()
    with pytest.raises(errors.SetupError, match="a superuser"):
        importlib.reload(wsgi)


@pytest.mark.django_db
def test_check_asks_a_role_that_is_the_owner_too(monkeypatch):
    """Without DATABASE_OWNER_URL the two have one name; only what signs in as the owner, as a migration does, is left out."""
    monkeypatch.setitem(connection.settings_dict["OWNER"], "USER", "imr_site")
    monkeypatch.setitem(connection.settings_dict["OWNER"], "PASSWORD", connection.settings_dict["PASSWORD"])
    as_superuser("ALTER ROLE imr_site SUPERUSER")
    with pytest.raises(SystemCheckError, match="a superuser, who can change history"):
        call_command("check")
    with roles.as_owner():
        assert roles.check(databases=["default"]) == []


@pytest.fixture
def superuser(db):
    """The superuser in the database of the test, beside the transaction of the test; what it granted everybody is taken back."""
    with connection.superuser(connection.settings_dict["NAME"]) as one:
        yield one
        one.execute("ALTER SCHEMA public OWNER TO pg_database_owner; REVOKE CREATE ON SCHEMA public FROM PUBLIC")


@pytest.mark.parametrize("owned_by", ["pg_database_owner", "postgres"])
def test_a_database_made_before_version_15_lets_the_site_create_no_tables(superuser, owned_by):
    superuser.execute(f"ALTER SCHEMA public OWNER TO {owned_by}; GRANT CREATE ON SCHEMA public TO PUBLIC")
    assert any("may create tables" in problem for problem in roles.problems(connection))
    call_command("migrate", verbosity=0)
    if owned_by == "postgres":
        assert any("may create tables" in problem for problem in roles.problems(connection)), "the owner may not end it"
        whole = (Path(__file__).parents[2] / "docs/upgrading.md").read_text()
        superuser.execute(re.search(r"`(ALTER SCHEMA public OWNER TO imr_owner)`", whole)[1])
        call_command("migrate", verbosity=0)
    assert roles.problems(connection) == []
    with roles.as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE another (at date); DROP TABLE another")


def test_a_process_that_starts_without_the_database_asks_at_its_first_connection(superuser, beside):
    site = connections["default"]
    away = site.copy("default")
    away.settings_dict.update(HOST="127.0.0.1", PORT="1", OPTIONS={})
    wsgi = importlib.import_module("imr.web.wsgi")
    superuser.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    try:
        connections["default"] = away
        importlib.reload(wsgi)  # its worker starts, and logs that it could not ask
        connections["default"] = site
        for _ in range(2):
            with pytest.raises(errors.SetupError, match="may create tables"):
                beside.cursor()
            assert beside.connection is None
        superuser.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        with beside.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert not connection_created.disconnect(dispatch_uid=roles._ask_new_connection), "asked once, and passed"
    finally:
        connections["default"] = site
        connection_created.disconnect(dispatch_uid=roles._ask_new_connection)


@pytest.mark.django_db
def test_the_owner_grants_what_the_site_needs_again():
    """A table that a migration adds is for the site to write; one that triggers keep is to be added to alone."""
    with roles.as_owner() as owner:
        with owner.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("imr_owner",)
        assert connection.settings_dict["USER"] == "imr_owner"
    assert connection.settings_dict["USER"] == "imr_site"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class AS c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND NOT has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                       " AND NOT has_table_privilege(oid, 'UPDATE') ORDER BY relname")  # fmt: skip
        assert [name for (name,) in cursor.fetchall()] == ["django_migrations", *HISTORY]
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'imr_owner'")
        assert cursor.fetchone() == (0,)


LIMITS = TimeLimits(statement=120, lock=60, idle=900)


def test_the_owner_has_an_address_of_its_own(tmp_path):
    site, owner = "postgresql://site:a@db.example/imr", "postgresql://owner:b@db.example/imr?sslmode=require"
    found = configuration(site, owner, tmp_path, LIMITS)
    assert (found["USER"], found["OWNER"]["USER"], found["OWNER"]["PASSWORD"]) == ("site", "owner", "b")
    assert found["OPTIONS"]["options"] == (
        "-c statement_timeout=120s -c lock_timeout=60s -c idle_in_transaction_session_timeout=900s"
    )
    assert found["OWNER"]["OPTIONS"]["options"].startswith("-c statement_timeout=0s -c lock_timeout=60s")
    assert found["OWNER"]["OPTIONS"]["sslmode"] == "require"
    own = configuration(f"{site}?options=-c%20statement_timeout%3D5s", "", tmp_path, LIMITS)
    assert own["OPTIONS"]["options"].endswith("-c statement_timeout=5s"), "what the address says counts"
    assert own["OWNER"]["USER"] == "site"
    with pytest.raises(errors.ImrError, match="another database"):
        configuration(site, "postgresql://owner:b@db.example/other", tmp_path, LIMITS)
    with pytest.raises(errors.ImrError, match="set both, or neither"):
        configuration("", owner, tmp_path, LIMITS)


@pytest.mark.django_db
def test_every_connection_of_the_site_has_limits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), "
            "current_setting('idle_in_transaction_session_timeout')"
        )
        assert cursor.fetchone() == ("2min", "1min", "15min")


@pytest.fixture
def beside():
    """Another connection of the site to the same database."""
    found = connection.copy("default")
    yield found
    found.close()


def failure(other, *statements):
    with other.cursor() as cursor:
        for statement in statements[:-1]:
            cursor.execute(statement)
        with pytest.raises(DatabaseError) as caught:
            cursor.execute(statements[-1])
    return caught.value


@pytest.mark.django_db
def test_what_waits_too_long_ends_and_the_person_is_asked_to_try_again(beside, rf):
    slow = failure(beside, "SET statement_timeout = '1ms'", "SELECT pg_sleep(60)")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7)")
    locked = failure(beside, "SET lock_timeout = '1ms'; SET statement_timeout = 0", "SELECT pg_advisory_xact_lock(7)")
    for error in (slow, locked):
        assert timed_out(error)
        page = RefusalPages(lambda _: None).process_exception(rf.get("/api/cases"), error)
        assert page.status_code == 503
        assert "took too long" in page.content.decode()
    assert not timed_out(failure(beside, "SELECT nothing"))


@pytest.mark.django_db
def test_a_transaction_in_which_nothing_happens_is_ended_by_the_server(beside):
    with beside.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '1ms'; BEGIN; SELECT 1")
    assert select.select([beside.connection.fileno()], [], [], 60)[0], "the server says so by itself"
    failure(beside, "SELECT 1")
    assert beside.connection.closed
    assert timed_out(psycopg.errors.IdleInTransactionSessionTimeout()), (
        "which libpq says where it read it before the end"
    )


def sign_in(folder, user, password=None, dbname="imr"):
    with psycopg.connect(host=str(folder), user=user, password=password, dbname=dbname) as one:
        return one.execute("SELECT current_user").fetchone()[0]


def passwords(folder):
    return {role: cluster.password(folder, role) for role in (cluster.SITE, cluster.OWNER)}


def test_the_embedded_server_lets_nobody_in_without_a_password(open_folder):
    folder = open_folder / "postgresql"
    site = User(folder)
    assert site.says() == 1
    known = passwords(folder)
    assert known[cluster.SITE] != known[cluster.OWNER]
    for role, word in known.items():
        file = cluster.password_file(folder, role)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert len(word) >= 40
        assert sign_in(folder, role, word) == role
        for wrong in (None, "", "wrong", known[cluster.SITE if role == cluster.OWNER else cluster.OWNER]):
            with pytest.raises(psycopg.OperationalError, match="password"):
                sign_in(folder, role, wrong)
    for stranger in ("postgres", "root", os.environ.get("USER", "nobody")):
        for word in (None, *known.values()):
            with pytest.raises(psycopg.OperationalError, match="rejects connection"):
                sign_in(folder, stranger, word, "postgres")
    assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
    site.ends()
    cluster.password_file(folder, cluster.SITE).unlink()
    again = User(folder)
    assert again.says() == 2, "a password that was lost is made again, with the data"
    assert passwords(folder)[cluster.SITE] != known[cluster.SITE]
    with pytest.raises(psycopg.OperationalError, match="password"):
        sign_in(folder, cluster.SITE, known[cluster.SITE])
    again.ends()


#: What an earlier version, which signed in as the superuser, left in the data.
EARLIER = """
CREATE TABLE old (id bigserial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY)
CREATE TYPE old_kind AS ENUM ('a')
CREATE TYPE old_pair AS (a integer)
CREATE SEQUENCE old_number
CREATE MATERIALIZED VIEW old_view AS SELECT gen_random_uuid() AS identity
CREATE FUNCTION old_function() RETURNS integer LANGUAGE sql AS 'SELECT 1'
"""


def test_data_of_an_earlier_version_get_the_owner_and_lose_their_trust(open_folder):
    folder = open_folder / "postgresql"
    first = User(folder)
    first.says()
    first.ends()
    server = cluster_programs(folder)
    cluster._single_user(folder, *server, "postgres", f"ALTER DATABASE {cluster.NAME} OWNER TO postgres\n")
    cluster._single_user(folder, *server, cluster.NAME, EARLIER)
    (folder / "pg_hba.conf").write_text("local all all trust\n")
    cluster.forget(folder)
    site = User(folder)
    assert site.says() == 2
    with psycopg.connect(
        host=str(folder), user=cluster.OWNER, password=cluster.password(folder, cluster.OWNER), dbname="imr"
    ) as one:
        for query in (
            "SELECT relowner::regrole::text FROM pg_class WHERE relname LIKE 'old%'",
            "SELECT proowner::regrole::text FROM pg_proc WHERE proname LIKE 'old%'",
            "SELECT typowner::regrole::text FROM pg_type WHERE typname LIKE 'old%'",
            "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'imr'",
        ):
            assert {owner for (owner,) in one.execute(query)} == {cluster.OWNER}
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        sign_in(folder, "postgres", dbname="postgres")
    site.ends()


def test_a_failure_of_the_single_user_mode_is_said(open_folder):
    folder = open_folder / "postgresql"
    one = User(folder)
    one.says()
    one.ends()
    with pytest.raises(errors.SetupError, match=r"(?s)cannot be made.*syntax error"):
        cluster._single_user(folder, *cluster_programs(folder), "imr", "SELEC 1\n")


def test_the_single_user_mode_may_take_as_long_as_the_replay_after_a_crash(tmp_path, monkeypatch):
    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\nexec cat\n")
    program.chmod(0o700)
    monkeypatch.setattr(
        subprocess, "_time", itertools.count(0, 3600).__next__
    )  # an hour between two looks at the clock
    assert cluster._single_user(tmp_path, tmp_path, None, "postgres", "SELECT 1\n") == "SELECT 1\n"


def test_a_password_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(errors.SetupError, match="stop every process of the site and start again"):
        cluster.password(tmp_path / "postgresql", cluster.SITE)


def cluster_programs(folder: Path) -> tuple[Path, str | None]:
    """The folder of the server's programs, and the user of the machine who runs them."""
    from imr.web.platform.database import embedded

    server = embedded._server(folder)
    return server.bin_path, server.system_user


@pytest.mark.django_db(transaction=True)
def test_psql_signs_in_as_the_site_and_a_dump_as_the_owner(monkeypatch):
    seen = []
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda command, env, **_: seen.append(env["PGUSER"]) or subprocess.CompletedProcess(command, 0),
    )
    for command in (["psql"], ["--owner", "psql"], ["pg_dump"], ["pg_restore"]):
        call_command("postgresql", *command)
    assert seen == ["imr_site", "imr_owner", "imr_owner", "imr_owner"]
