from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import pytest

from ipsearch.errors import SourceError, UnknownNameError
from ipsearch.records import SCHEMAS, to_batch
from ipsearch.sources import table
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.table_cells import find_headers
from ipsearch.sources.table_headers import normalise_header, read_layout
from ipsearch.sources.table_values import (
    read_chinese_address,
    read_province,
    split_names,
)


def _read(text: str | bytes, **keywords: Any) -> tuple[list[Record | Reject], Notes]:
    data = text.encode() if isinstance(text, str) else text
    notes = Notes()
    opened = Input("table.csv", io.BytesIO(data), len(data), True, notes)
    return list(table.read(opened, **keywords)), notes


def _rows(text: str | bytes, **keywords: Any) -> list[dict[str, Any]]:
    items, _ = _read(text, **keywords)
    assert all(isinstance(item, Record) for item in items), items
    return [item.row for item in items if isinstance(item, Record)]


@pytest.mark.parametrize(
    ("header", "normalised"),
    [
        ("公开（公告）号", "公开公告号"),
        ("[标]当前申请(专利权)人", "当前申请专利权人"),
        (" Publication_Number ", "publicationnumber"),
        ("权利要求数(项)", "权利要求数"),
        ("ＩＰＣ分类号", "ipc分类号"),
    ],
)
def test_headers_are_compared_without_dress(header: str, normalised: str) -> None:
    """Width, case, brackets, marks and units do not matter."""
    assert normalise_header(header) == normalised


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("标题(英文)", "en"),
        ("英文标题", "en"),
        ("标题(译)(英文)", "en"),
        ("title_en", "en"),
        ("Title (English)", "en"),
        ("标题（中文）", "zh"),
        ("标题", None),
    ],
)
def test_a_header_names_the_language(header: str, language: str | None) -> None:
    """A text's language stands before or behind its name, in many ways."""
    layout = read_layout(["公开号", header])
    assert layout is not None
    assert [column.language for column in layout.columns["titles"]] == [language]


@pytest.mark.parametrize(
    "headers",
    [
        ["a", "b"],
        ["id", "title"],
        ["patent_id", "patent_type", "patent_date"],
        ["标题", "摘要"],
        [],
    ],
)
def test_other_tables_are_not_recognised(headers: list[str]) -> None:
    """Without a column of numbers and one more that we know, a table is not ours."""
    assert read_layout(headers) is None
    assert not table.recognises(",".join(headers).encode(), "table.csv")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    """Any delimiter in any encoding gives the same rows, and the line where each begins."""
    lines = [["申请号", "标题", "摘要"], ["2018109000113", "石墨烯电池", '"第一行\n第二行"']]
    lines.append(["2017109000072", "电解液", "无"])
    text = "".join(delimiter.join(line) + "\r\n" for line in lines)
    data = text.encode(encoding)
    assert table.recognises(data, "table.txt")
    items, _ = _read(data)
    records = [item for item in items if isinstance(item, Record)]
    assert [(record.position, record.row["id"]) for record in records] == [
        ("line 2", "CN201810900011.3"),
        ("line 4", "CN201710900007.2"),
    ]
    assert records[0].row["abstracts"] == [{"language": "zh", "text": "第一行\n第二行"}]


def test_titles_above_the_headers_are_passed_over() -> None:
    """An export may begin with the words of the query; headers are found below them."""
    (row,) = _rows("检索式：石墨烯\n\n公开号,标题\nCN108900011A,甲\n")
    assert row["id"] == "CN108900011A"


def test_a_row_without_number_is_a_reject() -> None:
    """What cannot be named is not lost silently."""
    (item,), _ = _read("公开号,标题\n,甲\n")
    assert isinstance(item, Reject)
    assert item.position == "line 2"
    assert item.reason == "no publication, application or registration number"


