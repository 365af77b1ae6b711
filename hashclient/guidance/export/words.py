"""Put the words that belong to no screen into the form of the export, by what they are for."""

import re
from collections.abc import Mapping
from typing import Any

from hashclient import errors
from hashclient.guidance import each_file, endings, reasons, review
from hashclient.guidance.screens import files, frame, request
from hashclient.vocabulary import Content


def file_words() -> dict[str, Any]:
    """Return the words of the list of files."""
    return {
        "words": frame.FILE_LIST,
        "number_alone": _by_content(frame.NUMBER_ALONE),
        "ready": frame.FILES_READY,
        "sizes": {"mb": each_file.MEGABYTES, "kb": each_file.KILOBYTES},
    }


def _by_content(words: Mapping[Any, Any]) -> dict[str, Any]:
    return {content or "any": one for content, one in words.items()}


def review_words() -> dict[str, Any]:
    """Return the words of what goes, and of what a service says of itself."""
    return {
        "named_by_itself": review.NAMED_BY_ITSELF,
        "run_by": review.RUN_BY,
        "shares_with": review.SHARES_WITH,
        "keeps": review.KEEPS,
        "for_others": {"yes": review.FOR_OTHERS[True], "no": review.FOR_OTHERS[False], "unknown": review.FOR_OTHERS[None]},
        "privacy": review.PRIVACY,
        "contact": review.CONTACT,
        "not_stated": review.NOT_STATED,
        "sealed": review.SEALED_BODY,
        "files": _by_content(review.FILES),
        "altered": review.ALTERED,
        "linked": review.LINKED,
        "fingerprints": review.FINGERPRINTS,
        "form_and_quality": review.FORM_AND_QUALITY,
        "form_and_one_quality": review.FORM_AND_ONE_QUALITY,
        "moments_and_quality": review.MOMENTS_AND_QUALITY,
        "moments_and_one_quality": review.MOMENTS_AND_ONE_QUALITY,
        "case": review.CASE,
        "reposts": request.REPOSTS_OF,
        "whole_files": request.WHOLE_FILES_OF,
        "every_byte": review.BYTES_BEFORE_SEALING,
    }  # fmt: skip


def ending_words() -> dict[str, Any]:
    """Return the words of sending, of states and of a withdrawal."""
    return {
        "send_what": endings.SEND_WHAT,
        "asking": endings.ASKING,
        "asking_case": endings.ASKING_CASE,
        "taking_back": endings.TAKING_BACK,
        "making_codes": endings.MAKING_CODES,
        "not_known": endings.LEFT_OPEN,
        "states": endings.STATES,
        "fetched": endings.FETCHED,
        "partners": endings.PARTNERS,
        "no_partners": endings.NO_PARTNERS,
        "pending": endings.PENDING,
        "blocked": endings.BLOCKED,
        "not_blocked": endings.NOT_BLOCKED,
        "no_match": endings.NO_MATCH,
        "other_case": endings.OTHER_CASE,
        "other_pin": endings.OPENED_BY_ANOTHER_PIN,
        "too_many": request.TOO_MANY,
        "update_or_ask": endings.UPDATE_OR_ASK,
        "counts": endings.COUNTS,
        "wait_minutes": request.AGAIN_IN_MINUTES,
        "wait_hours": request.AGAIN_IN_HOURS,
    }


def reasons_of_files() -> dict[str, Any]:
    """Return why something of a file, or all of it, is not used: by content and code, a sentence and a hint."""
    of_files = (
        errors.UnreadableMediaError,
        errors.UnsupportedMediaError,
        errors.MediaTooLargeError,
        errors.BrokenMediaError,
        errors.EmptyMediaError,
        errors.StoppedMediaError,
    )
    found: dict[str, Any] = {
        content or "any": {_code(kind): reasons.words_of(kind(), content) for kind in of_files}
        | files.OF_THE_SECOND_PAGE
        for content in (*Content, None)
    }
    too_large, unsupported = (_code(kind) for kind in (errors.MediaTooLargeError, errors.UnsupportedMediaError))
    found[Content.IMAGE][too_large] = (found[Content.IMAGE][too_large][0], files.PROGRAM_TAKES_LARGER)
    found[Content.VIDEO][unsupported] = files.VIDEO_NOT_PLAYED
    for content in Content:
        for reason in reasons.REASONS_OF_A_FILE:
            found[content][reason] = reasons.why_left_out(reason, content)
    return found


def _code(kind: type[errors.HashclientError]) -> str:
    """Return what the program calls an error for other programs: `unsupported-media`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__.removesuffix("Error")).lower()


def service_faults() -> dict[str, Any]:
    """Return why a service cannot be used, does not take a request, or refused one."""
    unreachable, changed = errors.EndpointUnreachableError, errors.ProfileChangedError
    untrusted = errors.UntrustedEndpointError
    return {
        "unreachable": (unreachable.sentence, unreachable.hint),
        "no_service": (endings.NO_SERVICE, endings.CHECK_ADDRESS),
        "web_page": (endings.WEB_PAGE, endings.CHECK_OR_SIGN_IN),
        "other_version": (endings.OTHER_VERSION, endings.CHOOSE_ANOTHER),
        "no_seal": (endings.TAKES_NO_SEAL, endings.CHOOSE_ANOTHER),
        "keys_expired": (endings.KEYS_EXPIRED, endings.CHECK_DATE),
        "untrusted": (untrusted.sentence, untrusted.hint),
        "changed": (changed.sentence, changed.hint),
        "number_taken": (errors.CaseNumberTakenError.sentence, errors.CaseNumberTakenError.hint),
        "ask_why": (endings.ASK_WHY,),
        "unfit": review.UNFIT,
        "refused": {**endings.REFUSED_BECAUSE, "other": errors.EndpointRefusedError.sentence},
    }
