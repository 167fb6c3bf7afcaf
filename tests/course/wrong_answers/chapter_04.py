"""Typical wrong answers to the exercises of notebook 04, each with what the check must say of it."""

MENDED = """\
def mended(node, share=1.0{more}):
    {first}
    for operand, local in zip(node.operands, node.partials):
        if isinstance(operand, Value):
            {line}
"""
ADD = "node.grad += share"
MARKED = f"""\
seen = set() if seen is None else seen
    {ADD}
    if node in seen: return
    seen.add(node)"""
CALLS = "def number_of_calls(n):\n    return "
EXPRESSION = "def expression(a):\n    b = a * 2\n    return "
IN_ORDER = "def in_order(order, graph):\n    place = {x: i for i, x in enumerate(order)}\n    return "
FOUND = """\
def order(y):
    found, stack, seen = [], [y], {y}
    while stack:
        node = stack.pop(%s)
        found.append(node)
        for operand in node.operands:
            if isinstance(operand, Value) and operand not in %s:
                seen.add(operand)
                stack.append(operand)
    return %s
"""
RECURSIVE = """\
def order(y):
    found, seen = [], %s
    def visit(node):
        if node not in seen:
            seen.%s(node)
            for operand in node.operands:
                if isinstance(operand, Value):
                    visit(operand)
            found.append(node)
    visit(y)
    return found%s
"""

WRONG = {
    "04.1": [
        (MENDED.format(more="", first=ADD, line="mended(operand, local * node.grad)"), "pass on share"),
        (
            MENDED.format(
                more=", seen=None",
                first=MARKED,
                line="mended(operand, local * share, seen)",
            ),
            "no marks are needed",
        ),
        (
            MENDED.format(more="", first=ADD, line="mended(operand, share)"),
            "multiplies by its local derivative",
        ),
        (
            MENDED.format(more="", first="node.grad = share", line="mended(operand, local * share)"),
            "overwrote the other",
        ),
        (
            MENDED.format(
                more="",
                first="",
                line="operand.grad += local * share; mended(operand, local * share)",
            ),
            "the gradient of d is 0 and should be 1",
        ),
        (MENDED.format(more="", first="node.grad = 1.0", line="pass"), "nothing arrived at a"),
    ],
    "04.2": [
        (CALLS + "2**n", "that is the number of paths"),
        (CALLS + "2 ** (n + 1)", "one too many"),
        (CALLS + "2**n - 1", "the leaf is called too"),
        (CALLS + "n + 1", "once for each path"),
        (CALLS + "2 * n", "the number of arrows"),
        (CALLS + "15", "number_of_calls(0) is 15 and should be 1"),
    ],
    "04.3": [
        (EXPRESSION + "b * 3 + b", "by luck"),
        (EXPRESSION + "a * a + a", "no inner node is used twice"),
        (EXPRESSION + "b.data + 1", "should be a Value"),
    ],
    "04.4": [
        (IN_ORDER + "True", "a reverse sweep begins at the result"),
        (
            IN_ORDER + "all(place[n] > place[o] for n in graph for o in graph[n])",
            "is False and should be True",
        ),
        (
            IN_ORDER + "all(b not in graph or a not in graph[b] for a, b in zip(order, order[1:]))",
            "though they are no neighbours",
        ),
        (
            IN_ORDER + "all(b in graph.get(a, []) for a, b in zip(order, order[1:]))",
            "need not be joined by an arrow",
        ),
        (IN_ORDER + "place", "should be True or False"),
    ],
    "04.5": [
        (FOUND % ("", "seen", "found"), "which uses it"),
        (FOUND % ("0", "seen", "found"), "b has its turn before c, which uses it"),
        (FOUND % ("", "()", "found"), "A node comes twice"),
        (RECURSIVE % ("[]", "append", "[::-1]"), "A list's `in` compares the numbers"),
        (FOUND % ("", "seen", "[x.data for x in found]"), "should hold Values only"),
        (FOUND % ("", "seen", "iter(found)"), "should be a list"),
        (RECURSIVE % ("set()", "add", ""), "turn it round"),
        (RECURSIVE % ("set()", "add", "[::-1]"), "too deep for a recursion"),
    ],
}
