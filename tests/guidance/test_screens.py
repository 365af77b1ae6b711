"""The screens: where each choice leads, that none is a dead end, what has to stand on them, and how they read."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from hashclient.guidance import questions, screens, service_words, triage
from hashclient.guidance.questions import QUESTIONS
from hashclient.guidance.screens import PAGE_SCREENS, SCREENS, Kind, Part, Screen, When, files, terminal
from hashclient.guidance.triage import Answers, Asked, OnTheWay, Outcome, Task, WhyOther
from hashclient.messages import Message, joined
from kit.reading import HARDEST, grade, syllables

FACES = (When.PAGE, When.TERMINAL)
OF_THE_FRAME = {"others_see", "forget", "cover", "closing", "own_fault", "no_script", "help_now"}
"""Screens to which a page has ways of its own, from everywhere."""
PLACES = {
    Kind.DOORS,
    Kind.TASKS,
    Kind.CRISIS_LINES,
    Kind.ADDRESS,
    Kind.ACTIONS,
    Kind.ACTIONS_UNDER_18,
    Kind.CHOICES,
} | {kind for kind in Kind if kind.value.startswith("rows_")}


def shown(screen: Screen, *so: When) -> tuple[list[Part], list[str]]:
    """Give the parts that are shown, and where the choices lead that are."""
    return (
        [part for part in screen.parts if screens.is_shown(part, set(so))],
        [one.to for one in screen.choices if screens.is_shown(one, set(so))],
    )


def said(screen: Screen, *so: When) -> str:
    return " ".join(part.words for part in shown(screen, *so)[0] if part.words)


def test_every_screen_is_there() -> None:
    """Those of the specification for safety, questions, list and small screens; each under its own id."""
    assert " ".join(SCREENS) == (
        "start help_now emergency safer_device HAND_OFF professional SUPPORT OTHER_ROUTES LIST actions threat chat evidence "
        "stopncii move_file search police lawyer accounts talk no_service others_see ended forget cover closing own_fault "
        "no_script"
    )
    assert {*OnTheWay, *Outcome} <= set(SCREENS)
    assert all(id_ == screen.id for id_, screen in SCREENS.items())


def test_every_choice_leads_somewhere() -> None:
    """To a question, a screen, an act, or a screen whose words are elsewhere; and all of those are led to."""
    led_to = {one.to for screen in SCREENS.values() for one in screen.choices} | {
        row.to for row in screens.ROWS.values()
    }
    assert led_to <= {*QUESTIONS, *SCREENS, *screens.ELSEWHERE, *screens.ACTS}
    assert led_to >= screens.ELSEWHERE | screens.ACTS
    assert {id_ for id_ in screens.ELSEWHERE if not id_.startswith(("notice_", "search_"))} <= {*PAGE_SCREENS}
    from_answers = {way.shown or way.to for ways in triage.LEADS.values() for way in ways.values()}
    assert {*SCREENS} - led_to - from_answers <= OF_THE_FRAME


def test_no_screen_is_a_dead_end() -> None:
    """Whatever is so, something can be chosen on every screen but the last; its words are there too."""
    for face, service, listed in product(FACES, (When.SERVICE, When.NO_SERVICE), (When.LISTED, When.NOT_LISTED)):
        for screen in SCREENS.values():
            assert shown(screen, face, service, listed)[1] or screen.id == "ended", screen.id


def test_the_terminal_knows_every_way_that_it_offers() -> None:
    """A command is named wherever a step has one, and the page's own acts are not offered."""
    known = {*QUESTIONS, *SCREENS, *terminal.COMMANDS, *terminal.GOES_ON, "back", "start_again"}
    for screen in SCREENS.values():
        for one in screen.choices:
            if When.PAGE not in one.when:
                assert one.to in known, (screen.id, one.to)
    assert {row.to for row in screens.ROWS.values()} <= known


@pytest.mark.parametrize("shown_between", [*OnTheWay])
def test_a_screen_on_the_way_goes_on_where_the_machine_does(shown_between: OnTheWay) -> None:
    """Its choices hold the question that comes next."""
    following = {way.to for ways in triage.LEADS.values() for way in ways.values() if way.shown is shown_between}
    assert len(following) == 1
    assert following <= {one.to for one in SCREENS[shown_between].choices}


