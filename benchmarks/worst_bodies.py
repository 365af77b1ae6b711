"""Send the worst bodies of 4 MiB to a real endpoint, sealed, and print what each costs it.

    python benchmarks/worst_bodies.py [WORD ...]     only shapes whose names hold one of the words

For each shape, at an endpoint that has just started: seconds of CPU and growth of the resident memory from before the request to its peak; then, while the same
is sent three times at once, the longest time that somebody else's sealed submission of one picture takes.
"""

import http.client
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hashclient.model import EndpointProfile
from hashclient.model.wire import WireBody, decode, encode
from hashclient.sealing import choose_key, head_for, new_reply_key, seal
from hashclient.vocabulary import Purpose
from kit.endpoint import PATHS, PROFILE_PATH, SEALED, Server, served, submission_of
from kit.worst_bodies import SHAPES, largest_submission

MIB = 1024 * 1024
AT_ONCE = 3
ALLOWED: dict[str, Callable[[], bytes]] = {
    "the largest submission": largest_submission,
    "a submission of one picture": lambda: encode(submission_of()),
}


def asked(server: Server, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Send one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        connection.request("POST" if body else "GET", path, body, {"content-type": SEALED})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def sealed(profile: EndpointProfile, body: bytes, *, floor: int = 4096) -> bytes:
    """Seal a body to the profile's key."""
    key = choose_key(profile.keys, today="2020-01-01")
    head = head_for(Purpose.SUBMISSION, new_reply_key())
    return seal(WireBody(body), head=head, key=key, origin=profile.origin, floor=floor)


class Memory:
    """The resident memory of a process; the kernel keeps its peak."""

    def __init__(self, pid: int) -> None:
        self._proc = Path("/proc") / str(pid)

    def forget_peak(self) -> None:
        (self._proc / "clear_refs").write_text("5")

    def peak(self) -> float:
        lines = (self._proc / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measured(server: Server, profile: EndpointProfile, make: Callable[[], bytes]) -> tuple[int, float, float, float]:
    """Return status, seconds of CPU, MiB, and the longest seconds of somebody else."""
    process, memory = psutil.Process(server.process.pid), Memory(server.process.pid)
    body = make()
    time.sleep(0.3)  # what came before is done
    memory.forget_peak()
    used, resident = process.cpu_times(), process.memory_info().rss / MIB
    status, _ = asked(server, PATHS[Purpose.SUBMISSION], sealed(profile, body, floor=4 * MIB))
    now = process.cpu_times()
    cpu = now.user + now.system - used.user - used.system
    grown = memory.peak() - resident
    bodies = [sealed(profile, make(), floor=4 * MIB) for _ in range(AT_ONCE)]
    threads = [threading.Thread(target=asked, args=(server, PATHS[Purpose.SUBMISSION], wire)) for wire in bodies]
    for thread in threads:
        thread.start()
    longest = 0.0
    while True:
        start = time.monotonic()
        other, _ = asked(server, PATHS[Purpose.SUBMISSION], sealed(profile, encode(submission_of())))
        longest = max(longest, time.monotonic() - start)
        assert other == 201
        if not any(thread.is_alive() for thread in threads):
            return status, cpu, grown, longest
        time.sleep(0.02)


def main() -> None:
    words = sys.argv[1:]
    shapes: dict[str, Callable[[], bytes]] = {
        name: make for name, make in (SHAPES | ALLOWED).items() if not words or any(word in name for word in words)
    }
    print(f"{'shape':44}{'status':>7}{'CPU s':>8}{'MiB':>8}{'others s':>10}")
    worst = [0.0, 0.0, 0.0]
    for name, make in shapes.items():
        with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
            profile = decode(EndpointProfile, asked(server, PROFILE_PATH)[1])
            asked(server, PATHS[Purpose.SUBMISSION], sealed(profile, encode(submission_of())))
            status, *found = measured(server, profile, make)
        worst = [max(pair) for pair in zip(worst, found, strict=True)]
        print(f"{name:44}{status:>7}{found[0]:>8.2f}{found[1]:>8.1f}{found[2]:>10.2f}", flush=True)
    print(f"{f'the worst of {len(shapes)}':44}{'':>7}{worst[0]:>8.2f}{worst[1]:>8.1f}{worst[2]:>10.2f}")


if __name__ == "__main__":
    main()
