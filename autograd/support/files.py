"""Files that are written whole or not at all.

What is to be written goes into a temporary file beside its place, which is then renamed: at no moment
does half a file stand where a whole one is expected, and an older file is kept until the new one is there.
Whoever writes a temporary file holds a lock on it, so that one without is known to be left from a run that
was killed.
"""

from __future__ import annotations

import errno
import os
import sys
from _thread import get_ident
from contextlib import suppress
from glob import escape, glob
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

LARGEST = 1 << 28
"""How many bytes a file that is read may have."""


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file, replacing an older one; text is encoded as UTF-8, its line ends as they are.

    A file that is replaced hands down its permissions, and its owner where that is allowed. What a killed
    run has left of the same file is cleared away.

    Args:
        path: where to; its folder must exist. A pipe or a device is written to directly.
        content: the whole of the file.

    Raises:
        OSError: it cannot be written there; the message names the file and says why.
    """
    data = content.encode() if isinstance(content, str) else content
    target = os.path.realpath(path)  # a link stays one
    try:
        if _is_device(target):
            with open(target, "wb") as device:
                device.write(data)
            return
        _refuse_what_is_protected(target)
        _clear_away(target)
        temporary = _temporary(target)
        try:
            with _locked(temporary) as file:
                file.write(data)
                file.flush()
                _hand_down(target, temporary)
                if sys.platform != "win32":  # there an open file cannot be renamed
                    os.replace(temporary, target)
            if sys.platform == "win32":
                os.replace(temporary, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.remove(temporary)
            raise
    except OSError as error:
        raise type(error)(f"cannot write {os.fspath(path)}: {reason(error)}") from error


def read_whole(path: str | os.PathLike[str]) -> bytes:
    """Return all that is in a file.

    Raises:
        OSError: it cannot be read; it has more than `LARGEST` bytes, or no end, as /dev/zero has none.
    """
    parts: list[bytes] = []
    left = LARGEST
    step = 1 << 16
    with open(os.fspath(path), "rb") as file:  # no number, which would be an open file
        while part := file.read(min(left + 1, step)):
            left -= len(part)
            step *= 2
            if left < 0:
                problem = f"it has more than {LARGEST >> 20} MiB, or no end"
                raise OSError(errno.EFBIG, problem, os.fspath(path))
            parts.append(part)
    return b"".join(parts)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out whether `write_whole` could write a file there now; nothing is left behind.

    Raises:
        OSError: it could not; the message names the file and says why.
    """
    target = os.path.realpath(path)
    try:
        if os.path.isdir(target):
            raise IsADirectoryError("is a directory")
        if _is_device(target):
            return  # to open it is to use it
        _refuse_what_is_protected(target)
        _probe(target)
    except OSError as error:
        raise type(error)(f"cannot write {os.fspath(path)}: {reason(error)}") from error


def _is_device(target: str) -> bool:
    return os.path.exists(target) and not os.path.isfile(target) and not os.path.isdir(target)


def _refuse_what_is_protected(target: str) -> None:
    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise PermissionError("it is there, and may only be read")


def _probe(target: str) -> None:
    """Create a temporary file, and remove it.

    Raises:
        OSError: that is not possible.
    """
    temporary = _temporary(target)
    with open(temporary, "xb"):
        pass
    os.remove(temporary)


def _temporary(target: str) -> str:
    """Return a name for a temporary file, which no other thread or process uses now."""
    return f"{_beginning(target)}{os.getpid()}.{get_ident()}.tmp"


def _beginning(target: str) -> str:
    """Return how the names of all temporary files for a target begin."""
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{name[:50]}.")  # a name has 255 bytes, and a character up to four of them


def _hand_down(target: str, temporary: str) -> None:
    """Give a file the owner and the permissions of the one that it replaces, if there is one."""
    if os.path.exists(target):
        old = os.stat(target)
        if sys.platform != "win32":
            with suppress(OSError):
                os.chown(temporary, old.st_uid, old.st_gid)
        os.chmod(temporary, old.st_mode & 0o777)


def _locked(path: str) -> BinaryIO:
    """Return a new file, locked where there are locks."""
    while True:
        file = open(path, "xb")  # noqa: SIM115 (it is returned)
        if sys.platform != "win32":
            with suppress(OSError):  # this file system has no locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if os.path.exists(path):
            return file
        file.close()  # another process cleared it away before it was locked


def _clear_away(target: str) -> None:
    """Remove temporary files of a target that nobody is writing."""
    for left in glob(f"{escape(_beginning(target))}*.*.tmp"):
        with suppress(OSError):  # it is locked, or has just gone, or there are no locks
            if sys.platform == "win32":
                os.remove(left)  # which fails while another one has it open
            else:
                with open(left, "rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.remove(left)


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
        _probe(os.path.join(folder, "writable"))
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
