"""Services that misbehave, asked by the page in a browser: each way ends on the right screen with words that are true."""

import json
import os
import runpy
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hashclient import page
from hashclient.client import Client
from hashclient.model import Suite
from hashclient.model.wire import JSON
from hashclient.testing import EndpointSimulator
from kit.page_walk import WEB, textured
from kit.peer import Behaviour, Exchange, Peer, honest, http
from kit.submissions import credentials, submission

ENGINES = {"chromium": "/usr/bin/chromium", "firefox": "/usr/bin/firefox-esr"}
OPEN = "We do not know if it arrived."
THE_CLIENTS = runpy.run_path(str(Path(__file__).parents[1] / "transport" / "test_hostile_peers.py"))
"""The table of what the program's own client meets."""
CASES, PROFILES, ANSWERED, TIME = (THE_CLIENTS[name] for name in ("CASES", "PROFILES", "ANSWERED", "TIME"))

IS_SOAK = "HASHCLIENT_ALL_BROWSERS" in os.environ
"""Set by `make soak`: Firefox, which takes twice as long, meets every case; in CI every second, as the page's code is the same."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.loopback,
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not (page.PAGE_FILE.exists() and (WEB / "node_modules" / "puppeteer-core").is_dir()),
        reason="the built page or web/node_modules is not there",
    ),
]


@dataclass
class Stage:
    """A service that serves the page, and misbehaves as it is told; and a visit to it."""

    engine: str
    simulator: EndpointSimulator
    now: Behaviour = honest
    on_profile: Behaviour = honest
    visit: subprocess.Popen[str] | None = None
    peer: Peer = field(init=False)

    def __post_init__(self) -> None:
        self.peer = Peer(self.simulator, self._told, on_profile=self._asked)

    def _told(self, exchange: Exchange) -> None:
        self.now(exchange)

    def _asked(self, exchange: Exchange) -> None:
        place = exchange.head.split(b" ")[1]
        if place == b"/":
            document = page.page_for(page.read_page(), self.peer.origin)
            exchange.conn.sendall(http(200, document, kind=page.PAGE_TYPE))
        elif place == b"/.well-known/hashclient.json":
            self.on_profile(exchange)
        else:
            exchange.conn.sendall(http(404))

    def do(self, *deed: str | int) -> dict[str, Any]:
        """Have the visit do something; where it stands then."""
        assert self.visit is not None
        assert self.visit.stdin is not None
        assert self.visit.stdout is not None
        self.visit.stdin.write(json.dumps(deed) + "\n")
        self.visit.stdin.flush()
        told: dict[str, Any] = json.loads(self.visit.stdout.readline())
        assert told["faults"] == [], told
        return told

    def some(self, cases: list[Any]) -> list[Any]:
        """Give the cases that are tried in this browser."""
        return cases if self.engine == "chromium" or IS_SOAK else cases[::2]

    def to_send(self) -> dict[str, Any]:
        """Begin anew, and go as far as the last question."""
        self.now = self.on_profile = honest
        for deed in (("start",), ("limits",), ("press", "I understand, go on"), ("review",), ("codes",), ("send",)):
            told = self.do(*deed)
        assert told["at"] == "send"
        return told


@pytest.fixture(scope="module", params=sorted(ENGINES))
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Open one browser of each engine for all tests."""
    engine = str(request.param)
    if not Path(ENGINES[engine]).exists():
        pytest.skip(f"{engine} is not there")
    picture = tmp_path_factory.mktemp("pictures") / "1.jpg"
    textured(3, (400, 300)).save(picture, quality=90)
    made = Stage(engine, EndpointSimulator(suites=(Suite.X25519,)))
    node = shutil.which("node")
    assert node is not None
    with made.peer:
        command = [node, "tests/browser/hostile.mjs", engine, f"{made.peer.origin}/", str(picture)]
        with subprocess.Popen(command, cwd=WEB, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as visit:
            made.visit = visit
            yield made
            assert visit.stdin is not None
            visit.stdin.close()


def case_named(name: str) -> Any:
    """Find a misbehaviour."""
    return next(case for case in CASES if case.name == name)


def is_refusal(case: Any) -> bool:
    """Tell whether it is a refusal in a good seal."""
    return case.name in {"always 410 in the seal", "always 409 in the seal", "always 422 in the seal"}


HOLDING_UP = "100 Continue without end"
"""Chromium reads it for ever, and meanwhile asks nothing else of anybody: it comes last."""
ASKED_AGAIN = "the answer to another request"
"""Chromium asks once more by itself where a connection that was used before ends, so there it is no other request."""


IN_A_HURRY = 40
"""By how much waiting is shortened where only time ends it: a quarter of a second is enough for an honest answer on a busy machine."""


def earlier_answer() -> Behaviour:
    """Answer the first request with half of its answer, and all later ones with the whole of that one."""
    kept: list[bytes] = []

    def behave(exchange: Exchange) -> None:
        reply = exchange.honest()
        kept.append(http(reply.status, reply.untrusted_body, kind=reply.content_type))
        exchange.conn.sendall(kept[0] if len(kept) > 1 else http(reply.status, b"", kind=reply.content_type))

    return behave


LEFT_OPEN = [
    case
    for case in CASES
    if not is_refusal(case) and case.error is not None and case.name not in {HOLDING_UP, ASKED_AGAIN}
]


def test_a_request_whose_end_is_not_known(stage: Stage) -> None:
    """Each time it says that it is not known, offers the same number again, and at last arrives once, counted once."""
    before = len(stage.simulator.cases)
    stage.to_send()
    words = "Send now"
    for case in stage.some(LEFT_OPEN):
        stage.now = case.make()
        asked = len(stage.peer.heads)
        stage.do("hurry", IN_A_HURRY if case.ends_by is TIME else 10)
        told = stage.do("press", words)
        assert (told["at"], told["truth"]) == ("not_confirmed", OPEN), case.name
        assert "Said by" not in told["words"], case.name
        assert [head[:4] for head in stage.peer.heads[asked:]][:2] == [b"GET ", b"POST"], case.name
        words = "Try again"
    stage.do("hurry", 10)
    stage.now = earlier_answer()
    for _ in range(2):
        assert stage.do("press", words)["at"] == "not_confirmed"
    stage.now = case_named("always 422 in the seal").make()
    told = stage.do("press", words)
    assert (told["at"], told["truth"]) == ("refused", OPEN)
    assert "Keep your number. An earlier try may have arrived." in told["words"]
    assert "Cross out" not in told["words"]
    assert len(stage.simulator.cases) - before <= 1
    assert len(LEFT_OPEN) >= 50


def test_a_profile_after_a_try_that_may_have_arrived(stage: Stage) -> None:
    """Whatever it says now, the end stays open; and then the request arrives, counted once."""
    before = len(stage.simulator.cases)
    stage.to_send()
    stage.now = case_named("half of a body").make()
    told = stage.do("press", "Send now")
    for name, behaviour, _ in stage.some(PROFILES):
        stage.on_profile = behaviour
        stage.do("hurry", IN_A_HURRY)
        told = stage.do("press", "Try again")
        assert (told["at"], told["truth"]) == ("not_confirmed", OPEN), name
    stage.now = stage.on_profile = honest
    stage.do("hurry", 10)
    assert stage.do("press", "Try again")["at"] == "sent"
    assert len(stage.simulator.cases) == before + 1


@pytest.mark.parametrize("case", [case for case in CASES if case.ends_by is ANSWERED and case.error is None and "then" not in case.name], ids=lambda case: case.name)  # fmt: skip
def test_what_is_odd_and_harmless(stage: Stage, case: Any) -> None:
    """It arrived, and the page says so."""
    before = len(stage.simulator.cases)
    stage.to_send()
    stage.now = case.make()
    told = stage.do("press", "Send now")
    assert told["at"] == "sent"
    assert told["truth"].startswith("Sent to 127.0.0.1")
    assert len(stage.simulator.cases) == before + 1


@pytest.mark.parametrize("case", [case for case in CASES if is_refusal(case)], ids=lambda case: case.name)
def test_a_refusal(stage: Stage, case: Any) -> None:
    """The number is to be crossed out; checked again, a new one is drawn, and it arrives."""
    before = len(stage.simulator.cases)
    stage.to_send()
    stage.now = case.make()
    told = stage.do("press", "Send now")
    assert told["at"] == "refused"
    assert told["truth"].startswith("Sent to 127.0.0.1")
    assert "Cross out the number" in told["words"]
    assert "Said by" not in told["words"]
    stage.now = honest
    stage.do("press", "Check it again")
    for deed in (("codes",), ("send",), ("press", "Send now")):
        told = stage.do(*deed)
    assert told["at"] == "sent"
    assert len(stage.simulator.cases) == before + 1


def test_a_service_that_is_not_there(stage: Stage) -> None:
    """Before anything was chosen: nothing was sent, and there is a way on."""
    for name, behaviour, _ in stage.some(PROFILES):
        stage.on_profile = honest
        stage.do("start")
        stage.do("limits")
        stage.do("hurry", IN_A_HURRY if name == "silent" else 10)
        stage.on_profile = behaviour
        told = stage.do("press", "I understand, go on")
        assert told["at"] == "limits", name
        assert told["truth"] == "Nothing has been sent yet.", name
        assert "Nothing was sent." in told["words"], name
        assert "save as a file" in told["words"], name
    stage.on_profile = honest
    assert stage.do("press", "Try again")["at"] == "choose_files"


def test_a_service_that_is_gone_when_it_is_sent(stage: Stage) -> None:
    """Nothing was sent, and the same number goes later."""
    before = len(stage.simulator.cases)
    stage.to_send()
    words = "Send now"
    for name, behaviour, _ in stage.some(PROFILES):
        stage.on_profile = behaviour
        stage.do("hurry", IN_A_HURRY if name == "silent" else 10)
        told = stage.do("press", words)
        assert (told["at"], told["truth"]) == ("not_sent", "Nothing has been sent yet."), name
        words = "Try again"
    stage.on_profile = honest
    stage.do("hurry", 10)
    assert stage.do("press", words)["at"] == "sent"
    assert len(stage.simulator.cases) == before + 1


def other_operator(exchange: Exchange) -> None:
    """Say something else about itself."""
    body = exchange.honest().untrusted_body
    said = json.loads(body)
    said["operator"] = "Somebody Else"
    exchange.conn.sendall(http(200, json.dumps(said).encode(), kind=JSON))


def test_a_service_that_says_something_else(stage: Stage) -> None:
    """It is checked anew with what it says now, and only then sent."""
    before = len(stage.simulator.cases)
    stage.to_send()
    stage.on_profile = other_operator
    told = stage.do("press", "Send now")
    assert (told["at"], told["truth"]) == ("review", "Nothing has been sent yet.")
    assert "now says something else about itself. Nothing was sent." in told["words"]
    assert "Somebody Else" in told["words"]
    assert len(stage.simulator.cases) == before
    for deed in (("codes",), ("send",), ("press", "Send now")):
        told = stage.do(*deed)
    assert told["at"] == "sent"
    assert len(stage.simulator.cases) == before + 1


SOME = ["silence", "half of a body, then a reset", "a gibibyte", "always 500", "another content type", "a changed byte",
        "zeros", "404 outside the seal", "a redirect elsewhere", "always 429", "always 422 in the seal"]  # fmt: skip


def test_looking_and_taking_back(stage: Stage) -> None:
    """A question that has no answer changes nothing and says so; a case is taken back only where the service says it."""
    stage.now = stage.on_profile = honest
    number, pin = credentials()
    stage.simulator.origin = stage.peer.origin
    Client(stage.simulator).submit(submission())
    stage.do("start")
    stage.do("press", "I already have a case number")
    for name in stage.some(SOME):
        stage.now = case_named(name).make()
        stage.do("hurry", IN_A_HURRY if case_named(name).ends_by is TIME else 10)
        told = stage.do("ask", number.shown(), pin.shown())
        assert told["at"] == "status_in", name
        assert "Asking changed nothing in your case." in told["words"], name
        assert "Nothing was sent." not in told["words"], name
        assert "Said by" not in told["words"], name
    stage.now = honest
    stage.do("hurry", 10)
    told = stage.do("ask", number.shown(), pin.shown())
    assert told["at"] == "status"
    stage.do("press", "Take it back")
    words = "Take it back"
    for name in stage.some(SOME):
        stage.now = case_named(name).make()
        stage.do("hurry", IN_A_HURRY if case_named(name).ends_by is TIME else 10)
        told = stage.do("press", words)
        assert told["at"] == "not_confirmed_w", name
        words = "Try again"
    stage.now = honest
    stage.do("hurry", 10)
    told = stage.do("press", words)
    assert told["at"] == "withdrawn"


def test_an_answer_that_never_begins(stage: Stage) -> None:
    """It is given up, whatever the browser does with it."""
    stage.to_send()
    stage.now = case_named(HOLDING_UP).make()
    stage.do("hurry", 60)
    told = stage.do("press", "Send now")
    assert (told["at"], told["truth"]) == ("not_confirmed", OPEN)
