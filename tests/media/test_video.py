"""Videos: which are opened, which frames are taken, and what each frame shows."""

import contextlib
import gc
import io
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashclient.errors import (
    BrokenMediaError,
    MediaError,
    MediaTooLargeError,
    MissingExtraError,
    UnsupportedMediaError,
)
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.vpdq import hash_frame
from hashclient.media import limits
from hashclient.media.formats import HEAD_BYTES, container_of
from hashclient.media.frames import Sampler
from hashclient.media.limits import VideoLimits
from hashclient.media.video import Video, open_video
from hashclient.pixels import Frame
from kit.videos import CODED, REFUSED, coded, moving, reference_frames, video, with_sound

LUMA = np.array([0.299, 0.587, 0.114])


def taken(untrusted: bytes, *, interval: float = 0) -> list[tuple[float, bytes]]:
    """Walk over a video; the time and the first plane of each frame."""
    with open_video(io.BytesIO(untrusted), interval=interval) as opened:
        return [(frame.seconds, frame.pixels.rows(0, frame.pixels.height).tobytes()) for frame in opened.frames()]


def times(untrusted: bytes, *, interval: float) -> list[float]:
    return [seconds for seconds, _ in taken(untrusted, interval=interval)]


@pytest.mark.parametrize("name", CODED)
def test_every_container_and_coding_of_the_list_is_read(name: str) -> None:
    """All frames come, each at its time, with the luma that other tools see."""
    expected = reference_frames(name)
    with open_video(io.BytesIO(coded(name)), interval=0) as opened:
        seconds = []
        for frame, rgb in zip(opened.frames(), expected, strict=True):
            seconds.append(frame.seconds)
            assert difference(frame, rgb) < 2.0
            (feature,) = hash_frame(frame)
            value, quality = pdq_hash(rgb)
            assert (int(feature.value, 16) ^ int(value, 16)).bit_count() <= 10
            assert abs(feature.quality - quality) <= 2  # rounding decides a point here and there
        assert not opened.is_damaged
        assert opened.seconds == pytest.approx(len(expected) / 10)
    start = seconds[0]
    assert [one - start for one in seconds] == pytest.approx([place / 10 for place in range(len(expected))])


def difference(frame: Frame, rgb: NDArray[np.uint8]) -> float:
    """Compare the luma of a frame, from black to white, with that of RGB; the mean difference, of 255."""
    pixels = frame.pixels
    assert (pixels.height, pixels.width) == rgb.shape[:2]
    luma = (pixels.luma(0, pixels.height) - frame.black) * 255 / (frame.white - frame.black)
    assert np.array_equal(pixels.rows(2, 9)[..., 0], pixels.columns(0, pixels.width)[2:9, :, 0])
    return float(np.abs(luma.clip(0, 255) - rgb @ LUMA).mean())


@pytest.mark.parametrize("name", REFUSED)
def test_a_coding_that_is_not_on_the_list_is_refused(name: str) -> None:
    """FFmpeg could decode it; the name decides before anything is decoded."""
    assert reference_frames(name)
    with pytest.raises(UnsupportedMediaError):
        taken(coded(name))


def test_nothing_that_is_not_on_the_list_is_decoded_to_learn_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """FFmpeg's own look at the streams is bound by the list, too: without it, it knows the layout of pixels."""
    known = []

    def remember(container: av.container.InputContainer, *_: object) -> object:
        known.append(container.streams.video[0].codec_context.pix_fmt)
        raise UnsupportedMediaError

    monkeypatch.setattr("hashclient.media.video._stream_of", remember)
    untrusted = coded("mpegts mpeg2")
    with pytest.raises(UnsupportedMediaError):
        open_video(io.BytesIO(untrusted))
    with av.open(io.BytesIO(untrusted), format="mpegts") as container:  # noqa: TID251
        known.append(container.streams.video[0].codec_context.pix_fmt)
    assert known == [None, "yuv420p"]


def test_the_first_frame_of_each_interval_is_taken() -> None:
    """Time counts from 0, not from the frame taken before; every frame is taken where the interval is 0."""
    untrusted = coded("mp4 h264")
    assert times(untrusted, interval=0.25) == [0.0, 0.3, 0.5, 0.8, 1.0, 1.3, 1.5, 1.8, 2.0, 2.3, 2.5, 2.8]
    assert len(times(untrusted, interval=0)) == 30
    assert times(video(frames=95, options=(("preset", "ultrafast"),)), interval=1.0) == list(range(10))


