"""Here is a report, give me a Word document (ECMA-376) of it, on A4, to be worked on.

Texts are runs of plain text: there is no field, link or macro in it but for the number of a page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from ipsearch.novelty.report import Report
from ipsearch.novelty.report_parts import (
    Block,
    Cell,
    Fields,
    Heading,
    Paragraph,
    Table,
    Text,
    lines,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Row
    from docx.text.paragraph import Paragraph as WordParagraph

_WIDTH = Mm(180)  # of the text: A4 less its margins
_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}


def as_docx(report: Report) -> bytes:
    """Give the file's bytes; raises `ImportError` where python-docx is not installed."""
    document = docx.Document()
    _prepare(document, report)
    title = document.add_paragraph(report.title, style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for section in report.sections:
        heading = document.add_heading(section.heading, 1)
        heading.paragraph_format.page_break_before = section.begins_page
        for block in section.blocks:
            _add(document, block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _prepare(document: Document, report: Report) -> None:
    """Set paper, fonts and the facts of the file: the template's are American and its author's."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin, page.bottom_margin = Mm(18), Mm(20)
    _add_page_number(page.footer.paragraphs[0])
    for name, size in (("Normal", 10), ("Title", 18), ("Heading 1", 13), ("Heading 2", 11)):
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), "Times New Roman"
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would count before ours
        fonts.set(qn("w:eastAsia"), "SimSun" if name == "Normal" else "SimHei")
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    facts = document.core_properties
    facts.title = f"{report.title} · {report.subject}"[:255]  # more is refused
    facts.author = report.author
    facts.last_modified_by, facts.comments = report.author, ""
    facts.language = _LANGUAGES[report.language]
    facts.created = facts.modified = datetime.combine(report.day, time(), UTC)


def _add_page_number(paragraph: WordParagraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add(document: Document, block: Block) -> None:
    match block:
        case Paragraph(text, is_note):
            _write(document.add_paragraph(), text, Pt(9) if is_note else None)
        case Heading(text):
            _write(document.add_heading("", 2), text)
        case Table(columns, rows):
            table = _table(document, [column.share for column in columns])
            head = table.add_row()
            _fill(head, [lines(column.heading) for column in columns], bold=range(len(columns)))
            _flag(head, "w:tblHeader")
            for row in rows:
                _fill(table.add_row(), row)
            document.add_paragraph()
        case Fields(fields):
            table = _table(document, (24, 76))
            for label, cell in fields:
                _fill(table.add_row(), (lines(label), cell), bold=(0,))
            document.add_paragraph()


def _table(document: Document, shares: Sequence[int]) -> Any:
    table: Any = document.add_table(0, len(shares), style="Table Grid")  # half of it has no types
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Length(_WIDTH * share // sum(shares))
    return table


def _fill(row: _Row, cells: Sequence[Cell], bold: Sequence[int] = ()) -> None:
    _flag(row, "w:cantSplit")
    for number, (place, cell) in enumerate(zip(row.cells, cells, strict=True)):
        for line, text in enumerate(cell):
            paragraph = place.paragraphs[0] if line == 0 else place.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            _write(paragraph, text, Pt(9), number in bold)


def _flag(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _write(
    paragraph: WordParagraph, text: Text, size: Length | None = None, is_bold: bool = False
) -> None:
    for piece in text:
        run = paragraph.add_run(piece.text)
        run.font.size = size
        if piece.is_marked or is_bold:
            run.bold = True
        run.underline = piece.is_marked or None
