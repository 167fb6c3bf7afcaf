"""Valid formulas, model files and tables, and ways to damage them."""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from autograd.cli.vocabulary import CONSTANTS, FUNCTIONS
from autograd.nn import ACTIVATIONS, MLP
from autograd.training import Model, Scaling

FORMULAS = (
    "log(x1) + x1*x2 - sin(x2)",
    "tanh(w*x + b)",
    "-x**2 // 3 % 7 - .5e-3 / 1_000.25",
    "hypot(x, y, 3) * atan2(y, x) + polygamma(2, x) - ldexp(x, 3)",
    "exp(-(x - 速度)**2 / (2*pi*e)) + maximum(x, y, nan, inf)",
    "9**9**9**9",
    "((((x))))",
)

TOKENS = (
    *"x y w b x1 x2 速度 ﬁ ª ² π ℯ + - * / // % ** ( ) , . = ^ _".split(),
    *"0 1 -1 0.5 171 1e9 1e300 5e-324 1e999 0x1F".split(),
    *("9" * 400, "9**9**9", "1e-999", "x=1", "x=inf", "\0", "\ud800", "\ufeff", "\u0301", "\ufdfa", "\u3000"),
    *(" ", "\t", "\r", "\n", "\u2028", "\x85", "'", '"', "#", "[", "{", "!", "--", "--draw", "-h"),
    *sorted(CONSTANTS),
    *(f"{name}(" for name in sorted(FUNCTIONS)),
)  # fmt: skip
"""What formulas are made of, and what they must not contain."""

SOUND_CELLS = (
    *"0 1 -1 0.1 1e999 -1e308 1e-400 nan inf -Infinity +.5e-3 0x10 1_0 ١ x y z up down 速度".split(),
    *("", " ", '""', '"a,b"', '"a;b"', '"a\nb"', '"a\rb"', '"a ""b"""', "'", "\u2028", "\x1c"),
)
"""What may stand between two commas of a table, whether or not it is a number."""

CELLS = (
    *SOUND_CELLS,
    *("1,5", '"', '"never closed', 'a"b', '"a"b', "\0", "\ufeff"),
    *("9" * 400, "1" * 3000 + "x", "1" * 3000, "a" * 3000, "a" * 140_000),
)
"""What stands between two delimiters of a table, or must not."""

NUMBERS = (
    *(0, 1, 2, 3, -1, 0.5, 1e308, -1e308, 5e-324, math.nan, math.inf, -math.inf),
    *(10**9, 10**400, -(10**4000), 2**63, True, False),
)
ANYTHING: tuple[Any, ...] = (
    *NUMBERS,
    *(None, "", "x", "y", "relu", "\ud800", "a" * 3000, [], {}, [1], [1000000000, 1], [1] * 50, {"x": 1}),
    *([[[[[[[[[[[[[[]]]]]]]]]]]]]], [10**4000, 10**4000], {"nin": 1}, "classification", "regression"),
)
"""What may stand where a model file has something else."""


def classifier() -> Model:
    """Return a model that tells "down" from "up" by the columns x and y."""
    network = MLP(2, [3, 2], activation="tanh", seed=0)
    scaling = Scaling((1.0, 2.0), (0.5, 0.25))
    return Model("z", ("x", "y"), ("x", "y", "z"), True, ("down", "up"), scaling, None, network)


def regressor(activation: str = "linear", has_header: bool = False) -> Model:
    """Return a model that predicts the second of two columns from the first."""
    network = MLP(1, [2, 1], activation=activation, seed=0)
    one = Scaling((1.0,), (2.0,))
    columns = ("column1", "column2")
    return Model(columns[1], columns[:1], columns, has_header, (), one, one, network)


def documents() -> list[bytes]:
    """Return valid model files: tables' models, and networks alone."""
    models = [classifier(), *(regressor(name) for name in ACTIVATIONS)]
    networks = [MLP(2, [3, 1], activation="tanh", seed=0), MLP(1, [1], seed=0)]
    return [dumped(model.to_dict()) for model in networks] + [dumped(document(model)) for model in models]


