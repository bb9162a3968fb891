"""Cut a file of XML documents into its documents, and parse each of them safely.

A bulk file holds one document, thousands of them one after the other (each with a prolog of its
own or without), or one wrapper element around thousands. All are cut by searching the bytes for
start tag and end tag of the wanted root elements: memory is bounded by the longest document, and
a broken document loses only itself, for the search goes on at the next prolog or start tag.

No DTD is ever read and no entity ever resolved: the parser gets the root element without the
document type declaration that stood before it, so that there is nothing to expand. What is not
one of XML's own five names stays in the text as it was written, `&name;`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from ipsearch.errors import IpsearchError
from ipsearch.records import Kind, Row
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.entities import UNKNOWN

DOCUMENT_BYTES_MAX = 256 << 20  # a longer document is rejected: no honest one comes near
PROLOG_BYTES_MAX = 1 << 20  # prolog, comments and internal subset before one root element
BLOCK_BYTES = 1 << 18  # stays in the cache between reading and searching
HEAD_BYTES = 200  # of a document that was rejected
LIBXML_BYTES_MAX = 10_000_000  # above this, libxml2's limits on one text must be lifted

_SUBSET = rb"""\[(?>[^\]"'<]|"[^"]*"|'[^']*'|<!--(?s:.)*?-->|<)*+\]\s*"""
_MISC = rb"(?>\s+|<\?(?s:.)*?\?>|<!--(?s:.)*?-->|<!DOCTYPE[^\[>]*(?:" + _SUBSET + rb")?>)*+"
_NAME = rb"[A-Za-z_][\w.:-]*"
_OPENING = re.compile(_MISC + rb"<(" + _NAME + rb")(?=[\s/>])")  # prolog and root's name
_PROLOG = re.compile(rb"<\?xml\s")
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BOM = b"\xef\xbb\xbf"
_ENTITY = re.compile(
    rb"""<!ENTITY\s+(?!%)[^\s>]+\s+(?:(?:SYSTEM|PUBLIC)\b([^>]*)>|"([^"]*)"|'([^']*)')"""
)
_REFERENCE = re.compile(rb"&[A-Za-z_]")
_SPACE = re.compile(rb"[\s\0\x1a]+")  # with what old systems fill up their files
_EMPTY = re.compile(rb"<[^<>]*/>")  # an element without content


def _hostile_entity(prolog: bytes) -> str:
    """Say which entity that a document declares no honest one does; "" if none.

    Nothing is ever expanded or fetched, so none does harm; but what such a document says is not
    what it shows. Images of old files are declared as entities too: these name a notation (NDATA).
    """
    if b"<!ENTITY" not in prolog:
        return ""
    for declared in _ENTITY.finditer(prolog):
        if declared[1] is not None:
            if b"NDATA" not in declared[1]:
                return "it declares an entity that stands in another file"
        elif _REFERENCE.search(declared[2] or declared[3] or b""):
            return "it declares an entity made of entities"
    return ""


def looks_like(head: bytes, tag: re.Pattern[bytes]) -> bool:
    """Whether a file that begins with `head` is XML and has the start tag `tag` early on."""
    return head.removeprefix(_BOM).lstrip()[:1] == b"<" and tag.search(head) is not None


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of one document, cut out of a file and not yet parsed."""

    position: str  # "document 3 (byte 4711)"; without the count where a range is read
    content: bytes  # from the root's `<` to its last `>`; or the head of what is no document
    encoding: str  # as declared; "utf-8" where nothing is
    first_line: int  # of the root element, counted from the document's prolog: 1 is the first
    fault: str = ""  # why this is no document: then `content` is only its head


def documents(
    input: Input, roots: Collection[str], *, limit: int = DOCUMENT_BYTES_MAX
) -> Iterator[Document]:
    """Cut `input` into the documents whose root element has one of the names `roots`.

    `roots` are local names; any prefix may stand before them. Documents whose root's `<` lies in
    [input.start, input.end) are given, so that neighbouring ranges share them out without loss
    or repetition. Documents of other roots are passed over and counted in `input.notes`; an
    element around wanted ones is passed through. What should be a document and is none (cut off,
    longer than `limit` bytes, text between documents) comes with a `fault`.
    """
    yield from _Splitter(input, roots, limit).run()


def read_documents(
    input: Input,
    roots: Collection[str],
    kind: Kind,
    convert: Callable[[etree._Element, Notes], Row],
    *,
    limit: int = DOCUMENT_BYTES_MAX,
    parse_document: Callable[[Document], etree._Element] | None = None,
) -> Iterator[Record | Reject]:
    """Give a record of `kind` for each document that `convert` can read, else a reject."""
    parse_document = parse_document or parse
    for document in documents(input, roots, limit=limit):
        head = document.content[:HEAD_BYTES]
        if document.fault:
            yield Reject(document.position, document.fault, head)
            continue
        try:
            root = parse_document(document)
            names = unknown_names(root)
            row = convert(root, input.notes)
        except etree.XMLSyntaxError as error:
            yield Reject(document.position, _explain(error, document), head)
        except RecursionError:
            yield Reject(document.position, "elements are nested too deeply", head)
        except (IpsearchError, ValueError, LookupError) as error:
            yield Reject(document.position, str(error), head)
        else:
            note_unknown(names, input.notes)
            yield Record(kind, row, document.position)


def unknown_names(root: etree._Element) -> list[str]:
    """The references to characters that nobody declared, `&name;`; the text has them as written.

    To be asked before the tree is read, for that may change it.
    """
    parser = root.getroottree().parser
    if parser is not None and len(parser.error_log) == 0:
        return []  # it warns of each kind of them: the tree needs no going through
    return [entity.text or "" for entity in root.iter(etree.Entity)]


def note_unknown(names: Iterable[str], notes: Notes) -> None:
    """Count what `unknown_names` gave."""
    for name in names:
        notes.warn(f"{UNKNOWN}: {name}")


def parse(document: Document) -> etree._Element:
    """Parse one document without any DTD; raise `lxml.etree.XMLSyntaxError`.

    An external subset is claimed, and never loaded, because that is what makes a reference to an
    undeclared entity no error but a node that keeps its name. Nothing is declared, hence nothing
    expands, in content as in attributes.
    """
    parser = _parser(is_huge=len(document.content) > LIBXML_BYTES_MAX)
    return etree.fromstring(_opening(document) + document.content, parser)


@lru_cache(maxsize=2)
def _parser(*, is_huge: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=is_huge,
    )


def _opening(document: Document) -> bytes:
    name = document.encoding.lower()
    encoding = "gb18030" if name in ("gb2312", "gbk") else name  # they are often too narrow
    return f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x SYSTEM "none">'.encode("ascii")


def _explain(error: etree.XMLSyntaxError, document: Document) -> str:
    line, column = error.position
    if line == 1:
        column -= len(_opening(document))
    message = str(error.msg or error).rsplit(", line ", 1)[0].strip()
    return f"line {line + document.first_line - 1}, column {column}: {message}"


class _Splitter:
    """A window on the stream that moves from one document to the next."""

    def __init__(self, input: Input, roots: Collection[str], limit: int) -> None:
        self._input = input
        self._limit = limit
        self._roots = frozenset(name.encode("ascii") for name in roots)
        names = b"|".join(re.escape(name) for name in sorted(self._roots))
        self._start = re.compile(rb"<(?:[\w.-]+:)?(?:" + names + rb")(?=[\s/>])")
        self._stray_end = re.compile(rb"</(?:[\w.-]+:)?(?:" + names + rb")\s*>")
        self._tags: dict[bytes, tuple[re.Pattern[bytes], re.Pattern[bytes]]] = {}
        self._data = bytearray()
        self._offset = 0  # of data[0] in the stream
        self._is_at_end = False
        self._count = 0
        self._encoding = "utf-8"  # what the file, or its wrapper, declares
        self._wrapper = b""  # qualified name of the element that we are inside of

    def run(self) -> Iterator[Document]:
        if self._input.start > 0:
            self._enter_range()
        while True:
            yield from self._pass_wrapper() if self._wrapper else ()
            self._skip_space()
            if not self._data:
                return
            opening = self._match_opening()
            # What stands between two documents belongs to the range of the first of them.
            if opening is None:
                yield from self._pass_garbage()
            elif _local(opening[1]) not in self._roots:
                yield from self._pass_foreign(opening)
            elif self._is_beyond(self._offset + opening.start(1) - 1):
                return
            else:
                yield self._take(opening)

    def _match_opening(self) -> re.Match[bytes] | None:
        """Prolog and root's name, with the whole start tag in the window; None if there is none."""
        while True:
            opening = _OPENING.match(self._data)
            is_whole = opening is not None and self._data.find(b">", opening.end()) >= 0
            if is_whole or len(self._data) >= PROLOG_BYTES_MAX or not self._read():
                return opening

    def _take(self, opening: re.Match[bytes]) -> Document:
        """Cut off the document that begins here, up to its end tag or where the next begins."""
        self._count += 1
        name = opening[1]
        begin = opening.start(1) - 1
        prolog = bytes(self._data[:begin])
        declared = _ENCODING.search(prolog)
        encoding = declared[1].decode("ascii") if declared else self._encoding
        line = prolog.count(b"\n") + 1
        hostile = _hostile_entity(prolog)
        position = self._position(begin, self._count)
        end_tag, start_tag = self._tags_of(name)
        end_begins = b"</" + name  # found many times as fast as by a pattern
        self._drop(begin)
        closed = _EMPTY.match(self._data)
        if closed:
            return self._cut(position, closed.end(), encoding, line, hostile)
        scanned = 1
        while True:
            near = self._data.find(end_begins, scanned)
            end = end_tag.search(self._data, near) if near >= 0 else None
            stop = end.end() if end else len(self._data)
            if next_one := self._next_beginning(name, scanned, stop, is_ended=end is not None):
                fault = f"<{name.decode()}> has no end: another document begins in it"
                return self._cut(position, next_one, encoding, line, fault)
            if stop > self._limit:
                fault = f"longer than {self._limit} bytes"
                document = self._cut(position, HEAD_BYTES, encoding, line, fault)
                self._drop_until((end_tag, start_tag, _PROLOG), past=end_tag)
                return document
            if end:
                return self._cut(position, stop, encoding, line, hostile)
            scanned = max(1, len(self._data) - len(name) - 64)
            if not self._read():
                fault = f"<{name.decode()}> has no end: the file ends in it"
                return self._cut(position, len(self._data), encoding, line, fault)

    def _next_beginning(self, name: bytes, scanned: int, stop: int, *, is_ended: bool) -> int:
        """Where, before `stop`, another document begins; 0 if none does.

        Where an end tag was found and no second start tag before it, the end tag is this
        document's own, and no prolog needs looking for: most documents are spared that search.
        """
        near = self._data.find(b"<" + name, scanned, stop)
        found = self._tags_of(name)[1].search(self._data, near, stop) if near >= 0 else None
        at = found.start() if found else 0
        if is_ended and not at:
            return 0
        if self._data.find(b"<?xml", scanned, at or stop) < 0:
            return at
        for prolog in _PROLOG.finditer(self._data, scanned, at or stop):
            is_quoted = self._data.rfind(b"<![CDATA[", 0, prolog.start()) > self._data.rfind(
                b"]]>", 0, prolog.start()
            )
            opening = _OPENING.match(self._data, prolog.start())
            if not is_quoted or (opening and _local(opening[1]) in self._roots):
                return prolog.start()
        return at

    def _cut(self, position: str, end: int, encoding: str, line: int, fault: str = "") -> Document:
        with memoryview(self._data) as window:  # a slice of the window would be one more copy
            content = bytes(window[: min(end, HEAD_BYTES) if fault else end])
        self._drop(end)
        return Document(position, content, encoding, line, fault)

    def _pass_garbage(self) -> Iterator[Document]:
        """Report what is neither prolog nor element, and go to the next prolog or start tag."""
        position = self._position(0)
        head = bytes(self._data[:HEAD_BYTES])
        self._drop(1)
        self._drop_until((_PROLOG, self._start))
        yield Document(position, head, self._encoding, 1, "no XML document begins here")

    def _pass_foreign(self, opening: re.Match[bytes]) -> Iterator[Document]:
        """Pass over a document of another root, or enter it if wanted ones are inside."""
        name = opening[1]
        declared = _ENCODING.search(self._data, 0, opening.start(1))
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        end_tag, _ = self._tags_of(name)
        position = self._position(opening.start(1) - 1)
        head = bytes(self._data[opening.start(1) - 1 :][:HEAD_BYTES])
        self._drop(opening.start(1) - 1)
        if closed := _EMPTY.match(self._data):
            self._drop(closed.end())
        else:
            self._drop(1)
            found = self._drop_until((self._start, _PROLOG, end_tag), past=end_tag)
            if found is self._start:
                self._wrapper, self._encoding = name, encoding
                return
            if found is not end_tag:
                yield Document(position, head, encoding, 1, f"<{name.decode()}> has no end")
                return
        self._input.notes.warn(f"passed over a document of another kind: <{name.decode()}>")

    def _pass_wrapper(self) -> Iterator[Document]:
        """Inside a wrapper, go to the next wanted element, or past the wrapper's end."""
        end_tag, _ = self._tags_of(self._wrapper)
        while True:
            position = self._position(0)
            head = bytes(self._data[:HEAD_BYTES])
            found = self._drop_until((self._start, self._stray_end, end_tag, _PROLOG), past=end_tag)
            if found is self._start:
                return
            if found is not self._stray_end:
                break
            yield Document(position, head, self._encoding, 1, "an end tag without a start tag")
            self._drop_until((self._stray_end,), past=self._stray_end)
        if found is not end_tag:
            fault = f"<{self._wrapper.decode()}> has no end"
            yield Document(position, head, self._encoding, 1, fault)
        self._wrapper = b""
        self._encoding = "utf-8"

    def _enter_range(self) -> None:
        """Go to the first document that begins in the range, knowing how the file begins."""
        self._fill(PROLOG_BYTES_MAX)
        head = bytes(self._data)
        opening = _OPENING.match(head.removeprefix(_BOM))
        if opening and _local(opening[1]) not in self._roots:
            inside = self._tags_of(opening[1])[0].search(head)
            if inside is None or self._start.search(head, 0, inside.start()):
                self._wrapper = opening[1]
                declared = _ENCODING.search(head)
                self._encoding = declared[1].decode("ascii") if declared else "utf-8"
        # A prolog is looked for before the range: the document begins with its root element.
        begin = max(0, self._input.start - PROLOG_BYTES_MAX)
        self._input.stream.seek(begin)
        self._data.clear()
        self._offset, self._is_at_end = begin, False
        self._fill(self._input.start - begin + 1)
        ahead = self._input.start - begin
        while True:
            found = self._start.search(self._data, ahead)
            if found:
                break
            self._drop(max(0, len(self._data) - PROLOG_BYTES_MAX))
            ahead = max(0, self._input.start - self._offset)
            if not self._read():
                self._drop(len(self._data))
                self._wrapper = b""
                return
        prolog = self._data.rfind(b"<?xml", 0, found.start())
        opening = _OPENING.match(self._data, prolog) if prolog >= 0 else None
        has_prolog = opening is not None and opening.start(1) - 1 == found.start()
        self._drop(prolog if has_prolog else found.start())

    def _drop_until(
        self, patterns: tuple[re.Pattern[bytes], ...], *, past: re.Pattern[bytes] | None = None
    ) -> re.Pattern[bytes] | None:
        """Drop all before the first match of `patterns` and say which of them it was.

        The match itself is dropped too if it is that of `past`. None: the stream ended first.
        """
        while True:
            first, match = None, None
            for pattern in patterns:  # the likeliest first: it bounds the search for the others
                stop = match.start() if match else len(self._data)
                if found := pattern.search(self._data, 0, stop):
                    first, match = pattern, found
            if match:
                self._drop(match.end() if first is past else match.start())
                return first
            if self._is_at_end:
                self._drop(len(self._data))
                return None
            self._drop(max(0, len(self._data) - 256))  # a tag may straddle two blocks
            self._read()

    def _tags_of(self, name: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
        """End tag and start tag of exactly this qualified name."""
        if name not in self._tags:
            escaped = re.escape(name)
            self._tags[name] = (
                re.compile(rb"</" + escaped + rb"\s*>"),
                re.compile(rb"<" + escaped + rb"(?=[\s/>])"),
            )
        return self._tags[name]

    def _position(self, at: int, count: int = 0) -> str:
        byte = f"byte {self._offset + at}"
        return f"document {count} ({byte})" if count and self._input.start == 0 else byte

    def _is_beyond(self, offset: int) -> bool:
        return self._input.end is not None and offset >= self._input.end

    def _skip_space(self) -> None:
        while True:
            if self._offset == 0 and self._data.startswith(_BOM):
                self._drop(len(_BOM))
            if space := _SPACE.match(self._data):
                self._drop(space.end())
            if self._data.startswith(_BOM):  # files joined with their byte order marks
                self._drop(len(_BOM))
            elif self._data or not self._read():
                return

    def _fill(self, size: int) -> None:
        while len(self._data) < size and self._read():
            pass

    def _read(self) -> bool:
        """Read one more block; false at the end of the stream."""
        block = b"" if self._is_at_end else self._input.stream.read(BLOCK_BYTES)
        self._data += block
        self._is_at_end = not block
        return bool(block)

    def _drop(self, size: int) -> None:
        del self._data[:size]
        self._offset += size


def _local(name: bytes) -> bytes:
    return name.rpartition(b":")[2]
