"""Neurons, layers and networks: what they compute, how they are built, and that they learn."""

import copy
import csv
import math
import pickle
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import nn
from autograd.engine import Value, topological_order
from autograd.nn import MLP, Layer, Module, Neuron

DATA = Path(__file__).parents[1] / "data"

unchecked_neuron: Any = Neuron  # for arguments that the type checker would refuse
unchecked_mlp: Any = MLP


def constant(number: float) -> Callable[..., float]:
    return lambda rng, nin, nout: number


def moons() -> tuple[list[list[float]], list[int]]:
    with open(DATA / "moons.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [[float(row["x"]), float(row["y"])] for row in rows], [int(row["class"]) for row in rows]


# micrograd's demo notebook: its model, its loss, its printed losses

PUBLISHED_LOSSES = {
    0: 0.8958441028683222,
    1: 1.7235905336972022,
    2: 0.7429006313851131,
    5: 0.313545481918522,
    10: 0.24507023853658053,
    20: 0.18977522856087634,
    50: 0.09875114765619622,
    75: 0.011845398205364453,
    96: 0.010980043387921506,
    97: 0.010979446081684675,
    98: 0.010978888332907229,
    99: 0.010978370135492717,
}


@pytest.mark.slow
def test_the_demo_notebook_of_micrograd_prints_its_published_losses() -> None:
    points, labels = moons()
    X, y = np.array(points), np.array(labels)  # noqa: N806 (the notebook's names)
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    losses_seen = {}
    for k in range(100):
        inputs = [list(map(Value, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = 1e-4 * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        losses_seen[k] = total_loss.data
    accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
    assert sum(accuracy) == 100
    for k in (0, 1, 99):
        assert losses_seen[k] == PUBLISHED_LOSSES[k]
    # In between micrograd's own last digit varies from run to run, for it adds up gradients in the order of
    # its sets, which is that of memory addresses: six runs of it gave two losses at step 1, a bit apart.
    for k, published in PUBLISHED_LOSSES.items():
        assert losses_seen[k] == pytest.approx(published, rel=4e-15, abs=0), f"step {k}"


def test_hinge_and_l2_are_the_loss_of_the_demo() -> None:
    points, labels = moons()
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    loss = nn.hinge(map(model, points), labels) + 1e-4 * nn.l2(model.parameters())
    assert loss.data == pytest.approx(PUBLISHED_LOSSES[0], rel=1e-15)


def test_global_seed_gives_the_weights_that_micrograd_draws() -> None:
    random.seed(1337)
    expected = [random.uniform(-1, 1) for _ in range(3 * 4 + 4 * 1)]
    random.seed(1337)
    weights = [p.data for name, p in MLP(3, [4, 1]).named_parameters() if not name.endswith(".b")]
    assert weights == expected


def test_repr_is_that_of_micrograd() -> None:
    assert repr(MLP(2, [2, 1])) == (
        "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]"
    )


@pytest.mark.parametrize(
    ("activation", "name"),
    [("tanh", "Tanh"), ("leaky_relu", "LeakyReLU"), ("silu", "SiLU"), ("linear", "Linear"), (np.sin, "sin")],
)
def test_repr_names_the_activation(activation: Any, name: str) -> None:
    assert repr(Neuron(3, activation=activation)) == f"{name}Neuron(3)"


# What is computed


def test_a_neuron_records_bias_plus_products_in_order() -> None:
    neuron = Neuron(2, nonlin=False, seed=0)
    x = [Value(2.0), Value(3.0)]
    out = neuron(x)
    total, second = out.operands
    assert out.op == "+"
    assert isinstance(total, Value)
    assert isinstance(second, Value)
    assert total.operands[0] is neuron.b
    assert second.operands[0] is neuron.w[1]
    assert second.operands[1] is x[1]
    assert [node.op for node in topological_order(out) if node.op] == ["*", "+", "*", "+"]


# import math, torch; from torch import nn  (torch 2.13.0, torch.set_default_dtype(torch.float64))
# for f in (nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.LeakyReLU(), nn.ELU(), nn.SiLU(), nn.GELU(), nn.Softplus(),
#           nn.Identity()):
#     net = nn.Sequential(nn.Linear(2, 3), f, nn.Linear(3, 2)); k = 0
#     with torch.no_grad():
#         for layer in net[0], net[2]:
#             for j in range(layer.out_features):
#                 layer.bias[j] = 0
#                 for i in range(layer.in_features): layer.weight[j, i] = math.sin(k); k += 1
#     out = net(torch.tensor([0.5, -1.5])); (out ** 2).sum().backward()
#     print(out.tolist(), net[0].weight.grad[1, 0], net[0].bias.grad[2], net[2].weight.grad[1, 2])
TORCH_NETWORKS = [
    (
        "relu",
        [1.2083322443163005, -1.1921548862348892],
        [1.4424155168773019, 4.775233363003456, -2.5273329860106184],
    ),
    (
        "tanh",
        [1.171826043480361, -1.2662790192726097],
        [1.3759197774906624, 1.8567713499478737, -1.9897249415231921],
    ),
    (
        "sigmoid",
        [1.0413516721873841, -0.9566634213916977],
        [0.2967486605360753, 0.7594129523751639, -1.4210043316902783],
    ),
    (
        "leaky_relu",
        [1.211859044832901, -1.197356672449398],
        [1.447562459068089, 4.792615371896203, -2.5383606184415215],
    ),
    (
        "elu",
        [1.4086650980876856, -1.4876319545170629],
        [1.7347772800173948, 5.762583633985063, -3.1537356035746202],
    ),
    (
        "silu",
        [0.9461218417771107, -0.9760583722519107],
        [0.7149484343392842, 3.6148435132622736, -1.5367803929423445],
    ),
    (
        "gelu",
        [1.0287035100035673, -1.039311442182115],
        [0.8565833783096014, 4.511302307763765, -1.884764474527253],
    ),
    (
        "softplus",
        [1.813420236114764, -1.7019232324862856],
        [1.186616395706022, 5.192915292915144, -4.620601748125905],
    ),
    (
        "linear",
        [1.5610122959763593, -1.7123335076857684],
        [1.9571097359560188, 6.513434252278185, -3.630096229100922],
    ),
]


@pytest.mark.parametrize(("activation", "outputs", "gradients"), TORCH_NETWORKS)
def test_networks_compute_what_pytorch_computes(
    activation: str, outputs: list[float], gradients: list[float]
) -> None:
    numbers = iter(range(100))
    model = MLP(2, [3, 2], activation=activation, initializer=lambda *_: math.sin(next(numbers)))
    out = model([0.5, -1.5])
    sum(y * y for y in out).backward()
    hidden, last = model.layers
    found = [hidden.neurons[1].w[0].grad, hidden.neurons[2].b.grad, last.neurons[1].w[2].grad]
    assert [y.data for y in out] == pytest.approx(outputs, rel=1e-13)
    assert found == pytest.approx(gradients, rel=1e-13)


def test_every_named_activation_is_compared_with_pytorch() -> None:
    assert {name for name, _, _ in TORCH_NETWORKS} == set(nn.ACTIVATIONS)


def test_the_activation_may_be_a_function() -> None:
    neuron = Neuron(1, activation=lambda x: 2 * x * x, initializer=constant(3.0))
    assert neuron([1.0]).data == 18.0


@pytest.mark.parametrize(
    "row",
    [
        [1, 2],
        (1.0, 2.0),
        [Value(1.0), Value(2.0)],
        iter([1.0, 2.0]),
        np.array([1.0, 2.0]),
        np.array([1, 2]),
        np.array([1.0, 2.0], dtype=np.float32),
        np.array([Value(1.0), Value(2.0)]),
        map(Value, [1, 2]),
    ],
)
def test_a_row_may_be_any_sequence_of_numbers_or_values(row: Any) -> None:
    assert MLP(2, [1, 1], initializer=constant(0.5))(row).data == 0.75


def test_a_one_unit_last_layer_returns_the_value() -> None:
    assert isinstance(MLP(2, [3, 1])([1.0, 2.0]), Value)
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert len(Layer(2, 3)([1.0, 2.0])) == 3


def test_a_one_unit_hidden_layer_feeds_the_next() -> None:
    assert MLP(1, [1, 1, 1], initializer=constant(2.0))([1.0]).data == 8.0


# Wrong sizes and wrong arguments


@pytest.mark.parametrize(
    ("make", "sizes"),
    [
        (lambda: Neuron(2)([1.0]), ("2", "1")),
        (lambda: Neuron(2)([]), ("2", "0")),
        (lambda: Layer(2, 3)([1.0, 2.0, 3.0]), ("2", "3")),
        (lambda: MLP(3, [4, 1])([1, 2]), ("3", "2")),
        (lambda: MLP(3, [4, 1])(1.0), ("3", "1")),
        (lambda: Neuron(0), ("nin", "0", "1")),
        (lambda: Neuron(-3), ("nin", "-3", "1")),
        (lambda: Layer(2, 0), ("nout", "0", "1")),
        (lambda: MLP(0, [1]), ("nin", "0", "1")),
        (lambda: MLP(2, []), ("2", "0")),
        (lambda: MLP(2, [3, 0]), ("nouts[1]", "0", "1")),
    ],
)
def test_wrong_sizes_are_value_errors_that_name_both(
    make: Callable[[], object], sizes: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (what it says is checked below)
        make()
    for size in sizes:
        assert size in str(caught.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: unchecked_neuron("2"), "nin.*whole number.*'2'"),
        (lambda: unchecked_neuron(2.0), "nin.*whole number.*2.0"),
        (lambda: unchecked_neuron(True), "nin.*whole number.*True"),
        (lambda: unchecked_neuron(None), "nin.*whole number.*None"),
        (lambda: unchecked_mlp(2, 3), "nouts.*list.*3"),
        (lambda: unchecked_mlp(2, "31"), "nouts.*list.*'31'"),
        (lambda: unchecked_mlp(2, [3, 1.0]), r"nouts\[1\].*1.0"),
        (lambda: unchecked_neuron(2, activation=None), "activation.*relu.*NoneType"),
        (lambda: unchecked_neuron(2, initializer=0.5), "initializer.*xavier.*float"),
        (lambda: unchecked_neuron(2, rng=np.random.default_rng(0)), "random.Random.*Generator"),
        (lambda: unchecked_neuron(2, seed="x"), "seed.*'x'"),
        (lambda: unchecked_neuron(2, seed=True), "seed.*True"),
        (lambda: unchecked_neuron(2)("12"), "list of numbers.*str"),
        (lambda: unchecked_neuron(2)({1: 2, 3: 4}), "list of numbers.*dict"),
        (lambda: unchecked_neuron(1)(None), "list of numbers.*NoneType"),
        (lambda: unchecked_mlp(1, [1])(["1"]), "str"),
        (
            lambda: unchecked_mlp(1, [1])([[1.0]]),
            r"MLP\(1, \[1\]\) takes one row of 1 number a call, .* a list of 1;",
        ),
        (
            lambda: unchecked_mlp(2, [1])([[1.0, 2.0]] * 3),
            "one row of 2 numbers a call, and this is a list of 3;",
        ),
        (
            lambda: unchecked_mlp(2, [1])([(1.0, 2.0)] * 2),
            r"call it for each: \[model\(row\) for row in rows\]",
        ),
        (lambda: unchecked_mlp(2, [1])(np.ones((2, 2))), "this is a list of 2"),
        (lambda: unchecked_mlp(2, [1])([np.ones(2)] * 2), "this is a list of 2"),
        (lambda: Layer(2, 3)([np.ones(2)] * 2), r"Neuron\(2\) takes one row .* this is a list of 2"),
        (lambda: unchecked_neuron(2)([[1.0, 2.0]] * 2), r"Neuron\(2\) takes one row .* this is a list of 2"),
    ],
)
def test_wrong_types_are_type_errors_that_say_what_is_wanted(make: Callable[[], object], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        make()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MLP(2, [1], activation="rellu"), "'rellu'.*relu, tanh"),
        (lambda: MLP(2, [1], initializer="glorot"), "'glorot'.*xavier"),
        (lambda: MLP(2, [1], rng=random.Random(0), seed=0), "not both"),
    ],
)
def test_wrong_names_are_value_errors_that_list_the_right_ones(
    make: Callable[[], object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        make()


# Random numbers


def weights(**arguments: Any) -> list[float]:
    return [p.data for p in MLP(3, [5, 2], **arguments).parameters()]


def test_the_same_seed_gives_the_same_network_and_leaves_the_global_generator_alone() -> None:
    before = random.getstate()
    assert weights(seed=7) == weights(seed=7) == weights(rng=random.Random(7))
    assert weights(seed=7) != weights(seed=8)
    assert random.getstate() == before


def test_layers_and_neurons_draw_different_weights_from_one_seed() -> None:
    model = MLP(3, [3, 3], seed=7)
    drawn = [w.data for layer in model.layers for neuron in layer.neurons for w in neuron.w]
    assert len(set(drawn)) == 18


def test_the_random_module_itself_may_be_the_generator() -> None:
    shared: Any = random
    random.seed(5)
    first = weights(rng=shared)
    random.seed(5)
    assert weights() == first


# Glorot and Bengio (2010): variance 2/(nin + nout). He et al. (2015): variance 2/nin. A uniform number
# in [-a, a] has the variance a**2/3 and the fourth moment a**4/5; the kurtosis of a normal one is 3.
@pytest.mark.parametrize(
    ("initializer", "variance", "kurtosis"),
    [
        ("uniform", 1 / 3, 1.8),
        ("xavier", 2 / (50 + 200), 1.8),
        ("xavier_normal", 2 / (50 + 200), 3.0),
        ("he", 2 / 50, 1.8),
        ("he_normal", 2 / 50, 3.0),
    ],
)
def test_initialisers_draw_from_their_distributions(
    initializer: str, variance: float, kurtosis: float
) -> None:
    layer = Layer(50, 200, initializer=initializer, seed=1)
    drawn = [w.data for neuron in layer.neurons for w in neuron.w]
    assert statistics.fmean(drawn) == pytest.approx(0.0, abs=4 * math.sqrt(variance / len(drawn)))
    second = statistics.fmean(w**2 for w in drawn)
    assert second == pytest.approx(variance, rel=0.06)
    assert statistics.fmean(w**4 for w in drawn) / second**2 == pytest.approx(kurtosis, rel=0.06)
    if kurtosis == 1.8:
        assert max(map(abs, drawn)) <= math.sqrt(3 * variance)
    assert all(neuron.b.data == 0.0 for neuron in layer.neurons)


def test_an_initialiser_may_be_a_function_of_generator_and_sizes() -> None:
    seen = []

    def initializer(rng: random.Random, nin: int, nout: int) -> float:
        seen.append((nin, nout, type(rng)))
        return 0.25

    model = MLP(2, [3, 1], initializer=initializer, seed=0)
    assert seen == [(2, 3, random.Random)] * 6 + [(3, 1, random.Random)] * 3
    assert {w.data for layer in model.layers for neuron in layer.neurons for w in neuron.w} == {0.25}


# Names and copies


def test_parameters_are_labelled_with_their_names() -> None:
    model = MLP(2, [4, 1])
    labels = [p.label for p in model.parameters()]
    assert labels == [name for name, _ in model.named_parameters()]
    assert model.layers[0].neurons[3].w[1].label == "layers[0].neurons[3].w[1]"
    assert model.layers[1].neurons[0].b.label == "layers[1].neurons[0].b"
    assert [p.label for p in Neuron(2).parameters()] == ["w[0]", "w[1]", "b"]


def test_there_are_as_many_parameters_as_the_sizes_say() -> None:
    assert len(MLP(2, [16, 16, 1]).parameters()) == 337  # printed by micrograd's demo


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_compute_the_same_and_are_independent(duplicate: Callable[[MLP], MLP]) -> None:
    model = MLP(2, [3, 1], activation="gelu", seed=0)
    twin = duplicate(model)
    assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    assert [p.label for p in twin.parameters()] == [p.label for p in model.parameters()]
    twin.parameters()[0].data += 1.0
    assert twin([1.0, 2.0]).data != model([1.0, 2.0]).data


def test_a_subclass_may_add_parameters_and_call_super() -> None:
    class Scaled(MLP):
        def __init__(self) -> None:
            super().__init__(2, [1])
            self.scale = Value(3.0)

        def parameters(self) -> list[Value]:
            return [*super().parameters(), self.scale]

    model = Scaled()
    assert [name for name, _ in model.named_parameters()] == [
        "layers[0].neurons[0].w[0]",
        "layers[0].neurons[0].w[1]",
        "layers[0].neurons[0].b",
        "scale",
    ]


def test_modules_of_the_front_door_are_modules() -> None:
    assert all(issubclass(kind, Module) for kind in (Neuron, Layer, MLP))


def test_a_layer_calls_its_neurons_where_calling_them_means_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Doubled(Neuron):
        def __call__(self, x: Any) -> Any:
            return 2.0 * super().__call__(x)

    layer = Layer(2, 2, nonlin=False, initializer=lambda rng, nin, nout: 1.0)
    layer.neurons[1] = Doubled(2, nonlin=False, initializer=lambda rng, nin, nout: 1.0)
    assert [out.data for out in layer([3.0, 4.0])] == [7.0, 14.0]
    monkeypatch.setattr(Neuron, "__call__", lambda self, x: Value(len(x) + 0.5))
    assert [out.data for out in layer([3.0, 4.0])] == [2.5, 5.0]
