"""The pieces of `demo` and of the missing extra, each for itself."""

import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient import _optional
from hashclient.cli import _runs
from hashclient.cli._relay import Relay
from hashclient.errors import MissingExtraError


@pytest.mark.loopback
@pytest.mark.enable_socket
def test_the_relay_carries_and_keeps_every_byte() -> None:
    """What goes in comes out, both ways, one connection after the other, and is kept in order."""
    with Relay() as relay, socket.create_server(("127.0.0.1", 0)) as upstream:

        def shout() -> None:
            for _ in range(2):
                caller, _ = upstream.accept()
                with caller:
                    caller.sendall(caller.recv(100).upper())

        shouting = threading.Thread(target=shout)
        shouting.start()
        relay.lead_to(upstream.getsockname()[1])
        for word in (b"one", b"two"):
            with socket.create_connection(("127.0.0.1", relay.port)) as caller:
                caller.sendall(word)
                assert caller.recv(100) == word.upper()
        shouting.join()
    assert bytes(relay.sent) == b"onetwo"
    assert bytes(relay.received) == b"ONETWO"


@given(st.binary(min_size=_runs.RUN_BYTES, max_size=200), st.binary(max_size=80), st.binary(max_size=80), st.data())
def test_any_run_of_a_file_is_found_wherever_it_lies(
    file: bytes, before: bytes, after: bytes, data: st.DataObject
) -> None:
    """One run, planted anywhere, is seen."""
    start = data.draw(st.integers(0, len(file) - _runs.RUN_BYTES))
    planted = before + file[start : start + _runs.RUN_BYTES] + after
    assert _runs.found([file], within=[b"nothing", planted]) >= 1


@given(st.binary(max_size=100))
def test_what_is_shorter_than_a_run_is_not_found(file: bytes) -> None:
    """Runs are counted one at each byte, and 31 bytes are none."""
    assert _runs.count([file]) == max(0, len(file) - 31)
    assert _runs.found([file], within=[file[:31]]) == 0


def test_a_missing_extra_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence for all extras, and what to type."""
    monkeypatch.setitem(_optional.EXTRAS, "endpoint", ("a_package_that_is_not_there",))
    with pytest.raises(MissingExtraError) as missing:
        _optional.require_extra("endpoint")
    assert missing.value.hint == "Run: pip install 'hashclient[endpoint]'"


def test_an_extra_that_is_there_is_no_error() -> None:
    """Nothing of it is loaded."""
    _optional.require_extra("endpoint")
