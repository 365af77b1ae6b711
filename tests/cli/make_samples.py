"""Draw the small pictures and the video with which `hashclient doctor` tries every format: `PYTHONPATH=tests python tests/cli/make_samples.py`."""

from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw

from kit.videos import video

FOLDER = Path(__file__).resolve().parents[2] / "hashclient" / "cli" / "samples"
ENDINGS = ("jpeg", "png", "webp", "gif", "bmp", "heic", "avif")
SIDE = 64


def draw() -> Image.Image:
    """Draw a disc and a bar on a slope of grey: enough detail for every format, small in each."""
    picture = Image.linear_gradient("L").resize((SIDE, SIDE)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((8, 10, 36, 38), fill=(230, 200, 90))
    pen.rectangle((30, 44, 60, 54), fill=(40, 90, 160))
    return picture


def main() -> None:
    """Write one file for each format."""
    pillow_heif.register_heif_opener()
    FOLDER.mkdir(exist_ok=True)
    picture = draw()
    (FOLDER / "sample.mp4").write_bytes(video(size=(128, 96), frames=2))
    for ending in ENDINGS:
        (picture.quantize(16) if ending in {"bmp", "gif"} else picture).save(FOLDER / f"sample.{ending}")


if __name__ == "__main__":
    main()
