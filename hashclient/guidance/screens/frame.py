"""Hold what stands around every screen of a page: bar, truth lines, steps, footer, settings, and the words of the list of files."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from hashclient.guidance import each_file
from hashclient.guidance.screens.safety import HELP_NOW, STOP_FOR_NOW, WHAT_OTHERS_SEE
from hashclient.messages import Message, _, _n, _p
from hashclient.vocabulary import Content

NEUTRAL_TITLE: Final = "Notes"
"""Title of the page on every screen, in every language."""
WHAT_IT_CAN: Final = _("What this can and cannot do")
TEXT_AND_COLOURS: Final = _("Text and colours")

BAR: Final[Mapping[str, Message]] = MappingProxyType({
    "exit": _p("exit", "Exit this page"),
    "emergency": _p("exit", "Emergency: exit this page"),
    "skip": _("Skip to the main part"),
    "help_now": HELP_NOW,
    "language": _("Language"),
    "to_english": _("Show this page in English"),
    "unreviewed": _("Unreviewed translation: the English text counts."),
    "back": _("Back"),
    "go_on": _("Go on"),
    "stop": STOP_FOR_NOW,
    "show": _("Show"),
    "hide": _("Hide"),
    "unseen": _("Hidden on the screen. A screen reader may say each digit."),
    "country": _("Your country, to show help near you"),
    "no_country": _("No country"),
    "new_tab": _("opens in a new tab"),
    "copied": _("Copied."),
    "not_copied": _("This browser did not copy it. You can mark it and copy it, or write it down."),
})  # fmt: skip
"""Words that stand on many screens, by what they are for."""
TRUTH: Final[Mapping[str, Message]] = MappingProxyType({
    "only_here": _p("sent", "Only on this device. Nothing has been sent."),
    "not_yet": _p("sent", "Nothing has been sent yet."),
    "sending": _p("sent", "Sending now."),
    "sent": _p("sent", "Sent to {host}. The pictures are still only with you."),
    "unknown": _p("sent", "We do not know if it arrived."),
    "forgotten": _p("sent", "Everything you entered was forgotten. Nothing was sent."),
})  # fmt: skip
"""What is true of the whole page, in one line under the bar: one of them at any time."""
STEP: Final = _("Step {number} of {count}: {name}")
STEPS: Final[Mapping[str, Message]] = MappingProxyType({
    "safety": _("Safety"),
    "questions": _("Questions"),
    "files": _("Your files"),
    "check": _("Check"),
    "codes": _("Number and PIN"),
    "send": _("Send"),
    "next": _("What next"),
})  # fmt: skip
"""The seven steps, in their order."""
STEP_OF: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("start", "safe_now", "emergency", "device", "safer_device"), "safety")
    | dict.fromkeys(("age", "who", "professional", "permission", "intimate", "consent", "situation", "have"), "questions")
    | dict.fromkeys(("limits", "choose_files", "per_file", "made_from", "hashing", "inner", "none_usable"), "files")
    | {"review": "check"}
    | dict.fromkeys(("codes", "check_note"), "codes")
    | dict.fromkeys(("send", "save_now", "sending", "sent", "not_sent", "refused", "not_confirmed", "taken_back", "saved_file"), "send")
    | {"what_next": "next"}
)  # fmt: skip
"""Step of each screen and question that has one."""
WEATHER: Final = "https://www.bbc.com/weather"
"""Where exit leads, for whoever chose that in the settings."""
FOOTER: Final[tuple[tuple[str, Message], ...]] = (
    ("others_see", WHAT_OTHERS_SEE),
    ("limits_only", WHAT_IT_CAN),
    ("settings", TEXT_AND_COLOURS),
    ("forget", _p("exit", "Forget everything")),
)
"""Screens that can be reached from everywhere, in their order, with the words of the link."""


class Setting(NamedTuple):
    """One setting, kept in memory only; the first option is the one that stands at the start."""

    words: Message
    options: Mapping[str, Message]


_MINUTES: Final = _n("{count} minute", "{count} minutes")
_NEVER: Final = _("Never")

SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType({
    "text": Setting(
        _("Size of the text"),
        MappingProxyType({"normal": _("Normal"), "large": _("Large"), "larger": _("Very large")}),
    ),
    "spacing": Setting(
        _("Space between lines"), MappingProxyType({"normal": _("Normal"), "wide": _("Wide")})
    ),
    "theme": Setting(
        _("Colours"),
        MappingProxyType({
            "device": _("As on this device"), "light": _("Light"), "dark": _("Dark"), "contrast": _("High contrast"),
        }),
    ),
    "exit_colour": Setting(
        _("Colour of the exit button"), MappingProxyType({"red": _("Red"), "calm": _("Calm")})
    ),
    "names": Setting(
        _("Names of files in the list"), MappingProxyType({"shown": _("Shown"), "hidden": _("Hidden")})
    ),
    "cover": Setting(
        _("Go blank when nobody uses the page"),
        MappingProxyType({
            "10": _MINUTES.format(count=10), "5": _MINUTES.format(count=5), "30": _MINUTES.format(count=30), "never": _NEVER,
        }),
    ),
    "end": Setting(
        _("Forget everything when nobody uses the page"),
        MappingProxyType({
            "60": _MINUTES.format(count=60), "15": _MINUTES.format(count=15), "30": _MINUTES.format(count=30), "never": _NEVER,
        }),
    ),
    "leads_to": Setting(
        _("Where exit leads"),
        MappingProxyType({
            "blank": _("A blank page"), "weather": _("A page about the weather, which uses the internet"),
        }),
    ),
})  # fmt: skip
"""Settings by id. Those of `cover` and `end` are in minutes."""

NUMBER_ALONE: Final = {
    Content.IMAGE: _("Picture {position}"),
    Content.VIDEO: _("Video {position}"),
    None: _("File {position}"),
}
"""How a file is called outside the list: never by its name."""
FILE_LIST: Final[Mapping[str, Message]] = MappingProxyType({
    "title": _("Your files"),
    "choose": _("Choose files"),
    "drop": _("Or drop files here."),
    "kinds": _("JPEG, PNG, WebP, GIF, BMP and videos; HEIC and AVIF if this browser can open them."),
    "leave_out": _("Leave out number {position}"),
    "stop": _("Stop number {position}"),
    "looking": each_file.LOOKING,
    "waits": _("Not looked at yet."),
    "progress": _("Making the fingerprint: {done} of 100"),
    "done": _("Fingerprint made."),
    "slept": _("The device slept, so we started this one again."),
    "blurred": _("Show it blurred for me"),
    "not_blurred": _("Hide it again"),
    "same_twice": each_file.SAME_TWICE,
})  # fmt: skip
"""The words of the list of files, by what they are for."""
FILES_READY: Final = _n("{done} of {count} file is done.", "{done} of {count} files are done.")
