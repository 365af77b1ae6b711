"""The rules for a case: idempotency, one answer for wrong and unknown, limited attempts, withdrawal."""

import pytest
from sqlalchemy import event

from hashclient.endpoint.attempts import BUDGET, FREE_ATTEMPTS, REFILL, REFILL_DAYS
from hashclient.model import CaseReport, Item, Problem, Receipt, Submission
from hashclient.model.wire import encode
from hashclient.vocabulary import Purpose
from kit.endpoint import PATHS, PLAIN, Endpoint, call, new_key, pdq_value, request_for, submission_of

ABOUT_CASES = [Purpose.STATUS, Purpose.WITHDRAWAL]


def test_a_new_submission_gets_a_receipt_and_a_status(endpoint: Endpoint) -> None:
    """The receipt counts what was sent, and status finds the case."""
    submission = submission_of(pdq_value(), pdq_value())
    receipt = endpoint.submit(submission)
    assert (receipt.items, receipt.signals, receipt.day, receipt.status) == (1, 2, "2026-11-20", "Received")
    assert receipt.case_number == submission.case_number
    report = endpoint.report(submission)
    assert (report.status, report.items, report.signals, report.day) == ("Received", 1, 2, "2026-11-20")


def test_a_video_with_frames_of_both_types_is_a_case(endpoint: Endpoint) -> None:
    """Frames as `vpdq` and as `pdq`, a re-post of one and a later recipe are accepted, counted and erased again."""
    value = pdq_value()
    signals = [
        {"type": "md5", "value": "0" * 32},
        {"type": "vpdq", "value": value, "quality": 80},
        {"type": "vpdq", "value": pdq_value(), "quality": 80, "variant": "mirror"},
        {"type": "pdq", "value": value, "quality": 80, "variant": "frame"},
        {"type": "pdq", "value": pdq_value(), "quality": 80, "variant": "shift3+tone-a7-x"},
    ]
    submission = submission_of()
    video = Item.model_validate({"content": "video", "altered": "no", "signals": signals})
    submission = submission.model_copy(update={"items": (video,)})
    assert endpoint.submit(submission).signals == 5
    assert bytes.fromhex(value) in endpoint.stored_bytes()
    assert endpoint.report(submission, purpose=Purpose.WITHDRAWAL).signals == 0
    assert bytes.fromhex(value) not in endpoint.stored_bytes()


def test_the_same_bytes_get_the_same_receipt(endpoint: Endpoint) -> None:
    """A repeat, sealed again on another day, gets the first answer and stores nothing more."""
    submission = submission_of()
    first = endpoint.submit(submission)
    endpoint.clock.turn(days=3)
    assert endpoint.submit(submission) == first


def test_plain_and_sealed_are_the_same_submission(endpoint: Endpoint) -> None:
    """The digest covers the opened bytes, however they arrived."""
    submission = submission_of()
    first = endpoint.submit(submission)
    status, again = endpoint.send(encode(submission), purpose=Purpose.SUBMISSION, sealed=False)
    assert (status, again) == (201, first)


@pytest.mark.parametrize("changed", ["key", "items", "nonce"])
def test_another_body_under_the_number_is_a_conflict(endpoint: Endpoint, changed: str) -> None:
    """Whatever differs, the answer is 409 and the first case is unchanged."""
    submission = submission_of()
    endpoint.submit(submission)
    other = submission_of(number=submission.case_number, key=submission.case_key)
    if changed == "key":
        other = submission.model_copy(update={"case_key": new_key()})
    if changed == "nonce":
        other = submission.model_copy(update={"nonce": "0" * 32})
    refused = endpoint.refused(encode(other), purpose=Purpose.SUBMISSION)
    assert refused == (409, "case-number-taken", None)
    assert endpoint.report(submission).status == "Received"


def test_an_accepted_submission_gets_its_receipt_under_any_limit(endpoint: Endpoint) -> None:
    """Limits apply to new cases only: an equal digest is answered first."""
    submission = submission_of()
    first = endpoint.submit(submission)
    endpoint.close()
    endpoint.settings["signal_types"] = ("md5",)
    endpoint.open()
    assert endpoint.submit(submission) == first
    refused = endpoint.refused(encode(submission_of()), purpose=Purpose.SUBMISSION)
    assert refused == (422, "not-accepted", "/items/0")


