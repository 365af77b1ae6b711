"""Hold the questions about each file, and the words in which files are named, looked at and left out."""

from types import MappingProxyType
from typing import Final

from hashclient.guidance.questions import Question
from hashclient.messages import _, _n, _p, joined
from hashclient.vocabulary import Content

# How a file is called. The name stands in it only at a terminal of the person's own.

NUMBERED: Final = {
    Content.IMAGE: _("Picture {position} of {count}"),
    Content.VIDEO: _("Video {position} of {count}"),
    None: _("File {position} of {count}"),
}
NUMBERED_AND_NAMED: Final = {
    Content.IMAGE: _("Picture {position} of {count}, {name}"),
    Content.VIDEO: _("Video {position} of {count}, {name}"),
    None: _("File {position} of {count}, {name}"),
}
DESCRIBED: Final = {
    Content.IMAGE: _("Picture {position}: {about}"),
    Content.VIDEO: _("Video {position}: {about}"),
}
DESCRIBED_OF: Final = {
    Content.IMAGE: _("Picture {position} of {count}: {about}"),
    Content.VIDEO: _("Video {position} of {count}: {about}"),
}
"""With its name, kind and size, as far as they are known."""
ABOUT: Final = _("{file}: {sentence}")
HASHING: Final = {
    Content.IMAGE: _("Making the fingerprints of picture {position} of {count}"),
    Content.VIDEO: _("Making the fingerprints of video {position} of {count}"),
}
LOOKING: Final = _("Looking at your files")

# What was found before any question.

SAME_TWICE: Final = _("It is the same as number {earlier}, so it is asked about and sent once.")
LEFT_ASIDE: Final = _n(
    "{count} file is left aside. The rest goes on. Nothing was sent.",
    "{count} files are left aside. The rest goes on. Nothing was sent.",
)
NONE_USABLE: Final = _p("error", "None of these files can be used. Nothing was sent.")
CHOOSE_OTHERS: Final = _("Choose other files. A notice to a platform needs no file.")
STOPPED_AT_A_FILE: Final = _p("age_gate", "Nothing was sent, and nothing is kept of these files.")
NONE_CHOSEN: Final = _p("error", "You chose to leave out all of the files. Nothing was sent.")

# Choosing files after the questions.

CHOOSE: Final = _("Choose your files")
ALREADY_HERE: Final = _(
    "Use only files that are already on this device. Please do not download or screenshot anything for this."
)
CHOOSE_WHICH: Final = joined(
    _("Pick the pictures and videos: the changed or fake one, and the one it was made from."), ALREADY_HERE
)
TYPE_OR_DRAG: Final = _("Type or drag a file here, Enter when done:")
CHOOSE_ONE: Final = _("Please choose at least one file, or stop with Ctrl-C.")
NO_FILE_NAMED: Final = _p("error", "No file was named. Nothing was sent.")
NAME_A_FILE: Final = _("Name the pictures and videos, or run it in a terminal: there it asks for them.")

# The questions.

_WHY: Final = _("the service is told only whether it was changed.")
SOMEONE_UNDER_18: Final = _p("age_gate", "Someone in it was, or may have been, under 18.")
_LEFT_OUT_STAYS: Final = _("It stays here. The fake is what counts.")

EACH_FILE: Final = Question(
    "altered",
    _("What is this picture?"),
    _WHY,
    MappingProxyType(
        {
            "no": _("A real picture, not changed, and intimate."),
            "from_here": _("Changed or fake, from a picture I have here."),
            "yes": _("Changed or made by a computer. I do not have what it was made from."),
            "unknown": _("I am not sure if it was changed."),
            "leave_out": _("A real picture that is not intimate: leave it out."),
            "under_18": SOMEONE_UNDER_18,
        }
    ),
    MappingProxyType({"leave_out": _LEFT_OUT_STAYS}),
)
EACH_VIDEO: Final = Question(
    "altered",
    _("What is this video?"),
    _WHY,
    MappingProxyType(
        {
            "no": _("A real video, not changed, and intimate."),
            "from_here": _("Changed or fake, from a picture or video I have here."),
            "yes": _("Changed or made by a computer. I do not have what it was made from."),
            "unknown": _("I am not sure if it was changed."),
            "leave_out": _("A real video that is not intimate: leave it out."),
            "under_18": SOMEONE_UNDER_18,
        }
    ),
    MappingProxyType({"leave_out": _LEFT_OUT_STAYS}),
)
FOR_THE_REST: Final = _("The same answer as before, for this file and all that follow.")
MADE_FROM: Final = Question(
    "made_from",
    _("Which one was it made from?"),
    _("it lets the service see that the two belong together."),
)
"""Its answers are the other files."""
NONE_OF_THEM: Final = _("None of them, or I do not know.")

# The picture inside a frame or a screenshot.

INNER: Final = Question(
    "inner",
    _("Picture {position} has another picture inside. Use both?"),
    _("copies are often shared without the frame around it, and a fingerprint of the whole does not find those."),
    MappingProxyType({"both": _("Both (finds more copies)"), "as_it_is": _("Only as it is")}),
)
INNER_TAKES: Final = _("The picture inside takes {percent} percent of the whole.")
INNER_NOT_USED: Final = _("It has another picture inside, which is not used. '--inner' uses both.")
"""To a program, which nobody can ask."""

# Sizes, in the units in which file managers show them.

MEGABYTES: Final = _("{number} MB")
KILOBYTES: Final = _("{number} kB")
BYTES: Final = _n("{count} byte", "{count} bytes")
