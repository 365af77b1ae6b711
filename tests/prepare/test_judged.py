"""What may leave the device, and what is left out and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import BrokenMediaError, UsageError
from hashclient.model import Altered, Content, Declarations, EndpointProfile, Item, Limits, Signal, SignalType
from hashclient.prepare import Prepared, Skipped, item_of
from hashclient.prepare.prepared import judged
from hashclient.vocabulary import Reason

AFFIRMED = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)  # type: ignore[arg-type]


def signal(value: str = "0f" * 32, *, quality: int = 90, variant: str = "original") -> Signal:
    return Signal(type=SignalType.PDQ, value=value, quality=quality, variant=variant)


def judge(
    *signals: Signal,
    skipped: tuple[Skipped, ...] = (),
    left_out: tuple[Reason, ...] = (),
    profile: EndpointProfile | None = None,
) -> Prepared:
    raw = Prepared(0, Content.IMAGE, signals, skipped, "full")
    return judged(raw, left_out=left_out, declarations=AFFIRMED, profile=profile)


def reasons(prepared: Prepared) -> list[object]:
    return [skipped.reason for skipped in prepared.skipped]


def test_good_hashes_pass() -> None:
    """What is fit stays, in its order, and nothing is skipped."""
    signals = (signal(), signal("f0" * 32, variant="stored"))
    prepared = judge(*signals)
    assert (prepared.signals, prepared.skipped) == (signals, ())
    assert prepared.declarations is AFFIRMED


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(signal(quality=49), Reason.LOW_QUALITY), (signal("0" * 64), Reason.FLAT), (signal("f" * 64), Reason.FLAT)],
)
def test_what_may_not_leave_is_a_skip_with_a_sentence(bad: Signal, reason: Reason) -> None:
    """A hash of low quality, or a flat one, is left out with its reason in words."""
    prepared = judge(bad, bad)
    assert prepared.signals == ()
    assert reasons(prepared) == [reason]
    assert prepared.skipped[0].sentence
    assert prepared.skipped[0].hint
    assert item_of(prepared, altered=Altered.NO) is None


def test_the_floor_is_fifty() -> None:
    """Quality 50 may leave, 49 may not."""
    assert judge(signal(quality=50)).signals
    assert not judge(signal(quality=49)).signals


def test_an_equal_value_is_kept_once() -> None:
    """Where a variant has the same hash, the first is kept: an item holds no signal twice."""
    prepared = judge(signal(), signal(variant="stored"))
    assert [one.variant for one in prepared.signals] == ["original"]
    assert prepared.skipped == ()


def test_an_endpoint_takes_so_many_of_one_picture() -> None:
    """Beyond the profile's limit the last are left out, with the reason."""
    profile = EndpointProfile(
        name="Test",
        operator="Test",
        origin="http://127.0.0.1:1",
        plain_bodies=True,
        limits=Limits(signals_per_image=1),
    )
    prepared = judge(signal(), signal("f0" * 32, variant="stored"), profile=profile)
    assert [one.variant for one in prepared.signals] == ["original"]
    assert reasons(prepared) == [Reason.TOO_MANY_SIGNALS]


def test_earlier_reasons_stay() -> None:
    """What was skipped for the file itself, and for all files, is kept beside."""
    broken = Skipped.because(BrokenMediaError())
    prepared = judge(skipped=(broken,), left_out=(Reason.TYPE_NOT_ACCEPTED,))
    assert reasons(prepared) == [broken.reason, Reason.TYPE_NOT_ACCEPTED]


@given(st.lists(st.builds(signal, st.text("0123456789abcdef", min_size=64, max_size=64), quality=st.integers(0, 100))))
def test_what_is_left_always_makes_an_item(signals: list[Signal]) -> None:
    """Whatever was hashed, what passes is an item that follows the specification, or nothing."""
    prepared = judge(*signals)
    item = item_of(prepared, altered=Altered.YES, altered_from=2)
    assert (item is None) == (not prepared.signals)
    assert item is None or item == Item(
        content=Content.IMAGE, altered=Altered.YES, altered_from=2, signals=prepared.signals
    )


def test_hashes_made_without_declarations_make_no_item() -> None:
    """What `hash_files` gives can be made no part of a submission."""
    raw = Prepared(0, Content.IMAGE, (signal(),), (), "full")
    with pytest.raises(UsageError, match="without the declarations"):
        item_of(raw, altered=Altered.NO)
