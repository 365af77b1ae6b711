"""Hold what the TAKE IT DOWN Act of the United States asks (47 USC 223a), and a text of our own."""

from datetime import date, timedelta
from typing import Final

from hashclient.guidance.notices.questions import (
    ADDRESS_OR_ACCOUNT,
    CONSENT_SHOWN,
    EMAIL,
    FORGED,
    LAST_LOOKED,
    NAME,
    OWN_WORDS,
    PLACE,
    SHOWN_BY,
    SIGNED,
    WHO_ASKS,
)
from hashclient.guidance.notices.regime import (
    ANY,
    ByWho,
    Confidence,
    Element,
    Fact,
    Gives,
    Regime,
    Sentence,
    Statement,
    alike,
    said,
)
from hashclient.guidance.notices.words import NO_AUTHORITY
from hashclient.messages import _

_CODE: Final = "47 U.S.C. 223a, as seen at uscode.house.gov"
_READ_US: Final = date(2025, 6, 13)

_BELIEF: Final = Statement(
    "belief",
    ByWho(
        "I have a good faith belief that this intimate visual depiction is not consensual: "
        "I did not agree to its publication.",
        "The person shown has a good faith belief that this intimate visual depiction is not consensual: "
        "that person did not agree to its publication.",
    ),
    ByWho(
        _(
            "I believe in good faith that this intimate picture is there without consent. I did not agree that it is shared."
        ),
        _(
            "The person shown believes in good faith that this intimate picture is there without consent. "
            "They did not agree that it is shared."
        ),
    ),
)
_MAY_ACT_US: Final = Statement(
    "authority",
    alike("I am authorised to act for that person."),
    alike(_("The person shown agreed that I act for them.")),
    who=("represented",),
)

