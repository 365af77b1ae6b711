"""Write the JSON Schemas and the vectors of the specification; run by `make schemas`.

Each vector is a file with `why`, `expect` and what to read. For documents: `document` names the
schema, `body` is the exact text (`body_hex` where it is no text, `repeat` where it is long), `expect`
is `ok` or the name of the error, and `schema` says whether JSON Schema alone would take it. Case keys
have `case_number`, `pin` and the key as `expect`. Sealed requests are random, so they are kept as
they are and only made where none exists.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hashclient.endpoint.app import openapi_text
from hashclient.model.case import CaseKey, CaseNumber, Pin
from hashclient.model.schema import NAMES, schema_of
from hashclient.model.signal import Signal
from hashclient.model.submission import Submission
from hashclient.model.wire import decode, encode
from hashclient.sealing import PrivateKey, head_for, new_reply_key, seal
from hashclient.vocabulary import Suite

HERE = Path(__file__).parent
NUMBER = CaseNumber.from_bits(0x2AAAAAAAAAAAAA)
PIN = Pin("04711815")
KEY = CaseKey.from_pin(PIN, NUMBER).on_wire()
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
OTHER_PDQ = "1049d96239e24d4dca2c55512b8bdb77425f4dbcf575a0a95555aaab5554aaaa"
MD5 = "cab08b36195edb1a1231d2d09fa450e0"
ORIGIN = "https://takes.example"


def picture(value: str = PDQ, **changes: Any) -> dict[str, Any]:
    """Give an item with one PDQ hash, with fields of its signal changed."""
    signal = {"type": "pdq", "value": value, "quality": 100, "variant": "original"} | changes
    return {"content": "image", "altered": "no", "signals": [left(signal)]}


def video(*frames: str) -> dict[str, Any]:
    """Give a video with an MD5 and frames."""
    signals: list[dict[str, Any]] = [{"type": "md5", "value": MD5}]
    return {
        "content": "video",
        "altered": "unknown",
        "signals": signals + [{"type": "vpdq", "value": frame, "quality": 90} for frame in frames],
    }


def left(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is None."""
    return {key: value for key, value in fields.items() if value is not None}


def submission(**changes: Any) -> dict[str, Any]:
    """Give a good submission with top-level fields changed, or left out where None."""
    good = {
        "version": 1,
        "nonce": "00112233445566778899aabbccddeeff",
        "case_number": NUMBER.on_wire(),
        "case_key": KEY,
        "declarations": declarations(),
        "items": [picture()],
    }
    return left(good | changes)


def declarations(**changes: Any) -> dict[str, Any]:
    """Give good declarations with fields changed, or left out where None."""
    return left({"adult": True, "depicted": "self", "intimate": True, "no_consent": True, "wording": 1} | changes)


