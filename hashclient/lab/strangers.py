"""Look for false matches of coverage where they are likely: between sets of pictures that look alike, and of photographs.

Sets of two pictures are compared hash by hash: each re-post of one that is listed with each that may be posted of the
other. Kinds are drawn by the program, plain and framed alike; photographs are compared with others' edits too. What the
two pictures' own hashes match as well is counted apart, and so are pictures that are one drawing with other words or
colours. An edit that shows another picture is no stranger of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.hashing.reposts.recipe import Recipe
from hashclient.lab import sample
from hashclient.lab.cover import hashed_edit, packed
from hashclient.lab.dataset import Dataset, LabPicture, donors_of
from hashclient.lab.sample import Rng
from hashclient.lab.suites import Suite, cell_of, keyed_generator
from hashclient.lab.transforms import draw
from hashclient.lab.transforms.draw import Colour
from hashclient.lab.transforms.interface import By
from hashclient.lab.transforms.over import meme
from hashclient.model.signal import MATCH_DISTANCE, QUALITY_FLOOR
from hashclient.pixels import ArrayPixels
from hashclient.vocabulary import Coverage

NEAR_DISTANCES: Final = (MATCH_DISTANCE, 40, 60)
"""Bits at which pairs of hashes are counted."""
STRANGERS_RATE: Final = 3e-7
"""Rate of false matches that is claimed of each kind where no other is named: no match in 10 million pairs of hashes."""
AT_NO_MATCH: Final = 3
"""Pairs times the rate that no match among them rules out, at 95 %."""
FRAMED_ALIKE: Final = (
    "",
    "frame.border(colour=white,f=0.09)",
    "frame.bar(where=above,colour=white,f=0.21)",
    "frame.pad(to=9:16,fill=black,o=0.5)",
    "frame.polaroid(a=0.07,b=0.25)",
)
"""What all pictures of a kind are framed in alike; the first is nothing."""
FRAMED_SHARE: Final = 3
"""There are as many framed pictures of a kind as plain ones, divided by this, in each frame."""
MOST_TIMES: Final = 20
"""Times the wanted number of pictures that are drawn at most of a kind that has few hashes."""
STRANGERS_AT_ONCE: Final = 1 << 14

HashRows = NDArray[np.uint8]


def _selfie(rng: Rng) -> Image.Image:
    """Draw a head and shoulders in a room; all differs that differs from one self-portrait to the next."""
    picture = sample.drawn_slope(sample.drawn_size(rng), sample.drawn_colour(rng, 40), sample.drawn_colour(rng, 40))
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(3, 9))):  # a door, a shelf, a window
        x, y = float(rng.uniform(-0.1, 0.9)) * width, float(rng.uniform(-0.1, 0.8)) * height
        right, bottom = x + float(rng.uniform(0.1, 0.5)) * width, y + float(rng.uniform(0.1, 0.6)) * height
        pen.rectangle((x, y, right, bottom), fill=sample.drawn_colour(rng))
    picture = sample.with_texture(picture, rng, float(rng.uniform(0.15, 0.35)))
    middle = width * float(rng.uniform(0.35, 0.65)), height * float(rng.uniform(0.35, 0.55))
    down = min(width, height) * float(rng.uniform(0.17, 0.34))
    person = Image.new("RGBA", picture.size)
    _draw_person(person, rng, middle, down * float(rng.uniform(0.65, 0.9)), down)
    chest = middle[0], middle[1] + 2 * down
    person = person.rotate(float(rng.uniform(-18, 18)), Image.Resampling.BICUBIC, center=chest)
    picture.paste(person, (0, 0), person)
    (left, right), (top, bottom) = rng.uniform(0.4, 1.25, 2), rng.uniform(0.7, 1.15, 2)
    light = np.outer(np.linspace(top, bottom, height), np.linspace(left, right, width))[..., np.newaxis]
    lit = np.clip(np.asarray(picture) * light, 0, 255).astype(np.uint8)
    return Image.fromarray(lit).filter(ImageFilter.GaussianBlur(0.8))


def _draw_person(layer: Image.Image, rng: Rng, middle: tuple[float, float], across: float, down: float) -> None:
    """Draw hair, shoulders, neck, face, eyes and mouth, in half widths and half heights of the face."""
    pen = ImageDraw.Draw(layer)

    def oval(x: float, y: float, wide: float, high: float, fill: Colour) -> None:
        left, top = middle[0] + (x - wide) * across, middle[1] + (y - high) * down
        pen.ellipse((left, top, left + 2 * wide * across, top + 2 * high * down), fill=fill)

    tone, hair = float(rng.uniform(0.35, 0.95)), sample.drawn_colour(rng, 5, 190)
    skin = int(255 * tone), int(200 * tone), int(165 * tone)
    long, full = float(rng.uniform(0, 2.2)), float(rng.uniform(1.05, 1.5))
    if long > 0.7:  # longer than a cap
        oval(0, long / 2, full, 1 + long / 2, hair)
    oval(0, 3.2, float(rng.uniform(1.5, 2.8)), float(rng.uniform(1.7, 2.1)), sample.drawn_colour(rng))
    oval(0, 1, 0.45, 0.7, skin)
    oval(float(rng.uniform(-0.15, 0.15)), -0.25, full, float(rng.uniform(0.9, 1.15)), hair)
    oval(0, 0.05, 1, 1, skin)
    has_glasses = rng.random() < 0.3
    for side in (-0.4, 0.4):
        oval(side + float(rng.uniform(-0.08, 0.08)), -0.1, 0.17, 0.08, (245, 245, 245))
        oval(side, -0.1, 0.08, 0.08, (40, 30, 25))
        oval(side, float(rng.uniform(-0.35, -0.25)), 0.22, 0.03, hair)
        if has_glasses:
            oval(side, -0.1, 0.3, 0.2, (20, 20, 20))
    mouth = float(rng.uniform(0.2, 0.45)), float(rng.uniform(0.03, 0.14))
    oval(float(rng.uniform(-0.1, 0.1)), 0.5, *mouth, (150, 50, 60))


def _meme(rng: Rng) -> Image.Image:
    """Draw words where memes have them, over a picture of its own."""
    return meme(draw.drawn_donor(rng), By(rng), where="both", k=10)


@dataclass(frozen=True)
class StrangerKind:
    """Pictures that look alike."""

    drawn: Callable[[Rng], Image.Image]
    is_one_drawing: bool = False
    """Whether all are one drawing with other words or colours: related, and no strangers."""


def _of_sample(name: str, *, is_one_drawing: bool = False) -> StrangerKind:
    return StrangerKind(sample.DRAWN_KINDS[name][0], is_one_drawing)


STRANGER_KINDS: Final[Mapping[str, StrangerKind]] = {
    **{name: _of_sample(name) for name in ("scenes", "soft", "skies", "lamps", "charts", "documents", "screenshots")},
    "selfies": StrangerKind(_selfie),
    "memes": StrangerKind(_meme),
    "faces of one drawing": _of_sample("faces", is_one_drawing=True),
    "memes of one template": _of_sample("memes", is_one_drawing=True),
}
"""The kinds that are drawn; those of one drawing are told apart, and nothing is claimed of them."""


@dataclass(frozen=True)
class HashSet:
    """The hashes of one picture, or of one edit of it."""

    hashes: HashRows
    """Shape (hashes, 32); none where the quality is too low."""
    own: HashRows
    """The picture's own hash, shape (32,)."""
    related: frozenset[str]
    """What it is, and what it shows beside: two of which anything is the same are no strangers."""


