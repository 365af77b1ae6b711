"""The picture half: the same results as without it, nothing but checked answers out of it, and its end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import psutil
import pytest

from hashclient.errors import (
    AgeGateError,
    BrokenMediaError,
    EmptyMediaError,
    FolderError,
    MissingMediaError,
    NoSandboxError,
    NotAFileError,
    PictureHalfError,
    UnreadableMediaError,
    UnsupportedMediaError,
    UsageError,
)
from hashclient.hashing.reposts.levels import frame_variants
from hashclient.media.sandbox.confine import Level
from hashclient.model import Declarations
from hashclient.prepare import Batching, Coverage, HashOptions, Look, Prepared, Session, Skipped, apart, hash_files
from hashclient.prepare.apart import PictureHalf, can_close_off, hash_apart
from hashclient.prepare.file import Looker
from hashclient.vocabulary import Content, Depicted, Reason, SignalType
from kit.bad_pictures import picture, saved
from kit.processes import is_gone
from kit.videos import coded

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the picture half is a process of its own on Linux only"
)

APART = HashOptions(apart=True)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Write files of every fate: hashed, animated, a video, damaged, foreign, empty, a folder, missing."""
    other = picture(64, 48).rotate(90, expand=False)
    contents = {
        "one.jpg": saved("JPEG", picture(200, 150)),
        "cut.jpg": saved("JPEG", picture(200, 150))[:9000],
        "moving.gif": saved("GIF", picture(), save_all=True, append_images=[other], duration=400),
        "film.mp4": coded("mp4 h264"),
        "half.mp4": coded("mp4 h264")[:-700],
        "text.jpg": b"This is a letter.\n" * 30,
        "old.wmv": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(2000),
        "scan.tiff": b"II*\0" + bytes(100),
        "hole.webp": saved("WEBP", picture(160, 120), lossless=True),
        "empty.png": b"",
        "n\udcffame\n.png": saved("PNG"),
    }
    hole = contents["hole.webp"]
    contents["hole.webp"] = hole[:20_000] + bytes(512) + hole[20_512:]
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    return [*(tmp_path / name for name in contents), tmp_path / "folder", tmp_path / "pipe", tmp_path / "missing"]


def plain(results: Iterator[Prepared]) -> list[tuple[object, ...]]:
    """Give what can be compared: errors are equal by their type and words."""
    return [
        (
            *(one.path, one.position, one.content, one.signals, one.times, one.protection),
            *((type(skipped.reason), skipped.sentence, skipped.hint) for skipped in one.skipped),
        )
        for one in results
    ]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"coverage": Coverage.WIDE, "inner": True},
        {"types": (SignalType.MD5,)},
        {"types": (SignalType.PHASH, SignalType.SHA256)},
        {"sandbox": False},
    ],
    ids=str,
)
def test_everything_is_as_without_it(files: list[Path], options: dict[str, object]) -> None:
    """Hashes, times, levels, and the words for what was left out, of every kind of file."""
    here = plain(hash_files(files, options=HashOptions(**options)))  # type: ignore[arg-type]
    assert plain(hash_files(files, options=HashOptions(apart=True, **options))) == here  # type: ignore[arg-type]
    assert len(here) == len(files)


def test_files_are_taken_when_there_is_room_for_them(files: list[Path]) -> None:
    """No more paths are asked for than may wait, however many there are."""
    taken = []

    def paths() -> Iterator[Path]:
        for number in range(1000):
            taken.append(number)
            yield files[0]

    hashed = hash_files(paths(), options=APART, batching=Batching(pending=3))
    next(hashed)
    assert len(taken) < 10
    hashed.close()


def test_an_error_of_the_caller_comes_through(files: list[Path]) -> None:
    """What goes wrong while paths are found is raised as it is, and the process ends."""

    def paths() -> Iterator[Path]:
        yield files[0]
        raise UsageError("No more.")

    with pytest.raises(UsageError, match="No more"):
        list(hash_files(paths(), options=APART))


