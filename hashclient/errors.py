"""Say what went wrong, in the words the person reads.

This room holds every error that hashclient raises. A class's docstring is the sentence a person
sees, `hint` is the one thing to do next, and `exit_code` says whose turn it is. No sentence ever
holds a file name, a path, a signal, a case number, a PIN or a body.

    HashclientError                       exit 1   ours
    |-- UsageError                        exit 2   yours
    |   |-- ConfigError   MissingExtraError   CredentialsNotKeptError   NoSandboxError
    |   |-- UnfitSubmissionError
    |   `-- MediaError
    |       |-- UnreadableMediaError   UnsupportedMediaError
    |       |-- MediaTooLargeError     BrokenMediaError
    |       `-- StoppedMediaError                the worker that read it was ended
    |-- WorkerError                       exit 1   no worker to read files in
    |-- ModelError (also ValueError)      exit 1   a value that breaks the specification
    |   |-- InvalidSignalError   MixedSignalTypesError
    |   |-- InvalidCredentialsError
    |   |-- InvalidSubmissionError   InvalidReplyError   UnknownVersionError
    |   `-- SealingError
    |       `-- NoHybridError                    this installation lacks the hybrid
    |-- AgeGateError                      exit 4   stopped by the age rule; nothing was sent
    |-- StoreError                        exit 1   the endpoint's case database failed
    |-- ClusterError                      exit 3   the machines that were to hash are not there
    `-- TransportError                    exit 3   the outside world's
        |-- EndpointUnreachableError               nothing was sent; safe to try again
        |-- NotConfirmedError                      we do not know; safe to try again
        |-- EndpointRefusedError                   carries the status
        |   |-- CaseNotFoundError   CaseNumberTakenError
        |   `-- TooManyTriesError
        `-- UntrustedEndpointError                 certificate, redirect, plain http, changed key
"""

import inspect


class HashclientError(Exception):
    """Something went wrong inside this program. Nothing more was sent."""

    exit_code = 1
    """Process exit code: 1 ours, 2 yours, 3 the outside world's, 4 stopped by the age rule."""
    default_hint = "Run 'hashclient doctor' and report what it prints."
    """One thing to do next, as an imperative, used when the raiser gives none."""

    def __init__(self, sentence: str | None = None, *, hint: str | None = None) -> None:
        """Keep the sentence and the hint.

        Args:
            sentence: replaces the class's own sentence; never holds anything of the person's.
            hint: replaces the class's own hint.
        """
        self.sentence = sentence or " ".join(inspect.getdoc(type(self)).split())  # type: ignore[union-attr]  # every class here has one
        self.hint = hint or self.default_hint
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep sentence and hint when the error crosses a process boundary."""
        return _rebuild, (type(self), self.sentence, self.hint)


def _rebuild(kind: type[HashclientError], sentence: str, hint: str) -> HashclientError:
    return kind(sentence, hint=hint)


class UsageError(HashclientError):
    """Something in the command needs to change. Nothing was sent."""

    exit_code = 2
    default_hint = "See 'hashclient --help'."


class ConfigError(UsageError):
    """The settings could not be used. Nothing was sent."""

    default_hint = "Check the settings file and the address you were given."


class MissingExtraError(UsageError):
    """A part of the program that this needs is not installed. Nothing was sent."""

    default_hint = "Install the part that is named."


class CredentialsNotKeptError(UsageError):
    """The case number and PIN were not kept, so nothing was sent."""

    default_hint = "Run it in a terminal, or name where they go with --credentials-fd."


class UnfitSubmissionError(UsageError):
    """The service does not take this request as it is. Nothing was sent."""

    default_hint = "Leave out what does not fit, or choose another service."


class NoSandboxError(UsageError):
    """This machine cannot fully close off the part of the program that opens files, and that was asked for. No file was opened and nothing was sent."""

    default_hint = "See with 'hashclient doctor' what is missing, or leave out --require-sandbox."


class MediaError(UsageError):
    """This file could not be used. Nothing of it was sent."""

    default_hint = "Choose another file."


class UnreadableMediaError(MediaError):
    """This file could not be opened. Nothing of it was sent."""

    default_hint = "Check that it exists, is a file and may be read on this device."


class UnsupportedMediaError(MediaError):
    """This is not a kind of picture or film that can be used here. Nothing of it was sent."""

    default_hint = "Use a JPEG, PNG, WebP, GIF, BMP, HEIC or AVIF file."


class MediaTooLargeError(MediaError):
    """This file is larger than can be handled safely. Nothing of it was sent."""

    default_hint = "Save a smaller copy on this device and use that."


class BrokenMediaError(MediaError):
    """This file is damaged or not complete. Nothing of it was sent."""

    default_hint = "Check that it opens on this device, or choose another file."


class StoppedMediaError(MediaError):
    """Reading this file went wrong or took too long, so it was stopped. Nothing of it was sent."""

    default_hint = "Save a copy of it on this device and try that one, or choose another file."


class WorkerError(HashclientError):
    """The part of this program that opens files could not be started. This file was not opened and nothing was sent."""

    default_hint = "Run 'hashclient doctor' and report what it prints."


class ModelError(HashclientError, ValueError):
    """A value does not follow the published specification. Nothing was sent."""

    default_hint = "Compare it with the schema that 'hashclient schema' prints."

    def __init__(self, sentence: str | None = None, *, hint: str | None = None, pointer: str | None = None) -> None:
        """Keep the JSON Pointer of the wrong field, where one is known, beside sentence and hint."""
        super().__init__(sentence, hint=hint)
        self.pointer = pointer


class InvalidSignalError(ModelError):
    """A fingerprint does not have the form that its type asks for. Nothing was sent."""


class MixedSignalTypesError(ModelError):
    """Two fingerprints of different types cannot be compared."""

    default_hint = "Compare fingerprints of one type."


class InvalidCredentialsError(ModelError):
    """The case number or the PIN is not written correctly. Nothing was sent."""

    default_hint = "Compare each character with what you noted; the number is XXXX-XXXX-XXXX, the PIN has 8 digits."


class InvalidSubmissionError(ModelError):
    """The request does not follow the published specification. Nothing was sent."""


class InvalidReplyError(ModelError):
    """The service's answer does not follow the published specification."""

    default_hint = "Try again later; repeating the same request is safe."


