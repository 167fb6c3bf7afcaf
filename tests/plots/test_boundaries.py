"""Pictures show what training reported and what was learnt, and leave Matplotlib as they found it."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pytest
from fonts import make_font
from matplotlib import font_manager

from autograd.nn import ACTIVATIONS
from autograd.plots import PlotError, decision_boundary, gradient_flow, loss_curve
from autograd.plots import style as plotting_style
from autograd.plots.boundaries import LIMIT, layer_colors, positions, verdicts
from autograd.plots.plane import Plane, predict_rows, telling_features
from autograd.plots.style import CHINESE, COLORS, Words, chinese_font
from autograd.training import Dataset, Result, Settings, Step, Trainer, iris, make_table

QUICK = Settings(hidden=(), steps=40, batch=20, lr=0.3)
PLOTS = (loss_curve, decision_boundary, gradient_flow)


@cache
def two_sides(regression: bool = False) -> Result:
    """Points left and right of 0: two classes with names that could be formulas, or the numbers x."""
    points = [[x, y] for x in (-3, -2, 2, 3) for y in range(5)]
    goal = [[x / 2 + 0.01] if regression else ["$left" if x < 0 else "right_{$"] for x, _ in points]
    rows = [[*point, *cells] for point, cells in zip(points, goal, strict=True)]
    table = make_table(["$x$", "y\\frac", "side$$"], rows)
    return Trainer(Dataset.of(table, task="regression" if regression else None), QUICK).run()


@cache
def iris_run() -> Result:
    return Trainer(Dataset.of(iris()), QUICK).run()


@cache
def flowers() -> Result:
    """Two features and two classes with Chinese names, divided at random."""
    rng = random.Random(0)
    rows = [[rng.random(), rng.random(), rng.choice(["红", "蓝"])] for _ in range(30)]
    return Trainer(Dataset.of(make_table(["花瓣长", "花瓣宽", "种类"], rows)), QUICK).run()


def with_gradients(*steps: tuple[float, ...]) -> Result:
    history = [Step(k + 1, 0.5, 0.5, None, sizes) for k, sizes in enumerate(steps)]
    return replace(iris_run(), history=history)


def texts(picture: Any) -> str:
    """Return all text in a picture."""
    found = picture.figure.findobj(mpl.text.Text)
    return "\n".join(text.get_text() for text in found if text.get_visible())


def legend(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def pixels(png: bytes) -> Any:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return matplotlib.image.imread(io.BytesIO(png))


# The loss


def test_the_loss_curve_has_the_numbers_that_training_reported() -> None:
    history = iris_run().history
    (axes,) = loss_curve(iris_run()).figure.axes
    raw, smooth, test = (np.asarray(line.get_xydata()) for line in axes.lines)
    assert raw.tolist() == [[step.step, step.loss] for step in history]
    losses = np.array([step.loss for step in history])  # 40 steps: the mean of three neighbours
    assert smooth[1:-1, 1] == pytest.approx((losses[:-2] + losses[1:-1] + losses[2:]) / 3)
    assert smooth[[0, -1], 1] == pytest.approx([losses[:2].mean(), losses[-2:].mean()])
    assert test.tolist() == [[step.step, step.test_loss] for step in history if step.test_loss is not None]
    assert len(test) == 40
    assert axes.get_ylabel() == "cross-entropy"


def test_the_lines_of_the_loss_differ_in_more_than_colour() -> None:
    (axes,) = loss_curve(iris_run()).figure.axes
    looks = {(line.get_linewidth(), line.get_linestyle()) for line in axes.lines}
    assert len(looks) == 3


# The plane


@pytest.mark.parametrize("regression", [False, True])
def test_the_plane_is_coloured_by_what_is_predicted(regression: bool) -> None:
    picture = pixels(decision_boundary(two_sides(regression)).png())
    height, width, _ = picture.shape
    left = picture[height // 2, int(0.12 * width)]
    right = picture[height // 2, int(0.80 * width if regression else 0.97 * width)]
    if regression:  # cividis: dark blue for small numbers, yellow for large ones
        assert left[:3].max() < 0.6
        assert right[0] > right[2] + 0.2
        assert right[1] > 0.6
    else:  # the classes' colours: blue and orange
        assert left[2] > left[0] + 0.1
        assert right[0] > right[2] + 0.1


def test_on_the_boundary_both_classes_are_as_probable() -> None:
    result = two_sides()
    (axes,) = decision_boundary(result).figure.axes
    boundary = np.asarray(axes.lines[0].get_xydata())
    assert len(boundary) > 10
    for x, y in boundary:
        assert result.model.predict([x, y]).probabilities[0] == pytest.approx(0.5, abs=0.01)


def test_rows_lie_where_the_table_says_and_those_predicted_wrongly_are_crossed_out() -> None:
    result = flowers()
    (axes,) = decision_boundary(result).figure.axes
    drawn = [tuple(point) for rows in axes.collections for point in np.asarray(rows.get_offsets())]
    assert sorted(drawn) == sorted(result.data.inputs)
    wrong = [
        row
        for row, true in zip(result.data.inputs, result.data.targets, strict=True)
        if result.model.predict(row).value != result.data.classes[int(true)]
    ]
    crosses = [tuple(point) for point in np.asarray(axes.lines[-1].get_xydata())]
    assert wrong
    assert sorted(crosses) == sorted(wrong)


def test_of_more_than_two_features_those_are_shown_on_which_the_prediction_depends() -> None:
    rng = random.Random(1)
    rows = [[rng.uniform(-1, 1) for _ in range(4)] for _ in range(60)]
    table = make_table(["a", "b", "c", "d", "goal"], [[*x, 3 * x[1] - 2 * x[3] + 0.1 * x[0]] for x in rows])
    result = Trainer(Dataset.of(table), replace(QUICK, steps=150)).run()
    assert telling_features(result)[:2] == [1, 3]
    picture = decision_boundary(result)
    axes = picture.figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("b", "d")
    assert "the two features that tell most; the other 2 at their mean" in texts(picture)
    plane = Plane(result, points=5)
    means = [sum(x[j] for x in (rows[i] for i in result.train_rows)) / len(result.train_rows) for j in (0, 2)]
    expected = result.model.predict([means[0], float(plane.xs[4]), means[1], float(plane.ys[0])]).value
    assert plane.predict()[0, 4] == pytest.approx(expected)


def test_a_linear_model_tells_by_its_standardised_weights() -> None:
    result = two_sides(regression=True)
    weights = [abs(w.data) for w in result.model.network.layers[0].neurons[0].w]
    assert telling_features(result) == sorted(range(2), key=lambda j: -weights[j])


def crowd(step: float) -> Result:
    """Ten classes, 400 rows, on the points of a grid of 10 by 10."""
    points = [(step * (i % 10), step * (i // 10 % 10), i % 10) for i in range(400)]
    return Trainer(Dataset.of(make_table(["x", "y", "digit"], points)), QUICK).run()


def test_rows_of_whole_numbers_are_spread_out_where_many_lie_on_a_point() -> None:
    result = crowd(step=1.0)
    plane = Plane(result, points=5)
    rows = [*range(400)]
    places = list(zip(*positions(result, plane, rows), strict=True))
    true = [result.data.inputs[i] for i in rows]
    shifts = [
        to - x for row, place in zip(true, places, strict=True) for x, to in zip(row, place, strict=True)
    ]
    assert len(set(places)) == 400
    assert 0.25 < max(map(abs, shifts)) <= 0.35  # to no other whole number
    assert list(zip(*positions(result, plane, [7]), strict=True)) == places[7:8]
    assert "whole numbers are spread out" in texts(decision_boundary(result))


def test_rows_stay_where_they_are_if_they_are_no_whole_numbers_or_few_lie_on_a_point() -> None:
    whole_but_few = Trainer(
        Dataset.of(make_table(["x", "y", "kind"], [(i // 7, i % 7, "ab"[i % 2]) for i in range(49)])), QUICK
    ).run()
    for result in (crowd(step=0.5), whole_but_few):
        rows = result.train_rows
        x, y = positions(result, Plane(result, points=5), rows)
        assert [*zip(x, y, strict=True)] == [result.data.inputs[i] for i in rows]
        assert "whole numbers are spread out" not in texts(decision_boundary(result))


def test_ten_classes_have_ten_looks_and_a_legend_beside_the_plane() -> None:
    picture = decision_boundary(crowd(step=1.0))
    axes = picture.figure.axes[0]
    legend: Any = axes.get_legend()
    looks = {
        (tuple(handle.get_facecolor()[0]), handle.get_paths()[0].vertices.tobytes())
        for handle in legend.legend_handles
    }
    assert len(looks) == 10
    picture.png()  # which lays everything out
    assert legend.get_window_extent().x0 >= axes.get_window_extent().x1


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_of_a_single_feature_the_curve_of_the_prediction_is_drawn(task: str) -> None:
    data = Dataset.of(make_table(["x", "y"], [[x / 9, int(x > 4)] for x in range(12)]), task=task)
    result = Trainer(data, QUICK).run()
    (axes,) = decision_boundary(result).figure.axes
    curves = [np.asarray(line.get_xydata()) for line in axes.lines[:-1]]
    assert len(curves) == (2 if task == "classification" else 1)
    for k, curve in enumerate(curves):
        for x, y in curve[::10]:
            said = result.model.predict([x])
            assert y == pytest.approx(said.probabilities[k] if data.classes else said.value)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_all_points_at_once_are_predicted_as_one_by_one(activation: str, task: str) -> None:
    rows = [[x, y, (x * y) % 3] for x in range(4) for y in range(4)]
    data = Dataset.of(make_table(["x", "y", "z"], rows), task=task)
    model = Trainer(data, Settings(hidden=(3, 2), activation=activation)).result.model
    together = predict_rows(model, [model.inputs.apply(row) for row in data.inputs])
    for row, numbers in zip(data.inputs, together, strict=True):
        said = model.predict(row)
        assert numbers == pytest.approx(said.probabilities if data.classes else said.value, rel=1e-12)


# The gradients


def test_the_gradient_flow_has_the_numbers_that_training_reported() -> None:
    result = Trainer(Dataset.of(iris()), replace(QUICK, hidden=(3, 2))).run()
    left, right = gradient_flow(result).figure.axes
    sizes = np.array([step.gradients for step in result.history])
    assert sizes.shape == (40, 3)
    for k, line in enumerate(left.lines):
        drawn = np.asarray(line.get_xydata())
        assert drawn[:, 0].tolist() == list(range(1, 41))
        assert drawn[1:-1, 1] == pytest.approx((sizes[:-2, k] + sizes[1:-1, k] + sizes[2:, k]) / 3)
    assert left.get_yscale() == "log"
    assert legend(left)[:3] == ["layer 1", "layer 2", "output layer"]
    assert "no layer vanishes (< 1/100 of the output layer's)" in left.texts[0].get_text()
    first, middle, last = (np.asarray(line.get_ydata()) for line in right.lines)
    assert first == pytest.approx(np.median(sizes[:4], axis=0))
    assert middle == pytest.approx(np.median(sizes[18:22], axis=0))
    assert last == pytest.approx(np.median(sizes[-4:], axis=0))


def test_vanishing_and_exploding_gradients_are_named_with_their_thresholds() -> None:
    left, _ = gradient_flow(with_gradients(*[(9e-4, 20.0, 0.1)] * 20)).figure.axes
    assert legend(left) == [
        "layer 1: vanishing",
        "layer 2: exploding",
        "output layer",
        "vanishing: < 1/100 of output",
        "exploding: > 100 × output",
    ]
    below, above = (band.get_paths()[0].get_extents() for band in left.collections)
    assert below.ymax == pytest.approx(0.1 / LIMIT)
    assert above.ymin == pytest.approx(0.1 * LIMIT)
    assert not left.texts


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((1.01e-3, 0.1), ["", ""]),
        ((0.99e-3, 0.1), ["vanishing", ""]),
        ((9.9, 0.1), ["", ""]),
        ((10.1, 0.1), ["exploding", ""]),
        ((0.0, 0.1), ["vanishing", ""]),
        ((0.0, 0.0), ["vanishing", "vanishing"]),  # no neuron is awake
        ((0.3,), [""]),
    ],
)
def test_a_gradient_vanishes_or_explodes_beyond_a_hundredth_and_a_hundred_times(
    sizes: tuple[float, ...], said: list[str]
) -> None:
    assert verdicts(with_gradients(sizes).history) == said


def test_a_tenth_of_the_steps_makes_a_verdict_and_steps_without_loss_do_not_count() -> None:
    good, bad = (0.1, 0.1), (1e-9, 0.1)
    assert verdicts(with_gradients(*[bad] * 2, *[good] * 18).history) == ["vanishing", ""]
    assert verdicts(with_gradients(*[bad] * 1, *[good] * 18).history) == ["", ""]
    learnt = [replace(step, loss=0.0) for step in with_gradients((0.0, 0.0)).history]
    assert verdicts(learnt) == ["", ""]


def test_gradients_of_zero_lie_on_the_lower_edge() -> None:
    left, _ = gradient_flow(with_gradients((0.0, 0.1), (0.0, 0.2), (0.0, 0.1))).figure.axes
    low, _ = left.get_ylim()
    assert low > 0
    assert np.asarray(left.lines[0].get_ydata()).tolist() == [low] * 3


@pytest.mark.parametrize("loss", [0.0, 0.1, 1e-300])
def test_a_training_in_which_nothing_changes_is_drawn(loss: float) -> None:
    history = [Step(k, loss, 1.0, loss, (loss, loss)) for k in range(1, 41)]
    for plot in PLOTS:  # warnings are errors
        plot(replace(iris_run(), history=history)).png()
        plot(replace(iris_run(), history=history[:1])).png()


# Style


def test_layers_and_classes_are_told_apart_in_grey() -> None:
    def lightness(color: Any) -> float:  # ITU-R BT.709
        r, g, b = mpl.colors.to_rgb(color)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    layers = [lightness(color) for color in layer_colors(6)]
    assert all(b > a + 0.05 for a, b in pairwise(layers))
    classes = sorted(lightness(color) for color in COLORS[:3])
    assert all(b > a + 0.1 for a, b in pairwise(classes))
    assert len(set(plotting_style.MARKS)) == len(COLORS)  # beyond three, the marks do it


def test_names_that_look_like_formulas_are_shown_as_they_are() -> None:
    shown = texts(decision_boundary(two_sides()))
    for name in ("$x$", "y\\frac", "$left", "right_{$", "side$$"):  # Matplotlib would refuse some as formulas
        assert name in shown
    assert decision_boundary(two_sides()).png().startswith(b"\x89PNG")


def test_matplotlib_is_left_as_it_was_and_its_settings_do_not_matter() -> None:
    def parameters() -> dict[str, Any]:
        return {key: dict.__getitem__(mpl.rcParams, key) for key in mpl.rcParams}  # does not choose a backend

    before = parameters()
    loaded = "matplotlib.pyplot" in sys.modules
    pictures = [plot(two_sides()).png() for plot in PLOTS]
    assert parameters() == before
    assert ("matplotlib.pyplot" in sys.modules) == loaded
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linestyle": ":"}):
        assert [plot(two_sides()).png() for plot in PLOTS] == pictures


def test_the_same_run_gives_the_same_picture() -> None:
    for plot in PLOTS:
        assert plot(iris_run()).png() == plot(iris_run()).png()
        assert plot(iris_run()).svg() == plot(iris_run()).svg()


def test_a_picture_shows_itself_and_is_saved_by_its_suffix(tmp_path: Path) -> None:
    picture = loss_curve(iris_run())
    assert picture._repr_png_() == picture.png()
    picture.save(tmp_path / "loss.PNG")
    picture.save(tmp_path / "loss.svg")
    assert (tmp_path / "loss.PNG").read_bytes() == picture.png()
    assert ">cross-entropy</text>" in (tmp_path / "loss.svg").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"cannot save a plot as 'loss\.jpg': .* \.png or \.svg"):
        picture.save("loss.jpg")


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    for plot in PLOTS:
        with pytest.raises(PlotError, match=r'Matplotlib: pip install "scalar-autograd\[plot\]"'):
            plot(two_sides())


# Languages


@pytest.fixture
def a_chinese_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A family that has the characters of our Chinese words and of the table of flowers, and no others."""
    known = set("".join(CHINESE.values()) + "花瓣长宽种类红蓝")
    path = make_font(tmp_path / "square.ttf", "Squares", "".join(x for x in known if ord(x) > 0x2000))
    before = list(font_manager.fontManager.ttflist)
    font_manager.fontManager.addfont(path)
    monkeypatch.setattr(plotting_style, "chinese_font", lambda: "Squares")
    yield "Squares"
    font_manager.fontManager.ttflist[:] = before


