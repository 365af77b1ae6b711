"""Every file that a person may choose, in three engines: the hashes of the program, or its reason codes.

Each engine is started once and gets all files. With EVERY_PICTURE set these are twice as many.
"""

import hashlib
import io
import itertools
import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from hashclient.hashing.reposts import levels
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.media.image import open_image
from hashclient.vocabulary import Coverage
from kit.bad_pictures import BAD
from kit.every_picture import deep_pngs, every_picture, picture
from kit.page_room import DOUBTFUL, ENGINES, RULES, WORK, bits_apart, by_page, by_program, in_browser, in_node, lacks
from kit.videos import video

pytestmark = pytest.mark.slow

LEAST_PICTURES: Final = 500
DIGEST_ALONE: Final = {**WORK, "types": ["md5"]}
WIDE: Final = {**WORK, "rules": {**RULES, "recipes": levels.recipes_json(Coverage.WIDE), "grounds": levels.GROUNDS}}
UNREAD_BY_ENGINES: Final = re.compile(r"\.(avif|heic|heif|bmp)$|^(AVIF|HEIC|BMP)")
"""What a decoder may refuse that the program reads: damage in it, which shows only there, is said to be not read."""
NOT_READ: Final = ("unsupported-media", "second-page")
"""What the page says of a picture that it does not read; of a HEIC, that the second page does."""
NO_PICTURES: Final[dict[str, bytes]] = {
    "drawing.svg": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    "letter.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(200),
    "page.html": b"<!doctype html><img src=x>",
    "words.txt": b"these are words\n",
    "picture.ico": b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0" + bytes(60),
    "empty.jpg": b"",
}
NO_READ: Final[dict[str, bytes]] = {
    "old.wmv": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(500),
    "old.flv": b"FLV\1\5" + bytes(500),
    "old.ogv": b"OggS" + bytes(24) + b"\x80theora" + bytes(500),
    "old.mpg": b"\0\0\1\xba" + bytes(500),
    "scan.tiff": b"II*\0" + bytes(500),
    "picture.jxl": b"\xff\n" + bytes(500),
    "picture.jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(500),
    "drawing.psd": b"8BPS\0\1" + bytes(500),
}
"""Pictures and films that are not decoded: of the whole file a digest can be made."""


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    """Name an engine that is installed."""
    name = str(request.param)
    if missing := lacks(name):
        pytest.skip(missing)
    return name


def references() -> dict[str, bytes]:
    """Read the reference pictures, where they are."""
    folder = os.environ.get("HASHCLIENT_VECTORS")
    if folder is None:
        return {}
    return {
        name: (Path(folder) / kind / name).read_bytes()
        for kind in ("pdq", "files")
        for name in json.loads((Path(folder) / kind / "expected.json").read_text())
    }


