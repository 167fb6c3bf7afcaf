"""ES modules as Chromium runs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from selenium import webdriver

_CALLED = """
const [text, name, points, done] = arguments;
const said = (x) => (Object.is(x, -0) ? "-0.0" : String(x));
const written = (x) => (x === null ? null : typeof x === "number" ? [said(x)] : [...x].flatMap(written));
const answer = (f, point) => {
  try {
    return written(f(point.map(Number)));
  } catch (error) {
    const { name, node, operation, operands } = error;
    return { name, node, operation, operands: operands?.map(said) };
  }
};
import("data:text/javascript;charset=utf-8," + encodeURIComponent(text)).then(
  (module) => done(points.map((point) => answer(module[name], point))),
  (error) => done(String(error)),
);
"""


def called(browser: webdriver.Chrome, text: str, name: str, points: Sequence[Sequence[float]]) -> list[Any]:
    """Return what an exported function of a module gives at some points.

    It is a list of numbers for each, None, or what was thrown as a dict of its name, node, operation and
    operands.
    """
    as_text = [[repr(float(x)).replace("inf", "Infinity") for x in point] for point in points]
    answers = browser.execute_async_script(_CALLED, text, name, as_text)
    assert isinstance(answers, list), answers
    return [[*map(float, x)] if isinstance(x, list) else x for x in answers]
