"""The page as a file: its two places, a page for one service, and its headers."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hashclient import page
from hashclient.transport.address import parse_origin
from kit.page import PAGES, STAND_IN, directives, written

EVERY_PAGE = PAGES | ({"second": page.SECOND_PAGE_FILE.read_bytes()} if page.SECOND_PAGE_FILE.exists() else {})
every_page = pytest.mark.parametrize("document", EVERY_PAGE.values(), ids=EVERY_PAGE)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"&]+)">')
SERVICE = re.compile(r'<script type="application/json" id="service">(.*?)</script>')


def policy_in(document: bytes) -> dict[str, str]:
    """Give the policy that stands in a page."""
    (policy,) = POLICY.findall(document.decode())
    return directives(policy)


@every_page
def test_the_page_keeps_the_contract(document: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has both places, and is read as it is."""
    monkeypatch.setattr(page, "PAGE_FILE", written(tmp_path, document))
    assert page.read_page() == document
    assert json.loads(SERVICE.findall(document.decode())[0]) is None


@every_page
def test_a_page_for_a_service_differs_in_two_places(document: bytes) -> None:
    """The policy names the service, the data names it, and not one more byte is different; twice is the same."""
    baked = page.page_for(document, "https://takedown.example")
    assert baked == page.page_for(document, "https://takedown.example")
    before, after = policy_in(document), policy_in(baked)
    assert after.pop("connect-src") == "https://takedown.example"
    assert before.pop("connect-src") == "https: http://127.0.0.1:*"
    assert before == after
    assert json.loads(SERVICE.findall(baked.decode())[0]) == {"origin": "https://takedown.example"}
    undone = baked.replace(b"connect-src https://takedown.example;", b"connect-src https: http://127.0.0.1:*;")
    assert undone.replace(b'{"origin":"https://takedown.example"}', b"null") == document


def test_the_number_of_a_page_for_a_service_stays() -> None:
    """A service publishes the SHA-256, so it may not change by itself."""
    baked = page.page_for(STAND_IN, "https://takedown.example:8443")
    assert (
        hashlib.sha256(baked).hexdigest()
        == hashlib.sha256(
            STAND_IN.replace(b"https: http://127.0.0.1:*", b"https://takedown.example:8443").replace(
                b'"service">null', b'"service">{"origin":"https://takedown.example:8443"}'
            )
        ).hexdigest()
    )


@pytest.mark.parametrize(
    "typed",
    ["https://Takedown.Example", "https://takedown.example.", "https://takedown.example:443/", "https://intranet",
     "https://bücher.example", "http://127.0.0.1:8443", "http://localhost:1", "https://127.0.0.1", "https://a-b.c1.example:65535"],
)  # fmt: skip
def test_every_origin_that_a_policy_can_name_is_taken(typed: str) -> None:
    """In whatever spelling it is given, what stands in the page is one origin."""
    origin = str(parse_origin(typed))
    assert policy_in(page.page_for(STAND_IN, origin))["connect-src"] == origin


@pytest.mark.parametrize(
    "service",
    ["", "https:", "https://*", "https://*.example", "https://192.0.2.1", "https://[::1]", "http://[::1]:8443", "http://127.0.0.2",
     "http://takedown.example", "https://a.example/", "https://a.example:0", "https://a.example:", "https://a.example:123456",
     "https://u@a.example", "https://A.example", "https://a.example; script-src *", 'https://a.example"', "https://a.example\n",
     "https://a.example</script>", "https://a..example", "https://-a.example", "https://a-.example", "wss://a.example", "null", "*",
     "https://0x7f.1", "https://a.example 'unsafe-eval'", "https://a.example,https://b.example"],
)  # fmt: skip
def test_what_is_no_origin_gets_into_no_page(service: str) -> None:
    """Nothing that a policy or the data could be changed by, and no address that a policy cannot name."""
    with pytest.raises(ValueError, match="cannot be made"):
        page.page_for(STAND_IN, service)


