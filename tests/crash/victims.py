"""The clients that a storm kills: one that sends without end, and the real command line."""

import json
import random
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil

from crash.audit import Claim
from crash.client import Conduct, Step
from crash.people import DRIVER, credentials_in, picture, start_submit
from hashclient.model import CaseKey
from hashclient.prepare import HashOptions, hash_files
from kit.served_endpoint import ServedEndpoint, environment

_STARTS_PER_FILE = 10
"""Starts after which a client gets a new file of notes, so that reading it stays quick."""
_NEVER_DONE = 1_000_000


class Victim(Protocol):
    """Something that sends, and can be killed and started again."""

    def start(self) -> None: ...
    def kill(self, rng: random.Random) -> None: ...
    def go_on(self) -> None: ...
    def end(self) -> None: ...


class Driver:
    """A client in a process of its own that sends without end."""

    def __init__(self, endpoint: ServedEndpoint, *, name: str, conduct: Conduct) -> None:
        self._endpoint = endpoint
        self._name = name
        self._conduct = conduct
        self._starts = 0
        self._spare = self._new_process()
        self.start()

    def _new_process(self) -> "subprocess.Popen[bytes]":
        """Start a process that waits for its turn, so that work goes on at once after a kill."""
        notes = self._endpoint.folder / f"notes-{self._name}-{self._starts // _STARTS_PER_FILE}"
        command = [*DRIVER, self._endpoint.origin, str(notes), self._conduct, str(_NEVER_DONE)]
        self._starts += 1
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment(self._endpoint.folder))

    def start(self) -> None:
        """Let the spare begin, over the notes of the last life."""
        self._process, self._spare = self._spare, self._new_process()
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def kill(self, _: random.Random) -> None:
        """End it as `kill -9` does; it never ends by itself."""
        assert self._process.poll() is None
        self._process.kill()
        self._process.communicate()

    def go_on(self) -> None:
        """Leave it at work."""

    def end(self) -> None:
        """End it and the spare."""
        for process in (self._process, self._spare):
            process.kill()
            process.communicate()


@dataclass
class _Run:
    """One run of `hashclient submit`."""

    process: "subprocess.Popen[str]"
    file: Path
    codes: Path
    steps: set[Step] = field(default_factory=set)


class CommandLine:
    """The real command line, one run after another, each with a picture of its own."""

    def __init__(self, endpoint: ServedEndpoint) -> None:
        self._endpoint = endpoint
        self._runs: list[_Run] = []
        self._workers: list[psutil.Process] = []
        self.start()

    def start(self) -> None:
        """Start another run."""
        place = len(self._runs)
        file = picture(self._endpoint.folder, seed=place)
        codes = self._endpoint.folder / f"codes-{place}"
        self._runs.append(_Run(start_submit(self._endpoint, file, codes), file, codes))

    def kill(self, rng: random.Random) -> None:
        """Kill it at any moment of its life, or, every second time, soon after the credentials were given."""
        run = self._runs[-1]
        if rng.random() < 0.5:
            while run.process.poll() is None and credentials_in(run.codes) is None:
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.2))
        if run.process.poll() is None:
            self._workers += psutil.Process(run.process.pid).children(recursive=True)
        run.process.kill()
        self._end(run)

    def go_on(self) -> None:
        """Start the next run where one has ended."""
        if self._runs[-1].process.poll() is not None:
            self._end(self._runs[-1])
            self.start()

    def _end(self, run: _Run) -> None:
        assert run.process.stdout
        if run.process.stdout.closed:
            return
        told, _ = run.process.communicate()
        if told:  # the ending was told before the kill, or there was none
            ending = json.loads(told)["ending"]
            run.steps |= {"sent": {Step.ACCEPTED}, "not_sent": {Step.NOT_SENT}, "not_confirmed": set()}[ending]

    def end(self) -> None:
        """End the run."""
        self._runs[-1].process.kill()
        self._end(self._runs[-1])

    def claims(self) -> list[Claim]:
        """Give what those who ran it hold."""
        held = [(run, credentials) for run in self._runs if (credentials := credentials_in(run.codes))]
        hashed = hash_files([run.file for run, _ in held], options=HashOptions(sandbox=False))
        return [
            Claim(
                intent=run.file.name,
                credentials=credentials,
                key=CaseKey.from_pin(credentials.pin, credentials.number),
                values=frozenset(signal.value for signal in one.signals),
                steps=frozenset(run.steps),
            )
            for (run, credentials), one in zip(held, hashed, strict=True)
        ]

    def orphans(self) -> int:
        """Count workers that outlived the run they belonged to."""
        return len(psutil.wait_procs(self._workers, timeout=30)[1])
