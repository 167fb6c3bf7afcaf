"""A trained model predicts the rows of other tables, and its file is checked before it is used."""

from __future__ import annotations

import csv
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd.nn import MLP
from autograd.training import Model, ModelError, Scaling, Table, TableError, make_table, read_table


def classifier(has_header: bool = True) -> Model:
    """A linear model that says "up" where y > x: logits 2x and 2y after centring on 10 and halving."""
    network = MLP(2, [2], seed=0)
    network.load_state_dict(
        {
            "layers[0].neurons[0].w[0]": 1.0,
            "layers[0].neurons[0].w[1]": 0.0,
            "layers[0].neurons[0].b": 0.0,
            "layers[0].neurons[1].w[0]": 0.0,
            "layers[0].neurons[1].w[1]": 1.0,
            "layers[0].neurons[1].b": 0.0,
        }
    )
    scaling = Scaling((10.0, 10.0), (0.5, 0.5))
    layout = ("kind", "x", "note", "y") if has_header else ("column1", "column2", "column3", "column4")
    features = (layout[1], layout[3])
    return Model(layout[0], features, layout, has_header, ("down", "up"), scaling, None, network)


def regressor() -> Model:
    """A linear model for 3 * (x - 1) / 2 * 10 + 100."""
    network = MLP(1, [1], seed=0)
    network.load_state_dict({"layers[0].neurons[0].w[0]": 3.0, "layers[0].neurons[0].b": 0.0})
    return Model(
        "z", ("x",), ("x", "z"), True, (), Scaling((1.0,), (2.0,)), Scaling((100.0,), (10.0,)), network
    )


# Standardising


def test_standardised_columns_have_mean_0_and_deviation_1() -> None:
    rows = [[1.0, 100.0], [2.0, 300.0], [6.0, 200.0]]
    scaling = Scaling.of(rows)
    # By hand: means 3 and 200; variances (4 + 1 + 9)/3 and (100**2 + 100**2 + 0)/3.
    assert scaling.means == pytest.approx((3.0, 200.0), rel=1e-15)
    assert scaling.deviations == pytest.approx((math.sqrt(14 / 3), 100 * math.sqrt(2 / 3)), rel=1e-15)
    columns = list(zip(*map(scaling.apply, rows), strict=True))
    for column in columns:
        assert math.fsum(column) == pytest.approx(0, abs=1e-15)
        assert math.fsum(z * z for z in column) / 3 == pytest.approx(1, rel=1e-15)
    assert scaling.undo(scaling.apply([4.5, -7.0])) == pytest.approx([4.5, -7.0])


@pytest.mark.parametrize("constant", [0.0, 0.1, -1e300, 5e-324])
def test_a_constant_column_becomes_0_and_other_numbers_stay_near_it(constant: float) -> None:
    scaling = Scaling.of([[constant]] * 3)  # the mean of three times 0.1 is not always 0.1 in floats
    assert scaling.apply([constant]) == [0.0]
    assert scaling.apply([constant + 1.0]) == [constant + 1.0 - constant]


@pytest.mark.parametrize("unit", [1e300, 1e-310])
def test_standardising_neither_overflows_nor_vanishes(unit: float) -> None:
    scaling = Scaling.of([[-1.5 * unit], [0.0], [1.5 * unit]])
    assert scaling.apply([1.5 * unit]) == pytest.approx([math.sqrt(1.5)], rel=1e-9)


# Predicting


def test_a_classifier_gives_the_likeliest_class_and_softmax_probabilities() -> None:
    prediction = classifier().predict([10.0, 11.0])  # standardised 0 and 2
    assert prediction.value == "up"
    assert prediction.probabilities == pytest.approx((1 / (1 + math.exp(2)), 1 / (1 + math.exp(-2))))


def test_a_regressor_gives_numbers_in_the_unit_of_the_target() -> None:
    assert regressor().predict([5.0]).value == 160.0
    assert regressor().predict([5.0]).probabilities == ()


@pytest.mark.parametrize(
    "table",
    [
        make_table(["x", "y"], [[11, 10], [10, 11]]),
        make_table(["y", "extra", "x"], [[10, "text", 11], [11, "", 10]]),
        make_table(["kind", "x", "note", "y"], [["up", 11, "", 10], ["?", 10, "", 11]]),
    ],
)
def test_columns_are_found_by_name_and_others_ignored(table: Table) -> None:
    assert [p.value for p in classifier().predict_table(table)] == ["down", "up"]


@pytest.mark.parametrize("text", ["11,10\n10,11\n", "?,11,,10\n?,10,,11\n"])
@pytest.mark.parametrize("has_header", [True, False])
def test_columns_without_names_are_found_by_place(tmp_path: Path, text: str, has_header: bool) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text)
    table = read_table(path, header=False)
    assert [p.value for p in classifier(has_header).predict_table(table)] == ["down", "up"]


@pytest.mark.parametrize(
    ("columns", "row", "message"),
    [
        (["x", "z"], [1, 2], "there is no column 'y'; the columns are 'x', 'z'"),
        (["x", "y"], [1, "two"], "row 2, column 'y': 'two' is not a number"),
        (["x", "y"], [1, ""], "row 2, column 'y': the cell is empty"),
        (["x", "y"], [1e308, -1.7e308], "row 2: the network overflows on the numbers of this row"),
    ],
)
def test_rows_that_cannot_be_predicted_are_named(columns: list[str], row: list[object], message: str) -> None:
    with pytest.raises(TableError) as error:
        classifier().predict_table(make_table(columns, [row]))
    assert message in str(error.value)


def test_a_table_of_another_width_needs_names() -> None:
    table = Table("t.csv", ("column1", "column2", "column3"), (("1", "2", "3"),), (1,), has_header=False)
    with pytest.raises(
        TableError, match=r"3 columns without names; the model needs its 2 features \('x', 'y'\)"
    ):
        classifier().predict_table(table)