def test_a_stray_quote_costs_its_own_row_only() -> None:
    """Rows that an open quote has swallowed are read again."""
    text = '公开号,标题,申请人\nCN108900011A,"甲,某某\nCN108900012A,乙,某某\nCN108900013A,丙,"某"\n'
    items, _ = _read(text)
    assert [type(item).__name__ for item in items] == ["Reject", "Record", "Record"]
    assert "quote" in items[0].reason if isinstance(items[0], Reject) else False
    assert [item.position for item in items] == ["line 2", "line 3", "line 4"]


def test_a_row_with_too_many_cells_is_a_reject() -> None:
    """A comma too many shifts the cells: such a row is not guessed at."""
    (item,), _ = _read("公开号,标题\nCN108900011A,甲,乙\n")
    assert isinstance(item, Reject)
    assert item.reason == "3 cells under 2 headers"


def test_a_line_of_bad_bytes_is_a_reject() -> None:
    """A line that is not of the file's encoding costs that line alone."""
    good = "公开号,标题\n" + "CN108900011A,甲\n" * 3
    items, _ = _read(good.encode() + b"CN108900012A,\xff\xfe\n" + "CN108900013A,丙\n".encode())
    assert [item.position for item in items if isinstance(item, Reject)] == ["line 5"]
    assert len(items) == 5


def test_a_wrong_check_digit_is_warned_of_and_kept() -> None:
    """A number with a wrong check digit names the same application."""
    items, notes = _read("申请号,标题\n201810900011.9,甲\n")
    assert isinstance(items[0], Record)
    assert items[0].row["id"] == "CN201810900011.3"
    assert notes.warnings == {"wrong check digit: 201810900011.9": 1}


def test_columns_without_meaning_are_named() -> None:
    """The notes say which columns nothing was made of; counters of rows are none."""
    _, notes = _read("序号,公开号,标题,专利价值(元)\n1,CN108900011A,甲,5\n")
    assert notes.unmapped == {"专利价值(元)"}


def test_headers_of_the_users_own() -> None:
    """A user's own header gives a target a column, and may change the meaning of one of ours."""
    text = "公开号,我的题目,摘要\nCN108900011A,甲,乙\n"
    extra = {"patent": {"titles": ["我的题目"], "first_claim": ["摘要"]}}
    (row,) = _rows(text, extra=extra)
    assert row["titles"] == [{"language": "zh", "text": "甲"}]
    assert row["claims"] == [{"language": "zh", "label": "1", "text": "乙"}]
    assert "abstracts" not in row


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("发明人甲 | 发明人乙", ["发明人甲", "发明人乙"]),
        ("发明人甲;发明人乙；发明人丙", ["发明人甲", "发明人乙", "发明人丙"]),
        ("发明人甲、发明人乙", ["发明人甲", "发明人乙"]),
        ("某某大学,示例公司", ["某某大学", "示例公司"]),
        ("姓, 名|姓, 名", ["姓, 名", "姓, 名"]),
        ("姓, 名", ["姓, 名"]),
        ("Example Co., Ltd.", ["Example Co., Ltd."]),
        ("Inventor, A;;Inventor, B", ["Inventor, A", "Inventor, B"]),
    ],
)
def test_names_are_split_where_that_is_safe(text: str, names: list[str]) -> None:
    """Commas part Chinese names only."""
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("湖北省武汉市武昌区示例路1号", ("湖北省", "武汉市", "武昌区")),
        ("430070 湖北省武汉市洪山区示例路1号", ("湖北省", "武汉市", "洪山区")),
        ("内蒙古自治区锡林郭勒盟锡林浩特市示例路", ("内蒙古自治区", "锡林郭勒盟", "锡林浩特市")),
        ("北京市海淀区示例街3号", ("北京市", "北京市", "海淀区")),
        ("中国上海浦东新区示例路", ("上海市", "上海市", "浦东新区")),
        ("吉林市昌邑区示例街", ("吉林省", "吉林市", "昌邑区")),
        ("海南藏族自治州示例县", (None, None, None)),
        ("1 Example Street, Exampletown", (None, None, None)),
    ],
)
def test_places_in_an_address(address: str, place: tuple[str | None, ...]) -> None:
    """Province, city and county are read from where a Chinese address begins, or not at all."""
    found = read_chinese_address(address)
    assert tuple(found.get(key) for key in ("province", "city", "county")) == place