@pytest.mark.parametrize(
    "broken",
    [
        STAND_IN.replace(b"connect-src https: http://127.0.0.1:*; ", b""),
        STAND_IN.replace(b"connect-src https:", b"connect-src https: wss:"),
        STAND_IN.replace(b"frame-src", b"connect-src *; frame-src"),
        STAND_IN.replace(b'<meta http-equiv="Content', b"<meta http-equiv='Content"),
        STAND_IN.replace(b"<title>", b'<meta http-equiv="Content-Security-Policy" content="img-src *"><title>'),
        STAND_IN.replace(b'id="service">null', b'id="service"> null'),
        STAND_IN.replace(b"<title>", page._UNNAMED + b"<title>"),
        page.page_for(STAND_IN, "https://takedown.example"),
        STAND_IN.replace(b"'wasm-unsafe-eval'", b"'wasm-unsafe-eval&#39;"),
        b"",
    ],
)  # fmt: skip
def test_a_page_without_its_two_places_is_refused(
    broken: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is neither served nor made into one for a service: its policy would not be known."""
    monkeypatch.setattr(page, "PAGE_FILE", written(tmp_path, broken))
    with pytest.raises(ValueError, match="page"):
        page.read_page()
    with pytest.raises(ValueError, match="page"):
        page.page_for(broken, "https://takedown.example")


@every_page
def test_headers_are_those_of_the_specification(document: bytes) -> None:
    """The policy of the file and no frame around it; no sniffing, referrer, opener, other origin, feature or copy."""
    headers = page.page_headers(document)
    assert directives(headers.pop("content-security-policy")) == policy_in(document) | {"frame-ancestors": "'none'"}
    features = headers.pop("permissions-policy").split(", ")
    assert len(set(features)) == len(features) >= 30
    assert all(re.fullmatch(r"[a-z-]+=\(\)", feature) for feature in features)
    assert headers == {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }


@every_page
def test_headers_of_a_service_of_its_own_allow_itself_alone(document: bytes) -> None:
    """Everything else in the policy is as in the file."""
    baked = page.page_for(document, "https://takedown.example")
    policy = directives(page.page_headers(baked, is_own_service=True)["content-security-policy"])
    assert policy == policy_in(baked) | {"connect-src": "'self'", "frame-ancestors": "'none'"}


def test_the_second_page_is_read_by_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps the same contract, and the first stays what it is."""
    second = STAND_IN.replace(b"<title>Notes", b"<title>More notes")
    (tmp_path / "second").mkdir()
    monkeypatch.setattr(page, "PAGE_FILE", written(tmp_path))
    monkeypatch.setattr(page, "SECOND_PAGE_FILE", written(tmp_path / "second", second))
    assert (page.read_page(), page.read_page(is_second=True)) == (STAND_IN, second)
    monkeypatch.setattr(page, "SECOND_PAGE_FILE", written(tmp_path / "second", b""))
    with pytest.raises(ValueError, match="page"):
        page.read_page(is_second=True)


def test_the_second_page_carries_its_licences() -> None:
    """Whoever gets the file gets the texts, where the source is, and what was changed; the first page needs none of it."""
    assert page.PAGE_FILE.exists(), "run `make web`"
    assert page.SECOND_PAGE_FILE.exists(), "run `make web`"
    first, second = page.PAGE_FILE.read_text(), page.SECOND_PAGE_FILE.read_text()
    for name in ("docs/licences/notice.txt", "docs/licences/libheif.txt", "docs/licences/mozjpeg.txt", "LICENSE"):
        text = (Path(page.__file__).parents[2] / name).read_text().strip()
        assert text in second, name
        assert text not in first, name


def test_the_room_loads_the_standard_library_alone() -> None:
    """Neither a library nor another room of this package comes with it, but the front door."""
    program = (
        "import sys; before = set(sys.modules); import hashclient.page.loopback;"
        "print(*(name for name in set(sys.modules) - before if name.split('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"hashclient", "hashclient.page", "hashclient.page.loopback"}
