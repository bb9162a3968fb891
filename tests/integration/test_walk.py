"""Made-up files, folders and archives, honest and not, walked and opened."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import random
import struct
import subprocess
import sys
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from ipsearch.errors import HostileInputError, SourceError
from ipsearch.sources.base import Notes
from ipsearch.sources.walk import (
    Fault,
    Item,
    Limits,
    Opener,
    Skipped,
    open_item,
    peek,
    seekable,
    walk,
)

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w", form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zip_of_raw_names(names: list[bytes], flags: int = 0, entries_flags: int = 0) -> bytes:
    """A ZIP made by hand: stored members `x`, names as given, any flags."""
    body, directory = b"", b""
    for name in names:
        crc = zlib.crc32(b"x")
        common = struct.pack("<5HL2L2H", 20, flags, 0, 0, 0, crc, 1, 1, len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + common
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name
        body += b"PK\3\4" + common + name + b"x"
    end = struct.pack("<4H2LH", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read_all(found: list[Item | Fault | Skipped], limits: Limits | None = None) -> dict[str, bytes]:
    """Read every item, named by what follows the first archive."""
    contents = {}
    with Opener(limits) as opener:
        for item in found:
            assert isinstance(item, Item), item
            with opener.open(item, Notes()) as opened:
                contents["!".join(item.members) or item.path.name] = opened.stream.read()
                assert opened.name == item.name
                assert opened.is_seekable == opened.stream.seekable()
    return contents


def fault_of(path: Path, limits: Limits | None = None) -> Fault:
    found = list(walk([path], limits))
    assert len(found) == 1, found
    assert isinstance(found[0], Fault), found
    return found[0]


def test_a_plain_file_is_itself(tmp_path: Path) -> None:
    """A plain file is one item that can be sought, and knows its size."""
    path = write(tmp_path, "a.xml", b"<a/>")
    (item,) = walk([path])
    assert item == Item(path)
    assert isinstance(item, Item)
    assert pickle.loads(pickle.dumps(item)) == item
    with open_item(item, Limits(), Notes()) as opened:
        assert (opened.name, opened.size, opened.is_seekable) == (str(path), 4, True)
        assert peek(opened)[0] == opened.stream.read() == b"<a/>"
        assert seekable(opened) is opened.stream


@pytest.mark.parametrize(
    ("ending", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("dat", gzip.compress)],
)
def test_packed_files_are_unpacked(tmp_path: Path, ending: str, pack: object) -> None:
    """gzip, bzip2 and XZ count as what they unpack to, several streams in one file included."""
    data = random.Random(1).randbytes(3_000_000)
    packed = pack(data) + pack(b"") + pack(b"the end") + bytes(100)  # type: ignore[operator]
    path = write(tmp_path, f"a.xml.{ending}", packed)
    (item,) = walk([path])
    assert isinstance(item, Item)
    with open_item(item, Limits(), Notes()) as opened:
        assert (opened.name, opened.size, opened.is_seekable) == (str(path), None, False)
        head, again = peek(opened)
        assert head == data[: 64 << 10]
        assert again.stream.read() == data + b"the end"


def test_archives_in_archives(tmp_path: Path) -> None:
    """Members three deep are found and read, in whatever kinds of archive, packed or stored."""
    inner = {"甲.xml": b"<a/>" * 9, "b.jsonl.gz": gzip.compress(b"{}"), "图/1.JPG": b"jpeg"}
    for pack_inner in (zipped, tarred, lambda m: tarred(m, "w:gz"), lambda m: zipped(m, 0)):
        for pack_middle in (zipped, tarred, lambda m: tarred(m, "w:xz"), lambda m: zipped(m, 0)):
            for pack_outer in (zipped, tarred, lambda m: tarred(m, "w:bz2")):
                middle = pack_middle({"x": pack_inner(inner), "y.xml": b"<y/>"})
                outer = pack_outer({"1": middle, "z.xml": b"<z/>", "2": middle})
                found = list(walk([write(tmp_path, "daily", outer)]))
                skipped = [entry for entry in found if isinstance(entry, Skipped)]
                assert [entry.reason for entry in skipped] == ["an image"] * 2
                assert skipped[0].name == f"{tmp_path}/daily!1!x!图/1.JPG"
                items = [entry for entry in found if entry not in skipped]
                expected = {
                    "1!x!甲.xml": b"<a/>" * 9,
                    "1!x!b.jsonl.gz": b"{}",
                    "1!y.xml": b"<y/>",
                    "z.xml": b"<z/>",
                    "2!x!甲.xml": b"<a/>" * 9,
                    "2!x!b.jsonl.gz": b"{}",
                    "2!y.xml": b"<y/>",
                }
                assert read_all(items) == expected
                assert read_all(items[::-1]) == expected


def test_spreadsheets_are_no_archives(tmp_path: Path) -> None:
    """A workbook is one item, alone or in an archive, whichever of its parts comes first."""
    for parts in (["[Content_Types].xml", "xl/workbook.xml"], ["q.xml", "[Content_Types].xml"]):
        book = zipped(dict.fromkeys(parts, b"<a/>"))
        folder = write(tmp_path, "表.xlsx", book).parent
        write(folder, "b.zip", zipped({"表.xlsx": book, "b.parquet": b"PAR1"}))
        found = list(walk([folder]))
        assert read_all(found) == {"表.xlsx": book, "b.parquet": b"PAR1"} | {"表.xlsx": book}
        assert len(found) == 3
        inside = next(e for e in found if isinstance(e, Item) and e.members[:1] == ("表.xlsx",))
        with (
            open_item(inside, Limits(), Notes()) as opened,
            seekable(opened) as file,
            zipfile.ZipFile(file) as again,
        ):
            assert again.namelist() == parts


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    """Folders come sorted, hidden files and companions are named as skipped."""
    for name in ("b/2.xml", "b/1.xml", "a.csv", ".hidden/x.xml", "c.TIF", "b/.x", "d.dtd", "e.pdf"):
        write(tmp_path, name, b"x")
    found = list(walk([tmp_path]))
    assert found == list(walk([tmp_path]))
    relative = [entry.name.removeprefix(f"{tmp_path}/") for entry in found]
    kinds = [type(entry).__name__ for entry in found]
    assert list(zip(relative, kinds, strict=True)) == [
        (".hidden", "Skipped"),
        ("a.csv", "Item"),
        ("b/.x", "Skipped"),
        ("b/1.xml", "Item"),
        ("b/2.xml", "Item"),
        ("c.TIF", "Skipped"),
        ("d.dtd", "Skipped"),
        ("e.pdf", "Skipped"),
    ]


def test_links_in_folders(tmp_path: Path) -> None:
    """Links lead neither out of a folder nor in circles; what the user names is followed."""
    folder = tmp_path / "in"
    write(folder, "a.xml", b"<a/>")
    outside = write(tmp_path, "out/b.xml", b"<b/>")
    (folder / "to_out").symlink_to(outside.parent)
    (folder / "to_b").symlink_to(outside)
    (folder / "to_me").symlink_to(folder)
    (folder / "to_a").symlink_to(folder / "a.xml")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "broken").symlink_to(folder / "nothing")
    found = {Path(entry.name).name: entry for entry in walk([folder])}
    assert isinstance(found.pop("a.xml"), Item)
    kinds = {name: type(entry).__name__ for name, entry in found.items()}
    assert kinds == {
        "to_out": "Fault",
        "to_b": "Fault",
        "loop": "Fault",
        "broken": "Fault",
        "to_me": "Skipped",
        "to_a": "Skipped",
    }
    assert [type(entry) for entry in walk([folder / "to_b", folder / "to_out"])] == [Item, Item]


def test_what_is_no_file(tmp_path: Path) -> None:
    """Missing, empty, unreadable and special files are faults, and the walk goes on."""
    os.mkfifo(tmp_path / "pipe")
    paths = [tmp_path / "none", write(tmp_path, "empty", b""), tmp_path / "pipe"]
    found = list(walk([*paths, write(tmp_path, "a.xml", b"<a/>")]))
    assert [type(entry) for entry in found] == [Fault, Fault, Fault, Item]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text there, not bytes")
def test_chinese_file_names(tmp_path: Path) -> None:
    """A file name in GBK is shown readably, and the file is read."""
    raw = os.fsencode(tmp_path) + "/专利数据.csv".encode("gbk")
    Path(os.fsdecode(raw)).write_bytes(b"x")
    (item,) = walk([tmp_path])
    assert isinstance(item, Item)
    assert item.name == f"{tmp_path}/专利数据.csv"
    with open_item(item, Limits(), Notes()) as opened:
        assert opened.stream.read() == b"x"


def test_chinese_member_names(tmp_path: Path) -> None:
    """Member names in GBK without the UTF-8 flag are decoded, and equal names are told apart."""
    names = ["数据/发明.xml".encode("gbk"), "数据/发明.xml".encode(), b"a.xml", b"a.xml"]
    found = list(walk([write(tmp_path, "a.zip", zip_of_raw_names(names))]))
    members = ["数据/发明.xml", "数据/发明.xml#2", "a.xml", "a.xml#2"]
    assert list(read_all(found)) == members
    packed = tarred({"数据/发明.xml": b"x"}, form=tarfile.USTAR_FORMAT)
    packed = packed.replace("数据/发明.xml".encode(), "数据/发明.xml".encode("gbk") + bytes(4))
    header = bytearray(packed[:512])
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    found = list(walk([write(tmp_path, "a.tar", bytes(header) + packed[512:])]))
    assert list(read_all(found)) == ["数据/发明.xml"]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_long_member_names(tmp_path: Path, form: int) -> None:
    """Names too long for a TAR header are read whole, in each dialect."""
    name = "/".join(["a" * 60, "b" * 60, "c" * 60]) + ".xml"
    data = tarred({name: b"<a/>", "z.xml": b"<z/>"}, form=form)
    assert read_all(list(walk([write(tmp_path, "a.tar", data)]))) == {
        name: b"<a/>",
        "z.xml": b"<z/>",
    }


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/evil.xml", "a\\..\\..\\evil.xml", "C:\\e.xml"]
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_members_that_lead_outside(tmp_path: Path, name: str, pack: object) -> None:
    """A member whose path leads outside is a fault, the others are read, nothing is written."""
    folder = tmp_path / "deep" / "er"
    path = write(folder, "a", pack({name: b"x", "good.xml": b"x"}))  # type: ignore[operator]
    bad, good = walk([path])
    assert isinstance(bad, Fault)
    assert "outside" in bad.reason
    assert read_all([good]) == {"good.xml": b"x"}
    assert [p.name for p in tmp_path.rglob("*")] == ["deep", "er", "a"]


def test_links_in_archives(tmp_path: Path) -> None:
    """Links, devices and files with holes in archives are faults, never followed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("link.xml")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("folder")
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
        info = tarfile.TarInfo("a.xml")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    found = list(walk([write(tmp_path, "a.tar", buffer.getvalue())]))
    assert [type(entry) for entry in found] == [Fault] * 4 + [Item]
    entry = zipfile.ZipInfo("link.xml")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive_:
        archive_.writestr(entry, "/etc/passwd")
    assert "link" in fault_of(write(tmp_path, "a.zip", buffer.getvalue())).reason


