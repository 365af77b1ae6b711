"""Files that are no good pictures, each made here: what somebody may drop on the program, or send to harm it.

Run as a program, it tries them all in one process and prints what became of each, and the most
memory that was used.
"""

import io
import json
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from pillow_heif import HeifFile, from_pillow

MIB = 1024 * 1024


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Make a small good picture."""
    values = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def saved(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    """Write a good picture, to be spoilt."""
    file = io.BytesIO()
    image = image or picture()
    if kind == "HEIF":
        heif: HeifFile = from_pillow(image)
        heif.save(file, quality=50, **options)
    else:
        image.save(file, kind, **options)
    return file.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """Write a chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, chunks: tuple[bytes, ...] = ()) -> bytes:
    """Write a PNG of any size whose pixels are chunks given here."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def png_bomb(side: int) -> bytes:
    """Write a black PNG that takes a thousand times its own size."""
    rows = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    body = b"".join(rows.compress(row * 256) for _ in range(0, side, 256)) + rows.flush()
    return png(side, side, depth=1, colour=0, chunks=(chunk(b"IDAT", body),))


def jpeg_frame(
    width: int, height: int, *, marker: int = 0xC0, bits: int = 8, parts: int = 3, sampling: int = 0x11
) -> bytes:
    """Spoil the frame header of a good JPEG."""
    good = saved("JPEG")
    start = good.index(b"\xff\xc0")
    (length,) = struct.unpack_from(">H", good, start + 2)
    layers = b"".join(bytes([number + 1, sampling, 0]) for number in range(parts))
    frame = struct.pack(">BHHB", bits, height, width, parts) + layers
    head = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(frame)) + frame
    return good[:start] + head + good[start + 2 + length :]


def many_scans() -> bytes:
    """Write a progressive JPEG that is walked over a thousand times."""
    good = saved("JPEG", progressive=True)
    start = good.rindex(b"\xff\xda")
    return good[:start] + good[start:-2] * 1000 + b"\xff\xd9"


def gif(screen: tuple[int, int], frame: tuple[int, int]) -> bytes:
    """Write a GIF whose frame need not fit its screen."""
    screen_part = struct.pack("<HH", *screen) + b"\x80\0\0" + bytes(6)
    return b"GIF89a" + screen_part + b"," + struct.pack("<HHHH", 0, 0, *frame) + b"\0\x02\x02\x44\x01\0;"


def bmp(width: int, height: int, *, bits: int = 24, compression: int = 0, body: bytes = b"") -> bytes:
    """Write a BMP of any size."""
    palette = bytes(1024) if bits == 8 else b""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 0, 0, 0, 0)
    offset = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + header + palette + body


def riff(chunk_name: bytes, body: bytes) -> bytes:
    """Write a WebP whose one chunk is given here."""
    inner = b"WEBP" + chunk_name + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def enlarged(container: bytes, side: int) -> bytes:
    """Claim another size in every `ispe` box of a HEIC or AVIF."""
    spoilt = bytearray(container)
    place = spoilt.find(b"ispe")
    while place >= 0:
        spoilt[place + 8 : place + 16] = struct.pack(">II", side, side)
        place = spoilt.find(b"ispe", place + 4)
    return bytes(spoilt)


def box(brand: bytes, *others: bytes) -> bytes:
    """Write the first box of a HEIC, AVIF or video."""
    inner = b"ftyp" + brand + bytes(4) + b"".join(others)
    return struct.pack(">I", 4 + len(inner)) + inner


BAD: Final[dict[str, Callable[[], bytes]]] = {
    # nothing, or no picture
    "empty": bytes,
    "one byte": lambda: b"\xff",
    "text": lambda: b"This is a letter, not a picture.\n" * 40,
    "text that begins like a bitmap": lambda: b"BMW is a make of car.\n" * 40,
    "zeros": lambda: bytes(4096),
    "noise": lambda: np.random.default_rng(3).bytes(4096),
    "web page": lambda: b"<!DOCTYPE html><html><body><img src=x></body></html>",
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "PDF": lambda: b"%PDF-1.7\n" + saved("JPEG"),
    "ZIP before a JPEG": lambda: b"PK\x03\x04" + bytes(26) + saved("JPEG"),
    "ICO": lambda: saved("ICO"),
    "TIFF": lambda: saved("TIFF"),
    "TGA": lambda: saved("TGA"),
    "PPM": lambda: saved("PPM"),
    "JPEG 2000": lambda: saved("JPEG2000"),
    "PostScript": lambda: saved("EPS"),
    "PSD": lambda: b"8BPS\0\x01" + bytes(6) + struct.pack(">HIIHH", 3, 9, 9, 8, 3) + bytes(900),
    "DIB without its file header": lambda: saved("DIB"),
    "video": lambda: box(b"isom", b"mp42") + bytes(500),
    "sound": lambda: b"RIFF" + struct.pack("<I", 500) + b"WAVEfmt " + bytes(500),
    # JPEG
    "JPEG: its first bytes": lambda: b"\xff\xd8\xff",
    "JPEG: begin and end": lambda: b"\xff\xd8\xff\xd9",
    "JPEG: text": lambda: b"\xff\xd8\xff\xe0JFIF, or so it says",
    "JPEG: half": lambda: saved("JPEG")[:1200],
    "JPEG: a third, progressive": lambda: (good := saved("JPEG", progressive=True))[: len(good) // 3],
    "JPEG: no size": lambda: jpeg_frame(0, 0),
    "JPEG: 12 bits": lambda: jpeg_frame(64, 48, bits=12),
    "JPEG: 2 channels": lambda: jpeg_frame(64, 48, parts=2),
    "JPEG: sampling of nothing": lambda: jpeg_frame(64, 48, marker=0xC2, sampling=0),
    "JPEG: lossless": lambda: jpeg_frame(64, 48, marker=0xC3),
    "JPEG: 4 gigapixels": lambda: jpeg_frame(65_500, 65_500),
    "JPEG: 100 megapixels, progressive, 4:4:4": lambda: jpeg_frame(10_000, 9_999, marker=0xC2),
    "JPEG: 120 megapixels, progressive": lambda: jpeg_frame(12_000, 10_000, marker=0xC2, parts=1),
    "JPEG: a thousand scans": many_scans,
    "JPEG: 48 megapixels that end at once": lambda: jpeg_frame(8_000, 6_000)[:900],
    # PNG
    "PNG: half": lambda: (good := saved("PNG"))[: len(good) // 2],
    "PNG: header only": lambda: saved("PNG")[:33],
    "PNG: wrong checksum": lambda: saved("PNG").replace(b"IHDR\0", b"IHDR\1", 1),
    "PNG: no size": lambda: png(0, 0),
    "PNG: no pixels": lambda: png(64, 48),
    "PNG: negative size": lambda: png(0x8000_0001, 64, chunks=(chunk(b"IDAT", zlib.compress(bytes(99))),)),
    "PNG: unknown colours": lambda: png(64, 48, colour=5, chunks=(chunk(b"IDAT", zlib.compress(bytes(9999))),)),
    "PNG: pixels that are no zlib": lambda: png(64, 48, chunks=(chunk(b"IDAT", b"not compressed at all"),)),
    "PNG: too few pixels": lambda: png(64, 48, chunks=(chunk(b"IDAT", zlib.compress(bytes(99))),)),
    "PNG: bomb of 900 megapixels": lambda: png_bomb(30_000),
    "PNG: one row, 100 million long": lambda: png(100_000_000, 1, chunks=(chunk(b"IDAT", zlib.compress(bytes(9))),)),
    # GIF
    "GIF: half": lambda: (good := saved("GIF"))[: len(good) // 2],
    "GIF: no frame": lambda: saved("GIF")[:13] + b";",
    "GIF: screen of 4 gigapixels": lambda: gif((65_535, 65_535), (9, 9)),
    "GIF: frame far larger than its screen": lambda: gif((9, 9), (65_535, 65_535)),
    "GIF: too few pixels": lambda: gif((900, 900), (900, 900)),
    # WebP
    "WebP: half": lambda: (good := saved("WEBP"))[: len(good) // 2],
    "WebP: header only": lambda: saved("WEBP")[:30],
    "WebP: 268 megapixels": lambda: riff(b"VP8X", bytes(4) + b"\xff\x3f\0" * 2),
    "WebP: 268 megapixels, lossless": lambda: riff(b"VP8L", b"\x2f" + struct.pack("<I", 0x0FFF_FFFF) + bytes(90)),
    "WebP: 268 megapixels, lossy": lambda: riff(
        b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383) + bytes(90)
    ),
    "WebP: unknown chunk": lambda: riff(b"VP9 ", bytes(90)),
    # BMP
    "BMP: half": lambda: (good := saved("BMP"))[: len(good) // 2],
    "BMP: 900 megapixels": lambda: bmp(30_000, 30_000),
    "BMP: 7 bits": lambda: bmp(64, 48, bits=7, body=bytes(9999)),
    "BMP: unknown compression": lambda: bmp(64, 48, compression=9, body=bytes(9999)),
    "BMP: run-length bomb": lambda: bmp(9_000, 9_000, bits=8, compression=1, body=b"\xff\x07" * 400 + b"\0\1"),
    "BMP: run-length that ends at once": lambda: bmp(900, 900, bits=8, compression=1, body=b"\xff\x07"),
    # HEIC
    "HEIC: half": lambda: (good := saved("HEIF"))[: len(good) // 2],
    "HEIC: first box only": lambda: box(b"heic", b"mif1"),
    "HEIC: noise after the first box": lambda: box(b"heic", b"mif1") + np.random.default_rng(4).bytes(4096),
    "HEIC: 900 megapixels": lambda: enlarged(saved("HEIF"), 30_000),
    "HEIC: 64 megapixels in no time": lambda: enlarged(saved("HEIF"), 8_000),
    "HEIC: unknown brand": lambda: box(b"jpeg", b"mif2") + bytes(500),
    # AVIF
    "AVIF: half": lambda: (good := saved("AVIF"))[: len(good) // 2],
    "AVIF: first box only": lambda: box(b"avif", b"mif1"),
    "AVIF: 900 megapixels": lambda: enlarged(saved("AVIF"), 30_000),
    "AVIF: called so by its second brand": lambda: box(b"mif1", b"avif") + bytes(500),
}
"""By what is wrong with it, how it is made."""


def _tried() -> Iterator[tuple[str, str]]:
    from hashclient.errors import MediaError
    from hashclient.hashing.pdq import PdqHasher
    from hashclient.media.image import open_image

    for name, make in BAD.items():
        try:
            with open_image(make()) as image:
                PdqHasher().hash_image(image)
        except MediaError as error:
            yield name, error.sentence
        else:
            yield name, "hashed"


def most_memory_bytes() -> int:
    """Give the most memory that this process ever used."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise NotImplementedError


if __name__ == "__main__":
    outcome = dict(_tried())
    json.dump({"outcome": outcome, "memory_bytes": most_memory_bytes()}, sys.stdout)
