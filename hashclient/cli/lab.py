"""Measure, for researchers: edit, hash, score; what it does is in `hashclient.lab`, and nothing is sent."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient.cli import _run, _terminal
from hashclient.errors import UsageError
from hashclient.guidance import lab as words
from hashclient.guidance.lab import LAB_OPTIONS

if TYPE_CHECKING:
    from hashclient.hashing.reposts.recipe import Recipe
    from hashclient.lab.dataset import Dataset
    from hashclient.lab.engine import LabProgress
    from hashclient.lab.hashed import Hashed
    from hashclient.lab.policies import Policy
    from hashclient.lab.suites import Suite, Which

app = _terminal.new_app(help=words.LAB)


class _Side(StrEnum):
    HELD = "held"
    DEV = "dev"
    ALL = "all"


class _Cells(StrEnum):
    HELD = "held"
    SEARCHED = "searched"
    ALL = "all"


class _Screen(StrEnum):
    HASHES = "hashes"
    PIXELS = "pixels"


_Policies = Annotated[list[str] | None, typer.Option("--policy", help=LAB_OPTIONS["policy"], show_default=False)]
_Within = Annotated[list[int] | None, typer.Option("--within", help=LAB_OPTIONS["within"], min=0, show_default=False)]
_Out = Annotated[Path, typer.Option(help=LAB_OPTIONS["out"], metavar="FOLDER")]
_CacheFile = Annotated[Path | None, typer.Option(help=LAB_OPTIONS["cache"], metavar="FILE", show_default=False)]
_Bootstrap = Annotated[int, typer.Option(help=LAB_OPTIONS["bootstrap"], min=10)]
_Private = Annotated[bool, typer.Option("--private", help=LAB_OPTIONS["private"])]
_Seed = Annotated[int, typer.Option(help=LAB_OPTIONS["seed"])]
_HALVES: "dict[_Cells, Which | None]" = {_Cells.HELD: "held", _Cells.SEARCHED: "searched", _Cells.ALL: None}
_RESULTS = Path("lab-results")
_STORE_NAME = "lab.sqlite"
_OPTIONS_WITHOUT_PATHS = (
    "cells", "split", "policy", "within", "quick", "seed", "screen", "bootstrap", "private", "without_negatives",
)  # fmt: skip


@app.command("run", help=words.LAB_RUN)
def run_lab(
    context: typer.Context,
    pictures: Annotated[Path, typer.Argument(help=LAB_OPTIONS["pictures"], metavar="PICTURES", show_default=False)],
    suite: Annotated[str, typer.Option(help=LAB_OPTIONS["suite"])] = "posts-v1",
    cells: Annotated[_Cells, typer.Option(help=LAB_OPTIONS["cells"])] = _Cells.HELD,
    split: Annotated[_Side, typer.Option(help=LAB_OPTIONS["split"])] = _Side.HELD,
    policy: _Policies = None,
    within: _Within = None,
    negatives: Annotated[Path | None, typer.Option(help=LAB_OPTIONS["negatives"], metavar="FOLDER")] = None,
    quick: Annotated[bool, typer.Option("--quick", help=LAB_OPTIONS["quick"])] = False,
    seed: _Seed = 1,
    workers: Annotated[int, typer.Option(help=LAB_OPTIONS["workers"], min=1)] = 1,
    cache: _CacheFile = None,
    out: _Out = _RESULTS,
    screen: Annotated[_Screen, typer.Option(help=LAB_OPTIONS["screen"])] = _Screen.HASHES,
    bootstrap: _Bootstrap = 1000,
    private: _Private = False,
) -> None:
    """Hash what is missing, score, print and write."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # threads of numpy are slower here, and other work waits for them
    from hashclient.lab.engine import Engine

    _terminal.say(words.FOR_RESEARCH)
    policies, chosen = _policies(policy), _suite(suite)
    dataset = _dataset(pictures)
    _make_writable(out)
    engine = Engine(cache or out / _STORE_NAME, workers, report=_shown_progress())
    started = time.monotonic()
    with _run.interrupted_means(lambda: words.STOPPED_IN_THE_LAB):
        made = dataset.transform(
            chosen.quick() if quick else chosen,
            which=_HALVES[cells],
            split=split.value,
            seed=seed,
        ).hash(
            policies,
            engine=engine,
            negatives=None if negatives is None else _dataset(negatives),
            screen=screen.value,
        )
        _terminal.progress("")
        hashed = time.monotonic() - started
        told = made.progress
        skipped = sum(told.skips.values())
        _terminal.say(words.COUNTED.format(made=f"{told.made:,}", kept=f"{told.kept:,}", skipped=f"{skipped:,}"))
        _score(context, made, policies, within, out, bootstrap=bootstrap, is_private=private, hashing=hashed)


