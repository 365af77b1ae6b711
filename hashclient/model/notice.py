"""The file that may go with a takedown notice: one fingerprint, and nothing by which it could be tied to a case.

It is no part of the protocol: a person hands it to a platform, beside a notice that bears a name. So it holds no case number, key,
declaration or nonce, and no transport takes it.
"""

import json
from typing import Annotated, Self

from pydantic import Field, model_validator

from hashclient.model._base import One, Specified
from hashclient.model.policy import unfit
from hashclient.model.signal import ORIGINAL, Signal
from hashclient.vocabulary import Content, SignalType


class NoticeHashes(Specified):
    """The fingerprint of one picture or video, for a platform that was given its address."""

    version: One = Field(1, description="Version of the specification.")
    content: Annotated[Content, Field(strict=False)] = Field(description="`image` or `video`.")
    signal: Signal = Field(
        description="Of a picture the `pdq` hash of the picture itself, variant `original`; of a video the `md5` of its file."
    )

    @model_validator(mode="after")
    def _is_its_own(self) -> Self:
        if not is_own_hash(self.signal, self.content):
            raise ValueError("only the hash of the picture or video itself")
        return self

    def to_text(self) -> str:
        """Return the file's text: JSON, ASCII, laid out for people to read."""
        return json.dumps(self.model_dump(mode="json", exclude_none=True), indent=2) + "\n"


def is_own_hash(signal: Signal, content: Content) -> bool:
    """Tell whether a hash is that of the picture or video itself, of the type that goes with a notice, and may be shared."""
    if content is Content.VIDEO:
        return signal.type is SignalType.MD5
    return signal.type is SignalType.PDQ and signal.variant == ORIGINAL and unfit(signal) is None
