"""Transparency: dropped by default, as matchers drop it, and composited over a ground where one is asked for."""

import io

import numpy as np
import pytest
from PIL import Image

from hashclient.errors import BrokenMediaError
from hashclient.hashing.pdq import PdqHasher, pdq_hash
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.hashing.reposts.levels import GROUNDS, HASHES
from hashclient.media.image import open_image
from hashclient.model.signal import ORIGINAL
from hashclient.pixels import ArrayPixels, Pixels
from hashclient.vocabulary import Coverage
from kit.bad_pictures import picture, saved


def hole(width: int, height: int) -> Image.Image:
    """Draw a mask with a hole whose edge is soft."""
    down, across = np.mgrid[0:height, 0:width]
    from_middle = np.hypot(down / height - 0.5, across / width - 0.4)
    return Image.fromarray((np.clip(from_middle * 2 - 0.3, 0, 1) * 255).astype(np.uint8))


def transparent(mode: str, width: int = 400, height: int = 300) -> bytes:
    """Write a PNG of one of the modes that can be transparent in parts."""
    image = picture(width, height)
    mask = hole(width, height)
    buffer = io.BytesIO()
    if mode in {"RGBA", "LA"}:
        image = image.convert(mode)
        image.putalpha(mask)
        image.save(buffer, "PNG")
    elif mode == "P with many":
        image.convert("P").save(buffer, "PNG", transparency=bytes(range(0, 255, 2)))
    elif mode == "P with one":
        paletted = image.convert("P")
        paletted.save(buffer, "PNG", transparency=paletted.getpixel((5, 5)))
    elif mode == "RGB with one":
        image.paste((7, 8, 9), mask=mask.point(lambda alpha: 255 * (alpha < 128)))
        image.save(buffer, "PNG", transparency=(7, 8, 9))
    else:
        image = image.convert("L")
        image.paste(7, mask=mask.point(lambda alpha: 255 * (alpha < 128)))
        image.save(buffer, "PNG", transparency=7)
    return buffer.getvalue()


MODES = ["RGBA", "LA", "P with many", "P with one", "RGB with one", "L with one"]


def composited(untrusted: bytes, level: int) -> Image.Image:
    """Composite a picture over a ground as a viewer does."""
    with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # what everybody else does, to compare with
        own = image.convert("RGBA")
    ground = Image.new("RGBA", own.size, (level, level, level, 255))
    return Image.alpha_composite(ground, own).convert("RGB")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("level", GROUNDS.values())
def test_a_picture_is_composited_over_a_ground(mode: str, level: int) -> None:
    """Rows, columns, luma, grey and hash are those of the picture composited over the ground, whatever its mode."""
    untrusted = transparent(mode)
    expected = composited(untrusted, level)
    with open_image(untrusted) as opened:
        over: Pixels | None = opened.composite(level)
        assert over is not None
        pixels = np.asarray(expected)
        assert (over.width, over.height, over.orientation, over.scale) == (400, 300, 1, 1)
        assert np.array_equal(over.rows(7, 100), pixels[7:100])
        assert np.array_equal(over.columns(9, 30), pixels[:, 9:30])
        assert np.array_equal(np.asarray(over.grey()), np.asarray(expected.convert("L")))
        assert over.composite(level) is None
        assert over.exact() is None
        (signal,) = PdqHasher().hash_image(over)
    assert (signal.value, signal.quality) == pdq_hash(pixels)


@pytest.mark.parametrize("mode", MODES)
def test_the_picture_itself_drops_transparency(mode: str) -> None:
    """The picture's own hash is that of its pixels without transparency, before and after a ground was asked for."""
    untrusted = transparent(mode)
    with Image.open(io.BytesIO(untrusted)) as image:  # noqa: TID251  # as above
        expected = pdq_hash(np.asarray(image.convert("RGBA").convert("RGB")))
    with open_image(untrusted) as opened:
        before = PdqHasher().hash_image(opened)
        opened.composite(255)
        assert PdqHasher().hash_image(opened) == before
    assert (before[0].value, before[0].quality) == expected


def test_nothing_shows_through_opaque_pictures() -> None:
    """A picture without transparency, or with one that is nowhere transparent, has no ground."""
    opaque = picture().convert("RGBA")
    keyed = io.BytesIO()
    Image.new("RGB", (64, 48), (1, 2, 3)).save(keyed, "PNG", transparency=(9, 9, 9))
    for untrusted in (saved("JPEG"), saved("PNG"), saved("PNG", opaque), saved("GIF"), keyed.getvalue()):
        with open_image(untrusted) as opened:
            assert opened.composite(255) is None
    assert ArrayPixels(np.zeros((8, 8), np.uint8)).composite(255) is None


def test_damage_found_late_is_an_error_of_ours() -> None:
    """A picture that was closed gives no grey and no ground."""
    opened = open_image(transparent("RGBA"))
    opened.close()
    with pytest.raises(BrokenMediaError):
        opened.grey()
    with pytest.raises(BrokenMediaError):
        opened.composite(0)


@pytest.mark.parametrize("level", list(Coverage))
def test_coverage_has_the_grounds_in_place_of_the_last_reposts(level: Coverage) -> None:
    """Above single, white and black come right after the picture's own hashes, and the set does not grow."""
    untrusted = transparent("RGBA")
    with open_image(untrusted) as opened:
        signals = CoverageHasher(level).hash_image(opened)
    variants = [signal.variant for signal in signals]
    assert len(signals) <= HASHES[level]
    if level is Coverage.SINGLE:
        assert variants == [ORIGINAL]
        return
    assert variants[:3] == [ORIGINAL, *GROUNDS]
    for variant, ground in GROUNDS.items():
        value, quality = pdq_hash(np.asarray(composited(untrusted, ground)))
        (there,) = [signal for signal in signals if signal.variant == variant]
        assert (there.value, there.quality) == (value, quality)


def test_a_wide_set_begins_with_what_each_level_holds() -> None:
    """So whoever keeps the first hashes of a wide set has what a lower level would have made."""
    untrusted = transparent("RGBA")
    with open_image(untrusted) as opened:
        wide = CoverageHasher(Coverage.WIDE).hash_image(opened)
        for level in Coverage:
            made = CoverageHasher(level).hash_image(opened)
            assert wide[: len(made)] == made
