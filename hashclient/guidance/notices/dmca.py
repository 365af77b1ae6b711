"""Hold what a copyright notice in the United States asks (17 USC 512(c)(3)(A)): built, and off until the law was read.

It comes last. Whoever is led here meanwhile gets its warning, and who can help.
"""

from datetime import timedelta
from typing import Final

from hashclient.guidance.notices.questions import ADDRESSES, EMAIL, FORGED, LAST_LOOKED, NAME, SIGNED, WHO_ASKS, choices
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
    Statement,
    alike,
    said,
)
from hashclient.guidance.notices.words import CLAIM_THE_PHOTO_ALONE, NOTICE_DMCA_WARNING
from hashclient.messages import _

_COPIES: Final = "17 U.S.C. 512(c)(3)(A), as quoted alike in four places"

_WARNING: Final = NoticeField(
    "warning",
    "notice_dmca_warning",
    alike(NOTICE_DMCA_WARNING.title),
    AnswerKind.ONE,
    choices(read=NoticeChoice(alike(NOTICE_DMCA_WARNING.answers["read"]))),
    notes=NOTICE_DMCA_WARNING.text,
)
_RIGHTS: Final = NoticeField(
    "rights",
    "notice_what",
    ByWho(_("Why is the picture yours?"), _("Why is the picture theirs?")),
    AnswerKind.ONE,
    choices(
        taken=NoticeChoice(ByWho(_("I took it (a selfie counts)"), _("They took it (a selfie counts)"))),
        held=NoticeChoice(ByWho(_("I hold its copyright"), _("They hold its copyright"))),
    ),
)
_MADE: Final = NoticeField(
    "made",
    "notice_what",
    alike(_("When was it taken, about?")),
    AnswerKind.LINE,
    notes=(_("Month and year are enough, like June 2025."),),
    most=40,
)
_CONTACT: Final = NoticeField(
    "contact",
    "notice_contact",
    alike(_("What is the address or telephone number of whoever signs?")),
    AnswerKind.LINE,
    notes=(_("The site may pass it on. A friend, a lawyer or a helpline can sign in your place."),),
    most=200,
)
_NOT_AUTHORISED: Final = Statement(
    "not_authorised",
    alike(
        "I have a good faith belief that use of the material in the manner complained of is not authorized by the copyright "
        "owner, its agent, or the law."
    ),
    alike(
        _("I believe in good faith that the owner, someone who acts for the owner, or the law did not allow this use.")
    ),
)
_ACCURATE: Final = Statement(
    "accurate",
    ByWho(
        "The information in this notice is accurate, and under penalty of perjury, I am the owner of an exclusive right that "
        "is allegedly infringed.",
        "The information in this notice is accurate, and under penalty of perjury, I am authorized to act on behalf of the "
        "owner of an exclusive right that is allegedly infringed.",
    ),
    ByWho(
        _("What I say here is right. I swear that I own the right that was broken; a false oath is a crime."),
        _(
            "What I say here is right. I swear that I may act for the owner of the right that was broken; a false oath is a crime."
        ),
    ),
)
_PHOTO_ALONE: Final = Statement(
    "photo_alone",
    alike(""),
    alike(_("I claim only the photo that the fake was made from.")),
    only={"forged": "fake"},
)

