"""What a file is, by its first bytes; and whoever only asks loads no decoder."""

import subprocess
import sys
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.errors import UnsupportedMediaError
from hashclient.media.formats import HEAD_BYTES, container_of, content_of, unread_content_of
from hashclient.vocabulary import Content
from kit.videos import CODED, animated, coded, heic, images, video


@pytest.mark.parametrize("name", ["files", "folders", "formats", "limits", "sandbox.confine"])
def test_asking_loads_no_decoder(name: str) -> None:
    """The process that opens a person's files holds none."""
    program = (
        f"import sys, hashclient.media.{name}; print({{'numpy', 'PIL', 'pillow_heif', 'av'}} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


UNREAD_PICTURES = {
    "TIFF": b"II*\0\x08\0\0\0",
    "TIFF of a Mac": b"MM\0*\0\0\0\x08",
    "BigTIFF": b"II+\0\x08\0\0\0",
    "BigTIFF of a Mac": b"MM\0+\0\x08\0\0",
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ",
    "JPEG 2000 without boxes": b"\xff\x4f\xff\x51\0\x29",
    "JPEG XL": b"\xff\x0a\x7f\0",
    "JPEG XL in boxes": b"\0\0\0\x0cJXL \r\n\x87\n",
    "PSD": b"8BPS\0\1" + bytes(6),
    "PSB": b"8BPS\0\2" + bytes(6),
}
UNREAD_VIDEOS = {
    "ASF": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
    "FLV": b"FLV\1\5\0\0\0\x09",
    "MPEG program stream": b"\0\0\1\xba\x44",
    "MPEG video": b"\0\0\1\xb3\x16",
    "RealMedia": b".RMF\0\0\0\x12",
    "Ogg": b"OggS\0\2" + bytes(22) + b"\x80theora\3\2\1",
}
NEITHER = {
    "nothing": b"",
    "text": b"IInteresting, MMarvellous, FLV and 8BPS.",
    "a letter": b"II am writing",
    "Ogg of sound": b"OggS\0\2" + bytes(22) + b"\1vorbis",
    "Ogg of speech": b"OggS\0\2" + bytes(22) + b"OpusHead",
    "a zip": b"PK\3\4",
    "a program": b"\x7fELF\2\1\1",
    "a program of Windows": b"MZ\x90\0",
    "a script": b"#!/bin/sh\n",
    "a playlist": b"#EXTM3U\n",
    "a playlist of Windows": b"[Reference]\nRef1=http://example.org/a.asf\n",
    "a list of Windows": b'<asx version="3.0">',
    "a PDF": b"%PDF-1.7\n",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg">',
    "a WAVE": b"RIFF\0\0\0\0WAVE",
    "MP3": b"ID3\4\0",
    "an icon": b"\0\0\1\0\1\0",
}


@pytest.mark.parametrize("name", [*UNREAD_PICTURES, *UNREAD_VIDEOS])
def test_pictures_and_videos_that_are_not_decoded_are_known(name: str) -> None:
    """So that their digests can be made."""
    content = Content.IMAGE if name in UNREAD_PICTURES else Content.VIDEO
    head = (UNREAD_PICTURES | UNREAD_VIDEOS)[name]
    assert content_of(head) is unread_content_of(head) is content
    assert container_of(head) is None


@pytest.mark.parametrize("name", NEITHER)
def test_what_is_neither_is_refused(name: str) -> None:
    """Texts, archives, programs, playlists, sound."""
    assert unread_content_of(NEITHER[name]) is None
    with pytest.raises(UnsupportedMediaError):
        content_of(NEITHER[name])


def test_pictures_that_move_are_videos_as_far_as_the_first_bytes_tell() -> None:
    """And those that do not are pictures."""
    for name in CODED:
        assert content_of(coded(name)[:HEAD_BYTES]) is Content.VIDEO
    for kind in ("GIF", "WEBP", "PNG", "AVIF"):
        assert content_of(animated(kind, 3, loop=0)[:HEAD_BYTES]) is Content.VIDEO
        assert content_of(animated(kind, shown=images(1))[:HEAD_BYTES]) is Content.IMAGE
    assert content_of(heic(images(2))[:HEAD_BYTES]) is Content.IMAGE


@given(untrusted=st.binary(max_size=60) | st.sampled_from([*chain(UNREAD_PICTURES.values(), UNREAD_VIDEOS.values())]))
def test_any_bytes(untrusted: bytes) -> None:
    """A content, or the one error."""
    for length in range(len(untrusted) + 1):
        try:
            assert content_of(untrusted[:length]) in Content
        except UnsupportedMediaError:
            continue


@pytest.mark.parametrize("container", ["flv", "asf", "vob", "ogg"])
def test_what_ffmpeg_writes_is_known(container: str) -> None:
    """The old kinds, as telephones and cameras wrote them."""
    coding = {"flv": "flv", "asf": "msmpeg4", "vob": "mpeg2video", "ogg": "libvpx"}[container]
    untrusted = video(container=container, coding=coding, rate=25, frames=5)
    assert unread_content_of(untrusted[:HEAD_BYTES]) is Content.VIDEO
