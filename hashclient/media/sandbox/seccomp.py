"""Give up every system call that hashing does not need, by a seccomp filter of our own.

The filter is an allow-list: what is not named fails with EPERM, so that a library that tries
something harmless goes on, and a decoder that was taken over can neither open, connect, start,
signal nor trace anything. It is plain data until `give_up_system_calls` hands it to the kernel.
"""

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass
from typing import Final

from hashclient.media.sandbox import libc

_PROT_EXEC: Final = 4
_CLONE_THREAD: Final = 0x10000
_NAMESPACES: Final = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_PR_SET_NAME: Final = 15
_RLIMIT_CPU: Final = 0
_WHOLE: Final = 0xFFFFFFFF


@dataclass(frozen=True)
class _Where:
    """A condition on one argument: its low 32 bits, masked, equal a value."""

    argument: int
    mask: int
    value: int


@dataclass(frozen=True)
class _Call:
    """A system call that is allowed: its number on each machine, and what its arguments must be."""

    x86_64: int
    aarch64: int
    where: tuple[_Where, ...] = ()


_NOT_EXECUTABLE: Final = (_Where(2, _PROT_EXEC, 0),)

_ALLOWED: Final = {
    # The three pipes that are open already.
    "read": _Call(0, 63),
    "write": _Call(1, 64),
    "close": _Call(3, 57),
    "fstat": _Call(5, 80),
    "lseek": _Call(8, 62),
    "poll": _Call(7, 73),  # ppoll on aarch64, which has no other
    # Memory, never executable: no code comes in with a picture.
    "brk": _Call(12, 214),
    "mmap": _Call(9, 222, _NOT_EXECUTABLE),
    "mprotect": _Call(10, 226, _NOT_EXECUTABLE),
    "munmap": _Call(11, 215),
    "mremap": _Call(25, 216),
    "madvise": _Call(28, 233),
    # Threads of this process (the HEIF decoder starts one); never a new process or namespace.
    "clone": _Call(56, 220, (_Where(0, _CLONE_THREAD | _NAMESPACES, _CLONE_THREAD),)),
    "futex": _Call(202, 98),
    "membarrier": _Call(324, 283),
    "rseq": _Call(334, 293),
    "set_robust_list": _Call(273, 99),
    "sched_getaffinity": _Call(204, 123),
    "sched_yield": _Call(24, 124),
    "prctl": _Call(157, 167, (_Where(0, _WHOLE, _PR_SET_NAME),)),
    "exit": _Call(60, 93),
    "exit_group": _Call(231, 94),
    # Signals to itself, from the kernel.
    "rt_sigaction": _Call(13, 134),
    "rt_sigprocmask": _Call(14, 135),
    "rt_sigreturn": _Call(15, 139),
    "sigaltstack": _Call(131, 132),
    "restart_syscall": _Call(219, 128),
    # Time, randomness, and what the process is.
    "clock_gettime": _Call(228, 113),
    "clock_getres": _Call(229, 114),
    "clock_nanosleep": _Call(230, 115),
    "nanosleep": _Call(35, 101),
    "gettimeofday": _Call(96, 169),
    "getcpu": _Call(309, 168),
    "getpid": _Call(39, 172),
    "gettid": _Call(186, 178),
    "getrandom": _Call(318, 278),
    "getrusage": _Call(98, 165),
    "sysinfo": _Call(99, 179),
    "uname": _Call(63, 160),
    # Its own CPU limit, set anew for each picture under a hard limit that stays.
    "prlimit64": _Call(302, 261, (_Where(0, _WHOLE, 0), _Where(1, _WHOLE, _RLIMIT_CPU))),
}
_CLONE3: Final = 435  # on both; its flags lie in memory, which a filter cannot see
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_ARCHITECTURE: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1
_ALLOW: Final = 0x7FFF0000
_FAIL: Final = 0x00050000
_LOAD, _AND, _EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16


def give_up_system_calls() -> bool:  # pragma: no cover  # in a confined process, which can write no coverage
    """Install the filter on every thread of this process. It cannot be undone; NO_NEW_PRIVS must be set.

    Returns:
        Whether it holds: the machine is one that the filter is written for, the kernel took it,
        and a call outside the list was then really refused.

    Source:
        Linux `Documentation/userspace-api/seccomp_filter.rst`; call numbers from `unistd_64.h`
        and `asm-generic/unistd.h`.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURE or ctypes.sizeof(ctypes.c_void_p) != 8:  # a 32-bit process
        return False
    program = program_for(machine)
    instructions = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    arguments = (ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(_ALL_THREADS), ctypes.c_char_p(head))
    if libc.syscall(_SECCOMP[machine], *arguments) != 0:
        return False
    return libc.prctl(libc.PR_GET_SECCOMP) == -1


def program_for(machine: str) -> bytes:
    """Write the filter for `x86_64` or `aarch64`: instructions of classic BPF, 8 bytes each."""
    program = [
        *_unless(_ARCHITECTURE_AT, _ARCHITECTURE[machine]),
        _instruction(_LOAD, _NUMBER_AT),
    ]
    for call in _ALLOWED.values():
        number = call.x86_64 if machine == "x86_64" else call.aarch64
        allowed = _conditions(call.where)
        program += [_instruction(_EQUAL, number, 0, len(allowed)), *allowed]
    program += [
        _instruction(_EQUAL, _CLONE3, 0, 1),
        _fail(errno.ENOSYS),  # the C library then takes clone, whose flags can be seen
        _fail(errno.EPERM),
    ]
    return b"".join(program)


def _conditions(conditions: tuple[_Where, ...]) -> list[bytes]:
    """Allow where every condition holds, else fail; all of it ends in a return."""
    checks = []
    for where in conditions:
        checks += [
            _instruction(_LOAD, _ARGUMENTS_AT + 8 * where.argument),  # low half: both machines are little-endian
            _instruction(_AND, where.mask),
            _instruction(_EQUAL, where.value, 1, 0),
            _fail(errno.EPERM),
        ]
    return [*checks, _instruction(_RETURN, _ALLOW)]


def _unless(place: int, value: int) -> list[bytes]:
    """Fail unless the word at a place of `struct seccomp_data` has a value."""
    return [_instruction(_LOAD, place), _instruction(_EQUAL, value, 1, 0), _fail(errno.EPERM)]


def _fail(number: int) -> bytes:
    return _instruction(_RETURN, _FAIL | number)


def _instruction(code: int, constant: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Write `struct sock_filter`."""
    return struct.pack("=HBBI", code, if_true, if_false, constant)
