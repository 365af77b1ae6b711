"""The words between worker and parent, and what the parent takes of them."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import BrokenMediaError, MediaError
from hashclient.media.sandbox.confine import Guard, Protection
from hashclient.model import Content, Signal, SignalType
from hashclient.prepare.answers import (
    MAX_LINE_BYTES,
    MAX_LINES,
    MAX_VIDEO_LINES,
    AnswerReader,
    LyingWorkerError,
    answer,
    greeting,
    read_greeting,
)
from hashclient.prepare.job import REASONS, Hashed, Job, read_job, write_job
from hashclient.vocabulary import MAX_FRAMES, Decode

ALL_TYPES = tuple(SignalType)
VARIANTS = st.sampled_from(
    ["original", "stored", "mirror", "crop-27+mirror", "border-m300-white+turn-m20+mirror-rotate90"]
)
HEX = {length: st.text("0123456789abcdef", min_size=length, max_size=length) for length in (16, 32, 64)}
SIGNALS = st.one_of(
    st.builds(Signal, type=st.just(SignalType.PDQ), value=HEX[64], quality=st.integers(0, 100), variant=VARIANTS),
    st.builds(Signal, type=st.just(SignalType.PHASH), value=HEX[16], variant=VARIANTS),
    st.builds(Signal, type=st.just(SignalType.DHASH), value=HEX[16], variant=VARIANTS),
)
FRAMES = st.lists(
    st.tuples(HEX[64], st.integers(0, 100), st.integers(0, 10**10)), max_size=400, unique_by=lambda frame: frame[0]
)
JOBS = st.builds(
    Job,
    position=st.integers(0, 10**6),
    types=st.lists(st.sampled_from(SignalType), min_size=1, unique=True).map(tuple),
    decode=st.sampled_from(Decode),
    video_types=st.lists(st.sampled_from(SignalType), unique=True).map(tuple),
    interval=st.floats(0, 3600),
)


def read_back(job: Job, lines: list[bytes], *, is_video: bool = False) -> Hashed | None:
    reader = AnswerReader(job, is_video=is_video)
    hashed = None
    for line in lines:
        assert hashed is None
        hashed = reader.take(line)
    return hashed


@given(jobs=st.lists(st.tuples(JOBS, st.binary(max_size=200)), max_size=4))
def test_jobs_arrive_as_they_were_sent(jobs: list[tuple[Job, bytes]]) -> None:
    """What is written is what is read, job after job, and then there is none."""
    pipe = io.BytesIO()
    for job, untrusted in jobs:
        write_job(pipe, job, untrusted)
    pipe.seek(0)
    assert [read_job(pipe) for _ in jobs] == jobs
    assert read_job(pipe) is None


def test_half_a_job_is_none() -> None:
    """A parent that ended while it wrote leaves no job."""
    pipe = io.BytesIO()
    write_job(pipe, Job(0), b"picture")
    assert read_job(io.BytesIO(pipe.getvalue()[:-1])) is None


def test_a_job_holds_no_name() -> None:
    """What goes to a worker is position, types, decoding rule, coverage, interval and the bytes of the file."""
    pipe = io.BytesIO()
    write_job(pipe, Job(3), b"picture")
    options = b'{"position": 3, "types": ["pdq"], "decode": "exact", "coverage": "single", '
    assert pipe.getvalue()[12:] == options + b'"video_types": ["md5", "vpdq"], "interval": 1.0}picture'


@given(position=st.integers(0, 10**6), signals=st.lists(SIGNALS, min_size=1, max_size=256, unique=True))
def test_answers_arrive_as_they_were_given(position: int, signals: list[Signal]) -> None:
    """Up to 256 signals come back equal, in at most 16 lines of at most 4 KiB."""
    job = Job(position, ALL_TYPES)
    lines = answer(job, Hashed(Content.IMAGE, tuple(signals)))
    assert len(lines) <= MAX_LINES
    assert all(len(line) <= MAX_LINE_BYTES for line in lines)
    assert read_back(job, lines) == Hashed(Content.IMAGE, tuple(signals))


@given(frames=FRAMES, is_damaged=st.booleans(), is_video=st.booleans())
def test_frames_arrive_as_they_were_given(
    frames: list[tuple[str, int, int]], *, is_damaged: bool, is_video: bool
) -> None:
    """Those of a video, and those of a picture that moves; times to the millisecond."""
    signals = tuple(Signal(type=SignalType.VPDQ, value=value, quality=quality) for value, quality, _ in frames)
    times = tuple(sorted(time / 1000 for _, _, time in frames))
    hashed = Hashed(Content.VIDEO, signals, times, is_damaged)
    lines = answer(Job(1), hashed)
    assert all(len(line) <= MAX_LINE_BYTES for line in lines)
    assert read_back(Job(1), lines, is_video=is_video) == hashed


def test_the_longest_video_fits() -> None:
    """7,200 frames of the longest video take under 1 MiB; one more is refused."""
    signals = tuple(Signal(type=SignalType.VPDQ, value=f"{n:064x}", quality=100) for n in range(MAX_FRAMES + 1))
    times = tuple(9_000_000 + n / 10 for n in range(MAX_FRAMES + 1))
    lines = answer(Job(0), Hashed(Content.VIDEO, signals[:-1], times[:-1]))
    assert len(lines) <= MAX_VIDEO_LINES
    assert sum(map(len, lines)) < 1024 * 1024
    assert read_back(Job(0), lines, is_video=True) == Hashed(Content.VIDEO, signals[:-1], times[:-1])
    with pytest.raises(LyingWorkerError):
        read_back(Job(0), answer(Job(0), Hashed(Content.VIDEO, signals, times)), is_video=True)


VIDEO = {"position": 0, "content": "video", "frames": [["0f" * 32, 90, 1000]], "damaged": False, "more": False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"frames": [["0f" * 32, 90, -1]]},
        {"frames": [["0f" * 32, 90, 10**30]]},
        {"frames": [["0f" * 32, 90, True]]},
        {"frames": [["0f" * 32, True, 1]]},
        {"frames": [["0F" * 32, 90, 1]]},
        {"frames": [["0f" * 32, 101, 1]]},
        {"frames": [["0f" * 32, 90]]},
        {"frames": [["0f" * 32, 90, 2], ["f0" * 32, 90, 1]]},
        {"frames": [["0f" * 32, 90, 1], ["0f" * 32, 90, 1]]},
        {"frames": {}},
        {"damaged": 1},
        {"damaged": None},
        {"name": "x"},
        {"content": "image"},
        {"signals": []},
        {"position": 1},
        {"position": True},
    ],
)
def test_a_video_that_no_honest_worker_gives_is_refused(wrong: dict[str, object]) -> None:
    """Times before the start, beyond all videos or backwards, frames twice, fields too many or of another type."""
    assert AnswerReader(Job(0)).take(json.dumps(VIDEO).encode() + b"\n") is not None
    with pytest.raises(LyingWorkerError):
        AnswerReader(Job(0)).take(json.dumps(VIDEO | wrong).encode() + b"\n")


def test_a_worker_makes_no_digest_and_no_frame_that_was_not_asked_for() -> None:
    """Digests are the parent's own."""
    digest = GOOD | {"signals": [["md5", "0f" * 16, None, None]]}
    for job, line in ((Job(0, (SignalType.MD5,)), digest), (Job(0, video_types=(SignalType.MD5,)), VIDEO)):
        with pytest.raises(LyingWorkerError):
            AnswerReader(job).take(json.dumps(line).encode() + b"\n")


