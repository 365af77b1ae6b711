"""Credentials are drawn by `secrets`, a submission is built under them, and items lose their order."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.client import Client
from hashclient.client.request import build_submission, new_credentials
from hashclient.client.trust import utc_today
from hashclient.errors import InvalidSubmissionError
from hashclient.model import CaseKey, CaseNumber, Credentials, Pin, Submission, Suite
from hashclient.model.wire import decode, encode
from hashclient.sealing import open_sealed
from hashclient.testing import EndpointSimulator
from hashclient.transport.interface import Path
from kit.submissions import DECLARATIONS, credentials, item, remembered_case_keys, submission

__all__ = ["remembered_case_keys"]


def test_credentials_are_random() -> None:
    """A thousand draws give a thousand numbers and nonces, of the right form, and PINs over the whole range."""
    drawn = [new_credentials() for _ in range(1000)]
    assert len({pair.number for pair in drawn}) == 1000
    assert all(CaseNumber.from_person(pair.number.shown()) == pair.number for pair in drawn)
    assert len({submission().nonce for _ in range(1000)}) == 1000
    first_digits = Counter(pair.pin.shown()[0] for pair in drawn)
    assert set(first_digits) == set("0123456789")
    assert max(first_digits.values()) < 200


def test_small_numbers_keep_their_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PIN of few digits is filled with zeros."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 7)
    assert new_credentials().pin == Pin("00000007")


def test_a_submission_holds_the_key_and_not_the_pin() -> None:
    """The case key is derived from number and PIN; the PIN is nowhere in the bytes."""
    pair = Credentials(credentials().number, Pin("73190462"))
    laid = build_submission(pair, DECLARATIONS, [item()])
    assert laid.case_key == CaseKey.from_pin(pair.pin, pair.number)
    assert "73190462" not in encode(laid).decode()
    assert decode(Submission, encode(laid)) == laid


@given(st.data())
def test_altered_from_follows_the_shuffle(data: st.DataObject) -> None:
    """After the shuffle every altered item still names the item that it was made from."""
    count = data.draw(st.integers(2, 12))
    steps = [data.draw(st.none() | st.integers(1, count - 1)) for _ in range(count)]
    origins = [None if step is None else (own + step) % count for own, step in enumerate(steps)]
    items = [item(seed, altered_from=origin) for seed, origin in enumerate(origins)]
    laid = build_submission(credentials(), DECLARATIONS, items).items
    for made in laid:
        old = next(place for place, before in enumerate(items) if before.signals == made.signals)
        origin = origins[old]
        assert (made.altered_from is None) == (origin is None)
        if made.altered_from is not None and origin is not None:
            assert laid[made.altered_from].signals == items[origin].signals
    assert len(laid) == count


def test_the_order_tells_nothing() -> None:
    """Over many submissions of three items, the first item is found at each place."""
    first = item(0).signals
    places = Counter([laid.signals for laid in submission(items=3).items].index(first) for _ in range(200))
    assert set(places) == {0, 1, 2}


@pytest.mark.parametrize("items", [[], [item()] * 101, [item(altered_from=5)], [item(altered_from=0)]])
def test_what_makes_no_submission(items: list[object]) -> None:
    """No items, too many, or an `altered_from` that names no other item are refused."""
    with pytest.raises(InvalidSubmissionError):
        build_submission(credentials(), DECLARATIONS, items)  # type: ignore[arg-type]  # the list is of items


def test_sealed_for_a_file() -> None:
    """A submission is sealed for delivery by other means; only the profile is asked for, and keys go by the day of today."""
    simulator = EndpointSimulator(suites=(Suite.X25519,))
    body = encode(wanted := submission())
    sealed = Client(simulator, trusted_keys=(simulator.profile().keys[0].id,)).seal_for_file(wanted)
    assert open_sealed(sealed, key=simulator.keys[0], origin=simulator.origin).untrusted_body == body
    assert simulator.calls == {Path.PROFILE: 1}
    assert utc_today() == datetime.now(UTC).date().isoformat()
