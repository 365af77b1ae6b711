"""The age gate, which stands before anything else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from hashclient.errors import AgeGateError, NoSandboxError, UsageError
from hashclient.model import Declarations, SignalType
from hashclient.prepare import HashOptions, hash_files, prepare

AFFIRMED = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)  # type: ignore[arg-type]
OTHERS = {"depicted": "self", "intimate": True, "no_consent": True}


class Untouchable:
    """A file that fails the test when anything is done with it."""

    def __getattribute__(self, name: str) -> NoReturn:
        pytest.fail("a file was touched")

    __fspath__ = __str__ = __getattribute__  # type: ignore[assignment]


def untouchable() -> Iterator[Any]:
    """Give files that nobody may ask for."""
    yield pytest.fail("a file was asked for")


@pytest.mark.parametrize(
    "declarations",
    [
        None,
        True,
        {"adult": True, **OTHERS},
        object(),
        Declarations.model_construct(**OTHERS),  # type: ignore[arg-type]
        Declarations.model_construct(adult=False, **OTHERS),  # type: ignore[arg-type]
        Declarations.model_construct(adult=1, **OTHERS),  # type: ignore[arg-type]
    ],
)
@pytest.mark.parametrize("sandbox", [True, False])
def test_the_call_itself_stops_before_any_file(declarations: Any, sandbox: bool) -> None:
    """Without whole declarations `prepare` raises when it is called, and no file is asked for or opened."""
    for files in (untouchable(), [Untouchable()]):
        with pytest.raises(AgeGateError):
            prepare(files, declarations=declarations, options=HashOptions(sandbox=sandbox))  # type: ignore[arg-type]


@pytest.mark.parametrize("adult", [False, 1, 1.0, "true", "yes", None, [True], "absent"])
def test_nothing_but_true_declares_adults(adult: object) -> None:
    """Declarations cannot be built unless `adult` is the literal true."""
    fields = OTHERS if adult == "absent" else {"adult": adult, **OTHERS}
    with pytest.raises(AgeGateError):
        Declarations(**fields)  # type: ignore[arg-type]


def test_declarations_have_no_default() -> None:
    """Leaving the declarations out is an error of the program."""
    with pytest.raises(TypeError):
        prepare(untouchable())  # type: ignore[call-arg]


def test_the_sentence_names_where_to_turn() -> None:
    """The person is told of the services that are made for this, and that nothing was opened or sent."""
    with pytest.raises(AgeGateError) as stopped:
        prepare(untouchable(), declarations=None)  # type: ignore[arg-type]
    assert all(word in stopped.value.sentence for word in ("Take It Down", "INHOPE", "No file was opened"))
    assert stopped.value.exit_code == 4


def test_what_cannot_be_made_is_refused_by_the_call() -> None:
    """A type that nobody computes stops before any file is opened."""
    for types in ((), ("face",)):
        with pytest.raises(UsageError, match="cannot be made"):
            hash_files(untouchable(), options=HashOptions(types=types))  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="cannot be made"):
            prepare(untouchable(), declarations=AFFIRMED, options=HashOptions(types=types))  # type: ignore[arg-type]


def test_types_are_given_once() -> None:
    """`types` is short for options that hold them; both together are a mistake of the program."""
    with pytest.raises(UsageError, match="given twice"):
        hash_files(untouchable(), options=HashOptions(), types=(SignalType.PDQ,))


def test_full_protection_cannot_be_had_without_workers() -> None:
    """Asking for every protection and for none is refused by the call."""
    options = HashOptions(sandbox=False, require_full=True)
    with pytest.raises(NoSandboxError):
        hash_files(untouchable(), options=options)
    with pytest.raises(NoSandboxError):
        prepare(untouchable(), declarations=AFFIRMED, options=options)


def test_nothing_happens_until_a_result_is_asked_for(tmp_path: Path) -> None:
    """With declarations the call opens nothing either: files are taken as results are."""
    prepare(untouchable(), declarations=AFFIRMED)
    prepare([tmp_path / "missing"], declarations=AFFIRMED)
