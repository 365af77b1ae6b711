"""Walk through `submit` at a terminal, from one place to the next, as a person does."""

import re
from pathlib import Path

from kit.command_line import DECLARED, SIMULATED, At, Terminal


def simulated(terminal: At, fault: str, *arguments: str | Path, **environ: str) -> Terminal:
    asked = ("submit", *arguments, *DECLARED, "--altered", "no", "--endpoint", "http://127.0.0.1:1")
    return begin(terminal(fault, *asked, program=SIMULATED, **environ))


def begin(at: Terminal) -> Terminal:
    """Read what it can and cannot do, five paragraphs at a time."""
    for _ in range(2):
        at.answer("Press Enter to go on:", "")
    return at


def end(at: Terminal) -> int:
    """Read what else can be done, name no country, and give the exit code."""
    at.answer("Press Enter to go on:", "")
    at.answer("Enter to skip:", "")
    return at.wait()


def review(at: Terminal, typed: str = "") -> str:
    """Go on from what the service says of itself, if there is one, and answer at the end of the review; give all of it."""
    start = at.read_until
    while at.expect_one_of("Press Enter to go on:", "'stop' to stop:") == "Press Enter to go on:":
        at.type("")
    at.type(typed)
    return at.text[start : at.read_until]


def read_credentials(at: Terminal) -> tuple[str, str]:
    """Go on from the review, and read number and PIN from the screen that shows them."""
    review(at)
    shown = at.expect("on paper:")
    number = re.search(r"\w{4}-\w{4}-\w{4}", shown)
    pin = re.search(r"\d{4} \d{4}", shown)
    assert number
    assert pin
    return number[0], pin[0]


def note(at: Terminal) -> tuple[str, str]:
    """Note both and give them back."""
    number, pin = read_credentials(at)
    at.type("")
    at.answer("Case number:", number.lower())
    at.answer("PIN:", pin.replace(" ", ""))
    return number, pin
