"""An address is read strictly: what could lead elsewhere is refused, not repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import ConfigError
from hashclient.model import EndpointProfile
from hashclient.transport.address import Address, parse_origin, parse_proxy

GOOD = {
    "https://endpoint.example": "https://endpoint.example",
    "https://endpoint.example/": "https://endpoint.example",
    "HTTPS://Endpoint.Example:443": "https://endpoint.example",
    "https://endpoint.example:8443": "https://endpoint.example:8443",
    "https://endpoint.example.": "https://endpoint.example",
    "https://Endpoint.Example.:443/": "https://endpoint.example",
    "https://B\N{LATIN CAPITAL LETTER U WITH DIAERESIS}CHER.example.": "https://xn--bcher-kva.example",
    "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher\N{IDEOGRAPHIC FULL STOP}example": "https://xn--bcher-kva.example",
    "http://localhost.:80": "http://localhost",
    "https://192.0.2.7": "https://192.0.2.7",
    "https://[2001:db8:0::1]:8443": "https://[2001:db8::1]:8443",
    "https://xn--bcher-kva.example": "https://xn--bcher-kva.example",
    "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example": "https://xn--bcher-kva.example",
    "http://127.0.0.1:8000": "http://127.0.0.1:8000",
    "http://127.9.9.9": "http://127.9.9.9",
    "http://[::1]:80": "http://[::1]",
    "http://localhost:8000": "http://localhost:8000",
    "\u2066https://endpoint.example\u2069": "https://endpoint.example",  # copied from a right-to-left text
    "\u200f\u2068https://endpoint.example\u2069\u200e": "https://endpoint.example",
}

BAD = [
    "",
    "endpoint.example",
    "//endpoint.example",
    "https://end\u200epoint.example",
    "http://endpoint.example",
    "http://192.0.2.7",
    "http://localhost.example",
    "http://127.0.0.1.example",
    "http://[::ffff:127.0.0.1]",
    "http://[::]",
    "http://0.0.0.0",
    "ftp://endpoint.example",
    "socks5h://127.0.0.1:9050",
    "https://",
    "https:///",
    "https://person@endpoint.example",
    "https://person:word@endpoint.example",
    "https://endpoint.example/path",
    "https://endpoint.example//",
    "https://endpoint.example?query",
    "https://endpoint.example#fragment",
    "https://endpoint.example:",
    "https://endpoint.example:0",
    "https://endpoint.example:08443",
    "https://endpoint.example:65536",
    "https://endpoint.example:443:443",
    "https://endpoint.example:\N{ARABIC-INDIC DIGIT FOUR}",
    "https://endpoint.example..",
    "https://.",
    "https://.example",
    "https://endpoint..example",
    "https://-endpoint.example",
    "https://endpoint-.example",
    "https://end_point.example",
    "https://endpoint.example\\@other.example",
    "https://endpoint%2eexample",
    "https://endpoint.example\n",
    " https://endpoint.example",
    "https://endpoint .example",
    "https://endpoint.example\t",
    "https://127.1",
    "https://2130706433",
    "https://0x7f.0.0.1",
    "https://0x7f000001",
    "https://0177.0.0.1",
    "https://256.0.0.1",
    "https://[::1",
    "https://[::1%25lo]",
    "https://[not:ip]",
    "https://::1",
    "https://xn--endpoint.example",
    "https://xn--a.example",
    "https://ab--c.example",
    "https://endpoint\N{ZERO WIDTH SPACE}.example",
    "https://endpoint\N{FULLWIDTH SOLIDUS}.example",
    "https://\N{SNOWMAN}.example",
    "https://" + "a" * 64 + ".example",
    "https://" + "a." * 100 + "example",
]


@pytest.mark.parametrize(("text", "spelled"), GOOD.items())
def test_one_spelling(text: str, spelled: str) -> None:
    """Every good address has one spelling, which a profile can hold and which reads as itself."""
    address = parse_origin(text)
    assert str(address) == spelled
    assert parse_origin(spelled) == address
    EndpointProfile(name="n", operator="o", origin=spelled, plain_bodies=True)


@pytest.mark.parametrize("text", BAD)
def test_refused(text: str) -> None:
    """Everything else is refused in a sentence that does not repeat it."""
    with pytest.raises(ConfigError, match="Nothing was sent") as caught:
        parse_origin(text)
    assert len(text) < 9 or text not in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Any text after the scheme gives an address that reads as itself, or the one error."""
    try:
        address = parse_origin("https://" + text)
    except ConfigError:
        return
    assert parse_origin(str(address)) == address
    assert str(address).isascii()


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("localhost", True),
        ("128.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("endpoint.example", False),
    ],
)
def test_this_device(host: str, is_loopback: bool) -> None:
    """This device is 127.0.0.0/8, ::1 and `localhost`, and nothing that stands for them."""
    assert Address("https", host, None).is_loopback is is_loopback


def test_proxies() -> None:
    """A proxy is host and port in one of three schemes; SOCKS looks up names at the proxy or not at all."""
    assert str(parse_proxy("socks5h://127.0.0.1:9050")) == "socks5h://127.0.0.1:9050"
    assert str(parse_proxy("http://proxy.example:80")) == "http://proxy.example"
    for text in ("socks5://127.0.0.1:9050", "socks5h://127.0.0.1", "http://me:word@proxy.example:80", "proxy.example"):
        with pytest.raises(ConfigError):
            parse_proxy(text)
