"""Every word that a person sees comes from the catalogue of the language in use, and is laid out as that language runs."""

import functools
import gettext
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer._completion_shared as shells

from hashclient.cli import _layout, _terminal
from hashclient.errors import BrokenMediaError, EmptyMediaError, UnsupportedMediaError, UsageError
from hashclient.guidance import languages
from hashclient.guidance.commands import NO_SUCH_COMMAND, SEE_HELP, VERBS, WITHDRAW
from hashclient.messages import Message, _, _p, in_use, use
from hatch_build import marked_sentences
from kit.command_line import NOWHERE, PICTURES, PROGRAM, At, Run, environment, flat

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "\u27e6", "\u27e7"
INSIDE = re.compile(rf"{BEGIN}[^{BEGIN}{END}]*{END}")
NOT_WORDS = re.compile(
    r"tcp://HOST:PORT|hashclient( [a-z]+)*|--?[a-z-]+|[A-Z][A-Z_/:]+|<[a-z0-9|]+>|[a-z0-9-]+(\|[a-z0-9-]+)+|[a-z.]+:[0-9]+|0<=x<=[0-9.]+|x>=[0-9.]+"
)
"""What is the same in every language: commands, options, names of values, choices."""
ALL_VERBS = ["", *VERBS, "endpoint serve", "endpoint key", "endpoint doctor"]


@functools.cache
def marked() -> frozenset[tuple[str | None, object]]:
    """Give the sentences that are marked in the code, each with its context."""
    return frozenset((one.context, one.id) for one in marked_sentences(ROOT))


class Pseudo(gettext.NullTranslations):
    """A language that is English between marks, a third longer, so that whatever was not looked up is seen.

    It knows the sentences that are marked in the code, and those of this file, which begin with a blank.
    """

    def __init__(self, code: str = "es", *, reviewed: str = "A. Person, 2027-01-31", before: str = "") -> None:
        super().__init__()
        self._said = {"language": code, "x-reviewed": reviewed}
        self._before = before

    def info(self) -> dict[str, str]:
        return self._said

    def gettext(self, message: str) -> str:
        return self._translated(None, message, message)

    def pgettext(self, context: str, message: str) -> str:
        return self._translated(context, message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._translated(None, (msgid1, msgid2), msgid1 if n == 1 else msgid2)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._translated(context, (msgid1, msgid2), msgid1 if n == 1 else msgid2)

    def _translated(self, context: str | None, key: object, message: str) -> str:
        if (context, key) not in marked() and not message.startswith(" "):
            return message
        return f"{BEGIN}{self._before}{message.strip()}{'~' * (len(message) // 3)}{END}"


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[gettext.NullTranslations], None]]:
    """Have the program find a catalogue, whatever language is asked for; and end with that of before."""
    before = in_use()

    def speak(catalogue: gettext.NullTranslations) -> None:
        monkeypatch.setattr(languages, "catalogue", lambda _code: catalogue)
        monkeypatch.setenv("LANGUAGE", "es")
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "80")
        use(catalogue)

    yield speak
    use(before)


Speaking = Callable[[gettext.NullTranslations], None]


def words_outside(shown: str) -> list[str]:
    """Give the words of what was shown that do not come from the catalogue."""
    left = flat(shown)
    while INSIDE.search(left):
        left = INSIDE.sub(" ", left)
    left = NOT_WORDS.sub(" ", left)
    return re.findall(r"[A-Za-z]{2,}", left)


def test_the_search_for_words_outside_sees() -> None:
    """What stands beside the marks is found, and what is inside, also of others, is not."""
    assert words_outside(f"{BEGIN}All {BEGIN}of{END} it{END} --json 2 FILE") == []
    assert words_outside(f"{BEGIN}some{END} more: {BEGIN}x{END}") == ["more"]


@pytest.mark.parametrize("verb", ALL_VERBS)
def test_help_is_in_the_language_in_use(run_inside: Run, speaking: Speaking, verb: str) -> None:
    """Verbs, options, headings, notes on defaults: all but commands, names of values and defaults."""
    speaking(Pseudo())
    ended = run_inside(*verb.split(), "--help")
    assert ended.returncode == 0
    shown = re.sub(r"(?m)^  [a-z]+(?=  +)", "", ended.stdout)  # names in the list of verbs
    shown = re.sub(rf"({BEGIN}default: )[^{END}]*", r"\1", flat(shown))
    assert words_outside(shown) == []
    assert ended.stdout.count(BEGIN) > 3


