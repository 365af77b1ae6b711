"""What `hashclient.hashing` offers."""

import doctest
import subprocess
import sys

import pytest

from hashclient import hashing


def test_the_quick_start_runs() -> None:
    """What the room's own words show is what happens."""
    assert doctest.testmod(hashing) == (0, 11)


@pytest.mark.parametrize("module", ["hashclient.hashing.digest", "hashclient.hashing.reposts.levels"])
def test_what_needs_no_pixels_loads_no_numpy(module: str) -> None:
    """The process that opens a person's file makes digests and knows the names of re-posts, and decodes nothing."""
    program = f"import sys, {module}; print({{'numpy', 'PIL', 'imagehash'}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
