"""An address in a notice is one that anyone can open: http or https, a public host, nothing of the person's own device."""

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.guidance.notices.address import UNREACHED, public_address, public_email


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://site.example/a/b?c=d#e", "https://site.example/a/b?c=d#e"),
        (" HTTP://Site.Example ", "http://site.example"),
        ("https://site.example:8443/x", "https://site.example:8443/x"),
        ("https://site.example./x", "https://site.example/x"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://موقع.example/صورة", "https://xn--4gbrim.example/%D8%B5%D9%88%D8%B1%D8%A9"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
        ("https://[2606:4700::1111]/x", "https://[2606:4700::1111]/x"),
        ("https://site.example/`<b>`", "https://site.example/%60%3Cb%3E%60"),
        ("https://site.example/@name/1", "https://site.example/@name/1"),
        ("https://site.example/%41%zz", "https://site.example/%41%zz"),
        ("https://a_b.site.example/", "https://a_b.site.example/"),
    ],
)
def test_an_address_of_a_site_is_taken(typed: str, written: str) -> None:
    """In its usual spelling, with letters outside ASCII as a browser sends them."""
    assert public_address(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "site.example/1",
        "ftp://site.example/1",
        "file:///somewhere/picture.jpg",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "C:\\pictures\\1.jpg",
        "/somewhere/1.jpg",
        "https://",
        "https:///path",
        "https://localhost/1",
        "https://LOCALHOST./1",
        "https://printer/1",
        "https://nas.local/1",
        "https://box.home.arpa/1",
        "https://wiki.internal/1",
        "https://router.lan/1",
        "https://127.0.0.1/1",
        "https://127.1/1",
        "https://2130706433/1",
        "https://0x7f.0.0.1/1",
        "https://0177.0.0.1/1",
        "https://10.0.0.1/1",
        "https://192.168.1.1/1",
        "https://172.16.0.1/1",
        "https://169.254.1.1/1",
        "https://100.64.0.1/1",
        "https://0.0.0.0/1",
        "https://224.0.0.1/1",
        "https://255.255.255.255/1",
        "https://[::1]/1",
        "https://[fe80::1]/1",
        "https://[fd00::1]/1",
        "https://[fec0::1]/1",
        "https://[::ffff:127.0.0.1]/1",
        "https://[::ffff:8.8.8.8]/1",
        "https://[64:ff9b::7f00:1]/1",
        "https://[2002:7f00:1::]/1",
        "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/1",
        "https://[::1%eth0]/1",
        "https://me:secret@site.example/1",
        "https://me@site.example/1",
        "https://site.example@127.0.0.1/1",
        "https://site.example:0/1",
        "https://site.example:65536/1",
        "https://site.example:/1",
        "https://site.example\\@127.0.0.1/",
        "https://site.example/a b",
        "https://site.example/a\nSubject: x",
        "https://site.example/\u202egpj.1",
        "https://site.example/\x00",
        "https://-site.example/1",
        "https://site..example/1",
        "https://%6cocalhost/1",
        "https://ⓛocalhost/1",
        "https://xn--a.example/1",
        "https://site.example/" + "a" * 2000,
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
    ],
)
def test_everything_else_is_refused(typed: str) -> None:
    """Files, the own device and network, passwords, blanks, and numbers that only look like names."""
    assert public_address(typed) is None


HOSTS = st.one_of(
    st.from_regex(r"[a-z0-9.-]{1,20}", fullmatch=True),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda ip: f"[{ip}]"),
    st.text(max_size=12),
)


@given(
    scheme=st.sampled_from(["http://", "https://", "ftp://", "file://", "", "HTTPS://"]),
    host=HOSTS,
    rest=st.text(max_size=20),
)
def test_what_is_taken_is_http_and_public_and_one_line_of_ascii(scheme: str, host: str, rest: str) -> None:
    """Whatever was typed: an independent look at what came out."""
    address = public_address(f"{scheme}{host}/{rest}")
    if address is None:
        return
    assert address.isascii()
    assert not re.search(r"[\s\\`<>\"]", address)
    found = re.fullmatch(r"https?://(\[[^\]]+\]|[^/:?#]+)(:\d+)?([/?#].*)?", address)
    assert found
    assert "@" not in found[1]
    try:
        ip = ipaddress.ip_address(found[1].strip("[]"))
    except ValueError:
        assert "." in found[1]
        assert not re.search(r"(^|\.)(localhost|local|internal|lan|home|arpa)$", found[1])
        assert not found[1].rpartition(".")[2].isdigit()
    else:
        assert ip.is_global
        assert not ip.is_multicast
    assert public_address(address) == address


@pytest.mark.parametrize("typed", ["x1@mail.example", " x1@mail.example ", "a.b+c@bücher.example"])
def test_an_email_address_is_taken(typed: str) -> None:
    """With a host that can be reached."""
    assert (public_email(typed) or "").count("@") == 1


@pytest.mark.parametrize(
    "typed", ["", "x1", "x1@", "@mail.example", "x1@mail", "x1@localhost", "a b@mail.example", "x1@mail.example\nBcc: y", "x`1@mail.example", "x1@[2606:4700::1111]", "x1@127.0.0.1", "<x1@mail.example>", "x" * 65 + "@mail.example"]
)  # fmt: skip
def test_what_no_platform_can_write_to_is_refused(typed: str) -> None:
    """Nor what could start another line or a link."""
    assert public_email(typed) is None


def test_the_networks_that_a_page_leaves_out_are_those_that_python_does() -> None:
    """Just beside each of them an address is public, or stands in the next one; the old network of 6to4 is left out more strictly."""
    networks = [ipaddress.ip_network(one) for one in UNREACHED]
    for step in range(0, 2**32, 2**14 + 1):
        ip = ipaddress.IPv4Address(step)
        is_inside = any(ip in network for network in networks)
        assert (public_address(f"https://{ip}/") is None) == is_inside or ip in networks[8], ip
