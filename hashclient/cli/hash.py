"""Make fingerprints of pictures and print them; nothing is sent."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from hashclient.cli import _console, _gate, _options, _pictures

if TYPE_CHECKING:
    from hashclient.prepare import Prepared

app = _console.new_app()


@app.command()
def hash_(
    files: _options.Files,
    adult: _options.Adult = False,
    coverage: _options.CoverageLevel = None,
    as_json: _options.Json = False,
    require_sandbox: _options.RequireSandbox = False,
) -> None:
    """Make fingerprints (hashes) of pictures on this device and print them. Nothing is sent.

    One line a fingerprint: type and value, quality, variant, file, with tabs between. With --json,
    one object a file. Every file is opened in a process of its own that can open no other file and no
    connection. Exit code 2 where no
    file at all could be used.
    """
    _gate.require_adults(adult=adult)
    from hashclient.prepare import Coverage, hash_files

    signals = 0
    hashed = hash_files(files, coverage=Coverage(coverage or Coverage.SINGLE), require_full=require_sandbox)
    for prepared in _pictures.watched(hashed, range(1, len(files) + 1), count=len(files)):
        signals += len(prepared.signals)
        _print(prepared, files[prepared.position], as_json=as_json)
    _pictures.require_some(signals)


def _print(prepared: "Prepared", file: Path, *, as_json: bool) -> None:
    if as_json:
        record = {
            "file": str(file),
            "content": prepared.content.value,
            "signals": _pictures.as_json(prepared.signals),
            "skipped": [{"reason": _pictures.name_of(one), "sentence": one.sentence} for one in prepared.skipped],
        }
        _console.data(json.dumps(record))
        return
    for signal in prepared.signals:
        columns = (signal.to_text(), f"quality {signal.quality}", signal.variant, _console.plain(str(file)))
        _console.data("\t".join(str(column) for column in columns))