@pytest.mark.parametrize(
    ("interval", "taken"),
    [
        (0.5, [0.0, 0.3, 0.5, 0.8, 1.0, 1.3, 1.5, 1.8, 2.0, 2.3, 2.5, 2.8]),
        (1.0, [0.0, 0.4, 0.7, 1.0, 1.4, 1.7, 2.0, 2.4, 2.7]),
        (100, [0.0, 0.4, 0.8, 1.2, 1.5, 1.9, 2.3, 2.7]),
    ],
)
def test_a_short_video_gives_eight_frames_or_more(interval: float, taken: list[float]) -> None:
    """Spread over its length, those of whole intervals among them, or all that it has."""
    assert times(coded("mp4 h264"), interval=interval) == taken
    assert times(video(frames=5), interval=interval) == [0.0, 0.1, 0.2, 0.3, 0.4]
    longer = with_sound("mp4", "libx264", "aac", seconds=2, sound_seconds=9)
    assert len(times(longer, interval=interval)) == 8


def test_of_a_video_that_does_not_say_how_long_it_is_the_first_interval_gives_eight() -> None:
    """As browsers record it: there is one walk, and its end is not known before."""
    untrusted = video(
        container="webm", coding="libvpx", frames=40, options=(("deadline", "realtime"),), muxing=(("live", "1"),)
    )
    assert times(untrusted, interval=1.0) == [0.0, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9, 1.0, 2.0, 3.0]


MOMENTS = st.lists(st.fractions(0, 60, max_denominator=1000), min_size=1, unique=True).map(sorted)


