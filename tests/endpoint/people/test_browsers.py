"""People's browsers at the endpoint: the page at `/`, and which pages hosted elsewhere may ask (CORS)."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hashclient import page
from hashclient.endpoint.app import create_app
from hashclient.endpoint.keys import make_keys
from hashclient.endpoint.people.browsers import METHODS_OF_PATHS
from hashclient.endpoint.people.routes import PROFILE_PATH as ROUTED_PROFILE_PATH
from hashclient.endpoint.settings import EndpointSettings
from hashclient.errors import ConfigError, PageMissingError, PageServiceError
from hashclient.model.wire import encode
from hashclient.vocabulary import Purpose
from kit.endpoint import (
    ORIGIN,
    PATHS,
    PLAIN,
    PROFILE_PATH,
    SEALED,
    Endpoint,
    Response,
    Server,
    call,
    request_for,
    seal_for,
    served,
    submission_of,
)
from kit.page import PAGES, STAND_IN, WITH_STAND_IN, directives, exchange, read_raw, written

LISTED = "https://helpline.example"
OTHER = "https://evil.example"
FOUR = [PROFILE_PATH, *PATHS.values()]
ELSEWHERE = ["/", "/docs", "/v1/feed", "/v1/feedback", "/v1/submissions/", "/v1/cases/x", "/stopncii", "*"]
"""What is no address for people: those for partners, of this version or a later one, and what is not there."""


def asked(
    endpoint: Endpoint, path: str, *origins: str, method: str = "POST", body: bytes = b"", **more: Any
) -> Response:
    """Ask as a browser does for a page of some origin."""
    fields = [(b"origin", origin.encode()) for origin in origins]
    fields += [(name.replace("_", "-").encode(), value.encode()) for name, value in more.items()]
    return call(endpoint.app, path, body, method=method, headers=fields)


def leave_in(response: Response) -> dict[str, str]:
    """Give the headers of an answer that speak to a browser of origins; each stands once."""
    found = [
        (name.decode(), value.decode())
        for name, value in response.headers
        if name.startswith((b"access-control", b"vary"))
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def preflight(endpoint: Endpoint, path: str, *origins: str) -> Response:
    wanted: dict[str, Any] = {"access_control_request_method": "POST", "access_control_request_headers": "content-type"}
    return asked(endpoint, path, *origins, method="OPTIONS", **wanted)


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Give an endpoint that lets in two origins."""
    settings = {"web_origins": (LISTED, "http://127.0.0.1:8080")}
    endpoint = Endpoint(tmp_path_factory.mktemp("listing"), settings=settings)
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Give an endpoint that lets in every page, those from a disk too."""
    endpoint = Endpoint(tmp_path_factory.mktemp("open"), settings={"web_origins": ("*",)})
    yield endpoint
    endpoint.close()


class TestOrigins:
    """CORS, as a browser asks for it."""

    def test_the_addresses_are_those_that_are_routed(self) -> None:
        """Those for people, each with its methods."""
        assert set(METHODS_OF_PATHS) == {ROUTED_PROFILE_PATH, *PATHS.values()} == set(FOUR)

    @pytest.mark.parametrize("path", FOUR)
    @pytest.mark.parametrize("origin", [LISTED, "http://127.0.0.1:8080"])
    def test_a_listed_origin_gets_leave(self, listing: Endpoint, path: str, origin: str) -> None:
        """For the methods of the address and `content-type`, without credentials, to be remembered."""
        response = preflight(listing, path, origin)
        assert (response.status, response.body) == (204, b"")
        assert leave_in(response) == {
            "vary": "Origin",
            "access-control-allow-origin": origin,
            "access-control-expose-headers": "retry-after",
            "access-control-allow-methods": "GET, HEAD" if path == PROFILE_PATH else "POST",
            "access-control-allow-headers": "content-type",
            "access-control-max-age": "7200",
        }

    @pytest.mark.parametrize("path", FOUR)
    @pytest.mark.parametrize(
        "origins",
        [(OTHER,), ("null",), ("",), (LISTED.upper(),), (f"{LISTED}/",), (f"{LISTED}:443",), ("http://helpline.example",),
         (f"{LISTED}.evil.example",), ("https://evil-helpline.example",), (f"{LISTED} {OTHER}",), (LISTED, LISTED), (LISTED, OTHER),
         ("*",), ("http://127.0.0.1",), ("http://127.0.0.1:80800",), ()],
    )  # fmt: skip
    def test_another_origin_gets_none(self, listing: Endpoint, path: str, origins: tuple[str, ...]) -> None:
        """Not listed, `null`, another spelling, port or suffix, two at once, none: no leave, asked or answered."""
        response = preflight(listing, path, *origins)
        assert (response.status, leave_in(response)) == (405, {"vary": "Origin"})
        method = "GET" if path == PROFILE_PATH else "POST"
        assert leave_in(asked(listing, path, *origins, method=method)) == {"vary": "Origin"}

    @pytest.mark.parametrize("origin", ["null", LISTED, OTHER, "file://"])
    @pytest.mark.parametrize("path", FOUR)
    def test_a_star_lets_in_every_page(self, open_to_all: Endpoint, path: str, origin: str) -> None:
        """With a star in the answer, never with the origin or `null`, so that it can never carry credentials."""
        for response in (preflight(open_to_all, path, origin), asked(open_to_all, path, origin)):
            assert leave_in(response)["access-control-allow-origin"] == "*"
            assert leave_in(response)["vary"] == "Origin"

    @pytest.mark.parametrize("path", ELSEWHERE)
    @pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
    def test_no_other_address_gives_leave(
        self, listing: Endpoint, open_to_all: Endpoint, path: str, method: str
    ) -> None:
        """Neither partners' addresses nor the page, to nobody."""
        for endpoint, origin in ((listing, LISTED), (open_to_all, OTHER), (open_to_all, "null")):
            response = asked(endpoint, path, origin, method=method, access_control_request_method="POST")
            assert response.status == 404
            assert leave_in(response) == {}

    @pytest.mark.parametrize("path", [*FOUR, "/"])
    @pytest.mark.parametrize("origin", [LISTED, ORIGIN, "null"])
    def test_nobody_gets_leave_by_default(self, endpoint: Endpoint, path: str, origin: str) -> None:
        """No header speaks of origins."""
        response = preflight(endpoint, path, origin)
        assert response.status in {404, 405}
        assert leave_in(response) == {}
        assert leave_in(asked(endpoint, path, origin)) == {}

    @pytest.mark.parametrize("fields", [{}, {"cookie": "a=b", "authorization": "Bearer x"}])
    def test_credentials_are_never_allowed(
        self, listing: Endpoint, open_to_all: Endpoint, fields: dict[str, Any]
    ) -> None:
        """No answer says that they may come along, and those that come change nothing."""
        for endpoint in (listing, open_to_all):
            for path in FOUR:
                method = "GET" if path == PROFILE_PATH else "POST"
                for response in (
                    asked(endpoint, path, LISTED, method=method, **fields),
                    asked(endpoint, path, LISTED, method="OPTIONS", access_control_request_method="POST", **fields),
                ):
                    names = {name for name, _ in response.headers}
                    assert b"access-control-allow-credentials" not in names
                    assert b"set-cookie" not in names

    def test_the_page_can_read_every_answer(self, listing: Endpoint) -> None:
        """The profile, a receipt, a sealed problem: all carry the leave."""
        submission = submission_of()
        wire = seal_for(listing.profile, encode(submission), purpose=Purpose.SUBMISSION).wire
        wrong = seal_for(listing.profile, request_for(submission_of()), purpose=Purpose.STATUS).wire
        for response, status in (
            (asked(listing, PROFILE_PATH, LISTED, method="GET"), 200),
            (asked(listing, PROFILE_PATH, LISTED, method="HEAD"), 200),
            (asked(listing, PATHS[Purpose.SUBMISSION], LISTED, body=wire), 201),
            (asked(listing, PATHS[Purpose.STATUS], LISTED, body=wrong), 404),
        ):
            assert response.status == status
            assert leave_in(response)["access-control-allow-origin"] == LISTED

    @pytest.mark.parametrize(
        ("method", "body", "content_type", "status"),
        [
            ("GET", b"", SEALED, 405),
            ("POST", b"canary", SEALED, 400),
            ("POST", b"canary", "text/plain", 415),
            ("POST", b"canary", PLAIN, 422),
            ("POST", b"x" * 5_000_000, SEALED, 413),
        ],
    )
    def test_the_page_can_read_every_problem(
        self, listing: Endpoint, method: str, body: bytes, content_type: str, status: int
    ) -> None:
        """Those in the clear, whoever refuses: a browser hides what has no leave, and the person would read nonsense."""
        response = call(
            listing.app,
            PATHS[Purpose.SUBMISSION],
            body,
            method=method,
            content_type=content_type,
            headers=[(b"origin", LISTED.encode())],
        )
        assert response.status == status
        assert leave_in(response)["access-control-allow-origin"] == LISTED

    def test_the_page_can_read_that_something_failed(self, tmp_path: Path) -> None:
        """Also an error that nothing caught."""
        endpoint = Endpoint(tmp_path, settings={"web_origins": (LISTED,)})
        endpoint.app.state.handler = None
        response = asked(endpoint, PROFILE_PATH, LISTED, method="GET")
        endpoint.close()
        assert response.status == 500
        assert leave_in(response)["access-control-allow-origin"] == LISTED

    def test_the_page_can_read_how_long_to_wait(self, listing: Endpoint) -> None:
        """`Retry-After` is hidden from pages unless it is named."""
        submission = submission_of()
        listing.submit(submission)
        for _ in range(7):
            wrong = request_for(submission, key=type(submission.case_key)(secrets.token_hex(32)))
            body = seal_for(listing.profile, wrong, purpose=Purpose.STATUS).wire
            response = asked(listing, PATHS[Purpose.STATUS], LISTED, body=body)
        assert response.status == 429
        assert response.header("retry-after")
        assert leave_in(response)["access-control-expose-headers"] == "retry-after"

    @pytest.mark.parametrize("origin", ["null", "", "HTTPS://A.EXAMPLE", "https://a.example/", "https://*.example", "a.example", "https://a.example\r\nx: y", "https://a.example b"])  # fmt: skip
    def test_what_no_browser_names_stops_the_start(self, tmp_path: Path, origin: str) -> None:
        """`null` above all: it stands for every page without an origin of its own."""
        make_keys(tmp_path / "keys")
        with pytest.raises(ConfigError, match="'web_origins'"):
            create_app(
                EndpointSettings(
                    database=tmp_path / "db", keys=tmp_path / "keys", origin=ORIGIN, web_origins=(LISTED, origin)
                )
            )
        assert not (tmp_path / "db").exists()


