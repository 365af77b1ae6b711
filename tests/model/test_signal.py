"""Signals: form, text form and distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import InvalidSignalError, MixedSignalTypesError
from hashclient.model.signal import HEX_LENGTH, WITH_QUALITY, WITH_VARIANT, Signal
from hashclient.vocabulary import SignalType


@st.composite
def signals(draw: st.DrawFn, kind: SignalType | None = None) -> Signal:
    kind = kind or draw(st.sampled_from(SignalType))
    return Signal(
        type=kind,
        value=draw(st.text("0123456789abcdef", min_size=HEX_LENGTH[kind], max_size=HEX_LENGTH[kind])),
        quality=draw(st.integers(0, 100)) if kind in WITH_QUALITY else None,
        variant=draw(st.sampled_from(["original", "stored", "mirror+crop-27"])) if kind in WITH_VARIANT else None,
    )


@given(signals())
def test_text_form_round_trip(signal: Signal) -> None:
    """What `to_text` writes, `from_text` reads."""
    assert Signal.from_text(signal.to_text(), quality=signal.quality, variant=signal.variant) == signal


@given(signals(SignalType.PDQ), signals(SignalType.PDQ), signals(SignalType.PDQ))
def test_distance_is_a_metric(a: Signal, b: Signal, c: Signal) -> None:
    """It is zero to itself, symmetric, at most 256, and never longer than a detour."""
    assert a - a == 0
    assert 0 <= a - b == b - a <= 256
    assert a - c <= (a - b) + (b - c)
    assert (a - b == 0) is (a.value == b.value)


@given(signals(SignalType.MD5), signals(SignalType.MD5))
def test_exact_types_are_equal_or_not(a: Signal, b: Signal) -> None:
    """An MD5 that differs anywhere differs in all its bits."""
    assert a - b == (0 if a.value == b.value else 128)


def test_matches_includes_the_threshold() -> None:
    """31 bits are a match, 32 are not."""
    a, near, far = (Signal.from_text(f"pdq:{(1 << n) - 1:064x}", quality=50, variant="original") for n in (0, 31, 32))
    assert a.matches(near)
    assert not a.matches(far)
    assert a.matches(far, within=32)


def test_mixed_types_have_no_distance() -> None:
    """A PDQ and a SHA-256 have the same length and no distance."""
    with pytest.raises(MixedSignalTypesError):
        Signal.from_text("pdq:" + "0" * 64, quality=50, variant="original") - Signal.from_text("sha256:" + "0" * 64)


def test_subtracting_something_else_is_a_type_error() -> None:
    """A signal minus a number is not a distance."""
    with pytest.raises(TypeError):
        Signal.from_text("md5:" + "0" * 32) - 1  # type: ignore[operator]  # wrong on purpose


@pytest.mark.parametrize("text", ["", "pdq", "pdq:", "PDQ:" + "0" * 64, "pdq:" + "0" * 63, "md5:" + "F" * 32, ":", "md5:" + "0" * 31 + "\n", "x:0"])  # fmt: skip
def test_wrong_text_is_refused(text: str) -> None:
    """Nothing is corrected, and the error does not repeat the text."""
    with pytest.raises(InvalidSignalError) as caught:
        Signal.from_text(text)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    "variant", ["Original", "holiday", "crop-12345", "a.jpg", "original ", "original\n", "crop-" * 12, "mirror++crop", "x" * 49, "anna", "crop-7+crop-7+crop-7+crop-7+crop-7"]
)  # fmt: skip
def test_variant_is_closed(variant: str) -> None:
    """Nobody's text fits into a variant."""
    with pytest.raises(InvalidSignalError):
        Signal.from_text("pdq:" + "0" * 64, quality=50, variant=variant)
