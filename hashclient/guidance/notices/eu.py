"""Hold what the Digital Services Act of the European Union asks (Regulation (EU) 2022/2065, article 16(2)), and our text."""

from datetime import timedelta
from typing import Final

from hashclient.guidance.notices.questions import (
    ADDRESSES,
    AUTHORITY,
    EMAIL,
    FIND,
    FORGED,
    LAST_LOOKED,
    MAY_ACT,
    NAME,
    OWN_SENTENCE,
    OWN_WORDS,
    WHO_ASKS,
)
from hashclient.guidance.notices.regime import (
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
from hashclient.messages import _

_ARTICLE: Final = "Regulation (EU) 2022/2065, article 16, as seen at eu-digital-services-act.com"

EU_STATES: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL",
    "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""The 27 states, ISO 3166-1 alpha-2."""

_BONA_FIDE: Final = Statement(
    "bona_fide",
    alike("I have a bona fide belief that the information and allegations in this notice are accurate and complete."),
    alike(_("I honestly believe that all I say in this notice is right and complete.")),
)
_LISTED: Final = _("The law lists these. Some sites accept a notice without.")

EU: Final = Regime(
    id="eu",
    name=_("European Union: the Digital Services Act"),
    note=_("For people in the EU, for sites and apps of all sizes. It has no deadline."),
    gives=Gives.NOTICE,
    law="Digital Services Act, Article 16",
    source=_ARTICLE,
    source_date=LAST_LOOKED,
    questions=(ADDRESSES, FIND, WHO_ASKS, FORGED, OWN_WORDS, EMAIL, NAME),
    statements=(_BONA_FIDE, AUTHORITY),
    elements=(
        Element(
            "E1",
            _("Why it is against the law"),
            (("forged",),),
            Confidence.PRIMARY,
            ByWho(
                _("The law asks why it is illegal. Say whether it is real or fake; the sentences follow from that."),
                _(
                    "The law asks why the picture of them is illegal. Say whether it is real or fake; the sentences follow."
                ),
            ),
        ),
        Element(
            "E2",
            _("The exact page addresses"),
            (("addresses",),),
            Confidence.PRIMARY,
            ByWho(
                _("This law asks for the exact page address. Words alone are not enough."),
                _("This law asks for the exact page address where they are shown. Words alone are not enough."),
            ),
        ),
        Element(
            "E3",
            _("Name and e-mail address"),
            (("name", "email"),),
            Confidence.PRIMARY,
            warning=_LISTED,
        ),
        Element(
            "E4",
            _("The belief that it is right and complete"),
            (("bona_fide",),),
            Confidence.PRIMARY,
            ByWho(
                _(
                    "The law asks you to say that you believe all of this is right and complete. Tick it, if it is true."
                ),
                _(
                    "The law asks whoever writes for them to believe that it is right and complete. Tick it, if it is true."
                ),
            ),
        ),
        MAY_ACT,
    ),
    subject="Notice of illegal content (Digital Services Act, Article 16)",
    text=(
        (
            (Sentence(alike("Exact location:\n{addresses}"), alike(_("Where exactly it is:\n{addresses}"))),),
            (Sentence(alike("How to find it: {find}."), alike(_("How to find it: {find}."))),),
        ),
        (
            (
                Sentence(
                    ByWho(
                        "Why it is illegal: it is an intimate image of me, shared without consent.",
                        "Why it is illegal: it is an intimate image of the person I act for, shared without consent.",
                    ),
                    ByWho(
                        _("Why it is against the law: it is an intimate picture of me, shared without consent."),
                        _(
                            "Why it is against the law: it is an intimate picture of the person I act for, shared without consent."
                        ),
                    ),
                    {"forged": "real"},
                ),
                Sentence(
                    ByWho(
                        "Why it is illegal: it is an intimate image of me, made or altered by computer and shared without consent.",
                        "Why it is illegal: it is an intimate image of the person I act for, made or altered by computer and shared "
                        "without consent.",
                    ),
                    ByWho(
                        _(
                            "Why it is against the law: it is an intimate picture of me that a computer made or changed, shared without consent."
                        ),
                        _(
                            "Why it is against the law: it is an intimate picture of the person I act for. "
                            "A computer made or changed it, and it is shared without consent."
                        ),
                    ),
                    {"forged": "fake"},
                ),
                Sentence(
                    alike(
                        "Its publication violates the right to respect for private life and to the protection of personal data, "
                        "including data concerning sex life."
                    ),
                    alike(
                        _(
                            "To show it breaks the right to a private life, and to have personal data kept safe, also on one's sex life."
                        )
                    ),
                ),
                OWN_SENTENCE,
            ),
        ),
        (
            (said(_BONA_FIDE),),
            (
                Sentence(
                    alike("Please confirm receipt, tell me your decision and the means of redress."),
                    alike(_("Please say that you got this. Tell me what you decide, and how I can object to it.")),
                ),
            ),
        ),
        (
            (Sentence(alike("Name: {name}"), alike(_("Name: {name}"))),),
            (Sentence(alike("E-mail: {email}"), alike(_("E-mail: {email}"))),),
        ),
    ),
    facts=(
        Fact(
            "eu_contact",
            _("They have to say without delay that they got it, if you give an e-mail address."),
            Confidence.PRIMARY,
            _ARTICLE,
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "eu_name",
            _("Sites should let you give your name, but not force you to."),
            Confidence.REPORTED,
            "Regulation (EU) 2022/2065, recital 50",
            LAST_LOOKED,
            "before",
        ),
        Fact(
            "eu_privacy",
            _("The reason in this text, privacy and data protection, holds in every state of the EU."),
            Confidence.INFERRED,
            _ARTICLE,
            LAST_LOOKED,
            "after",
        ),
        Fact(
            "eu_decision",
            _(
                "They have to tell you what they decide, and how you can object. Use that way, or ask someone who can help."
            ),
            Confidence.PRIMARY,
            _ARTICLE,
            LAST_LOOKED,
            "next",
        ),
        Fact(
            "eu_redress",
            _(
                "You can complain to the site itself, go to a body outside the courts, or tell your state's coordinator."
            ),
            Confidence.UNCHECKED,
            "Regulation (EU) 2022/2065, article 20 and following; not read yet",
            LAST_LOOKED,
        ),
    ),
    look_after=timedelta(days=7),
)