WRONG = [
    ["nonsense"],
    ["sumbit"],
    ["hash", "--jsno"],
    ["endpoint", "sreve"],
    ["endpoint", "key"],
    ["hash", "--jobs", "many", "x"],
    ["status", "a", "word"],
    ["schema", "nonsense"],
    ["status", "--endpoint", "nonsense"],
    ["status", "--endpoint", "http://example.org"],
    ["status", "--endpoint", NOWHERE, "--trust-key", "x"],
    ["status", "--endpoint", NOWHERE, "--proxy", "socks5h://127.0.0.1:9"],
    ["status"],
    ["hash", "--research", "--type", "tmk", "x"],
    ["hash", "--jobs", "2", "--cluster", "tcp://127.0.0.1:1", "--adult", "x"],
    ["endpoint", "key", "--show", "--keys", "/nowhere/keys"],
    ["hash", "--adult", "/nowhere/x.jpg"],
]


@pytest.mark.parametrize("arguments", WRONG)
def test_errors_are_in_the_language_in_use(run_inside: Run, speaking: Speaking, arguments: list[str]) -> None:
    """Sentence and hint, with whatever values."""
    speaking(Pseudo())
    ended = run_inside(*arguments)
    assert ended.returncode in {2, 3}
    assert words_outside(ended.stderr) == []
    assert BEGIN in ended.stderr


@pytest.fixture
def unusable(tmp_path: Path, run: Run) -> str:
    """Hash three files that cannot be used, in a process that speaks the other language; give what it says."""
    broken, empty, text = (tmp_path / name for name in ("a.jpg", "b.png", "c.gif"))
    broken.write_bytes((PICTURES / "picture-1.jpg").read_bytes()[:2000])
    empty.write_bytes(b"")
    text.write_text("no picture")
    code = PSEUDO_PROGRAM.format(root=str(ROOT))
    ended = run("hash", "--adult", broken, empty, text, program=[sys.executable, "-c", code])
    assert ended.returncode == 2
    return flat(ended.stderr)


def test_what_crosses_from_the_picture_half_is_said_in_the_language_in_use(unusable: str) -> None:
    """A reason arrives by name, and sentence and hint are this process's own."""
    for error in (BrokenMediaError, EmptyMediaError, UnsupportedMediaError):
        for words in (error.sentence, error.hint):
            assert f"{BEGIN}{words}" in unusable


def test_all_words_about_files_are_in_the_language_in_use(unusable: str) -> None:
    """What each is called as well."""
    assert words_outside(unusable) == []


PSEUDO_PROGRAM = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/tests"]
from cli.test_spoken import Pseudo
from hashclient.cli import main
from hashclient.guidance import languages
languages.catalogue = lambda code: Pseudo()
main()
"""


def test_doctor_speaks_the_language_in_use(
    run_inside: Run, speaking: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it found is data, and stays as it is for whoever reads a report; what it says of it does not."""
    from hashclient.cli import doctor

    monkeypatch.setattr(doctor, "_outdated", lambda: ["libjpeg 1"])
    monkeypatch.setattr(doctor, "_formats", lambda: {"JPEG": False})
    monkeypatch.setattr(doctor, "_protection", lambda: {"level": "limited", "missing": ["x"], "files apart": False})
    speaking(Pseudo())
    ended = run_inside("doctor")
    assert ended.returncode == 1
    assert words_outside(ended.stderr) == []
    assert "versions hashclient" in ended.stdout
    assert BEGIN not in ended.stdout


@pytest.mark.slow
def test_the_demo_speaks_the_language_in_use(run: Run) -> None:
    """Every line of the tour; what would leave is data."""
    code = PSEUDO_PROGRAM.format(root=str(ROOT))
    ended = run("demo", program=[sys.executable, "-c", code])
    assert ended.returncode == 0
    hashes = re.compile(r"pdq:[0-9a-f]{64}|[0-9a-f]{64}|\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b|full|limited")
    assert words_outside(hashes.sub("", ended.stderr)) == []
    assert BEGIN not in ended.stdout


def test_data_stays_english(run_inside: Run, speaking: Speaking, tmp_path: Path) -> None:
    """What a program reads is the same in every language."""
    speaking(Pseudo())
    (tmp_path / "x.jpg").write_text("no picture")
    ended = run_inside("hash", "--adult", "--json", tmp_path / "x.jpg")
    assert '"sentence": "This is not a kind of picture' in ended.stdout
    assert BEGIN not in ended.stdout


