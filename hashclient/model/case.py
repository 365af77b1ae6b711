"""The credentials of a case: case number, PIN and the key made from both.

They are checked and derived here; `hashclient.client.request.new_credentials` draws them at random. None of the three appears
in a `repr`, in dumped JSON or in an error.
"""

import hashlib
import hmac
import re
from typing import Any, Final, NamedTuple, Self

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo
from pydantic_core import CoreSchema, core_schema

from hashclient.errors import InvalidCredentialsError
from hashclient.model._base import One, Specified, is_revealing

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base32."""
NUMBER_BITS: Final = 55
"""Number of random bits in a case number: 11 characters, which the twelfth checks."""
PIN_DIGITS: Final = 8
"""Number of digits in a PIN."""

_CONFUSED = str.maketrans("ILO", "110")
_NOT_COUNTED = re.compile(r"[\s\u200e\u200f\u2010-\u2015\u2066-\u2069-]")
"""Blanks, hyphens, and the invisible marks that keep a number in order in a right-to-left text from which it is copied."""
_SALT_LABEL: Final = b"hashclient/v1/case-key"
_SHOWN = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def _times_alpha(value: int) -> int:
    """Multiply by alpha = 2 in GF(2^5), modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def check_sum(characters: str) -> int:
    """Sum alpha^i times the i-th character from the right, over GF(2^5).

    Twelve characters are a case number if their sum is 0; the sum of eleven characters followed by `0` is the value of
    their check character. Any single wrong character and any swap of two changes the sum, because the powers of alpha
    from 0 to 11 are distinct and not 0.
    """
    total = 0
    for character in characters:
        total = _times_alpha(total) ^ ALPHABET.index(character)
    return total


def _as_counted(typed: str) -> str:
    """Return what a person typed without what does not count, and with the digits of other scripts as ours."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in _NOT_COUNTED.sub("", typed))


class _Secret:
    """A value that is never shown."""

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "_text", text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __repr__(self) -> str:
        return f"{type(self).__name__}('***')"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return hmac.compare_digest(self._text, other._text)

    def __hash__(self) -> int:
        return hash((type(self), self._text))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._text,)


class _WireSecret(_Secret):
    """A secret that `model.wire` may write in the clear."""

    _pattern = ""

    def on_wire(self) -> str:
        """Return the wire spelling."""
        return self._text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: object) -> _WireSecret:
            if isinstance(value, cls):
                return value
            if isinstance(value, str):
                try:
                    return cls(value)
                except InvalidCredentialsError:
                    pass
            raise ValueError(f"not a {cls.__name__}")

        def write(value: "_WireSecret", info: SerializationInfo[Any]) -> str:
            return value.on_wire() if is_revealing(info) else "***"

        return core_schema.no_info_plain_validator_function(
            read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                write, info_arg=True, return_schema=core_schema.str_schema()
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": cls._pattern}


class CaseNumber(_WireSecret):
    """The public handle of a case: 55 random bits and a check character, `XXXX-XXXX-XXXX`.

    It is public to the endpoint only; whoever has it and the PIN can withdraw the request.
    """

    __slots__ = ()
    _pattern = rf"^[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}$"

    def __init__(self, text: str) -> None:
        """Check the wire spelling, in which nothing is corrected.

        Raises:
            InvalidCredentialsError: the spelling or the check character is wrong.
        """
        if not _SHOWN.fullmatch(text) or check_sum(text.replace("-", "")):
            raise InvalidCredentialsError
        super().__init__(text)

    @classmethod
    def from_bits(cls, bits: int) -> Self:
        """Build a case number from 55 random bits.

        Args:
            bits: 0 to 2**55 - 1.

        Raises:
            InvalidCredentialsError: `bits` is out of range.
        """
        if not 0 <= bits < 1 << NUMBER_BITS:
            raise InvalidCredentialsError
        body = "".join(ALPHABET[bits >> shift & 31] for shift in range(NUMBER_BITS - 5, -1, -5))
        text = body + ALPHABET[check_sum(body + "0")]
        return cls("-".join((text[:4], text[4:8], text[8:])))

    @classmethod
    def from_person(cls, typed: str) -> Self:
        """Read what a person typed, in upper or lower case; hyphens and spaces do not count, I and L mean 1, O means 0.

        Digits of other scripts count as ours.

        Raises:
            InvalidCredentialsError: a character is mistyped, missing or not in the alphabet, which has no U.
        """
        text = _as_counted(typed).upper().translate(_CONFUSED)
        return cls("-".join((text[:4], text[4:8], text[8:])))

    def shown(self) -> str:
        """Return the form shown to the person, `XXXX-XXXX-XXXX`."""
        return self.on_wire()


class Pin(_Secret):
    """Eight random digits that, with the case number, open the case; they never leave the device.

    There is no wire spelling: the digits are used only by `CaseKey.from_pin` and to show them to the person.
    """

    __slots__ = ()

    def __init__(self, digits: str) -> None:
        """Check that these are eight ASCII digits.

        Raises:
            InvalidCredentialsError: they are not.
        """
        if not re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", digits, re.ASCII):
            raise InvalidCredentialsError
        super().__init__(digits)

    @classmethod
    def from_person(cls, typed: str) -> Self:
        """Read what a person typed; spaces and hyphens are ignored, and digits of other scripts count as ours.

        Raises:
            InvalidCredentialsError: there are not eight digits.
        """
        return cls(_as_counted(typed))

    def shown(self) -> str:
        """Return the form shown to the person, `1234 5678`."""
        return f"{self._text[:4]} {self._text[4:]}"


class CaseKey(_WireSecret):
    """What is sent and checked instead of the PIN: 32 bytes as 64 lower-case hex characters."""

    __slots__ = ()
    _pattern = r"^[0-9a-f]{64}$"

    def __init__(self, text: str) -> None:
        """Check that these are 64 lower-case hex characters.

        Raises:
            InvalidCredentialsError: they are not.
        """
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise InvalidCredentialsError
        super().__init__(text)

    @classmethod
    def from_pin(cls, pin: Pin, number: CaseNumber) -> Self:
        """Derive the key, which deliberately takes about 0.2 s and 64 MiB.

        Source:
            Argon2id (RFC 9106), 64 MiB, 3 passes, 4 lanes, 32 bytes; password: the eight ASCII digits; salt: SHA-256
            of `hashclient/v1/case-key` and the number's 12 characters without hyphens. Vectors:
            `schemas/vectors/case-key-*.json`.
        """
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        salt = hashlib.sha256(_SALT_LABEL + number.on_wire().replace("-", "").encode()).digest()
        derive = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024).derive
        return cls(derive(pin.shown().replace(" ", "").encode()).hex())


class Credentials(NamedTuple):
    """What the person keeps: number and PIN of one case."""

    number: CaseNumber
    pin: Pin


class CaseRequest(Specified):
    """The body of a status question or a withdrawal: which case, and proof of the PIN."""

    version: One = Field(1, description="Version of the specification.")
    case_number: CaseNumber = Field(
        description="`XXXX-XXXX-XXXX` in upper-case Crockford base32; the last character checks the others."
    )
    case_key: CaseKey = Field(
        description="64 lower-case hex characters, Argon2id of the PIN salted with the case number."
    )
