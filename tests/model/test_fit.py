"""One rule for what a service accepts, and frames chosen evenly over time."""

import random
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hashclient.client.request import build_submission
from hashclient.model import EndpointProfile, Item, Limits, Signal
from hashclient.model.fit import Fitted, evenly, fit
from hashclient.model.policy import refusals
from hashclient.model.wire import encode
from hashclient.vocabulary import MAX_FRAMES, Altered, Content, Reason, SignalType
from kit.submissions import DECLARATIONS, credentials, remembered_case_keys

__all__ = ["remembered_case_keys"]

TIMES = st.lists(st.floats(0, 10_000), max_size=60).map(sorted)


@given(times=TIMES, most=st.integers(0, 70))
def test_as_many_as_there_may_be(times: list[float], most: int) -> None:
    """Exactly that many are chosen if there are that many, in order, none twice."""
    chosen = evenly(times, most=most)
    assert len(chosen) == min(most, len(times))
    assert chosen == sorted(set(chosen))
    assert all(0 <= place < len(times) for place in chosen)


@given(times=TIMES.filter(lambda times: len(times) > 2), most=st.integers(2, 60))
def test_the_first_and_the_last_are_among_them(times: list[float], most: int) -> None:
    """The whole video is covered."""
    chosen = evenly(times, most=most)
    assert times[chosen[0]] == times[0]
    assert times[chosen[-1]] == times[-1]


def test_time_counts_and_not_number() -> None:
    """A lively second gets no more than a quiet one."""
    lively = [place / 100 for place in range(100)]
    quiet = [float(second) for second in range(1, 11)]
    chosen = evenly(lively + quiet, most=11)
    assert [round((lively + quiet)[place]) for place in chosen] == list(range(11))


def test_all_at_once() -> None:
    """Frames at the same time are taken from the start."""
    assert evenly([5.0] * 6, most=3) == [0, 1, 2]
    assert evenly([5.0, 6.0], most=1) == [0]
    assert evenly([], most=3) == []


def signals_of(variants: list[str], *, kind: str = "pdq", seed: int = 1) -> tuple[Signal, ...]:
    """Return distinct signals, one for each variant, with half of their bits set."""
    return tuple(
        Signal.from_text(f"{kind}:{value}", quality=90 if kind == "pdq" else None, variant=variant)
        for variant, value in zip(variants, values(len(variants), 64 if kind == "pdq" else 16, seed), strict=True)
    )


def values(count: int, digits: int, seed: int) -> list[str]:
    drawn = random.Random(seed)
    return [
        "".join(drawn.choice("3569ac") for _ in range(digits))  # two ones of four bits each
        for _ in range(count)
    ]


def digest(kind: str, seed: int = 0) -> Signal:
    return Signal.from_text(f"{kind}:{seed:0{32 if kind == 'md5' else 64}x}")


def image(*signals: Signal, altered_from: int | None = None) -> Item:
    altered = Altered.NO if altered_from is None else Altered.YES
    return Item(content=Content.IMAGE, altered=altered, altered_from=altered_from, signals=signals)


def video(frames: int, *, seed: int = 9) -> Item:
    made = [Signal(type=SignalType.VPDQ, value=value, quality=80) for value in values(frames, 64, seed)]
    return Item(content=Content.VIDEO, altered=Altered.NO, signals=(digest("md5"), digest("sha256"), *made))


def moving(frames: int, *mirrored: int) -> Item:
    """Return a video whose frames are given as `vpdq` and as `pdq`, and some re-posts of them."""
    shown = values(frames, 64, 5)
    signals = [digest("md5")]
    signals += [Signal(type=SignalType.VPDQ, value=value, quality=80) for value in shown]
    signals += [Signal(type=SignalType.PDQ, value=value, quality=80, variant="frame") for value in shown]
    for seed, count in enumerate(mirrored, start=6):
        signals += [
            Signal(type=SignalType.VPDQ, value=value, quality=80, variant=f"mirror{seed}")
            for value in values(count, 64, seed)
        ]
    return Item(content=Content.VIDEO, signals=tuple(signals))


def series_of(item: Item, whole: Item) -> dict[tuple[str, str | None], list[int]]:
    """Give the places that were kept of each series of frames, among the frames of that series."""
    kept: dict[tuple[str, str | None], list[int]] = {}
    places: dict[tuple[str, str | None], int] = {}
    for signal in whole.signals:
        series = (signal.type.value, signal.variant)
        places[series] = places.get(series, -1) + 1
        if signal in item.signals:
            kept.setdefault(series, []).append(places[series])
    return kept


