"""Edit and hash: plan what is missing in the store, have it done anywhere, commit it, and go on where it stopped.

A unit of work is one picture with a block of cells: decoded once, edited, hashed, forgotten. Workers return rows; this
process alone writes them, about every second. However it is stopped, what was committed is not done again.
"""

import hashlib
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from hashclient.errors import MediaError, WorkerError
from hashclient.lab.dataset import LabPicture, decoded, donors_of
from hashclient.lab.faults import WorkerMismatchError, canary_of
from hashclient.lab.hashes import LabHash, Rgb
from hashclient.lab.store import Store, StoredRow
from hashclient.lab.suites import Cell, Edited
from hashclient.lab.transforms.interface import By

CELLS_OF_A_UNIT: Final = 32
"""Cells of one unit of work: about half a second."""
UNITS_IN_FLIGHT: Final = 4
"""Units that wait or run, for each worker."""
COMMIT_SECONDS: Final = 1.0
COMMIT_UNITS: Final = 64
"""What is lost at most when the process is killed: as much as comes in a second, or so many units."""
_THREADS_OF_NUMPY: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class PlannedCell:
    """A cell that is to be made of one picture, and the hashes that are missing."""

    cell: Cell
    key: str
    """What the store calls the edit."""
    canary: str
    donors: tuple[LabPicture, ...]
    hashes: tuple[LabHash, ...]


@dataclass(frozen=True)
class Unit:
    """What a worker is given."""

    picture: LabPicture
    seed: int
    hashes: tuple[LabHash, ...] = ()
    """To be made of the picture as it is."""
    cells: tuple[PlannedCell, ...] = ()


@dataclass(frozen=True)
class UnitDone:
    """What a worker gives back."""

    rows: tuple[StoredRow, ...]
    is_mismatched: bool = False
    """Whether its libraries make other pixels; then there are no rows."""


def do_unit(unit: Unit) -> UnitDone:
    """Decode a picture, edit and hash it. Run by workers: it keeps nothing, and writes nothing.

    Raises:
        UsageError: the file has other bytes than its id says, or a hash gives another length than it says.
    """
    if any(canary_of(planned.cell) != planned.canary for planned in unit.cells):
        return UnitDone((), is_mismatched=True)
    file = unit.picture.read()
    try:
        pixels = decoded(file)
    except MediaError:
        every = [("", made) for made in unit.hashes]
        every += [(planned.key, made) for planned in unit.cells for made in planned.hashes]
        return UnitDone(tuple(_skipped_row(unit.picture, key, made, "undecodable") for key, made in every))
    rows = [_hashed_row(unit.picture, "", made, pixels, file) for made in unit.hashes]
    picture = Image.fromarray(pixels)
    for planned in unit.cells:
        edited = _edited(planned, picture, unit)
        for made in planned.hashes:
            if edited.skip is None:
                rows.append(_hashed_row(unit.picture, planned.key, made, np.asarray(edited.picture), edited.file))
            else:
                rows.append(_skipped_row(unit.picture, planned.key, made, edited.skip))
    return UnitDone(tuple(rows))


def _edited(planned: PlannedCell, picture: Image.Image, unit: Unit) -> Edited:
    """Make a cell; what fails in an edit is a skip of this cell, and the others go on."""
    donors = tuple(Image.fromarray(donor.pixels()) for donor in planned.donors)
    try:
        return planned.cell.edit(picture, By(planned.cell.generator(unit.seed, unit.picture.id), donors))
    except Exception:  # noqa: BLE001  # an edit may be anyone's
        return Edited(picture, b"", "failed")


def _hashed_row(picture: LabPicture, key: str, made: LabHash, pixels: Rgb, file: bytes) -> StoredRow:
    value = made.of(pixels, file)
    return StoredRow(picture.id, key, made.id, value.pack(), value.quality, None)


def _skipped_row(picture: LabPicture, key: str, made: LabHash, reason: str) -> StoredRow:
    return StoredRow(picture.id, key, made.id, None, None, reason)


@dataclass
class LabProgress:
    """How far the work is."""

    planned: int = 0
    """Hashes that the measurement needs."""
    kept: int = 0
    """Those of them that were in the store."""
    made: int = 0
    """Those that were made in this run."""
    skips: Counter[str] = field(default_factory=Counter)
    """How often there was none, by reason, among those made in this run."""


