"""vPDQ: the reference's features, what is kept of a video, and how much of one video is in another."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.coverage import recipes_of_frames
from hashclient.hashing.reposts.levels import EDGES_FLOOR, frame_variants
from hashclient.hashing.reposts.recipe import Recipe
from hashclient.hashing.vpdq import (
    REPEAT_DISTANCE,
    Feature,
    VideoMatch,
    compare_videos,
    hash_animation,
    hash_frame,
    hash_video,
)
from hashclient.media.video import open_video
from hashclient.model import Signal, SignalType
from hashclient.model.fit import evenly
from hashclient.pixels import ArrayPixels, Frame
from hashclient.vocabulary import Coverage
from kit.slow import slow_but
from kit.videos import moving, scenery, video

VIDEOS = ("chair-22-sd-grey-bar", "chair-22-with-small-logo-bar", "pattern-sd-grey-bar")


def turned(pixels: NDArray[np.uint8]) -> ArrayPixels:
    """Give pixels that are to be turned by a quarter, as telephones store videos."""
    return ArrayPixels(pixels, orientation=6)


def frames(shown: list[NDArray[np.uint8]]) -> Iterator[Frame]:
    return (Frame(float(place), ArrayPixels(pixels)) for place, pixels in enumerate(shown))


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.vectors
@pytest.mark.parametrize("name", slow_but(VIDEOS[0], of=VIDEOS))
def test_every_frame_is_the_reference_s(name: str, vectors: Path) -> None:
    """Within 10 bits at quality 50 and more, at its time; most frames are equal."""
    expected = [line.split(",") for line in (vectors / "video" / f"{name}.vpdq.txt").read_text().splitlines()]
    distances = []
    with (vectors / "video" / f"{name}.mp4").open("rb") as stream, open_video(stream, interval=0) as video:
        for frame, (_, quality, value, seconds) in zip(video.frames(), expected, strict=True):
            (feature,) = hash_frame(frame)
            assert feature.seconds == pytest.approx(float(seconds), abs=0.001)
            assert abs(feature.quality - int(quality)) <= 1
            if int(quality) >= 50:
                distances.append(distance(feature.value, value))
    assert max(distances) <= 10
    assert distances.count(0) / len(distances) >= 0.5


@pytest.mark.vectors
def test_one_video_is_found_in_another_as_the_reference_finds_it(vectors: Path) -> None:
    """The features that the reference made, compared as it compares: the same chair is there, the pattern is not."""
    chair, logo, pattern = (reference(vectors, name) for name in VIDEOS)
    assert compare_videos(chair, chair) == VideoMatch(1, 1)
    found = compare_videos(chair, logo)
    assert min(found.of_first, found.of_second) > 0.9
    assert compare_videos(chair, pattern) == VideoMatch(0, 0)


def reference(vectors: Path, name: str) -> list[Feature]:
    lines = (vectors / "video" / f"{name}.vpdq.txt").read_text().splitlines()
    parts = (line.split(",") for line in lines)
    return [Feature(float(seconds), value, int(quality)) for _, quality, value, seconds in parts]


class TestOneFrame:
    def test_it_is_hashed_as_a_picture_is(self) -> None:
        """The same pixels give the same hash."""
        pixels = scenery(320, 240, 3)
        (feature,) = hash_frame(Frame(1.5, ArrayPixels(pixels)))
        assert (feature.value, feature.quality) == pdq_hash(pixels)
        assert feature.seconds == 1.5

    def test_the_range_of_luma_counts_for_quality_alone(self) -> None:
        """From 16 to 235 as videos have it, or from 0 to 255: the same picture has the same hash and quality."""
        grey = scenery(320, 240, 4)[..., 1]
        narrow = np.rint(16 + grey * (219 / 255)).astype(np.uint8)
        (full,) = hash_frame(Frame(0, ArrayPixels(grey)))
        (limited,) = hash_frame(Frame(0, ArrayPixels(narrow), black=16, white=235))
        assert distance(full.value, limited.value) <= 4
        assert abs(full.quality - limited.quality) <= 1

    def test_a_turned_video_is_hashed_upright_and_as_stored(self) -> None:
        """People see the one, matchers that ignore the turn see the other."""
        pixels = scenery(320, 240, 5)
        upright, stored = hash_frame(Frame(0, turned(pixels)))
        assert (upright.value, upright.quality) == pdq_hash(np.ascontiguousarray(np.rot90(pixels, -1)))
        assert (stored.value, stored.quality) == pdq_hash(pixels)

    def test_a_frame_that_is_too_small_has_no_hash(self) -> None:
        """As pictures under 5 pixels on a side."""
        assert hash_frame(Frame(0, ArrayPixels(scenery(64, 4, 1)))) == ()

    def test_its_time_is_not_in_the_signal(self) -> None:
        """What may be shared has type, value and quality."""
        signal = Feature(12.5, "0f" * 32, 80).to_signal()
        assert signal == Signal(type=SignalType.VPDQ, value="0f" * 32, quality=80)
        assert "12" not in signal.model_dump_json()


class TestAWayThroughRgb:
    """The reference converts frames to RGB with FFmpeg, whose rounding decides bits where little else does."""

    @pytest.mark.parametrize("size", [(96, 72), (160, 120)])
    def test_small_videos_stay_within_ten_bits(self, size: tuple[int, int]) -> None:
        """However few pixels a frame has, if it shows something."""
        apart = [ours for ours, _ in rgb_distances(list(moving(*size, 12)), size)]
        assert len(apart) == 12
        assert max(apart) <= 10

    def test_soft_videos_lie_no_farther_than_two_ways_of_the_reference_s_own_library(self) -> None:
        """Nothing but clouds: FFmpeg's two ways to RGB differ by more than 10 bits, and so nobody can be near both."""
        size = (320, 180)
        ours, ways = zip(
            *(pair for seed in range(6) for pair in rgb_distances([clouds(*size, seed)] * 2, size)), strict=True
        )
        assert max(ways) > 10
        assert sum(ours) <= sum(ways)
        assert max(ours) <= 31


