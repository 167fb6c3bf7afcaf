"""Model files: bit for bit, whole or not at all, and nothing malformed gets through."""

import json
import math
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd.nn import MLP, load_model


def saved() -> dict[str, Any]:
    return MLP(2, [3, 1], activation="tanh", seed=0).to_dict()


def test_a_network_comes_back_bit_for_bit(tmp_path: Path) -> None:
    model = MLP(2, [4, 3], activation="tanh", seed=0)
    for number, p in zip(
        [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0], model.parameters(), strict=False
    ):
        p.data = number
    model.save(tmp_path / "model.json")
    twin = load_model(str(tmp_path / "model.json"))
    assert [p.data.hex() for p in twin.parameters()] == [p.data.hex() for p in model.parameters()]
    assert (twin.nin, twin.nouts, twin.activation) == (2, [4, 3], "tanh")
    assert repr(twin) == repr(model)
    assert twin.parameters()[0].label == "layers[0].neurons[0].w[0]"


def test_the_file_is_plain_json_with_format_version_sizes_and_names(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    model = MLP(2, [1], seed=0)
    model.save(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document == {
        "format": "scalar-autograd model",
        "version": 1,
        "model": {"nin": 2, "nouts": [1], "activation": "relu"},
        "parameters": model.state_dict(),
    }


def test_loading_draws_no_random_numbers(tmp_path: Path) -> None:
    MLP(2, [1]).save(tmp_path / "model.json")
    before = random.getstate()
    load_model(tmp_path / "model.json")
    assert random.getstate() == before


def test_a_network_loads_the_parameters_of_another_of_its_kind(tmp_path: Path) -> None:
    model, other = MLP(2, [3, 1], seed=0), MLP(2, [3, 1], seed=1)
    model.save(tmp_path / "model.json")
    other.load(tmp_path / "model.json")
    assert other.state_dict() == model.state_dict()


@pytest.mark.parametrize(
    "other", [MLP(2, [3, 2], seed=1), MLP(3, [3, 1], seed=1), MLP(2, [3, 1], activation="tanh", seed=1)]
)
def test_a_network_of_other_sizes_or_activation_is_refused(other: MLP, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    MLP(2, [3, 1], seed=0).save(path)
    before = other.state_dict()
    with pytest.raises(
        ValueError, match=r"model\.json: .*nouts \[3, 1\] and activation 'relu'; this one has"
    ):
        other.load(path)
    assert other.state_dict() == before


def changed(path: str, value: Any) -> Callable[[], str]:
    def text() -> str:
        document: Any = saved()
        *outer, last = path.split("/")
        place = document
        for key in outer:
            place = place[key]
        if value is KeyError:
            del place[last]
        else:
            place[last] = value
        return json.dumps(document)

    return text


WEIGHT = "parameters/layers[0].neurons[0].w[0]"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (lambda: "", "not JSON"),
        (lambda: "hello", "not JSON"),
        (lambda: json.dumps(saved())[:-20], "not JSON"),
        (lambda: "[" * 100_000, "nested too deeply"),
        (lambda: '{"a":' * 100_000, "nested too deeply"),
        (lambda: "[1, 2]", "not a model"),
        (lambda: "null", "not a model"),
        (lambda: "{}", "not a model"),
        (
            lambda: json.dumps(saved()).replace('"version": 1', '"version": 1, "version": 1'),
            "duplicate.*version",
        ),
        (lambda: json.dumps(saved()).replace("w[1]", "w[0]"), "duplicate name"),
        (lambda: json.dumps(saved()).replace('"parameters": {', '"parameters": {"x": NaN, '), "NaN"),
        (
            lambda: json.dumps(saved()).replace('"parameters": {', '"parameters": {"x": 1e999, '),
            "'x'.*finite.*inf",
        ),
        (lambda: json.dumps(saved()).replace('"nin": 2', '"nin": ' + "9" * 5000), "4300 digits"),
        (changed("format", "other"), "not a model"),
        (changed("format", ["scalar-autograd model"]), "not a model"),
        (changed("version", 2), "version 2"),
        (changed("version", True), "version True"),
        (changed("version", "1"), "version '1'"),
        (changed("version", KeyError), "version None"),
        (changed("comment", "x"), "unknown entry 'comment'"),
        (changed("model", KeyError), '"model" must be'),
        (changed("model", [2, 3]), '"model" must be'),
        (changed("model/bias", True), '"model" must be'),
        (changed("model/nin", KeyError), '"model" must be'),
        (changed("model/nin", "2"), "size.*'2'"),
        (changed("model/nin", 2.0), "size.*2.0"),
        (changed("model/nin", True), "size.*True"),
        (changed("model/nin", 0), "size.*0"),
        (changed("model/nin", 3), "has 16 parameters, not 13"),
        (changed("model/nin", 10**18), "parameters, not 13"),
        (changed("model/nouts", [10**9, 10**9, 1]), "parameters, not 13"),
        (changed("model/nouts", [10**4000, 10**4000, 1]), "has far more parameters, not 13"),
        (changed("model/nouts", []), '"nouts"'),
        (changed("model/nouts", 3), '"nouts".*3'),
        (changed("model/nouts", [3, None]), "size.*None"),
        (changed("model/nouts", [3, -1]), "size.*-1"),
        (changed("model/activation", "step"), "activation 'step'"),
        (changed("model/activation", None), "activation None"),
        (changed("model/activation", ["relu"]), "activation"),
        (changed("parameters", KeyError), '"parameters"'),
        (changed("parameters", [1.0]), '"parameters"'),
        (changed(WEIGHT, KeyError), "has 13 parameters, not 12"),
        (changed(WEIGHT, "1.0"), r"w\[0\].*finite number, not '1.0'"),
        (changed(WEIGHT, None), r"w\[0\].*finite number, not None"),
        (changed(WEIGHT, True), r"w\[0\].*finite number, not True"),
        (changed(WEIGHT, [1.0]), r"w\[0\].*finite number"),
        (changed(WEIGHT, 10**400), r"w\[0\].*finite number"),
        (lambda: json.dumps(saved()).replace("neurons[2].b", "neurons[2].bias"), "lacks .*neurons"),
    ],
)
def test_a_malformed_file_is_one_line_that_names_it(
    text: Callable[[], str], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text(), encoding="utf-8")
    model = MLP(2, [3, 1], activation="tanh", seed=1)
    before = model.state_dict()
    for load in (load_model, model.load):
        with pytest.raises(ValueError, match=words) as caught:
            load(path)
        message = str(caught.value)
        assert message.startswith(f"{path}: ")
        assert "\n" not in message
        assert len(message) < len(str(path)) + 300
    assert model.state_dict() == before


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"model\.json: not JSON"):
        load_model(path)


