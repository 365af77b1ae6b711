"""Measure how long the verbs that only show words take to start, beside loading typer alone.

`python benchmarks/start.py` runs each in a fresh process, in turn with `import typer`, and counts the time of the processor, which
other programs disturb less than that of the clock. Ratios are taken within each round, and the median of the rounds is shown.
`python benchmarks/start.py services "services --country England"` chooses the commands. The package is compiled first, as it
is where it was installed: the program itself writes no compiled code.
"""

import compileall
import os
import statistics
import subprocess
import sys
from pathlib import Path

COMMANDS = ("services", "services --country England", "services --country DE --language de --json")
ROUNDS = 41
PROGRAM = Path(sys.executable).with_name("hashclient")
PACKAGE = Path(__file__).resolve().parent.parent / "hashclient"
TYPER = [sys.executable, "-c", "import typer"]


def milliseconds(command: list[str]) -> float:
    """Run a command, and give how much time of the processor it took.

    Raises:
        SystemExit: it failed.
    """
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, process.returncode, used = os.wait4(process.pid, 0)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    return (used.ru_utime + used.ru_stime) * 1e3


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
