"""PDQ in numpy, bit for bit that of the reference.

A picture is reduced to 64 x 64 (`hashclient.hashing.reduction`), its 16 x 16 lowest frequencies are taken, and each
gives a bit: 1 where it lies above the median. Where rounding would decide a bit,
`hashclient.hashing.reference_rounding` decides it as the reference does. Quality is reported, never judged.

Source:
    ThreatExchange `pdq/cpp/hashing/pdqhashing.cpp`; expected values in `pdq/expected.json` of the reference data.
    See `docs/pdq.md`.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.accuracy import needs_full_decode
from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.reduction import SIDE, reduce_turned
from hashclient.hashing.reference_rounding import (
    COSINES,
    GRADIENTS_A_POINT,
    is_tied,
    rounded_coefficients,
    rounded_reduction,
)
from hashclient.model import Signal
from hashclient.model.signal import ORIGINAL, STORED
from hashclient.pixels import TURNS, UPRIGHT, ArrayPixels, Pixels, Turn, UprightPixels
from hashclient.vocabulary import SignalType

FREQUENCIES: Final = COSINES.shape[1]
"""Frequencies of each direction that make the hash, 1 to 16; the mean (frequency 0) is left out."""
LEAST_SIDE: Final = 5
"""Rows or columns, pixels, below which the reference gives no hash: all bits 0, quality 0."""
DIHEDRAL: Final = (1, 8, 3, 6, 4, 2, 5, 7)
"""The reference's order of the eight turns and mirrors, each as the EXIF orientation that undoes the same turn:
original, rotate 90, 180, 270, flip top to bottom, flip left to right, transpose, transverse."""

_DIGITS: Final = FREQUENCIES * FREQUENCIES // 4
"""Hexadecimal characters of a hash."""
_NO_HASH: Final = "0" * _DIGITS
_MEDIAN: Final = FREQUENCIES * FREQUENCIES // 2 - 1
"""Position of the lower median among the sorted coefficients."""
_MIRRORED: Final = np.where(np.arange(FREQUENCIES) % 2, 1, -1).astype(np.float32)
"""What reversing the samples does to each frequency: odd ones (at even places) change sign."""


def coefficients(
    reduced: NDArray[np.float32], *, precision: type[np.float32] | type[np.float64] = np.float64
) -> NDArray[np.float32]:
    """Take the cosine transform of reductions, frequencies 1 to 16 of each direction.

    Args:
        reduced: float32, shape (..., 64, 64).
        precision: in which products are added up.

    Returns:
        Float32, shape (..., 16, 16), in units of luma.
    """
    plain: NDArray[np.float32] = COSINES.T @ reduced.astype(precision, copy=False) @ COSINES
    return plain.astype(np.float32, copy=False)


def turned(plain: NDArray[np.float32], turn: Turn) -> NDArray[np.float32]:
    """Return the coefficients of the turned reduction: sign flips and a transpose of the same 16 x 16."""
    plain = plain * _MIRRORED[:, np.newaxis] if turn.rows_reversed else plain
    plain = plain * _MIRRORED if turn.columns_reversed else plain
    return plain.T if turn.transposed else plain


def hash_coefficients(plain: NDArray[np.float32]) -> tuple[str, ...]:
    """Turn each coefficient into a bit, 1 where it exceeds the lower median; the first coefficient is the last bit.

    Args:
        plain: shape (hashes, 16, 16).

    Returns:
        For each hash its value, 64 lower-case hex characters.
    """
    flat = plain.reshape(-1, FREQUENCIES * FREQUENCIES)
    medians = np.partition(flat, _MEDIAN, axis=1)[:, _MEDIAN, np.newaxis]
    digits = np.packbits(flat[:, ::-1] > medians).tobytes().hex()
    return tuple(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


def gradients(reduced: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the differences between neighbours of a reduction, in hundredths of full luma, with their fractions."""
    a_way = SIDE * (SIDE - 1)
    hundredths = np.empty(2 * a_way, np.float32)
    np.subtract(reduced[:-1], reduced[1:], out=hundredths[:a_way].reshape(SIDE - 1, SIDE))
    np.subtract(reduced[:, :-1], reduced[:, 1:], out=hundredths[a_way:].reshape(SIDE, SIDE - 1))
    hundredths *= np.float32(100)
    hundredths /= np.float32(255)
    return hundredths


