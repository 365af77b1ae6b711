"""Videos, from their files to what may leave: in the worker that is made for each, and without one."""

import hashlib
import io
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from hashclient.errors import (
    BrokenMediaError,
    MediaTooLargeError,
    MissingExtraError,
    StoppedMediaError,
    UnsupportedMediaError,
    WorkerError,
)
from hashclient.hashing.reposts.levels import frame_variants
from hashclient.hashing.vpdq import hash_video
from hashclient.media.limits import MIB
from hashclient.media.sandbox.confine import VIDEO_LIMITS
from hashclient.media.video import open_video
from hashclient.model import Altered, Content, Declarations, EndpointProfile, Item, Limits, Signal, SignalType
from hashclient.model.fit import fit
from hashclient.prepare import HashOptions, Prepared, conversation, decode, hash_files, item_of, prepare
from hashclient.prepare.conversation import Worker, WorkerLimits
from hashclient.prepare.file import FileTask, hash_file
from hashclient.prepare.pool import WorkerPool
from hashclient.prepare.protocol import Job, read_answer, write_job
from hashclient.prepare.worker import answer_jobs
from hashclient.vocabulary import Coverage, Reason
from kit.videos import CODED, REFUSED, animated, coded, heic, images, moving, video

HERE = HashOptions(sandbox=False)
AFFIRMED = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)  # type: ignore[arg-type]
linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and give its place."""

    def put(untrusted: bytes) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        path.write_bytes(untrusted)
        return path

    return put


def frames_of(untrusted: bytes, *, interval: float = 1.0) -> list[tuple[str, float]]:
    with open_video(io.BytesIO(untrusted), interval=interval) as opened:
        return [(feature.value, feature.seconds) for feature in hash_video(opened.frames())]


def frames_in(prepared: Prepared) -> list[tuple[str, float]]:
    values = [signal.value for signal in prepared.signals if signal.type is SignalType.VPDQ]
    return list(zip(values, prepared.times, strict=True))


def md5(untrusted: bytes) -> Signal:
    return Signal.from_text(f"md5:{hashlib.md5(untrusted, usedforsecurity=False).hexdigest()}")


def reasons(prepared: Prepared) -> list[object]:
    return [type(one.reason) if isinstance(one.reason, Exception) else one.reason for one in prepared.skipped]


@pytest.mark.slow
def test_every_video_is_hashed_in_its_worker_as_without_one(write: Write) -> None:
    """Digest and frames, in every container and coding; the worker gives up all that a picture's does."""
    videos = [coded(name) for name in CODED]
    paths = [write(untrusted) for untrusted in videos]
    hidden = list(hash_files(paths))
    plain = list(hash_files(paths, options=HERE))
    for name, untrusted, one, other in zip(CODED, videos, hidden, plain, strict=True):
        assert one.content is Content.VIDEO
        assert (one.signals, one.skipped) == (other.signals, other.skipped), name
        assert one.signals[0] == md5(untrusted)
        assert one.times == pytest.approx(other.times, abs=0.001)
        assert frames_in(other) == frames_of(untrusted)
        assert (one.protection, other.protection) == (hidden[0].protection, "none")


def both(path: Path, types: tuple[SignalType, ...] | None = None) -> Prepared:
    """Hash a file in a worker and without one, which gives the same."""
    hidden, plain = (
        next(hash_files([path], options=HashOptions(types, sandbox=is_closed_off))) for is_closed_off in (True, False)
    )
    assert (hidden.content, hidden.signals) == (plain.content, plain.signals)
    assert [one.sentence for one in hidden.skipped] == [one.sentence for one in plain.skipped]
    assert hidden.times == pytest.approx(plain.times, abs=0.001)
    return hidden


def by_type(prepared: Prepared) -> dict[SignalType, list[Signal]]:
    return {kind: [signal for signal in prepared.signals if signal.type is kind] for kind in SignalType}


