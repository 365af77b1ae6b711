"""Judge what suits an endpoint and what may leave the device, with reasons as values.

Nothing is decided for the person here; the reasons are put into words by whoever shows them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hashclient.model.profile import EndpointProfile
from hashclient.model.signal import EXACT, QUALITY_FLOOR, WITH_QUALITY, Signal
from hashclient.model.submission import Submission
from hashclient.vocabulary import Content, Depicted, Reason

FLAT_BITS = 8
"""A PDQ hash with fewer ones, or fewer zeros, than this is almost constant; that of a picture has 128 of each."""


@dataclass(frozen=True)
class Refusal:
    """One reason, and what it applies to."""

    reason: Reason
    item: int | None = None
    """Position of the item, from 0; None for the whole submission."""


def unfit(signal: Signal) -> Reason | None:
    """Return the reason why a hash may not leave the device, or None if it may."""
    if signal.type not in WITH_QUALITY:
        return None
    if (signal.quality or 0) < QUALITY_FLOOR:
        return Reason.LOW_QUALITY
    ones = int(signal.value, 16).bit_count()
    return Reason.FLAT if min(ones, 256 - ones) < FLAT_BITS else None


def refusals(submission: Submission, profile: EndpointProfile) -> Iterator[Refusal]:
    """Yield every reason why this endpoint would not accept this submission."""
    limits = profile.limits
    if len(submission.items) > limits.items:
        yield Refusal(Reason.TOO_MANY_ITEMS)
    if sum(len(item.signals) for item in submission.items) > limits.signals:
        yield Refusal(Reason.TOO_MANY_SIGNALS)
    if submission.declarations.depicted is Depicted.REPRESENTED and profile.representatives is False:
        yield Refusal(Reason.REPRESENTATIVE)
    for position, item in enumerate(submission.items):
        is_video = item.content is Content.VIDEO
        counted = [signal for signal in item.signals if not is_video or signal.type not in EXACT]
        if len(counted) > (limits.frames_per_video if is_video else limits.signals_per_image):
            yield Refusal(Reason.TOO_MANY_SIGNALS, position)
        for reason in dict.fromkeys(map(unfit, item.signals)):
            if reason:
                yield Refusal(reason, position)
        if any(signal.type not in profile.signal_types for signal in item.signals):
            yield Refusal(Reason.TYPE_NOT_ACCEPTED, position)
