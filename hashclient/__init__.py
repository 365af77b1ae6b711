"""Ask for the spread of an intimate picture or video to be stopped without handing it to anyone.

Hashes are computed on the person's own device, packaged as a submission that follows a published
schema, and sent to an endpoint of their choosing. The picture, its name and its metadata never
leave. This front door shows the words (`hashclient.model`) and the errors; the half that sees
pictures is `hashclient.prepare`, the half that sees the network is `hashclient.client`, and
neither is loaded here.

    >>> from hashclient import Signal
    >>> Signal.from_text("md5:" + "0" * 32).type
    <SignalType.MD5: 'md5'>
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashclient.errors import AgeGateError as AgeGateError
    from hashclient.errors import HashclientError as HashclientError
    from hashclient.errors import ModelError as ModelError
    from hashclient.errors import TransportError as TransportError
    from hashclient.errors import UsageError as UsageError
    from hashclient.model import Altered as Altered
    from hashclient.model import CaseKey as CaseKey
    from hashclient.model import CaseNumber as CaseNumber
    from hashclient.model import CaseReport as CaseReport
    from hashclient.model import CaseStatus as CaseStatus
    from hashclient.model import Content as Content
    from hashclient.model import Credentials as Credentials
    from hashclient.model import Declarations as Declarations
    from hashclient.model import Depicted as Depicted
    from hashclient.model import EndpointProfile as EndpointProfile
    from hashclient.model import Item as Item
    from hashclient.model import Pin as Pin
    from hashclient.model import Receipt as Receipt
    from hashclient.model import Signal as Signal
    from hashclient.model import SignalType as SignalType
    from hashclient.model import Submission as Submission

    __version__: str

_ERRORS = frozenset({"AgeGateError", "HashclientError", "ModelError", "TransportError", "UsageError"})

__all__ = [
    "AgeGateError",
    "Altered",
    "CaseKey",
    "CaseNumber",
    "CaseReport",
    "CaseStatus",
    "Content",
    "Credentials",
    "Declarations",
    "Depicted",
    "EndpointProfile",
    "HashclientError",
    "Item",
    "ModelError",
    "Pin",
    "Receipt",
    "Signal",
    "SignalType",
    "Submission",
    "TransportError",
    "UsageError",
]


def __dir__() -> list[str]:
    """Show what this front door offers, and nothing else."""
    return [*__all__, "__version__"]


def __getattr__(name: str) -> object:
    """Load a public name when first asked for it, so that `hashclient --help` stays light."""
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("hashclient")
    if name not in __all__:
        raise AttributeError(f"module 'hashclient' has no attribute {name!r}")
    room = "hashclient.errors" if name in _ERRORS else "hashclient.model"
    return getattr(importlib.import_module(room), name)
