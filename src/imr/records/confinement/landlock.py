"""Landlock: a reader may read a list of places, and do nothing else with files, with TCP or with other processes."""

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from imr.records.confinement.layers import Layer
from imr.records.confinement.libc import system_call

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
#: Every right over files that a version of the kernel's interface knows: the bits below this one.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def restrict(readable: Iterable[Path]) -> frozenset[Layer]:
    """Allow reading these places and refuse the rest; give the layers that the kernel enforces from now on."""
    version = system_call(_CREATE, None, 0, 1)
    if version < 1:
        return frozenset()
    handled = struct.pack(
        "<QQQ",
        (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1,
        _TCP_BIND_AND_CONNECT if version >= 4 else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = system_call(_CREATE, handled, len(handled), 0)
    if rules < 0:
        return frozenset()
    for place in readable:
        _allow(rules, place)
    restricted = system_call(_RESTRICT, rules, 0) == 0
    os.close(rules)
    if not restricted:
        return frozenset()
    since = {Layer.FILES: 1, Layer.TRUNCATION: 3, Layer.TCP: 4, Layer.SCOPES: 6}
    return frozenset(layer for layer, first in since.items() if version >= first)


def _allow(rules: int, place: Path) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this machine
        return
    rights = _READ_FILE | _READ_DIR if place.is_dir() else _READ_FILE
    if place == Path(os.devnull):  # libraries write there, and crash if they may not
        rights |= _WRITE_FILE
    system_call(_ADD, rules, 1, struct.pack("<Qi", rights, descriptor), 0)
    os.close(descriptor)
