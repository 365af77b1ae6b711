"""What is sent fits the room that a service has."""

import pytest

from hashclient.cli._sending import Parcel
from hashclient.errors import UsageError
from hashclient.hashing.reposts.levels import HASHES, variants
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
from hashclient.vocabulary import Coverage

DECLARED = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
ITEM = Item(
    content=Content.IMAGE,
    signals=tuple(
        Signal.from_text(f"pdq:{place:064x}", quality=90, variant=name)
        for place, name in enumerate(("original", *variants(Coverage.WIDE)))
    ),
)


VIDEO = Item(
    content=Content.VIDEO,
    signals=(
        Signal.from_text("md5:" + "3" * 32),
        *(Signal.from_text(f"vpdq:{place:064x}", quality=90) for place in range(1000)),
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


def test_a_video_keeps_as_many_frames_as_the_service_takes(capsys: pytest.CaptureFixture[str]) -> None:
    """Spread evenly over it, its digest beside them; whether the person chose a level of coverage or not."""
    taken = (SignalType.PDQ, SignalType.MD5, SignalType.VPDQ)
    for is_fitted in (True, False):
        found = parcel(ITEM, VIDEO, is_fitted=is_fitted).fitted(profile(Limits(frames_per_video=10), *taken))
        places = [int(one.value, 16) for one in found.items[1].signals if one.type is SignalType.VPDQ]
        assert places == [0, 111, 222, 333, 444, 555, 666, 777, 888, 999]
        assert found.items[1].signals[0].type is SignalType.MD5
        assert "spread evenly" in capsys.readouterr().err
    whole = parcel(VIDEO, is_fitted=True).fitted(profile(Limits(), *taken))
    assert whole.items == [VIDEO]
    assert capsys.readouterr().err == ""


def test_several_videos_share_the_room_of_one_request() -> None:
    """No more than all together may be."""
    taken = (SignalType.MD5, SignalType.VPDQ)
    found = parcel(VIDEO, VIDEO, is_fitted=True).fitted(profile(Limits(signals=500), *taken))
    assert sum(len(item.signals) for item in found.items) <= 500


def test_a_video_of_frames_alone_is_refused_where_none_is_taken() -> None:
    """Nothing would be left of it."""
    frames = VIDEO.model_copy(update={"signals": VIDEO.signals[1:]})
    with pytest.raises(UsageError, match="takes none"):
        parcel(frames, is_fitted=True).fitted(profile(Limits(frames_per_video=0), SignalType.VPDQ))