@pytest.mark.parametrize("text", ["湖北", "湖北省", "42", "湖北;42", "CN420106"])
def test_ways_to_name_a_province(text: str) -> None:
    """Names, short names and codes of GB/T 2260 are one."""
    assert read_province(text) == ("CN", "湖北省")


def test_a_pair_of_province_and_code_belongs_to_the_first_applicant() -> None:
    """湖北;42 is one province, not one for each of two applicants."""
    (row,) = _rows(
        "公开号,申请人,国省代码\nCN108900011A,某某大学;某某公司,湖北;42\n".replace("\t", ",")
    )
    assert row["applicants"] == [
        {"name": "某某大学", "country": "CN", "province": "湖北省"},
        {"name": "某某公司"},
    ]


def test_both_publications_in_one_row() -> None:
    """A row with both numbers is the granted document's; the other number is kept."""
    text = "申请公布号,授权公告号,申请公布日,授权公告日,名称\n"
    text += "CN107900007A,CN107900007B,2018.04.13,2020.06.30,电解液\n"
    (row,) = _rows(text)
    assert row["id"] == row["publication_number"] == "CN107900007B"
    assert row["other_numbers"] == ["CN107900007A"]
    assert row["publication_date"] == row["grant_date"] == datetime.date(2020, 6, 30)
    assert row["transaction_date"] == datetime.date(2020, 6, 30)


def test_a_table_of_statuses_brings_news() -> None:
    """Numbers and statuses alone are no records, but events of some."""
    (row,) = _rows("申请号,法律状态,更新日期\n201810900011.3,未缴年费,2024-01-02\n")
    assert row["is_event"] is True
    assert row["legal_status"] == "lapsed"
    assert row["transaction_date"] == datetime.date(2024, 1, 2)


def test_an_unknown_status_is_kept_as_an_event() -> None:
    """An office's word that we do not know is warned of and stays in the record."""
    items, notes = _read("公开号,标题,法律状态\nCN108900011A,甲,前所未闻\n")
    assert isinstance(items[0], Record)
    assert "legal_status" not in items[0].row
    assert items[0].row["legal_events"] == [{"date": None, "name": "前所未闻"}]
    assert notes.warnings == {"unknown legal status: '前所未闻'": 1}


def test_products_differ_by_columns() -> None:
    """The same columns in another order are the same product; other columns another."""
    (first,) = _rows("公开号,标题\nCN108900011A,甲\n")
    (second,) = _rows("专利名称,公开（公告）号\n甲,CN108900011A\n")
    (third,) = _rows("公开号,摘要\nCN108900011A,乙\n")
    assert first["product"] == second["product"] != third["product"]
    assert len(first["product"]) == 8


def test_designs_have_locarno_classes() -> None:
    """In one column of main classes a design's is told from an invention's."""
    rows = _rows("公开号,主分类号\nCN306900077S,12-07(13)\nCN108900011A,H01M4/36\n")
    assert rows[0]["locarno"] == ["12-07"]
    assert rows[1]["ipc"] == ["H01M4/36"]


MARKS = "注册号,类别,商标名称,类似群,商品/服务,商标状态\n"


def test_rows_of_one_mark_become_one_record() -> None:
    """Rows of one number, together or apart, are one mark with several classes."""
    text = MARKS + "90000001,9,甲,0901(一),电池,已注册\n90000002,30,乙,3002,茶,驳回\n"
    text += "90000001,35,甲,3503,广告,驳回\n90000001,9,甲,0922,蓄电池,已注册\n"
    first, second = _rows(text)
    assert first["id"] == "CN90000001"
    assert [item["nice_class"] for item in first["classes"]] == [9, 35]
    assert first["classes"][0]["goods"] == ["电池", "蓄电池"]
    assert first["classes"][0]["similar_groups"] == [
        {"group": "0901", "part": "一"},
        {"group": "0922", "part": None},
    ]
    assert [item["status"] for item in first["classes"]] == ["registered", "refused"]
    assert first["legal_status"] == "registered"
    assert second["id"] == "CN90000002"
    assert to_batch([first, second], "trademark").num_rows == 2


