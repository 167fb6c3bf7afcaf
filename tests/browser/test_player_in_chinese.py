"""The player of a walk in Chinese: what it says step by step, and that nothing English is left."""

from __future__ import annotations

import re
from pathlib import Path

from selenium import webdriver

from autograd import Value, walk

from .headless import Player, Shoot


def test_the_player_speaks_chinese(window: webdriver.Chrome, tmp_path: Path, shoot: Shoot) -> None:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = x * w + x
    y.label = "y"
    window.get(Path(walk(y, lang="zh").save(tmp_path / "steps.html")).as_uri())
    player = Player(window)
    assert player.find(".badge").text == "前向传播"
    assert player.find(".place").text == "第 1 步，共 9 步"
    assert player.find(".sentence").text == "x 是给定的：2。"
    player.go(3)
    assert player.find(".sentence").text == "y 由 v2 和 x 算出：−4。 这就是结果。"
    player.go(4)
    assert player.find(".badge").text == "反向传播"
    assert player.find(".sentence").text == "从结果开始往回走：y 对自身的导数为 1。"
    player.go(7)
    assert "加到" in player.find(".sentence").text
    shoot("chinese")
    assert player.find(".track input").get_attribute("aria-valuetext") == "反向，第 8 步，共 9 步"
    assert player.find("button.play").get_attribute("title") == "播放（空格）"
    player.click("play")
    assert player.find("button.play").get_attribute("title") == "暂停（空格）"
    player.click("play")
    seen = player.run(
        "const texts = [...root.querySelectorAll('*')].flatMap((x) => ['title', 'aria-label', 'alt']"
        "  .map((name) => x.getAttribute(name) ?? ''));"
        "return [root.querySelector('.player').innerText, ...texts].join('\\n')"
    )
    seen = seen.replace("Home", "").replace("End", "").replace("data", "").replace("grad", "")
    assert re.findall(r"[A-Za-z]{4,}", seen) == []