@dataclass
class StrangerCounts:
    """What is counted of one kind."""

    pictures: int = 0
    picture_pairs: int = 0
    hash_pairs: int = 0
    within: dict[int, int] = field(default_factory=lambda: dict.fromkeys(NEAR_DISTANCES, 0))
    """Pairs of hashes at or below each distance, without those of pictures whose own hashes match."""
    pictures_matched: int = 0
    """Pairs of pictures that a match relates, without the same."""
    own_matches: int = 0
    """Pairs of hashes that match, of pictures whose own hashes match as well."""
    smallest: int = 8 * 32
    """Bits, without the same."""

    def add(self, other: "StrangerCounts") -> None:
        """Add the counts of the same kind in another frame."""
        self.pictures = max(self.pictures, other.pictures)
        self.picture_pairs += other.picture_pairs
        self.hash_pairs += other.hash_pairs
        self.within = {distance: count + other.within[distance] for distance, count in self.within.items()}
        self.pictures_matched += other.pictures_matched
        self.own_matches += other.own_matches
        self.smallest = min(self.smallest, other.smallest)

    def claim(self, rate: float) -> str:
        """Say what may be claimed of a rate: `none` where no pair matched, how many did, or that the pairs are too few."""
        if self.within[MATCH_DISTANCE]:
            return f"{self.within[MATCH_DISTANCE]} found"
        return "none" if self.hash_pairs * rate >= AT_NO_MATCH else "too_few_pairs"


