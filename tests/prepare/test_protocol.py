"""The words between worker and parent, and what the parent accepts of them."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import BrokenMediaError, MediaError
from hashclient.hashing.reposts.levels import GROUNDS, frame_variants, variants
from hashclient.media.sandbox.confine import Guard, Protection
from hashclient.model import Content, Signal, SignalType
from hashclient.model.signal import EXACT, ORIGINAL, STORED
from hashclient.prepare.options import IMAGEHASH_TYPES, TYPES, HashOptions
from hashclient.prepare.protocol import (
    MAX_LINE_BYTES,
    REASONS,
    FileHashes,
    InnerHashes,
    Job,
    LyingWorkerError,
    read_answer,
    read_greeting,
    read_job,
    write_answer,
    write_greeting,
    write_job,
)
from hashclient.vocabulary import MAX_FRAMES, Coverage, Decode

WIDE = HashOptions(types=tuple(sorted(TYPES)), coverage=Coverage.WIDE)
"""What leads to the most hashes of one picture."""
REPOSTS = (*GROUNDS, *variants(Coverage.WIDE))
HEX = {length: st.text("0123456789abcdef", min_size=length, max_size=length) for length in (16, 32, 64)}
SIGNALS = st.one_of(
    st.builds(
        Signal,
        type=st.just(SignalType.PDQ),
        value=HEX[64],
        quality=st.integers(0, 100),
        variant=st.sampled_from([ORIGINAL, STORED, *REPOSTS]),
    ),
    st.builds(
        Signal,
        type=st.sampled_from(sorted(IMAGEHASH_TYPES)),
        value=HEX[16],
        variant=st.sampled_from([ORIGINAL, STORED]),
    ),
)
FRAMES = st.lists(
    st.tuples(HEX[64], st.integers(0, 100), st.integers(0, 10**10)), max_size=400, unique_by=lambda frame: frame[0]
)
JOBS = st.builds(
    Job,
    position=st.integers(0, 10**6),
    options=st.builds(
        HashOptions,
        types=st.none() | st.lists(st.sampled_from(SignalType), min_size=1, unique=True).map(tuple),
        decode=st.sampled_from(Decode),
        coverage=st.sampled_from(Coverage),
        inner=st.booleans(),
        interval=st.floats(0, 3600),
    ),
)


def job(*types: SignalType, coverage: Coverage = Coverage.SINGLE) -> Job:
    return Job(0, HashOptions(types=types or None, coverage=coverage))


def written(asked: Job, hashed: FileHashes) -> io.BytesIO:
    pipe = io.BytesIO()
    write_answer(pipe, asked, hashed)
    pipe.seek(0)
    return pipe


def said(*values: object) -> io.BytesIO:
    return io.BytesIO(b"".join(json.dumps(value).encode() + b"\n" for value in values))


def refuses(asked: Job, *values: object, is_video: bool = False) -> None:
    with pytest.raises(LyingWorkerError):
        read_answer(said(*values), asked, is_video=is_video)


@given(jobs=st.lists(st.tuples(JOBS, st.binary(max_size=200)), max_size=4))
def test_jobs_arrive_as_they_were_sent(jobs: list[tuple[Job, bytes]]) -> None:
    """What is written is what is read, job after job, and then there is none."""
    pipe = io.BytesIO()
    for asked, untrusted in jobs:
        write_job(pipe, asked, untrusted)
    pipe.seek(0)
    assert [read_job(pipe) for _ in jobs] == jobs
    assert read_job(pipe) is None


def test_half_a_job_is_none() -> None:
    """A parent that ended while it wrote leaves no job, wherever it stopped."""
    pipe = io.BytesIO()
    write_job(pipe, Job(0), b"picture")
    assert all(read_job(io.BytesIO(pipe.getvalue()[:length])) is None for length in range(len(pipe.getvalue())))


def test_a_job_holds_no_name() -> None:
    """What goes to a worker is the position, the options of hashing and the bytes of the file."""
    pipe = io.BytesIO()
    write_job(pipe, Job(3), b"picture")
    options = (
        b'{"position": 3, "types": null, "decode": "exact", "coverage": "single", "inner": false, "interval": 1.0}'
    )
    assert pipe.getvalue()[12:] == options + b"picture"


@given(signals=st.lists(SIGNALS, min_size=1, unique_by=lambda signal: (signal.type, signal.variant)))
def test_answers_arrive_as_they_were_given(signals: list[Signal]) -> None:
    """Hashes come back equal, in their order, in lines of at most 256 bytes."""
    pipe = written(Job(7, WIDE), FileHashes(Content.IMAGE, tuple(signals)))
    assert all(len(line) <= MAX_LINE_BYTES for line in pipe.getvalue().splitlines(keepends=True))
    assert read_answer(pipe, Job(7, WIDE)) == FileHashes(Content.IMAGE, tuple(signals))
    assert pipe.read() == b""


@given(
    signals=st.lists(SIGNALS, min_size=1, unique_by=lambda signal: (signal.type, signal.variant)),
    inside=st.lists(SIGNALS, min_size=1, unique_by=lambda signal: (signal.type, signal.variant)),
    percent=st.integers(1, 100),
)
def test_the_hashes_of_a_picture_inside_arrive_as_they_were_given(
    signals: list[Signal], inside: list[Signal], percent: int
) -> None:
    """After those of the whole, with how much of it the picture inside takes; only where that was asked for."""
    hashed = FileHashes(Content.IMAGE, tuple(signals), inner=InnerHashes(tuple(inside), percent))
    pipe = written(Job(7, replace(WIDE, inner=True)), hashed)
    assert read_answer(pipe, Job(7, replace(WIDE, inner=True))) == hashed
    assert pipe.read() == b""
    with pytest.raises(LyingWorkerError):
        read_answer(written(Job(7, WIDE), hashed), Job(7, WIDE))


@pytest.mark.parametrize("content", [Content.IMAGE, Content.VIDEO])
def test_what_a_file_is_arrives_as_a_value_of_ours(content: Content) -> None:
    """Not as the worker's text, which looks the same."""
    rows = {Content.IMAGE: ROW, Content.VIDEO: FRAME}
    assert read_answer(said(HEAD | {"content": content.value}, rows[content]), job()).content is content


