"""The real worker: what it hashes, what it gave up, and that the same comes out without it."""

import io
import os
import platform
import subprocess
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hashclient.errors import BrokenMediaError, HashclientError, MediaTooLargeError, UnsupportedMediaError
from hashclient.hashing.pdq import PdqHasher
from hashclient.media.formats import FORMATS
from hashclient.media.sandbox import landlock
from hashclient.media.sandbox.confine import Guard, Level
from hashclient.model import Altered, Declarations, SignalType
from hashclient.model.signal import EXACT
from hashclient.prepare import TYPES, HashOptions, Prepared, conversation, decode, hash_files, item_of, prepare
from hashclient.prepare.conversation import Worker
from hashclient.prepare.protocol import Job, read_answer, read_greeting, write_job
from hashclient.prepare.worker import answer_jobs
from hashclient.vocabulary import Reason

HERE = HashOptions(sandbox=False)
AFFIRMED = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)  # type: ignore[arg-type]
full = pytest.mark.skipif(
    not landlock.abi_version() or platform.machine() not in {"x86_64", "aarch64"},
    reason="this kernel has no Landlock (Linux 5.13), or the filter is not written for this machine",
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


def picture(kind: str = "PNG", *, size: tuple[int, int] = (320, 240), **saving: object) -> bytes:
    """Draw a picture with detail and write it in one format."""
    across, down = np.meshgrid(np.linspace(0, 9, size[0]), np.linspace(0, 7, size[1]))
    waves = [np.sin(across * n) * np.cos(down * (n + 1) + across) for n in (1, 2, 3)]
    image = Image.fromarray(np.uint8(127 + 127 * np.stack(waves, -1)))
    stream = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(stream)
    else:
        image.save(stream, kind, **saving)
    return stream.getvalue()


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture("JPEG", exif=exif)


def claiming(side: int) -> bytes:
    """Give a small PNG whose header claims many more pixels than it holds."""
    small = picture("PNG", size=(64, 64))
    header = b"IHDR" + side.to_bytes(4) * 2 + small[24:29]
    return small[:12] + header + zlib.crc32(header).to_bytes(4) + small[33:]


CONTENTS = {
    **{kind: picture(kind) for kind in FORMATS},
    "turned by EXIF": turned(),
    "flat": picture("PNG", size=(3, 3)),
    "text": b"just words",
    "TIFF": picture("TIFF"),
    "cut": picture("JPEG")[:3000],
    "noise after the header": picture("PNG")[:60] + bytes(range(256)) * 40,
    "bomb": claiming(65_000),
    "one pixel": picture("PNG", size=(1, 1)),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    for number, untrusted in enumerate(CONTENTS.values()):
        (folder / str(number)).write_bytes(untrusted)
    (folder / "folder").mkdir()
    return [*(folder / str(number) for number in range(len(CONTENTS))), folder / "folder", folder / "missing"]


def said(results: Iterator[Prepared]) -> list[object]:
    """Give what must not depend on where a picture was decoded."""
    return [
        (one.position, one.content, one.signals, [(skip.sentence, skip.hint) for skip in one.skipped])
        for one in results
    ]


def test_the_sandbox_changes_no_hash_and_no_sentence(files: list[Path]) -> None:
    """In a worker, in this process and on threads, every file gives the same hashes and the same words."""
    inside = said(hash_files(files))
    assert inside == said(hash_files(files, options=HERE))
    with ThreadPoolExecutor(2) as executor:
        assert inside == said(hash_files(files, options=HERE, executor=executor))


def test_every_format_is_hashed_in_the_sandbox(files: list[Path]) -> None:
    """No decoder misses what was taken away; each picture gives its hash at the level of this machine."""
    results = dict(zip([*CONTENTS, "folder", "missing"], hash_files(files), strict=True))
    for kind in (*FORMATS, "turned by EXIF"):
        assert results[kind].signals, kind
        assert not results[kind].skipped, kind
    assert [signal.variant for signal in results["turned by EXIF"].signals] == ["original", "stored"]
    kinds = {kind: type(one.skipped[0].reason) for kind, one in results.items() if one.skipped}
    assert kinds["text"] is kinds["TIFF"] is UnsupportedMediaError
    assert kinds["cut"] is kinds["noise after the header"] is BrokenMediaError
    assert kinds["bomb"] is MediaTooLargeError
    assert kinds.keys() == {"text", "TIFF", "cut", "noise after the header", "bomb", "folder", "missing"}


@full
def test_this_machine_protects_in_full(files: list[Path]) -> None:
    """On a current Linux every result says `full`, so `require_full` changes nothing."""
    assert {one.protection for one in hash_files(files[:3], options=HashOptions(require_full=True))} == {Level.FULL}
    assert {one.protection for one in hash_files(files[:3], options=HERE)} == {Level.NONE}


@settings(max_examples=300)
@given(
    kind=st.sampled_from(FORMATS),
    cut=st.floats(0.05, 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
)
def test_damage_is_a_value(kind: str, cut: float, flips: list[tuple[float, int]]) -> None:
    """However a picture is cut and changed, what comes out is hashes or a reason, and no error."""
    untrusted = bytearray(CONTENTS[kind][: max(1, int(cut * len(CONTENTS[kind])))])
    for place, byte in flips:
        untrusted[int(place * (len(untrusted) - 1))] = byte
    hashed = decode.hash_content(Job(0), bytes(untrusted))
    assert (hashed.failure is None) == bool(hashed.signals)


def test_every_type_that_is_offered_has_a_hasher() -> None:
    """What the call takes is what the worker can compute."""
    types = tuple(sorted(TYPES))
    hashed = decode.hash_content(Job(0, HashOptions(types)), CONTENTS["PNG"])
    assert {signal.type for signal in hashed.signals} | EXACT | {SignalType.VPDQ} == TYPES


def test_low_quality_is_prepared_as_a_skip_and_hashed_for_research(files: list[Path]) -> None:
    """`prepare` leaves a flat picture out with its reason; `hash_files` gives its hash."""
    flat = files[list(CONTENTS).index("flat")]
    (prepared,) = prepare([flat], declarations=AFFIRMED)
    assert [skip.reason for skip in prepared.skipped] == [Reason.LOW_QUALITY]
    assert item_of(prepared, altered=Altered.NO) is None
    (hashed,) = hash_files([flat])
    assert hashed.signals[0].quality == 0


def test_what_is_prepared_makes_an_item(files: list[Path]) -> None:
    """A good picture becomes an item of a submission, with both hashes where EXIF turns it."""
    (prepared,) = prepare([files[list(CONTENTS).index("turned by EXIF")]], declarations=AFFIRMED)
    item = item_of(prepared, altered=Altered.NO)
    assert item is not None
    assert item.signals == prepared.signals
    assert len(item.signals) == 2


def test_an_executor_of_processes_works_as_well(files: list[Path]) -> None:
    """Tasks can be sent to other processes, each of which lends workers of its own."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert said(hash_files(files, executor=executor)) == said(hash_files(files))


@full
def test_the_worker_holds_three_pipes_and_is_confined() -> None:
    """Seen from outside: no other descriptor, no new privileges, a filter, no name of anything."""
    worker = Worker()
    try:
        worker.greet()
        assert worker.protection.guards == frozenset(Guard)
        about = Path(f"/proc/{worker.pid}")
        status = dict(line.split(":\t", 1) for line in (about / "status").read_text().splitlines() if ":\t" in line)
        assert (status["NoNewPrivs"], status["Seccomp"], status["Threads"]) == ("1", "2", "1")
        assert {status[kind].strip("0") for kind in ("CapEff", "CapPrm", "CapInh")} == {""}
        limits = (about / "limits").read_text()
        assert f"Max address space         {1024**3}" in limits
        if os.geteuid() == 0:
            assert sorted(path.name for path in (about / "fd").iterdir()) == ["0", "1", "2"]
            names = {line.split(b"=")[0] for line in (about / "environ").read_bytes().split(b"\0") if line}
            assert names == {
                b"OPENBLAS_NUM_THREADS",
                b"OMP_NUM_THREADS",
                b"MKL_NUM_THREADS",
                b"MALLOC_MMAP_MAX_",
                b"MALLOC_TRIM_THRESHOLD_",
            }
    finally:
        worker.end()


def test_the_worker_ends_with_its_input(tmp_path: Path) -> None:
    """A worker whose parent is gone ends by itself, after greeting and answering what it was asked."""
    jobs = io.BytesIO()
    write_job(jobs, Job(0), CONTENTS["JPEG"])
    command = (*conversation.COMMAND, '{"types": [], "video": null}')
    ended = subprocess.run(command, env={}, input=jobs.getvalue(), capture_output=True, check=True, timeout=60)
    answers = io.BytesIO(ended.stdout)
    read_greeting(answers)
    assert read_answer(answers, Job(0)) == decode.hash_content(Job(0), CONTENTS["JPEG"])


def test_jobs_are_answered_one_after_the_other() -> None:
    """The loop of the worker, in this process: as many answers as jobs, in their order."""
    resource = pytest.importorskip("resource")
    jobs, answers = io.BytesIO(), io.BytesIO()
    for position, untrusted in enumerate(CONTENTS.values()):
        write_job(jobs, Job(position), untrusted)
    jobs.seek(0)
    before = resource.getrlimit(resource.RLIMIT_CPU)
    try:
        answer_jobs(jobs, answers, cpu_seconds=3600)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)
    answers.seek(0)
    hashed = [read_answer(answers, Job(position)) for position in range(len(CONTENTS))]
    assert [bool(one.signals) for one in hashed] == [one.failure is None for one in hashed]
    assert answers.read() == b""


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (MemoryError(), MediaTooLargeError),
        (RuntimeError("holiday.jpg"), BrokenMediaError),
        (HashclientError(), BrokenMediaError),
    ],
)
def test_whatever_a_hasher_raises_is_a_skip(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, reason: type[HashclientError]
) -> None:
    """Errors nobody foresaw become a reason of ours, without their words."""

    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(PdqHasher, "hash_image", fail)
    failure = decode.hash_content(Job(0), CONTENTS["PNG"]).failure
    assert type(failure) is reason
    assert failure.sentence == reason().sentence


def test_warming_up_hashes_a_picture_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is loaded on first use is loaded before the worker is confined: the small BMP, what is inside it, re-posts of both."""
    results = []
    real = decode.hash_content
    monkeypatch.setattr(decode, "hash_content", lambda *asked: results.append(real(*asked)))
    decode.warm_up()
    (hashed,) = results
    assert hashed.failure is None
    assert hashed.inner is not None
    assert min(len(hashed.signals), len(hashed.inner.signals)) > 1


@linux
def test_memory_stays_flat_in_worker_and_parent(tmp_path: Path) -> None:
    """Over many files of some megabytes neither process keeps what it has seen."""
    (tmp_path / "large").write_bytes(picture("BMP", size=(1600, 1200)))
    worker = Worker()

    def resident(number: int | str) -> int:
        return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    sizes = []
    try:
        worker.greet()
        untrusted = (tmp_path / "large").read_bytes()
        for position in range(40):
            assert worker.hash(Job(position), untrusted).failure is None
            sizes.append(resident(worker.pid) + resident("self"))
    finally:
        worker.end()
    assert max(sizes[20:]) - max(sizes[:20]) < len(untrusted)