def test_an_unreviewed_language_says_so_once_and_keeps_the_english(run_inside: Run, speaking: Speaking) -> None:
    """The note comes first; beneath a critical sentence stands its English, further in; beneath others nothing."""
    speaking(Pseudo(reviewed="no"))
    note, sentence, hint = (
        languages.UNREVIEWED.english,
        NO_SUCH_COMMAND.english,
        SEE_HELP.format(command="hashclient").english,
    )
    shown = run_inside("nonsense").stderr
    assert re.sub(rf"[{BEGIN}{END}~]+", "", flat(shown)) == f"{note} {sentence} {sentence} {hint} {hint}"
    assert f"\n    {sentence}\n" in shown
    assert shown.endswith(f"\n    {hint}\n")


def test_only_critical_words_have_their_english_beneath(speaking: Speaking, capfd: pytest.CaptureFixture[str]) -> None:
    """Bold or with fields, and indented one step further than the words."""
    speaking(Pseudo(reviewed="no"))
    _terminal.say(_(" Plain words."), indent="  - ")
    _terminal.say(Message("{words}").format(words=_p("codes", " Keep {what}.").format(what="both")), indent="  - ")
    *_note, plain, critical, english = capfd.readouterr().err.splitlines()
    assert plain.startswith(f"  - {BEGIN}Plain words.")
    assert critical.startswith(f"  - {BEGIN}Keep both.")
    assert english.strip() == "Keep both."
    assert english.startswith("        ")


def test_help_of_an_unreviewed_language_keeps_the_english_of_critical_paragraphs(
    run_inside: Run, speaking: Speaking
) -> None:
    """The note stands at the top, then each paragraph in the other language, and limits in both."""
    speaking(Pseudo(reviewed="no"))
    shown = run_inside("withdraw", "--help").stdout
    assert "Unreviewed translation" in shown.splitlines()[0]
    first, limits = WITHDRAW.paragraphs
    assert flat(shown).count(first.english) == 1
    assert flat(shown).count(limits.english) == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_english_and_reviewed_languages_have_no_note(run_inside: Run, speaking: Speaking, language: str) -> None:
    """Nothing but the sentence and the hint."""
    speaking(Pseudo() if language == "es" else gettext.NullTranslations())
    ended = run_inside("nonsense", "--lang", language)
    assert flat(ended.stderr).count(NO_SUCH_COMMAND.english) == 1
    assert "Unreviewed" not in ended.stderr


@pytest.mark.parametrize("arguments", [["--lang", "de", "hash"], ["hash", "--lang=de"], ["hash", "x", "--lang"]])
def test_an_unknown_language_is_refused_in_one_sentence(run: Run, arguments: list[str]) -> None:
    """Exit code 2, the four names, nothing else."""
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "This program does not speak that language. Nothing was sent.",
        f"It speaks: {languages.names()}.",
    ]


@pytest.mark.parametrize("way", [{"LANG": "es_MX.UTF-8"}, {"LANGUAGE": "fr"}, {"LC_ALL": "ar_EG.UTF-8"}])
def test_the_language_of_the_machine_is_spoken(run: Run, way: dict[str, str]) -> None:
    """The catalogues that ship are found; none was reviewed, and the first line says so."""
    ended = run("nonsense", **way)
    first = ended.stderr.splitlines()[0]
    code = next(iter(way.values()))[:2]
    assert "(--lang en)" in re.sub("[\u2066\u2069]", "", first)
    assert languages.catalogue(code).gettext(languages.UNREVIEWED.english).split()[0] in first
    assert run("nonsense", "--lang", "en", **way).stderr == run("nonsense").stderr


def test_a_terminal_without_the_letters_gets_english(run: Run) -> None:
    """Escapes in place of Arabic letters are no words."""
    ended = run("nonsense", "--lang", "ar", PYTHONIOENCODING="cp1252", LC_ALL="C")
    assert ended.stderr == run("nonsense").stderr


