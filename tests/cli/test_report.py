"""What is printed about a training run, and what it leaves in a folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from autograd import plots
from autograd.cli import report
from autograd.training import Dataset, Model, Result, Settings, Trainer, iris, make_table

QUICK = Settings(hidden=(2,), steps=5, batch=8)


@cache
def classified() -> Result:
    return Trainer(Dataset.of(iris(), features=["petal_length", "petal_width"]), QUICK).run()


def test_the_opening_says_what_is_learnt_from_what() -> None:
    assert report.opening(classified()).splitlines() == [
        "iris.csv: 150 rows",
        "species (3 classes) from petal_length, petal_width",
        "MLP 2-2-3, tanh, 15 parameters, adam; learning from 120 rows, testing on 30",
    ]


def test_of_many_features_the_opening_names_the_first_and_the_last() -> None:
    names = [f"x{j}" for j in range(21)]
    table = make_table([*names, "y"], [[i * j % 5 for j in range(1, 23)] for i in range(20)])
    result = Trainer(Dataset.of(table, task="regression"), QUICK).result
    assert report.opening(result).splitlines()[1] == "y (numbers) from 21 columns, x0, x1, ..., x20"


def test_the_summary_of_a_classification_has_measures_and_the_confusion_matrix() -> None:
    result = Result(
        classified().model, classified().data, QUICK, [0] * 120, [0] * 30, [],
        {"loss": 0.04124, "accuracy": 0.9917}, {"loss": 0.1, "accuracy": 0.96667},
        [[10, 0, 0], [0, 9, 1], [0, 0, 10]],
    )  # fmt: skip
    assert report.summary(result).splitlines() == [
        "             train    test",
        "  rows         120      30",
        "  loss      0.0412  0.1000",
        "  accuracy  0.9917  0.9667",
        "",
        "confusion matrix of the test rows:",
        "  true \\ predicted  setosa  versicolor  virginica",
        "  setosa                10           0          0",
        "  versicolor             0           9          1",
        "  virginica              0           0         10",
    ]


def test_the_summary_of_a_regression_without_test_rows_has_one_column() -> None:
    table = make_table(["x", "z"], [[1, 0.5], [2, 1.5], [3, 2.5]])
    trainer = Trainer(Dataset.of(table), Settings(hidden=(), test_fraction=0.0))
    result = trainer.result
    result.train_metrics = {"loss": 0.0, "R2": float("nan"), "RMSE": 123456.7}
    assert report.summary(result).splitlines() == [
        "           train",
        "  rows         3",
        "  loss    0.0000",
        "  R2           -",
        "  RMSE  1.23e+05",
    ]
    assert report.opening(result).endswith(
        "MLP 1-1, linear, 2 parameters, adam; learning from 3 rows, testing on none"
    )


def test_wide_characters_are_aligned_and_control_characters_harmless() -> None:
    table = make_table(["x", "种类"], [[i, ("\x1b[31m红", "蓝色", "b")[i % 3]] for i in range(9)])
    result = Trainer(Dataset.of(table), QUICK).run()
    text = report.summary(result)
    assert "\x1b" not in text + report.opening(result)
    assert "  蓝色  " in text
    # Every line of the matrix is as wide as its head, counting a Chinese character as two columns.
    lines = text.splitlines()[-4:]
    assert len({len(line) + sum(x > "\u2e80" and x != "\ufffd" for x in line) for line in lines}) == 1


# Files


def test_a_run_leaves_the_model_and_its_pictures(tmp_path: Path) -> None:
    saved = report.save(classified(), tmp_path)
    assert saved.files == [
        "model.json", "loss.png", "gradients.png", "boundary.png", "network.svg", "network.png"
    ]  # fmt: skip
    assert saved.left_out == []
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(saved.files)
    assert Model.load(tmp_path / "model.json").predict([1.4, 0.2]) == classified().model.predict([1.4, 0.2])
    svg = (tmp_path / "network.svg").read_text(encoding="utf-8")
    assert "petal_length" in svg
    assert "virginica" in svg


def test_the_network_is_drawn_for_the_test_row_it_predicts_worst(tmp_path: Path) -> None:
    result = classified()
    report.save(result, tmp_path)

    def loss(i: int) -> float:  # 1 - probability of the true class grows with the cross-entropy
        return 1 - result.model.predict(result.data.inputs[i]).probabilities[int(result.data.targets[i])]

    worst = max(result.test_rows, key=loss)
    true = result.data.classes[int(result.data.targets[worst])]
    # A row of the file is one further on than its place from 1, for the header.
    svg = (tmp_path / "network.svg").read_text(encoding="utf-8").replace("&#160;", " ")
    assert f"row {worst + 2}: species is {true}" in svg


def test_pictures_of_an_earlier_run_do_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report.save(classified(), tmp_path)
    (tmp_path / "notes.txt").touch()

    def fail(*_: object) -> bytes:
        raise plots.PlotError("no ink")

    monkeypatch.setattr(plots, "decision_boundary", fail)
    saved = report.save(classified(), tmp_path)
    assert "boundary.png" not in saved.files
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*saved.files, "notes.txt"])


def test_a_picture_that_is_not_ours_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "boundary.png").write_bytes(b"a photograph")

    def fail(*_: object) -> bytes:
        raise plots.PlotError("no ink")

    monkeypatch.setattr(plots, "decision_boundary", fail)
    report.save(classified(), tmp_path)
    assert (tmp_path / "boundary.png").read_bytes() == b"a photograph"


def test_what_cannot_be_drawn_is_left_out_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise plots.PlotError("no ink")

    monkeypatch.setattr(plots, "loss_curve", fail)
    saved = report.save(classified(), tmp_path)
    assert saved.files == ["model.json", "gradients.png", "boundary.png", "network.svg", "network.png"]
    assert saved.left_out == ["loss.png: no ink"]


def test_a_training_is_told_in_chinese() -> None:
    result = classified()
    lines = report.opening(result, "zh").split("\n")
    assert lines[0] == "iris.csv：150 行数据"
    assert lines[1].endswith("预测 species（3 个类别）")
    summary = report.summary(result, "zh")
    for word in ("训练", "测试", "样本", "损失", "准确率", "测试样本的混淆矩阵：", "真实 \\ 预测"):
        assert word in summary
    assert "train" not in summary
    assert "accuracy" not in summary


def test_images_that_are_named_wrongly_stand_in_the_place_of_a_plane_of_two_pixels(tmp_path: Path) -> None:
    rows = [[*[(i * k) % 7 for k in range(16)], "ab"[i % 2]] for i in range(40)]
    names = [f"pixel_{k // 4}_{k % 4}" for k in range(16)]
    result = Trainer(Dataset.of(make_table([*names, "letter"], rows)), QUICK).run()
    (tmp_path / "model.json").touch()
    (tmp_path / "boundary.png").touch()  # of an earlier version
    saved = report.save(result, tmp_path)
    assert "mistakes.png" in saved.files
    assert not (tmp_path / "boundary.png").exists()
    assert (tmp_path / "mistakes.png").read_bytes().startswith(b"\x89PNG")


def test_the_card_of_the_loss_says_nothing_of_a_division_by_one(tmp_path: Path) -> None:
    report.save(classified(), tmp_path)
    svg = (tmp_path / "network.svg").read_text(encoding="utf-8")
    assert ">loss<" in svg
    assert "÷" not in svg
