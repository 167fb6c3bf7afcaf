"""The table of words: Chinese as it is written, with the same places for names as the English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograd.support.languages import CHINESE, check_language, said

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_a_phrase_is_said_in_either_language() -> None:
    assert said("step {step} of {steps}", "en", step=3, steps=10) == "step 3 of 10"
    assert said("step {step} of {steps}", "zh", step=3, steps=10) == "第 3 步，共 10 步"


def test_both_languages_have_the_same_places_for_names() -> None:
    for english, chinese in CHINESE.items():
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese)), english


@pytest.mark.parametrize("phrase", CHINESE.values())
def test_marks_after_chinese_characters_are_wide(phrase: str) -> None:
    assert not re.search(r"[\u4e00-\u9fff][,:;?!]", phrase)
    assert not re.search(r"之和[^：。]", phrase)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("vanishing", "梯度消失"),
        ("exploding", "梯度爆炸"),
        ("How {target} is learnt", "species 的学习过程"),
        ("{wrong} of {rows} rows wrong", "150 个样本中错 6 个"),
        ("the other {count} paths together: ", "其余 3 条路径之和："),
    ],
)
def test_phrases_that_were_said_wrongly(english: str, chinese: str) -> None:
    assert said(english, "zh", target="species", wrong=6, rows=150, count=3) == chinese


def test_it_is_gradients_that_vanish_and_explode() -> None:
    for phrase in CHINESE.values():
        for word in ("消失", "爆炸"):
            assert phrase.count(word) == phrase.count(f"梯度{word}"), phrase


def test_backpropagation_has_one_name_and_the_other_is_said_once() -> None:
    others = [
        line
        for path in NOTEBOOKS
        for line in path.read_text(encoding="utf-8").splitlines()
        if "后向传播" in line
    ]
    assert len(others) == 1
    assert "反向传播（后向传播）" in others[0]
    assert not any("后向" in phrase for phrase in CHINESE.values())


@pytest.mark.parametrize("lang", ["fr", "", "ZH", None])
def test_a_language_that_there_is_not_is_refused(lang: str) -> None:
    with pytest.raises(ValueError, match=r"lang is 'en' \(English\) or 'zh' \(Chinese\), not "):
        check_language(lang)
