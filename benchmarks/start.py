"""Measure how long verbs take to start, beside importing typer and beside the smallest program written with it.

    python benchmarks/start.py notice

Each is started as a process of its own, in turns, so that all see the same machine; the least of the runs counts. The
verbs are started without a terminal, so they end at their first question, or with what they print.
"""

import compileall
import subprocess
import sys
import time
from pathlib import Path

RUNS = 15
SMALLEST = "import typer; app = typer.Typer()\n@app.command()\ndef main(one: bool = False): pass\napp()"
"""One option is enough: typer then loads pydantic to read it."""


def seconds(*arguments: str) -> float:
    """Give the time of one run."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return time.perf_counter() - started


def main() -> None:
    """Print milliseconds and ratios, one line a verb."""
    compileall.compile_dir(Path(__file__).resolve().parent.parent / "hashclient", quiet=1)  # as in an installed package
    runs: dict[str, tuple[str, ...]] = {"import typer": ("-c", "import typer"), "smallest program": ("-c", SMALLEST)}
    runs |= {f"hashclient {verb}": ("-m", "hashclient", *verb.split()) for verb in sys.argv[1:] or ["notice", "--help"]}
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(RUNS):
        least = {name: min(least[name], seconds(*arguments)) for name, arguments in runs.items()}
    typer, smallest = least["import typer"], least["smallest program"]
    for name, took in least.items():
        print(
            f"{name:28} {took * 1e3:6.0f} ms   {took / typer:5.2f} x typer   {took / smallest:5.2f} x smallest program"
        )


if __name__ == "__main__":
    main()
