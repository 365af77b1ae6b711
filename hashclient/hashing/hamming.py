"""Compare many hashes with many: Hamming distances in bulk, in memory that does not grow with the lists.

For two signals there is `a - b`. Here lists of signals, of hexadecimal text, or arrays of bytes are compared, as
researchers have them; finding one hash among millions is left to matchers.

    >>> from hashclient.hashing import distances, pairs_within
    >>> distances(["00" * 32, "ff" * 32], ["00" * 31 + "0f"]).tolist()
    [[4], [252]]
    >>> pairs_within(["00" * 32, "ff" * 32, "00" * 31 + "0f"], within=31).tolist()
    [[0, 2, 4]]
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.errors import InvalidSignalError, MixedSignalTypesError, UsageError
from hashclient.model import Signal
from hashclient.model.signal import EXACT, HEX_LENGTH, MATCH_DISTANCE
from hashclient.vocabulary import SignalType

Hashes = Iterable[Signal | str] | NDArray[np.uint8]
"""Signals, hexadecimal text with or without `type:` before it, or `uint8`, shape (hashes, bytes of a hash)."""

_BYTES: Final = frozenset(digits // 2 for digits in HEX_LENGTH.values())
_PDQ_BYTES: Final = HEX_LENGTH[SignalType.PDQ] // 2
_ROWS_AT_A_TIME: Final = 256
"""Hashes of the first list that are compared at once."""
_COLUMNS_AT_A_TIME: Final = 4096
"""Hashes of the second list that are compared at once; a block of words takes 8 megabytes."""


def to_array(hashes: Hashes) -> NDArray[np.uint8]:
    """Turn hashes of one type into an array of their bytes.

    Args:
        hashes: signals or hexadecimal text of one type; an array is given back as it is.

    Returns:
        `uint8`, shape (hashes, bytes): 32 bytes for `pdq`, `vpdq` and `sha256`, 16 for `md5`, 8 for the others. The
        first byte has the first two characters. Without any hash the shape is (0, 32).

    Raises:
        InvalidSignalError: something is no hash.
        MixedSignalTypesError: the hashes are of several types.
        UsageError: the array has another type or shape, or a single text was given instead of a list.
    """
    return _bytes_of(hashes)[0]


def distances(a: Hashes, b: Hashes) -> NDArray[np.uint16]:
    """Count the bits in which each hash of `a` differs from each of `b`.

    Beside the result this takes some ten megabytes, however long the lists are. The result takes two bytes a pair: of
    lists whose pairs are too many for memory, `pairs_within` gives the near ones.

    Args:
        a: as for `to_array`.
        b: the same, of the same type.

    Returns:
        `uint16`, shape (hashes of `a`, hashes of `b`), bits. What `-` gives for two signals: values of exact types are
        either equal, 0, or differ in all their bits.

    Raises:
        InvalidSignalError: something is no hash.
        MixedSignalTypesError: the hashes are of several types.
        UsageError: an array has another type or shape.
    """
    rows, columns, is_exact = _bytes_of_both(a, b)
    found = np.empty((len(rows), len(columns)), np.uint16)
    for top, left, block in _blocks(rows, columns, is_exact=is_exact):
        found[top : top + block.shape[0], left : left + block.shape[1]] = block
    return found


def pairs_within(a: Hashes, b: Hashes | None = None, *, within: int | None = None) -> NDArray[np.int64]:
    """Find the pairs of hashes whose distance is at most `within` bits.

    All pairs are compared, but only those that are found are kept.

    Args:
        a: as for `to_array`.
        b: the same, of the same type; None looks for pairs inside `a`, each once.
        within: greatest distance, bits; None means 31 for hashes of 256 bits, and equality for digests.

    Returns:
        Shape (pairs, 3): place in `a`, place in `b`, both from 0, and distance, in ascending order.

    Raises:
        InvalidSignalError: something is no hash.
        MixedSignalTypesError: the hashes are of several types.
        UsageError: an array has another type or shape, or `within` is missing and the hashes have no usual distance.
    """
    rows, columns, is_exact = _bytes_of_both(a, a if b is None else b)
    if within is None:
        if not is_exact and rows.shape[1] != _PDQ_BYTES:
            raise UsageError(
                "Hashes of this length have no distance at which they usually match. Nothing was compared.",
                hint="Say how many bits may differ: pairs_within(..., within=BITS).",
            )
        within = MATCH_DISTANCE  # digests are equal, or differ in all their bits
    found = [np.empty((0, 3), np.int64)]
    for top, left, block in _blocks(rows, columns, is_exact=is_exact, is_upper=b is None):
        down, across = np.nonzero(block <= within)
        near = np.column_stack((down + top, across + left, block[down, across])).astype(np.int64)
        found.append(near if b is not None else near[near[:, 0] < near[:, 1]])
    pairs = np.concatenate(found)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _blocks(
    rows: NDArray[np.uint8], columns: NDArray[np.uint8], *, is_exact: bool, is_upper: bool = False
) -> Iterator[tuple[int, int, NDArray[np.uint16]]]:
    """Yield the distances of some hashes to some others, and where among all of them these begin.

    With `is_upper`, blocks in which every row comes after every column are passed over.
    """
    words, others = (np.ascontiguousarray(one).view(np.uint64).T for one in (rows, columns))
    for top in range(0, len(rows), _ROWS_AT_A_TIME):
        for left in range(
            top // _COLUMNS_AT_A_TIME * _COLUMNS_AT_A_TIME if is_upper else 0, len(columns), _COLUMNS_AT_A_TIME
        ):
            some = words[:, top : top + _ROWS_AT_A_TIME, np.newaxis]
            with_these = others[:, np.newaxis, left : left + _COLUMNS_AT_A_TIME]
            block = np.zeros((some.shape[1], with_these.shape[2]), np.uint16)
            for word, other in zip(some, with_these, strict=True):
                block += np.bitwise_count(word ^ other)
            if is_exact:
                block[block > 0] = 8 * rows.shape[1]
            yield top, left, block


def _bytes_of_both(a: Hashes, b: Hashes) -> tuple[NDArray[np.uint8], NDArray[np.uint8], bool]:
    """Return the bytes of both lists, and whether their type is exact."""
    (rows, one), (columns, other) = _bytes_of(a), _bytes_of(b)
    kinds = {kind for kind in (one, other) if kind is not None}
    if len(kinds) > 1 or (len(rows) and len(columns) and rows.shape[1] != columns.shape[1]):
        raise MixedSignalTypesError
    if not (len(rows) and len(columns)):  # an empty list is of any type
        rows, columns = (np.empty((len(part), _PDQ_BYTES), np.uint8) for part in (rows, columns))
    return rows, columns, bool(kinds & EXACT)


def _bytes_of(hashes: Hashes) -> tuple[NDArray[np.uint8], SignalType | None]:
    """Return the bytes of hashes, and their type where it is known."""
    if isinstance(hashes, np.ndarray):
        return _checked(hashes), None
    if isinstance(hashes, str | Signal):
        raise UsageError("One hash was given in place of a list. Nothing was sent.", hint="Write [hash].")
    kinds: set[SignalType] = set()
    values = [_value(one, place, kinds) for place, one in enumerate(hashes)]
    if len(kinds) > 1 or len(set(map(len, values))) > 1:
        raise MixedSignalTypesError
    size = len(values[0]) if values else _PDQ_BYTES
    return np.frombuffer(b"".join(values), np.uint8).reshape(-1, size), next(iter(kinds), None)


def _value(one: Signal | str, place: int, kinds: set[SignalType]) -> bytes:
    """Return the bytes of one hash, and add its type, where it is known, to `kinds`."""
    try:
        if isinstance(one, Signal):
            kinds.add(one.type)
            return bytes.fromhex(one.value)
        kind, _, digits = one.rpartition(":")
        value = bytes.fromhex(digits)
        known = SignalType(kind) if kind else None
    except (AttributeError, TypeError, ValueError):
        value, digits, known = b"", "", None
    if known is not None:
        kinds.add(known)
    if 2 * len(value) != len(digits) or len(value) not in _BYTES or (known and HEX_LENGTH[known] != len(digits)):
        raise InvalidSignalError(
            f"Entry {place} of the list, counted from 0, is no hash. Nothing was sent.",
            hint="Give signals, or text of 16, 32 or 64 hexadecimal characters; str(hash) of an imagehash is one.",
        )
    return value


def _checked(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if array.dtype == np.uint8 and array.ndim == 2 and array.shape[1] in _BYTES:
        return array
    is_bits = array.ndim == 2 and 8 * _PDQ_BYTES >= array.shape[1] >= 8 * min(_BYTES) and array.shape[1] % 64 == 0
    step = "Pack its bits: numpy.packbits(array, axis=1)." if is_bits else "One row a hash: uint8, shape (hashes, 32)."
    raise UsageError(
        f"An array of {array.dtype}, shape {array.shape}, holds no hashes. {step} Nothing was sent.",
        hint="docs/for-researchers.md says how hashes are compared in bulk.",
    )
