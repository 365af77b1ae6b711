"""Hold the questions that come before any file is opened, with their answers and the reason for asking.

Each question stands alone, says why it is asked, and has no preselected answer. The declarations in the answers are
what the person affirms, word for word: changing one of them, or the note under the fourth, needs a new
`Declarations.wording`. These are 2. What follows from an answer is left to the faces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Question:
    """One question: its words, the reason for asking, and its answers by id, in the order shown."""

    id: str
    text: str
    why: str
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Words by answer id. Empty if anything may be typed."""
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What stands under an answer without being part of it, by answer id."""


def _answers(**words: str) -> Mapping[str, str]:
    return MappingProxyType(words)


ADULT: Final = (
    "Everyone in these images was 18 or over when they were made. "
    "None is made to look under 18, or made from a photo of someone under 18."
)
SELF: Final = "I am in these images."
REPRESENTED: Final = "The person in these images asked me to act, and agreed, knowing what is sent and to whom."
INTIMATE: Final = "Each image is nude, partly nude or sexual, or made to look so."
NO_CONSENT: Final = {
    "self": "I did not agree to this being shared, or, if fake, made. (A threat counts.)",
    "represented": "They did not agree to this being shared, or, if fake, made. (A threat counts.)",
}
"""The fourth declaration, by who is in the images."""
NOT_AGREEING: Final = "A yes that was pressed, threatened or tricked out of you is not agreeing."
"""Stands under the fourth declaration wherever it is shown, and is no part of it."""

AGE: Final = Question(
    "age",
    "Was anyone in any of these images under 18 when it was made? "
    "If an image is fake or changed: does it show someone as under 18, or was it made from a photo of someone under 18?",
    "Images of under-18s go to a different service that is made for them. This tool cannot handle them.",
    _answers(all_adult=f"No. {ADULT}", under_18="Yes, someone was or may have been.", unsure="I am not sure."),
)
WHO: Final = Question(
    "who",
    "Who is in the images?",
    "Only the person shown, or someone they asked, can make this request. "
    "It is their image and their choice, and the case number and PIN are theirs.",
    _answers(self=SELF, represented=REPRESENTED, neither="Neither."),
)
EACH_INTIMATE: Final = Question(
    "intimate",
    "Is the person nude, partly nude or in underwear, or in a sexual act, or made to look so?",
    "Services accept only such images.",
    _answers(yes=f"Yes. {INTIMATE}", no="No, or not in each of them.", unsure="I am not sure."),
)
CONSENT: Final = {
    who: Question(
        "consent",
        f"Did {subject} agree to this being shared, or, if fake, to it being made?",
        "Agreeing to a photo being taken, or sending it to one person, is not agreeing to it being shared.",
        _answers(
            no=f"No. {NO_CONSENT[who]}",
            agreed_before=f"{spoken} agreed before, and no longer.",
            agreed=f"{spoken} agreed.",
        ),
        _answers(no=NOT_AGREEING),
    )
    for who, subject, spoken in (("self", "you", "I"), ("represented", "the person", "They"))
}
"""The question of consent, by who is in the images."""

COUNTRY: Final = Question(
    "country",
    "Which country are you in?",
    "So that help near you can be shown. Your answer stays on this device and is not kept.",
)
UNDER_18_NOW: Final = Question(
    "under_18_now",
    "Are you under 18 now?",
    "One service is only for people under 18 today.",
    _answers(yes="Yes.", no="No."),
)
