"""What preparing one file gave, judged: what may leave the device, and what is left out and why."""

from dataclasses import dataclass, replace
from typing import Final

from hashclient.errors import HashclientError, UsageError
from hashclient.model import Altered, Content, Declarations, EndpointProfile, Item, Signal
from hashclient.model.policy import Reason, unfit

_WORDS: Final = {
    Reason.LOW_QUALITY: (
        "There is too little detail here to recognise the picture by. Nothing of this was sent.",
        "Use a larger or clearer copy, if there is one.",
    ),
    Reason.FLAT: (
        "This looks nearly the same all over, so it would be taken for other pictures. Nothing of this was sent.",
        "Choose a picture with more detail.",
    ),
    Reason.TYPE_NOT_ACCEPTED: (
        "The service does not take this kind of fingerprint, so it was left out.",
        "Choose another kind of fingerprint, or another service.",
    ),
    Reason.TOO_MANY_SIGNALS: (
        "The service takes fewer fingerprints of one picture than were made; the last ones were left out.",
        "Nothing needs to be done.",
    ),
}


@dataclass(frozen=True)
class Skipped:
    """Something that was left out, as a value: the person decides what to do about it."""

    reason: HashclientError | Reason
    """Why, for programs: an error of `hashclient.errors`, or a reason of `hashclient.model.policy`."""
    sentence: str
    """Why, for people; it names no file."""
    hint: str
    """One thing to do next."""

    @classmethod
    def because(cls, reason: HashclientError | Reason) -> "Skipped":
        """Put a reason into words."""
        if isinstance(reason, HashclientError):
            return cls(reason, reason.sentence, reason.hint)
        return cls(reason, *_WORDS[reason])


@dataclass(frozen=True)
class Prepared:
    """What one file gave."""

    position: int
    """Place of the file in the caller's order, from 0."""
    content: Content
    """What it is; `image` where that could not be learnt."""
    signals: tuple[Signal, ...]
    """Its hashes; none where it was skipped."""
    skipped: tuple[Skipped, ...]
    """What was left out."""
    protection: str
    """How far the process that opened it was closed off: `full`, `limited` or `none`."""
    declarations: Declarations | None = None
    """What the person affirmed before it was opened; None from `hash_files`."""


def judged(
    prepared: Prepared,
    *,
    left_out: tuple[Reason, ...],
    declarations: Declarations,
    profile: EndpointProfile | None,
) -> Prepared:
    """Leave out what may not leave the device, and what this endpoint does not take.

    Args:
        prepared: as hashed, with every signal.
        left_out: reasons that hold for every file.
        declarations: what the person affirmed.
        profile: the endpoint's, or None where it is not known yet.
    """
    distinct = {(signal.type, signal.value): signal for signal in reversed(prepared.signals)}
    verdicts = {signal: unfit(signal) for signal in reversed(distinct.values())}
    fit = [signal for signal, reason in verdicts.items() if reason is None]
    reasons = [*left_out, *(reason for reason in dict.fromkeys(verdicts.values()) if reason)]
    if profile and len(fit) > profile.limits.signals_per_image:
        fit = fit[: profile.limits.signals_per_image]
        reasons.append(Reason.TOO_MANY_SIGNALS)
    skipped = (*prepared.skipped, *map(Skipped.because, reasons))
    return replace(prepared, signals=tuple(fit), skipped=skipped, declarations=declarations)


def item_of(prepared: Prepared, *, altered: Altered, altered_from: int | None = None) -> Item | None:
    """Make the item of a submission.

    Args:
        prepared: what `prepare` gave.
        altered: whether it was changed or made by a machine, as far as the person knows.
        altered_from: place, from 0, of the item it was made from.

    Returns:
        The item, or None where no hash of it may leave the device.

    Raises:
        UsageError: it comes from `hash_files`, which asks for no declarations.
    """
    if prepared.declarations is None:
        raise UsageError(
            "These fingerprints were made without the declarations, so no request can hold them. Nothing was sent.",
            hint="Use 'hashclient submit', or prepare() in a program.",
        )
    if not prepared.signals:
        return None
    return Item(content=prepared.content, altered=altered, altered_from=altered_from, signals=prepared.signals)
