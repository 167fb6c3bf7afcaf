"""Typical wrong answers to the exercises of notebook 06, each with what the check must say of it."""

import re

from ..notebook_cells import FOLDER, cells_of

SOLUTIONS = {
    match.group(2): match.group(1)
    for cell in cells_of(FOLDER / "06_your_own_engine.ipynb")
    if "solution" in cell.tags
    for match in re.finditer(r"^```python\n(.*?def (\w+).*?)^```$", cell.text, re.MULTILINE | re.DOTALL)
}
"""The solutions of the notebook, by the name of the first function in them."""


def wrong(name: str, *changes: str) -> str:
    """Return a solution with some of its text replaced: old, new, old, new."""
    text = SOLUTIONS[name]
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new)
    return text


METHODS = 'methods = ["__sub__", "__rsub__", "__rtruediv__", "__gt__"]'
RECURSIVE = """\
def order(root, found=None, seen=None):
    found, seen = found or [], seen or set()
    if root not in seen:
        seen.add(root)
        for operand, _ in root.edges:
            found = order(operand, found, seen)
        found.append(root)
    return found
"""
IN_A_LIST = ("seen = [], set()", "seen = [], []", "seen.add", "seen.append")
RECURSIVE_METHOD = """\
    def order(self, found=None, seen=None):
        found, seen = ([], set()) if found is None else (found, seen)
        if self not in seen:
            seen.add(self)
            for operand, _ in self.edges:
                operand.order(found, seen)
            found.append(self)
        return found

    def unused(self):
        found, seen"""
BREADTH_FIRST = """\
    def order(self):
        found = [self]
        for node in found:
            found += [operand for operand, _ in node.edges if operand not in set(found)]
        return found[::-1]

    def unused(self):
        found, seen"""
OLD_ORDER = "    def order(self):\n        found, seen"
HASH = "__hash__ = object.__hash__"
BY_NUMBER = "def __hash__(self):\n        return hash(self.data)"
CLEARING = "if node.edges:\n                node.grad"

