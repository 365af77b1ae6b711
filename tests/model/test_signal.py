"""Signals: form, text form and distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import InvalidSignalError, MixedSignalTypesError, UsageError
from hashclient.hashing.reposts.levels import GROUNDS, variants
from hashclient.model.signal import EXACT, FRAME, HEX_LENGTH, ORIGINAL, STORED, WITH_QUALITY, WITH_VARIANT, Signal
from hashclient.vocabulary import Coverage, SignalType


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
    assert not a.matches(near, within=0)


@pytest.mark.parametrize("kind", SignalType)
def test_only_types_with_a_usual_distance_match_without_one(kind: SignalType) -> None:
    """31 bits for pdq and vpdq, equality for digests; for the others no number is right, so one has to be given."""
    quality, variant = (90 if kind in WITH_QUALITY else None), ("original" if kind in WITH_VARIANT else None)
    ends = ("0" * (HEX_LENGTH[kind] - 8) + end for end in ("00000000", "7fffffff", "ffffffff"))
    same, near, far = (Signal.from_text(f"{kind}:{value}", quality=quality, variant=variant) for value in ends)
    if kind in WITH_QUALITY:
        assert (same.matches(same), same.matches(near), same.matches(far)) == (True, True, False)
    elif kind in EXACT:
        assert (same.matches(same), same.matches(near), same.matches(far)) == (True, False, False)
    else:
        with pytest.raises(UsageError) as caught:
            same.matches(same)
        assert "no distance at which they usually match" in caught.value.sentence
        assert "within=" in caught.value.hint
        assert same.matches(near, within=31)
        assert not same.matches(far, within=31)


def test_mixed_types_have_no_distance() -> None:
    """A PDQ and a SHA-256 have the same length and no distance."""
    with pytest.raises(MixedSignalTypesError):
        Signal.from_text("pdq:" + "0" * 64, quality=50, variant="original") - Signal.from_text("sha256:" + "0" * 64)
    with pytest.raises(MixedSignalTypesError):
        Signal.from_text("phash:" + "0" * 16, variant="original").matches(Signal.from_text("sha256:" + "0" * 64))


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
    "variant", ["Original", "", "3crop", "a.jpg", "in rome", "original ", "original\n", "crop-" * 9, "crop-" * 8, "mirror++crop", "-crop", "x" * 49, "m\u00eeroir", "crop-\u0663", "a-b-c-d-e-f-g-h-i"]
)  # fmt: skip
def test_variant_has_the_form_of_a_name(variant: str) -> None:
    """What has not the form of a recipe's name is refused."""
    for kind in ("pdq", "vpdq"):
        with pytest.raises(InvalidSignalError):
            Signal.from_text(f"{kind}:" + "0" * 64, quality=50, variant=variant)


@given(parts=st.lists(st.from_regex(r"[a-z0-9]{1,5}", fullmatch=True), max_size=7), head=st.from_regex(r"[a-z]{1,4}[0-9]{0,2}", fullmatch=True), data=st.data())  # fmt: skip
def test_names_of_later_recipes_pass(parts: list[str], head: str, data: st.DataObject) -> None:
    """Any name of up to eight parts and 48 characters is read, whether this version knows the recipe or not."""
    name = head + "".join(data.draw(st.sampled_from("-+")) + part for part in parts)
    assert len(name) <= 48
    assert Signal.from_text("pdq:" + "0" * 64, quality=50, variant=name).variant == name


def test_every_recipe_has_the_form_of_a_name() -> None:
    """What this version makes passes its own pattern, and so does the frame of a video."""
    for variant in (*variants(Coverage.WIDE), *GROUNDS, ORIGINAL, STORED, FRAME):
        assert Signal.from_text("pdq:" + "0" * 64, quality=50, variant=variant).variant == variant


def test_a_frame_may_say_its_variant() -> None:
    """A vpdq has a variant or none; a digest has none."""
    assert Signal.from_text("vpdq:" + "0" * 64, quality=50).variant is None
    assert Signal.from_text("vpdq:" + "0" * 64, quality=50, variant="mirror").variant == "mirror"
    with pytest.raises(InvalidSignalError):
        Signal.from_text("md5:" + "0" * 32, variant="mirror")
