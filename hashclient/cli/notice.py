"""Write a notice to a platform: asked for at a terminal, or from the answers of a program; nothing is sent.

What is typed here stays in this process. It goes to standard output or to a new file that the person names, and into no
other file, error or log. What a law asks, and every text, comes from `hashclient.guidance.notices`.
"""

import contextlib
import json
import os
import sys
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hashclient.cli import _options, _terminal
from hashclient.errors import NoticeError, UsageError
from hashclient.guidance.notices import REGIMES, Notice, Regime, as_data, build, words
from hashclient.guidance.notices.answers import STATEMENTS
from hashclient.guidance.notices.calendar import calendar_text
from hashclient.messages import Message
from hashclient.vocabulary import SignalType

if TYPE_CHECKING:
    from hashclient.model.notice import NoticeHashes

app = _terminal.new_app()

_MOST_READ: Final = 1 << 18
"""Most characters of the answers of a program."""
_OTHERS_WRITE: Final = 0o002
_TIMES: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z")


class Print(StrEnum):
    """What is printed for a program."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command(cls=_terminal.TextCommand, help=words.NOTICE_HELP)
def notice(
    law: Annotated[str, typer.Option(help=words.NOTICE_OPTIONS["law"], metavar="LAW")] = "",
    adult: _options.Adult = False,
    form: Annotated[str, typer.Option("--format", help=words.NOTICE_OPTIONS["form"], metavar="|".join(Print))] = "text",
    listed: Annotated[bool, typer.Option("--list", help=words.NOTICE_OPTIONS["list"])] = False,
    with_hashes: Annotated[str, typer.Option(help=words.NOTICE_OPTIONS["with_hashes"], metavar="PICTURE")] = "",
    hashes_to: Annotated[str, typer.Option(help=words.NOTICE_OPTIONS["hashes_to"], metavar="FILE")] = "",
    calendar: Annotated[str, typer.Option(help=words.NOTICE_OPTIONS["calendar"], metavar="FILE")] = "",
    sent: Annotated[str, typer.Option(help=words.NOTICE_OPTIONS["sent"], metavar="TIME")] = "",
    alarm: Annotated[bool, typer.Option("--alarm", help=words.NOTICE_OPTIONS["alarm"])] = False,
) -> None:
    """Ask about age, then for the answers, and write the notice."""
    regime = _regime(law)
    if form not in [*Print]:
        raise typer.BadParameter("", param_hint="--format")
    if listed:
        _terminal.data(*(_laws_as_json(regime) if form == Print.JSON else _laws_listed(regime)))
        return
    if not regime and not _terminal.is_terminal():
        raise UsageError(words.NOT_AT_A_TERMINAL, hint=words.GIVE_ANSWERS)
    if bool(with_hashes) is not bool(hashes_to):
        raise UsageError(words.HASHES_NEED_A_FILE, hint=words.NAME_BOTH)
    for path in filter(None, (hashes_to, calendar)):
        _require_own_and_new(Path(path))
    time = time_of(sent)
    from hashclient.cli import _declare  # what a list of the laws does without

    _declare.require_adults(adult=adult)
    hashes = own_hash(Path(with_hashes)) if with_hashes else None
    if _terminal.is_terminal():
        from hashclient.cli import _notice_walk

        _notice_walk.walk(regime, hashes=hashes, hashes_to=Path(hashes_to) if hashes_to else None)
        return
    assert regime  # noqa: S101  # without a terminal there is one
    made = _made(regime, _answers_read(), fingerprint=hashes.signal.type if hashes else None)
    if hashes and hashes_to:
        write_own(Path(hashes_to), hashes.to_text())
    if calendar:
        write_calendar(Path(calendar), regime, sent=time, alarm=alarm)
    for line in (*made.warnings, *made.cover, words.NOTHING_IS_SENT):
        _terminal.say(line)
    _terminal.data(*printed(made, Print(form)))


def _regime(law: str) -> Regime | None:
    if law and law not in REGIMES:
        raise UsageError(words.NO_LAW, hint=words.LAWS_ARE.format(laws=", ".join(REGIMES)))
    return REGIMES.get(law)


def _answers_read() -> dict[str, Any]:
    """Read the answers of a program: one JSON object, no key twice."""
    try:
        text = sys.stdin.read(_MOST_READ + 1)
        answers = json.loads(text, object_pairs_hook=_once_each) if len(text) <= _MOST_READ else None
    except (ValueError, RecursionError):
        answers = None
    if not isinstance(answers, dict):
        raise UsageError(words.ANSWERS_UNREADABLE, hint=words.LOOK_AT_DOCS)
    return answers


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice."""
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a key twice")
    return read


def _made(regime: Regime, answers: Mapping[str, object], *, fingerprint: SignalType | None) -> Notice:
    """Build a notice for a program; what is missing is said, each with its key."""
    try:
        return build(regime, signed_today(regime, answers), adult=True, fingerprint=fingerprint)
    except NoticeError as error:
        for line in words.NOTICE_DMCA_WARNING.text if regime.id == "dmca" else ():
            _terminal.say(line)
        for key, sentence in error.refusals if not regime.why_off else ():
            _terminal.say(sentence, indent=f"{key}: ")
        raise


