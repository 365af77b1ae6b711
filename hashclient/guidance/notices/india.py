"""Hold what India's IT Rules of 2021 ask (rule 3(2)(b), as amended in 2026): a short text for the platform's own form."""

from datetime import date
from typing import Final

from hashclient.guidance.notices.questions import ADDRESSES, AUTHORITY, EMAIL, MAY_ACT, WHO_ASKS, choices
from hashclient.guidance.notices.regime import (
    AnswerKind,
    ByWho,
    Confidence,
    Element,
    Fact,
    Gives,
    NoticeChoice,
    NoticeField,
    Regime,
    Sentence,
    alike,
)
from hashclient.messages import _

_RULE: Final = "IT Rules 2021, rule 3(2)(b), with G.S.R. 120(E) of 10 February 2026, as reported in five places"
_AMENDED: Final = date(2026, 2, 10)

_CONTENT_SHOWN: Final = NoticeField(
    "content",
    "notice_what",
    alike(_("What is it?")),
    AnswerKind.ONE,
    choices(
        nudity=NoticeChoice(alike(_("Nudity")), alike("nudity")),
        private_area=NoticeChoice(alike(_("A private area of the body")), alike("private area")),
        sexual_act=NoticeChoice(alike(_("A sexual act")), alike("a sexual act")),
        morphed=NoticeChoice(alike(_("A fake or changed picture")), alike("an artificially morphed image")),
    ),
)

INDIA: Final = Regime(
    id="in",
    name=_("India: a complaint to the site's Grievance Officer"),
    note=_("For people in India. A short text to paste into the site's own form."),
    gives=Gives.PASTE,
    law="IT Rules 2021, rule 3(2)(b)",
    source=_RULE,
    source_date=_AMENDED,
    questions=(ADDRESSES, WHO_ASKS, _CONTENT_SHOWN, EMAIL),
    statements=(AUTHORITY,),
    elements=(
        Element(
            "I1",
            _("The page addresses"),
            (("addresses",),),
            Confidence.REPORTED,
            ByWho(
                _("The complaint needs to say where it is. Give the page address."),
                _("The complaint needs to say where they are shown. Give the page address."),
            ),
        ),
        Element(
            "I2",
            _("For whom the complaint is"),
            (("who",),),
            Confidence.REPORTED,
            alike(_("The complaint needs to say for whom it is: for you, or for someone who asked you.")),
        ),
        Element(
            "I3",
            _("What kind of picture it is"),
            (("content",),),
            Confidence.REPORTED,
            ByWho(
                _("The complaint needs to say what kind of picture of you it is. Choose one."),
                _("The complaint needs to say what kind of picture of them it is. Choose one."),
            ),
        ),
        Element(
            "I4",
            _("How they can reach whoever complains"),
            (("email",),),
            Confidence.REPORTED,
            ByWho(
                _("The complaint needs a way to reach you. Give an e-mail address."),
                _("The complaint needs a way to reach you, who write for them. Give an e-mail address."),
            ),
        ),
        MAY_ACT,
    ),
    subject="",
    text=(
        (
            (
                Sentence(
                    alike("To the Grievance Officer: complaint under rule 3(2)(b) of the IT Rules, 2021."),
                    alike(_("To the Grievance Officer: a complaint under rule 3(2)(b) of the IT Rules, 2021.")),
                ),
            ),
            (Sentence(alike("Content:\n{addresses}"), alike(_("Where it is:\n{addresses}"))),),
            (
                Sentence(
                    ByWho(
                        "It is {content} of me, without consent.",
                        "It is {content} of the person on whose behalf I complain, without consent.",
                    ),
                    ByWho(
                        _("It shows this, of me, without consent: {content}."),
                        _("It shows this, of the person for whom I complain, without consent: {content}."),
                    ),
                ),
            ),
            (
                Sentence(
                    alike("Please remove or disable access. Contact: {email}."),
                    alike(_("Please take it down, or close it off. Contact: {email}.")),
                ),
            ),
        ),
    ),
    facts=(
        Fact(
            "in_clock",
            _("They have 2 hours for such a complaint. Look again today."),
            Confidence.REPORTED,
            _RULE,
            _AMENDED,
            "clock",
        ),
        Fact(
            "in_three_hours",
            _("The 3 hours of which many speak are for orders of courts and of the state."),
            Confidence.REPORTED,
            _RULE,
            _AMENDED,
            "after",
        ),
        Fact(
            "in_appeal",
            _("You can appeal to the Grievance Appellate Committee."),
            Confidence.UNCHECKED,
            "no source yet",
            date(2026, 11, 25),
        ),
        Fact(
            "in_portal",
            _(
                "You can report it to the police on the page below, too. In some countries telling the police can be risky for "
                "you. Talk to a helpline or a lawyer first."
            ),
            Confidence.REPORTED,
            "cybercrime.gov.in, as reported",
            date(2026, 11, 25),
            "next",
        ),
    ),
    services=("in-nccrp",),
)
