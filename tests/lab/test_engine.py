"""The engine: what is there is not made again, whoever does the work, and however it is stopped."""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from hashclient.errors import UsageError, WorkerError
from hashclient.hashing.reposts.levels import HASHES
from hashclient.lab import engine as engines
from hashclient.lab import faults, hashes
from hashclient.lab.dataset import Dataset
from hashclient.lab.engine import Engine, LabProgress, Unit, UnitDone, do_unit
from hashclient.lab.faults import WorkerMismatchError
from hashclient.lab.hashed import Hashed
from hashclient.lab.hashes import LabHash, hash_named
from hashclient.lab.policies import Leg, Policy
from hashclient.lab.suites import Suite
from hashclient.lab.transforms import interface
from hashclient.lab.transforms.interface import register
from hashclient.vocabulary import Coverage
from kit.lab import SMALL_SUITE, draw_pictures

POLICIES = ["pdq", "pdq+8", "cover:8"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with eight pictures."""
    return draw_pictures(tmp_path_factory.mktemp("lab") / "pictures", 8)


def hashed(pictures: Path, engine: Engine, *, suite: Suite = SMALL_SUITE, seed: int = 1, **more: Any) -> Hashed:
    return Dataset.from_folder(pictures).transform(suite, split="all", seed=seed).hash(POLICIES, engine=engine, **more)


def results(made: Hashed, folder: Path) -> dict[str, bytes]:
    made.score(POLICIES, bootstrap=50).write(folder)
    return {path.name: path.read_bytes() for path in folder.glob("*.csv") if path.name != "timings.csv"}


class Shuffled(Executor):
    """Does the work at once, but gives it back in any order."""

    def submit(self, call: Any, /, *arguments: Any) -> Future[Any]:  # type: ignore[override]  # positional alone
        future: Future[Any] = Future()
        future.set_result(call(*arguments))
        return future


def reversed_suite(suite: Suite) -> Suite:
    return Suite(suite.name, suite.description, suite.every[::-1])


def test_the_same_seed_gives_the_same_bytes(pictures: Path, tmp_path: Path) -> None:
    """One process or four, threads, any executor, and the suite in reverse: every table is the same, byte for byte."""
    first = results(hashed(pictures, Engine()), tmp_path / "first")
    with ThreadPoolExecutor(3) as threads:
        others = {
            "reversed": (Engine(), reversed_suite(SMALL_SUITE)),
            "threads": (Engine(workers=3, executor=threads), SMALL_SUITE),
            "any": (Engine(executor=Shuffled()), SMALL_SUITE),
            "processes": (Engine(tmp_path / "lab.sqlite", workers=4), SMALL_SUITE),
        }
        for name, (engine, suite) in others.items():
            assert results(hashed(pictures, engine, suite=suite), tmp_path / name) == first, name
    assert {"summary.csv", "cells.csv", "negatives.csv", "thresholds.csv", "roc.csv"} <= first.keys()


def test_another_seed_changes_what_is_seeded_alone(pictures: Path) -> None:
    """Cells that draw nothing keep their hashes."""
    one, other = (hashed(pictures, Engine(), seed=seed).edited(hash_named("pdq")).values for seed in (1, 2))
    cells = hashed(pictures, Engine()).cells
    changed = {cell.id for cell, a, b in zip(cells, one, other, strict=True) if not np.array_equal(a, b)}
    assert changed <= {cell.id for cell in cells if cell.is_seeded}
    assert len(changed) >= 3


def test_what_is_there_is_not_made_again(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run makes nothing; another policy makes what it alone needs; other strangers only themselves."""
    cache = tmp_path / "lab.sqlite"
    first = hashed(pictures, Engine(cache))
    assert (first.progress.made, first.progress.kept) == (first.progress.planned, 0)
    again = hashed(pictures, Engine(cache))
    assert (again.progress.made, again.progress.kept) == (0, first.progress.planned)
    data = Dataset.from_folder(pictures)
    more = data.transform(SMALL_SUITE, split="all").hash([*POLICIES, "phash-64"], engine=Engine(cache))
    assert more.progress.made == 8 * 9, "phash of edited pictures; that of the pictures themselves was there to screen"
    strangers = Dataset.from_folder(draw_pictures(tmp_path / "strangers", 3, first=50))
    with_strangers = hashed(pictures, Engine(cache), negatives=strangers)
    assert with_strangers.progress.made == 3 * len({"pixels", "pdq", "phash", "dhash", "dihedral", "coverage"})

    def refuse(*_: object) -> None:
        raise AssertionError("a picture was opened, or hashed")

    for name in ("do_unit", "worker_processes"):
        monkeypatch.setattr(engines, name, refuse)
    monkeypatch.setattr(LabHash, "of", refuse)
    stored = Hashed.from_store(cache)
    assert stored.strangers == with_strangers.strangers
    assert stored.cells == first.cells
    for settings in ({}, {"within": [24, 40]}, {"with_strangers": False}):
        stored.score(["cover:8", "pdq8x"], bootstrap=20, **settings)
    with pytest.raises(UsageError, match=r"lacks some hashes of md5@1"):
        stored.score(["md5"])


def test_no_pixel_and_no_name_is_in_the_store(pictures: Path, tmp_path: Path) -> None:
    """Neither paths, nor names, nor any row of a picture's pixels; and of each hash its bytes, its quality and its number."""
    cache = tmp_path / "lab.sqlite"
    made = hashed(pictures, Engine(cache))
    made.store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert str(tmp_path).encode() not in kept
    for picture in Dataset.from_folder(pictures).pictures:
        assert picture.path.name.encode() not in kept
        pixels = picture.pixels()
        assert not any(pixels[row, :16].tobytes() in kept for row in range(len(pixels)))
    with sqlite3.connect(cache) as database:
        assert database.execute("SELECT max(length(value)) FROM made").fetchone()[0] <= HASHES[Coverage.WIDE] * 34
    database.close()


@pytest.mark.usefixtures("extra")
def test_an_edit_that_fails_is_a_skip_of_its_cell(tmp_path: Path) -> None:
    """The others go on; how often and where is counted."""

    @register("planted.fails")
    def fails(picture: Any, _by: object) -> Any:
        if picture.size == (200, 150):
            raise RuntimeError("no")
        return picture.rotate(90)

    suite = Suite.from_text(
        'name = "s"\ndescription = ""\nsaved_as_jpeg = {held = 70}\n[held]\na = ["planted.fails()", "shape.mirror()"]\n'
    )
    made = hashed(draw_pictures(tmp_path / "pictures", 4, size=(200, 150)), Engine(), suite=suite)
    assert made.skips() == {("planted.fails()>codec.jpeg(q=70)", "failed"): 4}
    assert b"failed,4" in results(made, tmp_path)["skips.csv"]
    assert made.progress.skips["failed"] == 4


@pytest.fixture
def extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test register edits that are gone afterwards."""
    monkeypatch.setattr(interface, "_REGISTERED", dict(interface.registered()))


def test_a_worker_with_other_pixels_is_refused_by_name(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its canaries differ, so nothing that it made is kept."""
    faults.canary_of.cache_clear()
    planned: list[Unit] = []

    class Elsewhere(Shuffled):
        def submit(self, call: Any, /, *arguments: Any) -> Future[Any]:  # type: ignore[override]  # as above
            (unit,) = arguments
            planned.append(unit)
            cells = tuple(replace(one, canary="0" * 16) for one in unit.cells)
            return super().submit(call, replace(unit, cells=cells))

    with pytest.raises(WorkerMismatchError, match="Worker mismatch"):
        hashed(pictures, Engine(executor=Elsewhere()))
    assert planned


def test_a_picture_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """It is counted, and takes part in nothing."""
    folder = draw_pictures(tmp_path / "pictures", 6)
    (folder / "broken.png").write_bytes((folder / "000.png").read_bytes()[:200])
    made = hashed(folder, Engine())
    assert made.skipped_files["undecodable"] == 1
    assert len(made.pool) == 6
    for path in folder.iterdir():
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + path.read_bytes()[8:99])
    with pytest.raises(UsageError, match="no picture"):
        hashed(folder, Engine())


