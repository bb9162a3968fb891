"""Whatever is handed over, honest, cut or damaged: nothing crashes and nothing is lost."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from functools import partial
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ipsearch.errors import SourceError
from ipsearch.sources.archives import display_name
from ipsearch.sources.base import Notes
from ipsearch.sources.encoding import detect_encoding, text_lines
from ipsearch.sources.registry import describe
from ipsearch.sources.walk import Fault, Item, Limits, Opener, Skipped, open_stream, walk

Tree = dict[str, "bytes | Tree"]

NAMES = st.text("abc发明", min_size=1, max_size=3)
CONTENTS = st.binary(min_size=1, max_size=600).map(lambda data: b"<" + data)
TREES = st.recursive(
    CONTENTS, lambda inside: st.dictionaries(NAMES, inside, min_size=1, max_size=3), max_leaves=8
).filter(lambda tree: isinstance(tree, dict))
PACKERS = (bytes, partial(gzip.compress, mtime=0), bz2.compress, lzma.compress)


def pack(tree: bytes | Tree, draw: st.DataObject) -> bytes:
    """Pack `tree`, each level as a ZIP or TAR or packed TAR, each leaf perhaps by gzip."""
    if isinstance(tree, bytes):
        return draw.draw(st.sampled_from(PACKERS))(tree)
    members = {name: pack(part, draw) for name, part in tree.items()}
    buffer = io.BytesIO()
    if draw.draw(st.booleans()):
        method = draw.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, data in members.items():
                archive.writestr(zipfile.ZipInfo(name), data, method)
        return buffer.getvalue()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return draw.draw(st.sampled_from(PACKERS))(buffer.getvalue())


def leaves(tree: bytes | Tree, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], bytes]]:
    if isinstance(tree, bytes):
        return [(path, tree)]
    return [leaf for name, part in tree.items() for leaf in leaves(part, (*path, name))]


def read(
    found: list[Item | Fault | Skipped], limits: Limits
) -> list[tuple[tuple[str, ...], bytes]]:
    """Read all items to where they fail."""
    contents = []
    with Opener(limits) as opener:
        for item in found:
            if not isinstance(item, Item):
                continue
            data = b""
            try:
                with opener.open(item, Notes()) as opened:
                    while chunk := opened.stream.read(100):
                        data += chunk
            except SourceError as error:
                assert error.path == item.name
            contents.append((item.members, data))
    return contents


@settings(deadline=None, max_examples=60)
@given(TREES, st.data())
def test_every_leaf_of_a_tree_of_archives_is_found(tree: Tree, draw: st.DataObject) -> None:
    """Archives in archives, packed in any way, give each of their files once, whole, in order."""
    limits = Limits(max_nesting=20, spool_bytes=100)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(pack(tree, draw))
        found = list(walk([path], limits))
        assert read(found, limits) == leaves(tree)
        shuffled = draw.draw(st.permutations(found))
        assert sorted(read(shuffled, limits)) == sorted(leaves(tree))


@settings(deadline=None, max_examples=120)
@given(TREES, st.data())
def test_damage_never_crashes_and_never_adds(tree: Tree, draw: st.DataObject) -> None:
    """Cut or altered anywhere, archives end in items and faults, never in another error."""
    data = bytearray(pack(tree, draw))
    for _ in range(draw.draw(st.integers(0, 3))):
        position = draw.draw(st.integers(0, len(data) - 1))
        data[position] = draw.draw(st.integers(0, 255))
    del data[draw.draw(st.integers(1, len(data))) :]
    limits = Limits(max_nesting=20)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        found = list(walk([path], limits))
        assert found
        read(found, limits)


@settings(deadline=None)
@given(
    st.binary(max_size=3000).map(lambda data: b"<" + data), st.sampled_from(PACKERS[1:]), st.data()
)
def test_a_cut_gives_a_prefix_and_an_error(
    data: bytes, packer: type[bytes], draw: st.DataObject
) -> None:
    """What is read of a cut file is the beginning of its content, and the end is an error."""
    packed = packer(data)
    size = draw.draw(st.integers(10, len(packed) - 1))
    got = b""
    opened = open_stream(io.BytesIO(packed[:size]), "a", Limits(), Notes())
    try:
        while chunk := opened.stream.read(7):
            got += chunk
        raise AssertionError("the cut was not noticed")
    except SourceError as error:
        assert error.position == f"byte {len(got)}"
    assert data.startswith(got)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_name(raw: bytes) -> None:
    """Any stored name can be shown, written as UTF-8, and printed without moving the cursor."""
    name = display_name(raw)
    assert name.encode("utf-8").decode() == name
    assert not any(ord(character) < 32 for character in name)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_utf8_is_recognised(text: str) -> None:
    """Text in UTF-8 is taken for UTF-8 (with its mark if it has one)."""
    assert detect_encoding(text.encode()) in ("utf-8", "utf-8-sig")


@given(st.binary(max_size=400), st.sampled_from(["utf-8", "gb18030", "utf-16", "cp1252"]))
def test_lines_account_for_every_byte(data: bytes, encoding: str) -> None:
    """Whatever a file holds, its lines come in order and a fault is marked by U+FFFD."""
    lines = list(text_lines(io.BytesIO(data), encoding, "a"))
    offsets = [line.offset for line in lines]
    assert offsets == sorted(set(offsets))
    if encoding == "utf-8":
        expected = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        assert "".join(line.text for line in lines) == expected
    assert all("\ufffd" in line.text for line in lines if line.fault and encoding == "utf-8")


@given(st.binary(max_size=300))
def test_anything_can_be_described(head: bytes) -> None:
    """Any bytes are described in one line."""
    words = describe(head)
    assert words
    assert "\n" not in words
