"""Names, magic bytes, encodings and the choice of a source: all without a file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
from types import ModuleType

import pytest

from ipsearch.errors import SourceError, UnknownFormatError, UnknownNameError
from ipsearch.sources import registry
from ipsearch.sources.archives import Names, display_name, leads_outside
from ipsearch.sources.base import Input, Notes, Source
from ipsearch.sources.encoding import decode_line, detect_encoding, text_lines
from ipsearch.sources.opening import sniff
from ipsearch.sources.streams import stream_of
from ipsearch.sources.walk import Limits, open_stream, peek, seekable


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("专利/发明.xml".encode(), "专利/发明.xml"),
        ("专利/发明.xml".encode("gbk"), "专利/发明.xml"),
        (b"./data/CN1.xml", "data/CN1.xml"),
        (b".hidden", ".hidden"),
        (b"a\x1b[31m\n.xml", "a\ufffd[31m\ufffd.xml"),
        ("a\u202exml.exe".encode(), "a\ufffdxml.exe"),
        (b"\xff\xff.xml", "\xa0\xa0.xml"),
    ],
)
def test_display_name(raw: bytes, shown: str) -> None:
    """A stored name is read as UTF-8, else GB18030, and shows no control characters."""
    assert display_name(raw) == shown


def test_equal_names_are_told_apart() -> None:
    """No two members of an archive get the same name."""
    names = Names()
    given = [names.give(raw) for raw in (b"a", b"a#2", b"a", b"a", b"b", b"a#2")]
    assert given == ["a", "a#2", "a#3", "a#4", "b", "a#2#2"]


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "..\\x", "C:\\x", "c:x", "\\x"])
def test_paths_that_lead_outside(name: str) -> None:
    """Absolute paths and parent folders are seen, in the ways of Unix and of Windows."""
    assert leads_outside(name)


@pytest.mark.parametrize("name", ["a/b.xml", "a..b/c..xml", "...", "申请/CN1.xml", "a\\b.xml"])
def test_paths_that_stay_inside(name: str) -> None:
    """Ordinary names are let through, dots in them included."""
    assert not leads_outside(name)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (gzip.compress(b"x"), "gzip"),
        (bz2.compress(b"x"), "bzip2"),
        (bz2.compress(b""), "bzip2"),
        (lzma.compress(b"x"), "xz"),
        (b"PK\3\4" + bytes(26) + b"CN1.xml", "zip"),
        (b"PK\3\4" + bytes(26) + b"[Content_Types].xml", ""),
        (b"PK\3\4" + bytes(26) + b"xl/workbook.xml", ""),
        (b"PK\7\x08PK\3\4", "split"),
        (b"PAR1", ""),
        (b"<?xml version='1.0'?>", ""),
        (b"BZh9 is the number of a mark", ""),
        (b"a" * 512, ""),
        (b"", ""),
    ],
)
def test_sniff(head: bytes, kind: str) -> None:
    """Packed files are known by their first bytes; spreadsheets and Parquet are none."""
    assert sniff(head) == kind


def _input(data: bytes) -> Input:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise io.UnsupportedOperation

    return Input("-", Pipe(data), None, False, Notes())


def test_peek_leaves_the_input_unread() -> None:
    """After a look at the head, the stream still begins at the beginning."""
    data = bytes(range(256)) * 1000
    head, opened = peek(_input(data))
    assert head == data[: 64 << 10]
    again, opened = peek(opened, 10)
    assert again == data[:10]
    assert opened.stream.read() == data


def test_seekable_copies_what_is_not() -> None:
    """What comes through a pipe can be read from its end."""
    with seekable(_input(b"0123456789"), Limits(spool_bytes=4)) as file:
        file.seek(-3, io.SEEK_END)
        assert file.read() == b"789"


def test_a_packed_pipe_is_unpacked() -> None:
    """Standard input may be gzip; an archive in it is refused."""
    packed = io.BytesIO(gzip.compress(b"<a/>"))
    opened = open_stream(packed, "-", Limits(), Notes())
    assert peek(opened)[0] == opened.stream.read() == b"<a/>"
    with pytest.raises(SourceError, match="save it first"):
        open_stream(io.BytesIO(b"PK\3\4" + bytes(40)), "-", Limits(), Notes())


def _failing() -> Input:
    def chunks():  # type: ignore[no-untyped-def]
        yield b"one\ntwo\nthr"
        raise SourceError("", "", "the file is cut")

    return Input("a.gz", stream_of("a.gz", chunks()), None, False, Notes())


def test_a_fault_comes_after_the_last_good_byte() -> None:
    """However a stream is read, all its bytes come first and its fault is never lost."""
    stream = _failing().stream
    lines: list[bytes] = []
    with pytest.raises(SourceError, match=r"a\.gz:byte 11: the file is cut"):
        while line := stream.readline():
            lines.append(line)
    assert lines == [b"one\n", b"two\n", b"thr"]
    with pytest.raises(SourceError):
        for line in _failing().stream:
            lines.append(line)
    assert lines[-3:] == [b"one\n", b"two\n", b"thr"]
    for read in ("read", "read1"):
        stream = _failing().stream
        assert getattr(stream, read)(100) == b"one\ntwo\nthr"
        with pytest.raises(SourceError):
            getattr(stream, read)(100)
    stream, buffer = _failing().stream, bytearray(100)
    assert stream.readinto(buffer) == 11  # type: ignore[attr-defined]
    with pytest.raises(SourceError):
        stream.readinto(buffer)  # type: ignore[attr-defined]
    with pytest.raises(SourceError):
        _failing().stream.read()
    text = io.TextIOWrapper(_failing().stream, encoding="utf-8")
    assert [text.readline(), text.readline()] == ["one\n", "two\n"]
    with pytest.raises(SourceError):
        text.read()
    with pytest.raises(SourceError):
        seekable(_failing())


SENTENCE = "一种锂离子电池正极材料及其制备方法\n"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (SENTENCE.encode(), "utf-8"),
        (SENTENCE.encode("utf-8-sig"), "utf-8-sig"),
        (SENTENCE.encode("gbk"), "gb18030"),
        (SENTENCE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + SENTENCE.encode("utf-16-be"), "utf-16"),
        ("Müller, Zürich; Société générale\n".encode("cp1252"), "cp1252"),
        (b"", "utf-8"),
        (b"title,number\n", "utf-8"),
        ((SENTENCE * 9).encode() + SENTENCE.encode("gbk"), "utf-8"),
        ((SENTENCE * 9).encode("gbk") + SENTENCE.encode(), "gb18030"),
        ("\U00020bb7\n".encode("gb18030"), "gb18030"),
        ("鋰離子電池,Lithium ion battery\n".encode("gbk"), "gb18030"),
    ],
)
def test_detect_encoding(head: bytes, encoding: str) -> None:
    """The encoding that most lines fit is found, marks first."""
    assert detect_encoding(head) == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("text", [SENTENCE, SENTENCE.strip() * 3])
def test_a_cut_character_does_not_change_the_guess(encoding: str, text: str) -> None:
    """Wherever the head ends, within a character or not, the guess is the same."""
    data = text.encode(encoding)
    assert {detect_encoding(data[:size]) for size in range(12, len(data))} == {encoding}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_lines_read_back(encoding: str) -> None:
    """Lines come back as they were written, in each encoding, each with its place."""
    text = ["申请号,名称\r\n", "਀Ċ,ਊ\n", "\n", "完"]  # characters with the byte 0A in UTF-16
    data = "".join(text).encode(encoding)
    lines = list(text_lines(io.BytesIO(data), encoding, "a.csv"))
    assert [line.text for line in lines] == text
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert not any(line.fault for line in lines)
    last = lines[-1]
    codec = "utf-16-le" if encoding == "utf-16" else encoding.removesuffix("-sig")
    assert data[last.offset :].decode(codec) == "完"


def test_a_line_in_another_encoding_costs_that_line_alone() -> None:
    """In a file of UTF-8 a line of GBK is a fault with its byte, and the other way round."""
    mixed = [SENTENCE.encode(), SENTENCE.encode("gbk"), SENTENCE.encode()]
    lines = list(text_lines(io.BytesIO(b"".join(mixed)), "utf-8", "a.csv"))
    assert [line.fault is None for line in lines] == [True, False, True]
    assert lines[1].fault is not None
    assert lines[1].fault.path == "a.csv"
    assert 0 <= int(lines[1].fault.position.removeprefix("byte ")) - lines[1].offset < 6
    assert lines[1].text.endswith("\n")
    mixed = [SENTENCE.encode("gbk"), SENTENCE.encode(), SENTENCE.encode("gbk")]
    lines = list(text_lines(io.BytesIO(b"".join(mixed)), "gb18030", "a.csv"))
    assert [line.fault is None for line in lines] == [True, False, True]


def test_decode_line_names_the_byte() -> None:
    """The place of the first bad byte is counted from the beginning of the file."""
    with pytest.raises(SourceError, match=r"a\.csv:byte 103: byte 0xff is not utf-8"):
        decode_line(b"abc\xff", "utf-8", name="a.csv", offset=100)
    assert decode_line("电".encode("gbk"), "gb18030") == "电"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_endless_line_is_passed_over(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is too long is one fault, and the lines after it are read."""
    monkeypatch.setattr("ipsearch.sources.encoding.LINE_BYTES", 100)
    monkeypatch.setattr("ipsearch.sources.encoding._PIECE_BYTES", 16)
    data = ("a\n" + "x" * 1000 + "\nb\n").encode(encoding)
    lines = list(text_lines(io.BytesIO(data), encoding, "a.csv"))
    assert [line.text.strip() for line in lines] == ["a", lines[1].text.strip(), "b"]
    assert [line.fault is None for line in lines] == [True, False, True]