def test_a_picture_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is replaced after its bytes were checked gives no digest of what replaced it."""
    (picture,) = Dataset.from_folder(draw_pictures(tmp_path, 1)).pictures
    right, read = picture.path.read_bytes(), Path.read_bytes

    def replaced(path: Path) -> bytes:
        untrusted = read(path)
        path.write_bytes(b"another")
        return untrusted

    monkeypatch.setattr(Path, "read_bytes", replaced)
    (row,) = do_unit(Unit(picture, 1, (hash_named("md5"),))).rows
    assert row.value is not None
    assert row.value.endswith(hashlib.md5(right, usedforsecurity=False).digest())


def test_an_executor_that_broke_down_is_one_sentence(pictures: Path) -> None:
    """What was committed is kept, and no foreign error gets out."""
    with pytest.raises(WorkerError):
        Dataset.from_folder(pictures).transform(SMALL_SUITE, split="all").hash(
            [Policy("dies", (Leg(DIES, DIES, 3),))], engine=Engine(workers=2), screen="pixels"
        )


def die(_pixels: object, _file: bytes) -> bytes:
    """End the worker that was to hash."""
    os._exit(3)


DIES = LabHash("dies@1", 64, die)


def test_few_units_wait_at_a_time(pictures: Path) -> None:
    """However many pictures there are, no more than four units for each worker are handed over."""
    waiting: list[Future[UnitDone]] = []

    class Counting(Shuffled):
        def submit(self, call: Any, /, *arguments: Any) -> Future[Any]:  # type: ignore[override]  # as above
            future: Future[Any] = Future()
            waiting.append(future)
            assert sum(not one.done() for one in waiting) <= 8
            if len(waiting) % 8 == 0:
                for one, unit in zip(waiting[-8:], units[-8:], strict=True):
                    one.set_result(call(unit))
            return future

    units = [Unit(picture, 1, (hash_named("md5"),)) for picture in Dataset.from_folder(pictures).pictures] * 4
    engine, progress = Engine(workers=2, executor=Counting()), LabProgress()
    with engine.store() as store:
        engine.run(units, store, progress)
        assert (progress.made, store.count()) == (32, 8)


def test_a_hash_of_ones_own_is_in_the_tables(pictures: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A function is enough; its rows are kept under its own id."""
    monkeypatch.setattr(hashes, "_OWN", {})
    mine = LabHash("mine@1", 64, lambda pixels, _file: bytes(pixels[::30, ::40, 1].reshape(-1)[:8].tolist()))
    policy = Policy("mine", (Leg(mine, mine, 5),), "both")
    made = Dataset.from_folder(pictures).transform(SMALL_SUITE, split="all").hash([policy], engine=Engine())
    made.score([policy], bootstrap=20).write(tmp_path)
    assert "small/" in (tmp_path / "summary.csv").read_text()
    assert ",mine,5,mean," in (tmp_path / "summary.csv").read_text()
    assert {row.kind for row in made.store.rows(made.pool[0].id)} == {
        "pixels@1",
        "pdq@1",
        "phash-64@1",
        "dhash-64@1",
        "mine@1",
    }


