"""Transforms: typed, pure, and the faults that they may have, each caught by its name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashclient.errors import UsageError
from hashclient.lab.faults import (
    SilentParameterError,
    StateBetweenPicturesError,
    UndeclaredChanceError,
    canary_of,
    canary_pictures,
    check_cells,
)
from hashclient.lab.suites import Cell, Suite, cell_of, keyed_generator
from hashclient.lab.transforms import interface
from hashclient.lab.transforms.draw import drawn_donor
from hashclient.lab.transforms.interface import By, Number, Ratio, Step, register, step_text

SUITE = Suite.named("posts-v1")
CELLS = SUITE.every


@pytest.fixture
def extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test register edits that are gone afterwards."""
    monkeypatch.setattr(interface, "_REGISTERED", dict(interface.registered()))


def edited(cell: Cell, pixels: np.ndarray, seed: int = 1) -> np.ndarray:
    return cell.apply(pixels, cell.generator(seed, "a" * 64))


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.id)
def test_every_cell_is_pure(cell: Cell) -> None:
    """The same picture and generator give the same pixels after another picture was edited, and the picture stays."""
    one, other = (np.asarray(picture) for picture in canary_pictures())
    before = one.copy()
    first = edited(cell, one)
    edited(cell, other)
    assert np.array_equal(edited(cell, one), first)
    assert np.array_equal(one, before)
    assert first.dtype == np.uint8
    assert first.ndim == 3


def test_every_edit_of_the_suite_passes_the_checks() -> None:
    """No parameter is silent, nothing is kept between pictures, and what draws at random says so."""
    check_cells(CELLS)


def test_only_seeded_cells_depend_on_the_seed() -> None:
    """Another seed changes what draws from the generator, and nothing else."""
    picture = np.asarray(canary_pictures()[0])
    for cell in CELLS:
        is_same = all(np.array_equal(edited(cell, picture, 1), edited(cell, picture, seed)) for seed in range(2, 9))
        assert is_same is not cell.is_seeded, cell.id


def test_every_cell_has_a_canary_of_its_own() -> None:
    """Two cells that made the same of both pictures would be one cell."""
    cells = [cell for cell in CELLS if not cell.id.startswith("size.long")]  # the pictures are smaller
    assert len({canary_of(cell) for cell in cells}) == len(cells)


@pytest.mark.usefixtures("extra")
def test_a_silent_parameter_is_caught_by_name() -> None:
    """A parameter that is taken and not used, as others ignore `quality`, stops the run."""

    @register("planted.silent", f=Number(0, 1), k=Number(1, 5))
    def silent(picture: Image.Image, _by: By, *, f: float, k: float) -> Image.Image:
        return picture.point([int(value * (1 - f / 2)) for value in range(256)] * 3)

    with pytest.raises(SilentParameterError, match=r"planted.silent takes no notice of k"):
        check_cells([cell_of("over", "held", "planted.silent(f=0.5,k=2)")])


@pytest.mark.usefixtures("extra")
def test_state_between_pictures_is_caught_by_name() -> None:
    """An edit that remembers what it did, or works on what it was given, stops the run."""
    seen: list[int] = []

    @register("planted.remembers")
    def remembers(picture: Image.Image, _by: By) -> Image.Image:
        seen.append(1)
        return picture.rotate(len(seen))

    @register("planted.overwrites")
    def overwrites(picture: Image.Image, _by: By) -> Image.Image:
        picture.paste((0, 0, 0), (0, 0, 9, 9))
        return picture

    for name in ("remembers", "overwrites"):
        with pytest.raises(StateBetweenPicturesError, match=name):
            check_cells([cell_of("over", "held", f"planted.{name}()")])