@pytest.mark.parametrize("document", PAGES.values(), ids=PAGES)
class TestPage:
    """The page at the endpoint's own address."""

    @pytest.fixture
    def serving(self, document: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
        """Give an endpoint that serves the page."""
        monkeypatch.setattr(page, "PAGE_FILE", written(tmp_path, document))
        endpoint = Endpoint(tmp_path, settings={"page": True, "origin": "https://takedown.example"})
        yield endpoint
        endpoint.close()

    def test_it_is_the_page_for_this_service(self, serving: Endpoint, document: bytes) -> None:
        """The same bytes, and so the same number, as the file that the command line saves for it; it connects to itself."""
        response = call(serving.app, "/", method="GET")
        assert (response.status, response.header("content-type")) == (200, "text/html; charset=utf-8")
        assert response.body == page.page_for(document, "https://takedown.example")
        headers = {name.decode(): value.decode() for name, value in response.headers}
        del headers["content-type"]
        assert headers.pop("content-length") == str(len(response.body))
        assert headers == page.page_headers(response.body, is_own_service=True)
        policy = directives(headers["content-security-policy"])
        assert (policy["connect-src"], policy["frame-ancestors"]) == ("'self'", "'none'")

    def test_its_head_is_answered(self, serving: Endpoint, document: bytes) -> None:
        """With the headers of the page, and no body."""
        whole, head = (call(serving.app, "/", method=method) for method in ("GET", "HEAD"))
        assert (head.status, head.headers, head.body) == (200, whole.headers, b"")

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
    def test_it_takes_nothing(self, serving: Endpoint, method: str, document: bytes) -> None:
        """No other method, and no leave for pages from elsewhere."""
        response = asked(serving, "/", LISTED, method=method, body=b"canary")
        assert (response.status, response.header("allow")) == (405, "GET, HEAD")
        assert leave_in(response) == {}

    @pytest.mark.parametrize(
        "path", ["//", "/index.html", "/page.html", "/../", "/%2e%2e/", "/%252e%252e/", "/favicon.ico"]
    )
    def test_nothing_else_is_there(self, serving: Endpoint, path: str, document: bytes) -> None:
        """Neither beside it nor above it."""
        assert call(serving.app, path, method="GET").status == 404

    def test_the_service_goes_on_beside_it(self, serving: Endpoint, document: bytes) -> None:
        """A submission arrives as always, and the description of the addresses is the same."""
        serving.submit(submission_of())
        assert call(serving.app, PROFILE_PATH, method="GET").status == 200


def test_a_page_that_was_not_built_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no database is made."""
    make_keys(tmp_path / "keys")
    settings = EndpointSettings(database=tmp_path / "db", keys=tmp_path / "keys", origin=ORIGIN, page=True)
    for place in (tmp_path / "nowhere", written(tmp_path, b"something else")):
        monkeypatch.setattr(page, "PAGE_FILE", place)
        with pytest.raises(PageMissingError):
            create_app(settings)
    assert not (tmp_path / "db").exists()


@pytest.mark.parametrize("origin", ["https://192.0.2.1", "http://[::1]:8443", "http://127.0.0.2:8443"])
def test_an_origin_that_no_policy_names_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    """The page could ask no service; without the page, the endpoint works there."""
    monkeypatch.setattr(page, "PAGE_FILE", written(tmp_path))
    make_keys(tmp_path / "keys")
    with pytest.raises(PageServiceError):
        create_app(EndpointSettings(database=tmp_path / "db", keys=tmp_path / "keys", origin=origin, page=True))
    assert not (tmp_path / "db").exists()


@contextmanager
def served_to_browsers(folder: Path, built: Path) -> Iterator[Server]:
    """Serve the page, and let one origin in."""
    letting_in = f"serve_endpoint = partial(serve_endpoint, page=True, web_origins=({LISTED!r},))"
    first = f"from functools import partial\n{WITH_STAND_IN.format(str(written(built)))}\n{letting_in}"
    with served(folder, first=first) as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve one endpoint for all tests that leave it running."""
    with served_to_browsers(tmp_path_factory.mktemp("browsers"), tmp_path_factory.mktemp("built")) as running:
        yield running


@pytest.mark.loopback
@pytest.mark.enable_socket
class TestSockets:
    """The same over real sockets, and what is left of a browser's visit."""

    def test_the_page_is_served(self, server: Server) -> None:
        """Made for the port that was found, without a name of the program or a date."""
        status, headers, body = read_raw(
            exchange(server.port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        )
        assert (status, body) == (200, page.page_for(STAND_IN, server.origin))
        assert not {"server", "date", "set-cookie"} & set(headers)

    @pytest.mark.parametrize(
        "head",
        ["GET /../ HTTP/1.1\r\nHost: x", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x", "GET /%252e%252e/ HTTP/1.1\r\nHost: x",
         "GET //etc/passwd HTTP/1.1\r\nHost: x", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0",
         "GET / HTTP/1.1\r\nHost: x\r\nHost: y", "GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: x\r\nX: " + "x" * 70_000,
         "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked"],
    )  # fmt: skip
    def test_nothing_else_is(self, server: Server, head: str) -> None:
        """Traversal, another method, two Hosts, none, a huge head, two lengths: never the page."""
        answer = exchange(server.port, f"{head}\r\nConnection: close\r\n\r\n0\r\n\r\n".encode())
        assert 400 <= read_raw(answer)[0] < 500
        assert b"<!doctype" not in answer

    def test_a_browser_is_let_in(self, server: Server) -> None:
        """A preflight, even one with a body, and then a question that gets a problem it may read."""
        path = PATHS[Purpose.STATUS]
        head = f"Host: x\r\nOrigin: {LISTED}\r\nConnection: close\r\nContent-Type: {PLAIN}\r\n"
        for request, expected in (
            (f"OPTIONS {path} HTTP/1.1\r\n{head}Access-Control-Request-Method: POST\r\n\r\n", 204),
            (
                f"OPTIONS {path} HTTP/1.1\r\n{head}Access-Control-Request-Method: POST\r\nContent-Length: 6\r\n\r\ncanary",
                204,
            ),
            (f"POST {path} HTTP/1.1\r\n{head}Content-Length: 2\r\n\r\n{{}}", 422),
        ):
            status, headers, _ = read_raw(exchange(server.port, request.encode()))
            assert (status, headers["access-control-allow-origin"], headers["vary"]) == (expected, LISTED, "Origin")

    def test_nothing_of_a_browser_is_kept(self, tmp_path: Path) -> None:
        """Name, languages, origin and hints of a browser are in no file and no log, whether it was let in or not."""
        names = (
            "User-Agent",
            "Accept-Language",
            "sec-ch-ua",
            "sec-ch-ua-platform",
            "Referer",
            "Cookie",
            "X-Forwarded-For",
        )
        canaries = [f"{name}: canary" for name in names]
        submission = submission_of()
        body = encode(submission)
        (tmp_path / "cases").mkdir()
        with served_to_browsers(tmp_path / "cases", tmp_path) as running:
            for origin in (LISTED, "https://canary.example", "null"):
                said = "\r\n".join([f"Origin: {origin}", *canaries, f"Content-Type: {PLAIN}", "Connection: close"])
                for path in ["/", *FOUR, "/canary"]:
                    for method in ("GET", "OPTIONS", "POST"):
                        head = (
                            f"{method} {path} HTTP/1.1\r\nHost: canary\r\n{said}\r\nContent-Length: {len(body)}\r\n\r\n"
                        )
                        assert b"canary" not in exchange(running.port, head.encode() + body)
            stored = b"".join(file.read_bytes() for file in (tmp_path / "cases").iterdir())
            running.process.terminate()
            assert running.process.communicate(timeout=20) == ("", "")
        assert bytes.fromhex(submission.items[0].signals[0].value) in stored  # so the search sees what is kept
        assert b"canary" not in stored
        assert LISTED.encode() not in stored
