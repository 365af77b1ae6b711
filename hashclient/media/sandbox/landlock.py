"""Give up files, or writing them and starting programs, and every TCP connection, by Landlock (Linux 5.13 and later).

A ruleset that handles an access and holds no rule denies that access. Files that are open already
stay usable: the worker keeps its three pipes.
"""

import ctypes
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from hashclient.media.sandbox import libc

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_PATH_BENEATH: Final = 1
_ASK_VERSION: Final = 1

_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""Kinds of file access the kernel can deny, by the ABI version that brought the last of them."""
_EXECUTE: Final = 1 << 0
_WRITE_FILE: Final = 1 << 1
_READING: Final = 1 << 2 | 1 << 3  # files, folders
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
    return _restrict(kept=0, rules={}) and not _can_open_a_file()


def give_up_writing_and_programs() -> bool:  # pragma: no cover  # as above
    """Deny this process every change of a file, every program but this interpreter, TCP, and signals to others.

    It cannot be undone, and binds what this process starts. NO_NEW_PRIVS must be set before.

    Returns:
        Whether it holds, as for `give_up_files`; another program really could not be started.
    """
    interpreter = os.path.realpath(sys.executable)
    rules = {interpreter: _EXECUTE}
    with suppress(OSError):
        rules[_loader_of(interpreter)] = _EXECUTE
    return _restrict(kept=_READING, rules=rules | {os.devnull: _WRITE_FILE}) and not _can_write_a_file()


def _restrict(*, kept: int, rules: dict[str, int]) -> bool:  # pragma: no cover  # as above
    """Take away all rights but those that are kept, and those on some paths; tell whether the kernel said so.

    Args:
        kept: rights to files that are not taken away.
        rules: by path of a file, the rights to it that are left.
    """
    version = abi_version()
    if not version or not _is_single_threaded():
        return False
    attributes = ctypes.create_string_buffer(_attributes(version, kept=kept))
    size = ctypes.c_size_t(len(attributes) - 1)  # ctypes adds a zero byte
    ruleset = libc.syscall(_CREATE_RULESET, attributes, size, ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        for path, rights in rules.items():
            with suppress(OSError):  # then there are fewer rights, not more
                _allow(ruleset, path, rights)
        return libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:  # pragma: no cover  # as above
    """Leave some rights to one file."""
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place))
        libc.syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(place)


def _loader_of(program: str) -> str:
    """Return the path of the loader that a program asks for in its header; its own where it asks for none.

    Source:
        The ELF-64 object file format: file header and program header, `PT_INTERP`.
    """
    with open(program, "rb") as file:  # noqa: PTH123  # the interpreter
        head = file.read(64)
        (place,), (size, count) = struct.unpack_from("<Q", head, 32), struct.unpack_from("<2H", head, 54)
        for number in range(count):
            file.seek(place + number * size)
            kind, _, start, _, _, length = struct.unpack("<2I4Q", file.read(40))
            if kind == 3:  # PT_INTERP
                file.seek(start)
                return os.path.realpath(file.read(length).rstrip(b"\0").decode())
    return program


def _attributes(version: int, *, kept: int = 0) -> bytes:
    """Write `struct landlock_ruleset_attr`, as long as this version of the kernel knows it."""
    rights = (1 << max(bits for since, bits in _FILE_RIGHTS.items() if since <= version)) - 1 & ~kept
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


def _can_write_a_file() -> bool:  # pragma: no cover  # as above
    try:
        os.close(os.open(os.__file__, os.O_WRONLY | os.O_APPEND))  # the superuser could
    except OSError:
        return False
    return True
