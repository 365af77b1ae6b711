"""The throw-away process in which a person's file is decoded and hashed.

Started by `hashclient.prepare` as `python -I -B -m hashclient.prepare.worker` with an empty
environment and three pipes. It imports everything, gives up everything else, says what it gave up,
and answers jobs until its input ends. It never learns the name of a file.

Source:
    The order of steps follows Dangerzone's `dangerzone/isolation_provider/base.py`: the parent
    trusts nothing that comes out of here.
"""

import sys
from typing import IO

from hashclient.media.confine import ConfineLimits, allow_cpu, confine
from hashclient.prepare import content
from hashclient.prepare.job import answer, greeting, read_job


def answer_jobs(jobs: IO[bytes], answers: IO[bytes], *, cpu_seconds: int) -> None:
    """Answer one job after another until there is none.

    Args:
        jobs: what `write_job` wrote, one after the other.
        answers: where the lines go.
        cpu_seconds: processor time for each job, seconds.
    """
    while (asked := read_job(jobs)) is not None:
        job, untrusted = asked
        allow_cpu(cpu_seconds)
        answers.write(b"".join(answer(job, content.hash_content(job, untrusted))))
        answers.flush()


def main() -> None:  # pragma: no cover  # runs confined, and so can write no coverage
    """Give up what is not needed, then answer jobs from stdin on stdout."""
    content.warm_up()
    limits = ConfineLimits()
    protection = confine(limits)
    sys.stdout.buffer.write(greeting(protection))
    sys.stdout.buffer.flush()
    answer_jobs(sys.stdin.buffer, sys.stdout.buffer, cpu_seconds=limits.cpu_seconds)


if __name__ == "__main__":  # pragma: no cover  # as above
    main()