def test_frames_of_both_types_are_thinned_alike() -> None:
    """Twenty hashes of frames are ten of each type, both spread over the whole video; digests stay."""
    whole = moving(100)
    (kept,), left_out = fitted([whole], profile(frames_per_video=20))
    spread = list(range(0, 100, 11))
    assert series_of(kept, whole) == {("md5", None): [0], ("vpdq", None): spread, ("pdq", "frame"): spread}
    assert left_out == [(Reason.TOO_MANY_SIGNALS, 0)]
    assert not list(refusals(build_submission(credentials(), DECLARATIONS, [kept]), profile(frames_per_video=20)))


def test_reposts_of_frames_get_what_frames_leave() -> None:
    """A video's own frames come first, then its re-posts in their order, each whole; the last is spread over the video."""
    whole = moving(10, 40, 40)
    (kept,) = fit([whole], profile(frames_per_video=66)).items
    found = series_of(kept, whole)
    assert found[("vpdq", None)] == found[("pdq", "frame")] == list(range(10))
    assert found[("vpdq", "mirror6")] == list(range(40))
    last = found[("vpdq", "mirror7")]
    assert (last[0], last[-1], len(last)) == (0, 39, 6)
    (fewer,) = fit([whole], profile(frames_per_video=30)).items
    assert {variant for _, variant in series_of(fewer, whole)} == {None, "frame", "mirror6"}
    (fewest,) = fit([whole], profile(frames_per_video=12)).items
    assert {variant for _, variant in series_of(fewest, whole)} == {None, "frame"}


def test_frames_go_where_one_type_is_accepted() -> None:
    """A service that takes PDQ alone gets the frames as that, one that takes vPDQ alone as that."""
    for kind in (SignalType.PDQ, SignalType.VPDQ):
        (kept,) = fit([moving(30)], profile(frames_per_video=10, signal_types=(kind,))).items
        assert [signal.type for signal in kept.signals] == [kind] * 10


def test_the_longest_hash_keeps_to_the_bytes_that_are_counted() -> None:
    """A hash with the longest variant takes no more bytes than the room that is counted for it."""
    long = [Signal(type=SignalType.VPDQ, value=v, quality=100, variant="v" * 48) for v in values(300, 64, 3)]
    by = profile(body_bytes=32 * 1024)
    (kept,) = fit([Item(content=Content.VIDEO, signals=tuple(long))], by).items
    assert 100 < len(kept.signals) < 300
    assert len(encode(build_submission(credentials(), DECLARATIONS, [kept]))) < 32 * 1024 - 2048


def profile(**changes: Any) -> EndpointProfile:
    limits = Limits(**{name: value for name, value in changes.items() if name in Limits.model_fields})
    rest = {name: value for name, value in changes.items() if name not in Limits.model_fields}
    return EndpointProfile(
        name="A", operator="B", origin="https://endpoint.example", plain_bodies=True, limits=limits, **rest
    )


WIDE = ["original", "stored", *(f"crop-{size}-0-0-0" for size in range(1, 191))]


def test_what_fits_stays_as_it_is() -> None:
    """Items within every limit are returned unchanged, with nothing left out; without a profile the default limits apply."""
    items = (image(*signals_of(WIDE)), video(300))
    every = profile(signal_types=tuple(SignalType))
    assert fit(items, every) == Fitted(items, ()) == fit(items, None)


def test_a_picture_keeps_its_own_hashes_and_the_likeliest_reposts() -> None:
    """Room for 64 is used for 64: own forms and digests wherever they are, then re-posts in their order."""
    pdq = signals_of(WIDE)
    item = image(*pdq, digest("md5"))
    (kept,), left_out = fitted([item], profile(signals_per_image=64))
    assert kept.signals == (*pdq[:63], digest("md5"))
    assert left_out == [(Reason.TOO_MANY_SIGNALS, 0)]


def fitted(items: Sequence[Item], by: EndpointProfile) -> tuple[tuple[Item, ...], list[tuple[Reason, int | None]]]:
    result = fit(items, by)
    return result.items, [(refusal.reason, refusal.item) for refusal in result.left_out]


