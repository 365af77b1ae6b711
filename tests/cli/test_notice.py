"""`hashclient notice`: for programs from JSON, for people one question at a time; nothing typed comes out but in the notice."""

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hashclient.guidance.notices import REGIMES, as_data, build
from hashclient.model.notice import NoticeHashes
from kit.command_line import PICTURES, At, Run, Terminal, environment, flat
from kit.notices import complete

SECRET = "robin-secret"
PRIVATE = {"name": f"Robin {SECRET}", "email": f"{SECRET}@mail.example", "addresses": f"https://{SECRET}.example/1"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give a folder that is the person's alone."""
    folder = tmp_path / "own"
    folder.mkdir(mode=0o700)
    return folder


def told(run: Run, law: str, answers: Any, *more: str | Path, adult: bool = True) -> "subprocess.CompletedProcess[str]":
    gate = ["--adult"] if adult else []
    return run("notice", "--law", law, *gate, *more, stdin=answers if isinstance(answers, str) else json.dumps(answers))


class TestPrograms:
    """Answers come as JSON on standard input, never as arguments; a notice goes to standard output, whole or not at all."""

    @pytest.mark.parametrize("law", ["us", "uk", "eu", "in", "au", "google", "bing"])
    def test_a_notice_is_printed(self, run: Run, law: str) -> None:
        """The very text of the library; what the person should know goes to the other output."""
        answers = complete(law, "represented")
        ended = told(run, law, answers)
        assert (ended.returncode, ended.stdout) == (0, build(REGIMES[law], answers, adult=True).text)
        assert "This is not legal advice." in flat(ended.stderr)
        assert "The notice was not sent from here." in flat(ended.stderr)

    def test_it_is_printed_as_markdown_and_as_json(self, run: Run) -> None:
        """JSON has all there is."""
        answers = complete("us", "self")
        made = build(REGIMES["us"], answers, adult=True)
        assert told(run, "us", answers, "--format", "markdown").stdout == made.markdown
        assert json.loads(told(run, "us", answers, "--format", "json").stdout) == {
            "law": "us",
            "gives": "notice",
            "text": made.text,
            "markdown": made.markdown,
            "warnings": [],
            "cover": [*made.cover],
            "next": [*made.next],
        }

    def test_a_us_notice_is_signed_today_where_no_day_is_given(self, run: Run) -> None:
        """The day of this device."""
        answers = complete("us", "self")
        del answers["signed"]
        assert "Signed electronically: Robin Example, " in told(run, "us", answers).stdout

    def test_what_is_missing_is_named_and_nothing_is_printed(self, run: Run) -> None:
        """Each by its key and sentence, exit code 2."""
        answers = {**PRIVATE, "who": "self"}
        ended = told(run, "us", answers)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "U4: The law asks you to say that you believe" in flat(ended.stderr)
        assert "U5: " in ended.stderr
        assert "U2: " not in ended.stderr
        assert SECRET not in ended.stderr

    @pytest.mark.parametrize(
        "answers",
        [
            "",
            "no json " + SECRET,
            "[]",
            '{"name": 1}',
            '{"name": "a", "name": "b"}',
            json.dumps({SECRET: "x"}),
            "[" * 100_000,
            '{"name": "' + "x" * 300_000 + '"}',
        ],
    )
    def test_answers_that_cannot_be_read_are_refused_and_not_repeated(self, run: Run, answers: str) -> None:
        """One sentence, exit code 2."""
        ended = told(run, "us", answers)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "Nothing was written and nothing was sent." in flat(ended.stderr)
        assert SECRET not in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_the_age_gate_comes_first(self, run: Run) -> None:
        """Without the declaration nothing is read."""
        ended = told(run, "us", complete("us", "self"), adult=False)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "--adult" in ended.stderr

    def test_a_law_that_is_off_says_why_and_copyright_warns(self, run: Run) -> None:
        """Never nothing."""
        ended = told(run, "dmca", complete("dmca", "self"))
        assert (ended.returncode, ended.stdout) == (2, "")
        for words in ("The site may pass your name and address", "We have not read this law", "helpline"):
            assert words in flat(ended.stderr)
        assert told(run, "br", complete("br", "self")).returncode == 2

    @pytest.mark.parametrize(
        "arguments", [["--law", SECRET], [], ["--adult"], ["--law", "us", "--adult", "--sent", SECRET]]
    )
    def test_mistakes_in_the_command_repeat_nothing(self, run: Run, arguments: list[str]) -> None:
        """A law that is not there, or none at all."""
        ended = run("notice", *arguments)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert SECRET not in ended.stderr

    def test_a_calendar_file_is_written_where_the_law_has_a_time(self, run: Run, own: Path) -> None:
        """Readable by its owner alone, never over another file, each with an id of its own."""
        first, second = own / "check-1.ics", own / "check-2.ics"
        for file in (first, second):
            more = ("--calendar", file, "--sent", "2026-11-25 14:30", "--alarm")
            assert told(run, "uk", complete("uk", "self"), *more).returncode == 0
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"SUMMARY:Check\r\n" in first.read_bytes()
        assert b"DTSTART:20261127T" in first.read_bytes()
        assert b"VALARM" in first.read_bytes()
        assert first.read_bytes() != second.read_bytes()
        again = told(run, "uk", complete("uk", "self"), "--calendar", first)
        assert (again.returncode, again.stdout) == (2, "")

    def test_there_is_no_calendar_for_two_hours(self, run: Run, own: Path) -> None:
        """The sentence says how long they have."""
        ended = told(run, "in", complete("in", "self"), "--calendar", own / "check-1.ics")
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "2 hours" in ended.stderr
        assert not list(own.iterdir())

    def test_a_folder_that_others_write_to_is_refused(self, run: Run, own: Path) -> None:
        """A shared folder for temporary files is no place for it."""
        own.chmod(0o1777)
        ended = told(run, "uk", complete("uk", "self"), "--calendar", own / "check-1.ics")
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "Others on this device can see into that folder" in flat(ended.stderr)
        assert not list(own.iterdir())

    def test_the_laws_are_listed_with_state_source_and_day(self, run: Run) -> None:
        """Without any question."""
        lines = run("notice", "--list").stdout.splitlines()
        assert [line.split("\t")[0] for line in lines] == list(REGIMES)
        assert all(regime.source in line for regime, line in zip(REGIMES.values(), lines, strict=True))
        assert [line.split("\t")[0] for line in lines if "We have not read this law" in line] == ["br", "dmca"]

    def test_what_a_law_asks_is_listed_with_its_ids(self, run: Run) -> None:
        """Enough to write the answers."""
        listed = run("notice", "--list", "--law", "us").stdout
        for id_ in ("U5\t", "addresses\t", "statements: belief\t", "statements: authority\trepresented"):
            assert id_ in listed
        data = json.loads(run("notice", "--list", "--law", "us", "--format", "json").stdout)
        whole = json.loads(json.dumps(as_data()))
        assert data == whole | {"laws": whole["laws"][:1]}


class TestFingerprints:
    """Only by choice, of the picture itself alone, in a file of its own."""

    def test_the_fingerprint_goes_into_a_small_file(self, run: Run, own: Path) -> None:
        """The text has its sentence, the file nothing but the hash that `hash` makes of it."""
        picture, file = PICTURES / "picture-1.jpg", own / "notice-1.json"
        ended = told(run, "us", complete("us", "self"), "--with-hashes", picture, "--hashes-to", file)
        assert ended.returncode == 0, ended.stderr
        assert "The attached file holds a PDQ fingerprint (256 bits, made on the person's device)" in ended.stdout
        made = NoticeHashes.model_validate_json(file.read_text())
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        hashed = run("hash", "--adult", picture).stdout.split("\t")[0]
        assert made.signal.to_text() == hashed
        assert hashed.removeprefix("pdq:") not in ended.stdout + ended.stderr
        assert "picture-1" not in ended.stdout + ended.stderr + file.read_text()

    def test_of_a_video_it_is_the_md5(self, run: Run, own: Path) -> None:
        """The sentence says so, and promises less."""
        pytest.importorskip("av")
        video, file = PICTURES.parent / "samples" / "sample.mp4", own / "notice-1.json"
        ended = told(run, "uk", complete("uk", "self"), "--with-hashes", video, "--hashes-to", file)
        assert ended.returncode == 0, ended.stderr
        assert "an MD5 fingerprint" in ended.stdout
        assert "PDQ" not in ended.stdout
        assert json.loads(file.read_text())["signal"] == {
            "type": "md5",
            "value": hashlib.md5(video.read_bytes(), usedforsecurity=False).hexdigest(),
        }

    def test_nothing_is_hashed_before_the_age_gate(self, run: Run, own: Path) -> None:
        """Nor written."""
        ended = told(
            run,
            "us",
            complete("us", "self"),
            "--with-hashes",
            own / "none.jpg",
            "--hashes-to",
            own / "x.json",
            adult=False,
        )
        assert ended.returncode == 2
        assert "--adult" in ended.stderr
        assert not list(own.iterdir())

    def test_no_file_is_left_where_the_notice_is_refused(self, run: Run, own: Path) -> None:
        """Never half of it."""
        file = own / "notice-1.json"
        ended = told(run, "us", {"who": "self"}, "--with-hashes", PICTURES / "picture-1.jpg", "--hashes-to", file)
        assert (ended.returncode, ended.stdout, list(own.iterdir())) == (2, "", [])

    @pytest.mark.parametrize("only", ["--with-hashes", "--hashes-to"])
    def test_the_two_options_go_together(self, run: Run, own: Path, only: str) -> None:
        """One alone is a mistake."""
        assert told(run, "us", complete("us", "self"), only, own / "x").returncode == 2

    def test_what_is_no_picture_gives_a_sentence(self, run: Run, own: Path) -> None:
        """And no notice."""
        (own / f"{SECRET}.jpg").write_text("no picture")
        ended = told(
            run,
            "us",
            complete("us", "self"),
            "--with-hashes",
            own / f"{SECRET}.jpg",
            "--hashes-to",
            own / "notice-1.json",
        )
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "No fingerprint that may be shared" in flat(ended.stderr)
        assert SECRET not in ended.stderr


LOADED = """
import sys
from hashclient.cli import main
events = []
sys.addaudithook(lambda event, arguments: events.append(event) if event.startswith("socket.") else None)
sys.argv = ["hashclient", "notice", "--law", "us", "--adult"]
try:
    main()
except SystemExit as ended:
    assert ended.code == 0
    loaded = {"PIL", "numpy", "av", "httpx", "ssl", "socket", "hashclient.prepare", "hashclient.media", "hashclient.client"}
    assert not events, events
    assert not loaded & set(sys.modules) - {"socket", "ssl"}, loaded & set(sys.modules)
"""


def test_no_picture_is_opened_and_no_connection(tmp_path: Path) -> None:
    """Without --with-hashes neither half of the program is loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        input=json.dumps(complete("us", "self")),
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_nothing_typed_lies_anywhere_but_in_the_notice(run: Run, tmp_path: Path) -> None:
    """No temporary file, no settings, no cache."""
    ended = told(run, "us", complete("us", "self") | PRIVATE)
    assert SECRET in ended.stdout
    assert SECRET not in ended.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


class TestTerminal:
    """One thing at a time, back and stop at every question, and the text before it goes anywhere."""

    def started(self, terminal: At, own: Path, *more: str | Path) -> Terminal:
        """Start it, and pass the age gate and the question of country."""
        before = Path.cwd()
        os.chdir(own)
        try:
            at = terminal("notice", *more)
        finally:
            os.chdir(before)
        at.answer("under 18 when it was made?", "")
        return at

    def adult(self, terminal: At, own: Path, *more: str | Path) -> Terminal:
        """The same without the gate's question."""
        before = Path.cwd()
        os.chdir(own)
        try:
            return terminal("notice", "--adult", *more)
        finally:
            os.chdir(before)

    def pick(self, at: Terminal, words: str) -> str:
        """Choose the answer that begins with these words, by the number that stands before it; give what was shown."""
        shown = at.read_on_to("Type a number from 1 to")
        offered = re.findall(r"^ +(\d+) +(.*)", shown, re.MULTILINE)
        (number,) = [number for number, answer in offered if answer.startswith(words)]
        at.type(number)
        return shown

    def test_the_whole_way_to_a_us_notice(self, terminal: At, own: Path) -> None:
        """Every screen in its order; the file holds the very text of the library, for its owner alone."""
        at = self.adult(terminal, own)
        intro = at.expect("type 'under 18'")
        for words in (
            "Tell the platform",
            "This is not legal advice.",
            "First check: does the site",
            "Write down the page",
        ):
            assert words in flat(intro)
        at.answer("Enter to skip:", "US")
        self.pick(at, "United States")
        at.answer("Address, or Enter", "https://site.example/view/1 https://site.example/view/2")
        at.answer("Address, or Enter", "")
        at.expect("2 addresses are noted.")
        at.expect("Who asks?")
        self.pick(at, "I am the person shown")
        at.expect("What is it?")
        self.pick(at, "A fake or changed one")
        at.expect("A fake counts if it looks real")
        self.pick(at, "The face")
        at.answer("Type one or more numbers", "2 9")
        at.answer("Type one or more numbers", "2")
        at.expect("words of your own")
        at.answer("Your answer, or Enter", "")
        at.expect("e-mail address")
        at.answer("Your answer, or Enter", "nonsense")
        at.expect("This is not an e-mail address.")
        at.answer("Your answer, or Enter", "x7@mail.example")
        at.expect("Which name do you sign with?")
        at.answer("Your answer, or Enter", "Robin Example")
        legal = at.expect("In plain words:")
        assert "I have a good faith belief that this intimate visual depiction is not consensual" in flat(legal)
        self.pick(at, "Yes, this is true.")
        check = self.pick(at, "Save as text")
        assert "[x] Where it is" in check
        assert "missing" not in check
        assert "Subject: Request to remove an intimate image" in check
        assert "No lawyer of the place" in flat(check)
        assert "With fingerprints: off." in flat(check)
        at.answer("for example notice-1.txt", "notice-1.txt")
        done = self.pick(at, "Calendar file")
        for words in (
            "Only you can read it.",
            "Now send it",
            "48 hours from when they get it",
            "takeitdown.ftc.gov",
            "FTC",
        ):
            assert words in flat(done)
        at.answer("When did you send it?", "2026-11-25 14:30")
        at.answer("Should the calendar ring?", "")
        at.answer("for example check-1.ics", "check-1.ics")
        self.pick(at, "I am done")
        at.expect("What you can do besides")
        assert at.wait() == 0
        text = (own / "notice-1.txt").read_text()
        answers = complete("us", "self") | {"forged": "fake", "shown_by": "face", "consent_shown": ["private"]}
        day = text.rpartition(", ")[2].strip()
        assert text.replace(day, "25 November 2026") == build(REGIMES["us"], answers, adult=True).text
        assert stat.S_IMODE((own / "notice-1.txt").stat().st_mode) == 0o600
        assert b"SUMMARY:Check" in (own / "check-1.ics").read_bytes()
        assert {path.name for path in own.iterdir()} == {"notice-1.txt", "check-1.ics"}

    def test_under_18_at_the_gate_leads_to_the_hand_off(self, terminal: At, own: Path) -> None:
        """Exit code 4, and no question of a notice."""
        at = self.started(terminal, own)
        at.answer("Type 1, 2 or 3", "2")
        at.read_on_to("Enter to skip:")
        at.type("")
        at.wait()
        assert at.ended == 4
        assert "Take It Down" in at.text
        assert "Where is it?" not in at.text

    @pytest.mark.parametrize("word", ["under 18", "'Under 18'"])
    def test_under_18_at_any_question_does_too(self, terminal: At, own: Path, word: str) -> None:
        """Also in the middle of it; nothing of what was typed is shown again."""
        at = self.adult(terminal, own, "--law", "uk")
        at.expect("Which site is it?")
        self.pick(at, "A site or app")
        at.answer("Address, or Enter", f"https://{SECRET}.example/1")
        at.answer("Address, or Enter", word)
        at.read_on_to("Enter to skip:")
        at.type("")
        assert at.wait() == 4
        assert at.text.count(SECRET) == 1, "what was typed, and no more"
        assert not list(own.iterdir())

    def test_what_was_made_of_a_file_is_dropped_then_and_that_is_said(self, terminal: At, own: Path) -> None:
        """It would not be true that no file was opened."""
        more = ("--law", "eu", "--with-hashes", PICTURES / "picture-1.jpg", "--hashes-to", own / "notice-1.json")
        at = self.adult(terminal, own, *more)
        at.answer("Address, or Enter", "under 18")
        at.read_on_to("Enter to skip:")
        at.type("")
        assert at.wait() == 4
        assert "We dropped the file and everything made from it. Nothing was sent." in flat(at.text)
        assert "No file was opened" not in at.text
        assert not list(own.iterdir())

    def test_a_fingerprint_goes_with_the_notice_of_a_person(self, terminal: At, own: Path) -> None:
        """The text has its sentence, the file is written with it, and what it means is said."""
        more = ("--law", "eu", "--with-hashes", PICTURES / "picture-1.jpg", "--hashes-to", own / "notice-1.json")
        at = self.adult(terminal, own, *more)
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        self.pick(at, "I am the person shown")
        self.pick(at, "An intimate picture")
        for _ in range(3):
            at.answer("or Enter alone to leave it out:", "")
        self.pick(at, "Yes, this is true.")
        check = flat(self.pick(at, "Print it here"))
        assert "The attached file holds a PDQ fingerprint" in check
        assert "Whoever has both can link your name to its case number." in check
        self.pick(at, "I am done")
        assert at.wait() == 0
        assert json.loads((own / "notice-1.json").read_text())["signal"]["type"] == "pdq"

    def test_what_was_written_is_dropped_too(self, terminal: At, own: Path) -> None:
        """Under 18 said after the notice: the fingerprint goes again, as is said; the words stay, and so does that."""
        more = ("--law", "eu", "--with-hashes", PICTURES / "picture-1.jpg", "--hashes-to", own / "notice-1.json")
        at = self.adult(terminal, own, *more)
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        self.pick(at, "I am the person shown")
        self.pick(at, "An intimate picture")
        for _ in range(3):
            at.answer("or Enter alone to leave it out:", "")
        self.pick(at, "Yes, this is true.")
        self.pick(at, "Print it here")
        at.expect("Another notice")
        assert (own / "notice-1.json").exists()
        at.answer("Type a number from 1 to", "under 18")
        at.read_on_to("Enter to skip:")
        at.type("")
        assert at.wait() == 4
        assert "We dropped the file and everything made from it." in flat(at.text)
        assert not list(own.iterdir())

    def test_stop_after_a_file_was_saved_does_not_deny_it(self, terminal: At, own: Path) -> None:
        """Nothing was sent, but something was kept."""
        at = self.adult(terminal, own, "--law", "bing")
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        self.pick(at, "I am the person shown")
        self.pick(at, "Yes, this is true.")
        self.pick(at, "Save as text")
        at.answer("for example notice-1.txt", "notice-1.txt")
        at.answer("Type a number from 1 to", "stop")
        assert at.wait() == 0
        assert "You stopped here. Nothing was sent." in flat(at.text)
        assert "Nothing was kept" not in flat(at.text)

    def test_back_goes_back_and_keeps_answers_and_stop_stops(self, terminal: At, own: Path) -> None:
        """From the first question to the choice of a law; nothing is written."""
        at = self.adult(terminal, own, "--law", "eu")
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        at.expect("Who asks?")
        at.answer("Type a number from 1 to 2", "back")
        at.expect("You answered this already.")
        at.answer("Address, or Enter", "back")
        at.answer("Enter to skip:", "")
        at.expect("Which law or form do you want to use?")
        at.answer("Type a number from 1 to 9", "back")
        at.expect("This is the first question.")
        at.answer("Type a number from 1 to 9", "stop")
        at.expect("You stopped here. Nothing was kept and nothing was sent.")
        assert at.wait() == 0
        assert not list(own.iterdir())

    def test_what_is_missing_is_named_and_can_be_filled_in(self, terminal: At, own: Path) -> None:
        """A statement that is not true is not ticked for anyone; without it there is no text."""
        at = self.adult(terminal, own, "--law", "uk")
        self.pick(at, "A site or app")
        for _ in range(2):
            at.answer("Address, or Enter", "file:///somewhere/x.jpg")
            at.answer("Address, or Enter", "")
        at.expect("This is not a web address: 1.")
        at.answer("Address, or Enter", "")
        for _ in range(3):
            at.answer("or Enter alone to leave it out:", "")
        self.pick(at, "I am the person shown")
        self.pick(at, "Leave it out")
        at.expect("e-mail address")
        at.answer("Your answer, or Enter", "x7@mail.example")
        self.pick(at, "No, or I am not sure.")
        at.expect("The law asks for this sentence. If it is not true, do not send the notice.")
        self.pick(at, "Yes, this is true.")
        self.pick(at, "Yes, this is true.")
        check = self.pick(at, "Fill in what is missing")
        assert "2 things are missing:" in check
        assert "[ ] Where it is" in check
        assert "Subject:" not in check
        assert "Save as text" not in check
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        self.pick(at, "Yes, this is true.")
        assert "Subject: Intimate image content report" in self.pick(at, "Print it here")
        at.expect("Contact: x7@mail.example")
        self.pick(at, "I am done")
        assert at.wait() == 0
        assert not list(own.iterdir())

    def test_a_change_of_who_asks_takes_the_ticks_back(self, terminal: At, own: Path) -> None:
        """The sentences are others then."""
        at = self.adult(terminal, own, "--law", "bing")
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        self.pick(at, "I am the person shown")
        self.pick(at, "Yes, this is true.")
        self.pick(at, "Change something")
        self.pick(at, "Who asks?")
        self.pick(at, "I act for them")
        check = self.pick(at, "Fill in what is missing")
        assert "2 things are missing:" in check
        for _ in range(2):
            self.pick(at, "Yes, this is true.")
        assert "missing" not in self.pick(at, "Print it here")
        self.pick(at, "I am done")
        assert at.wait() == 0

    def test_copyright_shows_its_warning_and_who_can_help(self, terminal: At, own: Path) -> None:
        """It is off; nobody is left with nothing."""
        at = self.adult(terminal, own, "--law", "dmca")
        shown = at.expect("country are you in?")
        assert "Before a copyright notice" in shown
        assert "We have not read this law" in flat(shown)
        at.answer("Enter to skip:", "")
        help_ = at.expect("Which law or form do you want to use?")
        assert "StopNCII.org" in help_
        at.answer("Type a number from 1 to 9", "stop")
        assert at.wait() == 0

    def test_brazil_names_who_can_help_there(self, terminal: At, own: Path) -> None:
        """It is off, too."""
        at = self.adult(terminal, own, "--law", "br")
        shown = at.expect("country are you in?")
        assert "We have not read this law" in flat(shown)
        assert "SaferNet" in shown

    def test_another_notice_keeps_what_is_not_of_the_site(self, terminal: At, own: Path) -> None:
        """Nothing is asked twice, but where it is, and what the law has said."""
        at = self.adult(terminal, own, "--law", "in")
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        self.pick(at, "I am the person shown")
        self.pick(at, "Nudity")
        at.expect("e-mail address")
        at.answer("Your answer, or Enter", "x7@mail.example")
        self.pick(at, "Print it here")
        assert "2 hours" in self.pick(at, "Another notice")
        at.answer("Enter to skip:", "IN")
        self.pick(at, "India")
        at.answer("Address, or Enter", "https://other.example/1")
        at.answer("Address, or Enter", "")
        for _ in range(3):
            at.expect("You answered this already.")
            at.expect_one_of("Type a number from 1 to", "with blanks between:", "leave it out:")
            at.type("")
        assert "https://site.example/1" not in self.pick(at, "Print it here")
        assert "https://other.example/1" in self.pick(at, "I am done")
        assert at.wait() == 0

    def test_slips_are_asked_again_and_back_works_to_the_end(self, terminal: At, own: Path) -> None:
        """Numbers that are not offered, a time that is none, back from the check and from the end, Markdown."""
        at = self.adult(terminal, own, "--law", "bing")
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        at.answer("Type a number from 1 to 2", "7")
        at.expect("That was not one of the answers.")
        at.answer("Type a number from 1 to 2", "1")
        self.pick(at, "No, or I am not sure.")
        at.expect("The form asks whether you agreed.")
        at.answer("Type a number from 1 to 2", "back")
        at.expect("What do you want to change?")
        self.pick(at, "I did not agree to the picture")
        self.pick(at, "Yes, this is true.")
        self.pick(at, "Save as Markdown")
        at.answer("for example notice-1.md", "notice-1.md")
        at.answer("Type a number from 1 to 3", "back")
        at.expect("The notice was not sent from here.")
        self.pick(at, "Calendar file")
        at.answer("When did you send it?", "soon")
        at.expect("This is not a time.")
        at.answer("When did you send it?", "")
        at.answer("Should the calendar ring?", "ring")
        at.answer("for example check-1.ics", "check-1.ics")
        self.pick(at, "I am done")
        assert at.wait() == 0
        assert "- `https://site.example/1`" in (own / "notice-1.md").read_text()
        assert b"VALARM" in (own / "check-1.ics").read_bytes()

    def test_a_file_that_is_there_is_left_alone(self, terminal: At, own: Path) -> None:
        """Another name is asked for; the suggestion is free."""
        (own / "notice-1.txt").write_text("mine")
        at = self.adult(terminal, own, "--law", "bing")
        at.answer("Address, or Enter", "https://site.example/1")
        at.answer("Address, or Enter", "")
        self.pick(at, "I am the person shown")
        self.pick(at, "Yes, this is true.")
        self.pick(at, "Save as text")
        at.answer("for example notice-2.txt", "notice-1.txt")
        at.expect("A file of this name exists already.")
        at.answer("for example notice-2.txt", "")
        for typed in ("~nobody-of-that-name/notice.txt", "a\0b.txt", "a\0b/c.txt"):
            at.answer("for example notice-2.txt", typed.replace("\0", "\x16\0"))  # Ctrl-V: taken as it is
            at.expect("The file could not be written.")
        at.answer("for example notice-2.txt", "notice-2.txt")
        self.pick(at, "I am done")
        assert at.wait() == 0
        assert (own / "notice-1.txt").read_text() == "mine"
        assert (own / "notice-2.txt").read_text().startswith("For Microsoft's form")