def test_a_document_of_the_wrong_kind_is_refused() -> None:
    documents: list[Any] = [None, [], "x", 1]
    for wrong in documents:
        with pytest.raises(ValueError, match="not a model"):
            MLP.from_dict(wrong)


def test_a_missing_file_is_a_file_not_found_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.json"):
        load_model(tmp_path / "none.json")


def test_an_activation_function_cannot_be_saved(tmp_path: Path) -> None:
    model = MLP(2, [3, 1], activation=math.sin)
    with pytest.raises(ValueError, match=r"activation that is a function.*relu.*state_dict"):
        model.save(tmp_path / "model.json")
    assert list(tmp_path.iterdir()) == []


def test_a_network_changed_by_hand_is_not_saved_as_what_it_no_longer_is() -> None:
    model = MLP(2, [3, 1])
    model.layers[0].neurons[0].nonlin = False
    with pytest.raises(ValueError, match=r"no longer an MLP\(2, \[3, 1\]\)"):
        model.to_dict()
    model = MLP(2, [3, 1])
    model.layers.pop()
    with pytest.raises(ValueError, match="no longer"):
        model.to_dict()


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_a_parameter_that_json_cannot_hold_is_named(number: float) -> None:
    model = MLP(2, [1])
    model.layers[0].neurons[0].b.data = number
    with pytest.raises(ValueError, match=rf"layers\[0\]\.neurons\[0\]\.b = {number}"):
        model.to_dict()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.json"
    model = MLP(2, [1], seed=0)
    model.save(path)
    old = path.read_text()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    model.parameters()[0].data = 5.0
    with pytest.raises(OSError, match="no space left"):
        model.save(path)
    assert path.read_text() == old
    assert [file.name for file in tmp_path.iterdir()] == ["model.json"]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing.model\.json"):
        MLP(2, [1]).save(tmp_path / "missing" / "model.json")
