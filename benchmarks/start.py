"""Measure how long the verbs that only show words take to start, beside loading typer alone.

`python benchmarks/start.py` runs each in a fresh process, in turn with `import typer`. Ratios are taken within each round, and
the median of the rounds is shown. `python benchmarks/start.py services "services --country England"` chooses the commands.
`guide` runs at a pseudo-terminal, up to its first question for a key and its end.
"""

import os
import pty
import statistics
import subprocess
import sys
import time

COMMANDS = ("guide", "services", "services --country England", "services --country DE --language de --json")
ROUNDS = 41
TYPER = [sys.executable, "-c", "import typer"]


def milliseconds(command: list[str]) -> float:
    """Run a command, and give how long it took from start to end."""
    start = time.perf_counter()
    if command[-1] == "guide":
        look_at_guide(command)
    else:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return (time.perf_counter() - start) * 1e3


def look_at_guide(command: list[str]) -> None:
    """Start the guide, and leave it by its letter as soon as it asks for a key."""
    ours, its = pty.openpty()
    with subprocess.Popen(command, stdin=its, stdout=subprocess.DEVNULL, stderr=its) as started:
        shown = b""
        while b"Enter to go on:" not in shown:
            shown += os.read(ours, 65536)
        os.write(ours, b"x\n")
        assert started.wait() == 0
    os.close(ours)
    os.close(its)


def main() -> None:
    """Print a line for each command."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # its children too
    print(f"{'median':>10}{'of typer':>10}")
    for words in sys.argv[1:] or COMMANDS:
        command = [sys.executable, "-m", "hashclient", *words.split()]
        milliseconds(TYPER), milliseconds(command)
        pairs = [(milliseconds(command), milliseconds(TYPER)) for _ in range(ROUNDS)]
        took, ratio = statistics.median(one for one, _ in pairs), statistics.median(one / typer for one, typer in pairs)
        print(f"{took:7.0f} ms{ratio:9.2f}x  hashclient {words}")


if __name__ == "__main__":
    main()
