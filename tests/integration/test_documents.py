"""The documents say what is true."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def test_source_tables_are_up_to_date() -> None:
    """The tables of sources and fields are what the code says."""
    path = ROOT / "scripts" / "make_sources_table.py"
    spec = importlib.util.spec_from_file_location("make_sources_table", path)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for page, text in script.pages().items():
        assert page.read_text(encoding="utf-8") == text, f"run {path.name}: {page.name} is old"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_files_that_are_there(document: Path) -> None:
    """No document links to a file that is not there."""
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_commands_are_documented() -> None:
    """Every command of the command line is in both READMEs, and has help."""
    from ipsearch.cli.main import cli

    for name in cli.list_commands(None):  # type: ignore[arg-type]
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None and command.help
        for readme in ("README.md", "README.zh.md"):
            assert f"`{name}" in (ROOT / readme).read_text(encoding="utf-8"), name
