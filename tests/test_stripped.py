"""The wheel as frozen programs carry it: compiled with `-OO`, without docstrings, source files and asserts."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from sysconfig import get_path

import pytest

from hashclient import errors
from hashclient.guidance.commands import VERBS
from hashclient.model.schema import NAMES
from kit.command_line import DECLARED, PICTURES, environment

ROOT = Path(__file__).resolve().parent.parent
NOWHERE = "http://127.0.0.1:9"
"""No service is there."""
UNREACHABLE = "could not be reached"
CODES = "{codes}"
"""Stands for a descriptor of a file with a case number and a PIN."""
PICTURE = str(PICTURES / "picture-1.jpg")
HELP = [[], *([verb] for verb in VERBS), ["endpoint", "serve"], ["endpoint", "key"]]

WORDS_OF_ERRORS = """
import json
from hashclient import errors
found = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
print(json.dumps({name: (kind().sentence, kind().hint) for name, kind in found.items()}))
"""
ALL_MODULES = """
import importlib, pkgutil, hashclient
names = [module.name for module in pkgutil.walk_packages(hashclient.__path__, "hashclient.")]
modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
assert False, "asserts are still there"
print(len(modules), *{module.__file__.rpartition(".")[2] for module in modules}, *[module.__doc__ for module in modules if module.__doc__])
"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Ended:
    """What a program did."""

    code: int
    told: str
    said: str


@dataclass(frozen=True)
class Stripped:
    """The stripped package beside the one that is tested everywhere else."""

    python: str
    """An interpreter that has the stripped package."""
    home: Path

    def run(self, *arguments: str) -> Ended:
        """Run the stripped package under `-OO`."""
        return self._run([self.python, "-OO", *arguments])

    def run_both(self, *arguments: str, drawn: str = "$^") -> Ended:
        """Run a verb with and without docstrings; both do the same, but for what is drawn at random."""
        stripped = self.run("-m", "hashclient", *arguments)
        usual = self._run([sys.executable, "-m", "hashclient", *arguments])
        assert stripped.code == usual.code
        assert re.sub(drawn, "*", stripped.told) == re.sub(drawn, "*", usual.told)
        assert re.sub(drawn, "*", stripped.said) == re.sub(drawn, "*", usual.said)
        assert "Common base class" not in stripped.said
        return stripped

    def _run(self, command: list[str]) -> Ended:
        """Run it with a file for case number and PIN, which may be read and written."""
        with (self.home / "codes").open("r+b") as codes:
            done = subprocess.run(
                [str(codes.fileno()) if argument == CODES else argument for argument in command],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                pass_fds=[codes.fileno()],
                env=self.environment,
                cwd=self.home,
                timeout=120,
                check=False,
            )
        return Ended(done.returncode, done.stdout, done.stderr)

    @property
    def environment(self) -> dict[str, str]:
        """Give an environment that says nothing about Python."""
        return {name: value for name, value in environment(self.home).items() if not name.startswith("PYTHON")}


@pytest.fixture(scope="module")
def stripped(tmp_path_factory: pytest.TempPathFactory) -> Stripped:
    """Build the wheel, install it into a fresh environment that sees our dependencies, compile it and delete its sources."""
    folder = tmp_path_factory.mktemp("stripped")
    python = str(folder / "venv" / "bin" / "python")

    def call(*command: str) -> None:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    call(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    call(sys.executable, "-m", "venv", "--without-pip", str(folder / "venv"))
    (wheel,) = folder.glob("*.whl")
    call(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-compile",
        "--no-index",
        str(wheel),
    )
    (packages,) = (folder / "venv").glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(
        get_path("purelib")
    )  # its own .pth files, one of them ours, do not count
    call(python, "-OO", "-m", "compileall", "-b", "-q", str(packages / "hashclient"))
    for source in (packages / "hashclient").rglob("*.py"):
        source.unlink()
    home = folder / "home"
    home.mkdir()
    (home / "codes").write_text("0000-0000-0012\n0123 4567\n")
    return Stripped(python, home)


def test_it_is_stripped(stripped: Stripped) -> None:
    """What the other tests run has neither docstrings nor sources, and every module of it can be loaded."""
    count, *found = stripped.run("-c", ALL_MODULES).told.split()
    assert int(count) > 50
    assert found == ["pyc"]


@pytest.mark.parametrize("verb", HELP, ids=" ".join)
def test_help_has_its_words(stripped: Stripped, verb: list[str]) -> None:
    """The help of each verb is the same without docstrings."""
    ended = stripped.run_both(*verb, "--help")
    assert (ended.code, ended.said) == (0, "")
    _, usage, *words = ended.told.partition("Usage: ")
    assert usage
    assert len("".join(words).partition("Options:")[0].split()) > 12


def test_every_error_has_its_sentence(stripped: Stripped) -> None:
    """Each class of error says what it says elsewhere."""
    ended = stripped.run("-c", WORDS_OF_ERRORS)
    for name, (sentence, hint) in json.loads(ended.told).items():
        kind = getattr(errors, name)
        assert (sentence, hint) == (kind().sentence, kind().hint)
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["hash", "--adult", "absent.jpg"], 2, "There is no file of this name here."),
        (["hash", "--adult", PICTURE, "--type", "none"], 2, "--type"),
        (["schema", "picture"], 2, "submission"),
        (["submit", PICTURE, "--endpoint", NOWHERE], 2, "nothing was sent"),
        (["submit", *DECLARED, PICTURE], 2, "No service was chosen"),
        (["status", "--endpoint", NOWHERE], 2, "--credentials-fd"),
        (["status", "--endpoint", NOWHERE, "--credentials-fd", CODES], 3, UNREACHABLE),
        (["withdraw", "--endpoint", NOWHERE, "--credentials-fd", CODES], 3, UNREACHABLE),
        (["endpoint", "serve", "--keys", "absent", "--database", "absent"], 2, "hashclient endpoint key"),
    ],
    ids=range(9),
)
def test_mistakes_have_their_sentences(stripped: Stripped, arguments: list[str], code: int, words: str) -> None:
    """A mistake, or a service that is not there, is told in the same words and ends with the same code."""
    ended = stripped.run_both(*arguments)
    assert ended.code == code
    assert words in " ".join(ended.said.split())


