"""Be the throw-away process in which a person's file is decoded and hashed.

`hashclient.prepare.conversation`, which tells the conversation from its other end, starts it as
`python -I -B -m hashclient.prepare.worker` with three pipes and nothing of the person's environment. It imports
everything, gives up everything else, says what it gave up, and answers jobs until its input ends. It never learns the
name of a file.

Source:
    The order of steps follows Dangerzone's `dangerzone/isolation_provider/base.py`: the parent trusts nothing that
    comes out of here.
"""

import json
import os
import sys
from typing import IO, BinaryIO

from hashclient.media.sandbox.confine import VIDEO_LIMITS, ConfineLimits, allow_cpu, confine, end_with_parent
from hashclient.prepare import decode
from hashclient.prepare.protocol import read_job, write_answer, write_greeting
from hashclient.vocabulary import SignalType


def answer_jobs(jobs: IO[bytes], answers: IO[bytes], *, cpu_seconds: int, video: BinaryIO | None = None) -> None:
    """Answer one job after another until there is none.

    Args:
        jobs: what the parent writes, job after job.
        answers: where the answers go.
        cpu_seconds: processor time for each picture, and for the header of a video, seconds.
        video: what all jobs are about, where this worker was given one.
    """
    while (asked := read_job(jobs)) is not None:
        job, untrusted = asked
        allow_cpu(cpu_seconds)
        if video is None:
            hashed = decode.hash_content(job, untrusted)
        else:  # its processor time follows how long it claims to last, under the limit of the process
            hashed = decode.hash_opened_video(
                job, video, opened=lambda seconds: allow_cpu(decode.cpu_seconds_of(seconds))
            )
        write_answer(answers, job, hashed)


def main() -> None:  # pragma: no cover  # it runs confined, and so can write no coverage
    """Give up what is not needed, then answer jobs from stdin on stdout."""
    end_with_parent()
    asked = json.loads(sys.argv[-1])
    decode.warm_up(map(SignalType, asked["types"]))
    video, limits = None, ConfineLimits()
    if asked["video"] is not None:
        decode.warm_up_for_videos()
        video, limits = os.fdopen(asked["video"], "rb", buffering=0), VIDEO_LIMITS
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    write_greeting(answers, confine(limits))
    answer_jobs(jobs, answers, cpu_seconds=limits.cpu_seconds, video=video)
    os._exit(0)  # nothing is left to tidy, and tidying takes time


if __name__ == "__main__":  # pragma: no cover  # as above
    main()
