"""The verbs `doctor` and `endpoint`."""

import importlib.metadata
import importlib.util
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hashclient.errors import BrokenMediaError
from hashclient.media.sandbox.confine import Guard, Protection
from hashclient.prepare import HashOptions, Prepared, Skipped, hash_files
from hashclient.vocabulary import Suite
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


@pytest.mark.slow
def test_doctor_goes_on_where_a_library_is_broken(run: Run, tmp_path: Path) -> None:
    """What is broken is named, everything else is still told, exit code 1."""
    (tmp_path / "pillow_heif.py").write_text("raise ImportError('libheif.so.1: SECRET')")
    ended = run("doctor", PYTHONPATH=str(tmp_path))
    assert ended.returncode == 1
    assert "The part 'versions' could not be checked (ImportError)." in flat(ended.stderr)
    assert "SECRET" not in ended.stderr
    assert "sealing x25519" in ended.stdout


def test_an_installation_without_an_extra_is_whole(run_inside: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is not there is named so, and so is a format that it would read; nothing is wrong."""
    really, version = importlib.util.find_spec, importlib.metadata.version

    def version_of(package: str) -> str:
        if package == "av":
            raise importlib.metadata.PackageNotFoundError
        return version(package)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "av" else really(name))
    monkeypatch.setattr(importlib.metadata, "version", version_of)
    ended = run_inside("doctor", "--json")
    assert ended.returncode == 0
    found = json.loads(ended.stdout)
    assert found["versions"]["av"] == "not installed"
    assert found["formats"] == dict.fromkeys(FORMATS, True) | {"MP4": "not installed"}


def test_a_machine_that_protects_less_is_told_of(run_inside: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no error, and it is said."""
    held = Protection(frozenset(Guard) - {Guard.FILES})
    monkeypatch.setattr("hashclient.prepare.conversation.read_greeting", lambda pipe: pipe.readline() and held)
    ended = run_inside("doctor")
    assert ended.returncode == 0
    assert "cannot fully close off the part of the program that opens files" in flat(ended.stderr)
    assert "protection level            limited" in ended.stdout
    assert "protection missing          files" in ended.stdout


def test_a_machine_on_which_files_are_not_opened_apart_is_told_of(
    run_inside: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the workers have every guard."""
    monkeypatch.setattr("hashclient.prepare.apart.can_close_off", lambda: False)
    held = Protection(frozenset(Guard))
    monkeypatch.setattr("hashclient.prepare.conversation.read_greeting", lambda pipe: pipe.readline() and held)
    ended = run_inside("doctor")
    assert ended.returncode == 0
    assert "protection files apart      NO" in ended.stdout
    assert "cannot fully close off the part of the program that opens files" in flat(ended.stderr)


def test_all_that_is_wrong_is_said(run_inside: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken parts, formats, seals and old decoders: each has its line, exit code 1."""

    def broken() -> None:
        raise ImportError("SECRET")

    def without_heic(files: list[Path], *, options: HashOptions) -> Iterator[Prepared]:
        for path, prepared in zip(files, hash_files(files, options=options), strict=True):
            is_heic = path.suffix == ".heic"
            yield replace(prepared, skipped=(Skipped.because(BrokenMediaError()),)) if is_heic else prepared

    monkeypatch.setattr("hashclient.media.libraries.versions", broken)
    monkeypatch.setattr("hashclient.media.libraries.below_floor", lambda: ["libheif 1.0 (at least 1.23.3)"])
    monkeypatch.setattr("hashclient.sealing.can_do", lambda suite: suite is Suite.X25519)
    monkeypatch.setattr("hashclient.prepare.hash_files", without_heic)
    ended = run_inside("doctor")
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "  - The part 'versions' could not be checked (ImportError).",
        "  - HEIC files cannot be read.",
        "  - It cannot seal with mlkem768_x25519.",
        "  - Too old to be trusted with pictures: libheif 1.0 (at least 1.23.3).",
        "Something is wrong with this installation.",
        "Install it anew, or update it.",
    ]


def test_doctor_prints_the_check_digits_that_the_operator_has(run: Run, service: Served) -> None:
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


def test_an_endpoint_in_order_is_told_so(run_inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files apart and for one account only: exit code 0. In one folder: a sentence and a step, exit code 2."""
    monkeypatch.setattr("hashclient.endpoint.file_checks._about_swap", lambda _: [])
    for folder in ("keys", "cases"):
        (tmp_path / folder).mkdir(mode=0o700)
    assert run_inside("endpoint", "key", "--keys", tmp_path / "keys" / "k").returncode == 0
    ended = run_inside("endpoint", "doctor", "--database", tmp_path / "cases" / "c", "--keys", tmp_path / "keys" / "k")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "Nothing is wrong with where the two files lie" in flat(ended.stderr)
    ended = run_inside("endpoint", "doctor", "--database", tmp_path / "keys" / "c", "--keys", tmp_path / "keys" / "k")
    assert ended.returncode == 2
    assert "- The key file and the database lie in one folder" in flat(ended.stderr)
    assert "Do what each line above says" in flat(ended.stderr)
    assert str(tmp_path) not in ended.stderr


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


@pytest.mark.parametrize("command", [["demo"], ["endpoint", "serve", "--database", "a", "--keys", "b"]])
def test_a_missing_extra_is_named_with_the_command(
    command: list[str], run_inside: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence for all extras, and what to type."""
    really = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else really(name))
    ended = run_inside(*command)
    assert ended.returncode == 2
    assert flat(ended.stderr) == (
        "A part of the program that this needs is not installed. Nothing was sent. "
        "Run this in the folder of its source: pip install '.[endpoint]'"
    )


def test_an_extra_that_is_there_is_not_loaded_for_that(run: Run, tmp_path: Path) -> None:
    """To make a key needs none of its packages; an error inside one would show itself only where it is used."""
    (tmp_path / "uvicorn.py").write_text("raise ImportError")
    ended = run("endpoint", "key", "--keys", tmp_path / "keys", PYTHONPATH=str(tmp_path))
    assert ended.returncode == 0