def test_withdrawal_is_the_same_however_often(endpoint: Endpoint) -> None:
    """Every repeat gets the same report, and nothing is held any more."""
    submission = submission_of()
    endpoint.submit(submission)
    reports = [endpoint.report(submission, purpose=Purpose.WITHDRAWAL) for _ in range(3)]
    reports.append(endpoint.report(submission))
    expected = CaseReport.model_validate({"status": "Withdrawn", "day": "2026-11-20", "items": 0, "signals": 0})
    assert reports == [expected] * 4


def test_a_withdrawn_case_is_not_revived(endpoint: Endpoint) -> None:
    """Sending the submission again returns its receipt, which says Withdrawn."""
    submission = submission_of()
    first = endpoint.submit(submission)
    endpoint.report(submission, purpose=Purpose.WITHDRAWAL)
    again = endpoint.submit(submission)
    assert again == first.model_copy(update={"status": again.status})
    assert again.status == "Withdrawn"
    assert endpoint.report(submission).signals == 0


def test_a_withdrawn_case_is_forgotten_after_a_year(endpoint: Endpoint) -> None:
    """After 365 days the row is deleted, and the number is unknown."""
    submission = submission_of()
    endpoint.submit(submission)
    endpoint.report(submission, purpose=Purpose.WITHDRAWAL)
    endpoint.clock.turn(days=365)
    assert endpoint.report(submission).status == "Withdrawn"
    endpoint.clock.turn(days=1)
    assert endpoint.refused(request_for(submission), purpose=Purpose.STATUS)[0] == 404


def test_withdrawal_leaves_no_byte_of_the_hash(endpoint: Endpoint) -> None:
    """Neither database nor log holds the hash, as bytes or as text, and none of its neighbours is lost."""
    shared, own, others = pdq_value(), [pdq_value() for _ in range(40)], [pdq_value() for _ in range(40)]
    mine, theirs = submission_of(shared, *own), submission_of(shared, *others)
    endpoint.submit(mine)
    endpoint.submit(theirs)
    assert all(bytes.fromhex(value) in endpoint.stored_bytes() for value in [shared, *own, *others])
    endpoint.report(mine, purpose=Purpose.WITHDRAWAL)
    stored = endpoint.stored_bytes()
    assert not [value for value in own if bytes.fromhex(value) in stored or value.encode() in stored]
    assert all(bytes.fromhex(value) in stored for value in [shared, *others])
    endpoint.report(theirs, purpose=Purpose.WITHDRAWAL)
    stored = endpoint.stored_bytes()
    assert not [value for value in [shared, *others] if bytes.fromhex(value) in stored]


@pytest.mark.parametrize("purpose", ABOUT_CASES)
def test_an_unknown_number_and_a_wrong_key_are_one(endpoint: Endpoint, purpose: Purpose) -> None:
    """Status line, headers, bytes and statements are the same."""
    submission = submission_of()
    endpoint.submit(submission)
    wrong = request_for(submission, key=new_key())
    unknown = request_for(submission_of())
    answers = [call(endpoint.app, PATHS[purpose], body, content_type=PLAIN) for body in (wrong, unknown)]
    assert answers[0] == answers[1]
    assert answers[0].status == 404
    assert endpoint.refused(wrong, purpose=purpose) == (404, "no-such-case-or-pin", None)
    assert endpoint.report(submission).status == "Received"


@pytest.mark.parametrize("purpose", ABOUT_CASES)
def test_an_unknown_number_and_a_wrong_key_run_the_same_statements(endpoint: Endpoint, purpose: Purpose) -> None:
    """Over many attempts, whatever is read or written for one is read or written for the other."""
    known = submission_of()
    endpoint.submit(known)
    statements: list[str] = []
    engine = endpoint.app.state.handler._cases._store._engine
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    seen = []
    for body in (request_for(known, key=new_key()), request_for(submission_of())):
        statements.clear()
        for _ in range(FREE_ATTEMPTS + 1):
            endpoint.refused(body, purpose=purpose)
        seen.append(list(statements))
    assert seen[0] == seen[1]
    assert {statement.split()[0] for statement in seen[0]} == {"BEGIN", "SELECT", "UPDATE", "INSERT"}


