"""Show what would leave: each kind of data in words, or every byte with the secrets covered."""

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from hashclient.cli import _terminal
from hashclient.guidance import questions, texts

if TYPE_CHECKING:
    from hashclient.model import Declarations, Signal, Submission

_SECRETS: Final = re.compile(rb'"(?:case_key|case_number)":"([^"]+)"')
_ALTERED: Final = {"yes": "changed or fake", "no": "not changed", "unknown": "not known"}


def in_words(submission: "Submission", *, host: str) -> None:
    """Say each kind of data, how many, and to whom; and what is not sent."""
    signals = [signal for item in submission.items for signal in item.signals]
    types = Counter(signal.type.value for signal in signals)
    altered = Counter(_ALTERED[item.altered.value] for item in submission.items)
    _terminal.say(_terminal.bold(texts.REVIEW_TITLE.format(host=host)))
    for words in (
        f"Fingerprints: {_listed(types)}. With each: its type, which form of the picture it belongs to{_quality(signals)}.",
        f"{_counted(submission)}, and whether each was changed: {_listed(altered)}{_linked(submission)}.",
        *(f'Your declaration: "{words}"' for words in declared(submission.declarations)),
        "A case number made on this device, a key made from number and PIN, a random number, and the version of the form.",
    ):
        _terminal.say(words, indent="  - ")
    if reposts := sum(signal.variant not in {None, "original", "stored"} for signal in signals):
        _terminal.say(texts.COVERAGE.format(count=reposts))
    if digests := sum(signal.type.value in {"md5", "sha256"} for signal in signals):
        _terminal.say(texts.DIGESTS.format(count=digests))
    _terminal.say(texts.NOT_SENT_TITLE)


def declared(declarations: "Declarations") -> list[str]:
    """Give the sentences that were affirmed."""
    who = declarations.depicted.value
    depicted = questions.SELF if who == "self" else questions.REPRESENTED
    return [questions.ADULT, depicted, questions.INTIMATE, questions.NO_CONSENT[who]]


def as_bytes(submission: "Submission", *, is_raw: bool = False) -> str:
    """Give the bytes inside the seal, case number and case key covered by stars of the same length."""
    from hashclient.model.wire import encode

    body = bytes(encode(submission))
    if not is_raw:
        body = _SECRETS.sub(lambda found: found[0].replace(found[1], b"*" * len(found[1])), body)
    return body.decode()


def _listed(counts: "Counter[str]") -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))


def _counted(submission: "Submission") -> str:
    contents = Counter(item.content.value for item in submission.items)
    named = {"Pictures": contents["image"], "videos": contents["video"]}
    said = ", ".join(f"{name}: {count}" for name, count in named.items() if count)
    return said[0].upper() + said[1:]


def _linked(submission: "Submission") -> str:
    linked = sum(item.altered_from is not None for item in submission.items)
    return f"; {linked} made from another of them" if linked else ""


def _quality(signals: "list[Signal]") -> str:
    qualities = [signal.quality for signal in signals if signal.quality is not None]
    if not qualities:
        return ""
    least, most = min(qualities), max(qualities)
    return f", and its quality ({most if least == most else f'{least} to {most}'} of 100)"
