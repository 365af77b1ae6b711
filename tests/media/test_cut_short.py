"""Videos that were cut short say so, and no whole video does."""

import io
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hashclient.media.cut_short import lacks_bytes, lacks_seconds
from hashclient.media.formats import HEAD_BYTES, container_of
from hashclient.media.video import open_video
from kit.videos import CODED, coded, video, with_sound

VP8 = (("deadline", "realtime"), ("cpu-used", "8"))
LIVE = (("live", "1"),)
"""As browsers record: no size, and no length."""
GOOD = {
    "B-frames": lambda: video(container="matroska", frames=45, options=(("bf", "3"), ("g", "30"))),
    "one frame": lambda: video(container="webm", coding="libvpx", frames=1, options=VP8),
    "an odd rate": lambda: video(container="matroska", frames=47, rate=29, options=(("bf", "2"),)),
    "a slow slide show": lambda: video(container="matroska", frames=4, rate=1, times=(0, 6, 11, 20)),
    "frames at odd times": lambda: video(container="webm", coding="libvpx", frames=6, times=(0, 1, 9, 30, 31, 70), options=VP8),
    "a start that is late": lambda: video(container="matroska", frames=5, times=(200, 201, 202, 203, 204)),
    "live": lambda: video(container="webm", coding="libvpx", frames=30, options=VP8, muxing=LIVE),
    "live clusters": lambda: video(container="matroska", frames=30, muxing=(*LIVE, ("cluster_time_limit", "300"))),
    "an index in front": lambda: video(container="matroska", frames=30, muxing=(("reserve_index_space", "4096"),)),
    "AVI of one frame": lambda: video(container="avi", coding="mpeg4", frames=1),
    "AVI with B-frames": lambda: video(container="avi", coding="mpeg4", frames=30, options=(("bf", "2"),)),
    "longer sound": lambda: with_sound("matroska", "mpeg4", "libmp3lame", seconds=1, sound_seconds=6),
    "shorter sound": lambda: with_sound("matroska", "mpeg4", "libmp3lame", seconds=6, sound_seconds=1),
    "longer Opus": lambda: with_sound("webm", "libvpx", "libopus", seconds=1, sound_seconds=5),
    "AVI with longer sound": lambda: with_sound("avi", "mpeg4", "libmp3lame", seconds=1, sound_seconds=5),
    "AVI with plain sound": lambda: with_sound("avi", "mpeg4", "pcm_s16le", seconds=4, sound_seconds=1),
}  # fmt: skip


def is_damaged(untrusted: bytes) -> bool:
    with open_video(io.BytesIO(untrusted)) as opened:
        assert list(opened.frames())
        return opened.is_damaged


def without_size(untrusted: bytes) -> bytes:
    """Have a Matroska file not say how long it is in bytes, as recorders that cannot go back write it."""
    place = untrusted.index(b"\x18\x53\x80\x67") + 4
    return untrusted[:place] + b"\x01" + b"\xff" * 7 + untrusted[place + 8 :]


@pytest.mark.parametrize("name", [*GOOD, *CODED])
def test_a_whole_video_says_nothing(name: str) -> None:
    """Whatever wrote it: sound that goes on, pictures that stand still, no length, no size; and with a few bytes after it."""
    untrusted = GOOD[name]() if name in GOOD else coded(name)
    assert not is_damaged(untrusted)
    kind = container_of(untrusted[:HEAD_BYTES])
    if kind == "matroska":
        assert not is_damaged(without_size(untrusted))
    if kind in {"matroska", "avi"}:
        assert not is_damaged(untrusted + bytes(50))


@pytest.mark.parametrize("name", ["matroska h264", "webm vp8", "webm vp9", "avi mpeg4", "avi mjpeg", "avi h264"])
@pytest.mark.parametrize("share", [0.7, 0.8, 0.95])
def test_a_video_that_was_cut_says_so(name: str, share: float) -> None:
    """FFmpeg's reader ends without an error."""
    untrusted = coded(name)
    assert is_damaged(untrusted[: int(len(untrusted) * share)])


