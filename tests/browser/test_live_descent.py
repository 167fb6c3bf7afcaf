"""Gradient descent on a live page."""

from __future__ import annotations

import time

import pytest

from autograd import Value, topological_order

from .live_page import Open, expected, neuron


def test_a_step_moves_the_parameters_against_the_gradient(opened: Open) -> None:
    page = opened(neuron())
    page.find("button.step").click()
    o = neuron()
    o.backward()
    moved = {x.label: x.data - 0.1 * x.grad for x in topological_order(o) if x.label in ("w1", "w2", "b")}
    assert page.cards == expected(neuron, **moved)
    assert page.sentence.startswith("Step 1: o = ")


def bowl() -> Value:
    w = Value(3.0, label="w")
    return (w - 1.0) ** 2.0


def test_training_goes_down_until_it_is_stopped(opened: Open) -> None:
    page = opened(bowl())
    button = page.find("button.train")
    button.click()
    assert button.text == "Pause"
    deadline = time.monotonic() + 20.0
    while float(page.cards[-1][0].replace("−", "-")) > 1e-3 and time.monotonic() < deadline:
        time.sleep(0.1)
    button.click()
    assert button.text == "Train"
    assert float(page.cards[0][0]) == pytest.approx(1.0, abs=0.05)
    before = page.cards
    time.sleep(0.3)
    assert page.cards == before


def test_too_large_a_learning_rate_is_seen_to_diverge(opened: Open) -> None:
    page = opened(bowl())
    page.run(
        "const rate = root.querySelector('.rate input'); rate.value = 1;"
        "rate.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert page.find(".rate output").text == "10"
    page.find("button.step").click()
    assert "It grows: the learning rate may be too large." in page.sentence
    page.run("for (let i = 0; i < 400; i++) root.querySelector('button.step').click()")
    assert page.sentence.startswith("v2 has no value: (") or "too large" in page.sentence
