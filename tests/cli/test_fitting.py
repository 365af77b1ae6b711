"""What is sent fits the room that a service has."""

import pytest

from hashclient.cli._sending import Parcel
from hashclient.hashing.level import HASHES, Coverage, variants
from hashclient.model import Content, Declarations, Depicted, Item, Limits, Signal

DECLARED = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
ITEM = Item(
    content=Content.IMAGE,
    signals=tuple(
        Signal.from_text(f"pdq:{place:064x}", quality=90, variant=name)
        for place, name in enumerate(("original", *variants(Coverage.WIDE)))
    ),
)


def sizes(limits: Limits, *, is_fitted: bool) -> list[int]:
    parcel = Parcel(DECLARED, [ITEM, ITEM], "takes.example", None, is_confirmed=True, is_fitted=is_fitted)
    return [len(item.signals) for item in parcel.fitted(limits).items]


@pytest.mark.parametrize(
    ("limits", "level"),
    [
        (Limits(), Coverage.WIDE),
        (Limits(signals_per_image=64), Coverage.STANDARD),
        (Limits(signals=100), Coverage.STANDARD),
        (Limits(signals_per_image=10), Coverage.SINGLE),
    ],
)
def test_the_widest_level_that_fits_is_sent(limits: Limits, level: Coverage) -> None:
    """Where the person chose no level, the profile does."""
    assert sizes(limits, is_fitted=True) == [HASHES[level]] * 2


def test_a_level_that_was_chosen_is_sent_or_refused() -> None:
    """Nothing that was asked for is left out silently."""
    assert sizes(Limits(signals_per_image=10), is_fitted=False) == [HASHES[Coverage.WIDE]] * 2
