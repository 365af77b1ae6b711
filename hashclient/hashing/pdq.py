"""PDQ in numpy, bit for bit that of the reference.

A picture is reduced to 64 x 64 (`hashclient.hashing.reduction`), its 16 x 16 lowest frequencies are
taken, and each gives a bit: 1 where it lies above the median. Where rounding would decide a bit,
`hashclient.hashing.ties` decides it as the reference does. Quality is reported, never judged.

Source:
    ThreatExchange `pdq/cpp/hashing/pdqhashing.cpp`; expected values in `pdq/expected.json` of the
    reference data. See `docs/pdq.md`.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hashclient.hashing.doubt import is_doubtful
from hashclient.hashing.interface import ImageHasher
from hashclient.hashing.pixels import TURNS, ArrayPixels, ImagePixels, Pixels, Turn, UprightPixels
from hashclient.hashing.reduction import SIDE, reduce_turned
from hashclient.hashing.ties import COSINES, is_tied, settled, settled_coefficients
from hashclient.model import Signal
from hashclient.model.signal import ORIGINAL, STORED
from hashclient.vocabulary import SignalType

FREQUENCIES: Final = COSINES.shape[1]
"""Frequencies of each direction that make the hash, 1 to 16; the mean (frequency 0) is left out."""
LEAST_SIDE: Final = 5
"""Rows or columns, pixels, below which the reference gives no hash: all bits 0, quality 0."""
DIHEDRAL: Final = (1, 8, 3, 6, 4, 2, 5, 7)
"""The reference's order of the eight turns and mirrors, each as the EXIF orientation that undoes the same turn:
original, rotate 90, 180, 270, flip top to bottom, flip left to right, transpose, transverse."""

_NO_HASH: Final = "0" * 64
_MEDIAN: Final = FREQUENCIES * FREQUENCIES // 2 - 1
"""Position of the lower median among the sorted coefficients."""
_GRADIENTS_A_POINT: Final = 90
"""Sum of gradients, in hundredths of full luma, for one point of quality."""
_COSINES: Final = COSINES.astype(np.float32)
_MIRRORED: Final = np.where(np.arange(FREQUENCIES) % 2, 1, -1).astype(np.float32)
"""What reversing the samples does to each frequency: odd ones (at even places) change sign."""


def reduce(pixels: Pixels) -> NDArray[np.float32]:
    """Reduce a picture to what PDQ sees, upright.

    Args:
        pixels: as stored; both sides at least 5 pixels.

    Returns:
        Luma, 0 to 255, float32, shape (64, 64): the exact value but for rounding in the seventh digit.
    """
    return reduce_turned(pixels, {pixels.orientation})[pixels.orientation]


def coefficients(reduced: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the cosine transform of a reduction, frequencies 1 to 16 of each direction.

    Args:
        reduced: float32, shape (..., 64, 64).

    Returns:
        Float32, shape (..., 16, 16), in units of luma.
    """
    plain: NDArray[np.float32] = (COSINES.T @ reduced.astype(np.float64) @ COSINES).astype(np.float32)
    return plain


