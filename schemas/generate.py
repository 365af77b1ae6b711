"""Write the JSON Schemas and the vectors of the specification; run by `make schemas`.

`vectors/README.md` says what the files hold. Sealed requests and replies are random, so they are kept as
they are and only made where none exists.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import recipes

from hashclient.endpoint.app import openapi_text
from hashclient.model.case import CaseKey, CaseNumber, Pin
from hashclient.model.receipt import Receipt
from hashclient.model.schema import NAMES, schema_of
from hashclient.model.signal import Signal
from hashclient.model.submission import Submission
from hashclient.model.wire import decode, encode
from hashclient.sealing import PrivateKey, head_for, new_reply_key, seal, seal_reply
from hashclient.vocabulary import Suite

HERE = Path(__file__).parent
NUMBER = CaseNumber.from_bits(0x2AAAAAAAAAAAAA)
PIN = Pin("04711815")
KEY = CaseKey.from_pin(PIN, NUMBER).on_wire()
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
OTHER_PDQ = "1049d96239e24d4dca2c55512b8bdb77425f4dbcf575a0a95555aaab5554aaaa"
MD5 = "cab08b36195edb1a1231d2d09fa450e0"
ORIGIN = "https://takes.example"


def signal(value: str = PDQ, **changes: Any) -> dict[str, Any]:
    """Give a PDQ hash with fields changed, or left out where None."""
    return left({"type": "pdq", "value": value, "quality": 100, "variant": "original"} | changes)


def picture(value: str = PDQ, **changes: Any) -> dict[str, Any]:
    """Give an item with one PDQ hash, with fields of its signal changed."""
    return {"content": "image", "altered": "no", "signals": [signal(value, **changes)]}


def with_signals(item: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    """Give an item more signals."""
    return item | {"signals": [*item["signals"], *more]}


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
    return left({"adult": True, "depicted": "self", "intimate": True, "no_consent": True, "wording": 2} | changes)


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
    ("wording-left-out", "The version of the sentences may be left out: 2.", submission(declarations=declarations(wording=None))),
    ("later-variant", "A recipe that this version does not know: its name has the form of one.", submission(items=[picture() | {"signals": picture()["signals"] + picture(OTHER_PDQ, variant="shift3+tone-a7-x")["signals"]}])),
    ("variant-48", "The longest name of a recipe: 48 characters.", submission(items=[picture(variant="a" * 48)])),
    ("variant-eight-parts", "The most parts of a name: eight.", submission(items=[picture(variant="a1-b-2+c-d-e-f-g")])),
    ("frame-pdq", "A video may hold the PDQ of its frames too: here of the same frame.", submission(items=[with_signals(video(PDQ), signal(variant="frame"))])),
    ("frame-pdq-alone", "A video with the PDQ of frames alone.", submission(items=[{"content": "video", "signals": [signal(variant="frame"), signal(OTHER_PDQ, variant="frame")]}])),
    ("frame-variant", "A likely re-post of a frame: a vpdq may say its variant.", submission(items=[with_signals(video(PDQ), {"type": "vpdq", "value": OTHER_PDQ, "quality": 90, "variant": "mirror"})])),
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
    ("variant-two-words", "A variant has no blanks.", "InvalidSubmissionError", False, submission(items=[picture(variant="holiday in rome")])),
    ("variant-upper-case", "A variant is lower case.", "InvalidSubmissionError", False, submission(items=[picture(variant="Mirror")])),
    ("variant-letters", "Letters of a variant are ASCII.", "InvalidSubmissionError", False, submission(items=[picture(variant="m\u00eeroir")])),
    ("variant-digits", "Digits of a variant are ASCII: this one is Arabic.", "InvalidSubmissionError", False, submission(items=[picture(variant="crop-\u0663")])),
    ("variant-digit-first", "A variant begins with a letter.", "InvalidSubmissionError", False, submission(items=[picture(variant="3crop")])),
    ("variant-empty-part", "No part of a variant is empty.", "InvalidSubmissionError", False, submission(items=[picture(variant="mirror++crop")])),
    ("variant-line-break", "Nothing follows a variant, not even a line break.", "InvalidSubmissionError", False, submission(items=[picture(variant="original\n")])),
    ("variant-49", "A variant has at most 48 characters.", "InvalidSubmissionError", False, submission(items=[picture(variant="a" * 49)])),
    ("variant-nine-parts", "A variant has at most eight parts.", "InvalidSubmissionError", False, submission(items=[picture(variant="a-b-c-d-e-f-g-h-i")])),
    ("variant-file-name", "A file name has nowhere to sit.", "InvalidSubmissionError", False, submission(items=[picture(variant="IMG_2041.jpg")])),
    ("pdq-line-break", "A line break behind a hash.", "InvalidSubmissionError", False, submission(items=[picture(PDQ + "\n")])),
    ("pdq-line-break-inside", "A line break in place of the last character.", "InvalidSubmissionError", False, submission(items=[picture(PDQ[1:] + "\n")])),
    ("pdq-digits", "Digits of a hash are ASCII: the first is Arabic.", "InvalidSubmissionError", False, submission(items=[picture("\u0663" + PDQ[1:])])),
    ("md5-line-break", "A line break behind an MD5.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [{"type": "md5", "value": MD5 + "\n"}]}])),
    ("frame-in-picture", "A picture has no frames.", "InvalidSubmissionError", False, submission(items=[{"content": "image", "signals": [{"type": "vpdq", "value": PDQ, "quality": 90}]}])),
    ("phash-in-video", "A video's frames are of type vpdq or pdq.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [{"type": "phash", "value": "f" * 16, "variant": "frame"}]}])),
    ("frame-pdq-quality-49", "The floor holds for frames of either type.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [signal(quality=49, variant="frame")]}])),
    ("frame-pdq-variant-missing", "The PDQ of a frame says its variant.", "InvalidSubmissionError", False, submission(items=[{"content": "video", "signals": [signal(variant=None)]}])),
    ("frame-twice-other-variant", "The same vpdq twice, once with a variant.", "InvalidSubmissionError", True, submission(items=[with_signals(video(PDQ), {"type": "vpdq", "value": PDQ, "quality": 90, "variant": "mirror"})])),
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
    ("wording-1", "The sentences of version 1 are no longer accepted.", "InvalidSubmissionError", False, submission(declarations=declarations(wording=1))),
    ("wording-3", "Sentences that this version does not know.", "InvalidSubmissionError", False, submission(declarations=declarations(wording=3))),
    ("wording-text", "The version of the sentences is a number.", "InvalidSubmissionError", False, submission(declarations=declarations(wording="2"))),
    ("country", "The country stays on the device.", "InvalidSubmissionError", False, submission(declarations=declarations(country="GB"))),
    ("declarations-missing", "No declarations.", "InvalidSubmissionError", False, submission(declarations=None)),
    ("declarations-list", "Declarations are an object.", "InvalidSubmissionError", False, submission(declarations=[True])),
    ("number-wrong-check", "One character of the number is wrong, and the check character tells.", "InvalidSubmissionError", True, submission(case_number=("A" if NUMBER.on_wire()[0] != "A" else "B") + NUMBER.on_wire()[1:])),
    ("number-lower-case", "On the wire the number is upper case.", "InvalidSubmissionError", False, submission(case_number=NUMBER.on_wire().lower())),
    ("number-no-hyphens", "On the wire the number has its hyphens.", "InvalidSubmissionError", False, submission(case_number=NUMBER.on_wire().replace("-", ""))),
    ("number-letter-u", "U is not in the alphabet.", "InvalidSubmissionError", False, submission(case_number="UUUU-UUUU-UUUU")),
    ("number-line-break", "Nothing follows the number, not even a line break.", "InvalidSubmissionError", False, submission(case_number=NUMBER.on_wire() + "\n")),
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
_KEY = {"suite": 1, "id": "0123456789abcdef", "public": "09" + "0" * 62, "expires": "2036-02-29"}
_LATER_KEY = {"suite": 3, "id": "fedcba9876543210", "public": "ff" * 1665, "expires": "2036-01-01", "seal": "v2"}
_REPORT = _DAY | {"feedback": {"pending_review": 1, "blocked": 0, "not_blocked": 0}}
_PROBLEM = {"type": "urn:hashclient:problem:case-number-taken", "title": "Taken.", "status": 409}
_BAD = "InvalidReplyError"
OTHER: list[tuple[str, str, str, str, bool, dict[str, Any]]] = [
    ("case-request", "withdrawal", "A question about a case, or its withdrawal: number and key, nothing else.", "ok", True, _REQUEST),
    ("case-request", "withdrawal-pin", "The PIN instead of the key.", "InvalidSubmissionError", False, left(_REQUEST | {"case_key": None, "pin": "04711815"})),
    ("case-request", "withdrawal-reason", "A withdrawal gives no reason.", "InvalidSubmissionError", False, _REQUEST | {"reason": "-"}),
    ("receipt", "receipt", "The proof that a submission was taken.", "ok", True, _RECEIPT),
    ("receipt", "receipt-withdrawn", "The same submission, sent again after its withdrawal.", "ok", True, _RECEIPT | {"status": "Withdrawn"}),
    ("receipt", "receipt-leap-day", "A day that only leap years have.", "ok", True, _RECEIPT | {"day": "2028-02-29"}),
    ("receipt", "receipt-time", "A day, nothing finer.", _BAD, False, _RECEIPT | {"day": "2026-11-23T10:00:00Z"}),
    ("receipt", "receipt-no-day", "A day that no year has.", _BAD, False, _RECEIPT | {"day": "2026-02-30"}),
    ("receipt", "receipt-no-leap-day", "A day that this year does not have.", _BAD, False, _RECEIPT | {"day": "2026-02-29"}),
    ("receipt", "receipt-no-leap-century", "A day that this century's last year does not have.", _BAD, False, _RECEIPT | {"day": "2100-02-29"}),
    ("receipt", "receipt-month-13", "A month that no year has.", _BAD, False, _RECEIPT | {"day": "2026-13-01"}),
    ("receipt", "receipt-day-digits", "Digits of a day are ASCII: these are Arabic.", _BAD, False, _RECEIPT | {"day": "\u0662\u0660\u0662\u0666-11-23"}),
    ("receipt", "receipt-day-line-break", "Nothing follows a day, not even a line break.", _BAD, False, _RECEIPT | {"day": "2026-11-23\n"}),
    ("receipt", "receipt-digest-line-break", "Nothing follows a digest.", _BAD, False, _RECEIPT | {"digest": "0" * 64 + "\n"}),
    ("receipt", "receipt-status-number", "A status is a word.", _BAD, False, _RECEIPT | {"status": 1}),
    ("receipt", "receipt-digest-missing", "What version 1 requires is still required.", _BAD, False, left(_RECEIPT | {"digest": None})),
    ("receipt", "receipt-version-2", "Another version of the specification.", "UnknownVersionError", False, _RECEIPT | {"version": 2}),
    ("case-report", "report", "Where a case stands.", "ok", True, _REPORT),
    ("case-report", "report-fetched", "Two of three partners have fetched all of it.", "ok", True, _REPORT | {"partners": 3, "fetched": 2}),
    ("case-report", "report-fetched-nobody", "There is no partner yet.", "ok", True, _REPORT | {"partners": 0, "fetched": 0}),
    ("case-report", "report-negative", "A count is not negative.", _BAD, False, _DAY | {"items": -1}),
    ("case-report", "report-partners-alone", "The two counts of partners come together.", _BAD, False, _REPORT | {"partners": 3}),
    ("case-report", "report-fetched-alone", "The two counts of partners come together.", _BAD, False, _REPORT | {"fetched": 0}),
    ("case-report", "report-fetched-more", "No more partners can have fetched it than there are.", _BAD, True, _REPORT | {"partners": 2, "fetched": 3}),
    ("case-report", "report-feedback-text", "A known count is checked beside unknown ones.", _BAD, False, _DAY | {"feedback": {"blocked": "1", "quality_unknown": 4}}),
    ("problem", "problem", "An error of the endpoint.", "ok", True, _PROBLEM),
    ("problem", "problem-pointer", "An error in one field.", "ok", True, _PROBLEM | {"pointer": "/items/0/signals/3"}),
    ("problem", "problem-status-200", "A problem has the status of an error.", _BAD, False, _PROBLEM | {"status": 200}),
    ("problem", "problem-type-line-break", "Nothing follows a type.", _BAD, False, _PROBLEM | {"type": "urn:hashclient:problem:x\n"}),
    ("endpoint-profile", "profile", "An endpoint on loopback that takes plain bodies.", "ok", True, _PROFILE),
    ("endpoint-profile", "profile-key", "An endpoint with a key.", "ok", True, _PROFILE | {"plain_bodies": False, "keys": [_KEY]}),
    ("endpoint-profile", "profile-copies", "A view for partners may keep hashes for 30 days after a withdrawal.", "ok", True, _PROFILE | {"partner_copies_days": 30}),
    ("endpoint-profile", "profile-copies-none", "A view for partners keeps nothing after a withdrawal.", "ok", True, _PROFILE | {"partner_copies_days": 0}),
    ("endpoint-profile", "profile-copies-31", "No view may keep them longer than 30 days.", _BAD, False, _PROFILE | {"partner_copies_days": 31}),
    ("endpoint-profile", "profile-minors", "An endpoint that is not for adults only.", _BAD, False, _PROFILE | {"adults_only": False}),
    ("endpoint-profile", "profile-no-way-in", "Neither keys nor plain bodies.", _BAD, True, _PROFILE | {"plain_bodies": False}),
    ("endpoint-profile", "profile-path", "An origin has no path.", _BAD, False, _PROFILE | {"origin": "https://a.example/x"}),
    ("endpoint-profile", "profile-origin-line-break", "Nothing follows an origin.", _BAD, False, _PROFILE | {"origin": "https://a.example\n"}),
    ("endpoint-profile", "profile-no-types", "At least one type of hash is accepted.", _BAD, False, _PROFILE | {"signal_types": []}),
    ("endpoint-profile", "profile-type-number", "A type is a word.", _BAD, False, _PROFILE | {"signal_types": ["pdq", 7]}),
    ("endpoint-profile", "profile-key-short", "A key of a known suite is checked.", _BAD, True, _PROFILE | {"keys": [_KEY | {"public": "00"}]}),
    ("endpoint-profile", "profile-key-expires", "Its last day is a real one.", _BAD, False, _PROFILE | {"keys": [_KEY | {"expires": "2026-02-29"}]}),
    ("endpoint-profile", "profile-suite-text", "A suite is a number.", _BAD, False, _PROFILE | {"keys": [_KEY | {"suite": "1"}]}),
    ("endpoint-profile", "profile-suite-true", "true is not 1.", _BAD, False, _PROFILE | {"keys": [_KEY | {"suite": True}]}),
    ("endpoint-profile", "profile-17-keys", "At most 16 keys, known or not.", _BAD, False, _PROFILE | {"keys": [_LATER_KEY] * 16 + [_KEY]}),
    ("endpoint-profile", "profile-later-keys-alone", "Every key is of a suite that the reader does not know: nothing goes unsealed instead.", "UnknownVersionError", True, _PROFILE | {"keys": [_LATER_KEY]}),
    ("endpoint-profile", "profile-limit-wrong", "A known limit is checked beside unknown ones.", _BAD, False, _PROFILE | {"limits": {"items": 0, "albums": 3}}),
]  # fmt: skip

_COUNTS = {"pending_review": 0, "blocked": 0, "not_blocked": 0}
LATER: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("receipt", "receipt-later", "Fields that the reader does not know are ignored.", {**_RECEIPT, "queue": {"place": 4, "of": ["a", "b"]}, "note": "x"}, _RECEIPT),
    ("receipt", "receipt-status-later", "A state that the reader does not know is read as `other`: this is no success.", _RECEIPT | {"status": "Rejected"}, _RECEIPT | {"status": "other"}),
    ("receipt", "receipt-status-case", "States are case-sensitive: this one is not known.", _RECEIPT | {"status": "received"}, _RECEIPT | {"status": "other"}),
    ("case-report", "report-later", "Fields and counts that the reader does not know are ignored.", _DAY | {"feedback": {"blocked": 2, "quality_unknown": 4}, "host": "b.example"}, _DAY | {"feedback": _COUNTS | {"blocked": 2}}),
    ("case-report", "report-status-later", "A state that the reader does not know is read as `other`.", _REPORT | {"status": "On hold"}, _REPORT | {"status": "other"}),
    ("problem", "problem-detail", "RFC 9457 has more fields; they are ignored, and never shown.", _PROBLEM | {"detail": "you sent ...", "instance": "/x", "retry": True}, _PROBLEM),
    ("endpoint-profile", "profile-later", "Fields that the reader does not know, and those that are reserved, are ignored.", _PROFILE | {"feed": "https://a.example/feed", "recipients": [{"name": "A"}], "work": {"bits": 40}, "limits": {"items": 3, "albums": 3}}, _PROFILE | {"limits": {"items": 3}}),
    ("endpoint-profile", "profile-types-later", "Types that the reader does not know are skipped.", _PROFILE | {"signal_types": ["photodna", "pdq", "PDQ"]}, _PROFILE | {"signal_types": ["pdq"]}),
    ("endpoint-profile", "profile-types-all-later", "Every type may be one that the reader does not know: nothing it can make is accepted.", _PROFILE | {"signal_types": ["photodna"]}, _PROFILE | {"signal_types": []}),
    ("endpoint-profile", "profile-keys-later", "A key of a suite that the reader does not know is skipped unread; fields of others that it does not know are ignored.", _PROFILE | {"keys": [_LATER_KEY, _KEY | {"use": "submissions"}, {"suite": 4}]}, _PROFILE | {"keys": [_KEY]}),
]  # fmt: skip
"""Replies as later endpoints may write them, and what a reader of version 1 gets; absent fields have their defaults."""


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
    for document, name, why, value, read in LATER:
        yield name, {"why": why, "document": document, "expect": read, "schema": True, "body": text(value)}
    for name, why, more in (
        ("receipt-null", "No field is null, known or not: what is absent is left out.", '"more":null'),
        ("receipt-fraction", "No number has a fraction, in known fields or others.", '"more":0.5'),
        ("receipt-deep", "Nesting deeper than 8, in a field that is not known.", f'"more":{"[" * 8}{"]" * 8}'),
        ("receipt-key-twice", "A key that stands twice, known or not.", '"more":1,"more":2'),
    ):
        body = text(_RECEIPT)[:-1] + f",{more}}}"
        yield name, {"why": why, "document": "receipt", "expect": _BAD, "body": body}


def case_keys() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the vectors of the case key."""
    for count, (bits, pin) in enumerate([(0, "00000000"), (0x2AAAAAAAAAAAAA, "04711815"), ((1 << 55) - 1, "99999999")]):
        number = CaseNumber.from_bits(bits)
        key = CaseKey.from_pin(Pin(pin), number).on_wire()
        why = "Argon2id of the PIN, salted with the case number."
        yield f"case-key-{count}", {"why": why, "case_number": number.on_wire(), "pin": pin, "expect": key}


