"""Settings that the verbs read: what must never be among them."""

import pytest

from kit.command_line import DECLARED, NOWHERE, PICTURES, Run, flat

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
