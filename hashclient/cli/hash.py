"""Make fingerprints of pictures and videos and print them; nothing is sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hashclient.cli import _console, _gate, _many, _options, _pictures, _run, _sources, _where

if TYPE_CHECKING:
    from hashclient.prepare import Prepared

app = _console.new_app()


@app.command()
def hash_(
    files: _options.FilesOrFolders,
    adult: _options.Adult = False,
    types: _options.Types = None,
    coverage: _options.CoverageLevel = None,
    decode: _options.Decode = "exact",
    interval: _options.Interval = _options.USUAL_INTERVAL,
    as_json: _options.Json = False,
    jobs: _options.Jobs = None,
    cluster: _options.Cluster = None,
    null: _options.Null = False,
    require_sandbox: _options.RequireSandbox = False,
) -> None:
    """Make fingerprints (hashes) of pictures and videos on this device and print them. Nothing is sent.

    One line a fingerprint: type and value, quality, variant (of a video's frame: its time), file, with tabs between;
    what a type has not is left empty. With --json,
    one object a file. Every file is opened in a process of its own that can open no other file and no
    connection. Of a folder all files are taken, at any depth, but hidden ones, links to other folders
    and what is neither picture nor video; those are counted. Exit code 2 where no file at all could be used.
    """
    _gate.require_adults(adult=adult)
    from hashclient.prepare import Coverage, Decode, HashOptions
    from hashclient.vocabulary import SignalType

    level = Coverage(coverage or Coverage.SINGLE)
    kinds = tuple(map(SignalType, types)) if types else None
    sources = _sources.Files(files, is_null=null)
    tally = _many.Tally(sources.count)
    with _run.interrupted_means(tally.stopped), _where.runs(jobs=jobs, cluster=cluster) as hash_all:
        hashed = hash_all(
            sources.paths(),
            options=HashOptions(
                types=kinds, decode=Decode(decode), coverage=level, interval=interval, require_full=require_sandbox
            ),
        )
        for file, prepared in _many.results(sources, hashed, tally):
            with _run.in_one_piece():
                _console.data(*_lines(prepared, file, as_json=as_json))
                tally.add(prepared)
    if not sources.are_named:
        _many.say_all(tally, sources.left_out)
    _pictures.require_some(tally.hashed)


def _lines(prepared: "Prepared", file: Path, *, as_json: bool) -> Iterator[str]:
    if as_json:
        record = {
            "file": str(file),
            "content": prepared.content.value,
            "signals": [
                written | ({} if when is None else {"seconds": when})
                for written, when in zip(_pictures.as_json(prepared.signals), _times(prepared), strict=True)
            ],
            "skipped": [{"reason": _pictures.name_of(one), "sentence": one.sentence} for one in prepared.skipped],
        }
        yield json.dumps(record)
        return
    for signal, when in zip(prepared.signals, _times(prepared), strict=True):
        quality = "" if signal.quality is None else f"quality {signal.quality}"
        form = signal.variant or ("" if when is None else f"{when:.3f} s")
        yield "\t".join((signal.to_text(), quality, form, _console.plain(str(file))))


def _times(prepared: "Prepared") -> Iterator[float | None]:
    """Give for each hash when its frame is shown, seconds; None for what is no frame."""
    times = iter(prepared.times)
    for signal in prepared.signals:
        yield next(times) if signal.type.value == "vpdq" else None
