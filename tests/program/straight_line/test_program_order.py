"""The order in which a reverse sweep visits the nodes of a program, and which it visits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import Program as RandomProgram
from random_programs import programs

from autograd import Value
from autograd.engine import topological_order
from autograd.program.straight_line.order import active_edges, depth_first
from autograd.program.straight_line.program import Node, Program


@settings(max_examples=100, deadline=None, database=None)
@given(programs(most=30), st.integers(0, 10))
def test_nodes_are_swept_in_the_order_of_the_engine(random: RandomProgram, number: int) -> None:
    values = random.nodes(*map(Value, random.inputs))
    roots = [values[-1], values[len(values) * number // 11]]
    index = {value: i for i, value in enumerate(values)}
    edges = [tuple([index[x] for x in value.operands if isinstance(x, Value)]) for value in values]
    expected = [index[x] for x in topological_order(*roots, reverse=True)]
    assert list(depth_first(edges, [index[x] for x in roots])) == expected


def test_a_deep_program_needs_no_recursion() -> None:
    edges = [(), *[(i, i) for i in range(100_000)]]
    assert list(depth_first(edges, [100_000])) == list(range(100_000, -1, -1))


def test_only_operands_that_lead_to_an_input_are_active() -> None:
    program = Program(["x", "c"])
    condition = program.add("<", 0, 1)
    product = program.add("*", 0, 1)
    constant = program.add("exp", 1)
    stopped = program.add("detached", product)
    choice = program.add("where", condition, product, constant)
    total = program.add("+", stopped, choice)
    last = len(program.nodes)
    program.nodes.append(Node("fsum…", (stopped, constant, product), last=("fsum", stopped, product)))
    edges = active_edges(program, [0])
    expected: dict[int, tuple[int, ...]] = {
        product: (0,),
        choice: (product,),
        total: (choice,),
        last: (product,),
    }
    assert edges == [expected.get(i, ()) for i in range(len(program.nodes))]


def test_what_is_differentiated_by_is_a_leaf() -> None:
    program = Program(["x"])
    inner = program.add("sin", 0)
    outer = program.add("exp", inner)
    assert active_edges(program, [inner]) == [(), (), (inner,)]
    assert active_edges(program, [0])[outer] == (inner,)


def test_the_index_of_a_gather_is_no_edge_however_few_there_are_to_choose_from() -> None:
    for count in (1, 2, 3):
        program = Program(["i", "x", "y", "z"])
        gathered = program.add("gather…", 0, *range(1, 1 + count))
        assert active_edges(program, [0, 1, 2, 3])[gathered] == (*range(1, 1 + count),)
