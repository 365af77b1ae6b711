"""The verb `inspect`: every byte, and nothing sent."""

import json
from pathlib import Path

import pytest

from hashclient.hashing.reposts.levels import HASHES, frame_variants
from hashclient.model import Submission
from hashclient.model.wire import decode, encode
from hashclient.vocabulary import Coverage
from kit.command_line import DECLARED, PICTURES, Run, flat
from kit.opened import noting_sockets
from kit.videos import animated

FILES = [PICTURES / "picture-1.jpg", PICTURES / "picture-2.jpg"]


def test_the_bytes_are_those_of_the_wire(run: Run) -> None:
    """With --raw, what is printed is a submission in canonical form, byte for byte."""
    ended = run("inspect", *FILES, *DECLARED, "--raw")
    body = ended.stdout.rstrip("\n").encode()
    submission = decode(Submission, body)
    assert encode(submission) == body
    assert len(submission.items) == 2
    assert "do not note them, they are not used" in flat(ended.stderr)


def test_number_and_key_are_covered_at_their_length(run: Run) -> None:
    """Stars stand for the secrets; everything else is as it would be sent."""
    shown = json.loads(run("inspect", *FILES, *DECLARED, "--altered", "yes").stdout)
    assert shown["case_number"] == "*" * 14
    assert shown["case_key"] == "*" * 64
    assert [item["altered"] for item in shown["items"]] == ["yes", "yes"]
    assert shown["declarations"]["depicted"] == "self"
    assert shown["declarations"]["wording"] == 2


def test_words_name_every_kind_of_data(run: Run) -> None:
    """Fingerprints, changes, declarations, number, key; and what is not sent; the number of bytes is right."""
    ended = run("inspect", *FILES, *DECLARED, "--coverage", "single")
    for words in (
        "2 fingerprints of type pdq. With each: which form of the picture it is of, and its quality",
        "2 pictures.",
        "I am in these images.",
        '(A threat counts.)" A yes that was pressed, threatened or tricked out of you is not agreeing. - A case',
        "Not sent and not stored",
    ):
        assert words in flat(ended.stderr)
    assert f"{len(ended.stdout) - 1} bytes" in flat(ended.stderr)
    assert "Nothing was sent." in flat(ended.stderr)


def test_frames_of_a_picture_that_moves_are_no_reposts(run: Run, tmp_path: Path) -> None:
    """They are what is in the file; what is made of the frames besides is counted."""
    file = tmp_path / "moving.gif"
    file.write_bytes(animated("GIF", 3))
    alone = run("inspect", file, *DECLARED, "--coverage", "single")
    assert '"variant":"frame"' in alone.stdout
    assert "likely re-posts" not in flat(alone.stderr)
    ended = run("inspect", file, *DECLARED)
    signals = json.loads(ended.stdout)["items"][0]["signals"]
    reposts = [signal for signal in signals if signal.get("variant") in frame_variants(Coverage.WIDE)]
    assert f"{len(reposts)} of the fingerprints are of likely re-posts" in flat(ended.stderr)
    assert [signal for signal in signals if signal not in reposts] == json.loads(alone.stdout)["items"][0]["signals"]


@pytest.mark.parametrize("coverage", [None, Coverage.STANDARD, Coverage.WIDE])
def test_reposts_are_counted_and_their_price_is_said(run_inside: Run, coverage: Coverage | None) -> None:
    """Each hash says its variant; the words say what they are for, what they tell, and how to leave them out."""
    ended = run_inside("inspect", FILES[0], *DECLARED, *(["--coverage", coverage] if coverage else []))
    signals = json.loads(ended.stdout)["items"][0]["signals"]
    hashes = len(signals)
    assert len({signal["variant"] for signal in signals}) == hashes
    assert 1 < hashes <= HASHES[coverage or Coverage.WIDE]
    assert signals[0]["variant"] == "original"
    assert f"{hashes - 1} of the fingerprints are of likely re-posts" in flat(ended.stderr)
    assert "tells a little more about the picture" in flat(ended.stderr)


def test_no_socket_is_used(run: Run, tmp_path: Path) -> None:
    """Nothing is connected to, looked up or listened on, although a service is configured."""
    log = tmp_path / "log"
    ended = run("inspect", *FILES, *DECLARED, HASHCLIENT_ENDPOINT="http://127.0.0.1:9", **noting_sockets(log))
    assert ended.returncode == 0
    assert not log.exists()


@pytest.mark.parametrize("left_out", range(4))
def test_every_declaration_has_to_be_given(run_inside: Run, left_out: int) -> None:
    """Without a terminal, each of the four options is needed and is named where it is missing."""
    options = [["--adult"], ["--depicted", "self"], ["--intimate"], ["--no-consent"]]
    missing = options.pop(left_out)[0]
    ended = run_inside("inspect", *FILES, *(part for option in options for part in option))
    assert ended.returncode == 2
    assert missing in flat(ended.stderr)
    assert ended.stdout == ""


def test_a_video_without_quality_is_reviewed(run: Run) -> None:
    """Exact hashes have no quality, and the review does not speak of it."""
    video = PICTURES.with_name("samples") / "sample.mp4"
    ended = run("inspect", video, *DECLARED, "--type", "md5")
    assert ended.returncode == 0
    said = flat(ended.stderr)
    assert "1 fingerprint of type md5." in said
    assert "With each" not in said
    assert "1 video." in said
