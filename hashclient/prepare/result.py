"""Hold what preparing one file gave: hashes, what was left out and why, and the item of a submission made from it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from hashclient.errors import HashclientError, InvalidSubmissionError, UsageError
from hashclient.guidance.reasons import why_left_out, words_of
from hashclient.messages import _p
from hashclient.model import Declarations, Item, Signal
from hashclient.model.policy import unfit
from hashclient.vocabulary import Altered, Content, Reason, SignalType


@dataclass(frozen=True)
class Skipped:
    """Something that was left out, as a value: the person decides what to do about it."""

    reason: HashclientError | Reason
    """Why, for programs: an error of `hashclient.errors`, or a reason of `hashclient.vocabulary`."""
    sentence: str
    """Why, for people; it names no file."""
    hint: str
    """One thing to do next."""

    @classmethod
    def because(cls, reason: HashclientError | Reason, *, content: Content | None = None) -> "Skipped":
        """Put a reason into words, those for a picture, for a video, or, of an error, for what is neither or unknown."""
        if isinstance(reason, HashclientError):
            return cls(reason, *words_of(reason, content))
        return cls(reason, *why_left_out(reason, content or Content.IMAGE))


KINDS: Final = frozenset(
    {"JPEG", "PNG", "WebP", "GIF", "BMP", "HEIC", "AVIF", "MP4", "MOV", "MKV", "AVI", "MPEG-TS", ""}
)
"""Names of kinds of files; empty for one that is not decoded here."""


@dataclass(frozen=True)
class Look:
    """What one file is, as far as its first bytes tell, before anybody is asked about it."""

    path: Path = field(repr=False)
    """The file, as the caller named it."""
    position: int
    """Place of the file in the caller's order, from 0."""
    content: Content | None
    """What it is; None where it is neither picture nor video, or cannot be opened."""
    kind: str = ""
    """One of `KINDS`."""
    size: int = 0
    """Bytes."""
    same_as: int | None = None
    """Position of an earlier file with the same bytes."""
    skipped: Skipped | None = None
    """Why it cannot be used."""


@dataclass(frozen=True)
class Prepared:
    """What one file gave."""

    path: Path = field(repr=False)
    """The file it came from, as the caller named it. It stays in this value: no item and no submission holds it."""
    position: int
    """Place of the file in the caller's order, from 0."""
    content: Content
    """What it is; `image` where that could not be found out."""
    signals: tuple[Signal, ...]
    """Its hashes; empty where it was skipped."""
    skipped: tuple[Skipped, ...]
    """What was left out."""
    protection: str
    """How far the process that decoded it was closed off: `full`, `limited` or `none`."""
    times: tuple[float, ...] = ()
    """When each frame of a video is shown, in the order of the `vpdq` hashes, seconds; no submission holds them."""
    declarations: Declarations | None = None
    """What the person affirmed before it was opened; None from `hash_files`."""
    inner: "Prepared | None" = None
    """The picture inside a framed picture or a screenshot, where it was looked for and found; an item of its own if the person
    wants it (`item_of`)."""
    percent: int | None = None
    """Of a picture inside: how much of the whole it takes, 1 to 100."""

    def with_inner(self, signals: tuple[Signal, ...], percent: int) -> "Prepared":
        """Return it with the hashes of the picture inside."""
        return replace(
            self, inner=Prepared(self.path, self.position, self.content, signals, (), self.protection, percent=percent)
        )


def keep_fit(prepared: Prepared, *, declarations: Declarations) -> Prepared:
    """Leave out what may never leave the device, with the reasons, and hashes that are there already.

    What a particular service accepts is left to `hashclient.model.fit`.

    Args:
        prepared: as hashed, with every signal.
        declarations: what the person affirmed.
    """
    distinct = {(signal.type, signal.value): signal for signal in reversed(prepared.signals)}
    verdicts = {signal: unfit(signal) for signal in reversed(distinct.values())}
    frames = (signal for signal in prepared.signals if signal.type is SignalType.VPDQ and signal.variant is None)
    times = dict(zip(frames, prepared.times, strict=True))
    reasons = [reason for reason in dict.fromkeys(verdicts.values()) if reason]
    fit = tuple(signal for signal, reason in verdicts.items() if reason is None)
    return replace(
        prepared,
        signals=fit,
        times=tuple(times[signal] for signal in fit if signal in times),
        skipped=(*prepared.skipped, *(Skipped.because(reason, content=prepared.content) for reason in reasons)),
        declarations=declarations,
        inner=_inner_of(prepared, declarations),
    )


def _inner_of(prepared: Prepared, declarations: Declarations) -> Prepared | None:
    """Return the picture inside, if a hash of it may leave the device that the whole does not give."""
    if prepared.inner is None:
        return None
    inner = keep_fit(prepared.inner, declarations=declarations)
    return inner if {one.value for one in inner.signals} - {one.value for one in prepared.signals} else None


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
        InvalidSubmissionError: there can be no such item; `altered_from`, for example, needs `altered` to be `yes`.
    """
    if prepared.declarations is None:
        raise UsageError(
            _p(
                "error",
                "These fingerprints were made without the declarations, so no request can hold them. Nothing was sent.",
            ),
            hint=_p("error", "Use 'hashclient submit', or prepare() in a program."),
        )
    if not prepared.signals:
        return None
    try:
        return Item(content=prepared.content, altered=altered, altered_from=altered_from, signals=prepared.signals)
    except ValidationError:
        raise InvalidSubmissionError from None
