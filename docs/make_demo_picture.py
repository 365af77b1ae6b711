"""Run `hashclient demo` in a terminal of our own, and draw what it shows as `docs/demo.svg`.

Run by `make docs`. Numbers differ from run to run (case number, port, digests), the words do not:
`tests/test_docs.py` compares those.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from html import escape
from pathlib import Path

PICTURE = Path(__file__).parent / "demo.svg"
COLUMNS, ROWS = 96, 48
"""Size of the terminal, in characters."""
LINE, CHARACTER, MARGIN, BAR = 18, 8.1, 24, 36
"""Pixels: height of a line, width of a character, margin, height of the window's bar."""
BOLD = re.compile(r"(\x1b\[1m.*?\x1b\[0m)")
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
DIGITS = re.compile(r"[0-9a-f]{32,}|\*{14,}")


def shown() -> list[str]:
    """Run the demo in a pseudo-terminal; give the lines it leaves on the screen, bold marks kept.

    Raises:
        SystemExit: the demo failed.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", ROWS, COLUMNS, 0, 0))
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {"TERM": "xterm"}
    command = [sys.executable, "-m", "hashclient", "demo"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ) as process:  # noqa: S603  # our own program
        os.close(theirs)
        output = b""
        while piece := _read(ours):
            output += piece
    os.close(ours)
    if process.returncode:
        raise SystemExit(f"the demo ended with {process.returncode}")
    lines = output.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    return [part for line in lines for part in _folded(line.rpartition("\r")[2].replace("\x1b[K", ""))]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end was closed
        return b""


def _folded(line: str) -> list[str]:
    """Break a line where the terminal does; lines with escapes are short enough."""
    if len(ESCAPES.sub("", line)) <= COLUMNS:
        return [line]
    return [line[start : start + COLUMNS] for start in range(0, len(line), COLUMNS)]


def _drawn(line: str, *, baseline: float) -> str:
    """Draw one line: bold parts bright, long numbers quiet."""
    parts, column = [], 0
    for piece in BOLD.split(line):
        text = ESCAPES.sub("", piece)
        if BOLD.fullmatch(piece):
            parts.append((column, text, "bright"))
        else:
            start = 0
            for found in DIGITS.finditer(text):
                parts.append((column + start, text[start : found.start()], "plain"))
                parts.append((column + found.start(), found.group(), "quiet"))
                start = found.end()
            parts.append((column + start, text[start:], "plain"))
        column += len(text)
    return "".join(
        _text(text, look=look, column=place, baseline=baseline) for place, text, look in parts if text.strip()
    )


def _text(text: str, *, look: str, column: int, baseline: float) -> str:
    """Place one piece of text in the grid; blanks are kept by not leaving them to the reader of the picture."""
    bare = text.strip()
    column += len(text) - len(text.lstrip())
    return (
        f'<text class="{look}" x="{MARGIN + column * CHARACTER:.1f}" y="{baseline:.0f}" '
        f'textLength="{len(bare) * CHARACTER:.1f}">{escape(bare).replace(" ", chr(0xA0))}</text>'
    )


def drawing(lines: list[str]) -> str:
    """Draw a window with the lines in it, as SVG."""
    width = 2 * MARGIN + COLUMNS * CHARACTER
    height = BAR + LINE * len(lines) + 2 * MARGIN
    body = "\n".join(
        _drawn(line, baseline=BAR + MARGIN + LINE * (row + 0.75)) for row, line in enumerate(lines) if line
    )
    lights = "".join(
        f'<circle cx="{MARGIN + 20 * place}" cy="{BAR / 2:.0f}" r="6" fill="{colour}"/>'
        for place, colour in enumerate(("#ff6b66", "#ffbd4a", "#3fca58"))
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img" aria-labelledby="title">
<title id="title">What hashclient demo shows: fingerprints are made, shown, sealed, sent, followed and taken back, and nothing of the pictures crossed.</title>
<style>text {{ font: 13.4px "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre }} .plain {{ fill: #cdd6e4 }} .bright {{ fill: #ffffff; font-weight: bold }} .quiet {{ fill: #7fb2c9 }}</style>
<rect width="100%" height="100%" rx="10" fill="#141a26"/>
<path d="M0 {BAR} V10 a10 10 0 0 1 10 -10 H{width - 10:.0f} a10 10 0 0 1 10 10 V{BAR} z" fill="#222b3c"/>
{lights}
<text class="plain" x="{width / 2:.0f}" y="{BAR / 2 + 5:.0f}" text-anchor="middle">hashclient demo</text>
{body}
</svg>
"""


if __name__ == "__main__":
    PICTURE.write_text(drawing(shown()))
    print("docs/demo.svg was written")