@cache
def good() -> Mapping[str, bytes]:
    """Give good pictures; without EVERY_PICTURE every second of the drawn ones."""
    drawn = every_picture()
    chosen = drawn if "EVERY_PICTURE" in os.environ else dict(itertools.islice(drawn.items(), 0, None, 2))
    return references() | chosen | {f"{name}.png": untrusted for name, untrusted in deep_pngs()}


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """Write a picture."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


@cache
def damaged() -> Mapping[str, bytes]:
    """Damage pictures: cuts with and without an end, holes, gaps; and pictures of large even areas, which are whole."""
    photo = picture("RGB", 500, 375)
    even = Image.new("RGB", (3000, 2000), "white")
    even.paste(photo, (100, 100))
    forms: dict[str, tuple[str, dict[str, object], bytes]] = {
        "plain.jpg": ("JPEG", {"quality": 85}, b"\xff\xd9"),
        "optimised.jpg": ("JPEG", {"quality": 85, "optimize": True}, b"\xff\xd9"),
        "progressive.jpg": ("JPEG", {"quality": 85, "progressive": True}, b"\xff\xd9"),
        "restarts.jpg": ("JPEG", {"quality": 85, "restart_marker_rows": 2}, b"\xff\xd9"),
        "p.png": ("PNG", {}, b"\0\0\0\0IEND\xaeB`\x82"),
        "lossy.webp": ("WEBP", {"quality": 80}, b""),
        "whole.webp": ("WEBP", {"lossless": True}, b""),
        "g.gif": ("GIF", {}, b"\0;"),
        "b.bmp": ("BMP", {}, b""),
        "a.avif": ("AVIF", {"speed": 10}, b""),
    }
    made: dict[str, bytes] = {}
    for name, (form, options, end) in forms.items():
        whole = made[f"whole-{name}"] = saved(photo, form, **options)
        if form != "AVIF":
            made[f"even-{name}"] = saved(even, form, **options)
        half = len(whole) // 2
        made[f"cut-{name}"] = whole[:half]
        made[f"gap-{name}"] = whole[:half] + whole[half + 3000 :]
        if end:
            made[f"cut-end-{name}"] = whole[:half] + end
        if form not in {"BMP", "GIF"}:  # what has no codes cannot tell, and the program says nothing of it either
            made[f"zeros-{name}"] = whole[:half] + bytes(len(whole) - half)
            made[f"hole-{name}"] = whole[:half] + bytes(600) + whole[half + 600 :]
        if form == "JPEG":
            made[f"no-end-{name}"] = whole[:-2]
            made[f"half-end-{name}"] = whole[:-1]
    first = made["whole-progressive.jpg"]
    made["first-scan-end.jpg"] = first[: first.index(b"\xff\xda", first.index(b"\xff\xda") + 2)] + b"\xff\xd9"
    return made


@cache
def films() -> Mapping[str, bytes]:
    """Code films, whole and cut in the middle, with and without their tables."""
    made = {
        "film.webm": video(container="webm", coding="libvpx", frames=60),
        "film.mp4": video(frames=60, options=(("g", "10"),), muxing=(("movflags", "frag_keyframe+empty_moov"),)),
        "tables-last.mp4": video(frames=60),
    }
    return made | {f"cut-{name}": untrusted[: len(untrusted) * 6 // 10] for name, untrusted in made.items()}


@pytest.fixture(scope="module")
def found(engine: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Give what the page says of every file, by name."""
    folder = tmp_path_factory.mktemp(engine)
    others = dict.fromkeys(NO_READ, DIGEST_ALONE) | {f"wide-{name}.png": WIDE for name, _ in deep_pngs()}
    files = {
        **good(), **damaged(), **NO_PICTURES, **{f"{name}.bad": make() for name, make in BAD.items()}, **NO_READ,
        **films(), **{f"pdq-{name}": untrusted for name, untrusted in NO_READ.items()},
        **{f"wide-{name}.png": untrusted for name, untrusted in deep_pngs()},
    }  # fmt: skip
    paths = {}
    for number, (name, untrusted) in enumerate(files.items()):
        paths[name] = folder / str(number)  # names tell nothing: a file is what its bytes say
        paths[name].write_bytes(untrusted)
    results = in_browser(engine, list(paths.values()), folder, {paths[name]: work for name, work in others.items()})
    return dict(zip(paths, results, strict=True))


@cache
def program_of(untrusted: bytes) -> str | dict[str, str]:
    """Hash with the program, once for all engines."""
    return by_program(untrusted)


def test_good_pictures_have_the_hashes_of_the_program(found: dict[str, dict[str, Any]]) -> None:
    """Every format, mode, profile, orientation, opacity and size: 0 bits off, or refused as not read."""
    ends: Counter[str] = Counter()
    wrong = []
    for name, untrusted in good().items():
        page, program = by_page(found[name]), program_of(untrusted)
        if page == program:
            ends["equal" if isinstance(page, dict) else "refused alike"] += 1
        elif page in NOT_READ:
            ends["not read"] += 1
        else:
            wrong.append(f"{name}: {bits_apart(page, program)} bits, page {page}, program {program}")
    assert wrong == []
    assert ends["equal"] > len(good()) * 0.7, (
        ends
    )  # Firefox reads AVIF in its own way, WebKitGTK has no WebGL in a worker
    if "HASHCLIENT_VECTORS" in os.environ:
        assert len(good()) >= LEAST_PICTURES


def test_reposts_of_deep_pictures(found: dict[str, dict[str, Any]]) -> None:
    """16 bits a channel: re-posts within 4 bits."""
    apart = []
    for name, untrusted in deep_pngs():
        with open_image(untrusted) as pixels:
            program = {str(one.variant): one.value for one in CoverageHasher(Coverage.WIDE).hash_image(pixels)}
        page = by_page(found[f"wide-{name}.png"])
        if page in NOT_READ:
            continue
        assert isinstance(page, dict)
        apart += [
            (int(page[variant], 16) ^ int(program[variant], 16)).bit_count() for variant in page.keys() & program.keys()
        ]
    assert len(apart) > 8 * 100
    assert max(apart) <= 4, Counter(apart)


