"""Datasets: pictures by their bytes, the split, clusters of copies, donors."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashclient.errors import MediaError, UsageError
from hashclient.lab.dataset import Dataset, LabPicture, decoded, donors_of, split_of
from hashclient.lab.faults import SplitLeakError
from hashclient.lab.sample import DRAWN_KINDS, draw_sample
from hashclient.lab.suites import keyed_generator
from hashclient.lab.transforms.draw import drawn_donor


def saved(path: Path, number: int, size: tuple[int, int] = (200, 150), **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn_donor(keyed_generator("test", number), size).save(path, **options)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two classes, a copy, and a file that is no picture."""
    for number in range(6):
        saved(tmp_path / ("cats" if number % 2 else "dogs") / f"{number}.jpg", number)
    saved(tmp_path / "loose.png", 6)
    (tmp_path / "dogs" / "copy.jpg").write_bytes((tmp_path / "dogs" / "0.jpg").read_bytes())
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_a_picture_is_called_by_its_bytes(folder: Path) -> None:
    """Ids are SHA-256, sorted; equal files are one picture; what is no picture is counted."""
    dataset = Dataset.from_folder(folder)
    ids = [picture.id for picture in dataset.pictures]
    assert ids == sorted({hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.*g")})
    assert (len(ids), dataset.equal_files, dataset.unusable) == (7, 1, 1)


def test_the_folder_inside_is_the_class(folder: Path) -> None:
    """A class is the folder's name; without classes there is none."""
    assert sorted(picture.category for picture in Dataset.from_folder(folder).pictures) == [
        "",
        *["cats"] * 3,
        *["dogs"] * 3,
    ]
    assert {picture.category for picture in Dataset.from_folder(folder, category=None).pictures} == {""}


def test_the_split_is_that_of_the_search() -> None:
    """The first 8 digits of the id, modulo 100, under 50: dev."""
    assert split_of(f"{149:08x}" + "f" * 56) == "dev"
    assert split_of(f"{150:08x}" + "0" * 56) == "held"
    assert split_of(f"{199:08x}" + "0" * 56) == "held"
    assert split_of(f"{200:08x}" + "0" * 56) == "dev"


def test_both_sides_are_the_whole(folder: Path) -> None:
    """No picture is on both sides, and none is lost."""
    dataset = Dataset.from_folder(folder)
    sides = [{picture.id for picture in dataset.split(side).pictures} for side in ("dev", "held")]
    assert not sides[0] & sides[1]
    assert sides[0] | sides[1] == {picture.id for picture in dataset.split("all").pictures}


def test_a_cluster_follows_its_smallest_id(folder: Path) -> None:
    """Copies are on one side, whatever their own ids say."""
    dataset = Dataset.from_folder(folder)
    ids = [picture.id for picture in dataset.pictures]
    clustered = dataset.with_clusters([(ids[5], ids[2]), (ids[2], ids[0])])
    assert [picture.cluster for picture in clustered.pictures] == [
        ids[0] if place in {0, 2, 5} else id_ for place, id_ in enumerate(ids)
    ]
    assert {picture.split for picture in clustered.pictures if picture.cluster == ids[0]} == {split_of(ids[0])}


def listed(folder: Path, rows: list[str]) -> Path:
    (folder / "list.csv").write_text("\n".join(rows) + "\n")
    return folder / "list.csv"


def test_a_list_names_pictures_classes_and_sides(folder: Path) -> None:
    """A list overrides folder and split."""
    dataset = Dataset.from_list(listed(folder, ["path,category,split", "dogs/0.jpg,pets,held", "cats/1.jpg,,dev"]))
    assert sorted((picture.category, picture.split) for picture in dataset.pictures) == [("", "dev"), ("pets", "held")]


def test_leakage_between_the_sides_is_refused_by_name(folder: Path) -> None:
    """The same file on both sides, or two copies of a picture, stop the run."""
    with pytest.raises(SplitLeakError, match="Leakage: a picture, or a copy of it"):
        Dataset.from_list(listed(folder, ["path,split", "dogs/0.jpg,held", "dogs/copy.jpg,dev"]))
    dataset = Dataset.from_list(listed(folder, ["path,split", "dogs/0.jpg,held", "cats/1.jpg,dev", "cats/3.jpg,dev"]))
    sides = {picture.split: picture.id for picture in dataset.pictures}
    with pytest.raises(SplitLeakError):
        dataset.with_clusters([(sides["held"], sides["dev"])])
    same = [picture.id for picture in dataset.pictures if picture.split == "dev"]
    assert dataset.with_clusters([(same[0], same[1])]).pictures != dataset.pictures


@pytest.mark.parametrize(
    "rows",
    [["name", "dogs/0.jpg"], ["path,split", "dogs/0.jpg,both"], ["path,split", "dogs/0.jpg,held", "cats/1.jpg,"]],
)
def test_a_malformed_list_is_refused(folder: Path, rows: list[str]) -> None:
    """Other columns, other sides, or sides for some."""
    with pytest.raises(UsageError, match="list cannot be read"):
        Dataset.from_list(listed(folder, rows))


@pytest.mark.parametrize("name", ["\0", "/dev/zero", "a" * 5000, "missing.jpg"])
def test_a_list_may_name_what_is_no_file(folder: Path, name: str) -> None:
    """A name that no file can have, a device without end: counted, never opened."""
    dataset = Dataset.from_list(listed(folder, ["path", "dogs/0.jpg", name]))
    assert (len(dataset.pictures), dataset.unusable) == (1, 1)


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    """The hint says how to draw some."""
    with pytest.raises(UsageError, match="no picture") as caught:
        Dataset.from_folder(tmp_path)
    assert "hashclient lab sample" in caught.value.hint


def test_pixels_are_upright_rgb_and_at_most_2048(tmp_path: Path) -> None:
    """EXIF is applied, grey becomes RGB, and large pictures are reduced; tiny ones are no pictures."""
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = decoded(saved(tmp_path / "a.jpg", 1, (200, 150), exif=exif).read_bytes())
    assert upright.shape == (200, 150, 3)
    Image.new("L", (3000, 1500), 90).save(tmp_path / "grey.png")
    assert decoded((tmp_path / "grey.png").read_bytes()).shape == (1024, 2048, 3)
    Image.new("RGB", (300, 60)).save(tmp_path / "low.png")
    with pytest.raises(MediaError):
        decoded((tmp_path / "low.png").read_bytes())


def test_a_picture_that_changed_is_refused(folder: Path) -> None:
    """The id says which bytes were meant."""
    picture = Dataset.from_folder(folder).pictures[0]
    assert picture.pixels().shape == (150, 200, 3)
    saved(picture.path, 99)
    with pytest.raises(UsageError, match="changed during the run"):
        picture.pixels()
    picture.path.unlink()
    with pytest.raises(UsageError, match="changed during the run"):
        picture.pixels()


def test_donors_are_others_of_the_same_side() -> None:
    """By the seed, never the picture, never a copy of it, none twice; fewer where there are not enough."""
    pictures = [
        LabPicture(f"{number:064x}", Path(), "", f"{number // 2:064x}", "dev" if number < 14 else "held")
        for number in range(20)
    ]
    for picture in pictures:
        drawn = donors_of(picture, pictures, count=3, seed=1, cell_id="x")
        assert len(set(drawn)) == 3
        assert {one.split for one in drawn} == {picture.split}
        assert picture.cluster not in {one.cluster for one in drawn}
        assert drawn == donors_of(picture, pictures, count=3, seed=1, cell_id="x")
    every = {donors_of(pictures[0], pictures, count=3, seed=seed, cell_id="x") for seed in range(8)}
    assert len(every) > 4
    assert len(donors_of(pictures[19], pictures, count=9, seed=1, cell_id="x")) == 4


def test_sample_draws_the_same_pictures_again(tmp_path: Path) -> None:
    """Every kind is there, the same seed gives the same bytes, another seed others."""
    counts = [draw_sample(tmp_path / name, count=24, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))]
    files = [
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.jpg")}
        for name in "abc"
    ]
    assert counts == [len(files[0])] * 3
    assert files[0] == files[1]
    assert files[0].keys() == files[2].keys()
    assert not set(files[0].values()) & set(files[2].values())
    assert {path.parts[0] for path in files[0]} == set(DRAWN_KINDS)
    assert all(np.ptp(decoded(content)) > 20 for content in files[0].values())


def test_sample_touches_no_folder_in_use(tmp_path: Path) -> None:
    """Something in the folder stops it."""
    saved(tmp_path / "mine.jpg", 1)
    with pytest.raises(UsageError, match="not empty"):
        draw_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.jpg"]
