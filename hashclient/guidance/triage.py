"""Decide which question, screen or outcome comes next, and in which order the tasks of the list stand.

PURE: ids in, ids out; no words, no files, no network, no clock. The words are in `questions` and `screens`; asking and
showing are left to the faces. `export` writes the same table for faces that are not Python.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from hashclient.errors import ModelError


class Asked(StrEnum):
    """A question, by its id, in the order asked."""

    SAFE_NOW = "safe_now"
    DEVICE = "device"
    AGE = "age"
    WHO = "who"
    PERMISSION = "permission"
    INTIMATE = "intimate"
    CONSENT = "consent"
    SITUATION = "situation"
    HAVE = "have"


class Outcome(StrEnum):
    """Where the questions end; each is a screen too."""

    HAND_OFF = "HAND_OFF"
    """Someone was, or may have been, under 18: services for that, and nothing else from here on."""
    SUPPORT = "SUPPORT"
    OTHER_ROUTES = "OTHER_ROUTES"
    LIST = "LIST"


class OnTheWay(StrEnum):
    """A screen shown between an answer and the next question."""

    EMERGENCY = "emergency"
    SAFER_DEVICE = "safer_device"
    PROFESSIONAL = "professional"


class Task(StrEnum):
    """Something to do on the list."""

    THREAT = "threat"
    CHAT = "chat"
    EVIDENCE = "evidence"
    NOTICE = "notice"
    HASH = "hash"
    NO_SERVICE = "no_service"
    """Stands in place of `hash` where there is no service to send to."""
    STOPNCII = "stopncii"
    MOVE_FILE = "move_file"
    SEARCH = "search"
    TALK = "talk"
    POLICE = "police"
    LAWYER = "lawyer"
    ACCOUNTS = "accounts"


class WhyOther(StrEnum):
    """Why other routes are shown instead of the list."""

    NOT_INTIMATE = "not_intimate"
    POSTED_ELSEWHERE = "posted_elsewhere"
    AGREED_BEFORE = "agreed_before"


class Way(NamedTuple):
    """Where an answer leads."""

    to: Asked | Outcome
    shown: OnTheWay | None = None
    """What is shown before."""
    reason: WhyOther | None = None
    """Why, where `to` is `OTHER_ROUTES`."""


def _ways(**by_answer: Way | Asked | Outcome) -> Mapping[str, Way]:
    return MappingProxyType({id_: to if isinstance(to, Way) else Way(to) for id_, to in by_answer.items()})


def _other(reason: WhyOther) -> Way:
    return Way(Outcome.OTHER_ROUTES, reason=reason)


LEADS: Final[Mapping[Asked, Mapping[str, Way]]] = MappingProxyType({
    Asked.SAFE_NOW: _ways(yes=Asked.DEVICE, no=Way(Asked.DEVICE, OnTheWay.EMERGENCY), skip=Asked.DEVICE),
    Asked.DEVICE: _ways(
        private=Asked.AGE,
        seen=Way(Asked.AGE, OnTheWay.SAFER_DEVICE),
        unsure=Way(Asked.AGE, OnTheWay.SAFER_DEVICE),
        skip=Asked.AGE,
    ),
    Asked.AGE: _ways(all_adult=Asked.WHO, under_18=Outcome.HAND_OFF, unsure=Outcome.HAND_OFF),
    Asked.WHO: _ways(
        me=Asked.INTIMATE,
        asked_me=Asked.PERMISSION,
        professional=Way(Asked.PERMISSION, OnTheWay.PROFESSIONAL),
        not_asked=Outcome.SUPPORT,
    ),
    Asked.PERMISSION: _ways(yes=Asked.INTIMATE, no=Outcome.SUPPORT, unsure=Outcome.SUPPORT),
    Asked.INTIMATE: _ways(
        yes=Asked.CONSENT, no=_other(WhyOther.NOT_INTIMATE), unsure=_other(WhyOther.NOT_INTIMATE)
    ),
    Asked.CONSENT: _ways(
        no=Asked.SITUATION,
        pressed=Asked.SITUATION,
        posted_elsewhere=_other(WhyOther.POSTED_ELSEWHERE),
        agreed_before=_other(WhyOther.AGREED_BEFORE),
        agreed=_other(WhyOther.AGREED_BEFORE),
    ),
    Asked.SITUATION: _ways(**dict.fromkeys(("online_known", "online_unknown", "chat", "threat", "nothing_yet", "skip"), Asked.HAVE)),
    Asked.HAVE: _ways(**dict.fromkeys(("here", "other_device", "link_only", "neither", "skip"), Outcome.LIST)),
})  # fmt: skip
"""Where each answer of each question leads; the answers in the order shown."""

FOR_ANOTHER: Final = frozenset({"asked_me", "professional"})
"""Answers to `who` with which the person in the pictures is someone else."""


@dataclass(frozen=True)
class Answers:
    """What was answered so far, as ids; None where nothing was. Answers off the path stay, and decide nothing.

    Raises:
        ModelError: an answer that the question does not have.
    """

    safe_now: str | None = None
    device: str | None = None
    age: str | None = None
    who: str | None = None
    permission: str | None = None
    intimate: str | None = None
    consent: str | None = None
    situation: str | None = None
    have: str | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            if (answer := getattr(self, one.name)) is not None:
                way(one.name, answer)

    @classmethod
    def of(cls, ids: Mapping[str, str]) -> Self:
        """Make answers from ids of questions and answers.

        Raises:
            ModelError: there is no such question or answer.
        """
        for question, answer in ids.items():
            way(question, answer)
        return cls(**ids)

    def also(self, question: str, answer: str) -> Self:
        """Return them with one more, in place of an earlier answer to the same question.

        Raises:
            ModelError: there is no such question or answer.
        """
        way(question, answer)
        return replace(self, **{question: answer})

    def to(self, question: Asked) -> str | None:
        """Return the answer to a question, or None."""
        answer: str | None = getattr(self, question)
        return answer


def way(question: str, answer: str) -> Way:
    """Return where an answer leads.

    Raises:
        ModelError: there is no such question or answer.
    """
    try:
        return LEADS[Asked(question)][answer]
    except (KeyError, TypeError, ValueError):
        raise ModelError from None


def next_step(answers: Answers, *, start: Asked = Asked.SAFE_NOW) -> Asked | Outcome:
    """Return the first question on the way that has no answer yet, or the outcome. The same answers, the same step."""
    return last_way(answers, start=start).to


def last_way(answers: Answers, *, start: Asked = Asked.SAFE_NOW) -> Way:
    """Return the last way taken: what the latest answer shows, where it leads, and why."""
    taken = Way(start)
    while isinstance(taken.to, Asked) and (answer := answers.to(taken.to)) is not None:
        taken = way(taken.to, answer)
    return taken


def plan(answers: Answers, *, has_service: bool = True, start: Asked = Asked.SAFE_NOW) -> tuple[Task, ...]:
    """Return the tasks of the list, most helpful first.

    Args:
        answers: they have to lead to the list.
        has_service: whether there is a service to send to; else `no_service` stands in place of `hash`.
        start: the first question that was asked.

    Raises:
        ModelError: the answers lead elsewhere, so there is no list.
    """
    if next_step(answers, start=start) is not Outcome.LIST:
        raise ModelError
    tasks = tasks_of(answers.situation or "", answers.have or "")
    return tasks if has_service else tuple(Task.NO_SERVICE if task is Task.HASH else task for task in tasks)


def tasks_of(situation: str, have: str) -> tuple[Task, ...]:
    """Return the tasks by the answers to `situation` and `have`; each once, never none."""
    link = situation == "online_known" or have == "link_only"
    tasks = [task for task in (Task.THREAT, Task.CHAT) if task == situation]
    if link:
        tasks += [Task.EVIDENCE, Task.NOTICE]
    if have == "here":
        tasks += [Task.HASH, Task.STOPNCII]
    elif have == "other_device":
        tasks += [Task.STOPNCII, Task.MOVE_FILE, Task.HASH]
    if not tasks:
        tasks.append(Task.TALK)
    if link or situation == "online_unknown":
        tasks.append(Task.SEARCH)
    return tuple(dict.fromkeys([*tasks, Task.TALK, Task.EVIDENCE, Task.POLICE, Task.LAWYER, Task.ACCOUNTS]))