@pytest.mark.usefixtures("extra")
def test_undeclared_chance_is_caught_by_name() -> None:
    """An edit that draws, and would be kept without its seed, stops the run."""

    @register("planted.draws")
    def draws(picture: Image.Image, by: By) -> Image.Image:
        return picture.rotate(float(by.rng.uniform(1, 90)))

    with pytest.raises(UndeclaredChanceError, match=r"planted.draws"):
        check_cells([cell_of("over", "held", "planted.draws()")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shape.zoom(z=9)", "out of its range"),
        ("shape.zoom(z=big)", "out of its range"),
        ("shape.zoom(z=nan)", "out of its range"),
        ("shape.zoom()", "has other parameters"),
        ("shape.zoom(z=1.1,quality=95)", "has other parameters"),
        ("shape.zoom(z=1.1,z=1.2)", "has other parameters"),
        ("shape.cut(to=0:3,o=0.5)", "out of its range"),
        ("shape.cut(to=9:1,o=0.5)", "out of its range"),
        ("frame.bar(where=beside,colour=white,f=0.1)", "out of its range"),
        ("over.emoji(n=1.5,f=0.1)", "out of its range"),
        ("shape.nothing()", "There is no edit"),
        ("shape.zoom", "There is no edit"),
    ],
)
def test_a_parameter_that_is_wrong_is_refused(text: str, words: str) -> None:
    """Unknown, missing, twice, of another type or out of range: never ignored."""
    with pytest.raises(UsageError, match=words):
        Step.parse(text)


def test_a_name_stands_for_one_edit() -> None:
    """A name that is taken, or malformed, is refused."""
    for name in ("shape.zoom", "Zoom", "a.b c"):
        with pytest.raises(UsageError, match="is taken or has other signs"):
            register(name)(lambda picture, _by: picture)


@given(st.floats(1, 4), st.floats(0, 0.3))
def test_the_text_of_a_step_reads_back(z: float, m: float) -> None:
    """What is written is what is read, to the last digit."""
    for name, values in (("shape.zoom", {"z": z}), ("shape.loose", {"m": m})):
        step = Step.parse(step_text(name, values))
        assert step.values == values
        assert Step.parse(step.text) == step


def test_the_text_of_a_step_is_one() -> None:
    """However it is written, the canonical text has sorted parameters and the fewest decimals."""
    assert Step.parse(" over.emoji( n=1, f=0.100 )").text == "over.emoji(f=0.1,n=1)"
    assert Step.parse("shape.turn(deg=4.0)").text == "shape.turn(deg=4)"
    assert Ratio().ends() == ("1:4", "4:1")


def test_donors_are_shown_and_drawn_where_there_are_too_few() -> None:
    """A donor that is given is what is seen beside; without one a drawn one is, by the generator."""
    cell = next(cell for cell in CELLS if cell.id.startswith("beside.grid(gap=0,nx=1,ny=2)"))
    assert cell.donors == 1
    picture, donor = np.asarray(canary_pictures()[0]), np.full((90, 90, 3), (200, 30, 30), np.uint8)
    with_donor = cell.apply(picture, cell.generator(1, "a"), donor)
    assert np.array_equal(with_donor, cell.apply(picture, cell.generator(1, "a"), [donor]))
    assert (np.abs(with_donor.astype(int) - (200, 30, 30)).max(axis=2) < 12).mean() > 0.4
    without = edited(cell, picture)
    assert not np.array_equal(without, with_donor)
    assert drawn_donor(keyed_generator(1)) != drawn_donor(keyed_generator(2))


def test_what_becomes_too_small_is_no_picture() -> None:
    """A side under 16 pixels is a skip, and an error for who wants the pixels."""
    cell = cell_of("quality", "held", "size.long(px=20)>codec.jpeg(q=70)")
    strip = Image.new("RGB", (300, 90), (10, 200, 30))
    assert cell.edit(strip, By(keyed_generator(1))).skip == "too_small"
    with pytest.raises(UsageError, match="too small"):
        cell.apply(np.asarray(strip), keyed_generator(1))


def test_an_edit_without_effect_is_a_noop() -> None:
    """A square cut to a square says so; saving it as JPEG is no edit, unless saving is the edit."""
    square = canary_pictures()[0].crop((0, 0, 100, 100))
    by = By(keyed_generator(1))
    assert cell_of("shape", "held", "shape.cut(to=1:1,o=0.5)>codec.jpeg(q=70)").edit(square, by).skip == "noop"
    assert cell_of("quality", "held", "codec.jpeg(q=65)>codec.jpeg(q=70)").edit(square, by).skip is None
