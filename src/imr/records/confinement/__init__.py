"""What a reader of an untrusted file gives up before it opens the file: an allow-list, enforced twice where the kernel can.

`start` runs first in a new process: it enters namespaces of its own and leaves a supervisor outside, which ends the reader when
the caller goes away. `confine` runs right before the file is opened: only the file, programs and fonts are left to read, only the
system calls that reading needs, no capability, and bounded memory, time, files and threads. Both are irreversible.

Each layer reports whether the kernel enforces it. `Confinement.open` names what nothing closes; `Confinement.missing` names every
layer that is absent. Linux alone has these layers; the parent and the frames are in `records.sandbox`.
"""

import os
import resource
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from imr.errors import SetupError
from imr.records.confinement import capabilities, landlock, namespaces, system_calls
from imr.records.confinement.layers import Layer

__all__ = ["Confinement", "Demand", "Layer", "confine", "readable", "start"]


class Demand(StrEnum):
    """What the sandbox must have before it opens a file: the value of `IMR_SANDBOX`."""

    #: Nothing may be open. A second layer may be missing.
    CLOSED = "closed"
    #: No layer may be missing.
    EVERY_LAYER = "every-layer"
    #: Files are read with what the kernel gives.
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Confinement:
    """The layers that the kernel enforces on a reader. Memory, processor time and sizes are always limited."""

    layers: frozenset[Layer]

    @property
    def missing(self) -> tuple[Layer, ...]:
        """Return the layers that are absent, in their order."""
        return tuple(layer for layer in Layer if layer not in self.layers)

    @property
    def open(self) -> tuple[str, ...]:
        """Return what a file that takes a reader over could still do, because no layer prevents it."""
        found = []
        if Layer.SYSTEM_CALLS not in self.layers:
            found.append("make any system call: use sockets, end processes, run programs")
        if not self.layers & {Layer.FILES, Layer.MOUNTS}:
            found.append("read other files")
        if not self.layers & {Layer.TRUNCATION, Layer.MOUNTS}:  # the filter lets libraries open /dev/null and empty it
            found.append("empty other files")
        if Layer.CAPABILITIES not in self.layers:
            found.append("use capabilities")
        return tuple(found)

    def refusal(self, demand: Demand) -> str:
        """Return why no file may be read under this demand, with what to do; empty where files may be read."""
        if demand is Demand.EVERY_LAYER and self.missing:
            lacks = "; ".join(self.missing)
        elif demand is Demand.CLOSED and self.open:
            lacks = f"a hostile file could {', '.join(self.open)}. Missing: {'; '.join(self.missing)}"
        else:
            return ""
        return (
            f"files of strangers cannot be read safely on this system: {lacks}. docs/operations.md says what gives each layer. "
            "IMR_SANDBOX=partial reads them all the same"
        )


def start() -> frozenset[Layer]:
    """Enter namespaces, and go on in a reader that a supervisor watches. Give the layers. Call it before any thread starts."""
    return namespaces.enter()


def confine(paths: Iterable[Path], memory: int, seconds: int, namespaced: frozenset[Layer]) -> Confinement:
    """Give up every privilege that reading these files does not need. `namespaced` is what `start` gave.

    Raises SetupError where the process has a second thread, which some layers would leave as it is.
    """
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise SetupError("a library started a thread before the reader was confined")
    system_calls.load_library()
    layers = set(namespaced)
    if Layer.MOUNTS in layers and not namespaces.hide_files(readable(paths)):
        layers.remove(Layer.MOUNTS)
    _limit(memory, seconds, alone=Layer.USER in layers)
    if capabilities.drop():
        layers.add(Layer.CAPABILITIES)
    capabilities.forbid_new_privileges()
    layers |= landlock.restrict(readable(paths))
    if system_calls.allow_only_needed():
        layers.add(Layer.SYSTEM_CALLS)
    return Confinement(frozenset(layers))


def _limit(memory: int, seconds: int, *, alone: bool) -> None:
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if alone:  # elsewhere the threads of everything else that this user runs count too
        resource.setrlimit(resource.RLIMIT_NPROC, (64, 64))


def readable(paths: Iterable[Path]) -> list[Path]:
    """Return what a reader may read: the files, programs and their libraries, fonts, language data, and what libraries ask of the machine."""
    places = [
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(__file__).parent.parent.parent,
        *map(Path, ("/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")),
        *map(Path, ("/proc/cpuinfo", "/proc/meminfo", "/proc/self/maps", "/sys/devices/system/cpu")),
        *paths,
    ]
    if "TESSDATA_PREFIX" in os.environ:
        places.append(Path(os.environ["TESSDATA_PREFIX"]))
    return places
