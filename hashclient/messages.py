"""Mark the sentences for people, and say them in the language in use.

A sentence is written once, in English, where it belongs, and marked: `_("...")`, or `_p("codes", "...")` where it belongs
to one of the sets of `CRITICAL`, or `_n("{count} file", "{count} files")` where its words depend on a number. A marked
sentence *is* its English text: programs, tests and JSON get that. Formatted, printed or put into an f-string it appears
in the language in use, which `hashclient.guidance.languages` chooses. PURE: no disk, no environment.
"""

import gettext
from typing import Any, Final, Self

CRITICAL: Final = frozenset({"age_gate", "hand_off", "limits", "sent", "declarations", "codes", "exit", "error"})
"""Contexts of the sentences on which most depends; as long as nobody reviewed a translation, their English stands beneath."""
_EMPTY_LINE: Final = "\n\n"

_catalogue = gettext.NullTranslations()


def use(catalogue: gettext.NullTranslations) -> None:
    """Say every sentence of this process in the language of a catalogue from here on."""
    global _catalogue  # noqa: PLW0603  # one process, one language, as in gettext
    _catalogue = catalogue


def in_use() -> gettext.NullTranslations:
    """Return the catalogue in use; that of English is empty."""
    return _catalogue


class Message(str):
    """A sentence for people: English as a value, the language in use where it is shown.

    `str(message)`, `f"{message}"` and `print` give the language in use; comparing, searching and JSON see the English.
    """

    __slots__ = ("_fields", "_parts", "_template", "context")
    context: str
    """One of `CRITICAL`, or empty."""
    _parts: tuple["Message", ...]
    _template: str | tuple[str, str]
    _fields: dict[str, Any] | None

    def __new__(
        cls,
        template: str | tuple[str, str],
        context: str = "",
        fields: dict[str, Any] | None = None,
        parts: tuple["Message", ...] = (),
    ) -> Self:
        """Make a message.

        Args:
            template: the English text; or singular and plural, chosen by the field `count`; with `parts`, what stands
                between them.
            context: one of `CRITICAL`, or empty.
            fields: what fills the braces; None leaves them.
            parts: messages of which this one consists.
        """
        if parts:
            made = super().__new__(cls, str(template).join(part.english for part in parts))
        else:
            made = super().__new__(cls, _filled(_of_number(template, fields), fields, shown=_english))
        made.context, made._template, made._fields, made._parts = context, template, fields, parts
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep everything when it crosses to another process."""
        return type(self), (self._template, self.context, self._fields, self._parts)

    @property
    def english(self) -> str:
        """The text in English, with its braces filled."""
        return str.__str__(self)

    @property
    def structure(self) -> "tuple[str | tuple[str, str], dict[str, Any] | None, tuple[Message, ...]]":
        """What it is made of, for whoever writes it as data: template, fields or None, and parts that it joins."""
        return self._template, self._fields, self._parts

    @property
    def paragraphs(self) -> "tuple[Message, ...]":
        """The paragraphs of which it consists: most often it is the only one."""
        return self._parts if self._template == _EMPTY_LINE else (self,)

    @property
    def is_critical(self) -> bool:
        """Whether it, or a message in it, belongs to one of the sets of `CRITICAL`."""
        inside = (*self._parts, *(self._fields or {}).values())
        return self.context in CRITICAL or any(isinstance(one, Message) and one.is_critical for one in inside)

    def __str__(self) -> str:
        """Return it in the language in use."""
        if self._parts:
            return str(self._template).join(map(str, self._parts))
        return _filled(_looked_up(self._template, self.context, self._fields), self._fields, shown=str)

    def __format__(self, spec: str) -> str:
        """Return it in the language in use, as for an f-string."""
        return format(str(self), spec)

    def format(self, *_nothing: object, **fields: Any) -> "Message":
        """Fill its braces; what comes out is a message still. Fields have names, so that translations can reorder them."""
        parts = tuple(part.format(**fields) for part in self._parts)
        return Message(self._template, self.context, {**(self._fields or {}), **fields}, parts)


class Plural:
    """A sentence in two numbers; `format(count=...)` makes a message of the one that fits."""

    def __init__(self, singular: str, plural: str, context: str = "") -> None:
        self.singular, self.plural, self.context = singular, plural, context

    def format(self, *, count: int, **fields: Any) -> Message:
        """Choose by the number, and fill the braces."""
        return Message((self.singular, self.plural), self.context, {"count": count, **fields})


def _(words: str) -> Message:
    """Mark words for translation, where the extractor finds them."""
    return Message(words)


def _p(context: str, words: str) -> Message:
    """Mark words that belong to one of the sets of `CRITICAL`."""
    return Message(words, context)


def _n(singular: str, plural: str) -> Plural:
    """Mark words that depend on a number, which their field `count` is."""
    return Plural(singular, plural)


def joined(*parts: str) -> Message:
    """Join whole sentences with a blank between them; each keeps its translation."""
    return _of_parts(" ", parts)


def paragraphs(*parts: str) -> Message:
    """Join paragraphs with an empty line between them; each keeps its translation."""
    return _of_parts(_EMPTY_LINE, parts)


def _of_parts(between: str, parts: tuple[str, ...]) -> Message:
    """Make one message of all parts that are not empty; the empty one, where there are none."""
    messages = tuple(part if isinstance(part, Message) else Message(part) for part in parts if part)
    return Message(between, parts=messages) if messages else Message("")


def translated(words: str) -> str:
    """Return words in the language in use: a message, or plain text that is the English of one; else as they are."""
    if isinstance(words, Message):
        return str(words)
    for context in ("", *sorted(CRITICAL)):
        if (found := _looked_up(words, context, None)) != words:
            return found
    return words


def _english(field: Any) -> Any:
    return field.english if isinstance(field, Message) else field


def _of_number(template: str | tuple[str, str], fields: dict[str, Any] | None) -> str:
    if isinstance(template, str):
        return template
    return template[0] if fields and fields["count"] == 1 else template[1]


def _looked_up(template: str | tuple[str, str], context: str, fields: dict[str, Any] | None) -> str:
    if isinstance(template, tuple):
        count = (fields or {})["count"]
        return _catalogue.npgettext(context, *template, count) if context else _catalogue.ngettext(*template, count)
    if not template:
        return ""
    return _catalogue.pgettext(context, template) if context else _catalogue.gettext(template)


def _filled(template: str, fields: dict[str, Any] | None, *, shown: Any) -> str:
    if fields is None:
        return template
    return template.format(
        **{name: shown(value) if isinstance(value, Message) else value for name, value in fields.items()}
    )
