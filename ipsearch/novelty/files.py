"""Here is a file that describes an invention, give me its text, or the record that it holds."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from ipsearch.errors import QueryError, SourceError
from ipsearch.sources.base import Notes, Record
from ipsearch.sources.encoding import detect_encoding
from ipsearch.sources.registry import detect
from ipsearch.sources.walk import Fault, Limits, Opener, Skipped, peek, walk

_PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_MOST_BYTES = 200 << 20


def read_file(path: Path) -> str | dict[str, Any]:
    """Read a text, a Word document, or the first patent of an office's XML.

    Gives a text, or a record's columns. Raises `QueryError`, naming the file, if there is neither.
    """
    try:
        head = path.open("rb").read(512)
    except OSError as error:
        raise QueryError(f"{path}: {error.strerror}") from None
    if path.suffix.lower() == ".docx" or (head.startswith(b"PK") and zipfile.is_zipfile(path)):
        return _word_text(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _first_patent(path)
    raw = path.read_bytes()
    encoding = detect_encoding(raw)
    if head.startswith(b"%PDF-") or (b"\0" in raw and encoding != "utf-16"):
        raise QueryError(f"{path}: neither a text, nor a Word document, nor an office's XML")
    return raw.decode(encoding, "replace")


def _word_text(path: Path) -> str:
    """Give the paragraphs of a Word document (ECMA-376, WordprocessingML)."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(path) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > _MOST_BYTES:
                raise QueryError(f"{path}: its text has {part.file_size} bytes, too many")
            root = etree.fromstring(archive.read(part), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise QueryError(f"{path}: not a Word document that can be read: {error}") from None
    paragraphs = ("".join(run.text or "" for run in p.iter(_TEXT)) for p in root.iter(_PARAGRAPH))
    return "\n".join(paragraphs)


def _first_patent(path: Path) -> dict[str, Any]:
    """Give the first patent that a source finds in a file."""
    notes = Notes()
    reason = "no patent in it"
    with Opener(Limits()) as opener:
        for item in walk([path], Limits()):
            if isinstance(item, Fault | Skipped):
                reason = item.reason
                continue
            try:
                with opener.open(item, notes) as opened:
                    head, opened = peek(opened)
                    for outcome in detect(head, opened.name).read(opened):
                        if isinstance(outcome, Record) and outcome.kind == "patent":
                            return dict(outcome.row)
                        reason = getattr(outcome, "reason", reason)
            except SourceError as error:
                reason = str(error).removeprefix(f"{path}: ")
    raise QueryError(f"{path}: {reason}")