def test_encrypted_and_split_and_foreign_archives(tmp_path: Path) -> None:
    """What cannot be unpacked here says why and what to do."""
    encrypted = zip_of_raw_names([b"a.xml"], flags=1)
    assert "encrypted" in fault_of(write(tmp_path, "e.zip", encrypted)).reason
    whole = zip_of_raw_names([b"a.xml"])
    last_part = whole.replace(b"PK\5\6\0\0", b"PK\5\6\2\0")
    for name, data, words in (
        ("last.zip", last_part, "split"),
        ("a.z01", b"PK\7\x08PK\3\4", "split"),
        ("b", b"PK\7\x08PK\3\4", "split"),
        ("a.z02", b"any bytes", "split"),
        ("a.zip.001", whole[:-3], "split"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c..", "7z"),
        ("a.rar", b"Rar!\x1a\x07\1\0", "RAR"),
        ("a.zst", b"\x28\xb5\x2f\xfd....", "Zstandard"),
        ("none.zip", zipped({}), "empty"),
        ("none.tar", tarred({}), "cut"),
        ("cut.zip", zipped({"a": b"x"})[:-30], "cut"),
    ):
        if name != "none.tar":
            assert words in fault_of(write(tmp_path, name, data)).reason


def test_a_cut_zip_inside_leaves_the_rest(tmp_path: Path) -> None:
    """One damaged archive among others is one fault, named to the member."""
    good = zipped({"a.xml": b"<a/>"})
    path = write(tmp_path, "d.zip", zipped({"1.zip": good, "2.zip": good[:-9], "3.zip": good}))
    first, bad, last = walk([path])
    assert isinstance(bad, Fault)
    assert bad.name == f"{path}!2.zip"
    assert read_all([first, last]) == {"1.zip!a.xml": b"<a/>", "3.zip!a.xml": b"<a/>"}


@pytest.mark.parametrize("size", [1, 5, 20, 1000, 99_990])
def test_a_cut_gzip_gives_what_it_holds(tmp_path: Path, size: int) -> None:
    """Of a cut gzip file everything before the cut is read, then comes an error with the place."""
    data = random.Random(2).randbytes(100_000)
    path = write(tmp_path, "a.gz", gzip.compress(data)[:size])
    expected = zlib.decompressobj(31).decompress(gzip.compress(data)[:size])
    got = b""
    with open_item(Item(path), Limits(), Notes()) as opened:
        if size < 3:  # no gzip as far as one can see
            assert opened.stream.read() == path.read_bytes()
            return
        with pytest.raises(SourceError, match="cut") as error:
            while chunk := opened.stream.read(777):
                got += chunk
    assert got == expected
    assert error.value.position == f"byte {len(expected)}"
    assert error.value.path == str(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_damage_inside_is_an_error(tmp_path: Path, pack: object) -> None:
    """A wrong byte in packed data, its checksum or behind it is an error, never wrong data."""
    data = random.Random(3).randbytes(50_000) + b"." * 50_000
    packed = pack(data)  # type: ignore[operator]
    for broken in (
        packed[:30_000] + bytes([packed[30_000] ^ 1]) + packed[30_001:],
        packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:],
        packed + b"rubbish",
        packed[:-1],
    ):
        got = b""
        with (
            open_item(Item(write(tmp_path, "a", broken)), Limits(), Notes()) as opened,
            pytest.raises(SourceError),
        ):
            while chunk := opened.stream.read(4096):
                got += chunk
        if pack is gzip.compress and broken[30_000] == packed[30_000]:
            assert got == data


def test_damage_in_a_zip_member(tmp_path: Path) -> None:
    """A member whose checksum is wrong is read to its end and then is an error, alone."""
    data = random.Random(4).randbytes(5000)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        packed = bytearray(zipped({"a.xml": data, "b.xml": data}, method))
        packed[1000] ^= 1
        first, second = walk([write(tmp_path, "a.zip", bytes(packed))])
        assert isinstance(first, Item)
        with open_item(first, Limits(), Notes()) as opened, pytest.raises(SourceError) as error:
            opened.stream.read()
        assert error.value.path.endswith("a.zip!a.xml")
        assert read_all([second]) == {"b.xml": data}


def test_a_cut_tar_gives_what_it_holds(tmp_path: Path) -> None:
    """The members before a cut are found and read, the cut itself is a fault."""
    data = tarred({"a.xml": b"a" * 5000, "b.xml": b"b" * 5000, "c.xml": b"c"})
    a, b = ("a.xml", b"a" * 5000), ("b.xml", b"b" * 5000)
    for cut, count, whole in ((5000, 1, []), (5632, 1, [a]), (8000, 2, [a]), (12000, 3, [a, b])):
        for pack in (bytes, gzip.compress):
            path = write(tmp_path, "a.tar", pack(data[:cut]))
            *items, fault = walk([path])
            assert len(items) == count, cut
            assert isinstance(fault, Fault)
            assert "cut" in fault.reason
            assert list(read_all(items[: len(whole)]).items()) == whole


def test_sizes_that_lie_in_a_tar(tmp_path: Path) -> None:
    """A TAR whose header asks for more than any disk holds is a fault; 8 GiB in pax are read."""
    info = tarfile.TarInfo("a.xml")
    info.size = 1 << 70
    assert "bytes" in fault_of(write(tmp_path, "a.tar", info.tobuf(tarfile.GNU_FORMAT))).reason
    info.size, info.pax_headers = 0, {"size": "9" * 5000}
    data = info.tobuf(tarfile.PAX_FORMAT) + bytes(1024)
    assert fault_of(write(tmp_path, "b.tar", data)).reason == "the file is empty"
    big = 9 << 30
    info.size, info.pax_headers = big, {}
    path = write(tmp_path, "c.tar", info.tobuf(tarfile.PAX_FORMAT))
    head, last = path.stat().st_size, tarfile.TarInfo("b.xml")
    last.size = 1
    with path.open("r+b") as file:  # with a hole: it takes no room
        file.seek(head + big)
        file.write(last.tobuf() + b"x".ljust(512, b"\0") + bytes(1024))
    first, second = walk([path])
    assert isinstance(first, Item)
    assert first.size == big
    assert read_all([second]) == {"b.xml": b"x"}


def test_a_file_that_shrinks_is_an_error(tmp_path: Path) -> None:
    """A file that loses its last bytes while it is read does not end quietly."""
    path = write(tmp_path, "a.xml", bytes(3_000_000))
    with open_item(Item(path), Limits(), Notes()) as opened:
        opened.stream.read(10)
        os.truncate(path, 2_000_000)
        got = 10
        with pytest.raises(SourceError, match="shorter") as error:
            while chunk := opened.stream.read(65536):
                got += len(chunk)
    assert error.value.position == f"byte {got}" == "byte 2000000"


ZEROS = bytes(1 << 20)


def gzip_of_zeros(mebibytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(ZEROS) for _ in range(mebibytes)) + packer.flush()


@pytest.mark.parametrize("way", ["gz", "zip", "tar.gz", "gz.gz", "zip.zip"])
def test_a_bomb_is_stopped(tmp_path: Path, way: str) -> None:
    """300 MiB of zeros in 300 KB are refused in a few seconds, and in little memory."""
    if way in ("gz", "gz.gz"):
        data = gzip_of_zeros(300)
        if way == "gz.gz":
            data = gzip.compress(data)
    elif way == "tar.gz":
        info = tarfile.TarInfo("a.xml")
        info.size = 300 << 20
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = packer.compress(info.tobuf())
        data += b"".join(packer.compress(ZEROS) for _ in range(300)) + packer.flush()
    else:
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("a.xml", "w") as member,
        ):
            for _ in range(300):
                member.write(ZEROS)
        data = buffer.getvalue()
        if way == "zip.zip":
            data = zipped({"b.zip": data})
    path = write(tmp_path, f"a.{way}", data)
    tracemalloc.start()
    began = time.monotonic()
    reasons = []
    for entry in walk([path]):
        if isinstance(entry, Fault):
            reasons.append(entry.reason)
        elif isinstance(entry, Item):
            with (
                open_item(entry, Limits(), Notes()) as opened,
                pytest.raises(HostileInputError) as error,
            ):
                while opened.stream.read(1 << 20):
                    pass
            reasons.append(error.value.reason)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reasons
    assert all("bomb" in reason for reason in reasons)
    assert time.monotonic() - began < 5
    assert peak < 30 << 20


