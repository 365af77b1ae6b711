"""Run the endpoint: bind, say where, answer until told to stop.

No access log, no server header, no date header, no trust in forwarded addresses: whoever asks
leaves no trace here. TLS and limits by address belong to the reverse proxy in front
(`docs/operators.md`).
"""

import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

import uvicorn

from hashclient.endpoint.app import create_app
from hashclient.endpoint.settings import EndpointSettings
from hashclient.errors import ConfigError

_HEADER_BYTES: Final = 16 * 1024
_LAST_PORT: Final = 65535
_STOP_SECONDS: Final = 10
"""Seconds for requests under way to be answered once told to stop."""


def serve(
    *,
    database: Path,
    keys: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    origin: str | None = None,
    plain_bodies: bool = False,
    on_ready: Callable[[int], None] = lambda _: None,
    **settings: Any,
) -> None:
    """Serve until SIGINT or SIGTERM, then answer what is under way and return.

    Args:
        database: SQLite file, made where there is none.
        keys: key file.
        host: address to listen on.
        port: 0 for any free one.
        origin: scheme, host and port under which people reach it; needed unless on loopback.
        plain_bodies: take bodies that are not sealed; on loopback only.
        on_ready: called with the bound port once connections are accepted.
        settings: further fields of `EndpointSettings`, such as `name` and `operator`.

    Raises:
        ConfigError: a setting, the key file, the database or the address cannot be used.
        NoHybridError: this build of `cryptography` cannot use a key of the file.
    """
    is_loopback = _is_loopback(host)
    if plain_bodies and not is_loopback:
        raise ConfigError("Bodies that are not sealed are taken on this machine only.", hint="Listen on 127.0.0.1.")
    if origin is None and not is_loopback:
        raise ConfigError("The public address of the service is missing.", hint="Give it as the origin.")
    with _listen(host, port) as listener:
        bound: int = listener.getsockname()[1]
        origin = origin or f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        app = create_app(
            EndpointSettings(database=database, keys=keys, origin=origin, plain_bodies=plain_bodies, **settings)
        )
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=_HEADER_BYTES,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        _Server(config, on_ready=lambda: on_ready(bound)).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Uvicorn that says when it is ready, and that a signal ends without an error."""

    def __init__(self, config: uvicorn.Config, *, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on a signal; uvicorn's own way would raise it again at the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    unusable = ConfigError("The address could not be listened on.", hint="Choose another port, or 0.")
    if not 0 <= port <= _LAST_PORT:
        raise unusable
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError:
        raise unusable from None
    # Connections take this over. Without it an answer, which leaves as head and body, waits 40 ms in between.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
