"""Good pictures of every format, mode and make that a person may have, drawn and written here."""

import io
import struct
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms

from kit.bad_pictures import chunk
from kit.jpegs import jpeg_of, segment

ORIENTATIONS: Final = range(1, 9)
_ORIENTATION: Final = 274
_PASSES: Final = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
_SIZES: Final = (
    (1, 1),
    (2, 3),
    (5, 5),
    (7, 64),
    (8, 8),
    (9, 17),
    (16, 15),
    (33, 31),
    (64, 64),
    (127, 65),
    (200, 3),
    (255, 257),
    (641, 479),
)


def drawn(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    """Draw waves in every channel, an edge and some noise: `uint8`, shape (rows, columns, 4), the last one opacity."""
    chance = np.random.default_rng([seed, width, height])
    y, x = np.mgrid[:height, :width]
    u, v = x / max(width, 48), y / max(height, 48)
    phases = chance.uniform(0, 6, 8)
    waves = [
        128
        + 60 * np.sin(u * (9 + 3 * channel) + phases[channel])
        + 50 * np.cos(v * (14 - 2 * channel) + phases[channel + 4])
        for channel in range(4)
    ]
    picture = np.stack(waves, 2) + chance.normal(0, 7, (height, width, 4))
    picture[height // 3 :, : width // 2, :3] += 40 * (chance.random(3) - 0.5)
    return picture.clip(0, 255).astype(np.uint8)


def picture(mode: str, width: int = 150, height: int = 101, seed: int = 0) -> Image.Image:
    """Draw a picture of a mode of Pillow."""
    image = Image.fromarray(drawn(width, height, seed))
    if mode in {"RGBA", "LA"}:
        return image.convert(mode)
    opaque = image.convert("RGB")
    return opaque.quantize(200) if mode == "P" else opaque.convert(mode)


def _written(kind: str, image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _turned(orientation: int, order: str = "MM") -> bytes:
    """Write EXIF that says how a picture is turned."""
    byte = ">" if order == "MM" else "<"
    return (
        b"Exif\0\0" + order.encode() + struct.pack(f"{byte}HIHHHIHHI", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    )


def _swapped(profile: bytes) -> bytes:
    """Swap red and blue in a profile of three matrix columns: who applies it is far off."""
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


def _profiles() -> dict[str, bytes]:
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    steep = bytearray(plain)
    place = plain.index(b"para", 128 + 4 + 12 * 10) if b"para" in plain[252:] else 0
    if place:  # gamma of its curve, a 16.16 number
        steep[place + 12 : place + 16] = struct.pack(">I", int(1.2 * 65536))
    return {
        "srgb": plain,
        "swapped": _swapped(plain),
        "steep": bytes(steep),
        "lab": ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
        "damaged": plain[:200],
    }


def _jpegs() -> Iterator[tuple[str, bytes]]:
    for number, (width, height) in enumerate(_SIZES):
        for mode in ("RGB", "L"):
            for progressive in (False, True):
                image = picture(mode, width, height, number)
                yield (
                    f"{mode}-{width}x{height}-{progressive:d}",
                    _written("JPEG", image, quality=80, progressive=progressive),
                )
    for sampling in range(3):
        for quality in (15, 60, 92, 100):
            yield (
                f"sampling-{sampling}-{quality}",
                _written("JPEG", picture("RGB", 131, 99, quality), quality=quality, subsampling=sampling),
            )
    for orientation in ORIENTATIONS:
        for order in ("II", "MM"):
            yield (
                f"turned-{orientation}-{order}",
                _written("JPEG", picture("RGB", 90, 61), exif=_turned(orientation, order)),
            )
        yield (
            f"turned-grey-{orientation}",
            _written("JPEG", picture("L", 61, 90), exif=_turned(orientation), progressive=True),
        )
    for name, profile in _profiles().items():
        for mode in ("RGB", "L", "CMYK"):
            yield f"profile-{name}-{mode}", _written("JPEG", picture(mode), icc_profile=profile)


def _odd_jpegs() -> Iterator[tuple[str, bytes]]:
    """Write JPEGs of rare options and samplings, and with parts that are too short or too many."""
    made: dict[str, dict[str, Any]] = {
        "optimised": {"optimize": True}, "restarts": {"restart_marker_rows": 1}, "restarts-blocks": {"restart_marker_blocks": 3},
        "progressive-restarts": {"progressive": True, "restart_marker_blocks": 2}, "density": {"dpi": (72, 300)},
        "comment": {"comment": b"words"}, "rgb": {"keep_rgb": True}, "flat-tables": {"qtables": [[1] * 64, [3] * 64]},
    }  # fmt: skip
    for name, options in made.items():
        for mode in ("RGB", "L", "CMYK"):
            if mode == "RGB" or name != "rgb":
                yield f"{name}-{mode}", _written("JPEG", picture(mode), quality=85, **options)
    for number, samplings in enumerate([
        ((1, 1),), ((2, 2),), ((2, 1), (1, 1), (1, 1)), ((1, 2), (1, 1), (1, 1)), ((2, 2), (1, 1), (1, 1)), ((4, 1), (1, 1), (1, 1)),
        ((1, 4), (1, 1), (1, 1)), ((4, 2), (1, 1), (1, 1)), ((2, 2), (2, 1), (1, 2)), ((1, 1), (2, 2), (1, 1)), ((3, 1), (1, 1), (1, 1)),
        ((1, 1),) * 4, ((2, 2), (1, 1), (1, 1), (2, 2)),
    ]):  # fmt: skip
        for restart in (0, 2):
            yield f"rare-{number}-{restart}", jpeg_of(75, 53, samplings, restart=restart, seed=number)
    good = _written("JPEG", picture("RGB"), quality=85)
    place = good.index(b"\xff\xdb")
    for name, odd in {
        "short-profile": segment(0xE2, b"ICC_PROFILE\0\1"),
        "short-adobe": segment(0xEE, b"Adobe\0"),
        "short-exif": segment(0xE1, b"Exif\0\0MM"),
    }.items():
        yield name, good[:place] + odd + good[place:]
    yield "after-its-end", good + b"\0" * 40 + b"more"
    yield "no-end", good[:-2]
    yield "half-end", good[:-1]
    yield "filled-up", good[:2] + b"\xff" * 9 + good[2:]


def _png(
    pixels: NDArray[Any], depth: int, colour: int, *, interlaced: bool = False, more: bytes = b"", parts: int = 1
) -> bytes:
    """Write a PNG of samples, shape (rows, columns, channels); of 16 bits each sample is two bytes, the high one first."""
    height, width = pixels.shape[:2]
    packed = []
    for left, across, top, down in _PASSES if interlaced else ((0, 1, 0, 1),):
        some = pixels[top::down, left::across]
        for row in some if some.size else ():
            bits = np.unpackbits(row.reshape(-1, 1), axis=1)[:, -depth:] if depth < 8 else None
            packed.append(b"\0" + (row.tobytes() if bits is None else np.packbits(bits.reshape(-1)).tobytes()))
    data = zlib.compress(b"".join(packed))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    step = -(-len(data) // parts)
    pieces = b"".join(chunk(b"IDAT", data[start : start + step]) for start in range(0, len(data), step))
    return b"\x89PNG\r\n\x1a\n" + header + more + pieces + chunk(b"IEND", b"")


def deep_pngs() -> Iterator[tuple[str, bytes]]:
    """Write PNGs of 16 bits a channel."""
    for number, (colour, channels) in enumerate({0: 1, 2: 3, 4: 2, 6: 4}.items()):
        for interlaced in (False, True):
            width, height = 141 + number, 97
            soft = drawn(width, height, number).astype(np.uint16) * 256 + drawn(width, height, number + 9)
            opaque = soft[:, :, : channels - (colour > 3)]
            if colour > 3:
                opaque = np.dstack([opaque, np.full((height, width), 0xFFFF, np.uint16)])
            for name, samples in (("opaque", opaque), ("clear", soft[:, :, :channels])):
                if name == "opaque" or colour > 3:
                    high = samples.astype(">u2").view(np.uint8).reshape(height, width, -1)
                    yield f"png-16-{colour}-{interlaced:d}-{name}", _png(high, 16, colour, interlaced=interlaced)


def _pngs() -> Iterator[tuple[str, bytes]]:
    for number, (width, height) in enumerate(_SIZES):
        for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
            yield f"{mode}-{width}x{height}", _written("PNG", picture(mode, width, height, number))
    for interlaced in (False, True):
        for depth in (1, 2, 4, 8):
            grey = drawn(83, 59)[:, :, :1] >> (8 - depth)
            yield f"grey-{depth}-{interlaced:d}", _png(grey, depth, 0, interlaced=interlaced)
            palette = chunk(b"PLTE", drawn(1 << depth, 1, depth)[0, :, :3].tobytes())
            yield f"palette-{depth}-{interlaced:d}", _png(grey, depth, 3, interlaced=interlaced, more=palette)
            clear = chunk(b"tRNS", bytes(range(0, 256, 51))[: 1 << depth])
            yield (
                f"palette-clear-{depth}-{interlaced:d}",
                _png(grey, depth, 3, interlaced=interlaced, more=palette + clear),
            )
            yield (
                f"grey-clear-{depth}-{interlaced:d}",
                _png(grey, depth, 0, interlaced=interlaced, more=chunk(b"tRNS", b"\0\1")),
            )
        for colour, channels in {2: 3, 4: 2, 6: 4}.items():
            yield (
                f"colour-{colour}-{interlaced:d}",
                _png(drawn(83, 59)[:, :, :channels], 8, colour, interlaced=interlaced),
            )
        yield (
            f"rgb-clear-{interlaced:d}",
            _png(
                drawn(83, 59)[:, :, :3] & 0xF0, 8, 2, interlaced=interlaced, more=chunk(b"tRNS", b"\0\x80\0\x70\0\x90")
            ),
        )


def _noted_pngs() -> Iterator[tuple[str, bytes]]:
    """Write PNGs with parts that change no pixel in the program."""
    rgb = drawn(90, 61)[:, :, :3]
    cie = struct.pack(">8I", *(int(1e5 * part) for part in (0.3127, 0.329, 0.15, 0.06, 0.3, 0.6, 0.64, 0.33)))
    for name, more in {
        "gamma": chunk(b"gAMA", struct.pack(">I", 100_000)), "primaries": chunk(b"gAMA", struct.pack(">I", 45_455)) + chunk(b"cHRM", cie),
        "srgb": chunk(b"sRGB", b"\1"), "cicp": chunk(b"cICP", bytes((9, 16, 0, 1))), "ground": chunk(b"bKGD", b"\0\1" * 3),
        "density": chunk(b"pHYs", struct.pack(">IIB", 1000, 3000, 1)), "bits": chunk(b"sBIT", b"\5\6\5"), "words": chunk(b"tEXt", b"a\0b"),
        "bad-sum": chunk(b"tEXt", b"a\0b")[:-1] + b"?", "one-frame": chunk(b"acTL", struct.pack(">II", 1, 0)), "short-density": chunk(b"pHYs", b"\0\1"), "short-animation": chunk(b"acTL", b"\0"),
        "odd-profile": chunk(b"iCCP", b"a\0\7" + zlib.compress(b"no profile")), "large-profile": chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(3_000_000))),
    }.items():  # fmt: skip
        yield name, _png(rgb, 8, 2, more=more, parts=3)
    for orientation in ORIENTATIONS:
        for mode in ("RGB", "RGBA"):
            yield f"turned-{orientation}-{mode}", _written("PNG", picture(mode, 90, 61), exif=_turned(orientation)[6:])
    for name, profile in _profiles().items():
        for mode in ("RGB", "RGBA", "L", "P"):
            yield f"profile-{name}-{mode}", _written("PNG", picture(mode), icc_profile=profile)


def _webps() -> Iterator[tuple[str, bytes]]:
    for number, (width, height) in enumerate(_SIZES):
        for mode in ("RGB", "RGBA"):
            for lossless in (False, True):
                image = picture(mode, width, height, number)
                yield (
                    f"{mode}-{width}x{height}-{lossless:d}",
                    _written("WEBP", image, quality=75, lossless=lossless, method=1, exact=lossless),
                )
    for quality in (0, 40, 100):
        yield f"quality-{quality}", _written("WEBP", picture("RGB"), quality=quality)
        yield f"alpha-quality-{quality}", _written("WEBP", picture("RGBA"), quality=60, alpha_quality=quality)
    for orientation in ORIENTATIONS:
        for mode in ("RGB", "RGBA"):
            yield f"turned-{orientation}-{mode}", _written("WEBP", picture(mode, 90, 61), exif=_turned(orientation))
    for name, profile in _profiles().items():
        for lossless in (False, True):
            yield (
                f"profile-{name}-{lossless:d}",
                _written("WEBP", picture("RGB"), icc_profile=profile, lossless=lossless),
            )


def _gifs() -> Iterator[tuple[str, bytes]]:
    for number, (width, height) in enumerate(_SIZES):
        for interlaced in (0, 1):
            yield (
                f"{width}x{height}-{interlaced}",
                _written("GIF", picture("P", width, height, number), interlace=interlaced),
            )
    for mode in ("1", "L"):
        yield mode, _written("GIF", picture(mode))
    yield "clear", _written("GIF", picture("P"), transparency=3)
    for colours in (2, 3, 16, 129, 256):
        yield f"colours-{colours}", _written("GIF", picture("RGB", 90, 61).quantize(colours))


def _bmps() -> Iterator[tuple[str, bytes]]:
    for number, (width, height) in enumerate(_SIZES):
        for mode in ("1", "L", "P", "RGB", "RGBA"):
            yield f"{mode}-{width}x{height}", _written("BMP", picture(mode, width, height, number))
    good = _written("BMP", picture("RGB", 64, 40))
    (height,) = struct.unpack_from("<i", good, 22)
    rows = [good[54 + 192 * row : 54 + 192 * (row + 1)] for row in range(height)]
    yield "top-down", good[:22] + struct.pack("<i", -height) + good[26:54] + b"".join(reversed(rows))


def _avifs() -> Iterator[tuple[str, bytes]]:
    for number, (width, height) in enumerate(_SIZES):
        for mode in ("RGB", "RGBA", "L"):
            yield (
                f"{mode}-{width}x{height}",
                _written("AVIF", picture(mode, width, height, number), quality=70, speed=10),
            )
    for sampling in ("4:4:4", "4:2:2", "4:2:0", "4:0:0"):
        for span in ("full", "limited"):
            yield (
                f"{sampling.replace(':', '')}-{span}",
                _written("AVIF", picture("RGB"), subsampling=sampling, range=span, speed=10),
            )
    for orientation in ORIENTATIONS:
        yield f"turned-{orientation}", _written("AVIF", picture("RGB", 90, 61), exif=_turned(orientation), speed=10)
        yield (
            f"turned-clear-{orientation}",
            _written("AVIF", picture("RGBA", 90, 61), exif=_turned(orientation), speed=10),
        )
    for name, profile in _profiles().items():
        yield f"profile-{name}", _written("AVIF", picture("RGB"), icc_profile=profile, speed=10)
    yield "lossless", _written("AVIF", picture("RGB"), quality=100, subsampling="4:4:4", speed=10)


def _heics() -> Iterator[tuple[str, bytes]]:
    for mode in ("RGB", "RGBA", "L"):
        file = io.BytesIO()
        pillow_heif.from_pillow(picture(mode, 128, 96)).save(file, quality=60)
        yield mode, file.getvalue()


def _moving() -> Iterator[tuple[str, bytes]]:
    frames = [picture("RGB", 64, 48, seed) for seed in range(3)]
    for kind in ("GIF", "PNG", "WEBP", "AVIF"):
        yield f"moving.{kind.lower()}", _written(kind, frames[0], save_all=True, append_images=frames[1:], duration=400)


def every_picture() -> dict[str, bytes]:
    """Write good pictures, by name; what a name ends in tells the format."""
    made = {
        f"{name}.{ending}": untrusted
        for ending, some in (("jpg", chain(_jpegs(), _odd_jpegs())), ("png", chain(_pngs(), _noted_pngs())), ("webp", _webps()), ("gif", _gifs()), ("bmp", _bmps()), ("avif", _avifs()), ("heic", _heics()))
        for name, untrusted in some
    }  # fmt: skip
    return made | dict(_moving())
