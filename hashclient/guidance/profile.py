"""Put what a service says of itself into lines to show.

Its words come from outside. They are shown as text, bounded, and never without its host, so that no name can pass for
another host or push what matters out of sight.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

from hashclient.guidance import review
from hashclient.model import EndpointProfile

_MOST_OF_A_NAME: Final = 60
_MOST_OF_A_SENTENCE: Final = 500
_MARKS: Final = 2
"""Marks that stay on one letter."""


def lines_of(profile: EndpointProfile, *, host: str, is_key_known: bool) -> Iterator[str]:
    """Yield the lines to show of a profile.

    Args:
        profile: what the service says.
        host: host and port at which it is reached.
        is_key_known: whether a key was named that it has to have.
    """
    yield review.NAMED_BY_ITSELF.format(host=host, name=one_line(profile.name, most=_MOST_OF_A_NAME))
    yield review.RUN_BY.format(words=one_line(profile.operator))
    yield review.SHARES_WITH.format(words=one_line(profile.partners or ""))
    yield review.KEEPS.format(words=one_line(profile.retention or ""))
    yield review.FOR_OTHERS[profile.representatives]
    yield review.PRIVACY.format(words=one_line(profile.policy or ""))
    if profile.contact:
        yield review.CONTACT.format(words=one_line(profile.contact))
    yield from copies_go(profile)
    yield review.NOT_STOPNCII
    yield review.SEALED_BODY if profile.keys else review.PLAIN
    if profile.keys and not is_key_known:
        yield review.KEY_NOT_KNOWN


def copies_go(profile: EndpointProfile) -> Iterator[str]:
    """Yield for how long copies for partners may stay after a withdrawal, if the service says it."""
    if (days := profile.partner_copies_days) is not None:
        yield review.COPIES_GO[min(days, 2)].format(days=days)


def one_line(foreign: str, *, most: int = _MOST_OF_A_SENTENCE) -> str:
    """Make words from outside one line of at most so many characters, without any that a terminal obeys.

    Those that turn the direction of others go, too, and all but two marks on one letter. Where nothing is left, that is said.
    """
    visible = "".join(letter for letter in foreign if letter.isprintable() or letter.isspace())
    kept, marks = "", 0
    for letter in " ".join(visible.split()):
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        kept += letter if marks <= _MARKS else ""
    return (kept if len(kept) <= most else f"{kept[: most - 1]}\N{HORIZONTAL ELLIPSIS}") or review.NOT_STATED
