"""What a process holds while it lives, and what is left when it ends: its temporary files, the embedded server, signals."""

import fcntl
import os
import signal
import sys
import tempfile
from contextlib import nullcontext

import psycopg
import pytest
from django.db.backends.postgresql import base as django_base

from imr.errors import ImrError
from imr.web import settings as site
from imr.web.management import repeating
from imr.web.management.commands import postgresql, serve
from imr.web.platform import supervisor, temporary_files
from imr.web.platform.database import base, embedded, watching
from imr.web.platform.supervisor import FIRST, STEADY, Child, Supervisor
from imr.web.store import failures


@pytest.fixture
def signals():
    """The signals of the process are handled afterwards as before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def temporary(tmp_path, settings, monkeypatch):
    """The site's folder of temporary files; this process uses its own again afterwards."""
    settings.TEMPORARY = tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())
    monkeypatch.setattr(temporary_files, "_own", None)
    return settings.TEMPORARY


def test_temporary_files_of_a_process_are_its_own_until_it_ends(temporary):
    temporary_files.use()
    own, lock, _ = temporary_files._own
    with tempfile.NamedTemporaryFile() as file:
        assert own in temporary_files.Path(file.name).parents
    assert own.stat().st_mode & 0o077 == 0
    dead = temporary / "process-dead"
    dead.mkdir()
    (dead / "page.pdf").write_bytes(b"%PDF")
    dead.with_suffix(".lock").touch()
    unlocked = temporary / "process-unlocked"
    (unlocked / "deeper").mkdir(parents=True)
    (unlocked / "deeper" / "note.txt").write_text("a note")
    assert temporary_files.sweep() == 2
    assert sorted(path.name for path in temporary.iterdir()) == sorted([own.name, f"{own.name}.lock", "turn.lock"])
    temporary_files._end()
    os.close(lock)
    assert [path.name for path in temporary.iterdir()] == ["turn.lock"]


def test_the_folder_of_a_parent_outlives_its_child(temporary, monkeypatch):
    temporary_files.use()
    own, lock, parent = temporary_files._own
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    temporary_files._end()
    os.close(lock)
    assert own.is_dir()


def test_without_a_folder_of_the_site_temporary_files_stay_where_they_are(settings):
    settings.TEMPORARY = None
    before = tempfile.gettempdir()
    temporary_files.use()
    assert (temporary_files.sweep(), tempfile.gettempdir()) == (0, before)


def test_a_supervisor_ends_its_children_when_it_is_asked_to(signals):
    asks = [sys.executable, "-c", "import os, signal, time; os.kill(os.getppid(), signal.SIGTERM); time.sleep(600)"]
    child = Child("web", asks)
    Supervisor([child], ended=lambda *_: None, steady=lambda _: None).run()
    assert child.process.returncode is not None


def test_a_child_that_does_not_end_is_killed(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(supervisor, "GRACE", 0.1)
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    script = (
        f"import signal, time; signal.signal(15, signal.SIG_IGN); open({str(ready)!r}, 'w').close(); time.sleep(600)"
    )
    child = Child("reading", [sys.executable, "-c", script])
    one = Supervisor([child], ended=lambda *_: None, steady=lambda _: None)
    one.look(0.0)
    ready.read_text()  # it refuses to end from here on
    one.end()
    assert child.process.returncode == -signal.SIGKILL
    assert f"process {child.process.pid} does not end and is killed" in caplog.text


def test_the_pause_is_short_again_after_a_long_life(caplog):
    child = Child("web", [sys.executable, "-c", ""], ends=7)
    ended = []
    one = Supervisor([child], ended=lambda *what: ended.append(what), steady=lambda _: None)
    one.look(0.0)
    child.process.wait()
    one.look(STEADY)
    assert (child.ends, ended) == (1, [("web", "ended with 0", FIRST)])


def test_a_task_that_is_asked_to_stop_ignores_a_second_request(signals):
    with pytest.raises(SystemExit) as ended:
        repeating._end()
    assert ended.value.code == 0
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


def test_a_failure_that_cannot_be_recorded_stops_no_task(monkeypatch, caplog):
    def away(*_):
        raise OSError("no space left")

    closed = []
    monkeypatch.setattr(failures, "record_failure", away)
    monkeypatch.setattr(repeating.connections, "close_all", lambda: closed.append(True))
    repeating._say("maintenance", 1, ValueError("a row is wrong"))
    assert "this could not be recorded" in caplog.text
    assert closed == [True]


def test_a_port_that_is_taken_is_refused_with_the_next_one():
    with serve.socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ImrError, match=f"127.0.0.1:{port} is in use .* make run PORT={port + 1}"):
            serve._insist_free("127.0.0.1", port)


