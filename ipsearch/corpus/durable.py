"""Writes that are on disk when a call returns, names as well as contents.

A file's content is synced before anything names the file, a folder's name before anything is said
to lie in it: after a loss of power, what the catalog names is there and whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format

_BEING_WRITTEN = ".new"
"""Ends the name of a file that is to take another's place."""


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, each name synced."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in reversed(missing):
        _sync(folder.parent)


def sync(path: Path) -> None:
    """Put the content of a file or folder, then its name, on disk."""
    _sync(path)
    _sync(path.parent)


def sync_tree(folder: Path) -> None:
    """Put a folder and all in it on disk."""
    for path in sorted(folder.rglob("*")):
        _sync(path)
    sync(folder)


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Write a file, its content on disk at the end; its name is synced with its folder."""
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def save_array(file: BinaryIO, array: npt.NDArray[Any]) -> None:
    """Write what `np.save` writes; that would tell a full disk as so many bytes requested."""
    format.write_array_header_1_0(file, format.header_data_from_array_1_0(array))
    file.write(np.ascontiguousarray(array).view(np.uint8).data)


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Write a file that takes the place of `path`, which is as it was until the end, then new."""
    new = path.with_name(path.name + _BEING_WRITTEN)
    with written(new) as file:
        yield file
    new.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
