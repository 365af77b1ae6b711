"""Hold the questions, with their answers and the reason for asking, and say which answers make a declaration.

Each question stands alone, says why it is asked, and has no preselected answer. Where an answer leads is in `triage`, by
the same ids.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from hashclient.guidance.declarations import (
    ADULT,
    INTIMATE,
    NO_CONSENT,
    NOT_AGREEING,
    REPRESENTED,
    SELF,
    YOU_DECLARE,
)
from hashclient.guidance.triage import FOR_ANOTHER, Answers, Asked
from hashclient.messages import Message, _, _p, joined


class Question(NamedTuple):
    """One question: its words, the reason for asking, and its answers by id, in the order shown."""

    id: str
    text: str
    why: str
    answers: Mapping[str, str] = MappingProxyType({})
    """Words by answer id. Empty if anything may be typed."""
    notes: Mapping[str, str] = MappingProxyType({})
    """What stands under an answer without being part of it, by answer id."""
    clause: Message | None = None
    """What stands under the question, always shown."""
    details: tuple[Message, Message] | None = None
    """What a page shows on demand, and a terminal beneath the reason: a title, and the words."""
    error: Message | None = None
    """What is said where none of the answers was chosen."""


def _answers(**words: str) -> Mapping[str, str]:
    return MappingProxyType(words)


_SKIP: Final = _("Skip")
_UNSURE: Final = _("I am not sure")

QUESTIONS: Final[Mapping[Asked, Question]] = MappingProxyType({
    Asked(one.id): one
    for one in (
        Question(
            "safe_now",
            _("Are you safe right now?"),
            _("if you are not, other help comes first. You can skip this."),
            _answers(yes=_("Yes, for now"), no=_("No, or I am not sure"), skip=_SKIP),
        ),
        Question(
            "device",
            _("Can someone else see or check this device?"),
            _(
                "what you do here could be seen. A partner or parent may know the password, or may have put a watching "
                "program on it."
            ),
            _answers(private=_("No"), seen=_("Yes, they can"), unsure=_UNSURE, skip=_SKIP),
        ),
        Question(
            "age",
            _p("age_gate", "Was anyone in any of these pictures under 18 when it was made?"),
            _p(
                "age_gate",
                "pictures of under-18s go to a service that is made for them. This tool must not handle them.",
            ),
            _answers(
                all_adult=_p("age_gate", "No. Everyone was 18 or over"),
                under_18=_p("age_gate", "Yes, someone was, or may have been"),
                unsure=_p("age_gate", "I am not sure"),
            ),
            _answers(
                under_18=_p("age_gate", "This answer stays here and is forgotten. We show who can help."),
                unsure=_p("age_gate", "Then the service for under-18s is the safe choice."),
            ),
            clause=_p(
                "age_gate",
                "A fake or changed picture counts too: if it shows someone as under 18, or was made from a photo of "
                "someone under 18, choose Yes.",
            ),
            error=_p("age_gate", "Please choose one. If you do not want to answer, you can stop here."),
        ),
        Question(
            "who",
            _("Who is in the pictures?"),
            _(
                "only the person shown, or someone they asked, can make this request. It is their picture and their "
                "choice."
            ),
            _answers(
                me=_("Me (also if others are in it)"),
                asked_me=_("Someone who asked me to help"),
                professional=_("I help for a living (helpline, lawyer, platform)"),
                not_asked=_("Someone who has not asked me"),
            ),
        ),
        Question(
            "permission",
            _("Has that person agreed, knowing what is sent and to whom?"),
            _("it must be their choice, even if you mean well."),
            _answers(yes=_("Yes"), no=_("No, or not yet"), unsure=_UNSURE),
        ),
        Question(
            "intimate",
            _("Is the person nude, partly nude, in underwear, or in a sexual act, or made to look so?"),
            _("services take only such pictures."),
            _answers(yes=_("Yes"), no=_("No"), unsure=_UNSURE),
            details=(
                _("What counts"),
                _(
                    "It counts if the chest, genitals or bottom are bare or only in underwear, if it shows a sexual act, "
                    "or if a computer made it look so. In Australia the law also covers someone shown without the "
                    "religious or cultural clothing they always wear in public."
                ),
            ),
        ),
        Question(
            "consent",
            _("Did you agree to this being shared, or, if it is fake, to it being made?"),
            _("taking a picture, or sending it to one person, is not agreeing to share it."),
            _answers(
                no=_("No, I did not (a threat counts)"),
                pressed=_("I was pressed, threatened or tricked into saying yes"),
                posted_elsewhere=_("I posted it in one place, and it was taken elsewhere"),
                agreed_before=_("I agreed before, and no longer"),
                agreed=_("I agreed"),
            ),
            _answers(pressed=_("That is not agreeing.")),
        ),
        Question(
            "situation",
            _("What has happened so far?"),
            _("to put the most helpful step first. You can skip this."),
            _answers(
                online_known=_("It is online, and I know where"),
                online_unknown=_("It is online, I do not know where"),
                chat=_("It is going round in chats or messages"),
                threat=_("Someone says they will share it"),
                nothing_yet=_("Nothing yet. I am worried"),
                skip=_SKIP,
            ),
        ),
        Question(
            "have",
            _("What do you have of it?"),
            _(
                "a fingerprint is made from the file. Please do not go and get a copy. A fake is enough: you need no "
                "original."
            ),
            _answers(
                here=_("The file, on this device"),
                other_device=_("The file, on my phone or another device"),
                link_only=_("Only a link or page address"),
                neither=_("Neither"),
                skip=_SKIP,
            ),
        ),
    )
})  # fmt: skip
"""The questions of the triage, by id, in the words for whoever is in the pictures."""

FOR_THEM: Final[Mapping[Asked, Question]] = MappingProxyType({
    Asked.CONSENT: QUESTIONS[Asked.CONSENT]._replace(
        text=_("Did they agree to this being shared, or, if it is fake, to it being made?"),
        answers=_answers(
            no=_("No, they did not (a threat counts)"),
            pressed=_("They were pressed, threatened or tricked into saying yes"),
            posted_elsewhere=_("They posted it in one place, and it was taken elsewhere"),
            agreed_before=_("They agreed before, and no longer"),
            agreed=_("They agreed"),
        ),
    )
})  # fmt: skip
"""The same for whoever helps someone else, where the words differ."""


def worded(asked: Asked, answers: Answers) -> Question:
    """Return a question in the words that fit who is in the pictures."""
    return (FOR_THEM if answers.who in FOR_ANOTHER else {}).get(asked, QUESTIONS[asked])


def unfolded(question: Question) -> Question:
    """Return a question with everything that belongs to it in view, for faces that only show its words and its reason."""
    return question._replace(
        text=joined(question.text, question.clause or ""),
        why=joined(question.why, question.details[1] if question.details else ""),
        clause=None,
        details=None,
    )


def declaring(asked: Asked, answers: Answers) -> Question:
    """Return a question as it stands before a request is made: under each answer that makes a declaration, the declaration."""
    question = unfolded(worded(asked, answers))
    made = {Asked.AGE: {"all_adult": ADULT}, Asked.WHO: {"me": SELF}, Asked.PERMISSION: {"yes": REPRESENTED},
            Asked.INTIMATE: {"yes": INTIMATE}}.get(asked, {})  # fmt: skip
    notes = {answer: YOU_DECLARE.format(declaration=words) for answer, words in made.items()}
    if asked is Asked.CONSENT:
        fourth = NO_CONSENT["represented" if answers.who in FOR_ANOTHER else "self"]
        notes = dict.fromkeys(("no", "pressed"), joined(YOU_DECLARE.format(declaration=fourth), NOT_AGREEING))
    return question._replace(notes=_answers(**{**question.notes, **notes}))


COUNTRY: Final = Question(
    "country",
    _("Which country are you in?"),
    _("so that help near you can be shown. Your answer stays on this device and is not kept."),
)
UNDER_18_NOW: Final = Question(
    "under_18_now",
    _p("hand_off", "Are you under 18 now?"),
    _p("hand_off", "one service is only for people under 18 today."),
    _answers(yes=_p("hand_off", "Yes"), no=_p("hand_off", "No"), not_said=_p("hand_off", "I'd rather not say")),
)
