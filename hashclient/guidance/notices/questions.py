"""Hold the questions that more than one law asks, with their words for the person shown and for someone who acts for them.

What a law alone asks stands with that law. Words are those of the screens; what a platform reads of an answer is its
`legal`, which stays English.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from hashclient.guidance.notices.regime import (
    ANY,
    AnswerKind,
    ByWho,
    Confidence,
    Element,
    NoticeChoice,
    NoticeField,
    Sentence,
    Statement,
    alike,
)
from hashclient.guidance.notices.words import NO_AUTHORITY
from hashclient.messages import Message, _

LAST_LOOKED: Final = date(2026, 11, 25)
"""Day on which sources without a day of their own were last looked at."""
_LINE: Final = 120
"""Most letters of a short answer."""
_OWN_WORDS: Final = 300
"""Most letters of the one answer in own words."""


def choices(**offered: NoticeChoice) -> Mapping[str, NoticeChoice]:
    """Return choices by id, in the order shown."""
    return MappingProxyType(offered)


ADDRESSES: Final = NoticeField(
    "addresses",
    "notice_where",
    alike(_("Where is it?")),
    AnswerKind.ADDRESSES,
    notes=(_("One address a line, up to 50."),),
)
ACCOUNT: Final = NoticeField(
    "account",
    "notice_where",
    alike(_("Which account shows it?")),
    AnswerKind.LINE,
    notes=(_("Its name, as the site or app writes it."),),
    most=_LINE,
    unless={"addresses": ANY},
)
POSTED: Final = NoticeField(
    "posted",
    "notice_where",
    alike(_("When was it posted?")),
    AnswerKind.LINE,
    notes=(_("The date, as well as you know it."),),
    most=_LINE,
    unless={"addresses": ANY},
)
FIND: Final = NoticeField(
    "find",
    "notice_where",
    alike(_("How can they find it?")),
    AnswerKind.LINE,
    notes=(_("Words that lead there, such as the name of a group. Do not say what it shows."),),
    most=_OWN_WORDS,
    unless={"addresses": ANY},
)
ADDRESS_OR_ACCOUNT: Final = (ADDRESSES, ACCOUNT, POSTED, FIND)
"""For laws that take words where an app has no addresses."""

WHO_ASKS: Final = NoticeField(
    "who",
    "notice_who",
    alike(_("Who asks?")),
    AnswerKind.ONE,
    choices(
        self=NoticeChoice(alike(_("I am the person shown"))),
        represented=NoticeChoice(alike(_("I act for them, and they agreed"))),
    ),
    notes=(_("Someone can sign for you, so that your name stays out."),),
)
FORGED: Final = NoticeField(
    "forged",
    "notice_what",
    alike(_("What is it?")),
    AnswerKind.ONE,
    choices(
        real=NoticeChoice(ByWho(_("An intimate picture or video of me"), _("An intimate picture or video of them"))),
        fake=NoticeChoice(
            ByWho(_("A fake or changed one that shows me so"), _("A fake or changed one that shows them so"))
        ),
    ),
)
SHOWN_BY: Final = NoticeField(
    "shown_by",
    "notice_what",
    ByWho(_("How can one see that it is you?"), _("How can one see that it is them?")),
    AnswerKind.ONE,
    choices(
        face=NoticeChoice(alike(_("The face")), alike("the face")),
        mark=NoticeChoice(alike(_("A mark on the body")), alike("a mark on the body")),
        name=NoticeChoice(alike(_("A name beside it")), alike("a name beside it")),
        other=NoticeChoice(alike(_("Something else")), alike("another feature shown with it")),
    ),
)
CONSENT_SHOWN: Final = NoticeField(
    "consent_shown",
    "notice_what",
    ByWho(
        _("What shows that it was shared without your consent?"),
        _("What shows that it was shared without their consent?"),
    ),
    AnswerKind.MANY,
    choices(
        never_agreed=NoticeChoice(
            ByWho(_("I never agreed to share it."), _("They never agreed to share it.")),
            ByWho("I never agreed to share it.", "That person never agreed to share it."),
        ),
        private=NoticeChoice(alike(_("It was private, for one person.")), alike("It was private, for one person.")),
        not_known=NoticeChoice(
            ByWho(_("It was taken without my knowledge."), _("It was taken without their knowledge.")),
            ByWho("It was taken without my knowledge.", "It was taken without that person's knowledge."),
        ),
        fake=NoticeChoice(alike(_("It is fake.")), alike("It is fake.")),
        asked_before=NoticeChoice(
            ByWho(_("I asked for removal before."), _("They asked for removal before.")),
            ByWho("I asked for removal before.", "That person asked for removal before."),
        ),
    ),
)
OWN_WORDS: Final = NoticeField(
    "own_words",
    "notice_what",
    alike(_("Do you want to add words of your own?")),
    AnswerKind.LINE,
    notes=(_("Only what the platform needs. 300 letters at most."),),
    most=_OWN_WORDS,
)
EMAIL: Final = NoticeField(
    "email",
    "notice_contact",
    alike(_("At which e-mail address can they answer?")),
    AnswerKind.EMAIL,
    notes=(_("Use a new address without your name in it."),),
)
NAME: Final = NoticeField(
    "name",
    "notice_contact",
    ByWho(_("Which name do you sign with?"), _("Which name do you sign with, for them?")),
    AnswerKind.LINE,
    notes=(_("A typed name counts as a signature. It is the name of whoever signs."),),
    most=_LINE,
)
SIGNED: Final = NoticeField("signed", "notice_contact", alike(_("Which day do you sign?")), AnswerKind.DAY)

AUTHORITY: Final = Statement(
    "authority",
    alike(""),
    alike(_("The person shown asked me to act for them, and agreed to it.")),
    who=("represented",),
)
"""Our own question, where a law has no such sentence: nobody asks for someone who did not agree."""
MAY_ACT: Final = Element(
    "authority",
    _("That you may act for them"),
    (("authority",),),
    Confidence.INFERRED,
    alike(NO_AUTHORITY),
    who=("represented",),
    is_ours=True,
)

PLACE: Final = (
    Sentence(
        alike("Posted by: {account}."),
        alike(_("The account that shows it: {account}.")),
    ),
    Sentence(alike("Date: {posted}."), alike(_("When it was posted: {posted}."))),
    Sentence(alike("How to find it: {find}."), alike(_("How to find it: {find}."))),
)
"""Where it is, in words."""
OWN_SENTENCE: Final = Sentence(alike("{own_words}"), alike(Message("{own_words}")))
