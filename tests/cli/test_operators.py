"""The verbs `doctor` and `endpoint`."""

import json
import stat
from pathlib import Path

from kit.command_line import Run, Served, flat

FORMATS = {"JPEG", "PNG", "WebP", "GIF", "BMP", "HEIC", "AVIF", "MP4"}


def test_doctor_reads_every_format_and_finds_nothing_wrong(run: Run) -> None:
    """Each format is hashed for real; versions, protection and seals are named; no service is asked."""
    ended = run("doctor", "--json")
    assert ended.returncode == 0
    found = json.loads(ended.stdout)
    assert found["formats"] == dict.fromkeys(FORMATS, True)
    assert found["sealing"] == {"x25519": True, "mlkem768_x25519": True}
    assert found["protection"]["level"] in {"full", "limited", "none"}
    assert {"python", "hashclient", "pillow", "libheif", "numpy", "av", "ffmpeg"} <= found["versions"].keys()
    assert found["outdated"] == []


def test_doctor_goes_on_where_a_library_is_broken(run: Run, tmp_path: Path) -> None:
    """What is broken is named, everything else is still told, exit code 1."""
    (tmp_path / "pillow_heif.py").write_text("raise ImportError('libheif.so.1: SECRET')")
    ended = run("doctor", PYTHONPATH=str(tmp_path))
    assert ended.returncode == 1
    assert "The part 'versions' could not be looked at (ImportError)." in flat(ended.stderr)
    assert "SECRET" not in ended.stderr
    assert "sealing x25519" in ended.stdout


def test_doctor_prints_the_fingerprint_that_the_operator_has(run: Run, service: Served) -> None:
    """Both print the same digits for the same key."""
    operators = run("endpoint", "key", "--show", "--keys", service.database.with_name("keys.json")).stdout
    ended = run("doctor", "--endpoint", service.origin)
    assert ended.returncode == 0
    assert set(operators.splitlines()) <= set(ended.stdout.splitlines())


def test_a_key_file_is_made_once_and_renewed(run: Run, tmp_path: Path) -> None:
    """For its owner only; a second time is refused; renewed, the old keys stay beside the new."""
    keys = tmp_path / "keys.json"
    made = run("endpoint", "key", "--keys", keys).stdout.splitlines()
    assert len(made) == 2
    assert all(len(line.split("\t")[0].replace(" ", "")) == 25 for line in made)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert run("endpoint", "key", "--keys", keys).returncode == 2
    renewed = run("endpoint", "key", "--keys", keys, "--renew").stdout.splitlines()
    assert set(made) < set(renewed)
    assert run("endpoint", "key", "--keys", keys, "--show").stdout.splitlines() == renewed


def test_a_trusted_key_that_is_another_stops_everything(run: Run, run_telling: Run, service: Served) -> None:
    """With --trust-key, nothing goes to a service that has another key: exit code 3."""
    ended = run_telling(
        ["0000-0000-0000", "0000 0000"], "status", "--endpoint", service.origin, "--trust-key", "0" * 16
    )
    assert ended.returncode == 3
    assert "could not prove that it is the one you chose. Nothing was sent." in flat(ended.stderr)


def test_an_endpoint_without_its_key_file_says_how_to_make_one(run: Run) -> None:
    """Exit code 2; the name of the file is not repeated."""
    ended = run("endpoint", "serve", "--database", "secret.sqlite", "--keys", "secret.json")
    assert ended.returncode == 2
    assert "hashclient endpoint key" in flat(ended.stderr)
    assert "secret" not in ended.stderr
