"""Pictures that move are videos: which they are, which frames are taken, and what each costs."""

import io
import re
import struct
import zlib
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.hashing.pdq import PdqHasher
from hashclient.hashing.vpdq import hash_frame
from hashclient.media import limits
from hashclient.media.animation import open_animation
from hashclient.media.image import open_image
from hashclient.media.limits import ImageLimits, VideoLimits
from hashclient.pixels import ArrayPixels, Frame
from kit.videos import animated, heic, images

KINDS = ("GIF", "WEBP", "PNG", "AVIF")
SIZE = (160, 120)


def taken(untrusted: bytes, **opening: Any) -> list[tuple[float, str, int]]:
    opened = open_animation(untrusted, **opening)
    assert opened is not None
    with opened:
        return [
            (feature.seconds, feature.value, feature.quality)
            for frame in opened.frames()
            for feature in hash_frame(frame)
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gives_its_frames_with_their_times(kind: str) -> None:
    """All of them where the interval is 0."""
    frames = taken(animated(kind), interval=0)
    assert [seconds for seconds, *_ in frames] == [place / 4 for place in range(8)]
    assert [quality >= 50 for _, _, quality in frames] == [True] * 8


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_is_hashed_as_the_same_picture_is(kind: str) -> None:
    """Within a few bits, as far as coding loses something."""
    grey = [image.convert("L") for image in images(8)]  # which 256 colours are enough for
    expected = [open_image(still(image, "PNG")) for image in grey]
    for (_, value, _), picture in zip(taken(animated(kind, shown=grey), interval=0), expected, strict=True):
        pixels = picture.rows(0, picture.height)
        (feature,) = hash_frame(Frame(0.0, ArrayPixels(np.ascontiguousarray(pixels))))
        assert (int(value, 16) ^ int(feature.value, 16)).bit_count() <= 16


def still(image: Image.Image, kind: str, **saving: Any) -> bytes:
    file = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(file)
    else:
        image.save(file, kind, **saving)
    return file.getvalue()


@pytest.mark.parametrize("kind", [*KINDS, "HEIF", "JPEG", "BMP"])
def test_a_still_stays_a_picture(kind: str) -> None:
    """Also one that was saved as a sequence of one."""
    (image,) = images(1)
    assert open_animation(still(image, kind)) is None
    if kind in KINDS:
        assert open_animation(animated(kind, shown=[image])) is None


def test_what_is_no_picture_is_refused() -> None:
    """As where a still is expected."""
    with pytest.raises(UnsupportedMediaError):
        open_animation(b"GIF80a" + bytes(100))


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_one_gives_eight_frames(kind: str) -> None:
    """Spread over its length, where it has as many; a longer one gives one in each interval."""
    assert [one for one, *_ in taken(animated(kind, 16, duration=40))] == [place * 0.08 for place in range(8)]
    assert [one for one, *_ in taken(animated(kind, 3, duration=40))] == pytest.approx([0, 0.04, 0.08])
    assert [one for one, *_ in taken(animated(kind, 20, duration=500))] == list(range(10))


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_with_next_to_no_time_is_shown_as_browsers_show_it(kind: str) -> None:
    """A tenth of a second, up to 10 ms; 20 ms are 20 ms."""
    for duration in (0, 10):
        seconds = [one for one, *_ in taken(animated(kind, duration=duration), interval=0)]
        assert seconds == pytest.approx([place / 10 for place in range(8)])
    assert [one for one, *_ in taken(animated(kind, duration=20), interval=0)] == pytest.approx(
        [place / 50 for place in range(8)]
    )


class TestHeic:
    def test_one_of_several_stills_is_a_picture(self) -> None:
        """Only a track has times; viewers show the primary item, wherever it stands."""
        shown = images(3)
        for primary in range(3):
            untrusted = heic(shown, primary=primary)
            assert open_animation(untrusted) is None
            with open_image(untrusted) as picture, open_image(still(shown[primary], "PNG")) as expected:
                (found, *_), (wanted, *_) = (PdqHasher().hash_image(one) for one in (picture, expected))
            assert found - wanted <= 10


def test_frames_are_turned_as_the_picture_is() -> None:
    """By EXIF, where it has any."""
    exif = Image.Exif()
    exif[0x0112] = 6
    opened = open_animation(animated("WEBP", exif=exif.tobytes()))
    assert opened is not None
    with opened:
        assert {frame.pixels.orientation for frame in opened.frames()} == {6}


def test_transparency_is_dropped_without_a_word() -> None:
    """As of stills; warnings are errors here."""
    shown = [image.convert("RGBA") for image in images(4)]
    for image in shown:
        image.putalpha(128)
    for kind in ("GIF", "WEBP", "PNG"):
        assert len(taken(animated(kind, shown=shown), interval=0)) == 4


class TestLimits:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_frame_has_the_limits_of_a_picture(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """By the header, before anything is decoded."""
        small = ImageLimits(
            max_pixels=SIZE[0] * SIZE[1] - 1, max_webp_pixels=100, max_heif_pixels=100, max_avif_pixels=100
        )
        monkeypatch.setattr(limits, "IMAGES", small)
        with pytest.raises(MediaTooLargeError):
            open_animation(animated(kind))

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        "less",
        [VideoLimits(max_animation_frames=4), VideoLimits(max_animation_pixels=4 * SIZE[0] * SIZE[1])],
    )
    def test_all_frames_together_have_limits(
        self, kind: str, less: VideoLimits, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All of them are decoded, so all of them count."""
        monkeypatch.setattr(limits, "VIDEOS", less)
        with pytest.raises(MediaTooLargeError):
            taken(animated(kind))


class TestDamage:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_frame_that_cannot_be_decoded_ends_it(self, kind: str) -> None:
        """What came before is used: nothing after it can be trusted, as it may be drawn over it."""
        untrusted = DAMAGED[kind]()
        opened = open_animation(untrusted, interval=0)
        assert opened is not None
        assert not opened.is_damaged
        with opened:
            frames = [frame.seconds for frame in opened.frames()]
        assert frames == [0.0, 0.25]
        assert opened.is_damaged

    @pytest.mark.parametrize("kind", KINDS)
    def test_where_the_first_frame_cannot_be_decoded_there_is_nothing(self, kind: str) -> None:
        """As of a still."""
        with pytest.raises(BrokenMediaError):
            taken(DAMAGED[kind](0), interval=0)

    @pytest.mark.parametrize("length", range(12, 21))
    def test_a_stump_of_webp_is_no_animation(self, length: int) -> None:
        """One that ends before its header says whether it moves is left to whoever opens stills."""
        assert open_animation(ANIMATED["WEBP"][:length]) is None

    @settings(max_examples=60)
    @given(data=st.data(), kind=st.sampled_from([*KINDS, "HEIF"]))
    def test_whatever_is_flipped_or_cut_only_media_errors_come_out(self, data: st.DataObject, kind: str) -> None:
        """Nothing that a decoder raises gets past, and nothing is said."""
        untrusted = bytearray(ANIMATED[kind])
        for _ in range(data.draw(st.integers(0, 6))):
            untrusted[data.draw(st.integers(12, len(untrusted) - 1))] = data.draw(st.integers(0, 255))
        cut = bytes(untrusted[: data.draw(st.integers(12, len(untrusted)))])
        try:
            opened = open_animation(cut, interval=0)
            if opened is not None:
                with opened:
                    list(opened.frames())
        except MediaError:
            return


ANIMATED = {kind: animated(kind, 3) for kind in KINDS} | {"HEIF": heic(images(2))}


def damaged_gif(place: int = 2) -> bytes:
    """Have one image begin with a code that no decoder knows."""
    untrusted = bytearray(animated("GIF", 4))
    start = [found.start() for found in re.finditer(b"\\x21\\xf9\\x04....\\0,", bytes(untrusted), re.DOTALL)][place]
    flags = untrusted[start + 17]
    data = start + 19 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    untrusted[data + 1 : data + 5] = b"\xff\xff\xff\xff"
    return bytes(untrusted)


def damaged_webp(place: int = 2) -> bytes:
    untrusted = bytearray(animated("WEBP", 4))
    start = [found.start() for found in re.finditer(b"ANMF", bytes(untrusted))][place]
    data = untrusted.index(b"VP8L", start) + 13
    untrusted[data : data + 60] = b"\xff" * 60
    return bytes(untrusted)


def damaged_png(place: int = 2) -> bytes:
    """Have the packed data of one frame end too soon, with a right check sum."""
    untrusted = animated("PNG", 4)
    parts, number = [untrusted[:8]], -1
    at = 8
    while at < len(untrusted):
        size, name = struct.unpack_from(">I4s", untrusted, at)
        data = untrusted[at + 8 : at + 8 + size]
        number += name == b"fcTL"
        if number == place and name in {b"IDAT", b"fdAT"}:
            data = data[: len(data) // 2]
        parts.append(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))
        at += 12 + size
    return b"".join(parts)


def damaged_avif(place: int = 2) -> bytes:
    """Have a sample of AV1 begin with what is none."""
    untrusted = bytearray(animated("AVIF", 4))
    sizes = untrusted.index(b"stsz") + 16
    lengths = struct.unpack_from(">4I", untrusted, sizes)
    start = struct.unpack_from(">I", untrusted, untrusted.index(b"stco") + 12)[0] + sum(lengths[:place])
    untrusted[start : start + lengths[place]] = b"\xff" * lengths[place]
    return bytes(untrusted)


DAMAGED = {"GIF": damaged_gif, "WEBP": damaged_webp, "PNG": damaged_png, "AVIF": damaged_avif}
