"""Distances in bulk are those of signals, one by one."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import InvalidSignalError, MixedSignalTypesError, UsageError
from hashclient.hashing import distances, hamming, pairs_within, to_array
from hashclient.model import Signal, SignalType
from hashclient.model.signal import EXACT, HEX_LENGTH, ORIGINAL, WITH_QUALITY, WITH_VARIANT


def signal(kind: SignalType, number: int) -> Signal:
    digits = f"{number:064x}"[-HEX_LENGTH[kind] :]
    quality, variant = 90 if kind in WITH_QUALITY else None, ORIGINAL if kind in WITH_VARIANT else None
    return Signal.from_text(f"{kind}:{digits}", quality=quality, variant=variant)


def lists(kind: SignalType) -> st.SearchStrategy[tuple[list[Signal], list[Signal]]]:
    near = st.integers(0, 2**256 - 1).flatmap(lambda base: st.integers(0, 40).map(lambda bits: base ^ (1 << bits)))
    some = st.lists(st.builds(signal, st.just(kind), st.one_of(near, st.integers(0, 7))), max_size=12)
    return st.tuples(some, some)


@given(both=st.sampled_from(list(SignalType)).flatmap(lists), within=st.integers(0, 64))
def test_each_distance_is_that_of_two_signals(both: tuple[list[Signal], list[Signal]], within: int) -> None:
    """Of every type, also of digests; and the pairs found are those that `matches` finds."""
    a, b = both
    found = distances(a, b)
    assert found.dtype == np.uint16
    assert found.tolist() == [[one - other for other in b] for one in a]
    assert pairs_within(a, b, within=within).tolist() == [
        [i, j, one - other] for i, one in enumerate(a) for j, other in enumerate(b) if one.matches(other, within=within)
    ]
    assert pairs_within(a, within=within).tolist() == [
        [i, j, a[i] - a[j]] for i in range(len(a)) for j in range(i + 1, len(a)) if a[i] - a[j] <= within
    ]


def test_the_usual_distance_is_that_of_matches() -> None:
    """31 bits where partners start, equality of digests, and none for hashes of 64 bits, whose type may not be known."""
    for kind in SignalType:
        some = [signal(kind, number) for number in (0, 0, 2**31 - 1, 2**32 - 1)]
        if kind in EXACT | WITH_QUALITY:
            near = [[i, j] for i in range(4) for j in range(i + 1, 4) if some[i].matches(some[j])]
            assert pairs_within(some)[:, :2].tolist() == near
        else:
            for same in (some, to_array(some)):
                with pytest.raises(UsageError, match="no distance at which they usually match"):
                    pairs_within(same)


@given(both=st.sampled_from(list(SignalType)).flatmap(lists))
def test_arrays_and_text_are_the_same_hashes(both: tuple[list[Signal], list[Signal]]) -> None:
    """Bytes can be turned back into the text, and each form gives the same array."""
    a, _ = both
    array = to_array(a)
    assert array.dtype == np.uint8
    assert array.shape == (len(a), HEX_LENGTH[a[0].type] // 2 if a else 32)
    assert [row.tobytes().hex() for row in array] == [one.value for one in a]
    for same in ([one.value for one in a], [one.to_text() for one in a], iter(a), array):
        assert np.array_equal(to_array(same), array)


def test_blocks_cover_the_whole() -> None:
    """Lists longer than a block of rows and of columns, a view that jumps among them."""
    random = np.random.default_rng(3)
    a, b = random.integers(0, 256, (300, 32), np.uint8), random.integers(0, 256, (8300, 64), np.uint8)[:, ::2]
    expected = np.unpackbits(a[:, np.newaxis, :] ^ b[np.newaxis, ::83], axis=2).sum(axis=2)
    found = distances(a, b)
    assert np.array_equal(found[:, ::83], expected)
    assert len(pairs_within(a, b, within=110)) == int((found <= 110).sum()) > 0
    among = np.triu(distances(b, b) <= 95, k=1)
    assert np.array_equal(pairs_within(b, within=95)[:, :2], np.argwhere(among))


@pytest.mark.parametrize(
    "wrong",
    [
        ["00" * 31],
        ["0g" * 32],
        ["00" * 31 + " 0"],
        ["0" * 62 + "  "],
        ["pdq:" + "0" * 16],
        ["tmk:" + "0" * 64],
        [""],
        [b"0" * 64],
        [None],
        ["00" * 32, 7],
    ],
)
def test_what_is_no_hash_is_refused_by_its_place(wrong: list[str]) -> None:
    """The sentence holds no hash, only where it stands."""
    with pytest.raises(InvalidSignalError, match=f"Entry {len(wrong) - 1} of the list, counted from 0, is no hash"):
        to_array(wrong)


def test_types_are_not_mixed() -> None:
    """Within a list, between two, and by length where the types are not known."""
    pdq, vpdq, phash = (signal(kind, 5) for kind in (SignalType.PDQ, SignalType.VPDQ, SignalType.PHASH))
    for a, b in (([pdq, vpdq], [pdq]), ([pdq], [vpdq]), ([pdq], [phash.value]), (["pdq:" + "0" * 64], [vpdq])):
        with pytest.raises(MixedSignalTypesError):
            distances(a, b)
    assert distances([pdq], [vpdq.value]).tolist() == [[0]]
    assert distances([], [phash]).shape == (0, 1)
    assert distances([phash], []).shape == (1, 0)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((3, 256), np.uint8), "numpy.packbits"),
        (np.zeros((3, 64), bool), "numpy.packbits"),
        (np.zeros((3, 32), np.float32), "float32, shape (3, 32)"),
        (np.zeros(32, np.uint8), "One row a hash"),
        (np.zeros((3, 31), np.uint8), "shape (3, 31)"),
    ],
)
def test_other_arrays_are_named_with_what_to_do(
    array: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", words: str
) -> None:
    """Their type and shape, and one step."""
    with pytest.raises(UsageError) as raised:
        to_array(array)
    assert words in str(raised.value)


def test_a_single_hash_is_no_list() -> None:
    """Text would be taken letter by letter."""
    for one in ("0" * 64, signal(SignalType.PDQ, 1)):
        with pytest.raises(UsageError, match="in place of a list"):
            to_array(one)  # type: ignore[arg-type]


def test_the_examples_run() -> None:
    """What the file's own words show is what happens."""
    assert doctest.testmod(hamming).failed == 0
    assert doctest.testmod(hamming).attempted == 3