def quality(hundredths: NDArray[np.float32]) -> int:
    """Measure how much detail a reduction has, 0 to 100: its gradients added up, each cut to a whole number."""
    whole = int(np.abs(hundredths.astype(np.int32)).sum())
    return min(100, whole // GRADIENTS_A_POINT)


def hash_reduced(reduced: NDArray[np.float32], *, dihedral: bool = False) -> tuple[tuple[str, ...], int]:
    """Hash a reduction as it is; ties with the median are not settled.

    Args:
        reduced: luma, float32, shape (64, 64).
        dihedral: also hash it turned and mirrored, in the order of `DIHEDRAL`.

    Returns:
        One value, or eight, of 64 lower-case hex characters each; and the quality, 0 to 100.
    """
    return hash_coefficients(_every(coefficients(reduced), dihedral=dihedral)), quality(gradients(reduced))


def _every(plain: NDArray[np.float32], *, dihedral: bool) -> NDArray[np.float32]:
    """Return the coefficients of each hash, shape (hashes, 16, 16): the picture's, or also those of its turns."""
    return np.stack([turned(plain, TURNS[turn]) for turn in DIHEDRAL]) if dihedral else plain[np.newaxis]


def _hash_pixels(
    pixels: Pixels, orientations: set[int], *, dihedral: bool = False
) -> dict[int, tuple[tuple[str, ...], int]]:
    """Hash a picture as it stands after each of some turns.

    One that its decoder reduced is decoded again exactly where more than 2 bits may be wrong.
    """
    if min(pixels.full_size) < LEAST_SIDE:
        return dict.fromkeys(orientations, ((_NO_HASH,) * (len(DIHEDRAL) if dihedral else 1), 0))
    reductions = reduce_turned(pixels, orientations)
    if pixels.scale == 1:
        return {
            orientation: _settle(reduced, UprightPixels(pixels, orientation=orientation), dihedral=dihedral)
            for orientation, reduced in reductions.items()
        }
    if needs_full_decode(map(coefficients, reductions.values()), pixels) and (again := pixels.exact()) is not None:
        with again as exactly:
            return _hash_pixels(exactly, orientations, dihedral=dihedral)
    return {orientation: hash_reduced(reduced, dihedral=dihedral) for orientation, reduced in reductions.items()}


def _settle(exact: NDArray[np.float32], upright: Pixels, *, dihedral: bool) -> tuple[tuple[str, ...], int]:
    """Hash a reduction, or the reference's own where rounding would decide."""
    every, hundredths = _every(coefficients(exact), dihedral=dihedral), gradients(exact)
    if is_tied(every, hundredths, mean=float(exact.mean())):
        rounded = rounded_reduction(upright)
        every, hundredths = _every(rounded_coefficients(rounded), dihedral=dihedral), gradients(rounded)
    return hash_coefficients(every), quality(hundredths)


def pdq_hash(pixels: NDArray[np.uint8]) -> tuple[str, int]:
    """Compute the PDQ hash of one upright picture.

    Args:
        pixels: `uint8`, 0 to 255, shape (height, width, 3) in the order red, green, blue, or (height, width) of grey.

    Returns:
        256 bits as 64 lower-case hex characters, and the quality, 0 to 100. A picture under 5 pixels on a side has no
        hash: all zeros, quality 0.

    Raises:
        UnsupportedMediaError: the array has another type or shape, or no pixels.
    """
    (value,), detail = _hash_pixels(ArrayPixels(pixels), {UPRIGHT})[UPRIGHT]
    return value, detail


def pdq_dihedral(pixels: NDArray[np.uint8]) -> tuple[tuple[str, ...], int]:
    """Compute the PDQ hashes of one upright picture turned and mirrored, in the order of `DIHEDRAL`.

    They come from one reduction, by sign flips, as in the reference. That is not quite the hash of the mirrored pixels,
    because PDQ's samples do not lie symmetrically: a few bits differ.

    Args:
        pixels: as for `pdq_hash`.

    Returns:
        Eight values of 64 lower-case hex characters, and the quality, 0 to 100.

    Raises:
        UnsupportedMediaError: the array has another type or shape, or no pixels.
    """
    return _hash_pixels(ArrayPixels(pixels), {UPRIGHT}, dihedral=True)[UPRIGHT]


class PdqHasher(ImageHasher):
    """PDQ of a picture as a person sees it, and as stored too where EXIF turns it and that makes a difference."""

    type = SignalType.PDQ

    def hash_image(self, pixels: Pixels) -> tuple[Signal, ...]:
        """Hash one picture; see `ImageHasher.hash_image`."""
        hashed = _hash_pixels(pixels, {UPRIGHT, pixels.orientation})
        original, stored = (
            Signal(type=self.type, value=hashed[orientation][0][0], quality=hashed[orientation][1], variant=variant)
            for orientation, variant in ((pixels.orientation, ORIGINAL), (UPRIGHT, STORED))
        )
        return (original,) if stored.value == original.value else (original, stored)
