"""The questions in the built page: every path of the table is walked over its screens, and comes to what Python says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hashclient.guidance import screens, triage
from hashclient.guidance.triage import Asked, Outcome, Task
from hashclient.page import PAGE_FILE, page_for, read_page
from kit.page_walk import in_chromium, run_script

pytestmark = in_chromium


def walked(page: Path, fixed: dict[str, str]) -> list[dict[str, Any]]:
    """Walk a page by the script inside it; `fixed` are the only answers given to some questions."""
    paths: list[dict[str, Any]] = json.loads(run_script("triage.mjs", page, json.dumps(fixed)))
    return paths


def expected(
    fixed: dict[str, str], *, has_service: bool, given: dict[str, str] | None = None, shown: tuple[str, ...] = ()
) -> Iterator[dict[str, Any]]:
    """Give each path as Python's table has it, in the order of its answers."""
    given = given or {}
    step = triage.next_step(triage.Answers.of(given))
    if isinstance(step, Outcome):
        tasks: list[str] = []
        if step is Outcome.LIST:
            plan = triage.tasks_of(given[Asked.SITUATION], given[Asked.HAVE])
            tasks = [
                str(screens.ROWS[Task.NO_SERVICE if task is Task.HASH and not has_service else task].name)
                for task in plan
            ]
        yield {"answers": given, "shown": [*shown], "end": step, "tasks": tasks}
        return
    for answer, way in triage.LEADS[step].items():
        if fixed.get(step, answer) == answer:
            seen = (*shown, *filter(None, [way.shown]))
            yield from expected(fixed, has_service=has_service, given={**given, step: answer}, shown=seen)


def test_every_path_ends_as_in_python() -> None:
    """All 2,424: the same screens on the way, the same end, and the same rows of the list in their order."""
    paths = walked(PAGE_FILE, {})
    assert len(paths) == 2424
    assert paths == [*expected({}, has_service=False)]


def test_a_page_with_a_service_lists_the_same_tasks(tmp_path: Path) -> None:
    """Fingerprints stand where the hint at other services stood."""
    fixed = {"safe_now": "yes", "device": "private", "who": "me"}
    page = tmp_path / "page.html"
    page.write_bytes(page_for(read_page(), "https://takedown.example"))
    assert walked(page, fixed) == [*expected(fixed, has_service=True)]