def case_numbers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the vectors of the check character: 55 bits, and the number with the character that checks them."""
    for count, bits in enumerate([0, 1, 31, 32, 0x2AAAAAAAAAAAAA, 0x123456789ABCDE, (1 << 55) - 1]):
        number = CaseNumber.from_bits(bits).on_wire()
        why = "Eleven characters are the bits, the twelfth checks them."
        yield f"case-number-{count}", {"why": why, "bits": f"{bits:014x}", "expect": number}


def sealed() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give new sealed requests and replies, which are random; used only where none is kept."""
    body = encode(decode(Submission, _GOOD.encode()))
    for suite in Suite:
        key = PrivateKey.generate(suite)
        public = key.public(expires="2036-01-01")
        reply_key = new_reply_key()
        head = head_for("submission", reply_key)
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
        yield from replies(suite.name.lower(), request, reply_key)


def replies(suite: str, request: bytes, reply_key: PrivateKey) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give sealed replies to a request: one that opens, and ways in which one does not."""
    body = encode(decode(Receipt, text(_RECEIPT).encode()))
    reply = seal_reply(body, request=request, reply_key=reply_key.public(expires="2036-01-01").public)
    good = {"request": request.hex(), "reply_key": reply_key.raw.hex(), "reply": reply.hex()}
    other = request[:-1] + bytes([request[-1] ^ 1])
    flipped = reply[:-1] + bytes([reply[-1] ^ 1])
    bad: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("flipped", "One bit is wrong.", {"reply": flipped.hex()}),
        ("other-request", "It answers another request.", {"request": other.hex()}),
        ("cut", "The end is missing.", {"reply": reply[:-1].hex()}),
    )
    why = f"A reply to a request of suite {suite}, sealed to the key in its head, that opens."
    yield f"reply-{suite}", {"why": why, **good, "expect": "ok", "body": body.decode()}
    for name, why, change in bad:
        yield f"reply-{suite}-{name}", {"why": why, **good, **change, "expect": "SealingError"}


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
    yield HERE / "recipes.json", json.dumps(recipes.schema(), indent=2) + "\n"
    for source in (documents, case_keys, case_numbers, signals, recipes.vectors):
        for name, vector in source():
            yield HERE / "vectors" / f"{name}.json", json.dumps(vector, indent=1) + "\n"
    if not list((HERE / "vectors").glob("reply-*.json")):
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