def test_a_half_that_cannot_be_closed_off_is_refused_where_that_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """And used where it is not; doctor says so."""
    monkeypatch.setattr(apart, "close_off", lambda: False)
    assert not can_close_off()
    with pytest.raises(NoSandboxError):
        list(hash_files([], options=HashOptions(apart=True, require_full=True)))
    assert list(hash_files([], options=APART)) == []


def test_what_was_hashed_without_it_is_not_called_full(monkeypatch: pytest.MonkeyPatch, files: list[Path]) -> None:
    """The level of a result is that of the weakest process that saw the file."""
    monkeypatch.setattr(apart, "close_off", lambda: False)
    (result,) = hash_files(files[:1], options=APART)
    assert result.protection is Level.LIMITED


def test_this_machine_closes_it_off() -> None:
    """Where tests run, the kernel has all that it takes."""
    assert can_close_off()


FRAME_REPOST = frame_variants(Coverage.STANDARD)[0]


def said_by(*lines: object, options: HashOptions | None = None) -> list[Prepared]:
    """Have a picture half answer with some lines, raw bytes as they are."""

    def lying(paths: Iterator[Path]) -> Generator[Prepared]:
        next(paths)
        for line in lines:
            os.write(1, line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
        time.sleep(0.2)
        os._exit(0)
        yield  # type: ignore[unreachable]  # it is a generator

    return list(hash_apart(iter([Path("one")]), options or HashOptions(), lying))


GOOD = {
    "content": "image",
    "rows": [["pdq", "0f" * 32, 90, "original"]],
    "times": [],
    "skipped": [],
    "protection": "full",
}
VIDEO = GOOD | {"content": "video", "rows": [["vpdq", "0f" * 32, 90, None]], "times": [0]}
LIES: dict[str, list[object]] = {
    "nothing": [],
    "no JSON": [b"hello\n"],
    "a line without end": [b"{"],
    "a number": [7],
    "deep": [b"[" * 100_000 + b"\n"],
    "too long": [b"[" + b"1," * 2_000_000 + b"1]\n"],
    "an unknown error": [{"error": "KeyboardInterrupt"}],
    "an error with words": [{"error": "BrokenMediaError", "words": "a name"}],
    "a field too many": [GOOD | {"name": "holiday.jpg"}],
    "a field too few": [{key: value for key, value in GOOD.items() if key != "times"}],
    "no hex": [GOOD | {"rows": [["pdq", "holiday", 90, "original"]]}],
    "another type": [GOOD | {"rows": [["phash", "0f" * 8, None, "original"]]}],
    "another variant": [GOOD | {"rows": [["pdq", "0f" * 32, 90, "mirror"]]}],
    "text for a variant": [GOOD | {"rows": [["pdq", "0f" * 32, 90, "holiday"]]}],
    "two where one was asked": [GOOD | {"rows": [["pdq", digit * 64, 90, "original"] for digit in "ab"]}],
    "a frame of a picture": [GOOD | {"rows": [["vpdq", "0f" * 32, 90, None]]}],
    "a video's time too few": [VIDEO | {"times": []}],
    "a time below 0": [VIDEO | {"times": [-1]}],
    "a time that is text": [VIDEO | {"times": ["holiday"]}],
    "7,210 frames": [VIDEO | {"rows": [["vpdq", f"{n:064x}", 90, None] for n in range(7210)], "times": [0] * 7210}],
    "five frames as pictures": [VIDEO | {"rows": [["pdq", f"{n:064x}", 90, "frame"] for n in range(5)], "times": []}],
    "a picture inside that nobody asked for": [GOOD | {"inner": [[["pdq", "f0" * 32, 90, "original"]], 40]}],
    "a repost of a frame that nobody asked for": [
        VIDEO | {"rows": [["vpdq", "0f" * 32, 90, FRAME_REPOST]], "times": []}
    ],
    "a reason of its own": [GOOD | {"skipped": [["It was holiday.jpg", True]]}],
    "a reason with words": [GOOD | {"skipped": [["BrokenMediaError", "holiday"]]}],
    "a level of its own": [GOOD | {"protection": "total"}],
    "content of its own": [GOOD | {"content": "holiday"}],
    "nine reasons": [GOOD | {"skipped": [["damaged", True]] * 9}],
    "two answers for one file": [GOOD, GOOD],
    "an answer without a file": [GOOD, {"next": False}],
    "an end before the answer": [{"done": True}],
    "a file more when there is none": [{"next": True}, {"next": True}, GOOD, {"done": True}],
}


INSIDE = ["pdq", "f0" * 32, 90, "original"]
NO_INNER: dict[str, object] = {
    "no rows": [[], 40],
    "nothing of it": [[INSIDE], 0],
    "more than all of it": [[INSIDE], 101],
    "text for a share": [[INSIDE], "holiday"],
    "a share that is true": [[INSIDE], True],
    "no share": [[INSIDE]],
    "two shares": [[INSIDE], 40, 40],
    "a digest": [[["md5", "f0" * 16, None, None]], 40],
    "a digest beside a hash": [[INSIDE, ["md5", "f0" * 16, None, None]], 40],
    "a hash twice": [[INSIDE, INSIDE], 40],
    "another variant": [[["pdq", "f0" * 32, 90, "mirror"]], 40],
    "another type": [[["phash", "f0" * 8, None, "original"]], 40],
    "a frame": [[["vpdq", "f0" * 32, 90, None]], 40],
    "no list": {"holiday": 40},
    "nothing": None,
}


@pytest.mark.parametrize("name", NO_INNER)
def test_a_lie_about_the_picture_inside_is_no_result(name: str) -> None:
    """No share of it, no hash of it, or what only a whole file has; and none of what is no picture."""
    options = HashOptions((SignalType.PDQ, SignalType.MD5), inner=True)
    with pytest.raises(PictureHalfError) as raised:
        said_by(GOOD | {"inner": NO_INNER[name]}, {"done": True}, options=options)
    assert "holiday" not in raised.value.sentence + raised.value.hint


def test_the_picture_inside_is_taken() -> None:
    """With its share; of what moves there is none, and no word more than that."""
    options = HashOptions(inner=True)
    (whole,) = said_by(GOOD | {"inner": [[INSIDE], 40]}, {"done": True}, options=options)
    assert whole.inner is not None
    assert (whole.inner.percent, whole.inner.signals[0].value) == (40, "f0" * 32)
    for lie in (VIDEO | {"inner": [[INSIDE], 40]}, GOOD | {"inner": [[INSIDE], 40], "outer": 1}):
        with pytest.raises(PictureHalfError):
            said_by(lie, {"done": True}, options=options)


def test_reposts_of_frames_are_taken_with_the_level_that_asks_for_them() -> None:
    """Times are those of the frames alone; a variant that is none of them is a lie."""
    options = HashOptions(coverage=Coverage.STANDARD)
    rows = [["vpdq", "0f" * 32, 90, None], ["vpdq", "f0" * 32, 90, FRAME_REPOST]]
    (video,) = said_by(VIDEO | {"rows": rows, "times": [1500]}, {"done": True}, options=options)
    assert (video.times, [signal.variant for signal in video.signals]) == ((1.5,), [None, FRAME_REPOST])
    for times, variant in (([1500, 1600], FRAME_REPOST), ([1500], "holiday")):
        lie = VIDEO | {"rows": [rows[0], ["vpdq", "f0" * 32, 90, variant]], "times": times}
        with pytest.raises(PictureHalfError):
            said_by(lie, {"done": True}, options=options)


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_no_result(name: str) -> None:
    """What the other process never says stops the work, in words of our own, and ends it."""
    with pytest.raises(PictureHalfError) as raised:
        said_by(*LIES[name])
    assert "holiday" not in raised.value.sentence + raised.value.hint


@pytest.mark.parametrize(
    ("said", "content", "error"),
    [
        (["EmptyMediaError", False], "image", EmptyMediaError),
        (["FolderError", False], "image", FolderError),
        (["UnreadableMediaError", False], "image", UnreadableMediaError),
        (["BrokenMediaError", False], "video", BrokenMediaError),
        (["UnsupportedMediaError", True], "video", UnsupportedMediaError),
        (["UnsupportedMediaError", False], "image", UnsupportedMediaError),
    ],
)
def test_reasons_get_our_own_words(said: list[object], content: str, error: type[BrokenMediaError]) -> None:
    """Those that `Skipped.because` gives."""
    (result,) = said_by(GOOD | {"content": content, "rows": [], "skipped": [said]}, {"done": True})
    expected = Skipped.because(error(), content=Content(content) if said[1] else None)
    (skipped,) = result.skipped
    assert (type(skipped.reason), skipped.sentence, skipped.hint) == (error, expected.sentence, expected.hint)


def test_what_is_true_is_taken() -> None:
    """The good answers that the lies are made from."""
    (image,) = said_by(GOOD | {"skipped": [["damaged", True]]}, {"done": True})
    assert (image.skipped[0].reason, image.protection) == (Reason.DAMAGED, Level.FULL)
    (video,) = said_by(VIDEO | {"times": [1500]}, {"done": True})
    assert video.times == (1.5,)


def test_an_end_before_the_last_file_is_a_lie() -> None:
    """No file is left out without a word."""

    def lying(_: Iterator[Path]) -> Generator[Prepared]:
        yield from ()

    with pytest.raises(PictureHalfError):
        list(hash_apart(iter([Path("one")]), HashOptions(), lying))


def test_an_answer_is_whole_after_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with Ctrl-Z and `fg`, while a long answer waits for room in the pipe."""
    rows = [["vpdq", f"{number:064x}", 90, None] for number in range(7000)]
    monkeypatch.setattr(apart, "_answer", lambda _: VIDEO | {"rows": rows, "times": [0] * len(rows)})

    class Stopped(apart._Half):
        reads = 0

        def read(self) -> object:
            self.reads += 1
            if self.reads == 3:  # after the greeting and the question for a file
                for sent in (signal.SIGSTOP, signal.SIGCONT):
                    time.sleep(0.2)
                    os.kill(self._pid, sent)
                time.sleep(0.2)
            return super().read()

    def hashing(paths: Iterator[Path]) -> Generator[Prepared]:
        yield from paths  # type: ignore[misc]  # what is answered is above

    monkeypatch.setattr(apart, "_Half", Stopped)
    (result,) = hash_apart(iter([Path("one")]), HashOptions(), hashing)
    assert len(result.signals) == len(rows)


def run_alone(program: str, *arguments: str) -> str:
    """Run a program in an interpreter of its own; give what it printed."""
    return subprocess.run(
        [sys.executable, "-c", ALONE + program, *arguments], capture_output=True, text=True, check=True, timeout=60
    ).stdout


ALONE = """
import os, resource, signal, socket, sys
from pathlib import Path
from hashclient.prepare import HashOptions, hash_files
from hashclient.prepare.apart import hash_apart
"""


def test_no_descriptor_comes_along() -> None:
    """Not even one whose number is above a limit that was lowered after it was opened."""
    said = run_alone("""
ours, theirs = socket.socketpair()
os.dup2(theirs.fileno(), 900)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

def leaking(paths):
    try:
        os.write(900, b"picture")
    except OSError:
        pass
    yield from paths

list(hash_apart(iter([]), HashOptions(), leaking))
ours.setblocking(False)
try:
    print(ours.recv(100))
except BlockingIOError:
    print("nothing")
""")
    assert said == "nothing\n"


def test_children_that_are_taken_no_notice_of(files: list[Path]) -> None:
    """A program inherits it from whoever started it that ended children are not waited for."""
    said = run_alone(
        """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
(one,) = hash_files([Path(sys.argv[1])], options=HashOptions(apart=True))
print(len(one.signals) > 0)
""",
        str(files[0]),
    )
    assert said == "True\n"


def test_ctrl_c_at_the_fork_makes_no_second_program() -> None:
    """It reaches both processes; only one of them goes on with what the program does after it."""
    said = run_alone("""
fork = os.fork

def interrupted():
    number = fork()
    os.kill(os.getpid(), signal.SIGINT)
    return number

os.fork = interrupted
try:
    list(hash_files([], options=HashOptions(apart=True)))
except KeyboardInterrupt:
    print("stopped", flush=True)
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("alone", flush=True)
""")
    assert said == "stopped\nalone\n"


def test_one_that_is_killed_is_told(files: list[Path]) -> None:
    """As when memory runs out: the results before it were given, and no process is left."""
    hashed = hash_files(files[:1] * 50, options=APART, batching=Batching(pending=2))
    next(hashed)
    (half,) = children_of(os.getpid())
    workers = children_of(half)
    assert workers
    os.kill(half, signal.SIGKILL)
    with pytest.raises(PictureHalfError):
        list(hashed)
    for one in (half, *workers):
        assert is_gone(one)


def children_of(parent: int) -> list[int]:
    return [one.pid for one in psutil.Process(parent).children() if one.status() != psutil.STATUS_ZOMBIE]


def test_closing_ends_it_with_its_workers(files: list[Path]) -> None:
    """Nobody has to wait for files that are no longer wanted."""
    hashed = hash_files(files[:1] * 50, options=APART, batching=Batching(pending=2))
    next(hashed)
    (half,) = children_of(os.getpid())
    workers = children_of(half)
    assert workers
    hashed.close()
    for one in (half, *workers):
        assert is_gone(one)


PROBES = {
    "a socket": "socket.socket()",
    "a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW)",
    "a unix socket": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "socket.socketpair()",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "a packet socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "a name": "socket.getaddrinfo('localhost', 80, type=socket.SOCK_STREAM) and socket.create_connection(('127.0.0.1', 9))",
    "io_uring": "call(425, 8, 0)",
    "the other numbers": "call(0x40000000 | 41, 2, 1, 0)",
    "a program": "subprocess.run(['/bin/ls'], check=True)",
    "a shell": "os.system('true') and refuse()",
    "a program without a name": "os.memfd_create('x')",
    "execveat": "call(322 if x86 else 281, 0, 0, 0, 0, 0)",
    "a new file": "open(folder + '/new', 'wb')",
    "an existing file": "open(folder + '/there', 'r+b')",
    "an appended file": "open(folder + '/there', 'ab')",
    "a shortened file": "os.truncate(folder + '/there', 0)",
    "a folder": "os.mkdir(folder + '/new')",
    "a link": "os.symlink('x', folder + '/new')",
    "a hard link": "os.link(folder + '/there', folder + '/new')",
    "another name": "os.rename(folder + '/there', folder + '/new')",
    "removal": "os.unlink(folder + '/there')",
    "a named pipe": "os.mkfifo(folder + '/new')",
    "a device": "os.mknod(folder + '/new', 0o600 | 0o020000, os.makedev(1, 3))",
    "the terminal": "open('/dev/tty', 'w')",
    "shared memory": "open('/dev/shm/hashclient-probe', 'wb')",
    "old shared memory": "call(29 if x86 else 194, 0, 4096, 0o1600)",
    "a message queue": "call(68 if x86 else 186, 0, 0o1600)",
    "a new message queue": "call(240 if x86 else 180, b'probe', os.O_CREAT | os.O_RDWR, 0o600, 0)",
    "a signal to the other process": "os.kill(os.getppid(), 0)",
    "a signal to the first process": "os.kill(1, 0)",
    "its memory": "open(f'/proc/{os.getppid()}/mem', 'r+b')",
    "a trace of it": "call(101 if x86 else 117, 16, os.getppid(), 0, 0)",
    "its memory by a call": "call(310 if x86 else 270, os.getppid(), 0, 0, 0, 0, 0)",
    "its descriptor": "call(434, os.getppid(), 0)",
    "a name space": "call(272 if x86 else 97, 0x40000000)",
    "a mount": "call(165 if x86 else 40, b'none', b'/', b'tmpfs', 0, 0)",
    "bpf": "call(321 if x86 else 280, 0, 0, 0)",
    "userfaultfd": "call(323 if x86 else 282, 0)",
    "events of the processor": "call(298 if x86 else 241, 0, 0, 0, 0, 0)",
    "keys": "call(250 if x86 else 219, 0, 0)",
    "the log of the system": "call(103 if x86 else 116, 3, 0, 0)",
    "fanotify": "call(300 if x86 else 262, 0, 0)",
    "a message to a queue by its number": "call(69 if x86 else 189, 1, bytes([1] * 9), 1, 0)",
    "a semaphore by its number": "call(65 if x86 else 193, 1, 0, 0)",
    "the value of a semaphore": "call(66 if x86 else 191, 0, 0, 16, 1)",
    "the rights of a file": "os.chmod(folder + '/there', 0o666)",
    "the rights of an open file": "os.fchmod(os.open(folder + '/there', os.O_RDONLY), 0o666)",
    "the rights of a file by the newest call": "call(452, -100, os.fsencode(folder + '/there'), 0o666, 0)",
    "the owner of a file": "os.chown(folder + '/there', -1, os.getgid())",
    "the times of a file": "os.utime(folder + '/there')",
    "an attribute of a file": "os.setxattr(folder + '/there', 'user.probe', b'picture')",
    "an attribute that is removed": "os.removexattr(folder + '/there', 'user.probe')",
    "marks of a file": "fcntl.ioctl(os.open(folder + '/there', os.O_RDONLY), 0x40086602, bytes(8))",
    "limits of the other process": "resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0))",
    "turns of the other process": "os.sched_setaffinity(os.getppid(), {0})",
    "rank of the other process": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 0)",
}
ALLOWED = {
    "a person's file": "open(folder + '/there', 'rb').read() == b'there' or refuse()",
    "this interpreter": "subprocess.run([sys.executable, '-c', '1'], check=True)",
    "nothing": "open('/dev/null', 'wb').write(b'x')",
    "its own limits": "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
    "a command to a device": "call(16 if x86 else 29, 0, 0x541B, bytes(8))",  # FIONREAD, of the pipe
}

NO_CAPABILITIES = (
    "int(Path('/proc/self/status').read_text().partition('CapPrm:')[2].split()[0], 16) in {0, 1 << 2} or refuse()"
)
"""None, or that of reading every file."""

PROBING = """
import ctypes, fcntl, os, platform, resource, socket, subprocess, sys
from pathlib import Path
from hashclient.prepare import HashOptions
from hashclient.prepare.apart import _Half, _line
x86 = platform.machine() == "x86_64"
library = ctypes.CDLL(None, use_errno=True)
folder, *probes = sys.argv[1:]

def call(number, *arguments):
    if library.syscall(number, *arguments) < 0 and ctypes.get_errno() in {1, 13, 38}:
        raise PermissionError

def refuse():
    raise PermissionError

def probe(paths):
    for one in probes:
        try:
            eval(one)
            said = "done"
        except (PermissionError, subprocess.SubprocessError) as error:
            said = "refused"
        except OSError as error:
            said = f"other {error.errno}"
        os.write(1, _line(said))
    os._exit(0)
    yield

half = _Half({"hash": probe})
assert half.is_closed_off()
half.write("hash")
for _ in probes:
    print(half.read())
half.end()
"""


def outcome(folder: Path, probes: dict[str, str], *, user: int | None) -> dict[str, str]:
    (folder / "there").write_bytes(b"there")
    folder.chmod(0o777)
    (folder / "there").chmod(0o666)
    program = [sys.executable, "-c", PROBING, str(folder), *probes.values()]
    if user is not None:
        program = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *program]
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    return dict(zip(probes, done.stdout.split("\n")[:-1], strict=True))


@pytest.mark.parametrize("user", [None, 65534])
def test_it_has_no_way_out(tmp_path: Path, user: int | None) -> None:
    """Every probe from inside is refused, as whoever runs the tests and as an ordinary user."""
    if user is not None and os.geteuid() != 0:
        pytest.skip("only the superuser can become another user")
    folder = tmp_path / "probed"
    folder.mkdir()
    for above in (folder, *folder.parents[:4]):
        if above.stat().st_uid == os.geteuid() and above != Path("/tmp"):
            above.chmod(above.stat().st_mode | 0o755)
    found = outcome(folder, PROBES, user=user)
    assert {name for name, said in found.items() if said != "refused"} == set()
    assert len(PROBES) > 55
    if user is None:  # what only the superuser has to lose
        assert set(outcome(folder, {"capabilities": NO_CAPABILITIES}, user=user).values()) == {"done"}
    if user is None:  # another user may not reach the interpreter of this one
        assert set(outcome(folder, ALLOWED, user=user).values()) == {"done"}


AFFIRMED = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)


@pytest.mark.parametrize("is_apart", [True, False])
def test_files_are_looked_at_before_anybody_is_asked(files: list[Path], tmp_path: Path, is_apart: bool) -> None:
    """What each is, by its first bytes; the same bytes are known again, also in a later call; nothing is decoded."""
    again = tmp_path / "again.jpg"
    again.write_bytes((tmp_path / "one.jpg").read_bytes())
    with Session(declarations=AFFIRMED, options=HashOptions(apart=is_apart, sandbox=is_apart)) as session:
        looks = list(session.look(files))
        (second,) = session.look([again])
        hashed = list(session.prepare([again]))
    told = {one.path.name: (one.content, one.kind, type(one.skipped.reason) if one.skipped else None) for one in looks}
    assert told == {
        "one.jpg": (Content.IMAGE, "JPEG", None),
        "cut.jpg": (Content.IMAGE, "JPEG", None),
        "moving.gif": (Content.IMAGE, "GIF", None),  # only its decoder can tell
        "film.mp4": (Content.VIDEO, "MP4", None),
        "half.mp4": (Content.VIDEO, "MP4", None),
        "text.jpg": (None, "", UnsupportedMediaError),
        "old.wmv": (Content.VIDEO, "", None),  # its MD5 can be made
        "scan.tiff": (Content.IMAGE, "", UnsupportedMediaError),
        "hole.webp": (Content.IMAGE, "WebP", None),
        "empty.png": (None, "", EmptyMediaError),
        "n\udcffame\n.png": (Content.IMAGE, "PNG", None),
        "folder": (None, "", FolderError),
        "pipe": (None, "", NotAFileError),
        "missing": (None, "", MissingMediaError),
    }
    assert (second.position, second.same_as) == (len(files), 0)
    assert looks[0].size == files[0].stat().st_size
    assert [one.same_as for one in looks] == [None] * len(files)
    assert hashed[0].signals


def test_a_look_reads_a_file_whole_only_where_another_is_as_long(tmp_path: Path) -> None:
    """Else a video of gigabytes would be read twice."""
    sizes = (3_000_000, 3_000_001, 3_000_001)
    files = [tmp_path / f"{number}.png" for number in range(3)]
    for number, (file, size) in enumerate(zip(files, sizes, strict=True)):
        file.write_bytes(saved("PNG") + bytes([number]) * (size - len(saved("PNG"))))
    looker = Looker(HashOptions())
    assert [one.same_as for one in looker.look_at_all(files)] == [None, None, None]
    assert looker._digests.keys() == {files[1], files[2]}


LOOK = {"content": "image", "kind": "JPEG", "bytes": 7, "same": -1}
LYING_LOOKS: list[object] = [
    {},
    LOOK | {"name": "holiday.jpg"},
    LOOK | {"content": "holiday"},
    LOOK | {"kind": "holiday"},
    LOOK | {"bytes": "holiday"},
    LOOK | {"bytes": True},
    LOOK | {"bytes": -1},
    LOOK | {"same": 0},
    LOOK | {"same": "holiday"},
    LOOK | {"same": True},
    LOOK | {"same": -2},
    {"failure": "holiday", "content": ""},
    {"failure": "BrokenMediaError", "content": "holiday"},
    {"failure": "BrokenMediaError", "content": []},
    {"failure": "BrokenMediaError", "content": "", "words": "holiday"},
]


def look_said_by(line: object) -> list[Look]:
    def lying(paths: Iterator[Path]) -> Generator[Look]:
        next(paths)
        for said in (line, {"done": True}):
            os.write(1, json.dumps(said).encode() + b"\n")
        time.sleep(0.2)
        os._exit(0)
        yield  # type: ignore[unreachable]  # it is a generator

    with PictureHalf(HashOptions(), lambda _: iter(()), lying) as half:
        return list(half.look(iter([Path("one")])))


@pytest.mark.parametrize("line", LYING_LOOKS, ids=str)
def test_a_lie_about_a_file_is_no_look(line: object) -> None:
    """As with hashes: a closed list of what can be said, or the work stops."""
    with pytest.raises(PictureHalfError) as raised:
        look_said_by(line)
    assert "holiday" not in raised.value.sentence + raised.value.hint


def test_a_true_look_is_taken() -> None:
    """The good answer that the lies are made from."""
    (look,) = look_said_by(LOOK)
    assert (look.content, look.kind, look.size, look.same_as) == (Content.IMAGE, "JPEG", 7, None)


def test_a_look_needs_the_declarations() -> None:
    """As hashing does, before any file is opened."""
    with pytest.raises(AgeGateError):
        Session(declarations=None, options=HashOptions())  # type: ignore[arg-type]


def test_a_silent_picture_half_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was stopped holds nobody for ever; one that lives and works is waited for."""
    monkeypatch.setattr(apart, "_LISTEN_SECONDS", 0.05)
    monkeypatch.setattr(apart, "_MOST_LISTENED", 20)
    monkeypatch.setattr(apart, "_BEAT_SECONDS", 0.1)

    def slow(paths: Iterator[Path]) -> Generator[Prepared]:
        for path in paths:
            time.sleep(2.5)
            yield Prepared(path, 0, Content.IMAGE, (), (), Level.FULL)

    assert len(list(hash_apart(iter([Path("one")]), HashOptions(), slow))) == 1

    def stopped(paths: Iterator[Path]) -> Generator[Prepared]:
        next(paths)
        os.kill(os.getpid(), signal.SIGSTOP)
        yield from ()

    started = time.monotonic()
    with pytest.raises(PictureHalfError, match="did not answer any more"):
        list(hash_apart(iter([Path("one")]), HashOptions(), stopped))
    assert time.monotonic() - started < 12


def test_a_person_may_take_hours_to_answer(monkeypatch: pytest.MonkeyPatch, files: list[Path]) -> None:
    """What the picture half said meanwhile, that it lives, is not held against it."""
    monkeypatch.setattr(apart, "_MOST_BEATS", 3)
    monkeypatch.setattr(apart, "_BEAT_SECONDS", 0.02)
    with Session(declarations=AFFIRMED, options=APART) as session:
        time.sleep(0.5)
        (look,) = session.look(files[:1])
    assert look.kind == "JPEG"


def test_one_that_says_nothing_but_that_it_lives_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast it says it."""
    monkeypatch.setattr(apart, "_MOST_BEATS", 30)

    def babbling(paths: Iterator[Path]) -> Generator[Look]:
        next(paths)
        while True:
            os.write(1, b'{"lives": true}\n')
        yield  # type: ignore[unreachable]  # it is a generator

    with PictureHalf(HashOptions(), lambda _: iter(()), babbling) as half, pytest.raises(PictureHalfError):
        list(half.look(iter([Path("one")])))


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_file_that_is_emptied_while_it_is_looked_at_is_one_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, files: list[Path], is_apart: bool
) -> None:
    """The others are looked at all the same."""
    require = Looker._require_types

    def emptying(looker: Looker, head: bytes, content: Content) -> None:
        require(looker, head, content)
        if looker._count == 0:
            os.truncate(files[0], 0)

    monkeypatch.setattr(Looker, "_require_types", emptying)
    monkeypatch.setattr(apart, "close_off", lambda: False)  # closed off, it could not
    with Session(declarations=AFFIRMED, options=HashOptions(apart=is_apart, sandbox=is_apart)) as session:
        first, second = session.look(files[:2])
    assert type(first.skipped.reason if first.skipped else None) is UnreadableMediaError
    assert second.kind == "JPEG"
