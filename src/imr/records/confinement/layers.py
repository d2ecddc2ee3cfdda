"""The layers of a reader's confinement."""

from enum import StrEnum


class Layer(StrEnum):
    """A layer that the kernel enforces, in the words that an operator reads where it is missing."""

    SYSTEM_CALLS = "the filter of system calls (seccomp; Debian: libseccomp2)"
    FILES = "Landlock for files (Linux 5.13)"
    TRUNCATION = "Landlock for emptying files (Linux 6.2)"
    TCP = "Landlock for TCP (Linux 6.7)"
    SCOPES = "Landlock for signals and abstract sockets (Linux 6.12)"
    CAPABILITIES = "dropped capabilities"
    USER = "a user namespace"
    NETWORK = "a network namespace"
    PROCESSES = "a process namespace"
    MOUNTS = "a tree of files of its own (mount namespace)"
