"""The client sends the same bytes until it has an answer to believe, and never says more than it knows."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from hashclient.client import Client, RetryPolicy
from hashclient.client.request import build_submission
from hashclient.client.retry import Deadline
from hashclient.errors import (
    CaseNotFoundError,
    CaseNumberTakenError,
    EndpointRefusedError,
    EndpointUnreachableError,
    HashclientError,
    NoHybridError,
    NotConfirmedError,
    ProfileChangedError,
    TakenBackError,
    TooManyTriesError,
    UnfitSubmissionError,
    UntrustedEndpointError,
)
from hashclient.guidance import endings
from hashclient.model import (
    CaseStatus,
    Content,
    Depicted,
    Item,
    Limits,
    Pin,
    Problem,
    Receipt,
    SealingKey,
    SignalType,
    Suite,
)
from hashclient.model.wire import JSON, PROBLEM, decode, encode
from hashclient.sealing import check_digits, choose_key, key_id
from hashclient.testing import (
    EndpointSimulator,
    Misbehaviour,
    answer_with,
    bad_tag,
    lost_reply,
    lost_request,
    profile_with,
    taken_then,
    unreachable,
)
from hashclient.transport.interface import Path, Reply
from kit.misbehaviour import later_state, told
from kit.submissions import (
    VirtualClock,
    client_for,
    credentials,
    remembered_case_keys,
    retry_with,
    signal,
    submission,
)

__all__ = ["remembered_case_keys"]

X25519_ONLY = (Suite.X25519,)


@pytest.fixture
def simulator() -> EndpointSimulator:
    return EndpointSimulator(suites=X25519_ONLY)


def test_one_profile_and_one_post(simulator: EndpointSimulator) -> None:
    """Submit, status and withdrawal are each one question for the profile and one body of 4,096 bytes."""
    number, pin = credentials()
    asked: list[tuple[Path, Callable[[Client], object]]] = [
        (Path.SUBMISSIONS, lambda client: client.submit(submission())),
        (Path.STATUS, lambda client: client.status(number, pin)),
        (Path.WITHDRAWAL, lambda client: client.withdraw(number, pin)),
    ]
    for path, ask in asked:
        simulator.calls.clear()
        simulator.requests.clear()
        ask(client_for(simulator))
        assert simulator.calls == {Path.PROFILE: 1, path: 1}
        assert [len(body) for _, body in simulator.requests] == [4096]


def test_the_same_bytes_at_every_try(simulator: EndpointSimulator) -> None:
    """Whatever is lost, what is sealed is the same submission byte for byte, and the seal is new each time."""
    simulator.misbehave(
        lost_request, lost_reply, bad_tag, answer_with(500), taken_then(502), answer_with(503, retry_after=7)
    )
    wanted = submission()
    receipt = client_for(simulator).submit(wanted)
    assert set(simulator.opened) == {encode(wanted)}
    assert len({body for _, body in simulator.requests}) == len(simulator.requests) == 7
    assert receipt.digest == hashlib.sha256(encode(wanted)).hexdigest()
    assert len(simulator.cases) == 1


def test_submit_again_gives_the_same_receipt(simulator: EndpointSimulator) -> None:
    """A submission that was accepted gets the same receipt again, also from another client."""
    wanted = submission()
    assert client_for(simulator).submit(wanted) == client_for(simulator).submit(wanted)
    assert len(simulator.cases) == 1


def test_a_withdrawn_case_stays_withdrawn(simulator: EndpointSimulator) -> None:
    """Sending a withdrawn submission again says so and does not revive it."""
    wanted, (number, pin) = submission(), credentials()
    client = client_for(simulator)
    client.submit(wanted)
    assert client.withdraw(number, pin) == client.withdraw(number, pin)
    with pytest.raises(TakenBackError, match="It protects nothing now"):
        client.submit(wanted)
    assert simulator.cases[number].receipt.status is CaseStatus.WITHDRAWN


UNREADABLE = answer_with(400, name="malformed")
ENDINGS: list[tuple[str, list[Misbehaviour], type[HashclientError]]] = [
    ("no way there", [unreachable] * 40, EndpointUnreachableError),
    ("every answer lost", [lost_reply] * 40, NotConfirmedError),
    ("every body lost", [lost_request] * 40, NotConfirmedError),
    ("every answer damaged", [bad_tag] * 40, NotConfirmedError),
    ("always 500", [answer_with(500)] * 40, NotConfirmedError),
    ("always 408", [answer_with(408)] * 40, NotConfirmedError),
    ("always 429", [answer_with(429)] * 40, NotConfirmedError),
    ("always 428", [answer_with(428)] * 40, NotConfirmedError),
    ("429 for longer than we wait", [answer_with(429, retry_after=3600)], NotConfirmedError),
    ("lost, then no way there", [lost_request, *[unreachable] * 40], NotConfirmedError),
    ("turned away, then no way there", [answer_with(429), *[unreachable] * 40], NotConfirmedError),
    ("lost, then turned away", [lost_request, *[answer_with(429)] * 40], NotConfirmedError),
    ("lost, then unreadable", [lost_reply, UNREADABLE], NotConfirmedError),
    ("unreadable", [UNREADABLE], NotConfirmedError),
    ("too large", [answer_with(413, name="too-large")], NotConfirmedError),
    ("some text", [answer_with(415)], NotConfirmedError),
    ("a problem that is none", [lambda _: Reply(413, PROBLEM, b"{}")], NotConfirmedError),
    ("unknown key, for ever", [answer_with(400, name="unknown-key")] * 40, NotConfirmedError),
    ("a 404 outside the seal", [answer_with(404, name="no-such-case-or-pin")] * 40, NotConfirmedError),
    ("a 409 outside the seal", [answer_with(409, name="case-number-taken")] * 40, NotConfirmedError),
    ("a 201 outside the seal", [answer_with(201)] * 40, NotConfirmedError),
]


@pytest.mark.parametrize(("faults", "error"), [case[1:] for case in ENDINGS], ids=[case[0] for case in ENDINGS])
def test_every_ending_says_what_is_known(
    simulator: EndpointSimulator, faults: list[Misbehaviour], error: type[HashclientError]
) -> None:
    """A call ends within its time with the exact class: not sent, refused, or not known."""
    clock = VirtualClock()
    simulator.misbehave(*faults)
    with pytest.raises(HashclientError) as caught:
        Client(simulator, retry=retry_with(clock)).submit(submission())
    assert type(caught.value) is error
    assert clock.now - 1000 <= 60 + 1


@pytest.mark.parametrize(("faults", "error"), [case[1:] for case in ENDINGS], ids=[case[0] for case in ENDINGS])
def test_after_any_ending_a_repeat_leaves_one_case(
    simulator: EndpointSimulator, faults: list[Misbehaviour], error: type[HashclientError]
) -> None:
    """Whatever went wrong, the same submission sent again is accepted once, and its PIN opens the case."""
    simulator.misbehave(*faults)
    client, wanted = client_for(simulator), submission()
    with pytest.raises(error):
        client.submit(wanted)
    simulator.behave()
    assert client.submit(wanted).status is CaseStatus.RECEIVED
    assert client.status(*credentials()).items == 2
    assert len(simulator.cases) == 1


def test_waits_grow_and_jitter() -> None:
    """Waits are random under a ceiling that doubles from 0.5 s to 60 s; a wish to wait is kept, up to an hour."""
    clock = VirtualClock()
    patience = replace(retry_with(clock), total_seconds=10_000, random=lambda: 1.0)
    waiting = Deadline(patience, size=0)
    assert all(waiting.pause() for _ in range(9))
    assert clock.waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert waiting.pause(90)
    assert waiting.pause(10**9)
    assert clock.waits[-2:] == [90, 3600]
    drawn = replace(patience, random=random.Random(7).random)
    assert Deadline(drawn, size=0).pause()
    assert 0 <= clock.waits[-1] < 0.5


def test_a_long_body_has_longer() -> None:
    """Every 8 KiB of a body add a second to the 60 of a call."""
    clock = VirtualClock()
    assert Deadline(retry_with(clock), size=80 * 1024).left() == 70
    assert RetryPolicy().total_seconds == 60


def test_a_wrong_address_does_not_take_a_minute(simulator: EndpointSimulator) -> None:
    """The profile is asked for a few times only, and no body goes out."""
    simulator.misbehave_on_profile(*[unreachable] * 40)
    with pytest.raises(EndpointUnreachableError):
        client_for(simulator).submit(submission())
    assert simulator.calls == {Path.PROFILE: 4}


@pytest.mark.parametrize(
    "fault",
    [
        answer_with(404),
        answer_with(503),
        answer_with(429, retry_after=3600),
        lost_reply,
        lambda _: Reply(200, JSON, b"<html>"),
        lambda _: Reply(200, "", b""),
        lambda answer: replace(
            answer(), untrusted_body=answer().untrusted_body.replace(b'"version":1', b'"version":2')
        ),
        lambda answer: replace(answer(), untrusted_body=answer().untrusted_body.replace(b'"suite":1', b'"suite":9')),
    ],
)
def test_no_profile_nothing_sent(simulator: EndpointSimulator, fault: Misbehaviour) -> None:
    """A profile that cannot be had or read stops everything before a body."""
    simulator.misbehave_on_profile(*[fault] * 4)
    client = client_for(simulator)
    with pytest.raises(EndpointUnreachableError, match="Nothing was sent"):
        client.submit(submission())
    assert simulator.requests == []
    assert not client.may_have_sent


def test_a_busy_profile_is_asked_again(simulator: EndpointSimulator) -> None:
    """A profile that comes at the third try is good enough."""
    simulator.misbehave_on_profile(answer_with(503, retry_after=1), unreachable)
    assert client_for(simulator).profile() == simulator.profile()


def _liar(simulator: EndpointSimulator) -> SealingKey:
    """Give another key under the name of the simulator's."""
    other = EndpointSimulator(suites=X25519_ONLY).profile().keys[0]
    return other.model_copy(update={"id": simulator.profile().keys[0].id})


