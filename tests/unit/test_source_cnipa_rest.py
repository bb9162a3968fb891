"""CNIPA's older documents, parts of applications and events: values that samples do not show."""

from __future__ import annotations

import io
from datetime import date

import pytest
from lxml import etree

from ipsearch.sources import cnipa_application, cnipa_legal, cnipa_st36
from ipsearch.sources.base import Input, Notes, Record, Reject, Source
from ipsearch.sources.cnipa_application import find_application
from ipsearch.sources.cnipa_body import unwrap_lines
from ipsearch.sources.xml_text import text_of

NUMBER = "2022199000013"


def _read(source: Source, content: str, name: str = "a.xml") -> tuple[list[Record | Reject], Notes]:
    notes = Notes()
    input = Input(name, io.BytesIO(content.encode()), None, True, notes)
    return list(source.read(input)), notes


# Lines


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("负极材<br/>\n料", "负极材料"),
        ("负极材\n\t\t<br />料", "负极材料"),
        ("厚度为5nm<br/>\n～20nm", "厚度为5nm～20nm"),
        ("a Journal of<br/>\nExamples", "a Journal of Examples"),
        ("在N<sub>2</sub><br/>\n中", "在N2中"),
        ("包括：<br/>\n内核；<br/>\n碳层。<br/>", "包括：\n内核；\n碳层。"),
        ("<br/><br/>碳层<br/><br/>", "碳层"),
        ("碳<b>层<br/>厚</b><br/>度", "碳层厚度"),
        ("碳<br/><br/>层", "碳\n层"),
    ],
)
def test_wrapped_lines(markup: str, text: str) -> None:
    """A break in the middle of a sentence is none; one after a sentence's end is a line's end."""
    root = etree.fromstring(f"<d><p>{markup}</p></d>")
    unwrap_lines(root)
    assert text_of(root) == text


def test_unwrapping_loses_no_character() -> None:
    """Whatever stands around breaks, all characters but white space stay in their order."""
    markup = "<d><p>a<br/>b<sub>c<br/></sub><br/>d<br/>。<br/><i/><br/>e</p><br/>f</d>"
    root = etree.fromstring(markup)
    unwrap_lines(root)
    assert "".join(text_of(root).split()) == "abcd。ef"


# Parts of applications


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (f"/data/{NUMBER}/100001/DA000001.xml", "CN202219900001.3"),
        (f"week.zip!{NUMBER}/100001.xml", "CN202219900001.3"),
        (f"C:\\data\\CN{NUMBER}\\100001.xml", "CN202219900001.3"),
        ("202219900001.3/a.xml", "CN202219900001.3"),
        ("202219900001.3_claims.xml", "CN202219900001.3"),
        (f"2021199000088/{NUMBER}/a.xml", "CN202219900001.3"),
        ("95199001.2/a.xml", "CN95199001.2"),
        ("2022199000014/a.xml", None),  # its check digit is wrong
        ("20221201/DA000164395403.xml", None),
        ("20220304123456/100001.xml", None),
        ("100001.xml", None),
    ],
)
def test_application_in_path(name: str, number: str | None) -> None:
    """The innermost folder with a whole application number names the application."""
    found = find_application(name)
    assert (None if found is None else str(found)) == number


def test_part_without_application() -> None:
    """A part of nobody knows what is refused, with the path that says nothing."""
    body = "<cn-application-body><cn-abstract><p>甲</p></cn-abstract></cn-application-body>"
    ((item,), _) = _read(cnipa_application.SOURCE, body, "loose/part.xml")
    assert isinstance(item, Reject) and "'loose/part.xml'" in item.reason


def test_several_parts_in_one() -> None:
    """Parts in one document are one record, whose product names them all."""
    body = (
        "<cn-application-body><cn-claims><claim num='1'><claim-text>甲。</claim-text></claim>"
        "</cn-claims><description><p num='0001'>乙。</p></description><cn-letter>丙</cn-letter>"
        "</cn-application-body>"
    )
    ((item,), notes) = _read(cnipa_application.SOURCE, body, f"{NUMBER}/a.xml")
    assert isinstance(item, Record)
    assert item.row["product"] == "claims+description"
    assert item.row["claims"] == [{"language": "zh", "label": "1", "text": "甲。"}]
    assert notes.unmapped == {"cn-letter"}


def test_unknown_part() -> None:
    """A body with no part that is known is refused, and the part is named."""
    body = "<cn-application-body><cn-letter>丙</cn-letter></cn-application-body>"
    ((item,), notes) = _read(cnipa_application.SOURCE, body, f"{NUMBER}/a.xml")
    assert isinstance(item, Reject) and notes.unmapped == {"cn-letter"}


# Older documents


