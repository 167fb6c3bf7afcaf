"""The search in Chinese: a word is any two characters in a row.

Sphinx's own cuts sentences into words by a dictionary, and finds nothing without it. Two characters are
enough to find what was typed: a longer query is all of its pairs.
"""

from __future__ import annotations

import re

from sphinx.search.en import SearchEnglish

_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-zA-Z0-9_]+")


class SearchInChinese(SearchEnglish):  # type: ignore[misc]
    """Splits what is indexed; English words in it are found by their stems."""

    lang = "zh"
    js_splitter_code = """
function splitQuery(query) {
  const pairs = [...query.matchAll(/[\\u3400-\\u9fff]+/g)].flatMap(([run]) =>
    run.length < 2 ? [run] : [...run].slice(1).map((letter, i) => run[i] + letter));
  return [...pairs, ...(query.match(/[a-zA-Z0-9_]+/g) ?? [])];
}
"""

    def split(self, text: str) -> list[str]:
        pairs = [run[i : i + 2] for run in _RUN.findall(text) for i in range(max(1, len(run) - 1))]
        return [*pairs, *_WORD.findall(text)]

    def word_filter(self, word: str) -> bool:
        return bool(_RUN.match(word)) or bool(super().word_filter(word))