def _zero_point() -> SealingKey:
    raw = bytes(32)
    return SealingKey(suite=Suite.X25519, id=key_id(Suite.X25519, raw), public=raw.hex(), expires="2999-12-31")


def test_profiles_that_are_not_trusted(simulator: EndpointSimulator) -> None:
    """Another origin, a key under a false name, an expired or useless key, plain bodies elsewhere: nothing is sent."""
    key = simulator.profile().keys[0]
    for changes in (
        {"origin": "https://other.example"},
        {"keys": (_liar(simulator),)},
        {"keys": (key.model_copy(update={"expires": "2001-01-01"}),)},
        {"keys": (_zero_point(),)},
        {"keys": (), "plain_bodies": True},
    ):
        simulator.misbehave_on_profile(profile_with(**changes))
        with pytest.raises(UntrustedEndpointError, match="Nothing was sent"):
            client_for(simulator).submit(submission())
    assert simulator.requests == []


def test_trusted_keys(simulator: EndpointSimulator) -> None:
    """A key trusted by id or by check digits is used; where none fits, no byte of a submission is sent."""
    key = simulator.profile().keys[0]
    wanted = submission()
    for pin in (key.id, check_digits(key), check_digits(key).replace(" ", ""), key.id.upper()):
        client_for(simulator, trusted_keys=(pin, "0" * 16)).submit(wanted)
    simulator.requests.clear()
    for changes in ({}, {"keys": (), "plain_bodies": True}, {"keys": (_liar(simulator),)}):
        simulator.misbehave_on_profile(profile_with(**changes))
        trusted_keys = (key.id,) if changes else ("0" * 16,)
        with pytest.raises(UntrustedEndpointError, match="Nothing was sent"):
            client_for(simulator, trusted_keys=trusted_keys, allow_plain=True).submit(submission())
    assert simulator.requests == []


