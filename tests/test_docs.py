"""The documents tell the truth: commands, options, variables, codes, schemas, code, words, and no promise nobody can keep."""

import ast
import gettext
import importlib.util
import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from hashclient import config, errors, messages
from hashclient.guidance import countries, languages, review, screens, service_words, services, texts
from hashclient.model import CaseStatus
from hashclient.model.schema import NAMES
from hashclient.transport.address import parse_origin
from kit.reading import HARDEST, grade

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
CLI = (ROOT / "docs" / "cli.md").read_text()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NOT_OURS = {".git", ".venv", "node_modules", "dist", "__pycache__"}
VERBS = [
    "guide", "page", "demo", "hash", "inspect", "submit", "status", "withdraw", "services", "notice", "schema", "doctor", "endpoint", "endpoint serve",
    "endpoint key", "endpoint doctor", "lab", "lab run", "lab report", "lab suites", "lab sample", "lab cover",
]  # fmt: skip


def module_of(path: Path) -> ModuleType:
    """Load a script as a module, without running it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def help_by_verb() -> dict[str, str]:
    """Give what `--help` prints for the program ("") and for every verb, as the script that writes docs/cli.md finds them."""
    return dict(module_of(ROOT / "docs" / "make_cli.py").help_by_verb())


def verb_of(words: list[str]) -> str:
    """Give the verb of a command line, verbs of a group included."""
    return max((verb for verb in help_by_verb() if words[1:][: len(verb.split())] == verb.split()), key=len)


def fenced(document: str, language: str) -> list[str]:
    """Give the code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", document, re.DOTALL | re.MULTILINE)


def table(heading: str, document: str) -> list[list[str]]:
    """Give the cells of the first table whose head begins with `heading`."""
    lines = document.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def environment(**more: str) -> dict[str, str]:
    """Give the environment without variables of ours, which a run of the tests may have set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HASHCLIENT_")} | more


def without_wrapping(text: str) -> str:
    """Forget where lines were broken: that is the terminal's affair, and another typer may break elsewhere."""
    return " ".join(text.split())


class TestReadme:
    """README is a page that a person in distress can use, and says what the program says."""

    def test_it_is_short(self) -> None:
        """It is about 150 lines, and never over 200."""
        assert len(README.splitlines()) <= 200

    def test_its_parts_come_in_order(self) -> None:
        """What it is, who helps today, install, use, limits, security, where to go on."""
        assert re.findall(r"^## (.*)", README, re.MULTILINE) == [
            "If this is happening to you",
            "Install",
            "Two ways to use it",
            "What it can and cannot do",
            "Security model",
            "Where to go on",
        ]

    def test_the_first_screen_says_who_helps_today(self) -> None:
        """The emergency line, the services for adults and for under-18s, and that no service takes these requests yet."""
        screen = "\n".join(README.splitlines()[:35])
        for needed in (texts.NOT_YOUR_FAULT, texts.EMERGENCY):
            assert needed in without_wrapping(screen.replace("**", ""))
        for service in ("stopncii", "ncmec-tid", "inhope", "rph"):
            assert services.load()[service].url in screen
        assert "We know of no public service yet that takes requests from hashclient" in without_wrapping(screen)

    @pytest.mark.parametrize(
        "document", [ROOT / "README.md", ROOT / "docs" / "for-people.md"], ids=lambda path: path.name
    )
    def test_every_service_named_is_one_of_the_list(self, document: Path) -> None:
        """Addresses for people come from the list of services alone, and the page says that nobody has checked them."""
        text = document.read_text()
        known = {service.url for service in services.load().values()} | {"https://arxiv.org/abs/2412.06056"}
        assert set(re.findall(r"\]\((https://[^)]+)\)", text)) <= known
        if not all(service.verified for service in services.load().values()):
            assert re.search(r"\bcompare (?:them )?with the service's own page", without_wrapping(text))

    def test_set_up_takes_two_commands(self) -> None:
        """Whoever has Python and make needs no other."""
        assert [line.split("#")[0].strip() for line in commands_in(ROOT / "README.md")][:2] == [
            "make demo",
            "make test",
        ]

    def test_the_limits_are_those_the_program_shows(self) -> None:
        """Every limit that a person is shown before any work stands in README, word for word."""
        flat = without_wrapping(README)
        for limit in texts.LIMITS:
            assert limit in flat

    @pytest.mark.parametrize(
        "needed",
        [
            review.SEEN_ANYWAY,
            "**What leaves**",
            "**What never leaves**",
            "**What a fingerprint can still reveal**",
            "**What no one can promise**",
            "| hashclient can | it cannot |",
            "| hashclient must not |",
        ],
    )
    def test_the_security_model_is_there(self, needed: str) -> None:
        """What leaves, what does not, what hashes reveal, what nobody can promise, and who sees the contact, is said."""
        assert needed in without_wrapping(README)


