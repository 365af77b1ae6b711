"""Say which laws and forms to offer someone, in which order. PURE."""

from typing import Final

from hashclient.guidance.notices.australia import AUSTRALIA
from hashclient.guidance.notices.brazil import BRAZIL
from hashclient.guidance.notices.dmca import DMCA
from hashclient.guidance.notices.eu import EU, EU_STATES
from hashclient.guidance.notices.india import INDIA
from hashclient.guidance.notices.regime import Regime
from hashclient.guidance.notices.search import BING, GOOGLE
from hashclient.guidance.notices.uk import UK
from hashclient.guidance.notices.us import US

REGIMES: Final[dict[str, Regime]] = {one.id: one for one in (US, UK, EU, BRAZIL, AUSTRALIA, INDIA, GOOGLE, BING, DMCA)}
"""Every law and form, by id, in the order offered: copyright is last."""

COUNTRIES: Final[dict[str, frozenset[str]]] = {
    "us": frozenset({"US"}),
    "uk": frozenset({"GB"}),
    "eu": EU_STATES,
    "br": frozenset({"BR"}),
    "au": frozenset({"AU"}),
    "in": frozenset({"IN"}),
}
"""Where each law is that of the place, ISO 3166-1 alpha-2. The other forms are for everyone."""
FOR_ALL: Final = frozenset({"us", "google", "bing", "dmca"})
"""Offered wherever someone is: nothing seen limits the law of the US to people there."""


def offered(country: str | None) -> tuple[Regime, ...]:
    """Return the laws and forms to offer, in order.

    Args:
        country: where the person is, ISO 3166-1 alpha-2 in upper case; None if not told: then all.
    """
    return tuple(
        regime for id_, regime in REGIMES.items() if country is None or id_ in FOR_ALL or is_of(country, regime)
    )


def is_of(country: str | None, regime: Regime) -> bool:
    """Tell whether a law is that of the place."""
    return country in COUNTRIES.get(regime.id, frozenset())
