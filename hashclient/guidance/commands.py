"""Hold the words of the command line: what each verb and each shared option is for, and what is said of a mistake in it."""

from typing import Final

from hashclient.guidance import declarations, endings, languages, texts
from hashclient.messages import _, _p, joined, paragraphs
from hashclient.vocabulary import SignalType

VERBS: Final = {
    "guide": _("Find what helps you now, one question at a time."),
    "page": _("Hand out or save the page for a browser. Sends nothing by itself."),
    "demo": _("Show a whole request on this machine, with example pictures."),
    "hash": _("Make fingerprints of pictures and videos. Sends nothing."),
    "inspect": _("Show exactly what would be sent, byte for byte. Sends nothing."),
    "submit": _("Send fingerprints to a service, after asking you."),
    "status": _("Ask a service where a case stands."),
    "withdraw": _("Take a request back."),
    "services": _("Show who can help, by country. Asks nothing."),
    "notice": _("Write a notice that asks a site to act. Sends nothing."),
    "schema": _("Print a JSON Schema of the published specification."),
    "endpoint": _("Run a service that receives submissions."),
    "lab": _("Measure how well fingerprints hold against edits. For researchers."),
    "doctor": _("Check what is installed and how well this machine protects."),
}
"""Every verb and its line in the help, in the order shown."""

PROGRAM: Final = paragraphs(
    _("Ask for the spread of an intimate picture to be stopped, without handing it to anyone."),
    _p(
        "limits",
        "Fingerprints (hashes) are made on this device; only they are sent, sealed, to a service you choose, after you "
        "have seen them. It works only on platforms that take part with that service, and each decides under its own "
        "rules. An edited copy may not be found. It is not a legal notice. No one can recover a lost case number or PIN.",
    ),
    _p(
        "age_gate",
        "For adults only: images of anyone under 18 go to services made for them, and 'submit' names them before any "
        "file is opened.",
    ),
    _(
        "Exit codes: 0 done, 1 internal error, 2 input or setup, 3 network or service, 4 stopped by the age rule, "
        "130 stopped by you. Results go to standard output, words to standard error."
    ),
)
"""The help of the program itself."""

GUIDE: Final = paragraphs(
    _("Find what helps you now: a few questions, then a list of things that you can do, in any order."),
    _(
        "You can skip most questions, go back, and stop at any time. Nothing you type is kept. No picture is opened and "
        "nothing is sent, unless you go on to that and say so. It needs a terminal to ask at."
    ),
)
PAGE: Final = paragraphs(
    _(
        "Hand out the page for a browser: one file that asks, helps, makes fingerprints and sends a request. No picture reaches this program."
    ),
    _(
        "Prints the address of the page. The address works on this device alone, until you press Ctrl-C, and your browser may "
        "remember it."
    ),
    _(
        "With --save, the page is written to a file and its SHA-256 is printed. The file works without this program, also from "
        "a stick. A name such as notes.html tells nobody what it is; it stays in folders and lists. Its owner alone may read it."
    ),
    _(
        "With --service, the page knows this service only and can connect to no other. Everyone who has the same version and "
        "names the same service gets the same file, so the service can publish its SHA-256."
    ),
    _(
        "With --heic, it is the second page: it also opens HEIC pictures, as many phones make them, in browsers that cannot. "
        "It is about four times as large."
    ),
)
DEMO: Final = paragraphs(
    _("Show a whole request on this machine with three example pictures; nothing leaves the machine."),
    _(
        "An example service is started for it and stopped afterwards. A relay in front of the service records every byte "
        "that crosses, and at the end no part of a picture is found among them. What would leave is printed on standard "
        "output, the tour on standard error."
    ),
)
HASH: Final = paragraphs(
    _("Make fingerprints (hashes) of pictures and videos on this device and print them. Nothing is sent."),
    _(
        "Prints one tab-separated line per fingerprint: type and value, quality, variant (for a frame of a video: its "
        "time), file; unused columns are empty. With --json, one object per file. Every file is opened in a process of "
        "its own that can open no other file and no connection. Folders are searched recursively; hidden files, links "
        "to folders, and files that are neither picture nor video are skipped and counted. Exit code 2 if no file could "
        "be used."
    ),
)
INSPECT: Final = paragraphs(
    _("Show exactly what would be sent, byte for byte. Sends nothing and connects to nothing."),
    _(
        "The bytes are printed on standard output as they stand inside the seal: the published JSON, in its canonical "
        "form. What they mean is explained beside them. Case number, key and random number are drawn for this view and "
        "thrown away; number and key are covered by stars unless --raw is given."
    ),
    _("Without --coverage, this is what a service with room for the widest level would get."),
)
SUBMIT: Final = paragraphs(
    _("Send fingerprints (hashes) of pictures and videos to a service."), texts.WHAT_IT_DOES, texts.LIMITS_SHORT
)
STATUS: Final = paragraphs(
    _("Ask a service where a case stands. Asks you for case number and PIN; they are never arguments."),
    _p("codes", "The PIN does not leave this device: the service is asked with a key made from it."),
)
WITHDRAW: Final = paragraphs(
    _("Take a request back, with case number and PIN and nothing else; doing it twice does no harm."),
    endings.WITHDRAWAL,
)
SERVICES: Final = paragraphs(
    _("Show who can help, by country. Asks nothing and connects to nothing."),
    _(
        "Without --for there are two lists, each under its heading: first for images in which someone was, or may have been, "
        "under 18, then for images of adults. Without --country, the services that work everywhere are shown. People stand "
        "before forms; the police stand last, with a caution. What no person has checked yet is shown as such."
    ),
    _("The lists are dated, and part of the program. They go to standard output, words about them to standard error."),
)
SCHEMA: Final = _("Print a JSON Schema (2020-12) of the published specification, as it stands in 'schemas/'.")
DOCTOR: Final = paragraphs(
    _("Check what is installed, which formats can be read, and how well this machine protects."),
    _(
        "Every format is tried with a small picture of our own. Nothing is connected to unless --endpoint is given; then "
        "only what the service says about itself is read."
    ),
)
ENDPOINT: Final = _("Run a service that receives submissions: the reference endpoint.")
ENDPOINT_SERVE: Final = paragraphs(
    _("Serve until Ctrl-C or SIGTERM."),
    _("Prints one line, 'listening on ADDRESS', once it accepts requests."),
    _("TLS, limits by address and the public name belong to the reverse proxy in front; see the guide for operators."),
)
ENDPOINT_KEY: Final = paragraphs(
    _("Make the key file of an endpoint, and print the check digits of each key for people to compare."),
    _(
        "The file is readable by its owner only. Without it no case can be opened any more: back it up, and keep the "
        "backup apart from the database."
    ),
)
ENDPOINT_DOCTOR: Final = paragraphs(
    _("Check where the key file and the database lie, who can read them, and when the keys expire."),
    _(
        "Says in a sentence each what is wrong and what to do, and changes nothing. Run it as the account that runs the "
        "endpoint."
    ),
)

