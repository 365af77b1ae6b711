"""The submission: the one document that leaves the device.

No field can hold pixels, a file name, a path, a date from the file, EXIF or free text. `hashclient.model.wire` writes
its wire form.
"""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import FailFast, Field, field_validator, model_validator

from hashclient.errors import AgeGateError
from hashclient.model._base import One, Specified, Yes
from hashclient.model.case import CaseKey, CaseNumber
from hashclient.model.signal import EXACT, QUALITY_FLOOR, WITH_QUALITY, Signal
from hashclient.vocabulary import MAX_FRAMES, Altered, Content, Depicted, SignalType

MAX_ITEMS: Final = 100
"""Maximum number of pictures and videos in one submission."""
MAX_SIGNALS: Final = 26_000
"""Maximum number of signals in one submission."""
MAX_SIGNALS_PER_ITEM: Final = MAX_FRAMES + len(EXACT)
"""Maximum number of signals of one item: the hashes of a video's frames, and the digests of its file."""

IMAGE_TYPES: Final = frozenset(SignalType) - {SignalType.VPDQ}
"""Signal types that a picture may have."""
VIDEO_TYPES: Final = frozenset({SignalType.MD5, SignalType.SHA256, SignalType.VPDQ, SignalType.PDQ})
"""Signal types that a video may have; `pdq` is of its frames."""


class Declarations(Specified):
    """What the person affirmed, sentence by sentence, before any file was opened."""

    adult: Yes = Field(
        description="Everyone in these images was 18 or over when they were made; none is made to look under 18, or made from a photo of someone under 18. Only `true` is accepted."
    )
    depicted: Annotated[Depicted, Field(strict=False)] = Field(
        description="`self`: the person is in these images. `represented`: the person in them asked for this and agreed, knowing what is sent and to whom.",
    )
    intimate: Yes = Field(description="Each image is nude, partly nude or sexual, or made to look so.")
    no_consent: Yes = Field(
        description="The person shown did not agree to this being shared, or, if fake, made. A threat counts."
    )
    wording: Literal[2] = Field(2, description="Version of the sentences that were shown for the fields above: 2.")

    @model_validator(mode="before")
    @classmethod
    def _stop_at_the_age_gate(cls, untrusted: Any) -> Any:
        if isinstance(untrusted, dict) and untrusted.get("adult") is not True:
            raise AgeGateError
        return untrusted


class Item(Specified):
    """One picture or video: what it is, and its hashes."""

    content: Annotated[Content, Field(strict=False)] = Field(description="`image` or `video`.")
    altered: Annotated[Altered, Field(strict=False)] = Field(
        Altered.UNKNOWN,
        description="`yes`, `no` or `unknown`: whether it was changed or made by a machine.",
    )
    altered_from: int | None = Field(
        None,
        ge=0,
        lt=MAX_ITEMS,
        description="Position, from 0, of the item in this submission from which this one was made, if the person has both.",
    )
    signals: Annotated[tuple[Signal, ...], Field(strict=False), FailFast()] = Field(
        min_length=1,
        max_length=MAX_SIGNALS_PER_ITEM,
        description="Its hashes: no duplicates, and none of quality below 50.",
    )

    @model_validator(mode="after")
    def _holds_its_signals(self) -> Self:
        fitting = IMAGE_TYPES if self.content is Content.IMAGE else VIDEO_TYPES
        for signal in self.signals:
            if signal.type not in fitting:
                raise ValueError(f"{signal.type} does not belong to content {self.content}")
            if signal.type in WITH_QUALITY and (signal.quality or 0) < QUALITY_FLOOR:
                raise ValueError(f"quality is below {QUALITY_FLOOR}")
        if len({(signal.type, signal.value) for signal in self.signals}) < len(self.signals):
            raise ValueError("a signal is given twice")
        if self.altered_from is not None and self.altered is not Altered.YES:
            raise ValueError("altered_from needs altered yes")
        return self


class Submission(Specified):
    """One request: declarations and hashes, under a case number made on the person's device."""

    version: One = Field(1, description="Version of the specification.")
    nonce: str = Field(
        pattern=r"^[0-9a-f]{32}$",
        repr=False,
        description="128 random bits as 32 lower-case hex characters, so that a digest of the body reveals nothing about it; endpoints never store it.",
    )
    case_number: CaseNumber = Field(
        description="`XXXX-XXXX-XXXX` in upper-case Crockford base32; the last character checks the others. It is the idempotency key."
    )
    case_key: CaseKey = Field(
        description="64 lower-case hex characters, Argon2id of the PIN salted with the case number. The PIN itself is never sent."
    )
    declarations: Declarations = Field(description="What the person affirmed.")
    items: Annotated[tuple[Item, ...], Field(strict=False), FailFast()] = Field(
        min_length=1, max_length=MAX_ITEMS, description="Pictures and videos, in random order."
    )

    @field_validator("items", mode="before")
    @classmethod
    def _are_counted_first(cls, untrusted: Any) -> Any:
        """Refuse too many items or signals before any of them is looked at."""
        if isinstance(untrusted, list):
            arrays = [item.get("signals") for item in untrusted if isinstance(item, dict)]
            signals = sum(len(array) for array in arrays if isinstance(array, list))
            if len(untrusted) > MAX_ITEMS or signals > MAX_SIGNALS:
                raise ValueError("more items or signals than a submission may have")
        return untrusted

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if sum(len(item.signals) for item in self.items) > MAX_SIGNALS:
            raise ValueError(f"more than {MAX_SIGNALS} signals")
        for position, item in enumerate(self.items):
            if item.altered_from is not None and (
                item.altered_from >= len(self.items) or item.altered_from == position
            ):
                raise ValueError("altered_from names no other item")
        return self
