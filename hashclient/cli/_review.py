"""Show what would leave: each kind of data in words, and every byte with the secrets covered."""

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from hashclient.cli import _terminal
from hashclient.guidance import questions, texts

if TYPE_CHECKING:
    from hashclient.model import Declarations, Signal, Submission

_SECRETS: Final = re.compile(rb'"(?:case_key|case_number)":"([^"]+)"')


def in_words(submission: "Submission", *, host: str) -> None:
    """Say what kinds of data would be sent, how many of each, and to whom; and what is not sent."""
    signals = [signal for item in submission.items for signal in item.signals]
    types = Counter(signal.type.value for signal in signals)
    altered = Counter(texts.ALTERED[item.altered.value] for item in submission.items)
    count = sum(item.altered_from is not None for item in submission.items)
    linked = texts.REVIEW_LINKED.format(count=count) if count else ""
    _terminal.say(_terminal.bold(texts.REVIEW_TITLE.format(host=host)))
    for words in (
        texts.REVIEW_FINGERPRINTS.format(types=_listed(types), quality=_range_of_quality(signals)),
        texts.REVIEW_ITEMS.format(items=_contents(submission), altered=_listed(altered), linked=linked),
        *(texts.REVIEW_DECLARATION.format(words=words) for words in _declared(submission.declarations)),
    ):
        _terminal.say(words, indent="  - ")
    _terminal.say(questions.NOT_AGREEING, indent="    ")
    _terminal.say(texts.REVIEW_CASE, indent="  - ")
    if reposts := sum(signal.variant not in {None, "original", "stored", "frame"} for signal in signals):
        _terminal.say(texts.COVERAGE.format(count=reposts))
    if digests := sum(signal.type.value in {"md5", "sha256"} for signal in signals):
        _terminal.say(texts.DIGESTS.format(count=digests))
    _terminal.say(texts.NOT_SENT_TITLE)


def whole(submission: "Submission", *, host: str, is_raw: bool = False) -> None:
    """Show everything that would be sent, in words and byte for byte, for verbs that send nothing."""
    _terminal.say()
    in_words(submission, host=host)
    _terminal.say(texts.EVERY_BYTE_RAW if is_raw else texts.EVERY_BYTE)
    body = as_bytes(submission, is_raw=is_raw)
    _terminal.say(texts.BYTES_BEFORE_SEALING.format(count=len(body)))
    _terminal.data(body)
    _terminal.say(texts.NOT_SENT)


def _declared(declarations: "Declarations") -> list[str]:
    """Return the sentences that were affirmed."""
    who = declarations.depicted.value
    depicted = questions.SELF if who == "self" else questions.REPRESENTED
    return [questions.ADULT, depicted, questions.INTIMATE, questions.NO_CONSENT[who]]


def as_bytes(submission: "Submission", *, is_raw: bool = False) -> str:
    """Return what goes inside the seal, byte for byte; unless `is_raw`, stars cover case number and case key."""
    from hashclient.model.wire import encode

    body = bytes(encode(submission))
    if not is_raw:
        body = _SECRETS.sub(lambda found: found[0].replace(found[1], b"*" * len(found[1])), body)
    return body.decode()


def _listed(counts: "Counter[str]") -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))


def _contents(submission: "Submission") -> str:
    contents = Counter(item.content.value for item in submission.items)
    named = {"Pictures": contents["image"], "videos": contents["video"]}
    said = ", ".join(f"{name}: {count}" for name, count in named.items() if count)
    return said[0].upper() + said[1:]


def _range_of_quality(signals: "list[Signal]") -> str:
    qualities = [signal.quality for signal in signals if signal.quality is not None]
    if not qualities:
        return ""
    least, most = min(qualities), max(qualities)
    return texts.REVIEW_QUALITY.format(quality=most if least == most else f"{least} to {most}")