@pytest.mark.parametrize("language", ["es", "fr", "ar"])
def test_the_translations_are_there(stripped: Stripped, language: str) -> None:
    """The wheel has them compiled: each says that nobody has reviewed it, which English does not."""
    ended = stripped.run_both("--lang", language, "nonsense")
    assert ended.code == 2
    assert "--lang en" in re.sub("[\u2066\u2069]", "", ended.said)
    assert "--lang en" not in stripped.run_both("nonsense").said


@pytest.mark.parametrize("name", NAMES)
def test_schemas_have_their_descriptions(stripped: Stripped, name: str) -> None:
    """The schema that is printed is the one that is published."""
    published = (ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert json.loads(stripped.run_both("schema", name).told) == json.loads(published)


def test_the_endpoint_has_its_description(stripped: Stripped) -> None:
    """The description of the endpoint is the one that is published."""
    ended = stripped.run("-c", "from hashclient.endpoint import app; print(app.openapi_text(), end='')")
    assert ended.told == (ROOT / "schemas" / "openapi.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [[], ["--country", "Deutschland"], ["--country", "Korea"], ["--json"], ["--check"]], ids=" ".join
)
def test_who_can_help_is_shown(stripped: Stripped, arguments: list[str]) -> None:
    """`services` prints the same, from the lists and the names that were packed."""
    ended = stripped.run_both("services", *arguments)
    assert ended.code == (2 if "Korea" in arguments else 0)
    assert "rph" in ended.told if arguments == ["--check"] else "Take It Down (NCMEC)" in ended.told


def test_pictures_are_hashed_in_their_workers(stripped: Stripped) -> None:
    """`hash` prints the same lines, made in the same sandbox."""
    assert stripped.run_both("hash", "--adult", PICTURE, "--require-sandbox").told.count("\t") > 1


def test_what_would_be_sent_is_shown(stripped: Stripped) -> None:
    """`inspect` shows the same."""
    assert stripped.run_both("inspect", PICTURE, *DECLARED, drawn=r'"nonce":"[0-9a-f]{32}"').code == 0


def test_the_doctor_finds_nothing_wrong(stripped: Stripped) -> None:
    """`doctor` prints the same, and every format is read."""
    ended = stripped.run_both("doctor")
    assert ended.code == 0
    assert "protection missing          nothing" in ended.told


def test_the_whole_round(stripped: Stripped) -> None:
    """`demo` submits, asks and withdraws, at an endpoint that it serves itself."""
    drawn = r'([0-9A-Z]{4}-){2}[0-9A-Z]{4}|\d{4} \d{4}|127.0.0.1:\d+|[0-9a-f]{64}|"items":.*'
    assert stripped.run_both("demo", drawn=drawn).code == 0


def test_an_endpoint_is_served(stripped: Stripped) -> None:
    """`endpoint key` makes the keys with which `endpoint serve` takes what `submit`, `status` and `withdraw` send."""
    assert stripped.run("-m", "hashclient", "endpoint", "key", "--keys", "keys.json").code == 0
    serve = [
        stripped.python,
        "-OO",
        "-m",
        "hashclient",
        "endpoint",
        "serve",
        "--keys",
        "keys.json",
        "--database",
        "cases",
    ]
    with subprocess.Popen(
        serve, cwd=stripped.home, env=stripped.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        at = [
            "--endpoint",
            process.stdout.readline().removeprefix("listening on ").strip(),
            "--credentials-fd",
            CODES,
            "--json",
        ]
        try:
            sent = stripped.run("-m", "hashclient", "submit", PICTURE, *DECLARED, *at, "--send")
            asked = [stripped.run("-m", "hashclient", verb, *at) for verb in ("status", "withdraw", "status")]
        finally:
            process.terminate()
    assert json.loads(sent.told)["receipt"]["items"] == 1
    assert [json.loads(ended.told)["status"] for ended in asked] == ["Received", "Withdrawn", "Withdrawn"]
