"""Functions to play with: what is known of a call, and what is refused."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from autograd import CompileError, Value, compile, custom_gradient, grad, math, no_grad, play
from autograd.live.called import Called
from autograd.live.guarded_program import GuardedProgram
from autograd.live.page import edges_of
from autograd.steps import walk


def checks_of(f: Callable[..., Any], *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
    """What the page checks of a call."""
    return program_of(f, *args, **kwargs).checks


def program_of(f: Callable[..., Any], *args: Any, **kwargs: Any) -> GuardedProgram:
    called = Called(f, args, kwargs)
    steps = walk(called.result)
    return GuardedProgram(called, steps, edges_of(steps)[0])


def told(check: dict[str, Any]) -> tuple[Any, ...]:
    return check["names"][0], check["relation"], check["names"][1], check["answer"]


def leaky(x: Any, w: Any) -> Any:
    y = x * w
    return 0.1 * y if y < 0.0 else y


def test_it_says_how_many_comparisons_there_are() -> None:
    assert (
        repr(play(leaky, 2.0, -3.0)) == "<play of leaky: 4 nodes, 2 leaves to change, 1 comparison to keep>"
    )
    assert repr(play(lambda x: x * 2.0, 1.0)).endswith("2 nodes, 1 leaves to change, 0 comparisons to keep>")


def test_a_comparison_is_known_by_its_operands_answer_and_line() -> None:
    (check,) = checks_of(leaky, 2.0, -3.0)
    assert told(check) == ("v2", "<", None, True)
    first = leaky.__code__.co_firstlineno
    assert (check["function"], check["line"]) == ("leaky", first + 2)
    assert check["source"] == "return 0.1 * y if y < 0.0 else y"


def test_a_comparison_in_a_function_that_is_called_has_the_line_there() -> None:
    def outer(x: Any) -> Any:
        return leaky(x, 2.0) + 1.0

    (check,) = checks_of(outer, 2.0)
    assert check["function"] == "leaky"


def test_a_function_without_source_has_a_line_number_alone() -> None:
    space: dict[str, Any] = {}
    exec("def f(x):\n    return x * x if x > 0 else x", space)
    (check,) = checks_of(space["f"], 2.0)
    assert (check["line"], check["source"]) == (2, "")


def test_every_way_to_decide_by_a_number_is_a_comparison() -> None:
    def f(x: Any, y: Any) -> Any:
        if x:
            x = x + 1.0
        if 0 < y < 1:
            y = y * 2.0
        if x == y or x != y:
            x = max(x, y)
        return x * y

    assert [told(check) for check in checks_of(f, 2.0, 0.5)] == [
        ("x", "!=", None, True),
        ("y", ">", None, True),
        ("y", "<", None, True),
        ("v1", "==", "v3", False),
        ("v1", "!=", "v3", True),
        ("v3", ">", "v1", False),
    ]


def test_numbers_between_floats_are_compared_as_they_are() -> None:
    def f(x: Any) -> Any:
        return x * 2.0 if x < 2**53 + 1 else x

    (check,) = checks_of(f, 1.0)
    assert check["relation"] == "<="
    program = program_of(f, 1.0)
    assert program.checks[0]["count"] == 2
    assert "9007199254740992" in program.script


def test_comparisons_whose_answer_is_always_the_same_are_left_out() -> None:
    assert checks_of(lambda x: x * 2.0 if x != "one" else x, 1.0) == []


def test_an_error_that_was_caught_is_known_by_what_told_it() -> None:
    def f(x: Any) -> Any:
        try:
            return math.sqrt(x)
        except ValueError:
            return x * 0.5

    (check,) = checks_of(f, -4.0)
    assert told(check)[:2] == ("x", "<")
    assert check["answer"] is True
    assert check["source"] == "return math.sqrt(x)"


def test_the_order_of_a_sort_is_a_branch() -> None:
    def f(xs: Any) -> Any:
        from autograd.engine.ordering import in_order

        return in_order(xs)[0] * 2.0

    orders = [told(check) for check in checks_of(f, [3.0, 1.0, 2.0]) if check["relation"] == "<"]
    assert orders == [("xs[1]", "<", "xs[2]", True), ("xs[2]", "<", "xs[0]", True)]


def test_operations_that_are_not_shown_are_checked_if_they_may_raise() -> None:
    def f(x: Any) -> Any:
        _ = math.log(x) * x
        return x * x

    assert [(x["kind"], x["op"]) for x in checks_of(f, 2.0)] == [("error", "log")]


# Arguments


def test_arguments_are_taken_as_value_and_grad_takes_them() -> None:
    np = pytest.importorskip("numpy")

    def f(w: Any, params: Any, xs: Any, flag: Any) -> Any:
        return w[0] * params["a"] + (xs * xs).sum() + w[1] if flag else w[0]

    played = play(f, [1, 2.0], {"a": 3.0}, np.array([[4.0, 5.0]]), True)
    names = sorted(played.steps.name(i) for i in played.leaves)
    assert names == ["params['a']", "w[0]", "w[1]", "xs[0, 0]", "xs[0, 1]"]


def test_floats_by_keyword_become_leaves_and_whole_numbers_count() -> None:
    def f(x: Any, n: int = 1, rate: Any = 1.0) -> Any:
        for _ in range(n):
            x = x * rate
        return x

    played = play(f, 2.0, n=3, rate=0.5)
    assert [played.steps.name(i) for i in played.leaves] == ["x", "rate"]
    assert played.steps.nodes[-1].data == 0.25


def test_an_argument_that_is_only_compared_can_be_changed() -> None:
    def f(x: Any, limit: Any, unused: Any) -> Any:
        return x * x if x < limit else x

    program = program_of(f, 1.0, 3.0, 5.0)
    assert [x.label for x in program.hidden] == ["limit"]
    assert program.start == [1.0, 3.0]
    assert told(program.checks[0]) == ("x", "<", "limit", True)
    assert "2 leaves to change" in repr(play(f, 1.0, 3.0, 5.0))


def test_values_are_arguments_as_they_are_with_what_they_were_computed_from() -> None:
    a = Value(2.0, label="a")
    x = math.fsum([a, a * 3.0, 1e-20])
    played = play(leaky, x, 1.0)
    assert [played.steps.name(i) for i in played.leaves] == ["a", "w"]
    assert re.search(r"= own_exact_sum\(\[n0, d\d, 1e-20\]\)", program_of(leaky, x, 1.0).script)


def test_values_from_outside_are_leaves() -> None:
    w = Value(3.0, label="w")
    played = play(lambda x: x * w if x < w else x, 2.0)
    assert [played.steps.name(i) for i in played.parameters] == ["w"]


def test_the_number_of_a_value_from_outside_must_stay() -> None:
    w = Value(3.0, label="w")

    def f(x: Any) -> Any:
        return x * w * w.data

    (check,) = checks_of(f, 2.0)
    assert told(check) == ("w", "==", None, True)
    assert check["source"] == "return x * w * w.data"


def test_what_was_computed_without_history_cannot_be_changed() -> None:
    def f(x: Any) -> Any:
        with no_grad():
            scale = x * 2.0
        return scale * x + x.detach() + copy.deepcopy(x * x)

    played = play(f, 3.0)
    (x,) = [played.steps.nodes[i] for i in played.leaves]
    assert x is played.steps.nodes[-1].operands[0].operands[0].operands[1]  # type: ignore[union-attr]
    assert played.steps.nodes[-1].data == 30.0


def test_parameters_may_be_named_by_their_argument() -> None:
    class Model(NamedTuple):
        slope: float
        shift: float

    def f(x: Any, model: Any) -> Any:
        return x * model.slope + model.shift

    played = play(f, 2.0, Model(1.0, 0.5), parameters=["model"])
    assert [played.steps.name(i) for i in played.parameters] == ["model.slope", "model.shift"]
    played = play(f, 2.0, Model(1.0, 0.5), parameters=["x"])
    assert [played.steps.name(i) for i in played.parameters] == ["x"]
    with pytest.raises(TypeError, match="which 'mod' is not"):
        play(f, 2.0, Model(1.0, 0.5), parameters=["mod"])


def test_compiled_functions_and_derivatives_are_played_as_functions() -> None:
    assert repr(play(compile(leaky), 2.0, -3.0)) == repr(play(leaky, 2.0, -3.0))
    assert play(grad(lambda x: x**3.0 if x > 0.0 else x), 2.0).steps.nodes[-1].data == 12.0


def test_nothing_observes_when_the_function_has_raised() -> None:
    from autograd.engine import recording

    with pytest.raises(ValueError, match="math domain error"):
        play(lambda x: math.log(x), -1.0)
    assert recording.observers.get() == ()
    assert recording.everywhere == []


# What is refused


def reads_data(x: Any) -> Any:
    return x * x.data


def reads_text(x: Any) -> Any:
    return x * len(f"{x:.2f}")


def reads_float(x: Any) -> Any:
    return x * int(x)


def goes_backward(x: Any) -> Any:
    (x * x).backward()
    return x * 2.0


@pytest.mark.parametrize(
    ("f", "what"),
    [
        (reads_data, "takes the number out of a Value with .data"),
        (reads_text, "makes text of a number"),
        (goes_backward, r"calls backward\(\)"),
    ],
)
def test_what_can_be_no_guard_is_refused_with_its_line(f: Callable[..., Any], what: str) -> None:
    with pytest.raises(CompileError, match=rf"{f.__name__} cannot be played with: it {what}") as told:
        play(f, 2.0)
    assert f"line {f.__code__.co_firstlineno + 1}, in {f.__name__}" in str(told.value)


def test_plain_numbers_of_a_value_are_refused_by_the_value() -> None:
    with pytest.raises(TypeError, match="a Value is not turned into a plain number silently"):
        play(reads_float, 2.0)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (1.0, r"returned 1.0 \(float\), which was computed from none of its arguments"),
        ([Value(1.0), Value(2.0)], "the page shows the graph of one number"),
        ((Value(1.0), "loss"), "the page shows the graph of one number"),
        ("x", r"returned 'x' \(str\); the page shows the graph of one number"),
        (None, "returned None; the page shows the graph of one number"),
    ],
)
def test_results_without_one_graph_are_refused(returned: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        play(lambda x: returned, 2.0)


def test_a_list_or_an_array_of_one_number_is_that_number() -> None:
    np = pytest.importorskip("numpy")
    assert play(lambda x: [x * 2.0], 1.0).steps.nodes[-1].data == 2.0
    assert play(lambda x: np.array([x]) * 3.0, 1.0).steps.nodes[-1].data == 3.0


def test_what_was_not_recorded_is_refused() -> None:
    @no_grad()
    def f(x: Any) -> Any:
        return x * x

    with pytest.raises(RuntimeError, match="no_grad"):
        play(f, 2.0)


def test_too_long_calls_are_refused() -> None:
    def f(x: Any) -> Any:
        for _ in range(3000):
            if x * 1.0 > 100.0:
                return x
        return x * 2.0

    with pytest.raises(ValueError, match="f computes and compares 6001 times, more than the 5000"):
        play(f, 1.0)


def test_arguments_are_for_functions() -> None:
    y = Value(1.0) * 2.0
    with pytest.raises(TypeError, match=r"takes arguments for a function only, and 'Value' is none"):
        play(y, [y])


def test_functions_of_python_that_are_not_shown_are_checked() -> None:
    @custom_gradient(lambda x: 2.0)
    def twice(x: float) -> float:
        return 2.0 * x

    def f(x: Any) -> Any:
        return x * 3.0 if twice(x) > 1.0 else x

    assert [check["kind"] for check in checks_of(f, 2.0)] == ["python", "branch"]


def test_functions_of_python_that_are_shown_are_fixed() -> None:
    @custom_gradient(lambda x: 2.0)
    def twice(x: float) -> float:
        return 2.0 * x

    program = program_of(lambda x: twice(x * 1.5) * x, 2.0)
    assert program.fixed == [2]
    assert program.checks == []
    assert program.start == [2.0, 6.0]


def test_what_gives_inf_on_arrays_is_free_to() -> None:
    np = pytest.importorskip("numpy")

    def f(xs: Any, y: Any) -> Any:
        return (xs / y).sum() / y

    assert program_of(f, np.array([1.0]), 2.0).free == [2]
