"""The sandbox, tried from inside by a process that confined itself."""

import json
import os
import platform
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hashclient.media.sandbox import landlock, libc, seccomp
from hashclient.media.sandbox.confine import Guard, Level, Protection, allow_cpu

linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

full = pytest.mark.skipif(
    not landlock.abi_version() or platform.machine() not in {"x86_64", "aarch64"},
    reason="this kernel has no Landlock (Linux 5.13), or the filter is not written for this machine",
)

PROBES = {
    "read": "open('/etc/passwd').read()",
    "read a file of its own": "open(__import__('hashclient').__file__).read()",
    "write": "open(folder + '/written', 'w')",
    "list": "os.listdir('/')",
    "make a folder": "os.mkdir(folder + '/made')",
    "remove": "os.unlink(folder + '/present')",
    "rename": "os.rename(folder + '/present', folder + '/moved')",
    "link": "os.symlink('/etc/passwd', folder + '/link')",
    "look at": "os.stat('/etc/passwd')",
    "change owner rights": "os.chmod(folder, 0o777)",
    "TCP": "socket.socket(socket.AF_INET).connect(('127.0.0.1', 9))",
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix socket": "socket.socket(socket.AF_UNIX)",
    "socket pair": "socket.socketpair()",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "fork": "os._exit(0) if os.fork() == 0 else None",
    "vfork through subprocess": "subprocess.Popen(['/bin/true'])",
    "exec": "os.execv('/bin/true', ['true'])",
    "ptrace": "call(libc.ptrace, 16, os.getppid(), 0, 0)",
    "memory of the parent": "open(f'/proc/{os.getppid()}/mem', 'rb')",
    "environment of the parent": "open(f'/proc/{os.getppid()}/environ', 'rb')",
    "memory of the parent by call": "call(libc.process_vm_readv, os.getppid(), 0, 0, 0, 0, 0)",
    "signal to the parent": "os.kill(os.getppid(), 0)",
    "own session": "os.setsid()",
    "own namespace": "call(libc.unshare, 0x10000000)",
    "another user": "os.setuid(1)",
    "new pipe": "os.pipe()",
    "io_uring": "call(libc.syscall, 425, 8, ctypes.create_string_buffer(256))",
    "bpf": "call(libc.syscall, 321, 0, ctypes.create_string_buffer(128), 128)",
    "userfaultfd": "call(libc.syscall, 323, 0)",
    "keyring": "call(libc.syscall, 250, 0, -3, 0)",
    "memory file": "os.memfd_create('x')",
    "terminal": "fcntl.ioctl(0, 0x5401, bytes(64))",
    "executable memory": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
    "more memory": "bytearray(1_500_000_000)",
    "higher limit": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "higher processor limit": "resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))",
}
"""What a decoder that was taken over would try."""

INSIDE = """
import ctypes, fcntl, json, mmap, os, resource, socket, subprocess, sys, threading
from hashclient.media.sandbox import confine, landlock, seccomp
probes, folder = json.loads(sys.argv[1]), sys.argv[2]
libc = ctypes.CDLL(None, use_errno=True)
def call(function, *arguments):
    if function(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")
def tried(probe):
    try:
        exec(compile(probe, "probe", "exec"), globals())
    except (OSError, MemoryError, ValueError) as error:
        return type(error).__name__
    return "done"
{before}
protection = {confine}
results = {{name: tried(probe) for name, probe in probes.items()}}
print(json.dumps({{"level": protection.level, "guards": sorted(protection.guards), "results": results}}))
"""
CONFINE = "confine.confine()"


