"""Take away from a process what decoding a picture, or opening files for those who decode them, does not need.

`confine` is called once, by the throw-away worker of `hashclient.prepare`, after everything is
imported and before the first byte of a person's file is seen; `close_off` by the picture half,
before the first file is opened. What was taken is reported, never assumed: each part that this
machine does not offer lowers the level of a worker. Starting, feeding and ending these processes
is left to `hashclient.prepare`.
"""

import signal
import sys
from dataclasses import dataclass, field
from enum import StrEnum

from hashclient.media.limits import MIB
from hashclient.media.sandbox import landlock, libc, seccomp

if sys.platform != "win32":  # pragma: no branch
    import resource  # here, because no file can be opened once `confine` has begun


class Guard(StrEnum):
    """One thing that was taken away."""

    NO_NEW_PRIVILEGES = "no-new-privileges"
    """It has no rights over others, also as the superuser, and could gain none (Linux capabilities, NO_NEW_PRIVS)."""
    NOT_DUMPABLE = "not-dumpable"
    """Other programs of the same user cannot read its memory, and a crash leaves no core file."""
    LIMITS = "limits"
    """Memory, processor time, size of files and number of open files are bounded."""
    FILES = "files"
    """No file can be opened and no TCP connection made (Landlock)."""
    SYSTEM_CALLS = "system-calls"
    """Only the system calls that hashing needs; no socket, process, signal or trace (seccomp)."""


class Level(StrEnum):
    """How far a machine protects itself from a harmful file."""

    FULL = "full"
    """Every guard holds."""
    LIMITED = "limited"
    """Some guards hold."""
    NONE = "none"
    """No guard holds."""


@dataclass(frozen=True)
class Protection:
    """What was taken away from one process."""

    guards: frozenset[Guard] = field(default_factory=frozenset)
    """The guards that hold, each checked when it was set."""

    @property
    def level(self) -> Level:
        """All guards are `full`, none is `none`, anything else is `limited`."""
        if self.guards == frozenset(Guard):
            return Level.FULL
        return Level.LIMITED if self.guards else Level.NONE


@dataclass(frozen=True)
class ConfineLimits:
    """How much a confined process may use."""

    memory_bytes: int = 1024 * MIB
    """Address space, bytes; an allocation beyond it fails."""
    cpu_seconds: int = 20
    """Processor time for one picture, or until a video is opened, seconds; beyond it the process ends."""
    cpu_seconds_in_all: int = 1_000
    """Processor time for the life of the process, seconds; it cannot be raised again."""
    more_threads: int = 512
    """Threads that all programs of this user may start from now on before this one can start none: a bound on what a
    harmful file can start, far from what decoders need. The kernel does not count those of the superuser."""


VIDEO_LIMITS = ConfineLimits(memory_bytes=1216 * MIB, cpu_seconds_in_all=600)
"""What a process may use that was made for one video, however long that is. Of the addresses about
200 MiB are libraries that are never read, so that less than 1 GiB of memory is really used."""


def confine(limits: ConfineLimits | None = None) -> Protection:  # pragma: no cover  # it could write no coverage
    """Take from this process files, network, other processes and more than `limits`. It cannot be undone.

    Call it in a process made to be thrown away, with one thread, with everything imported, and with
    no file open but pipes: the size of files is limited to 0.

    Args:
        limits: memory in bytes and processor time in seconds; None for the defaults.

    Returns:
        The guards that hold. None is silently off: the level says what is missing.
    """
    limits = limits or ConfineLimits()
    libc.keep_one_arena()
    threads = _threads_of_all()  # while files can be read
    held = {
        # In this order: Landlock and seccomp need the first, and seccomp refuses all the others.
        Guard.NO_NEW_PRIVILEGES: libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1) == 0 and libc.give_up_capabilities(),
        Guard.NOT_DUMPABLE: libc.prctl(libc.PR_SET_DUMPABLE, 0) == 0,
        Guard.FILES: landlock.give_up_files(),
        Guard.LIMITS: _set_limits(limits, threads),
        Guard.SYSTEM_CALLS: seccomp.give_up_system_calls(),
    }
    return Protection(frozenset(guard for guard, holds in held.items() if holds))


def _set_limits(limits: ConfineLimits, threads: int | None) -> bool:  # pragma: no cover  # as above
    """Set the limits that no later code of this process can raise; tell whether all were taken."""
    if sys.platform == "win32":
        return False
    hard = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_seconds_in_all,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 3,  # stdin, stdout, stderr; every further one is refused, a video is open already
        resource.RLIMIT_CORE: 0,
    }
    if threads is not None:
        hard[resource.RLIMIT_NPROC] = threads + limits.more_threads
    try:
        for kind, most in hard.items():
            resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):  # macOS takes no limit on addresses
        return False
    return True


def _threads_of_all() -> int | None:  # pragma: no cover  # as above
    """Count the threads of this machine, and so at least those of this user; None where it does not say."""
    try:
        with open("/proc/loadavg") as file:  # noqa: PTH123  # of the kernel
            return int(file.read().split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        return None


def end_with_parent() -> None:  # pragma: no cover  # in a worker, which can write no coverage
    """Have this process killed when its parent ends, however that ends; Linux only, and before `confine`.

    The kernel takes the *thread* that started this process for its parent. A parent that has ended before this call is
    not noticed here: it has closed this process's input.
    """
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)


def allow_cpu(seconds: int) -> None:
    """Allow this process `seconds` more of processor time from now on, within its hard limit."""
    if sys.platform != "win32":  # pragma: no branch
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        until = int(used.ru_utime + used.ru_stime) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def close_off() -> bool:  # pragma: no cover  # in the picture half, which can write no coverage
    """Take from this process what opening files and starting workers does not need. It cannot be undone.

    It can make no socket, write nothing, change no file's rights, times or attributes, and start no program but this
    interpreter and its loader; nor can what it starts. Of the superuser's rights only that of reading every file is
    left. It can still read files, talk through its open pipes, and signal its own workers.

    Returns:
        Whether all of it holds.
    """
    held = (
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1) == 0,
        libc.give_up_capabilities(kept=libc.CAP_DAC_READ_SEARCH) or libc.give_up_capabilities(),
        libc.prctl(libc.PR_SET_DUMPABLE, 0) == 0,
        landlock.give_up_writing_and_programs(),
        seccomp.give_up_sockets(),
    )
    return all(held)
