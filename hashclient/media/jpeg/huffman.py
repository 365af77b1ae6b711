"""Check the data of a JPEG code by code, without decoding a pixel: slow, and only for rare kinds.

Every code has to be known, no block may go past its end, there have to be as many blocks as the size asks, restart
markers in turn, and no whole byte may be left over. Most cuts, gaps and holes break one of these rules.

Source:
    ITU-T T.81, annexes F.2.2 (sequential), G.2 (progressive).
"""

import re
from collections.abc import Iterator
from typing import Final

from hashclient.errors import BrokenMediaError
from hashclient.media.jpeg.segments import (
    FRAMES,
    HUFFMAN_TABLES,
    RESTART_INTERVAL,
    SCAN,
    Channel,
    FrameHead,
    ScanHead,
    Segment,
    huffman_tables,
    segments,
)

_RESTART: Final = re.compile(rb"\xff([\xd0-\xd7])", re.DOTALL)
_BLOCK_SIDE: Final = 8
_LONGEST: Final = 16
"""Bits of the longest code."""
_BYTES_AT_ONCE: Final = 6
"""Bytes of data that are looked at together."""

_Codes = list[int]
"""For each 16 bits that may come next, the length of the code that they begin with, times 256, and what it stands for;
0 for none."""


def check_scans(neutral: bytes) -> None:
    """Check the data of every scan.

    Args:
        neutral: a JPEG with Huffman's codes that has all its scans, as `hashclient.media.jpeg.complete` copies it.

    Raises:
        BrokenMediaError: a scan breaks a rule.
    """
    frame, interval = None, 0
    tables: dict[int, _Codes] = {}
    seen: dict[int, dict[int, int]] = {}  # by channel and block, the coefficients that are not 0, as bits
    for segment in segments(neutral):
        if segment.marker in FRAMES:
            frame = FrameHead.from_segment(segment)
        elif segment.marker == HUFFMAN_TABLES:
            tables |= _codes_of(segment)
        elif segment.marker == RESTART_INTERVAL:
            interval = int.from_bytes(segment.body[:2])
        elif segment.marker == SCAN and frame is not None:
            _Scan(frame, ScanHead.from_segment(segment, frame), tables, seen).check(segment.data, interval)


def _codes_of(segment: Segment) -> Iterator[tuple[int, _Codes]]:
    """Read the codes of a segment, by class and place."""
    for kind, counts, symbols in huffman_tables(segment):
        codes = [0] * (1 << _LONGEST)
        start, place = 0, 0
        for length, count in enumerate(counts, start=1):
            apart = 1 << _LONGEST - length
            if start + count * apart > 1 << _LONGEST:  # more codes than there can be
                raise BrokenMediaError
            for symbol in symbols[place : place + count]:
                codes[start : start + apart] = [length << 8 | symbol] * apart
                start += apart
            place += count
        yield kind, codes


class _Bits:
    """The bits of the data between two restart markers."""

    def __init__(self, data: bytes) -> None:
        self._data = data.replace(b"\xff\0", b"\xff")
        self._left = 8 * len(self._data)
        self._place = 0
        self._held = 0  # the bits that were read and not yet taken, and those that were taken, above them
        self._count = 0

    def take(self, count: int) -> int:
        """Take at most 16 bits as a number.

        Raises:
            BrokenMediaError: there are not as many.
        """
        taken = self._next() >> _LONGEST - count
        self._drop(count)
        return taken

    def symbol(self, codes: _Codes) -> int:
        """Take one code.

        Raises:
            BrokenMediaError: it is unknown, or there are too few bits.
        """
        length, symbol = divmod(codes[self._next()], 256)
        if not length:
            raise BrokenMediaError
        self._drop(length)
        return symbol

    @property
    def has_bytes_left(self) -> bool:
        """Whether more is left than fills the last byte."""
        return self._left >= 8

    def _next(self) -> int:
        """Look at the next 16 bits, filled up with zeros at the end."""
        if self._count < _LONGEST:
            some = self._data[self._place : self._place + _BYTES_AT_ONCE]
            self._place += _BYTES_AT_ONCE
            self._held = (self._held & 0xFFFF) << 8 * _BYTES_AT_ONCE | int.from_bytes(some.ljust(_BYTES_AT_ONCE, b"\0"))
            self._count += 8 * _BYTES_AT_ONCE
        return self._held >> self._count - _LONGEST & 0xFFFF

    def _drop(self, count: int) -> None:
        self._count -= count
        self._left -= count
        if self._left < 0:
            raise BrokenMediaError


