"""Submissions, policy and the wire format."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hashclient.errors import AgeGateError, HashclientError, InvalidReplyError, InvalidSubmissionError
from hashclient.model import (
    CaseKey,
    CaseNumber,
    Content,
    Declarations,
    Depicted,
    EndpointProfile,
    Item,
    Limits,
    Problem,
    Receipt,
    SealingKey,
    Signal,
    SignalType,
    Submission,
    Suite,
)
from hashclient.model.policy import refusals, unfit
from hashclient.model.wire import Head, decode, encode
from hashclient.vocabulary import Reason

HEX64 = st.text("0123456789abcdef", min_size=64, max_size=64)
NUMBER = CaseNumber.from_bits(1)
DECLARED = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)


def pdq(value: str, quality: int = 100, variant: str = "original") -> Signal:
    return Signal(type=SignalType.PDQ, value=value, quality=quality, variant=variant)


PICTURES = st.lists(HEX64, min_size=1, max_size=4, unique=True).map(
    lambda values: Item(content=Content.IMAGE, signals=tuple(pdq(value) for value in values))
)
VIDEOS = st.lists(HEX64, max_size=4, unique=True).map(
    lambda values: Item(
        content=Content.VIDEO,
        signals=(
            Signal(type=SignalType.MD5, value="0" * 32),
            *(Signal(type=SignalType.VPDQ, value=value, quality=70) for value in values),
            *(pdq(value, variant="frame") for value in values[1:]),
        ),
    )
)
SUBMISSIONS = st.builds(
    lambda items, bits, key, depicted: Submission(
        nonce="0" * 32,
        case_number=CaseNumber.from_bits(bits),
        case_key=CaseKey(key),
        declarations=Declarations(adult=True, depicted=depicted, intimate=True, no_consent=True),
        items=tuple(items),
    ),
    st.lists(PICTURES | VIDEOS, min_size=1, max_size=4),
    st.integers(0, (1 << 55) - 1),
    HEX64,
    st.sampled_from(Depicted),
)


def submission(*items: Item, depicted: Depicted = Depicted.SELF) -> Submission:
    declarations = Declarations(adult=True, depicted=depicted, intimate=True, no_consent=True)
    return Submission(
        nonce="0" * 32, case_number=NUMBER, case_key=CaseKey("0" * 64), declarations=declarations, items=items
    )


def picture(*values: str) -> Item:
    return Item(content=Content.IMAGE, signals=tuple(pdq(value) for value in values))


def profile(**changes: Any) -> EndpointProfile:
    fields = {"name": "x", "operator": "x", "origin": "http://127.0.0.1:1", "plain_bodies": True}
    return EndpointProfile.model_validate(fields | changes)


@given(SUBMISSIONS)
def test_wire_round_trip(document: Submission) -> None:
    """Encoding and decoding return an equal submission, and the same bytes again."""
    body = encode(document)
    assert decode(Submission, body) == document
    assert encode(decode(Submission, body)) == body
    assert json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode() == body


@given(SUBMISSIONS, st.data())
def test_damaged_bytes_never_pass_for_something_else(document: Submission, data: st.DataObject) -> None:
    """Whatever a byte becomes, the decoder returns a valid submission or raises one of our errors."""
    body = bytearray(encode(document))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        again = decode(Submission, bytes(body))
    except HashclientError:
        return
    assert decode(Submission, encode(again)) == again


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_anything_is_refused_with_our_errors(untrusted: bytes) -> None:
    """Bytes from outside raise nothing but our errors."""
    for kind in (Submission, Receipt, EndpointProfile, Problem, Head):
        with pytest.raises((InvalidSubmissionError, InvalidReplyError)):
            decode(kind, untrusted)  # type: ignore[type-var]  # each is one of the kinds


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.sampled_from(["nonce", "case_number", "case_key", "declarations", "items", "version", "more"]), JSON)
def test_any_value_in_any_field(field: str, value: Any) -> None:
    """A wrong value in a field raises one of our errors, which does not repeat it."""
    plain = json.loads(encode(submission(picture("0" * 64))))
    body = json.dumps(plain | {field: value}).encode()
    try:
        decode(Submission, body)
    except HashclientError as error:
        if isinstance(value, str) and len(value) > 6:
            assert value not in str(error)
    else:
        assert value == plain.get(field)


def test_wrong_field_is_pointed_at_without_its_value() -> None:
    """The pointer names our field, and an unknown key is not repeated."""
    plain = json.loads(encode(submission(picture("0" * 64))))
    plain["items"][0]["signals"][0]["secret-name.jpg"] = 1
    with pytest.raises(InvalidSubmissionError) as caught:
        decode(Submission, json.dumps(plain).encode())
    assert caught.value.pointer == "/items/0/signals/0"


@pytest.mark.parametrize("adult", [False, 1, "true", None, [], 1.0])
def test_age_gate_is_in_the_library(adult: Any) -> None:
    """Only the literal True passes, however the object is built."""
    for fields in ({"adult": adult, "depicted": "self", "intimate": True, "no_consent": True}, {"adult": adult}):
        with pytest.raises(AgeGateError) as caught:
            Declarations.model_validate(fields)
        assert "Take It Down" in str(caught.value)
        assert "INHOPE" in str(caught.value)
    with pytest.raises(AgeGateError):
        Declarations(depicted=Depicted.SELF, intimate=True, no_consent=True)  # type: ignore[call-arg]  # wrong on purpose


def test_models_are_frozen_and_hide_input() -> None:
    """A document cannot be changed, and an error does not show what was given."""
    document = submission(picture("0" * 64))
    with pytest.raises(ValidationError):
        document.nonce = "1" * 32  # type: ignore[misc]  # wrong on purpose
    with pytest.raises(ValidationError) as caught:
        Item.model_validate({"content": "image", "signals": [], "name": "beach.jpg"})
    assert "beach" not in str(caught.value)
    assert "nonce" not in repr(document)


def test_too_many_signals_are_refused() -> None:
    """26,000 signals at most, however they are spread."""
    items = tuple(picture(*(f"{n:032x}{m:032x}" for m in range(6600))) for n in range(4))
    with pytest.raises(ValidationError, match="more than 26000 signals"):
        submission(*items)


@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        (pdq("f" * 32 + "0" * 32, 50), None),
        (pdq("f" * 32 + "0" * 32, 49), Reason.LOW_QUALITY),
        (pdq("0" * 64), Reason.FLAT),
        (pdq("f" * 64), Reason.FLAT),
        (pdq("0" * 63 + "1"), Reason.FLAT),
        (Signal(type=SignalType.MD5, value="0" * 32), None),
    ],
)
def test_unfit(signal: Signal, reason: Reason | None) -> None:
    """Hashes with little detail, or almost constant ones, never leave the device."""
    assert unfit(signal) is reason


HALF = "f" * 32 + "0" * 32


@pytest.mark.parametrize(
    ("changes", "document", "expected"),
    [
        ({}, submission(picture(HALF)), []),
        ({"limits": Limits(items=1)}, submission(picture(HALF), picture(HALF)), [(Reason.TOO_MANY_ITEMS, None)]),
        ({"limits": Limits(signals=1)}, submission(picture(HALF, "0f" * 32)), [(Reason.TOO_MANY_SIGNALS, None)]),
        ({"limits": Limits(signals_per_image=1)}, submission(picture(HALF, "0f" * 32)), [(Reason.TOO_MANY_SIGNALS, 0)]),
        ({"representatives": False}, submission(picture(HALF), depicted=Depicted.REPRESENTED), [(Reason.REPRESENTATIVE, None)]),
        ({"representatives": None}, submission(picture(HALF), depicted=Depicted.REPRESENTED), []),
        ({"signal_types": [SignalType.MD5]}, submission(picture(HALF)), [(Reason.TYPE_NOT_ACCEPTED, 0)]),
        ({}, submission(picture(HALF), picture("0" * 64)), [(Reason.FLAT, 1)]),
    ],
)  # fmt: skip
def test_refusals(changes: dict[str, Any], document: Submission, expected: list[tuple[Reason, int | None]]) -> None:
    """Exceeding a limit of the profile gives the reason and the item."""
    assert [(refusal.reason, refusal.item) for refusal in refusals(document, profile(**changes))] == expected


def test_video_limit_leaves_room_for_its_digests() -> None:
    """Frames count towards the limit; MD5 and SHA-256 do not."""
    video = Item(
        content=Content.VIDEO,
        signals=(
            Signal(type=SignalType.MD5, value="0" * 32),
            *(Signal(type=SignalType.VPDQ, value=HALF[:-1] + str(n), quality=60) for n in range(3)),
        ),
    )
    assert not list(refusals(submission(video), profile(limits=Limits(frames_per_video=3))))
    assert list(refusals(submission(video), profile(limits=Limits(frames_per_video=1))))


def test_frames_of_both_types_count_towards_the_limit() -> None:
    """The limit is on hashes of frames, whatever their type; without digests it is the same."""
    frames = (
        Signal(type=SignalType.VPDQ, value=HALF, quality=60),
        Signal(type=SignalType.PDQ, value=HALF, quality=60, variant="frame"),
    )
    video = Item(content=Content.VIDEO, signals=frames)
    assert not list(refusals(submission(video), profile(limits=Limits(frames_per_video=2))))
    for most in (0, 1):
        found = list(refusals(submission(video), profile(limits=Limits(frames_per_video=most))))
        assert [(refusal.reason, refusal.item) for refusal in found] == [(Reason.TOO_MANY_SIGNALS, 0)]


def test_profile_checks() -> None:
    """Key lengths, the padding floor and a way in are checked."""
    key = {"suite": Suite.X25519, "id": "0" * 16, "public": "00" * 32, "expires": "2030-01-01"}
    assert SealingKey.model_validate(key).suite is Suite.X25519
    with pytest.raises(ValidationError):
        SealingKey.model_validate(key | {"public": "00" * 31})
    with pytest.raises(ValidationError):
        Limits(padding_floor=5000)
    with pytest.raises(ValidationError):
        profile(plain_bodies=False)


def test_problem_names_itself() -> None:
    """The last part of the type is the name."""
    assert Problem(type="urn:hashclient:problem:too-large", title="Too large.", status=413).name() == "too-large"
