"""Measure what the hashes of films find, on films that are really edited and coded anew; nothing is written to disk.

    python benchmarks/films.py found [FOLDER]
    python benchmarks/films.py dev [FOLDER]
    python benchmarks/films.py reference [FOLDER]

FOLDER has `photos`, of which films with movement are made, and `video`; else HASHCLIENT_VECTORS names it. `found` prints the
tables of docs/coverage.md: what is found of films of held photographs and of two filmed ones, and what the hashes of other
films find, of those that look alike, too. `dev` does the same with the photographs that the search saw. `reference` compares
small films and those of little detail with what they are after a way through RGB, as the reference goes.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from hashclient.hashing.hamming import distances, to_array
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.levels import frame_variants
from hashclient.hashing.vpdq import Feature, hash_frame, hash_video
from hashclient.lab import Dataset, Suite
from hashclient.lab.dataset import LabPicture
from hashclient.lab.engine import worker_processes
from hashclient.lab.statistics import percentiles, resamples
from hashclient.lab.suites import Cell, cell_of, keyed_generator
from hashclient.lab.transforms import draw
from hashclient.lab.transforms.interface import By
from hashclient.media.video import open_video
from hashclient.model.signal import MATCH_DISTANCE, QUALITY_FLOOR
from hashclient.vocabulary import Coverage

RATE = 4
"""Frames a second of the films that are made."""
SIZES = ((426, 240), (640, 360), (360, 640), (480, 360), (320, 240), (640, 360), (1280, 720), (240, 426), (480, 480))
SECONDS = (4, 6, 9, 5, 12)
PHOTOS_A_FILM = (1, 2, 1, 3)
"""Every photograph is in one film alone."""
FILMED = ("chair-22-sd-grey-bar", "pattern-sd-grey-bar")
"""The reference's films; a third one shows the same chair."""
FILMED_STEP = 6
"""Every sixth frame of them is taken."""
ORIGINAL_CRF, REPOST_CRF = 20, 28
SEED = 1
LIKELY = 16
"""Films of each kind that look alike."""
LIKELY_SIZE = (426, 240)
LIKELY_SECONDS = 4
SMALL_SIZES = ((64, 48), (96, 72), (176, 144))
_FAST_BILINEAR, _ACCURATE_RND = 1, 0x40000
"""Flags of FFmpeg's `libswscale/swscale.h`."""
OFFSETS = (0.0, 0.5)
"""Seconds by which a matcher's frames lie after ours."""


