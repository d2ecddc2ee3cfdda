"""The filter of system calls: a reader may make those on a list, by their names; every other fails as if the kernel had none.

The list is what Python, PDFium, qpdf, Pillow, Tesseract, OpenCV and ONNX Runtime use to read open files: memory, threads, time, and
looking at files. There is no socket, no signal to others, no new process or program, no change of a file, its mode, owner, times or
attributes, no mount, no namespace, no tracing, no io_uring. libseccomp knows the numbers on each machine and compiles the filter.
"""

import ctypes
import os
from functools import cache

_LIBRARY = "libseccomp.so.2"
_ALLOW = 0x7FFF0000
#: ENOSYS: libraries that probe for a system call do without it, where another error would stop them.
_REFUSE = 0x00050000 | 38
_EQUAL, _MASKED_EQUAL = 4, 7
_ATTRIBUTE_ALL_THREADS, _ATTRIBUTE_OPTIMIZE = 4, 8
_UNKNOWN = -1

_MEMORY = "brk mmap munmap mremap mprotect madvise mincore mbind get_mempolicy membarrier"
_FILES = (
    "read pread64 readv preadv preadv2 write writev close close_range lseek _llseek dup dup2 dup3 pipe2 eventfd2 "
    "open openat access faccessat faccessat2 readlink readlinkat getcwd getdents getdents64 fadvise64 "
    "stat lstat fstat newfstatat stat64 lstat64 fstat64 fstatat64 statx statfs fstatfs poll ppoll select pselect6 "
    "epoll_create1 epoll_ctl epoll_wait epoll_pwait"
)
_THREADS = (
    "futex futex_waitv set_robust_list get_robust_list rseq gettid set_tid_address exit exit_group sched_yield "
    "sched_getaffinity sched_setaffinity sched_getparam sched_getscheduler getcpu arch_prctl restart_syscall"
)
_SIGNALS_TO_ITSELF = "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack"
_MACHINE = (
    "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrandom uname sysinfo getrusage getrlimit "
    "getpid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getsid getpriority capget"
)
_ALLOWED = f"{_MEMORY} {_FILES} {_THREADS} {_SIGNALS_TO_ITSELF} {_MACHINE}".split()

#: clone(2) may start a thread of this process, in no new namespace. clone3(2) hides its flags: the C library then uses clone.
_CLONE_THREAD, _CLONE_NEW_ANYTHING = 0x10000, 0x7E020000
_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ, _PR_SET_VMA = 15, 16, 23, 0x53564D41
_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_SETFL, _F_DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030
_TCGETS, _FIONCLEX, _FIOCLEX = 0x5401, 0x5450, 0x5451
#: The values that one argument of a system call may have: its position, and the values.
_ALLOWED_WITH = {
    "prctl": (0, (_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ, _PR_SET_VMA)),
    "fcntl": (1, (_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_SETFL, _F_DUPFD_CLOEXEC)),
    "ioctl": (1, (_TCGETS, _FIONCLEX, _FIOCLEX)),
    "prlimit64": (2, (0,)),  # look at limits, without new ones
}


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


@cache
def load_library() -> ctypes.CDLL | None:
    """Load libseccomp, while its file can still be found; None where the system has none."""
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        return None
    library.seccomp_init.restype = ctypes.c_void_p
    return library


def allow_only_needed() -> bool:
    """Refuse every system call that is not on the list, in all threads, for good. Returns whether the kernel enforces it."""
    library = load_library()
    if library is None:
        return False
    context = ctypes.c_void_p(library.seccomp_init(_REFUSE))
    if not context:
        return False
    library.seccomp_attr_set(context, _ATTRIBUTE_ALL_THREADS, 1)
    library.seccomp_attr_set(context, _ATTRIBUTE_OPTIMIZE, 2)
    for name in _ALLOWED:
        _allow(library, context, name)
    for name, (position, values) in _ALLOWED_WITH.items():
        for value in values:
            _allow(library, context, name, _Comparison(position, _EQUAL, value, 0))
    _allow(
        library,
        context,
        "clone",
        _Comparison(0, _MASKED_EQUAL, _CLONE_THREAD | _CLONE_NEW_ANYTHING, _CLONE_THREAD),
    )
    _allow(library, context, "tgkill", _Comparison(0, _EQUAL, os.getpid(), 0))  # abort() ends the reader itself
    loaded = bool(library.seccomp_load(context) == 0)
    library.seccomp_release(context)
    return loaded


def _allow(library: ctypes.CDLL, context: ctypes.c_void_p, name: str, comparison: _Comparison | None = None) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number == _UNKNOWN:  # this machine has none of that name
        return
    compared = () if comparison is None else (comparison,)
    library.seccomp_rule_add_array(
        context, _ALLOW, number, len(compared), (_Comparison * 1)(*compared) if compared else None
    )
