"""The key file: made once, read by its owner, renewed without losing a case."""

import json
from pathlib import Path

import pytest

from hashclient.endpoint import keys as keys_module
from hashclient.endpoint.keys import load_keys, make_keys, renew_keys
from hashclient.errors import ConfigError, NoHybridError
from hashclient.model import Suite
from hashclient.sealing import check_digits
from hashclient.vocabulary import Purpose
from kit.endpoint import Endpoint, submission_of


def test_what_is_made_is_what_is_loaded(tmp_path: Path) -> None:
    """Keys, days, check digits and peppers are unchanged, with one key for each suite."""
    made = make_keys(tmp_path / "keys")
    loaded = load_keys(tmp_path / "keys")
    assert loaded == made
    assert [key.suite for key in loaded.public()] == [Suite.MLKEM768_X25519, Suite.X25519]
    assert loaded.public() == made.public()
    assert all(len(check_digits(key).split()) == 5 for key in made.public())
    assert set(loaded.by_id()) == {key.id for key in made.public()}


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """It is created with mode 0600, and refused if others can read it."""
    path = tmp_path / "keys"
    make_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="can read"):
        load_keys(path)


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    """Losing the peppers would lose every case."""
    path = tmp_path / "keys"
    made = make_keys(path)
    with pytest.raises(ConfigError, match="was not changed"):
        make_keys(path)
    assert load_keys(path) == made


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A missing folder is for the operator to fix, and the sentence holds no path."""
    with pytest.raises(ConfigError, match="could not be written") as caught:
        make_keys(tmp_path / "nowhere" / "keys")
    assert str(tmp_path) not in str(caught.value)


def _broken(document: dict[str, object], what: str) -> object:
    if what == "version":
        return document | {"version": 2}
    if what == "no keys":
        return document | {"keys": []}
    if what == "short pepper":
        return document | {"peppers": {"case_key": "00", "case_number": "00", "submission": "00"}}
    if what == "short key":
        return document | {"keys": [{"suite": 1, "private": "00", "expires": "2027-01-01"}]}
    if what == "unknown suite":
        return document | {"keys": [{"suite": 9, "private": "00" * 32, "expires": "2027-01-01"}]}
    if what == "no day":
        return document | {"keys": [{"suite": 1, "private": "00" * 32, "expires": "soon"}]}
    return {"list": [], "text": "keys", "number": 1, "nothing": None}[what]


@pytest.mark.parametrize(
    "what",
    [
        "version", "no keys", "short pepper", "short key", "unknown suite", "no day",
        "list", "text", "number", "nothing",
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(tmp_path: Path, what: str) -> None:
    """Every kind of damage gets the same calm sentence."""
    path = tmp_path / "keys"
    make_keys(path)
    path.write_text(json.dumps(_broken(json.loads(path.read_text()), what)))
    with pytest.raises(ConfigError, match="cannot be used"):
        load_keys(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[" * 60_000])
def test_what_is_not_json_is_refused(tmp_path: Path, content: bytes) -> None:
    """Bytes of any kind get the same sentence."""
    path = tmp_path / "keys"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="cannot be used"):
        load_keys(path)


def test_a_missing_file_names_the_command(tmp_path: Path) -> None:
    """The hint is ready to copy."""
    with pytest.raises(ConfigError, match="could not be read") as caught:
        load_keys(tmp_path / "keys")
    assert "hashclient endpoint key" in caught.value.hint


def test_secrets_do_not_show_themselves(tmp_path: Path) -> None:
    """No repr contains a pepper or a private key."""
    path = tmp_path / "keys"
    made = make_keys(path)
    document = json.loads(path.read_text())
    shown = repr(made) + repr(made.held) + repr(made.peppers)
    for secret in [*document["peppers"].values(), *(key["private"] for key in document["keys"])]:
        assert secret not in shown
        assert repr(bytes.fromhex(secret))[2:-1] not in shown


def test_a_build_without_the_hybrid_is_told_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile that promises what cannot be opened would lose every request."""
    make_keys(tmp_path / "keys")
    monkeypatch.setattr(keys_module, "can_do", lambda suite: suite is Suite.X25519)
    with pytest.raises(NoHybridError):
        load_keys(tmp_path / "keys")


def test_renewed_keys_open_old_and_new_requests(endpoint: Endpoint) -> None:
    """Old keys overlap with new ones, and cases can still be found."""
    before, submission = endpoint.profile, submission_of()
    endpoint.submit(submission)
    endpoint.close()
    renewed = renew_keys(endpoint.keys, days=500)
    assert endpoint.keys.stat().st_mode & 0o777 == 0o600
    endpoint.open()
    assert endpoint.profile.keys == renewed.public()
    assert endpoint.profile.keys[2:] == before.keys
    assert endpoint.report(submission).status == "Received"
    endpoint.profile = before
    assert endpoint.report(submission, purpose=Purpose.WITHDRAWAL).status == "Withdrawn"


def test_renewing_drops_what_is_past_its_day(tmp_path: Path) -> None:
    """Only keys that are still valid are kept."""
    path = tmp_path / "keys"
    old = make_keys(path, days=-1)
    renewed = renew_keys(path)
    assert len(renewed.held) == 2
    assert not set(old.held) & set(renewed.held)
    assert renewed.peppers == old.peppers


def test_a_renewal_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    """What it left behind is not in the way."""
    path = tmp_path / "keys"
    make_keys(path)
    (tmp_path / "keys.new").write_text("half")
    assert load_keys(path).peppers == renew_keys(path).peppers
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]


def test_a_failed_renewal_leaves_the_old_file(tmp_path: Path) -> None:
    """If the new file cannot be written, nothing changes."""
    path = tmp_path / "keys"
    made = make_keys(path)
    (tmp_path / "keys.new").mkdir()
    with pytest.raises(ConfigError, match="unchanged"):
        renew_keys(path)
    assert load_keys(path) == made
