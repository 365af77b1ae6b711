"""Say which kinds of hashes are made of a picture and which of a video. Pure."""

from typing import Final

from hashclient.errors import UsageError
from hashclient.model import EndpointProfile
from hashclient.vocabulary import Content, Reason, SignalType

Wanted = dict[Content, tuple[SignalType, ...]]
"""Types to compute, by what a file turns out to be."""

BY_LIBRARY: Final = frozenset({SignalType.PHASH, SignalType.DHASH, SignalType.AHASH, SignalType.WHASH})
"""Types that another library computes, which takes long to import and is imported only where one is asked for."""
MADE: Final = {
    Content.IMAGE: BY_LIBRARY | {SignalType.PDQ, SignalType.MD5, SignalType.SHA256},
    Content.VIDEO: frozenset({SignalType.VPDQ, SignalType.MD5, SignalType.SHA256}),
}
"""Types that can be computed."""
TYPES: Final = MADE[Content.IMAGE] | MADE[Content.VIDEO]
"""Types that can be computed of one or the other."""
USUAL: Final[Wanted] = {Content.IMAGE: (SignalType.PDQ,), Content.VIDEO: (SignalType.MD5, SignalType.VPDQ)}
"""Types that are computed where none are asked for."""


def wanted(types: tuple[SignalType, ...] | None) -> Wanted:
    """Sort types by what they can be computed of.

    Args:
        types: as asked for; None for the usual ones.

    Raises:
        UsageError: none, or one that cannot be computed.
    """
    if types is None:
        return USUAL
    if not types or not TYPES.issuperset(types):
        raise UsageError(
            "This kind of fingerprint cannot be made here. No file was opened and nothing was sent.",
            hint=f"Choose from: {', '.join(sorted(TYPES))}.",
        )
    return {content: tuple(kind for kind in types if kind in made) for content, made in MADE.items()}


def accepted(asked: Wanted, profile: EndpointProfile | None) -> tuple[Wanted, dict[Content, tuple[Reason, ...]]]:
    """Leave out what an endpoint does not take.

    Args:
        asked: what would be computed.
        profile: the endpoint's, or None where it is not known.

    Returns:
        What is left, and for each content why there is less than was asked for.

    Raises:
        UsageError: nothing is left.
    """
    if profile is None:
        return asked, dict.fromkeys(asked, ())
    left = {content: tuple(kind for kind in kinds if kind in profile.signal_types) for content, kinds in asked.items()}
    if not any(left.values()):
        raise UsageError(
            "The service takes none of these kinds of fingerprints. No file was opened and nothing was sent.",
            hint="Choose another kind, or another service.",
        )
    return left, {
        content: () if left[content] == kinds else (Reason.TYPE_NOT_ACCEPTED,) for content, kinds in asked.items()
    }