@dataclass(frozen=True)
class Film:
    """A film before it is coded."""

    name: str
    photos: tuple[LabPicture, ...] = ()
    """Those that it is made of; none where it is filmed or drawn."""
    size: tuple[int, int] = (0, 0)
    seconds: int = 0
    filmed: Path | None = None
    kind: str = ""
    """Of what is drawn."""

    def shown(self) -> Iterator[Image.Image]:
        """Give its frames, RGB."""
        if self.filmed:
            yield from islice(pictures_of(self.filmed.read_bytes()), 0, None, FILMED_STEP)
            return
        rng = keyed_generator("film", SEED, self.name)
        scenes = [Image.fromarray(photo.pixels()) for photo in self.photos] or [DRAWN[self.kind](rng)]
        each = -(-self.seconds * RATE // len(scenes))
        for scene in scenes:
            yield from _moved(scene, self.size, each, rng)


def _moved(scene: Image.Image, size: tuple[int, int], count: int, rng: np.random.Generator) -> Iterator[Image.Image]:
    """Look about in a scene: a pan, a zoom, or a hand that is not quite still."""
    wide = size[0] / size[1]
    most = min(scene.width, scene.height * wide)
    zooms = {"pan": (0.72, 0.72), "in": (0.98, 0.65), "out": (0.65, 0.98), "hand": (0.9, 0.9)}
    movement = list(zooms)[int(rng.integers(len(zooms)))]
    start, end = rng.uniform(0, 1, 2), rng.uniform(0, 1, 2)
    if movement == "hand":
        end = start
    for place in range(count):
        part = place / max(1, count - 1)
        width = most * (zooms[movement][0] * (1 - part) + zooms[movement][1] * part)
        room = np.array([scene.width - width, scene.height - width / wide])
        shake = 0.006 * most * np.sin(place * np.array([0.7, 0.9]))
        left, top = np.clip((start * (1 - part) + end * part) * room + shake, 0, room)
        box = (left, top, min(scene.width, left + width), min(scene.height, top + width / wide))
        yield scene.resize(size, Image.Resampling.BICUBIC, box=box)


def _dark(rng: np.random.Generator) -> Image.Image:
    """Draw a lamp and a lit window in a dark room, with the noise that cameras have."""
    x, y = rng.uniform(0.2, 0.8, 2) * (640, 360)
    across, down = np.meshgrid(np.arange(640), np.arange(360))
    light = 18 + 235 * np.exp(-np.hypot(across - x, down - y) / rng.uniform(25, 60))
    left, top, wide, high = (int(one) for one in rng.uniform((40, 30, 60, 60), (460, 200, 140, 130)))
    light[top : top + high, left : left + wide] += 110
    light[top + high // 2 - 3 : top + high // 2 + 3, left : left + wide] = 30
    coloured = light[..., np.newaxis] * (1, 0.9, 0.7) + rng.normal(0, 2, (360, 640, 3))
    return Image.fromarray(coloured.clip(0, 255).astype(np.uint8))


def _soft(rng: np.random.Generator) -> Image.Image:
    """Draw clouds of colour with nothing sharp in them."""
    coarse = Image.fromarray(rng.integers(60, 200, (7, 12, 3), np.uint8))
    return coarse.resize((640, 360), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))


def _title(rng: np.random.Generator) -> Image.Image:
    """Write three lines of other words on black, in one layout."""
    page = Image.new("RGB", (640, 360))
    for line, y in enumerate((120, 180, 240)):
        words = " ".join("".join(map(chr, rng.integers(97, 123, rng.integers(3, 8)))) for _ in range(3 - line % 2))
        draw.write_line(page, words.upper() if not line else words, centre=(320, y), size=44 if not line else 30)
    return page


def _sky(rng: np.random.Generator) -> Image.Image:
    """Draw a sky from above to below, with a dark ground."""
    down = np.linspace(0, 1, 360)[:, np.newaxis, np.newaxis]
    high, low = rng.integers(60, 160, 3), rng.integers(150, 255, 3)
    sky = np.broadcast_to(high * (1 - down) + low * down, (360, 640, 3)).astype(np.uint8)
    picture = Image.fromarray(np.ascontiguousarray(sky))
    edge = 250 + np.cumsum(rng.normal(0, 2.5, 641))
    ImageDraw.Draw(picture).polygon([(0, 360), *enumerate(edge.tolist()), (640, 360)], fill=(30, 34, 28))
    return picture


DRAWN: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "soft": _soft,
    "a lamp and a window in the dark": _dark,
    "titles on black": _title,
    "skies": _sky,
}


def films_of(folder: Path, side: str) -> list[Film]:
    """Make the list of films of one side; the filmed ones are among the held."""
    pictures = Dataset.from_folder(folder / "photos").split("dev" if side == "dev" else "held").pictures
    films: list[Film] = []
    while pictures:
        place = len(films)
        count = PHOTOS_A_FILM[place % len(PHOTOS_A_FILM)]
        photos, pictures = pictures[:count], pictures[count:]
        size, seconds = SIZES[place % len(SIZES)], SECONDS[place % len(SECONDS)]
        films.append(Film(f"{side} {place}", photos, size, seconds))
    filmed = [Film(name, filmed=folder / "video" / f"{name}.mp4") for name in FILMED]
    return [*films, *(filmed if side == "held" else ())]


def likely_films(kind: str) -> list[Film]:
    """Make the list of films of a kind that look alike."""
    return [Film(f"{kind} {place}", (), LIKELY_SIZE, LIKELY_SECONDS, kind=kind) for place in range(LIKELY)]


