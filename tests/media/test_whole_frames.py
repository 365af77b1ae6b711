"""Which frames of an animated picture are whole: wherever it is cut, those before the cut, and no pixel of another."""

import contextlib
import re
import struct
import zlib
from fractions import Fraction
from functools import lru_cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.media import limits
from hashclient.media.animation import open_animation
from hashclient.media.image import open_image
from hashclient.media.limits import VideoLimits
from hashclient.media.whole_frames import whole_frames
from kit.videos import animated, images

KINDS = ("GIF", "WEBP", "PNG", "AVIF")
FRAMES = 5


@lru_cache
def made(kind: str) -> bytes:
    return animated(kind, FRAMES)


def shown(untrusted: bytes) -> tuple[list[bytes], bool]:
    """Give the pixels of all frames, and whether there should be more."""
    opened = open_animation(untrusted, interval=0)
    assert opened is not None
    with opened:
        pixels = [frame.pixels.rows(0, frame.pixels.height).tobytes() for frame in opened.frames()]
        return pixels, opened.is_damaged


@lru_cache
def whole(kind: str) -> list[bytes]:
    pixels, is_damaged = shown(made(kind))
    assert (len(pixels), is_damaged) == (FRAMES, False)
    return pixels


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def chunks(untrusted: bytes) -> list[tuple[bytes, bytes]]:
    place, found = 8, []
    while place < len(untrusted):
        size, name = struct.unpack_from(">I4s", untrusted, place)
        found.append((name, untrusted[place + 8 : place + 8 + size]))
        place += 12 + size
    return found


