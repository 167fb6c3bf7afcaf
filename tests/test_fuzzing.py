"""Hostile formulas, model files and tables are taken or refused: no crash, no traceback, no waiting.

The inputs and what must hold for them are those of `tests/fuzz`, which searches longer, guided by coverage.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from fuzz import inputs, targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

randoms = st.randoms(use_true_random=False)


def some(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test on so many examples; how long one may take, its target says."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=20,
)

ASSIGNMENTS = (
    *"x=1 x=1e308 y=-0.0 y=pi/4 x1=0 x2=inf w=9**9**9 b=1e999 速度=3 x x= =1 x=y x==1 e=1 sin=1 1=1".split(),
    *("x = 2", "x=\n2", "x=1+\n1", "x=inf\n*2", "=", "", "x\0=1", "\ud800=1", "ﬁ=1", "fi=1", "--"),
)

# Formulas


@some(250)
@given(st.sampled_from(inputs.FORMULAS), randoms)
def test_a_damaged_formula_is_computed_or_refused(text: str, rng: Random) -> None:
    targets.check_formula(inputs.damage_formula(text, rng))


@some(200)
@given(st.lists(st.sampled_from(inputs.TOKENS), max_size=30).map("".join))
def test_any_tokens_are_computed_or_refused(text: str) -> None:
    targets.check_formula(text)


@some(150)
@given(st.text(st.characters(), max_size=60) | st.binary(max_size=60).map(lambda x: x.decode("latin-1")))
def test_any_characters_even_half_surrogate_pairs_are_computed_or_refused(text: str) -> None:
    targets.check_formula(text)


# Model files


@some(250)
@given(st.sampled_from(inputs.documents()), randoms)
def test_a_damaged_model_file_is_read_or_refused(data: bytes, rng: Random) -> None:
    targets.check_model(inputs.damage_document(data, rng))


@some(100)
@given(st.sampled_from(inputs.documents()), randoms)
def test_a_model_file_with_damaged_bytes_is_read_or_refused(data: bytes, rng: Random) -> None:
    targets.check_model(inputs.damage_bytes(data, rng))


@some(100)
@given(st.binary(max_size=300) | JSON.map(inputs.dumped))
def test_any_bytes_and_any_json_are_refused_as_a_model(data: bytes) -> None:
    assert not targets.check_model(data)


@pytest.mark.parametrize("data", inputs.documents())
def test_an_undamaged_model_file_is_read(data: bytes) -> None:
    assert targets.check_model(data)


# Tables


@some(200)
@given(st.sampled_from(inputs.TABLES), randoms)
def test_a_damaged_table_is_read_or_refused(data: bytes, rng: Random) -> None:
    targets.check_table(inputs.damage_table(data, rng))


@some(150)
@given(st.integers(2, 4), st.lists(st.sampled_from(inputs.SOUND_CELLS), min_size=4, max_size=16))
def test_a_table_of_any_sound_cells_is_read_and_written_the_same(width: int, cells: list[str]) -> None:
    rows = [["x", *cells[i : i + width]] for i in range(0, len(cells) - width + 1, width)]
    assert targets.check_table("\n".join(map(",".join, rows)).encode())


@some(100)
@given(st.lists(st.lists(st.sampled_from(inputs.CELLS), min_size=1, max_size=6).map(",".join), max_size=6))
def test_any_cells_are_read_or_refused(rows: list[str]) -> None:
    targets.check_table("\n".join(rows).encode())


@some(100)
@given(st.binary(max_size=200) | st.text(',;\t\r\n"1.-x\0\ufeff\u2028', max_size=60).map(str.encode))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    targets.check_table(data)


@pytest.mark.parametrize("data", inputs.TABLES)
def test_an_undamaged_table_is_read(data: bytes) -> None:
    assert targets.check_table(data)


@pytest.mark.parametrize(
    "data",
    [
        b"1," * 100_000 + b"1",
        b"\n".join([b",".join(b"c%d" % i for i in range(30_000))] * 2),
        b"x,y\n" + b"".join(b"%d,label%d\n" % (i, i // 2) for i in range(6_000)),
        b"x,y\n1," + b"1" * 100_000 + b"x\n",
        b"x,y\n1,1." + b"1" * 100_000 + b"\n",
        b"x,y\n1," + b"a" * 200_000 + b"\n",
        b'x,y\n1,"' + b"a,\n" * 50_000,
        b'""' * 100_000,
        b"\r" * 10_000 + b"x,y\r1,2",
        b"x" + b"\n" * 10_000 + b"y",
    ],
    ids=["cells", "names", "labels", "digits", "decimals", "cell", "unclosed", "quotes", "CR", "blank"],
)
def test_a_large_table_takes_time_and_memory_in_proportion(data: bytes) -> None:
    targets.check_table(data)


# The command line


@some(60)
@given(st.sampled_from(inputs.FORMULAS), st.lists(st.sampled_from(ASSIGNMENTS), max_size=8), randoms)
def test_diff_takes_any_arguments_or_says_in_one_message_why_not(
    text: str, assignments: list[str], rng: Random
) -> None:
    targets.check_command(["diff", inputs.damage_formula(text, rng), *assignments])


@some(40)
@given(st.sampled_from(inputs.FORMULAS), randoms)
def test_diff_takes_any_number_of_a_variable_or_says_in_one_message_why_not(text: str, rng: Random) -> None:
    targets.check_command(["diff", "2*v", "v=" + inputs.damage_formula(text, rng)])


@some(60)
@given(st.sampled_from(inputs.documents()), st.sampled_from(inputs.TABLES), st.booleans(), randoms)
def test_predict_takes_any_files_or_says_in_one_message_why_not(
    model: bytes, table: bytes, damage_model: bool, rng: Random
) -> None:
    if damage_model:
        targets.check_predict(inputs.damage_document(model, rng), table)
    else:
        targets.check_predict(model, inputs.damage_table(table, rng))


def test_undamaged_arguments_and_files_are_taken() -> None:
    assert targets.check_command(["diff", "x*y", "x=2", "y=pi/4"])
    assert targets.check_predict(inputs.dumped(inputs.document(inputs.classifier())), inputs.TABLES[0])


# That a target notices


def test_more_time_than_the_bound_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "SECONDS", 0.01)
    with (
        pytest.raises(targets.BrokenContractError, match="seconds for an input of 100 bytes"),
        targets.bounded(100),
    ):
        sum(range(1_000_000))


def test_more_memory_than_the_bound_is_noticed() -> None:
    with (
        pytest.raises(targets.BrokenContractError, match="memory for an input of 100 bytes"),
        targets.bounded(100),
    ):
        bytearray(targets.BYTES * 2)


@pytest.mark.parametrize("message", ["", "file: ", "file: one\ntwo", "other: one", "file: " + "long" * 1000])
def test_a_message_that_is_no_line_with_the_place_is_noticed(message: str) -> None:
    with pytest.raises(targets.BrokenContractError):
        targets.check_message(message, "file: ")


@pytest.mark.parametrize("error", [RecursionError, MemoryError, KeyError, AssertionError, OverflowError])
def test_an_exception_that_is_not_documented_is_noticed(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise error

    for name in ("evaluate", "load_model", "read_table", "main"):
        monkeypatch.setattr(targets, name, broken)
    for target in targets.TARGETS.values():
        with pytest.raises(error):
            target(b"x")
