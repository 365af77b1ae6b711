"""Write the help of every verb into `docs/cli.md`, as the program prints it.

Run by `make docs`. The verbs are read from the help itself, so a new one appears without a change here. `--check`
writes nothing; its exit code says whether the page would change.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent / "cli.md"
BLOCKS = re.compile(r"(?<=<!-- help -->\n).*?(?=<!-- end of help -->)", re.DOTALL)
COMMANDS = re.compile(r"^Commands:\n(.*?)(?:\n\n|\Z)", re.DOTALL | re.MULTILINE)
COLUMNS = "80"


def help_of(verb: str) -> str:
    """Return what `hashclient VERB --help` prints, 80 characters wide; `verb` is empty for the program itself."""
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "hashclient", *verb.split(), "--help"],
        env=os.environ | {"COLUMNS": COLUMNS, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def help_by_verb(verb: str = "") -> dict[str, str]:
    """Return the help of a verb and of all verbs below it, in the order in which the program lists them."""
    text = help_of(verb)
    texts = {verb: text}
    if listed := COMMANDS.search(text):
        for name in re.findall(r"^  ([a-z]+)", listed[1], re.MULTILINE):
            texts |= help_by_verb(f"{verb} {name}".strip())
    return texts


def rewritten(page: str, texts: dict[str, str]) -> str:
    """Return the page with the help of every verb, as `help_by_verb` returns it."""
    blocks = [f"\n### `{f'hashclient {verb}'.strip()}`\n\n```text\n{text}```\n" for verb, text in texts.items()]
    return BLOCKS.sub(lambda _: "".join(blocks) + "\n", page)


def main() -> int:
    """Write the page, or only compare it."""
    before = PAGE.read_text()
    after = rewritten(before, help_by_verb())
    if "--check" in sys.argv:
        return int(after != before)
    PAGE.write_text(after)
    print("docs/cli.md was written" if after != before else "docs/cli.md is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
