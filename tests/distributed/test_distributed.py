"""Compiled functions at work on a Dask cluster, in processes other than the one that recorded them.

The cluster is a real one: two worker processes on this machine, and one of them gets killed.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest
from dask.distributed import Client, LocalCluster, as_completed

from autograd import compile, math, vmap

ROWS, PARTITIONS = 10_000_000, 40
PARAMETERS = np.array([0.8, -0.4, 0.3])  # two slopes and an intercept, away from the most likely ones
TRUE = np.array([1.0, -0.5, 0.2])


@compile
def loss(parameters: Any, x: Any, y: Any) -> Any:
    """Return minus the log-likelihood of an observation y, which is 1 or -1, in logistic regression."""
    return math.log1p(math.exp(-y * (parameters[0] * x[0] + parameters[1] * x[1] + parameters[2])))


def rows(partition: int) -> tuple[Any, Any]:
    """Return the observations of a partition, which its number decides."""
    rng = np.random.default_rng(partition)
    x = rng.normal(size=(ROWS // PARTITIONS, 2))
    odds = np.exp(x @ TRUE[:2] + TRUE[2])
    return x, np.where(rng.random(len(x)) < odds / (1.0 + odds), 1.0, -1.0)


def total(partition: int, loss: Any, parameters: Any, log: str = "") -> Any:
    """Return the sum of the losses over a partition, followed by its gradient."""
    if log:
        with open(log, "a", encoding="ascii") as file:
            file.write(f"{os.getpid()}\n")
    losses, gradient = vmap(loss, in_axes=(None, 0, 0)).value_and_grad(parameters, *rows(partition))
    return np.array([losses.sum(), *gradient])


def summed(parts: list[Any]) -> Any:
    return reduce(add, parts)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def alone() -> Any:
    """The loss and the gradient over all rows, in this process and in one call."""
    loss.record(PARAMETERS, np.zeros(2), 1.0)
    x, y = map(np.concatenate, zip(*map(rows, range(PARTITIONS)), strict=True))
    losses, gradient = vmap(loss, in_axes=(None, 0, 0)).value_and_grad(PARAMETERS, x, y)
    assert losses.shape == (ROWS,)
    # d log(1 + exp(-y z)) / dz = -y / (1 + exp(y z)), where z = x @ slopes + intercept
    by_z = -y / (1.0 + np.exp(y * (x @ PARAMETERS[:2] + PARAMETERS[2])))
    np.testing.assert_allclose(gradient, [*(by_z @ x), by_z.sum()], rtol=1e-11)
    return np.array([losses.sum(), *gradient])


def test_the_gradient_over_ten_million_rows_is_that_of_a_single_process(client: Any, alone: Any) -> None:
    parts = client.map(total, range(PARTITIONS), loss=loss, parameters=PARAMETERS, pure=False)
    np.testing.assert_allclose(client.submit(summed, parts).result(timeout=300), alone, rtol=1e-12)
    assert len(set(client.run(os.getpid).values()) - {os.getpid()}) == 2


def test_what_travels_is_the_program_and_no_rows() -> None:
    loss.record(PARAMETERS, np.zeros(2), 1.0)
    assert len(cloudpickle.dumps((total, loss, PARAMETERS))) < 10_000


def test_a_killed_worker_changes_nothing(client: Any, alone: Any, tmp_path: Path) -> None:
    log = tmp_path / "started"
    parts = client.map(total, range(PARTITIONS), loss=loss, parameters=PARAMETERS, log=str(log), pure=False)
    before = client.run(os.getpid)
    first = next(as_completed(parts))
    (holder,) = client.who_has([first])[first.key]
    unfinished = [part for part in parts if part.status == "pending"]
    os.kill(before[holder], signal.SIGKILL)
    assert len(unfinished) > PARTITIONS // 2
    np.testing.assert_allclose(client.submit(summed, parts).result(timeout=300), alone, rtol=1e-12)
    # Its results were gone: at least the first one was computed again, elsewhere.
    assert len(log.read_text().split()) > PARTITIONS
    client.wait_for_workers(2)
    assert before[holder] not in client.run(os.getpid).values()


# Pickling

Dumps = Callable[[Any], bytes]


def branching(x: Any) -> Any:
    return x * x if x > 0.0 else -3.0 * x


@compile(backend="llvm")
def decorated(x: Any) -> Any:
    return x * x if x > 0.0 else -3.0 * x


def closure(slope: float) -> Callable[[Any], Any]:
    def f(x: Any) -> Any:
        return x * x if x > 0.0 else slope * x

    return f


def gradients(pickled: bytes, *others: Any) -> Any:
    """Return what is recorded in a pickled function, its gradients at points made here, and this process."""
    fast = pickle.loads(pickled)
    recorded = fast.report().splitlines()[0]
    batch = vmap(fast, in_axes=(0, *[None for _ in others]))
    return recorded, batch.grad(np.linspace(-1.0, 2.0, 4), *others), os.getpid()


@pytest.mark.parametrize(
    ("dumps", "f"),
    [
        (pickle.dumps, decorated),
        (pickle.dumps, compile(branching, backend="llvm")),
        (cloudpickle.dumps, decorated),
        (cloudpickle.dumps, compile(branching, backend="llvm")),
        (cloudpickle.dumps, compile(lambda x: x * x if x > 0.0 else -3.0 * x, backend="llvm")),
        (cloudpickle.dumps, compile(closure(-3.0), backend="llvm")),
    ],
)
def test_a_pickled_function_knows_elsewhere_what_was_recorded(client: Any, dumps: Dumps, f: Any) -> None:
    f.record(1.0).record(-1.0)
    recorded, found, process = client.submit(gradients, dumps(f)).result(timeout=120)
    assert recorded == f.report().splitlines()[0]
    assert recorded.endswith("2 paths")
    assert found.tolist() == [-3.0, -3.0, 2.0, 4.0]
    assert process != os.getpid()


@pytest.mark.parametrize("f", [decorated, compile(lambda x: x * x if x > 0.0 else -3.0 * x)])
def test_a_function_and_its_arguments_can_be_submitted_as_they_are(client: Any, f: Any) -> None:
    f.record(1.0)
    assert client.submit(f, 3.0).result(timeout=120) == 9.0
    assert client.submit(f.value_and_grad, -1.0).result(timeout=120) == (3.0, -3.0)
    assert client.gather(client.map(f.grad, [1.0, 2.0, -1.0])) == [2.0, 4.0, -3.0]
    found = client.submit(vmap(f).grad, np.linspace(-1.0, 2.0, 4)).result(timeout=120)
    assert found.tolist() == [-3.0, -3.0, 2.0, 4.0]


def test_a_text_in_the_arguments_means_the_same_elsewhere(client: Any) -> None:
    fast = compile(lambda x, kind: x * x if kind == "square" else x).record(1.0, "square")
    _, found, _ = client.submit(gradients, cloudpickle.dumps(fast), "square").result(timeout=120)
    assert found.tolist() == [-2.0, 0.0, 2.0, 4.0]


def test_a_function_decorated_in_a_notebook_goes_along(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def power(x: Any, n: Any) -> Any:
        return x * power(x, n - 1) if n else 1.0

    # What is defined in a notebook is found in __main__, which is another module on a worker.
    here = sys.modules["__main__"]
    power.__module__, power.__qualname__ = "__main__", "power"
    power = compile(power)
    monkeypatch.setattr(here, "power", power, raising=False)
    power.record(1.0, 3)
    rows = vmap(power, in_axes=(0, None))
    assert client.submit(rows.grad, np.array([1.0, 2.0]), 3).result(timeout=120).tolist() == [3.0, 12.0]
    assert pickle.loads(pickle.dumps(power)) is power
