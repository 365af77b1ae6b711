"""The choice of re-posts for frames of videos."""

from pathlib import Path

import numpy as np

from hashclient.lab import Dataset
from hashclient.lab.cover import OF_A_FRAME, SHAPES_OF_FRAMES, chosen, exchanged, pixels_of_frame, search_frames
from kit.lab import draw_pictures


def test_one_that_two_others_make_needless_is_exchanged() -> None:
    """Greedy choice takes what helps a little everywhere, and cannot give it back."""
    worths = np.array([[0, 0], [120, 120], [200, 0], [0, 190]], np.uint8)
    weights = np.ones(2, np.float32)
    greedy = chosen(worths, weights, 3)
    assert greedy == [0, 1, 2]
    assert sorted(exchanged(worths, weights, greedy)) == [0, 2, 3]


def test_nothing_is_exchanged_where_nothing_is_better() -> None:
    """The first, which is the frame itself, stays whatever the others are worth."""
    worths = np.array([[0, 0], [200, 0], [0, 200], [100, 100]], np.uint8)
    assert exchanged(worths, np.ones(2, np.float32), [0, 1, 2]) == [0, 1, 2]


def test_frames_have_the_shapes_of_videos(tmp_path: Path) -> None:
    """Each picture has one, and every shape occurs."""
    pictures = Dataset.from_folder(draw_pictures(tmp_path, 12)).pictures
    shapes = {round(wide / high, 1) for high, wide, _ in (pixels_of_frame(one).shape for one in pictures)}
    assert shapes == {1.8, 0.6, 1.3}
    assert len(SHAPES_OF_FRAMES) == len(shapes)


def test_a_handful_is_chosen_and_a_mirror_is_among_it(tmp_path: Path) -> None:
    """The same pictures give the same recipes, as many as a frame has."""
    dataset = Dataset.from_folder(draw_pictures(tmp_path, 4))
    found = search_frames(dataset)
    assert found == search_frames(dataset)
    assert len({recipe.variant for recipe in found}) == OF_A_FRAME
    assert "mirror" in {recipe.variant for recipe in found}
