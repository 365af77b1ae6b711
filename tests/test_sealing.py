"""What is sealed opens with its key and in its place, and with any change not at all."""

import hashlib
import hmac
import json
import random
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from hashclient import sealing
from hashclient.errors import InvalidSubmissionError, NoHybridError, SealingError
from hashclient.model import CaseRequest, SealingKey, Suite
from hashclient.model.wire import WireBody, encode
from hashclient.sealing import (
    HEADER_BYTES,
    OVERHEAD,
    REPLY_BYTES,
    PrivateKey,
    SealedBody,
    can_do,
    check_digits,
    choose_key,
    head_for,
    new_reply_key,
    open_reply,
    open_sealed,
    read_key_id,
    seal,
    seal_reply,
)
from hashclient.vocabulary import Purpose
from kit.submissions import remembered_case_keys, submission

__all__ = ["remembered_case_keys"]

VECTORS = Path(__file__).parents[1] / "schemas" / "vectors"
ORIGIN = "https://endpoint.example"
LATER = "2999-12-31"
KEYS = {suite: PrivateKey.generate(suite) for suite in Suite}
both = pytest.mark.parametrize("suite", list(Suite))


def _seal(body: bytes, suite: Suite = Suite.X25519, **changes: Any) -> SealedBody:
    arguments: dict[str, Any] = {"key": KEYS[suite].public(expires=LATER), "origin": ORIGIN}
    arguments["head"] = head_for(Purpose.SUBMISSION, new_reply_key())
    return seal(WireBody(body), **(arguments | changes))


def _open(sealed: bytes, suite: Suite = Suite.X25519) -> bytes:
    return open_sealed(sealed, key=KEYS[suite], origin=ORIGIN).untrusted_body


@given(body=st.binary(max_size=20_000), suite=st.sampled_from(list(Suite)))
def test_round_trip(body: bytes, suite: Suite) -> None:
    """What was sealed comes back byte for byte, with its head, out of a power of two of at least 4,096 bytes."""
    reply_key = new_reply_key()
    head = head_for(Purpose.STATUS, reply_key, epoch="0f" * 16)
    sealed = seal(WireBody(body), head=head, key=KEYS[suite].public(expires=LATER), origin=ORIGIN)
    opened = open_sealed(sealed, key=KEYS[suite], origin=ORIGIN)
    assert (opened.head, opened.untrusted_body) == (head, body)
    assert len(sealed) >= 4096
    assert len(sealed) & (len(sealed) - 1) == 0


@given(reply=st.binary(max_size=900), request=st.binary(max_size=64))
def test_reply_round_trip(reply: bytes, request: bytes) -> None:
    """An answer of any length comes back out of 1,024 bytes, for its own request only."""
    key = new_reply_key()
    public = head_for(Purpose.STATUS, key).reply_key
    sealed = seal_reply(WireBody(reply), request=request, reply_key=public)
    assert len(sealed) == REPLY_BYTES
    assert open_reply(sealed, request=SealedBody(request), key=key) == reply
    for other_request, other_key in ((SealedBody(request + b"x"), key), (SealedBody(request), new_reply_key())):
        with pytest.raises(SealingError):
            open_reply(sealed, request=other_request, key=other_key)


@both
def test_flipped_bits_never_open(suite: Suite) -> None:
    """Of 5,000 requests with one bit flipped, header included, none opens."""
    sealed, chance = _seal(b'{"a":1}', suite), random.Random(1)
    for _ in range(5000):
        place = chance.randrange(8 * len(sealed))
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(SealingError):
            _open(bytes(changed), suite)


def test_flipped_bits_in_a_reply_never_open() -> None:
    """No bit of a reply can be changed."""
    key = new_reply_key()
    sealed = seal_reply(WireBody(b"{}"), request=b"r", reply_key=head_for(Purpose.STATUS, key).reply_key)
    for place in range(0, 8 * REPLY_BYTES, 5):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(SealingError):
            open_reply(bytes(changed), request=SealedBody(b"r"), key=key)


@both
def test_cut_or_lengthened_never_opens(suite: Suite) -> None:
    """Every cut, to a power of two or not, and every addition is refused."""
    sealed = _seal(b"x" * 5000, suite)
    assert len(sealed) == 8192
    for length in (0, 1, 9, 10, 57, 4095, 4096, 8191):
        with pytest.raises(SealingError):
            _open(sealed[:length], suite)
    for longer in (sealed + b"\0", sealed + bytes(8192)):
        with pytest.raises(SealingError):
            _open(longer, suite)
    for length in (0, 47, REPLY_BYTES - 1, REPLY_BYTES + 1):
        with pytest.raises(SealingError):
            open_reply(bytes(length), request=sealed, key=new_reply_key())


