"""Bodies of four million bytes that cost an endpoint the most to read, each of another shape."""

# ruff: noqa: UP031  # JSON is full of braces

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from hashclient.model.wire import encode
from kit.endpoint import pdq_value, submission_of

BODY_BYTES: Final = 4 * 1024 * 1024 - 4096
"""Bytes of a body for which there is room in the largest sealed request."""

_SIGNAL: Final = '{"quality":90,"type":"pdq","value":"%064x","variant":"original"}'


def _filled(start: str, part: Callable[[int], str], end: str, *, between: str = ",") -> bytes:
    """Join as many parts as there is room for; `part` is told the position, from 0."""
    room, parts = BODY_BYTES - len(start.encode()) - len(end.encode()), []
    for position in count():
        made = part(position)
        room -= len(made.encode()) + len(between)
        if room < 0:
            break
        parts.append(made)
    return (start + between.join(parts) + end).encode()


def _around(field: str) -> tuple[str, str]:
    """Return what stands before and after the value of one field in a submission that is right but for it."""
    document = json.loads(encode(submission_of()))
    marked = json.dumps(document | {field: "HERE"}, separators=(",", ":"))
    before, after = marked.split('"HERE"')
    return before, after


def _items(signals: Callable[[int], str], *, items: int, each: int) -> bytes:
    """Write items with so many signals each; `signals` is told the position of each in all of them."""
    before, after = _around("items")
    whole = (
        '{"altered":"no","content":"video","signals":[%s]}'
        % ",".join(signals(item * each + position) for position in range(each))
        for item in range(items)
    )
    return f"{before}[{','.join(whole)}]{after}".encode()


def _video(position: int) -> str:
    return '{"quality":90,"type":"vpdq","value":"%s"}' % hashlib.sha256(b"%d" % position).hexdigest()


def largest_submission(signals: int = 26_000) -> bytes:
    """Write a submission of four videos with so many signals; up to 26,000, nothing is wrong with it."""
    return _items(_video, items=4, each=signals // 4)


def _shapes() -> Iterator[tuple[str, Callable[[], bytes]]]:
    items, after_items = _around("items")
    nonce, after_nonce = _around("nonce")
    item = '{"altered":"no","content":"video","signals":['
    yield "items are numbers", lambda: _filled(f"{items}[", lambda _: "1", f"]{after_items}")
    yield "items are empty objects", lambda: _filled(f"{items}[", lambda _: "{}", f"]{after_items}")
    yield "items are empty arrays", lambda: _filled(f"{items}[", lambda _: "[]", f"]{after_items}")
    yield (
        "items without an end",
        lambda: _filled(f"{items}[", lambda _: f'{item}{{"type":"pdq"}}]}}', f"]{after_items}"),
    )
    yield "signals are numbers", lambda: _filled(f"{items}[{item}", lambda _: "1", f"]}}]{after_items}")
    yield "signals are empty", lambda: _filled(f"{items}[{item}", lambda _: "{}", f"]}}]{after_items}")
    yield (
        "signals with unknown fields",
        lambda: _filled(
            f"{items}[{item}", lambda at: '{"a%d":1,"b":1,"c":1,"d":1,"e":1,"f":1}' % at, f"]}}]{after_items}"
        ),
    )
    yield "signals too many", lambda: _filled(f"{items}[{item}", lambda at: _SIGNAL % at, f"]}}]{after_items}")
    yield "one signal too many", lambda: _items(_video, items=7, each=3715)
    yield (
        "items with many wrong signals",
        lambda: _items(lambda _: '{"type":"pdq","x":1,"y":2,"z":[]}', items=100, each=259),
    )
    yield (
        "items with many signals of wrong kinds",
        lambda: _items(lambda at: '{"type":"phash","value":"%016x","variant":"original"}' % at, items=100, each=259),
    )
    yield "signals given twice", lambda: _items(lambda _: _video(7), items=4, each=6500)
    yield "keys without an end", lambda: _filled('{"version":1,', lambda at: '"k%x":1' % at, "}")
    yield "a key given again and again", lambda: _filled("{", lambda _: '"version":1', "}")
    yield "objects in every field", lambda: _filled('{"version":1,', lambda at: '"k%x":{}' % at, "}")
    yield "arrays opened", lambda: b"[" * BODY_BYTES
    yield "objects opened", lambda: _filled("", lambda _: '{"a":', "", between="")
    yield "arrays opened and closed", lambda: b"[" * (BODY_BYTES // 2) + b"]" * (BODY_BYTES // 2)
    yield "depth eight, again and again", lambda: _filled("[", lambda _: "[[[[[[[]]]]]]]", "]")
    yield (
        "arrays in arrays at every level",
        lambda: _filled("[[[[[[[[", lambda at: "1" if at % 9 else "1],[1],[[1]],[[[1]]],[1", "]]]]]]]]"),
    )
    yield "one long string", lambda: _filled(f'{nonce}"', lambda _: "a", f'"{after_nonce}', between="")
    yield "short strings", lambda: _filled(f"{items}[", lambda at: '"%x"' % at, f"]{after_items}")
    yield "escapes", lambda: _filled(f'{nonce}"', lambda _: "\\u0041", f'"{after_nonce}', between="")
    yield "escaped quotes", lambda: _filled(f'{nonce}"', lambda _: '\\"', f'"{after_nonce}', between="")
    yield "lone surrogates", lambda: _filled(f'{nonce}"', lambda _: "\\ud800", f'"{after_nonce}', between="")
    yield "lone surrogates as keys", lambda: _filled('{"version":1,', lambda at: '"\\ud800%x":1' % at, "}")
    yield (
        "characters of four bytes",
        lambda: _filled(f'{nonce}"', lambda _: "\U0001f512", f'"{after_nonce}', between=""),
    )
    yield (
        "one character of four bytes",
        lambda: _filled(f'{nonce}"\U0001f512', lambda _: "a", f'"{after_nonce}', between=""),
    )
    yield "a string without an end", lambda: b'"' + b"\\\\" * (BODY_BYTES // 2 - 1)
    yield "a number of many digits", lambda: b'{"version":' + b"9" * (BODY_BYTES - 12) + b"}"
    yield "numbers of many digits", lambda: _filled(f"{items}[", lambda _: "9" * 4300, f"]{after_items}")
    yield "numbers of a few digits", lambda: _filled(f"{items}[", lambda at: str(10**6 + at), f"]{after_items}")
    yield "fractions", lambda: _filled(f"{items}[", lambda _: "1.5", f"]{after_items}")
    yield "nothing but space", lambda: b" " * BODY_BYTES
    yield "space around everything", lambda: encode(submission_of(pdq_value())).ljust(BODY_BYTES)
    yield "bytes that are no text", lambda: b'{"nonce":"' + b"\xff" * (BODY_BYTES - 12) + b'"}'


SHAPES: Final = dict(_shapes())
"""What makes each body, by what it is made of."""
