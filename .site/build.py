"""Build the site: the notebooks, the guides and the reference as pages, in English and in Chinese.

    python .site/build.py FOLDER                 # and then serve FOLDER
    python .site/build.py FOLDER --runtime DIR   # with the playground's runtime, npm's pyodide, copied in

It takes `pip install -e ".[site]"`, and loads nothing from anywhere. A warning of Sphinx is an error, and so
is a link between the pages that leads nowhere; `links.txt` beside the pages lists the links that lead
outside.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(1, str(Path(__file__).parent.parent / "tests"))  # where the rules of the house are

from links import broken_and_outer
from sources import Sources

from autograd.playground import build as build_playground

HERE = Path(__file__).parent
LANGUAGES = {"en": "en", "zh": "zh_CN"}
START = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>scalar-autograd</title>
<script>location.replace(/^zh/.test(navigator.language) ? "zh/index.html" : "en/index.html")</script>
<p><a href="en/index.html">English</a> · <a href="zh/index.html" lang="zh-CN">中文</a></p></html>
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to; what is in it is replaced")
    parser.add_argument("--runtime", type=Path, help="a folder with Pyodide, such as node_modules/pyodide")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        sources = Path(temporary)
        for lang, language in LANGUAGES.items():
            Sources(sources / lang, lang).write()
            shutil.rmtree(folder / lang, ignore_errors=True)
            command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "auto", "-b", "html"]
            command += ["-c", str(HERE), "-d", str(sources / f"{lang}-trees"), "-D", f"language={language}"]
            subprocess.run([*command, str(sources / lang), str(folder / lang)], check=True)
    build_playground(folder / "playground", arguments.runtime)
    (folder / "index.html").write_text(START, encoding="utf-8")
    broken, outer = broken_and_outer(folder)
    (folder / "links.txt").write_text("\n".join(outer) + "\n", encoding="utf-8")
    print("\n".join(broken))
    print(f"{len(list(folder.rglob('*.html')))} pages, {len(broken)} broken links, {len(outer)} outer ones")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
