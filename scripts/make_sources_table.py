"""Write what the code says of its sources into README.md, README.zh.md and docs/sources.md.

python scripts/make_sources_table.py
"""

from __future__ import annotations

import re
from pathlib import Path

from ipsearch.records import SCHEMAS
from ipsearch.sources.base import Source
from ipsearch.sources.registry import all_sources

ROOT = Path(__file__).parents[1]
KINDS = {"patent": ("patents", "专利"), "trademark": ("marks", "商标")}
CHECKED = {True: ("real files", "真实文件"), False: ("unverified", "未经真实文件验证")}


def short_table(language: int) -> str:
    """Make the table of the READMEs: 0 English, 1 Chinese."""
    head = ("| name | format | kinds | checked with |", "| 名称 | 格式 | 内容 | 验证 |")[language]
    lines = [head, "| --- | --- | --- | --- |"]
    for source in all_sources():
        kinds = ", ".join(KINDS[kind][language] for kind in source.kinds)
        checked = CHECKED[source.is_verified][language]
        lines.append(f"| `{source.name}` | {source.title} | {kinds} | {checked} |")
    return "\n".join(lines)


def fields_page() -> str:
    """Make the page that says which columns each source can fill."""
    parts = [
        "# Sources and the fields they fill",
        "Made by `scripts/make_sources_table.py` from the code; a test compares them.",
    ]
    for source in all_sources():
        parts.append(f"## {source.name}\n\n{source.title}. Sample: `samples/{source.sample}`.")
        parts.extend(_columns(source))
    return "\n\n".join(parts) + "\n"


def _columns(source: Source) -> list[str]:
    return [
        f"{kind}: " + ", ".join(f"`{n}`" for n in SCHEMAS[kind].names if n in source.fields[kind])
        for kind in source.kinds
    ]


def with_table(text: str, table: str) -> str:
    """Put the table between its marks."""
    marks = r"(<!-- sources -->\n).*?(<!-- /sources -->)"
    return re.sub(marks, lambda m: f"{m[1]}{table}\n{m[2]}", text, flags=re.DOTALL)


def pages() -> dict[Path, str]:
    """Give every page that this script keeps, as it should be."""
    readmes = {ROOT / "README.md": 0, ROOT / "README.zh.md": 1}
    made = {
        path: with_table(path.read_text(encoding="utf-8"), short_table(language))
        for path, language in readmes.items()
    }
    return {**made, ROOT / "docs" / "sources.md": fields_page()}


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
