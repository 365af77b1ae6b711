"""The boxes of a HEIC or AVIF are walked over in bounded time, whatever they claim."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import BrokenMediaError, MediaError, MediaTooLargeError
from hashclient.media.boxes import boxes, check_completeness
from kit.bad_pictures import saved

BOXES = st.recursive(
    st.binary(max_size=40),
    lambda inner: st.tuples(
        st.sampled_from([b"meta", b"iinf", b"infe", b"iloc", b"mdat", b"ftyp", b"free"]), st.lists(inner, max_size=4)
    ).map(lambda box: written(box[0], b"".join(box[1]))),
    max_leaves=12,
)


def written(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def with_parts(sizes: int, parts: bytes, *, items: int) -> bytes:
    """Write a file with one coded item, and a table that says where parts of it lie."""
    entry = written(b"infe", b"\2\0\0\0" + struct.pack(">HH", 1, 0) + b"av01")
    listed = written(b"iinf", bytes(4) + struct.pack(">H", 1) + entry)
    placed = written(b"iloc", bytes(4) + bytes((sizes, 0)) + struct.pack(">H", items) + parts)
    return written(b"ftyp", b"avif") + written(b"meta", bytes(4) + listed + placed) + written(b"mdat", b"x" * 4000)


def test_parts_that_take_no_place_do_not_go_on_for_ever() -> None:
    """A table of a few kilobytes could name hundreds of millions of empty parts."""
    item = struct.pack(">HHH", 1, 0, 0xFFFF)
    check_completeness(with_parts(0x00, item * 60_000, items=60_000))


def test_parts_without_end_are_not_all_read() -> None:
    """A table of 64 MiB names as many parts that lie elsewhere; it took 35 s."""
    item = struct.pack(">HHHH", 1, 1, 0, 0xFFFF) + bytes(0xFFFF)
    whole = with_parts(0x10, item * 40, items=40)
    place = whole.index(b"iloc") + 4
    with pytest.raises(MediaTooLargeError):
        check_completeness(whole[:place] + b"\1" + whole[place + 1 :])


def test_parts_that_lie_over_each_other_are_refused() -> None:
    """Thousands of parts that are each the whole file would be searched for ever."""
    item = struct.pack(">HHH", 1, 0, 1000) + b"".join(struct.pack(">II", place, 3000) for place in range(1000))
    with pytest.raises(MediaTooLargeError):
        check_completeness(with_parts(0x44, item, items=1))


def test_a_part_beyond_the_file_is_damage() -> None:
    """What is named and not there is missing."""
    with pytest.raises(BrokenMediaError):
        check_completeness(with_parts(0x44, struct.pack(">HHHII", 1, 0, 1, 0, 90_000), items=1))


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_good_pictures_are_whole(kind: str) -> None:
    """As our own libraries write them."""
    check_completeness(saved(kind))
    assert next(boxes(saved(kind))).name == b"ftyp"


@given(st.lists(BOXES, max_size=5).map(b"".join))
def test_any_boxes_are_walked_over(untrusted: bytes) -> None:
    """Nothing but our errors comes out."""
    with suppress(MediaError):
        check_completeness(untrusted)


@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=8))
def test_any_change_of_a_good_picture_is_walked_over(changes: list[tuple[int, int]]) -> None:
    """As above, near what is right."""
    spoilt = bytearray(saved("AVIF"))
    for place, value in changes:
        spoilt[place % len(spoilt)] = value
    with suppress(MediaError):
        check_completeness(bytes(spoilt))