@pytest.mark.parametrize("verb", ALL_VERBS)
def test_h_is_help(run_inside: Run, verb: str) -> None:
    """As `--help`, everywhere."""
    assert run_inside(*verb.split(), "-h").stdout == run_inside(*verb.split(), "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["sumbit", "secret.jpg"], "'hashclient submit'"),
        (["widthraw"], "'hashclient withdraw'"),
        (["endpoint", "docter"], "'hashclient endpoint doctor'"),
        (["hash", "--coverge", "secret"], "'--coverage'"),
        (["status", "--endpont", "secret"], "'--endpoint'"),
    ],
)
def test_what_is_near_to_a_mistake_is_named(run_inside: Run, arguments: list[str], near: str) -> None:
    """A name of ours, and nothing that was typed."""
    ended = run_inside(*arguments)
    assert ended.returncode == 2
    assert f"Did you mean {near}?" in flat(ended.stderr)
    assert not any(word in flat(ended.stderr).split() for word in arguments[-2:] if word not in VERBS)


@pytest.mark.parametrize("arguments", [["qqqqqq"], ["holiday-beach.jpg"], ["hash", "--zzzz"]])
def test_what_is_near_to_nothing_is_not_guessed(run_inside: Run, arguments: list[str]) -> None:
    """Then only the help is named."""
    ended = run_inside(*arguments)
    assert "Did you mean" not in ended.stderr
    assert "--help'" in ended.stderr


def test_choices_stand_in_the_help(run_inside: Run) -> None:
    """Whatever may be given for an option with a fixed set of values."""
    shown = flat(run_inside("submit", "--help").stdout)
    for choices in ("<self|represented>", "<yes|no|unknown>", "<single|standard|wide>", "<exact|fast>", "pdq, md5, "):
        assert choices in shown


# Completion.


