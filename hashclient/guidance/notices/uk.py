"""Hold what the Online Safety Act of the United Kingdom asks (2023, section 20A), and a text of our own."""

from datetime import date, timedelta
from typing import Final

from hashclient.guidance.notices.questions import (
    ADDRESS_OR_ACCOUNT,
    EMAIL,
    FORGED,
    LAST_LOOKED,
    PLACE,
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
    Sentence,
    Statement,
    alike,
    said,
)
from hashclient.messages import _

_BILL: Final = "Crime and Policing Bill, Lords amendments"
_READ_UK: Final = date(2026, 4, 16)
_MEMORANDUM: Final = "memorandum on the Crime and Policing Bill, gov.uk"
_MEMORANDUM_READ: Final = date(2026, 3, 20)

_KIND_OF_SITE: Final = NoticeField(
    "site",
    "notice_law",
    alike(_("Which site is it?")),
    AnswerKind.ONE,
    choices(
        people=NoticeChoice(alike(_("A site or app where people post"))),
        search=NoticeChoice(alike(_("A search engine"))),
    ),
)
_IS_INTIMATE: Final = Statement(
    "intimate",
    alike("I declare that this content is intimate image content."),
    alike(_("I declare that this is an intimate picture or video, in the sense of the law.")),
)
_WHO_REPORTS: Final = Statement(
    "who_reports",
    ByWho(
        "I declare that I make this report as the subject of the content.",
        "I declare that I make this report as a person acting on behalf of the subject of the content.",
    ),
    ByWho(_("I declare that I am the person shown."), _("I declare that I act for the person shown.")),
)
_IS_TRUE: Final = Statement(
    "good_faith",
    alike(
        "I declare that this report is made in good faith and that, to the best of my knowledge and belief, it is true."
    ),
    alike(_("I declare that I make this report in good faith. As far as I know and believe, it is true.")),
)

