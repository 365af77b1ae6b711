"""Run `hashclient demo` and draw its steps as `docs/demo.svg`, five frames that can be read at the width of README.

Run by `make docs`. The sentences are the demo's own, some of them shortened. Values that differ from run to run are
left out or, for the case number and the PIN, replaced by fixed ones, so the picture changes only when the demo does.
`--check` writes nothing; its exit code says whether the words would change.
"""

import base64
import io
import os
import re
import subprocess
import sys
import textwrap
from html import escape
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DRAWING = ROOT / "docs" / "demo.svg"
NUMBER, PIN = "DDEV-MKKM-Z3VZ", "6225 4917"
"""A case number and a PIN of one run; each run draws its own."""

WIDTH, EDGE, GAP, PAD = 830, 20, 16, 20
"""Pixels: width of the drawing, its margin, the space between frames, the space inside a frame."""
BODY, SMALL, TITLE, LEADING = 15, 13.5, 16.5, 21
"""Pixels: sizes of type, and from line to line."""
EM = 0.51
"""Width of an average letter, in parts of the size of type; wide enough for the usual fonts."""
PHOTO = (198, 132)
"""Pixels: size at which a picture is shown; it is stored at 5/3 of that, for sharp screens."""
CELL = 8
"""Pixels: size of one of the 256 bits of a fingerprint."""

STYLE = """
text { font-family: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, "DejaVu Sans", sans-serif; fill: #e8e6f3 }
.title { font-size: 16.5px; font-weight: 600; fill: #ffffff }
.body { font-size: 15px }
.quiet { font-size: 13.5px; fill: #b3b1cf }
.label { font-size: 13.5px; font-weight: 600; fill: #ffb48f }
.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 14px; fill: #d9d6ee }
.big { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 23px; font-weight: 600; fill: #ffffff }
.zero { font-size: 76px; font-weight: 600; fill: #8fdcbb }
"""


