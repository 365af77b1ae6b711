"""The room of the second page: HEIC by libheif, JPEG by mozjpeg where a browser's own is not trusted; and canvases that lie."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

from kit.page_room import ENGINES, by_page, by_program, in_browser, lacks

pytestmark = pytest.mark.slow

DETAIL = 12
"""Standard deviation of the noise in pictures of these tests, so that quality decides about much of what is stored."""
FALSIFIED = {
    "one sample": "data[data.length >> 1] ^= 1",
    "white": "data.fill(255)",
}
"""What browsers against fingerprinting do to what is read from a canvas, and less."""
PLANTED = """{{ const read = OffscreenCanvasRenderingContext2D.prototype.getImageData;
  OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...box) {{
    const found = read.apply(this, box), {{ data }} = found;
    {change};
    return found;
  }};
}}"""
OTHER_DECODER = """{ const make = self.createImageBitmap;
  self.createImageBitmap = async (from, ...rest) => {
    const made = await make(from, ...rest);
    if (!(from instanceof Blob) || from.type !== "image/jpeg") return made;
    const board = new OffscreenCanvas(made.width, made.height), drawn = board.getContext("2d");
    drawn.translate(made.width, 0); drawn.scale(-1, 1); drawn.drawImage(made, 0, 0);
    return make(board);
  };
}"""
"""A decoder of JPEG that gives mirrored pictures; the canvas is as it should be."""


def picture(width: int, height: int, channels: int = 3) -> Image.Image:
    """Draw waves with noise; the fourth channel is a slope."""
    y, x = np.mgrid[:height, :width]
    waves: NDArray[np.float64] = np.stack(
        [
            128 + 90 * np.sin(x / 17 + y / 29),
            128 + 90 * np.cos(y / 13),
            (x + y) * 255 / (width + height),
            x * 255 / width,
        ],
        2,
    )[:, :, :channels]
    noise = np.random.default_rng(width).normal(0, DETAIL, waves.shape)
    return Image.fromarray((waves + noise).clip(0, 255).astype(np.uint8))


def heic(image: Image.Image | pillow_heif.HeifFile, **options: object) -> bytes:
    """Write a HEIC."""
    written = BytesIO()
    found = image if isinstance(image, pillow_heif.HeifFile) else pillow_heif.from_pillow(image)
    found.save(written, **options)
    return written.getvalue()


def deep(mode: str) -> pillow_heif.HeifFile:
    """Make a picture of more than 8 bits a channel."""
    channels = {"I;16": 1, "RGB;16": 3, "RGBA;16": 4}[mode]
    blocks = np.random.default_rng(7).integers(0, 65_536, (24, 32, channels), dtype=np.uint16)
    return pillow_heif.from_bytes(mode, (256, 192), np.kron(blocks, np.ones((8, 8, 1), np.uint16)).tobytes())


def turned(orientation: int) -> bytes:
    """Write a HEIC that is turned by its own boxes, as telephones write it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = pillow_heif.from_pillow(picture(200, 120))
    image.info["exif"] = exif.tobytes()
    return heic(image, quality=70)


