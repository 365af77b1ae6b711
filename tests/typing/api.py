"""How callers may and may not use the types; read by mypy alone, never run.

A line that ends in `type: ignore` is a mistake that the types must catch: mypy complains where one
of them is no longer caught.
"""

from pathlib import Path
from typing import BinaryIO, assert_type

import numpy as np
from numpy.typing import NDArray

from hashclient import CaseKey, CaseReport, Credentials, Declarations, Item, Receipt, Signal, SignalType, Submission
from hashclient.client import Client
from hashclient.client.request import build_submission, new_credentials
from hashclient.hashing import (
    CoverageHasher,
    CropResistantHash,
    Feature,
    VideoMatch,
    compare_videos,
    crop_resistant_hash,
    distances,
    file_digest,
    hash_video,
    pairs_within,
    pdq_dihedral,
    pdq_hash,
    to_array,
)
from hashclient.model import Altered, Content
from hashclient.model.wire import WireBody, decode, encode
from hashclient.pixels import ArrayPixels, Frame
from hashclient.prepare import Prepared, hash_files, hash_image, item_of, prepare
from hashclient.sealing import SealedBody
from hashclient.transport.interface import Path as EndpointPath
from hashclient.transport.interface import Reply, Transport
from hashclient.vocabulary import Coverage


def signals(a: Signal, b: Signal) -> None:
    assert_type(a - b, int)
    assert_type(a.matches(b, within=10), bool)
    assert_type(a.type, SignalType)
    a.matches(b, 10)  # type: ignore[call-arg]  # the distance has a name
    a.value = ""  # type: ignore[misc]  # nothing is changed once made
    a - "0"  # type: ignore[operator]  # only signals have a distance


def the_picture_half(files: list[Path], declarations: Declarations) -> None:
    for prepared in prepare(files, declarations=declarations):
        assert_type(prepared, Prepared)
        assert_type(item_of(prepared, altered=Altered.NO), Item | None)
        item_of(prepared)  # type: ignore[call-arg]  # the person is asked
    for hashed in hash_files(files):
        assert_type(hashed.content, Content)
    assert_type(hash_image(b""), tuple[Signal, ...])
    hash_image(files[0])  # type: ignore[arg-type]  # paths are for hash_files
    prepare(files)  # type: ignore[call-arg]  # no declarations, no hashes to send


def the_hashes(array: NDArray[np.uint8], frames: list[Frame], file: BinaryIO) -> None:
    assert_type(pdq_hash(array), tuple[str, int])
    assert_type(hash_image(array), tuple[Signal, ...])
    assert_type(to_array(["00" * 32]), NDArray[np.uint8])
    assert_type(distances(array, hash_image(array)), NDArray[np.uint16])
    assert_type(pairs_within(array, within=20), NDArray[np.int64])
    assert_type(pdq_dihedral(array), tuple[tuple[str, ...], int])
    assert_type(CoverageHasher(Coverage.WIDE).hash_image(ArrayPixels(array)), tuple[Signal, ...])
    assert_type(crop_resistant_hash(ArrayPixels(array)), CropResistantHash)
    assert_type(hash_video(frames), list[Feature])
    assert_type(compare_videos(hash_video(frames), []), VideoMatch)
    assert_type(file_digest(file, [SignalType.MD5]), tuple[Signal, ...])
    pdq_hash(ArrayPixels(array))  # type: ignore[arg-type]  # an array; hashers take pixels
    CoverageHasher("wide")  # type: ignore[arg-type]  # a level of ours
    compare_videos([], [], 31)  # type: ignore[call-arg]  # the distance has a name


def the_network_half(transport: Transport, submission: Submission, credentials: Credentials) -> None:
    client = Client(transport)
    assert_type(client.submit(submission), Receipt)
    assert_type(client.status(*credentials), CaseReport)
    assert_type(client.withdraw(credentials.number, credentials.pin), CaseReport)
    client.status("1234", "12345678")  # type: ignore[arg-type]  # checked values only
    client.submit(credentials)  # type: ignore[arg-type]  # a complete submission only


def credentials_first(declarations: Declarations, items: list[Item]) -> None:
    credentials = new_credentials()
    assert_type(build_submission(credentials, declarations, items), Submission)
    CaseKey.from_pin("12345678", credentials.number)  # type: ignore[arg-type]  # a checked PIN only


def the_wall(transport: Transport, submission: Submission, picture: bytes) -> None:
    body = encode(submission)
    assert_type(body, WireBody)
    assert_type(decode(Submission, picture), Submission)
    assert_type(transport.send(EndpointPath.SUBMISSIONS, body, deadline=1.0), Reply)
    transport.send(EndpointPath.SUBMISSIONS, picture, deadline=1.0)  # type: ignore[arg-type]  # no other bytes leave
    sealed: SealedBody = body  # type: ignore[assignment]  # what is not sealed is not called so
    del sealed
