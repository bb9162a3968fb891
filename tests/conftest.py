"""What all tests share."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")
_NEEDED_BYTES = 4 * 2**30


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew instead of comparing with them",
    )


def pytest_configure() -> None:
    """Let temporary files lie in memory where there is room.

    A corpus syncs all that it writes, some forty times an ingestion: on a disk the tests would wait
    for it most of their time. What syncing is for, a loss of power, no test can show.
    """
    is_usable = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    if is_usable and shutil.disk_usage(_MEMORY).free > _NEEDED_BYTES:
        os.environ.setdefault("TMPDIR", str(_MEMORY))  # for commands that tests run as well
        tempfile.tempdir = None  # what was found before


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew: look at the difference before a commit."""
    return bool(request.config.getoption("--update-golden"))