def test_rows_of_one_mark_too_far_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the marks that may wait a row is a record of its own, told apart and warned of."""
    monkeypatch.setattr(table, "OPEN_MARKS", 2)
    lines = "".join(f"9000000{number},9,甲,,电池,\n" for number in (1, 2, 3, 4))
    items, notes = _read(MARKS + lines + "90000001,35,甲,,广告,\n")
    records = [item.row for item in items if isinstance(item, Record)]
    again = [row for row in records if row["id"] == "CN90000001"]
    assert len(records) == 5
    assert len({row["product"] for row in again}) == 2
    assert sum(notes.warnings.values()) == 1


def test_goods_that_name_their_class() -> None:
    """In a cell of several classes goods go to the class or group that is written with them."""
    text = MARKS + "90000001,9;35,甲,,第9类：电池；蓄电池；第35类：广告,\n"
    text += "90000002,9;35,乙,,0922 电池;3501 广告,\n90000003,9;35,丙,,电池,\n"
    first, second, third = _rows(text)
    told = [(item["nice_class"], item["goods"]) for item in first["classes"]]
    assert told == [(9, ["电池", "蓄电池"]), (35, ["广告"])]
    told = [(item["nice_class"], item["goods"]) for item in second["classes"]]
    assert told == [(9, ["电池"]), (35, ["广告"])]
    assert {"nice_class": None, "goods": ["电池"]} in third["classes"]


def test_a_mark_without_words() -> None:
    """图形 in the place of the words says that there are none."""
    (row,) = _rows(MARKS + "90000004,7,图形,,工业机器人,等待实质审查\n")
    assert "mark_text" not in row
    assert row["mark_kind"] == "figurative"


@pytest.mark.parametrize("kind", ["patent", "trademark"])
def test_the_columns_it_can_fill_are_columns(kind: Any) -> None:
    """`fields` names columns of the schema and is not empty."""
    assert table.SOURCE.fields[kind] <= set(SCHEMAS[kind].names)
    assert len(table.SOURCE.fields[kind]) > 15


def test_the_delimiter_with_the_most_headers_wins() -> None:
    """Commas in a header of a semicolon table do not mislead."""
    found = find_headers("公开号;标题;申请人\nCN108900011A;甲,乙;丙\n")
    assert found is not None
    assert found[0] == ";"


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_a_damaged_workbook_is_a_reject(data: bytes) -> None:
    """What is no workbook inside is told, not raised."""
    (item,), _ = _read(data)
    assert isinstance(item, Reject)
    assert "workbook" in item.reason


def test_a_cell_far_away_is_refused() -> None:
    """A workbook of two cells does not ask for memory for all those between them."""
    sheet = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    sheet += '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    (item,), _ = _read(packed.getvalue())
    assert isinstance(item, Reject)
    assert "cells spread over 17179869184" in item.reason


def test_a_target_that_there_is_not() -> None:
    """A user's mapping to an unknown target names those there are."""
    with pytest.raises(UnknownNameError, match="no column means 'titel'"):
        read_layout(["公开号", "标题"], {"patent": {"titel": ["标题"]}})


class _Cut(io.BytesIO):
    """A stream whose end is a fault."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line:
            raise SourceError("t.csv", "byte 9", "the file is cut")
        return line


def test_marks_that_wait_are_not_lost_with_the_end_of_the_file() -> None:
    """When the file breaks off, the marks read so far come before the fault."""
    stream = _Cut((MARKS + "90000001,9,甲,,电池,\n").encode())
    items = table.read(Input("t.csv", stream, None, True, Notes()))
    assert next(items).position == "line 2"
    with pytest.raises(SourceError):
        next(items)
