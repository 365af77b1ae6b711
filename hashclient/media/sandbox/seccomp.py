"""Give up every system call that hashing does not need, or that sends, by seccomp filters of our own.

The workers' filter is an allow-list: what is not named fails with EPERM, so that a library that tries
something harmless goes on, and a decoder that was taken over can neither open, connect, start,
signal nor trace anything. It is plain data until `give_up_system_calls` hands it to the kernel.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Callable
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

    def on(self, machine: str) -> int:
        """Return its number on `x86_64` or `aarch64`."""
        return self.x86_64 if machine == "x86_64" else self.aarch64


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
_REFUSED: Final = {
    # Sockets of any kind (no open one is left, so none can be used), and what others can read from memory.
    "socket": _Call(41, 198),
    "socketpair": _Call(53, 199),
    "io_uring_setup": _Call(425, 425),
    "io_uring_enter": _Call(426, 426),
    "io_uring_register": _Call(427, 427),
    "shmget": _Call(29, 194),
    "shmat": _Call(30, 196),
    "semget": _Call(64, 190),
    "msgget": _Call(68, 186),
    "mq_open": _Call(240, 180),
    # Programs and files that have no name, which Landlock does not see.
    "execveat": _Call(322, 281),
    "memfd_create": _Call(319, 279),
    "memfd_secret": _Call(447, 447),
    "open_by_handle_at": _Call(304, 265),
    # Other processes, their memory and their descriptors.
    "ptrace": _Call(101, 117),
    "process_vm_readv": _Call(310, 270),
    "process_vm_writev": _Call(311, 271),
    "pidfd_open": _Call(434, 434),
    "pidfd_getfd": _Call(438, 438),
    "kcmp": _Call(312, 272),
    # The system itself.
    "unshare": _Call(272, 97),
    "setns": _Call(308, 268),
    "mount": _Call(165, 40),
    "umount2": _Call(166, 39),
    "move_mount": _Call(429, 429),
    "fsopen": _Call(430, 430),
    "pivot_root": _Call(155, 41),
    "bpf": _Call(321, 280),
    "userfaultfd": _Call(323, 282),
    "perf_event_open": _Call(298, 241),
    "fanotify_init": _Call(300, 262),
    "add_key": _Call(248, 217),
    "request_key": _Call(249, 218),
    "keyctl": _Call(250, 219),
    "init_module": _Call(175, 105),
    "finit_module": _Call(313, 273),
    "syslog": _Call(103, 116),
    "mknodat": _Call(259, 33),
    # Queues, semaphores and memory of others, by their number.
    "msgsnd": _Call(69, 189),
    "msgctl": _Call(71, 187),
    "semop": _Call(65, 193),
    "semtimedop": _Call(220, 192),
    "semctl": _Call(66, 191),
    "shmctl": _Call(31, 195),
    "mq_unlink": _Call(241, 181),
    # What a file says beside its bytes, which Landlock does not see; and its end, where Landlock is older than that.
    "chmod": _Call(90, 53),
    "fchmod": _Call(91, 52),
    "fchmodat": _Call(268, 53),
    "fchmodat2": _Call(452, 452),
    "chown": _Call(92, 54),
    "fchown": _Call(93, 55),
    "lchown": _Call(94, 54),
    "fchownat": _Call(260, 54),
    "utime": _Call(132, 88),
    "utimes": _Call(235, 88),
    "futimesat": _Call(261, 88),
    "utimensat": _Call(280, 88),
    "setxattr": _Call(188, 5),
    "lsetxattr": _Call(189, 6),
    "fsetxattr": _Call(190, 7),
    "setxattrat": _Call(463, 463),
    "removexattr": _Call(197, 14),
    "lremovexattr": _Call(198, 15),
    "fremovexattr": _Call(199, 16),
    "removexattrat": _Call(466, 466),
    "file_setattr": _Call(469, 469),
    "truncate": _Call(76, 45),
    # Limits and turns of other processes.
    "prlimit64": _Call(302, 261, (_Where(0, _WHOLE, 0),)),
    "setpriority": _Call(141, 140),
    "ioprio_set": _Call(251, 30),
    "sched_setaffinity": _Call(203, 122),
    "sched_setparam": _Call(142, 118),
    "sched_setscheduler": _Call(144, 119),
    "sched_setattr": _Call(314, 274),
}
"""What the parent of workers does without, or may do only with some arguments. It is a list of what is refused, because
starting a process takes more calls than hashing does; Landlock refuses the rest."""
_IOCTL: Final = _Call(16, 29)
_COMMANDS_REFUSED: Final = (
    0x5412,  # TIOCSTI: keys typed at the person's terminal, which needs no right to write
    0x541C,  # TIOCLINUX: the same at a console
    0x40086602,  # FS_IOC_SETFLAGS: marks of a file, on one that is open for reading
    0x401C5820,  # FS_IOC_FSSETXATTR: likewise
)
_OTHER_NUMBERS: Final = 0x40000000
"""From here on x86-64 has other numbers for the same calls."""
_CLONE3: Final = 435  # on both; its flags lie in memory, which a filter cannot see
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_ARCHITECTURE: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1
_ALLOW: Final = 0x7FFF0000
_FAIL: Final = 0x00050000
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16


def give_up_system_calls() -> bool:  # pragma: no cover  # in a confined process, which can write no coverage
    """Allow every thread of this process what hashing needs. It cannot be undone; NO_NEW_PRIVS must be set.

    Returns:
        Whether it holds: the machine is one that the filter is written for, the kernel took it,
        and a call outside the list was then really refused.

    Source:
        Linux `Documentation/userspace-api/seccomp_filter.rst`; call numbers from `unistd_64.h`
        and `asm-generic/unistd.h`.
    """
    return _install(program_for) and libc.prctl(libc.PR_GET_SECCOMP) == -1


def give_up_sockets() -> bool:  # pragma: no cover  # as above
    """Refuse every thread of this process, and whatever it starts, the making of sockets and the rest of `_REFUSED`.

    Returns:
        Whether it holds, as for `give_up_system_calls`.
    """
    return _install(refusals_for) and libc.syscall(_REFUSED["socket"].on(platform.machine()), 1, 1, 0) == -1


def _install(write: Callable[[str], bytes]) -> bool:  # pragma: no cover  # as above
    machine = platform.machine()
    if machine not in _ARCHITECTURE or ctypes.sizeof(ctypes.c_void_p) != 8:  # a 32-bit process
        return False
    program = write(machine)
    instructions = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    arguments = (ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(_ALL_THREADS), ctypes.c_char_p(head))
    return libc.syscall(_SECCOMP[machine], *arguments) == 0


def refusals_for(machine: str) -> bytes:
    """Write the filter of `give_up_sockets`, as `program_for` writes that of `give_up_system_calls`."""
    program = [
        *_unless(_ARCHITECTURE_AT, _ARCHITECTURE[machine]),
        _instruction(_LOAD, _NUMBER_AT),
        _instruction(_AT_LEAST, _OTHER_NUMBERS, 0, 1),
        _fail(errno.EPERM),
    ]
    for call in _REFUSED.values():
        refused = _conditions(call.where) if call.where else [_fail(errno.EPERM)]
        program += [_instruction(_EQUAL, call.on(machine), 0, len(refused)), *refused]
    program += [
        _instruction(_EQUAL, _IOCTL.on(machine), 1, 0),
        _instruction(_RETURN, _ALLOW),
        _instruction(_LOAD, _ARGUMENTS_AT + 8),
    ]
    for command in _COMMANDS_REFUSED:
        program += [_instruction(_EQUAL, command, 0, 1), _fail(errno.EPERM)]
    return b"".join((*program, _instruction(_RETURN, _ALLOW)))


def program_for(machine: str) -> bytes:
    """Write the filter for `x86_64` or `aarch64`: instructions of classic BPF, 8 bytes each."""
    program = [
        *_unless(_ARCHITECTURE_AT, _ARCHITECTURE[machine]),
        _instruction(_LOAD, _NUMBER_AT),
    ]
    for call in _ALLOWED.values():
        allowed = _conditions(call.where)
        program += [_instruction(_EQUAL, call.on(machine), 0, len(allowed)), *allowed]
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
