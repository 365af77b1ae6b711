"""Corners that no process can be brought to, called by themselves."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from hashclient.cli import _checkup, _endings, _example, _pictures, _review, _sending, _service, _to_file, doctor
from hashclient.cli._service import Service
from hashclient.client import Client
from hashclient.client.request import build_submission, new_credentials
from hashclient.errors import (
    EndpointUnreachableError,
    HashclientError,
    MissingExtraError,
    UntrustedEndpointError,
    UsageError,
)
from hashclient.guidance import texts
from hashclient.model import (
    CaseReport,
    CaseStatus,
    Content,
    Declarations,
    Depicted,
    FeedbackCounts,
    Item,
    Receipt,
    Signal,
)
from hashclient.prepare import Prepared, Skipped
from hashclient.testing import EndpointSimulator
from hashclient.vocabulary import Reason
from kit.command_line import flat


@pytest.fixture
def service() -> Service:
    """Reach an honest endpoint in memory."""
    return Service(Client(EndpointSimulator()), "endpoint.example", is_key_known=True)


def test_feedback_is_told_in_words(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """Each answer of a partner has its sentence, and then nobody says that there was none."""
    feedback = FeedbackCounts(pending_review=1, blocked=2, not_blocked=3)
    case = CaseReport(status=CaseStatus.ACTIVE, day="2026-11-23", items=4, signals=9, feedback=feedback)
    _service.report(case, service)
    said = " ".join(capsys.readouterr().err.split())
    assert "Held for matching. It has not said with which platforms." in said
    for words in (
        "1: a platform found a match",
        "2: a platform reviewed it and blocked it",
        "3: a platform reviewed it",
    ):
        assert words in said
    assert texts.NO_MATCH not in said


def test_a_receipt_of_a_case_that_was_taken_back(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """A repeated request does not bring it back, and the person is told."""
    credentials = new_credentials()
    receipt = Receipt(
        case_number=credentials.number,
        digest="0" * 64,
        items=1,
        signals=1,
        day="2026-11-23",
        status=CaseStatus.WITHDRAWN,
    )
    _endings.sent(receipt, service, again=None, as_json=True)
    told = capsys.readouterr()
    assert texts.STATES["Withdrawn"] in told.err
    assert credentials.number.shown() not in told.out


@pytest.mark.parametrize(("has_sent", "ending"), [(True, "not_confirmed"), (False, "not_sent")])
def test_an_error_after_the_first_byte_is_no_claim_that_nothing_was_sent(has_sent: bool, ending: str) -> None:
    """What may have left decides, not the name of the error alone."""
    reached = SimpleNamespace(client=SimpleNamespace(may_have_sent=has_sent))
    assert _endings.ending_of(UntrustedEndpointError(), reached) == ending  # type: ignore[arg-type]
    assert _endings.ending_of(UsageError(), reached) == "not_sent"  # type: ignore[arg-type]


def test_the_truth_before_the_first_byte(service: Service) -> None:
    """Stopped while the profile is read, nothing was sent."""
    assert _sending._truth(service) == "Stopped. Nothing was sent."


def test_reasons_have_names_for_programs() -> None:
    """Of values and of errors alike."""
    assert _pictures.name_of(Skipped.because(Reason.LOW_QUALITY)) == "low-quality"
    assert _pictures.name_of(Skipped.because(EndpointUnreachableError())) == "endpoint-unreachable"


def test_a_video_without_quality_is_reviewed(capsys: pytest.CaptureFixture[str]) -> None:
    """Exact hashes have no quality, and the review does not speak of it."""
    declarations = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
    item = Item(content=Content.VIDEO, signals=(Signal.from_text("md5:" + "0" * 32),))
    _review.in_words(build_submission(new_credentials(), declarations, [item]), host="endpoint.example")
    assert "Fingerprints: 1 md5. With each: its type, which form of the picture it belongs to." in flat(
        capsys.readouterr().err
    )


def test_a_file_is_never_written_over_another(tmp_path: Path) -> None:
    """Also where it appeared between the first look and the writing, or is a link to nowhere."""
    there = tmp_path / "there"
    there.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="already"):
        _to_file.require_new(there)
    with pytest.raises(UsageError, match="already"):
        _to_file.put(there, b"body")


def test_half_a_file_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves nothing behind."""

    def full(_: int) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="could not be written"):
        _to_file.put(tmp_path / "new", b"body")
    assert list(tmp_path.iterdir()) == []


def test_packages_that_are_not_there_are_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without an extra is whole."""
    monkeypatch.setattr(_checkup, "_PACKAGES", ("a-package-that-is-not-there",))
    assert _checkup._versions()["a-package-that-is-not-there"] == "not installed"


def test_videos_that_need_an_extra_are_named_so() -> None:
    """No format is broken where it was never asked for."""
    skipped = Skipped.because(MissingExtraError())
    assert _checkup._is_read(Prepared(0, Content.VIDEO, (), (skipped,), "full")) == "not installed"


def test_a_machine_that_protects_less_is_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no error, and it is said."""
    found = {"versions": {}, "formats": {}, "protection": {"level": "limited", "missing": ["files"]}, "sealing": {}}
    monkeypatch.setattr(_checkup, "look", lambda: found | {"outdated": []})
    doctor.doctor()
    told = capsys.readouterr()
    assert "cannot fully close off" in told.err
    assert "protection missing          files" in told.out


def test_all_that_is_wrong_is_said() -> None:
    """Formats, seals, old decoders and broken parts."""
    found = {
        "versions": {"broken": "ImportError"},
        "formats": {"PNG": True, "HEIC": False},
        "protection": {"level": "none"},
        "sealing": {"x25519": True, "mlkem768_x25519": False},
        "outdated": ["libheif 1.0 (at least 1.23.3)"],
    }
    assert len(_checkup.problems(found)) == 4


@pytest.mark.parametrize("program", ["print('nothing')", "import time; print(':1', flush=True); time.sleep(60)"])
def test_an_example_service_that_does_not_behave_is_ended(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One that says no port is an error; one that does not end is killed."""
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + program
    start = subprocess.Popen

    def other(_: object, **settings: object) -> "subprocess.Popen[str]":
        return start([sys.executable, "-c", stubborn], **settings)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "Popen", other)
    monkeypatch.setattr(_example, "_END_SECONDS", 0.2)
    if "nothing" in program:
        with pytest.raises(HashclientError, match="did not start"), _example._process(tmp_path, origin=""):
            pass
        return
    with _example._process(tmp_path, origin="") as port:
        assert port == 1