def test_content_does_not_change_between_lines() -> None:
    """A picture stays a picture, a video stays a video, and what was opened as a video is none but that."""
    more = {"more": True}
    for first, second in ((GOOD, VIDEO), (VIDEO, GOOD)):
        reader = AnswerReader(Job(0))
        assert reader.take(json.dumps(first | more).encode() + b"\n") is None
        with pytest.raises(LyingWorkerError):
            reader.take(json.dumps(second).encode() + b"\n")
    with pytest.raises(LyingWorkerError):
        AnswerReader(Job(0), is_video=True).take(json.dumps(GOOD).encode() + b"\n")


def test_only_a_first_line_may_say_nothing() -> None:
    """No frame is fit, or no hash was wanted; a line of nothing after others is refused."""
    nothing = VIDEO | {"frames": []}
    reader = AnswerReader(Job(0))
    assert reader.take(json.dumps(nothing).encode() + b"\n") == Hashed(Content.VIDEO)
    reader = AnswerReader(Job(0))
    assert reader.take(json.dumps(VIDEO | {"more": True}).encode() + b"\n") is None
    with pytest.raises(LyingWorkerError):
        reader.take(json.dumps(nothing).encode() + b"\n")
    empty = json.dumps(GOOD | {"signals": []}).encode() + b"\n"
    assert AnswerReader(Job(0, (SignalType.MD5,))).take(empty) == Hashed()
    with pytest.raises(LyingWorkerError):
        AnswerReader(Job(0)).take(empty)