@pytest.mark.usefixtures("a_chinese_font")
def test_with_a_chinese_font_words_and_names_are_chinese() -> None:
    shown = texts(loss_curve(flowers(), "zh"))
    assert "学习 种类 时的损失" in shown
    assert "小批量" in shown
    shown = texts(decision_boundary(flowers(), "zh"))
    assert {"花瓣长", "花瓣宽", "红", "蓝"} <= set(shown.splitlines())
    assert "各层的梯度流" in texts(gradient_flow(flowers(), "zh"))
    for plot in PLOTS:  # whatever has no glyph is a warning, which is an error here
        plot(flowers(), "zh").png()


@pytest.mark.usefixtures("a_chinese_font")
def test_a_chinese_name_is_drawn_with_the_chinese_font() -> None:
    picture = decision_boundary(flowers())
    dark = pixels(picture.png())[:, :, :3].max(axis=2) < 0.3
    # Each of the three squares of 花瓣长 below the axis is a solid block, which no letter of DejaVu is.
    below = dark[-40:]
    block = 12
    solid = np.lib.stride_tricks.sliding_window_view(below, (block, block)).all(axis=(2, 3))
    assert solid.any()


def test_without_a_chinese_font_everything_is_english_and_nothing_is_an_empty_box(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plotting_style, "chinese_font", lambda: None)
    for lang in ("en", "zh"):
        for plot in PLOTS:
            picture = plot(flowers(), lang)
            picture.png()  # a missing glyph is a warning, which is an error here
            assert all(ord(x) < 0x2E80 for x in texts(picture))
    assert "Loss while learning target" in texts(loss_curve(flowers(), "zh"))
    shown = set(texts(decision_boundary(flowers(), "zh")).splitlines())
    assert {"feature 1", "feature 2", "class 1", "class 2", "target, as predicted"} <= shown


