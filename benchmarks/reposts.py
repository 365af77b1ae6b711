"""Measure likely re-posts: what they cost, and how far their hashes lie from those of pictures really edited.

    python benchmarks/reposts.py cost            # the ratios to one exact hash, alternated, processor time
    python benchmarks/reposts.py distance [SEED] # bits, for candidates of `hashclient.lab.grammar` drawn at random

`docs/benchmarks.md` has what they print. Photographs are those of the reference data, under HASHCLIENT_VECTORS.
"""

import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench import AS_WORKERS, EVERY, MIDDLE, ONE_CORE
from pictures import draw, enlarge

ROUNDS = 3
PHOTOGRAPHS = 20
DRAWN = 8
SIZES = ((64, 48), (97, 131), (333, 500), (640, 427), (1025, 771), (1600, 90), (60, 900), (2400, 1611), (4080, 3060))
"""Sizes, pixels, to which photographs are brought: small, odd, narrow, large."""
A_SIZE, LARGE = 40, 2_000_000
"""Recipes a photograph and size; a tenth of them from so many pixels on."""
FINER, FINER_BELOW = 3, 1000


def files(folder: Path) -> Iterator[tuple[str, bool, list[Path]]]:
    """Make pictures of 12 megapixels: words, whether sizes count as never seen, and files."""
    same = folder / "drawn.jpg"
    draw(same, *MIDDLE, 0)
    yield "a drawn picture", False, [same]
    new = [folder / f"drawn{place}.jpg" for place in range(DRAWN)]
    for place, path in enumerate(new):
        draw(path, MIDDLE[0] - 13 * place, MIDDLE[1] - 7 * place, place)
    yield "drawn pictures, sizes never seen", True, new
    photos = []
    for photo in sorted((Path(os.environ["HASHCLIENT_VECTORS"]) / "photos").glob("*.jpg"))[::EVERY]:
        photos.append(folder / photo.name)
        enlarge(photos[-1], photo, 12)
    yield "photographs, sizes known", False, photos[:2]
    yield "photographs, sizes never seen", True, photos


