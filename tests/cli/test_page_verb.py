"""`hashclient page`: the file it writes, what it says, and the browser it opens. What it serves: `tests/page`."""

import hashlib
import stat
import threading
import webbrowser
from pathlib import Path

import pytest

from hashclient import page
from hashclient.guidance import operators
from hashclient.page import loopback
from kit.command_line import PROGRAM, Run, flat
from kit.page import STAND_IN, WITH_STAND_IN, written

SERVICE = "https://takedown.example"


@pytest.fixture(autouse=True)
def built(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the stand-in for the built page."""
    monkeypatch.setattr(page, "PAGE_FILE", written(tmp_path_factory.mktemp("built")))


def test_the_page_is_saved_and_its_number_printed(run_inside: Run, tmp_path: Path) -> None:
    """Standard output is the SHA-256 of the file that is there now, and nothing else; no word repeats its name."""
    ended = run_inside("page", "--save", tmp_path / "notes.html")
    saved = (tmp_path / "notes.html").read_bytes()
    assert saved == STAND_IN
    assert ended.stdout == f"{hashlib.sha256(saved).hexdigest()}\n"
    assert ended.returncode == 0
    assert flat(ended.stderr) == operators.PAGE_SAVED


def test_a_saved_page_is_read_by_its_owner_alone(run_inside: Run, tmp_path: Path) -> None:
    """And no part of it lies anywhere else."""
    run_inside("page", "--save", tmp_path / "notes.html")
    assert stat.S_IMODE((tmp_path / "notes.html").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["notes.html"]


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_what_is_there_is_left_as_it_is(run_inside: Run, tmp_path: Path, kind: str) -> None:
    """Nothing is written over, nothing is followed, and the exit code says so."""
    place = tmp_path / "notes.html"
    if kind == "file":
        place.write_text("mine")
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to(tmp_path / "elsewhere")
    ended = run_inside("page", "--save", place)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert flat(ended.stderr).startswith(
        "A file of this name exists already. It was left as it is, and nothing was sent."
    )
    assert not (tmp_path / "elsewhere").exists()
    assert kind != "file" or place.read_text() == "mine"


def test_a_folder_that_is_missing_is_said(run_inside: Run, tmp_path: Path) -> None:
    """And it is not made."""
    ended = run_inside("page", "--save", tmp_path / "no" / "notes.html")
    assert ended.returncode == 2
    assert flat(ended.stderr).startswith("The file could not be written. Nothing was sent.")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("service", [(), ("--service", SERVICE)], ids=["any service", "one service"])
def test_the_second_page_is_saved_where_it_is_asked_for(
    run_inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: tuple[str, ...]
) -> None:
    """In all else as the first."""
    second = STAND_IN.replace(b"<title>Notes", b"<title>More notes")
    (tmp_path / "second").mkdir()
    monkeypatch.setattr(page, "SECOND_PAGE_FILE", written(tmp_path / "second", second))
    ended = run_inside("page", "--heic", *service, "--save", tmp_path / "notes.html")
    saved = (tmp_path / "notes.html").read_bytes()
    assert saved == (page.page_for(second, SERVICE) if service else second)
    assert ended.stdout == f"{hashlib.sha256(saved).hexdigest()}\n"


@pytest.mark.parametrize("typed", [SERVICE, "https://Takedown.Example:443/", "https://takedown.example."])
def test_a_service_is_put_in(run_inside: Run, tmp_path: Path, typed: str) -> None:
    """However it is written, the file and its number are the same, and the host is said."""
    ended = run_inside("page", "--service", typed, "--save", tmp_path / "notes.html")
    saved = (tmp_path / "notes.html").read_bytes()
    assert saved == page.page_for(STAND_IN, SERVICE)
    assert ended.stdout == f"{hashlib.sha256(saved).hexdigest()}\n"
    assert flat(ended.stderr).startswith("It is for takedown.example alone. The page is saved")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("http://takedown.example", "The address of the service must start with https; http is for this device only."),
        ("takedown.example", "The address is not of the form https://HOST or https://HOST:PORT."),
        ("https://u:p@takedown.example", "The address is not of the form https://HOST or https://HOST:PORT."),
        ("https://takedown.example/v1", "The address is not of the form https://HOST or https://HOST:PORT."),
        ("null", "The address is not of the form https://HOST or https://HOST:PORT."),
        ("https://192.0.2.1", "No page can be made for a service with this address."),
        ("https://[2001:db8::1]", "No page can be made for a service with this address."),
        ("https://x.example;script-src *", "The address is not of the form https://HOST or https://HOST:PORT."),
    ],
)
def test_another_address_is_refused(run_inside: Run, tmp_path: Path, typed: str, sentence: str) -> None:
    """Origins are read as everywhere, and nothing is written."""
    ended = run_inside("page", "--service", typed, "--save", tmp_path / "notes.html")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert flat(ended.stderr).startswith(f"{sentence} Nothing was sent.")
    assert not (tmp_path / "notes.html").exists()


@pytest.mark.parametrize("document", [None, b"", page.page_for(STAND_IN, SERVICE)])
@pytest.mark.parametrize("arguments", [(), ("--save", "notes.html"), ("--service", SERVICE)])
def test_a_page_that_was_not_built_is_said(
    run_inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: bytes | None, arguments: tuple[str, ...]
) -> None:
    """One sentence and what to do, also where something else lies in its place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(page, "PAGE_FILE", tmp_path / "nowhere" if document is None else written(tmp_path, document))
    ended = run_inside("page", *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert flat(ended.stderr) == (
        "The file of the page is missing here, or is not the right one. Nothing was sent. "
        "Install the program anew or, in the folder of its source, run 'make web'."
    )
    assert not (tmp_path / "notes.html").exists()


def test_saving_and_opening_do_not_go_together(run_inside: Run, tmp_path: Path) -> None:
    """Neither is done."""
    ended = run_inside("page", "--save", tmp_path / "notes.html", "--open")
    assert ended.returncode == 2
    assert (
        flat(ended.stderr)
        == "--save writes a file and --open shows an address. Nothing was sent. Leave one of the two out."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.loopback
@pytest.mark.enable_socket
@pytest.mark.parametrize("can_be_opened", [True, False])
def test_a_browser_is_opened_where_it_is_asked_for(
    run_inside: Run, monkeypatch: pytest.MonkeyPatch, can_be_opened: bool
) -> None:
    """With the address that is printed; where there is none, the person is told to open it."""
    opened: list[str] = []
    ended_browser = threading.Event()

    def open_it(address: str) -> bool:
        opened.append(address)
        return can_be_opened

    def serve(document: bytes, _: object) -> None:
        for thread in threading.enumerate():
            if thread.name.endswith("(_open)"):
                thread.join(30)
        ended_browser.set()
        raise KeyboardInterrupt

    monkeypatch.setattr(webbrowser, "open", open_it)
    monkeypatch.setattr(loopback, "serve_page", serve)
    ended = run_inside("page", "--open")
    assert ended_browser.is_set()
    assert ended.returncode == 0
    assert opened == ended.stdout.split()
    assert ("No browser could be opened. Open the address in one yourself." in flat(ended.stderr)) is not can_be_opened


def test_no_browser_is_opened_otherwise(run_inside: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that cannot be had is said, with the other way."""

    def refuse() -> None:
        raise OSError

    monkeypatch.setattr(webbrowser, "open", lambda _: pytest.fail("opened"))
    monkeypatch.setattr(loopback, "page_listener", refuse)
    ended = run_inside("page", "--open")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert flat(ended.stderr) == (
        "The page could not be handed out on this device. Nothing was sent. "
        "Save it as a file with --save, and open that in a browser."
    )


def test_output_that_is_full_ends_it(run: Run, tmp_path: Path) -> None:
    """Where the address cannot be printed, nothing waits unseen."""
    first = f"import sys; sys.stdout = open('/dev/full', 'w'); {WITH_STAND_IN.format(str(written(tmp_path)))}"
    ended = run("page", program=[PROGRAM[0], "-c", f"{first}; from hashclient.cli import main; main()"])
    assert ended.returncode == 2
    assert "Nothing was sent." in flat(ended.stderr)
