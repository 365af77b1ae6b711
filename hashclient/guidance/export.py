"""Write the triage as JSON, for a page or a program that is not Python: words, ways and the order of the list.

    python -m hashclient.guidance.export > guidance.json

The words are those of the language in use; ids are the same in all. Whoever walks the table comes to the same steps as
`hashclient.guidance.triage`. What only a terminal shows is left out.

    questions   by id, in the order asked: words, and of each answer where it leads (`to`), the screen on the way (`shown`), and
                the reason for other routes (`reason`). `for_them` has the words for whoever answered `who` with one of
                `for_another`.
    of_a_file   questions about each file, by id: words, and of `altered` those for a video (`for_videos`)
    screens     by id: title, parts in order, choices with where they lead. A part or a choice is shown if everything in
                its `when` is so. A part without words is a place to fill, by its `kind`.
    outcomes    the screens on which the questions end
    elsewhere   screens whose words are not here
    acts        what a choice does where it leads to no screen
    tasks       by id: the name on the list, a line, and where it leads
    plan        ids of tasks by the answers to `situation` and `have`; `without_service` says what stands in whose place
    actions     the safety actions, for adults and for where someone was, or may have been, under 18

`is_critical` marks the sentences beneath which the English stands as long as nobody has reviewed a translation.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from hashclient.guidance import declarations, each_file, questions, screens, triage
from hashclient.guidance.questions import Question
from hashclient.guidance.screens import Choice, Part, Screen, When
from hashclient.guidance.triage import Asked, Outcome, Task, Way
from hashclient.messages import Message

_VERSION_OF_FORM: Final = 1
"""Of the form of the JSON; another number where something in it changes its meaning or goes."""


def as_json(language: str = "en") -> str:
    """Return everything as JSON, in the language in use.

    Args:
        language: its code, for whoever reads the file.
    """
    first, *_ = Asked
    written = {
        "version": _VERSION_OF_FORM,
        "language": language,
        "start": "start",
        "first_question": first,
        "for_another": sorted(triage.FOR_ANOTHER),
        "questions": {asked: _question(asked, questions.QUESTIONS[asked]) for asked in Asked},
        "of_a_file": {one.id: _of_a_file(one) for one in (each_file.EACH_FILE, each_file.MADE_FROM, each_file.INNER)},
        "screens": {id_: _screen_as_data(screen) for id_, screen in screens.SCREENS.items() if _has_words(screen)},
        "outcomes": [*Outcome],
        "elsewhere": sorted(screens.ELSEWHERE),
        "acts": sorted(screens.ACTS - {"save"}),
        "tasks": {
            task: {**_named("name", row.name), **_named("line", row.line), "to": row.to}
            for task, row in screens.ROWS.items()
        },
        "marks": {"not_started": str(screens.NOT_STARTED), "done": str(screens.MARKED_DONE)},
        "plan": {
            situation: {have: [*triage.tasks_of(situation, have)] for have in triage.LEADS[Asked.HAVE]}
            for situation in triage.LEADS[Asked.SITUATION]
        },
        "without_service": {Task.HASH: Task.NO_SERVICE},
        "actions": {
            "adult": [_named("words", words) for words in screens.ACTIONS],
            "under_18": [_named("words", words) for words in screens.ACTIONS_UNDER_18],
        },
        "declarations": {
            "adult": str(declarations.ADULT),
            "depicted": {"self": str(declarations.SELF), "represented": str(declarations.REPRESENTED)},
            "intimate": str(declarations.INTIMATE),
            "no_consent": {who: str(words) for who, words in declarations.NO_CONSENT.items()},
            "note": str(declarations.NOT_AGREEING),
        },
    }
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def _question(asked: Asked, question: Question) -> dict[str, Any]:
    written = {
        **_named("text", question.text),
        **_named("clause", question.clause),
        **_named("why", question.why),
        **_named("error", question.error),
        "answers": {id_: {**_answer_words(question, id_), **_way(way)} for id_, way in triage.LEADS[asked].items()},
    }
    if question.details:
        written["details"] = dict(zip(("title", "words"), map(str, question.details), strict=True))
    if other := questions.FOR_THEM.get(asked):
        written["for_them"] = {
            **_named("text", other.text),
            "answers": {id_: _answer_words(other, id_) for id_ in other.answers},
        }
    return written


def _of_a_file(question: Question) -> dict[str, Any]:
    answers = {id_: _answer_words(question, id_) for id_ in question.answers}
    written = {**_named("text", question.text), **_named("why", question.why), "answers": answers}
    if question is each_file.EACH_FILE:
        video = each_file.EACH_VIDEO
        words = {id_: _answer_words(video, id_) for id_ in video.answers}
        written["for_videos"] = {**_named("text", video.text), "answers": words}
    return written


def _answer_words(question: Question, id_: str) -> dict[str, Any]:
    return {**_named("words", question.answers[id_]), **_named("note", question.notes.get(id_))}


def _way(way: Way) -> dict[str, Any]:
    return {name: value for name in ("to", "shown", "reason") if (value := getattr(way, name))}


def _screen_as_data(screen: Screen) -> dict[str, Any]:
    return {
        **_named("title", screen.title),
        "parts": [_part(part) for part in screen.parts if When.TERMINAL not in part.when],
        "choices": [_choice(choice) for choice in screen.choices if When.TERMINAL not in choice.when],
    }


def _part(part: Part) -> dict[str, Any]:
    row = {"row": part.row} if part.row else {}
    return {"kind": part.kind, **_named("words", part.words), **row, **_when(part)}


def _choice(choice: Choice) -> dict[str, Any]:
    sets: Mapping[str, Any] = {"sets": dict([choice.sets])} if choice.sets else {}
    return {
        **_named("words", choice.words),
        **_named("note", choice.note),
        "to": choice.to,
        **sets,
        **_when(choice),
    }


def _when(part: Part | Choice) -> dict[str, Any]:
    """Return the conditions, without that of being a page."""
    conditions = sorted(part.when - {When.PAGE})
    return {"when": conditions} if conditions else {}


def _named(name: str, words: str | None) -> dict[str, Any]:
    """Return words under a name, in the language in use, with a mark where they are critical; nothing where there are none."""
    if words is None:
        return {}
    is_critical = isinstance(words, Message) and words.is_critical
    return {name: str(words), **({"is_critical": True} if is_critical else {})}


def _has_words(screen: Screen) -> bool:
    """Tell whether a page has the screen: one whose parts are all for a terminal is none."""
    return any(When.TERMINAL not in part.when for part in screen.parts)


def main() -> None:
    """Write it to standard output."""
    sys.stdout.write(as_json())


if __name__ == "__main__":
    main()
