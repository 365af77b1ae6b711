"""The words between worker and parent, and what the parent takes of them."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import BrokenMediaError, MediaError
from hashclient.media.confine import Guard, Protection
from hashclient.media.image import Decode
from hashclient.model import Content, Signal, SignalType
from hashclient.prepare.job import (
    MAX_LINE_BYTES,
    MAX_LINES,
    REASONS,
    AnswerReader,
    Hashed,
    Job,
    LyingWorkerError,
    answer,
    greeting,
    read_greeting,
    read_job,
    write_job,
)

ALL_TYPES = tuple(SignalType)
VARIANTS = st.sampled_from(
    ["original", "stored", "mirror", "crop-27+mirror", "border-m300-white+turn-m20+mirror-rotate90"]
)
HEX = {length: st.text("0123456789abcdef", min_size=length, max_size=length) for length in (16, 32, 64)}
SIGNALS = st.one_of(
    st.builds(Signal, type=st.just(SignalType.PDQ), value=HEX[64], quality=st.integers(0, 100), variant=VARIANTS),
    st.builds(Signal, type=st.just(SignalType.PHASH), value=HEX[16], variant=VARIANTS),
    st.builds(Signal, type=st.just(SignalType.MD5), value=HEX[32]),
)
JOBS = st.builds(
    Job,
    position=st.integers(0, 10**6),
    types=st.lists(st.sampled_from(SignalType), min_size=1, unique=True).map(tuple),
    decode=st.sampled_from(Decode),
)


def read_back(job: Job, lines: list[bytes]) -> Hashed | None:
    reader = AnswerReader(job)
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
    """What goes to a worker is position, types, decoding rule, coverage and the bytes of the file."""
    pipe = io.BytesIO()
    write_job(pipe, Job(3), b"picture")
    assert pipe.getvalue()[12:] == b'{"position": 3, "types": ["pdq"], "decode": "exact", "coverage": "single"}picture'


@given(position=st.integers(0, 10**6), signals=st.lists(SIGNALS, min_size=1, max_size=256, unique=True))
def test_answers_arrive_as_they_were_given(position: int, signals: list[Signal]) -> None:
    """Up to 256 signals come back equal, in at most 16 lines of at most 4 KiB."""
    job = Job(position, ALL_TYPES)
    lines = answer(job, Hashed(Content.IMAGE, tuple(signals)))
    assert len(lines) <= MAX_LINES
    assert all(len(line) <= MAX_LINE_BYTES for line in lines)
    assert read_back(job, lines) == Hashed(Content.IMAGE, tuple(signals))


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
