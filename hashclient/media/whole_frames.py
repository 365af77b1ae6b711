"""Find which frames of an animated picture are whole, by how its file is built; no pixel is decoded.

A file that was cut short, or whose header promises more frames than there are, is rewritten as one that ends after its
last whole frame: decoders refuse the one or fill what is missing with grey, and read the other. Nothing but lengths,
check sums and times of frames is looked at.

Source:
    GIF89a; WebP container specification (RFC 9649); PNG third edition, 11.3.4 (animation); ISO/IEC 14496-12, 8.6 and
    8.7 (sample tables). Short times: Blink `FrameDurationAtIndex` and Gecko `FrameTimeout.h`.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, takewhile
from typing import Final

from hashclient.errors import BrokenMediaError, MediaTooLargeError
from hashclient.media import limits
from hashclient.media.boxes import MediaBox, boxes
from hashclient.media.exif import orientation
from hashclient.media.formats import webp_moves
from hashclient.media.png import SIGNATURE, Chunk, chunks_of_png
from hashclient.media.webp import chunks_of_webp, webp_of
from hashclient.pixels import UPRIGHT

_LONGEST_UNSHOWN: Final = Fraction(1, 100)
_USUAL_SECONDS: Final = Fraction(1, 10)

_GIF_CONTROL: Final = 0xF9

_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS"})
"""Chunks that pixels depend on; others are left out, whatever is wrong with them."""
_PNG_READ: Final = _PNG_KEPT | {b"acTL", b"fcTL", b"fdAT", b"IDAT", b"IEND"}
_CONTROL_BYTES: Final = 26
_USUAL_PARTS: Final = 100  # of a second, where a frame of PNG names no unit

_MAX_TRACKS: Final = 16
_TABLES: Final = frozenset({b"hdlr", b"mdhd", b"stts", b"stsc", b"stco", b"co64", b"stsz"})
_BOXES_AROUND: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})


@dataclass(frozen=True)
class WholeFrames:
    """The whole frames of an animated picture."""

    file: bytes
    """A file of them; that of the person where nothing is missing."""
    shown: tuple[Fraction, ...]
    """How long each is shown, as browsers do, seconds; at least one."""
    is_damaged: bool
    """Whether there should be more."""
    orientation: int
    """EXIF orientation, 1 to 8; 0 where the decoder has to tell."""


def whole_frames(kind: str, untrusted: bytes) -> WholeFrames | None:
    """Find the whole frames of a picture.

    Args:
        kind: one of `hashclient.media.formats.FORMATS`.
        untrusted: the bytes of a file.

    Returns:
        The frames; None for a still.

    Raises:
        BrokenMediaError: it is animated, and not one frame is whole.
        MediaTooLargeError: it has more frames than the limit.
    """
    find = {"GIF": _of_gif, "WEBP": _of_webp, "PNG": _of_png, "AVIF": _of_avif}.get(kind)
    return find(untrusted) if find else None


def _found(file: bytes, seconds: list[Fraction], *, is_damaged: bool, turn: int = UPRIGHT) -> WholeFrames:
    if not seconds:
        raise BrokenMediaError
    shown = (_USUAL_SECONDS if lasts <= _LONGEST_UNSHOWN else lasts for lasts in seconds)
    return WholeFrames(file, tuple(shown), is_damaged, turn)


def _check_count(count: int) -> None:
    if count > limits.VIDEOS.max_animation_frames:
        raise MediaTooLargeError


def _of_gif(untrusted: bytes) -> WholeFrames | None:
    """A frame is whole if its blocks end with an empty one."""
    seconds: list[Fraction] = []
    begun = whole = delay = 0
    has_end = False
    try:
        place = 13 + _palette_bytes(untrusted[10])
        while not has_end:
            match untrusted[place]:
                case 0x3B:  # the end
                    has_end = True
                case 0x21:  # an extension
                    if untrusted[place + 1] == _GIF_CONTROL:
                        (delay,) = struct.unpack_from("<H", untrusted, place + 4)
                    place = _after_blocks(untrusted, place + 2)
                case 0x2C:  # an image
                    begun += 1
                    _check_count(begun)
                    place = _after_blocks(untrusted, place + 11 + _palette_bytes(untrusted[place + 9]))
                    whole = place
                    seconds.append(Fraction(delay, 100))
                    delay = 0
                case _:
                    place += 1  # as decoders do
    except (IndexError, struct.error):  # it ends in the middle
        pass
    if begun < 2:
        return None
    return _found(untrusted if has_end else untrusted[:whole] + b";", seconds, is_damaged=not has_end)


def _palette_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(untrusted: bytes, place: int) -> int:
    """Return the place after a row of blocks, each with its length before it; raises `IndexError` where it is cut."""
    while size := untrusted[place]:
        place += 1 + size
    return place + 1


def _of_webp(untrusted: bytes) -> WholeFrames | None:
    """A frame is a chunk."""
    if not webp_moves(untrusted):
        return None
    kept: list[tuple[bytes, bytes]] = []
    seconds: list[Fraction] = []
    is_damaged = False
    try:
        for name, body in chunks_of_webp(untrusted):
            kept.append((name, body))
            if name == b"ANMF" and len(body) >= 16:
                _check_count(len(seconds) + 1)
                seconds.append(Fraction(int.from_bytes(body[12:15], "little"), 1000))
    except BrokenMediaError:
        is_damaged = True
    if len(seconds) < 2 and not is_damaged:
        return None
    return _found(webp_of(kept), seconds, is_damaged=is_damaged, turn=orientation(dict(kept).get(b"EXIF", b"")))


@dataclass
class _PngFrame:
    """The chunks of one frame."""

    seconds: Fraction = _USUAL_SECONDS
    has_control: bool = False
    has_data: bool = False
    chunks: bytearray = field(default_factory=bytearray)


class _PngFrames:
    """The frames of a PNG, put together chunk by chunk: a control chunk, and data up to the next.

    Data that come before any control chunk are a picture for those who show no animations; it counts as a frame.
    """

    def __init__(self) -> None:
        self._frames: list[_PngFrame] = []
        self._number = 0

    def add(self, chunk: Chunk) -> bool:
        """Add a chunk; tell whether it belongs where it is."""
        name, body = chunk.name, chunk.body
        if name == b"IDAT":
            self._frames = self._frames or [_PngFrame()]
        elif int.from_bytes(body[:4]) != self._number:
            return False
        elif name == b"fcTL":
            if len(body) < _CONTROL_BYTES or (self._frames and not self._frames[-1].has_data):
                return False
            _check_count(len(self._frames) + 1)
            parts, unit = struct.unpack_from(">HH", body, 20)
            self._frames.append(_PngFrame(Fraction(parts, unit or _USUAL_PARTS), has_control=True))
        elif len(body) < 4 or not self._frames:
            return False
        self._number += name != b"IDAT"
        self._frames[-1].has_data |= name != b"fcTL"
        self._frames[-1].chunks += chunk.written
        return True

    def found(self) -> list[_PngFrame]:
        """Return the frames that have data; whether the last has all is left to who decodes it."""
        return [frame for frame in self._frames if frame.has_data]


def _of_png(untrusted: bytes) -> WholeFrames | None:
    """A frame is a control chunk and the data that follow it."""
    head = bytearray(SIGNATURE)
    frames, turn = _PngFrames(), UPRIGHT
    declared, has_end = 0, False
    for chunk in _whole_chunks(untrusted):
        if chunk.name in _PNG_KEPT:
            head += chunk.written
        elif chunk.name == b"eXIf":
            turn = orientation(chunk.body)
        elif chunk.name == b"acTL":
            declared = declared or (int.from_bytes(chunk.body[:4]) if len(chunk.body) >= 8 else 0)
        elif chunk.name == b"IEND":
            has_end = True
        elif not declared:
            return None  # a still: its data come before any word of frames
        elif not frames.add(chunk):
            break
    found = frames.found()
    moving = sum(frame.has_control for frame in found)
    if not moving or len(found) == declared == 1:
        return None
    count = _png_chunk(b"acTL", struct.pack(">II", moving, 0))
    file = b"".join([head, count, *(frame.chunks for frame in found), _png_chunk(b"IEND", b"")])
    seconds = [frame.seconds for frame in found]
    return _found(file, seconds, is_damaged=not has_end or moving < declared, turn=turn)


def _whole_chunks(untrusted: bytes) -> Iterator[Chunk]:
    """Yield the chunks that are read, up to the end or to one that is damaged."""
    with suppress(BrokenMediaError):
        for chunk in chunks_of_png(untrusted):
            if chunk.name in _PNG_READ:
                if not chunk.is_whole:
                    return
                yield chunk
            elif chunk.name == b"eXIf" and chunk.is_whole:
                yield chunk


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@dataclass
class _Track:
    """What the sample tables of one track say."""

    is_pictures: bool = False
    unit: int = 0
    """Parts of a second in which times are given."""
    sizes: list[int] = field(default_factory=list)
    chunks: list[int] = field(default_factory=list)
    """Where each begins."""
    runs: list[tuple[int, int]] = field(default_factory=list)
    """From which chunk on, counted from 1, how many samples are in each."""
    times: list[tuple[int, int]] = field(default_factory=list)
    """How many samples last how long."""

    def whole(self, length: int) -> int:
        """Count the samples before the first that is not all within the first `length` bytes."""
        return sum(1 for _ in takewhile(lambda end: end <= length, self.ends()))

    def ends(self) -> Iterator[int]:
        """Yield where each sample ends."""
        sizes, each, runs = iter(self.sizes), 0, dict(self.runs)
        for number, end in enumerate(self.chunks, 1):
            each = runs.get(number, each)
            for size in islice(sizes, each):
                end += size  # noqa: PLW2901  # a sample follows the one before
                yield end

    def seconds(self, count: int) -> list[Fraction]:
        """Return how long each of the first samples lasts."""
        lasting = (Fraction(lasts, self.unit or 1) for many, lasts in self.times for _ in range(min(many, count)))
        found = [lasts for lasts, _ in zip(lasting, range(count), strict=False)]
        return found + [Fraction(0)] * (count - len(found))


def _of_avif(untrusted: bytes) -> WholeFrames | None:
    """A frame is a sample of a track; the decoder refuses a file that is shorter than its tables say."""
    if untrusted[8:12] != b"avis":
        return None
    tracks, end = _tracks(untrusted)
    pictures = next((track for track in tracks if track.is_pictures and track.sizes), None)
    if pictures is None or len(pictures.sizes) == 1:
        return None
    frames = len(pictures.sizes)
    whole = min(track.whole(len(untrusted)) for track in tracks if len(track.sizes) >= frames)  # one may be of alpha
    is_damaged = whole < frames
    if is_damaged:
        end = max([end, *(place for track in tracks for place in track.ends())])
        if end > limits.IMAGES.max_file_bytes:
            raise MediaTooLargeError
        untrusted = untrusted.ljust(end, b"\0")
    return _found(untrusted, pictures.seconds(whole), is_damaged=is_damaged, turn=0)


def _tracks(untrusted: bytes) -> tuple[list[_Track], int]:
    """Read the tables of every track; and where the last box says it ends."""
    tracks: list[_Track] = []
    end = 0
    for depth, box in _nested(untrusted, 0, len(untrusted)):
        if not depth:
            end = max(end, box.stop)
        if box.name == b"trak":
            if len(tracks) == _MAX_TRACKS:
                raise MediaTooLargeError
            tracks.append(_Track())
        elif tracks and box.name in _TABLES:
            try:
                _read_box(tracks[-1], box.name, untrusted[box.start : box.stop])
            except struct.error:  # it is shorter than it says
                tracks.pop()
    return tracks, end


def _nested(untrusted: bytes, start: int, stop: int, depth: int = 0) -> Iterator[tuple[int, MediaBox]]:
    """Yield depth and place of each box, and of those in boxes of tables."""
    for box in boxes(untrusted, start, stop):
        yield depth, box
        if box.name in _BOXES_AROUND and depth < len(_BOXES_AROUND):
            yield from _nested(untrusted, box.start, min(box.stop, stop), depth + 1)


def _read_box(track: _Track, name: bytes, box: bytes) -> None:
    """Read one box of a track.

    Raises:
        struct.error: it is too short.
    """
    match name:
        case b"hdlr":
            track.is_pictures = box[8:12] == b"pict"
        case b"mdhd":
            (track.unit,) = struct.unpack_from(">I", box, 20 if box[:1] == b"\1" else 12)
        case b"stts":
            track.times = [(many, lasts) for many, lasts in _rows(box, 4, ">2I")]
        case b"stsc":
            track.runs = [(first, each) for first, each, _ in _rows(box, 4, ">3I")]
        case b"stco":
            track.chunks = [place for (place,) in _rows(box, 4, ">I")]
        case b"co64":
            track.chunks = [place for (place,) in _rows(box, 4, ">Q")]
        case _:  # stsz
            each, count = struct.unpack_from(">2I", box, 4)
            _check_count(count)
            track.sizes = [each] * count if each else [size for (size,) in _rows(box, 8, ">I")]


def _rows(box: bytes, place: int, form: str) -> list[tuple[int, ...]]:
    """Read a table that begins with how many rows it has."""
    (count,) = struct.unpack_from(">I", box, place)
    _check_count(count)
    row = struct.Struct(form)
    return [row.unpack_from(box, place + 4 + at * row.size) for at in range(count)]
