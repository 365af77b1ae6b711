"""Keep one exchange within its limits on time and bytes, whatever the peer does.

httpx applies time-outs to each read and write, so a peer that sends a byte now and then would never time
out. Here every operation on the socket gets only what is left of the exchange's time, and a reply
ends after a number of bytes, its head included. The time for connecting covers the look-up of the name and all its
addresses together, so that a name with twenty dead ones costs no more than one.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import httpcore

from hashclient.transport.address import is_loopback_ip

_PIECE: Final = 16 * 1024
"""Bytes written at once; one TLS record."""


@dataclass(frozen=True)
class ExchangeLimits:
    """Ceilings of one exchange."""

    connect_seconds: float = 10
    """Time for the look-up of the name and connecting to one of its addresses, and again for TLS."""
    read_seconds: float = 30
    """Longest silence."""
    write_seconds: float = 10
    """Time in which 16 KiB must leave."""
    reply_seconds: float = 10
    """Time from the first byte of a reply to its last."""
    reply_bytes: int = 64 * 1024
    """Bytes of a reply, head and body together."""


class Meter:
    """The time and the bytes left of the current exchange."""

    def __init__(self, limits: ExchangeLimits) -> None:
        self._limits = limits
        self.start(0)

    def start(self, seconds: float) -> None:
        """Begin an exchange that may take this many seconds."""
        self._end = time.monotonic() + seconds
        self._bytes = self._limits.reply_bytes
        self._begun = False

    def left(self, timeout: float | None, error: type[Exception]) -> float:
        """Return the seconds one operation may take, or raise the error if the time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise error("the time of the exchange is over")
        return left if timeout is None else min(left, timeout)

    def room(self, most: int) -> int:
        """Return how many bytes one read may bring.

        Raises:
            httpcore.ReadError: the reply is too long.
        """
        if self._bytes <= 0:
            raise httpcore.ReadError("the reply is too long")
        return min(most, self._bytes)

    def arrived(self, count: int) -> None:
        """Count bytes of a reply; the first of them start its clock."""
        self._bytes -= count
        if not self._begun:
            self._begun = True
            self._end = min(self._end, time.monotonic() + self._limits.reply_seconds)


class _Stream(httpcore.NetworkStream):
    """A connection that stops at the meter."""

    def __init__(self, inner: httpcore.NetworkStream, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        seconds = self._meter.left(timeout, httpcore.ReadTimeout)
        arrived = self._inner.read(self._meter.room(max_bytes), seconds)
        self._meter.arrived(len(arrived))
        return arrived

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            seconds = self._meter.left(timeout, httpcore.WriteTimeout)
            self._inner.write(buffer[start : start + _PIECE], seconds)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = self._meter.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, seconds), self._meter)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Open connections that stop at the meter."""

    def __init__(self, meter: Meter, *, loopback_only: bool) -> None:
        """Keep the meter; with `loopback_only` a connection that leads off this device is closed at once."""
        self._inner = httpcore.SyncBackend()
        self._meter = meter
        self._loopback_only = loopback_only

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within what is left of the exchange; each address of the name gets its share of the time.

        Raises:
            httpcore.ConnectError: no address of the name answers, or that of this device leads elsewhere.
        """
        end = time.monotonic() + self._meter.left(timeout, httpcore.ConnectTimeout)
        addresses = _look_up(host, port, seconds=end - time.monotonic())
        for ahead in range(len(addresses), 0, -1):
            share = max(0.001, (end - time.monotonic()) / ahead)
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                stream = self._inner.connect_tcp(addresses[-ahead], port, share, local_address, socket_options)
                break
        else:
            raise httpcore.ConnectError("no address answers")
        if self._loopback_only and not is_loopback_ip(stream.get_extra_info("server_addr")[0]):
            stream.close()
            raise httpcore.ConnectError("not this device")
        return _Stream(stream, self._meter)


def _look_up(host: str, port: int, *, seconds: float) -> list[str]:
    """Ask the system for the addresses of a name; a look-up that takes longer is left to itself, and gives none."""
    found: list[str] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.extend(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return list(dict.fromkeys(found))
