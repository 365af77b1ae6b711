"""Lay words out for a terminal: how wide they are, and which way they run.

Letters of right-to-left languages are put in order by the terminal, if it can. Each line that has such letters begins with
a mark, so that it runs from the right, and what stands in it in Latin letters and digits (codes, addresses, commands,
numbers) is isolated, so that its parts keep their order. The marks are invisible and have no width. Terminals that would
show them get none.

Source:
    Unicode Standard Annex 9: U+200F, and U+2066 to U+2069.
"""

import os
import re
import sys
import textwrap
import unicodedata
from typing import Final

from hashclient.guidance import languages
from hashclient.messages import in_use

_FROM_THE_RIGHT: Final = "\N{RIGHT-TO-LEFT MARK}"
_ISOLATE: Final = "\N{LEFT-TO-RIGHT ISOLATE}"
_END_OF_ISOLATE: Final = "\N{POP DIRECTIONAL ISOLATE}"
_ESCAPE: Final = r"\x1b\[[0-9;?]*[A-Za-z]"
"""What makes words bold, or clears a line; a mark inside would break it."""
_LATIN: Final = r"A-Za-z0-9\u00c0-\u024f"
_RUN: Final = rf"{_ESCAPE}|(?P<latin>[-+~/.]*[{_LATIN}](?:(?:[ !#-&*+./<-~{_LATIN}-]|[,:;](?! )|\(\d+\))*[{_LATIN}/])?)"
"""An escape, or a run of Latin letters and digits with what stands between them, but for quotes and brackets, and the signs between the parts of a list."""
_BETWEEN_PARAGRAPHS: Final = r"(\n\n+)"
_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})
"""Categories of characters that take no place of their own: marks on letters, and invisible ones."""


def filled(words: str, *, width: int, indent: str = "") -> str:
    """Break one paragraph into lines between words.

    Args:
        words: plain text; escapes that make it bold have no width.
        width: most places of a line.
        indent: stands before the first line; later lines are aligned with the words.
    """
    wrapper = _Wrapper(
        width,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_on_hyphens=False,
        break_long_words=False,
    )
    return wrapper.fill(words)


def width_of(words: str) -> int:
    """Return how many places words take at a terminal."""
    shown = re.sub(_ESCAPE, "", words)
    return sum(unicodedata.category(letter) not in _NO_WIDTH for letter in shown)


class _Chunk(str):
    """A word or a blank whose length is the places that it takes, as `textwrap` counts."""

    __slots__ = ()

    def __len__(self) -> int:
        return width_of(str.__str__(self))


class _Wrapper(textwrap.TextWrapper):
    def _split(self, text: str) -> list[str]:
        return [_Chunk(chunk) for chunk in super()._split(text)]


def directed(text: str) -> str:
    """Put in the marks of a language that runs from right to left; paragraphs in other letters stay as they are."""
    if not languages.is_right_to_left(in_use()) or not _takes_marks():
        return text
    return "".join(map(_directed_paragraph, re.split(_BETWEEN_PARAGRAPHS, text)))


def _directed_paragraph(paragraph: str) -> str:
    if not any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in paragraph):
        return paragraph
    return "\n".join(map(_directed_line, paragraph.split("\n")))


def _directed_line(line: str) -> str:
    start = len(line) - len(line.lstrip("\r"))
    if not line[start:]:
        return line
    return line[:start] + _FROM_THE_RIGHT + re.sub(_RUN, _isolated, line[start:])


def _isolated(found: re.Match[str]) -> str:
    return f"{_ISOLATE}{found[0]}{_END_OF_ISOLATE}" if found["latin"] else found[0]


def _takes_marks() -> bool:
    """Tell whether the terminal knows these marks: its text is Unicode, and it is neither the Linux console nor dumb."""
    encoding = str(getattr(sys.stderr, "encoding", None) or "utf-8").lower()
    usual = "dumb" if os.name == "nt" and "WT_SESSION" not in os.environ else "unknown"
    return encoding.startswith("utf") and os.environ.get("TERM", usual) not in {"dumb", "linux"}