def test_damage_is_said_as_the_program_says_it(found: dict[str, dict[str, Any]]) -> None:
    """What is cut, emptied or shortened is refused or said, and what is whole is not."""
    wrong = []
    for name, untrusted in damaged().items():
        page, program = by_page(found[name]), program_of(untrusted)
        is_unread = page in NOT_READ and UNREAD_BY_ENGINES.search(name)
        if page != program and not is_unread:
            wrong.append(f"{name}: page {page}, program {program}")
        is_good = name.startswith(("whole-", "even-", "no-end-", "half-end-"))
        if is_good != isinstance(page, dict) and not is_unread and DOUBTFUL not in page:
            wrong.append(f"{name}: {page}")
    assert wrong == []


def test_bad_pictures_are_refused_as_the_program_refuses_them(found: dict[str, dict[str, Any]]) -> None:
    """What somebody may drop on it, or send to harm it: nothing hangs, and the reason is the program's."""
    wrong = []
    for name, make in BAD.items():
        page, program = by_page(found[f"{name}.bad"]), program_of(make())
        if name == "video" and page == "stopped-media":
            continue  # WebKitGTK says nothing of what it cannot play
        if "megapixels" in name and page == "media-too-large":
            continue  # by its header, where the program's decoder finds at once that it is broken
        if page != program and not (page in NOT_READ and UNREAD_BY_ENGINES.search(name)):
            wrong.append(f"{name}: page {page}, program {program}")
    assert wrong == []


def test_what_is_no_picture_is_refused(found: dict[str, dict[str, Any]]) -> None:
    """SVG and PDF above all, which a browser would draw."""
    for name, untrusted in NO_PICTURES.items():
        assert by_page(found[name]) == program_of(untrusted) == ("unsupported-media" if untrusted else "empty-media"), (
            name
        )


def test_what_is_not_decoded_has_a_digest_all_the_same(found: dict[str, dict[str, Any]]) -> None:
    """Where a service takes digests; else it is refused as not read."""
    for name, untrusted in NO_READ.items():
        (signals,) = found[name]["found"]["items"]
        assert signals == [{"type": "md5", "value": hashlib.md5(untrusted, usedforsecurity=False).hexdigest()}], name
        assert by_page(found[f"pdq-{name}"]) == "unsupported-media"


def test_what_cannot_be_opened_is_refused_when_it_is_chosen(engine: str, tmp_path: Path) -> None:
    """Before anybody is asked about it, and only where it has to be opened for what the service takes."""
    files = NO_READ | {"phone.heic": every_picture()["RGB.heic"], "good.jpg": saved(picture("RGB"), "JPEG")}
    if engine != "webkit":  # which says nothing of what it cannot play
        files |= {"film.mp4": films()["film.mp4"], "unplayed.mp4": video(coding="mpeg4", frames=20)}
    for name, untrusted in files.items():
        (tmp_path / name).write_bytes(untrusted)
    job = {"files": [str(tmp_path / name) for name in files], "work": WORK, "looks": [WORK["types"], ["md5"]]}
    (tmp_path / "job.json").write_text(json.dumps(job))
    in_node("browser/hash_files.mjs", engine, tmp_path / "job.json", tmp_path / "out.json")
    every, digests = (
        {name: (one.get("refused"), one["content"]) for name, one in zip(files, said, strict=True)}
        for said in json.loads((tmp_path / "out.json").read_text())
    )
    of_videos = {"old.wmv", "old.flv", "old.ogv", "old.mpg", "film.mp4", "unplayed.mp4"}
    contents = {name: "video" if name in of_videos else "image" for name in files}
    assert digests == {name: (None, content) for name, content in contents.items()}
    refusals = dict.fromkeys((*NO_READ, "unplayed.mp4"), "unsupported-media") | {"phone.heic": "second-page"}
    assert every == {name: (refusals.get(name), content) for name, content in contents.items()}