@given(interval=st.floats(0.01, 10), shown=MOMENTS, longer=st.fractions(8 * 10, 1000))
def test_no_interval_is_left_without_its_first_frame(interval: float, shown: list[Fraction], longer: Fraction) -> None:
    """Each interval in which a frame is shown gives exactly one, the first of it."""
    sampler = Sampler(interval, lasts=longer)
    chosen = [seconds for seconds in shown if sampler.takes(seconds)]
    exact = Fraction(interval).limit_denominator(1_000_000)
    slots = [seconds // exact for seconds in shown]
    assert chosen == [shown[slots.index(slot)] for slot in sorted(set(slots))]


@given(interval=st.floats(0.01, 100), count=st.integers(1, 40), step=st.fractions(Fraction(1, 100), 2))
def test_eight_frames_are_taken_or_all_there_are(interval: float, count: int, step: Fraction) -> None:
    """Of frames that are shown equally long."""
    sampler = Sampler(interval, lasts=count * step)
    taken_of = [place for place in range(count) if sampler.takes(place * step)]
    assert len(taken_of) >= min(count, 8)
    assert taken_of[0] == 0


@given(interval=st.floats(0.01, 10), lasts=st.just(0) | st.fractions(1, 60), dull=st.lists(st.booleans(), min_size=1))
def test_the_next_frame_is_taken_until_one_is_good(interval: float, lasts: Fraction, dull: list[bool]) -> None:
    """An interval whose first frame is good costs no other; where all are dull, all are tried."""
    sampler = Sampler(interval, lasts=lasts)
    plain = Sampler(interval, lasts=lasts)
    is_asked = False
    for place, is_dull in enumerate(dull):
        seconds = Fraction(place, 10)
        is_first, is_taken = plain.takes(seconds), sampler.takes(seconds)
        assert is_taken == (is_first or is_asked)
        if is_taken:
            is_asked = is_dull
            if is_dull:
                sampler.take_next()


@pytest.mark.parametrize(("degrees", "orientation"), [(0, 1), (90, 8), (180, 3), (270, 6)])
def test_a_turned_video_says_so(degrees: int, orientation: int) -> None:
    """Telephones store videos as the sensor lies, and a matrix by which players turn them."""
    untrusted = video(frames=2, turned=degrees)
    with open_video(io.BytesIO(untrusted)) as opened:
        assert {frame.pixels.orientation for frame in opened.frames()} == {orientation}


def test_frames_without_a_time_follow_at_the_usual_pace() -> None:
    """A container that gives no time to a frame gives a rate, or the usual one is taken."""

    class Shown:
        def __init__(self, pts: int | None) -> None:
            self.pts, self.time_base = pts, Fraction(1, 10)

    with open_video(io.BytesIO(coded("mp4 h264"))) as opened:
        opened._decoded = lambda: iter([Shown(None), Shown(3), Shown(None)])  # type: ignore[method-assign,list-item]
        assert [seconds for seconds, _ in opened._timed()] == [0, Fraction(3, 10), Fraction(4, 10)]


@pytest.mark.slow
def test_few_frames_are_in_memory_at_a_time() -> None:
    """However long the video is, and without waiting for Python to look for cycles."""
    gc.collect()
    gc.disable()
    try:
        most = 0
        with open_video(io.BytesIO(video(frames=80)), interval=0) as opened:
            for _ in opened.frames():
                most = max(most, sum(isinstance(one, av.VideoFrame) for one in gc.get_objects()))
    finally:
        gc.enable()
    assert 0 < most < 20


class TestLimits:
    def test_more_pixels_than_allowed_are_refused_by_the_header(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is decoded."""
        monkeypatch.setattr(limits, "VIDEOS", VideoLimits(max_pixels=160 * 120 - 1))
        with pytest.raises(MediaTooLargeError):
            open_video(io.BytesIO(coded("mp4 h264")))

    def test_a_longer_video_than_allowed_is_refused_by_the_header(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is decoded."""
        monkeypatch.setattr(limits, "VIDEOS", VideoLimits(max_seconds=2.9))
        with pytest.raises(MediaTooLargeError):
            open_video(io.BytesIO(coded("mp4 h264")))

    def test_a_video_cannot_grow_as_it_goes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A decoder is not believed either: each frame that is taken is measured."""
        grown = joined(video(frames=10, container="mpegts"), video(frames=10, container="mpegts", size=(320, 240)))
        assert {len(plane) for _, plane in taken(grown)} == {160 * 120, 320 * 240}
        monkeypatch.setattr(limits, "VIDEOS", VideoLimits(max_pixels=192 * 128))  # as coded, in blocks of up to 64
        with open_video(io.BytesIO(grown), interval=0) as opened:
            assert {frame.pixels.width for frame in opened.frames()} == {160}
            assert opened.is_damaged

    def test_a_large_frame_is_refused_also_where_the_decoder_gave_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The last of three checks."""
        with open_video(io.BytesIO(coded("mp4 h264"))) as opened:
            monkeypatch.setattr(limits, "VIDEOS", VideoLimits(max_pixels=1))
            with pytest.raises(MediaTooLargeError):
                next(opened.frames())

    def test_no_memory_is_a_video_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whichever part of it asks for too much."""

        def refuse(*_: object) -> None:
            raise av.error.MemoryError(12, "no memory")

        with open_video(io.BytesIO(coded("mp4 h264"))) as opened:
            monkeypatch.setattr(opened, "_stream", type("S", (), {"decode": refuse, "average_rate": 10})())
            opened._container = type("C", (), {"demux": lambda *_: iter([None]), "close": lambda _: None})()
            with pytest.raises(MediaTooLargeError):
                next(opened.frames())


def joined(*parts: bytes) -> bytes:
    """Put transport streams one after the other, as broadcasts do."""
    return b"".join(parts)


class TestDamage:
    def test_what_can_be_read_of_a_broken_off_video_is_used(self) -> None:
        """As players do; it is noted."""
        untrusted = coded("matroska h264")
        with open_video(io.BytesIO(untrusted[: len(untrusted) // 2]), interval=0) as opened:
            assert 5 < len(list(opened.frames())) < 30

    def test_a_video_without_one_whole_frame_is_broken(self) -> None:
        """Its header was good."""
        untrusted = bytearray(coded("avi mjpeg"))
        start = untrusted.index(b"movi")
        untrusted[start + 4 : start + 20_000] = bytes(19_996)
        with pytest.raises(MediaError):
            taken(bytes(untrusted[: start + 20_000]))

    def test_damage_is_passed_over_and_noted(self) -> None:
        """The frames before and after it come."""
        untrusted = bytearray(video(frames=60, options=(("g", "10"),)))
        middle = len(untrusted) // 2
        untrusted[middle : middle + 400] = b"\xff" * 400
        with open_video(io.BytesIO(bytes(untrusted)), interval=0) as opened:
            seconds = [frame.seconds for frame in opened.frames()]
            assert opened.is_damaged
        assert seconds[0] == 0
        assert seconds[-1] == pytest.approx(5.9)

    @pytest.mark.parametrize("name", ["mp4 h264", "webm vp9", "avi mjpeg", "mpegts h264"])
    def test_a_header_alone_is_broken(self, name: str) -> None:
        """Whatever FFmpeg makes of it, a person can read what comes out."""
        with pytest.raises(MediaError) as raised:
            taken(coded(name)[:600])
        assert "Error" not in raised.value.sentence

    def test_a_stream_that_breaks_is_broken(self) -> None:
        """The disk, too, can fail."""

        class Failing(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                if size != HEAD_BYTES:
                    raise OSError(5, "a name that nobody may see")
                return super().read(size)

        with pytest.raises(BrokenMediaError) as raised:
            open_video(Failing(coded("mp4 h264")))
        assert "name" not in str(raised.value)

    @settings(max_examples=60)
    @given(data=st.data(), name=st.sampled_from(["mp4 h264", "webm vp9", "matroska h264", "avi mjpeg", "mpegts h264"]))
    def test_whatever_is_flipped_or_cut_only_media_errors_come_out(self, data: st.DataObject, name: str) -> None:
        """A sample; whole runs are done in the worker, where memory and time are bounded."""
        untrusted = bytearray(coded(name))
        for _ in range(data.draw(st.integers(0, 8))):
            untrusted[data.draw(st.integers(HEAD_BYTES, len(untrusted) - 1))] = data.draw(st.integers(0, 255))
        cut = bytes(untrusted[: data.draw(st.integers(HEAD_BYTES, len(untrusted)))])
        with contextlib.suppress(MediaError):
            taken(cut)


class TestWhatIsAVideo:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("mp4 h264", "mov"),
            ("mov h264", "mov"),
            ("sequence of HEIC", "mov"),
            ("matroska h264", "matroska"),
            ("webm vp9", "matroska"),
            ("avi mpeg4", "avi"),
            ("mpegts h264", "mpegts"),
        ],
    )
    def test_the_first_bytes_tell(self, name: str, kind: str) -> None:
        """The name of a file is never asked."""
        assert container_of(coded(name)[:HEAD_BYTES]) == kind

    @pytest.mark.parametrize(
        "untrusted",
        [
            b"",
            b"#EXTM3U\n#EXT-X-VERSION:3\n",
            b"ffconcat version 1.0\nfile other.mp4\n",
            b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
            b'<?xml version="1.0"?><MPD></MPD>',
            b"I am free to write what I like, also this text.",
            b"\0\0\0\x20ftypmif1\0\0\0\0mif1heic",
            b"\0\0\0\x20ftypavis\0\0\0\0avismsf1",
            b"\0\0\0\x20ftypmsf1\0\0\0\0avifmsf1" + bytes(8),
            b"\0\0\0\x20ftypheic\0\0\0\0mif1heic",
            b"\x47" + bytes(187) + b"\x48" + bytes(800),
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"\xff\xd8\xff\xe0",
        ],
    )
    def test_what_is_none(self, untrusted: bytes) -> None:
        """Lists of other files, pictures, and texts that happen to have a word in the right place."""
        assert container_of(untrusted) is None
        with pytest.raises(UnsupportedMediaError):
            open_video(io.BytesIO(untrusted))

    def test_a_transport_stream_with_times(self) -> None:
        """Cameras write four bytes before each packet."""
        packets = b"".join(bytes(4) + b"\x47" + bytes(187) for _ in range(6))
        assert container_of(packets) == "mpegts"

    def test_music_with_a_cover_is_no_video(self) -> None:
        """Nor is music without one."""
        for with_cover in (False, True):
            with pytest.raises(UnsupportedMediaError):
                open_video(io.BytesIO(music(with_cover=with_cover)))


def music(*, with_cover: bool) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:  # noqa: TID251
        stream = container.add_stream("aac", rate=44100)
        cover = container.add_stream("mjpeg", rate=1) if with_cover else None
        if cover is not None:
            cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
            picture = av.VideoFrame.from_ndarray(next(moving(64, 48, 1)), format="rgb24")
            container.mux(cover.encode(picture))
            container.mux(cover.encode())
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        silence.sample_rate = 44100
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    return file.getvalue()


def test_the_file_object_stays_open() -> None:
    """Whoever opened it closes it."""
    stream = io.BytesIO(coded("mp4 h264"))
    with open_video(stream) as opened:
        assert isinstance(opened, Video)
    assert not stream.closed
    with pytest.raises(MediaError):
        open_video(stream)  # at its end: nothing to read
    stream.seek(0)
    open_video(stream).close()


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError) as raised:
        open_video(io.BytesIO(coded("mp4 h264")))
    assert raised.value.hint == "Run this in the folder of its source: pip install '.[video]'"


def test_ffmpeg_says_nothing(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What is wrong with a video is said by us alone, and quotes nothing of it."""
    untrusted = bytearray(coded("mp4 h264"))
    untrusted[200:4000:7] = b"\xff" * len(untrusted[200:4000:7])
    with contextlib.suppress(MediaError):
        taken(bytes(untrusted))
    assert capfd.readouterr() == ("", "")
