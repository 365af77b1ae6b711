"""Keep this process's memory from others: called first by the command line, before it holds a PIN or a path.

Other programs of the same account can then not read its memory or trace it (Linux), and no crash writes it to disk. An
administrator still can. Besides the sandbox, this is the only place that speaks to the C library.

Source:
    `prctl(2)`, PR_SET_DUMPABLE; `getrlimit(2)`, RLIMIT_CORE.
"""

import ctypes
import sys
from contextlib import suppress
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def harden() -> None:
    """Give up core files and, on Linux, being read and traced."""
    with suppress(ImportError, OSError, ValueError):  # other systems have no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            nothing = [ctypes.c_ulong(0)] * 3
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, ctypes.c_ulong(0), *nothing)
