"""Sphinx's settings; `build.py` chooses the language."""

from __future__ import annotations

import os
import sys
from typing import Any

HERE = os.path.dirname(__file__)
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from chinese_search import SearchInChinese
from listings import definition
from sphinx import search

from autograd.support.version import __version__

project = "scalar-autograd"
author = "the scalar-autograd authors"
copyright = "the scalar-autograd authors, MIT licence"  # noqa: A001
release = __version__
extensions = [
    "myst_nb", "sphinx_design", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon",
    "sphinx.ext.linkcode", "mathml",
]  # fmt: skip
templates_path = [os.path.join(HERE, "templates")]  # absolute, for autosummary looks beside the sources
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = "static/icon.svg"
html_context = {"default_mode": "auto"}
html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_show_sourcelink = False
html_copy_source = False
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist", "html_image", "attrs_inline"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header"]
default_role = "code"
autosummary_generate = True
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attributes that are properties too are described once
html_theme_options: dict[str, Any] = {
    "logo": {"text": "scalar-autograd"},
    "navbar_start": ["navbar-logo"],
    "navbar_persistent": ["find"],
    "navbar_end": ["language", "theme-switcher"],
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
}


def linkcode_resolve(domain: str, info: dict[str, str]) -> str | None:
    """Return where the page of a public name, all of which are in one folder, finds its source."""
    found = definition(info["module"], info["fullname"]) if info["module"] else None
    return found and f"../source/{found[0].as_posix()}.html#L-{found[1]}"


def setup(app: Any) -> None:
    search.languages["zh"] = SearchInChinese
    app.connect("html-page-context", _add_language)


def _add_language(app: Any, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Tell the templates where this page is in the other language."""
    chinese = app.config.language == "zh_CN"
    up = "../" * (pagename.count("/") + 1)
    context["other_language"] = f"{up}{'en' if chinese else 'zh'}/{pagename}.html"
    context["other_name"] = "English" if chinese else "中文"
    context["playground"] = f"{up}playground/index.html"
