"""Numpy's own threads are held back while pictures are hashed, and only then."""

import threading

import pytest

from hashclient.hashing import threads
from hashclient.hashing.threads import one_thread
from hashclient.prepare import content
from hashclient.prepare.job import Job


@pytest.fixture
def two() -> None:
    """Let numpy use two threads, as on a machine with two cores."""
    reach = threads._reach()
    assert reach is not None, "numpy's wheels have OpenBLAS, and it is found"
    reach[1](2)


def count() -> int:
    reach = threads._reach()
    assert reach is not None
    return reach[0]()


@pytest.mark.usefixtures("two")
def test_one_thread_inside_and_as_many_as_before_outside() -> None:
    """Also where callers come one after another, in one another, and leave by an error."""
    with one_thread():
        assert count() == 1
        with pytest.raises(KeyError), one_thread():
            raise KeyError
        assert count() == 1
    assert count() == 2


@pytest.mark.usefixtures("two")
def test_the_last_to_leave_gives_the_threads_back() -> None:
    """Of two threads that hash at once, the one that ends first takes nothing from the other."""
    may_leave, is_inside = threading.Event(), threading.Event()

    def other() -> None:
        with one_thread():
            is_inside.set()
            may_leave.wait()

    thread = threading.Thread(target=other)
    with one_thread():
        thread.start()
        is_inside.wait()
    assert count() == 1
    may_leave.set()
    thread.join()
    assert count() == 2


@pytest.mark.usefixtures("two")
def test_pictures_are_hashed_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever hashes in a process of their own need set nothing in its environment."""
    seen = []

    def look(*_: object, **__: object) -> None:
        seen.append(count())
        raise MemoryError

    monkeypatch.setattr(content, "open_animation", look)
    content.hash_content(Job(0), b"")
    assert seen == [1]
    assert count() == 2


def test_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numpy was built without OpenBLAS nothing is done."""
    monkeypatch.setattr(threads, "_NAMES", (("no_such_get", "no_such_set"),))
    assert threads._reach.__wrapped__() is None
    monkeypatch.setattr(threads, "_reach", lambda: None)
    with one_thread():
        pass
