"""Say how files are to be hashed: one object, from the caller to the worker. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from hashclient.errors import UsageError
from hashclient.messages import _p
from hashclient.model.signal import EXACT
from hashclient.vocabulary import DEFAULT_INTERVAL, MAX_INTERVAL, USUAL, Content, Coverage, Decode, SignalType

IMAGEHASH_TYPES: Final = frozenset({SignalType.PHASH, SignalType.DHASH, SignalType.AHASH, SignalType.WHASH})
"""Types computed by the imagehash library, which takes long to import and is imported only where one is asked for."""
COMPUTED: Final = {
    Content.IMAGE: IMAGEHASH_TYPES | {SignalType.PDQ, SignalType.MD5, SignalType.SHA256},
    Content.VIDEO: frozenset({SignalType.VPDQ, SignalType.MD5, SignalType.SHA256}),
}
"""Types that can be computed, by content."""
TYPES: Final = COMPUTED[Content.IMAGE] | COMPUTED[Content.VIDEO]
"""Types that can be computed."""
OF_ANIMATIONS: Final = (*USUAL[Content.VIDEO], SignalType.PDQ)
"""Types that are computed of a picture that moves where none are asked for: it is a video, and `pdq` that of two frames."""


_Choice = TypeVar("_Choice", bound=StrEnum)


def _chosen_from(choices: type[_Choice], value: str) -> _Choice:
    """Return the member of that value, so that programs may write plain text."""
    try:
        return choices(value)
    except ValueError:
        raise UsageError(
            _p("error", "An option was given a value that it does not have. No file was opened and nothing was sent."),
            hint=_p("error", "Choose from: {choices}.").format(choices=", ".join(choices)),
        ) from None


@dataclass(frozen=True)
class HashOptions:
    """How files are hashed. Types, `decode` and `coverage` may be given as plain text.

    Raises:
        UsageError: a type cannot be computed, a value is none of those there are, or the interval is out of range.
    """

    types: tuple[SignalType, ...] | None = None
    """Types of hash to compute, each from the content it fits; None computes `pdq` of pictures, `md5` and `vpdq` of videos,
    and all three of pictures that move."""
    decode: Decode = Decode.EXACT
    """`exact`, bit-identical to the reference, or `fast`."""
    coverage: Coverage = Coverage.SINGLE
    """How many likely re-posts of a picture are hashed too."""
    interval: float = DEFAULT_INTERVAL
    """Seconds between the frames of a video that are hashed, 0 to 3,600; 0 hashes every frame."""
    sandbox: bool = True
    """Whether to decode in confined worker processes; without, in the executor's own: same limits on pictures and same
    hashes, but no protection."""
    apart: bool = False
    """Whether files are opened in a process of its own that has given up sockets and other programs, on Linux; it is a
    copy of this one, so this one should hold no secret yet, and have no thread that holds a lock. An executor of the
    caller's own goes without."""
    require_full: bool = False
    """Whether to stop unless this machine offers every protection."""
    inner: bool = False
    """Whether the picture inside a framed picture or a screenshot is looked for, and hashed too."""

    def __post_init__(self) -> None:
        for name, kind in (("decode", Decode), ("coverage", Coverage)):
            object.__setattr__(self, name, _chosen_from(kind, getattr(self, name)))
        if self.types is not None and (not self.types or not TYPES.issuperset(self.types)):
            raise UsageError(
                _p("error", "This type of fingerprint cannot be made here. No file was opened and nothing was sent."),
                hint=_p("error", "Choose from: {choices}.").format(choices=", ".join(sorted(TYPES))),
            )
        if self.types is not None:
            object.__setattr__(self, "types", tuple(map(SignalType, self.types)))
        if not 0 <= self.interval <= MAX_INTERVAL:
            raise UsageError(
                _p("error", "The interval between frames is out of range. No file was opened and nothing was sent."),
                hint=_p("error", "Choose a number of seconds from 0 (every frame) to {most:.0f}.").format(
                    most=MAX_INTERVAL
                ),
            )

    @classmethod
    def chosen(cls, options: "HashOptions | None", types: tuple[SignalType, ...] | None) -> "HashOptions":
        """Return the options, or those that types alone are short for; the defaults where there is neither.

        Raises:
            UsageError: both are given, or a type cannot be computed.
        """
        if options is not None and types is not None:
            raise UsageError(
                _p("error", "Types of fingerprints were given twice. No file was opened and nothing was sent."),
                hint=_p("error", "Give either options or types."),
            )
        return options or cls(types=types)

    def types_of(self, content: Content, *, is_animation: bool = False) -> tuple[SignalType, ...]:
        """Return the types to compute from a picture or from a video; `is_animation`: if a video, one that is a picture."""
        moves = is_animation and content is Content.VIDEO
        if self.types is None:
            return OF_ANIMATIONS if moves else USUAL[content]
        fitting = COMPUTED[content] | {SignalType.PDQ} if moves else COMPUTED[content]
        return tuple(kind for kind in self.types if kind in fitting)

    @property
    def asks_for_digests_alone(self) -> bool:
        """Whether no type is asked for that needs a decoder."""
        return self.types is not None and EXACT.issuperset(self.types)