WRONG = {
    "06.1": [
        (wrong("divide", "-a / b**2", "a / b**2"), "by b has a minus"),
        (wrong("divide", "-a / b**2", "-1 / b**2"), "has the factor a"),
        (wrong("divide", "-a / b**2", "-a / b"), "divided by b twice"),
        (wrong("divide", "[1 / b, -a / b**2]", "[b, a]"), "derivatives of a * b"),
        (wrong("divide", "[1 / b, -a / b**2]", "[1 / b]"), "has 1 local derivatives and should have 2"),
        (wrong("divide", "a / b, [1 / b, -a / b**2]", "a / b"), "is 1.5 and should be the result and a list"),
        (wrong("divide", "[c * a ** (c - 1)]", "[c * a**c]"), "the exponent falls by 1"),
        (wrong("divide", "[c * a ** (c - 1)]", "[a ** (c - 1)]"), "the factor c is missing"),
        (wrong("divide", "[c * a ** (c - 1)]", "[c * a**c / a]"), "divides by 0"),
        (wrong("divide", "[c * a ** (c - 1)]", "[7.0]"), "power(2, 3) gives 8, 7 and should give 8, 12"),
        (wrong("divide", "[1.0 if a > 0 else 0.0]", "[max(a, 0.0)]"), "not a itself"),
        (wrong("divide", "[1.0 if a > 0 else 0.0]", "[1.0 if a >= 0 else 0.0]"), "at 0 it counts as 0"),
        (wrong("divide", "max(a, 0.0)", "a"), "the result is never negative"),
    ],
    "06.2": [
        (METHODS.replace("__gt__", "__rlt__"), "there is no __rlt__"),
        (METHODS.replace("__gt__", "__lt__"), "that asks whether a < 2"),
        (METHODS.replace("__rsub__", "__sub__"), "that would be a - 2"),
        (METHODS.replace("__rtruediv__", "__rdiv__"), "// is floordiv"),
        (METHODS.replace("__rtruediv__", "__truediv__"), "that would be a / 2"),
        (METHODS.replace("__sub__", "__add__"), "another method is called"),
        ('methods = "__sub__"', "a list of four names"),
    ],
    "06.3": [
        (RECURSIVE, "no function may call itself here"),
        (wrong("order", *IN_A_LIST), "all of them have the same number"),
        (wrong("order", "return found", "return found[::-1]"), "the node d comes before its operand"),
        (wrong("order", "elif node not in seen", "else"), "a node is there twice"),
        (
            wrong("order", "seen.add(node)", "seen.add(node)\n            found.append(node)").replace(
                "if operands_done:\n            found.append(node)", "if operands_done:\n            pass"
            ),
            "comes before its operand",
        ),
    ],
    "06.4": [
        (wrong("sweep", "        if node.edges:", "        if False:"), "they begin at 0"),
        (wrong("sweep", "        if node.edges:", "        if True:"), "the leaf a is 8 again"),
        (wrong("sweep", "operand.grad += local", "operand.grad = local"), "+= and not ="),
        (wrong("sweep", "nodes[-1].grad += 1.0", "pass"), "nothing arrived"),
        (wrong("sweep", "nodes[-1].grad += 1.0", "nodes[-1].grad = 1.0"), "1 is added"),
        (wrong("sweep", "reversed(nodes)", "nodes"), "nothing arrived"),
        (wrong("sweep", "local * node.grad", "node.grad"), "the gradient of a is 2 and should be 8"),
        (wrong("sweep", "local * node.grad", "3 * local * node.grad"), "and should be 8."),
    ],
    "06.5": [
        ("Value = 3.0", "should be a class and is a float"),
        (wrong("number", "return Value(e, [(self, e)])", "return ..."), "still open: exp."),
        (wrong("number", "__hash__ = object.__hash__", "__hash__ = ..."), "still open: __hash__."),
        (wrong("number", "    __hash__ = object.__hash__\n", ""), "loses its __hash__"),
        (
            wrong("number", HASH, BY_NUMBER),
            "a set takes them for one",
        ),
        (wrong("number", "return self.data < number(other)", "return self.data > other"), "a < 2.5 is True"),
        (wrong("number", "self.grad += 1.0", "pass"), "the gradients of a and b are 0.0 and 0.0"),
        (wrong("number", "def __rmul__", "def rmul"), "2 * a raises a TypeError"),
        (wrong("number", "[(self, 1 / b), (other, -a / b**2)]", "[(self, 1 / b), (other, -1 / b**2)]"),
         "your a / b gives 1.5 at a = 3 and b = 2, which is right, but its derivative by b is -0.25 there; "
         "it should be -a/b**2, which is -0.75"),
        (wrong("number", "return self + other", "return other"), "is 2, no Value: __radd__"),
        (wrong("number", "Value(other - self.data, [(self, -1.0)])", "self - other"),
         "your 2 - a gives -1.2"),
        (wrong("number", "[(self, -1.0)])\n\n    def __truediv__", "[(self, 1.0)])\n\n    def __truediv__"),
         "its derivative by a is 1 there; it should be -1"),
        (wrong("number", "operand.grad += local", "operand.grad = local"),
         "its gradient is a sum (+=, not =)"),
        (wrong("number", OLD_ORDER, BREADTH_FIRST),
         "after all of its users: it is "),
        (wrong("number", "elif node not in seen", "else"), "its users: it is 16 and should be 8"),
        (wrong("number", CLEARING, "if node.edges:\n                pass\n            else:\n"
         "                node.grad"), "6 is added to it"),
        (wrong("number", CLEARING, "if False:\n                node.grad"), "inner nodes must begin at 0"),
        (wrong("number", OLD_ORDER, RECURSIVE_METHOD),
         "a chain of 10,000 additions raises RecursionError"),
        (wrong("number", "node.grad = 0.0\n", "node.grad = node.grad\n",
         "node.grad = node.grad\n        self",
         "node.grad = 0.0\n        self"), "after b = a * 3, b.backward(), b.zero_grad()"),
        (
            wrong("number", "return Value(t, [(self, 1.0 - t * t)])",
                  "return Value(t, [(self, 1.0 - t * t if -1.6 < self.data < 1.6 else 0.0)])"),
            "random expression",
        ),
    ],
}  # fmt: skip
