"""Make fingerprints of pictures and videos and print them; nothing is sent."""

import contextlib
import json
import os
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashclient.cli import _declare, _files, _options, _run, _terminal
from hashclient.errors import HashclientError, UsageError
from hashclient.guidance import operators, texts
from hashclient.guidance.commands import HASH, OPTIONS
from hashclient.vocabulary import DEFAULT_INTERVAL, Coverage, Decode, SignalType

if TYPE_CHECKING:
    from hashclient.model import Signal
    from hashclient.prepare import HashOptions, Prepared, Skipped

app = _terminal.new_app()


@app.command(help=HASH)
def hash_(
    files: _options.PathList,
    adult: _options.Adult = False,
    research: Annotated[bool, typer.Option("--research", help=OPTIONS["research"])] = False,
    types: _options.Types = None,
    coverage: _options.CoverageLevel = Coverage.SINGLE,
    inner: _options.InnerToo = False,
    decode: _options.DecodeRule = Decode.EXACT,
    interval: _options.Interval = DEFAULT_INTERVAL,
    as_json: _options.Json = False,
    jobs: _options.Jobs = None,
    cluster: _options.Cluster = None,
    null: _options.Null = False,
    require_sandbox: _options.RequireSandbox = False,
) -> None:
    """Ask about age, unless it is for research, hash, print, and say what was left out."""
    if research:
        _terminal.say(texts.RESEARCH)
    else:
        _declare.require_adults(adult=adult)
    options = _options.hash_options(types, coverage, decode, interval, require_sandbox=require_sandbox, inner=inner)
    sources = _files.Files(files, is_null=null)
    progress = _files.Progress(sources.count)
    with _run.interrupted_means(progress.stopped), _hashing(options, jobs=jobs, cluster=cluster) as hash_all:
        for file, prepared in _files.results(sources, hash_all(sources.paths()), progress):
            with _run.in_one_piece():
                _terminal.data(*([_as_json(prepared, file)] if as_json else _as_lines(prepared, file)))
                progress.add(prepared)
    if not sources.are_named:
        _files.say_all(progress, sources.left_out)
    _files.require_some(progress.hashed)


@contextlib.contextmanager
def _hashing(
    options: "HashOptions", *, jobs: int | None, cluster: str | None
) -> Iterator[Callable[[Iterable[Path]], Generator["Prepared"]]]:
    """Yield a function that hashes files: on the cores of this machine, `jobs` at once, or on a cluster.

    Raises:
        UsageError: both were asked for.
    """
    from hashclient.prepare import Batching, hash_files

    if cluster is None:
        yield lambda files: hash_files(files, options=options, batching=Batching(threads=jobs))
        return
    if jobs:
        raise UsageError(operators.TWO_NUMBERS, hint=operators.ONE_OF_THEM)
    from hashclient.cli import _cluster

    with _cluster.connected(cluster) as (executor, batching):

        def hash_there(files: Iterable[Path]) -> Generator["Prepared"]:
            there = (Path(os.path.abspath(file)) for file in files)  # noqa: PTH100  # links stay as they are
            return _cluster.guarded(hash_files(there, options=options, executor=executor, batching=batching))

        yield hash_there


def _as_json(prepared: "Prepared", file: Path) -> str:
    skipped = [{"reason": _reason(one), "sentence": one.sentence} for one in prepared.skipped]
    told: dict[str, object] = {
        "file": str(file),
        "content": prepared.content.value,
        "signals": _signals(prepared),
        "skipped": skipped,
    }
    if prepared.inner:
        told["inner"] = {"percent": prepared.inner.percent, "signals": _signals(prepared.inner)}
    return json.dumps(told)


def _signals(prepared: "Prepared") -> list[dict[str, object]]:
    return [
        one.model_dump(mode="json", exclude_none=True) | ({} if seconds is None else {"seconds": seconds})
        for one, seconds in _timed(prepared)
    ]


def _as_lines(prepared: "Prepared", file: Path) -> Iterator[str]:
    """Yield one tab-separated line per fingerprint, those of the picture inside last."""
    inside = [(one, None) for one in prepared.inner.signals] if prepared.inner else []
    for place, (one, seconds) in enumerate([*_timed(prepared), *inside]):
        quality = "" if one.quality is None else f"quality {one.quality}"
        form = one.variant or ("" if seconds is None else f"{seconds:.3f} s")
        form = f"inner {form}" if place >= len(prepared.signals) else form
        yield "\t".join((one.to_text(), quality, form, _terminal.plain(str(file))))


def _timed(prepared: "Prepared") -> Iterator[tuple["Signal", float | None]]:
    """Yield each fingerprint with the time of its frame in the video, seconds; None if it is of no frame."""
    times = iter(prepared.times)
    return (
        (one, next(times) if one.type is SignalType.VPDQ and one.variant is None else None) for one in prepared.signals
    )


def _reason(skipped: "Skipped") -> str:
    """Name the reason for programs: `low-quality`, `broken-media`."""
    if not isinstance(skipped.reason, HashclientError):
        return str(skipped.reason)
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(skipped.reason).__name__.removesuffix("Error")).lower()
