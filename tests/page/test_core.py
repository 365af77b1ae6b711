"""The page's core makes the hashes that the program makes: bit for bit wherever rounding does not decide."""

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashclient.hashing.pdq import LEAST_SIDE, PdqHasher
from hashclient.hashing.reposts import levels
from hashclient.hashing.reposts.coverage import CoverageHasher
from hashclient.inner import find_inner
from hashclient.lab.transforms.interface import By, Step
from hashclient.model import EndpointProfile, Item, Signal, Suite
from hashclient.model.fit import fit
from hashclient.model.wire import WireBody
from hashclient.pixels import ArrayPixels
from hashclient.sealing import PrivateKey, open_sealed, seal_reply
from hashclient.vocabulary import Altered, Content, Coverage, SignalType
from kit.page_core import CLEAR, RULES, Picture, drawn, reposts_of

WEB = Path(__file__).resolve().parents[2] / "web"


def in_node(script: str, *arguments: Path) -> None:
    """Run a script of the page's tests."""
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules").is_dir():
        pytest.skip("node or web/node_modules is not there: `make web-test` brings it, and the page's core is compared")
    subprocess.run([node, WEB / "build" / "run.mjs", f"tests/{script}.ts", *arguments], check=True, timeout=280)


def hashed_by_page(pictures: list[Picture], folder: Path) -> list[dict[str, Any]]:
    """Hash pictures with the page's core."""
    listed = []
    for place, (array, orientation) in enumerate(pictures):
        file = folder / f"{place}.raw"
        file.write_bytes(np.ascontiguousarray(array).tobytes())
        height, width = array.shape[:2]
        channels = array.shape[2] if array.ndim == 3 else 1
        size = {"width": width, "height": height, "channels": channels}
        listed.append({"file": str(file), "orientation": orientation, **size})
    (folder / "job.json").write_text(json.dumps({"rules": RULES, "pictures": listed}))
    in_node("hash_pictures", folder / "job.json", folder / "hashes.json")
    results: list[dict[str, Any]] = json.loads((folder / "hashes.json").read_text())
    return results


def photographs(vectors: Path) -> Iterator[Picture]:
    for place, name in enumerate(sorted(json.loads((vectors / "pdq" / "expected.json").read_text()))):
        with Image.open(vectors / "pdq" / name) as image:  # noqa: TID251  # reference data
            yield Picture(np.asarray(image.convert("RGB")), 1 + place % 8)


@dataclass
class Tally:
    """What was compared, and what differed."""

    pictures: int = 0
    inner: int = 0
    """Pictures in which another was found, to the very pixel where the program finds it."""
    clear: int = 0
    """Hashes of re-posts of which no bit lies near the median."""
    clear_bits: int = 0
    """Bits in which these differ."""
    unclear: int = 0
    unclear_others: int = 0
    """Hashes that rounding decides, and of these how many differ."""
    qualities: int = 0
    details: int = 0
    """Qualities that differ where no rounding decides; details that differ, by one point, wherever that is."""
    sets: int = 0
    other_sets: int = 0
    """Pictures of which every hash of a re-post is equal, and of these how many give another set."""

    def add(self, picture: Picture, page: dict[str, Any]) -> None:
        """Compare one picture."""
        pixels = ArrayPixels(picture.array, orientation=picture.orientation)
        theirs = [page["own"][form] | {"variant": form} for form in ("original", "stored") if form in page["own"]]
        assert listed(theirs) == shown(PdqHasher().hash_image(pixels)), picture.array.shape
        found = find_inner(pixels)
        assert page["inner"] == (found and asdict(found)), picture.array.shape
        self.pictures += 1
        self.inner += found is not None
        if min(picture.array.shape[:2]) < LEAST_SIDE:
            return
        reposts = reposts_of(pixels)
        assert [one[0] for one in page["reposts"]] == list(reposts), picture.array.shape
        before = self.unclear_others + self.clear_bits
        for variant, value, quality, detail in page["reposts"]:
            expected, their_quality, their_detail, gap, is_quality_clear = reposts[variant]
            if gap >= CLEAR:
                self.clear += 1
                self.clear_bits += (int(value, 16) ^ int(expected, 16)).bit_count()
            else:
                self.unclear += 1
                self.unclear_others += value != expected
            assert abs(quality - their_quality) <= 1
            assert abs(detail - their_detail) <= 2  # of a point of all steps and one of the gentle ones
            self.qualities += is_quality_clear and quality != their_quality
            self.details += detail != their_detail
        if self.unclear_others + self.clear_bits == before:
            self.sets += 1
            self.other_sets += listed(page["hashes"]) != shown(CoverageHasher(Coverage.WIDE).hash_image(pixels))


