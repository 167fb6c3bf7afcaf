"""Structures as vectors: in the order of sorted keys, and through transformations."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import compile, grad, jacobian
from autograd.misc import flatten
from autograd.misc.flatten import flatten_func

PARAMETERS = {"w": numpy.array([[1.0, 2.0], [3.0, 4.0]]), "b": [5.0, (6.0, numpy.array([7.0]))], "a": ()}


def test_a_vector_has_the_numbers_of_a_dict_in_the_order_of_its_sorted_keys() -> None:
    vector, unflatten = flatten(PARAMETERS)
    assert type(vector) is numpy.ndarray
    assert vector.tolist() == [5.0, 6.0, 7.0, 1.0, 2.0, 3.0, 4.0]
    again = unflatten(2.0 * vector)
    assert list(again) == ["w", "b", "a"]
    assert again["w"].tolist() == [[2.0, 4.0], [6.0, 8.0]]
    assert again["b"][0] == 10.0
    assert again["b"][1][1].tolist() == [14.0]
    assert again["a"] == ()


def test_single_numbers_arrays_and_nothing() -> None:
    assert flatten(3.0)[0].tolist() == [3.0]
    assert flatten(3.0)[1](numpy.array([4.0])) == 4.0
    assert flatten(numpy.ones((2, 2)))[1](numpy.zeros(4)).shape == (2, 2)
    vector, unflatten = flatten([])
    assert vector.shape == (0,)
    assert unflatten(vector) == []


def test_named_tuples_stay_such() -> None:
    Point = namedtuple("Point", "x y")
    assert flatten(Point(1.0, 2.0))[1](numpy.array([3.0, 4.0])) == Point(3.0, 4.0)


def test_derivatives_go_through_both_functions() -> None:
    def f(p: Any) -> Any:
        vector, unflatten = flatten(p)
        q = unflatten(vector**2)
        return q["x"] * np.sum(q["y"])

    p = {"x": 2.0, "y": numpy.array([1.0, 3.0])}
    gradient = grad(f)(p)
    assert gradient["x"] == 4.0 * 10.0
    assert gradient["y"].tolist() == [8.0, 24.0]
    assert compile(f).grad(p)["y"].tolist() == [8.0, 24.0]


def test_a_function_of_structures_becomes_one_of_vectors() -> None:
    f, unflatten, start = flatten_func(
        lambda p, k: {"twice": k * p["x"], "sum": np.sum(p["x"])}, {"x": np.ones(2)}
    )
    assert start.tolist() == [1.0, 1.0]
    assert f(np.array([1.0, 2.0]), 3.0).tolist() == [3.0, 3.0, 6.0]
    assert jacobian(f)(np.array([1.0, 2.0]), 3.0).tolist() == [[1.0, 1.0], [3.0, 0.0], [0.0, 3.0]]
    assert unflatten(start)["x"].tolist() == [1.0, 1.0]


def test_what_is_no_number_and_a_vector_of_another_size_are_errors() -> None:
    for thing in ("text", {"x": None}, [1j]):
        with pytest.raises(TypeError, match="flatten takes real numbers, arrays and structures of them, not"):
            flatten(thing)
    with pytest.raises(ValueError, match=r"takes a vector of 2 numbers, not an array of shape \(3,\)"):
        flatten([1.0, 2.0])[1](numpy.zeros(3))