UK: Final = Regime(
    id="uk",
    name=_("United Kingdom: the Online Safety Act"),
    note=_("For people in the UK, for sites where people post and for search engines."),
    gives=Gives.NOTICE,
    law="Online Safety Act 2023, section 20A",
    source=_BILL,
    source_date=_READ_UK,
    questions=(_KIND_OF_SITE, *ADDRESS_OR_ACCOUNT, WHO_ASKS, FORGED, EMAIL),
    statements=(_IS_INTIMATE, _WHO_REPORTS, _IS_TRUE),
    elements=(
        Element(
            "K1",
            _("That it is intimate image content"),
            (("intimate",),),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks you to declare that this is an intimate picture or video. Tick it, if it is true."),
                _(
                    "The law asks you to declare that this picture or video of them is intimate. Tick it, if it is true."
                ),
            ),
        ),
        Element(
            "K2",
            _("Who makes the report"),
            (("who", "who_reports"),),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks you to declare that you are the person shown. Tick it, if it is true."),
                _("The law asks you to declare that you act for the person shown. Tick it, if it is true."),
            ),
        ),
        Element(
            "K3",
            _("Good faith, and that it is true"),
            (("good_faith",),),
            Confidence.PRIMARY,
            ByWho(
                _(
                    "The law asks you to declare good faith, and that it is true as far as you know. Tick it, if it is so."
                ),
                _("The law asks whoever reports for them to declare good faith and truth. Tick it, if it is so."),
            ),
        ),
        Element(
            "K4",
            _("Where it is"),
            (("addresses",), ("account", "find")),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks for enough to find it. Give a page address, or the account and words to find it."),
                _(
                    "The law asks for enough to find the picture of them. "
                    "Give a page address, or the account and words to find it."
                ),
            ),
        ),
        Element(
            "K4-search",
            _("The page addresses, for a search engine"),
            (("addresses",),),
            Confidence.PRIMARY,
            ByWho(
                _("A search engine needs the page address. Words alone are not enough."),
                _("A search engine needs the page address where they are shown. Words alone are not enough."),
            ),
            only={"site": "search"},
        ),
        Element(
            "K5",
            _("How they can reach whoever reports"),
            (("email",),),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks how they can reach you. Give an e-mail address. It does not ask for your name."),
                _(
                    "The law asks how they can reach you, who make the report. Give an e-mail address. It asks for no name."
                ),
            ),
        ),
        Element("altered", _("Whether it is real or fake"), (("forged",),), Confidence.PRIMARY),
    ),
    subject="Intimate image content report (Online Safety Act 2023, section 20A)",
    text=(
        (
            (
                Sentence(
                    alike("I report content on your service:\n{addresses}"),
                    alike(_("I report this on your site:\n{addresses}")),
                ),
                Sentence(
                    alike("I report content on your service. It can be found as follows."),
                    alike(_("I report something on your site. This is how to find it.")),
                    unless={"addresses": ANY},
                ),
            ),
            PLACE,
        ),
        (
            (
                said(_IS_INTIMATE),
                Sentence(
                    alike("It is a made or altered image."), alike(_("It was made or changed.")), {"forged": "fake"}
                ),
            ),
            (said(_WHO_REPORTS),),
            (said(_IS_TRUE),),
        ),
        (
            (
                Sentence(
                    alike(
                        "Please take it down, with any content that is the same or substantially the same, as soon as "
                        "reasonably practicable and no later than 48 hours after you receive this report."
                    ),
                    alike(
                        _(
                            "Please take it down, and whatever is the same or nearly so. Do it soon, and in 48 hours at the latest."
                        )
                    ),
                    unless={"site": "search"},
                ),
                Sentence(
                    alike("Please make sure that people can no longer encounter it in your search results."),
                    alike(_("Please make sure that nobody can find it with your search any more.")),
                    {"site": "search"},
                ),
                Sentence(
                    alike(
                        "Please include any content that is the same or substantially the same, and act as soon as reasonably "
                        "practicable and no later than 48 hours after you receive this report."
                    ),
                    alike(
                        _(
                            "Please include whatever is the same or nearly so. Do it soon, and in 48 hours at the latest."
                        )
                    ),
                    {"site": "search"},
                ),
            ),
            (Sentence(alike("Contact: {email}"), alike(_("Contact: {email}"))),),
        ),
    ),
    facts=(
        Fact(
            "uk_threat",
            _("This law is about what was shared. A threat alone cannot be reported with it."),
            Confidence.PRIMARY,
            _MEMORANDUM,
            _MEMORANDUM_READ,
            "before",
        ),
        Fact("uk_account", _("You need no account on the site."), Confidence.INFERRED, _BILL, _READ_UK, "before"),
        Fact(
            "uk_clock",
            _("The law gives them 48 hours from when they get it."),
            Confidence.PRIMARY,
            _BILL,
            _READ_UK,
            "clock",
        ),
        Fact(
            "uk_may_refuse",
            _("They may say no if they think it is not such a picture, or not from the person shown."),
            Confidence.PRIMARY,
            _MEMORANDUM,
            _MEMORANDUM_READ,
            "after",
        ),
        Fact(
            "uk_in_force",
            _("This part of the law has been in force since 29 June 2026."),
            Confidence.REPORTED,
            "S.I. 2026/689, regulation 2(1)(j), as read in four public repositories",
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "uk_no_more",
            _("We found no rules that ask for more."),
            Confidence.REPORTED,
            "a search for regulations on 30 September 2026",
            date(2026, 9, 30),
            "after",
        ),
        Fact(
            "uk_fake_crime",
            _(
                "For the police, not for the notice: in England and Wales, making a fake intimate picture of an adult "
                "has been a crime since 6 February 2026."
            ),
            Confidence.REPORTED,
            "Sexual Offences Act 2003, sections 66E and 66F; the date as reported",
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "uk_complaint",
            _(
                "Complain to the site first. Then you can tell Ofcom. Ofcom takes note, but does not decide single cases."
            ),
            Confidence.INFERRED,
            "Online Safety Act 2023, section 21(2A)",
            LAST_LOOKED,
            "next",
        ),
    ),
    look_after=timedelta(hours=48),
)
