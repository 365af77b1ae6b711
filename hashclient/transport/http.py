"""Carry requests over HTTPS, as hard to fool and as quiet as possible.

The only file that imports httpx. It trusts the roots it is given and nothing from the environment, follows no
redirect, keeps no cookie, names no version, asks for no compression, and logs nothing: httpx and
httpcore would write addresses and headers into logs.

    >>> HttpTransport("https://endpoint.example:443/").origin
    'https://endpoint.example'
"""

import importlib.util
import logging
import ssl
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path as FilePath
from typing import Final

import certifi
import httpcore
import httpx

from hashclient._crash import crash_point
from hashclient.errors import (
    ConfigError,
    EndpointUnreachableError,
    MissingExtraError,
    NotConfirmedError,
    ProxyRefusedError,
    TransportError,
    UntrustedEndpointError,
    WrongClockError,
)
from hashclient.messages import _p, joined
from hashclient.model.wire import JSON, PROBLEM, SEALED, WireBody, media_type
from hashclient.sealing import SealedBody
from hashclient.transport.address import Address, parse_origin, parse_proxy
from hashclient.transport.bounded import BoundedBackend, ExchangeLimits, Meter
from hashclient.transport.interface import Path, Reply, Transport

_HEADERS: Final = {
    "User-Agent": "hashclient",
    "Accept": f"{JSON}, {SEALED}, {PROBLEM}",
    "Accept-Encoding": "identity",
}
_LONGEST_PATH: Final = max(map(len, Path))
_LOGGERS: Final = ("httpx", "httpcore", *(f"httpcore.{part}" for part in ("connection", "http11", "proxy", "socks")))
_DATES_OF_CERTIFICATES: Final = frozenset({9, 10})
"""OpenSSL's codes for a certificate that is not valid yet, and for one that has expired."""
_PAGE: Final = "text/html"
_REDIRECTED: Final = _p("error", "The service pointed to another address. We do not follow it.")
_SIGN_IN: Final = _p(
    "error", "Check the address. If this network wants you to sign in first, do that in a browser, then try again."
)
_UNKNOWN: Final = _p("error", "We do not know whether it received your request.")
_NOT_LEFT: Final = _p("error", "Nothing was sent.")


class HttpTransport(Transport):
    """One endpoint, reached by HTTP/1.1 over TLS 1.2 or later; one exchange at a time, not for threads."""

    def __init__(
        self,
        origin: str,
        *,
        ca_file: FilePath | None = None,
        proxy: str | None = None,
        limits: ExchangeLimits | None = None,
    ) -> None:
        """Read the address; nothing is connected yet.

        Args:
            origin: `https://HOST[:PORT]`; `http` for this device only.
            ca_file: PEM file of the roots to trust instead of certifi's.
            proxy: `socks5h://HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT`; no environment is asked.
            limits: ceilings of one exchange.

        Raises:
            ConfigError: the address, the proxy or the file of roots cannot be used.
            MissingExtraError: a SOCKS proxy without the package that speaks it.
        """
        address = parse_origin(origin)
        self.origin = str(address)
        self._limits = limits or ExchangeLimits()
        self._meter = Meter(self._limits)
        self._has_proxy = proxy is not None
        if proxy is not None and address.is_loopback:
            raise ConfigError(_p("error", "A service on this device is reached without a proxy. Nothing was sent."))
        backend = BoundedBackend(self._meter, loopback_only=address.scheme == "http")
        pool = _pool(_tls(ca_file), backend, parse_proxy(proxy) if proxy is not None else None)
        _silence()
        self._client = httpx.Client(
            transport=_Carrier(pool),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(
                self._limits.connect_seconds, read=self._limits.read_seconds, write=self._limits.write_seconds
            ),
            headers=_HEADERS,
        )

    def __repr__(self) -> str:
        return "HttpTransport(origin='***')"

    def close(self) -> None:
        """Close the connection, if one is open."""
        self._client.close()

    def _send(self, path: Path, body: WireBody | SealedBody | None, *, deadline: float) -> Reply:
        self._meter.start(deadline)
        outgoing = _Outgoing(body)
        try:
            return self._exchange(path, outgoing)
        except httpx.HTTPError as error:
            raise _in_our_words(error, outgoing, has_proxy=self._has_proxy) from None

    def _exchange(self, path: Path, outgoing: "_Outgoing") -> Reply:
        self._client.cookies.clear()
        request = self._client.build_request(
            "GET" if outgoing.body is None else "POST",
            self.origin + path,
            headers=outgoing.headers(path),
            content=None if outgoing.body is None else outgoing,
        )
        outgoing.crash_point("connect")
        response = self._client.send(request, stream=True)
        try:
            outgoing.crash_point("status-line")
            return _read(response, outgoing)
        finally:
            response.close()


