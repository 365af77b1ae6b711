"""Hand out the page for a browser on this device, or save it as a file."""

import hashlib
import threading
from pathlib import Path
from typing import Annotated

import typer

from hashclient.cli import _terminal
from hashclient.errors import PageMissingError, PageServiceError, UsageError
from hashclient.guidance import operators
from hashclient.guidance.commands import OPTIONS, PAGE

app = _terminal.new_app()


@app.command(help=PAGE)
def page(
    save: Annotated[Path | None, typer.Option(help=OPTIONS["save_page"], metavar="FILE", show_default=False)] = None,
    is_opened: Annotated[bool, typer.Option("--open", help=OPTIONS["open_page"])] = False,
    service: Annotated[
        str | None, typer.Option(help=OPTIONS["page_service"], metavar="URL", show_default=False)
    ] = None,
    is_second: Annotated[bool, typer.Option("--heic", help=OPTIONS["heic_page"])] = False,
) -> None:
    """Hand the page out until the program is stopped, or write it."""
    if save and is_opened:
        raise UsageError(operators.SAVE_OR_OPEN, hint=operators.ONE_OF_THEM)
    document = _named_page(service, is_second=is_second)
    if save:
        _save_page(document, save)
    else:
        _hand_out(document, is_opened=is_opened)


def _named_page(service: str | None, *, is_second: bool) -> bytes:
    """Return one of the two pages, for one service where one is named; the origin is read as everywhere, so that all its spellings are one.

    Raises:
        ConfigError: this is not the address of a service.
        PageMissingError: there is no built page.
        PageServiceError: a browser could not be told to connect to this service alone.
    """
    from hashclient.page import page_for, read_page
    from hashclient.transport.address import parse_origin

    origin = service if service is None else parse_origin(service)
    try:
        document = read_page(is_second=is_second)
    except (OSError, ValueError):
        raise PageMissingError from None
    if origin is None:
        return document
    try:
        document = page_for(document, str(origin))
    except ValueError:
        raise PageServiceError from None
    _terminal.say(operators.PAGE_IS_FOR.format(host=str(origin).partition("://")[2]))
    return document


def _save_page(document: bytes, path: Path) -> None:
    from hashclient.cli._send import write_new_file

    write_new_file(path, document)
    _terminal.data(hashlib.sha256(document).hexdigest())
    _terminal.say(operators.PAGE_SAVED)


def _hand_out(document: bytes, *, is_opened: bool) -> None:
    """Serve it on loopback; a signal is the usual end."""
    from hashclient.page.loopback import page_host, page_listener, serve_page

    try:
        listener = page_listener()
    except OSError:
        raise UsageError(operators.PAGE_NO_PORT, hint=operators.PAGE_SAVE_INSTEAD) from None
    address = f"http://{page_host(listener)}/"
    try:
        with listener:
            _terminal.data(address)
            _terminal.say(operators.PAGE_IS_HERE)
            if is_opened:  # in a thread: a browser in the terminal returns only when it ends
                threading.Thread(target=_open_browser, args=(address,), daemon=True).start()
            serve_page(document, listener)
    except KeyboardInterrupt:
        _terminal.say()
        _terminal.say(operators.PAGE_ENDED)


def _open_browser(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        _terminal.say(operators.PAGE_NOT_OPENED)
