"""Cutting files of XML documents: whole, broken, hostile, in ranges."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from lxml import etree

from ipsearch.sources import xml_documents
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.xml_documents import documents, parse, read_documents
from ipsearch.sources.xml_text import text_of

PROLOG = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE doc SYSTEM "doc.dtd" [ ]>\n'


class Unseekable(io.RawIOBase):
    """Gives what it has in small pieces and cannot go back."""

    def __init__(self, content: bytes) -> None:
        self._stream = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(min(size, 7) if size >= 0 else 7)


def opened(content: bytes, *, start: int = 0, end: int | None = None) -> Input:
    return Input("a.xml", io.BytesIO(content), len(content), True, Notes(), start, end)


def doc(text: str, prolog: bytes = PROLOG) -> bytes:
    return prolog + b"<doc><p>" + text.encode() + b"</p></doc>\n"


def read(input: Input, roots: Iterable[str] = ("doc",), limit: int = 1 << 20) -> list[str]:
    """The text of every document, `!` and the reason for a reject."""
    results = read_documents(
        input, tuple(roots), "patent", lambda root, notes: {"text": text_of(root)}, limit=limit
    )
    return [
        one.row["text"] if isinstance(one, Record) else f"!{one.position}: {one.reason}"
        for one in results
    ]


@pytest.mark.parametrize("prolog", [PROLOG, b"", b"<!DOCTYPE doc>", b"<?xml version='1.0'?>"])
def test_documents_one_after_the_other(prolog: bytes) -> None:
    """Documents with and without prologs are all found, in order."""
    assert read(opened(b"".join(doc(c, prolog) for c in "abc"))) == ["a", "b", "c"]


def test_stream_that_cannot_seek() -> None:
    """A stream that gives seven bytes at a time reads as one that gives all."""
    content = b"".join(doc(f"text {n}") for n in range(50))
    stream = Unseekable(content)
    unseekable = Input("a", stream, None, False, Notes())  # type: ignore[arg-type]
    assert read(unseekable) == [f"text {n}" for n in range(50)]


def test_nothing_at_all() -> None:
    """An empty file, and one of white space and a byte order mark, hold no document."""
    assert read(opened(b"")) == []
    assert read(opened(b"\xef\xbb\xbf \r\n\0\x1a")) == []


def test_broken_document_loses_only_itself() -> None:
    """A document that does not parse is a reject with its line; its neighbours are read."""
    results = read(opened(doc("a") + PROLOG + b"<doc>\n<p>b</q></doc>\n" + doc("c")))
    assert results[0] == "a" and results[2] == "c"
    assert results[1].startswith("!document 2 (byte ") and "line 4, column" in results[1]


@pytest.mark.parametrize("prolog", [PROLOG, b""])
def test_cut_off_document_among_others(prolog: bytes) -> None:
    """A document without its end is a reject; the one that begins in it is read."""
    results = read(opened(doc("a", prolog) + prolog + b"<doc><p>b" + doc("c", prolog)))
    assert results[0] == "a" and results[2] == "c"
    assert "another document begins in it" in results[1]


def test_cut_off_at_the_end_of_the_file() -> None:
    """The last document of a download that broke off is a reject."""
    results = read(opened(doc("a") + doc("b")[:-4]))
    assert results[0] == "a" and "the file ends in it" in results[1]


def test_text_between_documents_is_reported() -> None:
    """What is no document is never passed over in silence."""
    results = read(opened(doc("a") + b"garbage & more\n" + doc("b")))
    assert results[0] == "a" and results[2] == "b" and "no XML document begins" in results[1]


def test_other_roots_are_counted() -> None:
    """A document of another root is passed over with a note, however it ends."""
    input = opened(doc("a") + PROLOG + b"<seq><doc-page/></seq>" + b"<empty/>" + doc("b"))
    assert read(input) == ["a", "b"]
    assert input.notes.warnings == {
        "passed over a document of another kind: <seq>": 1,
        "passed over a document of another kind: <empty>": 1,
    }


def test_wrapped_documents() -> None:
    """Documents in a wrapper are found between whatever else it holds, prefix or none."""
    content = (
        PROLOG + b"<all><key>x</key>" + doc("a", b"") + b"<key/><x:doc xmlns:x='u'>b</x:doc></all>"
    )
    assert read(opened(content)) == ["a", "b"]


def test_wrapper_without_end() -> None:
    """A wrapper that the file breaks off in is reported, though each document in it is whole."""
    results = read(opened(PROLOG + b"<all>" + doc("a", b"")))
    assert results[0] == "a" and "<all> has no end" in results[1]
    assert "<all> has no end" in read(opened(PROLOG + b"<all><key>"))[0]


def test_start_tag_destroyed_in_a_wrapper() -> None:
    """A document whose start tag is spoilt is reported by the end tag that is left over."""
    content = PROLOG + b"<all>" + doc("a", b"") + b"<d0c>b</doc>" + doc("c", b"") + b"</all>"
    results = read(opened(content))
    assert results[0] == "a" and results[2] == "c" and "without a start tag" in results[1]


def test_names_that_begin_alike() -> None:
    """`<doc-page>` and `<docs>` in a document are not its own tags."""
    assert read(opened(b"<doc>a<doc-page>b</doc-page><docs>c</docs></doc>")) == ["abc"]


def test_prolog_in_a_quotation() -> None:
    """A prolog inside a CDATA section begins no document."""
    assert read(opened(b"<doc><![CDATA[<?xml version='1.0'?><m/>]]> a</doc>" + doc("b"))) == [
        "<?xml version='1.0'?><m/> a",
        "b",
    ]


def test_longer_than_the_limit() -> None:
    """A document beyond the limit is a reject, is not kept in memory, and the next one is read."""
    results = read(opened(doc("a" * 5000) + doc("b")), limit=1000)
    assert "longer than 1000 bytes" in results[0] and results[1] == "b"


def test_memory_stays_flat() -> None:
    """Reading 64 MB of documents takes no more than a few blocks."""
    one = doc("x" * 4000)

    class Repeated(io.RawIOBase):
        left = 64_000_000 // len(one)

        def read(self, size: int = -1) -> bytes:
            count = min(self.left, 250)
            self.left -= count
            return one * count

    tracemalloc.start()
    stream = Repeated()
    count = sum(1 for _ in documents(Input("a", stream, None, False, Notes()), ("doc",)))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 64_000_000 // len(one)
    assert peak < 20_000_000


def test_entities_made_of_entities_are_refused() -> None:
    """A document whose entities are nested to a billion is refused at once; the next is read."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE doc [<!ENTITY e0 "ha">'
    for n in range(1, 40):
        bomb += b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10)
    input = opened(bomb + b"]><doc>&e39;</doc>" + doc("b"))
    begin = time.perf_counter()
    refused, other = read(input)
    assert refused.endswith("it declares an entity made of entities") and other == "b"
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    "declared", [b'SYSTEM "file:///etc/hostname"', b'PUBLIC "-//X//Y" "http://127.0.0.1/x"']
)
def test_external_entities_are_refused(declared: bytes) -> None:
    """A document that declares an entity in another file is refused, used or not."""
    xxe = b"<!DOCTYPE doc [<!ENTITY x " + declared + b"]><doc>a &x; b</doc>"
    for content in (
        xxe.replace(b"]>", b">]>", 1),
        xxe.replace(b"]>", b">]>", 1).replace(b"&x;", b""),
    ):
        refused, other = read(opened(content + doc("b")))
        assert refused.endswith("an entity that stands in another file") and other == "b"


