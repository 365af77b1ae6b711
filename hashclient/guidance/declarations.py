"""Hold the four declarations that a person affirms word for word before a request is made.

Changing one of them, or the note under the fourth, needs a new `Declarations.wording`. These are 2. What answer to which
question makes one of them stands in `questions`.
"""

from typing import Final

from hashclient.messages import _p

ADULT: Final = _p(
    "declarations",
    "Everyone in these images was 18 or over when they were made. "
    "None is made to look under 18, or made from a photo of someone under 18.",
)
SELF: Final = _p("declarations", "I am in these images.")
REPRESENTED: Final = _p(
    "declarations", "The person in these images asked me to act, and agreed, knowing what is sent and to whom."
)
INTIMATE: Final = _p("declarations", "Each image is nude, partly nude or sexual, or made to look so.")
NO_CONSENT: Final = {
    "self": _p("declarations", "I did not agree to this being shared, or, if fake, made. (A threat counts.)"),
    "represented": _p("declarations", "They did not agree to this being shared, or, if fake, made. (A threat counts.)"),
}
"""The fourth declaration, by who is in the images."""
NOT_AGREEING: Final = _p("declarations", "A yes that was pressed, threatened or tricked out of you is not agreeing.")
"""Stands under the fourth declaration wherever it is shown, and is no part of it."""
YOU_DECLARE: Final = _p("declarations", 'With this you declare: "{declaration}"')