def test_a_video_that_says_only_how_long_it_lasts_says_so_too() -> None:
    """Eight seconds by its head, and half of them there; of the shortest, too little may be missing to tell."""
    untrusted = without_size(video(container="matroska", frames=80, options=(("g", "10"),)))
    assert is_damaged(untrusted[: len(untrusted) // 2])


def test_a_video_whose_end_is_empty_says_so() -> None:
    """As a download leaves it that reserved its room on the disk."""
    untrusted = video(container="matroska", frames=80, options=(("g", "10"),))
    half = len(untrusted) // 2
    assert is_damaged(untrusted[:half] + bytes(len(untrusted) - half))


@given(stated=st.floats(0, 10**5), end=st.floats(0, 10**5), gap=st.floats(0, 100))
@example(stated=0.0, end=5.0, gap=0.0)
def test_a_little_is_never_missing(stated: float, end: float, gap: float) -> None:
    """Two seconds, a quarter, or twice the longest time that a picture stood still."""
    missing = lacks_seconds(stated=stated, end=end, longest_gap=gap)
    assert missing == (stated - end > max(2, stated / 4, 2 * gap))
    assert not (missing and end >= stated)


EBML = b"\x1a\x45\xdf\xa3\x81\0"


class TestHead:
    @pytest.mark.parametrize(
        ("head", "end"),
        [
            (EBML + b"\x18\x53\x80\x67\x84abcd", 15),
            (EBML + b"\xec\x82\0\0\x18\x53\x80\x67\x40\x10", 36),
            (EBML + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", 0),
            (EBML + b"\x18\x53\x80\x67\xff", 0),
            (EBML + b"\x18\x53\x80\x67", 0),
            (EBML + b"\x1f\x43\xb6\x75\x81\0", 0),
            (EBML + b"\0", 0),
            (EBML, 0),
            (b"RIFF\x10\0\0\0", 24),
            (b"RIFF\x11\0\0\0", 26),
            (b"RIFF\x04\0\0\0AVI RIFF\x64\0\0\0AVIX", 120),
            (b"RIFF\x00\0\0\0", 8),
            (b"RIFF\xff\xff\xff\xff", 0),
            (b"RIFF\xff\xff\xff\x7f", 0),
        ],
    )
    def test_where_a_file_says_it_ends(self, head: bytes, end: int) -> None:
        """64 bytes may be missing, and one more may not; where it does not say, nothing is missing."""
        kind = "avi" if head.startswith(b"RIFF") else "matroska"
        assert not lacks_bytes(io.BytesIO(head.ljust(end - 64, b"\x01")), kind)
        assert lacks_bytes(io.BytesIO(head), kind) == (end > len(head) + 64)

    @given(untrusted=st.binary(max_size=200), kind=st.sampled_from(["matroska", "avi", "mov", "mpegts"]))
    def test_any_bytes(self, untrusted: bytes, kind: str) -> None:
        """The file is at its start again."""
        heads = {"matroska": EBML, "avi": b"RIFF\4\0\0\0AVI "}
        stream = io.BytesIO(heads.get(kind, b"") + untrusted)
        assert lacks_bytes(stream, kind) in {True, False}
        assert stream.tell() == 0

    def test_empty_chunks_are_not_counted_for_ever(self) -> None:
        """Sixty-four at most."""
        stream = io.BytesIO((b"RIFF" + bytes(4)) * 10_000)
        assert not lacks_bytes(stream, "avi")


def test_a_long_avi_has_several_parts() -> None:
    """Each says how long it is; the second is missing here."""
    untrusted = bytearray(coded("avi mpeg4"))
    (size,) = struct.unpack_from("<I", untrusted, 4)
    assert 8 + size == len(untrusted)
    assert is_damaged(bytes(untrusted) + b"RIFF" + struct.pack("<I", 5000) + b"AVIX" + bytes(100))


def test_the_kit_makes_what_it_says() -> None:
    """Sound that is longer, and a file without a length."""
    for name, seconds in (("longer sound", pytest.approx(6, abs=0.1)), ("live", 0)):
        with open_video(io.BytesIO(GOOD[name]())) as opened:
            assert opened.seconds == seconds
