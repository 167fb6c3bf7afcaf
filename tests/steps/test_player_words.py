"""Every phrase that the player's script says is known, and in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

from autograd import Value, steps, walk
from autograd.steps.player import page_of
from autograd.steps.player_words import PHRASES, words_of

SCRIPT = "".join(path.read_text("utf-8") for path in sorted(Path(steps.__file__).parent.glob("*.js")))


def test_the_script_says_known_phrases_and_all_of_them() -> None:
    joined = re.sub(r'" \+\n\s*"', "", SCRIPT)
    for phrase in PHRASES:
        assert f'"{phrase}"' in joined, phrase
    asked = set(re.findall(r'\bsay\("([^"]+)"', joined))
    assert asked <= set(PHRASES)


def test_english_needs_no_words_and_chinese_has_all() -> None:
    assert words_of("en") == {}
    assert set(words_of("zh")) == set(PHRASES)


def test_a_page_is_in_its_language() -> None:
    x = Value(2.0, label="x")
    y = (x * x).relu()
    y.label = "y"
    english, chinese = page_of(walk(y)), page_of(walk(y, lang="zh"))
    assert '<html lang="en">' in english
    assert "<title>y, step by step</title>" in english
    assert '<html lang="zh-CN">' in chinese
    assert "<title>y：逐步演示</title>" in chinese
    assert 'alt="y 的计算图，含全部数值和梯度"' in chinese
    assert "\\u5426\\u5219" in chinese  # 否则, in the formula of a step, as JSON has it
    assert "\\u5426\\u5219" not in english