_DECLARE: Final = _('Declare, as a program: "{sentence}"')
OPTIONS: Final = {
    "debug": _("Show where an error arose, without values."),
    "version": _("Print the version."),
    "lang": _("Language of the words: {languages}. Without it, that of this device.").format(
        languages=languages.names()
    ),
    "install_completion": _(
        "Have this shell complete commands (bash, zsh, fish). Its settings name this program from then on, and others "
        "who use this account can see that."
    ),
    "show_completion": _("Print what makes this shell complete commands, and change nothing."),
    "files": _(
        "Pictures and videos on this device. Without any, you are asked for them, so that no name stays in the shell's history."
    ),
    "files_or_folders": _(
        "Pictures and videos on this device, folders of them, or - for a list of paths on standard input."
    ),
    "null": _("Paths on standard input are separated by NUL (find -print0)."),
    "jobs": _("How many files are hashed at once. [default: one per core, and one more]"),
    "cluster": _(
        "Run on a Dask cluster: the address of its scheduler. Its workers open the files themselves, under the same "
        "paths. Paths and fingerprints travel to it, unencrypted with tcp://."
    ),
    "adult": _DECLARE.format(sentence=declarations.ADULT),
    "research": _(
        "For researchers, and for those who look for copies: ask nothing. Nothing made this way can become a request."
    ),
    "depicted": _("Declare, as a program: who is in the images, you or someone who asked you."),
    "intimate": _DECLARE.format(sentence=declarations.INTIMATE),
    "no_consent": joined(_DECLARE.format(sentence=declarations.NO_CONSENT["self"]), declarations.NOT_AGREEING),
    "altered": _("Whether the images were changed or faked; without it, you are asked for each."),
    "inner": _(
        "Whether the picture inside a frame or a screenshot is used too, where there is one; without it, you are asked."
    ),
    "inner_too": _(
        "Make fingerprints of the picture inside a frame or a screenshot too; their variant begins with 'inner'."
    ),
    "types": _(
        "Type of fingerprint to make: {types}; repeat it for more. [default: pdq of pictures, md5 and vpdq of videos, all "
        "three of pictures that move]"
    ).format(types=", ".join(SignalType)),
    "coverage": _(
        "How many likely re-posts (mirrored, cropped, framed, ...) get a fingerprint too: none, up to 31 or up to 254 per "
        "picture."
    ),
    "decode": _("exact: decode in full. fast: decode large JPEGs at reduced size; within 2 bits."),
    "interval": _(
        "Seconds between the frames of a video that get a fingerprint, at most an eighth of it; 0 takes every frame."
    ),
    "require_sandbox": _("Refuse to run without the full sandbox."),
    "endpoint": _("Address of the service, or its name in the settings file."),
    "trust_key": _("Check digits (25) or id of the service's key; any other key is refused."),
    "ca_file": _("Certificates to trust instead of the built-in ones (PEM)."),
    "proxy": _("Proxy, for example socks5h://127.0.0.1:9050 for Tor."),
    "credentials_fd": _("For programs: file descriptor for case number and PIN, one per line."),
    "json": _("Print JSON for programs."),
    "country": _("Your country, by name or by its code of two letters, for example England or GB."),
    "for": _("One list alone: for images of adults, or of someone who was, or may have been, under 18."),
    "language": _("Code of your language, for example es: services that speak it come first."),
    "check": _("For maintainers: list every entry that nobody has checked within 180 days."),
    "raw": _("Show the number and the key of this example too."),
    "dry_run": _("Show what would be sent, and send nothing."),
    "to_file": _("Write the request to a new file, to be handed over."),
    "paper": _(
        "Also write case number and PIN to a new file, to be printed; whoever can open it can take the request back."
    ),
    "again": _(
        "Send a request again under the number and the PIN of an earlier try that nobody confirmed; asks for both."
    ),
    "send": _("For programs: confirm, with --credentials-fd."),
    "ask_endpoint": _("Connect to this service, too, and print its key's check digits."),
    "save_page": _("Write the page to a new file, and print its SHA-256."),
    "open_page": _("Open it in your browser."),
    "page_service": _("Address of the one service that the page is for."),
    "heic_page": _("Take the second page, which opens HEIC pictures in every browser. It is larger."),
    "schema_name": _("Which one; without it, the names are listed."),
    "database": _("SQLite file of the endpoint; 'endpoint serve' makes it where there is none."),
    "keys": _("Key file, as 'endpoint key' makes it."),
    "renew": _("Add new keys beside those still in use."),
    "show_keys": _("Print the check digits of an existing key file."),
    "host": _("Address to listen on."),
    "port": _("Port to listen on; 0 takes any free one."),
    "origin": _("Address under which people reach it."),
    "name": _("Name of the service."),
    "operator": _("Who runs it."),
    "policy": _("https address of the privacy policy."),
    "said": _("A sentence for the profile, shown to people."),
    "representatives": _("Say whether it takes requests made for someone else."),
    "own_page": _("Serve the page for people's browsers at /, for this service alone."),
    "web_origin": _(
        "Origin of a page hosted elsewhere that may ask, as https://HOST; repeat it for more. '*' is for any, saved files too. "
        "[default: none]"
    ),
    "plain_bodies": _("Take requests that are not sealed; on this machine only."),
}
"""The help of options, by the name of the parameter."""

