"""Draw the example pictures: `python examples/make_pictures.py [FOLDER]`.

Everything is drawn from numbers: no photograph, no person. The script also makes the three small pictures of
`hashclient demo`. One picture is there twice, the second time as somebody might post it again: cropped, with a line of
words over it, and compressed harder.
"""

import importlib
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
SCENES = {
    "boat-at-sea": "scenes.sea",
    "fruit-and-bowl": "scenes.still_life",
    "lake-at-dusk": "scenes.lake",
    "street-at-night": "scenes.street",
}
REPOSTED = "lake-at-dusk"
"""The picture that is there a second time, altered."""
DEMO = {"picture-1": "lake-at-dusk", "picture-2": "street-at-night", "picture-1-altered": "lake-at-dusk-altered"}
"""Pictures in the package, and the larger ones they are made from."""
DEMO_WIDTH = 800


def draw(name: str) -> Image.Image:
    """Draw one scene, 1200 x 800 pixels, the same on every machine except for rounding."""
    picture: Image.Image = importlib.import_module(SCENES[name]).render()
    return picture


def reposted(picture: Image.Image) -> Image.Image:
    """Alter a picture as a re-post does: crop 1 % off each side and put a bar of words over its foot."""
    wide, tall = picture.size
    cut = picture.crop((wide // 100, tall // 100, wide - wide // 100, tall - tall // 100))
    bar = round(cut.height * 0.055)
    pen = ImageDraw.Draw(cut)
    pen.rectangle((0, cut.height - bar, cut.width, cut.height), fill=(245, 245, 245))
    pen.text(
        (cut.width / 2, cut.height - bar / 2),
        "look what I found",
        fill=(20, 20, 20),
        font=ImageFont.load_default(bar * 0.66),
        anchor="mm",
    )
    return cut


def main() -> None:
    """Write all pictures into the named folder, or to where they belong."""
    named = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    large = named or HERE / "pictures"
    small = named or HERE.parent / "hashclient" / "cli" / "demo_pictures"
    for folder in (large, small):
        folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as workers:
        pictures = dict(zip(SCENES, workers.map(draw, SCENES), strict=True))
    for name, picture in pictures.items():
        picture.save(large / f"{name}.jpg", quality=86, optimize=True)
    copy = pictures[f"{REPOSTED}-altered"] = reposted(pictures[REPOSTED])
    copy.save(large / f"{REPOSTED}-altered.jpg", quality=55)
    for name, source in DEMO.items():
        picture = pictures[source].copy()
        picture.thumbnail((DEMO_WIDTH, DEMO_WIDTH), Image.Resampling.LANCZOS)
        picture.save(small / f"{name}.jpg", quality=55 if "altered" in name else 82, optimize=True)


if __name__ == "__main__":
    main()
