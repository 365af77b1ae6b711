"""The verb `demo`: everything it tells is done, and it leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.cli.demo import RUN_BYTES, count_runs, found_runs, service_process
from hashclient.errors import HashclientError
from kit.command_line import PROGRAM, At, Run, environment, flat

ROUND = [
    "1. A service to send to",
    "2. Fingerprints are made on this device",
    "bits differ",
    "3. You see what would leave",
    "4. You get case number and PIN",
    "5. Sealed and sent",
    "Its digest is that of the bytes above",
    "6. Followed, and taken back",
    "Asked: Received by",
    "Taken back: You took this request back.",
    "Asked again: You took this request back. Fingerprints held: 0.",
    "7. What crossed the wire",
    "SHA-256",
    "what was inside the seals, were searched",
    "Found: 0.",
    "the same search finds: 1.",
    "its folder is gone",
]


def test_the_round_in_its_order(run: Run, tmp_path: Path) -> None:
    """Each step is told, what would leave is data, and the temporary folder is empty again."""
    (tmp_path / "temporary").mkdir()
    ended = run("demo", TMPDIR=str(tmp_path / "temporary"))
    assert ended.returncode == 0
    words = flat(ended.stderr)
    assert [step for step in ROUND if step not in words] == [], words
    places = [words.find(step) for step in ROUND]
    assert places == sorted(places)
    assert len(json.loads(ended.stdout)["items"]) == 3
    assert list((tmp_path / "temporary").iterdir()) == []
    assert "\x1b" not in ended.stderr


@pytest.mark.slow
def test_it_fits_two_screens_and_takes_no_settings(terminal: At, tmp_path: Path) -> None:
    """At a terminal of 80 columns; a service in the environment is left alone."""
    settings = {"COLUMNS": "80", "HASHCLIENT_ENDPOINT": "https://endpoint.example", "HASHCLIENT_KEYS": "0" * 16}
    at = terminal("demo", TMPDIR=str(tmp_path), **settings)
    assert at.wait() == 0
    assert at.text.count("\n") <= 70
    assert "\x1b[1m" in at.text


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_tidies_up_when_it_is_stopped(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Ctrl-C or a signal in the middle: the service has ended and the folder is gone."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    settings = environment(tmp_path) | {"TMPDIR": str(temporary)}
    with subprocess.Popen([*PROGRAM, "demo"], stderr=subprocess.PIPE, text=True, env=settings) as process:
        assert process.stderr
        while "2. Fingerprints" not in process.stderr.readline():
            pass
        started = psutil.Process(process.pid).children(recursive=True)
        assert any("serve" in one.cmdline() for one in started)
        os.kill(process.pid, number)
        said = process.stderr.read()
    assert process.returncode == code
    assert "Stopped. Nothing left this machine." in flat(said)
    assert list(temporary.iterdir()) == []
    _, alive = psutil.wait_procs(started, timeout=10)
    assert alive == []


@pytest.mark.loopback
@pytest.mark.enable_socket
def test_the_relay_carries_and_keeps_every_byte() -> None:
    """What goes in comes out, both ways, one connection after the other, and is kept in order."""
    with service_process.Relay() as relay, socket.create_server(("127.0.0.1", 0)) as upstream:

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


@given(st.binary(min_size=RUN_BYTES, max_size=200), st.binary(max_size=80), st.binary(max_size=80), st.data())
def test_any_run_of_a_file_is_found_wherever_it_lies(
    file: bytes, before: bytes, after: bytes, data: st.DataObject
) -> None:
    """One run, planted anywhere, is seen."""
    start = data.draw(st.integers(0, len(file) - RUN_BYTES))
    planted = before + file[start : start + RUN_BYTES] + after
    assert found_runs([file], within=[b"nothing", planted]) >= 1


@given(st.binary(max_size=100))
def test_what_is_shorter_than_a_run_is_not_found(file: bytes) -> None:
    """Runs are counted one at each byte, and 31 bytes are none."""
    assert count_runs([file]) == max(0, len(file) - 31)
    assert found_runs([file], within=[file[:31]]) == 0


@pytest.mark.loopback
@pytest.mark.enable_socket
@pytest.mark.parametrize("says", ["print('nothing')", "print(':1', flush=True); import time; time.sleep(60)"])
def test_an_example_service_that_does_not_behave_is_ended(
    says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One that names no port is an error; one that does not end is killed."""
    stubborn = tmp_path / "python"
    ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    stubborn.write_text(f"#!{sys.executable}\n{ignore}\n{says}\n")
    stubborn.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stubborn))
    monkeypatch.setattr(service_process, "END_SECONDS", 0.2)
    before = psutil.Process().children()
    if "nothing" in says:
        with pytest.raises(HashclientError, match="did not start"), service_process.running():
            pass
    else:
        with service_process.running() as (settings, relay):
            assert settings.endpoint == f"http://127.0.0.1:{relay.port}"
    assert psutil.Process().children() == before
