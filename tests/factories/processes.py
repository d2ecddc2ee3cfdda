"""Processes that a test looks at from outside, which can end at any moment, and of which a zombie can stay."""

import psutil


def command(process: psutil.Process) -> str:
    """The command line of a process, words joined by a space; empty where it has ended, a zombie too."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def ended(process: psutil.Process) -> bool:
    """Whether a process has ended; a zombie has, its parent may never ask."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
