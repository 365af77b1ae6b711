"""Hash pictures on this device, send the hashes and print the receipt: `python examples/submit.py ENDPOINT PICTURE...`.

This is how a program of your own would do it. `ENDPOINT` is the address of the service, such as
`http://127.0.0.1:8765` for one on this device; none is built in.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from hashclient import Altered, Credentials, Declarations, Depicted, HashclientError, Item, Receipt
from hashclient.client import Client
from hashclient.client.request import Request
from hashclient.prepare import item_of, prepare
from hashclient.transport.http import HttpTransport


def hashed(pictures: Sequence[Path], *, declarations: Declarations) -> list[Item]:
    """Hash the pictures in a process that can reach nothing else; print what was left out and why."""
    items = []
    for prepared in prepare(pictures, declarations=declarations):
        for skipped in prepared.skipped:
            print(f"picture {prepared.position + 1} of {len(pictures)}: {skipped.sentence} {skipped.hint}")
        item = item_of(prepared, altered=Altered.UNKNOWN)
        if item is not None:
            items.append(item)
    return items


def keep(credentials: Credentials) -> None:
    """Show the case number and the PIN to the person; your program may have a safer place than the screen."""
    print("Write these down now. Nobody can recover them, and without them this cannot be withdrawn.")
    print(f"case number {credentials.number.shown()}   PIN {credentials.pin.shown()}")


def submit(origin: str, pictures: Sequence[Path]) -> Receipt | None:
    """Go the whole way from pictures to receipt; return None if no picture could be used."""
    # Your program asks the person for each of the four, one by one, before it opens any file.
    declarations = Declarations(adult=True, depicted=Depicted.SELF, intimate=True, no_consent=True)
    items = hashed(pictures, declarations=declarations)
    if not items:
        return None
    with HttpTransport(origin) as transport:
        request = Request(declarations, items, client=Client(transport))
        keep(request.draw())  # shown before anything is sent, so a lost answer loses nothing
        return request.send()


def main() -> int:
    """Run from the command line; return the exit code."""
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    try:
        receipt = submit(sys.argv[1], [Path(name) for name in sys.argv[2:]])
    except HashclientError as error:
        print(f"{error.sentence} {error.hint}")
        return error.exit_code
    if receipt is None:
        print("No picture could be used. Nothing was sent.")
        return 2
    print(f"{receipt.status}: {receipt.items} pictures, {receipt.signals} hashes, on {receipt.day}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