def test_older_document_without_publication() -> None:
    """A document goes by its application if its publication number is missing."""
    ((item,), _) = _read(
        cnipa_st36.SOURCE,
        "<cn-patent-document><cn-bibliographic-data><application-reference appl-type='发明专利'>"
        "<document-id><doc-number>200919900031.9</doc-number></document-id>"
        "</application-reference></cn-bibliographic-data></cn-patent-document>",
    )
    assert isinstance(item, Record)
    assert item.row["id"] == "CN200919900031.9" and item.row["patent_type"] == "invention"


def test_older_document_without_number() -> None:
    """A document without any number is refused; what nothing is made of is noted."""
    ((item,), notes) = _read(
        cnipa_st36.SOURCE,
        "<cn-patent-document><cn-bibliographic-data><cn-odd>x</cn-odd><cn-void/>"
        "</cn-bibliographic-data></cn-patent-document>",
    )
    assert isinstance(item, Reject) and "no number" in item.reason
    assert notes.unmapped == {"cn-odd"}


# Events


def _event(code: str, name: str, details: str = "", *, number: str = "202219900001.3") -> str:
    return (
        "<b:PRSRecord PRSID='1' status='C'><b:ApplicationReference applType='10' "
        f"dataFormat='original'><a:DocumentID><a:DocNumber>{number}</a:DocNumber></a:DocumentID>"
        "</b:ApplicationReference><b:PRSPublicationDate><a:Date>20250606</a:Date>"
        f"</b:PRSPublicationDate><b:PRSCode>{code}</b:PRSCode><b:PRSValue>{name}</b:PRSValue>"
        f"<b:PRSInformation>{details}</b:PRSInformation></b:PRSRecord>"
    )


@pytest.mark.parametrize(
    ("code", "name", "details", "status"),
    [
        ("CF01", "未缴年费专利权终止", "", "lapsed"),
        ("CX01", "专利权有效期届满", "", "expired"),
        ("IW01", "专利权全部无效", "", "revoked"),
        ("IP01", "专利权部分无效", "", "granted"),
        ("GR01", "授权", "", "granted"),
        ("GR01", "外观设计专利权授予", "", "granted"),
        ("SE01", "实质审查的生效", "", "pending"),
        ("RJ01", "发明专利申请公布后的驳回", "", "refused"),
        ("WD01", "发明专利申请公布后的视为撤回", "", "withdrawn"),
        ("AV01", "避免重复授权放弃专利权", "", "lapsed"),
        ("TR01", "专利权的转移", "", None),
        ("TA01", "专利申请权的转移", "", None),
        ("PE01", "专利权质押合同登记的生效", "", None),
        ("PC01", "专利权质押合同登记的注销", "", None),
        ("EE01", "专利实施许可合同备案的生效", "", None),
        ("PP01", "专利权的保全", "", None),
        ("CF01", "某种没见过的说法", "", "lapsed"),  # the code tells
        ("CF01", "", "专利号:ZL2022199000013", "lapsed"),
        ("RR01", "权利的恢复", "原决定名称:未缴年费专利权终止", "granted"),
        ("RR01", "权利的恢复", "原决定:视为撤回", "pending"),
        ("RR01", "权利的恢复", "", None),
    ],
)
def test_event_and_status(code: str, name: str, details: str, status: str | None) -> None:
    """An event means a legal status as of its day, or leaves the status as it is."""
    ((item,), _) = _read(cnipa_legal.SOURCE, f"<w>{_event(code, name, details)}</w>")
    assert isinstance(item, Record)
    row = item.row
    assert row["is_event"] and row["id"] == "CN202219900001.3"
    assert row.get("legal_status") == status
    assert row.get("status_date") == (date(2025, 6, 6) if status else None)
    (event,) = row["legal_events"]
    assert event == {
        "date": date(2025, 6, 6),
        "code": code,
        "name": name or None,
        "text": details or None,
    }


def test_unknown_event() -> None:
    """An event that nobody knows is kept, and warned of."""
    ((item,), notes) = _read(cnipa_legal.SOURCE, _event("XX99", "某种事项"))
    assert isinstance(item, Record) and "legal_status" not in item.row
    assert notes.warnings == {"unknown legal event: '某种事项'": 1}


def test_event_without_application() -> None:
    """The number is looked for in the details; without any, the event is refused."""
    told, refused = (
        _event("CF01", "授权", "专利号:ZL202219900001.3", number=""),
        _event("CF01", "授权", number=""),
    )
    (first, second), _ = _read(cnipa_legal.SOURCE, f"<w>{told}{refused}</w>")
    assert isinstance(first, Record) and first.row["id"] == "CN202219900001.3"
    assert isinstance(second, Reject) and "without an application" in second.reason


def test_event_taken_back() -> None:
    """An event that the office deletes is no event."""
    content = _event("CF01", "授权").replace("status='C'", "status='D'")
    ((item,), _) = _read(cnipa_legal.SOURCE, content)
    assert isinstance(item, Reject) and "took this event back" in item.reason