@app.command("report", help=words.LAB_REPORT)
def report_lab(
    context: typer.Context,
    policy: _Policies = None,
    within: _Within = None,
    cache: _CacheFile = None,
    out: _Out = _RESULTS,
    without_negatives: Annotated[
        bool, typer.Option("--without-negatives", help=LAB_OPTIONS["without_negatives"])
    ] = False,
    bootstrap: _Bootstrap = 1000,
    private: _Private = False,
) -> None:
    """Score what is in the store, print and write."""
    from hashclient.lab.hashed import Hashed

    made = Hashed.from_store(cache or out / _STORE_NAME)
    _make_writable(out)
    _score(
        context,
        made,
        _policies(policy),
        within,
        out,
        bootstrap=bootstrap,
        is_private=private,
        with_strangers=not without_negatives,
    )


@app.command("suites", help=words.LAB_SUITES)
def list_suites(name: Annotated[str | None, typer.Argument(help=LAB_OPTIONS["suite"], metavar="SUITE")] = None) -> None:
    """Print each suite with its digest, or the cells of one."""
    from hashclient.lab.suites import SUITES, families_of

    for suite in (_suite(name) for name in ((name,) if name else SUITES)):
        searched, held = len(suite.cells("searched")), len(suite.cells("held"))
        families = ", ".join(families_of(suite.every))
        _terminal.data(f"{suite.name}\t{suite.digest[:12]}\tsearched {searched}\theld {held}\t{families}")
        if name:
            _terminal.data(*(f"{cell.which}\t{cell.family}\t{cell.id}" for cell in suite.every))


@app.command("cover", help=words.LAB_COVER)
def choose_cover(
    pictures: Annotated[Path, typer.Argument(help=LAB_OPTIONS["pictures"], metavar="PICTURES", show_default=False)],
    out: Annotated[Path, typer.Option(help=LAB_OPTIONS["cover_out"], metavar="FILE")] = Path("coverage-set.json"),
    known: Annotated[
        Path | None, typer.Option("--set", help=LAB_OPTIONS["cover_set"], metavar="FILE", show_default=False)
    ] = None,
    workers: Annotated[int, typer.Option(help=LAB_OPTIONS["workers"], min=1)] = 1,
    seed: _Seed = 1,
) -> None:
    """Search, write the set, and say what it finds; or only say it of a set that is there."""
    from hashclient.lab import cover
    from hashclient.lab.engine import worker_processes

    _terminal.say(words.FOR_RESEARCH)
    dataset = _dataset(pictures)
    given = _read_set(known) if known else None
    if given is None:
        _make_writable(out.parent, out)
    with _run.interrupted_means(lambda: words.STOPPED_IN_THE_LAB), worker_processes(workers) as executor:
        if given is None:
            recipes = cover.search(dataset, seed=seed, executor=executor)
            frames = cover.search_frames(dataset, seed=seed, executor=executor)
            with _results_written():
                out.write_text(cover.written(recipes, frames), encoding="utf-8")
        else:
            recipes, frames = given
        for name, some in (*((name, recipes) for name in cover.SUITES_SEARCHED), (cover.VIDEO_SUITE, frames)):
            for side in cover.SIDES:
                told = cover.findings(dataset, some, _suite(name), split=side, seed=seed, executor=executor)
                _terminal.data(*cover.table(name, told))


