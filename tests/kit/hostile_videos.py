"""Files that would have a player fetch something else, and a watch over what is fetched."""

import ctypes
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.videos import coded

_IN_OPEN_OR_ACCESS = 0x21
_NONBLOCK = 0x800


def hostile(url: str, path: str) -> dict[str, bytes]:
    """Make them.

    Args:
        url: something on the network.
        path: a video on this device that is none of the file's business.
    """
    playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{}\n#EXT-X-ENDLIST\n"
    dash = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S">'
        "<Period><AdaptationSet><Representation id='1' bandwidth='1' mimeType='video/mp4'><BaseURL>{}</BaseURL>"
        "</Representation></AdaptationSet></Period></MPD>"
    )
    session = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video {} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    port = url.rpartition(":")[2].partition("/")[0]
    lists = {f"m3u8 of {what}": playlist.format(where).encode() for what, where in (("url", url), ("path", path))}
    lists |= {
        f"concat of {what}": f"ffconcat version 1.0\nfile '{where}'\n".encode()
        for what, where in (("url", url), ("path", path))
    }
    lists |= {f"DASH of {what}": dash.format(where).encode() for what, where in (("url", url), ("path", path))}
    lists |= {"SDP": session.format(port).encode(), "RTSP redirect": f"[Reference]\nRef1={url}\n".encode()}
    lists |= {"XBIN image list": f"file:{path}\n".encode(), "data url": b"data:video/mp4;base64," + b"A" * 64}
    disguised = {
        f"{name} dressed as {dress}": head + untrusted
        for name, untrusted in lists.items()
        for dress, head in {
            "mp4": b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
            "webm": coded("webm vp9")[:64],
            "avi": b"RIFF\xff\0\0\0AVI LIST",
            "mpegts": (b"\x47" + bytes(187)) * 6,
        }.items()
    }
    return lists | disguised | referring(url, path)


def referring(url: str, path: str) -> dict[str, bytes]:
    """Make MP4 files whose samples lie elsewhere, in the two ways in which QuickTime says where."""
    made = {}
    for what, where in (("url", url), ("path", f"file://{path}"), ("bare path", path)):
        made[f"dref url of {what}"] = _with_reference(b"url ", where.encode() + b"\0")
        made[f"dref alias of {what}"] = _with_reference(b"alis", _alias(where))
    return made


def _alias(where: str) -> bytes:
    """Write an alias record: 150 bytes of head, then the path by its parts."""
    name = where.encode()
    head = struct.pack(">4sHHHB27s", b"\0\0\0\0", 150, 2, 0, 4, b"disk") + bytes(108)
    return (
        head[:146].ljust(146, b"\0")
        + struct.pack(">HH", 2, len(name))
        + name
        + b"\0" * (len(name) % 2)
        + b"\xff\xff\0\0"
    )


def _with_reference(kind: bytes, body: bytes) -> bytes:
    """Replace the entry of a video that says that its samples lie in the file itself."""
    video = coded("mov h264")
    entry = struct.pack(">I4sI", 12 + len(body), kind, 0) + body
    place = video.index(b"dref") + 12
    (old,) = struct.unpack_from(">I", video, place)
    grown = bytearray(video)
    start = 0
    while start < place:  # make every box around it longer
        (size,) = struct.unpack_from(">I", video, start)
        if start + size <= place:
            start += size
            continue
        struct.pack_into(">I", grown, start, size + len(entry) - old)
        start += 8 if video[start + 4 : start + 8] != b"dref" else 16
    return bytes(grown[:place]) + entry + video[place + old :]


class Watch:
    """Counts connections to a port of this device, and how often some files were opened or read."""

    def __init__(self, files: list[Path]) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self._library = ctypes.CDLL(None, use_errno=True)
        self._watching = self._library.inotify_init1(_NONBLOCK)
        for file in files:
            assert self._library.inotify_add_watch(self._watching, os.fsencode(file), _IN_OPEN_OR_ACCESS) >= 0

    @property
    def url(self) -> str:
        """Something to fetch there."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}/video.mp4"

    def seen(self) -> tuple[int, int]:
        """Give the connections and the accesses to files since the last time."""
        connections = 0
        while True:
            try:
                self._listening.accept()[0].close()
            except BlockingIOError:
                break
            connections += 1
        try:
            accesses = len(os.read(self._watching, 65536)) // 16
        except BlockingIOError:
            accesses = 0
        return connections, accesses

    def close(self) -> None:
        self._listening.close()
        os.close(self._watching)


@contextmanager
def watched(files: list[Path]) -> Iterator[Watch]:
    """Watch until the end."""
    watch = Watch(files)
    try:
        yield watch
    finally:
        watch.close()
