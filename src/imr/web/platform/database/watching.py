"""Stops the embedded server when the last process that used it was killed: `python -m imr.web.platform.database.watching DATA`.

`embedded` starts one such process per server; its standard input is the lock that shows that it exists.
"""

import fcntl
import os
import sys
import time
from pathlib import Path

from imr.web.platform.database import embedded

#: Seconds between two checks.
PAUSE = 1.0


def watch(data: Path, watching: int) -> None:
    """Check again and again whether a process uses the server; stop it and return when two checks in a row find none.

    One check is not enough: a process that was killed while it started the server may leave one that comes up later.
    """
    try:
        # Opened, and never created: nothing is written into a folder that is being removed.
        lock, users = (os.open(embedded.lock_path(data, what), os.O_RDWR) for what in ("lock", "users"))
    except FileNotFoundError:
        return
    unused = 0
    while unused < 2:
        time.sleep(PAUSE)
        fcntl.flock(lock, fcntl.LOCK_EX)
        unused = unused + 1 if embedded.stop_unused(data, users) else 0
        if unused == 2:
            # The first lock that is released, so that the next process to start a server finds no watcher.
            fcntl.flock(watching, fcntl.LOCK_UN)
        fcntl.flock(users, fcntl.LOCK_UN)
        fcntl.flock(lock, fcntl.LOCK_UN)


if __name__ == "__main__":
    os.chdir("/")  # it outlives its parent, and keeps no folder in use
    watch(Path(sys.argv[1]), sys.stdin.fileno())
