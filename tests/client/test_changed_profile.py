"""What the person was shown of a service holds until her request has ended, over tries, runs and rotated keys."""

import itertools

import pytest

from hashclient.client.request import Request
from hashclient.client.trust import says_otherwise
from hashclient.errors import NotConfirmedError, ProfileChangedError, UntrustedEndpointError
from hashclient.guidance import endings
from hashclient.model import EndpointProfile, Submission, Suite
from hashclient.model.wire import decode, encode
from hashclient.sealing import choose_key
from hashclient.testing import (
    EndpointSimulator,
    answer_with,
    lost_reply,
    lost_request,
    profile_with,
    taken_then,
    unreachable,
)
from hashclient.transport.interface import Path
from kit.submissions import (
    DECLARATIONS,
    client_for,
    credentials,
    item,
    remembered_case_keys,
    submission,
)

__all__ = ["remembered_case_keys"]

ITEMS = [item(seed) for seed in range(2)]
STRANGER = EndpointSimulator(suites=(Suite.X25519,)).profile().keys
CHANGES: list[dict[str, object]] = [
    {"keys": (), "plain_bodies": True},
    {"keys": STRANGER},
    {"keys": STRANGER, "plain_bodies": True},
    {"operator": "Another"},
    {"partners": "Everybody"},
    {"retention": "For ever"},
    {"partner_copies_days": 30},
]
ALLOWED: list[dict[str, object]] = [
    {"name": "Renamed"},
    {"policy": "https://endpoint.example/privacy"},
    {"contact": "somebody@endpoint.example"},
    {"representatives": True},
]
IDS = [" ".join(one) for one in CHANGES]


@pytest.fixture
def simulator() -> EndpointSimulator:
    return EndpointSimulator(suites=(Suite.X25519, Suite.X25519))


@pytest.mark.parametrize("changes", CHANGES, ids=IDS)
def test_nothing_goes_to_a_service_that_says_otherwise(
    simulator: EndpointSimulator, changes: dict[str, object]
) -> None:
    """Drafted in an earlier run and not sent: the service is asked, and nothing else; what it says now is at hand."""
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.draw()
    stored, shown = encode(request.submission), encode(simulator.profile())
    client = client_for(simulator, allow_plain=True)
    resumed = Request.resume(
        decode(Submission, stored), client=client, may_have_sent=False, shown=decode(EndpointProfile, shown)
    )
    simulator.misbehave_on_profile(profile_with(**changes))
    with pytest.raises(ProfileChangedError) as caught:
        resumed.send()
    assert caught.value.sentence == "The service now says something else about itself. Nothing was sent."
    assert caught.value.exit_code == 3
    assert simulator.requests == []
    assert not resumed.may_have_sent
    assert client.changed_profile == simulator.profile().model_copy(update=changes)
    assert resumed.send().items == 2  # it says again what was shown


@pytest.mark.parametrize("changes", CHANGES, ids=IDS)
def test_a_later_run_says_that_an_earlier_one_may_have_sent(
    simulator: EndpointSimulator, changes: dict[str, object]
) -> None:
    """Nothing more goes, and nobody is told that nothing went."""
    simulator.misbehave(*[lost_reply] * 100)
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.draw()
    with pytest.raises(NotConfirmedError):
        request.send()
    sent = len(simulator.requests)
    simulator.misbehave_on_profile(profile_with(**changes))
    resumed = Request.resume(request.submission, client=client_for(simulator), shown=simulator.profile())
    with pytest.raises(ProfileChangedError) as caught:
        resumed.send()
    assert (caught.value.sentence, caught.value.hint) == (
        endings.CHANGED_SINCE["submission"],
        endings.KEEP_AND_READ["submission"],
    )
    assert resumed.may_have_sent
    assert len(simulator.requests) == sent
    simulator.misbehave_on_profile(profile_with(origin="https://other.example"))
    with pytest.raises(UntrustedEndpointError) as caught_other:
        Request.resume(request.submission, client=client_for(simulator)).send()
    assert caught_other.value.sentence == endings.NOT_PROVEN_SINCE["submission"]


