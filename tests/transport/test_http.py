"""Requests look alike, trust what they are told to trust, and leave nothing in logs."""

import datetime as dt
import ipaddress
import logging
import os
import ssl
import subprocess
import sys
from pathlib import Path as FilePath

import httpcore
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hashclient.client import Client
from hashclient.errors import (
    ConfigError,
    EndpointUnreachableError,
    MissingExtraError,
    NotConfirmedError,
    ProxyRefusedError,
    SignInFirstError,
    TransportError,
    UntrustedEndpointError,
    WrongClockError,
)
from hashclient.model import Suite
from hashclient.model.wire import JSON, WireBody
from hashclient.testing import EndpointSimulator
from hashclient.transport.http import HttpTransport
from hashclient.transport.interface import Path, Reply, Transport
from kit.peer import Exchange, Peer, http
from kit.submissions import client_for, credentials, remembered_case_keys, submission

loopback = [pytest.mark.loopback, pytest.mark.enable_socket]
__all__ = ["remembered_case_keys"]

ASK = """
import sys
from pathlib import Path as FilePath
from hashclient.transport.http import HttpTransport
from hashclient.transport.interface import Path
with HttpTransport(sys.argv[1], ca_file=FilePath(sys.argv[2]) if sys.argv[2:] else None) as transport:
    print(transport.send(Path.PROFILE, None, deadline=20).status)
"""


@pytest.fixture
def simulator() -> EndpointSimulator:
    return EndpointSimulator(suites=(Suite.X25519,))


