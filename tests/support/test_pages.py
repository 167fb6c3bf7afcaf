"""Data in a page stay data."""

from __future__ import annotations

import json

from autograd.support.pages import as_script


def test_no_text_in_the_data_can_end_the_script() -> None:
    data = {"caption": "</script><!-- 速度 \u2028"}
    text = as_script(data)
    assert "<" not in text
    assert text.isascii()
    assert json.loads(text) == data
