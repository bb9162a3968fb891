"""The folder in which the engine's files are: shown where nothing may be written, and removed.

Even to read, the engine makes a lock file beside its segments, and a thread of its own, begun by
opening, looks at the index once more a moment later: the file can come back after it was removed.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path

_MOST_TRIES = 10


def folder_of_links(engine: Path) -> Path:
    """Make a folder of links to the engine's files, for where nothing may be written: on a medium,
    or among somebody else's files."""
    folder = Path(tempfile.mkdtemp(prefix="ipsearch-"))
    for file in engine.iterdir():
        if file.suffix != ".lock":
            (folder / file.name).symlink_to(file.resolve())
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a folder, and those within, in which the engine may just make its lock file again.

    Raises OSError as `shutil.rmtree` does, also if somebody writes there all the time.
    """
    for tries_left in reversed(range(_MOST_TRIES)):
        try:
            shutil.rmtree(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.ENOENT) or not tries_left:
                raise
        if not folder.exists():
            return
