"""The largest bodies that anybody can send cost little, whatever they are made of."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hashclient.errors import InvalidReplyError, InvalidSubmissionError
from hashclient.model import Problem, Submission
from hashclient.model.wire import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_FIELDS, decode, encode
from kit.endpoint import submission_of
from kit.worst_bodies import SHAPES, largest_submission

_CHILD = """
import resource, sys
from hashclient.errors import InvalidSubmissionError
from hashclient.model import Submission
from hashclient.model.wire import decode
from kit.endpoint import submission_of

def read(size):
    return sys.stdin.buffer.read(size)

decode(Submission, read(int(read(8))))  # whatever is loaded or built once has been
pages = int(open("/proc/self/statm").read().split()[0])
most = pages * resource.getpagesize() + 150 * 1024 * 1024
while size := read(8):
    body = read(int(size))
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 2, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    try:
        decode(Submission, body)
        print("accepted", flush=True)
    except InvalidSubmissionError:
        print("refused", flush=True)
"""
ACCEPTED = {"space around everything", "one signal less"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel sets the bounds, on Linux")
def test_no_shape_takes_more_than_two_seconds_or_150_megabytes() -> None:
    """The kernel ends the process of whoever takes more, one shape after another."""
    shapes: dict[str, Callable[[], bytes]] = SHAPES | {"one signal less": largest_submission}
    answers = {}
    command = [sys.executable, "-c", _CHILD]
    environ = {"PYTHONPATH": ":".join(sys.path), "MALLOC_ARENA_MAX": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for name, make in {"small": lambda: encode(submission_of()), **shapes}.items():
            body = make()
            child.stdin.write(b"%8d" % len(body) + body)
            child.stdin.flush()
            if name != "small":
                answers[name] = child.stdout.readline().decode().strip()
        child.stdin.close()
    assert answers == {name: "accepted" if name in ACCEPTED else "refused" for name in shapes}


def test_the_largest_submission_is_read() -> None:
    """Counting refuses nothing that the specification allows, one signal more is refused."""
    assert sum(len(item.signals) for item in decode(Submission, largest_submission()).items) == 26_000
    with pytest.raises(InvalidSubmissionError) as caught:
        decode(Submission, SHAPES["one signal too many"]())
    assert caught.value.pointer == "/items"


@given(levels=st.integers(0, 2 * MAX_DEPTH), around=st.sampled_from(["[%s]", '{"a":%s}', '["]",{},%s]']))
def test_depth_is_counted_as_it_is(levels: int, around: str) -> None:
    """Arrays and objects nested eight deep are read, and nine are not; brackets in strings do not count."""
    text = '"[{\\""'
    for _ in range(levels):
        text = around % text
    body = '{"type":"urn:a","title":"a","status":400,"x":%s}' % text  # noqa: UP031  # braces
    deepest = 1 + levels + ("{}" in around and levels > 0)
    if deepest <= MAX_DEPTH:
        assert decode(Problem, body.encode()).title == "a"
    else:
        with pytest.raises(InvalidReplyError):
            decode(Problem, body.encode())


@pytest.mark.parametrize(("keys", "digits"), [(MAX_FIELDS, MAX_DIGITS), (MAX_FIELDS + 1, 1), (1, MAX_DIGITS + 1)])
def test_keys_and_digits_are_bounded(keys: int, digits: int) -> None:
    """An answer may grow, up to a hundred keys in one object and numbers of twenty digits."""
    unknown = {f"k{position}": int("9" * digits) for position in range(keys - 3)} or {"k": int("9" * digits)}
    body = json.dumps({"type": "urn:a", "title": "a", "status": 400} | unknown).encode()
    if (keys, digits) == (MAX_FIELDS, MAX_DIGITS):
        assert decode(Problem, body).status == 400
    else:
        with pytest.raises(InvalidReplyError):
            decode(Problem, body)


JUNK = st.sampled_from([1, "", [], {}, [1], {"type": "pdq"}, {str(key): key for key in range(90)}, None])


@given(junk=JUNK, times=st.integers(1, 400), place=st.sampled_from(["items", "signals", "both"]))
def test_validation_stops_at_the_first_wrong_element(junk: Any, times: int, place: str) -> None:
    """However often something wrong stands in an array, it is found once."""
    document = json.loads(encode(submission_of()))
    if place != "items":
        document["items"][0]["signals"] = [junk] * times
    if place == "items":
        document["items"] = [junk] * times
    if place == "both":
        document["items"] *= times
    with pytest.raises(ValidationError) as caught:
        Submission.model_validate(document)
    assert caught.value.error_count() <= MAX_FIELDS + 5


def test_what_is_too_long_is_not_parsed() -> None:
    """One byte more than the limit is refused, even if it is space."""
    body = encode(submission_of())
    assert encode(decode(Submission, body.ljust(MAX_BYTES))) == body
    with pytest.raises(InvalidSubmissionError):
        decode(Submission, body.ljust(MAX_BYTES + 1))
