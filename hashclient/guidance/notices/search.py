"""Hold what the forms of search engines ask: lists for the person. They take results out of a search, not the page itself."""

from datetime import timedelta
from typing import Final

from hashclient.guidance.notices.questions import ADDRESSES, AUTHORITY, EMAIL, LAST_LOOKED, MAY_ACT, NAME, WHO_ASKS
from hashclient.guidance.notices.regime import (
    AnswerKind,
    ByWho,
    Confidence,
    Element,
    Fact,
    Gives,
    NoticeField,
    Regime,
    Statement,
    alike,
    listed,
)
from hashclient.messages import _

_GOOGLE: Final = "support.google.com, a copy"
_GOOGLE_REPORTED: Final = "what others say about Google's form"
_BING: Final = "what others say about Microsoft's form"

_LAND: Final = NoticeField(
    "land",
    "notice_contact",
    alike(_("Which country do you write in the form?")),
    AnswerKind.LINE,
    notes=(_("The form asks for a country."),),
    most=60,
)
_RELATION: Final = NoticeField(
    "relation",
    "notice_who",
    alike(_("If you act for someone: who are you to them?")),
    AnswerKind.LINE,
    notes=(_("For example a friend, a lawyer or a helpline. The form asks why you may act."),),
    most=120,
    only={"who": "represented"},
)
_SHOWS: Final = Statement(
    "shows",
    alike(""),
    ByWho(
        _("It shows me nude, in a sexual act or in an intimate state. Or it is a fake that shows me so."),
        _("It shows them nude, in a sexual act or in an intimate state. Or it is a fake that shows them so."),
    ),
)
_NO_CONSENT: Final = Statement(
    "no_consent",
    alike(""),
    ByWho(
        _("I did not agree to the picture, or I did not agree that it is public."),
        _("They did not agree to the picture, or they did not agree that it is public."),
    ),
)
_NOT_PAID: Final = Statement(
    "not_paid", alike(""), ByWho(_("I am not paid for it now."), _("They are not paid for it now."))
)
_LIST_OF_ADDRESSES: Final = ((listed(alike(_("Addresses:\n{addresses}"))),),)