class TestCommandLine:
    """docs/cli.md says what the program says."""

    def test_blocks_of_help_are_those_that_are_printed(self) -> None:
        """`make docs` would change nothing."""
        written = module_of(ROOT / "docs" / "make_cli.py").rewritten(CLI, help_by_verb())
        assert without_wrapping(written) == without_wrapping(CLI)

    @pytest.mark.parametrize("verb", VERBS)
    def test_every_command_is_shown_with_its_help(self, verb: str) -> None:
        """Each verb has its block of help."""
        assert f"Usage: hashclient {verb}" in help_by_verb()[verb]
        assert f"\n### `hashclient {verb}`\n" in CLI

    def test_no_verb_is_missing(self) -> None:
        """Every file of the package's verbs that has one is among those shown."""
        assert {""} | set(VERBS) <= set(help_by_verb())
        assert re.findall(r"^### `hashclient ?(.*)`$", CLI, re.MULTILINE) == list(help_by_verb())

    def test_options_that_are_explained_exist(self) -> None:
        """Every option of the table is one that a verb has."""
        known = set(re.findall(r"--[a-z-]+", "".join(help_by_verb().values())))
        explained = [option for row in table("option", CLI) for option in re.findall(r"--[a-z-]+", row[0])]
        assert len(explained) >= 14
        assert set(explained) <= known

    def test_exit_codes_are_those_in_use(self) -> None:
        """The table has every code, and no other."""
        kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
        in_use = {kind.exit_code for kind in kinds if issubclass(kind, errors.HashclientError)}
        by_signal = {128 + number for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGTERM)}
        assert by_signal <= numbers_in(ROOT / "hashclient" / "cli")
        assert {int(row[0]) for row in table("code", CLI)} == in_use | by_signal | {0}

    @pytest.mark.parametrize(
        ("code", "meaning"),
        [(1, "internal error"), (2, "input or setup"), (3, "network or service"), (4, "stopped by the age rule")],
    )
    def test_exit_codes_are_called_what_the_errors_call_them(self, code: int, meaning: str) -> None:
        """The words for a code are the same everywhere."""
        assert {int(row[0]): row[1] for row in table("code", CLI)}[code] == meaning

    def test_variables_are_those_that_are_read(self) -> None:
        """The table has every variable that the program reads; those of the crash tests are not for people."""
        read = {*config.ENVIRONMENT, *languages.VARIABLES}
        for path in (ROOT / "hashclient").rglob("*.py"):
            source = path.read_text()
            read |= set(re.findall(r"\bHASHCLIENT_[A-Z_]+\b", source)) | variables_read_in(source)
        in_test_builds = {"HASHCLIENT_CRASH_AT", "HASHCLIENT_TEST_BUILD"}
        refused = {"HASHCLIENT_" + "PINS"}
        assert {row[0].strip("`") for row in table("variable", CLI)} == read - in_test_builds - refused

    def test_a_variable_that_is_read_is_seen(self) -> None:
        """The search for variables finds each way to read one."""
        planted = 'import os\nos.environ.get("A")\nenviron["B"]\nos.getenv("C")\n"D" in environ\nother.get("E")\n'
        assert variables_read_in(planted) == {"A", "B", "C", "D"}

    def test_schemas_are_those_published(self) -> None:
        """The table has every schema, and each is where the link says."""
        rows = [re.fullmatch(r"\[`(.*)`\]\((.*)\)", row[0]) for row in table("schema", CLI)]
        named = {row[1]: row[2] for row in rows if row}
        assert set(named) == {*NAMES, "openapi"}
        assert all((ROOT / "docs" / path).is_file() for path in named.values())

    def test_the_settings_file_is_one_that_is_read(self, tmp_path: Path) -> None:
        """The example of a settings file gives what it says."""
        (block,) = fenced(CLI, "toml")
        file = tmp_path / "config.toml"
        file.write_text(block)
        settings = config.load_settings(flags={}, environ={}, parse=parse_origin, path=file)
        assert settings.endpoint == "https://service.example"
        assert settings.trusted_keys == ("0123456789abcdef",)


def variables_read_in(source: str) -> set[str]:
    """Give the names of environment variables that a source reads by name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="get", value=place), args=[ast.Constant(value=str(name)), *_]):
                found |= {name} if ast.unparse(place).split(".")[-1] == "environ" else set()
            case ast.Call(
                func=ast.Attribute(attr="getenv") | ast.Name(id="getenv"), args=[ast.Constant(value=str(name)), *_]
            ):
                found.add(name)
            case ast.Subscript(value=place, slice=ast.Constant(value=str(name)), ctx=ast.Load()):
                found |= {name} if ast.unparse(place).split(".")[-1] == "environ" else set()
            case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()], comparators=[place]):
                found |= {name} if ast.unparse(place).split(".")[-1] == "environ" else set()
    return found


def numbers_in(folder: Path) -> set[int]:
    """Give every whole number that stands in the code of a folder."""
    nodes = (node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is int}


class TestAudit:
    """docs/audit.md shows the code that the promise rests on, and no more than a day's work."""

    def test_the_files_are_those_that_the_script_finds(self) -> None:
        """`make docs` would change nothing."""
        script = module_of(ROOT / "docs" / "make_audit.py")
        page = (ROOT / "docs" / "audit.md").read_text()
        assert script.text()[0] in page

    def test_one_person_can_read_it_in_a_day(self) -> None:
        """The audit path is at most 3,900 lines of code."""
        script = module_of(ROOT / "docs" / "make_audit.py")
        assert script.MOST == 4_050
        assert script.text()[1] <= script.MOST

    def test_lines_are_counted_without_words(self) -> None:
        """Docstrings, comments and blanks do not count; a statement over three lines counts three."""
        source = '"""Words.\n\nMore.\n"""\n# why\n\nx = 1  # and why\n"""What x is."""\ny = (\n    2\n)\n\n\ndef f():\n    """Do."""\n    return """a\nb"""\n'
        assert module_of(ROOT / "docs" / "make_audit.py").code_lines(source) == 1 + 3 + 1 + 2

    def test_a_file_that_is_gone_is_noticed(self) -> None:
        """A pattern that finds nothing is an error, not an empty row."""
        script = module_of(ROOT / "docs" / "make_audit.py")
        with pytest.raises(SystemExit, match="not there"):
            script.files_of(script.Stop("", "", ("cli/no_such_file.py",)))


def page_for_people(code: str) -> Path:
    """Give the page for people in a language."""
    return ROOT / "docs" / ("for-people.md" if code == "en" else f"for-people.{code}.md")


