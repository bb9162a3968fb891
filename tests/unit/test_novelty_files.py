"""Files that describe an invention: what is read of them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipsearch.errors import QueryError
from ipsearch.novelty.files import read_file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_texts_in_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    """A text is the same in every encoding, a byte order mark is none of it."""
    file = tmp_path / "claims.txt"
    file.write_text("一种石墨烯电极，其特征在于，包括集流体。", encoding=encoding)
    assert read_file(file) == "一种石墨烯电极，其特征在于，包括集流体。"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0 graphene"),
        ("a.txt", b"graphene electrode" * 200 + b"\0\0\1"),
        ("a.docx", b"graphene"),
        ("a.xml", b"<a><b>graphene</b></a>"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    """Bytes that are no text are not searched with: the file is named, once."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(QueryError, match=r"^[^:]*a\.\w+: ") as caught:
        read_file(file)
    assert str(caught.value).count(str(file)) == 1