@cache
def heic_references() -> dict[str, bytes]:
    """Write HEIC of every quality, sampling, mode, depth, matrix and turn that the encoder has."""
    made = {f"q{quality}-{chroma}": heic(picture(321, 243), quality=quality, chroma=chroma)
            for quality in (10, 50, 90, -1) for chroma in ("420", "422", "444")}  # fmt: skip
    made |= {f"mode-{mode}": heic(picture(150, 90, 4).convert(mode), quality=60) for mode in ("L", "LA", "RGBA", "1")}
    premultiplied = picture(150, 90, 4).convert("RGBa").tobytes()
    made["premultiplied"] = heic(pillow_heif.from_bytes("RGBa", (150, 90), premultiplied), quality=60)
    made |= {f"deep-{mode.replace(';', '-')}": heic(deep(mode), quality=60) for mode in ("I;16", "RGB;16", "RGBA;16")}
    made |= {f"turned-{orientation}": turned(orientation) for orientation in range(1, 9)}
    for matrix, is_full in ((1, 1), (1, 0), (5, 1), (6, 0), (9, 1)):
        options = {"matrix_coefficients": matrix, "full_range_flag": is_full}
        made[f"matrix-{matrix}-{is_full}"] = heic(picture(150, 151), quality=60, **options)
    made["telephone"] = heic(picture(1008, 756), quality=60)
    made["cut"] = made["q50-420"][: len(made["q50-420"]) // 2]
    hole = len(made["q50-420"]) - 4000
    made["hole"] = made["q50-420"][:hole] + bytes(600) + made["q50-420"][hole + 600 :]
    return {f"{name}.heic": file for name, file in made.items()}


def jpeg(image: Image.Image, **options: Any) -> bytes:
    """Write a JPEG."""
    written = BytesIO()
    image.save(written, "JPEG", **options)
    return written.getvalue()


@cache
def jpeg_references() -> dict[str, bytes]:
    """Write JPEG of every sampling, order of scans and mode."""
    orders: dict[str, dict[str, Any]] = {
        "plain": {}, "progressive": {"progressive": True}, "restarts": {"restart_marker_rows": 2}, "fitted": {"optimize": True},
    }  # fmt: skip
    made = {f"{name}-{sampling}": jpeg(picture(323, 241), quality=75, subsampling=sampling, **options)
            for name, options in orders.items() for sampling in (0, 1, 2)}  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = 6
    made |= {
        "turned": jpeg(picture(200, 120), exif=exif.tobytes()),
        "grey": jpeg(picture(90, 64).convert("L")),
        "thin": jpeg(picture(7, 300)),
    }
    made |= {"four": jpeg(picture(90, 64).convert("CMYK")), "cut": made["plain-2"][:9000]}
    return {f"{name}.jpg": file for name, file in made.items()}


def others() -> dict[str, bytes]:
    """Write one picture of each kind for which no decoder of ours stands in."""
    made = {}
    for kind, options in {"PNG": {}, "WEBP": {"lossless": True}, "BMP": {}, "GIF": {}}.items():
        written = BytesIO()
        picture(200, 120).save(written, kind, **options)
        made[f"other.{kind.lower()}"] = written.getvalue()
    return made


@pytest.fixture(params=sorted(ENGINES.keys() - {"webkit"}))
def engine(request: pytest.FixtureRequest) -> str:
    """Name an engine that is installed; what is tried is WebAssembly, which is the same in all."""
    name = str(request.param)
    if missing := lacks(name):
        pytest.skip(missing)
    return name


def hashed(
    engine: str, files: dict[str, bytes], folder: Path, options: dict[str, Any] | None = None, *, is_unfit: bool = False
) -> dict[str, str | dict[str, str]]:
    """Hash files in a room: hashes by variant, or a reason code, by name."""
    for name, file in files.items():
        (folder / name).write_bytes(file)
    found = in_browser(engine, [folder / name for name in files], folder, options=options, is_unfit=is_unfit)
    return dict(zip(files, map(by_page, found), strict=True))


@cache
def program_says(file: bytes) -> str | dict[str, str]:
    """Hash a file with the program; files are the same for each engine."""
    return by_program(file)


def differing(page: dict[str, str | dict[str, str]], files: dict[str, bytes]) -> dict[str, object]:
    """Give what differs from the program, by name."""
    program = {name: program_says(file) for name, file in files.items()}
    return {name: (page[name], program[name]) for name in files if page[name] != program[name]}


def test_heic_has_the_hashes_of_the_program(engine: str, tmp_path: Path) -> None:
    """0 bits, the same variants, the same reason codes; in the first page the refusal names the second."""
    files = heic_references()
    assert differing(hashed(engine, files, tmp_path, {"isSecond": True}), files) == {}
    few = {name: files[name] for name in ("q50-420.heic", "turned-6.heic", "mode-RGBA.heic")}
    assert set(map(str, hashed(engine, few, tmp_path).values())) == {"second-page"}


def test_jpeg_where_the_browsers_decoder_is_not_trusted(engine: str, tmp_path: Path) -> None:
    """By mozjpeg: 0 bits, or refused. The canvas is as it should be, so other kinds are hashed as ever."""
    options = {"isSecond": True, "first": OTHER_DECODER}
    files = jpeg_references() | others()
    page = hashed(engine, files, tmp_path, options)
    assert list(differing(page, files)) == ["four.jpg"]
    assert page["four.jpg"] == "unsupported-media"


def test_without_a_decoder_of_our_own_nothing_is_hashed(engine: str, tmp_path: Path) -> None:
    """In the first page a decoder that is not as it should be ends everything, whoever asks."""
    files = {"plain.jpg": jpeg_references()["plain-2.jpg"]} | others()
    page = hashed(engine, files, tmp_path, {"first": OTHER_DECODER}, is_unfit=True)
    assert set(map(str, page.values())) == {"changed-pixels"}


@pytest.mark.parametrize("change", FALSIFIED.values(), ids=FALSIFIED)
def test_a_canvas_that_lies_gives_no_hash(engine: str, change: str, vectors: Path, tmp_path: Path) -> None:
    """In the first page none at all; in the second those alone that need no canvas, and they are the program's."""
    options = {"first": PLANTED.format(change=change)}
    own = {"small.heic": heic(picture(200, 120), quality=60), "small.jpg": jpeg(picture(200, 120))}
    film = min((vectors / "video").glob("*.mp4"), key=lambda path: path.stat().st_size)
    by_canvas = others() | {film.name: film.read_bytes()}
    first = hashed(engine, own | by_canvas, tmp_path, options, is_unfit=True)
    assert set(map(str, first.values())) == {"changed-pixels"}
    second = hashed(engine, own | by_canvas, tmp_path, options | {"isSecond": True})
    assert differing(second, own) == {}
    assert {str(second[name]) for name in by_canvas} == {"changed-pixels"}