def test_a_trusted_key_before_a_better_one() -> None:
    """Where the X25519 key is trusted and the hybrid is not, the trusted one is used."""
    simulator = EndpointSimulator(suites=(Suite.MLKEM768_X25519, Suite.X25519))
    by_suite = {key.suite: key for key in simulator.profile().keys}
    wanted = submission()
    client_for(simulator, trusted_keys=(by_suite[Suite.X25519].id,)).submit(wanted)
    client_for(simulator).submit(wanted)
    assert [body[1] for _, body in simulator.requests] == [Suite.X25519, Suite.MLKEM768_X25519]


def test_no_hybrid_stops(simulator: EndpointSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the hybrid stops before sending, and does not fall back."""
    simulator.rotate_keys(Suite.MLKEM768_X25519)
    monkeypatch.setattr("hashclient.sealing.can_do", lambda _: False)
    with pytest.raises(NoHybridError):
        client_for(simulator).submit(submission())
    assert simulator.requests == []


def test_plain_bodies_on_this_device_or_by_name() -> None:
    """A plain body goes only where the profile takes no other, on loopback or where it is allowed."""
    for origin, allowed in (("http://127.0.0.1:8000", False), ("https://endpoint.example", True)):
        simulator = EndpointSimulator(origin, suites=(), plain_bodies=True)
        client = client_for(simulator, allow_plain=allowed)
        wanted = submission()
        client.submit(wanted)
        assert simulator.requests == [(Path.SUBMISSIONS, encode(wanted))]
        assert client.status(*credentials()).items == 2
        with pytest.raises(CaseNotFoundError):
            client.status(credentials().number, Pin("99999999"))


def test_a_key_is_used_although_plain_bodies_are_taken() -> None:
    """Where the profile has a key, the body is sealed."""
    simulator = EndpointSimulator("http://127.0.0.1:8000", suites=X25519_ONLY, plain_bodies=True)
    client_for(simulator).submit(submission())
    assert not simulator.requests[0][1].startswith(b"{")


@pytest.fixture
def rotating() -> EndpointSimulator:
    """Give an endpoint whose keys overlap, as they do while one replaces another."""
    return EndpointSimulator(suites=(Suite.X25519, Suite.X25519))


def test_keys_rotate_between_tries(rotating: EndpointSimulator) -> None:
    """An unknown key makes the client read the profile again and seal the same bytes anew: one case."""
    wanted, client, simulator = submission(), client_for(rotating), rotating
    client.profile()
    simulator.drop_key_in_use()
    client.submit(wanted)
    assert simulator.calls == {Path.PROFILE: 2, Path.SUBMISSIONS: 2}
    assert simulator.opened == [encode(wanted)]


def test_a_trusted_key_that_rotates_away_stops(rotating: EndpointSimulator) -> None:
    """When the trusted key is gone after a try, the client stops and says that a try had left."""
    simulator = rotating
    client = client_for(simulator, trusted_keys=(choose_key(simulator.profile().keys, today="2026-11-23").id,))
    client.profile()
    simulator.drop_key_in_use()
    with pytest.raises(UntrustedEndpointError, match="earlier attempt"):
        client.submit(submission())
    assert simulator.opened == []


def test_limits_that_shrink_between_tries(rotating: EndpointSimulator) -> None:
    """When a sealed body no longer fits after a try had left, nothing is claimed about that try."""
    client, wanted, simulator = client_for(rotating), submission(items=40), rotating
    client.profile()
    simulator.drop_key_in_use()
    simulator.limits = Limits(body_bytes=4096)
    with pytest.raises(NotConfirmedError):
        client.submit(wanted)


def test_an_expired_epoch_is_renewed(simulator: EndpointSimulator) -> None:
    """A submission that came too late is sealed anew under the epoch of a new profile."""
    simulator.epoch = "00" * 16
    client = client_for(simulator)
    client.profile()
    simulator.epoch = "11" * 16
    client.submit(submission())
    assert simulator.calls == {Path.PROFILE: 2, Path.SUBMISSIONS: 2}


def _squat(simulator: EndpointSimulator) -> None:
    """Let someone else take the number first."""
    number, _ = credentials()
    other = build_submission(credentials()._replace(pin=Pin("99999999")), submission().declarations, submission().items)
    client_for(simulator).submit(other)
    assert number in simulator.cases


def test_a_number_that_was_taken_before(simulator: EndpointSimulator) -> None:
    """A 409 at the first try means that someone else has the number; nobody is asked further."""
    _squat(simulator)
    simulator.calls.clear()
    with pytest.raises(CaseNumberTakenError):
        client_for(simulator).submit(submission())
    assert simulator.calls == {Path.PROFILE: 1, Path.SUBMISSIONS: 1}


def test_a_409_after_a_lost_try_that_was_not_ours(simulator: EndpointSimulator) -> None:
    """A 409 after an ambiguous try is cleared up with the same case key; 404 means taken by someone else."""
    _squat(simulator)
    simulator.misbehave(lost_request)
    with pytest.raises(CaseNumberTakenError):
        client_for(simulator).submit(submission())
    assert simulator.calls[Path.STATUS] == 1


def _always_409(simulator: EndpointSimulator) -> Misbehaviour:
    """Take the body, and say 409 to it as if another had the number, in the seal."""

    def fault(answer: Callable[[], Reply]) -> Reply:
        answer()
        path, body = simulator.requests[-1]
        kept = dict(simulator.cases)
        simulator.cases = {number: replace(case, receipt=_other_digest(case.receipt)) for number, case in kept.items()}
        reply = simulator.answer(path, body)
        simulator.cases = kept
        return reply

    return fault


def _other_digest(receipt: Receipt) -> Receipt:
    return receipt.model_copy(update={"digest": "0" * 64})


def test_our_accepted_case_is_not_given_up(simulator: EndpointSimulator) -> None:
    """A 409 after an ambiguous try whose case opens with our key is an acceptance, with its counts and day."""
    wanted = submission()
    simulator.misbehave(lost_reply, _always_409(simulator))
    receipt = client_for(simulator).submit(wanted)
    assert receipt == simulator.cases[wanted.case_number].receipt
    client_for(simulator).withdraw(*credentials())
    simulator.misbehave(_always_409(simulator))
    with pytest.raises(TakenBackError):
        client_for(simulator).submit(wanted, tried_before=True)


@pytest.mark.parametrize("fault", [answer_with(429, retry_after=3600), answer_with(500), lost_request, unreachable])
def test_a_409_that_cannot_be_cleared_up(simulator: EndpointSimulator, fault: Misbehaviour) -> None:
    """Where status gives no answer after a 409, we do not know, and the number is not given up."""
    simulator.misbehave(lost_reply, _always_409(simulator), *[fault] * 40)
    with pytest.raises(NotConfirmedError):
        client_for(simulator).submit(submission())


def test_a_case_of_ours_with_other_content(simulator: EndpointSimulator) -> None:
    """Where the case that opens with our key holds other counts, nothing is called accepted."""
    client_for(simulator).submit(submission(items=2))
    with pytest.raises(NotConfirmedError, match="does not hold"):
        client_for(simulator).submit(submission(items=3), tried_before=True)


def test_a_client_remembers_what_it_did_not_learn(simulator: EndpointSimulator) -> None:
    """After an unconfirmed call, a 409 at the first try of the next call is cleared up too."""
    client, wanted = client_for(simulator), submission()
    simulator.misbehave(lost_reply, *[answer_with(500)] * 40)
    with pytest.raises(NotConfirmedError):
        client.submit(wanted)
    simulator.behave()
    simulator.misbehave(_always_409(simulator))
    assert client.submit(wanted).items == 2


@pytest.mark.parametrize("fault", [unreachable, lambda _: Reply(200, "", b"")])
def test_what_left_before_is_not_forgotten(simulator: EndpointSimulator, fault: Misbehaviour) -> None:
    """After an unconfirmed call, a call that reaches nobody does not say that nothing was sent."""
    wanted = submission()
    client = client_for(simulator)
    simulator.misbehave(*[lost_reply] * 40)
    with pytest.raises(NotConfirmedError):
        client.submit(wanted)
    simulator.behave()
    simulator.misbehave(*[unreachable] * 40)
    with pytest.raises(NotConfirmedError):
        client.submit(wanted)
    simulator.behave()
    simulator.misbehave_on_profile(*[fault] * 4)
    with pytest.raises(NotConfirmedError):
        client_for(simulator).submit(wanted, tried_before=True)
    simulator.behave()
    simulator.limits = Limits(items=1)
    assert client_for(simulator).submit(wanted, tried_before=True).items == 2


@pytest.mark.parametrize("changes", [{"digest": "0" * 64}, {"case_number": credentials(2).number}])
def test_a_receipt_for_something_else(changes: dict[str, object]) -> None:
    """A receipt with another digest or number is no confirmation."""
    simulator = EndpointSimulator("http://127.0.0.1:1", suites=(), plain_bodies=True)

    def fault(answer: Callable[[], Reply]) -> Reply:
        receipt = decode(Receipt, answer().untrusted_body)
        return Reply(201, JSON, encode(receipt.model_copy(update=changes)))

    simulator.misbehave(fault)
    with pytest.raises(NotConfirmedError, match="something else"):
        client_for(simulator).submit(submission())


@pytest.mark.parametrize("tried_before", [False, True])
def test_a_state_that_is_not_known_is_no_receipt(simulator: EndpointSimulator, tried_before: bool) -> None:
    """A receipt in a state of a later version may say anything, so nobody is told that the request was received."""
    simulator.misbehave(later_state(simulator, "Rejected"))
    with pytest.raises(NotConfirmedError) as caught:
        client_for(simulator).submit(submission(), tried_before=tried_before)
    assert caught.value.sentence == endings.STATES["other"]
    assert "Keep the number and the PIN" in caught.value.hint


def test_a_state_that_is_not_known_settles_no_doubt(simulator: EndpointSimulator) -> None:
    """Where an earlier attempt may have taken the number, a report in such a state does not confirm it."""
    wanted = submission()
    client_for(simulator).submit(wanted)
    simulator.misbehave(answer_with_sealed_409(simulator), later_state(simulator))
    with pytest.raises(NotConfirmedError) as caught:
        client_for(simulator).submit(wanted, tried_before=True)
    assert caught.value.sentence == endings.STATES["other"]


def answer_with_sealed_409(simulator: EndpointSimulator) -> Misbehaviour:
    """Say that the number is taken."""
    problem = Problem(type="urn:hashclient:problem:case-number-taken", title="Taken.", status=409)
    return told(simulator, 409, encode(problem))


def test_a_state_that_is_not_known_is_reported_as_such(simulator: EndpointSimulator) -> None:
    """A question for the case gets a report, whose state is `other`, and fields that are not known are ignored."""
    client = client_for(simulator)
    client.submit(submission())
    simulator.misbehave(later_state(simulator))
    assert client.status(*credentials()).status is CaseStatus.OTHER


@pytest.mark.parametrize("state", ["On hold", "Received", "Active"])
def test_only_withdrawn_or_gone_is_a_withdrawal(simulator: EndpointSimulator, state: str) -> None:
    """A service that answers a withdrawal with any other state did not confirm it."""
    client = client_for(simulator)
    client.submit(submission())
    simulator.misbehave(later_state(simulator, state))
    with pytest.raises(NotConfirmedError) as caught:
        client.withdraw(*credentials())
    assert caught.value.sentence == endings.NOT_TAKEN_BACK
    simulator.misbehave(simulator.says(status=CaseStatus.DELETED))
    assert client.withdraw(*credentials()).status is CaseStatus.DELETED
    assert client.withdraw(*credentials()).status is CaseStatus.WITHDRAWN


@pytest.mark.parametrize("plain", [False, True])
def test_nothing_goes_where_every_key_is_of_a_later_suite(plain: bool) -> None:
    """Not even where the service takes plain bodies: a key that is skipped is still a key."""
    simulator = EndpointSimulator("http://127.0.0.1:1", plain_bodies=plain)

    def later(answer: Callable[[], Reply]) -> Reply:
        profile = json.loads(answer().untrusted_body)
        profile["keys"] = [key | {"suite": 7} for key in profile["keys"]]
        return Reply(200, JSON, json.dumps(profile).encode())

    simulator.misbehave_on_profile(later)
    with pytest.raises(EndpointUnreachableError, match="another version") as caught:
        client_for(simulator).submit(submission())
    assert caught.value.hint == "Update the program."
    assert not simulator.requests


def test_a_key_of_a_later_suite_beside_a_known_one_is_skipped(simulator: EndpointSimulator) -> None:
    """The request is sealed to the key that is known."""

    def later(answer: Callable[[], Reply]) -> Reply:
        profile = json.loads(answer().untrusted_body) | {"recipients": [], "motto": "x"}
        profile["keys"].insert(0, {"suite": 7, "public": "ff" * 4000, "more": True})
        profile["signal_types"].append("later")
        return Reply(200, JSON, json.dumps(profile).encode())

    simulator.misbehave_on_profile(later)
    assert client_for(simulator).submit(submission()).items == 2


def test_reply_for_another_request_is_not_believed(simulator: EndpointSimulator) -> None:
    """An answer to an earlier request, played again, does not open."""
    kept: list[Reply] = []

    def keep(answer: Callable[[], Reply]) -> Reply:
        kept.append(answer())
        raise NotConfirmedError

    simulator.misbehave(keep, *[lambda _: kept[0]] * 40)
    with pytest.raises(NotConfirmedError):
        client_for(simulator).submit(submission())


def test_the_status_outside_must_be_the_one_inside(simulator: EndpointSimulator) -> None:
    """A relay that turns a 404 into a 410 is not believed."""
    simulator.misbehave(*[lambda answer: replace(answer(), status=410)] * 40)
    with pytest.raises(NotConfirmedError):
        client_for(simulator).status(*credentials())


@pytest.mark.parametrize("name", ["invalid-submission", "not-accepted", "age-gate", "never-heard-of"])
def test_refusals_in_our_words(name: str) -> None:
    """A refusal's own text is never shown; names that we know become sentences of ours."""
    simulator = EndpointSimulator("http://127.0.0.1:1", suites=(), plain_bodies=True)
    text = '{"status":422,"title":"<b>call me</b>","type":"urn:hashclient:problem:%s"}' % name  # noqa: UP031  # JSON braces
    simulator.misbehave(lambda _: Reply(422, PROBLEM, text.encode()))
    with pytest.raises(EndpointRefusedError, match="refused it") as caught:
        client_for(simulator).submit(submission())
    assert caught.value.status == 422
    assert "call me" not in str(caught.value) + caught.value.hint


def test_what_does_not_fit_is_not_sent(simulator: EndpointSimulator) -> None:
    """A submission that the profile rules out is stopped with the reason, and nothing is sent."""
    simulator.limits = Limits(items=1)
    with pytest.raises(UnfitSubmissionError, match="fewer pictures"):
        client_for(simulator).submit(submission())
    simulator.limits = Limits(signals=1)
    with pytest.raises(UnfitSubmissionError, match="fewer fingerprints"):
        client_for(simulator).submit(submission())
    simulator.limits = Limits(body_bytes=4096)
    with pytest.raises(UnfitSubmissionError, match="longer"):
        client_for(simulator).submit(submission(items=40))
    simulator.misbehave_on_profile(profile_with(signal_types=(SignalType.MD5,)))
    with pytest.raises(UnfitSubmissionError, match="type of fingerprint"):
        client_for(simulator).submit(submission())
    simulator.misbehave_on_profile(profile_with(representatives=False))
    declared = submission().declarations.model_copy(update={"depicted": Depicted.REPRESENTED})
    with pytest.raises(UnfitSubmissionError, match="person shown"):
        client_for(simulator).submit(submission().model_copy(update={"declarations": declared}))
    flat = Item(content=Content.IMAGE, signals=(signal().model_copy(update={"value": "0" * 64}),))
    with pytest.raises(UnfitSubmissionError, match="even"):
        client_for(simulator).submit(submission().model_copy(update={"items": (flat,)}))
    assert simulator.requests == []


def test_wrong_pin_and_unknown_number(simulator: EndpointSimulator) -> None:
    """Both are the same to the endpoint; after five wrong tries it takes no more."""
    client = client_for(simulator)
    client.submit(submission())
    for pair in ((credentials().number, Pin("00000009")), credentials(9)):
        with pytest.raises(CaseNotFoundError):
            client.status(*pair)
    for _ in range(4):
        with pytest.raises(CaseNotFoundError):
            client.withdraw(credentials().number, Pin("00000009"))
    with pytest.raises(TooManyTriesError):
        client.status(*credentials())


@pytest.mark.parametrize("interrupted", [Path.PROFILE, Path.SUBMISSIONS])
def test_ctrl_c_passes(simulator: EndpointSimulator, interrupted: Path) -> None:
    """Ctrl-C ends the call at once, and the client knows whether a body may have left."""

    def interrupt(_: Callable[[], Reply]) -> Reply:
        raise KeyboardInterrupt

    (simulator.misbehave_on_profile if interrupted is Path.PROFILE else simulator.misbehave)(interrupt)
    client = client_for(simulator)
    with pytest.raises(KeyboardInterrupt):
        client.submit(submission())
    assert client.may_have_sent is (interrupted is Path.SUBMISSIONS)


def test_sealed_for_delivery_by_hand(simulator: EndpointSimulator) -> None:
    """A submission sealed into a file opens at the endpoint; only the profile was asked for."""
    wanted = submission()
    sealed = client_for(simulator).seal_for_file(wanted)
    assert simulator.calls == {Path.PROFILE: 1}
    assert simulator.answer(Path.SUBMISSIONS, sealed).status == 201
    assert simulator.opened == [encode(wanted)]


def test_nothing_of_the_case_in_any_error(simulator: EndpointSimulator) -> None:
    """No error of the table shows case number, PIN, key or hash."""
    wanted = submission()
    secrets = (wanted.case_number.on_wire(), wanted.case_key.on_wire(), wanted.items[0].signals[0].value, "0000 0001")
    for _, faults, _ in ENDINGS:
        simulator.misbehave(*faults)
        with pytest.raises(HashclientError) as caught:
            client_for(simulator).submit(wanted)
        simulator.behave()
        assert not any(secret in f"{caught.value!r} {caught.value.hint}" for secret in secrets)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, UntrustedEndpointError, MemoryError])
