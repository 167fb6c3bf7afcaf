"""The playground served on this computer, and its command."""

from __future__ import annotations

import threading
import urllib.request
import webbrowser
from pathlib import Path

import pytest

from autograd.cli import main
from autograd.playground import serving
from autograd.playground.serving import TYPES, server_of

Capture = pytest.CaptureFixture[str]


def test_files_are_served_with_the_types_that_browsers_insist_on(tmp_path: Path, capsys: Capture) -> None:
    for suffix in TYPES:
        (tmp_path / f"a{suffix}").write_bytes(b"content")
    with server_of(tmp_path) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            for suffix, kind in TYPES.items():
                address = f"http://127.0.0.1:{server.server_port}/a{suffix}"
                with urllib.request.urlopen(address) as answer:
                    assert (answer.headers["Content-Type"], answer.read()) == (kind, b"content")
        finally:
            server.shutdown()
            thread.join()
    assert capsys.readouterr() == ("", "")


class Served:
    """Stands for a server, and is interrupted as by Ctrl-C once it serves."""

    server_port = 8123

    def __init__(self, folder: str, port: int) -> None:
        self.asked = Path(folder), port
        assert (Path(folder) / "index.html").exists()

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def serve_forever(self) -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [
        ([], ["http://127.0.0.1:8123/"]),
        (["--lang", "zh"], ["http://127.0.0.1:8123/#lang=zh"]),
        (["--no-browser"], []),
    ],
)
def test_the_command_opens_the_browser_until_it_is_interrupted(
    arguments: list[str], opened: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    monkeypatch.setattr(serving, "server_of", Served)
    assert main(["playground", *arguments]) == 0
    assert found == opened
    out, err = capsys.readouterr()
    assert out.startswith("the playground is at http://127.0.0.1:8123/")
    assert err.strip() == ""


def test_the_command_builds_a_folder(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "site"
    assert main(["playground", "--build", str(folder)]) == 0
    assert capsys.readouterr().out == f"playground written into {folder}\n"
    assert (folder / "index.html").exists()


def test_a_folder_without_the_runtime_is_told(tmp_path: Path, capsys: Capture) -> None:
    assert main(["playground", "--build", str(tmp_path / "site"), "--runtime", str(tmp_path)]) == 2
    assert "npm install pyodide" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_a_port_that_is_none_is_told(port: str, capsys: Capture) -> None:
    assert main(["playground", "--port", port]) == 2
    assert port in capsys.readouterr().err