@given(
    frames=FRAMES, reposts=st.lists(HEX[64], max_size=60, unique=True), pdq=st.lists(HEX[64], max_size=4, unique=True)
)
def test_reposts_of_frames_arrive_by_variant(
    frames: list[tuple[str, int, int]], reposts: list[str], pdq: list[str]
) -> None:
    """After the frames, which alone have times, and before what is hashed as a picture."""
    names = frame_variants(Coverage.WIDE)
    signals = tuple(Signal(type=SignalType.VPDQ, value=value, quality=quality) for value, quality, _ in frames)
    others = tuple(
        Signal(type=SignalType.VPDQ, value=value, quality=70, variant=names[place % len(names)])
        for place, value in enumerate(reposts)
    )
    shots = tuple(Signal(type=SignalType.PDQ, value=value, quality=80, variant="frame") for value in pdq)
    times = tuple(sorted(time / 1000 for _, _, time in frames))
    hashed = FileHashes(Content.VIDEO, signals + others + shots, times)
    asked = job(coverage=Coverage.WIDE)
    pipe = written(asked, hashed)
    assert all(len(line) <= MAX_LINE_BYTES for line in pipe.getvalue().splitlines(keepends=True))
    assert read_answer(pipe, asked) == hashed
    if others:
        with pytest.raises(LyingWorkerError):
            read_answer(written(job(), hashed), job())


