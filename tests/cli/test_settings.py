"""Settings that the verbs read: what must never be among them."""

import os
from pathlib import Path

import pytest

from hashclient.model import CaseNumber, Suite
from hashclient.testing import EndpointSimulator
from kit.command_line import DECLARED, NOWHERE, PICTURES, Reached, Run, flat

FIRST = PICTURES / "picture-1.jpg"
SECRET = "1234 5678"
READS_SETTINGS = {
    "submit": ["submit", FIRST, *DECLARED, "--endpoint", NOWHERE],
    "submit --dry-run": ["submit", FIRST, *DECLARED, "--dry-run"],
    "submit --to-file": ["submit", FIRST, *DECLARED, "--to-file", "/nowhere/file", "--send", "--credentials-fd", "9"],
    "status": ["status", "--endpoint", NOWHERE],
    "withdraw": ["withdraw", "--endpoint", NOWHERE],
    "doctor --endpoint": ["doctor", "--endpoint", NOWHERE],
}


@pytest.mark.parametrize("command", READS_SETTINGS.values(), ids=READS_SETTINGS)
def test_a_pin_in_the_environment_stops_every_verb_that_reads_settings(
    command: list[str], run_inside: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old name of the trusted keys may be taken for the place of a PIN: what to do is said, the value is not."""
    monkeypatch.setenv("HASHCLIENT_PINS", SECRET)
    ended = run_inside(*command)
    assert ended.returncode == 2
    words = flat(ended.stderr)
    assert "it is called HASHCLIENT_KEYS and names the keys to trust" in words
    assert "A PIN never belongs in the environment" in words
    assert "Nothing was sent." in words
    assert "Remove HASHCLIENT_PINS from the environment" in words
    assert SECRET not in ended.stdout + words
    assert "5678" not in ended.stdout + words


def test_a_verb_that_reads_no_settings_goes_on(run_inside: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does not read cannot mislead it."""
    monkeypatch.setenv("HASHCLIENT_PINS", SECRET)
    ended = run_inside("hash", "--adult", FIRST)
    assert ended.returncode == 0
    assert "5678" not in ended.stderr


SPELLINGS = [
    "https://xn--bcher-kva.example",
    "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example/",
    "HTTPS://B\N{LATIN CAPITAL LETTER U WITH DIAERESIS}CHER.EXAMPLE.",
    "https://XN--bcher-KVA.example:443",
]


@pytest.mark.parametrize("asked", SPELLINGS)
@pytest.mark.parametrize("written", SPELLINGS)
@pytest.mark.parametrize("is_variable", [False, True])
def test_no_spelling_loses_a_trusted_key(
    written: str,
    asked: str,
    is_variable: bool,
    run_inside: Run,
    reached: Reached,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The key that is trusted for an address is asked for however the address is written: another key gets nothing."""
    simulator = reached(EndpointSimulator("https://xn--bcher-kva.example", suites=(Suite.X25519,)))
    right, wrong = simulator.profile().keys[0].id, "0" * 16
    (tmp_path / "hashclient").mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if is_variable:
        monkeypatch.setenv("HASHCLIENT_ENDPOINT", asked)
    named = [] if is_variable else ["--endpoint", asked]
    for key in (wrong, right):
        table = f'[endpoints.it]\norigin = "{written}"\ntrusted_keys = ["{key}"]\n'
        (tmp_path / "hashclient" / "config.toml").write_text(table, encoding="utf-8")
        reading, writing = os.pipe()
        os.write(writing, f"{CaseNumber.from_bits(1).shown()}\n0000 0001\n".encode())
        os.close(writing)
        ended = run_inside("status", *named, "--credentials-fd", str(reading))
        os.close(reading)
        assert ended.returncode == 3
        if key == wrong:
            assert "could not prove that it is the one you chose. Nothing was sent." in flat(ended.stderr)
            assert simulator.requests == []
    assert "knows no case" in flat(ended.stderr)
    assert len(simulator.requests) == 1
