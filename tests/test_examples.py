"""Every example runs, and the pictures are what their script draws."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashclient.model import CaseNumber
from hashclient.sealing import can_do
from hashclient.vocabulary import Suite
from kit.pdq_reference import reference

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
PICTURES = sorted((EXAMPLES / "pictures").glob("*.jpg"))
DEMO_PICTURES = sorted((ROOT / "hashclient" / "cli" / "demo_pictures").glob("*.jpg"))
ALTERED = "lake-at-dusk-altered.jpg"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, EXAMPLES / program, *arguments], capture_output=True, text=True, timeout=300, check=False
    )


def fingerprint(path: Path) -> tuple[int, int]:
    """Give hash and quality as the reference computes them."""
    with Image.open(path) as picture:  # noqa: TID251  # our own drawing, and the oracle must not use our reader
        value, quality = reference(np.asarray(picture))
    return int(value, 16), quality


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw all pictures anew."""
    folder = tmp_path_factory.mktemp("drawn")
    done = run("make_pictures.py", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(params=["partner_endpoint", "reference"])
def endpoint(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Run a receiver as its own process, the partner's or the reference one, and give its address."""
    if request.param == "partner_endpoint":
        command = [sys.executable, str(EXAMPLES / "partner_endpoint.py"), "0"]
    else:
        keys, database = str(tmp_path / "keys.json"), str(tmp_path / "cases.sqlite")
        hashclient = [sys.executable, "-m", "hashclient", "endpoint"]
        subprocess.run([*hashclient, "key", "--keys", keys], check=True, capture_output=True)
        command = [*hashclient, "serve", "--database", database, "--keys", keys, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert re.fullmatch(r"listening on http://127\.0\.0\.1:\d+\n", line)
            yield line.split()[-1]
        finally:
            process.terminate()


@pytest.mark.slow
@pytest.mark.parametrize("path", [*PICTURES, *DEMO_PICTURES], ids=lambda path: path.name)
def test_each_picture_is_drawn_again_the_same(path: Path, drawn: Path) -> None:
    """The script draws the pictures that are kept, up to what another build of numpy or a decoder rounds."""
    kept, quality = fingerprint(path)
    again, _ = fingerprint(drawn / path.name)
    assert (kept ^ again).bit_count() <= 2
    assert quality >= 80
    assert path.stat().st_size < 200_000


@pytest.mark.slow
def test_the_script_draws_no_more_and_no_less(drawn: Path) -> None:
    """Every picture kept is drawn, and every picture drawn is kept."""
    assert sorted(path.name for path in drawn.iterdir()) == sorted(path.name for path in [*PICTURES, *DEMO_PICTURES])


def test_the_altered_copy_is_one_that_matchers_find() -> None:
    """The altered copy differs in its bytes and lies within the distance that partners call a match; others do not."""
    hashes = {path.name: fingerprint(path)[0] for path in PICTURES}
    distances = {name: (value ^ hashes[ALTERED]).bit_count() for name, value in hashes.items() if name != ALTERED}
    assert 0 < distances.pop("lake-at-dusk.jpg") <= 31
    assert min(distances.values()) > 80


@pytest.mark.loopback
def test_submit_gets_a_receipt(endpoint: str, tmp_path: Path) -> None:
    """`submit.py` hashes pictures, leaves out a file that is none, shows the credentials and gets a receipt."""
    text = tmp_path / "notes.jpg"
    text.write_text("no picture")
    done = run("submit.py", endpoint, *map(str, PICTURES), str(text))
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"case number ([0-9A-Z]{4}-){2}[0-9A-Z]{4}   PIN \d{4} \d{4}\n", done.stdout)
    assert "picture 6 of 6: " in done.stdout
    assert re.search(r"^Received: 5 pictures, \d+ hashes, on \d{4}-\d\d-\d\d$", done.stdout, re.MULTILINE)
    assert "notes" not in done.stdout + done.stderr


def test_submit_says_what_it_needs() -> None:
    """Without arguments, `submit.py` says how it is used."""
    done = run("submit.py")
    assert done.returncode == 2
    assert "ENDPOINT PICTURE" in done.stdout


def test_submit_sends_nothing_when_no_picture_can_be_used(tmp_path: Path) -> None:
    """With nothing to send, nothing is sent, and no credentials are made."""
    done = run("submit.py", "http://127.0.0.1:9", str(tmp_path / "absent.jpg"))
    assert done.returncode == 2
    assert "Nothing was sent." in done.stdout
    assert "PIN" not in done.stdout


LONE_PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


def alone(*arguments: str, answers: str = "yes\n" * 4) -> subprocess.CompletedProcess[str]:
    """Run the submitter that knows nothing of hashclient, where it could not import it either."""
    blocked = (
        "import sys, runpy; sys.modules['hashclient'] = None; runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    )
    command = [sys.executable, "-c", blocked, str(EXAMPLES / "independent_submitter.py"), *arguments]
    return subprocess.run(command, input=answers, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.loopback
@pytest.mark.parametrize("suite", Suite)
def test_a_submitter_written_from_the_documents_is_understood(endpoint: str, suite: Suite) -> None:
    """With each suite it submits, asks and withdraws, at the partner's receiver and at the reference."""
    if not can_do(suite):
        pytest.skip(f"this build of cryptography cannot seal with {suite.name}")
    done = alone(endpoint, LONE_PDQ, "100", str(int(suite)))
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.splitlines()[-3:]
    assert said == ["submission: 201 Received", "status: 200 Received", "withdrawal: 200 Withdrawn"]
    shown = re.search(r"case number (\S+), PIN", done.stdout)
    assert shown
    assert CaseNumber(shown[1]).shown() == shown[1]


@pytest.mark.loopback
def test_what_the_submitter_may_not_send_gets_a_problem(endpoint: str) -> None:
    """A hash that breaks the specification is refused in the seal, and then there is no case."""
    done = alone(endpoint, LONE_PDQ.upper(), "100")
    assert "submission: 422 urn:hashclient:problem:invalid-submission" in done.stdout


@pytest.mark.loopback
def test_the_submitter_sends_nothing_that_was_not_declared(endpoint: str) -> None:
    """One sentence that is not affirmed ends it before credentials are made."""
    done = alone(endpoint, LONE_PDQ, "100", answers="yes\nyes\nno\n")
    assert done.returncode == 1
    assert "Nothing was sent." in done.stderr
    assert "PIN" not in done.stdout
