"""vPDQ: the PDQ hashes of a video's frames, which of them are kept, and how much of one video is in another.

A frame is hashed as a picture is, from its luma, upright; where the video is turned also as stored. PDQ does not change
with brightness and contrast, so the black and white levels of a video count for quality alone. Ties are not settled as
in `hashclient.hashing.pdq`: the reference's own colour conversion already moves more bits. The time at which a frame is
shown stays on this device; no signal carries it.

Source:
    ThreatExchange `vpdq/README.md` and `vpdq/cpp/vpdq`; expected values in the reference data's `video/*.vpdq.txt`.
    See `docs/videos.md`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.hamming import distances, to_array
from hashclient.hashing.pdq import LEAST_SIDE, PdqHasher, hash_reduced
from hashclient.hashing.reduction import reduce_turned
from hashclient.hashing.reposts.block_means import BlockMeansMaker
from hashclient.hashing.reposts.coverage import hash_recipes, is_fit, recipes_of_frames
from hashclient.hashing.reposts.recipe import Recipe
from hashclient.model import Signal
from hashclient.model.fit import evenly
from hashclient.model.signal import FRAME, MATCH_DISTANCE, QUALITY_FLOOR
from hashclient.pixels import UPRIGHT, Frame, Pixels
from hashclient.vocabulary import MAX_FRAMES, Coverage, SignalType

REPEAT_DISTANCE: Final = 2
"""Bits within which a frame repeats the one that was kept before it."""
_WHITE_LUMA: Final = 255
_COMPARED_AT_ONCE: Final = 256
"""Frames of the first video that are compared with all of the second at once."""


@dataclass(frozen=True)
class Feature:
    """The hash of one frame, and when it is shown."""

    seconds: float
    """Time from the start of the video, seconds; it stays on this device."""
    value: str
    """256 bits as 64 lower-case hex characters."""
    quality: int
    """0 to 100."""
    variant: str | None = None
    """Of which likely re-post of the frame; None of the frame itself."""

    def to_signal(self) -> Signal:
        """Return the signal that may be shared; it has no time."""
        return Signal(type=SignalType.VPDQ, value=self.value, quality=self.quality, variant=self.variant)


@dataclass(frozen=True)
class VideoMatch:
    """How much two videos have in common."""

    of_first: float
    """Share of the first video's frames, 0 to 1, that match some frame of the second."""
    of_second: float
    """Share of the second video's frames, 0 to 1, that match some frame of the first."""


def hash_frame(frame: Frame) -> tuple[Feature, ...]:
    """Hash one frame.

    Returns:
        Upright first; as stored too where the video is turned. Empty for a frame under 5 pixels on a side.
    """
    return _hash_forms(frame, frame.pixels)


def _hash_forms(frame: Frame, pixels: Pixels) -> tuple[Feature, ...]:
    if min(pixels.width, pixels.height) < LEAST_SIDE:
        return ()
    orientations = dict.fromkeys((pixels.orientation, UPRIGHT))
    reductions = reduce_turned(pixels, orientations)
    spread = np.float32(_WHITE_LUMA / (frame.white - frame.black))
    features = []
    for orientation in orientations:
        (value,), quality = hash_reduced(((reductions[orientation] - frame.black) * spread).clip(0, _WHITE_LUMA))
        features.append(Feature(frame.seconds, value, quality))
    return tuple(features)


def hash_video(
    frames: Iterable[Frame], *, most: int = MAX_FRAMES, coverage: Coverage = Coverage.SINGLE
) -> list[Feature]:
    """Hash the frames of a video and keep the most telling ones, in memory that does not grow with its length.

    Frames of quality below 50 are dropped, and the next is asked for, then those that repeat the frame kept before them
    within `REPEAT_DISTANCE`, then those that equal any kept one. Where more than `most` are left,
    `hashclient.model.fit.evenly` chooses among them.

    Likely re-posts of the frames that are kept follow, one series a re-post, where there is room beside the frames
    themselves: the likeliest first, each whole, and the last one for which there is room spread evenly over the video (see
    `hashclient.model.fit`). A level above `single` asks for them.

    Args:
        frames: in the order in which they are shown.
        most: how many hashes to keep at most.
        coverage: whether likely re-posts of frames are hashed too.

    Returns:
        Frames in the order of time, then each series in the order of time; no value twice.
    """
    recipes = recipes_of_frames(coverage)
    return _kept(_detailed(frames, recipes), recipes, most=most)


def hash_animation(
    frames: Iterable[Frame], *, most: int = MAX_FRAMES, coverage: Coverage = Coverage.SINGLE
) -> tuple[list[Feature], tuple[Signal, ...]]:
    """Hash the frames of an animated picture as those of a video, and two of them as photo matchers would.

    Those look at one frame: the first, or, where they choose, one with much detail.

    Args:
        frames: as for `hash_video`.
        most: how many hashes of frames to keep at most.
        coverage: as for `hash_video`.

    Returns:
        What `hash_video` returns; and `pdq`, of variant `frame`, of the first frame of quality 50 or more and of the
        first of the highest quality; each as stored, too, where the picture is turned.
    """
    shots, recipes = _Shots(), recipes_of_frames(coverage)
    features = _kept(map(shots.note, _detailed(frames, recipes)), recipes, most=most)
    return features, shots.signals


class _Hashed(NamedTuple):
    """A frame, its hashes of quality 50 and more, and what hashes its likely re-posts while it is there."""

    frame: Frame
    forms: tuple[Feature, ...]
    reposts: Callable[[], Iterable[Feature]]


