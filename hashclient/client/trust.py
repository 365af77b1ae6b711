"""Decide whether an endpoint is the one that was chosen, and to which key to seal.

Nothing here sends anything. A profile is believed where it names the address it came from; a key is
believed where it is trusted by name, or, where none is named, where it stands in such a profile.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hashclient._crash import crash_point
from hashclient.errors import (
    EndpointUnreachableError,
    ModelError,
    NoHybridError,
    SealingError,
    UnfitSubmissionError,
    UnknownVersionError,
    UntrustedEndpointError,
)
from hashclient.model import EndpointProfile, SealingKey, Submission
from hashclient.model.policy import refusals
from hashclient.model.wire import WireBody, decode
from hashclient.sealing import (
    PrivateKey,
    SealedBody,
    check_digits,
    choose_key,
    head_for,
    key_id,
    new_reply_key,
    seal,
)
from hashclient.transport.address import parse_origin
from hashclient.vocabulary import Purpose, Reason

NOT_KNOWN: Final = "What answers at this address is no service that this program knows. Nothing was sent."
"""Sentence for an address where something else answers."""

_WHY: Final = {
    Reason.LOW_QUALITY: "a fingerprint has too little detail to be recognised",
    Reason.FLAT: "a fingerprint is so even that it would match pictures of others",
    Reason.TYPE_NOT_ACCEPTED: "it does not use a type of fingerprint that is in it",
    Reason.TOO_MANY_ITEMS: "it takes fewer pictures and videos at once",
    Reason.TOO_MANY_SIGNALS: "it takes fewer fingerprints at once",
    Reason.REPRESENTATIVE: "it takes requests only from the person shown",
}


@dataclass(frozen=True)
class Closed:
    """A body ready to go, and the key to its answer (None where it is not sealed)."""

    body: WireBody | SealedBody
    reply_key: PrivateKey | None


def utc_today() -> str:
    """Give the day, `YYYY-MM-DD`, UTC."""
    return datetime.now(UTC).date().isoformat()


def read_profile(untrusted: bytes, *, origin: str) -> EndpointProfile:
    """Read what an endpoint says of itself.

    Raises:
        EndpointUnreachableError: it does not follow the specification, or follows another version.
        UntrustedEndpointError: it is the profile of another address, or misnames a key.
    """
    try:
        profile = decode(EndpointProfile, untrusted)
    except UnknownVersionError:
        raise EndpointUnreachableError(
            "The service speaks another version than this program. Nothing was sent.", hint="Update the program."
        ) from None
    except ModelError:
        raise EndpointUnreachableError(NOT_KNOWN, hint="Check the address you were given.") from None
    if profile.origin != origin:
        raise UntrustedEndpointError
    if any(key.id != key_id(key.suite, bytes.fromhex(key.public)) for key in profile.keys):
        raise UntrustedEndpointError
    return profile


def check_fit(submission: Submission, profile: EndpointProfile) -> None:
    """Stop a submission that this endpoint would not take.

    Raises:
        UnfitSubmissionError: names the first reason.
    """
    for refusal in refusals(submission, profile):
        raise UnfitSubmissionError(
            f"The service does not take this request as it is: {_WHY[refusal.reason]}. Nothing was sent."
        )


def trusted_key(
    profile: EndpointProfile, *, trusted_keys: Collection[str] = (), allow_plain: bool = False, today: str
) -> SealingKey | None:
    """Choose the key to seal to.

    Args:
        profile: as `read_profile` gave it.
        trusted_keys: key ids (16 hex characters) or check digits (25 digits, blanks ignored); where there
            are any, no other key is used.
        allow_plain: whether a body may go unsealed to an address that is not this device.
        today: `YYYY-MM-DD`; keys that expired before it are passed over.

    Returns:
        The key; None where the body may go unsealed, because the profile has no key, says so, and
        is on this device or allowed by name.

    Raises:
        UntrustedEndpointError: no trusted key is there, none is valid, or a plain body is not allowed.
        NoHybridError: the profile wants the hybrid and this installation cannot do it.
    """
    wanted = {re.sub(r"\s", "", key).lower() for key in trusted_keys}
    keys = [key for key in profile.keys if not wanted or wanted & {key.id, check_digits(key).replace(" ", "")}]
    if wanted and not keys:
        raise UntrustedEndpointError
    if not keys:
        if profile.plain_bodies and (allow_plain or parse_origin(profile.origin).is_loopback):
            return None
        raise UntrustedEndpointError(
            "The service takes no sealed requests, and yours goes only sealed. Nothing was sent."
        )
    try:
        return choose_key(keys, today=today)
    except NoHybridError:
        raise
    except SealingError:
        raise UntrustedEndpointError(
            "The service has no key that is still valid. Nothing was sent.",
            hint="Check the date of this device, or ask the service.",
        ) from None


def close_body(body: WireBody, *, purpose: Purpose, profile: EndpointProfile, key: SealingKey | None) -> Closed:
    """Seal a body with a head and a reply key of its own, or leave it plain where there is no key.

    Raises:
        UntrustedEndpointError: the key is none that can be sealed to.
        UnfitSubmissionError: it is longer than the endpoint takes.
    """
    crash_point("seal")
    reply_key = new_reply_key() if key else None
    sent: WireBody | SealedBody = body
    if key and reply_key:
        head = head_for(purpose, reply_key, epoch=profile.epoch)
        try:
            sent = seal(body, head=head, key=key, origin=profile.origin, floor=profile.limits.padding_floor)
        except SealingError:
            raise UntrustedEndpointError("The service's key cannot be used. Nothing was sent.") from None
    if len(sent) > profile.limits.body_bytes:
        raise UnfitSubmissionError("The request is longer than the service takes. Nothing was sent.")
    return Closed(sent, reply_key)


def seal_for(
    profile: EndpointProfile,
    body: WireBody,
    *,
    trusted_keys: Collection[str] = (),
    allow_plain: bool = False,
    today: str | None = None,
) -> WireBody | SealedBody:
    """Close a submission for delivery by hand; its answer cannot be opened, so none is kept a key for.

    Args:
        profile: of the endpoint that will get it.
        body: from `wire_bytes`.
        trusted_keys: as in `trusted_key`.
        allow_plain: as in `trusted_key`.
        today: `YYYY-MM-DD`, UTC today by default.

    Raises:
        UntrustedEndpointError: as in `trusted_key` and `close_body`.
        NoHybridError: as there.
        UnfitSubmissionError: as there.
    """
    key = trusted_key(profile, trusted_keys=trusted_keys, allow_plain=allow_plain, today=today or utc_today())
    return close_body(body, purpose=Purpose.SUBMISSION, profile=profile, key=key).body