def test_size_alone_is_no_bomb(tmp_path: Path) -> None:
    """What unpacks to more than the floor passes while its ratio is an honest one."""
    block = random.Random(5).randbytes(40_000) + bytes(160_000)
    path = write(tmp_path, "a.gz", gzip.compress(block * 30, 1))
    limits = Limits(max_ratio=20, floor_bytes=1 << 20)
    with open_item(Item(path), limits, Notes()) as opened:
        assert len(opened.stream.read()) == 6_000_000


def test_overlapping_members_are_a_bomb(tmp_path: Path) -> None:
    """Members that share their bytes are refused before anything is unpacked."""
    one = zip_of_raw_names([b"a.xml"])
    start, end = one.index(b"PK\1\2"), one.index(b"PK\5\6")
    entry = one[start:end]
    data = one[:start] + entry + entry.replace(b"a.xml", b"b.xml")
    data += b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 2, 2, 2 * len(entry), start, 0)
    assert "overlap" in fault_of(write(tmp_path, "a.zip", data)).reason


def test_a_tree_of_archives_is_a_bomb(tmp_path: Path) -> None:
    """Small archives that hold each other many times over are given up as a whole."""
    data = zipped({"a.xml": bytes(3000)})
    for _ in range(3):
        data = zipped({f"{i:02}.zip": data for i in range(16)})
    path = write(tmp_path, "a.zip", data)
    *_, last = walk([path], Limits(floor_bytes=100_000, max_ratio=20))
    assert isinstance(last, Fault)
    assert (last.name, "bomb" in last.reason) == (str(path), True)