class _Shots:
    """The first frame and the most detailed of those that pass, hashed as pictures."""

    def __init__(self) -> None:
        self._first: tuple[Signal, ...] | None = None
        self._best: tuple[Signal, ...] = ()
        self._quality = 0

    def note(self, hashed: _Hashed) -> _Hashed:
        """Look at a frame that passes."""
        frame, forms, _ = hashed
        if (quality := max(form.quality for form in forms)) > self._quality:
            self._best = PdqHasher().hash_image(frame.pixels)
            self._first, self._quality = self._first or self._best, quality
        return hashed

    @property
    def signals(self) -> tuple[Signal, ...]:
        found = {signal.value: signal for signal in (*(self._first or ()), *self._best)}.values()
        return tuple(
            signal.model_copy(update={"variant": FRAME}) for signal in found if (signal.quality or 0) >= QUALITY_FLOOR
        )


def _detailed(frames: Iterable[Frame], recipes: tuple[Recipe, ...]) -> Iterator[_Hashed]:
    """Hash frames; yield those of quality 50 or more, and ask for another in place of each that is not."""
    for frame in frames:
        walked = BlockMeansMaker(frame.pixels) if recipes else None
        every = _hash_forms(frame, walked or frame.pixels)
        forms = tuple(form for form in every if form.quality >= QUALITY_FLOOR)
        if forms:
            yield _Hashed(frame, forms, partial(_reposts, frame, every[0].quality, walked, recipes))
        else:
            frame.take_next()


def _reposts(
    frame: Frame, own_quality: int, walked: BlockMeansMaker | None, recipes: tuple[Recipe, ...]
) -> Iterator[Feature]:
    """Hash the likely re-posts of a frame that was walked over."""
    if walked is None:
        return
    means = walked.block_means()
    spread = np.float32(_WHITE_LUMA / (frame.white - frame.black))
    means = replace(means, luma=((means.luma - frame.black) * spread).clip(0, _WHITE_LUMA))
    for repost in hash_recipes(means, recipes):
        if is_fit(repost, own_quality):
            yield Feature(frame.seconds, repost.value, repost.quality, repost.recipe.variant)


def _kept(hashed: Iterable[_Hashed], recipes: tuple[Recipe, ...], *, most: int) -> list[Feature]:
    """Keep frames, then their re-posts, in the order of the recipes."""
    series: dict[str | None, list[Feature]] = {name: [] for name in (None, *(recipe.variant for recipe in recipes))}
    values: set[str] = set()
    last: tuple[Feature, ...] = ()
    for _, forms, reposts in hashed:
        if _is_near(forms, last):
            continue
        last = forms
        for form in (*forms, *reposts()):
            if form.value not in values:
                values.add(form.value)
                series[form.variant].append(form)
        if len(values) > 2 * most:
            series = _fitted(series, most=most)
            values = {form.value for some in series.values() for form in some}
    return [form for some in _fitted(series, most=most).values() for form in some]


def _fitted(series: dict[str | None, list[Feature]], *, most: int) -> dict[str | None, list[Feature]]:
    """Keep at most `most`: each series whole, one after the other, and the last for which there is room spread evenly."""
    fitted = {}
    for variant, features in series.items():
        fitted[variant] = _thinned(features, most=most)
        most -= len(fitted[variant])
    return fitted


def _thinned(features: Iterable[Feature], *, most: int) -> list[Feature]:
    """Keep at most `most`, in the order of time, evenly spread over the video."""
    ordered = sorted(features, key=lambda feature: feature.seconds)  # a video's clock may start over
    return [ordered[place] for place in evenly([feature.seconds for feature in ordered], most=most)]


def _is_near(forms: tuple[Feature, ...], last: tuple[Feature, ...]) -> bool:
    """Tell whether a frame repeats another in every form that it has."""
    return len(forms) == len(last) and all(
        (int(one.value, 16) ^ int(other.value, 16)).bit_count() <= REPEAT_DISTANCE
        for one, other in zip(forms, last, strict=True)
    )


def compare_videos(
    first: Iterable[Feature | Signal], second: Iterable[Feature | Signal], *, within: int = MATCH_DISTANCE
) -> VideoMatch:
    """Tell how much of each video is in the other.

    Frames of quality below 50 do not count, on either side. A frame matches where any frame of the other video is near;
    time and order play no part. Likely re-posts of frames are compared series by series, each as if it were the video.

    Args:
        first: frames of one video, as features or as `vpdq` signals.
        second: frames of the other.
        within: greatest distance of two frames that match, bits.

    Returns:
        The shares, 0 to 1, of the two series that have most in common; 0 for a video without frames.

    Source:
        ThreatExchange `vpdq/cpp/vpdq/cpp/hashing/matchTwoHash.cpp`: query and compared match percentage.
    """
    every = (
        _compared(rows, columns, within=within)
        for rows in _detailed_series(first)
        for columns in _detailed_series(second)
    )
    return max(every, key=lambda match: (match.of_first + match.of_second, match.of_first), default=VideoMatch(0, 0))


def _compared(rows: NDArray[np.uint8], columns: NDArray[np.uint8], *, within: int) -> VideoMatch:
    matched = np.zeros(len(columns), bool)
    found = 0
    for start in range(0, len(rows), _COMPARED_AT_ONCE):
        near = distances(rows[start : start + _COMPARED_AT_ONCE], columns) <= within
        found += int(near.any(axis=1).sum())
        matched |= near.any(axis=0)
    return VideoMatch(found / max(1, len(rows)), int(matched.sum()) / max(1, len(columns)))


def _detailed_series(features: Iterable[Feature | Signal]) -> list[NDArray[np.uint8]]:
    """Return the hashes of each series as rows of bytes, those of low quality left out."""
    series: dict[str | None, list[str]] = {}
    for feature in features:
        if (feature.quality or 0) >= QUALITY_FLOOR:
            series.setdefault(feature.variant, []).append(feature.value)
    return [to_array(values) for values in series.values()]