def document(model: Model) -> dict[str, Any]:
    """Return what `Model.save` writes."""
    scalings = {
        name: scaling and {"means": scaling.means, "deviations": scaling.deviations}
        for name, scaling in (("inputs", model.inputs), ("outputs", model.outputs))
    }
    return {
        "format": "scalar-autograd table model",
        "version": 1,
        "task": model.task,
        "target": model.target,
        "features": model.features,
        "layout": model.layout,
        "has_header": model.has_header,
        "classes": model.classes,
        **scalings,
        "network": model.network.to_dict(),
    }


def dumped(value: object) -> bytes:
    """Return a value as JSON, with the NaN and Infinity that Python writes and JSON does not have."""
    return json.dumps(value).encode()


TABLES = (
    b"x,y,z\n1,2,up\n3,4.5,down\n-1e3,.5,up\n0,0,down\n",
    b"1;2\r\n3,5;4\r\n5;6\r\n7;8\r\n",
    '\ufeffx\ty\tz\r1\t2\t"a ""b"" c"\r\r3\t4\t速度\r'.encode(),
    b'"x","y","note"\n1,2,"a,\nb"\n3,4,"c"\n5,6,""\n',
)

# Ways to damage them


def damage_formula(text: str, rng: Random) -> str:
    """Change a formula in a few places: tokens, long chains, deep nesting, towers of powers."""
    for _ in range(rng.randint(1, 4)):
        place = rng.randint(0, len(text))
        stop = min(len(text), place + rng.randint(0, 8))
        token = rng.choice(TOKENS)
        count = rng.choice((1, 1, 2, 2, 5, 50, 99, 100, 101)) if rng.random() < 0.95 else 3000
        change = rng.choice(
            (
                token,
                "",
                text[place:stop] * count,
                token * count,
                token + text,
                ("x" + rng.choice(("+", "*", "-", "/", "**", "//", "%"))) * count + "x",
                "(" * count + text[place:stop] + ")" * count,
                rng.choice(sorted(FUNCTIONS)) + "(" + ",".join([token] * min(count, 101)) + ")",
                "9**" * count + "9",
                chr(rng.randint(0, 0x2FFFF)),
            )
        )
        text = text[:place] + change + text[stop:]
    return text[:12_000]


def damage_bytes(data: bytes, rng: Random) -> bytes:
    """Cut, repeat, flip or replace bytes, or encode the text otherwise."""
    place = rng.randint(0, len(data))
    stop = min(len(data), place + rng.randint(0, 20))
    noise = bytes(rng.randint(0, 255) for _ in range(rng.randint(0, 4)))
    flipped = bytes([data[place] ^ 1 << rng.randint(0, 7)]) if place < len(data) else b"\xff"
    changes: tuple[Callable[[], bytes], ...] = (
        lambda: data[:place],
        lambda: data[:place] + data[stop:],
        lambda: data[:place] + noise + data[stop:],
        lambda: data[:place] + flipped + data[place + 1 :],
        lambda: data[:stop] + data[place:],
        lambda: data[:place] + data[place:stop] * rng.choice((2, 3, 100, 1000)) + data[stop:],
        lambda: b"\xef\xbb\xbf" + data,
        lambda: data.decode("latin-1").encode(rng.choice(("utf-16", "utf-16-be", "utf-32"))),
        lambda: data.replace(b"\n", rng.choice((b"\r", b"\r\n", b"\n\r", b"", b"\0", b"\n\n"))),
    )
    return rng.choice(changes)()


def damage_document(data: bytes, rng: Random) -> bytes:
    """Change values, names and sizes in a JSON document; where it is none, its bytes."""
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        return damage_bytes(data, rng)
    box = [root]
    for _ in range(rng.randint(1, 3)):
        _damage_value(box, rng)
    try:
        damaged = dumped(box[0])
    except (ValueError, RecursionError):  # an int of too many digits, which only a mutation can give
        return data
    if rng.random() < 0.1:  # a name twice, which a dict cannot hold
        name = rng.choice((b'"version"', b'"network"', b'"parameters"', b'"means"', b'"features"'))
        damaged = damaged.replace(name, name + b": 1, " + name)
    if rng.random() < 0.1:
        damaged = damaged.replace(
            b"null", rng.choice((b"[" * 600 + b"]" * 600, b'{"":' * 100_000, b"9" * 5000))
        )
    return damage_bytes(damaged, rng) if rng.random() < 0.1 else damaged


