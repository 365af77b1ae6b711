"""A message is its English, and shows in the language in use."""

import gettext
import json
import pickle
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import ConfigError, UsageError
from hashclient.messages import CRITICAL, Message, _, _n, _p, in_use, joined, paragraphs, translated, use


class Shouting(gettext.NullTranslations):
    """A language in which everything is upper case but fields, and "sent" alone means something else if it is critical."""

    def gettext(self, message: str) -> str:
        return message if message == "{count} file" else "".join(_loud(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ("ONE: " if n == 1 else "MANY: ") + msgid2

    def pgettext(self, context: str, message: str) -> str:
        return f"({context}) {self.gettext(message)}"


def _loud(message: str) -> Iterator[str]:
    is_field = False
    for letter in message:
        is_field = letter == "{" or (is_field and letter != "}")
        yield letter if is_field else letter.upper()


@pytest.fixture
def shouting() -> Iterator[None]:
    """Speak another language for one test."""
    before = in_use()
    use(Shouting())
    yield
    use(before)


SAID = _("It went to {host}.")
PLURAL = _n("{count} file", "{count} files")


@pytest.mark.usefixtures("shouting")
def test_a_message_is_english_and_shows_in_the_language_in_use() -> None:
    """Comparing, searching, length and JSON see English; str, f-strings and print see the other."""
    said = SAID.format(host="a.example")
    assert said == "It went to a.example."
    assert "went" in said
    assert said.english == "It went to a.example."
    assert json.dumps({"sentence": said}) == '{"sentence": "It went to a.example."}'
    assert hash(said) == hash("It went to a.example.")
    assert str(said) == f"{said}" == f"{said:>5}" == "IT WENT TO a.example."


@pytest.mark.usefixtures("shouting")
def test_a_number_chooses_the_words() -> None:
    """English by English rules, the other language by its own."""
    assert PLURAL.format(count=1).english == "1 file"
    assert PLURAL.format(count=2).english == "2 files"
    assert str(PLURAL.format(count=1)) == "ONE: 1 files"
    assert str(PLURAL.format(count=0)) == "MANY: 0 files"


@pytest.mark.usefixtures("shouting")
def test_messages_in_fields_are_said_too() -> None:
    """What fills a brace may be a message itself."""
    nested = _("Then: {state}").format(state=_p("sent", "gone"))
    assert nested == "Then: gone"
    assert str(nested) == "THEN: (sent) GONE"
    assert nested.is_critical


@pytest.mark.usefixtures("shouting")
def test_whole_sentences_join() -> None:
    """Each keeps its translation, and what is empty leaves no blank; paragraphs have an empty line between them."""
    both = joined(_("One."), "", _p("error", "Two {what}."))
    assert both.english == "One. Two {what}."
    assert str(both.format(what="x")) == "ONE. (error) TWO x."
    assert both.format(what="x") == "One. Two x."
    apart = paragraphs(_("One."), both)
    assert apart.english == "One.\n\nOne. Two {what}."
    assert [str(one) for one in apart.paragraphs] == ["ONE.", "ONE. (error) TWO {what}."]
    assert both.paragraphs == (both,)


@pytest.mark.usefixtures("shouting")
def test_a_message_crosses_to_another_process_whole() -> None:
    """Also inside an error."""
    for message in (SAID.format(host="x"), PLURAL.format(count=3), joined(SAID, _p("codes", "Keep it."))):
        again = pickle.loads(pickle.dumps(message))  # noqa: S301  # our own
        assert (again, str(again), again.is_critical) == (message, str(message), message.is_critical)
    error = pickle.loads(pickle.dumps(UsageError(SAID.format(host="x"), hint=SAID)))  # noqa: S301  # as above
    assert (error.sentence, str(error.sentence), str(error)) == ("It went to x.", "IT WENT TO x.", "IT WENT TO x.")


def test_what_is_critical() -> None:
    """By its context, or by what is in it."""
    assert not SAID.is_critical
    for context in CRITICAL:
        assert _p(context, "x").is_critical
        assert joined(SAID, _p(context, "x")).is_critical
    assert ConfigError.sentence.is_critical


@pytest.mark.usefixtures("shouting")
def test_plain_english_finds_its_translation() -> None:
    """As when typer has made plain text of a message."""
    assert translated("Once.") == "ONCE."
    assert translated(SAID.format(host="x")) == "IT WENT TO x."
    assert translated("") == ""


def test_english_is_what_there_is_without_a_catalogue() -> None:
    """Nothing is looked up."""
    assert str(SAID.format(host="{x}")) == "It went to {x}."
    assert translated("Nobody marked this.") == "Nobody marked this."


@given(st.text(), st.text())
def test_values_are_never_read_as_templates(host: str, other: str) -> None:
    """Braces in a value stay."""
    message = SAID.format(host=host)
    assert message == f"It went to {host}."
    assert str(joined(message, Message(other))) == (f"{message} {other}" if other else str(message))


def test_nothing_joined_is_nothing() -> None:
    """A service without a telephone has no empty line in its place."""
    assert not joined()
    assert not joined("", "")
    assert str(joined()) == str(paragraphs()) == ""
