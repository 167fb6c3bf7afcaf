"""A few cases of each test are from all over its cases, and no test is left out."""

from __future__ import annotations

from cases import a_few_of_each


def many(test: str, number: int = 12) -> list[str]:
    return [f"{test}[{i}-[x]]" for i in range(number)]


def test_the_cases_of_a_test_lie_evenly_among_all_of_them() -> None:
    names = many("a.py::many")
    first, *others = [names.index(name) for name in a_few_of_each(names, 4)]
    assert first < 3
    assert others == [first + 3, first + 6, first + 9]


def test_tests_with_the_same_parameters_take_others() -> None:
    tests = [many(f"a.py::test_{k}") for k in range(20)]
    assert {names.index(name) for names in tests for name in a_few_of_each(names, 4)} == {*range(12)}


def test_no_test_is_left_out() -> None:
    names = [*many("a.py::many"), "a.py::one", *many("b.py::many", 2)]
    assert [name.partition("[")[0] for name in a_few_of_each(names, 1)] == [
        "a.py::many", "a.py::one", "b.py::many"
    ]  # fmt: skip


def test_a_test_of_few_cases_keeps_them_all() -> None:
    names = many("a.py::many")
    assert a_few_of_each(names, 12) == a_few_of_each(names, 13) == names
