"""Choose the files of a request with the person: what each is, told apart before any question, and what they say of it.

The command line opens no file: `hashclient.prepare.Session` has the picture half look. At a terminal each file is called
by its number and its own name; elsewhere by its number alone.
"""

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes, urlsplit

from hashclient.cli import _declare, _terminal
from hashclient.errors import UsageError
from hashclient.guidance import each_file, texts
from hashclient.messages import joined
from hashclient.vocabulary import Altered, Content

if TYPE_CHECKING:
    from hashclient.prepare import Look, Prepared, Session

_ANSWERS: Final = {"no": Altered.NO, "from_here": Altered.YES, "yes": Altered.YES, "unknown": Altered.UNKNOWN}
"""What is sent of an answer; the others end or leave out."""
_MEGABYTE: Final = 1_000_000
_KILOBYTE: Final = 1_000


@dataclass(frozen=True)
class Chosen:
    """One picture or video that is to be sent, and what the person said of it."""

    file: Path
    position: int
    """Its number, from 1, by which it is called in words."""
    altered: Altered
    content: Content | None = None
    """What it is, as far as its first bytes tell; None where nobody looked."""
    about: str = ""
    """Its name, kind and size, for the person."""
    made_from: int | None = None
    """Number of the picture it was made from."""
    is_from_here: bool = False
    """Whether the person said that the picture it was made from is here."""


def choose_files(session: "Session", files: Sequence[Path], *, altered: Altered | None) -> tuple[list[Chosen], int]:
    """Settle which files are sent, and what is said of each.

    Args:
        session: looks at the files.
        files: as named in the command; none asks for them, at a terminal.
        altered: whether they were changed; None asks for each at a terminal.

    Returns:
        The files, and how many there were.

    Raises:
        AgeGateError: someone in one of them may have been under 18.
        UsageError: none was named, or none can be used, or all were left out.
    """
    if not _terminal.is_terminal():
        if not files:
            raise UsageError(each_file.NO_FILE_NAMED, hint=each_file.NAME_A_FILE)
        asked = altered or Altered.UNKNOWN
        return [Chosen(file, position, asked) for position, file in enumerate(files, start=1)], len(files)
    found = _look_at_named(session, files, is_listed=altered is None) if files else list(_ask_for_files(session))
    count = len(files) or len(found)
    if altered is not None:
        return [replace(one, altered=altered) for one in found], count
    if chosen := list(_ask_about(found, count)):
        return [replace(one, made_from=_original_of(one, chosen)) for one in chosen], count
    raise UsageError(each_file.NONE_CHOSEN, hint=each_file.CHOOSE_OTHERS)


def called(content: Content | None, *, position: int, count: int, file: Path) -> str:
    """Call a file by its number, and, at a terminal of the person's own, by its name."""
    if name := _terminal.file_name(file):
        return each_file.NUMBERED_AND_NAMED[content].format(position=position, count=count, name=name)
    return each_file.NUMBERED[content].format(position=position, count=count)


def _look_at_named(session: "Session", files: Sequence[Path], *, is_listed: bool) -> list[Chosen]:
    """Tell the files of a command apart: say which cannot be used, and list the others, if they are asked about.

    Raises:
        UsageError: none can be used.
    """
    with _terminal.working(each_file.LOOKING):
        looks = list(session.look(files))
    if len(files) > 1 or looks[0].skipped is not None:
        _terminal.say()
    usable = []
    for look in looks:
        position = look.position + 1
        if why := _why_not(look, {one.position: one.position + 1 for one in looks}):
            file = called(look.content, position=position, count=len(files), file=look.path)
            _terminal.say(each_file.ABOUT.format(file=file, sentence=why))
        else:
            usable.append(_unasked(look, position))
    if not usable:
        raise UsageError(each_file.NONE_USABLE, hint=each_file.CHOOSE_OTHERS)
    if aside := len(files) - len(usable):
        _terminal.say(each_file.LEFT_ASIDE.format(count=aside))
    if is_listed and len(usable) > 1:
        _terminal.say_in_fives(*(_described(one) for one in usable), indent="  ")
    return usable


def _ask_for_files(session: "Session") -> Iterator[Chosen]:
    """Ask for one file after another; what cannot be used is said at once, and the next is asked for."""
    _terminal.say()
    _terminal.say(_terminal.bold(each_file.CHOOSE))
    _terminal.say(each_file.CHOOSE_WHICH)
    numbers: dict[int, int] = {}
    while True:
        typed = _terminal.ask(each_file.TYPE_OR_DRAG)
        if not typed and numbers:
            return
        if not typed:
            _terminal.say(each_file.CHOOSE_ONE)
        with _terminal.working(each_file.LOOKING):
            looks = list(session.look(_paths_in(typed)))
        for look in looks:
            if why := _why_not(look, numbers):
                name = _terminal.file_name(look.path)
                _terminal.say(each_file.ABOUT.format(file=name, sentence=why) if name else why, indent="  ")
            else:
                numbers[look.position] = len(numbers) + 1
                chosen = _unasked(look, numbers[look.position])
                _terminal.say(_described(chosen), indent="  ")
                yield chosen


