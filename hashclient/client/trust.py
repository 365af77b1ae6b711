"""Decide whether an endpoint is the one that was chosen, and to which key to seal.

Nothing here sends anything. A profile is believed where it names the address it came from; a key is
believed where it is trusted by name, or, where none is named, where it stands in such a profile.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hashclient import sealing
from hashclient._crash import crash_point
from hashclient.errors import (
    ConfigError,
    EndpointUnreachableError,
    ModelError,
    NoHybridError,
    SealingError,
    UnfitSubmissionError,
    UnknownVersionError,
    UntrustedEndpointError,
)
from hashclient.guidance import endings, review
from hashclient.messages import _p
from hashclient.model import EndpointProfile, SealingKey, Submission
from hashclient.model.policy import refusals
from hashclient.model.wire import WireBody, decode
from hashclient.transport.address import parse_origin
from hashclient.vocabulary import Purpose

_FROZEN: Final = ("operator", "partners", "retention", "partner_copies_days")
"""What a profile may not change once it was shown to the person."""


@dataclass(frozen=True)
class SealedRequest:
    """A body ready to go, and the key to its answer (None where it is not sealed)."""

    body: WireBody | sealing.SealedBody
    reply_key: sealing.PrivateKey | None


def utc_today() -> str:
    """Return the day, `YYYY-MM-DD`, UTC."""
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
        raise EndpointUnreachableError(endings.OTHER_VERSION, hint=endings.UPDATE) from None
    except ModelError:
        raise EndpointUnreachableError(endings.NO_SERVICE, hint=endings.CHECK_ADDRESS) from None
    try:
        is_another = parse_origin(profile.origin) != parse_origin(origin)
    except ConfigError:
        is_another = True
    if is_another or any(key.id != sealing.key_id(key.suite, bytes.fromhex(key.public)) for key in profile.keys):
        raise UntrustedEndpointError
    return profile


def says_otherwise(profile: EndpointProfile, shown: EndpointProfile, *, today: str) -> bool:
    """Tell whether a profile that was read again differs from the one that was shown in more than added or replaced keys.

    Sealing that is dropped, and keys of which none is left, count as well as another operator, other partners and another
    retention. A key whose last day now lies before `today`, and did not when it was shown, is not left. All else that a
    profile says is no reason to stop.
    """
    before = {(key.suite, key.public): min(key.expires, today) for key in shown.keys}
    is_one_left = any(key.expires >= before.get((key.suite, key.public), "9999-99-99") for key in profile.keys)
    is_same = all(getattr(profile, field) == getattr(shown, field) for field in _FROZEN)
    return not is_same or (bool(before) and not is_one_left)


def check_fit(submission: Submission, profile: EndpointProfile) -> None:
    """Stop a submission that this endpoint would not accept.

    Raises:
        UnfitSubmissionError: names the first reason.
    """
    for refusal in refusals(submission, profile):
        raise UnfitSubmissionError(review.UNFIT[refusal.reason])


def trusted_key(
    profile: EndpointProfile,
    *,
    trusted_keys: Collection[str] = (),
    shown: EndpointProfile | None = None,
    allow_plain: bool = False,
    today: str,
) -> SealingKey | None:
    """Choose the key to seal to.

    Args:
        profile: as `read_profile` gave it.
        trusted_keys: key ids (16 hex characters) or check digits (25 digits, blanks ignored); where there
            are any, no other key is used.
        shown: the profile that the person was shown; while one of its keys is there, no key that came later is used.
        allow_plain: whether a body may go unsealed to an address that is not this device.
        today: `YYYY-MM-DD`; keys that expired before it are passed over.

    Returns:
        The key; None where the body may go unsealed, because the profile has no key, says so, and
        is on this device or allowed by name.

    Raises:
        UntrustedEndpointError: no trusted key is among them, none is still valid, or a plain body is not allowed.
        NoHybridError: the profile wants the hybrid and this installation cannot do it.
    """
    wanted = {re.sub(r"\s", "", key).lower() for key in trusted_keys}
    keys = [key for key in profile.keys if not wanted or wanted & {key.id, sealing.check_digits(key).replace(" ", "")}]
    if wanted and not keys:
        raise UntrustedEndpointError
    known = {key.public for key in shown.keys} if shown else set()
    keys = [key for key in keys if key.public in known and key.expires >= today] or keys
    if not keys:
        if profile.plain_bodies and (allow_plain or parse_origin(profile.origin).is_loopback):
            return None
        raise UntrustedEndpointError(endings.TAKES_NO_SEAL, hint=endings.CHOOSE_ANOTHER)
    try:
        return sealing.choose_key(keys, today=today)
    except NoHybridError:
        raise
    except SealingError:
        raise UntrustedEndpointError(endings.KEYS_EXPIRED, hint=endings.CHECK_DATE) from None


def seal_body(body: WireBody, *, purpose: Purpose, profile: EndpointProfile, key: SealingKey | None) -> SealedRequest:
    """Seal a body with a head and a reply key of its own, or leave it plain where there is no key.

    Raises:
        UntrustedEndpointError: the key is malformed, so nothing can be sealed to it.
        UnfitSubmissionError: it is longer than the endpoint accepts.
    """
    crash_point("seal")
    reply_key = sealing.new_reply_key() if key else None
    sent: WireBody | sealing.SealedBody = body
    if key and reply_key:
        head = sealing.head_for(purpose, reply_key, epoch=profile.epoch)
        try:
            sent = sealing.seal(body, head=head, key=key, origin=profile.origin, floor=profile.limits.padding_floor)
        except SealingError:
            raise UntrustedEndpointError(_p("error", "The service's key cannot be used. Nothing was sent.")) from None
    if len(sent) > profile.limits.body_bytes:
        raise UnfitSubmissionError(_p("error", "The request is longer than the service accepts. Nothing was sent."))
    return SealedRequest(sent, reply_key)
