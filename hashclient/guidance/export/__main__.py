"""Write the export to standard output."""

import sys

from hashclient.guidance.export import as_json

sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # it is a text stream
sys.stdout.write(as_json())
