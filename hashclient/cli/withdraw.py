"""Take a request back."""

import json

from hashclient._crash import crash_point
from hashclient.cli import _ask, _console, _credentials, _options, _run, _service
from hashclient.errors import UsageError
from hashclient.guidance import texts

app = _console.new_app()


@app.command()
def withdraw(
    endpoint: _options.Endpoint = None,
    credentials_fd: _options.CredentialsFd = None,
    as_json: _options.Json = False,
    key: _options.Key = None,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Take a request back, with case number and PIN and nothing else; doing it twice does no harm.

    The service is asked to stop sharing the fingerprints. What platforms already removed stays
    removed. We cannot check what each platform does.
    """
    settings = _service.settle(endpoint, key=key, ca_file=ca_file, proxy=proxy)
    with _service.opened(settings) as service:
        credentials = _credentials.get(credentials_fd)
        if credentials_fd is None:
            _confirm()
        with _run.interrupted_means(f"{texts.INTERRUPTED} {texts.WITHDRAWAL_UNKNOWN}"):
            case = service.client.withdraw(*credentials)
            crash_point("answered")
            _service.report(case, service)
            crash_point("told")
    if credentials_fd is not None:
        _console.say(texts.WITHDRAWAL)
    if as_json:
        _console.data(json.dumps(case.model_dump(mode="json")))


def _confirm() -> None:
    _console.say(texts.WITHDRAWAL)
    if not _ask.word("Type 'yes' to take the request back. Anything else leaves it as it is:", means_yes="yes"):
        raise UsageError("You left the request as it is. Nothing was sent.", hint=texts.COME_BACK)
