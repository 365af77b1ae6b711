"""Keep numpy's own threads from fighting with ours.

Numpy multiplies matrices with a library (OpenBLAS in its wheels) that starts a thread for each
core. Our matrices are small: such threads mostly wait for one another, and with several pictures
hashed at once there are more of them than cores. So a picture is hashed on one thread, and cores
are shared out by picture.
"""

import ctypes
import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

_NAMES: Final = (
    ("scipy_openblas_get_num_threads64_", "scipy_openblas_set_num_threads64_"),  # numpy's wheels
    ("openblas_get_num_threads64_", "openblas_set_num_threads64_"),
    ("openblas_get_num_threads", "openblas_set_num_threads"),
)
_Reach = tuple[Callable[[], int], Callable[[int], None]]
"""What asks the library for the number of its threads, and what tells it one."""


class _Turn:
    """Who is at it: the first to come sets the number, the last to leave puts it back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = 1

    def enter(self, reach: _Reach) -> None:
        with self._lock:
            if self._inside == 0:
                self._before = reach[0]()
                reach[1](1)
            self._inside += 1

    def leave(self, reach: _Reach) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                reach[1](self._before)


_turn: Final = _Turn()


@contextmanager
def one_thread() -> Iterator[None]:
    """Have numpy multiply on the thread that asks, in the whole process, until the last caller has left.

    Does nothing where numpy was built with another library than OpenBLAS; there, set the number of
    its threads in the environment.
    """
    if (reach := _reach()) is None:
        yield
        return
    _turn.enter(reach)
    try:
        yield
    finally:
        _turn.leave(reach)


@cache
def _reach() -> _Reach | None:
    core = importlib.import_module("numpy._core._multiarray_umath")  # through it, those that it needs are found
    try:
        library = ctypes.CDLL(str(core.__file__))
    except OSError:  # pragma: no cover  # it is built into the interpreter
        return None
    for get, put in _NAMES:
        if hasattr(library, get) and hasattr(library, put):
            return library[get], library[put]
    return None
