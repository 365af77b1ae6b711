"""JPEGs of any sampling, written block by block, so that it is known what is in them."""

import struct
from collections.abc import Sequence

import numpy as np

_LENGTH = 8
"""Bits of every Huffman code: simple codes are valid ones."""
_DC = tuple(range(8))
_AC = (0x00, 0xF0, *(zeros << 4 | size for zeros in range(15) for size in range(1, 6)))


def segment(marker: int, body: bytes) -> bytes:
    """Write a segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def _codes(place: int, symbols: Sequence[int]) -> bytes:
    counts = bytes(len(symbols) if length == _LENGTH else 0 for length in range(1, 17))
    return bytes((place,)) + counts + bytes(symbols)


def _block(chance: np.random.Generator) -> str:
    """Write one block: a difference of brightness, and some frequencies."""

    def number(size: int) -> str:
        return "".join(map(str, chance.integers(0, 2, size)))

    size = int(chance.integers(0, len(_DC)))
    bits = f"{size:08b}" + number(size)
    place = 1
    while place < 64 and chance.random() < 0.8:
        symbol = int(chance.choice(_AC[1:]))
        zeros, size = divmod(symbol, 16)
        if place + zeros > 63:
            break
        bits += f"{_AC.index(symbol):08b}" + number(size)
        place += zeros + 1
    return bits + (f"{_AC.index(0):08b}" if place < 64 else "")


def _stuffed(bits: str) -> bytes:
    bits += "1" * (-len(bits) % 8)
    return int(bits or "0", 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")


def jpeg_of(width: int, height: int, samplings: Sequence[tuple[int, int]], *, restart: int = 0, seed: int = 1) -> bytes:
    """Write a baseline JPEG of noise.

    Args:
        width: columns.
        height: rows.
        samplings: of each channel the blocks across and down in a unit.
        restart: units between restart markers; 0 for none.
        seed: of the noise.
    """
    chance = np.random.default_rng(seed)
    units_of = samplings if len(samplings) > 1 else ((1, 1),)  # a single channel comes block by block
    widest, tallest = (max(sides) for sides in zip(*units_of, strict=True))
    units = -(-width // (8 * widest)) * -(-height // (8 * tallest))
    blocks = sum(across * down for across, down in units_of)
    every = restart or units
    parts = [
        _stuffed("".join(_block(chance) for _ in range(blocks * min(every, units - start))))
        for start in range(0, units, every)
    ]
    data = b"".join(part + bytes((0xFF, 0xD0 | place % 8)) for place, part in enumerate(parts[:-1])) + parts[-1]
    channels = b"".join(bytes((number, down | across << 4, 0)) for number, (across, down) in enumerate(samplings, 1))
    tables = b"".join(bytes((number, 0)) for number in range(1, 1 + len(samplings)))
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xDB, b"\0" + bytes([4] * 64)),
            segment(0xC0, struct.pack(">BHHB", 8, height, width, len(samplings)) + channels),
            segment(0xC4, _codes(0x00, _DC)),
            segment(0xC4, _codes(0x10, _AC)),
            segment(0xDD, struct.pack(">H", restart)) if restart else b"",
            segment(0xDA, bytes((len(samplings),)) + tables + b"\0\x3f\0"),
            data,
            b"\xff\xd9",
        )
    )