def test_whatever_ends_an_attempt_leaves_the_number_unsettled(
    simulator: EndpointSimulator, stop: type[BaseException]
) -> None:
    """Once bytes may have left, a later call that reaches nobody does not say that nothing was sent."""
    client, wanted = client_for(simulator), submission()

    def interrupted(answer: Callable[[], Reply]) -> Reply:
        answer()
        raise stop

    simulator.misbehave(*[interrupted] * 50)
    with pytest.raises((stop, NotConfirmedError)):
        client.submit(wanted)
    assert client.may_have_sent
    simulator.behave()
    simulator.misbehave(*[unreachable] * 50)
    with pytest.raises(NotConfirmedError):
        client.submit(wanted)
    simulator.behave()
    assert client.submit(wanted).items == len(wanted.items)
    assert len(simulator.cases) == 1


def test_whoever_waits_is_told_which_attempt_follows(simulator: EndpointSimulator) -> None:
    """Of the profile, of how many; and how long the wait is, which the service may have asked for."""
    waits: list[tuple[int, int | None, float]] = []
    policy = replace(retry_with(VirtualClock()), tell=lambda *said: waits.append(said))
    simulator.misbehave_on_profile(*[unreachable] * 4)
    with pytest.raises(EndpointUnreachableError):
        Client(simulator, retry=policy).profile()
    assert [said[:2] for said in waits] == [(2, 4), (3, 4), (4, 4)]
    waits.clear()
    simulator.misbehave(unreachable, answer_with(503, retry_after=7.0))
    Client(simulator, retry=policy).submit(submission())
    assert [said[:2] for said in waits] == [(2, None), (3, None)]
    assert waits[1][2] == 7


