"""Hashes and policies: what is submitted, what is received, and who has to change."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import UsageError
from hashclient.hashing.pdq import DIHEDRAL, pdq_dihedral, pdq_hash
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.lab import hashes
from hashclient.lab.hashes import HashValue, LabHash, add_hash, bit_distances, hash_named
from hashclient.lab.policies import Leg, Policy, eight_by_bits, named, policy_named, usual_policies
from hashclient.lab.suites import keyed_generator
from hashclient.lab.transforms.draw import drawn_donor
from hashclient.pixels import TURNS, ArrayPixels
from hashclient.vocabulary import Coverage

PIXELS = np.asarray(drawn_donor(keyed_generator("policies"), (400, 300)))
VALUES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=6)


def test_the_eight_by_bits_are_nearly_those_of_the_reference() -> None:
    """Each of the reference's eight lies within 8 bits of one by bits, and the transposes of each other exactly."""
    values, _ = pdq_dihedral(PIXELS)
    own = np.frombuffer(bytes.fromhex(values[0]), np.uint8)[np.newaxis]
    eight = eight_by_bits(own)[0]
    theirs = np.array([np.frombuffer(bytes.fromhex(value), np.uint8) for value in values])
    nearest = bit_distances(theirs, np.ascontiguousarray(eight))
    assert nearest.min(axis=1).max() <= 8
    assert sorted(nearest.argmin(axis=1).tolist()) == list(range(8))
    assert np.array_equal(eight[0], own[0])
    assert nearest.min(axis=1)[DIHEDRAL.index(5)] == 0, "a transpose is exact"


@pytest.mark.parametrize("turn", [2, 3, 4])
def test_a_turned_picture_lies_near_one_by_bits(turn: int) -> None:
    """Mirrored, flipped or turned upside down in its pixels, it is within 31 bits; without the bits it is far."""
    turned = np.ascontiguousarray(TURNS[turn].applied(PIXELS))
    own, other = (np.frombuffer(bytes.fromhex(pdq_hash(one)[0]), np.uint8)[np.newaxis] for one in (PIXELS, turned))
    assert bit_distances(np.ascontiguousarray(eight_by_bits(own)[0]), other).min() <= 31
    assert bit_distances(own, other).min() > 60


@given(VALUES)
def test_orientations_by_bits_form_a_group(values: list[bytes]) -> None:
    """All eight of any of the eight are the same eight: it does not matter which side makes them."""
    array = np.array([np.frombuffer(value, np.uint8) for value in values])
    for eight in eight_by_bits(array):
        again = {tuple(map(bytes, one)) for one in (sorted(map(bytes, each)) for each in eight_by_bits(eight))}
        assert again == {tuple(sorted(map(bytes, eight)))}


@given(VALUES, VALUES, st.sampled_from([8, 16, 24, 32]))
def test_distances_are_differing_bits(a: list[bytes], b: list[bytes], size: int) -> None:
    """Of any length that is a multiple of 64 bits; exact values differ in all bits or in none."""
    rows, columns = (np.array([np.frombuffer(value[:size], np.uint8) for value in side]) for side in (a, b))
    counted = [[(int.from_bytes(x[:size]) ^ int.from_bytes(y[:size])).bit_count() for y in b] for x in a]
    assert bit_distances(rows, columns).tolist() == counted
    exact = bit_distances(rows, columns, is_exact=True)
    assert exact.tolist() == [[8 * size if bits else 0 for bits in row] for row in counted]


def test_longer_hashes_are_compared_whole() -> None:
    """512 bits and more, as neural hashes have."""
    a, b = np.zeros((1, 72), np.uint8), np.full((2, 72), 255, np.uint8)
    assert bit_distances(a, b).tolist() == [[576, 576]]


def test_coverage_is_what_the_client_submits() -> None:
    """Of any depth that is a level, the set is the level's own, hash for hash."""
    made = hash_named("coverage")
    values, ranks = made.unpack(made.of(PIXELS, b"").pack())
    for level in Coverage:
        (leg,) = policy_named(f"cover:{level.value}").legs
        submitted = {signal.value for signal in CoverageHasher(level).hash_image(ArrayPixels(PIXELS))}
        assert leg.most is not None
        assert {bytes(value).hex() for value in values[ranks < leg.most]} == submitted
    assert policy_named("cover:all").legs[0].most is None
    assert policy_named("cover:32").legs[0].most == 32


