"""Files that are written whole or not at all.

What is to be written goes into a temporary file beside its place, which is then renamed: at no moment
does half a file stand where a whole one is expected, and an older file is kept until the new one is there.
"""

from __future__ import annotations

import os
from _thread import get_ident


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file, replacing an older one; text is encoded as UTF-8, its line ends as they are.

    Args:
        path: where to; its folder must exist. A pipe or a device is written to directly.
        content: the whole of the file.

    Raises:
        OSError: it cannot be written there; the message names the file and says why.
    """
    data = content.encode() if isinstance(content, str) else content
    target = os.path.realpath(path)  # a link stays one
    try:
        if os.path.exists(target) and not os.path.isfile(target) and not os.path.isdir(target):
            with open(target, "wb") as device:
                device.write(data)
            return
        folder, name = os.path.split(target)
        # A name has 255 bytes at most, and a character up to four of them.
        temporary = os.path.join(folder, f".{name[:50]}.{os.getpid()}.{get_ident()}.tmp")
        try:
            with open(temporary, "wb") as file:
                file.write(data)
            os.replace(temporary, target)
        except BaseException:
            if os.path.exists(temporary):
                os.remove(temporary)
            raise
    except OSError as error:
        raise type(error)(f"cannot write {os.fspath(path)}: {reason(error)}") from error


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out whether `write_whole` could write a file there now; nothing is left behind.

    Raises:
        OSError: it could not; the message names the file and says why.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    try:
        if os.path.isdir(target):
            raise IsADirectoryError("is a directory")
        if os.path.exists(target) and not os.path.isfile(target):
            return  # a pipe or a device: to open it is to use it
        probe = os.path.join(folder, f".{name[:200]}.{os.getpid()}.{get_ident()}.tmp")
        with open(probe, "wb"):
            pass
        os.remove(probe)
    except OSError as error:
        raise type(error)(f"cannot write {os.fspath(path)}: {reason(error)}") from error


def make_writable_folder(path: str | os.PathLike[str]) -> list[str]:
    """Make a folder, and those above it, unless it exists; find out whether files can be written to it.

    Returns:
        the folders that did not exist before, the deepest first.

    Raises:
        OSError: there is no way to write files there; the message names the folder and says why.
    """
    folder = os.path.abspath(path)
    made: list[str] = []
    missing: list[str] = []
    above = folder
    while not os.path.exists(above):
        missing.append(above)
        above = os.path.dirname(above)
    try:
        for each in reversed(missing):
            os.mkdir(each)
            made.insert(0, each)
        if not os.path.isdir(folder):
            raise NotADirectoryError("it is a file, not a folder")
        probe = os.path.join(folder, f".writable.{os.getpid()}.{get_ident()}.tmp")
        with open(probe, "wb"):
            pass
        os.remove(probe)
    except OSError as error:
        remove_empty(made)
        raise type(error)(f"cannot write to the folder {os.fspath(path)}: {reason(error)}") from error
    return made


def remove_empty(folders: list[str]) -> None:
    """Remove those of the folders that are empty, in the given order."""
    for folder in folders:
        try:
            os.rmdir(folder)
        except OSError:  # it is not empty, or gone
            return


def reason(error: OSError) -> str:
    """Return what went wrong without the error's number and the file's name, in lower case."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
