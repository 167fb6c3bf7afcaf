"""`autograd.scipy.signal.convolve`: SciPy's numbers, and derivatives by both arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, grad, jacobian

scipys = pytest.importorskip("scipy.signal")

from autograd.scipy import signal  # noqa: E402 (after what may skip)

MODES = ("full", "valid", "same")
SHAPES = [((5,), (3,)), ((3,), (4,)), ((1,), (1,)), ((4, 5), (3, 2)), ((4, 3), (4, 1)), ((2, 3), (3, 4))]


def random(*shape: int) -> Any:
    return np.random.default_rng(len(shape)).normal(size=shape)


def units(array: Any) -> Any:
    return np.eye(array.size).reshape(array.size, *array.shape)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shapes", SHAPES)
def test_numbers_and_derivatives_are_scipys(mode: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    a, b = (random(*shape) for shape in shapes)
    expected = scipys.convolve(a, b, mode)
    by_a = np.array([scipys.convolve(unit, b, mode) for unit in units(a)])
    by_b = np.array([scipys.convolve(a, unit, mode) for unit in units(b)])
    for i, exact in enumerate((by_a, by_b)):
        found = jacobian(lambda a, b: signal.convolve(a, b, mode), i)(a, b)
        assert found.shape == expected.shape + (a, b)[i].shape
        found = np.moveaxis(found.reshape(*expected.shape, -1), -1, 0)
        np.testing.assert_allclose(found, exact, rtol=1e-14, atol=1e-15)
    weights = random(*expected.shape)
    for f in (signal.convolve, compile(signal.convolve)):
        mixed = grad(lambda b, f=f: np.sum(weights * f(a, b, mode) ** 2))(b)
        slopes = [np.sum(2.0 * weights * expected * out) for out in by_b]
        np.testing.assert_allclose(mixed.ravel(), slopes, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("mode", MODES)
def test_axes_and_dot_axes_are_those_of_hips_autograd(mode: str) -> None:
    images, filters = random(2, 3, 4, 5), random(3, 6, 2, 3)
    expected = np.array(
        [
            [sum(scipys.convolve(image[c], filters[c, i], mode) for c in range(3)) for i in range(6)]
            for image in images
        ]
    )
    chosen: dict[str, Any] = {"axes": ([2, 3], [2, 3]), "dot_axes": ([1], [0]), "mode": mode}
    np.testing.assert_allclose(signal.convolve(images, filters, **chosen), expected, rtol=1e-12, atol=1e-14)
    slope = grad(lambda filters: np.sum(signal.convolve(images, filters, **chosen)))(filters)
    unit = np.zeros((2, 3))
    unit[1, 2] = 1.0
    exact = sum(scipys.convolve(image[1], unit, mode).sum() for image in images)
    assert slope[1, 4, 1, 2] == pytest.approx(exact, rel=1e-12)
    outer = signal.convolve(random(3, 4), random(2, 3), axes=([1], [0]), mode=mode)
    assert outer.shape[:2] == (3, 3)
    np.testing.assert_allclose(outer[1, 2], scipys.convolve(random(3, 4)[1], random(2, 3)[:, 2], mode))
    alone = signal.convolve(random(3, 4), random(3, 2), axes=([], []), dot_axes=([0], [0]), mode=mode)
    np.testing.assert_allclose(alone, random(3, 4).T @ random(3, 2), rtol=1e-14)


def test_what_is_not_convolved_is_scipys() -> None:
    assert signal.convolve(random(4), [1.0, 2.0]).tolist() == scipys.convolve(random(4), [1.0, 2.0]).tolist()
    assert signal.get_window("hann", 4).tolist() == scipys.get_window("hann", 4).tolist()
    product = signal.convolve(Value(2.0), 3.0)
    assert product.data == 6.0
    with pytest.raises(TypeError, match="SciPy's hilbert does not work on Values"):
        signal.hilbert([Value(1.0), 2.0])


@pytest.mark.parametrize(
    ("b", "options", "text"),
    [
        (random(2), {}, "do not belong together"),
        (random(2, 2), {"mode": "wide"}, "mode is 'full'"),
        (random(1, 5), {"mode": "valid"}, "at least as large along all axes"),
        (random(2, 2), {"axes": ([0], [0, 1])}, "do not belong together"),
    ],
)
def test_what_does_not_fit_is_refused(b: Any, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        grad(lambda a: np.sum(signal.convolve(a, b, **options)))(random(3, 4))
