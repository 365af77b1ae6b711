"""Judging bodies: whatever arrives, the result is a verdict and never an exception."""

import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hashclient.endpoint.keys import EndpointKeys, make_keys
from hashclient.endpoint.people.intake import (
    RefusedRequest,
    RequestBody,
    StatusOrWithdrawal,
    SubmissionRequest,
    Verdict,
    judge,
)
from hashclient.endpoint.settings import EndpointSettings, profile_of
from hashclient.model import EndpointProfile, Limits, Problem
from hashclient.model.wire import decode, encode
from hashclient.vocabulary import Purpose, Reason
from kit.endpoint import PATHS, Endpoint, call, request_for, seal_for, submission_of

ORIGIN = "https://takedown.example"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> EndpointKeys:
    return make_keys(tmp_path_factory.mktemp("keys") / "keys")


def profile_with(keys: EndpointKeys, **changed: Any) -> EndpointProfile:
    given: dict[str, Any] = {"origin": ORIGIN, "plain_bodies": True} | changed
    return profile_of(EndpointSettings(database=Path("none"), keys=Path("none"), **given), keys.public())


@pytest.fixture(scope="module")
def profile(keys: EndpointKeys) -> EndpointProfile:
    return profile_with(keys)


def judged(
    wire: bytes, *, keys: EndpointKeys, profile: EndpointProfile, purpose: Purpose = Purpose.SUBMISSION
) -> Verdict:
    return judge(RequestBody(wire, is_sealed=True), purpose=purpose, profile=profile, keys=keys.by_id())


def judged_plain(body: bytes, *, profile: EndpointProfile) -> Verdict:
    return judge(RequestBody(body, is_sealed=False), purpose=Purpose.SUBMISSION, profile=profile, keys={})


def refused_as(verdict: Verdict) -> tuple[str, str | None, bool]:
    assert isinstance(verdict, RefusedRequest)
    return verdict.problem.name(), verdict.problem.pointer, verdict.reply_key is not None


def test_a_good_submission_comes_out_whole(keys: EndpointKeys, profile: EndpointProfile) -> None:
    """The digest covers the bytes as the client encoded them."""
    import hashlib

    submission = submission_of()
    request = seal_for(profile, encode(submission), purpose=Purpose.SUBMISSION)
    verdict = judged(request.wire, keys=keys, profile=profile)
    assert isinstance(verdict, SubmissionRequest)
    assert verdict.submission == submission
    assert verdict.digest == hashlib.sha256(encode(submission)).digest()
    assert not verdict.refusals


@pytest.mark.parametrize("purpose", [Purpose.STATUS, Purpose.WITHDRAWAL])
def test_a_case_request_comes_out_whole(keys: EndpointKeys, profile: EndpointProfile, purpose: Purpose) -> None:
    """Number and key are what was sent."""
    body = request_for(submission_of())
    verdict = judged(seal_for(profile, body, purpose=purpose).wire, keys=keys, profile=profile, purpose=purpose)
    assert isinstance(verdict, StatusOrWithdrawal)
    assert encode(verdict.request) == body


@pytest.mark.parametrize("sealed_for", Purpose)
@pytest.mark.parametrize("sent_to", Purpose)
def test_a_request_counts_only_where_it_was_meant(
    keys: EndpointKeys, profile: EndpointProfile, sealed_for: Purpose, sent_to: Purpose
) -> None:
    """Whoever carries a sealed request cannot turn a status question into a withdrawal."""
    body = encode(submission_of()) if sealed_for is Purpose.SUBMISSION else request_for(submission_of())
    request = seal_for(profile, body, purpose=sealed_for)
    verdict = judged(request.wire, keys=keys, profile=profile, purpose=sent_to)
    if sealed_for is sent_to:
        assert not isinstance(verdict, RefusedRequest)
    else:
        assert refused_as(verdict) == ("malformed", "/purpose", True)


def test_a_key_not_held_is_unknown(keys: EndpointKeys, profile: EndpointProfile, tmp_path: Path) -> None:
    """A request to another key, or to a known id with another suite, is distinguished from a broken one."""
    other = profile_with(make_keys(tmp_path / "other"))
    wire = seal_for(other, encode(submission_of()), purpose=Purpose.SUBMISSION).wire
    assert refused_as(judged(wire, keys=keys, profile=profile)) == ("unknown-key", None, False)
    wire = seal_for(profile, encode(submission_of()), purpose=Purpose.SUBMISSION).wire
    swapped = wire[:1] + bytes([1]) + wire[2:]
    assert refused_as(judged(swapped, keys=keys, profile=profile)) == ("unknown-key", None, False)


def test_another_origin_does_not_open(keys: EndpointKeys, profile: EndpointProfile) -> None:
    """A request sealed for one address is worthless at another."""
    other = profile_with(keys, origin="https://elsewhere.example")
    wire = seal_for(other, encode(submission_of()), purpose=Purpose.SUBMISSION).wire
    assert refused_as(judged(wire, keys=keys, profile=profile)) == ("malformed", None, False)