def test_the_registry_names_what_there_is() -> None:
    """Every name of the registry is the name of the source in its module, tables tried last."""
    assert [source.name for source in registry.all_sources()] == list(registry.SOURCES)
    assert list(registry.SOURCES)[-1] == "table"


def _source(name: str, sign: bytes) -> Source:
    return Source(
        name=name,
        title=name,
        kinds=("patent",),
        recognises=lambda head, hint: sign in head or hint.endswith(f".{name}"),
        read=lambda opened: iter(()),
        sample="",
        fields={},
    )


@pytest.fixture
def two_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of two made-up sources, the first of them the surer."""
    modules = {}
    for name, sign in (("alpha", b"<alpha"), ("beta", b"<")):
        module = ModuleType(f"made_up.{name}")
        module.SOURCE = _source(name, sign)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        modules[name] = module.__name__
    monkeypatch.setattr(registry, "SOURCES", modules)


@pytest.mark.usefixtures("two_sources")
def test_detect_tries_in_the_order_written() -> None:
    """The first source that knows the content reads it; a packed file's own ending is the hint."""
    assert registry.detect(b"<alpha/>", "x").name == "alpha"
    assert registry.detect(b"<gamma/>", "x").name == "beta"
    assert registry.detect(b"?", "x.beta.gz").name == "beta"
    assert [source.name for source in registry.all_sources()] == ["alpha", "beta"]


