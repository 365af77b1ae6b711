"""Make fingerprints of pictures and videos and print them; nothing is sent."""

import contextlib
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from hashclient.cli import _declare, _files, _options, _run, _terminal
from hashclient.errors import UsageError
from hashclient.guidance.commands import HASH
from hashclient.vocabulary import DEFAULT_INTERVAL, Coverage, Decode, SignalType

if TYPE_CHECKING:
    from hashclient.prepare import HashOptions, Prepared

app = _terminal.new_app()


@app.command(help=HASH)
def hash_(
    files: _options.FilesOrFolders,
    adult: _options.Adult = False,
    types: _options.Types = None,
    coverage: _options.Coverage = None,
    decode: _options.Decode = Decode.EXACT,
    interval: _options.Interval = DEFAULT_INTERVAL,
    as_json: _options.Json = False,
    jobs: _options.Jobs = None,
    cluster: _options.Cluster = None,
    null: _options.Null = False,
    require_sandbox: _options.RequireSandbox = False,
) -> None:
    """Ask about age, hash, print, and say what was skipped."""
    _declare.require_adults(adult=adult)
    options = _options.hash_options(
        types,
        coverage=coverage or Coverage.SINGLE,
        decode=decode,
        interval=interval,
        require_sandbox=require_sandbox,
    )
    sources = _files.Files(files, is_null=null)
    progress = _files.Progress(sources.count)
    with _run.interrupted_means(progress.stopped), _hasher(options, jobs=jobs, cluster=cluster) as hash_all:
        for file, prepared in _files.results(sources, hash_all(sources.paths()), progress):
            with _run.in_one_piece():
                _terminal.data(*_lines(prepared, file, as_json=as_json))
                progress.add(prepared)
    if not sources.are_named:
        _files.say_all(progress, sources.left_out)
    _files.require_some(progress.hashed)


@contextlib.contextmanager
def _hasher(
    options: "HashOptions", *, jobs: int | None, cluster: str | None
) -> Iterator[Callable[[Iterable[Path]], Generator["Prepared"]]]:
    """Yield what hashes files: on the cores of this machine, `jobs` at once, or on a cluster.

    Raises:
        UsageError: both were asked for.
    """
    from hashclient.prepare import hash_files

    if cluster is None:
        with ThreadPoolExecutor(jobs) if jobs else contextlib.nullcontext() as threads:
            yield lambda files: hash_files(files, options=options, executor=threads)
        return
    if jobs:
        raise UsageError(
            "--jobs is for this machine, and --cluster has its own number. Nothing was sent.",
            hint="Leave one of the two out.",
        )
    from hashclient.cli import _cluster

    with _cluster.connected(cluster) as (executor, batching):

        def hash_there(files: Iterable[Path]) -> Generator["Prepared"]:
            there = (Path(os.path.abspath(file)) for file in files)  # noqa: PTH100  # links stay as they are
            return _cluster.guarded(hash_files(there, options=options, executor=executor, batching=batching))

        yield hash_there


def _lines(prepared: "Prepared", file: Path, *, as_json: bool) -> Iterator[str]:
    times = iter(prepared.times)
    timed = [(one, next(times) if one.type is SignalType.VPDQ else None) for one in prepared.signals]
    if as_json:
        signals = [
            one.model_dump(mode="json", exclude_none=True) | ({} if seconds is None else {"seconds": seconds})
            for one, seconds in timed
        ]
        skipped = [{"reason": _files.reason_name(one), "sentence": one.sentence} for one in prepared.skipped]
        record = {"file": str(file), "content": prepared.content.value, "signals": signals, "skipped": skipped}
        yield json.dumps(record)
        return
    for one, seconds in timed:
        quality = "" if one.quality is None else f"quality {one.quality}"
        form = one.variant or ("" if seconds is None else f"{seconds:.3f} s")
        yield "\t".join((one.to_text(), quality, form, _terminal.plain(str(file))))
