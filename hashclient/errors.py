"""Define every error that hashclient raises, with the words a person reads.

`sentence` says what happened and whether anything was sent, `hint` is one thing to do next, and `exit_code` says what
kind of failure it is. No sentence ever holds a file name, a path, a signal, a case number, a PIN or a body. Class docstrings are
for developers; they are never shown.

    HashclientError                       exit 1   internal error
    |-- UsageError                        exit 2   input or setup
    |   |-- ConfigError   MissingExtraError   CredentialsNotKeptError   NoSandboxError
    |   |-- UnfitSubmissionError   NoticeError   PageMissingError   PageServiceError
    |   `-- MediaError
    |       |-- UnreadableMediaError
    |       |   `-- MissingMediaError   FolderError   NotAFileError
    |       |-- BrokenMediaError
    |       |   `-- EmptyMediaError
    |       |-- UnsupportedMediaError   MediaTooLargeError
    |       `-- StoppedMediaError                the worker that read it was ended
    |-- WorkerError   PictureHalfError    exit 1   no process to read files in
    |-- ModelError (also ValueError)      exit 1   a value that breaks the specification
    |   |-- InvalidSignalError   MixedSignalTypesError
    |   |-- InvalidCredentialsError
    |   |-- InvalidSubmissionError   InvalidReplyError   UnknownVersionError
    |   `-- SealingError
    |       `-- NoHybridError                    this installation lacks the hybrid
    |-- AgeGateError                      exit 4   stopped by the age rule; nothing was sent
    |-- StoreError                        exit 1   the endpoint's case database failed
    |-- ClusterError                      exit 3   the cluster that was to hash cannot be used
    `-- TransportError                    exit 3   network or service
        |-- EndpointUnreachableError               nothing was sent; safe to try again
        |   `-- ProxyRefusedError   SignInFirstError
        |-- NotConfirmedError                      we do not know; safe to try again
        |-- TakenBackError                         it arrived, and is not held any more
        |-- EndpointRefusedError                   carries the status
        |   |-- CaseNotFoundError   CaseNumberTakenError
        |   `-- TooManyTriesError
        `-- UntrustedEndpointError                 certificate, redirect, plain http, changed key
            |-- ProfileChangedError                says something else than the person was shown
            `-- WrongClockError                    by this device's clock the certificate is not valid now
"""

from hashclient.messages import _p


class HashclientError(Exception):
    """Base of every error of this package; raised itself only for faults of our own."""

    exit_code = 1
    """Exit code of the process: 1 internal error, 2 input or setup, 3 network or service, 4 stopped by the age rule."""
    sentence: str = _p("error", "Something went wrong inside this program. Nothing more was sent.")
    """What happened, and whether anything was sent; used when the raiser gives no other sentence."""
    hint: str = _p("error", "Run 'hashclient doctor' and report what it prints.")
    """One thing to do next, as an imperative; used when the raiser gives no other hint."""

    def __init__(self, sentence: str | None = None, *, hint: str | None = None) -> None:
        """Keep the sentence and the hint.

        Args:
            sentence: replaces the class's own sentence; never holds anything of the person's.
            hint: replaces the class's own hint.
        """
        self.sentence = sentence or type(self).sentence
        self.hint = hint or type(self).hint
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep sentence and hint when the error crosses a process boundary."""
        return _rebuild, (type(self), self.sentence, self.hint)


def _rebuild(kind: type[HashclientError], sentence: str, hint: str) -> HashclientError:
    return kind(sentence, hint=hint)


class UsageError(HashclientError):
    """What was typed, or the way the program is set up, has to change."""

    exit_code = 2
    sentence = _p("error", "Something in the command needs to change. Nothing was sent.")
    hint = _p("error", "See 'hashclient --help'.")


class ConfigError(UsageError):
    """A setting, an address or a settings file cannot be used."""

    sentence = _p("error", "The settings could not be used. Nothing was sent.")
    hint = _p("error", "Check the settings file and the address you were given.")


class MissingExtraError(UsageError):
    """An optional dependency is not installed."""

    sentence = _p("error", "A part of the program that this needs is not installed. Nothing was sent.")
    hint = _p("error", "Install the part that is named.")


class CredentialsNotKeptError(UsageError):
    """There is nowhere to give the case number and the PIN."""

    sentence = _p("error", "The case number and PIN were not kept, so nothing was sent.")
    hint = _p("error", "Run it in a terminal, or use --credentials-fd to say where to write them.")


class UnfitSubmissionError(UsageError):
    """The endpoint's profile rules the submission out."""

    sentence = _p("error", "The service does not accept this request as it stands. Nothing was sent.")
    hint = _p("error", "Leave out what does not fit, or choose another service.")