@pytest.mark.parametrize(
    ("retry_after", "hint"),
    [
        (90.0, "Wait 2 minutes,"),
        (7200.0, "Wait 2 hours,"),
        (None, "Check the number and the PIN, and try again later."),
    ],
)
def test_too_many_tries_says_how_long_to_wait_if_the_service_did(
    simulator: EndpointSimulator, retry_after: float | None, hint: str
) -> None:
    """An hour is named only by who knows it."""
    answered = told(
        simulator,
        429,
        encode(Problem(type="urn:hashclient:problem:too-many-tries", title="Said by a test.", status=429)),
    )

    def asks_to_wait(answer: Callable[[], Reply]) -> Reply:
        return replace(answered(answer), retry_after=retry_after)

    simulator.misbehave(*[asks_to_wait] * 100)
    with pytest.raises(TooManyTriesError) as caught:
        client_for(simulator).status(*credentials())
    assert caught.value.hint.startswith(hint)


def test_a_service_that_changed_has_words_for_what_was_asked(simulator: EndpointSimulator) -> None:
    """Whoever takes a request back is told about that, and not that an earlier attempt may have been received."""
    client_for(simulator).submit(submission())
    for verb, words in (
        ("withdraw", "do not know whether the request was taken back"),
        ("status", "Asking changed nothing in your case"),
    ):
        client = client_for(simulator)
        client.profile()
        simulator.misbehave(answer_with(400, name="unknown-key"))
        simulator.misbehave_on_profile(profile_with(operator="Another"))
        with pytest.raises(ProfileChangedError, match=words) as caught:
            getattr(client, verb)(*credentials())
        assert "earlier attempt" not in caught.value.sentence + caught.value.hint
