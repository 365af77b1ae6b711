"""Hold the pictures of a measurement: by their bytes, their class, their cluster of copies and their side of the split.

A picture is called by the SHA-256 of its bytes. Its path is known here and by the workers that open it, and appears in no
output. The folder directly inside the given one is the class of a picture: pictures of one class look alike.
"""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import MediaError, UsageError
from hashclient.guidance import lab as words
from hashclient.lab.faults import SplitLeakError
from hashclient.lab.suites import keyed_generator
from hashclient.media.folders import Walk
from hashclient.media.formats import kind_of
from hashclient.media.image import open_image
from hashclient.pixels import UprightPixels

if TYPE_CHECKING:
    from hashclient.lab.hashed import Transformed
    from hashclient.lab.suites import Suite, Which

LONGEST_SIDE: Final = 2048
"""Pixels to which the long side of a picture is reduced before it is edited and hashed."""
LEAST_SIDE_OF_A_PICTURE: Final = 64
"""Pixels below which a side makes a picture useless to measure with."""

Split = Literal["dev", "held"]


@dataclass(frozen=True)
class LabPicture:
    """One picture of a dataset."""

    id: str
    """SHA-256 of the bytes, hexadecimal."""
    path: Path = field(compare=False, repr=False)
    """Where it lies; never shown and never kept."""
    category: str = ""
    """Its class: pictures of one class look alike. Empty: none."""
    cluster: str = ""
    """The smallest id among its copies; its own where there are none."""
    split: Split = "dev"

    def read(self) -> bytes:
        """Read the file; raises `UsageError` if it is gone, or has other bytes than when the dataset was made."""
        try:
            untrusted = self.path.read_bytes()
        except OSError:
            untrusted = b""
        if hashlib.sha256(untrusted).hexdigest() != self.id:
            raise UsageError(words.CHANGED, hint=words.LEAVE_FILES_ALONE)
        return untrusted

    def pixels(self) -> NDArray[np.uint8]:
        """Open it: RGB, `uint8`, shape (height, width, 3), upright, the long side at most 2048 pixels.

        Raises:
            MediaError: it cannot be decoded, or is smaller than 64 pixels a side.
            UsageError: as `read`.
        """
        return decoded(self.read())


def decoded(untrusted: bytes) -> NDArray[np.uint8]:
    """Decode the bytes of a picture; raises `MediaError` if they are none, or one that is too small."""
    with open_image(untrusted) as stored:
        upright = UprightPixels(stored, orientation=stored.orientation)
        array = upright.rows(0, upright.height)
        array = np.ascontiguousarray(array if array.shape[2] == 3 else np.repeat(array, 3, axis=2))
    height, width = array.shape[:2]
    if min(height, width) < LEAST_SIDE_OF_A_PICTURE:
        raise MediaError
    if max(height, width) <= LONGEST_SIDE:
        return array
    scale = LONGEST_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(array).resize(size, Image.Resampling.LANCZOS))


def split_of(picture_id: str) -> Split:
    """Tell the side of the split by the first 8 digits of an id alone, as the search of coverage does."""
    return "dev" if int(picture_id[:8], 16) % 100 < 50 else "held"