def cost() -> None:
    """Print medians of the ratios to one exact hash, decoding included."""
    from hashclient.hashing import reduction
    from hashclient.hashing.reposts import coverage, rotation
    from hashclient.media.image import open_image
    from hashclient.vocabulary import Coverage

    hashers = {level: coverage.CoverageHasher(level) for level in Coverage}
    made_for_a_size = (
        coverage._plan,  # noqa: SLF001  # what a new size has to make
        rotation._blur,  # noqa: SLF001  # the same
        reduction.pdq_band,
        reduction._stored_band,  # noqa: SLF001  # the same
        reduction._row_operators,  # noqa: SLF001  # the same
    )

    def seconds(untrusted: bytes, level: Coverage, *, is_new: bool) -> float:
        if is_new:
            for made in made_for_a_size:
                made.cache_clear()
        start = time.process_time()
        with open_image(untrusted) as picture:
            hashers[level].hash_image(picture)
        return time.process_time() - start

    print("| 12 megapixels | one exact hash | standard | wide |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for words, is_new, paths in files(Path(folder)):
            every = [path.read_bytes() for path in paths]
            for level in Coverage:
                seconds(every[0], level, is_new=False)
            took = defaultdict(list)
            for turn in range(max(ROUNDS, 2 * ROUNDS * DRAWN // len(every) // 2)):
                for untrusted in every:
                    one = {level: seconds(untrusted, level, is_new=is_new) for level in [*Coverage][:: (-1) ** turn]}
                    for level, taken in one.items():
                        took[level].append((taken, taken / one[Coverage.SINGLE]))
            exact, *ratios = (tuple(map(statistics.median, zip(*took[level], strict=True))) for level in Coverage)
            print(
                f"| {words} | {exact[0] * 1e3:.1f} ms | " + " | ".join(f"{ratio:.2f} x" for _, ratio in ratios) + " |"
            )


def distance(seed: int) -> None:
    """Print, by kind of recipe and size, how many bits lie between a variant and the picture really edited."""
    import numpy as np
    from PIL import Image, ImageOps

    from hashclient.hashing.pdq import pdq_hash
    from hashclient.hashing.reposts.block_means import BlockMeansMaker
    from hashclient.hashing.reposts.coverage import hash_recipes, is_fit
    from hashclient.hashing.reposts.recipe import Recipe
    from hashclient.lab.grammar import candidates
    from hashclient.pixels import ArrayPixels

    random = np.random.default_rng(seed)
    wanted = candidates()
    photos = sorted((Path(os.environ["HASHCLIENT_VECTORS"]) / "photos").glob("*.jpg"))

    def really(picture: Image.Image, recipe: Recipe) -> Image.Image:
        canvas, turn = recipe.canvas(*picture.size), recipe.turn()
        inside, whole, colour = canvas.inside, canvas.whole, (canvas.fill,) * 3
        if canvas.degrees:
            # A small one is turned at three times its size: Pillow draws the edges of corners in steps of whole pixels.
            finer = FINER if max(picture.size) < FINER_BELOW else 1
            large = picture.resize((picture.width * finer, picture.height * finer), Image.Resampling.NEAREST)
            picture = large.rotate(canvas.degrees, Image.Resampling.BICUBIC, fillcolor=colour).reduce(finer)
        made = Image.new("RGB", (whole.width, whole.height), colour)
        shown = picture.crop((inside.left, inside.top, inside.right, inside.bottom))
        made.paste(shown, (inside.left - whole.left, inside.top - whole.top))
        made = ImageOps.flip(made) if turn.rows_reversed else made
        made = ImageOps.mirror(made) if turn.columns_reversed else made
        return made.transpose(Image.Transpose.TRANSPOSE) if turn.transposed else made

    def kind(recipe: Recipe) -> str:
        if recipe.tenths:
            return f"turn, corners {recipe.corners}"
        return "frame" if recipe.pad else "cut"

    apart, worst = defaultdict(list), defaultdict(list)
    for width, height in SIZES:
        is_large = width * height > LARGE
        for place in random.choice(len(photos), PHOTOGRAPHS // (10 if is_large else 1), replace=False):
            with Image.open(photos[place]) as opened:  # noqa: TID251  # the reference data
                photo = opened.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
            own_quality = pdq_hash(np.asarray(photo))[1]
            turns = [recipe for recipe in wanted if recipe.tenths]
            some = [pool[one] for pool in (wanted, turns) for one in random.choice(len(pool), A_SIZE // 2)]
            for made in hash_recipes(BlockMeansMaker(ArrayPixels(np.asarray(photo))).block_means(), some):
                value, _ = pdq_hash(np.asarray(really(photo, made.recipe)))
                bits = (int(value, 16) ^ int(made.value, 16)).bit_count()
                key = kind(made.recipe), f"{width} x {height}", is_fit(made, own_quality)
                apart[key].append(bits)
                worst[key].append((bits, made.recipe.variant, photos[place].name, made.quality))
    print("| kind | size | used | how many | mean | most | over 6 | the worst |\n|---|---|---|--:|--:|--:|--:|---|")
    for key in sorted(apart):
        words, size, is_used = key
        bits, variant, name, quality = max(worst[key])
        over = sum(one > 6 for one in apart[key])
        print(
            f"| {words} | {size} | {'yes' if is_used else 'no'} | {len(apart[key])} | {statistics.mean(apart[key]):.2f} "
            f"| {bits} | {over} | {variant}, {name}, quality {quality} |"
        )


def main() -> None:
    """Measure one of the two."""
    if "MALLOC_TRIM_THRESHOLD_" not in os.environ:  # it is read when a process starts
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ONE_CORE | AS_WORKERS)  # noqa: S606  # itself
    if sys.argv[1] == "cost":
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        cost()
    else:
        distance(int(sys.argv[2]) if len(sys.argv) > 2 else 0)


if __name__ == "__main__":
    main()
