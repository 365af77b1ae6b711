"""Hold what is said at the end of a call against what may have left, and against what nobody may say."""

import re

from hashclient.errors import (
    EndpointRefusedError,
    EndpointUnreachableError,
    NotConfirmedError,
    TransportError,
    UntrustedEndpointError,
)
from hashclient.transport.interface import Path

FOREIGN = ("Said by the simulator", "Said by a peer", "Call this number", "<html>")


def require_true_words(error: TransportError, path: Path, *, may_have_sent: bool) -> None:
    """Fail where an error claims more than is known, shows words from outside, or lets a number be given up too early."""
    words = f"{error.sentence} {error.hint}"
    assert error.exit_code == 3
    assert ("Nothing was sent" in words) == isinstance(error, EndpointUnreachableError) == (not may_have_sent), words
    assert not any(part in words for part in FOREIGN), words
    if isinstance(error, NotConfirmedError):
        is_open = r"changed nothing" if path is Path.STATUS else r"[Ww]e do not know|could not confirm"
        assert re.search(is_open, words), words
        assert "received the request and refused" not in words
    if path is not Path.SUBMISSIONS:
        return
    if isinstance(error, NotConfirmedError):
        assert re.search("Keep the number|the same case number is used", words), words
    if "Cross" in words:
        assert isinstance(error, EndpointRefusedError), words
    if type(error) is UntrustedEndpointError:
        assert re.search("[Ww]e do not know|do not know whether", words), words
