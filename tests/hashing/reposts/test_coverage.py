"""Hashes of likely re-posts: near those of re-posts really made, beside the picture's own, bit for bit."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.pdq import PdqHasher, pdq_hash
from hashclient.hashing.reposts.block_means import Axis, BlockMeansMaker
from hashclient.hashing.reposts.coverage import CoverageHasher, hash_recipes, recipes
from hashclient.hashing.reposts.levels import HASHES
from hashclient.hashing.reposts.recipe import Corners, Recipe
from hashclient.lab import grammar
from hashclient.media.image import open_image
from hashclient.pixels import ArrayPixels, UprightPixels
from hashclient.vocabulary import Coverage
from kit.image_hasher_suite import ImageHasherSuite

SIZES = [
    ((500, 375), 3),
    ((333, 999), 5),
    *(
        pytest.param(*more, marks=pytest.mark.slow)
        for more in [((500, 375), 1), ((377, 512), 1), ((1013, 701), 3), ((2400, 1611), 12), ((641, 227), 1)]
    ),
]
"""Width and height, pixels, and how many recipes are passed over for one that is tried: large pictures take long."""
FINER, FINER_BELOW = 3, 1000
NEAREST, FARTHEST, FARTHEST_TURNED = 3, 6, 8
"""Bits from the hash of the real re-post: on average, and at most; a few of those that are turned by degrees lie farther."""


def scene(width: int, height: int, seed: int = 3) -> NDArray[np.uint8]:
    """Draw noise that is smooth at many scales, as photographs are."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3))
    for cells in (3, 6, 12, 24, 48, 96):
        small = Image.fromarray(rng.integers(0, 256, (cells, cells, 3), np.uint8))
        total += np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)) / cells**0.7
    total -= total.min()
    drawn: NDArray[np.uint8] = (total * (255 / total.max())).astype(np.uint8)
    return drawn


PLAIN = [
    grammar.original(),
    grammar.crop(20, 40, 0, 90),
    *map(grammar.inset, (5, 45, 167)),
    *(grammar.cut(*shape) for shape in [(3, 4), (4, 5, 60), (1, 1, 35), (9, 16), (16, 9, 42), (2, 3)]),
    *(grammar.border(grey, size) for grey, size in [(0, 20), (255, 100), (128, 60)]),
    *(grammar.polaroid(*sizes) for sizes in [(40, 160), (70, 250)]),
    *(grammar.bar(*one) for one in [("top", 255, 80), ("bottom", 0, 300), ("both", 0, 160)]),
    *(
        grammar.pad(*shape)
        for shape in [
            (1, 1, 0),
            (4, 5, 255),
            (3, 4, 255),
            (2, 3, 0),
            (6, 13, 255),
            (6, 13, 0, 30),
            (9, 16, 0, 66),
            (16, 9, 40),
        ]
    ),
    *(grammar.turn(way * size) for size in (12, 25, 40, 70, 100) for way in (1, -1)),
    *(grammar.turn(way * size, Corners.SHAPE) for size in (12, 25, 40, 70, 100) for way in (1, -1)),
    *(grammar.turn(way * size, Corners.CUT) for size in (7, 25, 34) for way in (1, -1)),
    grammar.framed(grammar.inset(25), grammar.bar("top", 255, 90)),
    grammar.framed(grammar.cut(4, 5), grammar.border(255, 40)),
    grammar.framed(grammar.cut(1, 1, 62), grammar.pad(9, 16, 0)),
]
"""Every shape, at mild and at strong severities."""
EVERY = [
    *PLAIN,
    *map(grammar.mirrored, PLAIN),
    *(
        grammar.oriented(one, name)
        for place, one in enumerate(PLAIN)
        for name in [*grammar.ORIENTATIONS][place % 7 :: 7]
    ),
]
"""Each of them mirrored too, and every orientation on some."""


def really(picture: Image.Image, recipe: Recipe) -> Image.Image:
    """Make the re-post at full size, with Pillow."""
    canvas = recipe.canvas(*picture.size)
    inside, whole, colour = canvas.inside, canvas.whole, (canvas.fill,) * 3
    if canvas.degrees:
        # A small one is turned at three times its size: Pillow draws the corners' edges in steps of whole pixels.
        finer = FINER if picture.width < FINER_BELOW else 1
        large = picture.resize((picture.width * finer, picture.height * finer), Image.Resampling.NEAREST)
        picture = large.rotate(canvas.degrees, Image.Resampling.BICUBIC, fillcolor=colour).reduce(finer)
    made = Image.new("RGB", (whole.width, whole.height), colour)
    shown = picture.crop((inside.left, inside.top, inside.right, inside.bottom))
    made.paste(shown, (inside.left - whole.left, inside.top - whole.top))
    turn = recipe.turn()
    made = ImageOps.flip(made) if turn.rows_reversed else made
    made = ImageOps.mirror(made) if turn.columns_reversed else made
    return made.transpose(Image.Transpose.TRANSPOSE) if turn.transposed else made


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


