"""Measure how long the verbs that only show words take to start, beside loading typer alone.

`python benchmarks/start.py` runs each in a fresh process, in turn with `import typer`, and counts the time of the processor, which
other programs disturb less than that of the clock. Ratios are taken within each round, and the median of the rounds is shown.
`python benchmarks/start.py services "services --country England"` chooses the commands. The package is compiled first, as it
is where it was installed: the program itself writes no compiled code. `guide` runs at a pseudo-terminal, up to the first time that
it waits for a key.
"""

import compileall
import contextlib
import os
import pty
import statistics
import subprocess
import sys
from pathlib import Path

COMMANDS = (
    "guide",
    "services",
    "services --country England",
    "services --country DE --language de --json",
    "notice --list",
    "--help",
)
ROUNDS = 41
PROGRAM = Path(sys.executable).with_name("hashclient")
PACKAGE = Path(__file__).resolve().parent.parent / "hashclient"
TYPER = [sys.executable, "-c", "import typer"]


def milliseconds(command: list[str]) -> float:
    """Run a command, and give how much time of the processor it took.

    Raises:
        SystemExit: it failed.
    """
    ours, its = pty.openpty()
    talks = command[-1] == "guide"
    streams = its if talks else subprocess.DEVNULL
    with subprocess.Popen(command, stdin=streams, stdout=subprocess.DEVNULL, stderr=streams) as process:
        os.close(its)
        if talks:
            leave(ours)
        _, process.returncode, used = os.wait4(process.pid, 0)
    os.close(ours)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    return (used.ru_utime + used.ru_stime) * 1e3


def leave(terminal: int) -> None:
    """Type the letter that leaves the guide, as soon as it waits for a key; if it ends before, there is nothing to leave."""
    shown = b""
    with contextlib.suppress(OSError):
        while b"Press Enter" not in shown:
            shown += os.read(terminal, 65536)
        os.write(terminal, b"x\n")


def main() -> None:
    """Print a line for each command."""
    compileall.compile_dir(PACKAGE, quiet=1)
    print(f"{'median':>10}{'of typer':>10}")
    for words in sys.argv[1:] or COMMANDS:
        command = [str(PROGRAM), *words.split()]
        milliseconds(TYPER), milliseconds(command)
        pairs = [(milliseconds(command), milliseconds(TYPER)) for _ in range(ROUNDS)]
        took, ratio = statistics.median(one for one, _ in pairs), statistics.median(one / typer for one, typer in pairs)
        print(f"{took:7.0f} ms{ratio:9.2f}x  hashclient {words}")


if __name__ == "__main__":
    main()
