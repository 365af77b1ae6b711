"""Run the endpoint: listen, report the port, and answer until told to stop.

Callers leave no trace: there is no access log, no server header and no date header, and forwarded addresses are
ignored. TLS and limits by address belong to the reverse proxy in front (`docs/operators.md`).
"""

import asyncio
import ipaddress
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from hashclient.endpoint.app import create_app
from hashclient.endpoint.people.handler import problem_reply
from hashclient.endpoint.people.problems import ProblemName, problem
from hashclient.endpoint.settings import EndpointSettings
from hashclient.errors import ConfigError
from hashclient.messages import _p

_HEADER_BYTES: Final = 16 * 1024
HEAD_SECONDS: Final = 10
"""Seconds for a head to arrive, counted from the connection or from the answer before it."""
TAKE_SECONDS: Final = 10
"""Seconds for the other side to take what was written."""
MAX_CONNECTIONS: Final = 512
"""Maximum number of connections at once; more are closed as they come."""
MAX_CHUNKS: Final = 8192
"""Maximum number of chunks of a body that comes in chunks (512 bytes each, if it is the longest). Reading each holds up
everybody for a twentieth of a millisecond, also one that holds a single byte."""
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
        raise ConfigError(
            _p("error", "Unsealed requests are accepted on this machine only."),
            hint=_p("error", "Listen on 127.0.0.1."),
        )
    if origin is None and not is_loopback:
        raise ConfigError(
            _p("error", "The public address of the service is missing."), hint=_p("error", "Give it as the origin.")
        )
    with listen(host, port) as listener:
        bound: int = listener.getsockname()[1]
        origin = origin or f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        app = create_app(
            EndpointSettings(database=database, keys=keys, origin=origin, plain_bodies=plain_bodies, **settings)
        )
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http=_ImpatientProtocol,
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


class _BoundedHttp(h11.Connection):
    """HTTP in which a head has a bounded length, also one that arrives whole, and a body a bounded number of chunks."""

    _chunks = 0

    def next_event(self) -> Any:
        """Return what has arrived next.

        Raises:
            h11.RemoteProtocolError: it is not HTTP, a head too long, or one chunk too many.
        """
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._chunks = 0
            if len(event.target) + sum(len(name) + len(value) for name, value in event.headers) > _HEADER_BYTES:
                raise h11.RemoteProtocolError("head too long")
        elif isinstance(event, h11.Data):
            self._chunks += event.chunk_end
            if self._chunks > MAX_CHUNKS:
                raise h11.RemoteProtocolError("too many chunks")
        return event


class _ImpatientProtocol(H11Protocol):
    """uvicorn's HTTP, which by itself waits for ever: for the rest of a head, and for what was written to be taken."""

    _until_head: asyncio.TimerHandle | None = None
    _until_taken: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for a head."""
        self.conn = _BoundedHttp(h11.SERVER, _HEADER_BYTES)
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # `pause_writing` tells of every byte that was not taken
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        for timer in (self._until_head, self._until_taken):
            if timer is not None:
                timer.cancel()

    def handle_events(self) -> None:
        """Read what has arrived; a whole head ends the wait."""
        super().handle_events()
        self._wait_for_head()

    def on_response_complete(self) -> None:
        """Begin to wait for the next head."""
        super().on_response_complete()
        self._wait_for_head()

    def _wait_for_head(self) -> None:
        is_awaited = self.conn.their_state is h11.IDLE
        if is_awaited and self._until_head is None:
            self._until_head = self.loop.call_later(HEAD_SECONDS, self.transport.abort)
        elif not is_awaited and self._until_head is not None:
            self._until_head.cancel()
            self._until_head = None

    def pause_writing(self) -> None:
        """Begin to wait for what was written to be taken."""
        super().pause_writing()
        self._until_taken = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting for it."""
        super().resume_writing()
        if self._until_taken is not None:
            self._until_taken.cancel()
            self._until_taken = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's signature
        """Answer what is not HTTP with a problem of ours, unless it follows an answer that has begun."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            reply = problem_reply(problem(ProblemName.MALFORMED))
            headers = [*reply.raw_headers, (b"connection", b"close")]
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=bytes(reply.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


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
    unusable = ConfigError(
        _p("error", "The address could not be listened on."), hint=_p("error", "Choose another port, or 0.")
    )
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