class UnknownVersionError(ModelError):
    """This was made for another version of the specification."""

    default_hint = "Update the program."


class SealingError(ModelError):
    """The sealed message could not be opened or closed."""

    default_hint = "Try again; repeating the same request is safe."


class NoHybridError(SealingError):
    """This installation cannot seal in the way the service asks for. Nothing was sent."""

    default_hint = "Install the published wheel of 'cryptography', 48 or later."


class AgeGateError(HashclientError):
    """We stop here: pictures of anyone who was under 18 when they were made go to services made for them. No file was opened and nothing was sent. Take It Down takes them from any country, and INHOPE knows the hotline of each country."""

    exit_code = 4
    default_hint = (
        "Look for Take It Down or INHOPE; 'hashclient submit' shows their addresses. You have done nothing wrong."
    )


class StoreError(HashclientError):
    """The case database could not be read or written. Repeating the same request is safe."""

    default_hint = "Check that the disk has room and that the file may be written."


class ClusterError(HashclientError):
    """The cluster could not be reached. No file was opened and nothing was sent."""

    exit_code = 3
    default_hint = "Check that its scheduler and its workers run and can be reached from here, then try again."


class TransportError(HashclientError):
    """The service could not be reached or used."""

    exit_code = 3
    default_hint = "Try again later; repeating the same request is safe."


class EndpointUnreachableError(TransportError):
    """The service could not be reached. Nothing was sent."""

    default_hint = "Check the address and your connection, then try again with the same case number."


class NotConfirmedError(TransportError):
    """We could not confirm that it arrived. We do not know whether the service received it."""

    default_hint = (
        "Try again, or ask 'hashclient status' later; the same case number is used, so it should not count twice."
    )


class EndpointRefusedError(TransportError):
    """The service received the request and refused it."""

    default_hint = "Ask the service why, or choose another one."

    def __init__(self, sentence: str | None = None, *, hint: str | None = None, status: int = 0) -> None:
        """Keep the HTTP status (0 where there was none) beside sentence and hint."""
        super().__init__(sentence, hint=hint)
        self.status = status


class CaseNotFoundError(EndpointRefusedError):
    """The service knows no case with this number and PIN."""

    default_hint = "Compare both with what you noted. A number counts only after it was received."


class CaseNumberTakenError(EndpointRefusedError):
    """This case number is already in use by another request. Yours was not taken."""

    default_hint = "Cross the number out, and start again with a new one."


class TooManyTriesError(EndpointRefusedError):
    """The service takes no more tries for now. The case itself is unchanged."""

    default_hint = "Wait an hour, check the number and the PIN, and try again."


class UntrustedEndpointError(TransportError):
    """The service could not prove that it is the one you chose. Nothing was sent."""

    default_hint = "Do not go on. Check the address, and ask the service about its key."
