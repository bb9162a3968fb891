"""Class symbols: every usual spelling gives the one we print."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipsearch.classification import (
    ancestors,
    parse_locarno,
    parse_main_class,
    parse_nice,
    parse_similar_group,
    parse_symbol,
    parse_vienna,
)
from ipsearch.errors import ClassificationError

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("H01M10/0525", "H01M10/0525"),
        ("H01M 10/0525", "H01M10/0525"),
        ("h01m 10 / 0525", "H01M10/0525"),
        ("Ｈ０１Ｍ１０／０５２５", "H01M10/0525"),
        ("H01M0010052500", "H01M10/0525"),
        ("B03C0003090000", "B03C3/09"),
        ("A01B0001000000", "A01B1/00"),
        ("A63B0023100000", "A63B23/10"),
        ("H01M0010052500 20100101AFI20060310BHEP", "H01M10/0525"),
        ("H01M  10/0525 (2010.01)", "H01M10/0525"),
        ("A61K9/00（2006.01）A", "A61K9/00"),
        ("A01G25/14（2006.01）I", "A01G25/14"),
        ("Int. Cl.7 H01M 10/052", "H01M10/052"),
        ("Int.Cl.⁷H01M10/052", "H01M10/052"),
        ("Int. Cl. (2006.01) H01M 10/05", "H01M10/05"),
        ("IPC: H01M10/05", "H01M10/05"),
        ("主分类号：H01M10/05", "H01M10/05"),
        ("F01D   1/    02            A I                    ", "F01D1/02"),
        ("G01F  17/00        20060101AFI20210219BHJP        ", "G01F17/00"),
        ("G01F17/00 C", "G01F17/00"),
        ("A61K 31:00", "A61K31/00"),
        ("A61K 2300/00", "A61K2300/00"),
        ("Y10T 29/49002", "Y10T29/49002"),
        ("H", "H"),
        ("h01", "H01"),
        ("H01M", "H01M"),
        ("H01M00000000000"[:14], "H01M"),
        ("H01M10", "H01M10"),
        ("H01M 10/", "H01M10"),
    ],
)
def test_parse_symbol_reads_every_spelling(text: str, symbol: str) -> None:
    """An IPC or CPC symbol reads the same however its source writes it."""
    assert parse_symbol(text) == symbol


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Z01",
        "H1M",
        "H01M0/00",
        "H01M10/5",
        "H01M10/0525 xyz",
        "08-05",
        "锂电池",
        "H01M10/05255255",
        "H" * 101,
        "ﷺ" * 90,
    ],
)
def test_parse_symbol_refuses_what_is_none(text: str) -> None:
    """What is no symbol raises, and the message shows it."""
    with pytest.raises(ClassificationError) as raised:
        parse_symbol(text)
    assert text[:10] in str(raised.value)


def test_ancestors_end_with_the_symbol() -> None:
    """The levels of a symbol go from the section to itself, each once."""
    assert ancestors("H01M10/0525") == ("H", "H01", "H01M", "H01M10", "H01M10/0525")
    assert ancestors("H01M10") == ("H", "H01", "H01M", "H01M10")
    assert ancestors("H01M") == ("H", "H01", "H01M")
    assert ancestors("H") == ("H",)
    assert ancestors("") == ()


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("08-05", "08-05"),
        ("0805", "08-05"),
        ("08.05", "08-05"),
        ("8-05", "08-05"),
        ("08-05-B0123", "08-05"),
        ("08-05 B0123", "08-05"),
        ("LOC(9) Cl. 08-05", "08-05"),
        ("LOC (13) Cl.08-05", "08-05"),
        ("LOC（9）Cl.08-05", "08-05"),
        ("02-02", "02-02"),
        ("31-00", "31-00"),
        ("32-01", "32-01"),
    ],
)
def test_parse_locarno_reads_every_spelling(text: str, symbol: str) -> None:
    """A Locarno class reads the same with and without its label and product number."""
    assert parse_locarno(text) == symbol


@pytest.mark.parametrize("text", ["", "8", "00-01", "33-01", "08-5", "080500", "H01M10/05"])
def test_parse_locarno_refuses_what_is_none(text: str) -> None:
    """Classes outside 1 to 32 and other texts raise."""
    with pytest.raises(ClassificationError):
        parse_locarno(text)


def test_parse_main_class_tells_designs_from_inventions() -> None:
    """The same column holds IPC for inventions and Locarno for designs."""
    assert parse_main_class("A44C17/02（2006.01）I") == ("ipc", "A44C17/02")
    assert parse_main_class("07-05-F0181") == ("locarno", "07-05")
    with pytest.raises(ClassificationError, match="neither"):
        parse_main_class("未知")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9", 9),
        ("09", 9),
        ("009", 9),
        ("9.0", 9),
        ("９", 9),
        ("第9类", 9),
        ("第 9 類", 9),
        ("第九类", 9),
        ("第十类", 10),
        ("第十一类", 11),
        ("第四十五类", 45),
        ("国际分类：35", 35),
        ("IC 009", 9),
        ("Class 9", 9),
        ("Int. Cl. 45", 45),
        ("NCL 1", 1),
    ],
)
def test_parse_nice_reads_every_spelling(text: str, number: int) -> None:
    """A Nice class reads the same in digits and in Chinese, with and without label."""
    assert parse_nice(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "46", "A", "第类", "第十十类", "一二", "四十六", "9,12", "-9"]
)
def test_parse_nice_refuses_what_is_none(text: str) -> None:
    """Numbers outside 1 to 45 and other texts raise."""
    with pytest.raises(ClassificationError):
        parse_nice(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0901", ("0901", None)),
        ("0901(一)", ("0901", "一")),
        ("0901（一）", ("0901", "一")),
        ("0901㈠", ("0901", "一")),
        ("0901（1）", ("0901", "一")),
        ("0901 (10)", ("0901", "十")),
        ("0901(12)", ("0901", "十二")),
        ("0901-(二)", ("0901", "二")),
        ("0901第（二）部分", ("0901", "二")),
        ("0901二", ("0901", "二")),
        ("4506", ("4506", None)),
    ],
)
def test_parse_similar_group_reads_every_spelling(
    text: str, expected: tuple[str, str | None]
) -> None:
    """A similar group and its part read the same in Chinese and in Arabic digits."""
    assert parse_similar_group(text) == expected


@pytest.mark.parametrize(
    "text", ["", "901", "4601", "0001", "0900", "0901(零)", "0901(0)", "04C01"]
)
def test_parse_similar_group_refuses_what_is_none(text: str) -> None:
    """Groups outside classes 1 to 45, and codes of other offices, raise."""
    with pytest.raises(ClassificationError):
        parse_similar_group(text)


@pytest.mark.parametrize("code", ["C090001", "090001"])
def test_an_item_code_is_no_similar_group(code: str) -> None:
    """An item's code has the class and a serial, not the group: one group has C090001-C090142."""
    with pytest.raises(ClassificationError, match="item's code"):
        parse_similar_group(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("03.01.08", "03.01.08"),
        ("3.1.8", "03.01.08"),
        ("030108", "03.01.08"),
        ("A 3.1.8", "03.01.08"),
        ("３．１．８", "03.01.08"),
        ("29.1", "29.01"),
    ],
)
def test_parse_vienna_reads_every_spelling(text: str, code: str) -> None:
    """A Vienna code reads the same with and without zeros and dots."""
    assert parse_vienna(text) == code


