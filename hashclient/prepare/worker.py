"""The throw-away process in which a person's file is decoded and hashed.

Started by `hashclient.prepare` as `python -I -B -m hashclient.prepare.worker` with three pipes and
nothing of the person's environment. It imports everything, gives up everything else, says what it gave up,
and answers jobs until its input ends. It never learns the name of a file.

Source:
    The order of steps follows Dangerzone's `dangerzone/isolation_provider/base.py`: the parent
    trusts nothing that comes out of here.
"""

import gc
import os
import sys
from contextlib import suppress
from typing import IO, BinaryIO, Final

from hashclient.media.sandbox.confine import VIDEO_LIMITS, ConfineLimits, allow_cpu, confine, end_with
from hashclient.prepare import content, nursery
from hashclient.prepare.answers import answer, greeting
from hashclient.prepare.job import Hashed, Job, read_job
from hashclient.prepare.process import asked_types
from hashclient.prepare.spawned import VIDEO

_WAYS: Final = (os.O_RDONLY, os.O_WRONLY)
"""How a copy opens its two pipes: jobs come in, answers go out."""


def answer_jobs(jobs: IO[bytes], answers: IO[bytes], *, cpu_seconds: int, video: BinaryIO | None = None) -> None:
    """Answer one job after another until there is none.

    Args:
        jobs: what `write_job` wrote, one after the other.
        answers: where the lines go.
        cpu_seconds: processor time for each picture, and for the header of a video, seconds.
        video: what all jobs are about, where this worker was given one.
    """
    while (asked := read_job(jobs)) is not None:
        job, untrusted = asked
        allow_cpu(cpu_seconds)
        hashed = content.hash_content(job, untrusted) if video is None else _hash_video(job, video)
        answers.write(b"".join(answer(job, hashed)))
        answers.flush()


def _hash_video(job: Job, video: BinaryIO) -> Hashed:
    """Hash a video, with processor time by how long it says it lasts; the limit of the process stays above that."""
    return content.hash_video(job, video, opened=lambda seconds: allow_cpu(content.cpu_seconds_of(seconds)))


def main() -> None:  # pragma: no cover  # runs confined, and so can write no coverage
    """Give up what is not needed, then answer jobs from stdin on stdout."""
    content.warm_up(asked_types(sys.argv))
    video, limits = None, ConfineLimits()
    if nursery.ASKED in sys.argv:
        _become_copy()
    elif VIDEO in sys.argv:
        content.warm_up_for_videos()
        video = os.fdopen(int(sys.argv[sys.argv.index(VIDEO) + 1]), "rb", buffering=0)
        limits = VIDEO_LIMITS
    protection = confine(limits)
    sys.stdout.buffer.write(greeting(protection))
    sys.stdout.buffer.flush()
    answer_jobs(sys.stdin.buffer, sys.stdout.buffer, cpu_seconds=limits.cpu_seconds, video=video)
    os._exit(0)  # nothing is left to tidy, and tidying takes time


def _become_copy() -> None:  # pragma: no cover  # as above
    """Make a copy of this process for each line that asks for one; only copies return, with pipes of their own.

    This process has one thread and has seen no file. It ends with its input.
    """
    own, parent = os.getpid(), os.getppid()
    gc.freeze()  # what is here stays shared between the copies
    asked = os.fdopen(0, "rb", buffering=0, closefd=False)  # what a buffer had read ahead, a copy would take for a job
    while line := asked.readline():
        word, *numbers = line.split()
        if word == b"reap":
            os.waitpid(int(numbers[0]), 0)
            continue
        pipes = [os.open(f"/proc/{parent}/fd/{int(number)}", way) for number, way in zip(numbers, _WAYS, strict=True)]
        if (pid := os.fork()) == 0:
            end_with(own)
            os.setpgid(0, 0)
            for place, pipe in enumerate(pipes):
                os.dup2(pipe, place)
                os.close(pipe)
            return
        with suppress(OSError):  # the copy was quicker, or has ended
            os.setpgid(pid, pid)  # so that the group is there when the parent hears of it
        for pipe in pipes:
            os.close(pipe)
        sys.stdout.buffer.write(b"%d\n" % pid)
        sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":  # pragma: no cover  # as above
    main()
