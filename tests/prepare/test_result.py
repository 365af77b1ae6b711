"""What may leave the device, and what is left out and why."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import BrokenMediaError, InvalidSubmissionError, UsageError
from hashclient.model import Altered, Content, Declarations, EndpointProfile, Item, Limits, Signal, SignalType
from hashclient.model.fit import fit
from hashclient.model.submission import MAX_ITEMS
from hashclient.prepare import Prepared, Skipped, item_of
from hashclient.prepare.result import keep_fit
from hashclient.vocabulary import MAX_FRAMES, Reason

AFFIRMED = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)  # type: ignore[arg-type]
PATH = Path("folder", "holiday.jpg")


def signal(value: str = "0f" * 32, *, quality: int = 90, variant: str = "original") -> Signal:
    return Signal(type=SignalType.PDQ, value=value, quality=quality, variant=variant)


def frame(number: int, *, quality: int = 90) -> Signal:
    return Signal(type=SignalType.VPDQ, value=f"{(1 << 256) // 10_007 * (number + 1):064x}", quality=quality)


DIGESTS = (Signal.from_text("md5:" + "0f" * 16), Signal.from_text("sha256:" + "0f" * 32))


def kept(*signals: Signal, skipped: tuple[Skipped, ...] = ()) -> Prepared:
    return keep_fit(Prepared(PATH, 0, Content.IMAGE, signals, skipped, "full"), declarations=AFFIRMED)


def kept_video(*signals: Signal, times: tuple[float, ...]) -> Prepared:
    return keep_fit(Prepared(PATH, 0, Content.VIDEO, signals, (), "full", times), declarations=AFFIRMED)


def reasons(prepared: Prepared) -> list[object]:
    return [skipped.reason for skipped in prepared.skipped]


def test_good_hashes_pass() -> None:
    """What is fit stays, in its order, and nothing is skipped."""
    signals = (signal(), signal("f0" * 32, variant="stored"))
    prepared = kept(*signals)
    assert (prepared.signals, prepared.skipped) == (signals, ())
    assert prepared.declarations is AFFIRMED


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(signal(quality=49), Reason.LOW_QUALITY), (signal("0" * 64), Reason.FLAT), (signal("f" * 64), Reason.FLAT)],
)
def test_what_may_not_leave_is_a_skip_with_a_sentence(bad: Signal, reason: Reason) -> None:
    """A hash of low quality, or a flat one, is left out with its reason in words."""
    prepared = kept(bad, bad)
    assert prepared.signals == ()
    assert reasons(prepared) == [reason]
    assert prepared.skipped[0].sentence
    assert prepared.skipped[0].hint
    assert item_of(prepared, altered=Altered.NO) is None


def test_the_floor_is_fifty() -> None:
    """Quality 50 may leave, 49 may not."""
    assert kept(signal(quality=50)).signals
    assert not kept(signal(quality=49)).signals


def test_an_equal_value_is_kept_once() -> None:
    """Where a variant has the same hash, the first is kept: an item holds no signal twice."""
    prepared = kept(signal(), signal(variant="stored"))
    assert [one.variant for one in prepared.signals] == ["original"]
    assert prepared.skipped == ()


def test_frames_that_may_not_leave_take_their_times_along() -> None:
    """Each time goes on standing beside its frame."""
    prepared = kept_video(DIGESTS[0], frame(0), frame(1, quality=10), frame(2), times=(1.0, 2.0, 3.0))
    assert prepared.signals == (DIGESTS[0], frame(0), frame(2))
    assert prepared.times == (1.0, 3.0)
    assert reasons(prepared) == [Reason.LOW_QUALITY]


def test_earlier_reasons_stay() -> None:
    """What was skipped for the file itself is kept beside."""
    broken = Skipped.because(BrokenMediaError())
    assert reasons(kept(signal(quality=1), skipped=(broken,))) == [broken.reason, Reason.LOW_QUALITY]


@given(st.lists(st.builds(signal, st.text("0123456789abcdef", min_size=64, max_size=64), quality=st.integers(0, 100))))
def test_what_is_left_always_makes_an_item(signals: list[Signal]) -> None:
    """Whatever was hashed, what passes is an item that follows the specification, or nothing."""
    prepared = kept(*signals)
    item = item_of(prepared, altered=Altered.YES, altered_from=2)
    assert (item is None) == (not prepared.signals)
    assert item is None or item == Item(
        content=Content.IMAGE, altered=Altered.YES, altered_from=2, signals=prepared.signals
    )


def test_the_longest_video_makes_an_item() -> None:
    """As many frames as are ever kept, and both digests of the file: 7,202 signals."""
    frames = [frame(number) for number in range(MAX_FRAMES)]
    prepared = kept_video(*DIGESTS, *frames, times=tuple(map(float, range(MAX_FRAMES))))
    item = item_of(prepared, altered=Altered.NO)
    assert item is not None
    assert len(item.signals) == len(prepared.signals) == MAX_FRAMES + 2


@pytest.mark.parametrize(
    ("altered", "altered_from"), [(Altered.NO, 0), (Altered.UNKNOWN, 0), (Altered.YES, -1), (Altered.YES, MAX_ITEMS)]
)
def test_an_item_that_cannot_be_is_our_error(altered: Altered, altered_from: int) -> None:
    """What the specification forbids is refused in our own words, not in those of a library."""
    with pytest.raises(InvalidSubmissionError):
        item_of(kept(signal()), altered=altered, altered_from=altered_from)


def test_too_many_hashes_are_our_error() -> None:
    """A result that nobody of ours makes is refused in the same way."""
    frames = [frame(number) for number in range(MAX_FRAMES + 1)]
    prepared = kept_video(*DIGESTS, *frames, times=tuple(map(float, range(MAX_FRAMES + 1))))
    with pytest.raises(InvalidSubmissionError):
        item_of(prepared, altered=Altered.NO)


def test_hashes_made_without_declarations_make_no_item() -> None:
    """The results of `hash_files` cannot become part of a submission."""
    raw = Prepared(PATH, 0, Content.IMAGE, (signal(),), (), "full")
    with pytest.raises(UsageError, match="without the declarations"):
        item_of(raw, altered=Altered.NO)


def test_a_result_knows_its_file_and_nothing_else_does() -> None:
    """The path stands in the result for the program that asked, in no item, and in no words."""
    prepared = kept(signal(), signal("0" * 64))
    item = item_of(prepared, altered=Altered.NO)
    assert prepared.path == PATH
    assert item is not None
    for words in (repr(prepared), repr(item), item.model_dump_json(), repr(prepared.skipped)):
        assert "holiday" not in words


def test_a_result_can_be_sent_to_another_process() -> None:
    """Whole, with its reasons: the seam between whoever opens files and whoever asked is picklable."""
    prepared = kept(signal(), skipped=(Skipped.because(BrokenMediaError()),))
    sent = pickle.loads(pickle.dumps(prepared))  # noqa: S301  # our own bytes
    assert (sent.path, sent.signals, sent.declarations) == (PATH, prepared.signals, AFFIRMED)
    assert (type(sent.skipped[0].reason), sent.skipped[0].sentence) == (BrokenMediaError, BrokenMediaError.sentence)


class TestWhatAServiceAccepts:
    """Left to `model.fit`, on the items as they are made here."""

    def test_so_many_hashes_of_one_picture(self) -> None:
        """Beyond the limit the last are left out, with the reason."""
        item = item_of(kept(signal(), signal("f0" * 32, variant="stored")), altered=Altered.NO)
        assert item is not None
        fitted = fit([item], taking(SignalType.PDQ, limits=Limits(signals_per_image=1)))
        assert [one.variant for one in fitted.items[0].signals] == ["original"]
        assert [refusal.reason for refusal in fitted.left_out] == [Reason.TOO_MANY_SIGNALS]

    def test_so_many_frames_of_one_video(self) -> None:
        """They are spread over it, and its digest stays."""
        frames = [frame(number) for number in range(100)]
        item = item_of(kept_video(DIGESTS[0], *frames, times=tuple(map(float, range(100)))), altered=Altered.NO)
        assert item is not None
        profile = taking(SignalType.MD5, SignalType.VPDQ, limits=Limits(frames_per_video=10))
        fitted = fit([item], profile)
        assert fitted.items[0].signals == (DIGESTS[0], *(frames[place] for place in range(0, 100, 11)))
        assert [refusal.reason for refusal in fitted.left_out] == [Reason.TOO_MANY_SIGNALS]

    def test_digests_alone(self) -> None:
        """Then no frame is sent."""
        item = item_of(kept_video(DIGESTS[0], frame(0), times=(0.0,)), altered=Altered.NO)
        assert item is not None
        fitted = fit([item], taking(SignalType.MD5))
        assert fitted.items[0].signals == (DIGESTS[0],)
        assert [refusal.reason for refusal in fitted.left_out] == [Reason.TYPE_NOT_ACCEPTED]

    def test_nothing_of_videos(self) -> None:
        """It is said once, and the picture beside it is accepted."""
        items = [
            item_of(kept_video(DIGESTS[0], frame(0), times=(0.0,)), altered=Altered.NO),
            item_of(kept(signal()), altered=Altered.NO),
        ]
        fitted = fit([item for item in items if item], taking(SignalType.PDQ))
        assert [item.content for item in fitted.items] == [Content.IMAGE]
        assert [(refusal.reason, refusal.item) for refusal in fitted.left_out] == [(Reason.TYPE_NOT_ACCEPTED, 0)]


def taking(*types: SignalType, limits: Limits | None = None) -> EndpointProfile:
    return EndpointProfile(
        name="Test",
        operator="Test",
        origin="http://127.0.0.1:1",
        plain_bodies=True,
        signal_types=types,
        limits=limits or Limits(),
    )