@pytest.mark.parametrize("is_known", [True, False])
def test_wrong_attempts_wait_longer_and_longer(endpoint: Endpoint, is_known: bool) -> None:
    """Five are free, then the wait doubles from a minute to an hour, for known and unknown numbers alike."""
    submission = submission_of()
    if is_known:
        endpoint.submit(submission)
    wrong = request_for(submission, key=new_key())
    for _ in range(FREE_ATTEMPTS):
        assert endpoint.refused(wrong, purpose=Purpose.STATUS)[0] == 404
    waits = []
    for _ in range(9):
        response = call(endpoint.app, PATHS[Purpose.STATUS], wrong, content_type=PLAIN)
        assert response.status == 429
        seconds = int(response.header("retry-after") or 0)
        waits.append(seconds)
        endpoint.clock.turn(seconds=seconds - 1)
        assert endpoint.refused(wrong, purpose=Purpose.WITHDRAWAL) == (429, "too-many-tries", None)
        endpoint.clock.turn(seconds=1)
        assert endpoint.refused(wrong, purpose=Purpose.WITHDRAWAL)[0] == 404
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_right_key_ends_the_wait_but_never_the_budget(endpoint: Endpoint) -> None:
    """Right requests in between do not buy more guesses."""
    submission = submission_of()
    endpoint.submit(submission)
    wrong = request_for(submission, key=new_key())
    for left in reversed(range(BUDGET // 4)):
        for _ in range(FREE_ATTEMPTS - 1):
            assert endpoint.refused(wrong, purpose=Purpose.STATUS)[0] == 404
        if left:
            endpoint.report(submission)
    assert endpoint.refused(request_for(submission), purpose=Purpose.STATUS) == (429, "too-many-tries", None)
    endpoint.clock.turn(days=REFILL_DAYS + 1)
    assert endpoint.report(submission).status == "Received"


def _examined_guesses(endpoint: Endpoint, submission: Submission, *, days: int) -> int:
    """Guess for days, as often as the endpoint allows, and replay right requests in between."""
    wrong, right = request_for(submission, key=new_key()), request_for(submission)
    end = endpoint.clock.now.timestamp() + days * 86_400
    examined = 0
    while endpoint.clock.now.timestamp() < end:
        response = call(endpoint.app, PATHS[Purpose.STATUS], wrong, content_type=PLAIN)
        examined += response.status == 404
        if response.status == 429:
            endpoint.clock.turn(seconds=min(int(response.header("retry-after") or 0), 6 * 3600))
            call(endpoint.app, PATHS[Purpose.STATUS], right, content_type=PLAIN)
    return examined


@pytest.mark.slow
def test_a_guesser_has_a_hundred_attempts_a_month_and_then_ten(endpoint: Endpoint) -> None:
    """The limit on guessing holds over months of constant attempts."""
    submission = submission_of()
    endpoint.submit(submission)
    assert _examined_guesses(endpoint, submission, days=REFILL_DAYS) <= BUDGET
    assert _examined_guesses(endpoint, submission, days=3 * REFILL_DAYS) <= 3 * REFILL


def test_a_lock_out_leaves_the_case_in_place(endpoint: Endpoint) -> None:
    """Nobody can take a case down by guessing: it outlives the lock-out and a restart of the endpoint."""
    submission = submission_of()
    endpoint.submit(submission)
    _examined_guesses(endpoint, submission, days=5)
    endpoint.close()
    endpoint.open()
    assert endpoint.refused(request_for(submission), purpose=Purpose.WITHDRAWAL)[0] == 429
    assert endpoint.submit(submission).status == "Received"


def test_the_budget_is_kept_over_a_restart(endpoint: Endpoint) -> None:
    """Waits end with the process; wrong attempts are not forgotten."""
    submission = submission_of()
    wrong = request_for(submission, key=new_key())
    for _ in range(FREE_ATTEMPTS):
        endpoint.refused(wrong, purpose=Purpose.STATUS)
    endpoint.close()
    endpoint.open()
    assert endpoint.refused(wrong, purpose=Purpose.STATUS)[0] == 404
    assert endpoint.refused(wrong, purpose=Purpose.STATUS)[0] == 429


def test_answers_are_of_the_specification(endpoint: Endpoint) -> None:
    """Receipt and problem decode strictly, whichever way they arrive."""
    for sealed in (True, False):
        status, answer = endpoint.send(encode(submission_of()), purpose=Purpose.SUBMISSION, sealed=sealed)
        assert (status, type(answer)) == (201, Receipt)
        status, problem = endpoint.send(b"{}", purpose=Purpose.SUBMISSION, sealed=sealed)
        assert (status, type(problem)) == (422, Problem)