def test_images_and_characters_may_be_declared() -> None:
    """Entities for images (NDATA) and for single characters do no harm; none is expanded."""
    subset = b'<!ENTITY i SYSTEM "1.tif" NDATA TIF> <!ENTITY deg "&#176;"> <!ENTITY own "x">'
    input = opened(b"<!DOCTYPE doc [" + subset + b"]><doc>20 &own;</doc>")
    assert read(input) == ["20 &own;"]


def test_named_characters_are_kept() -> None:
    """A named character that XML does not know stays in its place; the five known are read."""
    input = opened(doc("20 &deg;C &amp; &lt;&mdash;"))
    assert read(input) == ["20 &deg;C & <&mdash;"]
    assert sum(input.notes.warnings.values()) == 2


def test_odd_internal_subset() -> None:
    """Brackets, quotes and comments in an internal subset do not end it."""
    subset = b'<!DOCTYPE doc [<!-- don\'t ]> --> <!ENTITY a "]>"> <!ELEMENT doc (#PCDATA)>]>'
    assert read(opened(subset + b"<doc>a</doc>")) == ["a"]


@pytest.mark.parametrize("many", [b"<!--a-->", b"<?a?>", b"<!DOCTYPE a [", b"<", b"<!--", b"[" * 9])
def test_no_prolog_takes_long(many: bytes) -> None:
    """No sequence of prolog pieces makes the search slow."""
    begin = time.perf_counter()
    read(opened(many * 100_000))
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize("encoding", ["gb2312", "GBK", "GB18030", "UTF-8"])
def test_declared_encodings(encoding: str) -> None:
    """Chinese encodings are read as declared, in a wrapper as in a document of its own."""
    text = "锂电池" if encoding != "GB18030" else "锂电池㐀"
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
    body = f"<doc>{text}</doc>".encode(encoding)
    assert read(opened(prolog + body)) == [text]
    assert read(opened(prolog + b"<all>" + body + body + b"</all>")) == [text, text]