GOOGLE: Final = Regime(
    id="google",
    name=_("Google Search: take it out of the results"),
    note=_("A list for Google's own form."),
    gives=Gives.CHECKLIST,
    law="Google Search, removal of intimate images",
    source=_GOOGLE,
    source_date=LAST_LOOKED,
    questions=(ADDRESSES, WHO_ASKS, _RELATION, EMAIL, NAME, _LAND),
    statements=(_SHOWS, _NO_CONSENT, _NOT_PAID, AUTHORITY),
    elements=(
        Element(
            "G1",
            _("Who asks"),
            (("who",),),
            Confidence.PRIMARY,
            alike(_("The form asks who you are: the person shown, or someone who acts for them.")),
        ),
        Element(
            "G1-relation",
            _("Why you may act for them"),
            (("relation",),),
            Confidence.PRIMARY,
            alike(_("The form asks why you may act for them. Say who you are to them.")),
            who=("represented",),
        ),
        Element(
            "G2",
            _("All addresses, of the picture and of the page"),
            (("addresses",),),
            Confidence.PRIMARY,
            ByWho(
                _("The form looks only at addresses that you list. Give those of the picture and of the page."),
                _(
                    "The form looks only at addresses that you list for them. Give those of the picture and of the page."
                ),
            ),
        ),
        Element(
            "G3",
            _("Country"),
            (("land",),),
            Confidence.REPORTED,
            ByWho(
                _("The form asks for your country."), _("The form asks for a country, also when you act for someone.")
            ),
        ),
        Element(
            "G4",
            _("Name and e-mail address"),
            (("name", "email"),),
            Confidence.REPORTED,
            ByWho(
                _("The form asks for a name and an e-mail address."),
                _("The form asks for a name and an e-mail address: yours, as you act for them."),
            ),
        ),
        Element(
            "G5",
            _("That it is an intimate picture, or a fake one"),
            (("shows",),),
            Confidence.PRIMARY,
            ByWho(
                _("The form is only for intimate pictures of you, or fakes of such. Tick it, if it is true."),
                _("The form is only for intimate pictures of them, or fakes of such. Tick it, if it is true."),
            ),
        ),
        Element(
            "G6",
            _("That there was no consent"),
            (("no_consent",),),
            Confidence.PRIMARY,
            ByWho(
                _("The form is only for pictures without your consent. Tick it, if it is true."),
                _("The form is only for pictures without their consent. Tick it, if it is true."),
            ),
        ),
        Element(
            "G7",
            _("That nobody shown is paid for it now"),
            (("not_paid",),),
            Confidence.PRIMARY,
            ByWho(
                _("The form is not for pictures that you are paid for now. Tick it, if you are not."),
                _("The form is not for pictures that they are paid for now. Tick it, if they are not."),
            ),
        ),
        MAY_ACT,
    ),
    subject="",
    text=(
        ((listed(alike(_("For Google's form. Only the addresses listed here are looked at."))),),),
        _LIST_OF_ADDRESSES,
        (
            (
                listed(
                    ByWho(_("Who asks: the person shown."), _("Who asks: someone who acts for the person shown.")),
                ),
                listed(alike(_("Who that is: {relation}.")), {"who": "represented"}),
            ),
            (listed(alike(_("Country: {land}."))),),
            (listed(alike(_("Name: {name}"))),),
            (listed(alike(_("E-mail: {email}"))),),
        ),
        ((listed(_SHOWS.meaning),), (listed(_NO_CONSENT.meaning),), (listed(_NOT_PAID.meaning),)),
    ),
    facts=(
        Fact(
            "google_does",
            _("This takes results out of the search. The page itself stays: tell the site, too."),
            Confidence.PRIMARY,
            _GOOGLE,
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "google_way",
            _(
                "Search for pictures, press the three dots at one of them, and choose that you want it removed. "
                "Say that it shows a sexual picture of you, and whether it is real or fake. Several go at once."
            ),
            Confidence.REPORTED,
            _GOOGLE_REPORTED,
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "google_filter",
            _("The form can also hide results that are alike. You have to choose that."),
            Confidence.REPORTED,
            _GOOGLE_REPORTED,
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "google_careful",
            _(
                'The page "Results about you" asks how to reach you, and in the US for numbers of IDs. You do not need it for this. '
                "Do not sign in on a device that someone watches."
            ),
            Confidence.REPORTED,
            _GOOGLE_REPORTED,
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "google_uk",
            _("In the UK a search engine has 48 hours, too: send the notice for the UK as well."),
            Confidence.PRIMARY,
            "Online Safety Act 2023, section 27",
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "google_next",
            _("Check the addresses and ask again, or ask a helpline."),
            Confidence.INFERRED,
            "our own advice",
            LAST_LOOKED,
            "next",
        ),
    ),
    look_after=timedelta(days=7),
    services=("google-ncsei",),
)
BING: Final = Regime(
    id="bing",
    name=_("Bing: take it out of the results"),
    note=_("A list for Microsoft's own form."),
    gives=Gives.CHECKLIST,
    law="Microsoft, Report a Concern",
    source=_BING,
    source_date=LAST_LOOKED,
    questions=(ADDRESSES, WHO_ASKS),
    statements=(_NO_CONSENT, AUTHORITY),
    elements=(
        Element(
            "B1",
            _("The page addresses"),
            (("addresses",),),
            Confidence.REPORTED,
            ByWho(
                _("The form asks where it is. Give the page address."),
                _("The form asks where they are shown. Give the page address."),
            ),
        ),
        Element(
            "B2",
            _("Which service, and what kind of report"),
            ((),),
            Confidence.REPORTED,
            alike(_("The form asks which service it is, and for the kind of report.")),
        ),
        Element(
            "B3",
            _("Whether there was consent"),
            (("no_consent",),),
            Confidence.REPORTED,
            ByWho(
                _("The form asks whether you agreed. Tick it, if you did not."),
                _("The form asks whether they agreed. Tick it, if they did not."),
            ),
        ),
        MAY_ACT,
    ),
    subject="",
    text=(
        (
            (listed(alike(_('For Microsoft\'s form, "Report a Concern".'))),),
            (listed(alike(_("Service: Bing. Kind of report: Non-Consensual Intimate Imagery."))),),
            (listed(_NO_CONSENT.meaning),),
        ),
        _LIST_OF_ADDRESSES,
    ),
    facts=(
        Fact(
            "bing_does",
            _("This takes results out of the search. The page itself stays: tell the site, too."),
            Confidence.REPORTED,
            _BING,
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "bing_who",
            _("Someone who acts for the person shown can ask, too."),
            Confidence.UNCHECKED,
            "no source yet",
            LAST_LOOKED,
        ),
        Fact(
            "bing_stopncii",
            _("Bing also compares with the fingerprints of StopNCII.org."),
            Confidence.REPORTED,
            "Microsoft, September 2024, as reported",
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "bing_uk",
            _("In the UK a search engine has 48 hours, too: send the notice for the UK as well."),
            Confidence.PRIMARY,
            "Online Safety Act 2023, section 27",
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "bing_next",
            _("Check the addresses and ask again, or ask a helpline."),
            Confidence.INFERRED,
            "our own advice",
            LAST_LOOKED,
            "next",
        ),
    ),
    look_after=timedelta(days=7),
    services=("bing-report",),
)