def test_a_video_keeps_digests_and_frames_spread_evenly() -> None:
    """Digests stay, and 10 of 100 frames are kept, including the first and the last."""
    whole = video(100)
    (kept,), left_out = fitted([whole], profile(frames_per_video=10, signal_types=tuple(SignalType)))
    frames = whole.signals[2:]
    assert kept.signals[:2] == whole.signals[:2]
    assert kept.signals[2:] == tuple(frames[place] for place in range(0, 100, 11))
    assert left_out == [(Reason.TOO_MANY_SIGNALS, 0)]


def test_pdq_of_frames_counts_as_frames() -> None:
    """It is kept, and takes the place of other frames, so that the endpoint's own count is met."""
    shots = [Signal(type=SignalType.PDQ, value=one, quality=80, variant="frame") for one in values(4, 64, 5)]
    whole = video(100)
    whole = whole.model_copy(update={"signals": (*whole.signals, *shots)})
    limited = profile(frames_per_video=10, signal_types=tuple(SignalType))
    (kept,), _ = fitted([whole], limited)
    assert len(kept.signals) == 10 + 2
    assert {*shots} <= {*kept.signals}
    (few,), _ = fitted([whole], profile(frames_per_video=3, signal_types=tuple(SignalType)))
    assert len(few.signals) <= 3 + 2


def test_the_longest_video_fits() -> None:
    """7,200 frames, MD5 and SHA-256 are 7,202 signals, which the model, the default limits and the profile accept."""
    whole = video(MAX_FRAMES)
    assert len(whole.signals) == MAX_FRAMES + 2
    assert fit([whole], profile(signal_types=tuple(SignalType))) == Fitted((whole,), ())


def test_room_is_shared_out() -> None:
    """What one item does not need goes to the others, whatever the order."""
    small, large = image(*signals_of(["original"])), image(*signals_of(WIDE, seed=2))
    for items in ([small, large], [large, small]):
        result = fit(items, profile(signals=101))
        assert sorted(len(item.signals) for item in result.items) == [1, 100]


def test_bytes_of_the_body_count() -> None:
    """A service that accepts 16 KiB gets as many hashes as are certain to fit."""
    (kept,) = fit([image(*signals_of(WIDE))], profile(body_bytes=16 * 1024)).items
    assert 40 <= len(kept.signals) <= 60


def test_types_that_are_not_accepted_go() -> None:
    """What an endpoint does not accept is left out, with any item of nothing else, and links are adjusted."""
    other = image(*signals_of(["original"], kind="phash"))
    own, made = image(*signals_of(["original"])), image(*signals_of(["original"], seed=3), altered_from=1)
    items, left_out = fitted([other, own, made], profile())
    assert [item.signals for item in items] == [own.signals, made.signals]
    assert items[1].altered_from == 0
    assert left_out == [(Reason.TYPE_NOT_ACCEPTED, 0)]
    assert fit([other, image(*made.signals, altered_from=0)], profile()).items[0].altered_from is None


def test_what_may_never_leave_goes() -> None:
    """An almost constant hash stays on the device."""
    flat = Signal.from_text("pdq:" + "0" * 63 + "1", quality=90, variant="original")
    (kept,), left_out = fitted([image(flat, *signals_of(["mirror"]))], profile())
    assert [signal.variant for signal in kept.signals] == ["mirror"]
    assert left_out == [(Reason.FLAT, 0)]


@given(st.data())
def test_the_result_fits_whatever_the_limits(data: st.DataObject) -> None:
    """For any items and limits, the result is within every limit that leaving out hashes can keep, and fits again unchanged."""
    count = data.draw(st.integers(1, 5))
    items = [
        image(*signals_of(WIDE[: data.draw(st.integers(1, 192))], seed=seed))
        if data.draw(st.booleans())
        else data.draw(st.sampled_from([video(data.draw(st.integers(1, 40)), seed=seed), moving(30, 20, 5)]))
        for seed in range(count)
    ]
    by = profile(
        signals=data.draw(st.integers(count, 400)),
        signals_per_image=data.draw(st.integers(1, 256)),
        frames_per_video=data.draw(st.integers(0, 50)),
        signal_types=data.draw(st.sampled_from([(SignalType.PDQ, SignalType.MD5, SignalType.VPDQ), tuple(SignalType)])),
    )
    result = fit(items, by)
    assert fit(result.items, by) == Fitted(result.items, ())
    submission = build_submission(credentials(), DECLARATIONS, result.items)
    assert not list(refusals(submission, by))