def test_cut_films_are_said(engine: str, found: dict[str, dict[str, Any]]) -> None:
    """Those whose beginning can be played are hashed with a word; without its tables an MP4 is refused."""
    assert "refused" not in found["film.webm"]
    assert not found["film.webm"]["isDoubtful"]
    for name in films():
        if name.startswith("cut-") and "refused" not in found[name]:
            assert found[name]["isDoubtful"], name
    assert found["cut-tables-last.mp4"]["refused"] in {"broken-media", "stopped-media"}
    if engine != "webkit":  # which has no player for MP4 here, or one without pictures
        assert "refused" not in found["film.mp4"]
        assert found["cut-film.mp4"]["isDoubtful"]
        assert found["cut-film.webm"]["isDoubtful"]


def test_files_that_cannot_be_read(engine: str, tmp_path: Path) -> None:
    """One that is gone, one that changed after it was chosen, an empty one, a folder: said, and nothing hangs."""
    whole = saved(picture("RGB"), "JPEG", quality=85)
    for name in ("gone", "grown", "shorter", "good"):
        (tmp_path / name).write_bytes(whole)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    in_node("browser/file_states.mjs", engine, tmp_path, tmp_path / "out.json", seconds=120)
    ends = {name: by_page(result) for name, result in json.loads((tmp_path / "out.json").read_text()).items()}
    assert ends.pop("good") == by_program(whole)
    assert ends.pop("empty") == "empty-media"
    assert ends.pop("gone") == "unreadable-media"
    folder = ends.pop("folder", "unreadable-media")  # a driver may not hand one over
    assert folder == ("empty-media" if engine == "webkit" else "unreadable-media")  # which takes it for an empty file
    assert ends.keys() == {"grown", "shorter"}
    for name, end in ends.items():
        assert end in ("unreadable-media", by_program((tmp_path / name).read_bytes())), name  # never half of each


def test_large_even_pictures_are_no_damage(tmp_path: Path) -> None:
    """24 megapixels of white around a photograph: most of their data is zeros in some formats."""
    if (missing := lacks("chromium")) and "web/node_modules" in missing:
        pytest.skip(missing)
    even = Image.new("RGB", (6000, 4000), "white")
    even.paste(picture("RGB", 500, 375), (3000, 2000))
    files = [
        saved(even, "JPEG", quality=85), saved(even, "JPEG", quality=85, optimize=True), saved(even, "JPEG", quality=85, progressive=True),
        saved(even.convert("L"), "JPEG", optimize=True), saved(even, "PNG", compress_level=1), saved(even.quantize(64), "GIF"),
    ]  # fmt: skip
    (tmp_path / "all").write_bytes(b"".join(files))
    (tmp_path / "sizes").write_text(json.dumps(list(map(len, files))))
    in_node("check_files.ts", tmp_path / "all", tmp_path / "sizes", tmp_path / "out")
    assert [one.get("isDoubtful") for one in json.loads((tmp_path / "out").read_text())] == [False] * len(files)


def test_parsers_of_foreign_bytes(tmp_path: Path) -> None:
    """Spoilt at random places, seeded: each file is taken or refused, soon, and with little memory."""
    if (missing := lacks("chromium")) and "web/node_modules" in missing:
        pytest.skip(missing)
    names = [
        "turned-6-MM.jpg", "progressive-restarts-RGB.jpg", "restarts-blocks-CMYK.jpg", "rare-5-2.jpg", "palette-clear-4-1.png",
        "turned-6-RGBA.png", "turned-5-RGBA.webp", "profile-srgb-1.webp", "33x31-1.gif", "moving.gif", "RGBA-33x31.bmp", "P-16x15.bmp",
        "turned-5.avif", "turned-clear-7.avif", "RGB.heic", "moving.png", "moving.webp", "moving.avif",
    ]  # fmt: skip
    drawn = every_picture() | {"deep.png": dict(deep_pngs())["png-16-6-1-clear"]}
    for name in [*names, "deep.png"]:
        (tmp_path / name).write_bytes(drawn[name])
    result = tmp_path / "out.json"
    in_node("fuzz_files.ts", result, 12, 400, 3000, *(tmp_path / name for name in [*names, "deep.png"]))
    outcome = json.loads(result.read_text())
    assert outcome["wrong"] == []
    assert outcome["ends"].keys() == {"taken", "broken-media", "unsupported-media", "media-too-large"}
    assert outcome["memoryBytes"] < 600e6
