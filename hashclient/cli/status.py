"""Ask a service where a case stands."""

import json

from hashclient.cli import _credentials, _options, _run, _service, _terminal
from hashclient.guidance import texts
from hashclient.guidance.commands import STATUS

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
        with _run.interrupted_means(f"{texts.INTERRUPTED} {texts.UNCHANGED}"):
            case = service.client.status(*credentials)
            _service.tell_case(case, service)
    if as_json:
        _terminal.data(json.dumps(case.model_dump(mode="json")), state=texts.UNCHANGED)
