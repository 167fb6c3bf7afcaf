"""The site as it is read: search, languages, the live graph, programs in the playground, accessibility.

`SITE` names the folder that `.site/build.py` has written, with the playground's runtime, and `AXE` the file
`axe.min.js` of npm's axe-core.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from autograd.playground.serving import server_of

from .headless import look
from .live_page import Page

pytestmark = pytest.mark.skipif(
    "SITE" not in os.environ or "AXE" not in os.environ,
    reason="the environment variables SITE and AXE do not name the built site and axe.min.js",
)

PAGES = [
    "index", "course", "14_text", "guides/differentiate", "guides/linear_algebra", "guides/models",
    "guides/numpy", "guides/special_functions", "guides/coming_from", "guides/architecture",
    "reference/autograd.implicit.minimum",
    "reference", "reference/autograd.Value", "glossary", "playground",
]  # fmt: skip
NARROW = 390  # of a phone, in CSS pixels


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site, served."""
    with server_of(os.environ["SITE"]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def faults(window: webdriver.Chrome) -> dict[str, list[Any]]:
    """Return what axe finds that is serious or critical, with the first elements that it is about.

    A card of a live graph is named by its formula and numbers; axe misses the sign of the operation in that.
    """
    window.execute_script(Path(os.environ["AXE"]).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = window.execute_async_script(
        "axe.run().then((found) => arguments[0](found.violations))"
    )
    kinds: dict[str, list[Any]] = {}
    for x in found:
        targets = [node["target"] for node in x["nodes"]]
        if x["id"] == "label-content-name-mismatch":
            targets = [target for target in targets if ".autograd-live" not in str(target)]
        if x["impact"] in ("serious", "critical") and targets:
            kinds[x["id"]] = targets[:3]
    return kinds


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_serious_fault_for_those_who_hear_it_or_use_keys(
    page: str, lang: str, site: str, window: webdriver.Chrome
) -> None:
    window.get(f"{site}/{lang}/{page}.html")
    assert faults(window) == {}


@pytest.mark.parametrize("page", ["index", "guides/compile"])
def test_nor_has_it_in_the_dark(page: str, site: str, window: webdriver.Chrome) -> None:
    look(window, prefers_color_scheme="dark")
    window.get(f"{site}/en/{page}.html")
    assert window.find_element(By.TAG_NAME, "html").get_attribute("data-theme") == "dark"
    assert faults(window) == {}


def test_the_playground_has_no_serious_fault(site: str, window: webdriver.Chrome) -> None:
    window.get(f"{site}/playground/index.html")
    assert faults(window) == {}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", [*PAGES, "guides/speed"])
def test_a_page_fits_a_phone(page: str, lang: str, site: str, window: webdriver.Chrome) -> None:
    look(window, NARROW, 800)
    window.get(f"{site}/{lang}/{page}.html")
    assert window.execute_script("return document.documentElement.scrollWidth") <= NARROW


@pytest.mark.parametrize(
    ("lang", "query", "page"),
    [
        ("en", "learning rate", "14_text"), ("en", "value_and_grad", "guides/differentiate"),
        ("zh", "学习率", "14_text"), ("zh", "术语", "glossary"),
    ],
)  # fmt: skip
def test_the_search_finds_the_pages_in_each_language(
    lang: str, query: str, page: str, site: str, window: webdriver.Chrome
) -> None:
    window.get(f"{site}/{lang}/search.html?q={query}")
    WebDriverWait(window, 20).until(lambda _: window.find_elements(By.CSS_SELECTOR, "#search-results li a"))
    time.sleep(0.5)
    links = [x.get_attribute("href") for x in window.find_elements(By.CSS_SELECTOR, "#search-results li a")]
    assert any(f"/{page}.html" in str(link) for link in links), links


@pytest.mark.parametrize("query", ["zzzz", "猫狗猫狗"])
def test_the_search_finds_nothing_where_there_is_nothing(
    query: str, site: str, window: webdriver.Chrome
) -> None:
    window.get(f"{site}/zh/search.html?q={query}")
    WebDriverWait(window, 20).until(lambda _: window.find_element(By.CSS_SELECTOR, "#search-results").text)
    time.sleep(0.5)
    assert window.find_elements(By.CSS_SELECTOR, "#search-results li a") == []


def test_the_switch_leads_to_the_same_page_in_the_other_language(site: str, window: webdriver.Chrome) -> None:
    window.get(f"{site}/en/guides/compile.html")
    for lang, place in (("zh-CN", "zh"), ("en", "en")):
        window.find_element(By.CSS_SELECTOR, f".bd-header a[lang='{lang}']").click()
        assert window.current_url == f"{site}/{place}/guides/compile.html"
        assert str(window.find_element(By.TAG_NAME, "html").get_attribute("lang")).startswith(place)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_graph_of_the_first_page_follows_a_number_that_is_dragged(
    lang: str, site: str, window: webdriver.Chrome
) -> None:
    window.get(f"{site}/{lang}/index.html")
    page = Page(window)
    window.execute_script("arguments[0].scrollIntoView({ block: 'center' })", page.host)
    before = page.cards
    page.drag(0, 40)
    WebDriverWait(window, 10).until(lambda _: page.cards[-1] != before[-1])
    assert page.cards[0][0] != before[0][0]


def test_run_this_opens_the_playground_with_the_program_and_it_runs(
    site: str, window: webdriver.Chrome
) -> None:
    window.get(f"{site}/zh/14_text.html")
    window.find_element(By.CSS_SELECTOR, "a.run-this").click()
    program = WebDriverWait(window, 20).until(
        lambda _: window.find_element(By.TAG_NAME, "textarea").get_property("value")
    )
    assert "import" in str(program)
    assert window.find_element(By.TAG_NAME, "html").get_attribute("lang") == "zh-CN"
    WebDriverWait(window, 90).until(
        lambda _: window.find_element(By.TAG_NAME, "body").get_attribute("data-state") != "loading"
    )
    window.execute_script("document.body.dataset.state = ''; document.querySelector('button.run').click()")
    WebDriverWait(window, 90).until(
        lambda _: window.find_element(By.TAG_NAME, "body").get_attribute("data-state") in ("done", "failed")
    )
    assert window.find_element(By.TAG_NAME, "body").get_attribute("data-state") == "done"
