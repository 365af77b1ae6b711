"""Put questions, screens, and the words around them, into the form of the export; words stay messages."""

from collections.abc import Mapping
from typing import Any

from hashclient.guidance import questions, screens, triage
from hashclient.guidance.questions import Question
from hashclient.guidance.screens import Choice, Part, Screen, When, files
from hashclient.guidance.triage import Asked


def questions_as_data() -> dict[str, Any]:
    """Return the questions, by id: those of the triage, those about one file, and those beside rows."""
    of_triage: dict[str, Any] = {
        asked: _question(questions.QUESTIONS[asked], triage.LEADS[asked], questions.FOR_THEM.get(asked))
        for asked in Asked
    }
    ways = {**files.FILE_WAYS, "per_video": files.FILE_WAYS["per_file"]}
    of_files = {
        id_: _question(question, {answer: triage.Way(to) for answer, to in ways[id_].items()})  # type: ignore[arg-type]
        for id_, question in files.FILE_QUESTIONS.items()
    }
    more = {one.id: _question(one, {}) for one in (questions.COUNTRY, questions.UNDER_18_NOW)}
    return {**of_triage, **of_files, **more}


def _question(question: Question, ways: Mapping[str, triage.Way], other: Question | None = None) -> dict[str, Any]:
    def offered(one: Question) -> dict[str, Any]:
        return {id_: {"words": words, "note": one.notes.get(id_)} for id_, words in one.answers.items()}

    own = offered(question)
    return {
        "text": question.text,
        "clause": question.clause,
        "why": question.why,
        "details": question.details,
        "error": question.error,
        "answers": {id_: {**own[id_], **(ways[id_]._asdict() if id_ in ways else {})} for id_ in own},
        "for_them": other and {"text": other.text, "answers": offered(other)},
    }


def _screen_as_data(screen: Screen) -> dict[str, Any]:
    return {
        "title": screen.title,
        "parts": [_part(part) for part in screen.parts if When.TERMINAL not in part.when],
        "choices": [_choice(choice) for choice in screen.choices if When.TERMINAL not in choice.when],
    }


def _part(part: Part) -> dict[str, Any]:
    kind = None if part.kind is screens.Kind.WORDS else part.kind
    return {"kind": kind, "words": part.words, "row": part.row, "when": _when(part)}


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "words": choice.words,
        "note": choice.note,
        "to": choice.to,
        "does": choice.does,
        "sets": choice.sets and dict([choice.sets]),
        "when": _when(choice),
    }


def _when(part: Part | Choice) -> list[str]:
    """Return the conditions, without that of being a page."""
    return sorted(part.when - {When.PAGE})


def _has_words(screen: Screen) -> bool:
    """Tell whether a page has the screen: one whose parts are all for a terminal is none."""
    return not screen.parts or any(When.TERMINAL not in part.when for part in screen.parts)


def screens_as_data() -> dict[str, Any]:
    """Return the screens of a page, by id."""
    every = {**screens.SCREENS, **screens.PAGE_SCREENS}
    return {id_: _screen_as_data(screen) for id_, screen in every.items() if _has_words(screen)}
