"""Small programs, misuse included, and what each comes to: the same in both forms of the engine.

`python small_programs.py` prints, as JSON, what each program gives in the form that is imported: the text of
the value of its last line, or the error.
"""

from __future__ import annotations

import ast
import json
import traceback
from typing import Any

SETTING = """
import copy, decimal, fractions, gc, operator, pickle, weakref
import autograd
from autograd import Value, detect_anomaly, grad, hessian, jacobian, jvp, math, nn, no_grad, optim, ops
from autograd import topological_order, value_and_grad, vjp
from autograd.engine import data_of, weighted_sum
x, y = Value(3.0, label="x"), Value(-2.0)
inf, nan = math.inf, math.nan
class Parameter(Value):
    pass
class Text(str):
    pass
class Strange:
    def __radd__(self, other): return "radd"
    def __rpow__(self, other): return "rpow"
    def __eq__(self, other): return "eq"
def slopes(z):
    z.backward()
    return z.data, x.grad, y.grad
"""

PROGRAMS = """
Value(2)
Value(2.5, "a")
Value(2.5, label="a")
Value(data=True)
Value(fractions.Fraction(1, 3))
Value(label="a", data=1e308)
Value("2")
Value(None)
Value([1.0])
Value((1.0, 2.0), "pair")
Value({})
Value(1j)
Value(decimal.Decimal(1))
Value(10**400)
Value(x)
Value()
Value(1.0, "a", 3)
Value(1.0, name="a")
Value(1.0, requires_grad=True)
Value(1.0, "a", label="b")
Value(data=1.0, dat=2.0)
Value(1.0, label=3)
Value(1.0, None)
Value(1.0, Text("a")).label
type(Value(1.0, Text("a")).label)
Parameter(1.0, name="a")
Parameter()
Value.__init__(x, 4.0); x
Value.__new__(Value).data
slopes(x * y + x / y - y)
slopes(x**y)
slopes(y**3)
slopes(y**2 + y**-1)
slopes(2**x)
slopes(2.0 - x * 3 + 4 / y)
slopes(-x + +y + abs(y))
slopes(x // y + x % y)
slopes(7 // x + 7 % x)
divmod(x, y)
divmod(7, x)
slopes(round(x * 1.256, 1))
round(x)
round(x, None)
round(x, 1.5)
round(x, "1")
round(x, Value(1.0))
math.floor(y / 3), math.ceil(y / 3), math.trunc(y / 3)
slopes(x.tanh() * y.exp() + x.log())
slopes(y.relu() + x.relu())
Value(nan).relu(), Value(-0.0).relu()
slopes(x.leaky_relu() + y.leaky_relu(0.5))
slopes(y.leaky_relu(slope=x))
y.leaky_relu(slop=1)
x.atan2(y), x.hypot(4), x.maximum(y), x.minimum(-7)
x.atan2()
x.atan2(1, 2)
x.atan2("1")
x.tanh(1)
x.tanh(x=1)
x.logaddexp(None)
x.no_such_thing
x.item()
x.foo = 1
x / 0
1 / Value(0.0)
x / Value(0.0)
x % 0
x // 0.0
Value(0.0) ** -1
y**0.5
(-8.0) ** Value(1 / 3)
Value(1e300) ** 2
Value(1e300) * 1e300
2.0 ** Value(5000.0)
Value(1000.0).exp()
y.log()
Value(0.0).log()
y.sqrt()
Value(inf).sin()
Value(2.0).asin()
x + "1"
"1" + x
x + None
x + [1]
[1] + x
[1, 2] * x
x * "ab"
x - {}
x * 1j
1j * x
x + decimal.Decimal(1)
decimal.Decimal(1) + x
x + Strange()
x ** Strange()
x - Strange()
x == Strange(), x != Strange()
x == 3, x != 3.0, x < y, x <= 3, x > 2.5, x >= True
x == "3", x == None, x == [3.0]
x < "3"
x >= None
"3" < x
x < [1]
x < 1j
x == 10**400, x < 10**400
bool(x), bool(Value(0.0)), bool(Value(nan))
not x
x in [y, 3.0], [1.0, x].index(3.0)
max(x, y), min(x, y), sorted([x, y])
hash(x) == hash(x), {x: 1}[x], len({x, Value(3.0)})
pow(x, 2)
pow(x, 2, 5)
pow(x, 2, None)
pow(2, x, 5)
operator.add(x, y), operator.neg(x), operator.pos(x) is x
operator.matmul(x, y)
x @ 3
x << 1
~x
x & 1
float(x)
int(x)
complex(x)
operator.index(x)
len(x)
iter(x)
x[0]
x()
str(x), repr(y)
f"{x:.2f} {y:>8} {x}"
f"{x:d}"
format(x, "zzz")
x.__format__(3)
"%s" % x
"%.2f" % x
x.data, x.grad, x.op, x.label, x.operands, x.partials
(x * y).operands, (x * 2).partials, (2 - x).operands
(x + y)._prev == (x, y), (x**2)._op, x.relu()._op
x.data = 4; (x * 2).data
x.data = "4"
x.data = None
x.data = y
x.data = [1.0]
x.data = 10**400
x.item()
x.requires_grad = True
hasattr(x, "item"), hasattr(Value, "item")
"item" in dir(x), "data" in dir(x)
Value(1.0, requires_grad=True)
Value(1.0, lable="x")
x.backward(retain_graph=True)
x.backward(1.0, 2.0)
x.backward(1.0, gradient=2.0)
Value(1e200) ** 2
Value(1000.0).exp()
__import__("statistics").mean([x, y])
x.lable
x.lable = "z"
no_grad(len)
class Named(Value): value = 3
Named(1.0).value
del x.data
x.grad = 1; x.grad
x.grad = True; type(x.grad)
x.grad = fractions.Fraction(1, 2); x.grad
x.grad = "a"
x.grad = None
x.grad = [0.0]
x.grad = y
x.grad = 1j
x.grad = 10**400
x.grad += 1; x.grad
x.grad += "a"
del x.grad
x.label = "new"; x
x.label = 3
x.label = None
x.label = Text("new"); type(x.label)
del x.label
x.operands = ()
x.partials = ()
x.backward(); x.grad
(x * x).backward(2); x.grad
(x * x).backward(gradient=0.5); x.grad
(x * x).backward("1")
(x * x).backward(None)
(x * x).backward([1.0])
(x * x).backward(y)
(x * x).backward(1, 2)
(x * x).backward(retain_graph=True)
(x * x).backward(gradient=1, create_graph=True)
z = x * x; z.backward(); z.backward(); z.zero_grad(); z.backward(); x.grad
x.zero_grad(1)
x.zero_grad(set_to_none=True)
x.detach(), x.detach() is x, x.detach().op
x.detach(1)
x.conjugate() is x
x.__pow__(2, 3)
x.__radd__("a")
with no_grad(): z = x * y
z.operands, z.op
with no_grad(): x.backward()
with no_grad(): z = x * y
z.backward()
with no_grad(): z = x * y; z.label = "z"; z.data = 5
z.backward(2.0)
with no_grad(): z = weighted_sum([x, y], [y, x], x)
z.backward()
with no_grad(): z = x * y
copy.copy(z).backward()
with no_grad(): z = x * y
(z * x).backward(); x.grad, z.grad
with detect_anomaly(): z = Value(0.0).sqrt(); z.backward()
with detect_anomaly(): z = Value(0.0) * inf
topological_order(x * y + 1, reverse=True)
topological_order()
topological_order(3.0)
topological_order(x, 3.0)
topological_order([x])
topological_order(x, revers=True)
topological_order(x, reverse=1)
topological_order(x, without=3)
topological_order(x * y, without=[x])
data_of(x), data_of(2.0)
data_of()
data_of(1, 2)
weighted_sum([x, y], [1.0, 2.0], Value(0.5))
slopes(weighted_sum([x, y], [y, x], Value(0.5)))
weighted_sum([x, y], [1.0], Value(0.5))
weighted_sum([x], ["a"], Value(0.5))
weighted_sum([x], [1.0], 0.5)
weighted_sum([2.0], [x], Value(0.5))
weighted_sum([2.0], [3.0], Value(0.5))
weighted_sum([x], [y], None)
weighted_sum(x, y, x)
weighted_sum([x])
copy.copy(x * y), copy.deepcopy(x * y).operands
pickle.loads(pickle.dumps(x * y)).operands
pickle.loads(pickle.dumps(Value(1.0, "a")))
x.__setstate__(())
x.__setstate__(3)
weakref.ref(x)
vars(x)
p = Parameter(1.0); p.name = "w"; (p * 2).operands[0].name
p = Parameter(1.0); type(p * 2), type(-p), type(p.tanh())
class P(Value): __slots__ = ("name",)
p = P(2.0); p.name = 3; copy.copy(p).data
class Twice(Value):
    def __add__(self, other): return 2 * (Value.__mul__(self, 1) + other)
(Twice(1.0) + 1).data, (1 + Twice(1.0)).data
class Bad(Value):
    def __init__(self): pass
Bad().data
class Bad(Value):
    def __init__(self): pass
Bad() + 1
class Bad(Value):
    def __init__(self): pass
1 / Bad()
class Bad(Value):
    def __init__(self): pass
Bad().backward()
class Bad(Value):
    def __init__(self): pass
Bad().tanh()
class Bad(Value):
    def __init__(self): pass
Bad()
class Bad(Value):
    def __init__(self): pass
x * Bad()
class Bad(Value):
    def __init__(self): pass
weighted_sum([x], [Bad()], y)
class Bad(Value):
    def __init__(self): pass
copy.copy(Bad())
math.exp(x), math.exp("a")
math.atan2(x, y), math.pow(x, 2), math.hypot(x, y, 2)
math.exp()
math.ln(x)
math.sqrt(y)
math.fsum([x, y, 1]), math.prod([x, y]), math.dist([x], [y])
sum([x, y]), sum([x, y], 1)
sum([x, "a"])
grad(lambda a: a * a)(3.0)
grad(lambda a: a * a)("a")
grad(lambda a: None)(3.0)
grad(lambda a: [a])(3.0)
hessian(lambda a, b: a * a * b, argnums=(0, 1))(1.0, 2.0)
jvp(lambda a: a**3, (2.0,), (1.0,))
value_and_grad(lambda a: math.sqrt(a))(-1.0)
nn.MLP(2, [3, 1])([1.0])
nn.MLP(2, [3, 1])([[1.0, 2.0], [3.0, 4.0]])
nn.MLP(2, [3, 1])([(1.0, 2.0)])
nn.MLP(2, [3, 1])(1.0)
nn.MLP(2, [3, 1])("ab")
nn.MLP(2, [3, 1])([x, None])
nn.Neuron(2)([["a"], 1.0])
nn.Layer(2, 2)([[1.0, 2.0]])
net = nn.MLP(1, [1]); net([2.0]).backward(); net.zero_grad(); [p.grad for p in net.parameters()]
s = optim.SGD([x], lr=0.1); (x * x).backward(); s.step(); x.data
optim.SGD([x], 0.1, foo=1)
optim.SGD(["x"], lr=0.1)
ops.Primitive
ops.tanh(x)
ops.tanh("a")
ops.atan2(x)
autograd.no_such_name
"""


def programs() -> list[str]:
    """Return the programs: each is a line, with those above it that begin a block, or are in one."""
    found, begun = [], ""
    for line in PROGRAMS.strip().split("\n"):
        begun += line + "\n"
        if not line.startswith(("with ", "class ", "    ")):
            found.append(begun)
            begun = ""
    return found


def outcome(program: str) -> str:
    """Return the text of the last expression of a program, or the error, with its cause and notes."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(SETTING, scope)
    tree = ast.parse(program)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, "program", "exec"), scope)
        if not isinstance(last, ast.Expr):
            return "done"
        return repr(eval(compile(ast.Expression(last.value), "program", "eval"), scope))
    except Exception as error:
        return "".join(traceback.format_exception_only(error)) + repr(error.__cause__ or "")


if __name__ == "__main__":
    print(json.dumps({program: outcome(program) for program in programs()}))
