"""Take a request back."""

import json
from typing import TYPE_CHECKING

from hashclient._crash import crash_point
from hashclient.cli import _credentials, _options, _run, _service, _terminal
from hashclient.cli.status import say_who_helps, state_of, tell_case
from hashclient.errors import UsageError
from hashclient.guidance import endings, texts
from hashclient.guidance.commands import WITHDRAW
from hashclient.guidance.profile import copies_go
from hashclient.messages import joined

if TYPE_CHECKING:
    from hashclient.client import Client

app = _terminal.new_app()


@app.command(help=WITHDRAW)
def withdraw(
    endpoint: _options.Endpoint = None,
    credentials_fd: _options.CredentialsFd = None,
    as_json: _options.Json = False,
    trust_key: _options.TrustKey = None,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Ask for the credentials and a confirmation, withdraw the case, and show where it stands."""
    settings = _service.settle(endpoint, trust_key=trust_key, ca_file=ca_file, proxy=proxy)
    with _service.reached(settings) as service:
        credentials = _credentials.get(credentials_fd)
        if credentials_fd is None:
            with _terminal.working(endings.ASKING.format(host=service.host)):
                service.client.profile()
            _terminal.say(endings.WITHDRAWAL)
            _say_copies(service.client)
            if not _terminal.confirm(endings.WITHDRAW_PROMPT, word="yes"):
                raise UsageError(endings.LEFT_AS_IT_IS, hint=texts.COME_BACK)
        with _run.interrupted_means(endings.WITHDRAWAL_UNKNOWN):
            with _terminal.working(endings.TAKING_BACK.format(host=service.host)):
                case = service.client.withdraw(*credentials)
            crash_point("answered")
            tell_case(case, service)
            crash_point("told")
        with _run.interrupted_means(joined(texts.INTERRUPTED, state_of(case, service))):
            if credentials_fd is not None:
                _terminal.say(endings.WITHDRAWAL)
                _say_copies(service.client)
            if as_json:
                _terminal.data(json.dumps(case.model_dump(mode="json")), state="")
            if credentials_fd is None:
                _terminal.say(endings.TOOK_IT_BACK)
                say_who_helps()


def _say_copies(client: "Client") -> None:
    for words in copies_go(client.profile()):
        _terminal.say(words)
