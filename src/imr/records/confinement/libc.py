"""The C library, as the layers call it."""

import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 4, 24, 38, 47


def prctl(option: int, first: int, second: int = 0) -> bool:
    """Set an attribute of this process, and return whether the kernel accepts it."""
    return bool(LIBC.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), 0, 0) == 0)


def system_call(number: int, *given: int | bytes | None) -> int:
    """Make a system call that the C library has no function for; -1 where the kernel refuses it."""
    return int(
        LIBC.syscall(ctypes.c_long(number), *(ctypes.c_long(one) if isinstance(one, int) else one for one in given))
    )
