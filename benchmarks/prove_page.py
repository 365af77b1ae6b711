"""Prove on the wire that the page gives no picture away: `make prove-page`, as root on Linux.

All of it happens in a network namespace of its own, in which every packet is captured: on loopback, and on an interface to which
the default route leads, so that whatever a browser sends into the world is seen, look-ups of names among it. Then

1. code is planted in the room that hashes (`web/tests/browser/leaks.mjs`): with the policies no way may reach a socket, without them
   ten must, or the test shows nothing;
2. the whole way is gone in Chromium, from two pictures to taking back (`web/tests/browser/round.mjs`), against an endpoint in the same
   namespace: each packet belongs to a connection with that endpoint, and 32 bytes of a picture in a row, as file or as pixels,
   stand in none, nor in a request whose seal was opened with the endpoint's keys. That the search finds what is there is shown with a
   picture that is sent on purpose. Chromium looks up names of its maker whatever it shows, and one more wherever a page that was
   served has a field for text (it asks what the field is for, and no attribute stops it); so it is started with a page of one
   empty field too, and what it asks for then is told apart. Its check of passwords is not among that: it may not be asked.

`python benchmarks/prove_page.py round` leaves the first part out, which is a test of its own (`tests/page/test_room.py`). The table is
printed; the exit code is 0 where all of it holds, 1 where not, and 2 where it cannot be tried here.
"""

import contextlib
import json
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from hashclient.endpoint.keys import load_keys
from hashclient.errors import HashclientError
from hashclient.sealing import open_sealed

WEB = Path(__file__).resolve().parent.parent / "web"
BROWSERS = {"chromium": Path("/usr/bin/chromium"), "firefox": Path("/usr/bin/firefox-esr")}
WINDOW = 32
LEAST_WAYS, LEAST_OPEN = 17, 10
EVERY_PROTOCOL = 0x0003
OUTGOING = 4
DNS_PORT = 53
ONE_FIELD = """
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";
const page = '<!doctype html><html lang="en"><title>Notes</title><input type="text" autocomplete="off" aria-label="x">';
const server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(page)).listen(0, "127.0.0.1");
await new Promise((done) => server.on("listening", done));
const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], pipe: true });
await (await browser.newPage()).goto(`http://127.0.0.1:${server.address().port}/`);
await new Promise((done) => setTimeout(done, 8000));
await browser.close();
server.close();
"""
WORLD = (
    "ip link set lo up",
    "ip link add world type veth peer name beyond",
    "ip addr add 192.0.2.2/24 dev world",
    "ip link set dev world addrgenmode none",  # else the system asks for routers of IPv6
    "ip link set dev beyond addrgenmode none",
    "ip link set world up",
    "ip link set beyond up",
    "ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev world",
    "ip route add default via 192.0.2.1",
)


def name_in(question: bytes) -> str:
    """Read the name that is looked up (RFC 1035, 4.1)."""
    labels, at = [], 12
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode("ascii", "backslashreplace"))
        at += 1 + length
    return ".".join(labels)


@dataclass
class Wire:
    """What was captured: packets of IP by where they go, and the bytes of each TCP stream."""

    packets: defaultdict[tuple[str, str, int, str, int], int] = field(default_factory=lambda: defaultdict(int))
    """By protocol, source, port, target, port; of a question for a name only that it is one."""
    names: set[str] = field(default_factory=set)
    """Names that were looked up."""
    streams: defaultdict[tuple[str, int, str, int], dict[int, bytes]] = field(default_factory=lambda: defaultdict(dict))
    """By source, port, target, port: payload by sequence number."""

    def take(self, frame: bytes) -> None:
        """Take a frame of Ethernet; what is not IP, such as the looking for neighbours, names no place."""
        (kind,) = struct.unpack("!H", frame[12:14])
        if kind == 0x0800:
            length = (frame[14] & 15) * 4
            protocol, source, target = frame[23], socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34])
            rest = frame[14 + length : 14 + struct.unpack("!H", frame[16:18])[0] or None]
        elif kind == 0x86DD:
            protocol = frame[20]
            source, target = (socket.inet_ntop(socket.AF_INET6, frame[at : at + 16]) for at in (22, 38))
            rest = frame[54:]
        else:
            return
        name = {6: "TCP", 17: "UDP"}.get(protocol, str(protocol))
        ports = struct.unpack("!HH", rest[:4]) if name in {"TCP", "UDP"} else (0, 0)
        if name == "UDP" and ports[1] == DNS_PORT:
            self.names.add(name_in(rest[8:]))
            return
        self.packets[name, source, ports[0], target, ports[1]] += 1
        if name == "TCP":
            (number,) = struct.unpack("!I", rest[4:8])
            if payload := rest[(rest[12] >> 4) * 4 :]:
                self.streams[source, ports[0], target, ports[1]][number] = payload

    def bytes_of(self) -> list[bytes]:
        """Give the bytes of each stream, in their order."""
        return [b"".join(part for _, part in sorted(parts.items())) for parts in self.streams.values()]