DMCA: Final = Regime(
    id="dmca",
    name=_("Copyright (DMCA), as a last way"),
    note=_("Only for a picture that you took, or whose copyright you hold."),
    gives=Gives.NOTICE,
    law="17 U.S.C. 512(c)(3)",
    source=_COPIES,
    source_date=LAST_LOOKED,
    questions=(_WARNING, ADDRESSES, WHO_ASKS, _RIGHTS, _MADE, FORGED, EMAIL, _CONTACT, NAME, SIGNED),
    statements=(_NOT_AUTHORISED, _ACCURATE, _PHOTO_ALONE),
    elements=(
        Element(
            "warning",
            _("The warning was read"),
            (("warning",),),
            Confidence.INFERRED,
            alike(_("Read the warning first. It says what the site may tell the other side.")),
            is_ours=True,
        ),
        Element(
            "D1",
            _("A signature: a typed name and the day"),
            (("name", "signed"),),
            Confidence.REPORTED,
            ByWho(
                _("The law asks for the signature of the owner, or of someone who acts for the owner."),
                _("The law asks for your signature, as the one who acts for the owner."),
            ),
        ),
        Element(
            "D2",
            _("The work"),
            (("rights", "made"),),
            Confidence.REPORTED,
            ByWho(
                _("The law asks which work it is. Say that you took it or hold its copyright, and when it was taken."),
                _("The law asks which work it is. Say that they took it or hold its copyright, and when it was taken."),
            ),
        ),
        Element(
            "D2-fake",
            _("Only the photo, not the fake"),
            (("photo_alone",),),
            Confidence.INFERRED,
            alike(CLAIM_THE_PHOTO_ALONE),
            is_ours=True,
            only={"forged": "fake"},
        ),
        Element(
            "D3",
            _("Where it is"),
            (("addresses",),),
            Confidence.REPORTED,
            ByWho(
                _("The law asks where it is. Give the page address."),
                _("The law asks where their picture is. Give the page address."),
            ),
        ),
        Element(
            "D4",
            _("How they can reach whoever signs: e-mail, and an address or telephone"),
            (("email", "contact"),),
            Confidence.REPORTED,
            ByWho(
                _("The law asks how they can reach you. Give an e-mail address, and an address or a telephone number."),
                _(
                    "The law asks how they can reach whoever signs. Give your e-mail address, and an address or a telephone number."
                ),
            ),
        ),
        Element(
            "D5",
            _("The belief, in good faith, that it is not allowed"),
            (("not_authorised",),),
            Confidence.REPORTED,
            ByWho(
                _(
                    "The law asks you to say that you believe, in good faith, that this use is not allowed. Tick it, if it is true."
                ),
                _(
                    "The law asks whoever signs to believe, in good faith, that this use is not allowed. Tick it, if it is true."
                ),
            ),
        ),
        Element(
            "D6",
            _("That it is right, and that you may act"),
            (("accurate",),),
            Confidence.REPORTED,
            ByWho(
                _("The law asks you to swear that you own the right. Tick it, if it is true."),
                _("The law asks you to swear that you may act for the owner. Tick it, if it is true."),
            ),
        ),
    ),
    subject="Notice of claimed infringement (17 U.S.C. 512(c)(3))",
    text=(
        (
            (
                Sentence(
                    ByWho(
                        "Work: a photograph taken by me, made about {made}, not published with my permission.",
                        "Work: a photograph taken by the person I act for, made about {made}, not published with that person's "
                        "permission.",
                    ),
                    ByWho(
                        _("The work: a photo that I took about {made}. I did not allow anyone to publish it."),
                        _(
                            "The work: a photo that the person I act for took about {made}. They did not allow anyone to publish it."
                        ),
                    ),
                    {"rights": "taken"},
                ),
                Sentence(
                    ByWho(
                        "Work: a photograph whose copyright I hold, made about {made}, not published with my permission.",
                        "Work: a photograph whose copyright the person I act for holds, made about {made}, not published with that "
                        "person's permission.",
                    ),
                    ByWho(
                        _(
                            "The work: a photo made about {made}. I hold its copyright, and did not allow anyone to publish it."
                        ),
                        _(
                            "The work: a photo made about {made}. The person I act for holds its copyright, "
                            "and did not allow anyone to publish it."
                        ),
                    ),
                    {"rights": "held"},
                ),
            ),
            (
                Sentence(
                    alike("Material to be removed:\n{addresses}"), alike(_("What is to be taken down:\n{addresses}"))
                ),
            ),
            (
                Sentence(
                    ByWho(
                        "It is an altered image made from my photograph.",
                        "It is an altered image made from that person's photograph.",
                    ),
                    ByWho(
                        _("It was made from my photo, and changed."), _("It was made from their photo, and changed.")
                    ),
                    {"forged": "fake"},
                ),
            ),
        ),
        ((said(_NOT_AUTHORISED),), (said(_ACCURATE),)),
        (
            (Sentence(alike("Contact: {contact}, {email}"), alike(_("Contact: {contact}, {email}"))),),
            (
                Sentence(
                    alike("Signed electronically: {name}, {signed}"),
                    alike(_("Signed by typing a name: {name}, {signed}")),
                ),
            ),
        ),
    ),
    facts=(
        Fact(
            "dmca_back",
            _("If the other side answers, it may come back after 10 to 14 working days, unless you go to court."),
            Confidence.PRIMARY,
            "112 Stat. 2883",
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "dmca_works",
            _("In a study of one site in 2024, 25 of 25 such notices worked, and 0 of 25 reports of nudity."),
            Confidence.REPORTED,
            "arXiv 2409.12138, on X, before the law of 2025",
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "dmca_false",
            _("Whoever makes a false claim can be made to pay for it."),
            Confidence.UNCHECKED,
            "17 U.S.C. 512(f); not read yet",
            LAST_LOOKED,
        ),
        Fact(
            "dmca_clock",
            _("They have to act fast."),
            Confidence.UNCHECKED,
            "17 U.S.C. 512(c)(1); not read yet",
            LAST_LOOKED,
        ),
        Fact(
            "dmca_next",
            _("Ask a lawyer or a helpline what you can do next."),
            Confidence.INFERRED,
            "our own advice",
            LAST_LOOKED,
            "next",
        ),
    ),
    awaits=_("We have not read this law in the law itself yet, so there is no text for it here."),
    look_after=timedelta(days=7),
)