@pytest.mark.parametrize("size", [0, 1, 2048, 4095, 4097, 6144])
def test_a_length_that_is_no_power_of_two_is_refused(keys: EndpointKeys, profile: EndpointProfile, size: int) -> None:
    """The length of a sealed request is a power of two, at least 4,096."""
    wire = seal_for(profile, encode(submission_of()), purpose=Purpose.SUBMISSION).wire
    assert refused_as(judged((wire * 2)[:size], keys=keys, profile=profile)) == ("malformed", None, False)


@pytest.mark.parametrize("point", ["00" * 32, "01" + "00" * 31, "ee" + "ff" * 30 + "7f"])
def test_a_reply_key_that_cannot_be_answered_stops_before_anything_is_kept(endpoint: Endpoint, point: str) -> None:
    """Points of low order make sealing fail, which is found out before anything is stored."""
    submission = submission_of()
    request = seal_for(endpoint.profile, encode(submission), purpose=Purpose.SUBMISSION, reply_to=point)
    response = call(endpoint.app, PATHS[Purpose.SUBMISSION], request.wire)
    assert (response.status, json.loads(response.body)["type"]) == (400, "urn:hashclient:problem:malformed")
    assert endpoint.refused(request_for(submission), purpose=Purpose.STATUS)[0] == 404


@given(flips=st.lists(st.integers(0, 8 * 4096 - 1), min_size=1, max_size=3, unique=True))
@settings(max_examples=150)
def test_no_flipped_bit_opens(keys: EndpointKeys, profile: EndpointProfile, flips: list[int]) -> None:
    """Whatever is changed on the way, the request is refused unopened."""
    wire = bytearray(seal_for(profile, request_for(submission_of()), purpose=Purpose.STATUS).wire)
    for flip in flips:
        wire[flip // 8] ^= 1 << flip % 8
    name, _, is_sealed = refused_as(judged(bytes(wire), keys=keys, profile=profile, purpose=Purpose.STATUS))
    assert name in {"malformed", "unknown-key"}
    assert not is_sealed


def test_a_minor_is_stopped_by_name(profile: EndpointProfile) -> None:
    """The age rule has a problem of its own."""
    body = encode(submission_of()).replace(b'"adult":true', b'"adult":false')
    verdict = judged_plain(body, profile=profile)
    assert refused_as(verdict) == ("age-gate", "/declarations/adult", False)


def test_plain_bodies_need_the_profile_to_say_so(keys: EndpointKeys) -> None:
    """Anywhere but on loopback, unsealed bodies are not read."""
    verdict = judged_plain(encode(submission_of()), profile=profile_with(keys, plain_bodies=False))
    assert refused_as(verdict) == ("unsupported-media-type", None, False)


def test_limits_come_back_as_reasons(keys: EndpointKeys) -> None:
    """A submission beyond the limits is understood, and the reasons are given."""
    submission = submission_of(*(secrets.token_hex(32) for _ in range(3)), "0" * 64)
    profile = profile_with(keys, limits=Limits(signals=3, signals_per_image=2))
    verdict = judged_plain(encode(submission), profile=profile)
    assert isinstance(verdict, SubmissionRequest)
    assert [(refusal.reason, refusal.item) for refusal in verdict.refusals] == [
        (Reason.TOO_MANY_SIGNALS, None),
        (Reason.TOO_MANY_SIGNALS, 0),
        (Reason.FLAT, 0),
    ]


# Structured fuzz: a good document with parts replaced, removed or added, and text that is no document.

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["pdq", "image", "1" * 64, "0" * 32, 2**70, -1, 1, True, "original", "yes", "self"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
HOW = st.sampled_from(["put", "drop", "add", "grow"])
STEPS = st.lists(st.tuples(st.integers(0, 40), HOW, JUNK), min_size=1, max_size=4)


def _places(document: Any) -> list[tuple[Any, Any]]:
    """List every container of a document with each of its keys."""
    keys = list(document) if isinstance(document, dict) else range(len(document))
    places = [(document, key) for key in keys]
    for key in keys:
        if isinstance(document[key], dict | list):
            places += _places(document[key])
    return places


def _mutated(document: Any, steps: list[tuple[int, str, Any]]) -> bytes:
    for where, how, junk in steps:
        places = _places(document)
        if not places:
            break
        container, key = places[where % len(places)]
        if how == "put":
            container[key] = junk
        elif how == "drop":
            del container[key]
        elif how == "grow" and isinstance(container, list):
            container += [junk, container[key]] * 300
        elif how == "grow":
            container |= {f"extra{position}": junk for position in range(300)}
        elif isinstance(container, dict):
            container["extra"] = junk
        else:
            container.append(junk)
    return json.dumps(document).encode()


WHOLE = [encode(submission_of()), request_for(submission_of())]
BODIES = (
    st.binary(max_size=200)
    | st.builds(_mutated, st.sampled_from(WHOLE).map(json.loads), STEPS)
    | st.builds(lambda body, cut: body[:cut], st.sampled_from(WHOLE), st.integers(0, 500))
    | st.sampled_from(
        [
            b'{"version":1,"version":1}', b"[" * 4000, b'{"a":' * 4000, b"NaN", b"1e400", b"9" * 5000,
            b'"\xff"', b'"\\ud800"', b'{"\\ud800":1,"version":1}', b'{"version":"\\udfff"}', b"{}", b"null", b"", b"\x00", WHOLE[0] + b" x", b"\xef\xbb\xbf" + WHOLE[0],
        ]
    )
)  # fmt: skip


FUZZED = given(body=BODIES, purpose=st.sampled_from(Purpose))


def _check_answers(endpoint: Endpoint, body: bytes, purpose: Purpose) -> None:
    assume(len(body) < endpoint.profile.limits.body_bytes // 2)  # what is larger is refused before it is opened
    status, _ = endpoint.send(body, purpose=purpose)
    assert status in {201, 200, 404, 409, 422, 429}
    plain_status, _ = endpoint.send(body, purpose=purpose, sealed=False)
    assert plain_status in {201, 200, 404, 409, 422, 429}


ANY_TIME = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@FUZZED
@settings(max_examples=120, suppress_health_check=ANY_TIME)
def test_opened_bodies_get_an_answer_of_the_specification(endpoint: Endpoint, body: bytes, purpose: Purpose) -> None:
    """Whatever is inside the seal, changed, cut or grown, the answer is never a 5xx."""
    _check_answers(endpoint, body, purpose)


@pytest.mark.slow
@FUZZED
@settings(max_examples=2000, suppress_health_check=ANY_TIME)
def test_no_opened_body_ends_in_a_server_error(endpoint: Endpoint, body: bytes, purpose: Purpose) -> None:
    """The same, longer."""
    _check_answers(endpoint, body, purpose)


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "x"]),
    path=st.sampled_from(
        [*PATHS.values(), "/.well-known/hashclient.json", "/", "/v1", "//v1/submissions", "/v1/submissions/.."]
    )
    | st.text(st.characters(codec="ascii"), max_size=20).map(lambda text: "/" + text),
    content_type=st.sampled_from(
        ["application/octet-stream", "application/json", "application/json; charset=utf-8", ""]
    )
    | st.text(st.characters(codec="latin-1"), max_size=30),
    encoding=st.sampled_from(["", "identity", "gzip"]) | st.text(st.characters(codec="ascii"), max_size=10),
    body=BODIES,
    in_chunks=st.booleans(),
)
@settings(max_examples=300, suppress_health_check=ANY_TIME)
def test_every_request_gets_a_success_or_a_problem(
    endpoint: Endpoint, method: str, path: str, content_type: str, encoding: str, body: bytes, in_chunks: bool
) -> None:
    """Whatever method, address, type, encoding and body: no 5xx, and every refusal is a problem of the specification."""
    sent = [body[:100], body[100:]] if in_chunks else body
    headers = [(b"content-encoding", encoding.encode("latin-1"))]
    response = call(endpoint.app, path, sent, method=method, content_type=content_type, headers=headers)
    assert response.status < 500
    if response.status >= 400:
        assert response.header("content-type") == "application/problem+json"
        assert decode(Problem, response.body).status == response.status