@pytest.mark.parametrize("first", [answer_with(400, name="unknown-key"), taken_then(400, name="unknown-key")])
@pytest.mark.parametrize("changes", CHANGES, ids=IDS)
def test_one_request_from_profile_to_profile(
    simulator: EndpointSimulator, changes: dict[str, object], first: object
) -> None:
    """After `unknown-key` the same holds within a run: no second body, sealed or not, and none under a new number."""
    client = client_for(simulator, allow_plain=True)
    request = Request(DECLARATIONS, ITEMS, client=client)
    request.draw()
    simulator.misbehave(first)  # type: ignore[arg-type]  # one of the two above
    simulator.misbehave_on_profile(*[profile_with(**changes)] * 9)
    for _ in range(3):
        with pytest.raises(ProfileChangedError, match="do not know whether it received an earlier attempt"):
            request.send()
        with pytest.raises(NotConfirmedError):
            request.draw()
    assert len(simulator.requests) == 1
    assert all(not body.startswith(b"{") for _, body in simulator.requests)


def test_a_key_that_is_said_to_have_expired_since_is_not_left(simulator: EndpointSimulator) -> None:
    """Else whoever answers keeps every key that was shown, says that their days are over, and adds one of its own."""
    request = Request(DECLARATIONS, ITEMS, client=client_for(simulator))
    request.draw()
    over = tuple(key.model_copy(update={"expires": "2020-01-01"}) for key in simulator.profile().keys)
    simulator.misbehave(answer_with(400, name="unknown-key"))
    simulator.misbehave_on_profile(*[profile_with(keys=over + STRANGER)] * 9)
    with pytest.raises(ProfileChangedError):
        request.send()
    assert len(simulator.requests) == 1


@pytest.mark.parametrize(
    ("shown_until", "said_until", "is_left"),
    [
        ("2028-03-01", "2028-01-02", True),  # earlier, and still today's
        ("2028-03-01", "2029-01-01", True),
        ("2028-03-01", "2028-01-01", False),
        ("2028-01-01", "2028-01-01", True),  # it had expired when it was shown, and another error says so
        ("2028-01-01", "2027-12-31", False),
    ],
)
def test_the_last_day_of_a_key(simulator: EndpointSimulator, shown_until: str, said_until: str, is_left: bool) -> None:
    """It may move, as long as the key can be used today, which is 2028-01-02."""
    shown, said = (
        simulator.profile().model_copy(
            update={"keys": tuple(key.model_copy(update={"expires": day}) for key in simulator.profile().keys)}
        )
        for day in (shown_until, said_until)
    )
    assert says_otherwise(said, shown, today="2028-01-02") is not is_left


@pytest.mark.parametrize("changes", CHANGES, ids=IDS)
def test_a_renewed_number_goes_to_the_same_service(simulator: EndpointSimulator, changes: dict[str, object]) -> None:
    """A number that is taken, another one, and then a changed service: the second does not leave."""
    client = client_for(simulator, allow_plain=True)
    request = Request(DECLARATIONS, ITEMS, client=client)
    request.draw()
    simulator.numbers_taken = 1
    with pytest.raises(Exception, match="already in use"):
        request.send()
    request.renew()
    simulator.misbehave(answer_with(400, name="unknown-key"))
    simulator.misbehave_on_profile(profile_with(**changes))
    with pytest.raises(ProfileChangedError):
        request.send()
    assert len(simulator.requests) == 2
    assert len(simulator.opened) == 1


@pytest.mark.parametrize("changes", ALLOWED, ids=[" ".join(one) for one in ALLOWED])
def test_what_may_change(simulator: EndpointSimulator, changes: dict[str, object]) -> None:
    """A new name, address of a policy or contact is no reason to stop, and neither are keys that are added or replaced."""
    shown, wanted = simulator.profile(), submission()
    later = shown.model_copy(update={"keys": (*shown.keys[:1], *STRANGER), **changes})
    for keys in (shown.keys, later.keys, (*shown.keys, *STRANGER)):
        simulator.misbehave_on_profile(profile_with(**(changes | {"keys": keys})))
        client = client_for(simulator)
        request = Request.resume(wanted, client=client, may_have_sent=False, shown=shown)
        simulator.misbehave(answer_with(400, name="unknown-key"))
        assert request.send().items == 2