def test_from_the_hand_off_nothing_leads_to_files_or_notices() -> None:
    """Only print, take back what was sent, and begin anew with nothing kept."""
    screen = SCREENS[Outcome.HAND_OFF]
    assert {one.to for one in screen.choices} == {"print", "withdraw", "start_again"}
    assert not {Kind.ROWS_ADULT, Kind.ACTIONS, Kind.TASKS} & {part.kind for part in screen.parts}


@pytest.mark.parametrize("face", FACES)
def test_the_hand_off_has_all_that_it_needs(face: When) -> None:
    """No blame, who can help, the ban on copies, the eight actions, and that nothing was sent."""
    parts, _ = shown(SCREENS[Outcome.HAND_OFF], face, When.NO_FILE)
    words = said(SCREENS[Outcome.HAND_OFF], face, When.NO_FILE)
    assert {Kind.ROWS_UNDER_18, Kind.ACTIONS_UNDER_18} <= {part.kind for part in parts}
    for needed in ("nothing wrong", "Is it online now?", "not in trouble", "forgotten", "No file was opened"):
        assert needed in words
    assert ("Do not copy" in words) == (face is When.PAGE)  # at the terminal it is the first of the eight
    sent = said(SCREENS[Outcome.HAND_OFF], face, When.SENT_BEFORE)
    assert "othing was sent" not in sent
    assert "still with {host}" in sent


def test_every_outcome_has_services_and_actions() -> None:
    """Whoever is not led to a list is shown who can help and the eight actions; the list has both as well."""
    for outcome in Outcome:
        kinds = {part.kind for part in SCREENS[outcome].parts}
        if outcome is not Outcome.LIST:
            assert kinds & {Kind.ROWS_UNDER_18, Kind.ROWS_ADULT}
        assert kinds & {Kind.ACTIONS, Kind.ACTIONS_UNDER_18}
    assert "actions" in shown(SCREENS[Outcome.LIST], When.TERMINAL)[1]


@pytest.mark.parametrize("reason", [*WhyOther])
def test_other_routes_say_why_in_words(reason: WhyOther) -> None:
    """Each reason has a paragraph of its own, and only that one is shown."""
    words = said(SCREENS[Outcome.OTHER_ROUTES], When.PAGE, When(reason))
    beginnings = ("Services for intimate pictures", "If you took the picture", "Whether this fits")
    assert [words.startswith(begins) for begins in beginnings] == [one is reason for one in WhyOther]
    leads_to_the_warning = "notice_dmca_warning" in shown(SCREENS[Outcome.OTHER_ROUTES], When.PAGE, When(reason))[1]
    assert leads_to_the_warning == (reason is WhyOther.POSTED_ELSEWHERE)


def test_the_emergency_sentences_stand_out() -> None:
    """At the start and for whoever is not safe, in a box; the first screen says once that it is nobody's fault."""
    for id_ in ("start", "emergency"):
        assert "call your local emergency number" in next(
            str(part.words) for part in SCREENS[id_].parts if part.kind is Kind.CARE
        )
    assert said(SCREENS["start"], When.PAGE, When.SERVICE).count("not your fault") == 1
    assert "help_now" in {one.to for one in SCREENS["start"].choices}
    assert "help_now" in {one.to for one in SCREENS["emergency"].choices}


def test_there_are_eight_actions_word_for_word() -> None:
    """The caution stands beside the police in both, and what differs where someone was under 18 is the first."""
    assert len(screens.ACTIONS) == len(screens.ACTIONS_UNDER_18) == 8
    assert screens.ACTIONS[1:] == screens.ACTIONS_UNDER_18[1:]
    assert screens.ACTIONS[0] == (
        "Write down the page address, the account name, the date and the time. Save the messages. "
        "If you may go to the police, do this before you ask for removal: removal can remove evidence too."
    )
    assert screens.ACTIONS[3] == f"You can tell the police. {screens.POLICE_CAUTION.english}"
    assert screens.ACTIONS[5].endswith("Check what your profiles show: work, school, home.")
    assert screens.ACTIONS_UNDER_18[0] == (
        "Keep addresses and messages only. Do not copy, screenshot, download or send the image, even as proof. "
        "Do not post it yourself; your account may be flagged."
    )