@pytest.mark.parametrize("text", ["", "3", "30.1.1", "0.1.1", "3.0.1", "3.1.8.1", "30108"])
def test_parse_vienna_refuses_what_is_none(text: str) -> None:
    """Categories outside 1 to 29 and other texts raise."""
    with pytest.raises(ClassificationError):
        parse_vienna(text)


@pytest.mark.skipif(not (DATA / "ipc_zh").exists(), reason="no shared data")
def test_every_symbol_of_the_ipc_reads_as_itself() -> None:
    """All symbols of IPC 2026.01 are canonical, and read the same from two other spellings.

    In seven lines of the table the symbol's last digit has slipped into the title.
    """
    lines = (DATA / "ipc_zh" / "ipc_2026_01_zh.tsv").read_text(encoding="utf-8").splitlines()
    symbols = [line.split("\t")[0] for line in lines[1:]]
    slipped = {f"E01D101/{digit}" for digit in "01234"} | {"G01N23/2000", "G01N33/5750"}
    assert len(symbols) == 77_240
    for symbol in symbols:
        if symbol in slipped:
            continue
        assert parse_symbol(symbol) == symbol
        subclass, (main_group, slash, subgroup) = symbol[:4], symbol[4:].partition("/")
        if slash:
            assert parse_symbol(f"{subclass}{main_group:>4}/{subgroup} (2026.01)") == symbol
            assert parse_symbol(f"{subclass}{main_group:0>4}{subgroup:0<6}") == symbol


@pytest.mark.skipif(not (DATA / "cn_patents_7384").exists(), reason="no shared data")
def test_every_main_class_of_the_chinese_table_reads() -> None:
    """All main classes of a Chinese spreadsheet are IPC or Locarno."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(DATA / "cn_patents_7384" / "patents.xlsx")
    header, *rows = book.get_sheet_by_index(0).to_python()
    schemes = [parse_main_class(str(row[header.index("主分类号")]))[0] for row in rows]
    assert (schemes.count("ipc"), schemes.count("locarno")) == (7_244, 140)