class TestCoverageHasher(ImageHasherSuite):
    """At the level of the picture alone, coverage behaves as every hasher does."""

    @pytest.fixture
    def hasher(self) -> ImageHasher:
        return CoverageHasher(Coverage.SINGLE)


@pytest.mark.parametrize(("size", "step"), SIZES)
def test_reposts_lie_near_real_ones(size: tuple[int, int], step: int) -> None:
    """Every shape, and the recipes of the widest level, against the re-post made with Pillow."""
    array = scene(*size)
    apart = []
    for hashed in hash_recipes(
        BlockMeansMaker(ArrayPixels(array)).block_means(), [*EVERY[::step], *recipes(Coverage.WIDE)[:: 2 * step]]
    ):
        value, quality = pdq_hash(np.asarray(really(Image.fromarray(array), hashed.recipe)))
        apart.append(bits_apart(value, hashed.value))
        assert abs(quality - hashed.quality) <= 3
        assert apart[-1] <= (FARTHEST_TURNED if hashed.recipe.tenths else FARTHEST), hashed.recipe
    assert np.mean(apart) <= NEAREST


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_lies_near_the_real_one(orientation: int) -> None:
    """Of a few shapes, on a picture of odd sides."""
    array = scene(417, 283)
    wanted = [replace(PLAIN[place], orientation=orientation) for place in (0, 1, 6, 15, 17, 20, 30, -3, -1)]
    for hashed in hash_recipes(BlockMeansMaker(ArrayPixels(array)).block_means(), wanted):
        value, _ = pdq_hash(np.asarray(really(Image.fromarray(array), hashed.recipe)))
        assert bits_apart(value, hashed.value) <= FARTHEST, hashed.recipe


@pytest.mark.parametrize("size", [(1600, 200), (60, 900)])
def test_a_strip_is_not_turned_by_degrees(size: tuple[int, int]) -> None:
    """Parabolas are too far from such a turn, up to 24 bits; a mirror, a crop and a frame are as near as ever."""
    array = scene(*size)
    some = [Recipe("turn", tenths=28), Recipe("turn", tenths=-28, corners=Corners.SHAPE)]
    others = [Recipe("mirror", orientation=2), Recipe("inset", cut=(20,) * 4), Recipe("border", pad=(40,) * 4)]
    made = list(hash_recipes(BlockMeansMaker(ArrayPixels(array)).block_means(), [*some, *others]))
    assert [one.recipe for one in made] == others
    for one in made:
        value, _ = pdq_hash(np.asarray(really(Image.fromarray(array), one.recipe)))
        assert bits_apart(value, one.value) <= FARTHEST


@pytest.mark.slow
@pytest.mark.vectors
def test_reposts_of_photographs_lie_near_real_ones(vectors: Path) -> None:
    """Photographs, as they are and enlarged."""
    apart = []
    for place, path in enumerate(sorted((vectors / "photos").glob("*.jpg"))[::20]):
        with Image.open(path) as opened:  # noqa: TID251  # reference data
            photo = opened.convert("RGB")
        if place % 2:
            photo = photo.resize((photo.width * 5 + 1, photo.height * 5 + 3), Image.Resampling.BICUBIC)
        means = BlockMeansMaker(ArrayPixels(np.asarray(photo))).block_means()
        apart += [
            bits_apart(pdq_hash(np.asarray(really(photo, hashed.recipe)))[0], hashed.value)
            for hashed in hash_recipes(means, [*recipes(Coverage.WIDE)[place::15], *EVERY[place::15]])
        ]
    assert max(apart) <= FARTHEST
    assert np.mean(apart) <= NEAREST


@pytest.mark.parametrize("level", Coverage)
def test_the_pictures_own_hash_is_the_exact_one(level: Coverage) -> None:
    """At every level the first hash is PDQ's, and there are no more than the level says."""
    array = scene(640, 480)
    signals = CoverageHasher(level).hash_image(ArrayPixels(array))
    assert signals[:1] == PdqHasher().hash_image(ArrayPixels(array))
    assert len(signals) <= HASHES[level]
    assert len({signal.value for signal in signals}) == len(signals)
    assert all(signal.quality is not None and signal.quality >= 50 for signal in signals[1:])


