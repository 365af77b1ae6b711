"""Keep the rules of output, for every verb.

1. stdout is data, stderr is words. A program reads the one, a person the other.
2. Words never hold a file name, a path, a case number, a PIN or a hash: it is "picture 3 of 5".
   The one place for case number and PIN is the alternate screen of `_credentials`.
3. An error is a sentence (what happened, whether anything was sent), a hint (one thing to do next)
   and an exit code: 0 done, 1 ours, 2 yours, 3 the outside world's, 4 stopped by the age rule,
   130 and 143 stopped by you or by the system. Never a traceback, but for --debug or
   HASHCLIENT_DEBUG, and then without values. `_run` sees to it.
4. Long work says how far it is, on stderr, and only at a terminal. Nothing turns or blinks.
5. Colour only at a terminal, and not where NO_COLOR is set. Nothing is said by colour alone.
6. Stopped by Ctrl-C or a signal, it tells the truth about whether anything was sent.
"""

import os
import sys
from typing import Any, Final

import typer

_WIDTH: Final = 96
"""Widest line of words, in characters."""
_is_progress_shown = False


def new_app(**settings: Any) -> typer.Typer:
    """Make an app for a verb: plain help, no completion, no foreign tracebacks."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **settings)


def data(*lines: str) -> None:
    """Print lines of data, at once and in one piece, for whoever reads along."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def say(words: str = "", *, indent: str = "") -> None:
    """Print words to the person, as one wrapped paragraph.

    Args:
        words: plain text.
        indent: what stands before the first line, blanks or a mark; later lines stand under the words.
    """
    sys.stdout.flush()
    sys.stderr.write(wrapped(words, indent=indent) + "\n")
    sys.stderr.flush()


def wrapped(words: str, *, indent: str = "") -> str:
    """Wrap words to the terminal, or to 96 characters where there is none."""
    import textwrap

    width = min(_WIDTH, typer.get_terminal_size((_WIDTH, 24)).columns)
    hanging = " " * len(indent)
    return textwrap.fill(words, width, initial_indent=indent, subsequent_indent=hanging, break_on_hyphens=False)


def is_terminal() -> bool:
    """Tell whether a person sits at both ends: keyboard in, words out."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def takes_escapes() -> bool:
    """Tell whether stderr is a terminal that understands escape codes."""
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def bold(words: str) -> str:
    """Set words off, where the terminal can and the person has not forbidden it."""
    return f"\x1b[1m{words}\x1b[0m" if takes_escapes() and not os.environ.get("NO_COLOR") else words


def progress(words: str) -> None:
    """Say how far long work is, in place of what was said before; "" clears it.

    Quiet where stderr is no terminal, or cannot write over a line.
    """
    global _is_progress_shown  # noqa: PLW0603  # one process, one terminal
    if takes_escapes() and (words or _is_progress_shown):
        sys.stderr.write(f"\r{words}\x1b[K")
        sys.stderr.flush()
        _is_progress_shown = bool(words)


def plain(foreign: str) -> str:
    """Make text of others safe to show: whatever a terminal could obey is written out."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode()
        for letter in foreign
    )
