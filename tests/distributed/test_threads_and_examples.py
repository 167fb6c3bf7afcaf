"""Compiled functions in the threads of Dask's workers, and the example of the guide."""

from __future__ import annotations

import doctest
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest
from dask.distributed import Client, LocalCluster

from autograd import compile, math, nn, vmap

GUIDE = (Path(__file__).parents[2] / "notebooks" / "guides" / "compile.md").read_text(encoding="utf-8")
XS = np.linspace(-2.0, 2.0, 33)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two processes of two threads each; those of the other file have one, so that one can be killed."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        yield client


@compile
def decorated(x: Any) -> Any:
    return math.sin(x) if x > 0.0 else x * x


def with_a_closure() -> Any:
    rate = 0.75
    return compile(lambda x: math.tanh(rate * x) if x > -1.0 else rate * x)


def with_a_network() -> Any:
    network = nn.MLP(1, [4, 1], activation="tanh", seed=3)
    return compile(lambda x: network([x]))


def given(f: Any, *args: Any) -> tuple[str, Any]:
    """Return what a compiled function that has arrived knows, and what it gives."""
    batch = vmap(f)
    return f.report().partition("\n")[0], (batch.grad(*args), batch(*args))


@pytest.mark.parametrize(
    "make", [lambda: decorated, with_a_closure, with_a_network], ids=["decorated", "closure", "network"]
)
def test_all_threads_of_a_worker_know_what_was_recorded(client: Any, make: Callable[[], Any]) -> None:
    f = make().record(1.0).record(-2.0)
    paths, wanted = given(f, XS)
    futures = [
        client.submit(given, f, XS, workers=[address], pure=False)
        for address in client.run(os.getpid)
        for _ in range(4)
    ]
    for known, found in client.gather(futures):
        # Paths on which Values from outside are read belong to this process, and are recorded there anew.
        assert known == paths or make is with_a_network
        np.testing.assert_array_equal(np.stack(found), np.stack(wanted))


def test_the_first_calls_of_a_worker_may_come_from_its_threads_together(client: Any) -> None:
    client.restart()
    functions = [with_a_closure() for _ in range(8)]
    points = [-1.5, -0.5, 0.5, 1.5] * 2
    futures = [client.submit(f.grad, x, pure=False) for f, x in zip(functions, points, strict=True)]
    assert client.gather(futures) == [f.grad(x) for f, x in zip(functions, points, strict=True)]


def test_a_function_that_is_sent_once_is_made_ready_once_in_each_worker(client: Any) -> None:
    everywhere = client.scatter(with_a_closure().record(1.0).record(-2.0), broadcast=True)

    def call(f: Any) -> tuple[int, int]:
        vmap(f).grad(XS)
        return os.getpid(), id(f)  # which object it was, for that has the machine code

    results = client.gather([client.submit(call, everywhere, pure=False) for _ in range(24)])
    assert len(set(results)) == len({process for process, _ in results})


def test_threads_may_call_a_function_that_has_just_arrived() -> None:
    f = with_a_closure().record(1.0)
    wanted = vmap(f).grad(XS)
    again = cloudpickle.loads(cloudpickle.dumps(f))
    barrier = threading.Barrier(8)
    results: list[Any] = []

    def work() -> None:
        barrier.wait()
        results.append(vmap(again).grad(XS))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    for result in results:
        np.testing.assert_array_equal(result, wanted)


def test_the_example_of_the_guide_gives_the_output_shown() -> None:
    (text,) = re.findall(r"^```py\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest(text, {}, "cluster", "compile.md", 0)
    assert example.examples
    assert doctest.DocTestRunner().run(example).failed == 0
