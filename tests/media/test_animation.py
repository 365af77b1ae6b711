"""Pictures that move are videos: which they are, which frames are taken, and what each costs."""

import io
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError, UnsupportedMediaError
from hashclient.hashing.vpdq import hash_frame
from hashclient.media import limits
from hashclient.media.animation import open_animation
from hashclient.media.image import open_image
from hashclient.media.limits import ImageLimits, VideoLimits
from hashclient.pixels import ArrayPixels, Frame
from kit.videos import moving

KINDS = ("GIF", "WEBP", "PNG", "AVIF", "HEIF")
SIZE = (160, 120)


def images(count: int, *, size: tuple[int, int] = SIZE) -> list[Image.Image]:
    return [Image.fromarray(pixels) for pixels in moving(*size, count)]


def animated(kind: str, count: int = 8, *, shown: list[Image.Image] | None = None, **saving: Any) -> bytes:
    """Write a picture that moves; lossless where the kind can be."""
    first, *others = shown or images(count)
    file = io.BytesIO()
    if kind == "HEIF":
        written = pillow_heif.from_pillow(first)
        for image in others:
            written.add_from_pillow(image)
        written.save(file, save_all=True, quality=90)
        return file.getvalue()
    options = {"WEBP": {"lossless": True, "method": 0}, "AVIF": {"speed": 10, "quality": 90}}.get(kind, {})
    options |= {} if saving.get("duration", 1) is None else {"duration": 250}
    saving = {name: value for name, value in saving.items() if value is not None}
    first.save(file, kind, save_all=True, append_images=others, **(options | saving))
    return file.getvalue()


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
    """All of them where the interval is 0; images of a HEIC file have no time, and get a second each."""
    frames = taken(animated(kind), interval=0)
    step = 1.0 if kind == "HEIF" else 0.25
    assert [seconds for seconds, *_ in frames] == [place * step for place in range(8)]
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


@pytest.mark.parametrize("kind", [*KINDS, "JPEG", "BMP"])
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


def test_the_first_frame_of_each_interval_is_taken() -> None:
    """As of videos."""
    seconds = [one for one, *_ in taken(animated("PNG"), interval=1.0)]
    assert seconds == [0.0, 1.0]
    assert len(taken(animated("HEIF"))) == 8


def test_a_frame_without_a_time_is_shown_as_browsers_show_it() -> None:
    """A tenth of a second in GIF."""
    seconds = [one for one, *_ in taken(animated("GIF", duration=0), interval=0)]
    assert seconds == pytest.approx([place / 10 for place in range(8)])


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

    def test_a_later_image_may_not_be_larger_than_a_picture(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The images of a HEIC file have sizes of their own."""
        shown = [*images(2), *images(1, size=(640, 480))]
        monkeypatch.setattr(limits, "IMAGES", ImageLimits(max_heif_pixels=SIZE[0] * SIZE[1]))
        with pytest.raises(MediaTooLargeError):
            taken(animated("HEIF", shown=shown))


class TestDamage:
    @pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF", "HEIF"])
    def test_half_a_picture_is_broken(self, kind: str) -> None:
        """It says how many frames there should be."""
        untrusted = animated(kind)
        with pytest.raises(BrokenMediaError):
            taken(untrusted[: len(untrusted) // 2], interval=0)

    @pytest.mark.parametrize("length", range(12, 21))
    def test_a_stump_of_webp_is_no_animation(self, length: int) -> None:
        """One that ends before its header says whether it moves is left to whoever opens stills."""
        assert open_animation(ANIMATED["WEBP"][:length]) is None

    @settings(max_examples=60)
    @given(data=st.data(), kind=st.sampled_from(KINDS))
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


ANIMATED = {kind: animated(kind, 3) for kind in KINDS}
