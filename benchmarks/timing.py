"""Time one way of doing something, in a process of its own on one core; what the children of `bench.py` share."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
STATUS = Path("/proc/self/status")


def most_megabytes() -> float:
    """Give the most memory that this process ever held, interpreter and libraries included."""
    if STATUS.exists():  # what the other figure says may be of the process that started this one
        (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def measure(handle_one: Callable[[Item], object], items: Iterable[Item], *, repeats: int) -> dict[str, float]:
    """Handle all items, once to warm up and then some times; the fastest counts, because others were disturbed.

    Args:
        handle_one: what is measured.
        items: what it is given, once a repeat.
        repeats: how often.

    Returns:
        Milliseconds an item, the most megabytes, and how much of that came after the libraries were there.
    """
    held, seconds = list(items), []
    before = most_megabytes()
    for _ in range(repeats + 1):
        start = time.perf_counter()
        for item in held:
            handle_one(item)
        seconds.append(time.perf_counter() - start)
    most = most_megabytes()
    return {"milliseconds": min(seconds[1:]) / len(held) * 1e3, "megabytes": most, "added": most - before}


def run(
    ways: dict[str, Callable[[], Callable[[Item], object]]], read: Callable[[Path], Item], arguments: list[str]
) -> None:
    """Be a child: measure the way that the arguments name, and print one line of JSON.

    Args:
        ways: by name, each made on use, so that only what it needs is imported.
        read: gives the item that lies under a path.
        arguments: name of the way, repeats, paths.
    """
    name, repeats, *paths = arguments
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps(measure(ways[name](), map(read, map(Path, paths)), repeats=int(repeats))))