@contextlib.contextmanager
def captured() -> Iterator[Wire]:
    """Capture all that is sent in this namespace."""
    wire, is_over = Wire(), threading.Event()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_PROTOCOL)) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 26)
        raw.settimeout(0.2)

        def listen() -> None:
            while not is_over.is_set():
                with contextlib.suppress(TimeoutError):
                    frame, (_, _, direction, *_) = raw.recvfrom(1 << 17)
                    if direction == OUTGOING:
                        wire.take(frame)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield wire
        finally:
            time.sleep(0.5)
            is_over.set()
            thread.join()


def windows_of(some: bytes) -> set[bytes]:
    """Cut bytes into windows side by side: 63 bytes in a row, wherever they begin, hold one whole."""
    windows = {some[at : at + WINDOW] for at in range(0, len(some) - WINDOW + 1, WINDOW)}
    return {window for window in windows if len(set(window)) > 4}  # even areas stand in anything


def found_in(streams: list[bytes], windows: set[bytes]) -> int:
    """Count the windows that stand anywhere in some streams."""
    return len({some[at : at + WINDOW] for some in streams for at in range(len(some) - WINDOW + 1)} & windows)


def pictures_in(folder: Path) -> tuple[list[Path], set[bytes]]:
    """Write two pictures, and cut their files, and the pixels of the one that loses none, into windows."""
    paths, windows = [folder / "1.jpg", folder / "2.png"], set[bytes]()
    for seed, path in enumerate(paths):
        small = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
        image = Image.fromarray(small).resize((800, 600), Image.Resampling.BICUBIC)
        image.save(path, quality=90)
        windows |= windows_of(path.read_bytes())
    rgba = Image.merge("RGBA", (*image.split(), Image.new("L", image.size, 255)))
    for pixels in (image, rgba, image.convert("L")):
        windows |= windows_of(pixels.tobytes())
    return paths, windows


@dataclass
class Table:
    """What was found, beside what has to be."""

    rows: list[tuple[str, int, str, bool]] = field(default_factory=list)

    def add(self, what: str, figure: int, *, least: int = 0, most: int | None = None) -> None:
        """Add a figure that lies within two others."""
        demanded = f">= {least}" if most is None else str(most)
        self.rows.append((what, figure, demanded, least <= figure and (most is None or figure <= most)))

    def show(self) -> bool:
        """Print it; whether all of it is as it has to be."""
        width = max(len(row[0]) for row in self.rows)
        for what, figure, demanded, is_right in self.rows:
            print(f"{what:{width}}  {figure:7}  {demanded:>7}  {'' if is_right else 'NOT SO'}".rstrip())
        return all(row[3] for row in self.rows)


def planted(engine: str, form: str, folder: Path) -> tuple[int, int]:
    """Plant code in the room: how many ways were tried, and how many reached a socket."""
    out = folder / f"{engine}-{form}.json"
    subprocess.run(["node", "tests/browser/leaks.mjs", engine, form, out], cwd=WEB, check=True, timeout=200)
    told = json.loads(out.read_text())
    return len(told["ways"]), len(told["reached"])