@dataclass(frozen=True)
class Dataset:
    """Pictures to measure with, sorted by id; equal files are one picture."""

    pictures: tuple[LabPicture, ...]
    equal_files: int = 0
    """How many files were left out because another has the same bytes."""
    unusable: int = 0
    """How many files were left out because their first bytes are those of no picture."""
    is_split_given: bool = False
    """Whether a list said which side each picture is on."""

    @classmethod
    def from_folder(cls, folder: Path | str, *, category: Literal["folder"] | None = "folder") -> "Dataset":
        """Take every picture of a folder, at any depth.

        Args:
            folder: where to look.
            category: `folder`: the folder directly inside is a picture's class; None: pictures have no class.

        Raises:
            UsageError: there is no picture.
        """
        base = Path(folder)
        found = (one.path for one in Walk([base]))
        parts = ((path, path.relative_to(base).parts if path != base else ()) for path in found)
        return cls._of((path, inside[0] if category and len(inside) > 1 else "", None) for path, inside in parts)

    @classmethod
    def from_list(cls, file: Path) -> "Dataset":
        """Take the pictures of a CSV file with the columns `path`, and if wanted `category` and `split` (`dev` or `held`).

        Raises:
            UsageError: it is malformed, or there is no picture.
            SplitLeakError: it puts equal files on both sides.
        """
        try:
            with file.open(newline="", encoding="utf-8") as lines:
                rows = list(csv.DictReader(lines))
            splits = {row.get("split") or None for row in rows}
            paths = [file.parent / row["path"] for row in rows]
        except (OSError, KeyError, TypeError, csv.Error, UnicodeDecodeError):
            raise UsageError(words.MALFORMED_LIST, hint=words.COLUMNS_OF_A_LIST) from None
        if splits - {None, "dev", "held"} or (None in splits and len(splits) > 1):
            raise UsageError(words.MALFORMED_LIST, hint=words.COLUMNS_OF_A_LIST)
        return cls._of(
            (path, row.get("category") or "", row.get("split")) for path, row in zip(paths, rows, strict=True)
        )

    @classmethod
    def _of(cls, found: Iterable[tuple[Path, str, str | None]]) -> "Dataset":
        pictures: dict[str, LabPicture] = {}
        equal = unusable = 0
        is_split_given = False
        for path, category, split in found:
            try:  # a device may have no end, and a pipe may wait
                untrusted = path.read_bytes() if path.is_file() else b""
                kind_of(untrusted)
            except (OSError, ValueError, MediaError):  # ValueError: a name that no file can have
                unusable += 1
                continue
            id_ = hashlib.sha256(untrusted).hexdigest()
            side: Split = split_of(id_) if split not in {"dev", "held"} else "dev" if split == "dev" else "held"
            if id_ in pictures:
                equal += 1
                if pictures[id_].split != side:
                    raise SplitLeakError
                continue
            is_split_given = is_split_given or bool(split)
            pictures[id_] = LabPicture(id_, path, category, id_, side)
        if not pictures:
            raise UsageError(words.NO_PICTURES, hint=words.SAMPLE_PICTURES)
        every = tuple(pictures[id_] for id_ in sorted(pictures))
        return cls(every, equal, unusable, is_split_given)

    def split(self, side: Split | Literal["all"]) -> "Dataset":
        """Return the pictures of one side, or all."""
        return replace(self, pictures=tuple(one for one in self.pictures if side in {"all", one.split}))

    def transform(
        self, suite: "Suite", *, which: "Which | None" = "held", split: Split | Literal["all"] = "held", seed: int = 1
    ) -> "Transformed":
        """Say which cells of a suite are to be made of which pictures; nothing is done yet.

        Args:
            suite: what is done to pictures.
            which: the half of the suite; None for both.
            split: the side of the split; `all` scores pictures by which thresholds were chosen.
            seed: of what is drawn.
        """
        from hashclient.lab.hashed import Transformed

        return Transformed(self, suite, which, split, seed)

    def with_clusters(self, pairs: Iterable[tuple[str, str]]) -> "Dataset":
        """Return the dataset with the clusters that pairs of copies make; each cluster follows its smallest id.

        Args:
            pairs: ids of pictures that are copies of each other.

        Raises:
            SplitLeakError: a list gave the sides, and a cluster is on both.
        """
        above = {one.id: one.id for one in self.pictures}

        def root(id_: str) -> str:
            while above[id_] != id_:
                id_ = above[id_]
            return id_

        for one, other in pairs:
            first, second = sorted((root(one), root(other)))
            above[second] = first
        sides = {one.id: one.split for one in self.pictures}
        if self.is_split_given and any(sides[one.id] != sides[root(one.id)] for one in self.pictures):
            raise SplitLeakError
        return replace(
            self,
            pictures=tuple(
                replace(one, cluster=root(one.id), split=one.split if self.is_split_given else split_of(root(one.id)))
                for one in self.pictures
            ),
        )


def donors_of(
    picture: LabPicture, pictures: Sequence[LabPicture], *, count: int, seed: int, cell_id: str
) -> tuple[LabPicture, ...]:
    """Draw the pictures that a cell shows beside one: of the same side, of other clusters, none twice.

    Args:
        picture: that is edited.
        pictures: of the dataset, sorted by id.
        count: how many are shown; fewer come back where there are not enough.
        seed: of the run.
        cell_id: of the cell.
    """
    if not count:
        return ()
    others = [one for one in pictures if one.split == picture.split and one.cluster != picture.cluster]
    order = keyed_generator("donors", seed, picture.id, cell_id).permutation(len(others))
    return tuple(others[int(place)] for place in order[:count])
