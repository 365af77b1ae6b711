"""What preparing one file gave, judged: what may leave the device, and what is left out and why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from hashclient.errors import (
    HashclientError,
    MediaTooLargeError,
    MissingExtraError,
    UnsupportedMediaError,
    UsageError,
)
from hashclient.model import Declarations, EndpointProfile, Item, Limits, Signal
from hashclient.model.fit import evenly
from hashclient.model.policy import unfit
from hashclient.vocabulary import Altered, Content, Reason, SignalType

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
    Reason.TYPE_NOT_FITTING: (
        "None of the kinds of fingerprints that were asked for can be made of a picture. Nothing of this was sent.",
        "Ask for another kind of fingerprint.",
    ),
}
_VIDEO_WORDS: Final = {
    Reason.LOW_QUALITY: (
        "No frame of this video has enough detail to recognise it by, so none of them is used.",
        "Use a larger or clearer copy, if there is one.",
    ),
    Reason.FLAT: (
        "Some frames look nearly the same all over, so they would be taken for others; they were left out.",
        "Nothing needs to be done.",
    ),
    Reason.TYPE_NOT_ACCEPTED: (
        "The service does not take every kind of fingerprint of videos, so some were left out.",
        "Choose another kind of fingerprint, or another service.",
    ),
    Reason.TOO_MANY_SIGNALS: (
        "The service takes fewer frames of one video than were kept; those that are used are spread evenly over its time.",
        "Nothing needs to be done.",
    ),
    Reason.TYPE_NOT_FITTING: (
        "None of the kinds of fingerprints that were asked for can be made of a video. Nothing of this was sent.",
        "Ask for another kind of fingerprint.",
    ),
    Reason.DAMAGED: (
        "Parts of this video are damaged and could not be read; the fingerprints are of the rest.",
        "Use a whole copy, if there is one.",
    ),
}
_BYTES_ALONE: Final = "So only the fingerprint of the whole file was made, which finds unchanged copies alone."
_NO_FRAMES: Final[dict[type[HashclientError], str]] = {
    MissingExtraError: "The part of the program that reads videos is not installed.",
    UnsupportedMediaError: "The pictures in this video are stored in a way that is not read here.",
    MediaTooLargeError: "This video is larger or longer than can be looked into safely.",
}
_NO_FRAMES_ELSE: Final = "Reading this video went wrong or took too long, so it was stopped."


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
    def because(cls, reason: HashclientError | Reason, *, content: Content = Content.IMAGE) -> "Skipped":
        """Put a reason into words, those for a picture or those for a video."""
        if isinstance(reason, HashclientError):
            return cls(reason, reason.sentence, reason.hint)
        words = _WORDS if content is Content.IMAGE else _VIDEO_WORDS
        return cls(reason, *words[reason])


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
    times: tuple[float, ...] = ()
    """When each frame of a video is shown, in the order of the `vpdq` hashes, seconds; no submission holds them."""
    declarations: Declarations | None = None
    """What the person affirmed before it was opened; None from `hash_files`."""


def bytes_alone(error: HashclientError) -> Skipped:
    """Say that the frames of a video were left out and why, and that its bytes were hashed all the same."""
    why = _NO_FRAMES.get(type(error), _NO_FRAMES_ELSE)
    return Skipped(error, f"{why} {_BYTES_ALONE}", error.hint)


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
    times = dict(zip(_frames(prepared.signals), prepared.times, strict=True))
    within = _within(fit, times, profile.limits) if profile else fit
    if len(within) < len(fit):
        reasons.append(Reason.TOO_MANY_SIGNALS)
    # Where the service takes none of the kinds, that is the reason that none was wanted.
    known = (one for one in prepared.skipped if one.reason is not Reason.TYPE_NOT_FITTING or not left_out)
    return replace(
        prepared,
        signals=tuple(within),
        times=tuple(times[frame] for frame in _frames(within)),
        skipped=(*known, *(Skipped.because(reason, content=prepared.content) for reason in reasons)),
        declarations=declarations,
    )


def _frames(signals: Iterable[Signal]) -> list[Signal]:
    return [signal for signal in signals if signal.type is SignalType.VPDQ]


def _within(fit: list[Signal], times: dict[Signal, float], limits: Limits) -> list[Signal]:
    """Keep what a service takes: of a picture the first hashes, of a video frames that are spread over its time."""
    frames = _frames(fit)
    chosen = evenly([times[frame] for frame in frames], most=limits.frames_per_video)
    kept = {frames[place] for place in chosen}
    others = [signal for signal in fit if signal.type is not SignalType.VPDQ][: limits.signals_per_image]
    return [signal for signal in fit if signal in kept or signal in others]


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
