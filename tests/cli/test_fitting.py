"""What is sent fits the room that a service has."""

import pytest

from hashclient.cli._sending import Parcel
from hashclient.errors import UsageError
from hashclient.hashing.level import HASHES, Coverage, variants
from hashclient.model import (
    Content,
    Declarations,
    Depicted,
    EndpointProfile,
    Item,
    Limits,
    Signal,
    SignalType,
)

DECLARED = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
ITEM = Item(
    content=Content.IMAGE,
    signals=tuple(
        Signal.from_text(f"pdq:{place:064x}", quality=90, variant=name)
        for place, name in enumerate(("original", *variants(Coverage.WIDE)))
    ),
)


PHASH = Signal.from_text("phash:" + "1" * 16, variant="original")
MD5 = Signal.from_text("md5:" + "2" * 32)


def profile(limits: Limits, *types: SignalType) -> EndpointProfile:
    return EndpointProfile(
        name="Example",
        operator="Example",
        origin="https://takes.example",
        plain_bodies=True,
        limits=limits,
        signal_types=types or (SignalType.PDQ,),
    )


def parcel(*items: Item, is_fitted: bool) -> Parcel:
    return Parcel(DECLARED, list(items), "takes.example", None, is_confirmed=True, is_fitted=is_fitted)


def sizes(limits: Limits, *, is_fitted: bool) -> list[int]:
    return [len(item.signals) for item in parcel(ITEM, ITEM, is_fitted=is_fitted).fitted(profile(limits)).items]


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


def test_kinds_that_the_service_does_not_take_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """They are named, and the rest is sent."""
    item = ITEM.model_copy(update={"signals": (ITEM.signals[0], PHASH, MD5)})
    taken = profile(Limits(), SignalType.PDQ, SignalType.MD5)
    (left,) = parcel(item, is_fitted=False).fitted(taken).items
    assert left.signals == (ITEM.signals[0], MD5)
    assert "left out: phash." in " ".join(capsys.readouterr().err.split())


def test_a_file_of_which_nothing_is_taken_stops(capsys: pytest.CaptureFixture[str]) -> None:
    """No file is left out without a word."""
    other = ITEM.model_copy(update={"signals": (PHASH,)})
    with pytest.raises(UsageError):
        parcel(ITEM, other, is_fitted=True).fitted(profile(Limits()))


def test_room_is_kept_for_other_kinds() -> None:
    """Fingerprints of other kinds count, too."""
    item = ITEM.model_copy(update={"signals": (*ITEM.signals, PHASH, MD5)})
    room = HASHES[Coverage.WIDE] + 1
    for signals, level in ((room + 2, Coverage.WIDE), (room + 1, Coverage.STANDARD)):
        taken = profile(Limits(signals_per_image=signals), SignalType.PDQ, SignalType.PHASH, SignalType.MD5)
        (left,) = parcel(item, is_fitted=True).fitted(taken).items
        assert len(left.signals) == HASHES[level] + 2
