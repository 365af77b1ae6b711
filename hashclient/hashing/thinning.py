"""Choose some of a video's frames, evenly spread over its time. Pure, so that whoever judges needs no numpy."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from hashclient.model import Signal
from hashclient.vocabulary import SignalType


def evenly(times: Sequence[float], *, most: int) -> list[int]:
    """Choose at most so many of the times, as evenly spread as they allow.

    The span from the first to the last is cut into equal steps, and for each step the nearest time
    is taken that is later than the one before and leaves enough for the steps to come. So the
    first and the last are among them, and exactly `most` are chosen where there are as many.

    Args:
        times: seconds, none before the one ahead of it.
        most: how many to choose, 0 or more.

    Returns:
        Places in `times`, ascending.
    """
    if len(times) <= most:
        return list(range(len(times)))
    chosen: list[int] = []
    start, step = times[0], (times[-1] - times[0]) / max(1, most - 1)
    for place in range(most):
        earliest = chosen[-1] + 1 if chosen else 0
        latest = len(times) - (most - place)
        chosen.append(min(max(_nearest(times, start + place * step), earliest), latest))
    return chosen


def narrowed_video(signals: Iterable[Signal], *, frames: int) -> tuple[Signal, ...]:
    """Keep of a video's hashes at most so many frames, spread evenly over them in their order; digests stay.

    Args:
        signals: those of one video, frames in the order in which they are shown.
        frames: most frames to keep.
    """
    signals = tuple(signals)
    places = [place for place, signal in enumerate(signals) if signal.type is SignalType.VPDQ]
    chosen = {places[place] for place in evenly(range(len(places)), most=frames)}
    left_out = set(places) - chosen
    return tuple(signal for place, signal in enumerate(signals) if place not in left_out)


def _nearest(times: Sequence[float], wanted: float) -> int:
    after = min(bisect_left(times, wanted), len(times) - 1)
    is_before_nearer = after > 0 and wanted - times[after - 1] <= times[after] - wanted
    return after - 1 if is_before_nearer else after