def listed(hashes: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return [(one["value"], one["quality"], one["variant"]) for one in hashes]


def shown(signals: tuple[Signal, ...]) -> list[tuple[str, int | None, str | None]]:
    return [(one.value, one.quality, one.variant) for one in signals]


def compared(pictures: list[Picture], folder: Path) -> Tally:
    """Compare the page's core with the program on some pictures."""
    tally = Tally()
    for picture, page in zip(pictures, hashed_by_page(pictures, folder), strict=True):
        tally.add(picture, page)
    print(tally)
    return tally


def is_same(tally: Tally) -> bool:
    """Whether nothing differs that rounding does not decide."""
    return not (tally.clear_bits or tally.qualities or tally.other_sets) and tally.details <= tally.clear / 500


def test_drawn_pictures(tmp_path: Path) -> None:
    """Pictures by formula have the same hashes, qualities and sets, bit for bit, wherever their hashes are clear."""
    tally = compared([drawn(number) for number in range(60)], tmp_path)
    assert is_same(tally)
    assert tally.clear > 9000
    assert tally.sets > 25


@pytest.mark.vectors
def test_photographs(vectors: Path, tmp_path: Path) -> None:
    """So do photographs, one of them of twelve megapixels."""
    pictures = list(photographs(vectors))
    large = Image.fromarray(pictures[0].array).resize((4000, 3000))
    tally = compared([*pictures, Picture(np.asarray(large), 6)], tmp_path)
    assert is_same(tally)
    assert tally.clear > 9000
    assert tally.sets > 30


FRAMES = (
    "frame.pad(to=1:1,fill=black,o=0.5)",
    "frame.pad(to=9:16,fill=white,o=0.4)",
    "frame.border(colour=white,f=0.06)",
    "frame.bar(where=both,colour=white,f=0.12)",
    "frame.polaroid(a=0.05,b=0.2)",
    "screen.gallery(v=A,theme=dark)",
    "screen.full(v=B)",
    "screen.post(v=B,theme=light)",
    "screen.chat(f=0.75,theme=light)",
    "frame.card(m=0.08,theme=dark)",
)


@pytest.mark.vectors
def test_framed_pictures(vectors: Path, tmp_path: Path) -> None:
    """The picture inside a frame or a screenshot is found at the same place, and the whole has the same hashes."""
    photos = [picture.array for picture in photographs(vectors) if min(picture.array.shape[:2]) > 200]
    framed = []
    for place, text in enumerate(FRAMES):
        photo = Image.fromarray(photos[place % len(photos)])
        edited = Step.parse(text).edited(photo, By(np.random.default_rng(place)))
        framed.append(Picture(np.asarray(edited.convert("RGB")), 1 + place % 8))
    tally = compared(framed, tmp_path)
    assert is_same(tally)
    assert tally.inner > len(framed) // 2


def test_transparent_pictures(tmp_path: Path) -> None:
    """What is transparent in parts is laid on the same white and black pages."""
    y, x = np.mgrid[:256, :256]
    pictures = []
    for number in range(3):
        alpha = (x, (x * 7 + y * 13) % 256, np.where(x > y, 255, 40))[number]
        colours = np.random.default_rng(number).integers(0, 256, (16, 16, 3)).repeat(16, axis=0).repeat(16, axis=1)
        pictures.append(Image.fromarray(np.dstack([colours, alpha]).astype(np.uint8)))
    page = hashed_by_page([Picture(np.asarray(picture)) for picture in pictures], tmp_path)
    compared_grounds = 0
    for picture, found in zip(pictures, page, strict=True):
        for variant, level in levels.GROUNDS.items():
            ground = Image.new("RGBA", picture.size, (level, level, level, 255))
            laid = np.asarray(Image.alpha_composite(ground, picture).convert("RGB"))
            expected = PdqHasher().hash_image(ArrayPixels(laid))[0]
            theirs = [one for one in found["hashes"] if one["variant"] == variant]
            if theirs:
                compared_grounds += 1
                assert (theirs[0]["value"], theirs[0]["quality"]) == (expected.value, expected.quality)
    assert compared_grounds >= len(pictures)


def some_item(chance: random.Random, place: int) -> Item:
    """Make an item of many hashes, some of which may not leave the device."""
    used: set[str] = set()

    def value(digits: int) -> str:
        while (made := "".join(chance.choices("3569ac", k=digits))) in used:
            pass
        used.add(made)
        return made

    def hashes(kind: str, variant: str | None, count: int) -> list[Signal]:
        flat = chance.random() < 0.2
        values = ["0" * 62 + f"{one + 1:02x}" if flat else value(64) for one in range(min(count, 3) if flat else count)]
        return [
            Signal(type=SignalType(kind), value=one, quality=chance.randint(50, 100), variant=variant) for one in values
        ]

    digests = [
        Signal(type=SignalType(kind), value=value(digits))
        for kind, digits in (("md5", 32), ("sha256", 64))
        if chance.random() < 0.5
    ]
    if chance.random() < 0.5:
        variants = [
            "original",
            *(["stored"] * (chance.random() < 0.5)),
            *(f"r{one}" for one in range(chance.randint(0, 40))),
        ]
        signals = [one for variant in variants for one in hashes("pdq", variant, 1)]
        content = Content.IMAGE
    else:
        signals = hashes("vpdq", None, chance.randint(1, 60)) + hashes("pdq", "frame", chance.randint(0, 5))
        signals += [
            one for name in range(chance.randint(0, 3)) for one in hashes("vpdq", f"r{name}", chance.randint(1, 50))
        ]
        content = Content.VIDEO
    distinct = {f"{one.type}:{one.value}": one for one in [*signals, *digests]}
    altered_from = chance.randrange(place) if place and chance.random() < 0.5 else None
    altered = Altered.NO if altered_from is None else Altered.YES
    return Item(content=content, altered=altered, altered_from=altered_from, signals=tuple(distinct.values()))


def test_fitted_alike(tmp_path: Path) -> None:
    """What a service does not take is left out by the page as by the program, whatever the limits."""
    chance = random.Random(7)
    jobs = []
    for _ in range(300):
        items = [some_item(chance, place) for place in range(chance.randint(1, 5))]
        signals = chance.choice([20, 100, 26_000])
        limits = {
            "signals": signals,
            "signals_per_image": chance.choice([1, 5, 32, 256]),
            "frames_per_video": chance.choice([0, 1, 7, 40, 7200]),
        }
        limits["body_bytes"] = chance.choice([16_384, 20_000, 4 * 2**20])
        types = chance.sample(["pdq", "md5", "vpdq", "sha256"], chance.randint(1, 4))
        profile = EndpointProfile.model_validate({
            "version": 1, "name": "A", "operator": "B", "origin": "https://takes.example", "plain_bodies": True,
            "limits": limits, "signal_types": types,
        })  # fmt: skip
        jobs.append((items, profile))
    written = [
        {
            "items": [json.loads(item.model_dump_json(exclude_none=True)) for item in items],
            "profile": profile.model_dump(mode="json"),
        }
        for items, profile in jobs
    ]
    (tmp_path / "jobs.json").write_text(json.dumps(written))
    in_node("fit_items", tmp_path / "jobs.json", tmp_path / "fitted.json")
    reasons = set()
    for (items, profile), page in zip(jobs, json.loads((tmp_path / "fitted.json").read_text()), strict=True):
        program = fit(items, profile)
        assert [json.loads(item.model_dump_json(exclude_none=True)) for item in program.items] == page["items"]
        assert [(one.reason.value, one.item) for one in program.left_out] == [
            (one["reason"], one["item"]) for one in page["leftOut"]
        ]
        reasons |= {one.reason for one in program.left_out}
    assert len(reasons) >= 3


def test_seals_open_here(tmp_path: Path) -> None:
    """A request that the page sealed, by either suite, opens at an endpoint, and the page opens the reply."""
    origin, body = "https://takes.example", '{"any":"body"}' * 400
    keys = [PrivateKey.generate(suite) for suite in Suite]
    profile = {"version": 1, "name": "A", "operator": "B", "origin": origin, "limits": {"padding_floor": 8192}}
    profiles = [profile | {"keys": [key.public(expires="2999-12-31").model_dump(mode="json")]} for key in keys]
    job, done = tmp_path / "job.json", tmp_path / "done.json"
    job.write_text(json.dumps({"profiles": profiles, "body": body}))
    in_node("seal_requests", job, done)
    requests = json.loads(done.read_text())["requests"]
    replies = []
    for key, request in zip(keys, requests, strict=True):
        sealed = bytes.fromhex(request["bytes"])
        assert len(sealed) == 8192
        opened = open_sealed(sealed, key=key, origin=origin)
        assert opened.untrusted_body.decode() == body
        reply = seal_reply(WireBody(b'{"a":1}'), request=sealed, reply_key=opened.head.reply_key)
        replies.append(request | {"reply": reply.hex()})
    job.write_text(json.dumps({"profiles": [], "body": body, "replies": replies}))
    in_node("seal_requests", job, done)
    assert json.loads(done.read_text())["opened"] == ['{"a":1}'] * len(keys)
