"""Hash videos in one way, in a process of its own; `bench.py` starts it and reads its one line of JSON."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from timing import run

RATE = 25
WIDTH, HEIGHT = 1280, 720
CELLS = 40
LEAST_QUALITY = 50
DRIFT = 3
"""Pixels by which the picture moves from frame to frame."""


def draw(path: Path, seconds: int) -> None:
    """Write an H.264 video of 720p, 25 frames a second: coloured clouds that drift, with some noise."""
    import av
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(1)
    wide = WIDTH + DRIFT * RATE * seconds
    coarse = random.integers(0, 256, (CELLS, CELLS * wide // WIDTH, 3), np.uint8)
    scene = np.asarray(Image.fromarray(coarse).resize((wide, HEIGHT), Image.Resampling.BICUBIC)).astype(np.int16)
    noise = random.normal(0, 6, (HEIGHT, 2 * WIDTH, 1)).astype(np.int16)
    with av.open(str(path), "w") as container:  # noqa: TID251  # our own
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(RATE * seconds):
            left, shift = DRIFT * number, int(random.integers(WIDTH))
            shown = scene[:, left : left + WIDTH] + noise[:, shift : shift + WIDTH]
            frame = av.VideoFrame.from_ndarray(np.clip(shown, 0, 255).astype(np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def decode() -> Callable[[Path], object]:
    """Give what nobody can do without: decoding every frame, on one thread."""
    import av

    def decode_one(path: Path) -> object:
        with av.open(str(path)) as container:  # noqa: TID251  # our own
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            return sum(1 for _ in container.decode(stream))

    return decode_one


def ours(interval: float) -> Callable[[], Callable[[Path], object]]:
    """Give our own way: MD5 of the file, and a hash for each interval, seconds; 0 takes every frame."""

    def way() -> Callable[[Path], object]:
        from hashclient.hashing.digest import file_digest
        from hashclient.hashing.vpdq import hash_video
        from hashclient.media.video import open_video
        from hashclient.model import SignalType

        def hash_one(path: Path) -> object:
            with path.open("rb") as stream:
                digest = file_digest(stream, (SignalType.MD5,))
                stream.seek(0)
                with open_video(stream, interval=interval) as video:
                    return digest, hash_video(video.frames())

        return hash_one

    return way


def compare(folder: Path) -> Iterator[str]:
    """Compare every frame of the reference videos with the reference's features, as a Markdown table.

    Args:
        folder: of videos and their `.vpdq.txt`: frame, quality, hash, seconds.
    """
    from hashclient.hashing.vpdq import hash_frame
    from hashclient.media.video import open_video

    yield "| video | frames of quality 50 and more | equal | within 2 bits | most bits |"
    yield "|---|--:|--:|--:|--:|"
    for features in sorted(folder.glob("*.vpdq.txt")):
        video = features.with_name(features.name.removesuffix(".vpdq.txt") + ".mp4")
        expected = [line.split(",") for line in features.read_text().splitlines()]
        apart = []
        with video.open("rb") as stream, open_video(stream, interval=0) as opened:
            for frame, (_, quality, value, _) in zip(opened.frames(), expected, strict=True):
                if int(quality) >= LEAST_QUALITY:
                    apart.append((int(hash_frame(frame)[0].value, 16) ^ int(value, 16)).bit_count())
        equal, near = apart.count(0) / len(apart), sum(bits <= 2 for bits in apart) / len(apart)
        yield f"| {video.stem} | {len(apart)} | {100 * equal:.1f} % | {100 * near:.1f} % | {max(apart)} |"


WAYS = {"decode": decode, "each second": ours(1), "every frame": ours(0)}
"""What is measured, by name."""


def main() -> None:
    """Draw, compare, or measure."""
    if sys.argv[1] == "draw":
        draw(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "compare":
        print("\n".join(compare(Path(sys.argv[2]))))
    else:
        run(WAYS, Path, sys.argv[1:])


if __name__ == "__main__":
    main()
