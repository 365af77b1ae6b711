"""What goes over a worker's pipes arrives whole, or the time for it ends."""

import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import StoppedMediaError
from hashclient.prepare import pipes, process
from hashclient.prepare.job import Job
from hashclient.prepare.pipes import Pipes
from hashclient.prepare.process import Worker, WorkerLimits

PICTURE = Path(__file__).resolve().parents[2] / "examples" / "pictures" / "fruit-and-bowl.jpg"
pytestmark = pytest.mark.skipif(not pipes.CAN_WAIT, reason="this system cannot wait for a pipe with a limit")


class Ends:
    """Both pipes, and the ends that a worker has."""

    def __init__(self) -> None:
        self.jobs, ours_in = os.pipe()
        ours_out, self.answers = os.pipe()
        self.ours = Pipes(os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"))
        self.ours.allow(30)

    def close(self) -> None:
        self.ours.close()
        for end in (self.jobs, self.answers):
            os.close(end)


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.close()


@given(said=st.lists(st.sampled_from([b"\n", b"a", b"bc\n", b"\n\n", b"d" * 9])), most=st.integers(1, 12))
def test_lines_are_read_as_files_read_them(said: list[bytes], most: int) -> None:
    """Whatever the pieces in which it comes and the most that is asked for, as from a file; then the end, again and again."""
    both = Ends()
    whole = io.BytesIO(b"".join(said))
    for piece in said:
        os.write(both.answers, piece)
    os.close(both.answers)
    both.answers = os.dup(both.jobs)
    try:
        while True:
            line = both.ours.readline(most)
            assert line == whole.readline(most)
            if not line:
                break
        assert both.ours.readline(most) == b""
    finally:
        both.close()


def test_more_than_a_pipe_holds_is_written_whole(ends: Ends) -> None:
    """The writer waits for the reader, however slowly that one goes."""
    said, heard = os.urandom(3_000_000), bytearray()

    def read() -> None:
        while len(heard) < len(said):
            heard.extend(os.read(ends.jobs, 50_000))

    reading = threading.Thread(target=read)
    reading.start()
    ends.ours.write(said)
    reading.join()
    assert heard == said


def test_time_ends_for_reading_and_for_writing(ends: Ends) -> None:
    """Neither an answer that never comes nor a job that nobody takes holds the caller longer than it may."""
    for talk in (lambda: ends.ours.readline(9), lambda: ends.ours.write(bytes(5_000_000))):
        ends.ours.allow(0.1)
        before = time.monotonic()
        with pytest.raises(TimeoutError):
            talk()
        assert time.monotonic() - before < 5


def test_whoever_has_gone_is_noticed(ends: Ends) -> None:
    """Writing to nobody is an error."""
    os.close(ends.jobs)
    ends.jobs = os.dup(ends.answers)
    with pytest.raises(BrokenPipeError):
        ends.ours.write(b"x")


def test_where_nobody_can_wait_a_thread_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of systems without a limit on waiting: the same answers, and the same end."""
    monkeypatch.setattr(pipes, "CAN_WAIT", False)
    monkeypatch.setattr(Pipes, "_wait", lambda *_: None)
    worker = Worker(process.COMMAND, limits=WorkerLimits(file_seconds=20))
    worker.greet()
    assert worker.hash(Job(0), PICTURE.read_bytes()).signals
    worker.end()
    silent = Worker((process.COMMAND[0], "-c", "import time; time.sleep(60)"), limits=WorkerLimits(file_seconds=0.3))
    assert type(silent.hash(Job(0), b"").failure) is StoppedMediaError
    assert silent.has_ended