def test_an_id_of_coverage_follows_its_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other recipes under the same version would be other hashes, and are not taken from the store."""
    before = hashes.coverage_id()
    monkeypatch.setattr(hashes, "variants", lambda _level: ("mirror",))
    hashes.coverage_id.cache_clear()
    after = hashes.coverage_id()
    hashes.coverage_id.cache_clear()
    assert before != after


def test_a_policy_of_several_legs_has_one_scale() -> None:
    """31 bits of PDQ and 10 of pHash are the same on it, in whole numbers."""
    both = policy_named("pdq|phash-64")
    assert both.threshold == 310
    assert [both.factor(leg) * leg.within for leg in both.legs] == [310, 310]
    assert both.thresholds([40]) == (310,)
    assert policy_named("pdq").thresholds([40]) == (40, 31, 24, 20, 16)
    assert policy_named("phash-64").thresholds() == (10,)


def test_who_has_to_change_is_part_of_a_policy() -> None:
    """What partners do today needs nobody; what is computed of hashes needs the partner; another hash needs both."""
    changes = {policy.id: policy.changes for policy in (*usual_policies(), *named("phash-64", "pdq|phash-64"))}
    assert {name for name, who in changes.items() if who == "nobody"} == {
        "pdq", "pdq+8", "md5", "cover:8", "cover:16", "cover:32", "cover:64", "cover:all"
    }  # fmt: skip
    assert (changes["pdq8x"], changes["pdq|phash-64"], changes["phash-64"]) == ("partner", "partner", "both")


@pytest.mark.parametrize("name", ["pdq9", "cover:0", "cover:", "cover:most", "cover:99999", ""])
def test_an_unknown_policy_is_refused(name: str) -> None:
    """The hint lists those there are."""
    with pytest.raises(UsageError, match="no way of matching") as caught:
        policy_named(name)
    assert "cover:32" in caught.value.hint


def test_a_policy_that_makes_no_sense_is_refused() -> None:
    """Without legs, or with equality among several."""
    pdq, md5 = hash_named("pdq"), hash_named("md5")
    for legs in ((), (Leg(pdq, pdq, 31), Leg(md5, md5, 0))):
        with pytest.raises(UsageError, match="has no legs, or some"):
            Policy("mine", legs)


def test_a_hash_that_is_not_what_it_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bits that are no multiple of 64, no version, another length, a name that is taken."""
    monkeypatch.setattr(hashes, "_OWN", {})
    for id_, bits in (("mine@1", 63), ("mine", 64), ("mine@1", 0)):
        with pytest.raises(UsageError, match="does not give what it says"):
            LabHash(id_, bits, lambda _pixels, _file: b"")
    with pytest.raises(UsageError, match="does not give what it says"):
        LabHash("mine@1", 64, lambda _pixels, _file: b"short").of(PIXELS, b"")
    with pytest.raises(UsageError, match="is taken"):
        add_hash(LabHash("pdq@2", 256, lambda _pixels, _file: bytes(32)))
    made = add_hash(LabHash("mine@1", 64, lambda _pixels, _file: HashValue((bytes(8),), 70)))
    assert hash_named("mine") is made
    with pytest.raises(UsageError, match="is taken"):
        add_hash(LabHash("mine@2", 64, lambda _pixels, _file: bytes(8)))
    with pytest.raises(UsageError, match="There is no hash other"):
        hash_named("other")


def test_digests_are_of_the_file_and_of_the_pixels(tmp_path: Path) -> None:
    """MD5 takes the bytes, the digest for screening takes the pixels and their shape."""
    assert hash_named("md5").of(PIXELS, b"abc").values[0].hex() == "900150983cd24fb0d6963f7d28e17f72"
    tall, flat = np.zeros((64, 80, 3), np.uint8), np.zeros((80, 64, 3), np.uint8)
    assert hash_named("pixels").of(tall, b"a") == hash_named("pixels").of(tall.copy(), b"b")
    assert hash_named("pixels").of(tall, b"") != hash_named("pixels").of(flat, b"")