class _Carrier(httpx.HTTPTransport):
    """httpx's own transport over our pool; it has no argument for one."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool


class _Outgoing:
    """A body on its way; it records when the first byte may have left."""

    def __init__(self, body: WireBody | SealedBody | None) -> None:
        self.body = body
        self.may_have_left = False

    def __iter__(self) -> Iterator[bytes]:
        body = self.body or b""
        self.crash_point("first-byte")
        self.may_have_left = True
        yield body[: len(body) // 2]
        self.crash_point("half-body")
        yield body[len(body) // 2 :]
        self.crash_point("last-byte")

    def headers(self, path: Path) -> dict[str, str]:
        """Return the headers of a body; the head has the same length for all three addresses."""
        if self.body is None:
            return {}
        return {
            "Content-Type": JSON if self.body.startswith(b"{") else SEALED,
            "Content-Length": str(len(self.body)),
            "Padding": "0" * (1 + _LONGEST_PATH - len(path)),
        }

    def crash_point(self, name: str) -> None:
        if self.body is not None:
            crash_point(name)


def _read(response: httpx.Response, outgoing: _Outgoing) -> Reply:
    """Read a reply whose head has arrived; the meter bounds its time and length."""
    if 300 <= response.status_code < 400:
        if outgoing.may_have_left:
            raise UntrustedEndpointError(joined(_REDIRECTED, _UNKNOWN))
        raise UntrustedEndpointError(joined(_REDIRECTED, _NOT_LEFT), hint=_SIGN_IN)
    named = response.headers.get("content-type", "")
    content_type = media_type(named, response.headers.get("content-encoding", ""))
    if not content_type:
        is_page = named.lower().startswith(_PAGE)
        return Reply(response.status_code, "", b"", _retry_after(response.headers), is_page)
    untrusted_body = b""
    for piece in response.iter_raw():
        untrusted_body += piece
        outgoing.crash_point("half-reply")
    return Reply(response.status_code, content_type, untrusted_body, _retry_after(response.headers))


def _retry_after(headers: httpx.Headers) -> float | None:
    """Read `Retry-After`, seconds or a date; a date counts from the endpoint's own `Date`, if it sent one."""
    untrusted = headers.get("retry-after", "")
    if untrusted.isascii() and untrusted.isdigit():
        return float(untrusted[:9])
    try:
        then = parsedate_to_datetime(untrusted).timestamp()
        now = parsedate_to_datetime(headers["date"]).timestamp() if "date" in headers else time.time()
    except (TypeError, ValueError, OverflowError):
        return None
    return then - now  # the base class lets nothing below 0 out


def _in_our_words(error: httpx.HTTPError, outgoing: "_Outgoing", *, has_proxy: bool) -> TransportError:
    """Turn an error of httpx, which may carry an address, into one of ours, which carries nothing."""
    if outgoing.may_have_left:
        return NotConfirmedError()
    if (failure := _tls_failure(error)) is not None:
        is_date = getattr(failure, "verify_code", 0) in _DATES_OF_CERTIFICATES
        return WrongClockError() if is_date else UntrustedEndpointError()
    is_proxy = isinstance(error, httpx.ProxyError) or (has_proxy and isinstance(error, httpx.ConnectError))
    return ProxyRefusedError() if is_proxy else EndpointUnreachableError()


def _tls_failure(error: BaseException) -> ssl.SSLError | None:
    """Tell a TLS failure from a connection that only broke."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__  # httpcore's pool raises `from None`
    return None if isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) else cause


def _tls(ca_file: FilePath | None) -> ssl.SSLContext:
    # Never create_default_context(): it hands the session keys to whoever sets SSLKEYLOGFILE.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(ca_file or certifi.where())
    except (OSError, ValueError):
        raise ConfigError(
            _p("error", "The file of certificates could not be read. Nothing was sent."),
            hint=_p("error", "Name a PEM file of certificates."),
        ) from None
    return context


def _pool(context: ssl.SSLContext, backend: BoundedBackend, proxy: Address | None) -> httpcore.ConnectionPool:
    """Make the pool of one connection."""
    if proxy is None:
        return httpcore.ConnectionPool(context, max_connections=1, keepalive_expiry=5, network_backend=backend)
    if proxy.scheme != "socks5h":
        secure = context if proxy.scheme == "https" else None
        return httpcore.HTTPProxy(
            str(proxy), ssl_context=context, proxy_ssl_context=secure, max_connections=1, network_backend=backend
        )
    if importlib.util.find_spec("socksio") is None:
        raise MissingExtraError(hint=_p("error", "Run: pip install 'httpx[socks]'"))
    return httpcore.SOCKSProxy(str(proxy), ssl_context=context, max_connections=1, network_backend=backend)


def _silence() -> None:
    """Turn off the logs of httpx and httpcore, also where everything else is logged."""
    for name in _LOGGERS:
        logging.getLogger(name).disabled = True
