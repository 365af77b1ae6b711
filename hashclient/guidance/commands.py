"""Hold the help of the command line: what each verb and each shared option is for."""

from typing import Final

from hashclient.guidance import questions, texts

VERBS: Final = {
    "demo": "Show a whole request on this machine, with example pictures.",
    "hash": "Make fingerprints of pictures and videos. Sends nothing.",
    "inspect": "Show exactly what would be sent, byte for byte. Sends nothing.",
    "submit": "Send fingerprints to a service, after asking you.",
    "status": "Ask a service where a case stands.",
    "withdraw": "Take a request back.",
    "schema": "Print a JSON Schema of the published specification.",
    "endpoint": "Run a service that receives submissions.",
    "doctor": "Check what is installed and how well this machine protects.",
}
"""Every verb and its line in the help, in the order shown."""

PROGRAM: Final = """Ask for the spread of an intimate picture to be stopped, without handing it to anyone.

Fingerprints (hashes) are made on this device; only they are sent, sealed, to a service you
choose, after you have seen them. It works only on platforms that take part with that service,
and each decides under its own rules. An edited copy may not be found. It is not a legal notice. No
one can recover a lost case number or PIN.

For adults only: images of anyone under 18 go to services made for them, and 'submit' names
them before any file is opened.

Exit codes: 0 done, 1 internal error, 2 input or setup, 3 network or service, 4 stopped by the age rule,
130 stopped by you. Results go to standard output, words to standard error."""
"""The help of the program itself."""

DEMO: Final = """Show a whole request on this machine with three example pictures; nothing leaves the machine.

An example service is started for it and stopped afterwards. A relay in front of the service records every byte
that crosses, and at the end no part of a picture is found among them. What would leave is
printed on standard output, the tour on standard error."""
HASH: Final = """Make fingerprints (hashes) of pictures and videos on this device and print them. Nothing is sent.

Prints one tab-separated line per fingerprint: type and value, quality, variant (for a frame of a video: its time),
file; unused columns are empty. With --json, one object per file. Every file is opened in a process of its own that can
open no other file and no connection. Folders are searched recursively; hidden files, links to folders, and files that
are neither picture nor video are skipped and counted. Exit code 2 if no file could be used."""
INSPECT: Final = """Show exactly what would be sent, byte for byte. Sends nothing and connects to nothing.

The bytes are printed on standard output as they stand inside the seal: the published JSON, in its
canonical form. What they mean is explained beside them. Case number, key and random number are drawn
for this view and thrown away; number and key are covered by stars unless --raw is given.

Without --coverage, this is what a service with room for the widest level would get."""
SUBMIT: Final = (
    f"Send fingerprints (hashes) of pictures and videos to a service.\n\n{texts.WHAT_IT_DOES}\n\n{texts.LIMITS_SHORT}"
)
STATUS: Final = """Ask a service where a case stands. Asks you for case number and PIN; they are never arguments.

The PIN does not leave this device: the service is asked with a key made from it."""
WITHDRAW: Final = """Take a request back, with case number and PIN and nothing else; doing it twice does no harm.

The service is asked to stop sharing the fingerprints. What platforms already removed stays
removed. We cannot check what each platform does."""
SCHEMA: Final = "Print a JSON Schema (2020-12) of the published specification, as it stands in 'schemas/'."
DOCTOR: Final = """Check what is installed, which formats can be read, and how well this machine protects.

Every format is tried with a small picture of our own. Nothing is connected to unless --endpoint
is given; then only what the service says about itself is read."""
ENDPOINT: Final = "Run a service that receives submissions: the reference endpoint."
ENDPOINT_SERVE: Final = """Serve until Ctrl-C or SIGTERM. Prints one line, 'listening on ADDRESS', once it accepts requests.

TLS, limits by address and the public name belong to the reverse proxy in front; see the guide
for operators."""
ENDPOINT_KEY: Final = """Make the key file of an endpoint, and print the check digits of each key for people to compare.

The file is readable by its owner only. Without it no case can be opened any more: back it up,
and keep the backup apart from the database."""
ENDPOINT_DOCTOR: Final = """Check where the key file and the database lie, who can read them, and when the keys expire.

Says in a sentence each what is wrong and what to do, and changes nothing. Run it as the account
that runs the endpoint."""

OPTIONS: Final = {
    "files": "Pictures and videos on this device. Without any, you are asked for them, so that no name stays in the shell's history.",
    "files_or_folders": "Pictures and videos on this device, folders of them, or - for a list of paths on standard input.",
    "null": "Paths on standard input are separated by NUL (find -print0).",
    "jobs": "How many files are hashed at once. [default: one per core, and one more]",
    "cluster": (
        "Run on a Dask cluster: the address of its scheduler. Its workers open the files themselves, under the same "
        "paths. Paths and fingerprints travel to it, unencrypted with tcp://."
    ),
    "adult": f'Declare, as a program: "{questions.ADULT}"',
    "research": (
        "For researchers, and for those who look for copies: ask nothing. Nothing made this way can become a request."
    ),
    "depicted": "Declare, as a program: who is in the images, you or someone who asked you.",
    "intimate": f'Declare, as a program: "{questions.INTIMATE}"',
    "no_consent": f'Declare, as a program: "{questions.NO_CONSENT["self"]}" {questions.NOT_AGREEING}',
    "altered": "Whether the images were changed or faked; without it, you are asked for each.",
    "types": (
        "Type of fingerprint to make; repeat it for more. [default: pdq of pictures, md5 and vpdq of videos, all three of "
        "pictures that move]"
    ),
    "coverage": (
        "How many likely re-posts (mirrored, cropped, framed, ...) get a fingerprint too: none, up to 31 or up to 191 per picture."
    ),
    "decode": "exact: decode in full. fast: decode large JPEGs at reduced size; within 2 bits.",
    "interval": "Seconds between the frames of a video that get a fingerprint, at most an eighth of it; 0 takes every frame.",
    "require_sandbox": "Refuse to run without the full sandbox.",
    "endpoint": "Address of the service, or its name in the settings file.",
    "trust_key": "Check digits (25) or id of the service's key; any other key is refused.",
    "ca_file": "Certificates to trust instead of the built-in ones (PEM).",
    "proxy": "Proxy, for example socks5h://127.0.0.1:9050 for Tor.",
    "credentials_fd": "For programs: file descriptor for case number and PIN, one per line.",
    "json": "Print JSON for programs.",
    "raw": "Show the number and the key of this example too.",
    "dry_run": "Show what would be sent, and send nothing.",
    "to_file": "Write the request to a new file, to be handed over.",
    "paper": "Also write case number and PIN to a new file, to be printed; whoever can open it can take the request back.",
    "again": "Send a request again under the number and the PIN of an earlier try that nobody confirmed; asks for both.",
    "send": "For programs: confirm, with --credentials-fd.",
}
"""The help of options, by the name of the parameter."""