def count_strangers(listed: Sequence[HashSet], posted: Sequence[HashSet] | None = None) -> StrangerCounts:
    """Compare all hashes of each picture with all those of each stranger.

    Args:
        listed: the sets of pictures.
        posted: what they are compared with; None: with each other, each two once.
    """
    others = listed if posted is None else posted
    counts = StrangerCounts(pictures=len(listed))
    starts = np.cumsum([0, *(len(one.hashes) for one in others)])
    every = np.concatenate([one.hashes for one in others] or [np.empty((0, 32), np.uint8)])
    columns = np.ascontiguousarray(np.ascontiguousarray(every).view(np.uint64).T)
    owners = np.repeat(np.arange(len(others)), np.diff(starts))
    own = np.array([one.own for one in others], np.uint8).reshape(-1, 32)
    for place, one in enumerate(listed):
        is_stranger = np.array([not one.related & other.related for other in others], np.bool_)
        if posted is None:
            is_stranger[: place + 1] = False
        is_alike = np.bitwise_count(one.own ^ own).sum(axis=1) <= MATCH_DISTANCE
        has_hashes = np.diff(starts) > 0
        counts.picture_pairs += int((is_stranger & has_hashes).sum()) if len(one.hashes) else 0
        first = int(starts[place + 1]) if posted is None else 0
        _count_one(counts, one.hashes, columns[:, first:], owners[first:], is_stranger, is_alike)
    return counts


def _count_one(
    counts: StrangerCounts,
    hashes: HashRows,
    columns: NDArray[np.uint64],
    owners: NDArray[np.int64],
    is_stranger: NDArray[np.bool_],
    is_alike: NDArray[np.bool_],
) -> None:
    rows = np.ascontiguousarray(hashes).view(np.uint64).reshape(-1, 4).T
    matched: set[int] = set()
    for left in range(0, owners.size if len(hashes) else 0, STRANGERS_AT_ONCE):
        some = slice(left, left + STRANGERS_AT_ONCE)
        counted = is_stranger[owners[some]]
        theirs, alike = owners[some][counted], is_alike[owners[some][counted]]
        apart = np.zeros((rows.shape[1], len(theirs)), np.uint16)
        for word, other in zip(rows, columns[:, some][:, counted], strict=True):
            apart += np.bitwise_count(word[:, np.newaxis] ^ other)
        counts.hash_pairs += apart.size
        least = apart.min(axis=0, initial=8 * 32)
        counts.smallest = min(counts.smallest, int(least[~alike].min(initial=8 * 32)))
        near = np.flatnonzero(least <= NEAR_DISTANCES[-1])
        for column, bits in zip(near.tolist(), apart[:, near].T, strict=True):
            if alike[column]:
                counts.own_matches += int((bits <= MATCH_DISTANCE).sum())
                continue
            for distance in NEAR_DISTANCES:
                counts.within[distance] += int((bits <= distance).sum())
            if least[column] <= MATCH_DISTANCE:
                matched.add(int(theirs[column]))
    counts.pictures_matched += len(matched)


def set_of(pixels: NDArray[np.uint8], recipes: Sequence[Recipe], name: str) -> HashSet:
    """Hash a picture and its re-posts, as the program does.

    Args:
        pixels: RGB, `uint8`, shape (height, width, 3).
        recipes: the re-posts.
        name: of the picture.
    """
    signals = CoverageHasher(Coverage.WIDE, recipes).hash_image(ArrayPixels(pixels))
    values = np.array([packed(one.value) for one in signals])
    is_sent = (signals[0].quality or 0) >= QUALITY_FLOOR
    return HashSet(values if is_sent else values[:0], values[0], frozenset({name}))


def _drawn_set(place: int, *, kind: str, frame: str, seed: int, recipes: Sequence[Recipe]) -> HashSet:
    picture = STRANGER_KINDS[kind].drawn(keyed_generator("strangers", seed, kind, place))
    return set_of(_framed(picture, frame, seed), recipes, f"{kind} {place}")


def _framed(picture: Image.Image, frame: str, seed: int) -> NDArray[np.uint8]:
    if frame:
        step = cell_of("frame", "held", frame).steps[0]
        picture = step.edited(picture, By(keyed_generator("frame", seed), ()))
    return np.asarray(picture)