@given(frames=FRAMES, pdq=st.lists(HEX[64], max_size=4, unique=True))
def test_frames_hashed_as_pictures_arrive_after_the_others(frames: list[tuple[str, int, int]], pdq: list[str]) -> None:
    """Those of an animated picture, which have a variant and no time."""
    signals = tuple(Signal(type=SignalType.VPDQ, value=value, quality=quality) for value, quality, _ in frames)
    shots = tuple(Signal(type=SignalType.PDQ, value=value, quality=80, variant="frame") for value in pdq)
    times = tuple(sorted(time / 1000 for _, _, time in frames))
    hashed = FileHashes(Content.VIDEO, signals + shots, times)
    assert read_answer(written(Job(1), hashed), Job(1)) == hashed
    alone = FileHashes(Content.VIDEO, shots)
    assert read_answer(written(job(SignalType.PDQ), alone), job(SignalType.PDQ)) == alone
    if shots:
        with pytest.raises(LyingWorkerError):
            read_answer(written(Job(1), hashed), Job(1), is_video=True)
        refuses(job(SignalType.VPDQ), VIDEO, ["pdq", pdq[0], 80, "frame"])


def test_frames_hashed_as_pictures_are_few_and_last() -> None:
    """Four at most, none twice, none without its variant, and none before those with times."""
    shots = [["pdq", f"{n:064x}", 90, "frame"] for n in range(5)]
    assert len(read_answer(said(VIDEO | {"rows": 4}, *shots[:4]), job()).signals) == 4
    refuses(job(), VIDEO | {"rows": 5}, *shots)
    refuses(job(SignalType.PDQ), VIDEO | {"rows": 5}, *shots)
    refuses(job(), VIDEO | {"rows": 2}, shots[0], shots[0])
    refuses(job(), VIDEO | {"rows": 2}, shots[0], FRAME)
    for variant in ("original", "mirror", None, 5):
        refuses(job(), VIDEO, ["pdq", "0f" * 32, 90, variant])


@given(frames=FRAMES, is_damaged=st.booleans(), is_video=st.booleans())
def test_frames_arrive_as_they_were_given(
    frames: list[tuple[str, int, int]], *, is_damaged: bool, is_video: bool
) -> None:
    """Those of a video, and those of an animated picture; times to the millisecond."""
    signals = tuple(Signal(type=SignalType.VPDQ, value=value, quality=quality) for value, quality, _ in frames)
    times = tuple(sorted(time / 1000 for _, _, time in frames))
    hashed = FileHashes(Content.VIDEO, signals, times, is_damaged)
    pipe = written(Job(1), hashed)
    assert all(len(line) <= MAX_LINE_BYTES for line in pipe.getvalue().splitlines(keepends=True))
    assert read_answer(pipe, Job(1), is_video=is_video) == hashed


def test_the_longest_video_fits() -> None:
    """7,200 frames of the longest video take under 1 MiB; one more is refused."""
    signals = tuple(Signal(type=SignalType.VPDQ, value=f"{n:064x}", quality=100) for n in range(MAX_FRAMES + 1))
    times = tuple(9_000_000 + n / 10 for n in range(MAX_FRAMES + 1))
    longest = FileHashes(Content.VIDEO, signals[:-1], times[:-1])
    pipe = written(Job(0), longest)
    assert len(pipe.getvalue()) < 1024 * 1024
    assert read_answer(pipe, Job(0), is_video=True) == longest
    with pytest.raises(LyingWorkerError):
        read_answer(written(Job(0), FileHashes(Content.VIDEO, signals, times)), Job(0), is_video=True)


