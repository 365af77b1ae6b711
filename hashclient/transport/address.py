"""Read the address of an endpoint, strictly.

An address is a scheme, a host and a port. What an address could smuggle in (a user name and password, a
path, a number that only looks like a name) is refused, not repaired.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

import idna

from hashclient.errors import ConfigError
from hashclient.messages import _p

_HINT: Final = _p("error", "Check the address you were given.")
_FORM: Final = re.compile(
    r"(?P<scheme>[a-z0-9+]{1,10})://(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]\s]+)(:(?P<port>[1-9]\d{0,4}))?/?", re.ASCII
)
_NAME: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)
_INVISIBLE: Final = "\u200e\u200f\u2066\u2067\u2068\u2069"
"""Invisible, around an address in a right-to-left text from which it is copied."""
_LONGEST_NAME: Final = 190
"""Characters; an `EndpointProfile` has room for an origin of 200."""
_DEFAULT_PORT: Final = {"https": 443, "http": 80}
_PROXY_SCHEMES: Final = ("http", "https", "socks5h")


@dataclass(frozen=True)
class Address:
    """Scheme, host and port in their canonical spelling."""

    scheme: str
    host: str
    """Lower-case ASCII; an IPv6 address without brackets."""
    port: int | None
    """None for the scheme's default port."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")

    @property
    def is_loopback(self) -> bool:
        """Tell whether the host is this device: 127.0.0.0/8, ::1 or `localhost`."""
        if self.host == "localhost":
            return True
        try:
            return is_loopback_ip(self.host)
        except ValueError:
            return False


def is_loopback_ip(host: str) -> bool:
    """Tell whether an IP address is in 127.0.0.0/8 or is ::1; mapped or translated addresses do not count.

    Raises:
        ValueError: it is not an IP address.
    """
    ip = ipaddress.ip_address(host)
    return ip == ipaddress.IPv6Address("::1") or (ip.version == 4 and ip.is_loopback)


def parse_origin(text: str) -> Address:
    """Read the origin of an endpoint.

    Args:
        text: `https://HOST` or `https://HOST:PORT`, one trailing slash allowed; `http` only where
            HOST is this device. A host with other letters than ASCII becomes its IDNA form, and a dot at its end goes.

    Raises:
        ConfigError: anything else.
    """
    address = _parse(text)
    if address.scheme not in _DEFAULT_PORT:
        raise ConfigError(
            _p("error", "The address of the service must start with https. Nothing was sent."), hint=_HINT
        )
    if address.scheme == "http" and not address.is_loopback:
        raise ConfigError(
            _p(
                "error",
                "The address of the service must start with https; http is for this device only. Nothing was sent.",
            ),
            hint=_HINT,
        )
    return address


def parse_proxy(text: str) -> Address:
    """Read the address of a proxy: `http`, `https` or `socks5h`, host and port, no password.

    Raises:
        ConfigError: anything else.
    """
    address = _parse(text)
    if address.scheme not in _PROXY_SCHEMES or (address.scheme == "socks5h" and address.port is None):
        raise ConfigError(
            _p("error", "The address of the proxy could not be used. Nothing was sent."),
            hint=_p("error", "Write it as socks5h://HOST:PORT, http://HOST:PORT or https://HOST:PORT."),
        )
    return address


def _parse(text: str) -> Address:
    found = _FORM.fullmatch(text.strip(_INVISIBLE).lower())
    if not found:
        raise ConfigError(
            _p("error", "The address is not of the form https://HOST or https://HOST:PORT. Nothing was sent."),
            hint=_HINT,
        )
    port = int(found["port"]) if found["port"] else None
    if port is not None and port > 65535:
        raise ConfigError(_p("error", "The port of the address is too high. Nothing was sent."), hint=_HINT)
    scheme = found["scheme"]
    return Address(scheme, _host(found["host"]), None if port == _DEFAULT_PORT.get(scheme) else port)


def _host(host: str) -> str:
    """Bring a host to its canonical spelling."""
    try:
        if host.startswith("["):
            return str(ipaddress.IPv6Address(host[1:-1]))
        name = (host if host.isascii() else idna.encode(host).decode()).removesuffix(".")
        last = name.rpartition(".")[2]
        if last.isdigit() or last.startswith("0x"):  # `127.1`, `0x7f.1`: read as numbers by some, as names by others
            return str(ipaddress.IPv4Address(name))
        _check_name(name)
    except (ValueError, UnicodeError):
        raise ConfigError(
            _p("error", "The host in the address is not written correctly. Nothing was sent."), hint=_HINT
        ) from None
    return name


def _check_name(name: str) -> None:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise ValueError("not a host name")
    for label in name.split("."):
        if label[2:4] == "--":  # only IDNA may use this place, and only rightly
            idna.decode(label, strict=True)
