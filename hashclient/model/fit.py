"""Fit what a person wants to send to what a service accepts: one rule for library, command line and files.

PURE and deterministic: the same items and the same profile always give the same result. Whatever leaving out hashes
cannot fix (too many pictures, a representative who is not accepted) is left to `policy.refusals`.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hashclient.model.policy import Refusal, unfit
from hashclient.model.profile import EndpointProfile, Limits
from hashclient.model.signal import EXACT, FRAME, ORIGINAL, STORED, Signal
from hashclient.model.submission import Item
from hashclient.vocabulary import Content, Reason, SignalType

_BYTES_PER_SIGNAL: Final = 168
"""Maximum length in bytes of one hash with its variant as JSON; few come near it."""
_BYTES_BESIDE_SIGNALS: Final = 8192
"""Bytes reserved for the rest of a submission, and for the seal."""


@dataclass(frozen=True)
class Fitted:
    """What may go to a service, and why the rest may not."""

    items: tuple[Item, ...]
    """In the order given, without items that have no hash left."""
    left_out: tuple[Refusal, ...]
    """Why something was left out; each names the position, from 0, of an item as it was given."""


def fit(items: Sequence[Item], profile: EndpointProfile | None) -> Fitted:
    """Leave out what this endpoint does not accept, the least useful hashes first.

    Types that it does not accept are left out, and so are hashes that may not leave the device. If it accepts fewer
    hashes than there are, every item gets an equal share, and what one does not need goes to the others. A picture keeps
    its own hashes and then the likeliest re-posts, which come first; a video keeps the digests of its file and then
    frames spread evenly over its length, as `vpdq` and as `pdq` alike, and their re-posts where room is left.

    Args:
        items: what would be sent, with hashes in the order in which `hashclient.prepare` returns them.
        profile: the endpoint's; None, if it is not known yet, means every type and the default limits.
    """
    limits = profile.limits if profile else Limits()
    types = profile.signal_types if profile else tuple(SignalType)
    left_out: list[Refusal] = []
    kept = []
    for position, item in enumerate(items):
        accepted = [signal for signal in item.signals if signal.type in types]
        if len(accepted) < len(item.signals):
            left_out.append(Refusal(Reason.TYPE_NOT_ACCEPTED, position))
        left_out += (Refusal(reason, position) for reason in dict.fromkeys(map(unfit, accepted)) if reason)
        kept.append([signal for signal in accepted if unfit(signal) is None])
    rooms = _shared(_room(limits), [_most(item, signals, limits) for item, signals in zip(items, kept, strict=True)])
    for position, (item, room) in enumerate(zip(items, rooms, strict=True)):
        narrowed = _narrowed(item.content, kept[position], room, limits)
        if len(narrowed) < len(kept[position]):
            left_out.append(Refusal(Reason.TOO_MANY_SIGNALS, position))
            kept[position] = narrowed
    return Fitted(_without_empty(items, kept), tuple(left_out))


def evenly(times: Sequence[float], *, most: int) -> list[int]:
    """Choose times that are spread as evenly as possible.

    The span from the first to the last is divided into equal steps. Each step gets the nearest time that is later than
    the one before and leaves enough times for the steps that follow. So the first and the last are always chosen, and
    exactly `most` are chosen if there are that many.

    Args:
        times: seconds, in ascending order.
        most: maximum number to choose, 0 or more.

    Returns:
        Positions in `times`, ascending.
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


def _nearest(times: Sequence[float], wanted: float) -> int:
    after = min(bisect_left(times, wanted), len(times) - 1)
    is_before_nearer = after > 0 and wanted - times[after - 1] <= times[after] - wanted
    return after - 1 if is_before_nearer else after


def _room(limits: Limits) -> int:
    """Return how many hashes one submission may have, given the endpoint's limits and the length of a body."""
    largest_body = 1 << limits.body_bytes.bit_length() - 1  # a sealed body is a power of two long
    return min(limits.signals, max(0, largest_body - _BYTES_BESIDE_SIGNALS) // _BYTES_PER_SIGNAL)


def _most(item: Item, signals: Sequence[Signal], limits: Limits) -> int:
    """Return how many of an item's hashes could be sent if it were the only item."""
    return len(_narrowed(item.content, signals, len(signals), limits))


def _shared(room: int, wanted: Sequence[int]) -> list[int]:
    """Share room equally; what one does not need goes to the others."""
    given = [0] * len(wanted)
    waiting = sorted(range(len(wanted)), key=lambda position: wanted[position])
    for done, position in enumerate(waiting):
        given[position] = min(wanted[position], room // (len(waiting) - done))
        room -= given[position]
    return given


def _narrowed(content: Content, signals: Sequence[Signal], room: int, limits: Limits) -> list[Signal]:
    """Keep at most `room` hashes, in their order, and no more than the endpoint accepts of this content."""
    if content is Content.IMAGE:
        own = [signal for signal in signals if signal.type in EXACT or signal.variant in {ORIGINAL, STORED}]
        others = [signal for signal in signals if signal not in own]
        kept = {*[*own, *others][: min(room, limits.signals_per_image)]}
        return [signal for signal in signals if signal in kept]
    digests = [signal for signal in signals if signal.type in EXACT][:room]
    kept, left = {*digests}, min(limits.frames_per_video, room - len(digests))
    by_type: dict[SignalType, list[Signal]] = {}
    reposts: dict[str | None, list[Signal]] = {}
    for signal in signals:
        if signal.type not in EXACT:
            is_own = signal.variant in {None, FRAME}
            (by_type.setdefault(signal.type, []) if is_own else reposts.setdefault(signal.variant, [])).append(signal)
    shares = [*_shared(left, [*map(len, by_type.values())]), *map(len, reposts.values())]
    for frames, share in zip((*by_type.values(), *reposts.values()), shares, strict=True):
        chosen = evenly(range(len(frames)), most=min(share, left))
        kept.update(frames[place] for place in chosen)
        left -= len(chosen)
    return [signal for signal in signals if signal in kept]


def _without_empty(items: Sequence[Item], kept: Sequence[Sequence[Signal]]) -> tuple[Item, ...]:
    """Drop items without hashes; `altered_from` still names the same item, or none if that one was dropped."""
    places: dict[int | None, int] = {}
    for position, signals in enumerate(kept):
        if signals:
            places[position] = len(places)
    return tuple(
        item.model_copy(update={"signals": tuple(signals), "altered_from": places.get(item.altered_from)})
        for item, signals in zip(items, kept, strict=True)
        if signals
    )