class TestPicturesThatMove:
    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
    def test_they_are_videos_and_photo_matchers_find_them_too(self, kind: str, write: Write) -> None:
        """They go to the worker of pictures, whole; beside MD5 and vPDQ there is PDQ of two of their frames."""
        untrusted = animated(kind)
        prepared = both(write(untrusted))
        found = by_type(prepared)
        assert prepared.content is Content.VIDEO
        assert prepared.signals[0] == md5(untrusted)
        assert len(found[SignalType.VPDQ]) == len(prepared.times) == 8
        assert 1 <= len(found[SignalType.PDQ]) <= 2
        assert {signal.variant for signal in found[SignalType.PDQ]} == {"frame"}
        assert prepared.skipped == ()
        picture = io.BytesIO()
        with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # as others see it
            image.convert("RGB").save(picture, "PNG")
        (as_photo,) = hash_files([write(picture.getvalue())])
        assert found[SignalType.PDQ][0].value == as_photo.signals[0].value

    def test_each_type_can_be_asked_for_alone(self, write: Write) -> None:
        """PDQ of frames, of a picture that moves; a video has none."""
        path = write(animated("GIF", loop=0))
        whole = by_type(both(path))
        for kind in (SignalType.PDQ, SignalType.VPDQ, SignalType.MD5):
            alone = both(path, (kind,))
            assert list(alone.signals) == whole[kind]
            assert (alone.content, alone.skipped) == (Content.VIDEO, ())
            assert len(alone.times) == (len(whole[kind]) if kind is SignalType.VPDQ else 0)
        assert reasons(both(path, (SignalType.PHASH,))) == [Reason.TYPE_NOT_FITTING]

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
    def test_what_is_whole_of_a_damaged_one_is_used(self, kind: str, write: Write) -> None:
        """As of videos, and with the same word; its digest is of what is there."""
        untrusted = animated(kind)
        cut = untrusted[: len(untrusted) - 100]
        prepared = both(write(cut))
        assert reasons(prepared) == [Reason.DAMAGED]
        assert by_type(prepared)[SignalType.VPDQ] == by_type(both(write(untrusted)))[SignalType.VPDQ][:7]
        assert prepared.signals[0] == md5(cut)

    def test_one_without_detail_says_so_only_when_every_frame_was_tried(self, write: Write) -> None:
        """A black frame in front of others is passed over; black alone leaves the digest."""
        (prepared,) = prepare([write(animated("GIF", 12, shown=images(12, blank=4)))], declarations=AFFIRMED)
        assert prepared.times
        assert prepared.times[0] >= 1.0
        assert prepared.skipped == ()
        shown = [Image.new("RGB", (160, 120), (place, 0, 0)) for place in range(4)]
        for types, left in ((None, 1), ((SignalType.PDQ,), 0)):
            nothing = both(write(animated("PNG", shown=shown)), types)
            assert (len(nothing.signals), reasons(nothing)) == (left, [Reason.LOW_QUALITY])

    def test_it_can_be_submitted(self, write: Write) -> None:
        """An item holds frames of both kinds, and no times."""
        (prepared,) = prepare([write(animated("WEBP"))], declarations=AFFIRMED)
        item = item_of(prepared, altered=Altered.NO)
        assert item is not None
        assert {signal.type for signal in item.signals} == {SignalType.MD5, SignalType.VPDQ, SignalType.PDQ}
        assert len(prepared.times) == 8

    def test_a_heic_of_several_stills_is_a_picture(self, write: Write) -> None:
        """Its primary item is hashed, as of a photo; so PDQ can be asked for."""
        untrusted = heic(images(3), primary=1)
        for types in (None, (SignalType.PDQ,)):
            prepared = both(write(untrusted), types)
            assert prepared.content is Content.IMAGE
            assert [(signal.type, signal.variant) for signal in prepared.signals] == [(SignalType.PDQ, "original")]
            assert prepared.skipped == ()


def test_a_video_that_begins_black_is_not_without_detail(write: Write) -> None:
    """The frames that follow are tried until one shows enough, in each second."""
    black = [np.zeros((120, 160, 3), np.uint8)] * 9
    for frames in (black[:2] + list(moving(160, 120, 3)), black + list(moving(160, 120, 1)) + black * 10):
        prepared = both(write(video(shown=frames)))
        assert prepared.times
        assert prepared.skipped == ()


