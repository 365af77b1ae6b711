"""Speak to the Linux kernel where the standard library has no word for it.

Numbers come from the kernel's headers; what is asked of the kernel is decided in `confine`,
`landlock` and `seccomp`.
"""

import ctypes
import struct
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
PR_GET_SECCOMP: Final = 21
M_ARENA_MAX: Final = -8
CAP_DAC_READ_SEARCH: Final = 1 << 2
_CAPABILITIES_VERSION: Final = 0x20080522


def _c_library() -> ctypes.CDLL | None:
    """Open the C library that this process runs on; None where that is not Linux."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def syscall(number: int, *arguments: object) -> int:
    """Make a system call by its number; -1 where it failed, or where this is not Linux."""
    library = _c_library()
    return -1 if library is None else int(library.syscall(ctypes.c_long(number), *arguments))


def prctl(option: int, value: int = 0) -> int:
    """Ask the kernel for one property of this process; -1 where it refused, or where this is not Linux."""
    library = _c_library()
    rest = [ctypes.c_ulong(0)] * 3
    return -1 if library is None else int(library.prctl(option, ctypes.c_ulong(value), *rest))


def give_up_capabilities(
    *, kept: int = 0
) -> bool:  # pragma: no cover  # in a confined process, which can write no coverage
    """Drop every right that the superuser has over others, but those of a mask, which it must have.

    An ordinary user has none to drop.
    """
    library = _c_library()
    if library is None:
        return False
    head = struct.pack("=Ii", _CAPABILITIES_VERSION, 0)
    rights = struct.pack("=6I", kept, kept, 0, 0, 0, 0)  # effective, permitted, inheritable: low halves, high halves
    return int(library.capset(head, rights)) == 0


def keep_one_arena() -> None:  # pragma: no cover  # in a confined process, which can write no coverage
    """Keep glibc from reserving 128 MiB of addresses for each thread, which would count as memory used."""
    mallopt = getattr(_c_library(), "mallopt", None)  # musl has none, and reserves nothing
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