HEAD = {"position": 0, "content": "image", "rows": 1, "damaged": False}
ROW = ["pdq", "0f" * 32, 90, "original"]
VIDEO = HEAD | {"content": "video"}
FRAME = ["vpdq", "0f" * 32, 90, 1000]
OTHER_FRAME = ["vpdq", "f0" * 32, 90, 1000]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ({}, [["vpdq", "0f" * 32, 90, -1]]),
        ({}, [["vpdq", "0f" * 32, 90, 10**30]]),
        ({}, [["vpdq", "0f" * 32, 90, True]]),
        ({}, [["vpdq", "0f" * 32, True, 1]]),
        ({}, [["vpdq", "0F" * 32, 90, 1]]),
        ({}, [["vpdq", "0f" * 32, 101, 1]]),
        ({}, [["vpdq", "0f" * 32, 90]]),
        ({}, [["pdq", "0f" * 32, 90, 1]]),
        ({}, [["md5", "0f" * 16, 90, 1]]),
        ({}, [{}]),
        ({}, []),
        ({"rows": 2}, [["vpdq", "0f" * 32, 90, 2], ["vpdq", "f0" * 32, 90, 1]]),
        ({"rows": 2}, [FRAME, FRAME]),
        ({"rows": 2}, [FRAME]),
        ({"rows": True}, [FRAME]),
        ({"rows": -1}, []),
        ({"rows": 7201}, []),
        ({"rows": {}}, []),
        ({"damaged": 1}, [FRAME]),
        ({"damaged": None}, [FRAME]),
        ({"name": "x"}, [FRAME]),
        ({"content": "image"}, [FRAME]),
        ({"signals": []}, [FRAME]),
        ({"position": 1}, [FRAME]),
        ({"position": True}, [FRAME]),
        ({"position": False}, [FRAME]),
    ],
)
def test_a_video_that_no_honest_worker_gives_is_refused(head: dict[str, object], rows: list[object]) -> None:
    """Times before the start, beyond all videos or backwards, frames twice, fields too many or of another type."""
    assert read_answer(said(VIDEO, FRAME), job()).times == (1.0,)
    refuses(job(), VIDEO | head, *rows)


INNER = HEAD | {"inner": [1, 40]}
INSIDE = ["pdq", "f0" * 32, 90, "original"]


@pytest.mark.parametrize(
    ("inner", "rows"),
    [
        ([1, 0], [INSIDE]),
        ([1, 101], [INSIDE]),
        ([1, True], [INSIDE]),
        ([1, "40"], [INSIDE]),
        ([1, None], [INSIDE]),
        ([1, 40, 1], [INSIDE]),
        ([True, 40], [INSIDE]),
        ([0, 40], []),
        ([-1, 40], []),
        ([3, 40], [INSIDE] * 3),
        ([2, 40], [INSIDE, INSIDE]),
        ([1, 40], [["pdq", "f0" * 32, 90, "mirror"]]),
        ([1, 40], [["phash", "f0" * 8, None, "original"]]),
        ([1, 40], [["md5", "f0" * 16, None, None]]),
        ([1, 40], [["vpdq", "f0" * 32, 90, 1000]]),
        ([1, 40], []),
        (40, [INSIDE]),
        (None, [INSIDE]),
    ],
)
def test_a_picture_inside_that_no_honest_worker_gives_is_refused(inner: object, rows: list[object]) -> None:
    """Shares of nothing or of more than all, hashes twice, too many, or of no kind that was asked for."""
    asked = Job(0, HashOptions(inner=True))
    assert read_answer(said(INNER, ROW, INSIDE), asked).inner == InnerHashes(
        (Signal.from_text("pdq:" + "f0" * 32, quality=90, variant=ORIGINAL),), 40
    )
    refuses(asked, HEAD | {"inner": inner}, ROW, *rows)
    refuses(asked, INNER | {"outer": 1}, ROW, INSIDE)
    refuses(asked, INNER | {"content": "video"}, FRAME, INSIDE)


@pytest.mark.parametrize("variant", [*frame_variants(Coverage.WIDE), "original", "stored", "white", "holiday"])
def test_a_frame_has_only_reposts_that_were_asked_for(variant: str) -> None:
    """None at `single`; none before its frame's own, none after what is hashed as a picture, none as a picture's."""
    row, shot = ["vpdq", "f0" * 32, 90, variant], ["pdq", "0f" * 32, 90, "frame"]
    asked = job(coverage=Coverage.WIDE)
    if variant in frame_variants(Coverage.WIDE):
        assert read_answer(said(VIDEO | {"rows": 3}, FRAME, row, shot), asked).signals[1].variant == variant
    else:
        refuses(asked, VIDEO | {"rows": 2}, FRAME, row)
    refuses(job(), VIDEO | {"rows": 2}, FRAME, row)
    refuses(asked, VIDEO | {"rows": 2}, row, FRAME)
    refuses(asked, VIDEO | {"rows": 3}, FRAME, shot, row)
    refuses(asked, VIDEO | {"rows": 3}, FRAME, row, row)
    refuses(asked, HEAD, row)