def test_the_screen_of_the_police_has_the_long_caution() -> None:
    """In a box, before any row."""
    kinds = [part.kind for part in SCREENS["police"].parts]
    assert kinds.index(Kind.CARE) < kinds.index(Kind.ROWS_POLICE)
    assert "risky for you" in said(SCREENS["police"])


def test_who_is_shown_services_without_a_question_of_age_gets_both_groups() -> None:
    """Those for under-18s first, each under its heading; after the question only those for adults."""
    talk = SCREENS["talk"]
    before, after = shown(talk, When.AGE_NOT_ASKED)[0], shown(talk, When.AGE_ASKED)[0]
    assert [(part.kind, part.words) for part in before] == [
        (Kind.ROWS_UNDER_18, service_words.FOR_UNDER_18),
        (Kind.ROWS_ADULT, service_words.FOR_ADULTS),
    ]
    assert [part.kind for part in after] == [Kind.ROWS_ADULT]


def test_a_threat_is_told_to_whom_it_concerns() -> None:
    """To whoever helps, the words are about the other person; both are asked about under-18s."""
    own, their = said(SCREENS["threat"], When.FOR_SELF), said(SCREENS["threat"], When.FOR_THEM)
    assert own.startswith("You do not have to answer. You do not have to pay.")
    assert their.startswith("They do not have to answer. They do not have to pay.")
    assert "You" not in their
    assert "HAND_OFF" in {one.to for one in SCREENS["threat"].choices}


def test_the_start_says_whether_there_is_a_service() -> None:
    """Nobody is told that companies use it where nothing can be sent."""
    for face in FACES:
        assert "Companies that take part" in said(SCREENS["start"], face, When.SERVICE)
        assert "Companies" not in said(SCREENS["start"], face, When.NO_SERVICE)
        assert "No service is set up here yet." in said(SCREENS["start"], face, When.NO_SERVICE)


def test_platforms_are_named_with_their_month_or_not_at_all() -> None:
    """They come from data; without a row that holds, the service's own page is named alone."""
    assert "Reported in {month} as taking part: {platforms}." in said(SCREENS["stopncii"], When.PLATFORMS_KNOWN)
    assert "{" not in said(SCREENS["stopncii"])
    assert "See its own page for today's list." in said(SCREENS["stopncii"])


def test_a_page_shows_no_key_and_no_command() -> None:
    """Words that name them are the terminal's; those of the page name no terminal."""
    for screen in SCREENS.values():
        on_page = " ".join(
            [said(screen, *(set(When) - {When.TERMINAL}))]
            + [one.words for one in screen.choices if When.TERMINAL not in one.when]
        )
        if screen.id != "no_script":
            assert not re.search(r"Ctrl|\bEnter\b(?! an)|hashclient|terminal", on_page), screen.id
        at_terminal = said(screen, *(set(When) - {When.PAGE}))
        assert not re.search(r"[Tt]his page|browser|button", at_terminal) or screen.id in OF_THE_FRAME, screen.id


def test_words_belong_to_screens_and_places_may_have_a_heading() -> None:
    """A paragraph has words; a place that a face fills may have none."""
    for screen in SCREENS.values():
        for part in screen.parts:
            assert part.words is not None or part.kind in PLACES


def test_every_sentence_is_marked_and_stands_once() -> None:
    """All of them can be translated, and no whole sentence was written twice; a short answer may be."""
    written: dict[str, int] = {}
    for message in {id(one): one for one in messages()}.values():
        assert isinstance(message, Message)
        written[message] = written.get(message, 0) + 1
    assert not [words for words, times in written.items() if times > 1 and words.endswith(".")]


def messages() -> Iterator[object]:
    """Give every title, paragraph, choice and note of the screens, and all words of the questions."""
    for screen in (*SCREENS.values(), *PAGE_SCREENS.values()):
        if screen.title is not None:
            yield screen.title
        yield from (part.words for part in screen.parts if part.words is not None)
        for one in screen.choices:
            yield one.words
            if one.note is not None:
                yield one.note
    for question in (*QUESTIONS.values(), *questions.FOR_THEM.values()):
        yield from (question.text, question.why, *question.answers.values(), *question.notes.values())
    for row in screens.ROWS.values():
        yield row.name
    yield from screens.ACTIONS