def gradients(reduced: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the differences between neighbours of a reduction, in hundredths of full luma, with their fractions."""
    a_way = SIDE * (SIDE - 1)
    hundredths = np.empty(2 * a_way, np.float32)
    np.subtract(reduced[:-1], reduced[1:], out=hundredths[:a_way].reshape(SIDE - 1, SIDE))
    np.subtract(reduced[:, :-1], reduced[:, 1:], out=hundredths[a_way:].reshape(SIDE, SIDE - 1))
    hundredths *= np.float32(100)
    hundredths /= np.float32(255)
    return hundredths


def quality(reduced: NDArray[np.float32]) -> int:
    """Measure how much detail a reduction has, 0 to 100."""
    return _quality(gradients(reduced))


def _quality(fractions: NDArray[np.float32]) -> int:
    """Add up gradients, each cut to a whole number."""
    whole = int(np.abs(fractions.astype(np.int32)).sum())
    return min(100, whole // _GRADIENTS_A_POINT)


def turned(plain: NDArray[np.float32], turn: Turn) -> NDArray[np.float32]:
    """Give the coefficients of the turned reduction: sign flips and a transpose of the same 16 x 16."""
    plain = plain * _MIRRORED[:, np.newaxis] if turn.rows_reversed else plain
    plain = plain * _MIRRORED if turn.columns_reversed else plain
    return plain.T if turn.transposed else plain


def hash_coefficients(plain: NDArray[np.float32]) -> str:
    """Give a bit to each coefficient, 1 where it exceeds the lower median; the first coefficient is the last bit."""
    median = np.partition(plain.ravel(), _MEDIAN)[_MEDIAN]
    return np.packbits((plain > median).ravel()[::-1]).tobytes().hex()


def hash_reduced(reduced: NDArray[np.float32], *, dihedral: bool = False) -> tuple[tuple[str, ...], int]:
    """Hash a reduction as it is; ties with the median are not settled.

    Args:
        reduced: luma, float32, shape (64, 64).
        dihedral: also hash it turned and mirrored, in the order of `DIHEDRAL`.

    Returns:
        One value, or eight, of 64 lower-case hex characters each; and the quality, 0 to 100.
    """
    return tuple(map(hash_coefficients, _every(coefficients(reduced), dihedral=dihedral))), quality(reduced)


def hash_reductions(reduced: NDArray[np.float32]) -> list[tuple[str, int]]:
    """Hash many reductions at once; ties with the median are not settled.

    Args:
        reduced: luma, float32, shape (pictures, 64, 64).

    Returns:
        For each its value, 64 lower-case hex characters, and its quality, 0 to 100.
    """
    plain = (_COSINES.T @ reduced @ _COSINES).reshape(len(reduced), -1)
    medians = np.partition(plain, _MEDIAN, axis=1)[:, _MEDIAN, np.newaxis]
    values = np.packbits((plain > medians)[:, ::-1], axis=1)
    whole = np.zeros(len(reduced), np.int64)
    for differences in (np.diff(reduced, axis=1), np.diff(reduced, axis=2)):
        hundredths = (differences * np.float32(100 / 255)).astype(np.int16)
        whole += np.abs(hundredths).sum(axis=(1, 2), dtype=np.int64)
    qualities = np.minimum(100, whole // _GRADIENTS_A_POINT).tolist()
    return list(zip((value.tobytes().hex() for value in values), qualities, strict=True))


def _every(plain: NDArray[np.float32], *, dihedral: bool) -> list[NDArray[np.float32]]:
    return [turned(plain, TURNS[orientation]) for orientation in DIHEDRAL] if dihedral else [plain]


def _hash_pixels(
    picture: ImagePixels, orientations: set[int], *, dihedral: bool = False
) -> dict[int, tuple[tuple[str, ...], int]]:
    """Hash a picture as it stands after each of some turns, ties settled."""
    if min(picture.full_width, picture.full_height) < LEAST_SIDE:
        return dict.fromkeys(orientations, ((_NO_HASH,) * (len(DIHEDRAL) if dihedral else 1), 0))
    if picture.scale > 1:
        return _hash_scaled(picture, orientations, dihedral=dihedral)
    return {
        orientation: _settle(exact, UprightPixels(picture, orientation=orientation), dihedral=dihedral)
        for orientation, exact in reduce_turned(picture, orientations).items()
    }


def _hash_scaled(
    picture: ImagePixels, orientations: set[int], *, dihedral: bool
) -> dict[int, tuple[tuple[str, ...], int]]:
    """Hash a picture that its decoder reduced, or the same one decoded exactly where more than 2 bits may be wrong."""
    full = picture.full_width, picture.full_height
    reductions = reduce_turned(picture, orientations, full=full, scale=picture.scale)
    doubtful = is_doubtful([coefficients(reduced) for reduced in reductions.values()], picture)
    if doubtful and (again := picture.exact()) is not None:
        with again as exactly:
            return _hash_pixels(exactly, orientations, dihedral=dihedral)
    return {orientation: hash_reduced(reduced, dihedral=dihedral) for orientation, reduced in reductions.items()}


def _settle(exact: NDArray[np.float32], upright: Pixels, *, dihedral: bool) -> tuple[tuple[str, ...], int]:
    """Hash a reduction, or the reference's own where rounding would decide."""
    every, fractions = _every(coefficients(exact), dihedral=dihedral), gradients(exact)
    if is_tied(every, fractions, mean=float(exact.mean()), gradients_a_point=_GRADIENTS_A_POINT):
        reference = settled(upright)
        every, fractions = _every(settled_coefficients(reference), dihedral=dihedral), gradients(reference)
    return tuple(map(hash_coefficients, every)), _quality(fractions)


def pdq(pixels: NDArray[np.uint8]) -> tuple[str, int]:
    """Compute the PDQ hash of one upright picture.

    Args:
        pixels: `uint8`, 0 to 255, shape (height, width, 3) in the order red, green, blue, or
            (height, width) of grey.

    Returns:
        256 bits as 64 lower-case hex characters, and the quality, 0 to 100. A picture under 5
        pixels on a side has no hash: all zeros, quality 0.

    Raises:
        UnsupportedMediaError: the array has another type or shape, or no pixels.
    """
    (value,), detail = _hash_pixels(ArrayPixels(pixels), {1})[1]
    return value, detail


def pdq_dihedral(pixels: NDArray[np.uint8]) -> tuple[tuple[str, ...], int]:
    """Compute the PDQ hashes of one upright picture turned and mirrored, in the order of `DIHEDRAL`.

    They come from one reduction, by sign flips, as in the reference. That is not quite the hash of
    the mirrored pixels, because PDQ's samples do not lie symmetrically: a few bits differ.

    Args:
        pixels: as for `pdq`.

    Returns:
        Eight values of 64 lower-case hex characters, and the quality, 0 to 100.

    Raises:
        UnsupportedMediaError: the array has another type or shape, or no pixels.
    """
    return _hash_pixels(ArrayPixels(pixels), {1}, dihedral=True)[1]


class PdqHasher(ImageHasher):
    """PDQ of a picture as a person sees it, and as stored too where EXIF turns it and that makes a difference."""

    type = SignalType.PDQ

    def hash_image(self, picture: ImagePixels) -> tuple[Signal, ...]:
        """Hash one picture; see `ImageHasher.hash_image`."""
        hashed = _hash_pixels(picture, {1, picture.orientation})
        (original,), (stored,) = hashed[picture.orientation][0], hashed[1][0]
        signals = [Signal(type=self.type, value=original, quality=hashed[picture.orientation][1], variant=ORIGINAL)]
        if stored != original:
            signals.append(Signal(type=self.type, value=stored, quality=hashed[1][1], variant=STORED))
        return tuple(signals)
