"""A film shows the network as it was, step by step, in one file that needs no other."""

from __future__ import annotations

import base64
import io
import json
import random
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from autograd.plots import Film, Recorder, fonts
from autograd.plots.film import FRAMES, shown_rows
from autograd.plots.words import Words
from autograd.training import Dataset, Result, Settings, Step, Trainer, iris, make_table

QUICK = Settings(hidden=(3,), steps=12, batch=20, lr=0.1)
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def filmed(data: Dataset, settings: Settings = QUICK, frames: int = FRAMES) -> tuple[Result, Film]:
    trainer = Trainer(data, settings)
    recorder = Recorder(trainer, frames)
    result = trainer.run(recorder)
    return result, recorder.film()


@cache
def iris_film() -> tuple[Result, Film]:
    return filmed(Dataset.of(iris()))


def noise(rows: int, features: int = 2) -> Dataset:
    rng = random.Random(0)
    table = [[*[rng.random() for _ in range(features)], rng.choice("abc")] for _ in range(rows)]
    return Dataset.of(make_table([*"uvwxyz"[:features], "kind"], table))


class Page(HTMLParser):
    """The elements of a page, in order, and the text in each of them that has an id or is a script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.shown: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._inside in ("script", "style") else self.shown).append(data)

    def element(self, name: str) -> dict[str, str]:
        (found,) = [attributes for _, attributes in self.elements if attributes.get("id") == name]
        return found

    @property
    def film(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(next(text for text in self.scripts if text.startswith('{"')))
        return data


# Recording


@pytest.mark.parametrize(
    ("steps", "frames", "kept"),
    [
        (1, 120, [0, 1]),
        (5, 120, [0, 1, 2, 3, 4, 5]),
        (10, 6, [0, 2, 4, 6, 8, 10]),
        (7, 3, [0, 4, 7]),
        (9, 2, [0, 9]),
    ],
)
def test_parameters_are_kept_evenly_from_the_first_step_to_the_last(
    steps: int, frames: int, kept: list[int]
) -> None:
    trainer = Trainer(Dataset.of(iris()), Settings(hidden=(), steps=steps, batch=2))
    recorder = Recorder(trainer, frames)
    network = trainer.result.model.network
    seen = {0: [p.data for p in network.parameters()]}

    def progress(step: Step) -> None:
        recorder(step)
        seen[step.step] = [p.data for p in network.parameters()]

    trainer.run(progress)
    assert recorder.steps == kept
    film = recorder.film()
    assert film.steps == kept
    for step in kept:
        assert list(film._parameters[step]) == seen[step]


@pytest.mark.parametrize("frames", [1, 121])
def test_a_film_has_from_2_to_120_frames(frames: int) -> None:
    with pytest.raises(ValueError, match=f"from 2 to 120 frames, not {frames}"):
        Recorder(Trainer(Dataset.of(iris()), QUICK), frames)


def test_a_long_training_is_kept_in_120_frames() -> None:
    recorder = Recorder(Trainer(Dataset.of(iris()), Settings(steps=100_000)))
    for number in range(1, 100_001):
        recorder(Step(number, 0.5, 0.5))
    assert len(recorder.steps) == 120
    gaps = np.diff(recorder.steps)
    assert (gaps.min(), gaps.max()) == (840, 841)


def test_there_is_no_film_without_a_step() -> None:
    with pytest.raises(ValueError, match="a training without a step"):
        Recorder(Trainer(Dataset.of(iris()), QUICK)).film()


# Frames


def test_frames_show_the_network_as_it_was() -> None:
    result, film = iris_film()
    now = result.model.network.state_dict()
    frames = list(film.frames(Words()))
    assert [frame.step for frame in frames] == list(range(13))
    untrained = Trainer(Dataset.of(iris()), QUICK).result.model
    for frame, model in ((frames[0], untrained), (frames[-1], result.model)):
        wrong = [
            i
            for i in film.rows
            if model.predict(result.data.inputs[i]).value != result.data.classes[int(result.data.targets[i])]
        ]
        assert frame.wrong == wrong
        assert f"{len(wrong)} of 150 rows wrong" in frame.caption
    assert frames[0].wrong != frames[-1].wrong
    assert frames[0].caption.startswith("step 0 of 12 (untrained) · ")
    assert result.model.network.state_dict() == now


def test_the_caption_says_loss_and_root_mean_squared_error() -> None:
    data = Dataset.of(make_table(["x", "y"], [[x, x / 3] for x in range(30)]))
    result, film = filmed(data, Settings(hidden=(), steps=4, batch=24, l2=0.0))
    *_, last = film.frames(Words())
    errors = [float(result.model.predict([x]).value) - x / 3 for x in range(30)]
    rmse = (sum(e * e for e in errors) / 30) ** 0.5
    smooth = (result.history[2].loss + result.history[3].loss) / 2
    assert last.caption == f"step 4 of 4 · loss {smooth:.3g} · RMSE {rmse:.3g}"


def test_the_caption_names_a_gradient_that_vanishes() -> None:
    settings = Settings(hidden=(4,) * 5, activation="sigmoid", steps=3)
    _, film = filmed(Dataset.of(iris()), settings)
    *_, last = film.frames(Words())
    ratio = film.result.history[-1].gradients[0] / film.result.history[-1].gradients[-1]
    assert last.caption.endswith(f"gradient of layer 1: {ratio:.1g} of the output layer's, vanishing")


def test_of_very_many_rows_some_are_shown_in_the_same_proportion() -> None:
    trainer = Trainer(noise(2000), QUICK)
    rows = shown_rows(trainer.result)
    assert len(rows) == len(set(rows)) == 500
    assert len(set(rows) & set(trainer.result.test_rows)) == 100


# Pages


def test_a_page_has_a_frame_of_data_for_each_frame_of_the_film() -> None:
    _, film = iris_film()
    page = Page(film.html())
    frames = list(film.frames(Words()))
    data = page.film
    assert len(data["frames"]) == len(frames) == 13
    assert page.element("slider")["max"] == "12"
    for shot, frame in zip(data["frames"], frames, strict=True):
        assert shot["c"] == frame.caption
        assert [film.rows[place] for place in shot["w"]] == frame.wrong
        assert shot["t"] == pytest.approx(frame.step / 12, abs=1e-4)
        image = np.asarray(Image.open(io.BytesIO(base64.b64decode(shot["i"]))))
        assert (image == frame.image[::-1]).all()
    assert len(data["rows"]) == 150


def test_a_page_asks_no_network_for_anything() -> None:
    text = iris_film()[1].html()
    page = Page(text)
    for tag, attributes in page.elements:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        for name in ("src", "href", "xlink:href", "action", "data", "poster"):
            assert attributes.get(name, "#").startswith(("data:", "#"))
    assert set(re.findall(r"https?://[^\s\"']+", text)) <= NAMESPACES
    assert not re.search(r"@import|fetch\(|XMLHttpRequest|WebSocket|importScripts|\bimport\b *[({'\"]", text)
    assert not re.search(r"url\((?!#)", text)
    policy = next(a["content"] for _, a in page.elements if a.get("http-equiv"))
    assert "default-src 'none'" in policy


def test_a_page_can_be_used_without_a_mouse_without_sight_and_without_motion() -> None:
    page = Page(iris_film()[1].html())
    for name in ("first", "back", "next", "last", "slider"):
        assert page.element(name)["aria-label"]
    assert page.element("play")["data-pause"] == "Pause"
    assert page.element("caption")["aria-live"] == "polite"
    (picture,) = [attributes for tag, attributes in page.elements if tag == "svg" and "role" in attributes]
    assert picture["role"] == "img"
    assert picture["aria-label"] == "How species is learnt"
    script = page.scripts[-1]
    for word in ("ArrowLeft", "ArrowRight", "Home", "End", "prefers-reduced-motion"):
        assert word in script
    (root,) = [attributes for tag, attributes in page.elements if tag == "html"]
    assert root["lang"] == "en"


def test_without_scripts_a_page_shows_its_last_frame() -> None:
    _, film = iris_film()
    text = film.html()
    page = Page(text)
    assert ("noscript", {}) in page.elements
    assert "hidden" in page.element("controls")
    *_, last = film.frames(Words())
    assert last.caption in page.shown
    image = page.element("film-image")
    picture = Image.open(io.BytesIO(base64.b64decode(image["xlink:href"].partition(",")[2])))
    colors = np.asarray(picture.convert("RGB")).reshape(-1, 3).astype(int).mean(axis=0)
    assert colors == pytest.approx(last.image.reshape(-1, 3).mean(axis=0), abs=4)
    crosses = text.partition('<g id="film-wrong">')[2].partition('<g id="')[0]
    assert crosses.count("<use ") == len(last.wrong)


def test_a_page_stays_below_3_megabytes_however_restless_the_training() -> None:
    settings = Settings(hidden=(30,), steps=120)
    trainer = Trainer(noise(2000), settings)
    result = trainer.result
    result.history = [Step(k, 0.5, 0.5, None, (0.1, 0.1)) for k in range(1, 121)]
    rng = random.Random(0)
    count = len(result.model.network.parameters())
    film = Film(result, {k: [rng.gauss(0, 6) for _ in range(count)] for k in range(1, 121)})
    size = len(film.html().encode())
    assert 100_000 < size < 3_000_000


def test_names_are_shown_as_typed_and_never_as_markup() -> None:
    name = "</script><b>{{svg}}&lt;\\"
    rows = [[x, y, f"{name}{x % 2}"] for x in range(6) for y in range(3)]
    _, film = filmed(Dataset.of(make_table([f"<i>{name}", "y", f"${name}$"], rows)))
    page = Page(film.html())
    plain = Page(filmed(noise(18))[1].html())
    assert len([tag for tag, _ in page.elements if tag == "script"]) == 2
    assert not {tag for tag, _ in page.elements} - {tag for tag, _ in plain.elements}
    assert any(f"<i>{name}" == text for text in page.shown)


def test_of_a_single_feature_the_page_has_curves_and_no_image() -> None:
    _, film = filmed(Dataset.of(iris(), features=["petal_length"]))
    data = Page(film.html()).film
    for shot in data["frames"]:
        assert "i" not in shot
        assert len(shot["l"]) == 3
        assert all(path.count("L") == 47 for path in shot["l"])


@pytest.mark.parametrize("make", [Film.html, Film.gif])
def test_the_same_training_gives_the_same_film(make: Callable[[Film], object]) -> None:
    assert make(filmed(noise(40))[1]) == make(filmed(noise(40))[1])


# Languages


def test_a_page_keeps_chinese_names_also_where_there_is_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    rows = [[x, y, "红" if x > y else "蓝"] for x in range(5) for y in range(5)]
    trainer = Trainer(Dataset.of(make_table(["花瓣长", "花瓣宽", "种类"], rows)), QUICK)
    recorder = Recorder(trainer)
    trainer.run(recorder)
    film = recorder.film("zh")
    page = Page(film.html())
    assert {"花瓣长", "花瓣宽", "红", "蓝", "How 种类 is learnt"} <= set(page.shown)
    assert page.element("play")["title"] == "Play"
    assert not any("种类" in text for text in map(str, film.still().figure.findobj()))
    film.gif()  # a missing glyph is a warning, which is an error here


# Animated pictures


def test_a_gif_has_the_frames_and_ends_with_a_pause() -> None:
    _, film = iris_film()
    picture = Image.open(io.BytesIO(film.gif()))
    assert picture.format == "GIF"
    assert picture.size == (990, 504)
    assert getattr(picture, "n_frames", 1) == 13
    assert picture.info["loop"] == 0
    durations = []
    for k in range(13):
        picture.seek(k)
        durations.append(picture.info["duration"])
    assert durations == [130] * 12 + [2500]


def test_the_last_frame_of_a_gif_looks_like_the_still_of_the_film() -> None:
    _, film = iris_film()
    picture = Image.open(io.BytesIO(film.gif()))
    still = Image.open(io.BytesIO(film.still().png())).convert("RGB").resize(picture.size)

    def distance(k: int) -> float:
        picture.seek(k)
        both = [np.asarray(image.convert("RGB"), dtype=float)[100:400, 60:480] for image in (picture, still)]
        return float(np.abs(both[0] - both[1]).mean())

    assert distance(12) < distance(0) / 2
    assert picture.convert("RGB").getpixel((2, 250)) == (255, 255, 255)


def test_a_gif_has_half_of_the_frames_of_a_long_film() -> None:
    _, film = filmed(noise(30), Settings(hidden=(), steps=119, batch=4))
    assert len(film.steps) == 120
    assert getattr(Image.open(io.BytesIO(film.gif())), "n_frames", 1) == 60


# Notebooks


def test_a_notebook_gets_the_player_and_where_scripts_are_stripped_the_last_frame() -> None:
    _, film = iris_film()
    bundle = film._repr_mimebundle_()
    assert bundle["image/png"] == film.still().png()
    page = Page(bundle["text/html"])
    ((tag, attributes),) = page.elements
    assert tag == "iframe"
    assert attributes["srcdoc"] == film.html()
    assert attributes["sandbox"] == "allow-scripts"


def test_a_film_is_called_by_its_length() -> None:
    _, made = iris_film()
    assert repr(made) == f"<Film: {len(made.steps)} frames>"