def _photograph_set(picture: LabPicture, *, frame: str, seed: int, recipes: Sequence[Recipe]) -> HashSet:
    return set_of(_framed(Image.fromarray(picture.pixels()), frame, seed), recipes, picture.id)


def _edits(picture: LabPicture, *, pool: Sequence[LabPicture], seed: int) -> list[HashSet]:
    """Hash every edit of `posts-v1` of a photograph."""
    pixels, made = picture.pixels(), []
    own = set_of(pixels, (), picture.id).own
    for cell in Suite.named("posts-v1").every:
        edited = hashed_edit(picture, pixels, cell, pool, seed=seed)
        if edited is not None:
            donors = donors_of(picture, pool, count=cell.donors, seed=seed, cell_id=cell.id)
            related = frozenset({picture.id, *(donor.id for donor in donors)})
            made.append(HashSet(edited[np.newaxis], own, related))
    return made


def strangers(
    recipes: Sequence[Recipe],
    dataset: Dataset | None = None,
    *,
    count: int = 100,
    seed: int = 3,
    least_pairs: float = 0,
    executor: Executor | None = None,
) -> Iterator[tuple[str, str, StrangerCounts]]:
    """Count near hashes of strangers, kind by kind.

    Args:
        recipes: the set that is measured, without the picture itself.
        dataset: photographs, all of which are compared with each other and with all edits of the others; None: only
            what the program draws.
        count: how many pictures of each kind are drawn; fewer framed ones.
        seed: of what is drawn.
        least_pairs: of hashes; of kinds that have few of them more pictures are drawn, at most `MOST_TIMES` as many.
        executor: where pictures are hashed; None for this thread.

    Yields:
        The kind, the frame that all have, or what photographs are compared with, and the counts; and `all` of each kind.
    """
    apply = executor.map if executor else map
    pictures = dataset.pictures if dataset else ()
    for frame in FRAMED_ALIKE if pictures else ():
        listed = list(apply(partial(_photograph_set, frame=frame, seed=seed, recipes=recipes), pictures))
        yield "photographs", frame, count_strangers(listed)
        if not frame:
            edits = apply(partial(_edits, pool=pictures, seed=seed), pictures)
            yield "photographs", "edits", count_strangers(listed, [one for some in edits for one in some])
    for kind, told in STRANGER_KINDS.items():
        every = StrangerCounts()
        for frame in FRAMED_ALIKE:
            hashed = partial(_drawn_set, kind=kind, frame=frame, seed=seed, recipes=recipes)
            made = list(apply(hashed, range(max(2, count // FRAMED_SHARE) if frame else count)))
            counts = count_strangers(made)
            if not frame and not told.is_one_drawing and counts.hash_pairs < least_pairs:
                times = min(MOST_TIMES, 1.1 * (least_pairs / max(1, counts.hash_pairs)) ** 0.5)
                made += apply(hashed, range(count, int(count * times)))
                counts = count_strangers(made)
            every.add(counts)
            yield kind, frame, counts
        yield kind, "all", every


def strangers_table(rows: Iterator[tuple[str, str, StrangerCounts]], *, rate: float = STRANGERS_RATE) -> Iterator[str]:
    """Write the counts as tab-separated lines, each as soon as it is there.

    Args:
        rows: as `strangers` gives them.
        rate: of false matches that is claimed of each row; a row with too few pairs for it says so.

    Raises:
        UsageError: the rate is not above 0 and below 1.
    """
    if not 0 < rate < 1:
        raise UsageError(words.BAD_RATE, hint=words.RATE_FORM)
    near = (f"<= {distance}" for distance in NEAR_DISTANCES)
    head = ("kind", "framed", "pictures", "pairs of pictures", "pairs of hashes", *near)
    yield "\t".join((*head, "matched pictures", "own match too", "smallest", f"at {rate:g}"))
    for kind, frame, one in rows:
        is_claimed = kind not in STRANGER_KINDS or not STRANGER_KINDS[kind].is_one_drawing
        counts = (one.pictures, one.picture_pairs, one.hash_pairs, *one.within.values(), one.pictures_matched)
        claim = one.claim(rate) if is_claimed else "related"
        cells = (kind, frame or "-", *counts, one.own_matches, one.smallest, claim)
        yield "\t".join(map(str, cells))
