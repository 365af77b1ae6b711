"""Make every object of the specification equally strict."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, SerializationInfo

REVEAL = {"reveal": True}
"""Serialisation context in which secrets are written in the clear; only `model.wire` uses it."""


def _no_boolean(value: object) -> object:
    """Refuse `true` in place of 1, which Python considers equal to it."""
    if isinstance(value, bool):
        raise ValueError("not the number 1")  # noqa: TRY004  # pydantic collects ValueError only
    return value


def _no_number(value: object) -> object:
    """Refuse 1 in place of `true`."""
    if not isinstance(value, bool):
        raise ValueError("not true")  # noqa: TRY004  # as above
    return value


def whole_number(value: object) -> object:
    """Refuse text and booleans, which an enum of numbers would convert."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number")  # noqa: TRY004  # as above
    return value


One = Annotated[Literal[1], BeforeValidator(_no_boolean)]
"""The number 1, not `true`."""
Yes = Annotated[Literal[True], BeforeValidator(_no_number)]
"""The literal `true`, not 1."""


class Specified(BaseModel):
    """An object of the published specification: frozen and strict, without unknown fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        validate_default=True,
    )


class FromEndpoint(Specified):
    """What an endpoint says: readers ignore fields that they do not know, so that endpoints may grow."""

    model_config = ConfigDict(extra="ignore")


def is_revealing(info: SerializationInfo[Any]) -> bool:
    """Tell whether `model.wire` is serialising, which writes secrets in the clear."""
    return bool(info.context) and info.context.get("reveal") is True
