"""Videos drawn and coded here, small and different each: what tests and benchmarks hash."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import av
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

RATE = 10
"""Frames a second, unless said otherwise."""


@lru_cache(maxsize=16)
def scenery(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """Paint a picture with detail of every size, as photographs have; uint8, shape (height, width, 3)."""
    random = np.random.default_rng(seed)
    painted = np.zeros((height, width, 3), np.float32)
    for octave in range(1, 9):
        cells = (min(2**octave, height), min(2 ** (octave + 1), width))
        for channel in range(3):
            coarse = Image.fromarray(random.normal(size=cells).astype(np.float32))
            painted[..., channel] += np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)) / 1.7**octave
    painted -= painted.min()
    return np.asarray(painted / painted.max() * 255).astype(np.uint8)


def moving(width: int, height: int, count: int, *, seed: int = 0, shot: int = 50) -> Iterator[NDArray[np.uint8]]:
    """Give frames that look about in a scene, and at another one after `shot` frames."""
    for place in range(count):
        scene = scenery(width + 80, height + 60, seed + place // shot)
        left, top = int(40 + 39 * np.sin(place / 9)), int(30 + 29 * np.cos(place / 7))
        yield np.ascontiguousarray(scene[top : top + height, left : left + width])


@dataclass(frozen=True)
class Recipe:
    """How a video is made."""

    container: str = "mp4"
    coding: str = "libx264"
    size: tuple[int, int] = (160, 120)
    layout: str = "yuv420p"
    frames: int = 30
    rate: int = RATE
    options: tuple[tuple[str, str], ...] = ()
    muxing: tuple[tuple[str, str], ...] = ()
    turned: int | None = None
    """Degrees against the clock by which players turn it."""
    seed: int = 0
    times: tuple[int, ...] = ()
    """When each frame is shown, in parts of a second as `rate` says; one after the other where empty."""
    extra: dict[str, Any] = field(default_factory=dict, hash=False)


def video(recipe: Recipe | None = None, *, shown: list[NDArray[np.uint8]] | None = None, **changes: Any) -> bytes:
    """Code a video.

    Args:
        recipe: how; the defaults where None.
        shown: its frames; drawn by `moving` where None.
        changes: of the recipe's fields.
    """
    recipe = recipe or Recipe(**changes)
    width, height = recipe.size
    file = io.BytesIO()
    frames = shown if shown is not None else moving(width, height, recipe.frames, seed=recipe.seed)
    with av.open(file, "w", format=recipe.container, options=dict(recipe.muxing)) as container:  # noqa: TID251
        stream: Any = container.add_stream(recipe.coding, rate=recipe.rate, options=dict(recipe.options))
        stream.width, stream.height, stream.pix_fmt = width, height, recipe.layout
        for name, value in recipe.extra.items():
            setattr(stream.codec_context, name, value)
        if recipe.turned is not None:
            stream.set_display_rotation(recipe.turned)
        for place, pixels in enumerate(frames):
            shown_frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            when = recipe.times[place] if recipe.times else place
            shown_frame.pts, shown_frame.time_base = when, Fraction(1, recipe.rate)
            container.mux(stream.encode(shown_frame))
        container.mux(stream.encode())
    return file.getvalue()


def images(count: int, *, size: tuple[int, int] = (160, 120), blank: int = 0) -> list[Image.Image]:
    """Draw the frames of an animated picture, the first few of them black."""
    drawn = [Image.fromarray(pixels) for pixels in moving(*size, count)]
    return [Image.new("RGB", size)] * blank + drawn[blank:]


def animated(kind: str, count: int = 8, *, shown: list[Image.Image] | None = None, **saving: Any) -> bytes:
    """Write a picture that moves; lossless where the kind can be.

    Args:
        kind: as Pillow names it.
        count: of frames, drawn by `images`.
        shown: its frames; drawn where None.
        saving: further options of Pillow, instead of a quarter of a second for each frame.
    """
    first, *others = shown or images(count)
    file = io.BytesIO()
    options = {"WEBP": {"lossless": True, "method": 0}, "AVIF": {"speed": 10, "quality": 90}}.get(kind, {})
    first.save(file, kind, save_all=True, append_images=others, **(options | {"duration": 250} | saving))
    return file.getvalue()


def heic(shown: list[Image.Image], *, primary: int = 0) -> bytes:
    """Write a HEIC of several stills, as telephones write pairs and bursts."""
    file = io.BytesIO()
    first, *others = shown
    written = pillow_heif.from_pillow(first)
    for image in others:
        written.add_from_pillow(image)
    written.save(file, save_all=True, quality=90, primary_index=primary)
    return file.getvalue()


def with_sound(container: str, coding: str, sound: str, *, seconds: float, sound_seconds: float) -> bytes:
    """Code a video with sound, which may be longer or shorter than its pictures.

    Args:
        container: its container.
        coding: of the pictures.
        sound: its coding.
        seconds: of pictures, at `RATE`.
        sound_seconds: of sound.
    """
    file, rate = io.BytesIO(), 48_000
    with av.open(file, "w", format=container) as written:  # noqa: TID251
        pictures: Any = written.add_stream(coding, rate=RATE)
        pictures.width, pictures.height, pictures.pix_fmt = 160, 120, "yuv420p"
        heard: Any = written.add_stream(sound, rate=rate)
        heard.layout = "mono"
        for place, pixels in enumerate(moving(160, 120, int(seconds * RATE))):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = place, Fraction(1, RATE)
            written.mux(pictures.encode(frame))
        written.mux(pictures.encode())
        noise = np.random.default_rng(1).integers(-3000, 3000, (1, int(sound_seconds * rate)), np.int16)
        for start in range(0, noise.shape[1], 960):
            part = av.AudioFrame.from_ndarray(noise[:, start : start + 960], format="s16", layout="mono")
            part.sample_rate, part.pts, part.time_base = rate, start, Fraction(1, rate)
            written.mux(heard.encode(part))
        written.mux(heard.encode())
    return file.getvalue()


QUIET_X265 = (("x265-params", "log-level=none"),)

CODED: dict[str, Recipe] = {
    "mp4 h264": Recipe(),
    "mov h264": Recipe("mov"),
    "matroska h264": Recipe("matroska"),
    "mpegts h264": Recipe("mpegts"),
    "avi h264": Recipe("avi", options=(("bf", "0"),)),
    "mp4 hevc": Recipe(coding="libx265", options=QUIET_X265),
    "mp4 hevc 10 bits": Recipe(coding="libx265", layout="yuv420p10le", options=QUIET_X265),
    "webm vp8": Recipe("webm", "libvpx", options=(("deadline", "realtime"), ("cpu-used", "8"))),
    "webm vp9": Recipe("webm", "libvpx-vp9", options=(("deadline", "realtime"), ("cpu-used", "8"))),
    "mp4 av1": Recipe(coding="libsvtav1", options=(("preset", "12"), ("svtav1-params", "lp=1"))),
    "avi mpeg4": Recipe("avi", "mpeg4"),
    "mp4 mpeg4": Recipe("mp4", "mpeg4"),
    "avi mjpeg": Recipe("avi", "mjpeg", layout="yuvj420p"),
    "mov mjpeg": Recipe("mov", "mjpeg", layout="yuvj422p"),
    "mp4 h264 4:4:4": Recipe(layout="yuv444p"),
    "mp4 h264 full range": Recipe(layout="yuvj420p"),
    "mp4 h264 grey": Recipe(layout="gray"),
    "mp4 h264 odd size": Recipe(size=(130, 90), layout="yuv420p"),
    "sequence of HEIC": Recipe("mp4", "libx265", options=QUIET_X265, muxing=(("brand", "hevc"),)),
}
"""Videos that can be read, by name: each container and each coding on the list, and unusual layouts of pixels."""

REFUSED: dict[str, Recipe] = {
    "matroska ffv1": Recipe("matroska", "ffv1"),
    "avi huffyuv": Recipe("avi", "huffyuv", layout="yuv422p"),
    "matroska raw": Recipe("matroska", "rawvideo"),
    "avi raw": Recipe("avi", "rawvideo"),
    "avi msmpeg4": Recipe("avi", "msmpeg4"),
    "avi flv1": Recipe("avi", "flv"),
    "mov prores": Recipe("mov", "prores_ks", layout="yuv422p10le"),
    "mov png": Recipe("mov", "png", layout="rgb24"),
    "mov qtrle": Recipe("mov", "qtrle", layout="rgb24"),
    "mpegts mpeg2": Recipe("mpegts", "mpeg2video", rate=25),
    "mp4 mpeg1": Recipe("mp4", "mpeg1video", rate=25),
    "matroska snow": Recipe("matroska", "snow", options=(("strict", "-2"),)),
}
"""Videos in containers that are read, coded in ways that are not on the list, by name."""


@lru_cache(maxsize=64)
def coded(name: str) -> bytes:
    """Give a video of `CODED` or `REFUSED`, made once."""
    return video((CODED | REFUSED)[name])


def reference_frames(name: str) -> list[NDArray[np.uint8]]:
    """Decode a video to RGB, as other tools do: each frame uint8, shape (height, width, 3)."""
    with av.open(io.BytesIO(coded(name)), "r") as container:  # noqa: TID251
        return [np.asarray(shown.to_ndarray(format="rgb24"), np.uint8) for shown in container.decode(video=0)]