@pytest.fixture
def spoken_in(request: pytest.FixtureRequest) -> Iterator[str]:
    """Speak the language whose code is the parameter."""
    before = messages.in_use()
    messages.use(languages.catalogue(request.param))
    yield request.param
    messages.use(before)


in_every_language = pytest.mark.parametrize("spoken_in", languages.LANGUAGE_NAMES, indirect=True)
in_translation = pytest.mark.parametrize("spoken_in", [*languages.LANGUAGE_NAMES][1:], indirect=True)


class TestServices:
    """The pages for people name the services that the program shows."""

    @in_every_language
    def test_the_table_is_the_list_of_the_program(self, spoken_in: str) -> None:
        """`make docs` would change nothing; the day that counts is that of the youngest entry, so that it stays so."""
        script = module_of(ROOT / "docs" / "make_services.py")
        day = max(service.checked_on for service in services.load().values())
        page = page_for_people(spoken_in).read_text()
        assert script.PAGES[spoken_in] == page_for_people(spoken_in)
        assert script.text(day) in page
        for service in services.load().values():
            assert (service.name in script.text(day)) is service.is_reachable(today=day)
            assert not service.url or service.url in page or not service.is_reachable(today=day)

    @in_translation
    def test_the_table_speaks_the_language(self, spoken_in: str) -> None:
        """Heads, countries, notes and months are those of the catalogue, and none is English; the order is that of its names."""
        written = module_of(ROOT / "docs" / "make_services.py").text(date(2026, 11, 26))
        english = written_in_english(date(2026, 11, 26))
        assert written.count("\n") == english.count("\n")
        for service in services.load().values():
            if service.is_reachable(today=date(2026, 11, 26)):
                note = service_words.SERVICE_NOTES[service.id]
                assert str(note) in written
                assert f" {note.english} " not in written
                if not service.is_worldwide:
                    assert all(countries.name_of(country) in written for country in service.countries)
        for words in (*service_words.TABLE_HEAD, *service_words.FOR_WHOM.values(), service_words.ANY_COUNTRY):
            assert f"| {words} |" in written
            assert f"| {words.english} |" not in written

    def test_numbers_keep_their_order_beside_arabic(self) -> None:
        """So do names in other letters; in a table that reads from left to right nothing is put around them."""
        script = module_of(ROOT / "docs" / "make_services.py")
        assert script.as_it_stands("116 006") == "116 006"
        messages.use(languages.catalogue("ar"))
        try:
            assert script.as_it_stands("+961 81 633 133") == '<bdo dir="ltr">+961 81 633 133</bdo>'
            assert script.as_it_stands(services.load()["smex"].name) == services.load()["smex"].name
        finally:
            messages.use(gettext.NullTranslations())

    def test_the_police_stand_apart_and_last(self) -> None:
        """Below their caution."""
        script = module_of(ROOT / "docs" / "make_services.py")
        others, caution, police = script.text(date(2026, 11, 26)).partition(service_words.BESIDE_POLICE)
        assert caution
        for service in services.load().values():
            if service.is_reachable(today=date(2026, 11, 26)):
                assert service.name in (police if service.kind == "police" else others)


def written_in_english(day: date) -> str:
    """Give the table of services in English, whatever is spoken."""
    before = messages.in_use()
    messages.use(gettext.NullTranslations())
    try:
        return str(module_of(ROOT / "docs" / "make_services.py").text(day))
    finally:
        messages.use(before)


class TestPeople:
    """The page for people says the same in every language."""

    @in_every_language
    def test_it_leads_to_the_other_languages(self, spoken_in: str) -> None:
        """At the top, each in its own name; README leads to all."""
        others = {code: name for code, name in languages.LANGUAGE_NAMES.items() if code != spoken_in}
        page = page_for_people(spoken_in).read_text()
        line = " \u00b7 ".join(f"[{name}]({page_for_people(code).name})" for code, name in others.items())
        assert line in page.splitlines()[:6]
        assert f"[{languages.LANGUAGE_NAMES[spoken_in]}](docs/{page_for_people(spoken_in).name})" in README

    @in_translation
    def test_it_says_that_nobody_reviewed_it(self, spoken_in: str) -> None:
        """Before anything else, for as long as the catalogue says so."""
        said = str(languages.UNREVIEWED).replace(" (--lang en)", "")
        top = page_for_people(spoken_in).read_text().splitlines()[:8]
        assert (said in top) is not languages.is_reviewed(languages.catalogue(spoken_in))

    @in_translation
    def test_it_has_the_parts_of_the_english(self, spoken_in: str) -> None:
        """As many headings of each depth, and in each part as many paragraphs, points, bold words and pieces of code."""
        english, page = (parts_of(page_for_people(code).read_text()) for code in ("en", spoken_in))
        assert [shape(part) for part in page] == [shape(part) for part in english]

    @in_translation
    def test_it_has_the_links_and_commands_of_the_english(self, spoken_in: str) -> None:
        """Part by part, those to other languages aside."""
        english, page = (parts_of(page_for_people(code).read_text()) for code in ("en", spoken_in))
        for ours, theirs in zip(page, english, strict=True):
            for pattern in (r"\]\((http[^)]+)\)", r"`([^`]+)`"):
                assert sorted(re.findall(pattern, ours)) == sorted(re.findall(pattern, theirs))

    @in_every_language
    def test_it_has_the_words_of_the_screens(self, spoken_in: str) -> None:
        """The emergency line, what others can see, and the eight actions, stand there as they do in the program."""
        page = without_wrapping(page_for_people(spoken_in).read_text().replace("**", ""))
        _, _, after = page.partition(f"## {screens.SCREENS['others_see'].title}")
        others, _, besides = after.partition(f"## {screens.ACTIONS_TITLE}")
        for part, wanted in (
            (page, (texts.NOT_YOUR_FAULT, texts.EMERGENCY)),
            (others, screens.OTHERS_SEE),
            (besides, (*screens.ACTIONS, screens.ACTIONS_UNDER_18[0])),
        ):
            for words in wanted:
                assert without_wrapping(str(words)) in part

    def test_arabic_reads_from_right_to_left(self) -> None:
        """All of the page stands in one part that says so, with blank lines inside, without which a forge reads no Markdown."""
        page = page_for_people("ar").read_text()
        assert page.startswith('<div dir="rtl">\n\n# ')
        assert page.endswith("\n\n</div>\n")
        assert page.count("<div") == page.count("</div>") == 1