def test_a_font_that_matplotlib_has_not_heard_of_yet_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [x for x in font_manager.fontManager.ttflist if x.name not in plotting_style.CHINESE_FONTS]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", others)
    broken = tmp_path / "simhei.ttf"
    broken.write_bytes(b"no font")
    recent = make_font(tmp_path / "wqy-microhei.ttf", "WenQuanYi Micro Hei", "损失")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(recent), str(broken)])
    plotting_style._add_recent_fonts.cache_clear()
    try:
        assert chinese_font() == "WenQuanYi Micro Hei"
        assert Words("zh").lang == "zh"
        assert Words("zh").name("损失", "loss") == "损失"
        assert Words("zh").name("失败", "failure") == "failure"  # the font has not the second character
    finally:
        plotting_style._add_recent_fonts.cache_clear()


def test_a_machine_without_chinese_fonts_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [x for x in font_manager.fontManager.ttflist if x.name not in plotting_style.CHINESE_FONTS]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", others)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    plotting_style._add_recent_fonts.cache_clear()
    try:
        assert chinese_font() is None
        assert Words("zh").lang == "en"
    finally:
        plotting_style._add_recent_fonts.cache_clear()


def test_every_font_of_simplified_chinese_has_our_words() -> None:
    for phrase in CHINESE.values():
        "".join(x for x in phrase if ord(x) > 0x2E80).encode("gb2312")  # the characters all such fonts have


def test_both_languages_have_the_same_places_for_names() -> None:
    def places(phrase: str) -> set[str]:
        return {part.split("}")[0] for part in phrase.split("{")[1:]}

    for english, chinese in CHINESE.items():
        assert places(english) == places(chinese)


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'en' \(English\) or 'zh' \(Chinese\), not in 'fr'"):
        loss_curve(iris_run(), "fr")


def test_names_are_cut_and_what_cannot_be_printed_is_written_out() -> None:
    words = Words()
    assert words.name("a\nb", "name") == "a\\nb"
    assert words.name("x" * 100, "name") == "x" * 31 + "…"


def test_a_picture_is_called_by_what_its_axes_show() -> None:
    picture = loss_curve(iris_run())
    label = picture.figure.axes[0].get_ylabel()
    assert label
    assert repr(picture) == f"<Picture: {label}>"