@contextlib.contextmanager
def service(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve the page with an endpoint: its address, and its file of keys."""
    folder.chmod(0o700)
    keys = folder / "endpoint.keys"
    command = [sys.executable, "-m", "hashclient", "endpoint"]
    subprocess.run([*command, "key", "--keys", keys], check=True, capture_output=True)
    serving = [*command, "serve", "--database", str(folder / "cases.db"), "--keys", str(keys), "--page"]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            yield next(filter(None, (re.search(r"http://\S+", line) for line in process.stdout)))[0], keys
        finally:
            process.terminate()


def opened(streams: list[bytes], keys: Path, origin: str) -> list[bytes]:
    """Open the requests that were sealed for the endpoint."""
    plain = []
    for stream in streams:
        for head in re.finditer(
            rb"POST \S+ HTTP/1\.1\r\n.*?\r\ncontent-length: (\d+)\r\n.*?\r\n\r\n", stream, re.DOTALL | re.IGNORECASE
        ):
            body = stream[head.end() : head.end() + int(head[1])]
            for held in load_keys(keys).held:
                with contextlib.suppress(HashclientError):
                    plain.append(open_sealed(body, key=held.private, origin=origin).untrusted_body)
    return plain


def inside(*, plants: bool) -> int:
    """Do all of it, in the namespace; `plants`: the first part too."""
    for line in WORLD:
        subprocess.run(line.split(), check=True)
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for engine, binary in BROWSERS.items():
            if plants and binary.exists():
                tried, reached = planted(engine, "closed", folder)
                table.add(f"{engine}: ways tried from the room", tried, least=LEAST_WAYS)
                table.add(f"{engine}: those that reached a socket", reached, most=0)
                table.add(
                    f"{engine}: those that did without the policies",
                    planted(engine, "open", folder)[1],
                    least=LEAST_OPEN,
                )
        paths, windows = pictures_in(folder)
        (folder / "endpoint").mkdir()
        with service(folder / "endpoint") as (address, keys):
            origin = address.rstrip("/")
            place = ("127.0.0.1", int(origin.rpartition(":")[2]))
            with captured() as wire:
                command = [
                    "node",
                    "tests/browser/round.mjs",
                    "chromium",
                    address,
                    str(folder / "shots"),
                    "en",
                    *map(str, paths),
                ]
                subprocess.run(command, cwd=WEB, check=True, timeout=280, stdout=subprocess.DEVNULL)
            with captured() as control, socket.create_connection(place) as connection:
                connection.sendall(paths[0].read_bytes())
            with captured() as plain_page:
                subprocess.run(["node", "--input-type=module", "-e", ONE_FIELD], cwd=WEB, check=True, timeout=100)
            sent = wire.bytes_of()
            plain = opened(sent, keys, origin)
    away = {
        each: count for each, count in wire.packets.items() if each[0] != "TCP" or place not in {each[1:3], each[3:5]}
    }
    table.add(
        "the whole way: packets between browser and service", sum(wire.packets.values()) - sum(away.values()), least=50
    )
    table.add("packets to anywhere else", sum(away.values()), most=0)
    table.add("names looked up that no page of one empty field looks up", len(wire.names - plain_page.names), most=0)
    table.add("requests that were opened with the service's keys", len(plain), least=3, most=3)
    table.add(f"pieces of pictures in all packets, of {len(windows)}", found_in(sent, windows), most=0)
    table.add("the same in what was opened", found_in(plain, windows), most=0)
    table.add("the same where a picture is sent on purpose", found_in(control.bytes_of(), windows), least=1000)
    is_right = table.show()
    for packet, count in away.items():
        print(f"  {count} packets: {packet}")
    for looked_up in sorted(wire.names):
        print(
            f"  looked up{', with a page of one empty field too' if looked_up in plain_page.names else ''}: {looked_up}"
        )
    return 0 if is_right else 1


def why_not() -> str | None:
    """Say what is missing here."""
    missing = [tool for tool in ("unshare", "ip", "node") if shutil.which(tool) is None]
    if missing or not BROWSERS["chromium"].exists() or not (WEB / "node_modules" / "puppeteer-core").is_dir():
        return "unshare, ip, node, Chromium or web/node_modules is not there"
    tried = subprocess.run(["unshare", "--net", "sh", "-ec", "\n".join(WORLD)], capture_output=True, check=False)
    return None if tried.returncode == 0 else "a network namespace needs root on Linux"


if __name__ == "__main__":
    if sys.argv[-1] == "inside":
        sys.exit(inside(plants="round" not in sys.argv))
    if why := why_not():
        print(f"This cannot be proved here: {why}.")
        sys.exit(2)
    sys.exit(subprocess.run(["unshare", "--net", sys.executable, *sys.orig_argv[1:], "inside"], check=False).returncode)
