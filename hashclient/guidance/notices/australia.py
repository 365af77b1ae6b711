"""Hold what eSafety in Australia asks (Online Safety Act 2021, sections 32 and 33): a list for its form, never a text to a site."""

from typing import Final

from hashclient.guidance.notices.questions import (
    ACCOUNT,
    ADDRESSES,
    AUTHORITY,
    EMAIL,
    LAST_LOOKED,
    MAY_ACT,
    WHO_ASKS,
    choices,
)
from hashclient.guidance.notices.regime import (
    ANY,
    AnswerKind,
    ByWho,
    Confidence,
    Element,
    Fact,
    Gives,
    NoticeChoice,
    NoticeField,
    Regime,
    alike,
    listed,
)
from hashclient.messages import _

_FAQ: Final = "questions and answers at esafety.gov.au, an older copy"

_LINK: Final = NoticeField(
    "link",
    "notice_law",
    alike(_("What has it to do with Australia?")),
    AnswerKind.ONE,
    choices(
        shown=NoticeChoice(ByWho(_("I live there"), _("The person shown lives there"))),
        poster=NoticeChoice(alike(_("Whoever posted it lives there"))),
        hosted=NoticeChoice(alike(_("It is kept on a computer there"))),
    ),
)
_APP: Final = NoticeField(
    "app",
    "notice_where",
    alike(_("Which site or app is it?")),
    AnswerKind.LINE,
    notes=(_("If there is no page address: the name of the app, and then the account."),),
    most=120,
    unless={"addresses": ANY},
)
_STATE: Final = NoticeField(
    "state",
    "notice_contact",
    alike(_("Which state or territory?")),
    AnswerKind.LINE,
    notes=(_("Only if you like."),),
    most=60,
)


AUSTRALIA: Final = Regime(
    id="au",
    name=_("Australia: a report to eSafety"),
    note=_("If you, the poster or the site are in Australia. It goes to eSafety, not to the site."),
    gives=Gives.CHECKLIST,
    law="Online Safety Act 2021 (Cth), sections 32 and 33",
    source=_FAQ,
    source_date=LAST_LOOKED,
    questions=(_LINK, ADDRESSES, _APP, ACCOUNT, WHO_ASKS, EMAIL, _STATE),
    statements=(AUTHORITY,),
    elements=(
        Element(
            "A1",
            _("Who asks: the person shown, or someone they sent"),
            (("who",),),
            Confidence.PRIMARY,
            alike(_("eSafety asks who reports it: the person shown, or someone who acts for them.")),
        ),
        Element(
            "A2",
            _("What it has to do with Australia"),
            (("link",),),
            Confidence.PRIMARY,
            ByWho(
                _("eSafety asks what it has to do with Australia: you, the poster or the site."),
                _("eSafety asks what it has to do with Australia: the person shown, the poster or the site."),
            ),
        ),
        Element(
            "A3",
            _("Where it is"),
            (("addresses",), ("app", "account")),
            Confidence.PRIMARY,
            ByWho(
                _("eSafety asks where it is. Give the page address, or the app and the account."),
                _("eSafety asks where they are shown. Give the page address, or the app and the account."),
            ),
        ),
        Element(
            "A4",
            _("How they can reach whoever reports"),
            (("email",),),
            Confidence.PRIMARY,
            ByWho(
                _("eSafety asks how to reach you. Give an e-mail address. No name is needed."),
                _("eSafety asks how to reach you, who report for them. Give an e-mail address. No name is needed."),
            ),
        ),
        Element("A5", _("State or territory"), (("state",),), Confidence.PRIMARY),
        MAY_ACT,
    ),
    subject="",
    text=(
        ((listed(alike(_("For the form of eSafety. This list is for you, not for the site."))),),),
        (
            (
                listed(
                    ByWho(
                        _("Who reports it: the person shown."),
                        _("Who reports it: someone who acts for the person shown."),
                    )
                ),
            ),
            (listed(alike(_("What it has to do with Australia: {link}."))),),
            (listed(alike(_("State or territory: {state}."))),),
            (listed(alike(_("How to reach me: {email}"))),),
        ),
        (
            (listed(alike(_("Where it is:\n{addresses}"))),),
            (listed(alike(_("Site or app: {app}."))), listed(alike(_("Account: {account}.")))),
        ),
        ((listed(alike(_("Do not send the picture. Do not give your name."))),),),
    ),
    facts=(
        Fact("au_threat", _("A threat to share it counts too."), Confidence.PRIMARY, _FAQ, LAST_LOOKED, "before"),
        Fact(
            "au_culture",
            _(
                "It also counts if someone is shown without the religious or cultural clothing they always wear in public."
            ),
            Confidence.PRIMARY,
            "Online Safety Act 2021 (Cth), sections 15(4) and 75(3)",
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "au_objection",
            _("You can object even if you agreed before."),
            Confidence.PRIMARY,
            "Online Safety Act 2021 (Cth), section 33",
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "au_clock",
            _("eSafety can order a site to take it down. The site then has 24 hours."),
            Confidence.PRIMARY,
            _FAQ,
            LAST_LOOKED,
            "clock",
        ),
        Fact(
            "au_next",
            _("Ask eSafety what became of your report."),
            Confidence.INFERRED,
            "our own advice",
            LAST_LOOKED,
            "next",
        ),
    ),
    services=("esafety",),
)
