"""Write the blocks of README.md that the program itself can say: what `--help` prints.

Run by `make docs`. A block stands between `<!-- help: VERB -->` and `<!-- end -->`; `--check` writes
nothing and tells whether a block differs.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"(<!-- help:(?P<verb>[a-z ]*)-->\n\n```text\n)(?P<text>.*?)(```\n\n<!-- end -->)", re.DOTALL)
COLUMNS = "80"


def help_of(verb: str) -> str:
    """Give what `hashclient VERB --help` prints, 80 characters wide."""
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "hashclient", *verb.split(), "--help"],
        env=os.environ | {"COLUMNS": COLUMNS},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def rewritten(readme: str) -> str:
    """Give the text of README with every block as the program says it now."""
    verbs = [found["verb"].strip() for found in BLOCK.finditer(readme)]
    with ThreadPoolExecutor(4) as runs:
        texts = dict(zip(verbs, runs.map(help_of, verbs), strict=True))
    return BLOCK.sub(lambda found: found[1] + texts[found["verb"].strip()] + found[4], readme)


def main() -> int:
    """Write README, or only compare it."""
    before = README.read_text()
    after = rewritten(before)
    if "--check" not in sys.argv:
        README.write_text(after)
        print("README.md was written" if after != before else "README.md is as it should be")
        return 0
    return int(after != before)


if __name__ == "__main__":
    sys.exit(main())
