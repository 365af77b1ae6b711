"""Tell web addresses that anyone can open from everything else that stands in their place.

PURE. A notice says where a picture is: an address with http or https, a public host, and nothing of the person's own
device or network. What does not fit is refused, never repaired, but letters outside ASCII get their usual form.
"""

import ipaddress
import re
from typing import Final

LONGEST_ADDRESS: Final = 2_000
"""Characters of one address, as written in a notice."""
MOST_ADDRESSES: Final = 50
"""Addresses of one notice."""

_WEB_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]\\%]+)(?::(?P<port>[1-9][0-9]{0,4}))?(?P<rest>[/?#].*)?",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
EMAIL_MARKS: Final = ".!#$%&'*+/=?^{|}~-"
"""What stands before the @ of an e-mail address, beside letters, digits and the underscore."""
_EMAIL: Final = re.compile(rf"(?P<name>[\w{EMAIL_MARKS}]{{1,64}})@(?P<host>[^@\s]+)")
UNREACHED: Final = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
)  # fmt: skip
"""Networks that are not reached over the internet, for a face that has no `ipaddress`; 192.88.99.0/24 is no longer in use (RFC 7526)."""
NOT_PUBLIC: Final = frozenset({
    "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "private", "test",
})  # fmt: skip
"""Last names of hosts that lead to the own device or network, or nowhere (RFC 6761, RFC 6762, RFC 8375, and common use)."""
_AS_THEY_ARE: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)
"""Bytes that an address may hold (RFC 3986); any other is written as % and two digits."""
_LONGEST_HOST: Final = 253


def public_address(untrusted: str) -> str | None:
    """Return a web address in the form in which a notice has it, ASCII alone; None if it is not one that anyone can open.

    Args:
        untrusted: what was typed.

    Source:
        RFC 3986 for the form; a name before the host, a blank, a backslash and control characters are refused.
    """
    typed = untrusted.strip()
    if "\\" in typed or any(letter.isspace() or not letter.isprintable() for letter in typed):
        return None
    found = _WEB_ADDRESS.fullmatch(typed)
    host = _public_host(found["host"]) if found else None
    if not found or not host or int(found["port"] or 0) > 65_535:
        return None
    port = f":{found['port']}" if found["port"] else ""
    address = f"{found['scheme'].lower()}://{host}{port}{_in_ascii(found['rest'] or '')}"
    return address if len(address) <= LONGEST_ADDRESS else None


def public_email(untrusted: str) -> str | None:
    """Return an e-mail address as a notice has it; None if it is not one that a platform can write to."""
    found = _EMAIL.fullmatch(untrusted.strip())
    host = _public_host(found["host"]) if found else None
    return f"{found['name']}@{host}" if found and host and not host.startswith("[") else None


def _in_ascii(rest: str) -> str:
    return "".join(chr(byte) if byte in _AS_THEY_ARE else f"%{byte:02X}" for byte in rest.encode())


def _public_host(host: str) -> str | None:
    """Return a host in its usual spelling; None if it is not written correctly, or leads to the own network."""
    try:
        if host.startswith("["):
            return f"[{_public_ip(ipaddress.IPv6Address(host[1:-1]))}]"
        name = _ascii_name(host).removesuffix(".")
        *others, last = name.split(".")
        if last.isdigit() or last.startswith("0x"):  # `127.1`, `0x7f.1`: read as numbers by some, as names by others
            return _public_ip(ipaddress.IPv4Address(name))
    except (ValueError, UnicodeError):
        return None
    is_name = all(map(_LABEL.fullmatch, (*others, last)))
    return name if others and is_name and len(name) <= _LONGEST_HOST and last not in NOT_PUBLIC else None


def _ascii_name(host: str) -> str:
    name = host.lower()
    if name.isascii() and "xn--" not in name:
        return name
    import idna  # its tables take a moment to load

    name = idna.encode(name, uts46=True).decode()
    idna.decode(name, strict=True)
    return name


def _public_ip(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Return an IP address that is reached over the internet.

    Raises:
        ValueError: it is private, reserved or for many, or holds another address.
    """
    carries = isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in ipaddress.IPv6Network("64:ff9b::/96")
    )
    if carries or not ip.is_global or ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False):
        raise ValueError("not public")
    return str(ip)