@app.command("strangers", help=words.LAB_STRANGERS)
def look_for_strangers(
    pictures: Annotated[
        Path | None, typer.Argument(help=LAB_OPTIONS["strangers_pictures"], metavar="PICTURES", show_default=False)
    ] = None,
    known: Annotated[
        Path | None, typer.Option("--set", help=LAB_OPTIONS["strangers_set"], metavar="FILE", show_default=False)
    ] = None,
    count: Annotated[int, typer.Option(help=LAB_OPTIONS["strangers_count"], min=2)] = 100,
    rate: Annotated[float, typer.Option(help=LAB_OPTIONS["rate"])] = 3e-7,
    workers: Annotated[int, typer.Option(help=LAB_OPTIONS["workers"], min=1)] = 1,
    seed: _Seed = 3,
) -> None:
    """Count near hashes of strangers, and print a line for each kind."""
    from hashclient.hashing.reposts.coverage import recipes
    from hashclient.lab.engine import worker_processes
    from hashclient.lab.strangers import AT_NO_MATCH, strangers, strangers_table
    from hashclient.vocabulary import Coverage

    _terminal.say(words.FOR_RESEARCH)
    chosen = _read_set(known)[0] if known else recipes(Coverage.WIDE)
    dataset = _dataset(pictures) if pictures else None
    with _run.interrupted_means(lambda: words.STOPPED_IN_THE_LAB), worker_processes(workers) as executor:
        least = AT_NO_MATCH / rate if 0 < rate < 1 else 0
        rows = strangers(chosen, dataset, count=count, seed=seed, least_pairs=least, executor=executor)
        for line in strangers_table(rows, rate=rate):
            _terminal.data(line)


@app.command("sample", help=words.LAB_SAMPLE)
def draw_pictures(
    folder: Annotated[Path, typer.Argument(help=LAB_OPTIONS["new"], metavar="FOLDER", show_default=False)],
    count: Annotated[int, typer.Option(help=LAB_OPTIONS["count"], min=1)] = 240,
    seed: _Seed = 1,
) -> None:
    """Draw pictures, and say how many."""
    from hashclient.lab.sample import draw_sample

    _make_writable(folder)
    with _results_written():
        drawn = draw_sample(folder, count=count, seed=seed)
    _terminal.say(words.SAMPLE_DRAWN.format(count=drawn))


def _make_writable(folder: Path, file: Path | None = None) -> None:
    """Make a folder for results and try it, before hours of work; raises `UsageError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            is_writable = file is None or not file.is_dir()
    except OSError:
        is_writable = False
    if not is_writable:
        raise UsageError(words.NOT_WRITABLE, hint=words.CHOOSE_WRITABLE)


def _read_set(file: Path) -> "tuple[list[Recipe], list[Recipe]]":
    """Read recipes of pictures and of frames; raises `UsageError`."""
    from hashclient.lab import cover

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(words.MALFORMED_SET, hint=words.CHOOSE_A_SET) from None
    return cover.read(text)


def _dataset(pictures: Path) -> "Dataset":
    from hashclient.lab.dataset import Dataset

    return Dataset.from_list(pictures) if pictures.suffix.lower() == ".csv" else Dataset.from_folder(pictures)


def _suite(name: str) -> "Suite":
    from hashclient.lab.suites import Suite

    return Suite.from_file(Path(name)) if name.endswith(".toml") else Suite.named(name)


@contextmanager
def _results_written() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise UsageError(words.UNWRITABLE, hint=words.ANOTHER_PLACE) from None


def _policies(names: list[str] | None) -> "tuple[Policy, ...]":
    from hashclient.lab import policies

    return policies.named(*names) if names else policies.usual_policies()


def _shown_progress() -> "Callable[[LabProgress], None]":
    def show(progress: "LabProgress") -> None:
        done = progress.made + progress.kept
        _terminal.progress(str(words.PROGRESS.format(done=f"{done:,}", planned=f"{max(done, progress.planned):,}")))

    return show


def _command(context: typer.Context) -> list[str]:
    """Return the verb and those of its options that name no place, whether or not anything is there by now."""
    said = ((name, context.params.get(name)) for name in _OPTIONS_WITHOUT_PATHS)
    return [str(context.info_name), *(f"{name}={value}" for name, value in said if value is not None)]


def _score(
    context: typer.Context,
    made: "Hashed",
    policies: "tuple[Policy, ...]",
    within: list[int] | None,
    out: Path,
    *,
    bootstrap: int,
    is_private: bool,
    with_strangers: bool = True,
    hashing: float = 0.0,
) -> None:
    """Score, print the page, and write the tables."""
    from hashclient.lab.report import report_lines, write_results

    started = time.monotonic()
    scored = made.score(policies, within=within or (), bootstrap=bootstrap, with_strangers=with_strangers)
    lines = list(report_lines(scored))
    timings = {"hashing": round(hashing, 3), "scoring": round(time.monotonic() - started, 3)}
    with _results_written():
        write_results(scored, out, command=_command(context), is_private=is_private, timings=timings)
    _terminal.data(*lines)
    _terminal.say(words.TABLES_WRITTEN)