@dataclass
class Engine:
    """Where the work is done, and where its results are kept."""

    cache: Path | str | None = None
    """SQLite file; None keeps results in memory."""
    workers: int = 1
    """Processes; 1 works in this process."""
    executor: Executor | None = None
    """Any executor in place of processes of our own; it stays open. Its workers open the pictures by their paths."""
    report: Callable[[LabProgress], None] = field(default=lambda _progress: None)
    """Is told how far the work is, after every unit."""

    def store(self) -> Store:
        """Open the store."""
        return Store(None if self.cache is None else Path(self.cache))

    def run(self, units: Iterable[Unit], store: Store, progress: LabProgress) -> None:
        """Do units, and commit what comes back; the order does not matter.

        Raises:
            WorkerError: the executor broke down; what was committed is kept.
            WorkerMismatchError: a worker's libraries make other pixels; nothing of it was kept.
            UsageError: as `do_unit`.
        """
        waiting: list[StoredRow] = []
        committed, since = time.monotonic(), 0
        try:
            for done in self._done(iter(units)):
                if done.is_mismatched:
                    raise WorkerMismatchError
                waiting += done.rows
                since += 1
                progress.made += len(done.rows)
                progress.skips.update(row.skip for row in done.rows if row.skip)
                if since >= COMMIT_UNITS or time.monotonic() - committed >= COMMIT_SECONDS:
                    store.add(waiting)
                    waiting, committed, since = [], time.monotonic(), 0
                self.report(progress)
        finally:
            store.add(waiting)

    def _done(self, units: Iterator[Unit]) -> Iterator[UnitDone]:
        if self.executor is None and self.workers <= 1:
            yield from map(do_unit, units)
            return
        with ExitStack() as stack:
            executor = self.executor or stack.enter_context(worker_processes(self.workers))
            running: deque[Future[UnitDone]] = deque()
            stack.callback(lambda: [future.cancel() for future in running])
            try:
                for unit in units:
                    running.append(executor.submit(do_unit, unit))
                    while len(running) >= UNITS_IN_FLIGHT * self.workers or (running and running[0].done()):
                        yield running.popleft().result()
                while running:
                    yield running.popleft().result()
            except BrokenExecutor:
                raise WorkerError from None


@contextmanager
def worker_processes(count: int) -> Iterator[Executor]:
    """Start processes with one thread of numpy each, which end with this one, however it ends."""
    import multiprocessing  # on use: it brings sockets
    from concurrent.futures import ProcessPoolExecutor

    before = {name: os.environ.get(name) for name in _THREADS_OF_NUMPY}
    os.environ.update(dict.fromkeys(_THREADS_OF_NUMPY, "1"))
    try:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        with ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent) as executor:
            yield executor
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even if it was killed."""
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:

        def end() -> None:
            wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=end, daemon=True).start()


def edit_key(cell: Cell, *, seed: int, donors: Sequence[LabPicture]) -> str:
    """Return what the store calls an edit: its text, its canary, and the seed and the donors if they have a part in it."""
    shown = hashlib.sha256("".join(donor.id for donor in donors).encode()).hexdigest()[:16] if donors else ""
    parts = (cell.id, canary_of(cell), f"seed {seed}" if cell.is_seeded else "", f"donors {shown}" if shown else "")
    return "|".join(part for part in parts if part)


def keys_of_cells(
    picture: LabPicture, cells: Sequence[Cell], pool: Sequence[LabPicture], *, seed: int
) -> list[tuple[str, tuple[LabPicture, ...]]]:
    """Return, for each cell, what the store calls it for a picture, and the donors it shows.

    Args:
        picture: that is edited.
        cells: of the suite.
        pool: pictures of the dataset, from which donors are drawn.
        seed: of the run.
    """
    drawn = (donors_of(picture, pool, count=cell.donors, seed=seed, cell_id=cell.id) for cell in cells)
    return [(edit_key(cell, seed=seed, donors=donors), donors) for cell, donors in zip(cells, drawn, strict=True)]


def units_for_originals(
    pictures: Iterable[LabPicture], hashes: Sequence[LabHash], store: Store, progress: LabProgress
) -> Iterator[Unit]:
    """Plan what is missing of pictures as they are."""
    for picture in pictures:
        there = {row.kind for row in store.rows(picture.id) if not row.edit}
        missing = tuple(made for made in hashes if made.id not in there)
        progress.planned += len(hashes)
        progress.kept += len(hashes) - len(missing)
        if missing:
            yield Unit(picture, 0, missing)


def units_for_cells(
    pictures: Iterable[LabPicture],
    cells: Sequence[Cell],
    hashes: Sequence[LabHash],
    store: Store,
    progress: LabProgress,
    *,
    pool: Sequence[LabPicture],
    seed: int,
) -> Iterator[Unit]:
    """Plan what is missing of edited pictures, in units of `CELLS_OF_A_UNIT` cells."""
    for picture in pictures:
        there: dict[str, set[str]] = {}
        for row in store.rows(picture.id):
            there.setdefault(row.edit, set()).add(row.kind)
        planned = []
        for cell, (key, donors) in zip(cells, keys_of_cells(picture, cells, pool, seed=seed), strict=True):
            missing = tuple(made for made in hashes if made.id not in there.get(key, ()))
            progress.planned += len(hashes)
            progress.kept += len(hashes) - len(missing)
            if missing:
                planned.append(PlannedCell(cell, key, canary_of(cell), donors, missing))
        for start in range(0, len(planned), CELLS_OF_A_UNIT):
            yield Unit(picture, seed, cells=tuple(planned[start : start + CELLS_OF_A_UNIT]))
