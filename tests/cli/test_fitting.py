"""What is sent fits the room that a service has, by one rule, whichever way it is asked for."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hashclient.client.request import Request
from hashclient.errors import UnfitSubmissionError
from hashclient.model import EndpointProfile, Item, Limits, Signal, Submission
from hashclient.model.fit import fit
from hashclient.model.wire import decode
from hashclient.prepare import HashOptions, item_of, prepare
from hashclient.sealing import open_sealed
from hashclient.testing import EndpointSimulator
from hashclient.vocabulary import Altered, Content, Coverage, SignalType
from kit.command_line import DECLARED, NOWHERE, PICTURES, Reached, Run, flat
from kit.submissions import DECLARATIONS, client_for, remembered_case_keys

__all__ = ["remembered_case_keys"]

FIRST, SECOND = PICTURES / "picture-1.jpg", PICTURES / "picture-2.jpg"
VIDEO_FILE = PICTURES.with_name("samples") / "sample.mp4"
WIDE = 192
"""Hashes of one picture at the widest level."""
ITEM = Item(
    content=Content.IMAGE,
    signals=tuple(
        Signal.from_text(f"pdq:{(place << 200) + ((1 << 128) - 1):064x}", quality=90, variant=variant)
        for place, variant in enumerate(["original", *(f"crop-{size}" for size in range(1, WIDE))])
    ),
)
FRAMES = tuple(Signal.from_text(f"vpdq:{(place << 200) + ((1 << 128) - 1):064x}", quality=90) for place in range(1000))
VIDEO = Item(content=Content.VIDEO, signals=(Signal.from_text("md5:" + "3" * 32), *FRAMES))
PHASH = Signal.from_text("phash:" + "1" * 16, variant="original")
MD5 = Signal.from_text("md5:" + "2" * 32)


class Choosing(EndpointSimulator):
    """Accepts these types of hashes."""

    def __init__(self, limits: Limits | None = None, *types: SignalType) -> None:
        super().__init__(NOWHERE, limits=limits)
        self._types = types

    def profile(self) -> EndpointProfile:
        return super().profile().model_copy(update={"signal_types": self._types} if self._types else {})


def request(*items: Item, to: EndpointSimulator) -> Request:
    return Request(DECLARATIONS, items, client=client_for(to))


@pytest.mark.parametrize(
    ("limits", "room"),
    [
        (Limits(), WIDE),
        (Limits(signals_per_image=64), 64),
        (Limits(signals=100), 50),
        (Limits(signals_per_image=10), 10),
    ],
)
def test_all_the_room_is_used_for_the_most_useful_hashes(limits: Limits, room: int) -> None:
    """Each picture keeps its own hash and the likeliest re-posts, as many as the service accepts."""
    fitted = request(ITEM, ITEM, to=Choosing(limits))
    assert [item.signals for item in fitted.items] == [ITEM.signals[:room]] * 2


def test_room_is_kept_for_other_types() -> None:
    """Fingerprints of other types count, too, and those of the picture itself come before re-posts."""
    item = ITEM.model_copy(update={"signals": (*ITEM.signals, PHASH, MD5)})
    for room in (WIDE + 2, WIDE + 1, 4):
        to = Choosing(Limits(signals_per_image=room), SignalType.PDQ, SignalType.PHASH, SignalType.MD5)
        (kept,) = request(item, to=to).items
        assert kept.signals == (*ITEM.signals[: room - 2], PHASH, MD5)


def test_a_video_keeps_as_many_frames_as_the_service_accepts() -> None:
    """Spread evenly over it, its digest beside them."""
    types = (SignalType.PDQ, SignalType.MD5, SignalType.VPDQ)
    kept = request(ITEM, VIDEO, to=Choosing(Limits(frames_per_video=10), *types)).items[1]
    assert kept.signals == (VIDEO.signals[0], *(FRAMES[place] for place in range(0, 1000, 111)))
    whole = request(VIDEO, to=Choosing(Limits(), *types))
    assert (whole.items, whole.left_out) == ((VIDEO,), ())


def test_several_videos_share_the_room_of_one_request() -> None:
    """No more than all together may be."""
    fitted = request(VIDEO, VIDEO, to=Choosing(Limits(signals=500), SignalType.MD5, SignalType.VPDQ))
    assert sum(len(item.signals) for item in fitted.items) <= 500


def test_a_video_of_frames_alone_is_refused_if_none_is_accepted() -> None:
    """Nothing would be left of it."""
    frames = VIDEO.model_copy(update={"signals": FRAMES})
    with pytest.raises(UnfitSubmissionError, match="no room"):
        request(ITEM, frames, to=Choosing(Limits(frames_per_video=0), SignalType.PDQ, SignalType.VPDQ))


@pytest.mark.parametrize("value", ["pdq:" + "0" * 64, "pdq:" + "f" * 64])
def test_a_picture_without_detail_is_called_so(value: str) -> None:
    """The service has room enough; what is missing is detail."""
    flat_item = Item(content=Content.IMAGE, signals=(Signal.from_text(value, quality=90, variant="original"),))
    with pytest.raises(UnfitSubmissionError, match="too little detail"):
        request(ITEM, flat_item, to=Choosing())


Submitted = Callable[..., "tuple[subprocess.CompletedProcess[str], list[str]]"]


@pytest.fixture
def submitted(run_inside: Run) -> Submitted:
    """Submit in this process, as a program; give what came of it, and the lines for the person."""

    def submit(*arguments: str | Path) -> "tuple[subprocess.CompletedProcess[str], list[str]]":
        reading, writing = os.pipe()
        ended = run_inside("submit", *arguments, *DECLARED, "--send", "--credentials-fd", str(writing))
        os.close(writing)
        with os.fdopen(reading) as kept:
            return ended, kept.read().splitlines()

    return submit


def arrived(simulator: EndpointSimulator) -> set[tuple[Signal, ...]]:
    return signals_of(decode(Submission, simulator.opened[-1]).items)


def signals_of(items: tuple[Item, ...]) -> set[tuple[Signal, ...]]:
    """Give the hashes of each item; a submission holds items in no order."""
    return {item.signals for item in items}


def test_every_way_gives_the_same(run_inside: Run, submitted: Submitted, reached: Reached, tmp_path: Path) -> None:
    """The library, `inspect`, `submit` and both kinds of file: each holds the same 64 hashes of each picture."""
    simulator = reached(Choosing(Limits(signals_per_image=64)))
    files, options = [FIRST, SECOND], ["--coverage", "wide", "--altered", "no"]

    made = prepare(files, declarations=DECLARATIONS, options=HashOptions(coverage=Coverage.WIDE))
    whole = tuple(item for one in made if (item := item_of(one, altered=Altered.NO)))
    expected = signals_of(fit(whole, simulator.profile()).items)
    assert [len(signals) for signals in expected] == [64, 64]

    def fitted(shown: bytes) -> set[tuple[Signal, ...]]:
        """Give what a request without a service holds, once it is fitted to this one."""
        items = decode(Submission, shown).items
        assert signals_of(items) == signals_of(whole)
        return signals_of(fit(items, simulator.profile()).items)

    inspected = run_inside("inspect", *files, *DECLARED, *options, "--raw")
    assert fitted(inspected.stdout.rstrip("\n").encode()) == expected
    ended, _ = submitted(*files, *options, "--to-file", tmp_path / "open")
    assert ended.returncode == 0
    assert fitted((tmp_path / "open").read_bytes()) == expected
    ended, _ = submitted(*files, *options, "--endpoint", NOWHERE)
    assert ended.returncode == 0
    assert arrived(simulator) == expected
    ended, _ = submitted(*files, *options, "--endpoint", NOWHERE, "--to-file", tmp_path / "sealed")
    assert ended.returncode == 0
    opened = open_sealed((tmp_path / "sealed").read_bytes(), key=simulator.keys[0], origin=NOWHERE)
    assert signals_of(decode(Submission, opened.untrusted_body).items) == expected


def test_a_chosen_level_is_fitted_too_and_each_reason_is_said_once(submitted: Submitted, reached: Reached) -> None:
    """Nothing that was asked for is left out silently; two pictures have one reason in common."""
    simulator = reached(Choosing(Limits(signals_per_image=10, frames_per_video=1)))
    options = ["--coverage", "standard", "--interval", "0"]
    ended, _ = submitted(FIRST, SECOND, VIDEO_FILE, *options, "--endpoint", NOWHERE)
    assert ended.returncode == 0
    assert sorted(map(len, arrived(simulator))) == [2, 10, 10]
    words = flat(ended.stderr)
    assert words.count("The service accepts fewer fingerprints of one picture than were made") == 1
    assert words.count("those that are used are spread evenly over it") == 1


def test_types_that_the_service_does_not_accept_are_left_out(submitted: Submitted, reached: Reached) -> None:
    """That is said, and the rest is sent."""
    simulator = reached(Choosing(None, SignalType.PDQ, SignalType.MD5))
    kinds = ["--type", "pdq", "--type", "phash", "--type", "md5"]
    ended, _ = submitted(FIRST, *kinds, "--coverage", "single", "--endpoint", NOWHERE)
    assert ended.returncode == 0
    (signals,) = arrived(simulator)
    assert {signal.type for signal in signals} == {SignalType.PDQ, SignalType.MD5}
    assert "does not use some of these types of fingerprints, so they were left out" in flat(ended.stderr)


def test_a_file_of_which_nothing_is_accepted_stops(submitted: Submitted, reached: Reached) -> None:
    """No file is left out without a word, and no number is drawn."""
    simulator = reached(Choosing(None, SignalType.PDQ))
    ended, kept = submitted(FIRST, VIDEO_FILE, "--endpoint", NOWHERE)
    assert ended.returncode == 2
    assert "For one of these files, the service" in flat(ended.stderr)
    assert "Nothing was sent." in flat(ended.stderr)
    assert (kept, simulator.requests) == ([], [])
