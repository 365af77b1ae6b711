"""Run the endpoint: listen, report the port, and answer until told to stop.

Callers leave no trace: there is no access log, no server header and no date header, and forwarded addresses are
ignored. TLS and limits by address belong to the reverse proxy in front (`docs/operators.md`).
"""

import ipaddress
import signal
import socket
from collections.abc import Callable
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
"""Seconds allowed for answering requests in progress once told to stop."""


def serve_endpoint(
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
    """Serve until SIGINT or SIGTERM, then answer the requests in progress and return.

    Args:
        database: SQLite file, created if missing.
        keys: key file.
        host: address to listen on.
        port: port to listen on; 0 picks a free one.
        origin: scheme, host and port at which people reach the endpoint; required unless it listens on loopback.
        plain_bodies: accept unsealed bodies; on loopback only.
        on_ready: called with the port once connections are accepted.
        settings: more fields of `EndpointSettings`, such as `name` and `operator`.

    Raises:
        ConfigError: a setting, the key file, the database or the address cannot be used.
        NoHybridError: this build of `cryptography` cannot use a key of the file.
    """
    is_loopback = _is_loopback(host)
    if plain_bodies and not is_loopback:
        raise ConfigError("Unsealed requests are accepted on this machine only.", hint="Listen on 127.0.0.1.")
    if origin is None and not is_loopback:
        raise ConfigError("The public address of the service is missing.", hint="Give it as the origin.")
    with listen(host, port) as listener:
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
        _UvicornServer(config, on_ready=lambda: on_ready(bound)).run(sockets=[listener])


class _UvicornServer(uvicorn.Server):
    """A uvicorn server that reports when it is ready, and for which a signal is a normal end."""

    def __init__(self, config: uvicorn.Config, *, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then report it."""
        await super().startup(sockets)
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  # uvicorn's signature
        """Stop gracefully, or at once on a second Ctrl-C; uvicorn's own handler would also raise the signal again."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address, at any free port for 0.

    Raises:
        ConfigError: the address or the port cannot be used.
    """
    unusable = ConfigError("The address could not be listened on.", hint="Choose another port, or 0.")
    if not 0 <= port <= _LAST_PORT:
        raise unusable
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError:
        raise unusable from None
    # Accepted connections inherit this. Without it, the body of an answer waits 40 ms for the receipt of its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