@pytest.mark.slow
def test_the_interval_is_an_option(write: Write) -> None:
    """Of seconds; 0 takes every frame."""
    path = write(coded("mp4 h264"))
    counts = [
        len(next(hash_files([path], options=HashOptions(interval=interval))).times) for interval in (0, 0.5, 1.0, 100)
    ]
    assert counts[0] == max(counts) > 8
    assert all(8 <= count < 16 for count in counts[1:])  # it is a short one: intervals are divided into equal parts


class TestWhatLeaves:
    def test_a_video_can_be_submitted(self, write: Write) -> None:
        """Its item holds no time."""
        path = write(coded("mp4 h264"))
        (prepared,) = prepare([path], declarations=AFFIRMED)
        item = item_of(prepared, altered=Altered.NO)
        assert isinstance(item, Item)
        assert item.content is Content.VIDEO
        assert {signal.type for signal in item.signals} == {SignalType.MD5, SignalType.VPDQ}
        assert "times" not in item.model_dump_json()


@pytest.fixture
def no_videos_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no worker for videos."""
    real = WorkerPool.lend

    def refuse(pool: WorkerPool, *, video: int | None = None) -> AbstractContextManager[Worker]:
        assert video is None
        return real(pool)

    monkeypatch.setattr(WorkerPool, "lend", refuse)


class TestTypes:
    @pytest.mark.usefixtures("no_videos_worker")
    def test_digests_alone_need_no_decoder(self, write: Write) -> None:
        """Also of a video that could not be decoded."""
        untrusted = coded("mov prores")
        (prepared,) = hash_files([write(untrusted)], options=HashOptions(types=(SignalType.SHA256, SignalType.MD5)))
        sha256 = Signal.from_text(f"sha256:{hashlib.sha256(untrusted).hexdigest()}")
        assert prepared.signals == (sha256, md5(untrusted))
        assert prepared.skipped == ()

    @pytest.mark.usefixtures("no_videos_worker")
    def test_digests_of_what_cannot_be_decoded(self, write: Write) -> None:
        """Of pictures and videos, by their first bytes alone; damaged or not, and however large a picture is."""
        for untrusted, content in (
            (b"II*\0 and the rest", Content.IMAGE),
            (b"8BPS\0\1 and the rest", Content.IMAGE),
            (b"FLV\1 and the rest", Content.VIDEO),
            (b"\0\0\1\xba and the rest", Content.VIDEO),
            (b"\xff\xd8\xff and no more", Content.IMAGE),
            (b"GIF89a" + bytes(7) + b"NETSCAPE2.0", Content.VIDEO),
            (b"RIFF\0\0\0\0AVI LIST", Content.VIDEO),
        ):
            prepared = both(write(untrusted), (SignalType.MD5,))
            assert (prepared.content, prepared.signals, prepared.skipped) == (content, (md5(untrusted),), ())

    @linux
    def test_a_large_picture_has_a_digest(self, tmp_path: Path) -> None:
        """Its pixels are another matter."""
        path = tmp_path / "picture"
        path.write_bytes(b"\x89PNG\r\n\x1a\n")
        os.truncate(path, 65 * MIB)
        assert len(both(path, (SignalType.SHA256,)).signals) == 1
        prepared = both(path, (SignalType.SHA256, SignalType.PDQ))
        assert [signal.type for signal in prepared.signals] == [SignalType.SHA256]
        assert reasons(prepared) == [MediaTooLargeError]
        assert "picture" in prepared.skipped[0].sentence

    @pytest.mark.parametrize("untrusted", [b"FLV\1 and the rest", b"OggS" + bytes(24) + b"\x80theora"])
    def test_a_kind_of_video_that_is_not_read_leaves_the_digest(self, untrusted: bytes, write: Write) -> None:
        """And says why there are no frames, with a hint about videos."""
        prepared = both(write(untrusted))
        assert prepared.content is Content.VIDEO
        assert prepared.signals == (md5(untrusted),)
        assert reasons(prepared) == [UnsupportedMediaError]
        assert "only unchanged copies" in prepared.skipped[0].sentence
        assert "Nothing" not in prepared.skipped[0].sentence
        refused = both(write(untrusted), (SignalType.VPDQ,))
        assert (refused.signals, reasons(refused)) == ((), [UnsupportedMediaError])
        assert "Nothing" in refused.skipped[0].sentence
        assert prepared.skipped[0].hint.endswith("use both.")
        assert refused.skipped[0].hint.endswith("use that.")
        for skipped in (prepared.skipped[0], refused.skipped[0]):
            assert "MP4" in skipped.hint
            assert "JPEG" not in skipped.hint

    def test_a_kind_of_picture_that_is_not_read_is_refused_unless_a_digest_is_asked_for(self, write: Write) -> None:
        """With a hint about pictures."""
        path = write(b"MM\0* and the rest")
        refused = both(path)
        assert (refused.content, refused.signals) == (Content.IMAGE, ())
        assert reasons(refused) == [UnsupportedMediaError]
        assert "Nothing" in refused.skipped[0].sentence
        prepared = both(path, (SignalType.MD5, SignalType.PDQ))
        assert prepared.signals == (md5(path.read_bytes()),)
        assert "only unchanged copies" in prepared.skipped[0].sentence
        assert prepared.skipped[0].hint.endswith("use both.")
        for skipped in (refused.skipped[0], prepared.skipped[0]):
            assert "JPEG" in skipped.hint
            assert "MP4" not in skipped.hint

    @pytest.mark.parametrize("untrusted", [b"just words", b"PK\3\4", b"\x7fELF\2", b"#EXTM3U\n", b"[Reference]\n"])
    def test_what_is_neither_has_not_even_a_digest(self, untrusted: bytes, write: Write) -> None:
        """A list of videos is no video; the hint names what can be used, both kinds of it."""
        prepared = both(write(untrusted), (SignalType.MD5,))
        assert (prepared.signals, reasons(prepared)) == ((), [UnsupportedMediaError])
        assert "JPEG" in prepared.skipped[0].hint
        assert "MP4" in prepared.skipped[0].hint

    def test_digests_of_pictures(self, write: Write) -> None:
        """After the others, where both are asked for."""
        picture = io.BytesIO()
        Image.fromarray(next(moving(160, 120, 1))).save(picture, "PNG")
        path = write(picture.getvalue())
        (both,) = hash_files([path], options=HashOptions(types=(SignalType.MD5, SignalType.PDQ)))
        assert [signal.type for signal in both.signals] == [SignalType.PDQ, SignalType.MD5]
        (alone,) = hash_files([path], options=HashOptions(types=(SignalType.MD5,)))
        assert alone.signals == (md5(picture.getvalue()),)

    def test_a_type_that_does_not_fit_is_a_reason(self, write: Write) -> None:
        """Nothing is made of the file, and nothing is sent."""
        (of_video,) = hash_files([write(coded("mp4 h264"))], options=HashOptions(types=(SignalType.PDQ,)))
        assert (of_video.signals, reasons(of_video)) == ((), [Reason.TYPE_NOT_FITTING])
        assert "video" in of_video.skipped[0].sentence
        picture = io.BytesIO()
        Image.fromarray(next(moving(160, 120, 1))).save(picture, "PNG")
        (of_picture,) = hash_files([write(picture.getvalue())], options=HashOptions(types=(SignalType.VPDQ,)))
        assert (of_picture.signals, reasons(of_picture)) == ((), [Reason.TYPE_NOT_FITTING])
        assert "picture" in of_picture.skipped[0].sentence


class TestVideosThatCannotBeUsed:
    @pytest.mark.parametrize("is_closed_off", [True, False])
    def test_a_coding_that_is_not_read_leaves_the_digest(self, write: Write, *, is_closed_off: bool) -> None:
        """Whoever has the same file can still be found."""
        videos = [coded(name) for name in REFUSED]
        results = hash_files([write(one) for one in videos], options=HashOptions(sandbox=is_closed_off))
        for untrusted, prepared in zip(videos, results, strict=True):
            assert prepared.content is Content.VIDEO
            assert prepared.signals == (md5(untrusted),)
            assert "only unchanged copies" in prepared.skipped[0].sentence
            assert "Nothing" not in prepared.skipped[0].sentence

    def test_a_missing_extra_is_named_and_leaves_the_digest(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With the command that installs it."""
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        untrusted = coded("mp4 h264")
        (prepared,) = hash_files([write(untrusted)])
        assert prepared.signals == (md5(untrusted),)
        assert reasons(prepared) == [MissingExtraError]
        assert prepared.skipped[0].hint == "Run this in the folder of its source: pip install '.[video]'"

    def test_a_broken_video_gives_nothing(self, write: Write) -> None:
        """Nobody can have the same video and see it."""
        (prepared,) = hash_files([write(coded("mp4 h264")[:2000])])
        assert (prepared.signals, reasons(prepared)) == ((), [BrokenMediaError])
        assert prepared.content is Content.VIDEO

    def test_a_video_without_detail_leaves_the_digest(self, write: Write) -> None:
        """Black frames would be found everywhere."""
        untrusted = video(shown=[np.zeros((120, 160, 3), np.uint8)] * 20)
        (prepared,) = prepare([write(untrusted)], declarations=AFFIRMED)
        assert prepared.signals == (md5(untrusted),)
        assert reasons(prepared) == [Reason.LOW_QUALITY]
        assert "video" in prepared.skipped[0].sentence

    def test_a_damaged_video_says_so(self, write: Write) -> None:
        """What can be read is used."""
        untrusted = bytearray(video(frames=60, options=(("g", "10"),)))
        middle = len(untrusted) // 2
        untrusted[middle : middle + 400] = b"\xff" * 400
        (prepared,) = hash_files([write(bytes(untrusted))])
        assert prepared.times
        assert reasons(prepared) == [Reason.DAMAGED]

    @pytest.mark.parametrize("name", ["webm vp8", "matroska h264", "avi mjpeg"])
    def test_a_video_that_was_cut_says_so(self, name: str, write: Write) -> None:
        """FFmpeg reads such a file to its end without a word."""
        untrusted = coded(name)
        prepared = both(write(untrusted[: len(untrusted) * 3 // 4]))
        assert prepared.times
        assert reasons(prepared) == [Reason.DAMAGED]

    @linux
    def test_a_larger_file_than_allowed_is_not_read(self, tmp_path: Path) -> None:
        """It is refused by its size."""
        path = tmp_path / "video"
        path.write_bytes(coded("mp4 h264"))
        os.truncate(path, 4 * 1024 * MIB + 1)  # takes no room on the disk
        (prepared,) = hash_files([path])
        assert (prepared.signals, reasons(prepared)) == ((), [MediaTooLargeError])

    def test_a_video_that_takes_too_much_memory_leaves_the_digest(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As one whose header says so."""
        monkeypatch.setattr("hashclient.prepare.decode.open_video", lambda *_, **__: (_ for _ in ()).throw(MemoryError))
        untrusted = coded("mp4 h264")
        (prepared,) = hash_files([write(untrusted)], options=HERE)
        assert prepared.signals == (md5(untrusted),)
        assert reasons(prepared) == [MediaTooLargeError]


HANGING = 'import sys, time; print(\'{"ready":1,"guards":[]}\', flush=True); time.sleep(60)'
HEAD = '{"position":0,"content":"image","rows":1,"damaged":false}'
ROW = '["pdq","%064x",90,"original"]' % 2**200
LYING = f"print('{{\"ready\":1,\"guards\":[]}}'); print('{HEAD}'); print('{ROW}', flush=True); time.sleep(60)"


class TestWorkersOfVideos:
    @pytest.mark.parametrize("program", [HANGING, "import sys, time; " + LYING, "raise SystemExit(1)"])
    def test_one_that_does_not_answer_is_ended(
        self, program: str, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One that is silent, says that it saw a picture, or ends: the digest is left."""
        before = processes_below()
        pool = WorkerPool(limits=WorkerLimits(video_seconds=1))
        untrusted = coded("mp4 h264")
        with pool.lend():  # the worker of pictures is an honest one
            pass
        monkeypatch.setattr(conversation, "COMMAND", (sys.executable, "-I", "-c", program))
        prepared = hash_file(FileTask(write(untrusted), Job(0), pool))
        pool.close()
        assert prepared.signals == (md5(untrusted),)
        assert reasons(prepared)[0] in {StoppedMediaError, WorkerError}
        assert processes_below() == before

    def test_each_video_has_one_of_its_own(self, write: Write) -> None:
        """No file stays open, and no process is left."""
        before, files = processes_below(), len(psutil.Process().open_files())
        paths = [write(coded("mp4 h264")) for _ in range(3)]
        assert all(prepared.times for prepared in hash_files(paths))
        assert len(psutil.Process().open_files()) == files
        assert processes_below() == before

    def test_it_has_the_time_that_the_video_lasts(self) -> None:
        """And a little besides, but never more than the process may have."""
        assert decode.cpu_seconds_of(0) == VIDEO_LIMITS.cpu_seconds
        assert decode.cpu_seconds_of(60) == 60 + VIDEO_LIMITS.cpu_seconds
        assert decode.cpu_seconds_of(10**6) == VIDEO_LIMITS.cpu_seconds_in_all

    def test_it_answers_as_one_of_pictures_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The same program, with the video at hand; its processor time grows once it says how long it lasts."""
        allowed: list[int] = []
        monkeypatch.setattr("hashclient.prepare.worker.allow_cpu", allowed.append)  # or it would bind this process
        jobs, answers = io.BytesIO(), io.BytesIO()
        write_job(jobs, Job(7), b"")
        jobs.seek(0)
        answer_jobs(jobs, answers, cpu_seconds=20, video=io.BytesIO(video(frames=50)))
        answers.seek(0)
        assert read_answer(answers, Job(7), is_video=True).times
        assert allowed == [20, decode.cpu_seconds_of(5)]

    def test_all_of_pyav_is_there_before_it_is_closed_off(self) -> None:
        """What it would import on use is imported."""
        decode.warm_up_for_videos()
        assert {"av.subtitles.stream", "av.sidedata.sidedata", "av.video.reformatter"} <= sys.modules.keys()

    def test_where_no_file_can_be_handed_over_there_is_no_worker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As on Windows."""

        def refuse(*_: object, **__: object) -> None:
            raise ValueError

        monkeypatch.setattr("subprocess.Popen", refuse)
        with pytest.raises(WorkerError):
            Worker(video=0)


def processes_below() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def damaged(untrusted: bytes, chance: random.Random) -> bytes:
    """Flip some bytes, or cut the video short."""
    changed = bytearray(untrusted)
    for _ in range(chance.randint(1, 40)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    if chance.random() < 0.3:
        del changed[chance.randrange(64, len(changed)) :]
    return bytes(changed)


SHARP = [
    np.kron(np.random.default_rng(seed).integers(0, 256, (9, 12, 3), np.uint8), np.ones((16, 16, 1), np.uint8))
    for seed in range(6)
]
"""Frames of so much detail that each of their likely re-posts shows enough."""


class TestReposts:
    @pytest.mark.parametrize("coverage", [Coverage.STANDARD, Coverage.WIDE])
    def test_a_video_has_a_series_of_each(self, write: Write, coverage: Coverage) -> None:
        """From its worker, from the picture half and without either; its own frames and their times are as without."""
        shown = [frame for frame in SHARP for _ in range(10)]
        path = write(video(shown=shown, size=(192, 144)))
        options = HashOptions(coverage=coverage)
        (plain,) = hash_files([path])
        results = [next(hash_files([path], options=replace(options, sandbox=is_closed))) for is_closed in (True, False)]
        if sys.platform == "linux":
            results += hash_files([path], options=replace(options, apart=True))
        for one in results:
            assert one.signals == results[0].signals
            assert one.times == pytest.approx(plain.times, abs=0.001)
            assert one.signals[: len(plain.signals)] == plain.signals
            assert {signal.type for signal in one.signals[len(plain.signals) :]} == {SignalType.VPDQ}
            assert {signal.variant for signal in one.signals[len(plain.signals) :]} == {*frame_variants(coverage)}

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
    def test_a_picture_that_moves_has_them_too(self, kind: str, write: Write) -> None:
        """Between its frames and what of it is hashed as a picture."""
        path = write(animated(kind, shown=[Image.fromarray(frame) for frame in SHARP], duration=1000))
        options = HashOptions(coverage=Coverage.WIDE)
        hidden, plain = (
            next(hash_files([path], options=replace(options, sandbox=is_closed))) for is_closed in (True, False)
        )
        assert hidden.signals == plain.signals
        assert hidden.times == pytest.approx(plain.times, abs=0.001)
        order = [(signal.type, signal.variant) for signal in hidden.signals]
        assert list(dict.fromkeys(order)) == [
            (SignalType.MD5, None),
            (SignalType.VPDQ, None),
            *(
                (SignalType.VPDQ, variant)
                for variant in dict.fromkeys(
                    one.variant for one in hidden.signals[len(hidden.times) + 1 :] if one.variant != "frame"
                )
            ),
            (SignalType.PDQ, "frame"),
        ]
        assert {variant for _, variant in order} == {None, "frame", *frame_variants(Coverage.WIDE)}

    @pytest.mark.parametrize("types", [(SignalType.MD5,), (SignalType.PDQ,)])
    def test_there_is_none_where_no_frames_are_asked_for(self, write: Write, types: tuple[SignalType, ...]) -> None:
        """Digests alone, or `pdq` of a picture that moves."""
        path = write(animated("GIF", 3))
        (one,) = hash_files([path], options=HashOptions(types, coverage=Coverage.WIDE))
        assert {signal.variant for signal in one.signals} <= {None, "frame"}

    @pytest.mark.parametrize("most", [6, 8, 14, 30])
    def test_a_service_gets_no_more_frames_than_it_takes(self, write: Write, most: int) -> None:
        """Own frames first, then the series in their order, each as far as there is room; the service accepts the item."""
        (prepared,) = prepare(
            [write(video(shown=[frame for frame in SHARP for _ in range(10)], size=(192, 144)))],
            declarations=AFFIRMED,
            options=HashOptions(coverage=Coverage.WIDE, sandbox=False),
        )
        item = item_of(prepared, altered=Altered.NO)
        assert item is not None
        profile = EndpointProfile(
            name="Test",
            operator="Test",
            origin="http://127.0.0.1:1",
            plain_bodies=True,
            limits=Limits(frames_per_video=most),
        )
        (kept,) = fit([item], profile).items
        counts = Counter(signal.variant for signal in kept.signals if signal.type is SignalType.VPDQ)
        own, room = len(prepared.times), max(0, most - len(prepared.times))
        assert counts.pop(None) == min(own, most)
        series = frame_variants(Coverage.WIDE)
        assert sum(counts.values()) == min(room, own * len(series))
        assert {*counts} == {*series[: len(counts)]}
        if room < own:
            assert len(counts) <= 1


@pytest.mark.slow
@linux
def test_damaged_videos_never_escape_and_never_take_too_much(write: Write) -> None:
    """Whatever is flipped or cut, there is an answer, and no worker has more than 1 GiB of memory (E14 of the specification)."""
    chance = random.Random(20)
    names = ("mp4 h264", "webm vp9", "mp4 hevc", "mp4 av1", "avi mjpeg", "matroska h264", "mpegts h264", "webm vp8")
    paths = [write(damaged(coded(name), chance)) for name in names for _ in range(4)]
    most = 0
    for prepared in hash_files(paths):
        most = max([most, *memory_of_children()])
        assert prepared.signals or prepared.skipped
        for skipped in prepared.skipped:
            assert "Error" not in skipped.sentence
    assert most <= 1024 * MIB


def memory_of_children() -> Iterator[int]:
    for child in psutil.Process().children(recursive=True):
        try:
            yield child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
