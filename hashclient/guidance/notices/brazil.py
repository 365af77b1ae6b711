"""Hold what article 21 of Brazil's Marco Civil asks (Lei 12.965/2014): a list, and off until the law was read."""

from typing import Final

from hashclient.guidance.notices.questions import ADDRESSES, EMAIL, LAST_LOOKED, WHO_ASKS
from hashclient.guidance.notices.regime import (
    ByWho,
    Confidence,
    Element,
    Fact,
    Gives,
    Regime,
    Statement,
    alike,
    listed,
)
from hashclient.guidance.notices.words import NO_AUTHORITY
from hashclient.messages import _

_REPORTS: Final = "Lei 12.965/2014, article 21, as reported in several places"

_PRIVATE: Final = Statement(
    "private",
    alike(""),
    ByWho(
        _("It shows nudity or a private sexual act, of me, and I did not agree that it is shared."),
        _(
            "It shows nudity or a private sexual act, of the person I act for, and they did not agree that it is shared."
        ),
    ),
)
_MAY_ACT_BRAZIL: Final = Statement(
    "authority", alike(""), alike(_("I am the legal representative of the person shown.")), who=("represented",)
)

BRAZIL: Final = Regime(
    id="br",
    name=_("Brazil: the Marco Civil, article 21"),
    note=_("For someone shown, or their legal representative."),
    gives=Gives.CHECKLIST,
    law="Marco Civil da Internet (Lei 12.965/2014), article 21",
    source=_REPORTS,
    source_date=LAST_LOOKED,
    questions=(ADDRESSES, WHO_ASKS, EMAIL),
    statements=(_PRIVATE, _MAY_ACT_BRAZIL),
    elements=(
        Element(
            "R1",
            _("Who asks: the person shown, or their legal representative"),
            (("who",),),
            Confidence.REPORTED,
            alike(_("The law asks who gives notice: the person shown, or their legal representative.")),
        ),
        Element(
            "R2",
            _("The exact page addresses"),
            (("addresses",),),
            Confidence.REPORTED,
            ByWho(
                _("Without the exact page address the notice does not count. Give it."),
                _("Without the exact page address where they are shown the notice does not count. Give it."),
            ),
        ),
        Element(
            "R3",
            _("That it is private, and there was no consent"),
            (("private",),),
            Confidence.REPORTED,
            ByWho(
                _("The law is about private pictures, shared without your consent. Tick it, if it is true."),
                _("The law is about private pictures, shared without their consent. Tick it, if it is true."),
            ),
        ),
        Element(
            "R4",
            _("How they can reach whoever asks"),
            (("email",),),
            Confidence.REPORTED,
            ByWho(
                _("The site needs a way to reach you. Give an e-mail address."),
                _("The site needs a way to reach you, who act for them. Give an e-mail address."),
            ),
        ),
        Element(
            "authority",
            _("That you may act for them"),
            (("authority",),),
            Confidence.REPORTED,
            alike(NO_AUTHORITY),
            who=("represented",),
        ),
    ),
    subject="",
    text=(
        (
            (
                listed(
                    ByWho(
                        _("Who gives notice: the person shown."),
                        _("Who gives notice: the legal representative of the person shown."),
                    ),
                ),
            ),
            (listed(_PRIVATE.meaning),),
            (listed(alike(_("How to reach me: {email}"))),),
            (listed(alike(_("Where it is:\n{addresses}"))),),
        ),
    ),
    facts=(
        Fact(
            "br_not_for_trade",
            _("It is not for pictures that were made to earn money with."),
            Confidence.REPORTED,
            "STJ, Informativo 721, as reported",
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "br_liable",
            _("A site that then does nothing has to answer for it."),
            Confidence.REPORTED,
            _REPORTS,
            LAST_LOOKED,
            "next",
        ),
    ),
    awaits=_("We have not read this law in the law itself yet, so there is no list for it here."),
    services=("br-safernet",),
)