class _Scan:
    """One scan: which blocks it has, and what each has to look like."""

    def __init__(
        self, frame: FrameHead, head: ScanHead, tables: dict[int, _Codes], seen: dict[int, dict[int, int]]
    ) -> None:
        self._head = head
        self._is_progressive = frame.is_progressive
        self._channels = [channel for channel in frame.channels if channel.number in head.tables]
        self._tables = tables
        self._seen = {channel.number: seen.setdefault(channel.number, {}) for channel in self._channels}
        self._columns, rows = _units(frame, self._channels)
        self._units = self._columns * rows
        self._run = 0  # blocks that bring nothing more

    def check(self, data: bytes, interval: int) -> None:
        """Check the data; `interval` is the number of units between restart markers, 0 for none."""
        parts = _RESTART.split(data)
        if any(marker[0] & 7 != place % 8 for place, marker in enumerate(parts[1::2])):
            raise BrokenMediaError
        interval = interval or self._units
        starts = range(0, self._units, interval)
        if len(parts[::2]) != len(starts):
            raise BrokenMediaError
        for start, part in zip(starts, parts[::2], strict=True):
            bits, self._run = _Bits(part.rstrip(b"\xff")), 0  # which may fill up before a marker
            for unit in range(start, min(self._units, start + interval)):
                for channel, block in self._blocks(unit):
                    self._check_block(bits, channel, block)
            if bits.has_bytes_left:
                raise BrokenMediaError

    def _blocks(self, unit: int) -> Iterator[tuple[Channel, int]]:
        """Name the blocks of a unit, each by its channel and a number that stays the same in every scan."""
        row, column = divmod(unit, self._columns)
        if len(self._channels) == 1:
            yield self._channels[0], row << 16 | column
            return
        for channel in self._channels:
            for down in range(channel.down):
                for across in range(channel.across):
                    yield channel, (row * channel.down + down) << 16 | (column * channel.across + across)

    def _check_block(self, bits: _Bits, channel: Channel, block: int) -> None:
        places = self._head.tables[channel.number]
        first, last = self._head.first, self._head.last
        if first == 0:
            if self._head.refined:
                bits.take(1)
            else:
                bits.take(bits.symbol(self._codes(places >> 4)) & 15)
            first = 1
        if first > last:
            return
        codes = self._codes(0x10 | places & 15)
        check = self._check_refinement if self._head.refined else self._check_first
        check(bits, codes, (channel.number, block), first, last)

    def _codes(self, place: int) -> _Codes:
        if place not in self._tables:
            raise BrokenMediaError
        return self._tables[place]

    def _check_first(self, bits: _Bits, codes: _Codes, where: tuple[int, int], first: int, last: int) -> None:
        """Check coefficients that come for the first time."""
        if self._run:
            self._run -= 1
            return
        number, block = where
        found = 0
        while first <= last:
            zeros, size = divmod(bits.symbol(codes), 16)
            if size == 0 and zeros < 15:
                self._run = self._blocks_to_skip(bits, zeros)
                break
            first += zeros
            if first > last:
                raise BrokenMediaError
            if size:
                bits.take(size)
                found |= 1 << first
            first += 1
        self._seen[number][block] = self._seen[number].get(block, 0) | found

    def _check_refinement(self, bits: _Bits, codes: _Codes, where: tuple[int, int], first: int, last: int) -> None:
        """Check one more bit of coefficients that came before, and those that are not 0 only from this bit on."""
        number, block = where
        known = self._seen[number].get(block, 0)
        found = known
        while first <= last and not self._run:
            zeros, size = divmod(bits.symbol(codes), 16)
            if size == 0 and zeros < 15:
                self._run = 1 + self._blocks_to_skip(bits, zeros)
                break
            if size:
                bits.take(1)
            first, zeros = _pass_over(bits, known, range(first, last + 1), zeros)
            if first > last and (size or zeros):
                raise BrokenMediaError
            if size:
                found |= 1 << first
            first += 1
        if self._run:
            for _ in range((known >> first & (1 << (last - first + 1)) - 1).bit_count()):
                bits.take(1)
            self._run -= 1
        self._seen[number][block] = found

    def _blocks_to_skip(self, bits: _Bits, power: int) -> int:
        """Take how many blocks after this one bring nothing."""
        if power and not self._is_progressive:
            raise BrokenMediaError
        return (1 << power) + bits.take(power) - 1


def _units(frame: FrameHead, channels: list[Channel]) -> tuple[int, int]:
    """Count the units of a scan in a row and in a column; a unit of a single channel is one block."""
    across = max(channel.across for channel in frame.channels)
    down = max(channel.down for channel in frame.channels)
    width, height = frame.width, frame.height
    if len(channels) == 1:
        width, height = -(-width * channels[0].across // across), -(-height * channels[0].down // down)
        across = down = 1
    return -(-width // (_BLOCK_SIDE * across)), -(-height // (_BLOCK_SIDE * down))


def _pass_over(bits: _Bits, known: int, places: range, zeros: int) -> tuple[int, int]:
    """Pass over coefficients until some zeros were passed, and take one more bit of those that are not 0.

    Returns:
        The place of the next zero, and how many zeros were wanting where the block ended before.
    """
    for place in places:
        if known >> place & 1:
            bits.take(1)
        elif zeros == 0:
            return place, 0
        else:
            zeros -= 1
    return places.stop, zeros
