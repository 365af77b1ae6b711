"""Give every object of the specification the same strictness."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, SerializationInfo

REVEAL = {"reveal": True}
"""Serialisation context in which secrets are written out; only `model.wire` uses it."""


def _no_boolean(value: object) -> object:
    """Refuse `true` where 1 is meant: Python calls them equal."""
    if isinstance(value, bool):
        raise ValueError("not the number 1")  # noqa: TRY004  # pydantic gathers ValueError only
    return value


def _no_number(value: object) -> object:
    """Refuse 1 where `true` is meant."""
    if not isinstance(value, bool):
        raise ValueError("not true")  # noqa: TRY004  # as above
    return value


One = Annotated[Literal[1], BeforeValidator(_no_boolean)]
"""The number 1, and not `true`."""
Yes = Annotated[Literal[True], BeforeValidator(_no_number)]
"""The literal `true`, and not 1."""


class Specified(BaseModel):
    """An object of the published specification: frozen, strict, and closed to unknown fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        validate_default=True,
    )


def is_revealing(info: SerializationInfo[Any]) -> bool:
    """Tell whether the serialisation under way is the one of `model.wire`."""
    return bool(info.context) and info.context.get("reveal") is True