def test_levels_hold_one_another() -> None:
    """What a narrow level gives, a wider one gives too."""
    found = [set(CoverageHasher(level).hash_image(ArrayPixels(scene(640, 480)))) for level in Coverage]
    assert found[0] < found[1] < found[2]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_undone_first(orientation: int) -> None:
    """A picture that EXIF turns gives the re-posts of the upright one, within a few bits, and its stored form too."""
    array = scene(401, 300)
    upright = UprightPixels(ArrayPixels(array), orientation=orientation)
    expected = CoverageHasher(Coverage.STANDARD).hash_image(
        ArrayPixels(np.ascontiguousarray(upright.rows(0, upright.height)))
    )
    signals = CoverageHasher(Coverage.STANDARD).hash_image(ArrayPixels(array, orientation=orientation))
    by_variant = {signal.variant: signal for signal in signals}
    assert ("stored" in by_variant) is (orientation != 1)
    near = [by_variant[one.variant] - one for one in expected if one.variant in by_variant]
    assert len(near) > 25
    assert max(near) <= FARTHEST


def test_flat_and_small_pictures_have_no_reposts() -> None:
    """Without detail, or under 5 pixels, there is the picture's own hash alone."""
    for array in (np.full((200, 300, 3), 90, np.uint8), np.zeros((4, 300), np.uint8), scene(3, 3)):
        signals = CoverageHasher(Coverage.WIDE).hash_image(ArrayPixels(array))
        assert [(signal.variant, signal.quality) for signal in signals] == [("original", 0)]


@pytest.mark.parametrize("size", [(5, 5), (6, 400), (400, 6), (9, 9), (65, 64), (640, 5)])
def test_odd_shapes_are_hashed(size: tuple[int, int]) -> None:
    """Nothing breaks on narrow pictures; a re-post that would be too narrow is left out."""
    signals = CoverageHasher(Coverage.WIDE).hash_image(ArrayPixels(scene(*size)))
    assert signals[0].variant == "original"


@given(st.integers(1, 3000), st.integers(1, 12), st.integers(0, 11))
def test_samples_of_an_axis(length: int, size: int, lead: int) -> None:
    """Every pixel belongs to one sample, and reversing twice changes nothing."""
    axis = Axis(length, size, lead % size)
    assert (length - 1 + axis.lead) // size == axis.samples - 1
    assert 0 <= axis.reversed().lead < size
    assert axis.reversed().samples == axis.samples
    assert axis.reversed().reversed() == axis


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(40, 30), (1025, 771), (1311, 517)])
def test_block_means_are_the_means_of_their_pixels(size: tuple[int, int], orientation: int) -> None:
    """Each sample is the mean of its pixels, whichever way the picture is turned."""
    array = scene(*size)
    means = BlockMeansMaker(ArrayPixels(array, orientation=orientation)).block_means()
    upright = UprightPixels(ArrayPixels(array), orientation=orientation)
    luma = upright.luma(0, upright.height)
    assert means.luma.shape == (means.down.samples, means.across.samples)
    assert (means.down.length, means.across.length) == luma.shape
    rows = (np.arange(luma.shape[0]) + means.down.lead) // means.down.size
    columns = (np.arange(luma.shape[1]) + means.across.lead) // means.across.size
    for row, column in [(0, 0), (rows[-1], columns[-1]), (rows[-1] // 2, columns[-1] // 3)]:
        part = luma[np.ix_(rows == row, columns == column)]
        assert means.luma[row, column] == pytest.approx(part.mean(), abs=0.01)


def test_a_walk_made_in_part_is_finished() -> None:
    """Block means need no walk of their own, but what is missing is walked over, and no row is added twice."""
    array = scene(300, 900)
    maker = BlockMeansMaker(ArrayPixels(array))
    maker.luma(0, 100)
    maker.luma(0, 100)
    assert np.array_equal(
        maker.block_means().luma, BlockMeansMaker(ArrayPixels(array)).block_means().luma
    ) or np.allclose(maker.block_means().luma, BlockMeansMaker(ArrayPixels(array)).block_means().luma, atol=1e-3)
    assert np.array_equal(maker.rows(3, 5), array[3:5])
    assert np.array_equal(maker.columns(3, 5), array[:, 3:5])


def test_from_file_to_reposts() -> None:
    """A JPEG, opened as a person's file is, gives a wide set."""
    buffer = io.BytesIO()
    Image.fromarray(scene(900, 700)).save(buffer, "JPEG", quality=88)
    with open_image(buffer.getvalue()) as picture:
        signals = CoverageHasher(Coverage.WIDE).hash_image(picture)
    assert len(signals) > HASHES[Coverage.WIDE] * 0.9