class NoticeError(UsageError):
    """A notice is not written: its law is off, or something that the law asks for is missing or cannot be used."""

    sentence = _p("error", "The notice was not written, because something is missing. Nothing was sent.")
    hint = _p("error", "Fill in what is named above, or ask a helpline to do it with you.")

    def __init__(
        self, sentence: str | None = None, *, hint: str | None = None, refusals: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Keep what is missing, each as a key and a sentence that holds nothing of the person's, beside sentence and hint."""
        super().__init__(sentence, hint=hint)
        self.refusals = refusals


class PageMissingError(UsageError):
    """The page for a browser was not built in this checkout, or is not the one that belongs to this version."""

    sentence = _p("error", "The file of the page is missing here, or is not the right one. Nothing was sent.")
    hint = _p("error", "Install the program anew or, in the folder of its source, run 'make web'.")


class PageServiceError(UsageError):
    """A browser could not be told to connect to this service alone."""

    sentence = _p("error", "No page can be made for a service with this address. Nothing was sent.")
    hint = _p("error", "Use its name, not a number: https://HOST or https://HOST:PORT.")


class NoSandboxError(UsageError):
    """Full protection was required, and this machine or this call does not offer it."""

    sentence = _p(
        "error",
        "You asked for full protection, but this machine cannot fully close off the part of the program that opens "
        "files. No file was opened and nothing was sent.",
    )
    hint = _p("error", "Run 'hashclient doctor' to see what is missing, or leave out --require-sandbox.")


class MediaError(UsageError):
    """One file cannot be used; its subclasses say why."""

    sentence = _p("error", "This file could not be used. Nothing of it was sent.")
    hint = _p("error", "Choose another file.")


class UnreadableMediaError(MediaError):
    """The file may not be read, or cannot be; its subclasses say more."""

    sentence = _p("error", "This file could not be opened. Nothing of it was sent.")
    hint = _p("error", "Check that it is a file and may be read on this device.")


class MissingMediaError(UnreadableMediaError):
    """There is nothing of that name."""

    sentence = _p("error", "There is no file of this name here. Nothing of it was sent.")
    hint = _p("error", "Check the name. Most terminals write it for you when you drag the file into their window.")


class FolderError(UnreadableMediaError):
    """It is a folder."""

    sentence = _p("error", "This is a folder, not a picture. Nothing of it was sent.")
    hint = _p("error", "Name the pictures in it one by one.")


class NotAFileError(UnreadableMediaError):
    """It is a pipe, a socket or a device."""

    sentence = _p("error", "This is not a file that holds a picture. Nothing of it was sent.")


class UnsupportedMediaError(MediaError):
    """The format, container or codec is not on our list."""

    sentence = _p("error", "This is not a kind of picture or video that can be used here. Nothing of it was sent.")
    hint = _p(
        "error",
        "Use a JPEG, PNG, WebP, GIF, BMP, HEIC or AVIF picture, or an MP4, MOV, WebM, MKV, AVI or MPEG-TS video.",
    )


class MediaTooLargeError(MediaError):
    """The file exceeds a limit on bytes, pixels, frames or memory."""

    sentence = _p("error", "This file is larger than can be handled safely. Nothing of it was sent.")
    hint = _p("error", "Save a smaller copy on this device and use that.")


class BrokenMediaError(MediaError):
    """The file is empty, damaged or incomplete."""

    sentence = _p("error", "This file is damaged or incomplete. Nothing of it was sent.")
    hint = _p(
        "error",
        "Open it on this device. If a part of it is missing, use another copy. If not, save it anew and use that.",
    )


class EmptyMediaError(BrokenMediaError):
    """The file has no bytes."""

    sentence = _p("error", "This file is empty. Nothing of it was sent.")
    hint = _p("error", "Use another copy, if there is one.")


class StoppedMediaError(MediaError):
    """The worker that read the file ended, took too long or gave an answer that cannot be true."""

    sentence = _p("error", "Reading this file went wrong or took too long, so it was stopped. Nothing of it was sent.")
    hint = _p("error", "Save a copy of it on this device and try that one, or choose another file.")


class WorkerError(HashclientError):
    """No worker process could be started, or the executor that runs the work broke down."""

    sentence = _p(
        "error",
        "The part of this program that opens files could not be started. This file was not opened and nothing was sent.",
    )


class PictureHalfError(HashclientError):
    """The process that opens files ended too early, or said what it never says."""

    sentence = _p(
        "error",
        "The part of this program that opens files ended too early, so the work stopped here. Nothing was sent.",
    )
    hint = _p("error", "Try again, with fewer or smaller files.")
    silent = _p(
        "error",
        "The part of this program that opens files did not answer any more, so it was stopped. Nothing was sent.",
    )
    """The sentence where it is there and says nothing."""


class ModelError(HashclientError, ValueError):
    """A value breaks the published specification."""

    sentence = _p("error", "A value does not follow the published specification. Nothing was sent.")
    hint = _p("error", "Compare it with the schema that 'hashclient schema' prints.")

    def __init__(self, sentence: str | None = None, *, hint: str | None = None, pointer: str | None = None) -> None:
        """Keep the JSON Pointer of the wrong field, where one is known, beside sentence and hint."""
        super().__init__(sentence, hint=hint)
        self.pointer = pointer


class InvalidSignalError(ModelError):
    """A signal does not have the form of its type."""

    sentence = _p("error", "A fingerprint does not have the form of its type. Nothing was sent.")


class MixedSignalTypesError(ModelError):
    """A distance was asked for between signals of different types."""

    sentence = _p("error", "Two fingerprints of different types cannot be compared.")
    hint = _p("error", "Compare fingerprints of one type.")


class InvalidCredentialsError(ModelError):
    """A case number, PIN or case key is not written as the specification says."""

    sentence = _p("error", "The case number or the PIN is not written correctly. Nothing was sent.")
    hint = _p("error", "Compare each character with your notes; the number is XXXX-XXXX-XXXX, the PIN has 8 digits.")


class InvalidSubmissionError(ModelError):
    """A submission, a case request or a sealed head breaks the specification."""

    sentence = _p("error", "The request does not follow the published specification. Nothing was sent.")


class InvalidReplyError(ModelError):
    """A receipt, report, profile or problem breaks the specification."""

    sentence = _p("error", "The service's answer does not follow the published specification.")
    hint = _p("error", "Try again later; repeating the same request is safe.")


class UnknownVersionError(ModelError):
    """A document names another version of the specification."""

    sentence = _p("error", "This was made for another version of the specification.")
    hint = _p("error", "Update the program.")


class SealingError(ModelError):
    """A body could not be sealed, or a sealed one could not be opened."""

    sentence = _p("error", "The sealed message could not be opened or closed.")
    hint = _p("error", "Try again; repeating the same request is safe.")


class NoHybridError(SealingError):
    """This build of `cryptography` lacks ML-KEM-768, which the endpoint asks for."""

    sentence = _p("error", "This installation cannot seal in the way the service asks for. Nothing was sent.")
    hint = _p("error", "Install the published wheel of 'cryptography', 48 or later.")


class AgeGateError(HashclientError):
    """Someone shown was, or may have been, under 18, or nobody declared otherwise."""

    exit_code = 4
    sentence = _p(
        "error",
        "We stop here: pictures of anyone who was under 18 when they were made go to services made for them. "
        "No file was opened and nothing was sent. Take It Down takes them from any country, "
        "and INHOPE knows the hotline of each country.",
    )
    hint = _p(
        "error",
        "Look for Take It Down or INHOPE; 'hashclient submit' shows their addresses. You have done nothing wrong.",
    )


class StoreError(HashclientError):
    """The endpoint's case database could not be read or written."""

    sentence = _p("error", "The case database could not be read or written. Repeating the same request is safe.")
    hint = _p("error", "Check that the disk has room and that the file may be written.")


class ClusterError(HashclientError):
    """The cluster is out of reach, was lost, or cannot run this program."""

    exit_code = 3
    sentence = _p("error", "The cluster could not be reached. No file was opened and nothing was sent.")
    hint = _p(
        "error", "Check that its scheduler and its workers are running and can be reached from here, then try again."
    )


class TransportError(HashclientError):
    """Base of everything that can go wrong between this device and an endpoint."""

    exit_code = 3
    sentence = _p("error", "The service could not be reached or used.")
    hint = _p("error", "Try again later; repeating the same request is safe.")


class EndpointUnreachableError(TransportError):
    """No byte of a body can have left."""

    sentence = _p("error", "The service could not be reached. Nothing was sent.")
    hint = _p("error", "Check the address and your connection, then try again.")


class ProxyRefusedError(EndpointUnreachableError):
    """The proxy is not there, or does not let us through."""

    sentence = _p("error", "The proxy did not let the connection through. Nothing was sent.")
    hint = _p("error", "Check the address of the proxy, and that it is running. For Tor: that Tor is running.")


class SignInFirstError(EndpointUnreachableError):
    """The network answers in place of the service, until somebody signs in (HTTP 511)."""

    sentence = _p("error", "This network wants you to sign in before it lets you through. Nothing was sent.")
    hint = _p("error", "Open any page in a browser, sign in there, then try again. Or use another network.")


class NotConfirmedError(TransportError):
    """A body may have arrived, and no answer that can be believed says so."""

    sentence = _p("error", "We could not confirm that it arrived. We do not know whether the service received it.")
    hint = _p(
        "error",
        "Keep the number and the PIN, and run 'hashclient status' later. If it does not know the number then, "
        "'hashclient submit --again' sends the request again under it.",
    )


class TakenBackError(TransportError):
    """The receipt says that the request had arrived before, and was withdrawn or deleted since."""

    sentence = _p(
        "error", "The service knows this request: it arrived, and was taken back or deleted. It protects nothing now."
    )
    hint = _p("error", "Start a new request to be protected again; it gets a new number and PIN.")


class EndpointRefusedError(TransportError):
    """The endpoint gave a final answer that is not the one asked for."""

    sentence = _p("error", "The service received the request and refused it.")
    hint = _p("error", "Ask the service why, or choose another service.")

    def __init__(self, sentence: str | None = None, *, hint: str | None = None, status: int = 0) -> None:
        """Keep the HTTP status (0 where there was none) beside sentence and hint."""
        super().__init__(sentence, hint=hint)
        self.status = status


class CaseNotFoundError(EndpointRefusedError):
    """No case has this number and key; which of the two is wrong is not told."""

    sentence = _p("error", "The service knows no case with this number and PIN.")
    hint = _p(
        "error",
        "Compare both with your note. A number counts only after it was received: if that was never said, "
        "'hashclient submit --again' sends the request again under it.",
    )


class CaseNumberTakenError(EndpointRefusedError):
    """Another submission has this case number."""

    sentence = _p("error", "This case number is already in use by another request. Yours was not taken.")
    hint = _p("error", "Cross the number out and start again; you will be given a new one.")


class TooManyTriesError(EndpointRefusedError):
    """The endpoint limits how often a PIN may be tried, or how often it may be asked."""

    sentence = _p("error", "The service is not accepting any more attempts for now. The case itself is unchanged.")
    hint = _p("error", "Check the number and the PIN, and try again later.")


class UntrustedEndpointError(TransportError):
    """The certificate, the key or the address is not the one that was chosen."""

    sentence = _p("error", "The service could not prove that it is the one you chose. Nothing was sent.")
    hint = _p("error", "Do not go on. Check the address, and ask the service about its key.")


class ProfileChangedError(UntrustedEndpointError):
    """Read again, the profile says something else than the one the person was shown."""

    sentence = _p("error", "The service now says something else about itself. Nothing was sent.")
    hint = _p("error", "Read what it says now. If you agree with it, start again.")


class WrongClockError(UntrustedEndpointError):
    """The certificate is not valid yet, or not any more, by the clock of this device."""

    sentence = _p(
        "error",
        "By the clock of this device, the proof of who the service is (its certificate) is not valid now. Nothing was sent.",
    )
    hint = _p(
        "error", "Check the date and the time of this device. If they are right, do not go on, and tell the service."
    )