def said() -> dict[int, str]:
    """Run the demo; return what it says in each step, the title as its first line, and before the first step as 0.

    Raises:
        SystemExit: the demo failed.
    """
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {"LANGUAGE": "en"}
    command = [sys.executable, "-m", "hashclient", "demo"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  # our own program
    if done.returncode:
        raise SystemExit(f"the demo ended with {done.returncode}: {done.stderr}")
    return steps_of(done.stderr)


def steps_of(words: str) -> dict[int, str]:
    """Split what the demo says into its steps, by their numbered titles."""
    parts = re.split(r"^(\d)\. (.*)\n", words, flags=re.MULTILINE)
    return {0: parts[0].strip()} | {
        int(number): f"{number}. {title}\n{text.strip()}"
        for number, title, text in zip(*(parts[start::3] for start in (1, 2, 3)), strict=True)
    }


def find(pattern: str, text: str) -> str:
    """Return what the group of a pattern matches, line breaks as blanks.

    Raises:
        SystemExit: the demo no longer says this; the drawing has to follow it.
    """
    found = re.search(pattern, " ".join(text.split()))
    if not found:
        raise SystemExit(f"the demo no longer says {pattern!r}; docs/make_demo_picture.py has to follow")
    return found[1]


def title(text: str) -> str:
    """Return the title of a step, with its number."""
    return text.partition("\n")[0]


class Drawing:
    """An SVG in the making: shapes and words, each placed from the upper left corner."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def box(self, x: float, y: float, width: float, height: float, *, fill: str = "#262b47", radius: int = 12) -> None:
        """Draw a rounded rectangle."""
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}" fill="{fill}"/>'
        )

    def line(self, words: str, x: float, y: float, *, look: str = "body") -> None:
        """Write one line; `y` is its baseline."""
        self.parts.append(f'<text class="{look}" x="{x:g}" y="{y:g}">{escape(words, quote=False)}</text>')

    def paragraph(self, words: str, x: float, y: float, *, width: float, look: str = "body") -> float:
        """Write words in lines no wider than `width`; return the baseline that a next line would have."""
        size = SMALL if look == "quiet" else BODY
        for line in textwrap.wrap(words, int(width / (EM * size)), break_long_words=False, break_on_hyphens=False):
            self.line(line, x, y, look=look)
            y += LEADING
        return y

    def photo(self, name: str, x: float, y: float) -> None:
        """Show a picture of the demo, made small, with its corners rounded."""
        (path,) = (ROOT / "hashclient").rglob(f"{name}.jpg")
        with Image.open(path) as picture:  # noqa: TID251  # our own drawing
            small = picture.resize((PHOTO[0] * 5 // 3, PHOTO[1] * 5 // 3), Image.Resampling.LANCZOS)
        jpeg = io.BytesIO()
        small.save(jpeg, "JPEG", quality=74, optimize=True)
        data = base64.b64encode(jpeg.getvalue()).decode()
        self.parts.append(
            f'<clipPath id="{name}"><rect x="{x:g}" y="{y:g}" width="{PHOTO[0]}" height="{PHOTO[1]}" rx="6"/></clipPath>'
            f'<image x="{x:g}" y="{y:g}" width="{PHOTO[0]}" height="{PHOTO[1]}" clip-path="url(#{name})" '
            f'href="data:image/jpeg;base64,{data}"/>'
        )

    def bits(self, value: str, x: float, y: float, *, beside: str | None = None) -> None:
        """Draw a fingerprint as 16 x 16 cells; those that differ from `beside` stand out."""
        mine, other = int(value, 16), int(beside or value, 16)
        cells = {"#c9c4ee": "", "#474c74": "", "#ff8f6b": ""}
        for place in range(256):
            bit = 255 - place
            differs = (mine ^ other) >> bit & 1
            colour = "#ff8f6b" if differs else "#c9c4ee" if mine >> bit & 1 else "#474c74"
            cells[colour] += f"M{x + place % 16 * CELL:g} {y + place // 16 * CELL:g}h{CELL - 1}v{CELL - 1}h-{CELL - 1}z"
        self.parts += [f'<path d="{path}" fill="{colour}"/>' for colour, path in cells.items() if path]

    def arrow(self, x: float, y: float) -> None:
        """Draw a small arrow to the right."""
        self.parts.append(
            f'<path d="M{x:g} {y:g}h14m-6 -6l6 6l-6 6" fill="none" stroke="#b3b1cf" stroke-width="2" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def svg(self, height: float, *, description: str) -> str:
        """Return the whole drawing on a ground of its own, so that it stands on light pages and dark ones."""
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
            f'height="{height:g}" role="img" aria-labelledby="title">\n<title id="title">{escape(description)}</title>\n'
            f'<style>{STYLE}</style>\n<rect width="{WIDTH}" height="{height:g}" rx="16" fill="#171b30"/>\n{body}\n</svg>\n'
        )


def drawing(steps: dict[int, str]) -> str:
    """Draw what the demo said."""
    on = Drawing()
    full, half = WIDTH - 2 * EDGE, (WIDTH - 2 * EDGE - GAP) / 2
    right = EDGE + half + GAP
    on.line("$ hashclient demo", EDGE + 4, 36, look="code")
    on.line(steps[0], EDGE + 166, 36, look="quiet")
    y = _fingerprints(on, steps, EDGE, 56, full) + GAP
    on.box(EDGE, y, half, 270)
    on.box(right, y, half, 270)
    _what_leaves(on, steps[3], EDGE + PAD, y + 34, half - 2 * PAD)
    _credentials(on, steps[4], right + PAD, y + 34, half - 2 * PAD)
    y += 270 + GAP
    on.box(EDGE, y, half, 250)
    on.box(right, y, half, 250)
    _sent_and_followed(on, steps, EDGE + PAD, y + 34, half - 2 * PAD)
    _crossed(on, steps[7], right + PAD, y + 34, half - 2 * PAD)
    return on.svg(y + 250 + EDGE, description=_description(steps))


def _fingerprints(on: Drawing, steps: dict[int, str], x: float, y: float, width: float) -> float:
    """Draw steps 1 and 2, two pictures with their fingerprints; return where the frame ends."""
    on.box(x, y, width, 340)
    on.line(title(steps[1]), x + PAD, y + 34, look="title")
    on.line(find(r"(It runs .*\.)", steps[1]), x + PAD + 190, y + 34, look="quiet")
    on.line(title(steps[2]), x + PAD, y + 66, look="title")
    first, second = re.findall(r"pdq:([0-9a-f]{64})", steps[2])[:2]
    for name, value, left in (("picture-1", first, x + PAD), ("picture-1-altered", second, x + PAD + 392)):
        on.photo(name, left, y + 84)
        on.arrow(left + PHOTO[0] + 8, y + 84 + PHOTO[1] / 2)
        on.bits(value, left + PHOTO[0] + 30, y + 84, beside=first)
        on.line(f"pdq:{value[:36]}…", left, y + 240, look="code")
    on.line(find(r"(Picture 2 is .*? bits differ\.)", steps[2]), x + PAD, y + 274)
    on.line(find(r"bits differ\. (.*? as a match\.)", steps[2]), x + PAD, y + 274 + LEADING)
    on.line(find(r"(Each was opened .*?\.)", steps[2]), x + PAD, y + 276 + 2 * LEADING, look="quiet")
    return y + 340


def _what_leaves(on: Drawing, step: str, x: float, y: float, width: float) -> None:
    """Draw step 3: each kind of data that would leave, and what would not."""
    on.line(title(step), x, y, look="title")
    y += 32
    declarations = step.count("You declare:")
    for words in (
        find(r"- (\d+ fingerprints of type \w+)\.", step),
        find(r"- (\d+ pictures)\.", step),
        f"{find(r'- (You declare):', step)} {declarations} sentences",
        find(r"- (A case number .*?),", step),
        find(r", (a key made from number and PIN),", step),
    ):
        on.parts.append(f'<circle cx="{x + 4:g}" cy="{y - 5:g}" r="3" fill="#ffb48f"/>')
        on.line(words, x + 18, y)
        y += LEADING + 1
    y += 8
    on.line(find(r"(Not sent and not stored):", step), x, y, look="label")
    on.paragraph(find(r"Not sent and not stored: (.*?\.)", step), x, y + LEADING, width=width)


def _credentials(on: Drawing, step: str, x: float, y: float, width: float) -> None:
    """Draw step 4 as a slip of paper with the number and the PIN."""
    words = textwrap.wrap(title(step), int(width / (0.56 * TITLE)))
    for line in words:
        on.line(line, x, y, look="title")
        y += LEADING + 1
    on.box(x, y - 4, width, 84, fill="#171b30", radius=8)
    for label, value, below in (("Case number", NUMBER, 28), ("PIN", PIN, 62)):
        on.line(find(rf"({label})", step), x + 16, y + below, look="label")
        on.line(value, x + 118, y + below + 2, look="big")
    on.paragraph(find(r"(No one can recover .*\.)", step), x, y + 108, width=width)


def _sent_and_followed(on: Drawing, steps: dict[int, str], x: float, y: float, width: float) -> None:
    """Draw steps 5 and 6: the request is sent, asked about and taken back."""
    on.line(title(steps[5]), x, y, look="title")
    on.paragraph(find(r"(What is sent .*?the service can read it\.)", steps[5]), x, y + 26, width=width)
    on.line(find(r"(Receipt: .*? fingerprints),", steps[5]), x, y + 26 + 2 * LEADING, look="body")
    y += 112
    on.line(title(steps[6]), x, y, look="title")
    for label in ("Asked", "Taken back", "Asked again"):
        y += LEADING + 5
        on.line(find(rf"({label}):", steps[6]), x, y, look="label")
        on.line(find(rf"{label}: .*?(Fingerprints held: \d+)\.", steps[6]), x + 100, y)


def _crossed(on: Drawing, step: str, x: float, y: float, width: float) -> None:
    """Draw step 7: how much of the pictures was found among the bytes that crossed."""
    on.line(title(step), x, y, look="title")
    on.line(find(r"three files\. Found: (\d+)\.", step), x + 4, y + 92, look="zero")
    on.paragraph(find(r"(These bytes, .*? three files\.)", step), x + 76, y + 42, width=width - 76)
    on.paragraph(find(r"(With one run .*?\.)", step), x, y + 150, width=width, look="quiet")


def _description(steps: dict[int, str]) -> str:
    return f"What hashclient demo shows. {'. '.join(title(steps[number]) for number in sorted(steps) if number)}."


def words_of(svg: str) -> list[str]:
    """Return the words of a drawing, in the order in which they stand in it."""
    return re.findall(r"<text [^>]*>(.*?)</text>", svg)


def main() -> int:
    """Write the drawing, or only compare its words."""
    drawn = drawing(said())
    if "--check" in sys.argv:
        return int(words_of(drawn) != words_of(DRAWING.read_text()))
    DRAWING.write_text(drawn)
    print(f"docs/demo.svg was written: {len(drawn):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