def test_every_task_has_a_name_and_its_own_screen_or_command() -> None:
    """So that nothing on the list leads nowhere."""
    assert {*screens.ROWS} == {*Task}
    for task, row in screens.ROWS.items():
        assert row.name
        assert row.to == task or row.to in screens.ELSEWHERE


def readable() -> Iterator[tuple[str, list[str]]]:
    """Give each screen and question as the paragraphs a person reads, a face at a time."""
    for face in FACES:
        for screen in SCREENS.values():
            so = set(When) - set(FACES) | {face}
            parts = [part.words for part in screen.parts if part.words and screens.is_shown(part, so)]
            for part in screen.parts:
                if part.kind in {Kind.ACTIONS, Kind.ACTIONS_UNDER_18}:
                    parts += screens.ACTIONS if part.kind is Kind.ACTIONS else screens.ACTIONS_UNDER_18
            chosen = [words for one in screen.choices for words in (one.words, one.note) if words]
            yield f"{screen.id} {face}", [str(one) for one in (screen.title, *parts, *chosen) if one]
    for asked in Asked:
        for who in ("me", "asked_me"):
            question = questions.worded(asked, Answers(who=who))
            yield (
                f"{asked} {who}",
                [
                    question.text,
                    str(question.clause or ""),
                    question.why,
                    *(question.details or ()),
                    *question.answers.values(),
                    *question.notes.values(),
                ],
            )
    for screen in PAGE_SCREENS.values():
        chosen = [words for one in screen.choices for words in (one.words, one.note) if words]
        parts = [part.words for part in screen.parts if part.words]
        yield f"{screen.id} page", [str(one) for one in (screen.title, *parts, *chosen) if one]
    for question in files.FILE_QUESTIONS.values():
        yield question.id, [question.text, question.why, *question.answers.values(), *question.notes.values()]
    yield "list", [str(words) for row in screens.ROWS.values() for words in (row.name, row.line) if words]
    yield "actions", [*screens.ACTIONS]
    yield "actions under 18", [*screens.ACTIONS_UNDER_18]
    yield "commands", [*terminal.COMMANDS.values(), *terminal.GOES_ON.values()]


@pytest.mark.parametrize(("name", "paragraphs"), [*readable()])
def test_a_twelve_year_old_can_read_it(name: str, paragraphs: list[str]) -> None:
    """No screen and no question is above the grade."""
    assert grade(paragraphs) <= HARDEST, name


def test_the_grade_tells_hard_from_easy() -> None:
    """Syllables are counted, long sentences weigh, and few words say nothing."""
    assert [syllables(word) for word in ("cat", "little", "made", "wanted", "opened", "device")] == [1, 2, 1, 2, 2, 2]
    easy = [
        "You can stop at any time. We ask you a few things first. You can skip most of them. We will help you then."
    ]
    hard = (
        "The organisation responsible for administering notifications subsequently communicates individualised "
        "determinations concerning the identification of substantially similar representations to every participating "
        "intermediary."
    )
    assert grade(easy) < 3
    assert grade([hard, hard]) > 15
    assert grade(["Few words."]) == 0


def test_a_question_shows_all_of_itself_where_only_words_and_reason_fit() -> None:
    """The clause on fakes and what counts are never lost."""
    age = questions.unfolded(QUESTIONS[Asked.AGE])
    assert age.text == joined(QUESTIONS[Asked.AGE].text, QUESTIONS[Asked.AGE].clause or "")
    assert "A fake or changed picture counts too" in age.text
    assert "the chest, genitals or bottom" in questions.unfolded(QUESTIONS[Asked.INTIMATE]).why
    assert questions.unfolded(QUESTIONS[Asked.HAVE]) == QUESTIONS[Asked.HAVE]


def test_choices_stand_where_their_part_says() -> None:
    """What stands in a part is one of the screen's choices, and in one part alone."""
    of_choices = {Kind.CHOICES, Kind.DOORS, Kind.CARE, Kind.CARD}
    for screen in SCREENS.values():
        named = [name for part in screen.parts if part.kind in of_choices for name in part.row.split()]
        assert len(named) == len({*named}), screen.id
        assert {*named} <= {one.does or one.to for one in screen.choices}, screen.id