def test_a_key_that_came_later_is_not_used_while_one_that_was_shown_is_there(simulator: EndpointSimulator) -> None:
    """Whoever can answer for the service could add a key of his own, a stronger one, and have the request sealed to it."""
    added = EndpointSimulator(suites=(Suite.MLKEM768_X25519,)).profile().keys
    simulator.misbehave_on_profile(lambda answer: answer(), profile_with(keys=(*simulator.profile().keys, *added)))
    client, wanted = client_for(simulator), submission()
    client.profile()
    simulator.misbehave(answer_with(400, name="unknown-key"))
    assert client.submit(wanted).items == 2
    assert simulator.opened == [encode(wanted)]


def test_keys_rotate_between_any_two_tries(simulator: EndpointSimulator) -> None:
    """Before any one of the first four tries the key in use ends: no case is lost or doubled, no 409 is believed."""
    for faults in itertools.product([lost_request, lost_reply, answer_with(500), unreachable], repeat=2):
        for place in range(len(faults) + 1):
            rotating = EndpointSimulator(suites=(Suite.X25519, Suite.X25519))
            rotating.misbehave(*faults[:place])
            client, wanted = client_for(rotating), submission()
            client.profile()

            def rotate(answer, simulator=rotating):  # type: ignore[no-untyped-def]
                simulator.drop_key_in_use()
                return answer()

            rotating.misbehave(rotate, *faults[place:])
            assert client.submit(wanted).items == 2
            assert len(rotating.cases) == 1
            assert set(rotating.opened) == {encode(wanted)}


def test_a_trusted_key_is_gone_when_the_profile_is_read_again(simulator: EndpointSimulator) -> None:
    """A key that was trusted by name and is replaced stops the request, whatever else overlaps."""
    used = choose_key(simulator.profile().keys, today="2026-11-23")
    client = client_for(simulator, trusted_keys=(used.id,))
    client.profile()
    simulator.drop_key_in_use()
    with pytest.raises(UntrustedEndpointError) as caught:
        client.submit(submission())
    assert (caught.value.sentence, caught.value.hint) == (
        endings.NOT_PROVEN_SINCE["submission"],
        endings.KEEP_AND_ASK,
    )
    assert simulator.opened == []
    assert simulator.calls == {Path.PROFILE: 2, Path.SUBMISSIONS: 1}


def test_questions_are_held_to_it_too(simulator: EndpointSimulator) -> None:
    """Status and withdrawal carry the case key: it does not go to a service that changed meanwhile."""
    client_for(simulator).submit(submission())
    for ask in ("status", "withdraw"):
        client = client_for(simulator, allow_plain=True)
        client.profile()
        simulator.misbehave(answer_with(400, name="unknown-key"))
        simulator.misbehave_on_profile(profile_with(keys=(), plain_bodies=True))
        with pytest.raises(ProfileChangedError):
            getattr(client, ask)(*credentials())
    assert all(not body.startswith(b"{") for _, body in simulator.requests)


@pytest.mark.parametrize(
    "spelled", ["https://endpoint.example:443", "https://endpoint.example.", "https://endpoint.example.:443"]
)
def test_a_profile_may_spell_its_origin_otherwise(spelled: str) -> None:
    """One origin is one service, however the profile writes it; the seal is bound to the service's own spelling."""
    simulator = EndpointSimulator(spelled, suites=(Suite.X25519,))
    client = client_for(simulator)
    simulator_as_reached = EndpointSimulator(suites=(Suite.X25519,))
    assert client.submit(submission()).items == 2
    for other in ("https://other.example", "https://endpoint.example:444", "http://endpoint.example", "https://1.2"):
        simulator_as_reached.misbehave_on_profile(profile_with(origin=other))
        with pytest.raises(UntrustedEndpointError, match="Nothing was sent"):
            client_for(simulator_as_reached).submit(submission())
    assert simulator_as_reached.requests == []
