"""Ask a service where a case stands, and put the answer into words."""

import json
from typing import TYPE_CHECKING

from hashclient.cli import _credentials, _help, _options, _run, _service, _terminal
from hashclient.guidance import endings, texts
from hashclient.guidance.commands import STATUS
from hashclient.guidance.profile import one_line
from hashclient.messages import Message

if TYPE_CHECKING:
    from hashclient.model import CaseReport

app = _terminal.new_app()


@app.command(help=STATUS)
def ask_status(
    endpoint: _options.Endpoint = None,
    credentials_fd: _options.CredentialsFd = None,
    as_json: _options.Json = False,
    trust_key: _options.TrustKey = None,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Ask the person for the credentials, ask the service, and show its answer."""
    settings = _service.settle(endpoint, trust_key=trust_key, ca_file=ca_file, proxy=proxy)
    with _service.reached(settings) as service:
        credentials = _credentials.get(credentials_fd)
        with _run.interrupted_means(endings.INTERRUPTED_UNCHANGED):
            with _terminal.working(endings.ASKING_CASE.format(host=service.host)):
                case = service.client.status(*credentials)
            tell_case(case, service)
    with _run.interrupted_means(endings.INTERRUPTED_UNCHANGED):
        if as_json:
            _terminal.data(json.dumps(case.model_dump(mode="json")), state=endings.UNCHANGED)
        if credentials_fd is None:
            say_who_helps()


def say_who_helps() -> None:
    """Say to a person, after each look at a case, what else can be done; nothing is asked."""
    _help.show_actions()
    _terminal.say(texts.SEE_SERVICES)
    _terminal.say(texts.EMERGENCY)


def state_of(case: "CaseReport", service: _service.ChosenService) -> Message:
    """Return the sentence that says where a case stands."""
    partners = service.client.profile().partners
    said = endings.PARTNERS.format(partners=one_line(partners)) if partners else endings.NO_PARTNERS
    return endings.STATES[case.status.value].format(host=service.host, partners=said)


def tell_case(case: "CaseReport", service: _service.ChosenService) -> None:
    """Say where a case stands, and what is known of it."""
    _terminal.say(_terminal.bold(state_of(case, service)))
    if case.status.value == "other":
        _terminal.say(endings.UPDATE_OR_ASK)
    if case.fetched is not None:
        _terminal.say(endings.FETCHED.format(fetched=case.fetched, count=case.partners or 0))
    if not case.signals:
        return
    _terminal.say(endings.COUNTS.format(items=case.items, signals=case.signals, day=case.day))
    feedback = case.feedback
    counts = {
        endings.PENDING: feedback.pending_review,
        endings.BLOCKED: feedback.blocked,
        endings.NOT_BLOCKED: feedback.not_blocked,
    }
    for words, count in counts.items():
        if count:
            _terminal.say(words.format(count=count), indent="  ")
    if not any(counts.values()):
        _terminal.say(endings.NO_MATCH)
