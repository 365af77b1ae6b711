"""Whole runs, traced from outside by strace: which sockets are made, what is written, which programs are started."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.command_line import DECLARED, PROGRAM, Served, environment

ROOT = Path(__file__).resolve().parents[2]
PICTURES = [str(path) for path in sorted((ROOT / "examples" / "pictures").glob("*.jpg"))[:3]]
CALLS = "%network,open,openat,openat2,creat,execve,execveat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,mknod,mknodat,truncate,ftruncate,unlink,unlinkat,memfd_create,shmget,mq_open,io_uring_setup,prctl"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
]


class Trace:
    """What all processes of a run asked the kernel for."""

    def __init__(
        self, folder: Path, *arguments: str, fds: tuple[int, ...] = (), program: list[str] = PROGRAM, **more: str
    ) -> None:
        file = folder / "trace"
        command = ["strace", "-f", "-qq", "-s", "200", "-e", f"trace={CALLS}", "-o", str(file), *program, *arguments]
        settings = {name: value for name, value in environment(folder).items() if not name.startswith("COV")}
        done = subprocess.run(
            command, env=settings | more, capture_output=True, text=True, pass_fds=fds, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stderr
        self.lines = file.read_text().splitlines()

    def matching(self, pattern: str) -> list[str]:
        return [line for line in self.lines if re.search(pattern, line)]

    def written(self) -> set[str]:
        """Give the names of files that were opened for writing, made, renamed or removed, where that worked."""
        opened = self.matching(r"open(at|at2)?\(.*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND).* = \d+$")
        changed = self.matching(r"\b(creat|rename\w*|mkdir\w*|link\w*|symlink\w*|mknod\w*|truncate|unlink\w*)\(.* = 0$")
        names = {name for line in (*opened, *changed) for name in re.findall(r'"([^"]*)"', line)[:1]}
        return names - {"/dev/null", "/dev/tty"}

    def openers_of(self, paths: list[str]) -> set[str]:
        """Give the numbers of the threads that opened some files."""
        opened = self.matching(r"open(at|at2)?\(.* = \d+$")
        return {line.split()[0] for line in opened if any(f'"{path}"' in line for path in paths)}

    def sockets(self) -> list[str]:
        return self.matching(r"\b(socket|connect|sendto|sendmsg|bind|listen|accept4?)\(.* = (0|\d+)$")


def test_hashing_makes_no_socket_writes_nothing_and_starts_only_workers(tmp_path: Path) -> None:
    """Over several files, whatever the code that opens them would do."""
    trace = Trace(tmp_path, "hash", "--research", *PICTURES)
    assert trace.sockets() == []
    assert {
        name for name in trace.written() if not name.endswith((".pyc", "__pycache__")) and ".pyc." not in name
    } == set()
    assert trace.matching(r"memfd_create|shmget|mq_open|io_uring_setup") == []
    started = trace.matching(r"execve\(.* = 0$")
    assert all(sys.executable in line or os.path.realpath(sys.executable) in line for line in started)
    assert sum("hashclient.prepare.worker" in line for line in started) >= 1
    opened = trace.openers_of(PICTURES)
    main = trace.lines[0].split()[0]
    assert opened
    assert main not in opened  # the process that could send never opens a person's file
    hardened = trace.matching(r"prctl\(PR_SET_DUMPABLE, (0|SUID_DUMP_DISABLE)\) += 0")
    assert main in {line.split()[0] for line in hardened}
    assert len({line.split()[0] for line in hardened}) >= 3  # and so are the one that opens files, and a worker


def test_submitting_reaches_the_service_and_nothing_else(tmp_path: Path, service: Served) -> None:
    """One address, from the one process that never opens a person's file, and no file is written."""
    reading, writing = os.pipe()
    try:
        trace = Trace(
            tmp_path,
            *("submit", *PICTURES, *DECLARED, "--altered", "no", "--endpoint", service.origin),
            *("--credentials-fd", str(writing), "--send"),
            fds=(writing,),
        )
    finally:
        os.close(reading)
        os.close(writing)
    port = service.origin.rpartition(":")[2]
    connected = trace.matching(r"connect\(.*sa_family")
    assert connected
    assert all(f"htons({port})" in line and "127.0.0.1" in line for line in connected), connected
    main = trace.lines[0].split()[0]
    assert main in {line.split()[0] for line in trace.sockets()}
    assert {name for name in trace.written() if ".pyc" not in name and not name.endswith("__pycache__")} == set()
    opened = trace.openers_of(PICTURES)
    assert opened
    assert opened.isdisjoint(line.split()[0] for line in trace.sockets())


def test_no_file_tells_which_verb_was_used(tmp_path: Path) -> None:
    """Where Python compiles what it imports, the same files are compiled whatever was asked for."""
    package = tmp_path / "copy" / "hashclient"
    shutil.copytree(ROOT / "hashclient", package, ignore=shutil.ignore_patterns("__pycache__"))

    def compiled(*arguments: str) -> set[str]:
        for folder in list(package.rglob("__pycache__")):
            shutil.rmtree(folder)
        settings = environment(tmp_path) | {"PYTHONPATH": str(package.parent)}
        settings.pop("PYTHONDONTWRITEBYTECODE", None)
        subprocess.run([*PROGRAM, *arguments], env=settings, capture_output=True, check=False, cwd="/")
        return {path.relative_to(package).as_posix() for path in package.rglob("*.pyc")}

    hashed = compiled("hash", "--research", *PICTURES)
    assert hashed == compiled("status", "--endpoint", "http://127.0.0.1:1") == compiled("--help")
    assert not any(
        name.startswith(("prepare", "client", "cli/__pycache__/hash", "cli/__pycache__/status")) for name in hashed
    )