def test_deep_nesting_is_a_reject() -> None:
    """A document of a hundred thousand levels is refused, and the next one read."""
    deep = b"<doc>" + b"<b>" * 100_000 + b"</b>" * 100_000 + b"</doc>"
    results = read(opened(deep + doc("b")))
    assert results[0].startswith("!") and results[1] == "b"


def test_ranges_share_out_the_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut anywhere, a file's ranges give each of its documents and rejects exactly once."""
    monkeypatch.setattr(xml_documents, "BLOCK_BYTES", 64)
    monkeypatch.setattr(xml_documents, "PROLOG_BYTES_MAX", 256)
    plain = doc("a") + b"junk" + PROLOG + b"<seq>s</seq>" + doc("b") + doc("c")[:-5] + doc("d")
    wrapped = PROLOG + b"<all><key>k</key>" + doc("e", b"") + b"<key/>" + doc("f", b"") + b"</all>"
    for content in (plain, wrapped, doc("a", b"") * 5):
        whole_input = opened(content)
        whole = [line.partition(": ")[2] or line for line in read(whole_input)]
        for cut in range(1, len(content)):
            left = opened(content, end=cut)
            right = opened(content, start=cut)
            both = [line.partition(": ")[2] or line for line in read(left) + read(right)]
            assert both == whole, cut
            noted = sum(left.notes.warnings.values()) + sum(right.notes.warnings.values())
            assert noted == sum(whole_input.notes.warnings.values()), cut


def test_block_size_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags that straddle two blocks are found."""
    content = PROLOG + b"<all>" + b"".join(doc(str(n), b"") for n in range(20)) + b"</all>"
    for size in range(1, 40):
        monkeypatch.setattr(xml_documents, "BLOCK_BYTES", size)
        monkeypatch.setattr(xml_documents, "PROLOG_BYTES_MAX", 200)
        assert read(opened(content)) == [str(n) for n in range(20)]


def test_reject_carries_the_head() -> None:
    """A reject has the first 200 bytes of what stood there."""
    content = b"<doc>" + b"x" * 500 + b"</dox></doc>"
    rejects = list(read_documents(opened(content), ("doc",), "patent", lambda root, notes: {}))
    assert rejects == [rejects[0]] and isinstance(rejects[0], Reject)
    assert rejects[0].head == content[:200]


def test_parse_gives_the_root() -> None:
    """`parse` gives the element itself, without comments and processing instructions."""
    (document,) = documents(opened(b"<doc>a<!-- b --><?c d?>e</doc>"), ("doc",))
    root = parse(document)
    assert isinstance(root, etree._Element) and text_of(root) == "ae"


def test_no_file_is_read_as_a_dtd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that happens to have the name of the claimed external subset is never opened."""
    (tmp_path / "none").write_text('<!ENTITY mine "taken from a file">')
    monkeypatch.chdir(tmp_path)
    assert read(opened(b"<doc>a &mine;</doc>")) == ["a &mine;"]
    parsed = parse(next(iter(documents(opened(b"<doc>a</doc>"), ("doc",)))))
    parser = parsed.getroottree().parser
    assert parser is not None and len(parser.error_log) == 0


def test_unknown_names_are_counted() -> None:
    """A character that nobody declared keeps its name in the text and is noted each time."""
    input = opened(b"<doc>&one; &lt; &one; <b>&two;</b></doc>" + doc("plain &amp; simple"))
    assert read(input) == ["&one; < &one; &two;", "plain & simple"]
    noted = {"unknown character name kept as it is: &one;": 2}
    assert input.notes.warnings == noted | {"unknown character name kept as it is: &two;": 1}


def test_cut_off_documents_of_several_roots() -> None:
    """A document without an end loses itself alone, whatever root the next one has."""
    foreign = PROLOG + b"<seq>s</seq>"
    content = doc("a")[:-8] + foreign + doc("b") + doc("c")[:-8] + doc("d")
    results = read(opened(content))
    assert [line[:1] for line in results] == ["!", "b", "!", "d"]


def test_prolog_longer_than_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start tag is taken whole, however many blocks it goes through."""
    monkeypatch.setattr(xml_documents, "BLOCK_BYTES", 50)
    tag = b'<doc a="' + b"x" * 500 + b'"'
    assert read(opened(tag + b"/>" + tag + b">b</doc>")) == ["", "b"]