def signed_today(regime: Regime, answers: Mapping[str, object]) -> dict[str, object]:
    """Return the answers, with today as the day of signing where the law wants one and none was given."""
    today = {"signed": f"{datetime.now().astimezone():%Y-%m-%d}"}
    return (today if any(one.id == "signed" for one in regime.questions) else {}) | dict(answers)


def printed(made: Notice, form: Print) -> Iterator[str]:
    """Yield the lines of a notice in one of its forms."""
    if form is Print.JSON:
        told = {"warnings": made.warnings, "cover": made.cover, "next": made.next}
        yield json.dumps(
            {
                "law": made.law,
                "gives": made.gives,
                "text": made.text,
                "markdown": made.markdown,
                **{name: [one.english for one in several] for name, several in told.items()},
            }
        )
    else:
        yield from (made.markdown if form is Print.MARKDOWN else made.text).splitlines()


def _laws_as_json(regime: Regime | None) -> Iterator[str]:
    everything = as_data()
    if regime:
        everything["laws"] = [one for one in everything["laws"] if one["id"] == regime.id]
    yield json.dumps(everything)


def _laws_listed(regime: Regime | None) -> Iterator[str]:
    """Yield a line for each law, or what one law asks: elements, questions and sentences, with their ids."""
    if regime is None:
        for one in REGIMES.values():
            state = one.why_off or words.READY
            line = words.LISTED_AS.format(name=one.name, state=state, source=one.source, date=one.source_date)
            yield f"{one.id}\t{line}"
        return
    for element in regime.elements:
        yield f"{element.key}\t{words.IS_ASKED_FOR if element.is_required else words.IS_OFFERED}\t{element.words}"
    for question in regime.questions:
        answers = f" ({', '.join(question.choices)})" if question.choices else ""
        yield f"{question.id}\t{question.kind}\t{question.question.me}{answers}"
    for statement in regime.statements:
        yield f"{STATEMENTS}: {statement.id}\t{'|'.join(statement.who)}\t{statement.meaning.of(statement.who[0])}"


# Fingerprints and files.


def own_hash(path: Path) -> "NoticeHashes":
    """Hash one picture or video as `hash` does, and keep only the hash of the picture or video itself.

    Raises:
        UsageError: there is none that may be shared.
    """
    from hashclient.cli import _files
    from hashclient.model.notice import NoticeHashes, is_own_hash
    from hashclient.prepare import HashOptions, hash_files

    options = HashOptions((SignalType.PDQ, SignalType.MD5), apart=True)
    with contextlib.closing(hash_files([path], options=options)) as hashed:
        prepared = next(hashed)
    _files.say_skipped(prepared, position=1, count=1)
    for signal in prepared.signals:
        if is_own_hash(signal, prepared.content):
            return NoticeHashes(content=prepared.content, signal=signal)
    raise UsageError(words.NO_HASH, hint=words.LEAVE_HASHES_OUT)


def _require_own_and_new(path: Path) -> None:
    """Make sure, before anything is asked, that a file is new and lies where others cannot write.

    Raises:
        UsageError: it is not so.
    """
    from hashclient.cli import _send

    _send.require_new(path)
    with contextlib.suppress(OSError, ValueError):  # writing says what is wrong with the folder
        if os.name == "posix" and path.absolute().parent.stat().st_mode & _OTHERS_WRITE:
            raise UsageError(words.NO_SHARED_FOLDER, hint=words.CHOOSE_A_FOLDER)


def write_own(path: Path, text: str) -> None:
    """Write a text to a new file of the person's own, which only they may read.

    Raises:
        UsageError: something is there, others can write to its folder, or it cannot be written.
    """
    from hashclient.cli import _send

    _require_own_and_new(path)
    _send.write_new_file(path, text.encode())


def write_calendar(path: Path, regime: Regime, *, sent: datetime, alarm: bool) -> None:
    """Write a calendar file for a notice.

    Raises:
        UsageError: the law has no time to look after, or as for `write`.
    """
    text = calendar_text(regime, sent=sent, uid=str(uuid.uuid4()), stamp=datetime.now(UTC), alarm=alarm)
    if text is None:
        raise UsageError(words.NO_CALENDAR, hint=_in_place_of_a_calendar(regime))
    write_own(path, text)


def _in_place_of_a_calendar(regime: Regime) -> Message:
    return next((fact.text for fact in regime.facts_shown("clock")), words.CHOOSE_A_FOLDER)


def time_of(typed: str) -> datetime:
    """Read a time, in the zone of this device unless it names one; now, where nothing was typed.

    Raises:
        UsageError: it is not a time.
    """
    if not typed:
        return datetime.now(UTC)
    for form in _TIMES:
        with contextlib.suppress(ValueError, OverflowError):
            return datetime.strptime(typed, form).astimezone()
    raise UsageError(words.NOT_A_TIME, hint=words.LEAVE_TIME_OUT)