def test_nesting_and_number_are_limited(tmp_path: Path) -> None:
    """Archives deeper than allowed are faults, the shallower members are read."""
    data = b"<a/>"
    for depth in range(6):
        data = zipped({f"{depth}": data, "side.xml": b"<s/>"})
    found = list(walk([write(tmp_path, "a.zip", data)]))
    faults = [entry for entry in found if isinstance(entry, Fault)]
    assert len(found) == 5
    assert ["more than 4 archives" in fault.reason for fault in faults] == [True]
    many = write(tmp_path, "b.zip", zipped({f"{i}.xml": b"x" for i in range(11)}))
    assert "more than 10 members" in fault_of(many, Limits(max_members=10)).reason
    wrapped = b"x"
    for _ in range(7):
        wrapped = gzip.compress(wrapped)
    assert "times over" in fault_of(write(tmp_path, "c.gz", wrapped)).reason


def test_headers_that_lie(tmp_path: Path) -> None:
    """A member that unpacks to more or less than announced is an error when it is read."""
    good = zipped({"a.xml": b"x" * 1000})
    for size in (10, 2000):
        start = good.index(b"PK\1\2") + 24
        path = write(tmp_path, "a.zip", good[:start] + struct.pack("<L", size) + good[start + 4 :])
        (item,) = walk([path])
        assert isinstance(item, Item)
        with (
            open_item(item, Limits(), Notes()) as opened,
            pytest.raises(SourceError, match="announced"),
        ):
            opened.stream.read()


