"""The search in Chinese: any two characters in a row are a word, in what is indexed and in what is asked."""

from __future__ import annotations

import pytest

pytest.importorskip("sphinx")

from chinese_search import SearchInChinese


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("学习率", ["学习", "习率"]),
        ("层", ["层"]),
        ("用 Adam 优化器", ["用", "优化", "化器", "Adam"]),
        ("链式法则，反向传播", ["链式", "式法", "法则", "反向", "向传", "传播"]),
    ],
)
def test_a_text_is_split_into_pairs_and_english_words(text: str, words: list[str]) -> None:
    assert SearchInChinese({}).split(text) == words


@pytest.mark.parametrize(("word", "kept"), [("学习", True), ("层", True), ("gradient", True), ("the", False)])
def test_every_pair_is_kept_and_of_english_words_those_that_tell_something(word: str, kept: bool) -> None:
    assert SearchInChinese({}).word_filter(word) is kept
