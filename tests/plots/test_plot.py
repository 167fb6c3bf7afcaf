"""A plot shows itself, and saves itself by its suffix; the same run gives the same one."""

from __future__ import annotations

from pathlib import Path

import pytest
from trainings import PLOTS, iris_run

from autograd.plots import loss_curve


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


def test_a_picture_is_called_by_what_its_axes_show() -> None:
    picture = loss_curve(iris_run())
    label = picture.figure.axes[0].get_ylabel()
    assert label
    assert repr(picture) == f"<Picture: {label}>"