def program(*arguments: object) -> list[str]:
    return [sys.executable, str(Path(__file__).parent.parent / "kit" / "lab.py"), *map(str, arguments)]


def environment(log: Path) -> dict[str, str]:
    return {
        **os.environ,
        "LAB_LOG": str(log),
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "OPENBLAS_NUM_THREADS": "1",
    }


def committed(cache: Path) -> set[tuple[str, str, str]]:
    """Read what is in the store of a run that was killed."""
    if not cache.exists():
        return set()
    with sqlite3.connect(cache) as database:
        if not database.execute("SELECT name FROM sqlite_master WHERE name = 'made'").fetchone():
            return set()
        rows = database.execute(
            "SELECT hex(sha256), edit.text, kind.text FROM made JOIN picture ON picture.id = picture "
            "JOIN edit ON edit.id = edit JOIN kind ON kind.id = kind"
        ).fetchall()
    database.close()
    return {(picture.lower(), edit, kind) for picture, edit, kind in rows}


def made_in(log: Path) -> set[tuple[str, str, str]]:
    return {tuple(json.loads(line)) for line in log.read_text().splitlines()} if log.exists() else set()


def kill_and_resume(tmp_path: Path, *, pictures: int, kills: int, workers: int) -> None:
    """Kill runs at random moments until they were killed often enough; then let one end, and compare its tables.

    Nothing that was committed is made again: what the next run writes down, before it hands rows over, is new.
    """
    folder = draw_pictures(tmp_path / "pictures", pictures)
    rng, killed, largest = random.Random(23), 0, 0
    cache, log = tmp_path / "lab.sqlite", tmp_path / "log"
    while killed < kills:
        before = committed(cache)
        log.unlink(missing_ok=True)
        with subprocess.Popen(
            program(folder, cache, tmp_path / "killed", workers), env=environment(log), stdout=subprocess.PIPE
        ) as run:
            while not log.exists() and run.poll() is None:
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.5))
            if run.poll() is None:
                children = psutil.Process(run.pid).children(recursive=True)
                run.send_signal(signal.SIGKILL)
                killed += 1
                run.wait()
                psutil.wait_procs(children, timeout=30)
                assert not [child for child in children if child.is_running()], "workers end with the run"
        assert run.returncode in {0, -signal.SIGKILL}, "it failed by itself"
        assert not made_in(log) & before, "something committed was made again"
        assert before <= committed(cache), "something committed was lost"
        largest = max(largest, len(committed(cache) - before))
        if run.returncode == 0:  # it ended before it could be killed: begin anew
            for path in tmp_path.glob("lab.sqlite*"):
                path.unlink()
    before = committed(cache)
    log.unlink(missing_ok=True)
    done = subprocess.run(
        program(folder, cache, tmp_path / "resumed", workers), env=environment(log), capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    assert told["made"] == told["planned"] - len(before)
    assert not made_in(log) & before
    subprocess.run(
        program(folder, tmp_path / "other.sqlite", tmp_path / "whole", 1),
        env=environment(tmp_path / "other-log"),
        check=True,
        capture_output=True,
    )
    names = {path.name for path in (tmp_path / "whole").glob("*.csv")} - {"timings.csv"}
    assert len(names) >= 10
    for name in names:
        assert (tmp_path / "resumed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert largest > 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_goes_on(tmp_path: Path, workers: int) -> None:
    """Killed twice, it makes nothing twice, and its tables are those of a run that was never stopped."""
    kill_and_resume(tmp_path, pictures=12, kills=2, workers=workers)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_runs_killed_at_fifty_moments_go_on(tmp_path: Path, workers: int) -> None:
    """The same at fifty random moments, in one process and with workers, which end with it."""
    kill_and_resume(tmp_path, pictures=40, kills=50, workers=workers)


def test_a_unit_is_done_alike_whenever_it_is_done(pictures: Path) -> None:
    """Nothing is kept between units: the same one gives the same rows before and after others."""
    units: list[Unit] = []

    class Keeping(Shuffled):
        def submit(self, call: Any, /, *arguments: Any) -> Future[Any]:  # type: ignore[override]  # as above
            units.append(arguments[0])
            return super().submit(call, *arguments)

    hashed(pictures, Engine(executor=Keeping()))
    first = [do_unit(unit) for unit in units]
    assert [do_unit(unit) for unit in units[::-1]] == first[::-1]