def test_an_ordinary_set_of_hashes_fits_one_line() -> None:
    """Thirty-two PDQ hashes with short variants take one line."""
    signals = [
        Signal(type=SignalType.PDQ, value=f"{n:064x}", quality=100, variant=f"crop-{n}+mirror") for n in range(32)
    ]
    assert len(answer(Job(0), Hashed(Content.IMAGE, tuple(signals)))) == 1


def test_the_longest_answer_takes_sixteen_lines_at_most() -> None:
    """The most hashes with the longest variants are spread over lines that each keep to the limit."""
    longest = "border-m300-white+turn-m20+mirror-rotate90-1000"
    signals = tuple(Signal(type=SignalType.PDQ, value=f"{n:064x}", quality=100, variant=longest) for n in range(256))
    lines = answer(Job(10**6), Hashed(Content.IMAGE, signals))
    assert 1 < len(lines) <= MAX_LINES
    assert all(len(line) <= MAX_LINE_BYTES for line in lines)
    assert read_back(Job(10**6), lines) == Hashed(Content.IMAGE, signals)


@pytest.mark.parametrize("kind", REASONS.values())
def test_reasons_arrive_as_their_class(kind: type[MediaError]) -> None:
    """A failure crosses as the name of its class; its words do not cross."""
    (line,) = answer(Job(5), Hashed(failure=kind("words of the worker's")))
    hashed = read_back(Job(5), [line])
    assert hashed is not None
    assert type(hashed.failure) is kind
    assert hashed.failure.sentence == kind().sentence


@given(guards=st.frozensets(st.sampled_from(Guard)))
def test_greetings_arrive_as_they_were_given(guards: frozenset[Guard]) -> None:
    """The parent learns exactly the guards that hold."""
    assert read_greeting(greeting(Protection(guards))) == Protection(guards)


@given(untrusted=st.binary(max_size=300))
def test_noise_is_no_answer(untrusted: bytes) -> None:
    """Bytes that are no answer are refused with one error, whatever they are."""
    for read in (read_greeting, AnswerReader(Job(0)).take):
        with pytest.raises(LyingWorkerError):
            read(untrusted + b"\n")


GOOD = {"position": 0, "content": "image", "signals": [["pdq", "0f" * 32, 90, "original"]], "more": False}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["image", "pdq", "0f" * 32]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*GOOD, "skipped", "x"]), inner),
    max_leaves=8,
)


@given(key=st.sampled_from([*GOOD, "skipped", "x"]), value=JSON)
def test_a_changed_field_is_refused_or_still_valid(key: str, value: object) -> None:
    """Whatever one field is changed to, the parent refuses it or holds values of the model."""
    line = json.dumps(GOOD | {key: value}).encode() + b"\n"
    reader = AnswerReader(Job(0))
    try:
        hashed = reader.take(line)
    except LyingWorkerError:
        return
    assert hashed is None or all(signal.type is SignalType.PDQ for signal in hashed.signals)
    assert GOOD | {key: value} in (GOOD, GOOD | {"more": True}) or key == "signals"


@given(at=st.integers(0, 200), byte=st.integers(0, 255))
def test_a_flipped_byte_never_escapes(at: int, byte: int) -> None:
    """One byte changed anywhere gives a refusal or a valid answer, never another error."""
    line = bytearray(json.dumps(GOOD).encode() + b"\n")
    line[at % len(line)] = byte
    try:
        hashed = AnswerReader(Job(0)).take(bytes(line))
    except LyingWorkerError:
        return
    assert hashed is None or len(hashed.signals) == 1


def test_a_failure_after_signals_is_refused() -> None:
    """A worker cannot take back what it said."""
    reader = AnswerReader(Job(0))
    assert reader.take(json.dumps(GOOD | {"more": True}).encode() + b"\n") is None
    with pytest.raises(LyingWorkerError):
        reader.take(answer(Job(0), Hashed(failure=BrokenMediaError()))[0])
