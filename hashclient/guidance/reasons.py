"""Say in words why something was left out.

The reasons themselves, as values for programs, are in `hashclient.vocabulary`.
"""

from typing import Final

from hashclient.errors import HashclientError, MediaTooLargeError, MissingExtraError, UnsupportedMediaError
from hashclient.messages import _p, joined
from hashclient.vocabulary import Content, Reason

_OF_A_PICTURE: Final = {
    Reason.LOW_QUALITY: (
        _p("error", "This picture has too little detail to be recognised. Nothing of it was sent."),
        _p("error", "Use a larger or clearer copy, if there is one."),
    ),
    Reason.FLAT: (
        _p(
            "error",
            "This picture looks nearly the same all over, so it would match other pictures. Nothing of it was sent.",
        ),
        _p("error", "Choose a picture with more detail."),
    ),
    Reason.TYPE_NOT_ACCEPTED: (
        _p("error", "The service does not use some of these types of fingerprints, so they were left out."),
        _p("error", "Choose another type of fingerprint, or another service."),
    ),
    Reason.TOO_MANY_SIGNALS: (
        _p(
            "error",
            "The service accepts fewer fingerprints of one picture than were made; the most useful ones are kept.",
        ),
        _p("error", "You don't need to do anything."),
    ),
    Reason.TYPE_NOT_FITTING: (
        _p("error", "None of the requested types of fingerprints can be made from a picture. Nothing of it was sent."),
        _p("error", "Choose another type of fingerprint."),
    ),
    Reason.DAMAGED: (
        _p(
            "error", "This picture may be damaged: part of its data is empty. The fingerprints are of what can be read."
        ),
        _p("error", "Open it on this device. If a part of it is missing, use another copy."),
    ),
}
_OF_A_VIDEO: Final = {
    Reason.LOW_QUALITY: (
        _p("error", "No frame of this video has enough detail to be recognised, so none of them is used."),
        _p("error", "Use a larger or clearer copy, if there is one."),
    ),
    Reason.FLAT: (
        _p("error", "Some frames look nearly the same all over, so they would match other videos; they were left out."),
        _p("error", "You don't need to do anything."),
    ),
    Reason.TYPE_NOT_ACCEPTED: (
        _p("error", "The service does not use some of these types of fingerprints of videos, so they were left out."),
        _p("error", "Choose another type of fingerprint, or another service."),
    ),
    Reason.TOO_MANY_SIGNALS: (
        _p(
            "error",
            "The service accepts fewer frames of one video than were kept; those that are used are spread evenly over it.",
        ),
        _p("error", "You don't need to do anything."),
    ),
    Reason.TYPE_NOT_FITTING: (
        _p("error", "None of the requested types of fingerprints can be made from a video. Nothing of it was sent."),
        _p("error", "Choose another type of fingerprint."),
    ),
    Reason.DAMAGED: (
        _p("error", "Parts of this video are damaged and could not be read; the fingerprints are of the rest."),
        _p("error", "Use a complete copy, if there is one."),
    ),
}
_FILE_ALONE: Final[dict[Content, dict[type[HashclientError], str]]] = {
    Content.IMAGE: {
        UnsupportedMediaError: _p("error", "This kind of picture is not one that this program reads."),
        MediaTooLargeError: _p("error", "This picture is larger than can be handled safely."),
    },
    Content.VIDEO: {
        MissingExtraError: _p("error", "The part of the program that reads videos is not installed."),
        UnsupportedMediaError: _p(
            "error", "The pictures in this video are stored in a way that this program does not read."
        ),
        MediaTooLargeError: _p("error", "This video is larger or longer than can be handled safely."),
    },
}
_FILE_ALONE_ELSE: Final = {
    Content.IMAGE: _p("error", "Reading this picture went wrong or took too long, so it was stopped."),
    Content.VIDEO: _p("error", "Reading this video went wrong or took too long, so it was stopped."),
}
_AND_A_COPY: Final[dict[Content, dict[type[HashclientError], str]]] = {
    Content.IMAGE: {
        UnsupportedMediaError: _p("error", "Save a copy of it on this device as JPEG or PNG, and use both."),
        MediaTooLargeError: _p("error", "Save a smaller copy on this device, and use both."),
    },
    Content.VIDEO: {
        UnsupportedMediaError: (
            _p("error", "Save a copy of it on this device as MP4, MOV, WebM, MKV, AVI or MPEG-TS, and use both.")
        ),
        MediaTooLargeError: _p("error", "Save a smaller copy on this device, and use both."),
    },
}
"""What to do beside a digest, which finds the file that spreads; a copy alone would not."""
_SO_FILE_ALONE: Final = _p(
    "error", "So only the fingerprint of the whole file was made, which finds only unchanged copies."
)
_UNSUPPORTED: Final = {
    Content.IMAGE: (
        _p("error", "This kind of picture cannot be used here. Nothing of it was sent."),
        _p("error", "Save a copy of it on this device as JPEG or PNG, and use that."),
    ),
    Content.VIDEO: (
        _p("error", "This kind of video cannot be used here. Nothing of it was sent."),
        _p("error", "Save a copy of it on this device as MP4, MOV, WebM, MKV, AVI or MPEG-TS, and use that."),
    ),
}


REASONS_OF_A_FILE: Final = tuple(_OF_A_PICTURE)
"""Those for which `why_left_out` has words, of a picture as of a video."""


def why_left_out(reason: Reason, content: Content) -> tuple[str, str]:
    """Return the sentence for something that was left out of a file, and one thing to do about it."""
    return (_OF_A_PICTURE if content is Content.IMAGE else _OF_A_VIDEO)[reason]


def why_file_alone(error: HashclientError, content: Content) -> tuple[str, str]:
    """Return the sentence that says why there are only digests of a file, and one thing to do about it."""
    why = _FILE_ALONE[content].get(type(error), _FILE_ALONE_ELSE[content])
    return joined(why, _SO_FILE_ALONE), _AND_A_COPY[content].get(type(error), error.hint)


def words_of(error: HashclientError, content: Content | None) -> tuple[str, str]:
    """Return the sentence and the hint of an error about a file: of a picture, of a video, or of what is neither."""
    if content is not None and type(error) is UnsupportedMediaError:
        return _UNSUPPORTED[content]
    return error.sentence, error.hint
