"""Arguments that are taken apart at once: they come to what any other structure comes to."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from autograd import Value, grad, hessian, jacobian, value_and_grad
from autograd.derivatives.flat import flat


def squares(numbers: Any) -> Any:
    return sum([x * x for x in numbers])


FORMS: dict[str, tuple[Any, Any, Any]] = {
    "a float": (lambda x: x * x, 3.0, 6.0),
    "a list": (squares, [1.0, 2.0], [2.0, 4.0]),
    "a tuple": (squares, (1.0, 2.0), (2.0, 4.0)),
    "a dict": (lambda x: squares(x.values()), {"b": 1.0, "a": 2.0}, {"b": 2.0, "a": 4.0}),
    "an empty list": (lambda x: 1.0, [], []),
    "an empty dict": (lambda x: 1.0, {}, {}),
    "a list with a whole number": (squares, [1, 2.0], [2.0, 4.0]),
    "a tuple with text": (lambda x: x[0] * x[0], (3.0, "a"), (6.0, None)),
    "a list of lists": (lambda x: squares(x[0]), [[1.0, 2.0]], [[2.0, 4.0]]),
    "a tuple of a list and a float": (lambda x: squares(x[0]) * x[1], ([1.0, 2.0], 3.0), ([6.0, 12.0], 5.0)),
    "a dict of tuples and dicts": (
        lambda x: squares(x["b"]) * x["a"]["c"],
        {"b": (1.0, 2.0), "a": {"c": 3.0, "d": 4.0}, "e": []},
        {"b": (6.0, 12.0), "a": {"c": 5.0, "d": 0.0}, "e": []},
    ),
    "a list of a list with text": (lambda x: x[0][0] * x[1], [[3.0, "a"], 2.0], [[2.0, None], 3.0]),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_gradient_has_the_form_of_the_argument(form: str) -> None:
    f, argument, expected = FORMS[form]
    before = repr(argument)
    found = grad(f)(argument)
    assert (found, type(found)) == (expected, type(expected))
    assert repr(found) == repr(expected)  # the order of keys, too
    assert value_and_grad(f)(argument)[1] == expected
    assert repr(argument) == before


@pytest.mark.parametrize("form", [x for x in FORMS if "text" not in x and "whole" not in x])
def test_what_holds_floats_alone_is_flat(form: str) -> None:
    assert flat(FORMS[form][1]) is not None


@pytest.mark.parametrize(
    "thing", [1, True, "a", None, [1], (1.0, Value(2.0)), {"a": [1]}, OrderedDict(a=1.0)]
)
def test_all_else_is_not(thing: Any) -> None:
    assert flat(thing) is None


def test_the_function_gets_containers_of_its_own() -> None:
    def f(numbers: Any, named: Any) -> Any:
        out = numbers.pop() * named.pop("a")
        numbers.append(5.0)
        return out

    numbers, named = [1.0, 2.0], {"a": 3.0, "b": 4.0}
    assert grad(f, argnums=(0, 1))(numbers, named) == ([0.0, 3.0], {"a": 2.0, "b": 0.0})
    assert (numbers, named) == ([1.0, 2.0], {"a": 3.0, "b": 4.0})


@pytest.mark.parametrize(
    "x",
    [
        np.array([1.0, 2.0]),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
        np.arange(8.0)[::-2],
        np.array(3.0),
        np.zeros((0, 2)),
        np.array([1.0, 2.0]).astype(">f8"),
        np.array([1.0, 2.0], dtype=np.float32),
        np.array([1, 2]),
    ],
)
def test_arrays_of_any_layout_come_as_they_are_read(x: Any) -> None:
    weights = np.arange(1.0, x.size + 1.0).reshape(x.shape)
    found = grad(lambda x: np.sum(weights * x * x))(x)
    assert (type(found), found.dtype, found.shape) == (np.ndarray, np.float64, x.shape)
    np.testing.assert_array_equal(found, 2.0 * weights * x)


def test_several_arguments_and_more_than_one_result() -> None:
    def f(x: Any, y: Any) -> Any:
        return [x[0] * y, x[1] * y * y]

    assert jacobian(f, argnums=(0, 1))([2.0, 3.0], 5.0) == [([5.0, 0.0], 2.0), ([0.0, 25.0], 30.0)]
    assert hessian(lambda x: x["a"] ** 2 * x["b"])({"a": 3.0, "b": 5.0}) == {
        "a": {"a": 10.0, "b": 6.0},
        "b": {"a": 6.0, "b": 0.0},
    }


def test_deep_containers_are_taken_apart_as_shallow_ones_are() -> None:
    argument: Any = 3.0
    for _ in range(30):
        argument = [argument]
    assert flat(argument) is None

    def innermost(x: Any) -> Any:
        while isinstance(x, list):
            (x,) = x
        return x

    assert innermost(grad(lambda x: innermost(x) ** 2)(argument)) == 6.0


def test_a_list_that_holds_itself_is_an_error() -> None:
    endless: list[Any] = [1.0]
    endless.append(endless)
    with pytest.raises(RecursionError):
        grad(lambda x: x[0])(endless)


def test_arrays_in_containers() -> None:
    parameters = {"w": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": [np.array([5.0, 6.0]), 7.0]}
    found = grad(lambda p: np.sum(p["w"] @ p["b"][0]) * p["b"][1])(parameters)
    np.testing.assert_array_equal(found["w"], [[35.0, 42.0], [35.0, 42.0]])
    np.testing.assert_array_equal(found["b"][0], [28.0, 42.0])
    assert found["b"][1] == 5.0 + 12.0 + 15.0 + 24.0
    slopes = jacobian(lambda p: [p["b"][1], np.sum(p["w"])])(parameters)
    np.testing.assert_array_equal(slopes[1]["w"], np.ones((2, 2)))
    assert (slopes[0]["b"][1], slopes[1]["b"][1]) == (1.0, 0.0)


def test_each_choice_of_arguments_is_known_for_its_own_number_of_arguments() -> None:
    f = grad(lambda *args: sum([(i + 1.0) * x for i, x in enumerate(args)]), argnums=(-1, 0))
    for _ in range(2):
        assert f(1.0, 1.0) == (2.0, 1.0)
        assert f(1.0, 1.0, 1.0) == (3.0, 1.0)
        with pytest.raises(ValueError, match=r"names an argument of .* twice"):
            f(1.0)
