"""Read the page that is one file, make it a page for one service, and say with which headers it is served.

The page does everything in a browser: it asks, makes fingerprints, seals, sends, follows and takes back. It is built from
`web/` and committed as `page.html` beside this file; `page-heic.html` is the same page with decoders of its own, for HEIC and where
a browser's decoder of JPEG is not trusted. Nothing here looks into them but for the two places below, which the build has to
provide, each once and letter for letter; `read_page` refuses a file that lacks one or has it twice:

1. `<meta http-equiv="Content-Security-Policy" content="...">` with the policy, in which no character is written as a reference
   and no quotation mark is a double one, and among its directives `connect-src https: http://127.0.0.1:*`. The policy of the
   frame inside stands in an attribute, where its single quotation marks are `&#39;`, so it is not mistaken for it.
2. `<script type="application/json" id="service">null</script>`. In a page for one service it holds `{"origin":"https://..."}`
   in place of `null`. Such a page offers no other service and no field for an address. The browser runs nothing of it, so the
   hashes in the policy stay.

`page_for` replaces what stands in these two places and nothing else. So whoever has the same version and names the same service
gets the same bytes, and a service can publish their SHA-256.

STANDARD LIBRARY ONLY, and nothing else of this package.
"""

import re
from pathlib import Path
from typing import Final

PAGE_FILE: Final = Path(__file__).with_name("page.html")
"""The built file; a checkout in which it was not built has none."""
SECOND_PAGE_FILE: Final = Path(__file__).with_name("page-heic.html")
"""The second page, built with it."""
PAGE_TYPE: Final = "text/html; charset=utf-8"
ANY_SERVICE_POLICY: Final = "connect-src https: http://127.0.0.1:*"
"""What the page may connect to as long as it is not made for one service."""
_UNNAMED: Final = b'<script type="application/json" id="service">null</script>'
_POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"&<>\r\n]+)">')
_HOST_LABEL: Final = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_SERVICE: Final = re.compile(
    rf"(?:https://(?:127\.0\.0\.1|(?:{_HOST_LABEL}\.)*(?=[a-z]){_HOST_LABEL})|http://(?:127\.0\.0\.1|localhost))"
    r"(?::[1-9][0-9]{0,4})?"
)
_FEATURES: Final = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "clipboard-read", "clipboard-write",
    "compute-pressure", "cross-origin-isolated", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation",
    "gyroscope", "hid", "identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer",
    "microphone", "midi", "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create",
    "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "web-share",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
"""What a browser could let a page use (Permissions Policy, W3C): each is off."""


def read_page(*, is_second: bool = False) -> bytes:
    """Read a built page, in which any service can be named.

    Args:
        is_second: whether it is the one that has decoders of its own.

    Raises:
        OSError: the file is missing, as in a checkout in which it was not built, or cannot be read.
        ValueError: it lacks one of the two places, or has it twice.
    """
    document = (SECOND_PAGE_FILE if is_second else PAGE_FILE).read_bytes()
    _require_places(document)
    return document


def page_for(document: bytes, service: str) -> bytes:
    """Make of the built page one that knows a single service and can connect to no other place; the same bytes each time.

    Args:
        document: the built page.
        service: origin of the service in its canonical spelling, as `transport.address.parse_origin` gives it:
            `https://HOST` or `https://HOST:PORT`; `http` only for 127.0.0.1 and localhost.

    Raises:
        ValueError: `service` is not such an origin, or its host is an IP address other than 127.0.0.1, which no policy
            can name (CSP 3, 6.7.2.8); or the page lacks one of the two places.
    """
    if not _SERVICE.fullmatch(service):
        raise ValueError("a page cannot be made for this origin")
    _require_places(document)
    named = _UNNAMED.replace(b"null", f'{{"origin":"{service}"}}'.encode())
    narrow = f"connect-src {service}".encode()
    in_policy = _POLICY.sub(lambda meta: meta[0].replace(ANY_SERVICE_POLICY.encode(), narrow), document)
    return in_policy.replace(_UNNAMED, named)


def page_headers(document: bytes, *, is_own_service: bool = False) -> dict[str, str]:
    """Give the headers with which a page is served, by lower-case name, without its type and length.

    Args:
        document: the page, as `read_page` or `page_for` gives it.
        is_own_service: whether the service that serves it is the only one it may connect to.

    Raises:
        ValueError: it has no policy, or several.
    """
    policy = _policy_of(document).decode("ascii")
    if is_own_service:
        policy = re.sub(r"(?<![\w-])connect-src [^;]+", "connect-src 'self'", policy)
    return {
        "content-security-policy": f"{policy}; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
        "cache-control": "no-store",
    }


def _policy_of(document: bytes) -> bytes:
    found = _POLICY.findall(document)
    if len(found) != 1:
        raise ValueError("the page does not have one policy")
    return bytes(found[0])


def _require_places(document: bytes) -> None:
    """Refuse a page in which a service could not be put in."""
    policy = _policy_of(document).decode("ascii")
    directives = [directive.strip() for directive in policy.split(";")]
    if directives.count(ANY_SERVICE_POLICY) != 1 or policy.count("connect-src") != 1:
        raise ValueError("the policy of the page is not that of the built one")
    if document.count(_UNNAMED) != 1:
        raise ValueError("the page does not have one place for its service")
