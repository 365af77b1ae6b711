"""Case number, PIN and case key."""

import itertools
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import InvalidCredentialsError
from hashclient.model.case import ALPHABET, CaseKey, CaseNumber, CaseRequest, Pin, check_sum
from hashclient.model.wire import decode, encode

BITS = st.integers(0, (1 << 55) - 1)


@given(BITS)
def test_number_round_trip(bits: int) -> None:
    """What is shown can be read back, and gives the same 55 bits."""
    number = CaseNumber.from_bits(bits)
    assert CaseNumber.from_person(number.shown()) == number
    value = 0
    for character in number.shown().replace("-", "")[:11]:
        value = value << 5 | ALPHABET.index(character)
    assert value == bits


@given(BITS, st.data())
def test_number_is_read_as_people_type(bits: int, data: st.DataObject) -> None:
    """Case, spaces and hyphens do not matter, and I, L and O are understood."""
    number = CaseNumber.from_bits(bits)
    typed = number.shown().lower().replace("-", data.draw(st.sampled_from(["", " ", "-", "\u2011", " - "])))
    typed = typed.replace("1", data.draw(st.sampled_from("1iIlL"))).replace("0", data.draw(st.sampled_from("0oO")))
    assert CaseNumber.from_person(f" {typed} ") == number


@pytest.mark.parametrize("bits", [*range(0, 1 << 55, (1 << 55) // 12)])
def test_every_wrong_character_and_every_swap_is_caught(bits: int) -> None:
    """No single mistake gives another valid number."""
    text = CaseNumber.from_bits(bits).shown().replace("-", "")
    for place, character in itertools.product(range(12), ALPHABET):
        if character != text[place]:
            assert check_sum(text[:place] + character + text[place + 1 :]) != 0
    for i, j in itertools.combinations(range(12), 2):
        swapped = list(text)
        swapped[i], swapped[j] = swapped[j], swapped[i]
        if text[i] != text[j]:
            assert check_sum("".join(swapped)) != 0


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "UUUU-UUUU-UUUU", "0000-0000-0001", "0" * 13, "0000_0000_0000", "\u2460" * 12]
)
def test_mistyped_number_is_refused(typed: str) -> None:
    """The error repeats nothing of what was typed."""
    with pytest.raises(InvalidCredentialsError) as caught:
        CaseNumber.from_person(typed)
    assert not typed or typed not in str(caught.value)


@pytest.mark.parametrize("bits", [-1, 1 << 55])
def test_bits_out_of_range(bits: int) -> None:
    """55 bits, no more."""
    with pytest.raises(InvalidCredentialsError):
        CaseNumber.from_bits(bits)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_pin_round_trip(digits: str) -> None:
    """What is shown can be read back; leading zeros stay."""
    assert Pin.from_person(Pin(digits).shown()) == Pin(digits)
    assert Pin(digits).shown().replace(" ", "") == digits


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", "\u2460" * 8, "12345678\n1"])
def test_mistyped_pin_is_refused(typed: str) -> None:
    """Eight digits, nothing else."""
    with pytest.raises(InvalidCredentialsError):
        Pin.from_person(typed)


@given(
    BITS,
    st.text("0123456789", min_size=8, max_size=8),
    st.sampled_from(["\u2066{}\u2069", "\u200f\u2068{}\u2069\u200e", "{}"]),
)
def test_both_are_read_as_copied_from_a_right_to_left_text(bits: int, digits: str, around: str) -> None:
    """Invisible marks do not count, and digits of an Arabic or Persian keyboard are digits."""
    number = CaseNumber.from_bits(bits)
    assert CaseNumber.from_person(around.format(number.shown())) == number
    for zero in ("\u0660", "\u06f0"):
        typed = digits.translate({ord("0") + place: ord(zero) + place for place in range(10)})
        assert Pin.from_person(around.format(typed)) == Pin(digits)
    for other in ("\u202e", "\u202d", "\u061c", "\u00ad"):
        with pytest.raises(InvalidCredentialsError):
            Pin.from_person(other + digits)


@pytest.mark.parametrize("secret", [CaseNumber.from_bits(7), Pin("04711815"), CaseKey("ab" * 32)])
def test_secrets_never_show_themselves(secret: Any) -> None:
    """The value is not shown by repr, str, format or an attribute error, and equality still works."""
    hidden = secret.shown() if hasattr(secret, "shown") else secret.on_wire()
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>40}", repr([secret]), "%s" % secret):  # noqa: UP031  # every way
        assert hidden not in shown
        assert "***" in shown
    assert pickle.loads(pickle.dumps(secret)) == secret  # noqa: S301  # our own
    assert hash(secret) == hash(pickle.loads(pickle.dumps(secret)))  # noqa: S301  # our own
    assert secret != hidden
    with pytest.raises(AttributeError):
        secret.other = 1
    with pytest.raises(AttributeError):
        secret._text = "x"


def test_dumped_json_hides_and_wire_reveals() -> None:
    """Only `model.wire` writes number and key in the clear."""
    request = CaseRequest(case_number=CaseNumber.from_bits(7), case_key=CaseKey("ab" * 32))
    assert json.loads(request.model_dump_json())["case_key"] == "***"
    assert request.model_dump()["case_number"] == "***"
    assert "ab" * 32 in encode(request).decode()
    assert decode(CaseRequest, encode(request)) == request


def test_case_key_depends_on_number_and_pin() -> None:
    """Another number or another PIN gives another key."""
    keys = {
        CaseKey.from_pin(Pin(pin), CaseNumber.from_bits(bits)) for pin in ("00000000", "00000001") for bits in (1, 2)
    }
    assert len(keys) == 4


@pytest.mark.parametrize("text", ["", "ab", "AB" * 32, "zz" * 32])
def test_wrong_case_key_is_refused(text: str) -> None:
    """64 lower-case hex characters."""
    with pytest.raises(InvalidCredentialsError):
        CaseKey(text)