def _damage_value(box: list[Any], rng: Random) -> None:
    """Walk from the root to some value and replace it, remove it, or add something beside it."""
    holder: Any = box
    key: Any = 0
    while isinstance(holder[key], (dict, list)) and holder[key] and rng.random() < 0.8:
        holder = holder[key]
        key = rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
    change = rng.choice(("replace", "replace", "remove", "add", "rename", "repeat"))
    other = deepcopy(rng.choice(ANYTHING))
    if change == "remove" and holder is not box:
        del holder[key]
    elif change == "add" and isinstance(holder, dict):
        holder[_name(other)] = deepcopy(rng.choice(ANYTHING))
    elif change == "rename" and isinstance(holder, dict):
        holder[_name(other)] = holder.pop(key)
    elif change == "repeat" and isinstance(holder, list) and holder is not box:
        holder *= rng.choice((0, 2, 100))
    else:
        holder[key] = other


def _name(value: object) -> str:
    return value if isinstance(value, str) else reprlib.repr(value)


def damage_table(data: bytes, rng: Random) -> bytes:
    """Change cells, rows, quotes and line ends of a CSV file."""
    if rng.random() < 0.25:
        return damage_bytes(data, rng)
    delimiter = rng.choice((",", ";", "\t"))
    rows = [line.split(delimiter) for line in data.decode("utf-8", "replace").splitlines()] or [[""]]
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        cell = rng.choice(CELLS)
        count = rng.choice((1, 2, 5, 50)) if rng.random() < 0.95 else 3000
        change = rng.choice(
            ("cell", "cell", "insert", "remove", "many cells", "many rows", "many names", "column")
        )
        if change == "cell" and row:
            row[rng.randrange(len(row))] = cell
        elif change == "insert":
            row.insert(rng.randint(0, len(row)), cell)
        elif change == "remove" and row:
            del row[rng.randrange(len(row))]
        elif change == "many cells" and len(cell) < 10:
            row += [cell] * count
        elif change == "many rows" and sum(map(len, row)) + len(row) < 50:
            rows += [list(row)] * count
        elif change == "many names":
            row += [f"c{i}" for i in range(count)]
        elif change == "column":
            for i, each in enumerate(rows[:100]):
                each.append(f"{i % 3}{cell}"[:10])
    text = rng.choice(("\n", "\n", "\r\n", "\r")).join(delimiter.join(row) for row in rows)
    return text[:300_000].encode("utf-8", "surrogatepass")


# By the names of the targets


def seeds(target: str) -> list[bytes]:
    """Return the valid inputs of a target."""
    formulas = [text.encode() for text in FORMULAS]
    return {
        "expression": formulas,
        "model": documents(),
        "table": list(TABLES),
        "command": [b"\0".join((text, b"x=1", b"y=pi/4", b"x1=2", b"x2=-5")) for text in formulas],
        "predict": [model + b"\0" + table for model in documents() for table in TABLES],
    }[target]


def _damage_first(data: bytes, rng: Random) -> bytes:
    """Change the formula before the first NUL."""
    formula, nul, rest = data.partition(b"\0")
    text = damage_formula(formula.decode("utf-8", "surrogateescape"), rng)
    return text.encode("utf-8", "surrogatepass") + nul + rest


def _damage_either(data: bytes, rng: Random) -> bytes:
    """Change the model file before the first NUL or the table after it."""
    model, nul, table = data.partition(b"\0")
    if rng.random() < 0.3:
        return damage_document(model, rng) + nul + table
    return model + nul + damage_table(table, rng)


DAMAGE: dict[str, Callable[[bytes, Random], bytes]] = {
    "expression": _damage_first,
    "model": damage_document,
    "table": damage_table,
    "command": _damage_first,
    "predict": _damage_either,
}
"""The way to damage the input of each target."""
