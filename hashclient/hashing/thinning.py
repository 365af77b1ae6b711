"""Choose some of a video's frames, evenly spread over its time. Pure, so that whoever judges needs no numpy."""

from collections.abc import Iterable

from hashclient.model import Signal
from hashclient.model.fit import evenly
from hashclient.vocabulary import SignalType


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