def test_a_worker_makes_no_digest_and_no_frame_that_was_not_asked_for() -> None:
    """Digests are the parent's own."""
    refuses(job(SignalType.MD5), HEAD, ["md5", "0f" * 16, None, None])
    refuses(job(SignalType.PDQ, SignalType.MD5), HEAD, ["md5", "0f" * 16, None, "original"])
    refuses(job(SignalType.MD5), VIDEO, FRAME)


@pytest.mark.parametrize("coverage", list(Coverage))
def test_a_worker_gives_only_variants_of_the_coverage_that_was_asked_for(coverage: Coverage) -> None:
    """Each type and variant once; re-posts and the pages under transparent pictures only for `pdq`."""
    asked = job(SignalType.PDQ, SignalType.PHASH, coverage=coverage)
    reposts = {*GROUNDS, *variants(coverage)} if coverage is not Coverage.SINGLE else set()
    for variant in (ORIGINAL, STORED, *REPOSTS):
        row = ["pdq", "0f" * 32, 90, variant]
        if variant in {ORIGINAL, STORED} | reposts:
            assert read_answer(said(HEAD, row), asked).signals[0].variant == variant
        else:
            refuses(asked, HEAD, row)
        refuses(asked, HEAD | {"rows": 2}, row, ["pdq", "f0" * 32, 90, variant])
    assert read_answer(said(HEAD, ["phash", "0f" * 8, None, STORED]), asked).signals
    refuses(asked, HEAD, ["phash", "0f" * 8, None, "mirror"])
    refuses(asked, HEAD, ["dhash", "0f" * 8, None, ORIGINAL])
    for other in ("holiday", "frame", "shift3+tone-a7"):  # names in the form of a recipe's, but of no recipe of the job
        assert Signal.from_text("pdq:" + "0f" * 32, quality=90, variant=other).variant == other
        refuses(asked, HEAD, ["pdq", "0f" * 32, 90, other])


def test_no_more_rows_than_there_are_variants() -> None:
    """The count is refused before a row is read."""
    refuses(job(), HEAD | {"rows": 3})
    refuses(Job(0, WIDE), HEAD | {"rows": 500})


def test_what_was_opened_as_a_video_is_none_but_that() -> None:
    """A picture is none of its answers."""
    refuses(job(), HEAD, ROW, is_video=True)
    assert read_answer(said(VIDEO, FRAME), job(), is_video=True).content is Content.VIDEO


@pytest.mark.parametrize("damaged", [True, False])
def test_a_picture_may_be_damaged_in_parts(damaged: bool) -> None:
    """Where its data is doubtful, a word goes with its hashes."""
    assert read_answer(said(HEAD | {"damaged": damaged}, ROW), job()).is_damaged is damaged


def test_nothing_at_all_is_an_answer_only_where_nothing_was_wanted() -> None:
    """No frame may be fit, or no hash may have been wanted; a picture has at least one of those that were."""
    assert read_answer(said(VIDEO | {"rows": 0}), job()) == FileHashes(Content.VIDEO)
    assert read_answer(said(HEAD | {"rows": 0}), job(SignalType.MD5)) == FileHashes()
    refuses(job(), HEAD | {"rows": 0})


def test_the_most_hashes_that_a_job_can_lead_to_are_accepted() -> None:
    """Every type and every variant of `wide`, one after the other."""
    possible = [(kind, variant) for kind in sorted(TYPES - EXACT - {SignalType.VPDQ}) for variant in (ORIGINAL, STORED)]
    possible += [(SignalType.PDQ, variant) for variant in REPOSTS]
    signals = tuple(
        Signal.from_text(
            f"{kind}:{n:064x}" if kind is SignalType.PDQ else f"{kind}:{n:016x}",
            quality=100 if kind is SignalType.PDQ else None,
            variant=variant,
        )
        for n, (kind, variant) in enumerate(possible)
    )
    hashed = FileHashes(Content.IMAGE, signals)
    assert read_answer(written(Job(0, WIDE), hashed), Job(0, WIDE)) == hashed


