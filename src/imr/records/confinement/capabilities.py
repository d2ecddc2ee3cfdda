"""Capabilities and privileges: a reader has none, and gets none back."""

import ctypes
import struct

from imr.records.confinement.libc import (
    LIBC,
    PR_CAP_AMBIENT,
    PR_CAPBSET_DROP,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    prctl,
)

_VERSION_3 = 0x20080522
_AMBIENT_CLEAR_ALL = 4


def drop() -> bool:
    """Give up every capability, also for good; return whether none is left."""
    capability = 0
    while capability < 64 and prctl(PR_CAPBSET_DROP, capability):
        capability += 1
    prctl(PR_CAP_AMBIENT, _AMBIENT_CLEAR_ALL)
    header = struct.pack("<Ii", _VERSION_3, 0)
    left = ctypes.create_string_buffer(24)
    return LIBC.capset(header, bytes(24)) == 0 and LIBC.capget(header, left) == 0 and not any(left.raw)


def forbid_new_privileges() -> None:
    """Let no program give privileges, and no other process look into this one."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_DUMPABLE, 0)
