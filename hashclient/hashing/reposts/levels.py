"""Say which likely re-posts of a picture are hashed at each level of coverage; loads neither numpy nor a decoder."""

import json
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from hashclient.vocabulary import Coverage

COVERAGE_VERSION: Final = 2
"""Version of the recipes; a change of them is a new version."""
_FILE: Final = f"coverage-v{COVERAGE_VERSION}.json"
HASHES: Final[dict[Coverage, int]] = {Coverage.SINGLE: 1, Coverage.STANDARD: 32, Coverage.WIDE: 255}
"""Most hashes of an upright picture, by level; a picture that EXIF turns has its stored form beside them."""
GENTLE: Final = 8
"""Most, of 100, by which two neighbours of a reduction differ where no edge is. The edge of a frame is one large step and gives
a picture all the quality there is; what tells pictures apart is the detail everywhere else (`docs/coverage.md`)."""
STEEP: Final = 0.4
"""Points that each point of steeper steps takes from the detail of a re-post."""
MOST_STEEP: Final = 100
"""Most points that they take: what is full of gentle detail too is no frame."""
REPOST_FLOOR: Final = 46
"""Least detail, in points of quality, of a re-post that only leaves something out: below it what matches is a frame that the
picture had already."""
FRAMED_FLOOR: Final = 50
"""Least detail that lies inside the frame of a re-post: below it the frame is most of what the hash sees, and different
pictures in like frames match each other."""
TURNED_FLOOR: Final = 80
"""The same of a re-post that is turned by degrees: of all of it, the edges of its corners too."""
EDGES_FLOOR: Final = 80
"""Least quality of a picture at which re-posts that bring edges of their own (frames, bars, filled corners, a page behind
what is transparent) are hashed at all: blurred noise of less matches other blurred noise framed alike."""
SAME_WITHIN: Final = 4
"""Bits within which a hash adds nothing to one that is there already."""
GROUNDS: Final = {"white": 255, "black": 0}
"""Pages, as grey levels, on which a picture that is transparent in parts is also hashed, by variant."""


@lru_cache
def recipes_json(level: Coverage) -> tuple[dict[str, Any], ...]:
    """Return the re-posts of a level as data, the most useful first; the picture itself is not among them."""
    said = resources.files(__package__).joinpath(_FILE).read_text()
    return tuple(json.loads(said)["recipes"][: HASHES[level] - 1])


@lru_cache
def frame_recipes_json(level: Coverage) -> tuple[dict[str, Any], ...]:
    """Return the re-posts of each frame of a video as data: the same ones at every level but that of the video alone."""
    if level is Coverage.SINGLE:
        return ()
    return tuple(json.loads(resources.files(__package__).joinpath(_FILE).read_text())["frames"])


def frame_variants(level: Coverage) -> tuple[str, ...]:
    """Return their names."""
    return tuple(recipe["variant"] for recipe in frame_recipes_json(level))


def variants(level: Coverage) -> tuple[str, ...]:
    """Return their names."""
    return tuple(recipe["variant"] for recipe in recipes_json(level))
