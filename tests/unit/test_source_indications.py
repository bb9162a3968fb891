"""Tables of geographical indications, and PatSnap's flat XML."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from ipsearch.sources import patsnap_xml, table
from ipsearch.sources.base import Input, Notes, Record, Reject
from ipsearch.sources.indications import CATEGORY
from ipsearch.sources.table_headers import read_layout
from ipsearch.sources.table_indications import USE_APPROVED


def _rows(text: str) -> list[dict[str, Any]]:
    input = Input("a.csv", io.BytesIO(text.encode()), None, True, Notes())
    items = list(table.read(input))
    assert all(isinstance(item, Record) for item in items)
    return [item.row for item in items if isinstance(item, Record)]


def test_rows_of_one_indication() -> None:
    """One row for each enterprise that may use the sign makes one record with all of them."""
    (row,) = _rows(
        "地理标志名称,产地范围,用标企业,核准日期\n示例 茶,某某镇,甲公司,2022-01-01\n"
        "示例茶,某某镇,乙公司,2022-02-01\n示例茶,某某镇,甲公司,2022-01-01\n"
    )
    assert row["id"] == "CN-GI-示例茶" and row["mark_category"] == CATEGORY
    assert [(e["name"], e["text"], e["date"]) for e in row["legal_events"]] == [
        (USE_APPROVED, "甲公司", date(2022, 1, 1)),
        (USE_APPROVED, "乙公司", date(2022, 2, 1)),
    ]


def test_indication_with_a_number() -> None:
    """An indication that has a certificate or a mark's number goes by it."""
    first, second = _rows(
        "产品名称,登记证书编号,申请号,地域范围\n示例米,AGI00012,,某某县\n示例茶,,90000006,某某镇\n"
    )
    assert (first["id"], first["registration_number"]) == ("CNAGI12", "CNAGI12")
    assert second["id"] == second["application_number"] == "CN90000006"


@pytest.mark.parametrize(
    "headers",
    [
        "申请号,名称,申请人,公告号,公告日期,企业名称,产地",
        "申请号,产品名称,申请人",
        "注册号,商标名称,产品名称,国际分类",
    ],
)
def test_other_tables_stay_what_they_are(headers: str) -> None:
    """Single words that lists of indications use too make no table one of indications."""
    layout = read_layout(headers.split(","))
    assert layout is not None
    assert "indication" not in layout.columns and "announcement" not in layout.columns


def test_indication_without_name() -> None:
    """A row with neither name nor number is refused."""
    content = "产品名称,地域范围\n,某某县\n".encode()
    (item,) = table.read(Input("a.csv", io.BytesIO(content), None, True, Notes()))
    assert isinstance(item, Reject) and "neither name nor number" in item.reason


def _docs(text: str) -> tuple[list[Record | Reject], Notes]:
    notes = Notes()
    input = Input("a.xml", io.BytesIO(text.encode()), None, True, notes)
    return list(patsnap_xml.SOURCE.read(input)), notes


def test_flat_fields() -> None:
    """Fields of lists are joined, empty ones are nothing, unknown ones are named."""
    text = (
        '<response><doc><str name="Patent Number">US9990071</str><str name="Kind Code"> B2 </str>'
        '<arr name="All IPC"><str>H01M10/613</str><str>F25B30/02</str></arr><str name="Title"/>'
        '<str name="Odd">1</str><str>2</str></doc></response>'
    )
    ((item,), notes) = _docs(text)
    assert isinstance(item, Record)
    assert item.row["id"] == "US9990071B2"  # the kind code has a field of its own
    assert item.row["ipc"] == ["H01M10/613", "F25B30/02"]
    assert "titles" not in item.row
    assert notes.unmapped == {"Odd", "str"}


def test_other_flat_documents() -> None:
    """Documents of this form with other fields are not taken, and refused where they are met."""
    other = '<doc><str name="id">1</str><str name="title">x</str><str name="price">5</str></doc>'
    assert not patsnap_xml.SOURCE.recognises(other.encode(), "a.xml")
    ((item,), _) = _docs(other)
    assert isinstance(item, Reject)


def test_quote_left_open_before_a_row_with_quotes() -> None:
    """A row that an open quote has glued to the next one, with as many cells, loses only itself."""
    content = (
        "申请号,申请日,名称,摘要,地址\n"
        '202219900001.3,2022-03-04,一种电池,"本发明公开\n'
        '202219900002.8,2022-03-10,一种机器人,"公开，并且",某市\n'
        '202119900009.5,2021-03-10,一种椅子,"第一行\n第二行, 一, 二, 三, 四",某市\n'
    )
    notes = Notes()
    items = list(table.read(Input("a.csv", io.BytesIO(content.encode()), None, True, notes)))
    assert [item.row["id"] for item in items if isinstance(item, Record)] == [
        "CN202219900002.8",
        "CN202119900009.5",
    ]
    (reject,) = (item for item in items if isinstance(item, Reject))
    assert reject.position == "line 2" and "quote left open" in reject.reason