US: Final = Regime(
    id="us",
    name=_("United States: the TAKE IT DOWN Act"),
    note=_("For sites and apps where people post."),
    gives=Gives.NOTICE,
    law="TAKE IT DOWN Act, 47 U.S.C. 223a",
    source=_CODE,
    source_date=_READ_US,
    questions=(*ADDRESS_OR_ACCOUNT, WHO_ASKS, FORGED, SHOWN_BY, CONSENT_SHOWN, OWN_WORDS, EMAIL, NAME, SIGNED),
    statements=(_BELIEF, _MAY_ACT_US),
    elements=(
        Element(
            "U1",
            _("In writing"),
            ((),),
            Confidence.PRIMARY,
            alike(_("The law asks for a written text.")),
        ),
        Element(
            "U2",
            _("A signature: a typed name and the day"),
            (("name", "signed"),),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks for a signature. Someone may sign for you."),
                _("The law asks for a signature. As you act for them, sign with your own name."),
            ),
        ),
        Element(
            "U3",
            _("Where it is"),
            (("addresses",), ("account", "posted", "find")),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks where it is. Give a page address, or the account, the date and words to find it."),
                _(
                    "The law asks where the picture of them is. "
                    "Give a page address, or the account, the date and words to find it."
                ),
            ),
        ),
        Element(
            "U4",
            _("The belief, in good faith, that there was no consent"),
            (("belief",),),
            Confidence.PRIMARY,
            ByWho(
                _(
                    "The law asks you to say that you believe, in good faith, that there was no consent. Tick it, if it is true."
                ),
                _("The law asks for the belief of the person shown, not for yours. Tick that sentence, if it is true."),
            ),
        ),
        Element(
            "U5",
            _("What shows that there was no consent"),
            (("consent_shown",), ("own_words",)),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks what shows that you did not agree. Choose a line, or write your own."),
                _("The law asks what shows that they did not agree. Choose a line, or write your own."),
            ),
        ),
        Element(
            "U6",
            _("How they can reach whoever asks"),
            (("email",),),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks how they can reach you. Give an e-mail address."),
                _("The law asks how they can reach you or the person shown. Give an e-mail address."),
            ),
        ),
        Element(
            "authority",
            _("That you may act for them"),
            (("authority",),),
            Confidence.PRIMARY,
            alike(NO_AUTHORITY),
            who=("represented",),
        ),
        Element("U7", _("How one can see who it is"), (("shown_by",),), Confidence.PRIMARY),
        Element("U8", _("Whether it is real or fake"), (("forged",),), Confidence.PRIMARY),
    ),
    subject="Request to remove an intimate image (TAKE IT DOWN Act, 47 U.S.C. 223a)",
    text=(
        (
            (
                Sentence(
                    alike("I ask you to remove the intimate visual depiction at:\n{addresses}"),
                    alike(_("I ask you to take down the intimate picture at:\n{addresses}")),
                ),
                Sentence(
                    alike(
                        "I ask you to remove an intimate visual depiction on your service. It can be found as follows."
                    ),
                    alike(_("I ask you to take down an intimate picture on your site. This is how to find it.")),
                    unless={"addresses": ANY},
                ),
            ),
            PLACE,
        ),
        (
            (
                Sentence(
                    ByWho("It shows me.", "It shows the person I act for."),
                    ByWho(_("It shows me."), _("It shows the person I act for.")),
                ),
                Sentence(
                    ByWho(
                        "It was made or changed by computer and shows me as if real.",
                        "It was made or changed by computer and shows that person as if real.",
                    ),
                    ByWho(
                        _("A computer made or changed it, and it shows me as if it were real."),
                        _("A computer made or changed it, and it shows them as if it were real."),
                    ),
                    {"forged": "fake"},
                ),
                Sentence(
                    ByWho("I can be recognised by: {shown_by}.", "That person can be recognised by: {shown_by}."),
                    ByWho(
                        _("One can see that it is me by: {shown_by}."), _("One can see that it is them by: {shown_by}.")
                    ),
                ),
            ),
        ),
        (
            (said(_BELIEF), said(_MAY_ACT_US)),
            (
                Sentence(
                    alike("What shows this: {consent_shown} {own_words}"),
                    alike(_("What shows this: {consent_shown} {own_words}")),
                ),
                Sentence(
                    alike("What shows this: {consent_shown}"),
                    alike(_("What shows this: {consent_shown}")),
                    unless={"own_words": ANY},
                ),
                Sentence(
                    alike("What shows this: {own_words}"),
                    alike(_("What shows this: {own_words}")),
                    unless={"consent_shown": ANY},
                ),
            ),
        ),
        (
            (
                Sentence(
                    alike(
                        "Please remove it within 48 hours of receiving this request, and make reasonable efforts to find and "
                        "remove identical copies that you know of."
                    ),
                    alike(
                        _(
                            "Please take it down within 48 hours after you get this. Please try to find the same picture elsewhere on your site, too."
                        )
                    ),
                ),
                Sentence(
                    alike("Please confirm by e-mail and give me a request number."),
                    alike(_("Please say by e-mail that you got this, and give me a number for it.")),
                ),
            ),
        ),
        (
            (Sentence(alike("Contact: {email}"), alike(_("Contact: {email}"))),),
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
            "us_reach",
            _("This law does not reach e-mail, and may not reach news sites and shops."),
            Confidence.REPORTED,
            "H.R. 633, section 4, as introduced; to be compared with Pub. L. 119-12",
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "us_anywhere",
            _("We saw nothing in it that is only for people in the US."),
            Confidence.INFERRED,
            _CODE,
            _READ_US,
            "before",
        ),
        Fact(
            "us_messages",
            _("Private messages on such a site count too, letters of the FTC say."),
            Confidence.REPORTED,
            "letters of the Federal Trade Commission, May 2026, as reported",
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "us_fake",
            _(
                "A fake counts if it looks real to a reasonable person. A drawing or a clear joke may not fit. "
                "Then the rules of the site may help."
            ),
            Confidence.PRIMARY,
            _CODE,
            _READ_US,
            "fake",
        ),
        Fact(
            "us_clock",
            _("The law gives them 48 hours from when they get it."),
            Confidence.PRIMARY,
            _CODE,
            _READ_US,
            "clock",
        ),
        Fact(
            "us_copies",
            _(
                "They also have to try to take down the same picture elsewhere on the site. If it is posted anew later, send a new notice."
            ),
            Confidence.PRIMARY,
            _CODE,
            _READ_US,
            "after",
        ),
        Fact(
            "us_no_id",
            _("No ID, oath or stamp is asked for by this law."),
            Confidence.PRIMARY,
            _CODE,
            _READ_US,
        ),
        Fact(
            "us_complaint",
            _(
                "You can complain about the site to the FTC, for someone else too, if they agree. The FTC takes nothing down itself."
            ),
            Confidence.REPORTED,
            "takeitdown.ftc.gov, as reported",
            LAST_LOOKED,
            "next",
        ),
        Fact(
            "us_in_force",
            _("Sites have had this duty since 19 May 2026."),
            Confidence.REPORTED,
            "Pub. L. 119-12, as reported",
            LAST_LOOKED,
            "after",
        ),
    ),
    look_after=timedelta(hours=48),
    services=("ftc-tida",),
)
