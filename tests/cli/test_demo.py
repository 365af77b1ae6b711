"""The verb `demo`: everything it tells is done, and it leaves nothing behind."""

import json
import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

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
    "inside the seals: 0.",
    "the same search finds: 1.",
    "its folder is gone",
]


def test_the_round_in_its_order(run: Run, tmp_path: Path) -> None:
    """Each step is told, what would leave is data, and the temporary folder is empty again."""
    (tmp_path / "temporary").mkdir()
    ended = run("demo", TMPDIR=str(tmp_path / "temporary"))
    assert ended.returncode == 0
    words = flat(ended.stderr)
    places = [words.find(step) for step in ROUND]
    assert -1 not in places
    assert places == sorted(places)
    assert len(json.loads(ended.stdout)["items"]) == 3
    assert list((tmp_path / "temporary").iterdir()) == []
    assert "\x1b" not in ended.stderr


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