def run_inside(folder: Path, probes: dict[str, str], *, before: str = "", confine: str = CONFINE) -> Any:
    """Try the probes in a process that confined itself; give its level, its guards and how each probe ended."""
    (folder / "present").write_text("here")
    folder.chmod(0o777)
    code = INSIDE.format(before=before, confine=confine)
    ended = subprocess.run(
        [sys.executable, "-I", "-B", "-c", code, json.dumps(probes), str(folder)],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return json.loads(ended.stdout)


def escaped(report: Any) -> set[str]:
    return {name for name, result in report["results"].items() if result == "done"}


@full
def test_every_probe_is_denied_at_level_full(tmp_path: Path) -> None:
    """A confined process reads, writes, connects, starts, traces and grows nothing."""
    report = run_inside(tmp_path, PROBES)
    assert report["level"] == "full", report["guards"]
    assert escaped(report) == set()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["present"]


@full
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_every_probe_is_denied_to_an_ordinary_user(tmp_path: Path) -> None:
    """The sandbox needs no rights to set itself up."""
    report = run_inside(tmp_path, PROBES, before="os.setgroups([]); os.setgid(65534); os.setuid(65534)")
    assert report["level"] == "full"
    assert escaped(report) == set()


LAST_CALL = 470
"""Beyond the last number of a system call that kernels have."""


@full
def test_every_system_call_that_is_not_named_is_denied(tmp_path: Path) -> None:
    """By its number, all of those there are: more than 400 ways that are not a decoder's business."""
    column = {"x86_64": 0, "aarch64": 1}[platform.machine()]
    named = {(call.x86_64, call.aarch64)[column] for call in seccomp._ALLOWED.values()}
    numbers = [
        number for number in range(LAST_CALL) if number not in named | {335, 336}
    ]  # of probes of the kernel's own
    assert len(numbers) > 400
    probe = "call(libc.syscall, {}, 0, 0, 0, 0, 0, 0)"
    report = run_inside(tmp_path, {str(number): probe.format(number) for number in numbers})
    assert set(report["results"].values()) <= {"PermissionError", "OSError"}
    others = {name for name, result in report["results"].items() if result != "PermissionError"}
    assert others <= {"435"}  # clone3, for which the C library has another way


THREADS = """
attributes, thread = ctypes.create_string_buffer(64), ctypes.c_ulong()
libc.pthread_attr_init(attributes)
libc.pthread_attr_setstacksize(attributes, ctypes.c_size_t(32 * 1024))
started = 0
while started < 4000 and not libc.pthread_create(ctypes.byref(thread), attributes, libc.sleep, ctypes.c_void_p(60)):
    started += 1
if started < 1000:
    raise MemoryError
"""


@full
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_threads_are_bounded_for_an_ordinary_user(tmp_path: Path) -> None:
    """Decoders need a few; thousands could stop the machine."""
    report = run_inside(tmp_path, {"threads": THREADS}, before="os.setgroups([]); os.setgid(65534); os.setuid(65534)")
    assert report["results"] == {"threads": "MemoryError"}


@pytest.mark.slow
@linux
def test_the_probes_can_see(tmp_path: Path) -> None:
    """Without the sandbox the same probes succeed, so that a denial means something."""
    blind = {"exec", "terminal", "TCP", "executable memory", "another user", "own session", "fork", "ptrace"}
    blind |= {"memory of the parent by call", "io_uring", "bpf", "userfaultfd", "keyring", "own namespace"}
    blind |= {"memory of the parent", "higher limit", "higher processor limit", "remove", "netlink"}
    probes = {name: probe for name, probe in PROBES.items() if name not in blind}
    report = run_inside(tmp_path, probes, confine="confine.Protection()")
    assert report["level"] == "none"
    assert set(probes) - escaped(report) == set()


@linux
def test_without_landlock_the_level_is_limited_and_the_rest_holds(tmp_path: Path) -> None:
    """A kernel without Landlock lowers the level; the system call filter still denies every probe."""
    report = run_inside(tmp_path, PROBES, before="landlock.abi_version = lambda: 0")
    assert (report["level"], "files" in report["guards"]) == ("limited", False)
    assert escaped(report) == set()


@full
def test_without_the_filter_the_level_is_limited_and_files_stay_closed(tmp_path: Path) -> None:
    """A machine that the filter is not written for says so, and still opens no file and takes no memory."""
    names = ["read", "write", "list", "make a folder", "remove", "rename", "TCP", "UDP", "unix socket", "more memory"]
    probes = {name: PROBES[name] for name in names}
    report = run_inside(tmp_path, probes, before="seccomp.platform.machine = lambda: 'riscv64'")
    assert (report["level"], "system-calls" in report["guards"]) == ("limited", False)
    assert escaped(report) == set()


@linux
def test_a_second_thread_lowers_the_level(tmp_path: Path) -> None:
    """Landlock binds one thread: where another runs already, the files guard is not claimed."""
    before = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    report = run_inside(tmp_path, {"read": PROBES["read"]}, before=before)
    assert (report["level"], "files" in report["guards"]) == ("limited", False)
    assert escaped(report) == set()


@linux
def test_a_thread_may_start_and_is_confined_too(tmp_path: Path) -> None:
    """The HEIF decoder needs a thread; what a thread tries is denied as well."""
    thread = """
ended = []
worker = threading.Thread(target=lambda: ended.append(tried("open('/etc/passwd')")))
worker.start()
worker.join()
if ended == ["PermissionError"]:
    raise ValueError("confined")
"""
    assert run_inside(tmp_path, {"thread": thread})["results"] == {"thread": "ValueError"}


@linux
def test_a_process_may_lower_its_processor_time_but_not_lift_it(tmp_path: Path) -> None:
    """The limit for one file is set anew for each, under a hard limit that stays."""
    allow = "confine.allow_cpu(5); assert resource.getrlimit(resource.RLIMIT_CPU)[1] == 1000"
    capped = "confine.allow_cpu(5000); assert resource.getrlimit(resource.RLIMIT_CPU) == (1000, 1000)"
    report = run_inside(tmp_path, {"allow": allow, "capped": capped})
    assert report["results"] == {"allow": "done", "capped": "done"}


def test_processor_time_without_a_hard_limit_is_still_bounded() -> None:
    """In a process with no hard limit the soft one is set, and nothing else."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_CPU)
    try:
        allow_cpu(3600)
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        assert 0 < soft < 3600 * 24
        assert hard == before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)


@full
def test_the_kernel_is_asked_without_changing_anything() -> None:
    """Asking for a version or a property works in any process, and a call that does not exist fails."""
    assert landlock.abi_version() >= 1
    assert libc.prctl(libc.PR_GET_SECCOMP) in {0, 2}
    assert libc.syscall(100_000) == -1


def test_levels_follow_the_guards() -> None:
    """All guards are full, none is none, any other set is limited."""
    assert Protection(frozenset(Guard)).level is Level.FULL
    assert Protection().level is Level.NONE
    assert all(Protection(frozenset(Guard) - {guard}).level is Level.LIMITED for guard in Guard)


@pytest.mark.parametrize(("version", "length"), [(1, 8), (2, 8), (3, 8), (4, 16), (5, 16), (6, 24), (7, 24), (99, 24)])
def test_landlock_asks_only_what_the_kernel_knows(version: int, length: int) -> None:
    """The ruleset has the length and the rights of the kernel's version of Landlock."""
    attributes = landlock._attributes(version)
    assert len(attributes) == length
    rights = struct.unpack("=Q", attributes[:8])[0]
    assert rights.bit_length() == {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    assert rights + 1 == 1 << rights.bit_length()


def judge(
    machine: str,
    number: int,
    arguments: tuple[int, ...] = (),
    *,
    architecture: int | None = None,
    write: Callable[[str], bytes] = seccomp.program_for,
) -> int:
    """Run a filter as the kernel would; give its verdict."""
    program = write(machine)
    instructions = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    architecture = seccomp._ARCHITECTURE[machine] if architecture is None else architecture
    words = struct.pack("=IIQ6Q", number, architecture, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    held, at = 0, 0
    while True:
        code, if_true, if_false, constant = instructions[at]
        at += 1
        if code == seccomp._RETURN:
            return int(constant)
        if code == seccomp._LOAD:
            held = struct.unpack_from("=I", words, constant)[0]
        elif code == seccomp._AND:
            held &= constant
        elif code == seccomp._AT_LEAST:
            at += if_true if held >= constant else if_false
        else:
            at += if_true if held == constant else if_false


FAILS = 0x00050001
ALLOWS = 0x7FFF0000


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_an_allow_list(machine: str) -> None:
    """Every number that is not listed fails, as does every number of another architecture."""
    listed = {getattr(call, machine) for call in seccomp._ALLOWED.values()}
    assert len(listed) == len(seccomp._ALLOWED)
    for number in {*range(600), 0x40000000, 0x40000001, 0xFFFFFFFF} - listed - {435}:
        assert judge(machine, number) == FAILS
    assert all(judge(machine, number, architecture=0x40000003) == FAILS for number in range(600))
    assert judge(machine, 435) == 0x00050026  # ENOSYS, so that the C library takes clone


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_conditions_look_at_the_arguments(machine: str) -> None:
    """A thread may be cloned and no process; memory is never executable; only its own CPU limit is set."""
    number = {name: getattr(call, machine) for name, call in seccomp._ALLOWED.items()}
    thread = 0x3D0F00
    assert judge(machine, number["clone"], (thread,)) == ALLOWS
    assert judge(machine, number["clone"], (17,)) == FAILS
    assert judge(machine, number["clone"], (thread | 0x40000000,)) == FAILS
    for name in ("mmap", "mprotect"):
        assert judge(machine, number[name], (0, 4096, 3)) == ALLOWS
        assert judge(machine, number[name], (0, 4096, 7)) == FAILS
    assert judge(machine, number["prlimit64"], (0, 0)) == ALLOWS
    assert judge(machine, number["prlimit64"], (1, 0)) == FAILS
    assert judge(machine, number["prlimit64"], (0, 9)) == FAILS
    assert judge(machine, number["prctl"], (15,)) == ALLOWS
    assert judge(machine, number["prctl"], (4,)) == FAILS


@pytest.mark.parametrize(
    ("header", "machine"),
    [("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "x86_64"), ("/usr/include/asm-generic/unistd.h", "aarch64")],
)
def test_call_numbers_are_the_kernels(header: str, machine: str) -> None:
    """The numbers in the table are those of the kernel's own headers."""
    if not Path(header).exists():
        pytest.skip("the kernel's headers are not installed here")
    pattern = re.compile(r"#define __NR(?:3264)?_(\w+)\s+(\d+)")
    kernel = {name: int(number) for name, number in pattern.findall(Path(header).read_text())}
    kernel["poll"] = kernel.get("poll", kernel["ppoll"])
    ours = {name: getattr(call, machine) for name, call in seccomp._ALLOWED.items()}
    assert ours == {name: kernel[name] for name in ours}
    refused = {name: getattr(call, machine) for name, call in seccomp._REFUSED.items()} | {
        "ioctl": getattr(seccomp._IOCTL, machine)
    }
    known = refused.keys() & kernel.keys()  # older headers lack the newest, arm64 the oldest
    assert len(known) > 60
    assert {name: refused[name] for name in known} == {name: kernel[name] for name in known}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_refusals_of_the_picture_half(machine: str) -> None:
    """What is listed fails, some of it only with some arguments, and the rest is let through."""
    write = seccomp.refusals_for
    listed = {getattr(call, machine): call for call in seccomp._REFUSED.values()}
    for number in range(600):
        others = (7, 7)
        assert judge(machine, number, others, write=write) == (FAILS if number in listed else ALLOWS)
    limits = listed[302 if machine == "x86_64" else 261]
    assert judge(machine, getattr(limits, machine), (0, 7), write=write) == ALLOWS
    ioctl = getattr(seccomp._IOCTL, machine)
    assert judge(machine, ioctl, (0, 0x5412), write=write) == FAILS  # TIOCSTI
    assert judge(machine, ioctl, (0, 0x5401), write=write) == ALLOWS  # TCGETS
    assert judge(machine, 0x40000000, write=write) == FAILS
    assert judge(machine, 0, architecture=0x40000003, write=write) == FAILS