def test_the_site_is_four_processes():
    children = {child.name: child.command for child in serve._supervised("127.0.0.1", 8000, 3).children}
    assert list(children) == ["web", "maintenance", "collection", "reading"]
    assert children["web"][children["web"].index("--workers") + 1] == "3"
    assert children["web"][children["web"].index("--bind") + 1] == "127.0.0.1:8000"


def test_a_start_without_its_invented_cases_says_how_to_go_on(monkeypatch):
    monkeypatch.setattr(serve.subprocess, "run", lambda *_, **__: serve.subprocess.CompletedProcess([], 1))
    with pytest.raises(ImrError, match="imr serve --empty"):
        serve._invent("a password")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder of data without a server; what this process uses is remembered for the test alone."""
    monkeypatch.setattr(embedded, "_uses", {})
    folder = tmp_path / "postgresql"
    folder.mkdir()
    return folder


def users_of(data):
    return os.open(embedded.lock_path(data, "users"), os.O_RDWR | os.O_CREAT, 0o600)


@pytest.mark.parametrize("held", ["", "not a number", f"{2**22 + 1}"])
def test_a_pid_file_without_a_process_is_no_server(data, held):
    (data / "postmaster.pid").write_text(held)
    assert embedded._postmaster(data) is None
    assert not embedded._is_ready(data)


def test_a_pid_of_another_process_is_removed_before_a_start(data):
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    assert embedded._postmaster(data) is None
    assert embedded._lines(data) == []


def test_only_the_last_user_stops_a_server(data, monkeypatch):
    stopped = []
    monkeypatch.setattr(embedded, "_stop", stopped.append)
    mine, other = users_of(data), users_of(data)
    fcntl.flock(other, fcntl.LOCK_SH)
    assert not embedded.stop_unused(data, mine)
    fcntl.flock(other, fcntl.LOCK_UN)
    assert embedded.stop_unused(data, mine)
    assert stopped == [data]
    embedded.lock_path(data, "users").rename(data / "removed")
    assert embedded.stop_unused(data, mine), "the folder is gone"
    os.close(users_of(data))
    assert embedded.stop_unused(data, mine), "another folder is in its place"
    assert stopped == [data]
    os.close(mine)
    os.close(other)


def test_a_server_is_begun_once_and_revived_where_it_died(data, monkeypatch):
    begun = []

    def begin(where):
        begun.append(where)
        embedded._uses[where] = embedded._Use(f"first {len(begun)}", -1, os.getpid())
        return embedded._uses[where]

    monkeypatch.setattr(embedded, "_begin", begin)
    monkeypatch.setattr(embedded, "_running", lambda _: "second")
    assert embedded.socket_folder(str(data)) == embedded.socket_folder(str(data)) == "first 1"
    assert embedded.revive(str(data)) == embedded.socket_folder(str(data)) == "second"
    embedded._uses.clear()
    assert embedded.revive(str(data)) == "first 2"
    assert begun == [data, data]


def test_a_process_that_ends_leaves_every_server_that_still_has_its_folder(data, monkeypatch):
    left = []
    monkeypatch.setattr(embedded.signal, "pthread_sigmask", lambda *_: None)  # this process goes on
    monkeypatch.setattr(embedded, "stop_unused", lambda folder, _: left.append(folder))
    users = users_of(data)
    embedded._uses.update({data: embedded._Use("", users, 1), data / "gone": embedded._Use("", -1, 1)})
    embedded._leave()
    assert (left, embedded._uses) == ([data], {})
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(users)


def test_a_forked_child_holds_no_lock_of_its_parent(data, monkeypatch):
    monkeypatch.setattr(embedded, "_turn", embedded._turn)
    users = users_of(data)
    embedded._uses[data] = embedded._Use("", users, 1)
    embedded._forget()
    assert embedded._uses == {}
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(users)


def test_a_server_has_one_process_that_watches_it(data, monkeypatch):
    started = []

    class Watcher:
        def __init__(self, command, **_):
            started.append(command)

    monkeypatch.setattr(embedded.subprocess, "Popen", Watcher)
    embedded._have_watched(data)
    assert started == [[sys.executable, "-m", "imr.web.platform.database.watching", str(data)]]
    with embedded.lock_path(data, "watch").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        embedded._have_watched(data)
    assert len(started) == 1


def test_a_watcher_ends_after_two_checks_in_a_row_without_users(data, monkeypatch):
    answers = [True, False, True, True, False]
    monkeypatch.setattr(watching, "PAUSE", 0)
    monkeypatch.setattr(embedded, "stop_unused", lambda *_: answers.pop(0))
    for what in ("lock", "users"):
        embedded.lock_path(data, what).touch()
    with (data / "watch").open("w") as held, (data / "watch").open("w") as next_one:
        fcntl.flock(held, fcntl.LOCK_EX)
        watching.watch(data, held.fileno())
        fcntl.flock(next_one, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where the first is held still
    assert answers == [False]


def test_a_watcher_makes_nothing_in_a_folder_that_is_being_removed(data):
    watching.watch(data, -1)
    assert [path.name for path in data.parent.iterdir()] == [data.name]


@pytest.mark.parametrize(("options", "host"), [({"embedded": "/data"}, "/revived"), ({}, None)])
def test_a_refused_connection_revives_an_embedded_server_alone(monkeypatch, options, host):
    tried = []

    def connect(_, params):
        tried.append(params)
        if len(tried) == 1:
            raise psycopg.OperationalError("connection refused")
        return "connected"

    monkeypatch.setattr(django_base.DatabaseWrapper, "get_new_connection", connect)
    monkeypatch.setattr(embedded, "revive", lambda folder: "/revived" if folder == "/data" else "")
    wrapper = base.DatabaseWrapper({"OPTIONS": options, "NAME": "imr"})
    if host:
        assert wrapper.get_new_connection({"host": "/died", "user": "postgres"}) == "connected"
        assert tried[1] == {"host": host, "user": "postgres"}
    else:
        with pytest.raises(psycopg.OperationalError):
            wrapper.get_new_connection({"host": "db"})
        assert len(tried) == 1


class Connection:
    """A connection as the command reads it."""

    def __init__(self, password="", options=None):
        self.connection, self.info, self.password = self, self, password
        self.host, self.port, self.user, self.dbname = "/run/db", 5432, "imr", "cases"
        self.settings_dict = {"OPTIONS": options or {}}

    def ensure_connection(self): ...

    def close(self): ...


@pytest.mark.parametrize(
    ("program", "owner", "named", "by"),
    [
        ("pg_dump", False, [], "owner"),
        ("pg_restore", False, ["--dbname=cases"], "owner"),
        ("psql", False, [], "site"),
        ("psql", True, [], "owner"),
    ],
)
def test_a_program_of_postgresql_gets_the_sites_database(monkeypatch, tmp_path, program, owner, named, by):
    ran, signed_in = [], []

    def run(command, env, check):
        ran.append((command, {name: env.get(name) for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")}))
        return postgresql.subprocess.CompletedProcess(command, 3)

    (tmp_path / program).touch()
    monkeypatch.setattr(postgresql, "connection", Connection("secret", {"embedded": "/data"}))
    monkeypatch.setattr(postgresql.roles, "as_owner", lambda: nullcontext(signed_in.append("owner")))
    monkeypatch.setattr(embedded, "programs", lambda _: tmp_path)
    monkeypatch.setattr(postgresql.subprocess, "run", run)
    with pytest.raises(postgresql.CommandError, match=f"{program} ended with 3") as failed:
        postgresql.Command().handle(program=program, arguments=["-v"], owner=owner)
    assert failed.value.returncode == 3
    where = {"PGHOST": "/run/db", "PGPORT": "5432", "PGUSER": "imr", "PGPASSWORD": "secret"}
    assert ran == [([str(tmp_path / program), *named, "-v"], where)]
    assert (signed_in or ["site"]) == [by]


def test_a_program_that_is_not_installed_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(postgresql, "connection", Connection())
    monkeypatch.setattr(postgresql.shutil, "which", lambda _: None)
    with pytest.raises(postgresql.CommandError, match="psql is not installed: apt install postgresql-client"):
        postgresql.Command().handle(program="psql", arguments=[], owner=False)


def test_the_home_is_the_given_folder_or_that_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("IMR_HOME", str(tmp_path))
    assert site._home() == tmp_path
    monkeypatch.delenv("IMR_HOME")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert str(site._home()) == "/var/lib/imr"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert site._home() == tmp_path / "data" / "imr"