def completions(tmp_path: Path, words: str) -> list[str]:
    """Give what bash is offered after some words."""
    asked = {"_HASHCLIENT_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = subprocess.run(
        PROGRAM, env=environment(tmp_path) | asked, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_a_shell_gets_completions(tmp_path: Path) -> None:
    """Verbs, options, and the values of an option; nothing is written anywhere."""
    assert completions(tmp_path, "hashclient s") == ["submit", "status", "services", "schema"]
    assert "--coverage" in completions(tmp_path, "hashclient hash --co")
    assert completions(tmp_path, "hashclient hash --decode ") == ["exact", "fast"]
    assert completions(tmp_path, "hashclient endpoint k") == ["key"]
    assert completions(tmp_path, "hashclient --lang es stat") == ["status"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_installed_where_it_harms_nothing(
    run_inside: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: str
) -> None:
    """The shell's settings name the program, which is said, and hold nothing else; no path is told."""
    monkeypatch.setattr(shells, "_get_shell_name", lambda: shell)
    ended = run_inside("--install-completion")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "Its settings name this program now" in flat(ended.stderr)
    assert str(tmp_path) not in ended.stderr
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "_HASHCLIENT_COMPLETE" in written
    script = run_inside("--show-completion").stdout.strip()
    assert script in written


@pytest.mark.parametrize("shell", ["pwsh", "powershell", "tcsh", None])
def test_other_shells_are_left_alone(
    run_inside: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: str | None
) -> None:
    """For PowerShell a protection of the machine would be loosened."""
    monkeypatch.setattr(shells, "_get_shell_name", lambda: shell)
    monkeypatch.setattr(shells, "install", lambda **_: pytest.fail("it was installed"))
    ended = run_inside("--install-completion")
    assert ended.returncode == 2
    assert "Nothing was changed" in flat(ended.stderr)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert run_inside("--show-completion").returncode == (2 if shell == "tcsh" else 0)


# From right to left.

ARABIC = "\u0646\u0635 \u0639\u0631\u0628\u064a: "


def without_marks(text: str) -> str:
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", text)


def test_each_line_runs_from_the_right(speaking: Speaking, capfd: pytest.CaptureFixture[str]) -> None:
    """It begins with the mark, codes are isolated whole, and the marks take no place."""
    speaking(Pseudo("ar", before=ARABIC))
    _terminal.say(
        _(" Use 'hashclient status --lang ar', {number} ({address}).").format(
            number="7KQM-2XRD-9WPA", address="https://a.example/b"
        )
    )
    _terminal.say(_(" {words}").format(words=" ".join([ARABIC.strip()] * 30)), indent="  - ")
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) > 4
    for line in lines:
        assert line.startswith("\u200f")
        assert len(without_marks(line)) <= 80
        assert line.count("\u2066") == line.count("\u2069")
    assert "'\u2066hashclient status --lang ar\u2069'" in lines[0]
    assert "\u20667KQM-2XRD-9WPA\u2069" in "".join(lines)
    assert "(\u2066https://a.example/b\u2069)" in "".join(lines)
    assert max(len(without_marks(line)) for line in lines) > 70


def test_telephone_numbers_stay_whole(speaking: Speaking) -> None:
    """With their plus sign, brackets and blanks."""
    speaking(Pseudo("ar"))
    for number in ("+44 (0)20 7946 0000", "1-800-843-5678", "3018", "+33 1 23 45 67 89"):
        assert f"\u2066{number}\u2069" in _layout.directed(f"{ARABIC}{number}.")


@pytest.mark.parametrize("way", [{"TERM": "dumb"}, {"TERM": "linux"}])
def test_terminals_that_do_not_know_the_marks_get_none(
    speaking: Speaking, monkeypatch: pytest.MonkeyPatch, way: dict[str, str]
) -> None:
    """The Linux console would show them."""
    speaking(Pseudo("ar"))
    for name, value in way.items():
        monkeypatch.setenv(name, value)
    assert _layout.directed(ARABIC) == ARABIC


def test_other_languages_get_no_marks(speaking: Speaking) -> None:
    """Also where an Arabic name stands in them."""
    for catalogue in (gettext.NullTranslations(), Pseudo("es"), Pseudo("fr")):
        speaking(catalogue)
        assert _layout.directed(f"x {ARABIC} y") == f"x {ARABIC} y"


def test_the_parts_of_a_list_keep_the_order_of_an_arabic_line(speaking: Speaking) -> None:
    """A file stands after its number and before its kind; taken together they would be read from the other end."""
    speaking(Pseudo("ar"))
    shown = _layout.directed(f"{ARABIC} 1: lake at dusk.jpg, JPEG, 103 {ARABIC} 1, 2, 3 {ARABIC} 10:30 127.0.0.1:80")
    parts = ["1", "lake at dusk.jpg", "JPEG", "103", "1", "2", "3", "10:30 127.0.0.1:80"]
    assert re.findall("\u2066(.*?)\u2069", shown) == parts


def test_english_lines_of_an_arabic_run_are_left_alone(speaking: Speaking) -> None:
    """Such as what stands beneath a critical sentence."""
    speaking(Pseudo("ar"))
    assert _layout.directed("    Nothing was sent.\n") == "    Nothing was sent.\n"


def test_escapes_are_not_broken(speaking: Speaking) -> None:
    """Bold and the clearing of a line stay what they are."""
    speaking(Pseudo("ar"))
    shown = _layout.directed(f"\r\x1b[K\x1b[1m{ARABIC}12\x1b[0m\n")
    assert shown == f"\r\u200f\x1b[K\x1b[1m{ARABIC}\u206612\u2069\x1b[0m\n"


def test_help_runs_from_the_right(run_inside: Run, speaking: Speaking) -> None:
    """Its table too: the names of options are isolated."""
    speaking(Pseudo("ar", before=ARABIC))
    shown = run_inside("hash", "--help").stdout
    option = next(line for line in shown.splitlines() if "--research" in line)
    assert option.startswith("\u200f  \u2066--research\u2069")


def test_width_counts_what_takes_a_place() -> None:
    """Neither marks on letters nor escapes nor invisible characters do."""
    for shown, width in (
        ("abc", 3),
        ("\u0639\u0627\u0645\u064b\u0627", 4),
        ("\x1b[1mab\x1b[0m", 2),
        ("\u2066a\u2069", 1),
        ("e\u0301", 1),
    ):
        assert _layout.width_of(shown) == width
    words = " ".join(["\u0639\u0627\u0645\u064b\u0627"] * 20)
    assert [_layout.width_of(line) for line in _layout.filled(words, width=24).splitlines()] == [24, 24, 24, 24]
    assert all(unicodedata.category(one) != "Cf" for one in words)
    assert _layout.filled(f"{'a' * 18} a", width=10, indent="  ") == f"  {'a' * 18}\n  a"  # an address stays whole


def test_arabic_at_a_terminal(terminal: At) -> None:
    """The program ends as it does in English, and what it says first is the note."""
    at = terminal("status", "--endpoint", "nonsense", "--lang", "ar")
    assert at.wait() == 2
    assert "--lang en" in at.text


def test_errors_made_for_the_library_are_english_unless_a_language_is_spoken() -> None:
    """A program that uses the library sees English."""
    assert str(UsageError()) == "Something in the command needs to change. Nothing was sent."
    assert os.environ["LANGUAGE"] == "C"