@pytest.mark.usefixtures("two_sources")
def test_unknown_names_and_formats_list_what_is_known() -> None:
    """Who asks for what there is not is told what there is."""
    with pytest.raises(UnknownNameError, match="no source called 'gamma'; there are: alpha, beta"):
        registry.get_source("gamma")
    with pytest.raises(UnknownFormatError, match=r"x\.pdf: a PDF document, .*known: alpha, beta"):
        registry.detect(b"%PDF-1.7", "x.pdf")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "an empty file"),
        (b" \n", "nothing but white space"),
        (b"<!-- a --><?xml-stylesheet?><ns:root a='1'>", "XML with the root <ns:root>"),
        ('<?xml version="1.0"?><catalogue>'.encode("utf-16"), "XML with the root <catalogue>"),
        (b"<!-- a --><!ELEMENT root (#PCDATA)>", "a document type definition"),
        (b"<!DOCTYPE HTML><html>", "a web page"),
        (b'{"id": 1, "name": {"id": 2}}', "JSON with the keys id, name"),
        ('[{"编号": 1}]'.encode(), "JSON with the keys 编号"),
        (bytes(range(1, 200)), "binary data that begins with 01 02 03 04 05 06 07 08"),
        ("备注：无\n".encode("gbk"), "text that begins with '备注：无'"),
        (b"[Peer review] of a text", "text that begins with '[Peer review] of a text'"),
    ],
)
def test_describe(head: bytes, words: str) -> None:
    """An unknown file is described by what a person would see in it."""
    assert registry.describe(head) == words
