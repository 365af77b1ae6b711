"""The picture inside: found to the pixel in what programs draw around pictures, and not in pictures as they are."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from hashclient.hashing.pdq import PdqHasher, pdq_hash
from hashclient.inner import LEAST_INNER_SIDE, LEAST_SHARE, MOST_SHARE, CutOut, Rectangle, find_inner
from hashclient.lab.sample import DRAWN_KINDS
from hashclient.lab.suites import keyed_generator
from hashclient.lab.transforms.interface import By, Step
from hashclient.media.image import open_image
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Decode

Rgb = NDArray[np.uint8]
FRAMES = (
    "frame.pad(to=1:1,fill=black,o=0.5)",
    "frame.pad(to=9:16,fill=white,o=0.4)",
    "frame.pad(to=6:13,fill=slate,o=0.5)",
    "frame.border(colour=white,f=0.06)",
    "frame.bar(where=both,colour=white,f=0.12)",
    "frame.bar(where=above,colour=white,f=0.2)",
    "frame.polaroid(a=0.05,b=0.2)",
)
SCREENS = (
    "screen.gallery(v=A,theme=dark)",
    "screen.gallery(v=C,theme=light)",
    "screen.full(v=B)",
    "screen.post(v=A,theme=dark)",
    "screen.post(v=B,theme=light)",
    "screen.chat(f=0.75,theme=light)",
    "frame.card(m=0.08,theme=dark)",
    "screen.reel(o=0.5)",
)


def scenes(count: int, *, seed: int = 3) -> Iterator[Rgb]:
    """Draw landscapes that stand for photographs."""
    for place in range(count):
        yield np.asarray(DRAWN_KINDS["scenes"][0](keyed_generator("inner", seed, place)).convert("RGB"))


def framed(
    scene: Rgb, text: str, *, seed: int, noise: float = 0.0, quality: int | None = None
) -> tuple[Rgb, Rectangle]:
    """Put a picture into a frame or on a screen; where it then is, is told by what changes with it."""
    step = Step.parse(text)
    whole, other = (
        np.asarray(step.edited(Image.fromarray(array), By(np.random.default_rng(seed))))
        for array in (scene, 255 - scene)
    )
    changes = np.abs(whole.astype(int) - other).max(axis=2) > 24
    rows, columns = (np.flatnonzero(changes.mean(axis=axis) > 0.1 * changes.mean(axis=axis).max()) for axis in (1, 0))
    rectangle = Rectangle(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    if quality is not None:
        rng = np.random.default_rng(seed)
        noisy = (whole + rng.normal(0, noise, whole.shape)).clip(0, 255).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(noisy).save(buffer, "JPEG", quality=quality)
        whole = np.asarray(Image.open(buffer))  # noqa: TID251  # our own bytes
    return whole, rectangle


def is_right(found: Rectangle | None, wanted: Rectangle, *, off: int) -> bool:
    return found is not None and all(
        abs(getattr(found, side) - getattr(wanted, side)) <= off for side in ("top", "bottom", "left", "right")
    )


@pytest.mark.parametrize("text", [*FRAMES, *SCREENS])
def test_the_picture_inside_is_found(text: str) -> None:
    """In at least eight of ten, also where there is noise and JPEG 75, to one pixel in a hundred."""
    right = 0
    for place, scene in enumerate(scenes(10)):
        whole, wanted = framed(scene, text, seed=place, noise=2.0 * (place % 3), quality=75)
        right += is_right(find_inner(ArrayPixels(whole)), wanted, off=max(2, max(whole.shape) // 100))
    assert right >= 8


@pytest.mark.parametrize("text", FRAMES)
def test_its_edges_are_exact(text: str) -> None:
    """Without noise most rectangles are right to the pixel, so that the hash is that of the picture itself."""
    apart = []
    for place, scene in enumerate(scenes(6, seed=5)):
        whole, _ = framed(scene, text, seed=place)
        if (found := find_inner(ArrayPixels(whole))) is not None:
            inside = np.ascontiguousarray(whole[found.top : found.bottom, found.left : found.right])
            apart.append((int(pdq_hash(inside)[0], 16) ^ int(pdq_hash(scene)[0], 16)).bit_count())
    assert len(apart) >= 5
    assert np.median(apart) <= 4


@pytest.mark.parametrize("kind", ["scenes", "faces", "charts", "documents", "skies", "lamps", "soft"])
def test_nothing_is_asked_about_ordinary_drawn_pictures(kind: str) -> None:
    """Landscapes, faces, charts, pages, skies, lamps and soft pictures have no picture inside."""
    for place in range(12):
        picture = np.asarray(DRAWN_KINDS[kind][0](keyed_generator("ordinary", kind, place)).convert("RGB"))
        assert find_inner(ArrayPixels(picture)) is None


@pytest.mark.vectors
def test_nothing_is_asked_about_photographs(vectors: Path) -> None:
    """Of a hundred photographs at most two, as they are stored."""
    asked = 0
    for path in sorted((vectors / "photos").glob("*.jpg")):
        with open_image(path.read_bytes()) as picture:
            asked += find_inner(picture) is not None
    assert asked <= 2


def test_what_is_too_small_or_nearly_the_whole_is_no_picture_inside() -> None:
    """A thumbnail on a page, a hair line around a picture, an even area, and a picture of a few pixels."""
    scene = next(scenes(1))
    page = np.full((900, 900, 3), 255, np.uint8)
    page[50 : 50 + LEAST_INNER_SIDE - 1, 60:400] = scene[: LEAST_INNER_SIDE - 1, :340]
    hair = np.zeros((scene.shape[0] + 4, scene.shape[1] + 4, 3), np.uint8)
    hair[2:-2, 2:-2] = scene
    even = np.full((400, 400, 3), 255, np.uint8)
    even[100:300, 100:300] = 90
    for array in (page, hair, even, np.zeros((400, 300, 3), np.uint8), scene[:20, :20], scene[:, :20]):
        assert find_inner(ArrayPixels(np.ascontiguousarray(array))) is None


@pytest.mark.parametrize("turned", [False, True])
def test_a_strip_has_none(turned: bool) -> None:
    """It is narrower than a block of the reduction."""
    strip = np.full((16_000, LEAST_INNER_SIDE, 3), 255, np.uint8)
    strip[4000:9000] = np.random.default_rng(1).integers(0, 256, (5000, LEAST_INNER_SIDE, 3), np.uint8)
    assert find_inner(ArrayPixels(np.ascontiguousarray(strip.swapaxes(0, 1)) if turned else strip)) is None


def is_in(found: Rectangle, array: Rgb) -> bool:
    """Tell whether it lies in the picture, is a part of it, and is large enough."""
    height, width = array.shape[:2]
    sides = found.bottom - found.top, found.right - found.left
    lies_in = 0 <= found.top < found.bottom <= height and 0 <= found.left < found.right <= width
    return lies_in and min(sides) >= LEAST_INNER_SIDE and LEAST_SHARE <= found.area / (height * width) <= MOST_SHARE


SIDES = st.sampled_from([1, 2, 3, 5, 17, 63, 64, 65, 66, 100, 239, 240, 241, 479, 480])


@given(width=SIDES, height=SIDES, seed=st.integers(0, 2**32 - 1), grey=st.integers(0, 255))
def test_shapes_and_noise_break_nothing(width: int, height: int, seed: int, grey: int) -> None:
    """From one pixel a side: an even area, noise, stripes either way, one pixel that differs, noise on an even ground."""
    rng = np.random.default_rng(seed)
    even = np.full((height, width, 3), grey, np.uint8)
    noise = rng.integers(0, 256, (height, width, 3), np.uint8)
    rows, columns, dot, half, part = even.copy(), even.copy(), even.copy(), even.copy(), even.copy()
    rows[::2], columns[:, ::2] = 255 - grey, 255 - grey
    dot[rng.integers(height), rng.integers(width)] = 255 - grey
    half[: height // 2] = noise[: height // 2]
    top, bottom = sorted(rng.integers(0, height + 1, 2))
    left, right = sorted(rng.integers(0, width + 1, 2))
    part[top:bottom, left:right] = noise[top:bottom, left:right]
    for array in (even, noise, rows, columns, dot, half, part):
        found = find_inner(ArrayPixels(array))
        assert found is None or is_in(found, array)
    for array in (even, noise, dot):
        assert find_inner(ArrayPixels(array)) is None


@given(data=st.data())
def test_what_is_found_is_what_was_put_there(data: st.DataObject) -> None:
    """A picture of noise on an even ground, wherever it lies: its rectangle but for hair lines, or none; turned about as well."""
    width, height = data.draw(st.integers(120, 700)), data.draw(st.integers(120, 700))
    left, top = data.draw(st.integers(0, width // 3)), data.draw(st.integers(0, height // 3))
    right, bottom = width - data.draw(st.integers(0, width // 3)), height - data.draw(st.integers(0, height // 3))
    ground = data.draw(st.sampled_from([0, 10, 128, 240, 255]))
    whole = np.full((height, width, 3), ground, np.uint8)
    cells = np.random.default_rng(data.draw(st.integers(0, 99))).integers(0, 2, (height, width, 1), np.uint8)
    whole[top:bottom, left:right] = (40 + 160 * cells)[top:bottom, left:right]
    for array in (whole, np.ascontiguousarray(whole.transpose(1, 0, 2))):
        found = find_inner(ArrayPixels(array))
        wanted = Rectangle(top, bottom, left, right) if array is whole else Rectangle(left, right, top, bottom)
        assert found is None or is_right(found, wanted, off=3 + max(width, height) // 240)


def test_less_is_read_than_the_whole() -> None:
    """Of a large picture some rows of each block, and what lies about the edges: hashing it reads all of it."""
    scene = np.kron(next(scenes(1, seed=6)), np.ones((4, 4, 1), np.uint8))
    whole = np.full((scene.shape[0] + 1200, scene.shape[1], 3), 255, np.uint8)
    whole[700 : 700 + scene.shape[0]] = scene

    class Counted(ArrayPixels):
        read = 0

        def rows(self, start: int, stop: int) -> Rgb:
            self.read += (stop - start) * self.width
            return super().rows(start, stop)

        def columns(self, start: int, stop: int) -> Rgb:
            self.read += (stop - start) * self.height
            return super().columns(start, stop)

    pixels = Counted(whole)
    assert find_inner(pixels) is not None
    assert pixels.read <= 0.8 * pixels.width * pixels.height


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_rectangle_is_hashed_in_place(orientation: int) -> None:
    """It gives the hashes of the same pixels cut out, whichever way the picture is turned."""
    scene = next(scenes(1, seed=9))
    rectangle = Rectangle(31, 300, 17, 340)
    inside = np.ascontiguousarray(scene[31:300, 17:340])
    cut = CutOut(ArrayPixels(scene, orientation=orientation), rectangle)
    assert PdqHasher().hash_image(cut) == PdqHasher().hash_image(ArrayPixels(inside, orientation=orientation))
    assert np.array_equal(cut.rows(3, 9), inside[3:9])
    assert np.array_equal(cut.columns(3, 9), inside[:, 3:9])
    assert cut.exact() is None


def test_a_rectangle_of_a_reduced_picture_lies_in_the_full_one() -> None:
    """Where a hash needs the exact decoding, it is given the same part of it."""
    scene = next(scenes(1, seed=2))
    large = Image.fromarray(scene).resize((2600, 2200), Image.Resampling.BICUBIC)
    canvas = Image.new("RGB", (2600, 3600))
    canvas.paste(large, (0, 700))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=90)
    with open_image(buffer.getvalue(), decode=Decode.FAST) as picture:
        found = find_inner(picture)
        assert picture.scale == 2
        assert is_right(found, Rectangle(350, 1450, 0, 1300), off=1)
        assert found is not None
        cut = CutOut(picture, found)
        fast = PdqHasher().hash_image(cut)[0]
        again = cut.exact()
        assert again is not None
        with again:
            assert abs(again.height - 2200) <= 2
            assert fast - PdqHasher().hash_image(again)[0] <= 4