def parts_of(page: str) -> list[str]:
    """Give the parts of a page for people, each with its heading; without the table, the line of languages and its caution."""
    without = re.sub(r"<!-- services -->.*?<!-- end of services -->\n+", "", page, flags=re.DOTALL)
    without = re.sub(r"^</?div[^>]*>\n+|^\[.*\]\(for-people.*\)\n\n", "", without, flags=re.MULTILINE)
    for code in languages.LANGUAGE_NAMES:
        said = languages.catalogue(code).gettext(languages.UNREVIEWED.english).replace(" (--lang en)", "")
        without = without.replace(f"{said}\n\n", "")
    return re.split(r"^(?=#)", without, flags=re.MULTILINE)[1:]


def shape(part: str) -> tuple[str, int, int, int, int]:
    """Give the depth of its heading, and how many paragraphs, points, bold words and pieces of code it has."""
    depth = part.partition(" ")[0]
    return depth, part.strip().count("\n\n"), part.count("\n- "), part.count("**"), part.count("`")


class TestCode:
    """What the documents show runs."""

    @pytest.mark.loopback
    def test_the_program_of_readme_runs(self, tmp_path: Path) -> None:
        """The library's example goes the whole round against a receiver on this machine."""
        (program,) = fenced(README, "python")
        picture = ROOT / "examples" / "pictures" / "boat-at-sea.jpg"
        (tmp_path / "picture.jpg").write_bytes(picture.read_bytes())
        command = [sys.executable, str(ROOT / "examples" / "partner_endpoint.py"), "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as receiver:
            try:
                assert receiver.stdout
                origin = receiver.stdout.readline().split()[-1]
                program = program.replace("https://service.example", origin) + "\nprint(receipt.status)\n"
                done = subprocess.run(
                    [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
                )
            finally:
                receiver.terminate()
        assert (done.returncode, done.stdout) == (0, "Received\n"), done.stderr

    def test_the_page_for_researchers_runs_as_a_notebook_does(self, tmp_path: Path) -> None:
        """Its programs, one after the other, print what stands below each of them."""
        page = (ROOT / "docs" / "for-researchers.md").read_text()
        cells = re.findall(r"^```python\n(.*?)^```\n+^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        assert len(cells) == len(fenced(page, "python")) >= 4
        (tmp_path / "examples").symlink_to(ROOT / "examples")
        end = "END OF A CELL\n"
        program = "\n".join(f"{cell}print({end.strip()!r})" for cell, _ in cells)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.stdout.split(end) == [*(printed for _, printed in cells), ""], done.stderr
        assert done.stderr == ""

    @pytest.mark.parametrize("name", ["docs/for-researchers.md", "docs/hashes.md", "docs/coverage.md", "docs/scale.md"])
    def test_commands_that_hash_run_as_they_are_printed(self, name: str, tmp_path: Path) -> None:
        """Without a terminal, from the folder that was cloned; each gives a result and no word of an error."""
        (tmp_path / "examples").symlink_to(ROOT / "examples")
        (tmp_path / "FOLDER").symlink_to(ROOT / "examples" / "pictures")
        (tmp_path / "picture.jpg").symlink_to(ROOT / "examples" / "pictures" / "lake-at-dusk.jpg")
        program = tmp_path / "bin" / "hashclient"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m hashclient "$@"\n')
        program.chmod(0o700)
        lines = [line for line in commands_in(ROOT / name) if "hashclient hash" in line and "--cluster" not in line]
        assert bool(lines) is (name != "docs/coverage.md"), "it shows scripts alone"
        for line in lines:
            done = subprocess.run(
                ["sh", "-c", line],
                cwd=tmp_path,
                env=environment(PATH=f"{program.parent}{os.pathsep}{os.environ['PATH']}"),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, (line, done.stderr)
            assert "pdq" in done.stdout, line
            assert done.stderr.count("nothing made this way") == 1, line

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_scripts_and_tests_that_are_named_are_there(self, document: Path) -> None:
        """Whoever wants to measure again finds the file, and of a test the test."""
        for script in re.findall(
            r"(?:python|pytest) ((?:benchmarks|examples|docs|tests)/[\w/]+(?:\.py)?)", document.read_text()
        ):
            assert (ROOT / script).exists(), script

    @pytest.mark.parametrize(
        ("name", "expected"), [("hashes.md", ["8 True"]), ("scale.md", ["0 1", "1 1", "2 1", "3 1", "4 1"])]
    )
    def test_the_programs_of_other_documents_run(self, name: str, expected: list[str], tmp_path: Path) -> None:
        """What they print is what they say."""
        (program,) = fenced((ROOT / "docs" / name).read_text(), "python")
        (tmp_path / "pictures").symlink_to(ROOT / "examples" / "pictures")
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.stdout.splitlines() == expected, done.stderr

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_commands_exist_with_their_options(self, document: Path) -> None:
        """Every line that a person may copy names targets, verbs and options that are there."""
        makefile = (ROOT / "Makefile").read_text()
        for line in commands_in(document):
            words = shlex.split(line, comments=True)
            if words[0] == "make":
                assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), line
            elif words[0] == "hashclient":
                assert words[1].startswith("-") or verb_of(words), line
                known = {"--lang", *re.findall(r"--[a-z-]+", help_by_verb()[verb_of(words)])}  # it may stand anywhere
                assert {word for word in words if word.startswith("--")} <= known, line

    def test_inspect_runs_as_readme_shows_it(self, tmp_path: Path) -> None:
        """The first command for a terminal runs, given the declarations that it asks for."""
        (tmp_path / "picture.jpg").write_bytes((ROOT / "examples" / "pictures" / "lake-at-dusk.jpg").read_bytes())
        (line,) = (line for line in commands_in(ROOT / "README.md") if line.startswith("hashclient inspect"))
        answers = ["--adult", "--depicted", "self", "--intimate", "--no-consent", "--altered", "no"]
        command = [sys.executable, "-m", *shlex.split(line, comments=True), *answers]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert '"type":"pdq"' in done.stdout


def commands_in(document: Path) -> Iterator[str]:
    """Give the lines of console blocks that are typed."""
    for block in fenced(document.read_text(), "console"):
        yield from (line[2:] for line in block.replace("\\\n", " ").splitlines() if line.startswith("$ "))


@cache
def demo_words() -> str:
    """Give what the demo says."""
    command = [sys.executable, "-m", "hashclient", "demo"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    return done.stderr


class TestPicture:
    """The picture of the demo shows the demo."""

    @pytest.mark.slow
    @pytest.mark.loopback
    def test_it_shows_every_step(self) -> None:
        """Each step that the demo announces stands in the picture, in order."""
        script = module_of(ROOT / "docs" / "make_demo_picture.py")
        drawn = " ".join(script.words_of((ROOT / "docs" / "demo.svg").read_text()))
        steps = re.findall(r"^(\d\. .*)$", demo_words(), re.MULTILINE)
        assert len(steps) >= 7
        places = [drawn.index(title) for title in steps]
        assert places == sorted(places)

    @pytest.mark.loopback
    def test_its_words_are_those_of_a_run(self) -> None:
        """Drawn from this run, the picture would hold the same words: it depends on nothing that differs between runs."""
        script = module_of(ROOT / "docs" / "make_demo_picture.py")
        drawn = script.drawing(script.steps_of(demo_words()))
        assert script.words_of(drawn) == script.words_of((ROOT / "docs" / "demo.svg").read_text())

    def test_it_is_small_and_shows_the_picture(self) -> None:
        """It can be read without the network: both example pictures are in it, and it is no larger than they need."""
        drawn = (ROOT / "docs" / "demo.svg").read_text()
        assert drawn.count("data:image/jpeg;base64,") == 2
        assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
        assert len(drawn) < 60_000

    def test_no_type_is_too_small_to_read(self) -> None:
        """At the width of README no letter is smaller than 13 pixels, and no line is longer than its frame."""
        drawn = (ROOT / "docs" / "demo.svg").read_text()
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", drawn)]
        assert len(sizes) >= 5
        assert min(sizes) >= 13
        for x, words in re.findall(r'<text class="(?:body|quiet)" x="([\d.]+)"[^>]*>(.*?)</text>', drawn):
            assert float(x) + len(words) * 7.2 <= 830

    def test_it_is_drawn_from_words(self) -> None:
        """The script that draws it turns words into text elements, wraps them, and escapes what is not text."""
        script = module_of(ROOT / "docs" / "make_demo_picture.py")
        on = script.Drawing()
        on.paragraph("A & B <pdq> " + "word " * 20, 0, 0, width=300)
        on.bits("f" * 64, 0, 0, beside="f" * 63 + "e")
        drawn = on.svg(100, description="A & B")
        lines = script.words_of(drawn)
        assert len(lines) >= 3
        assert lines[0].startswith("A &amp; B &lt;pdq&gt; word")
        assert drawn.count("#ff8f6b") == 1, "one bit differs"

    def test_a_step_that_is_gone_is_noticed(self) -> None:
        """Words that the demo no longer says are an error, not an empty frame."""
        with pytest.raises(SystemExit, match="no longer says"):
            module_of(ROOT / "docs" / "make_demo_picture.py").find("(anything)", "something")


class TestReferences:
    """What a document points to is there."""

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_links_lead_somewhere(self, document: Path) -> None:
        """Every relative link names a file of this repository."""
        for target in re.findall(r'(?:\]\(|src=")([^)#"\s]+)', document.read_text()):
            if "://" not in target:
                assert (document.parent / target).exists(), target

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_files_named_in_documents_exist(self, document: Path) -> None:
        """Every file of ours that a document names in code type is there, whatever was renamed since."""
        text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)
        for span in re.findall(r"`([^`\n]+)`", text):
            for named in re.findall(r"(?<![\w/.-])(?:docs|tests|examples|benchmarks|schemas)/[\w./-]*\w", span):
                assert (ROOT / named).exists(), f"{document.name} names {named}"
            if re.fullmatch(r"(?:hashclient/)?[a-z_]+/(?:[a-z_]+/)*[a-z_]+\.py", span):
                assert any((ROOT / base / span).exists() for base in ("", "hashclient")), (
                    f"{document.name} names {span}"
                )

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_a_decision_is_called_by_its_number(self, document: Path) -> None:
        """The words of a link say the number of the file that it leads to."""
        for number, named in re.findall(r"\[[Dd]ecision (\d+)\]\((?:\S*/)?(\d{4})-", document.read_text()):
            assert int(number) == int(named), f"{document.name}: decision {number} leads to {named}"

    def test_links_to_a_part_of_a_page_lead_there(self) -> None:
        """Every link with a `#` names a heading of the page."""
        for document in DOCUMENTS:
            for target, part in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", document.read_text()):
                if "://" not in target:
                    page = (document.parent / target if target else document).read_text()
                    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
                    slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
                    assert part in slugs, f"{document.name}: {target}#{part}"

    def test_documents_named_in_code_exist(self) -> None:
        """Every document that a docstring or a comment names is there."""
        for path in [*(ROOT / "hashclient").rglob("*.py"), ROOT / "pyproject.toml", ROOT / "Makefile"]:
            for named in re.findall(r"\bdocs/[a-z0-9/_-]+\.(?:md|svg|py)\b", path.read_text()):
                assert (ROOT / named).exists(), f"{path.name} names {named}"

    def test_partners_find_every_status_and_problem(self) -> None:
        """Every status that a partner can meet is explained."""
        problems = pytest.importorskip("hashclient.endpoint.people.problems")
        document = (ROOT / "docs" / "for-partners.md").read_text()
        assert {row[0].strip("`") for row in table("status of a case", document)} == {*CaseStatus} - {CaseStatus.OTHER}
        named = {row[0].strip("`"): int(row[1]) for row in table("name", document)}
        assert named == {name.value: problems.problem(name).status for name in problems.ProblemName}

    def test_decisions_are_numbered_without_gaps(self) -> None:
        """Each decision has its number, its state, its reasons and the ways not taken."""
        decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
        for number, path in enumerate(decisions, start=1):
            text = path.read_text()
            assert path.name.startswith(f"{number:04d}-")
            assert text.startswith(f"# {number}. ")
            for part in ("## Why", "## What we do", "## What follows", "## Options we did not take"):
                assert part in text, f"{path.name} lacks {part}"

    def test_every_dependency_has_its_reason(self) -> None:
        """Each dependency of the package is named in the decision about them."""
        reasons = (ROOT / "docs" / "decisions" / "0006-dependencies.md").read_text()
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        extras = [needed for extra in project["optional-dependencies"].values() for needed in extra]
        for requirement in [*project["dependencies"], *extras]:
            name = re.split(r"[>=<\[ ]", requirement)[0]
            assert name == "hashclient" or f"`{name}`" in reasons, name


PROMISES = {
    r"(?:can\s?not|can't|never) be (?:reversed|turned back|undone into|inverted)": "hashes leak: arXiv 2412.06056",
    r"\birreversibl[ey]\b": "as above",
    r"\bone-way\b": "as above",
    r"\bremoved? (?:it |them |this )?from (?:everywhere|the (?:whole )?internet)\b": "only partners look, and decide",
    r"\bguaranteed\b": "nothing here is",
    r"\b(?:deleted|removed|gone) (?:permanently|for ?ever)\b": "files come back",
    r"\bpermanently (?:deleted|removed|gone)\b": "files come back",
    r"\b(?:completely|fully|totally) anonymous\b": "the service sees an address",
    r"\buntraceable\b": "whoever runs the connection sees the contact",
}
"""What no text says, wherever it stands, and why."""

FOR_PEOPLE = PROMISES | {
    r"\banonymous(?:ly)?\b": "pseudonymous, without an account",
    r"\bvictims?\b": "you, the person in the image",
    r"\brevenge porn\b(?! helpline)": "images shared without your consent",
    r"\bupload(?:ed|ing|s)?\b": "nothing is: fingerprints are sent",
    r"\b100 ?%": "nothing is certain",
    r"\byou (?:should have|must)\b": "you can, you may",
    r"\bsafe now\b": "nobody knows",
}
"""What no text for the person says besides."""


@dataclass(frozen=True)
class Synonym:
    """A word that the glossary forbids, where it is looked for, what to say instead, and a text that holds it."""

    word: str
    """As it stands in the last column of the glossary."""
    pattern: str
    places: str
    """Any of `code` (names), `sentences` (strings of the package), `documents`, `people` (what people read)."""
    instead: str
    planted: str


EVERYWHERE = "code sentences documents people"
SYNONYMS = [
    Synonym("film", r"\bfilms?\b", EVERYWHERE, "video", "the film's frames"),
    Synonym("asset", r"\bassets?\b", EVERYWHERE, "content, image, video", "an asset of the person"),
    Synonym("media blob", r"\bblobs?\b", EVERYWHERE, "content", "a media blob"),
    Synonym("CSAM", r"\bcsam\b", EVERYWHERE, "images of under-18s", "lists of CSAM"),
    Synonym("whitelist", r"\bwhite ?-?lists?\b", EVERYWHERE, "allow-list, trusted keys", "a whitelist of keys"),
    Synonym("blacklist", r"\bblack ?-?lists?\b", EVERYWHERE, "hash list, deny-list", "on a blacklist"),
    Synonym("victim", r"\bvictims?\b(?! support)", "documents people", "you, the person", "The victim's picture."),
    Synonym("user, in sentences of care", r"\busers?\b", "people", "you, the person", "The user types the PIN."),
    Synonym("pinned", r"(?-i:(?<!-)\bpins?\b|\bpinn(?:ed|ing)\b)", "sentences documents", "trusted", "if pinned"),
    Synonym("pinned", r"\bpins\b|\bpinn(?:ed|ing)\b", "code", "trusted_keys", "pinned keys"),
    Synonym(
        "fingerprint (of a key)",
        r"\bkeys?(?:'s|')? fingerprints?\b|\bfingerprints? of (?:a|an|the|its|each|your|our|every)(?: \w+)? keys?\b",
        EVERYWHERE,
        "check digits",
        "the fingerprint of its key",
    ),
    Synonym("hash of the PIN", r"\bhash(?:es)? of (?:a|the|your) pin\b", EVERYWHERE, "case key", "a hash of the PIN"),
    Synonym("server", r"\bservers?\b", "people", "the service", "It is sent to the server."),
    Synonym("backend", r"\bbackends?\b", "documents people", "the service", "our backend answers"),
    Synonym("upload", r"\bupload(?:s|ed|ing)?\b", "people", "send fingerprints", "Upload your picture."),
    Synonym("secure upload", r"\bsecure uploads?\b", EVERYWHERE, "seal", "a secure upload"),
    Synonym("scramble", r"\bscrambl(?:e|es|ed|ing)\b", EVERYWHERE, "seal", "it is scrambled"),
    Synonym(
        "encrypt",
        r"\bencrypt(?:s|ed|ing)? (?:a|an|the|your) (?:image|picture|photo|video)s?\b",
        EVERYWHERE,
        "make a fingerprint",
        "This encrypts your picture.",
    ),
    Synonym("similarity in per cent", r"\bsimilarit(?:y|ies)\b", EVERYWHERE, "distance in bits", "similarity of 90 %"),
    Synonym("tolerance", r"\btolerances?\b", "code documents people", "threshold, within=", "a tolerance of 31"),
    Synonym("augmentation", r"\baugment(?:s|ed|ations?)?\b", EVERYWHERE, "coverage, re-posts", "augmented copies"),
    Synonym("isometric", r"\bisometr(?:ic|y)\b", EVERYWHERE, "dihedral", "isometric variants"),
    Synonym("video PDQ", r"\bvideo pdq\b", EVERYWHERE, "vPDQ", "its video PDQ"),
    Synonym("PDQ code", r"\bpdq codes?\b", EVERYWHERE, "PDQ hash", "a PDQ code"),
    Synonym("ticket", r"\btickets?\b", "code people", "request, case", "Your ticket is open."),
    Synonym("incident", r"\bincidents?\b", EVERYWHERE, "case", "the incident number"),
    Synonym("password", r"(?<!change )(?<!know the )(?<!new )\bpasswords?\b", "people", "PIN", "Your password is:"),
    Synonym("token", r"\btokens?\b", "people", "PIN", "Keep the token."),
    Synonym("login", r"\blogins?\b", EVERYWHERE, "case number and PIN", "Your login:"),
    Synonym("disclaimer", r"\bdisclaimers?\b", EVERYWHERE, "declaration", "accept the disclaimer"),
    Synonym("checkbox", r"\bcheck ?box(?:es)?\b", EVERYWHERE, "declaration", "tick the checkbox"),
    Synonym("response", r"\bresponses?\b", "people", "receipt, answer", "The response of the service:"),
    Synonym("cancel", r"\bcancel(?:s|led|ling)?\b", "people", "take it back, stop", "Cancel the request."),
    Synonym("undo", r"\bundo(?:es|ne)?\b", "people", "take it back", "You can undo this."),
    Synonym("hit", r"\bhits?\b", EVERYWHERE, "match", "3 hits"),
    Synonym("detection", r"\bdetections?\b", EVERYWHERE, "match", "a detection"),
    Synonym("verdict", r"\bverdicts?\b", "documents people", "feedback", "the partner's verdict"),
    Synonym("customer", r"\bcustomers?\b", EVERYWHERE, "partner", "our customers"),
    Synonym("vendor", r"\bvendors?\b", EVERYWHERE, "partner", "a vendor's list"),
    Synonym("discovery document", r"\bdiscovery documents?\b", EVERYWHERE, "profile", "the discovery document"),
]
"""The words of the glossary's last column that can be looked for without false alarms."""


WRITTEN_ELSEWHERE = [
    pattern.replace("~", "")  # so that this file does not find itself
    for pattern in (
        r"(?<![\w.])/(?:w~ork|r~oot|h~ome/\w+|t~mp)/[a-z]",
        r"//[a-z.]*(?:py~pi|python~hosted|npm~js|deb~ian)\.",
    )
]
"""Paths of a machine, and hosts of package registries."""


def spoken(path: Path) -> Iterator[str]:
    """Give the texts of a file that people read: a document whole, of code the strings that are sentences."""
    if path.suffix == ".md":
        text = without_wrapping(path.read_text())
        for service in services.load().values():  # what a service calls itself is its own
            text = text.replace(service.name, "")
        yield text
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield without_wrapping(node.value)


def texts_for_people() -> list[Path]:
    cli = (ROOT / "hashclient" / "cli").rglob("*.py")
    guidance = (ROOT / "hashclient" / "guidance").rglob("*.py")
    documents = [
        ROOT / "README.md",
        ROOT / "docs" / "for-people.md",
        ROOT / "docs" / "cli.md",
        ROOT / "docs" / "notices.md",
    ]
    return [*cli, *guidance, ROOT / "hashclient" / "errors.py", *documents]


def names_in(source: str) -> set[str]:
    """Give every name that a source makes or uses, as words: `trusted_keys` and `TrustedKeys` are "trusted keys"."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        found = (getattr(node, part, None) for part in ("id", "attr", "arg", "name", "asname", "module"))
        names |= {name for name in found if isinstance(name, str)}
    return {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[._]+", " ", name)).strip().lower() for name in names}


@cache
def looked_through(place: str) -> list[tuple[str, str]]:
    """Give the texts of a place with the names of their files; code in documents is not prose."""
    package = sorted((ROOT / "hashclient").rglob("*.py"))
    match place:
        case "code":
            return [(path.name, "\n".join([path.stem, *names_in(path.read_text())])) for path in package]
        case "sentences":
            return [(path.name, text) for path in package for text in spoken(path)]
        case "documents":
            return [(path.name, prose(path)) for path in DOCUMENTS if path.name != "glossary.md"]
        case _:
            code = [(path.name, text) for path in texts_for_people() if path.suffix == ".py" for text in spoken(path)]
            return code + [(path.name, prose(path)) for path in texts_for_people() if path.suffix == ".md"]


def prose(path: Path) -> str:
    """Give a document without its code, and without the addresses of its links."""
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
    return without_wrapping(re.sub(r"`[^`\n]*`|\]\([^)]*\)", " ", text))


def tracked() -> list[Path]:
    """Give every text file that is ours."""
    suffixes = {".py", ".md", ".toml", ".json", ".svg", ".txt", ".ts", ".mjs", ".html", ".css", ""}
    every = (path for path in ROOT.rglob("*") if path.is_file() and path.suffix in suffixes)
    return [path for path in every if not NOT_OURS & set(path.relative_to(ROOT).parts) and not is_cache(path)]


def is_cache(path: Path) -> bool:
    first = path.relative_to(ROOT).parts[0]
    return first == "build" or (first.startswith(".") and first not in {".ci", ".gitignore"})


class TestWords:
    """No text promises what nobody can keep, and none tells of the place where it was written."""

    @pytest.mark.parametrize("pattern", PROMISES)
    def test_no_text_promises(self, pattern: str) -> None:
        """No docstring, sentence or document says what the list forbids."""
        code = [*(ROOT / "hashclient").rglob("*.py"), *(ROOT / "examples").rglob("*.py")]
        for path in [*DOCUMENTS, *code]:
            for text in spoken(path):
                assert not re.search(pattern, text, re.IGNORECASE), f"{path.name}: {text[:200]}"

    @pytest.mark.parametrize("pattern", FOR_PEOPLE)
    def test_texts_for_people_keep_to_the_words(self, pattern: str) -> None:
        """Sentences for the person in the picture use words of care, and none that blames or promises."""
        for path in texts_for_people():
            for text in spoken(path):
                assert not re.search(pattern, text, re.IGNORECASE), f"{path.name}: {text[:200]}"

    @pytest.mark.parametrize("synonym", SYNONYMS, ids=lambda synonym: f"{synonym.word}-{synonym.places.split()[0]}")
    def test_no_word_is_used_that_the_glossary_forbids(self, synonym: Synonym) -> None:
        """One thing has one word, in names, sentences and documents."""
        for place in synonym.places.split():
            for name, text in looked_through(place):
                if found := re.search(synonym.pattern, text, re.IGNORECASE):
                    around = text[max(0, found.start() - 60) : found.end() + 60]
                    pytest.fail(f"{name} ({place}): say {synonym.instead}: {around}")

    @pytest.mark.parametrize("synonym", SYNONYMS, ids=lambda synonym: f"{synonym.word}-{synonym.places.split()[0]}")
    def test_a_forbidden_word_is_found(self, synonym: Synonym) -> None:
        """Each word is found where it is planted, and is one that the glossary forbids."""
        assert re.search(synonym.pattern, synonym.planted, re.IGNORECASE)
        assert set(synonym.places.split()) <= set(EVERYWHERE.split())
        glossary = (ROOT / "docs" / "glossary.md").read_text()
        assert synonym.word in ", ".join(row[-1] for row in table("word", glossary)).replace(";", ",")

    def test_every_place_is_looked_through(self) -> None:
        """Names are taken apart into words, and no place is empty."""
        assert names_in("def trusted_keys(): return TrustedKeys.first") >= {"trusted keys", "first"}
        assert all(len(looked_through(place)) > 5 for place in EVERYWHERE.split())
        assert "pytest" not in prose(ROOT / "docs" / "coverage.md")

    def test_no_room_is_called_after_nothing(self) -> None:
        """There is no `utils`, `helpers` or `manager`."""
        stems = {path.stem.strip("_") for path in (ROOT / "hashclient").rglob("*.py")}
        assert not stems & {"utils", "util", "helpers", "helper", "manager", "misc", "common"}

    def test_what_must_be_said_is_said(self) -> None:
        """The page for people has the emergency line, the hand-off for under-18s and the four honest limits."""
        page = without_wrapping((ROOT / "docs" / "for-people.md").read_text())
        for sentence in (texts.NOT_YOUR_FAULT, texts.EMERGENCY, screens.ACTIONS[0], "Take It Down", "INHOPE"):
            assert sentence in page
        for word in ("cannot", "internet address", "Spyware", "rough version"):
            assert word in page

    def test_a_twelve_year_old_can_read_the_page_for_people(self) -> None:
        """Each of its parts, without the list of services."""
        page = re.sub(
            r"<!-- services -->.*<!-- end of services -->",
            "",
            (ROOT / "docs" / "for-people.md").read_text(),
            flags=re.DOTALL,
        )
        parts = re.split(r"^#+ ", re.sub(r"\]\([^)]*\)|[`*\[]", "", page), flags=re.MULTILINE)[1:]
        assert len(parts) >= 6
        for part in parts:
            paragraphs = [without_wrapping(one) for one in re.split(r"\n\n|\n- ", part)]
            assert grade(paragraphs) <= HARDEST, part[:60]

    @pytest.mark.parametrize("pattern", WRITTEN_ELSEWHERE)
    def test_no_file_tells_where_it_was_written(self, pattern: str) -> None:
        """No machine's paths, and no registry's host, stand in the repository."""
        for path in tracked():
            assert not re.search(pattern, path.read_text(errors="replace")), path.relative_to(ROOT)
