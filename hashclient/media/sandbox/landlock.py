"""Give up every file and every TCP connection, by Landlock (Linux 5.13 and later).

A ruleset that handles an access and holds no rule denies that access. Files that are open already
stay usable: the worker keeps its three pipes.
"""

import ctypes
import os
import struct
from pathlib import Path
from typing import Final

from hashclient.media.sandbox import libc

_CREATE_RULESET: Final = 444
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1

_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""Kinds of file access the kernel can deny, by the ABI version that brought the last of them."""
_TCP_SINCE: Final = 4
_TCP_RIGHTS: Final = 0b11  # bind, connect
_SCOPES_SINCE: Final = 6
_SCOPES: Final = 0b11  # abstract unix sockets, signals


def abi_version() -> int:
    """Tell which version of Landlock this kernel offers, from 1; 0 where it offers none."""
    return max(0, libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION)))


def give_up_files() -> bool:  # pragma: no cover  # in a confined process, which can write no coverage
    """Deny this process every file, TCP, and signals to others, as far as the kernel's version goes.

    It cannot be undone. NO_NEW_PRIVS must be set before.

    Returns:
        Whether it holds: the kernel said so, a file then really could not be opened, and no
        other thread of this process was left out.

    Source:
        Linux `Documentation/userspace-api/landlock.rst` and `include/uapi/linux/landlock.h`.
    """
    version = abi_version()
    if not version or not _is_single_threaded():
        return False
    attributes = ctypes.create_string_buffer(_attributes(version))
    size = ctypes.c_size_t(len(attributes) - 1)  # ctypes adds a zero byte
    ruleset = libc.syscall(_CREATE_RULESET, attributes, size, ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        refused = libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return refused == 0 and not _can_open_a_file()


def _attributes(version: int) -> bytes:
    """Write `struct landlock_ruleset_attr`, as long as this version of the kernel knows it."""
    rights = (1 << max(bits for since, bits in _FILE_RIGHTS.items() if since <= version)) - 1
    fields = [rights]
    if version >= _TCP_SINCE:
        fields.append(_TCP_RIGHTS)
    if version >= _SCOPES_SINCE:
        fields.append(_SCOPES)
    return struct.pack(f"={len(fields)}Q", *fields)


def _is_single_threaded() -> bool:  # pragma: no cover  # in a confined process, which can write no coverage
    """Tell whether this is the only thread: Landlock binds the one that calls and its children."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _can_open_a_file() -> bool:  # pragma: no cover  # in a confined process, which can write no coverage
    try:
        os.close(os.open("/", os.O_RDONLY))
    except OSError:
        return False
    return True