@both
def test_the_place_is_bound_in(suite: Suite) -> None:
    """Another origin, another key, another version, suite or key id in the header: it does not open."""
    sealed = _seal(b"{}", suite)
    with pytest.raises(SealingError):
        open_sealed(sealed, key=KEYS[suite], origin="https://other.example")
    with pytest.raises(SealingError):
        open_sealed(sealed, key=PrivateKey.generate(suite), origin=ORIGIN)
    other = next(key for kind, key in KEYS.items() if kind is not suite)
    with pytest.raises(SealingError):
        open_sealed(sealed, key=other, origin=ORIGIN)
    for header in (b"\x02" + sealed[1:10], sealed[:1] + b"\x07" + sealed[2:10], sealed[:2] + bytes(8)):
        with pytest.raises(SealingError):
            _open(header + sealed[10:], suite)


def _sealed_by_hand(padded: bytes) -> bytes:
    """Seal a padded plaintext as it is, as only a faulty client would."""
    key = KEYS[Suite.X25519].public(expires=LATER)
    header = bytes([1, key.suite]) + bytes.fromhex(key.id)
    room = 4096 - HEADER_BYTES - OVERHEAD[Suite.X25519]
    assert len(padded) == room
    return header + sealing._hpke(key.suite).encrypt(padded, sealing._public(key), sealing._info(ORIGIN, header))


ROOM = 4096 - HEADER_BYTES - OVERHEAD[Suite.X25519]
HEAD = encode(head_for(Purpose.STATUS, new_reply_key()))
GOOD = len(HEAD).to_bytes(4) + HEAD + b"{}"


@pytest.mark.parametrize(
    "padded",
    [
        (len(GOOD).to_bytes(4) + GOOD).ljust(ROOM - 1, b"\0") + b"\1",
        (len(GOOD).to_bytes(4) + GOOD + b"x").ljust(ROOM, b"\0"),
        (b"\xff\xff\xff\xff" + GOOD).ljust(ROOM, b"\0"),
        (ROOM.to_bytes(4) + GOOD).ljust(ROOM, b"\0"),
        bytes(ROOM),
        (3).to_bytes(4).ljust(ROOM, b"\0"),
        ((8).to_bytes(4) + b"\xff" * 8).ljust(ROOM, b"\0"),
        ((len(GOOD) - 4).to_bytes(4) + GOOD[4:]).ljust(ROOM, b"\0"),
    ],
)
def test_wrong_padding_and_heads_are_refused(padded: bytes) -> None:
    """Inside a good seal, padding that is not zero, lengths that point outside and missing heads are refused."""
    with pytest.raises((SealingError, InvalidSubmissionError)):
        _open(_sealed_by_hand(padded))


def test_the_same_padding_done_right_opens() -> None:
    """The hand-made seal of the test above opens where the padding is right."""
    assert _open(_sealed_by_hand((len(GOOD).to_bytes(4) + GOOD).ljust(ROOM, b"\0"))) == b"{}"


@given(
    start=st.sampled_from([b"", bytes([1, 1]), bytes([1, 2])]), seed=st.integers(0, 2**32), suite=st.sampled_from(Suite)
)
def test_noise_is_refused_and_nothing_else(start: bytes, seed: int, suite: Suite) -> None:
    """Bytes from anyone raise the one error, whatever they are."""
    noise = start + random.Random(seed).randbytes(4096)
    with pytest.raises(SealingError):
        _open(noise[:4096], suite)


@both
def test_length_tells_the_bucket_only(suite: Suite) -> None:
    """Submissions of as many items are as long as each other, sealed; status is 4,096 bytes as they are."""
    for items in (1, 3, 10, 40):
        lengths = {len(_seal(encode(submission(items=items)), suite)) for _ in range(3)}
        assert len(lengths) == 1
    one = submission()
    request = CaseRequest(case_number=one.case_number, case_key=one.case_key)
    assert len(_seal(encode(request), suite)) == len(_seal(encode(one), suite)) == 4096
    assert len(_seal(encode(request), suite, floor=65536)) == 65536


@both
def test_every_byte_of_a_bucket_is_used(suite: Suite) -> None:
    """The body that just fills 4,096 bytes stays there; one byte more takes 8,192."""
    head = head_for(Purpose.SUBMISSION, new_reply_key())
    room = 4096 - HEADER_BYTES - OVERHEAD[suite] - 4 - 4 - len(encode(head))
    assert len(_seal(bytes(room), suite, head=head)) == 4096
    assert len(_seal(bytes(room + 1), suite, head=head)) == 8192


def test_a_seal_is_never_the_same() -> None:
    """The same body and head sealed twice share nothing behind the header."""
    head = head_for(Purpose.STATUS, new_reply_key())
    first, second = (_seal(b"{}", head=head) for _ in range(2))
    assert first[:HEADER_BYTES] == second[:HEADER_BYTES]
    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]


def test_keys_do_not_show_themselves() -> None:
    """No private key is in its repr."""
    for key in KEYS.values():
        assert key.raw.hex() not in repr(key)
        assert "'***'" in repr(key)
        assert str(key.raw) not in f"{key} {key!s}"


def test_key_ids_and_check_digits() -> None:
    """A key's id is the start of the hash that its 25-digit fingerprint is made of, and both differ by suite."""
    for suite, private in KEYS.items():
        key = private.public(expires=LATER)
        digest = hashlib.sha256(bytes([suite]) + bytes.fromhex(key.public)).hexdigest()
        assert key.id == digest[:16]
        assert check_digits(key).replace(" ", "") == f"{int(digest, 16) % 10**25:025d}"
        assert [len(group) for group in check_digits(key).split(" ")] == [5] * 5
        assert read_key_id(_seal(b"", suite)) == (suite, key.id)