def _paths_in(typed: str) -> list[Path]:
    """Read what a person typed, or a terminal wrote for files that were dragged into it: quoted, escaped, or an address."""
    if not typed or os.path.lexists(typed):
        return [Path(typed)] if typed else []
    try:
        words = shlex.split(typed, posix=sys.platform != "win32")
    except ValueError:  # a quotation mark that belongs to the name
        words = [typed]
    if not any(mark in typed for mark in "\\'\""):  # nothing was quoted, so blanks belong to the name
        words = typed.split() if typed.startswith("file://") else [typed]
    return [_path_of(word) for word in words]


def _path_of(word: str) -> Path:
    if word.startswith("file://"):
        with suppress(ValueError):  # it is no address
            return Path(os.fsdecode(unquote_to_bytes(urlsplit(word).path)))
    return _terminal.typed_path(word.strip("\"'") if sys.platform == "win32" else word)


def _why_not(look: "Look", numbers: dict[int, int]) -> str:
    """Say why a file is not asked about; "" where it is."""
    if look.skipped is not None:
        return joined(look.skipped.sentence, look.skipped.hint)
    if look.same_as is not None:
        return each_file.SAME_TWICE.format(earlier=numbers[look.same_as])
    return ""


def _unasked(look: "Look", number: int) -> Chosen:
    content = look.content or Content.IMAGE
    name, size = _terminal.file_name(look.path), _size(look.size)
    parts = [part for part in (name, look.kind, str(size)) if part]
    return Chosen(look.path, number, Altered.UNKNOWN, content, ", ".join(parts))


def _described(one: Chosen, count: int | None = None) -> str:
    """Call a file by its number, of how many if that is known by now, and say what it is."""
    words = each_file.DESCRIBED if count is None else each_file.DESCRIBED_OF
    return words[one.content or Content.IMAGE].format(position=one.position, count=count, about=one.about)


def with_inner(
    usable: Iterable[tuple[Chosen, "Prepared"]], *, count: int, inner: bool | None, is_person: bool
) -> Iterator[tuple[Chosen, "Prepared"]]:
    """Give files that were hashed, each followed by the picture inside it where that goes too.

    Args:
        usable: what the person said of them, and what they gave.
        count: how many files there are.
        inner: whether what is inside goes too; None asks about each.
        is_person: whether somebody sits there who can be asked.
    """
    for one, prepared in usable:
        yield one, prepared
        if (inside := prepared.inner) is None:
            continue
        if inner is None and not is_person:
            file = called(prepared.content, position=one.position, count=count, file=one.file)
            _terminal.say(each_file.ABOUT.format(file=file, sentence=each_file.INNER_NOT_USED))
        elif _wants_inner(one, percent=inside.percent or 0, count=count) if inner is None else inner:
            yield replace(one, made_from=None), inside


def _wants_inner(one: Chosen, *, percent: int, count: int) -> bool:
    """Ask whether the picture inside goes too; it takes `percent` of the whole."""
    question = each_file.INNER._replace(
        text=each_file.INNER.text.format(position=one.position),
        why=joined(each_file.INNER.why, each_file.INNER_TAKES.format(percent=percent)),
    )
    return _terminal.choose(question, about=_described(one, count)) == "both"


def _size(count: int) -> str:
    if count >= _MEGABYTE:
        return each_file.MEGABYTES.format(number=f"{count / _MEGABYTE:.1f}")
    if count >= _KILOBYTE:
        return each_file.KILOBYTES.format(number=f"{count / _KILOBYTE:.0f}")
    return each_file.BYTES.format(count=count)


def _ask_about(found: Sequence[Chosen], count: int) -> Iterator[Chosen]:
    """Ask what each file is; from the second on, one answer can be given for all that follow."""
    answer, is_for_the_rest = "", False
    for place, one in enumerate(found):
        if not is_for_the_rest:
            also = {"a": each_file.FOR_THE_REST} if 0 < place < len(found) - 1 else None
            is_video = one.content is Content.VIDEO
            question = each_file.EACH_VIDEO if is_video else each_file.EACH_FILE
            typed = _terminal.choose(question, about=_described(one, count), also=also)
            is_for_the_rest = typed == "a"
            answer = answer if is_for_the_rest else typed
        if answer == "under_18":
            _declare.stop(each_file.STOPPED_AT_A_FILE)
        if answer in _ANSWERS:
            yield replace(one, altered=_ANSWERS[answer], is_from_here=answer == "from_here")


def _original_of(one: Chosen, chosen: Sequence[Chosen]) -> int | None:
    """Ask from which of the others a changed one was made, if it can be any of them."""
    originals = {str(other.position): _described(other) for other in chosen if other.altered is Altered.NO}
    if not one.is_from_here or not originals:
        return None
    _terminal.say()
    _terminal.say(_described(one))
    _terminal.say(_terminal.bold(each_file.MADE_FROM.text))
    _terminal.say(texts.WHY_WE_ASK.format(why=each_file.MADE_FROM.why))
    typed = _terminal.offer({**originals, "n": each_file.NONE_OF_THEM})
    return None if typed == "n" else int(typed)
