"""The picture inside, from a person's file to an item of its own: in a worker, in the picture half, and without either."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashclient.errors import UsageError
from hashclient.hashing.pdq import pdq_hash
from hashclient.hashing.reposts.levels import variants
from hashclient.model import Altered, Content, Declarations, Signal, SignalType
from hashclient.prepare import Coverage, Decode, HashOptions, Prepared, Session, hash_files, item_of, prepare
from hashclient.prepare.result import keep_fit
from kit.bad_pictures import saved
from kit.videos import animated, coded, scenery

AFFIRMED = Declarations(adult=True, depicted="self", intimate=True, no_consent=True)  # type: ignore[arg-type]
INNER = HashOptions(inner=True)
PROCESSES = (HashOptions(), HashOptions(apart=True), HashOptions(sandbox=False))
SCENE = scenery(320, 240, 11)
ABOVE, BELOW, LEFT, RIGHT = 120, 90, 30, 50
"""Pixels of white around the scene."""
PERCENT = round(100 * 320 * 240 / ((320 + LEFT + RIGHT) * (240 + ABOVE + BELOW)))
ROTATED = 6
ORIENTATION = 0x0112


def framed(scene: NDArray[np.uint8] = SCENE, *, mode: str = "RGB") -> Image.Image:
    picture = Image.fromarray(scene)
    whole = Image.new("RGB", (picture.width + LEFT + RIGHT, picture.height + ABOVE + BELOW), "white")
    whole.paste(picture, (LEFT, ABOVE))
    return whole.convert(mode)


def turned() -> bytes:
    """Write what a telephone writes: stored on its side, with EXIF that says so."""
    exif = Image.Exif()
    exif[ORIENTATION] = ROTATED
    return saved("JPEG", framed().transpose(Image.Transpose.ROTATE_90), quality=92, exif=exif.tobytes())


FILES = {
    "jpeg": saved("JPEG", framed(), quality=92),
    "turned jpeg": turned(),
    "grey jpeg": saved("JPEG", framed(mode="L"), quality=92),
    "cmyk jpeg": saved("JPEG", framed(mode="CMYK"), quality=92),
    "png": saved("PNG", framed()),
    "palette png": saved("PNG", framed().quantize(256)),
    "transparent png": saved("PNG", framed(mode="RGBA")),
    "webp": saved("WEBP", framed(), quality=90),
    "gif": saved("GIF", framed().quantize(256)),
    "bmp": saved("BMP", framed()),
    "heic": saved("HEIF", framed()),
    "avif": saved("AVIF", framed(), quality=90, speed=10),
}
POSTERISED = np.asarray(framed().quantize(256).convert("RGB"))[ABOVE:-BELOW, LEFT:-RIGHT]
"""The scene in 256 colours, which move its hash."""
ORDINARY = {
    "a photograph": saved("JPEG", Image.fromarray(SCENE)),
    "a picture that moves": animated("GIF", 3),
    "a video": coded("mp4 h264"),
    "text": b"This is a letter.\n" * 30,
}


def written(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    paths = [folder / name.replace(" ", "-") for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def plain(prepared: Prepared) -> tuple[object, ...]:
    inside = prepared.inner
    return prepared.content, prepared.signals, None if inside is None else (inside.signals, inside.percent)


@pytest.mark.parametrize("settings", PROCESSES, ids=["in a worker", "apart", "here"])
def test_it_is_found_in_every_format(tmp_path: Path, settings: HashOptions) -> None:
    """Its hash is near that of the scene alone, upright, whichever process decodes; its share is told; the whole is as without."""
    if settings.apart and sys.platform != "linux":
        pytest.skip("the picture half is a process of its own on Linux only")
    paths = written(tmp_path, FILES)
    asked = list(hash_files(paths, options=replace(settings, inner=True)))
    for name, one, without in zip(FILES, asked, hash_files(paths), strict=True):
        assert one.signals == without.signals, name
        assert without.inner is None
        assert one.inner is not None, name
        assert one.inner.percent is not None
        assert abs(one.inner.percent - PERCENT) <= 1, name
        assert (one.inner.content, one.inner.path, one.inner.position) == (Content.IMAGE, one.path, one.position)
        assert one.inner.protection == one.protection
        scene = np.ascontiguousarray(POSTERISED) if name in {"palette png", "gif"} else SCENE
        assert distance(one.inner.signals[0].value, pdq_hash(scene)[0]) <= 8, name
        assert one.inner.signals[0].variant == "original"
        assert one.inner.inner is None


@pytest.mark.parametrize("settings", PROCESSES, ids=["in a worker", "apart", "here"])
def test_there_is_none_in_what_has_none(tmp_path: Path, settings: HashOptions) -> None:
    """Nor in what moves, nor in what is no picture."""
    paths = written(tmp_path, ORDINARY)
    if settings.apart and sys.platform != "linux":
        pytest.skip("the picture half is a process of its own on Linux only")
    asked = list(hash_files(paths, options=replace(settings, inner=True)))
    assert [plain(one) for one in asked] == [plain(one) for one in hash_files(paths)]


@pytest.mark.parametrize("coverage", list(Coverage))
def test_it_has_the_reposts_of_a_picture(tmp_path: Path, coverage: Coverage) -> None:
    """Those of the level that was asked for, made of it alone; the same from every process."""
    (path,) = written(tmp_path, {"one": FILES["png"]})
    options = replace(INNER, coverage=coverage)
    results = [next(hash_files([path], options=replace(options, sandbox=is_closed))) for is_closed in (True, False)]
    if sys.platform == "linux":
        results += hash_files([path], options=replace(options, apart=True))
    assert {plain(one) for one in results} == {plain(results[0])}
    inside = results[0].inner
    assert inside is not None
    found = [signal.variant for signal in inside.signals]
    assert len({*found}) == len(found)
    assert {*found} <= {"original", *variants(coverage)}
    assert (len(found) == 1) is (coverage is Coverage.SINGLE)
    (alone,) = hash_files(written(tmp_path, {"alone": saved("PNG", Image.fromarray(SCENE))}), options=options)
    assert inside.signals == alone.signals


@pytest.mark.parametrize("apart", [False, True])
def test_other_types_are_made_of_it_but_no_digest(tmp_path: Path, apart: bool) -> None:
    """A part of a file has none; digests alone look for nothing."""
    (path,) = written(tmp_path, {"one": FILES["png"]})
    kinds = (SignalType.PHASH, SignalType.MD5, SignalType.PDQ)
    (one,) = hash_files([path], options=replace(INNER, types=kinds, apart=apart))
    assert {signal.type for signal in one.signals} == {*kinds}
    assert one.inner is not None
    assert {signal.type for signal in one.inner.signals} == {SignalType.PHASH, SignalType.PDQ}
    (digest,) = hash_files([path], options=replace(INNER, types=(SignalType.MD5,), apart=apart))
    assert digest.inner is None


def test_a_large_jpeg_that_is_opened_at_a_fraction(tmp_path: Path) -> None:
    """Its hash lies near that of the exact way."""
    large = Image.fromarray(scenery(1800, 1500, 5))
    whole = Image.new("RGB", (1800, 2600))
    whole.paste(large, (0, 500))
    (path,) = written(tmp_path, {"large": saved("JPEG", whole, quality=90)})
    exact, fast = (next(hash_files([path], options=replace(INNER, decode=decode))) for decode in Decode)
    assert exact.inner is not None
    assert fast.inner is not None
    assert exact.inner.percent == fast.inner.percent
    assert distance(exact.inner.signals[0].value, fast.inner.signals[0].value) <= 6


@pytest.mark.skipif(sys.platform != "linux", reason="the picture half is a process of its own on Linux only")
def test_a_request_gives_the_files_and_what_is_inside_them(tmp_path: Path) -> None:
    """Through the session that a face uses: an item of the whole, and one of the picture inside, which has no link."""
    paths = written(tmp_path, {"whole": FILES["png"], "other": ORDINARY["a photograph"]})
    with Session(declarations=AFFIRMED, options=replace(INNER, apart=True, coverage=Coverage.STANDARD)) as session:
        whole, other = session.prepare(paths)
    assert other.inner is None
    assert whole.inner is not None
    items = [item_of(one, altered=Altered.YES) for one in (whole, whole.inner)]
    assert all(item is not None and item.content is Content.IMAGE and item.altered is Altered.YES for item in items)
    assert {item.altered_from for item in items if item} == {None}
    assert whole.inner.declarations is AFFIRMED


def signal(value: str, *, quality: int = 90, variant: str = "original") -> Signal:
    return Signal(type=SignalType.PDQ, value=value, quality=quality, variant=variant)


WHOLE = Prepared(Path("one"), 0, Content.IMAGE, (signal("0f" * 32),), (), "full")


@pytest.mark.parametrize(
    ("inside", "is_kept"),
    [
        ([signal("f0" * 32)], True),
        ([signal("f0" * 32, quality=49)], False),
        ([signal("0" * 64)], False),
        ([signal("0f" * 32)], False),
        ([signal("0f" * 32), signal("3c" * 32, variant="stored")], True),
        ([signal("f0" * 32, quality=20), signal("3c" * 32, variant="stored")], True),
    ],
)
def test_it_is_offered_only_where_it_adds_something(inside: list[Signal], is_kept: bool) -> None:
    """A hash of it may leave the device, and the whole does not give the same."""
    kept = keep_fit(WHOLE.with_inner(tuple(inside), 40), declarations=AFFIRMED)
    assert (kept.inner is not None) is is_kept
    if kept.inner is not None:
        assert kept.inner.percent == 40
        assert all((one.quality or 0) >= 50 for one in kept.inner.signals)


def test_no_request_holds_it_without_declarations(tmp_path: Path) -> None:
    """Where it comes from `hash_files`, it is no item, as the whole is none; `prepare` gives it with them."""
    (path,) = written(tmp_path, {"one": FILES["png"]})
    (kept,) = prepare([path], declarations=AFFIRMED, options=replace(INNER, sandbox=False))
    assert kept.inner is not None
    assert item_of(kept.inner, altered=Altered.NO)
    (one,) = hash_files([path], options=replace(INNER, sandbox=False))
    assert one.inner is not None
    with pytest.raises(UsageError):
        item_of(one.inner, altered=Altered.NO)