# How help is laid out; what typer writes in English is looked up among these.

USAGE: Final = _("Usage:")
HEADINGS: Final = (_("Arguments:"), _("Options:"), _("Commands:"))
SHOW_HELP: Final = _("Show this message and exit.")
DEFAULT: Final = _("default: {default}")
REQUIRED: Final = _("required")

# What is said of a mistake in a command. Nothing that was typed is repeated.

SEE_HELP: Final = _p("error", "See '{command} --help'.")
DID_YOU_MEAN: Final = _p("error", "Did you mean '{command}'?")
NO_SUCH_COMMAND: Final = _p("error", "There is no such command, or none was named. Nothing was sent.")
NO_SUCH_OPTION: Final = _p("error", "There is no such option here. Nothing was sent.")
DASH_IN_FRONT: Final = _("If it is a file whose name begins with -, write ./ in front of the name.")
IS_MISSING: Final = _p("error", "{option} is missing. Nothing was sent.")
CANNOT_BE_USED: Final = _p("error", "The value of {option} is missing or cannot be used. Nothing was sent.")
A_WORD_TOO_MANY: Final = _p("error", "The command has a word too many. Nothing was sent.")
NEVER_TYPED: Final = _p("error", "Case number and PIN are asked for, never typed in the command.")
AN_ARGUMENT: Final = _("an argument")
CODE: Final = _p("error", "Code: {code}.")

# Completion.

COMPLETES_NOW: Final = _(
    "This shell completes commands once it is started anew. Its settings name this program now. If you no longer want "
    "that, delete the lines there that hold 'hashclient'."
)
NO_SHELL: Final = _p("error", "This shell is not one whose settings are changed here. Nothing was changed.")
ANOTHER_SHELL: Final = _p(
    "error",
    "bash, zsh and fish can be used. For PowerShell, 'hashclient --show-completion' prints what to add by hand.",
)
