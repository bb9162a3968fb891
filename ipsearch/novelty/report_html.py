"""Here is a report, give me one page of HTML: on a screen, and on A4 paper in black and white.

It needs nothing beside itself, runs no script and asks for nothing: its own policy forbids both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from ipsearch.novelty.report import Report
from ipsearch.novelty.report_parts import (
    Block,
    Cell,
    Fields,
    Heading,
    Paragraph,
    Section,
    Table,
    Text,
)

_LANGUAGES = {"zh": "zh-CN", "en": "en"}

# mso-number-format: a spreadsheet that opens the page takes no cell for a formula.
_STYLE = r"""
@page { size: A4; margin: 18mm 15mm 20mm;
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: #000; background: #fff;
  font: 10.5pt/1.5 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif; }
h1 { font-size: 18pt; text-align: center; margin: 0 0 1rem; }
h2 { font-size: 13pt; border-bottom: 1.5pt solid #000; margin: 1.5rem 0 .6rem; }
h3 { font-size: 11pt; margin: 1.2rem 0 .4rem; }
h1, h2, h3 { line-height: 1.3; break-after: avoid; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 0 0 .8rem; }
th, td { border: .75pt solid #000; padding: 2pt 4pt; vertical-align: top; text-align: left;
  font-size: 9pt; line-height: 1.4; overflow-wrap: anywhere; mso-number-format: "\@"; }
thead { display: table-header-group; }
th { font-weight: bold; font-size: 8pt; overflow-wrap: break-word; }
td p { margin: 0; }
.fields th { width: 24%; }
.note { font-size: 9pt; }
mark { background: none; color: inherit; font-weight: bold; text-decoration: underline; }
@media print {
  body { max-width: none; padding: 0; }
  h2 { margin-top: 0; }
  tr { break-inside: avoid; }
  p { orphans: 2; widows: 2; }
  .page { break-before: page; }
  .on { margin-top: 1.5rem; }
}
"""


def as_html(report: Report) -> str:
    """Give the whole page."""
    title = escape(f"{report.title} · {report.subject}")
    body = "".join(map(_section, report.sections))
    return (
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[report.language]}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="{escape(report.author)}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(report.title)}</h1>\n{body}</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    blocks = "".join(part for block in section.blocks for part in _block(block))
    style = "page" if section.begins_page else "on"
    return f'<section class="{style}">\n<h2>{escape(section.heading)}</h2>\n{blocks}</section>\n'


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, is_note):
            style = ' class="note"' if is_note else ""
            yield f"<p{style}>{_line(text)}</p>\n"
        case Heading(text):
            yield f"<h3>{_line(text)}</h3>\n"
        case Table(columns, rows):
            whole = sum(column.share for column in columns)
            widths = (f'<col style="width:{100 * c.share / whole:.1f}%">' for c in columns)
            heads = (f'<th scope="col">{escape(column.heading)}</th>' for column in columns)
            yield f"<table>\n<colgroup>{''.join(widths)}</colgroup>\n"
            yield f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n"
            yield from (_row(map(_cell, row)) for row in rows)
            yield "</tbody>\n</table>\n"
        case Fields(fields):
            yield '<table class="fields">\n<tbody>\n'
            for label, cell in fields:
                yield _row((f'<th scope="row">{escape(label)}</th>', _cell(cell)))
            yield "</tbody>\n</table>\n"


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


def _cell(cell: Cell) -> str:
    if len(cell) == 1:
        return f"<td>{_line(cell[0])}</td>"
    return f"<td>{''.join(f'<p>{_line(text)}</p>' for text in cell)}</td>"


def _line(text: Text) -> str:
    return "".join(
        f"<mark>{escape(run.text)}</mark>" if run.is_marked else escape(run.text) for run in text
    )