def png(*parts: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


class TestCut:
    @pytest.mark.parametrize("kind", KINDS)
    def test_wherever_it_is_cut_no_pixel_is_made_up(self, kind: str) -> None:
        """The frames before the cut are those of the whole file, and it is said that there should be more."""
        untrusted, counts = made(kind), []
        for cut in range(len(untrusted) // 40, len(untrusted) - 1, len(untrusted) // 40):
            with contextlib.suppress(BrokenMediaError, AssertionError):  # nothing is whole, or a still is left
                pixels, is_damaged = shown(untrusted[:cut])
                assert pixels == whole(kind)[: len(pixels)]
                assert is_damaged
                counts.append(len(pixels))
        assert counts == sorted(counts)
        assert {1, FRAMES - 1} <= {*counts}

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_byte_less_is_a_frame_less_at_most(self, kind: str) -> None:
        """Of GIF and PNG only the mark of their end is missing."""
        pixels, is_damaged = shown(made(kind)[:-1])
        assert is_damaged
        assert len(pixels) >= FRAMES - 1

    @settings(max_examples=40)
    @given(kind=st.sampled_from(KINDS), data=st.data())
    def test_any_cut(self, kind: str, data: st.DataObject) -> None:
        """As above, by chance; nothing but our errors comes out."""
        cut = data.draw(st.integers(12, len(made(kind)) - 1))
        try:
            opened = open_animation(made(kind)[:cut], interval=0)
        except MediaError:
            return
        if opened is None:
            return
        with opened, contextlib.suppress(BrokenMediaError):
            for place, frame in enumerate(opened.frames()):
                assert frame.pixels.rows(0, frame.pixels.height).tobytes() == whole(kind)[place]
            assert opened.is_damaged

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF"])
    def test_where_no_frame_is_whole_it_is_broken(self, kind: str) -> None:
        """Its header says that there are several, where it has one."""
        untrusted = made(kind)
        if kind == "GIF":  # the second image begins within the first
            untrusted = untrusted[: untrusted.index(b"\x21\xf9") + 8] + b"," + bytes(9) + b"\2\0" * 2
            assert open_animation(untrusted) is None
            return
        start = untrusted.index({"WEBP": b"ANMF", "AVIF": b"mdat"}[kind])
        with pytest.raises(BrokenMediaError):
            open_animation(untrusted[: start + 40])

    def test_data_after_the_end_are_no_frames(self) -> None:
        """Nor damage."""
        for kind in KINDS:
            assert shown(made(kind) + bytes(100)) == (whole(kind), False)


class TestPng:
    def test_the_number_of_frames_is_counted(self) -> None:
        """Where the header promises nine, those that are there are used; where it promises two, too."""
        for said, is_damaged in ((9, True), (2, False), (FRAMES, False)):
            parts = [
                (name, struct.pack(">II", said, 0) if name == b"acTL" else data) for name, data in chunks(made("PNG"))
            ]
            assert shown(png(*parts)) == (whole("PNG"), is_damaged)

    @pytest.mark.parametrize("count", [b"\0\0\0\5", b"", struct.pack(">II", 0, 0)])
    def test_a_count_that_is_none_makes_a_still(self, count: bytes) -> None:
        """As browsers and the specification have it; the still is its own picture."""
        parts = [(name, count if name == b"acTL" else data) for name, data in chunks(made("PNG"))]
        assert open_animation(png(*parts)) is None

    def test_frames_in_many_chunks_are_put_together(self) -> None:
        """Also with other chunks between, which are left out however odd they are."""
        parts, number = [], 0
        for name, data in chunks(made("PNG")):
            if name == b"fdAT":
                for start in range(4, len(data), 700):
                    parts.append((name, struct.pack(">I", number) + data[start : start + 700]))
                    number += 1
                continue
            if name == b"fcTL":
                parts.append((name, struct.pack(">I", number) + data[4:]))
                number += 1
                continue
            parts.append((name, data))
        split = png(*parts)
        odd = (
            chunk(b"pHYs", b"\1")[:-4] + b"\0\0\0\0" + chunk(b"iCCP", b"x" * 9) + chunk(b"eXIf", b"MM")[:-4] + bytes(4)
        )
        place = split.index(b"acTL") - 4
        assert shown(split[:place] + odd + split[place:]) == (whole("PNG"), False)
        for cut in range(place, len(split), len(split) // 60):
            with contextlib.suppress(BrokenMediaError, AssertionError):
                pixels, is_damaged = shown(split[:cut])
                assert pixels == whole("PNG")[: len(pixels)]
                assert is_damaged

    def test_a_check_sum_that_is_wrong_ends_it(self) -> None:
        """One bit of the fourth frame's data was turned."""
        untrusted = bytearray(made("PNG"))
        place = [found.start() for found in re.finditer(b"fdAT", made("PNG"))][2]
        untrusted[place + 20] ^= 1
        assert shown(bytes(untrusted)) == (whole("PNG")[:3], True)

    def test_a_picture_for_those_who_show_no_animation_is_a_frame(self) -> None:
        """Photo matchers see it, and nothing else."""
        first, *others = images(4)
        untrusted = animated("PNG", shown=[first, *others], default_image=True)
        pixels, is_damaged = shown(untrusted)
        assert len(pixels) == 4
        assert pixels[0] == first.tobytes()
        assert not is_damaged
        found = whole_frames("PNG", untrusted)
        assert found is not None
        assert found.shown == (Fraction(1, 10), *[Fraction(1, 4)] * 3)

    @pytest.mark.parametrize(
        "parts",
        [
            [(b"fdAT", bytes(4)), (b"IDAT", b"x")],
            [(b"fdAT", b"\0"), (b"IDAT", b"x")],
            [(b"fcTL", b"\0"), (b"IDAT", b"x")],
            [(b"fcTL", bytes(26)), (b"fcTL", b"\0\0\0\1" + bytes(22)), (b"IDAT", b"x")],
            [(b"IDAT", b"x"), (b"fcTL", b"\0\0\0\7" + bytes(22))],
            [(b"fcTL", bytes(26))],
            [],
        ],
    )
    def test_chunks_out_of_place_end_it(self, parts: list[tuple[bytes, bytes]]) -> None:
        """What is left is a still, or nothing."""
        assert whole_frames("PNG", png((b"acTL", struct.pack(">II", 3, 0)), *parts)) is None


class TestOthers:
    def test_frames_of_avif_lie_where_its_tables_say(self) -> None:
        """In one chunk or in several, at 32 or at 64 bits."""
        untrusted = made("AVIF")
        sizes = struct.unpack_from(f">{FRAMES}I", untrusted, untrusted.index(b"stsz") + 16)
        (start,) = struct.unpack_from(">I", untrusted, untrusted.index(b"stco") + 12)
        for count in range(1, FRAMES + 1):
            found = whole_frames("AVIF", untrusted[: start + sum(sizes[:count])])
            assert found is not None
            assert len(found.shown) == count
            assert found.is_damaged == (count < FRAMES)

    def test_an_avif_with_alpha_needs_both_of_its_tracks(self) -> None:
        """A frame is whole if its alpha is."""
        drawn = [image.convert("RGBA") for image in images(FRAMES)]
        for place, image in enumerate(drawn):
            image.putalpha(Image.effect_noise(image.size, 20 * place + 5))
        untrusted = animated("AVIF", shown=drawn)
        assert len(shown(untrusted)[0]) == FRAMES
        pixels, is_damaged = shown(untrusted[:-1])
        assert len(pixels) == FRAMES - 1
        assert is_damaged

    def test_a_webp_may_be_longer_than_it_says(self) -> None:
        """What follows is none of it; nor are a few bytes within it that are no chunk."""
        untrusted = made("WEBP")
        assert shown(untrusted + b"more") == (whole("WEBP"), False)
        assert shown(untrusted[:4] + struct.pack("<I", len(untrusted) - 4) + untrusted[8:] + b"more") == (
            whole("WEBP"),
            False,
        )

    def test_a_webp_of_one_frame_is_a_still(self) -> None:
        """Also one that says that it moves; unless others are cut off."""
        untrusted = made("WEBP")
        second = untrusted.index(b"ANMF", untrusted.index(b"ANMF") + 4)
        one = untrusted[:4] + struct.pack("<I", second - 8) + untrusted[8:second]
        assert open_animation(one) is None
        with open_image(one) as picture:
            assert picture.rows(0, picture.height).tobytes() == whole("WEBP")[0]
        assert shown(untrusted[:second]) == (whole("WEBP")[:1], True)

    def test_a_table_that_is_cut_is_none(self) -> None:
        """Of a track whose tables cannot be read nothing is known, so it is left to whoever opens stills."""
        track = box(b"trak", box(b"hdlr", bytes(8) + b"pict"), box(b"stsz", struct.pack(">III", 0, 0, 3)))
        assert whole_frames("AVIF", FTYP + box(b"moov", track)) is None
        track = box(b"trak", box(b"hdlr", bytes(8) + b"pict"), box(b"stsz", struct.pack(">III", 0, 5, 3)))
        with pytest.raises(BrokenMediaError):  # it does not say where its samples are
            whole_frames("AVIF", FTYP + box(b"moov", track))

    def test_more_frames_than_allowed_are_refused_before_any_is_decoded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """By their count alone."""
        monkeypatch.setattr(limits, "VIDEOS", VideoLimits(max_animation_frames=FRAMES - 1))
        for kind in KINDS:
            with pytest.raises(MediaTooLargeError):
                whole_frames(kind, made(kind))


def box(name: bytes, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return struct.pack(">I", 8 + len(body)) + name + body


FTYP = box(b"ftyp", b"avis", bytes(4), b"avisavif")
TABLES = st.lists(
    st.builds(
        box,
        st.sampled_from([b"stsz", b"stco", b"co64", b"stsc", b"stts", b"mdhd", b"hdlr", b"trak", b"mdia", b"free"]),
        st.binary(max_size=12) | st.just(bytes(8) + b"pict"),
        st.lists(st.integers(0, 9), max_size=9).map(lambda numbers: struct.pack(f">{len(numbers)}I", *numbers)),
    ),
    max_size=12,
).map(b"".join)


class TestHostile:
    @settings(max_examples=200)
    @given(
        kind=st.sampled_from(KINDS),
        untrusted=st.binary(max_size=400)
        | st.binary(max_size=200).map(lambda body: b"GIF89a" + bytes(7) + body)
        | st.binary(max_size=200).map(lambda body: b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0\2" + bytes(9) + body)
        | TABLES.map(lambda tables: FTYP + box(b"moov", box(b"trak", tables)))
        | st.lists(
            st.tuples(st.sampled_from([b"IHDR", b"acTL", b"fcTL", b"fdAT", b"IDAT"]), st.binary(max_size=30))
        ).map(lambda parts: png(*parts)),
    )
    @example(kind="GIF", untrusted=b"")
    @example(kind="AVIF", untrusted=FTYP + struct.pack(">I4sQ", 1, b"moov", 3))
    def test_any_bytes(self, kind: str, untrusted: bytes) -> None:
        """Frames, a still, or one of our errors; and as many times as there are frames."""
        try:
            found = whole_frames(kind, untrusted)
        except MediaError:
            return
        assert found is None or (found.shown and all(seconds > Fraction(1, 100) for seconds in found.shown))

    def test_tables_that_would_fill_memory_are_refused(self) -> None:
        """Counts and places are numbers that anyone can write."""
        sizes = box(b"stsz", struct.pack(">III", 0, 5, 2**31))
        many = [box(b"trak", box(b"hdlr", bytes(8) + b"pict"), box(b"stsz", struct.pack(">III", 0, 1, 7000)))] * 100
        far = [
            box(b"hdlr", bytes(8) + b"pict"),
            box(b"stsz", struct.pack(">III", 0, 9, 3)),
            box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
            box(b"co64", struct.pack(">IIQQQ", 0, 3, 0, 9, 2**62)),
        ]
        for tables in (box(b"trak", sizes), b"".join(many), box(b"trak", *far)):
            with pytest.raises(MediaTooLargeError):
                whole_frames("AVIF", FTYP + box(b"moov", tables))

    def test_many_small_parts_are_walked_once(self) -> None:
        """A megabyte of the smallest blocks, chunks and boxes of each kind."""
        blocks = b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\1x" * 500_000
        few = png((b"acTL", struct.pack(">II", 9, 0)), (b"fcTL", bytes(26)))
        parts = few + chunk(b"IDAT", b"") * 80_000
        boxes = FTYP + box(b"moov", struct.pack(">I4sI4s", 8, b"trak", 2**31, b"mdia") * 60_000)
        assert whole_frames("GIF", blocks) is None
        assert whole_frames("PNG", parts) is not None
        assert whole_frames("AVIF", boxes) is None
