"""Ask a service where a case stands."""

import json

from hashclient.cli import _console, _credentials, _options, _run, _service
from hashclient.guidance import texts

app = _console.new_app()


@app.command()
def status(
    endpoint: _options.Endpoint = None,
    credentials_fd: _options.CredentialsFd = None,
    as_json: _options.Json = False,
    key: _options.Key = None,
    ca_file: _options.CaFile = None,
    proxy: _options.Proxy = None,
) -> None:
    """Ask a service where a case stands. Asks you for case number and PIN; they are never arguments.

    The PIN does not leave this device: the service is asked with a key made from it.
    """
    settings = _service.settle(endpoint, key=key, ca_file=ca_file, proxy=proxy)
    with _service.opened(settings) as service:
        credentials = _credentials.get(credentials_fd)
        with _run.interrupted_means(f"{texts.INTERRUPTED} The case is unchanged."):
            case = service.client.status(*credentials)
            _service.report(case, service)
    if as_json:
        _console.data(json.dumps(case.model_dump(mode="json")))