def text(value: Any) -> str:
    """Write canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


GOOD: list[tuple[str, str, dict[str, Any]]] = [
    ("one-picture", "The smallest submission: one picture, one PDQ hash.", submission()),
    ("two-pictures", "Two pictures, one of them altered, made from the other.", submission(items=[picture(), picture(OTHER_PDQ) | {"altered": "yes", "altered_from": 0}])),
    ("video", "A video: the MD5 of its file and the hashes of two frames.", submission(items=[video(PDQ, OTHER_PDQ)])),
    ("represented", "Someone acts for the person shown, who asked and agreed.", submission(declarations=declarations(depicted="represented"))),
    ("quality-floor", "Quality 50 is the least that is taken.", submission(items=[picture(quality=50)])),
    ("stored-variant", "A picture that EXIF turns: hashed upright and as stored.", submission(items=[picture() | {"signals": picture()["signals"] + picture(OTHER_PDQ, variant="stored")["signals"]}])),
    ("cover-variant", "A likely re-post beside the picture's own hash.", submission(items=[picture() | {"signals": picture()["signals"] + picture(OTHER_PDQ, variant="mirror+crop-27")["signals"]}])),
    ("other-types", "Types that an endpoint may accept beside PDQ.", submission(items=[{"content": "image", "signals": [{"type": "sha256", "value": "0" * 64}] + [{"type": name, "value": "f" * 16, "variant": "original"} for name in ("phash", "dhash", "ahash", "whash")]}])),
    ("altered-left-out", "Whether it was altered may be left out: not known.", submission(items=[left(picture() | {"altered": None})])),
    ("wording-left-out", "The version of the sentences may be left out: 1.", submission(declarations=declarations(wording=None))),
    ("full-picture", "A picture with 256 hashes.", submission(items=[picture() | {"signals": [picture(f"{n:064x}", variant=f"crop-{n}")["signals"][0] for n in range(256)]}])),
]  # fmt: skip

BAD: list[tuple[str, str, str, bool, dict[str, Any]]] = [
    ("pdq-32", "A PDQ hash has 64 characters, not 32.", "InvalidSubmissionError", False, submission(items=[picture(PDQ[:32])])),
    ("pdq-65", "A PDQ hash has 64 characters, not 65.", "InvalidSubmissionError", False, submission(items=[picture(PDQ + "0")])),
    ("pdq-empty", "An empty string is not a hash.", "InvalidSubmissionError", False, submission(items=[picture("")])),
    ("pdq-upper-case", "Hex is lower case; upper case is refused, not repaired.", "InvalidSubmissionError", False, submission(items=[picture(PDQ.upper())])),
    ("pdq-not-hex", "g is no hex digit.", "InvalidSubmissionError", False, submission(items=[picture("g" + PDQ[1:])])),
    ("pdq-blank", "Blanks around a hash are refused, not trimmed.", "InvalidSubmissionError", False, submission(items=[picture(PDQ[1:] + " ")])),
    ("pdq-number", "A hash is a string, not a number.", "InvalidSubmissionError", False, submission(items=[picture(7)])),  # type: ignore[arg-type]  # wrong on purpose
    ("md5-64", "An MD5 has 32 characters.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [{"type": "md5", "value": PDQ}]}])),
    ("md5-quality", "An MD5 has no quality.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [{"type": "md5", "value": MD5, "quality": 100}]}])),
    ("md5-variant", "An MD5 has no variant.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [{"type": "md5", "value": MD5, "variant": "original"}]}])),
    ("type-unknown", "A type that is not in the list.", "InvalidSubmissionError", False, submission(items=[picture(type="photodna")])),
    ("type-upper-case", "Types are case-sensitive.", "InvalidSubmissionError", False, submission(items=[picture(type="PDQ")])),
    ("quality-49", "Below 50 a hash never leaves the device.", "InvalidSubmissionError", False, submission(items=[picture(quality=49)])),
    ("quality-101", "Quality ends at 100.", "InvalidSubmissionError", False, submission(items=[picture(quality=101)])),
    ("quality-negative", "Quality begins at 0.", "InvalidSubmissionError", False, submission(items=[picture(quality=-1)])),
    ("quality-missing", "A PDQ hash says its quality.", "InvalidSubmissionError", False, submission(items=[picture(quality=None)])),
    ("quality-text", "Quality is a number, not text.", "InvalidSubmissionError", False, submission(items=[picture(quality="100")])),
    ("quality-true", "true is not a number.", "InvalidSubmissionError", False, submission(items=[picture(quality=True)])),
    ("variant-missing", "A PDQ hash says its variant.", "InvalidSubmissionError", False, submission(items=[picture(variant=None)])),
    ("variant-words", "A variant is made of listed words and small numbers; other words have no place.", "InvalidSubmissionError", False, submission(items=[picture(variant="holiday")])),
    ("variant-file-name", "A file name has nowhere to sit.", "InvalidSubmissionError", False, submission(items=[picture(variant="IMG_2041.jpg")])),
    ("variant-long-number", "A number in a variant has at most four digits.", "InvalidSubmissionError", False, submission(items=[picture(variant="crop-12345")])),
    ("frame-in-picture", "A picture has no frames.", "InvalidSubmissionError", False, submission(items=[{"content": "image", "signals": [{"type": "vpdq", "value": PDQ, "quality": 90}]}])),
    ("pdq-in-video", "A video's frames are of type vpdq.", "InvalidSubmissionError", False, submission(items=[picture() | {"content": "video"}])),
    ("frame-quality-49", "Frames below quality 50 are left out.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [{"type": "vpdq", "value": PDQ, "quality": 49}]}])),
    ("frame-time", "The time of a frame is never sent.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [{"type": "vpdq", "value": PDQ, "quality": 90, "time": 1}]}])),
    ("signal-twice", "The same hash twice in one item.", "InvalidSubmissionError", False, submission(items=[picture() | {"signals": picture()["signals"] * 2}])),
    ("signal-twice-other-variant", "The same hash twice, under two variants.", "InvalidSubmissionError", True, submission(items=[picture() | {"signals": picture()["signals"] + picture(variant="stored")["signals"]}])),
    ("signals-empty", "An item without a hash.", "InvalidSubmissionError", False, submission(items=[{"content": "image", "signals": []}])),
    ("signals-object", "Hashes are a list.", "InvalidSubmissionError", False, submission(items=[{"content": "image", "signals": {}}])),
    ("items-empty", "Nothing to look for.", "InvalidSubmissionError", False, submission(items=[])),
    ("items-missing", "No items at all.", "InvalidSubmissionError", False, submission(items=None)),
    ("items-101", "At most 100 pictures and videos.", "InvalidSubmissionError", False, submission(items=[picture(f"{n:064x}") for n in range(101)])),
    ("content-unknown", "Only pictures and videos.", "InvalidSubmissionError", False, submission(items=[picture() | {"content": "audio"}])),
    ("altered-boolean", "altered is yes, no or unknown.", "InvalidSubmissionError", False, submission(items=[picture() | {"altered": True}])),
    ("altered-from-itself", "An item is not made from itself.", "InvalidSubmissionError", True, submission(items=[picture() | {"altered": "yes", "altered_from": 0}])),
    ("altered-from-nowhere", "altered_from names an item that is there.", "InvalidSubmissionError", True, submission(items=[picture() | {"altered": "yes", "altered_from": 1}])),
    ("altered-from-unaltered", "What was not altered was not made from another.", "InvalidSubmissionError", False, submission(items=[picture(), picture(OTHER_PDQ) | {"altered": "no", "altered_from": 0}])),
    ("item-file-name", "A file name has no field.", "InvalidSubmissionError", False, submission(items=[picture() | {"name": "a.jpg"}])),
    ("item-pixels", "Pixels have no field.", "InvalidSubmissionError", False, submission(items=[picture() | {"thumbnail": "/9j/4AAQ"}])),
    ("unknown-field", "A field that the specification does not know.", "InvalidSubmissionError", False, submission(note="please hurry")),
    ("e-mail", "An e-mail address has no field.", "InvalidSubmissionError", False, submission(email="a@b.example")),
    ("pin", "The PIN is never sent.", "InvalidSubmissionError", False, submission(pin="04711815")),
    ("adult-false", "Someone may have been under 18: stopped by the age rule.", "AgeGateError", False, submission(declarations=declarations(adult=False))),
    ("adult-missing", "No declaration of age: stopped by the age rule.", "AgeGateError", False, submission(declarations=declarations(adult=None))),
    ("adult-1", "1 is not true: stopped by the age rule.", "AgeGateError", False, submission(declarations=declarations(adult=1))),
    ("adult-text", "Text is not true: stopped by the age rule.", "AgeGateError", False, submission(declarations=declarations(adult="true"))),
    ("intimate-false", "Each image must be intimate.", "InvalidSubmissionError", False, submission(declarations=declarations(intimate=False))),
    ("intimate-1", "1 is not true.", "InvalidSubmissionError", False, submission(declarations=declarations(intimate=1))),
    ("consent-missing", "The lack of consent must be declared.", "InvalidSubmissionError", False, submission(declarations=declarations(no_consent=None))),
    ("depicted-friend", "Who is shown is self or represented.", "InvalidSubmissionError", False, submission(declarations=declarations(depicted="friend"))),
    ("country", "The country stays on the device.", "InvalidSubmissionError", False, submission(declarations=declarations(country="GB"))),
    ("declarations-missing", "No declarations.", "InvalidSubmissionError", False, submission(declarations=None)),
    ("declarations-list", "Declarations are an object.", "InvalidSubmissionError", False, submission(declarations=[True])),
    ("number-wrong-check", "One character of the number is wrong, and the check character tells.", "InvalidSubmissionError", True, submission(case_number=("A" if NUMBER.on_wire()[0] != "A" else "B") + NUMBER.on_wire()[1:])),
    ("number-lower-case", "On the wire the number is upper case.", "InvalidSubmissionError", False, submission(case_number=NUMBER.on_wire().lower())),
    ("number-no-hyphens", "On the wire the number has its hyphens.", "InvalidSubmissionError", False, submission(case_number=NUMBER.on_wire().replace("-", ""))),
    ("number-letter-u", "U is not in the alphabet.", "InvalidSubmissionError", False, submission(case_number="UUUU-UUUU-UUUU")),
    ("number-missing", "No case number.", "InvalidSubmissionError", False, submission(case_number=None)),
    ("key-short", "A case key has 64 hex characters.", "InvalidSubmissionError", False, submission(case_key="00")),
    ("key-is-pin", "The PIN is not the key.", "InvalidSubmissionError", False, submission(case_key="04711815")),
    ("nonce-missing", "No nonce.", "InvalidSubmissionError", False, submission(nonce=None)),
    ("nonce-upper-case", "The nonce is lower-case hex.", "InvalidSubmissionError", False, submission(nonce="00112233445566778899AABBCCDDEEFF")),
    ("version-2", "Another version of the specification.", "UnknownVersionError", False, submission(version=2)),
    ("version-missing", "The version must be said.", "InvalidSubmissionError", False, submission(version=None)),
    ("version-true", "true is not 1.", "InvalidSubmissionError", False, submission(version=True)),
    ("version-text", "The version is a number.", "InvalidSubmissionError", False, submission(version="1")),
]  # fmt: skip

_GOOD = text(submission())
RAW: list[tuple[str, str, str, dict[str, Any]]] = [
    ("key-twice", "A key that stands twice: two readers could see two submissions.", "InvalidSubmissionError", {"body": _GOOD.replace('"version":1', '"version":1,"version":1')}),
    ("key-twice-deep", "A key that stands twice, deep inside.", "InvalidSubmissionError", {"body": _GOOD.replace('"quality":100', '"quality":100,"quality":60')}),
    ("nan", "NaN is not JSON.", "InvalidSubmissionError", {"body": _GOOD.replace('"quality":100', '"quality":NaN')}),
    ("infinity", "Infinity is not JSON.", "InvalidSubmissionError", {"body": _GOOD.replace('"quality":100', '"quality":Infinity')}),
    ("fraction", "No field has a fraction, not even a whole one.", "InvalidSubmissionError", {"body": _GOOD.replace('"quality":100', '"quality":100.0')}),
    ("exponent", "No field has an exponent.", "InvalidSubmissionError", {"body": _GOOD.replace('"quality":100', '"quality":1e2')}),
    ("huge-number", "A number of 5,000 digits.", "InvalidSubmissionError", {"repeat": [[_GOOD.split("100", 1)[0], 1], ["9", 5000], [_GOOD.split("100", 1)[1], 1]]}),
    ("null", "What is absent is left out, never null.", "InvalidSubmissionError", {"body": _GOOD.replace('"altered":"no"', '"altered":"no","altered_from":null')}),
    ("deep", "Nesting deeper than 8.", "InvalidSubmissionError", {"repeat": [["[", 9], ["]", 9]]}),
    ("very-deep", "Nesting that would exhaust a careless parser.", "InvalidSubmissionError", {"repeat": [["[", 100_000], ["]", 100_000]]}),
    ("megabyte", "A megabyte of signals in one item.", "InvalidSubmissionError", {"repeat": [[_GOOD.split('"signals":[', 1)[0] + '"signals":[', 1], ['{"quality":100,"type":"pdq","value":"' + PDQ + '","variant":"original"},', 8500], [_GOOD.split('"signals":[', 1)[1], 1]]}),
    ("too-long", "More than four megabytes, whatever it holds.", "InvalidSubmissionError", {"repeat": [[" ", 4 * 1024 * 1024], [_GOOD, 1]]}),
    ("empty", "Nothing.", "InvalidSubmissionError", {"body": ""}),
    ("not-json", "Not JSON.", "InvalidSubmissionError", {"body": "pdq:" + PDQ}),
    ("list", "A list, not an object.", "InvalidSubmissionError", {"body": f"[{_GOOD}]"}),
    ("trailing", "Something behind the end.", "InvalidSubmissionError", {"body": _GOOD + "{}"}),
    ("byte-order-mark", "A byte order mark in front.", "InvalidSubmissionError", {"body_hex": b"\xef\xbb\xbf".hex() + _GOOD.encode().hex()}),
    ("not-utf-8", "Bytes that are not UTF-8.", "InvalidSubmissionError", {"body_hex": _GOOD.replace("original", "origina").encode().hex() + "ff"}),
    ("utf-16", "Another encoding.", "InvalidSubmissionError", {"body_hex": _GOOD.encode("utf-16").hex()}),
]  # fmt: skip

_DAY = {"version": 1, "status": "Received", "day": "2026-11-23", "items": 1, "signals": 1}
_RECEIPT = _DAY | {"case_number": NUMBER.on_wire(), "digest": "0" * 64}
_REQUEST = {"version": 1, "case_number": NUMBER.on_wire(), "case_key": KEY}
_PROFILE = {
    "version": 1,
    "name": "Example",
    "operator": "Example",
    "origin": "http://127.0.0.1:8080",
    "plain_bodies": True,
}
OTHER: list[tuple[str, str, str, str, bool, dict[str, Any]]] = [
    ("case-request", "withdrawal", "A question about a case, or its withdrawal: number and key, nothing else.", "ok", True, _REQUEST),
    ("case-request", "withdrawal-pin", "The PIN instead of the key.", "InvalidSubmissionError", False, left(_REQUEST | {"case_key": None, "pin": "04711815"})),
    ("case-request", "withdrawal-reason", "A withdrawal gives no reason.", "InvalidSubmissionError", False, _REQUEST | {"reason": "-"}),
    ("receipt", "receipt", "The proof that a submission was taken.", "ok", True, _RECEIPT),
    ("receipt", "receipt-withdrawn", "The same submission, sent again after its withdrawal.", "ok", True, _RECEIPT | {"status": "Withdrawn"}),
    ("receipt", "receipt-time", "A day, nothing finer.", "InvalidReplyError", False, _RECEIPT | {"day": "2026-11-23T10:00:00Z"}),
    ("receipt", "receipt-status", "A status that is not in the list.", "InvalidReplyError", False, _RECEIPT | {"status": "received"}),
    ("case-report", "report", "Where a case stands.", "ok", True, _DAY | {"feedback": {"pending_review": 1, "blocked": 0, "not_blocked": 0}}),
    ("case-report", "report-negative", "A count is not negative.", "InvalidReplyError", False, _DAY | {"items": -1}),
    ("problem", "problem", "An error of the endpoint.", "ok", True, {"type": "urn:hashclient:problem:case-number-taken", "title": "Taken.", "status": 409}),
    ("problem", "problem-detail", "A problem repeats nothing of the request: no detail, no instance.", "InvalidReplyError", False, {"type": "urn:hashclient:problem:x", "title": "X.", "status": 400, "detail": "you sent ..."}),
    ("endpoint-profile", "profile", "An endpoint on loopback that takes plain bodies.", "ok", True, _PROFILE),
    ("endpoint-profile", "profile-minors", "An endpoint that is not for adults only.", "InvalidReplyError", False, _PROFILE | {"adults_only": False}),
    ("endpoint-profile", "profile-no-way-in", "Neither keys nor plain bodies.", "InvalidReplyError", True, _PROFILE | {"plain_bodies": False}),
    ("endpoint-profile", "profile-path", "An origin has no path.", "InvalidReplyError", False, _PROFILE | {"origin": "https://a.example/x"}),
]  # fmt: skip


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every vector of a document as file name and content."""
    for name, why, value in GOOD:
        yield (
            f"submission-{name}",
            {"why": why, "document": "submission", "expect": "ok", "schema": True, "body": text(value)},
        )
    for name, why, expect, passes, value in BAD:
        yield (
            f"submission-{name}",
            {"why": why, "document": "submission", "expect": expect, "schema": passes, "body": text(value)},
        )
    for name, why, expect, how in RAW:
        yield f"submission-{name}", {"why": why, "document": "submission", "expect": expect} | how
    for document, name, why, expect, passes, value in OTHER:
        yield name, {"why": why, "document": document, "expect": expect, "schema": passes, "body": text(value)}


