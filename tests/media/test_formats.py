"""Whoever only asks what a file is, or how it would be decoded, loads no decoder."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["files", "folders", "formats", "limits", "sandbox.confine"])
def test_asking_loads_no_decoder(name: str) -> None:
    """The process that opens a person's files holds none."""
    program = (
        f"import sys, hashclient.media.{name}; print({{'numpy', 'PIL', 'pillow_heif', 'av'}} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
