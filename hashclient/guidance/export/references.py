"""Take words out of data and put references to them in their place, in every language at once."""

from collections.abc import Mapping
from typing import Any, Final

from hashclient.guidance import languages
from hashclient.messages import Message, Plural

FORMS: Final[Mapping[str, Mapping[str, int]]] = {
    "en": {"one": 1, "other": 2},
    "es": {"one": 1, "other": 2},
    "fr": {"one": 1, "other": 2},
    "ar": {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100},
}
"""Forms of a word that depends on a number, as CLDR calls them, each with a number that has it."""
_InAll = tuple[bool, tuple[Any, ...]]
"""Whether it is an ordinary string, not a critical one, and what stands in each language."""


class References:
    """Strings of all languages, each once, and the data that refer to them.

    Critical ones come first; else they stand in the order in which the data have them.

    Args:
        data: values for JSON, in which messages and plurals stand where words are due.
    """

    def __init__(self, data: Any) -> None:
        self._spoken = {code: languages.catalogue(code) for code in languages.LANGUAGE_NAMES}
        self._at: dict[_InAll, int] = {}
        self._referring(data)
        rows = sorted(self._at, key=lambda row: row[0])
        self._at = {row: number for number, row in enumerate(rows)}
        self.data = self._referring(data)
        """The data, with references."""
        self.strings = {code: [row[1][number] for row in rows] for number, code in enumerate(self._spoken)}
        """By language; a list of forms where it depends on a number."""
        self.critical = sum(not row[0] for row in rows)
        """How many are critical."""

    def _referring(self, node: Any) -> Any:
        """Return a part of the data with a reference for each message; see the format."""
        match node:
            case Message():
                return self._of_message(node)
            case Plural():
                return self._reference((node.singular, node.plural), node.context)
            case dict():
                return {name: self._referring(part) for name, part in node.items()}
            case list():
                return [self._referring(part) for part in node]
        return node

    def _of_message(self, message: Message) -> Any:
        template, fields, parts = message.structure
        if parts:
            of_parts = map(self._of_message, parts)
            return [one for part in of_parts for one in (part if isinstance(part, list) else [part])]
        reference = self._reference(template, message.context)
        return {"text": reference, "with": self._referring(fields)} if fields else reference

    def _reference(self, template: str | tuple[str, str], context: str) -> int:
        said: list[Any] = []
        for code, catalogue in self._spoken.items():
            if isinstance(template, str):
                said.append(catalogue.pgettext(context, template) if context else catalogue.gettext(template))
            else:
                said.append(tuple(catalogue.ngettext(*template, number) for number in FORMS[code].values()))
        return self._at.setdefault((not context, tuple(said)), len(self._at))


def compact(node: Any) -> Any:
    """Drop what is empty, null or false from every object; words that are the same whoever asks stand once."""
    match node:
        case Mapping():
            kept = {str(name): compact(part) for name, part in node.items()}
            if kept.keys() == {"self", "represented"} and kept["self"] == kept["represented"]:
                return kept["self"]
            return {name: part for name, part in kept.items() if not _is_nothing(name, part)}
        case tuple() if hasattr(node, "_asdict"):
            return compact(node._asdict())
        case tuple() | list():
            return [compact(part) for part in node]
    return node


def _is_nothing(name: str, part: Any) -> bool:
    is_both = name == "who" and part == ["self", "represented"]
    return part is None or part is False or is_both or (isinstance(part, str | list | dict) and not part)
