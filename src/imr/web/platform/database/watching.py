"""Stops the embedded server where the last process that used it was killed: `python -m imr.web.platform.database.watching DATA`.

`embedded` starts one such process a server and gives it, as its standard input, the lock that says that there is one.
"""

import fcntl
import os
import sys
import time
from pathlib import Path

from imr.web.platform.database import embedded

#: Seconds between two looks.
PAUSE = 1.0


def watch(data: Path, watching: int) -> None:
    """Look again and again whether anybody uses the server, and stop it where nobody does; returns when that is so for two looks.

    Two, for a process that was killed in starting the server may leave one that only comes up.
    """
    try:
        # Kept open, and never made: a folder that is being removed is not written into.
        lock, users = (os.open(embedded.beside(data, what), os.O_RDWR) for what in ("lock", "users"))
    except FileNotFoundError:
        return
    unused = 0
    while unused < 2:
        time.sleep(PAUSE)
        fcntl.flock(lock, fcntl.LOCK_EX)
        unused = unused + 1 if embedded.stop_unused(data, users) else 0
        if unused == 2:
            # First of the locks, so that who starts a server next finds that nobody watches it.
            fcntl.flock(watching, fcntl.LOCK_UN)
        fcntl.flock(users, fcntl.LOCK_UN)
        fcntl.flock(lock, fcntl.LOCK_UN)


if __name__ == "__main__":
    os.chdir("/")  # it outlives whoever started it, and keeps nobody's folder in use
    watch(Path(sys.argv[1]), sys.stdin.fileno())
