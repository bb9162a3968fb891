"""Here are results and a file, put the search report in it: Markdown, HTML or Word."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from ipsearch.errors import IpsearchError, UnknownNameError
from ipsearch.novelty.report import Report, make_report
from ipsearch.novelty.report_facts import CorpusFacts
from ipsearch.novelty.report_parts import Language
from ipsearch.novelty.results import NoveltyResults


def _markdown(report: Report) -> bytes:
    from ipsearch.novelty.report_markdown import as_markdown

    return as_markdown(report).encode()


def _html(report: Report) -> bytes:
    from ipsearch.novelty.report_html import as_html

    return as_html(report).encode()


def _docx(report: Report) -> bytes:
    from ipsearch.novelty.report_docx import as_docx

    return as_docx(report)


WRITERS: dict[str, Callable[[Report], bytes]] = {".md": _markdown, ".html": _html, ".docx": _docx}
"""Ending of a file -> what it is written by."""


def check_file(path: str | os.PathLike[str]) -> str:
    """Give the ending that says how a file is written.

    Raises `UnknownNameError`, naming those there are, for another one, and `IpsearchError` for
    .docx where python-docx is not installed.
    """
    ending = Path(path).suffix.lower()
    if ending not in WRITERS:
        known = ", ".join(WRITERS)
        raise UnknownNameError(f"{os.fspath(path)}: ending {ending!r}; a report ends in {known}")
    if ending == ".docx" and find_spec("docx") is None:
        raise IpsearchError(
            f"{os.fspath(path)}: .docx is written by python-docx, which is not installed:"
            " pip install 'ipsearch[docx]'"
        )
    return ending


def write_report(
    results: NoveltyResults,
    path: str | os.PathLike[str],
    facts: CorpusFacts,
    *,
    language: Language = "zh",
    conditions: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write the search report of a novelty search; a file that is there is replaced, as a whole.

    `conditions` are what else was asked for, as `make_report` has them. Raises as `check_file`.
    """
    write = WRITERS[check_file(path)]
    content = write(make_report(results, facts, language=language, conditions=conditions))
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