def _key(suite: Suite, expires: str) -> SealingKey:
    return KEYS[suite].public(expires=expires)


def test_choice_of_a_key() -> None:
    """The hybrid comes before X25519, then the one that lasts longest; a key is good on its last day."""
    old, new = _key(Suite.X25519, "2026-01-01"), _key(Suite.X25519, "2027-01-01")
    hybrid = _key(Suite.MLKEM768_X25519, "2026-01-01")
    assert choose_key([old, new], today="2026-01-01") is new
    assert choose_key([old, hybrid, new], today="2026-01-01") is hybrid
    assert choose_key([old, hybrid, new], today="2026-01-02") is new
    with pytest.raises(SealingError):
        choose_key([old], today="2026-01-02")


def _unsupported(*_: object) -> None:
    raise UnsupportedAlgorithm("not in this build")


def test_a_build_without_the_hybrid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build of `cryptography` without ML-KEM is found out and stops, and does not seal with less."""
    hybrid = _key(Suite.MLKEM768_X25519, LATER)
    monkeypatch.setattr(sealing, "MLKEM768PrivateKey", type("Missing", (), {"generate": staticmethod(_unsupported)}))
    monkeypatch.setattr(
        sealing, "MLKEM768PublicKey", type("Missing", (), {"from_public_bytes": staticmethod(_unsupported)})
    )
    assert not can_do(Suite.MLKEM768_X25519)
    assert can_do(Suite.X25519)
    with pytest.raises(NoHybridError):
        choose_key([hybrid, _key(Suite.X25519, LATER)], today="2026-01-01")
    with pytest.raises(NoHybridError):
        _seal(b"", key=hybrid)


def test_keys_that_are_no_points() -> None:
    """A reply key of small order and an ML-KEM key out of range are refused."""
    with pytest.raises(SealingError):
        seal_reply(WireBody(b"{}"), request=b"", reply_key="00" * 32)
    with pytest.raises(SealingError):
        seal_reply(WireBody(b"x" * 1000), request=b"", reply_key=head_for("status", new_reply_key()).reply_key)
    for suite, no_point in ((Suite.MLKEM768_X25519, "ff" * 1216), (Suite.X25519, "00" * 32)):
        with pytest.raises(SealingError):
            _seal(b"", key=_key(suite, LATER).model_copy(update={"public": no_point}))


def test_the_suite_is_that_of_rfc_9180() -> None:
    """RFC 9180, A.2.1: what the RFC's key and nonce encrypt, our suite opens with the receiver's private key.

    The RFC's own ciphertexts carry associated data, which the single-shot form has no place for;
    key and nonce are what the whole of KEM and key schedule come to.
    """
    private = PrivateKey(
        Suite.X25519, bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    )
    enc = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
    key = bytes.fromhex("ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91")
    nonce = bytes.fromhex("5c4d98150661b848853b547f")
    text = b"Beauty is truth, truth beauty"
    published = "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    assert ChaCha20Poly1305(key).encrypt(nonce, text, b"Count-0").hex() == published
    sealed = enc + ChaCha20Poly1305(key).encrypt(nonce, text, None)
    assert sealing._decrypt(private, sealed, b"Ode on a Grecian Urn") == text
    with pytest.raises(SealingError):
        sealing._decrypt(private, sealed, b"Ode on a Grecian Vase")


def test_suite_2_is_what_the_documents_say() -> None:
    """A kept request of suite 2 opens with X-Wing and HPKE's key schedule written out as in docs/for-partners.md."""
    vector = json.loads((VECTORS / "sealed-mlkem768_x25519.json").read_text())
    request, private = bytes.fromhex(vector["request"]), bytes.fromhex(vector["private_key"])
    lattice_text, curve_text, sealed = request[10:1098], request[1098:1130], request[1130:]
    try:
        lattice = MLKEM768PrivateKey.from_seed_bytes(private[:64])
    except UnsupportedAlgorithm:
        pytest.skip("this build of cryptography has no ML-KEM-768")
    curve = X25519PrivateKey.from_private_bytes(private[64:])
    agreed = curve.exchange(X25519PublicKey.from_public_bytes(curve_text))
    public = curve.public_key().public_bytes_raw()
    shared = hashlib.sha3_256(lattice.decapsulate(lattice_text) + agreed + curve_text + public + b"\\.//^\\").digest()

    suite = b"HPKE" + bytes.fromhex("647a 0001 0003")
    info = b"hashclient/v1/" + vector["origin"].encode() + request[:10]

    def extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")

    def expand(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + context
        return hmac.digest(secret, labelled + b"\x01", "sha256")[:length]

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    key, nonce = expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, 12)
    padded = ChaCha20Poly1305(key).decrypt(nonce, sealed, b"")
    plaintext = padded[4 : 4 + int.from_bytes(padded[:4])]
    assert plaintext[4 + int.from_bytes(plaintext[:4]) :].decode() == vector["body"]