def clouds(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    coarse = np.random.default_rng(seed).integers(60, 200, (7, 12, 3), np.uint8)
    soft = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(soft.filter(ImageFilter.GaussianBlur(3)))


def rgb_distances(shown: list[NDArray[np.uint8]], size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Give the bits between our hash and that of FFmpeg's RGB, and between that and its RGB rounded more exactly."""
    coded = video(size=size, shown=shown, options=(("crf", "20"),))
    with av.open(io.BytesIO(coded), "r") as container, open_video(io.BytesIO(coded), interval=0) as opened:  # noqa: TID251
        for decoded, frame in zip(container.decode(video=0), opened.frames(), strict=True):
            plain, exact = (
                pdq_hash(np.asarray(decoded.reformat(format="rgb24", interpolation=flags).to_ndarray(), np.uint8))
                for flags in (1, 1 | 0x40000)  # SWS_FAST_BILINEAR, SWS_ACCURATE_RND
            )
            (feature,) = hash_frame(frame)
            if min(plain[1], exact[1], feature.quality) >= 50:
                yield distance(feature.value, plain[0]), distance(plain[0], exact[0])


class TestWhatIsKept:
    def test_frames_without_detail_and_repeats_are_dropped(self) -> None:
        """A black frame, the same frame again, and nearly the same."""
        one, other = scenery(160, 120, 1), scenery(160, 120, 2)
        nearly = one.copy()
        nearly[::40, ::40] ^= 1
        black = np.zeros_like(one)
        kept = hash_video(frames([black, one, one, nearly, other, one, black]))
        assert [feature.seconds for feature in kept] == [1.0, 4.0]

    def test_every_kept_value_is_there_once(self) -> None:
        """An item of a submission refuses two that are equal."""
        shown = list(moving(160, 120, 60))
        kept = hash_video(frames(shown + shown))
        assert len({feature.value for feature in kept}) == len(kept) > 20

    def test_what_is_dropped_is_near_to_what_is_kept(self) -> None:
        """So nothing is lost that a match needs."""
        shown = list(moving(160, 120, 60))
        kept = {feature.value for feature in hash_video(frames(shown))}
        every = [feature for frame in frames(shown) for feature in hash_frame(frame) if feature.quality >= 50]
        assert all(min(distance(one.value, value) for value in kept) <= REPEAT_DISTANCE for one in every)

    def test_a_long_video_is_thinned_as_it_is_read(self) -> None:
        """Never more than twice the most are held, and what is left is spread over the whole of it."""
        shown = [scenery(64, 48, seed) for seed in range(60)]
        alive = []

        def watched() -> Iterator[Frame]:
            for frame in frames(shown):
                yield frame
                alive.append(frame.seconds)

        kept = hash_video(watched(), most=8)
        assert len(kept) == 8
        assert kept[0].seconds < 5
        assert kept[-1].seconds > 55

    def test_both_forms_of_a_turned_video_are_kept(self) -> None:
        """Until there is room for fewer only."""
        shown = [Frame(float(place), turned(scenery(160, 120, place))) for place in range(6)]
        assert len(hash_video(iter(shown))) == 12
        assert len(hash_video(iter(shown), most=4)) == 4

    def test_times_ascend_also_where_a_video_jumps_back(self) -> None:
        """Joined broadcasts start their clock anew."""
        shown = [Frame(seconds, ArrayPixels(scenery(160, 120, place))) for place, seconds in enumerate((5.0, 6.0, 0.0))]
        assert [feature.seconds for feature in hash_video(iter(shown))] == [0.0, 5.0, 6.0]

    def test_nothing_gives_nothing(self) -> None:
        """A video without frames has no hashes."""
        assert hash_video(iter([])) == []


class TestRoomForReposts:
    """Likely re-posts of frames: in the order of the recipes, each whole, as far as there is room."""

    def test_frames_come_first_and_reposts_in_the_order_of_recipes(self) -> None:
        """The first recipe gets the room that frames leave, spread over the video; the others none."""
        shown = [scenery(160, 120, seed) for seed in range(6)]
        whole, kept = (hash_video(frames(shown), most=most, coverage=Coverage.WIDE) for most in (7200, 9))
        names = [feature.variant for feature in whole]
        order = [None, *frame_variants(Coverage.WIDE)]
        places = [order.index(name) for name in names]
        assert places == sorted(places)
        assert len({*places}) > len(order) / 2
        assert [feature.variant for feature in kept] == [None] * 6 + [names[6]] * 3
        assert (kept[6].seconds, kept[8].seconds) == (0.0, 5.0)

    def test_what_is_thinned_as_it_is_read_is_what_is_thinned_in_the_end(self) -> None:
        """And no series is left with gaps: what fits in the end has fitted all along."""
        shown = [scenery(64, 48, seed) for seed in range(40)]
        whole = hash_video(frames(shown), coverage=Coverage.WIDE)
        of_first = [feature for feature in whole if feature.variant == frame_variants(Coverage.WIDE)[0]]
        own = [feature for feature in whole if feature.variant is None]
        assert hash_video(frames(shown), most=70, coverage=Coverage.WIDE) == [
            *own,
            *(of_first[place] for place in evenly([feature.seconds for feature in of_first], most=70 - len(own))),
        ]


def by_series(features: list[Feature]) -> dict[str | None, list[Feature]]:
    """Give the features of each series, in the order in which they stand; the video's own under None."""
    series: dict[str | None, list[Feature]] = {}
    for feature in features:
        series.setdefault(feature.variant, []).append(feature)
    return series


def detailed(seed: int) -> NDArray[np.uint8]:
    """Draw a frame of so much detail that each of its re-posts shows enough, in a shape that none of them has."""
    cells = np.random.default_rng(seed).integers(0, 256, (12, 20, 3), np.uint8)
    return np.ascontiguousarray(np.kron(cells, np.ones((17, 16, 1), np.uint8)))


SHOTS = [detailed(seed) for seed in range(12)]
REPOSTS = {recipe.variant: recipe for recipe in recipes_of_frames(Coverage.WIDE)}


class TestRepostsOfFrames:
    @pytest.mark.parametrize("coverage", [Coverage.STANDARD, Coverage.WIDE])
    def test_each_is_a_series_after_the_frames(self, coverage: Coverage) -> None:
        """The video's own hashes are those without coverage; every series is in the order of time, and no value is twice."""
        kept = hash_video(frames(SHOTS), coverage=coverage)
        plain = hash_video(frames(SHOTS))
        assert kept[: len(plain)] == plain
        series = by_series(kept)
        assert {*series} == {None, *REPOSTS}
        assert next(iter(series)) is None
        for some in series.values():
            assert [feature.seconds for feature in some] == sorted({feature.seconds for feature in some})
        assert len({feature.value for feature in kept}) == len(kept)
        assert min(feature.quality for feature in kept) >= 50

    def test_a_level_of_one_has_none(self) -> None:
        """Nor is more of a frame walked over than without it."""
        assert {feature.variant for feature in hash_video(frames(SHOTS), coverage=Coverage.SINGLE)} == {None}

    def test_they_are_near_the_hashes_of_frames_really_edited(self) -> None:
        """As those of pictures: within 6 bits of the frame that is mirrored first, then hashed."""
        mirrored = {
            name for name, recipe in REPOSTS.items() if recipe == Recipe(recipe.variant, orientation=recipe.orientation)
        }
        kept = by_series(hash_video(frames(SHOTS), coverage=Coverage.WIDE))
        for name in mirrored:
            turn = REPOSTS[name].orientation
            edited = [ArrayPixels(pixels, orientation=turn) for pixels in SHOTS]
            real = {place: hash_frame(Frame(place, pixels))[0] for place, pixels in enumerate(edited)}
            assert all(distance(one.value, real[round(one.seconds)].value) <= 6 for one in kept[name])
        assert mirrored

    @pytest.mark.parametrize("most", [12, 13, 30, 40])
    def test_they_share_what_frames_leave(self, most: int) -> None:
        """Frames first; then the first series whole, and so on; what is left is spread evenly over the video."""
        series = by_series(hash_video(frames(SHOTS), most=most, coverage=Coverage.WIDE))
        assert len(series.pop(None)) == len(SHOTS)
        last = [*series.values(), []][len(series) - 1]
        assert [*series] == [*REPOSTS][: len(series)]
        assert {len(some) for some in series.values() if some is not last} <= {len(SHOTS)}
        assert sum(map(len, series.values())) == most - len(SHOTS)
        if len(last) > 1:
            assert (last[0].seconds, last[-1].seconds) == (0, len(SHOTS) - 1)

    @pytest.mark.parametrize("most", [8, 20, 60])
    def test_a_long_video_is_thinned_as_it_is_read(self, most: int) -> None:
        """However many frames and re-posts there are, no more than asked for come out, spread over the whole of it."""
        shown = [scenery(64, 48, seed) for seed in range(60)]
        kept = hash_video(frames(shown), most=most, coverage=Coverage.WIDE)
        own = by_series(kept)[None]
        assert len(kept) <= most
        assert len(own) == min(most, 60)
        assert own[0].seconds < 60 / most + 1
        assert own[-1].seconds > 58 - 60 / most

    @given(most=st.integers(1, 40), count=st.integers(0, 14), coverage=st.sampled_from(Coverage))
    @settings(max_examples=25, deadline=None)
    def test_the_rule_holds_whatever_the_numbers(self, most: int, count: int, coverage: Coverage) -> None:
        """At most so many; frames before series; each series whole before the next; nothing twice."""
        shown = (SHOTS * 2)[:count]
        kept = hash_video(frames(shown), most=most, coverage=coverage)
        series = by_series(kept)
        assert len(kept) <= most
        assert kept == [feature for some in series.values() for feature in some]
        assert len({feature.value for feature in kept}) == len(kept)
        own = series.pop(None, [])
        assert len(own) == min(most, len({id(pixels) for pixels in shown}))
        whole = by_series(hash_video(frames(shown), coverage=coverage))
        *first, _ = [*series, None]
        assert [*series] == [name for name in whole if name is not None][: len(series)]
        assert all(series[name] == whole[name] for name in first[:-1])
        if coverage is Coverage.SINGLE or most == len(own):
            assert not series

    def test_frames_that_show_little_get_none_that_bring_edges(self) -> None:
        """A frame, or a black side, would be all that such a hash sees."""
        soft = [np.rint(128 + 0.75 * (scenery(320, 180, seed) - 128.0)).astype(np.uint8) for seed in range(6)]
        qualities = {hash_frame(Frame(0, ArrayPixels(pixels)))[0].quality for pixels in soft}
        edged = {name for name, recipe in REPOSTS.items() if recipe.brings_edges(320, 180)}
        assert edged
        found = {feature.variant for feature in hash_video(frames(soft), coverage=Coverage.WIDE)}
        assert 50 <= min(qualities) <= max(qualities) < EDGES_FLOOR
        assert not found & edged

    def test_a_turned_video_has_those_of_what_people_see(self) -> None:
        """They are made of the upright frame."""
        upright = [np.ascontiguousarray(np.rot90(pixels, -1)) for pixels in SHOTS[:4]]
        shown = [Frame(float(place), turned(pixels)) for place, pixels in enumerate(SHOTS[:4])]
        one = by_series(hash_video(iter(shown), coverage=Coverage.WIDE))
        other = by_series(hash_video(frames(upright), coverage=Coverage.WIDE))
        one.pop(None), other.pop(None)
        assert one.keys() == other.keys() != set()
        for name, some in one.items():
            assert all(distance(a.value, b.value) <= 2 for a, b in zip(some, other[name], strict=True))

    @pytest.mark.parametrize("side", [1, 4, 5, 8])
    def test_tiny_frames_and_flat_ones_break_nothing(self, side: int) -> None:
        """As without it: what is too small or too plain has no hash."""
        tiny = [scenery(64, side, 1), np.full((side, 64, 3), 128, np.uint8), scenery(64, 64, 1)[:, :side]]
        hash_video(frames(tiny), coverage=Coverage.WIDE)

    def test_a_picture_that_moves_has_them_too(self) -> None:
        """Beside the `pdq` of two frames, which has none: those are of one kind with a photo's own."""
        kept, shots = hash_animation(frames(SHOTS), coverage=Coverage.WIDE)
        assert {*by_series(kept)} == {None, *REPOSTS}
        assert {signal.variant for signal in shots} == {"frame"}

    @pytest.mark.parametrize("name", sorted(REPOSTS))
    def test_one_video_is_found_in_its_repost(self, name: str) -> None:
        """Series by series, each as if it were the video; others are in none."""
        known = hash_video(frames(SHOTS[:6]), coverage=Coverage.WIDE)
        copy = [replace(one, variant=None) for one in known if one.variant == name]
        assert compare_videos(copy, known) == VideoMatch(1, 1)
        strangers = hash_video(frames(SHOTS[6:]), coverage=Coverage.WIDE)
        assert compare_videos(copy, strangers) == VideoMatch(0, 0)


class TestDullFrames:
    def test_another_frame_is_asked_for_in_place_of_each_that_shows_too_little(self) -> None:
        """And of no other; so a video is said to have no detail only where every frame was tried."""
        black, one = np.zeros((120, 160, 3), np.uint8), scenery(160, 120, 1)
        asked: list[float] = []
        shown = [
            Frame(float(place), ArrayPixels(pixels), take_next=partial(asked.append, float(place)))
            for place, pixels in enumerate([black, one, black[:4], one, black])
        ]
        assert [feature.seconds for feature in hash_video(shown)] == [1.0]
        assert asked == [0.0, 2.0, 4.0]


class TestAnimation:
    def test_two_frames_are_hashed_as_pictures(self) -> None:
        """The first that shows enough, and the first of the most detail; a photo matcher sees the same."""
        soft, sharp = scenery(160, 120, 3) // 5 * 4, scenery(160, 120, 2)
        shown = [np.zeros_like(soft), soft, sharp, soft, sharp]
        assert 50 <= pdq_hash(soft)[1] < pdq_hash(sharp)[1]
        features, pdq = hash_animation(frames(shown))
        assert features == hash_video(frames(shown))
        assert [(signal.value, signal.quality) for signal in pdq] == [pdq_hash(soft), pdq_hash(sharp)]
        assert {(signal.type, signal.variant) for signal in pdq} == {(SignalType.PDQ, "frame")}

    def test_one_frame_is_hashed_once(self) -> None:
        """Where the first is the most detailed, and where none shows enough."""
        sharp = scenery(160, 120, 2)
        _, pdq = hash_animation(frames([sharp, sharp // 5 * 4, sharp]))
        assert [signal.value for signal in pdq] == [pdq_hash(sharp)[0]]
        assert hash_animation(frames([np.zeros_like(sharp)] * 3)) == ([], ())
        assert hash_animation(iter([])) == ([], ())

    def test_a_turned_one_is_hashed_upright_and_as_stored(self) -> None:
        """Four hashes at most, all of them different."""
        soft, sharp = scenery(160, 120, 3) // 5 * 4, scenery(160, 120, 2)
        _, pdq = hash_animation([Frame(0.0, turned(soft)), Frame(1.0, turned(sharp))])
        assert len({signal.value for signal in pdq}) == 4
        _, pdq = hash_animation([Frame(0.0, turned(sharp))])
        assert len(pdq) == 2


VALUES = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
FEATURES = st.lists(st.builds(Feature, st.just(0.0), VALUES, st.integers(0, 100)), max_size=8)


class TestComparing:
    @given(first=FEATURES, second=FEATURES, within=st.integers(0, 256))
    def test_the_shares_are_those_of_every_pair(self, first: list[Feature], second: list[Feature], within: int) -> None:
        """As counted one by one, with the distance of signals; low quality counts for nothing."""
        one, other = ([feature.to_signal() for feature in video if feature.quality >= 50] for video in (first, second))
        found = [any(a - b <= within for b in other) for a in one]
        back = [any(a - b <= within for a in one) for b in other]
        expected = VideoMatch(sum(found) / max(1, len(found)), sum(back) / max(1, len(back)))
        assert compare_videos(first, second, within=within) == expected
        assert compare_videos(one, other, within=within) == expected
        assert compare_videos(second, first, within=within) == VideoMatch(expected.of_second, expected.of_first)

    def test_a_part_of_a_video_is_wholly_in_it(self) -> None:
        """And the video is in the part as far as the part goes."""
        whole = [Feature(float(n), f"{(1 << 256) // 211 * n % (1 << 256):064x}", 90) for n in range(200)]
        assert compare_videos(whole[:50], whole, within=0) == VideoMatch(1, 0.25)

    def test_a_video_without_frames_is_in_none(self) -> None:
        """And none in it."""
        assert compare_videos([], [Feature(0, "0f" * 32, 90)]) == VideoMatch(0, 0)
        assert compare_videos([], []) == VideoMatch(0, 0)