class Authority:
    """A certificate authority of this test, and a server of its own."""

    def __init__(self, folder: FilePath, *, name: str = "localhost", begins: int = -9, days: int = 1) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        today = dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
        names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today + dt.timedelta(days=begins))
            .not_valid_after(today + dt.timedelta(days=days))
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.file = folder / "roots.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        held = folder / "server.pem"
        held.write_bytes(
            self.file.read_bytes()
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(held)


@pytest.fixture
def authority(tmp_path: FilePath) -> Authority:
    return Authority(tmp_path)


class TestRequests:
    """What goes out."""

    pytestmark = loopback

    def test_heads_are_of_one_length_and_order(self, simulator: EndpointSimulator) -> None:
        """The heads of submission, status and withdrawal have the same fields in the same order and are equally long."""
        with Peer(simulator) as peer, HttpTransport(peer.origin) as transport:
            client = client_for(transport)
            client.submit(submission())
            client.status(*credentials())
            client.withdraw(*credentials())
        question, *heads = peer.heads
        assert len(heads) == 3
        assert len({len(head) for head in heads}) == 1
        common = ["host", "connection", "user-agent", "accept", "accept-encoding"]
        assert _names(question) == common
        for head in heads:
            assert _names(head) == [*common, "content-type", "content-length", "padding"]
        for head in peer.heads:
            assert b"\r\nUser-Agent: hashclient\r\n" in head + b"\r\n"
            assert b"\r\nAccept-Encoding: identity\r\n" in head + b"\r\n"
            assert b"python" not in head.lower()

    def test_one_connection(self, simulator: EndpointSimulator) -> None:
        """Profile and submission share one connection."""
        with Peer(simulator) as peer, HttpTransport(peer.origin) as transport:
            pool = transport._client._transport._pool  # type: ignore[attr-defined]  # httpx's transport
            client_for(transport).submit(submission())
            assert len(pool.connections) == 1

    def test_no_cookie_comes_back(self, simulator: EndpointSimulator) -> None:
        """A cookie of one reply is not in the next request."""

        def bake(exchange: Exchange) -> None:
            reply = exchange.honest()
            exchange.conn.sendall(http(200, reply.untrusted_body, kind=JSON, more="Set-Cookie: a=b; Path=/\r\n"))

        with Peer(simulator, on_profile=bake) as peer, HttpTransport(peer.origin) as transport:
            for _ in range(2):
                transport.send(Path.PROFILE, None, deadline=10)
        assert not any(b"cookie" in head.lower() for head in peer.heads)

    @pytest.mark.parametrize(
        ("lines", "seconds"),
        [
            ("Retry-After: 7\r\n", 7),
            ("Retry-After: 0\r\n", 0),
            ("Retry-After: -1\r\n", None),
            ("Retry-After: \u00b2\r\n", None),
            ("Retry-After: 1.5\r\n", None),
            ("Retry-After: tomorrow\r\n", None),
            ("Date: Mon, 23 Nov 2026 10:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 10:02:00 GMT\r\n", 120),
            ("Retry-After: Mon, 23 Nov 1998 10:02:00 GMT\r\n", 0),
            ("Date: never\r\nRetry-After: Mon, 23 Nov 2026 10:02:00 GMT\r\n", None),
            ("", None),
        ],
    )
    def test_retry_after(self, simulator: EndpointSimulator, lines: str, seconds: float | None) -> None:
        """Seconds and dates are read, a date by the endpoint's own clock; anything else is nothing."""

        def busy(exchange: Exchange) -> None:
            exchange.conn.sendall(http(503, more=lines))

        with Peer(simulator, on_profile=busy) as peer, HttpTransport(peer.origin) as transport:
            reply = transport.send(Path.PROFILE, None, deadline=10)
        assert reply == Reply(503, "", b"", seconds)

    def test_nothing_in_logs(self, simulator: EndpointSimulator, caplog: pytest.LogCaptureFixture) -> None:
        """With everything logged, httpx and httpcore say nothing."""
        caplog.set_level(logging.DEBUG)
        for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        with Peer(simulator) as peer, HttpTransport(peer.origin) as transport:
            client_for(transport).submit(submission())
        assert caplog.records == []

    def test_no_address_in_errors(self, simulator: EndpointSimulator) -> None:
        """An error shows no address, in itself or in what it was made from."""
        with Peer(simulator) as peer:
            pass
        with HttpTransport(peer.origin) as transport, pytest.raises(EndpointUnreachableError) as caught:
            transport.send(Path.PROFILE, None, deadline=5)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
        assert str(peer.port) not in f"{caught.value!r}{caught.value.hint}{transport!r}"


def _names(head: bytes) -> list[str]:
    return [line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n")[1:]]


def _only_http(exchange: Exchange) -> None:
    raise AssertionError(exchange)  # never asked: what arrives is no HTTP


class TestTrust:
    """Whom the transport believes."""

    pytestmark = loopback

    def test_a_private_authority(self, simulator: EndpointSimulator, authority: Authority) -> None:
        """A service with a certificate of the roots that were named is reached over TLS."""
        peer = Peer(simulator, tls=authority.server)
        with peer, HttpTransport(peer.origin, ca_file=authority.file) as transport:
            assert Client(transport).submit(submission()).items == 2

    def test_certificates_that_do_not_hold(self, simulator: EndpointSimulator, tmp_path: FilePath) -> None:
        """An unknown root, another name and a certificate that is over are not trusted, and no request is made."""
        bad = []
        for place, options in (("other", {"name": "other.example"}), ("over", {"days": -1}), ("good", {})):
            (tmp_path / place).mkdir()
            bad.append(Authority(tmp_path / place, **options))
        for authority, roots in ((bad[0], bad[0].file), (bad[1], bad[1].file), (bad[2], None), (bad[2], bad[0].file)):
            with Peer(simulator, tls=authority.server) as peer, HttpTransport(peer.origin, ca_file=roots) as transport:
                with pytest.raises(UntrustedEndpointError, match="Nothing was sent"):
                    client_for(transport).submit(submission())
                assert peer.heads == []

    @pytest.mark.parametrize("when", [{"days": -1}, {"begins": 2, "days": 9}], ids=["over", "to come"])
    def test_a_certificate_of_another_time(
        self, simulator: EndpointSimulator, tmp_path: FilePath, when: dict[str, int]
    ) -> None:
        """Mostly it is this device's clock that is wrong, so that is what the person is told to look at."""
        authority = Authority(tmp_path, **when)  # type: ignore[arg-type]  # all of these are numbers
        peer = Peer(simulator, tls=authority.server)
        with peer, HttpTransport(peer.origin, ca_file=authority.file) as transport:
            with pytest.raises(WrongClockError, match=r"By the clock of this device.*Nothing was sent") as caught:
                transport.send(Path.PROFILE, None, deadline=5)
            assert "date and the time of this device" in caught.value.hint

    def test_plain_http_behind_https(self, simulator: EndpointSimulator) -> None:
        """Something that speaks no TLS at an https address is not used."""
        peer = Peer(simulator, _only_http)
        unsure = pytest.raises((UntrustedEndpointError, EndpointUnreachableError), match="Nothing was sent")
        with peer, HttpTransport(f"https://localhost:{peer.port}") as transport, unsure:
            transport.send(Path.PROFILE, None, deadline=0.5)

    def test_old_tls_is_refused(self, authority: Authority) -> None:
        """A service that can do no better than TLS 1.1 is not used."""
        with HttpTransport("https://endpoint.example", ca_file=authority.file) as transport:
            context = transport._client._transport._pool._ssl_context  # type: ignore[attr-defined]  # httpx's transport
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.keylog_filename is None

    def test_files_of_roots(self, tmp_path: FilePath) -> None:
        """A file of roots that is missing or none is an error of the settings."""
        (tmp_path / "none.pem").write_text("none")
        for file in (tmp_path / "missing.pem", tmp_path / "none.pem"):
            with pytest.raises(ConfigError, match="certificates"):
                HttpTransport("https://endpoint.example", ca_file=file)


@pytest.fixture
def hostile_environment(tmp_path: FilePath, authority: Authority) -> dict[str, str]:
    """Set everything that other programs obey: key log, proxies, roots, passwords."""
    (tmp_path / ".netrc").write_text("machine localhost login person password word\ndefault login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    proxies = {f"{kind}_PROXY": "http://127.0.0.1:1" for kind in ("HTTP", "HTTPS", "ALL", "http", "https", "all")}
    roots = {"SSL_CERT_FILE": str(authority.file), "SSL_CERT_DIR": str(tmp_path)}
    others = {"REQUESTS_CA_BUNDLE": str(authority.file), "CURL_CA_BUNDLE": str(authority.file)}
    logged = {"SSLKEYLOGFILE": str(tmp_path / "keys.log"), "HTTPX_LOG_LEVEL": "trace"}
    home = {"HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc")}
    return {**os.environ, **proxies, **roots, **others, **logged, **home}


class TestEnvironment:
    """What the environment may change: nothing."""

    pytestmark = loopback

    def test_it_has_no_effect(
        self,
        simulator: EndpointSimulator,
        authority: Authority,
        hostile_environment: dict[str, str],
        tmp_path: FilePath,
    ) -> None:
        """Key log, proxies, roots and passwords of the environment are not used; a named file of roots is."""
        with Peer(simulator, tls=authority.server) as peer:
            trusting = _ask(peer.origin, str(authority.file), environ=hostile_environment)
            assert (trusting.returncode, trusting.stdout, trusting.stderr) == (0, "200\n", "")
            assert len(peer.heads) == 1
            assert b"authorization" not in peer.heads[0].lower()
            doubting = _ask(peer.origin, environ=hostile_environment)
            assert "UntrustedEndpointError" in doubting.stderr
            assert len(peer.heads) == 1
        assert not (tmp_path / "keys.log").exists()

    def test_the_same_environment_reaches_a_careless_client(
        self,
        simulator: EndpointSimulator,
        authority: Authority,
        hostile_environment: dict[str, str],
        tmp_path: FilePath,
    ) -> None:
        """The test above can see: httpx as it comes writes the key log in this environment."""
        careless = f"import httpx, ssl; httpx.get({'{0!r}'}, verify=ssl.create_default_context(), trust_env=False)"
        with Peer(simulator, tls=authority.server) as peer:
            asked = careless.format(peer.origin + "/.well-known/hashclient.json")
            subprocess.run([sys.executable, "-c", asked], env=hostile_environment, check=True)
        assert (tmp_path / "keys.log").stat().st_size > 0


def _ask(*arguments: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", ASK, *arguments], env=environ, capture_output=True, text=True, check=False
    )


class TestThisDevice:
    """Plain http stays here."""

    pytestmark = loopback

    def test_a_name_that_leads_elsewhere(self, simulator: EndpointSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where `localhost` turns out to be another device, the connection is closed and nothing was sent."""
        monkeypatch.setattr("hashclient.transport.bounded.is_loopback_ip", lambda ip: ip != "127.0.0.1")
        peer, not_there = Peer(simulator), pytest.raises(EndpointUnreachableError)
        with peer, HttpTransport(f"http://localhost:{peer.port}") as transport, not_there:
            transport.send(Path.STATUS, WireBody(b"{}"), deadline=5)
        assert peer.heads == []


class TestProxies:
    """The one way to a proxy."""

    pytestmark = loopback

    def test_only_the_named_one(self) -> None:
        """Proxies are taken by argument; one for this device is refused, as is SOCKS without its package."""
        for proxy in ("http://proxy.example:8080", "https://proxy.example"):
            with HttpTransport("https://endpoint.example", proxy=proxy) as transport:
                pool = transport._client._transport._pool  # type: ignore[attr-defined]  # httpx's transport
                assert type(pool).__name__ == "HTTPProxy"
        with pytest.raises(ConfigError, match="without a proxy"):
            HttpTransport("http://127.0.0.1:8000", proxy="socks5h://127.0.0.1:9050")
        with pytest.raises(ConfigError, match="proxy"):
            HttpTransport("https://endpoint.example", proxy="socks4://127.0.0.1:9050")

    def test_socks_needs_its_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the package a SOCKS proxy is a clear error; with it, the proxy is used."""
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        with pytest.raises(MissingExtraError, match="not installed"):
            HttpTransport("https://endpoint.example", proxy="socks5h://127.0.0.1:9050")
        monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
        monkeypatch.setattr("httpcore.SOCKSProxy", httpcore.HTTPProxy)  # its real one needs the package
        with HttpTransport("https://endpoint.example", proxy="socks5h://127.0.0.1:9050") as transport:
            pool = transport._client._transport._pool  # type: ignore[attr-defined]  # httpx's transport
            assert pool._proxy_url.scheme == b"socks5h"

    def test_through_a_proxy(self, simulator: EndpointSimulator) -> None:
        """An HTTP proxy is asked to connect by name, and sees nothing else; where it refuses, nothing was sent."""

        def refuse(exchange: Exchange) -> None:
            exchange.conn.sendall(http(403))

        with Peer(simulator, refuse) as peer:
            transport = HttpTransport("https://endpoint.example", proxy=f"http://127.0.0.1:{peer.port}")
            with transport, pytest.raises(ProxyRefusedError, match="Nothing was sent"):
                transport.send(Path.PROFILE, None, deadline=5)
        assert [head.split(b"\r\n")[0] for head in peer.heads] == [b"CONNECT endpoint.example:443 HTTP/1.1"]

    def test_a_proxy_that_is_not_there(self, simulator: EndpointSimulator) -> None:
        """It is the proxy that is to be looked at, not the service."""
        with Peer(simulator) as peer:
            nowhere = peer.port
        transport = HttpTransport("https://endpoint.example", proxy=f"http://127.0.0.1:{nowhere}")
        with transport, pytest.raises(ProxyRefusedError, match="proxy"):
            transport.send(Path.PROFILE, None, deadline=5)


class TestNetworksInBetween:
    """What hotels and trains answer in place of a service."""

    pytestmark = loopback

    @pytest.mark.parametrize(
        ("answer", "error", "sentence"),
        [
            (http(511, b"<p>Sign in", kind="text/html"), SignInFirstError, "wants you to sign in"),
            (http(511), SignInFirstError, "wants you to sign in"),
            (http(200, b"<p>Welcome", kind="text/html; charset=utf-8"), EndpointUnreachableError, "is a web page"),
            (http(404, b"<p>Not here", kind="Text/HTML"), EndpointUnreachableError, "is a web page"),
            (http(302, more="Location: https://login.example\r\n"), UntrustedEndpointError, "pointed to another"),
            (http(200, b"hello", kind="text/plain"), EndpointUnreachableError, "no service that this program knows"),
            (http(502, b"<p>Bad gateway", kind="text/html"), EndpointUnreachableError, "too busy"),
        ],
    )
    def test_each_has_its_own_words(
        self, simulator: EndpointSimulator, answer: bytes, error: type[TransportError], sentence: str
    ) -> None:
        """Nothing was sent, and where signing in may help, that is said."""
        peer = Peer(simulator, on_profile=lambda exchange: exchange.conn.sendall(answer))
        with peer, HttpTransport(peer.origin) as transport, pytest.raises(error, match=sentence) as caught:
            client_for(transport).profile()
        assert type(caught.value) is error
        assert "Nothing was sent." in caught.value.sentence
        is_portal = answer.startswith((b"HTTP/1.1 511", b"HTTP/1.1 302")) or "web page" in sentence
        assert ("sign in" in caught.value.hint) is is_portal


class _Broken(Transport):
    """A transport whose author forgot something."""

    origin = "https://endpoint.example"

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def _send(self, path: Path, body: object, *, deadline: float) -> Reply:
        assert path
        assert body is None or deadline
        raise self._error


class TestInterface:
    """What holds for every transport."""

    @pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), httpx.ReadTimeout("x"), RecursionError()])
    def test_only_our_errors_get_out(self, error: Exception) -> None:
        """Whatever happens inside, callers see a transport error that says what is known."""
        with _Broken(error) as transport:
            with pytest.raises(EndpointUnreachableError):
                transport.send(Path.PROFILE, None, deadline=1)
            with pytest.raises(NotConfirmedError):
                transport.send(Path.STATUS, WireBody(b"{}"), deadline=1)

    def test_ours_pass_as_they_are(self) -> None:
        """A transport error of ours is not changed, and Ctrl-C passes."""
        for error in (UntrustedEndpointError(), KeyboardInterrupt()):
            with pytest.raises(type(error)) as caught:
                _Broken(error).send(Path.STATUS, WireBody(b"{}"), deadline=1)
            assert caught.value is error
