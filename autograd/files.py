"""Files that are written whole or not at all.

What is to be written goes into a temporary file beside its place, which is then renamed: at no moment
does half a file stand where a whole one is expected, and an older file is kept until the new one is there.
"""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file, replacing an older one; text is encoded as UTF-8, its line ends as they are.

    Args:
        path: where to; its folder must exist. A pipe or a device is written to directly.
        content: the whole of the file.

    Raises:
        OSError: it cannot be written there; the message names the file and says why.
    """
    data = content.encode() if isinstance(content, str) else content
    target = Path(os.path.realpath(path))  # a link stays one
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
            return
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(data)
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise type(error)(f"cannot write {os.fspath(path)}: {reason(error)}") from error


def make_writable_folder(path: str | os.PathLike[str]) -> list[Path]:
    """Make a folder, and those above it, unless it exists; find out whether files can be written to it.

    Returns:
        the folders that did not exist before, the deepest first.

    Raises:
        OSError: there is no way to write files there; the message names the folder and says why.
    """
    folder = Path(path)
    made: list[Path] = []
    try:
        for above in reversed([folder, *folder.parents]):
            if not above.exists():
                above.mkdir()
                made.insert(0, above)
        if not folder.is_dir():
            raise NotADirectoryError("it is a file, not a folder")
        probe = folder / f".writable.{os.getpid()}.tmp"
        probe.touch()
        probe.unlink()
    except OSError as error:
        remove_empty(made)
        raise type(error)(f"cannot write to the folder {os.fspath(path)}: {reason(error)}") from error
    return made


def remove_empty(folders: list[Path]) -> None:
    """Remove those of the folders that are empty, in the given order."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # it is not empty, or gone
            return


def reason(error: OSError) -> str:
    """Return what went wrong without the error's number and the file's name, in lower case."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