@given(wire=st.binary(max_size=300) | st.binary(min_size=4096, max_size=4096))
@settings(max_examples=200)
def test_no_outer_bytes_raise(keys: EndpointKeys, profile: EndpointProfile, wire: bytes) -> None:
    """Bytes that nobody sealed are refused unopened."""
    verdict = judged(wire, keys=keys, profile=profile)
    assert refused_as(verdict)[2] is False


VECTORS = Path(__file__).parents[3] / "schemas" / "vectors"
PROBLEMS = {
    "InvalidSubmissionError": "invalid-submission",
    "UnknownVersionError": "invalid-submission",
    "AgeGateError": "age-gate",
}
"""What an endpoint answers, by the error that a vector expects; `schemas/vectors/README.md` says the same."""


@pytest.mark.parametrize("document", ["submission", "case-request"])
def test_every_vector_gets_the_problem_that_its_readme_says(profile: EndpointProfile, document: str) -> None:
    """What a vector expects of a request is what this endpoint answers."""
    purpose = Purpose.SUBMISSION if document == "submission" else Purpose.STATUS
    tried = 0
    for path in sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text())
        if vector.get("document") != document:
            continue
        tried += 1
        body = bytes.fromhex(vector["body_hex"]) if "body_hex" in vector else str(vector.get("body", "")).encode()
        if "repeat" in vector:
            body = "".join(part * times for part, times in vector["repeat"]).encode()
        verdict = judge(RequestBody(body, is_sealed=False), purpose=purpose, profile=profile, keys={})
        if vector["expect"] == "ok":
            assert not isinstance(verdict, RefusedRequest), path.name
        else:
            assert refused_as(verdict)[0] == PROBLEMS[vector["expect"]], path.name
    assert tried >= 3
