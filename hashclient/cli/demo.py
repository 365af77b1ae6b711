"""Show the whole round on this machine, as a guided tour."""

from typing import TYPE_CHECKING

from hashclient._optional import require_extra
from hashclient.cli import _console, _example, _run, _service, _tour
from hashclient.guidance import texts

if TYPE_CHECKING:
    from hashclient.cli._relay import Relay
    from hashclient.config import Settings

app = _console.new_app()


@app.command()
def demo() -> None:
    """Show the whole round on this machine with three example pictures; nothing leaves the machine.

    A service is started for it and ended after it. A relay before the service records every byte
    that crosses, and at the end no part of a picture is found among them. What would leave is
    printed on standard output, the tour on standard error.
    """
    require_extra("endpoint")
    with _run.interrupted_means(f"{texts.INTERRUPTED} Nothing left this machine. The example service has ended."):
        _console.say("The whole round on this machine, with pictures drawn by a program.")
        with _example.endpoint() as (settings, relay):
            _round(settings, relay)
        _console.say()
        _console.say(
            "The example service has ended, and its folder is gone. With your own: 'hashclient submit --help'."
        )


def _round(settings: "Settings", relay: "Relay") -> None:
    from hashclient.client import build_submission, new_credentials
    from hashclient.model import CaseRequest
    from hashclient.model.wire import encode

    _tour.step(1, "A service to send to")
    _console.say("It runs as a process of its own; a relay before it records every byte.")
    _tour.step(2, "Fingerprints are made on this device")
    declarations = _tour.affirm()
    items = _tour.hash_images(declarations)
    credentials = new_credentials()
    submission = build_submission(credentials, declarations, items)
    with _service.opened(settings) as service:
        _tour.step(3, "You see what would leave")
        _tour.show(submission, host=service.host)
        _tour.step(4, "You get case number and PIN, before anything is sent")
        _tour.hand_over(credentials)
        _tour.step(5, "Sealed and sent")
        _tour.send(service, submission)
        _tour.step(6, "Followed, and taken back")
        _tour.follow(service, credentials)
    _tour.step(7, "What crossed the wire")
    request = CaseRequest(case_number=submission.case_number, case_key=submission.case_key)
    _tour.search(relay, [encode(submission), encode(request)])