def test_predictions_are_written_as_csv_with_all_digits() -> None:
    model = classifier()
    predictions = model.predict_table(make_table(["x", "y"], [[11, 10], [10, 11.25]]))
    header, *rows = csv.reader(model.predictions_csv(predictions).splitlines())
    assert header == ["kind", "probability_down", "probability_up"]
    assert [row[0] for row in rows] == ["down", "up"]
    assert [tuple(map(float, row[1:])) for row in rows] == [p.probabilities for p in predictions]
    assert regressor().predictions_csv([regressor().predict([5.0])]) == "z\n160.0\n"


# The file


@pytest.mark.parametrize("model", [classifier(), classifier(False), regressor()])
def test_a_model_comes_back_from_its_file_to_the_last_bit(tmp_path: Path, model: Model) -> None:
    path = tmp_path / "model.json"
    model.save(path)
    again = Model.load(path)
    assert again.network.state_dict() == model.network.state_dict()
    row = [0.1 + 0.2] * len(model.features)
    assert again.predict(row) == model.predict(row)
    again.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


def change(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return a function that sets a value deep in a document, as in "network.parameters"."""

    def changed(document: dict[str, Any]) -> None:
        *path, last = key.split("/")
        for name in path:
            document = document[name]
        document[last] = value

    return changed


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (change("format", "another"), "not a model that 'train' has saved"),
        (change("version", 2), "a model of version 2; this program reads version 1"),
        (change("version", True), "a model of version True; this program reads version 1"),
        (change("version", "9" * 5000), "a model of version '99999"),
        (change("target", "\ud800"), "damaged: 'target' must be text"),
        (change("classes", ["down", "\udfff"]), "damaged: 'classes' must be a list of names"),
        (change("target", 5), "damaged: 'target' must be text"),
        (change("has_header", "yes"), "'has_header' true or false"),
        (change("features", "xy"), "damaged: 'features' must be a list of names"),
        (change("features", []), "damaged: the names in 'features' must be different, and at least 1"),
        (change("features", ["x", "x"]), "damaged: the names in 'features' must be different"),
        (change("features", ["x", "z"]), "damaged: 'layout' must have the target and all features"),
        (change("layout", ["x", "y"]), "damaged: 'layout' must have the target and all features"),
        (change("classes", ["down", 1]), "damaged: 'classes' must be a list of names"),
        (change("classes", ["up"]), "damaged: 'task' and the number of 'classes' contradict"),
        (change("task", "regression"), "damaged: 'task' and the number of 'classes' contradict"),
        (change("classes", ["a", "b", "c"]), "the network has 2 inputs and 2 outputs, not 2 inputs and 3"),
        (change("inputs", None), "damaged: 'inputs' must have means and deviations"),
        (change("inputs/means", [1.0]), "damaged: the means of the inputs must be 2 finite numbers"),
        (change("inputs/means", [1.0, math.nan]), "damaged: the means of the inputs must be 2 finite"),
        (change("inputs/means", [1.0, True]), "damaged: the means of the inputs must be 2 finite numbers"),
        (change("inputs/means", [1.0, 10**400]), "damaged: the means of the inputs must be 2 finite"),
        (change("inputs/deviations", [1.0, 0.0]), "the deviations of the inputs must be greater than 0"),
        (change("network", None), ""),
        (change("network/model/nouts", [3]), ""),
        (change("network/model/nouts", [10**9]), ""),
        (change("network/parameters/layers[0].neurons[0].b", math.nan), "layers[0].neurons[0].b"),
        (change("network/parameters/layers[0].neurons[0].b", "1"), "layers[0].neurons[0].b"),
        (lambda document: document["network"]["parameters"].popitem(), ""),
        (lambda document: document.pop("inputs"), "'inputs'"),
        (lambda document: document.clear(), "not a model that 'train' has saved"),
    ],
)
def test_a_damaged_model_is_refused_by_name(
    tmp_path: Path, damage: Callable[[dict[str, Any]], object], message: str
) -> None:
    path = tmp_path / "model.json"
    classifier().save(path)
    document = json.loads(path.read_text())
    damage(document)
    path.write_text(json.dumps(document))
    with pytest.raises(ModelError) as error:
        Model.load(path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)
    assert len(str(error.value)) < len(str(path)) + 300


def test_a_model_file_in_which_something_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    classifier().save(path)
    path.write_text(path.read_text().replace('"task"', '"target": "x", "task"'))
    with pytest.raises(
        ModelError, match=r"model\.json: not a model, or a damaged one.*duplicate name 'target'"
    ):
        Model.load(path)


def test_many_features_are_found_in_proportion_to_their_number() -> None:
    names = tuple(f"name{i}" for i in range(30_000))
    scaling = Scaling((0.0,) * len(names), (1.0,) * len(names))
    network = MLP(len(names), [1], activation="linear", seed=0)
    network.load_state_dict(dict.fromkeys(network.state_dict(), 1.0))
    start = time.process_time()
    for has_header in (True, False):
        model = Model("z", names, (*names, "z"), has_header, (), scaling, Scaling((0.0,), (1.0,)), network)
        table = make_table((*names, "z"), [[1] * len(names) + [0]])
        assert model.predict_table(table)[0].value == len(names) + 1  # the bias
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "content", [b"", b"x,y\n1,2\n", b'{"format": "scal', b"\xff\xfe", b"[" * 100_000, b"[]"]
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.json: not a model"):
        Model.load(path)


def test_a_missing_model_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file"):
        Model.load(tmp_path / "model.json")
    with pytest.raises(ModelError, match="a folder, not a file"):
        Model.load(tmp_path)
