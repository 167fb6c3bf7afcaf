"""A film of images shows some of them with the probabilities of the classes, as these were step by step."""

from __future__ import annotations

import io
import json
import random
import re
from copy import deepcopy
from functools import cache

import numpy as np
import pytest
from PIL import Image
from test_film import Page, filmed
from trainings import iris_run, texts

from autograd.plots import Film, fonts
from autograd.plots.image_stage import COUNT, by_when_learnt
from autograd.plots.words import Words
from autograd.training import Dataset, Model, Result, Settings, make_table

NAMES = [f"pixel_{row}_{column}" for row in range(4) for column in range(5)]


@cache
def halves(noise: float = 1.0, test_fraction: float = 0.25) -> tuple[Result, Film]:
    """Images with a bright left or right half, under more or less noise."""
    rng = random.Random(0)
    rows = []
    for _ in range(120):
        side = rng.choice(["left", "right"])
        bright = [(column < 2) == (side == "left") for _ in range(4) for column in range(5)]
        rows.append([*[10 * on + noise * rng.gauss(0, 20) for on in bright], side])
    settings = Settings(hidden=(), steps=30, batch=16, lr=0.1, test_fraction=test_fraction)
    return filmed(Dataset.of(make_table([*NAMES, "half"], rows)), settings)


def model_after(film: Film, step: int) -> Model:
    model = deepcopy(film.result.model)
    for parameter, data in zip(model.network.parameters(), film._parameters[step], strict=True):
        parameter.data = data
    return model


def named_rightly(film: Film, step: int, row: int) -> bool:
    data = film.result.data
    said = model_after(film, step).predict(data.inputs[row]).value
    return said == data.classes[int(data.targets[row])]


def test_images_stand_in_the_order_in_which_they_are_learnt_those_that_never_are_last() -> None:
    rng = random.Random(1)
    for count in (3, 12, 40, 200):
        right = [[rng.random() < frame / 9 for _ in range(count)] for frame in range(9)]
        places, never = by_when_learnt(right)
        assert len(places) == len(set(places)) == min(count, COUNT)
        learnt = [
            next(k for k in range(10) if all(right[frame][place] for frame in range(k, 9)))
            for place in places
        ]
        assert learnt == sorted(learnt)
        assert sum(k == 9 for k in learnt) == never
        wrong_at_the_end = count - sum(right[-1])
        assert never >= min(wrong_at_the_end, COUNT // 3 if count > COUNT else 0)


def test_images_that_are_learnt_are_spread_over_the_training() -> None:
    right = [[frame >= place for place in range(100)] for frame in range(100)]
    places, never = by_when_learnt(right)
    assert (places[0], places[-1], never) == (0, 99, 0)
    assert set(np.diff(places)) == {9}


def test_frames_show_the_probabilities_as_they_were() -> None:
    result, film = halves()
    rows, never = film.images
    assert set(rows) <= set(result.test_rows)
    assert never == sum(not named_rightly(film, film.steps[-1], row) for row in rows) > 0
    for frame in film.frames(Words(), [0, 7, 30]):
        model = model_after(film, frame.step)
        for row, shares in zip(rows, frame.shares, strict=True):
            assert shares.tolist() == pytest.approx(model.predict(result.data.inputs[row]).probabilities)
        wrong = [row for row in result.test_rows if not named_rightly(film, frame.step, row)]
        assert frame.wrong == wrong
        assert f"{len(wrong)} of 30 test images are named wrongly" in frame.caption


def test_the_still_names_each_image_and_what_it_is_taken_for() -> None:
    result, film = halves()
    text = texts(film.still())
    rows, never = film.images
    for row in rows:
        true = result.data.classes[int(result.data.targets[row])]
        told = result.model.predict(result.data.inputs[row])
        share = f"{max(told.probabilities):.0%}"
        assert (f"{true}: {share}" if told.value == true else f"{true}, named {told.value}: {share}") in text
    assert "What 12 images are named" in text
    assert f"test images, in the order in which they are learnt; the last {never} are not" in text
    assert film.still().png().startswith(b"\x89PNG")


def test_where_all_are_learnt_and_none_is_kept_for_testing_nothing_else_is_said() -> None:
    _, film = halves(0.01, 0.0)
    text = texts(film.still())
    assert "\nimages, in the order in which they are learnt\n" in text
    assert "0 of 120 images are named wrongly" in text


def test_a_page_has_the_bars_of_every_frame() -> None:
    _, film = halves()
    html = film.html()
    data = Page(html).film
    frames = list(film.frames(Words()))
    assert len(data["frames"]) == len(frames) == 31
    for shot, frame in zip(data["frames"], frames, strict=True):
        assert shot["c"] == frame.caption
        assert np.array(shot["p"]) / 1000 == pytest.approx(frame.shares, abs=6e-4)
        assert len(shot["n"]) == 12
        assert not {"i", "l", "w"} & set(shot)
    for k in range(12):
        assert f'id="film-name-{k}"' in html
        for j in range(2):
            assert f'id="film-bar-{k}-{j}"' in html
    assert not set(re.findall(r"https?://[^\s\"']+", html)) - {
        "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
    }  # fmt: skip
    assert len(html) < 400_000


def test_a_gif_ends_with_the_still() -> None:
    _, film = halves()
    picture = Image.open(io.BytesIO(film.gif()))
    assert getattr(picture, "n_frames", 1) == 31
    still = Image.open(io.BytesIO(film.still().png())).convert("RGB").resize(picture.size)

    def distance(k: int) -> float:
        picture.seek(k)
        both = [np.asarray(image.convert("RGB"), dtype=float)[100:440, 10:480] for image in (picture, still)]
        return float(np.abs(both[0] - both[1]).mean())

    assert distance(30) < distance(0) / 2


@pytest.mark.skipif(fonts.chinese_font() is None, reason="there is no Chinese font")
def test_it_speaks_chinese() -> None:
    result, film = halves()
    chinese = Film(result, film._parameters, "zh")
    text = texts(chinese.still())
    for phrase in ("12 个图像的识别结果", "测试图像，按学会的先后排列", "个测试图像中认错", "认作"):
        assert phrase in text
    assert "认作" in json.dumps(Page(chinese.html()).film["frames"][-1], ensure_ascii=False)


def test_what_is_no_image_has_a_plane_as_before() -> None:
    film = Film(iris_run(), {1: [p.data for p in iris_run().model.network.parameters()]})
    assert not film.of_images
    assert next(film.frames(Words())).shares is None