def test_zip64_and_bytes_in_front(tmp_path: Path) -> None:
    """ZIP64 fields, a comment at the end and bytes in front of the archive are understood."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        with archive.open("a.xml", "w", force_zip64=True) as member:
            member.write(b"<a/>")
        archive.comment = b"PK\5\6 is how an end record begins"
    assert read_all(list(walk([write(tmp_path, "a.zip", buffer.getvalue())]))) == {"a.xml": b"<a/>"}
    inner = zip_of_raw_names([b"a.xml"])
    start, end = inner.index(b"PK\1\2"), inner.index(b"PK\5\6")
    end64 = b"PK\6\6" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 1, 1, end - start, start)
    locator = b"PK\6\7" + struct.pack("<LQL", 0, end, 1)
    last = b"PK\5\6" + struct.pack(
        "<4H2LH", 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0
    )
    path = write(tmp_path, "b.zip", inner[:end] + end64 + locator + last)
    assert read_all(list(walk([path]))) == {"a.xml": b"x"}
    path = write(tmp_path, "c.zip", b"PK\3\4 some bytes in front" + inner)
    assert read_all(list(walk([path]))) == {"a.xml": b"x"}


def test_the_memory_of_a_bomb(tmp_path: Path) -> None:
    """A process that meets a bomb stays below 300 MiB in all."""
    path = write(tmp_path, "a.gz", gzip_of_zeros(300))
    script = (
        "import re, sys; from pathlib import Path\n"
        "from ipsearch.sources.base import Notes\n"
        "from ipsearch.sources.walk import Item, Limits, open_item\n"
        "with open_item(Item(Path(sys.argv[1])), Limits(), Notes()) as opened:\n"
        "    try:\n"
        "        while opened.stream.read(65536): pass\n"
        "    except Exception as error: print(type(error).__name__)\n"
        "status = open('/proc/self/status').read()\n"  # getrusage counts the parent before exec
        "print(int(re.search(r'VmHWM:\\s*(\\d+)', status)[1]) >> 10)\n"
    )
    run = [sys.executable, "-c", script, str(path)]
    root = Path(__file__).parents[2]
    name, peak_mib = subprocess.check_output(run, text=True, cwd=root).split()
    assert name == "HostileInputError"
    assert int(peak_mib) < 300


def test_many_members_are_listed_quickly(tmp_path: Path) -> None:
    """20,000 members of a ZIP and of a packed TAR are listed and read in seconds, not in hours."""
    members = {f"CN{number:09}A.xml": b"<a/>" * 100 for number in range(20_000)}
    for pack in (zipped, lambda members: zipped({"in.zip": zipped(members)})):
        path = write(tmp_path, "a.zip", pack(members))
        began = time.monotonic()
        found = list(walk([path]))
        assert time.monotonic() - began < 10
        assert len(read_all(found)) == 20_000
        assert time.monotonic() - began < 25
    path = write(tmp_path, "a.tgz", tarred(members, "w:gz"))
    began = time.monotonic()
    assert len(read_all(list(walk([path])))) == 20_000
    assert time.monotonic() - began < 25


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
def test_real_files_are_items() -> None:
    """Of the real deliveries every data file is an item, and every companion is skipped."""
    found = list(walk([DATA]))
    files = [path for path in DATA.rglob("*") if path.is_file()]
    assert len(found) == len(files)
    assert not [entry for entry in found if isinstance(entry, Fault)]
    skipped = {Path(entry.name).suffix for entry in found if isinstance(entry, Skipped)}
    assert skipped == {".dtd", ".xsd", ".pdf", ".md"}
    packed = next(e for e in found if isinstance(e, Item) and e.path.suffix == ".gz")
    with open_item(packed, Limits(), Notes()) as opened:
        assert sum(1 for _ in opened.stream) == 10_000
