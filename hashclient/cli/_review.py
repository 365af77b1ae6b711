"""Show what would leave: each kind of data in words, and every byte with the secrets covered."""

import re
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from hashclient.cli import _terminal
from hashclient.guidance import review, texts
from hashclient.guidance.declarations import ADULT, INTIMATE, NO_CONSENT, NOT_AGREEING, REPRESENTED, SELF
from hashclient.messages import joined
from hashclient.vocabulary import SignalType

if TYPE_CHECKING:
    from hashclient.model import Declarations, Signal, Submission

_SECRETS: Final = re.compile(rb'"(?:case_key|case_number)":"([^"]+)"')


def in_words(submission: "Submission", *, host: str, inner: int = 0) -> None:
    """Say what kinds of data would be sent, how many of each, and to whom; and what is not sent.

    Args:
        submission: what would be sent.
        host: to whom.
        inner: how many of its pictures are inside others.
    """
    signals = [signal for item in submission.items for signal in item.signals]
    _terminal.say_in_view(_terminal.bold(review.TITLE.format(host=host)))
    for words in (
        _files_of(submission, inner),
        _fingerprints(signals),
        *(review.DECLARATION.format(words=words) for words in _declared(submission.declarations)),
    ):
        _terminal.say_in_view(words, indent="  - ")
    _terminal.say_in_view(NOT_AGREEING, indent="    ")
    _terminal.say_in_view(review.CASE, indent="  - ")
    if reposts := sum(signal.variant not in {None, "original", "stored", "frame"} for signal in signals):
        _terminal.say_in_view(review.COVERAGE.format(count=reposts))
    if digests := sum(signal.type.value in {"md5", "sha256"} for signal in signals):
        _terminal.say_in_view(review.DIGESTS.format(count=digests))
    if any(signal.type is SignalType.VPDQ for signal in signals):
        _terminal.say_in_view(review.LOOKALIKE)
    _terminal.say_in_view(review.STAYS)


def whole(submission: "Submission", *, host: str, inner: int = 0, is_raw: bool = False) -> None:
    """Show everything that would be sent, in words and byte for byte, for verbs that send nothing."""
    _terminal.say()
    in_words(submission, host=host, inner=inner)
    _terminal.say(review.EVERY_BYTE_RAW if is_raw else review.EVERY_BYTE)
    body = as_bytes(submission, is_raw=is_raw)
    _terminal.say(review.BYTES_BEFORE_SEALING.format(count=len(body)))
    _terminal.data(body)
    _terminal.say(texts.NOT_SENT)


def show_bytes(submission: "Submission") -> None:
    """Show every byte, the secrets covered: a page at a time at a terminal, else as data."""
    if sys.stdout.isatty():
        _terminal.show_pages(as_bytes(submission))
    else:
        _terminal.data(as_bytes(submission))


def _declared(declarations: "Declarations") -> list[str]:
    """Return the sentences that were affirmed."""
    who = declarations.depicted.value
    depicted = SELF if who == "self" else REPRESENTED
    return [ADULT, depicted, INTIMATE, NO_CONSENT[who]]


def as_bytes(submission: "Submission", *, is_raw: bool = False) -> str:
    """Return what goes inside the seal, byte for byte; unless `is_raw`, stars cover case number and case key."""
    from hashclient.model.wire import encode

    body = bytes(encode(submission))
    if not is_raw:
        body = _SECRETS.sub(lambda found: found[0].replace(found[1], b"*" * len(found[1])), body)
    return body.decode()


def _files_of(submission: "Submission", inner: int) -> str:
    """Say how many pictures and videos there are, and what is told of them."""
    contents = Counter(item.content for item in submission.items)
    altered = Counter(item.altered for item in submission.items)
    linked = sum(item.altered_from is not None for item in submission.items)
    return joined(
        *(words.format(count=contents[content]) for content, words in review.FILES.items() if contents[content]),
        *([review.INSIDE.format(count=inner)] if inner else []),
        *(words.format(count=altered[answer]) for answer, words in review.ALTERED.items() if altered[answer]),
        *([review.LINKED.format(count=linked)] if linked else []),
    )


def _fingerprints(signals: "list[Signal]") -> str:
    """Say how many fingerprints there are of each type, and how good they are."""
    types = Counter(signal.type.value for signal in signals)
    qualities = [signal.quality for signal in signals if signal.quality is not None]
    least, most = min(qualities, default=0), max(qualities, default=0)
    if any(signal.variant for signal in signals if signal.type is not SignalType.VPDQ):
        quality = review.FORM_AND_ONE_QUALITY if least == most else review.FORM_AND_QUALITY
    else:
        quality = review.MOMENTS_AND_ONE_QUALITY if least == most else review.MOMENTS_AND_QUALITY
    return joined(
        *(review.FINGERPRINTS.format(count=count, type=type_) for type_, count in sorted(types.items())),
        *([quality.format(least=least, most=most)] if qualities else []),
    )
