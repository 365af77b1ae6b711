"""The documents tell the truth: commands, options, variables, codes, schemas, code, and no promise nobody can keep."""

import ast
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from hashclient import config, errors
from hashclient.cli import VERBS, _run
from hashclient.guidance import texts
from hashclient.model import CaseStatus
from hashclient.model.schema import NAMES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__"}
VERB_PATHS = [*(verb for verb in VERBS if verb != "endpoint"), "endpoint serve", "endpoint key"]


def module_of(path: Path) -> ModuleType:
    """Load a script as a module, without running it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def readme_now() -> str:
    """Give README with its blocks written anew."""
    return str(module_of(ROOT / "docs" / "make_readme.py").rewritten(README))


@cache
def help_of(verb: str) -> str:
    """Give the block of README that holds the help of a verb."""
    found = re.search(rf"<!-- help: ?{verb} ?-->\n\n```text\n(.*?)```", readme_now(), re.DOTALL)
    assert found, verb
    return found[1]


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
    """README says what the program says."""

    def test_blocks_of_help_are_those_that_are_printed(self) -> None:
        """`make docs` would change nothing."""
        assert without_wrapping(readme_now()) == without_wrapping(README)

    @pytest.mark.parametrize("verb", VERB_PATHS)
    def test_every_command_is_shown_with_its_help(self, verb: str) -> None:
        """Each verb has its block of help."""
        assert f"Usage: hashclient {verb}" in help_of(verb)

    def test_exit_codes_are_those_in_use(self) -> None:
        """The table has every code, and no other."""
        kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
        in_use = {kind.exit_code for kind in kinds if issubclass(kind, errors.HashclientError)}
        in_use |= {0, _run.INTERRUPTED, _run.TERMINATED, _run.READER_GONE}
        assert {int(row[0]) for row in table("code", README)} == in_use

    def test_variables_are_those_that_are_read(self) -> None:
        """The table has every variable that the program reads; those of the crash tests are not for people."""
        read = set(config.ENVIRONMENT) | {"NO_COLOR", "XDG_CONFIG_HOME"}
        for path in (ROOT / "hashclient").rglob("*.py"):
            read |= set(re.findall(r"\bHASHCLIENT_[A-Z_]+\b", path.read_text()))
        in_test_builds = {"HASHCLIENT_CRASH_AT", "HASHCLIENT_TEST_BUILD"}
        assert {row[0].strip("`") for row in table("variable", README)} == read - in_test_builds

    def test_schemas_are_those_published(self) -> None:
        """The table has every schema, and each is where the link says."""
        rows = [re.fullmatch(r"\[`(.*)`\]\((.*)\)", row[0]) for row in table("schema", README)]
        named = {row[1]: row[2] for row in rows if row}
        assert set(named) == {*NAMES, "openapi"}
        assert all((ROOT / path).is_file() for path in named.values())

    def test_the_settings_file_is_one_that_is_read(self, tmp_path: Path) -> None:
        """The example of a settings file gives what it says."""
        (block,) = fenced(README, "toml")
        file = tmp_path / "config.toml"
        file.write_text(block)
        settings = config.load_settings(flags={}, environ={}, path=file)
        assert settings.endpoint == "https://service.example"
        assert settings.trusted_keys == ("0123456789abcdef",)

    def test_the_limits_are_those_the_program_shows(self) -> None:
        """Every limit that a person is shown before any work stands in README, word for word."""
        flat = without_wrapping(README)
        for limit in texts.LIMITS:
            assert limit in flat

    @pytest.mark.parametrize("needed", [texts.SEEN_ANYWAY, "**What leaves**", "**What never leaves**"])
    def test_the_security_model_is_there(self, needed: str) -> None:
        """What leaves, what does not, and who sees the contact, is said."""
        assert needed in without_wrapping(README)


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

    def test_the_program_for_researchers_runs(self, tmp_path: Path) -> None:
        """The example of hashing without sending prints a line for each hash."""
        (program,) = fenced((ROOT / "docs" / "for-researchers.md").read_text(), "python")
        (tmp_path / "pictures").symlink_to(ROOT / "examples" / "pictures")
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert len(done.stdout.splitlines()) == 5, done.stderr
        assert re.match(r"0 pdq:[0-9a-f]{64} 100 original$", done.stdout.splitlines()[0])

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
                verb = " ".join(words[1:3]) if words[1] == "endpoint" else words[1]
                known = set(re.findall(r"--[a-z-]+", help_of(verb)))
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


class TestPicture:
    """The picture of the demo shows the demo."""

    def test_it_shows_every_step(self) -> None:
        """Each step that the demo announces stands in the picture, in order."""
        drawn = (ROOT / "docs" / "demo.svg").read_text().replace("\N{NO-BREAK SPACE}", " ")
        source = (ROOT / "hashclient" / "cli" / "demo.py").read_text()
        steps = re.findall(r'_tour\.step\((\d), "(.*?)"\)', source)
        assert len(steps) >= 7
        places = [drawn.index(f">{number}. {title}<") for number, title in steps]
        assert places == sorted(places)

    def test_it_is_drawn_from_lines(self) -> None:
        """The script that draws it turns lines with marks into text elements, and escapes what is not text."""
        drawing = module_of(ROOT / "docs" / "make_demo_picture.py").drawing
        drawn = drawing(["\x1b[1m1. A & B\x1b[0m", "", "   <pdq>  " + "0f" * 32])
        assert 'class="bright"' in drawn
        assert "A\N{NO-BREAK SPACE}&amp;\N{NO-BREAK SPACE}B" in drawn
        assert 'class="quiet"' in drawn


class TestReferences:
    """What a document points to is there."""

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_links_lead_somewhere(self, document: Path) -> None:
        """Every relative link names a file of this repository."""
        for target in re.findall(r'(?:\]\(|src=")([^)#"\s]+)', document.read_text()):
            if "://" not in target:
                assert (document.parent / target).exists(), target

    def test_documents_named_in_code_exist(self) -> None:
        """Every document that a docstring or a comment names is there."""
        for path in [*(ROOT / "hashclient").rglob("*.py"), ROOT / "pyproject.toml", ROOT / "Makefile"]:
            for named in re.findall(r"\bdocs/[a-z0-9/_-]+\.(?:md|svg|py)\b", path.read_text()):
                assert (ROOT / named).exists(), f"{path.name} names {named}"

    def test_partners_find_every_status_and_problem(self) -> None:
        """Every status that a partner can meet is explained."""
        problems = pytest.importorskip("hashclient.endpoint.people.problems")
        document = (ROOT / "docs" / "for-partners.md").read_text()
        assert {row[0].strip("`") for row in table("status of a case", document)} == {*CaseStatus}
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
        yield without_wrapping(path.read_text())
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield without_wrapping(node.value)


def texts_for_people() -> list[Path]:
    cli = (ROOT / "hashclient" / "cli").glob("*.py")
    guidance = [ROOT / "hashclient" / "guidance" / name for name in ("questions.py", "texts.py")]
    return [*cli, *guidance, ROOT / "hashclient" / "errors.py", ROOT / "README.md", ROOT / "docs" / "for-people.md"]


def tracked() -> list[Path]:
    """Give every text file that is ours."""
    suffixes = {".py", ".md", ".toml", ".json", ".svg", ".txt", ""}
    every = (path for path in ROOT.rglob("*") if path.is_file() and path.suffix in suffixes)
    return [path for path in every if not NOT_OURS & set(path.relative_to(ROOT).parts) and not is_cache(path)]


def is_cache(path: Path) -> bool:
    first = path.relative_to(ROOT).parts[0]
    return first.startswith(".") and first not in {".ci", ".gitignore"}


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

    def test_what_must_be_said_is_said(self) -> None:
        """The page for people has the emergency line, the hand-off for under-18s and the four honest limits."""
        page = without_wrapping((ROOT / "docs" / "for-people.md").read_text())
        for sentence in (texts.NOT_YOUR_FAULT, texts.EMERGENCY, texts.KEEP_EVIDENCE, "Take It Down", "INHOPE"):
            assert sentence in page
        for word in ("cannot", "internet address", "Spyware", "rough version"):
            assert word in page

    @pytest.mark.parametrize("pattern", WRITTEN_ELSEWHERE)
    def test_no_file_tells_where_it_was_written(self, pattern: str) -> None:
        """No machine's paths, and no registry's host, stand in the repository."""
        for path in tracked():
            assert not re.search(pattern, path.read_text(errors="replace")), path.relative_to(ROOT)