def case_keys() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the vectors of the case key."""
    for count, (bits, pin) in enumerate([(0, "00000000"), (0x2AAAAAAAAAAAAA, "04711815"), ((1 << 55) - 1, "99999999")]):
        number = CaseNumber.from_bits(bits)
        key = CaseKey.from_pin(Pin(pin), number).on_wire()
        why = "Argon2id of the PIN, salted with the case number."
        yield f"case-key-{count}", {"why": why, "case_number": number.on_wire(), "pin": pin, "expect": key}


def sealed() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give new sealed requests, which are random; used only where none is kept."""
    body = encode(decode(Submission, _GOOD.encode()))
    for suite in Suite:
        key = PrivateKey.generate(suite)
        public = key.public(expires="2036-01-01")
        head = head_for("submission", new_reply_key())
        request = seal(body, head=head, key=public, origin=ORIGIN)
        good = {"suite": suite.name, "origin": ORIGIN, "private_key": key.raw.hex(), "request": request.hex()}
        yield (
            f"sealed-{suite.name.lower()}",
            {"why": "A request that opens.", **good, "expect": "ok", "body": body.decode()},
        )
        flipped = request[:-1] + bytes([request[-1] ^ 1])
        yield (
            f"sealed-{suite.name.lower()}-flipped",
            {"why": "One bit is wrong.", **good, "request": flipped.hex(), "expect": "SealingError"},
        )
        yield (
            f"sealed-{suite.name.lower()}-origin",
            {"why": "Sealed for another origin.", **good, "origin": "https://other.example", "expect": "SealingError"},
        )
        short = request[: len(request) // 2] if len(request) > 4096 else request[:-1]
        yield (
            f"sealed-{suite.name.lower()}-cut",
            {"why": "The end is missing.", **good, "request": short.hex(), "expect": "SealingError"},
        )


def signals() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the vectors of the text form and of the distance."""
    pairs = [(PDQ, PDQ), (PDQ, OTHER_PDQ), ("0" * 64, "f" * 64), ("0" * 63 + "1", "0" * 64)]
    for count, (first, second) in enumerate(pairs):
        a, b = (Signal.from_text(f"pdq:{value}", quality=100, variant="original") for value in (first, second))
        yield (
            f"distance-{count}",
            {"why": "Hamming distance in bits.", "a": a.to_text(), "b": b.to_text(), "expect": a - b},
        )


def files() -> Iterator[tuple[Path, str]]:
    """Give every generated file and its text; kept sealed vectors are left as they are."""
    for name in NAMES:
        yield HERE / f"{name}.json", json.dumps(schema_of(name), indent=2) + "\n"
    yield HERE / "openapi.json", openapi_text()
    for source in (documents, case_keys, signals):
        for name, vector in source():
            yield HERE / "vectors" / f"{name}.json", json.dumps(vector, indent=1) + "\n"
    if not list((HERE / "vectors").glob("sealed-*.json")):
        for name, vector in sealed():
            yield HERE / "vectors" / f"{name}.json", json.dumps(vector, indent=1) + "\n"


def main() -> int:
    """Write what differs; with `--check`, only tell."""
    changed = [(path, content) for path, content in files() if not path.exists() or path.read_text() != content]
    if "--check" not in sys.argv:
        for path, content in changed:
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
    print(f"{len(changed)} of the schema files {'differ' if '--check' in sys.argv else 'were written'}")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
