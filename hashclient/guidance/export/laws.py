"""Put the notices into the form of the export: what each law asks, its text, and what an answer may hold."""

from typing import Any, Final

from hashclient.guidance import each_file, notices, screens
from hashclient.guidance.notices import address, answers, generator
from hashclient.guidance.screens import request

_OF_A_TERMINAL: Final = frozenset({
    "ways_out", "if_under_18", "type_one_of", "type_several", "type_addresses", "type_a_line", "answered_already",
    "not_understood", "no_further_back", "what_to_change", "hashes_are_off", "name_for_a_file", "file_is_written",
    "no_shared_folder", "choose_a_folder", "when_sent", "not_a_time", "leave_time_out", "with_an_alarm", "no_calendar",
    "you_stopped_here", "no_law", "laws_are", "not_at_a_terminal", "give_answers", "answers_unreadable", "look_at_docs",
    "hashes_need_a_file", "name_both", "no_hash", "leave_hashes_out", "listed_as", "is_asked_for", "is_offered",
    "notice_help", "no_such_question", "see_the_list", "which_law", "is_it_true", "leave_it_out",
    "nothing_written", "ask_a_person", "until_then", "the_meaning", "plain_words", "addresses_read",
})  # fmt: skip
"""Sentences of the notices that a page does not say."""
_ABOUT_A_LAW: Final = frozenset(
    {"id", "name", "note", "gives", "source", "source_date", "facts", "services", "is_on", "why_off"}
)
"""What is written of a law that is off."""
_OF_A_FACT: Final = ("id", "text", "confidence", "shown")
_NOT_WITH_THIS: Final = "unchecked"


def notice_as_data() -> dict[str, Any]:
    """Return all that a notice is written from: screens, laws, and what an answer may hold."""
    data = notices.as_data(lambda words: words)
    kept: list[dict[str, Any]] = []
    for law in data["laws"]:
        law["facts"] = [
            {name: fact[name] for name in _OF_A_FACT}
            for fact in law["facts"]
            if fact["shown"] and fact["confidence"] != _NOT_WITH_THIS
        ]
        law["elements"] = [
            {name: one for name, one in element.items() if name != "confidence"} for element in law["elements"]
        ]
        del law["law"]
        kept.append(law if law["is_on"] else {name: law[name] for name in law if name in _ABOUT_A_LAW})
    flow = ["law", "where", "who", "what", "contact", "say", "check", "done"]
    lists = {"notice_check": "notice_list_check", "notice_done": "notice_list_done"}
    return {
        "flow": [f"notice_{name}" for name in flow],
        "to": {
            "notice_dmca_warning": {"read": "notice_where", "other": "OTHER_ROUTES"},
            "notice_done": {"again": "notice_law", "end": "LIST"},
        },
        "for_a_list": lists,
        "first_for": {"dmca": "notice_dmca_warning"},
        "laws": kept,
        "countries": data["countries"],
        "for_all": sorted(notices.FOR_ALL),
        "marks": data["marks"],
        "fingerprints": data["fingerprints"],
        "screens": data["screens"],
        "sentences": {name: one for name, one in data["sentences"].items() if name not in _OF_A_TERMINAL},
        "labels": {
            "copy": request.COPY,
            "print": screens.PRINT,
            "under_18": each_file.SOMEONE_UNDER_18,
            "fingerprint": request.FINGERPRINT_WITH_IT,
            "save_fingerprint": request.SAVE_FINGERPRINT,
        },
        "rules": {
            "most_addresses": address.MOST_ADDRESSES,
            "longest_address": address.LONGEST_ADDRESS,
            "not_public": sorted(address.NOT_PUBLIC),
            "not_reached": address.UNREACHED,
            "email_marks": address.EMAIL_MARKS,
            "plain_punctuation": {chr(at): plain for at, plain in answers.PLAIN_PUNCTUATION.items()},
            "without_width": answers.WITHOUT_WIDTH,
            "most_accents": answers.MOST_ACCENTS,
            "months": answers.MONTHS_WRITTEN,
            "local": "(?:blob|data|file|javascript):",
            "escaped": generator.ESCAPED,
            "calendar_title": notices.CALENDAR_TITLE,
        },
    }