@pytest.mark.parametrize("kind", REASONS.values())
def test_reasons_arrive_as_their_class(kind: type[MediaError]) -> None:
    """A failure crosses as the name of its class; its words do not cross."""
    pipe = written(Job(5), FileHashes(failure=kind("words of the worker's")))
    hashed = read_answer(pipe, Job(5))
    assert type(hashed.failure) is kind
    assert hashed.failure.sentence == kind().sentence


@given(guards=st.frozensets(st.sampled_from(Guard)))
def test_greetings_arrive_as_they_were_given(guards: frozenset[Guard]) -> None:
    """The parent learns exactly the guards that hold."""
    pipe = io.BytesIO()
    write_greeting(pipe, Protection(guards))
    pipe.seek(0)
    assert read_greeting(pipe) == Protection(guards)


def test_the_longest_greeting_fits_one_line() -> None:
    """All guards together stay within the limit of a line."""
    pipe = io.BytesIO()
    write_greeting(pipe, Protection(frozenset(Guard)))
    assert len(pipe.getvalue()) <= MAX_LINE_BYTES


@given(untrusted=st.binary(max_size=300))
def test_noise_is_no_answer(untrusted: bytes) -> None:
    """Bytes that are no answer are refused with one error, whatever they are."""
    for ending in (b"\n", b""):
        with pytest.raises(LyingWorkerError):
            read_greeting(io.BytesIO(untrusted + ending))
        with pytest.raises(LyingWorkerError):
            read_answer(io.BytesIO(untrusted + ending), Job(0))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["image", "pdq", "0f" * 32]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*HEAD, "skipped", "x"]), inner),
    max_leaves=8,
)


@given(key=st.sampled_from([*HEAD, "skipped", "x"]), value=JSON)
def test_a_changed_field_is_refused(key: str, value: object) -> None:
    """Whatever one field of the head is changed to, the parent refuses it; a picture may be called damaged, and only that."""
    changed = HEAD | {key: value}
    try:
        read_answer(said(changed, ROW), Job(0))
    except LyingWorkerError:
        return
    assert changed == HEAD or (key == "damaged" and value is True)
    assert type(value) is type(HEAD[key])


@given(at=st.integers(0, 3), value=JSON)
def test_a_changed_row_is_refused_or_still_valid(at: int, value: object) -> None:
    """Whatever one part of a row is changed to, the parent refuses it or holds values of the model."""
    row = [*ROW[:at], value, *ROW[at + 1 :]]
    try:
        (signal,) = read_answer(said(HEAD, row), Job(0)).signals
    except LyingWorkerError:
        return
    assert [signal.type, signal.value, signal.quality, signal.variant] == row


@given(at=st.integers(0, 200), byte=st.integers(0, 255))
def test_a_flipped_byte_never_escapes(at: int, byte: int) -> None:
    """One byte changed anywhere gives a refusal or a valid answer, never another error."""
    answer = bytearray(said(HEAD, ROW).getvalue())
    answer[at % len(answer)] = byte
    try:
        hashed = read_answer(io.BytesIO(answer), Job(0))
    except LyingWorkerError:
        return
    assert len(hashed.signals) == 1


def test_no_failure_comes_with_hashes() -> None:
    """A worker that failed has nothing else to say."""
    refuses(Job(0), HEAD | {"skipped": "BrokenMediaError"}, ROW)
    refuses(Job(0), {"position": 1, "skipped": "BrokenMediaError"})
    refuses(Job(0), {"position": False, "skipped": "BrokenMediaError"})
    assert type(read_answer(said({"position": 0, "skipped": "BrokenMediaError"}), Job(0)).failure) is BrokenMediaError


def test_what_comes_after_an_answer_is_no_answer_to_the_next_job() -> None:
    """A row too many, and an answer given ahead, are refused when the next job is asked."""
    for more in (ROW, HEAD):
        pipe = said(HEAD, ROW, more, ROW)
        read_answer(pipe, Job(0))
        with pytest.raises(LyingWorkerError):
            read_answer(pipe, Job(1))