def coded(shown: Iterator[Image.Image], crf: int) -> bytes:
    """Code a film as H.264 in MP4; an odd row or column is left out."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:  # noqa: TID251  # our own
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": str(crf)})
        stream.pix_fmt, stream.codec_context.thread_count = "yuv420p", 1
        for place, picture in enumerate(shown):
            even = picture.crop((0, 0, picture.width & ~1, picture.height & ~1))
            if not place:
                stream.width, stream.height = even.size
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(even), format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()


def decoded(film: bytes) -> "Iterator[av.VideoFrame]":
    """Decode every frame of a video."""
    with av.open(io.BytesIO(film), "r") as container:  # noqa: TID251  # our own, and the reference's
        yield from container.decode(video=0)


def pictures_of(film: bytes) -> Iterator[Image.Image]:
    """Decode every frame of a video, RGB."""
    yield from (Image.fromarray(frame.to_ndarray(format="rgb24")) for frame in decoded(film))


def cells() -> list[Cell]:
    """Give the held edits of films, without the JPEG that a frame is saved as."""
    every = Suite.named("videos-v1").cells("held")
    return [cell_of(cell.family, "held", ">".join(step.text for step in cell.steps[:-1])) for cell in every]


def reposted(original: bytes, cell: Cell, name: str) -> bytes | None:
    """Edit every frame of a video alike and code it anew; None where the edit changes nothing."""
    first = Cell(cell.family, cell.which, cell.steps[:1])

    def edited() -> Iterator[Image.Image]:
        for picture in pictures_of(original):
            yield cell.edit(picture, By(cell.generator(SEED, name))).picture

    if first.edit(next(pictures_of(original)), By(first.generator(SEED, name))).skip:
        return None
    return coded(edited(), REPOST_CRF)


def matched_frames(film: bytes, offset: float) -> list[Feature]:
    """Hash a film as a matcher does: a frame a second, those of quality below 50 left out."""
    kept, slot = [], -1
    with open_video(io.BytesIO(film), interval=0) as video:
        for frame in video.frames():
            if (now := int(frame.seconds - offset + 1e-6)) > slot and frame.seconds >= offset:
                slot = now
                kept.append(hash_frame(frame)[0])
    return [feature for feature in kept if feature.quality >= QUALITY_FLOOR]


@dataclass(frozen=True)
class Measured:
    """What was hashed of a film."""

    film: Film
    submitted: tuple[Feature, ...]
    reposts: dict[str, tuple[tuple[Feature, ...], ...]]
    """Of each cell, and of `unedited`, the frames of the re-post, once for each of `OFFSETS`."""


def measure(film: Film) -> Measured:
    """Code a film, hash what would be sent, and hash its re-posts as a matcher does; run by workers."""
    original = coded(film.shown(), ORIGINAL_CRF)
    with open_video(io.BytesIO(original)) as video:
        submitted = tuple(hash_video(video.frames(), coverage=Coverage.WIDE))
    made: dict[str, bytes | None] = {cell.id: reposted(original, cell, film.name) for cell in cells()}
    made["unedited"] = coded(pictures_of(original), REPOST_CRF)
    hashed: dict[str, tuple[tuple[Feature, ...], ...]] = {}
    for name, again in made.items():
        if again is not None:
            hashed[name] = tuple(tuple(matched_frames(again, offset)) for offset in OFFSETS)
    return Measured(film, submitted, hashed)


def depths(measured: Measured, frames: Sequence[Feature]) -> NDArray[np.int64]:
    """Tell of each frame of a re-post by which hashes it is found: 0 the film's own, 1 the first recipe's; else their number."""
    names: tuple[str | None, ...] = (None, *frame_variants(Coverage.WIDE))
    order = {name: place for place, name in enumerate(names)}
    if not frames:
        return np.zeros(0, np.int64)
    least = np.full(len(frames), len(order))
    submitted = to_array([feature.value for feature in measured.submitted])
    series = np.array([order[feature.variant] for feature in measured.submitted])
    near = distances(to_array([feature.value for feature in frames]), submitted) <= MATCH_DISTANCE
    for place, row in enumerate(near):
        if row.any():
            least[place] = series[row].min()
    return least


def share(found: NDArray[np.float64], tried: NDArray[np.float64]) -> str:
    """Write the share of frames found, with its interval; films are drawn with replacement."""
    weights = resamples(np.arange(len(found)), seed=SEED)
    with np.errstate(invalid="ignore"):
        low, high = percentiles((weights @ found) / (weights @ tried)) or (0.0, 1.0)
    return f"{100 * found.sum() / tried.sum():.1f} % ({100 * low:.0f} to {100 * high:.0f})"


def report_found(every: Sequence[Measured]) -> Iterator[str]:
    """Write the table of what is found, an edit each."""
    recipes = len(frame_variants(Coverage.WIDE))
    yield f"{len(every)} films, {sum(len(one.submitted) for one in every) / len(every):.0f} hashes each"
    yield f"| edit | films, frames | own hashes | with {recipes} recipes | half a second later | films with 80 % of frames |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name in ("unedited", *(cell.id for cell in cells())):
        made = [one for one in every if name in one.reposts and one.reposts[name][0]]
        at = [[depths(one, one.reposts[name][offset]) for one in made] for offset in range(len(OFFSETS))]
        tried = [np.array([len(one) for one in some], float) for some in at]
        own, found, later = (
            np.array([(one < (1 + recipes if deep else 1)).sum() for one in at[offset]], float)
            for offset, deep in ((0, False), (0, True), (1, True))
        )
        whole = sum((found >= 0.8 * tried[0])[tried[0] > 0])
        yield (
            f"| `{name}` | {len(made)}, {int(tried[0].sum())} | {share(own, tried[0])} | {share(found, tried[0])} | "
            f"{share(later, tried[1])} | {whole} |"
        )


def report_strangers(title: str, every: Sequence[Measured]) -> str:
    """Count the frames of films and of their re-posts that other films' hashes find, and those that only re-posts' hashes do."""
    pairs = frames = by_own = beyond = 0
    smallest = 256
    for one in every:
        submitted = to_array([feature.value for feature in one.submitted])
        own = np.array([feature.variant is None for feature in one.submitted])
        for other in every:
            if other is one:
                continue
            shown = [feature for some in other.reposts.values() for at in some for feature in at]
            if not shown or not len(submitted):
                continue
            apart = distances(to_array([feature.value for feature in shown]), submitted)
            near, of_own = (apart <= MATCH_DISTANCE).any(axis=1), (apart[:, own] <= MATCH_DISTANCE).any(axis=1)
            pairs, frames, smallest = pairs + apart.size, frames + len(shown), min(smallest, int(apart.min()))
            by_own += int(of_own.sum())
            beyond += 0 if of_own.any() else int(near.sum())
    return f"| {title} | {len(every)} | {frames:,} | {pairs:,} | {by_own} | {beyond} | {smallest} |"


def apart_from_rgb(films: Sequence[Film], size: tuple[int, int]) -> list[tuple[int, int]]:
    """Compare every second frame of films with what it is after a way through RGB.

    Returns:
        For each frame of quality 50 and more: the bits by which our hash lies from that of the RGB that the reference asks
        FFmpeg for, and the bits by which that lies from the RGB that FFmpeg gives where it is asked to round more exactly.
    """
    apart = []
    for film in films:
        made = coded(replace(film, size=size, seconds=3).shown(), ORIGINAL_CRF)
        with open_video(io.BytesIO(made), interval=0) as video:
            for shown, frame in islice(zip(decoded(made), video.frames(), strict=True), 0, None, 2):
                plain, exact = (
                    pdq_hash(
                        np.asarray(
                            shown.reformat(
                                format="rgb24", interpolation=how, src_colorspace="ITU601", dst_colorspace="ITU601"
                            ).to_ndarray(),
                            np.uint8,
                        )
                    )
                    for how in (_FAST_BILINEAR, _FAST_BILINEAR | _ACCURATE_RND)
                )
                if min(plain[1], exact[1]) >= QUALITY_FLOOR:
                    ours, *others = (int(value, 16) for value in (hash_frame(frame)[0].value, plain[0], exact[0]))
                    apart.append(((ours ^ others[0]).bit_count(), (others[0] ^ others[1]).bit_count()))
    return apart


def report_reference(folder: Path, executor: Executor) -> Iterator[str]:
    """Write the table of how far small videos and those of little detail lie from a way through RGB."""
    yield "| videos | size | frames | equal | within 10 bits | most bits | FFmpeg's two ways: equal | most bits |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    photos = films_of(folder, "held")[:8]
    rows = [("of photographs", photos, size) for size in SMALL_SIZES]
    rows += [(kind, likely_films(kind)[:8], size) for kind in DRAWN for size in (SMALL_SIZES[1], LIKELY_SIZE)]
    measured = executor.map(apart_from_rgb, [films for _, films, _ in rows], [size for *_, size in rows])
    for (title, _, size), apart in zip(rows, measured, strict=True):
        if apart:
            ours, ways = np.array(apart).T
            yield (
                f"| {title} | {size[0]} x {size[1]} | {len(ours)} | {100 * (ours == 0).mean():.0f} % | "
                f"{100 * (ours <= 10).mean():.0f} % | {ours.max()} | {100 * (ways == 0).mean():.0f} % | {ways.max()} |"
            )
        else:
            yield f"| {title} | {size[0]} x {size[1]} | 0 | | | | | |"


def main() -> None:
    """Measure."""
    command, *rest = sys.argv[1:]
    named = rest[0] if rest else os.environ.get("HASHCLIENT_VECTORS")
    if command not in {"found", "dev", "reference"} or not named:
        sys.exit("Say found, dev or reference; and name a folder with photos and video, or set HASHCLIENT_VECTORS.")
    folder = Path(named)
    with worker_processes(2) as executor:
        if command == "reference":
            print("\n".join(report_reference(folder, executor)))
        else:
            every = list(executor.map(measure, films_of(folder, "dev" if command == "dev" else "held")))
            print("\n".join(report_found(every)))
            print("\n| videos | number | frames | pairs of hashes | found by own hashes | found beyond | smallest |")
            print("|---|--:|--:|--:|--:|--:|--:|")
            print(report_strangers("of photographs, and filmed", every))
            for kind in DRAWN:
                print(report_strangers(kind, list(executor.map(measure, likely_films(kind)))), flush=True)


if __name__ == "__main__":
    main()
