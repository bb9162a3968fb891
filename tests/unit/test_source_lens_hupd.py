"""Lens.org and HUPD: values that samples do not show."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from ipsearch.sources import google_patents, hupd, ipsearch_records, lens
from ipsearch.sources.base import Input, Notes, Record, Reject, Source


def _read(source: Source, *found: dict[str, Any]) -> tuple[list[Record | Reject], Notes]:
    notes = Notes()
    content = "".join(json.dumps(entry) + "\n" for entry in found).encode()
    return list(source.read(Input("a.jsonl", io.BytesIO(content), None, True, notes))), notes


def _row(source: Source, found: dict[str, Any]) -> dict[str, Any]:
    ((item,), _) = _read(source, found)
    assert isinstance(item, Record), item
    return item.row


LENS = {"lens_id": "099-900-000-000-011", "jurisdiction": "EP", "doc_number": "3990011"}


def test_lens_smallest_record() -> None:
    """A number is enough; its parts may stand in the publication reference alone."""
    reference = {"jurisdiction": "EP", "doc_number": "3990011", "kind": "B1"}
    row = _row(lens.SOURCE, {"lens_id": "1", "biblio": {"publication_reference": reference}})
    assert row["id"] == "EP3990011B1"
    assert _row(lens.SOURCE, LENS)["id"] == "EP3990011"


def test_lens_without_number() -> None:
    """A record without a number is refused, the next one is read."""
    items, _ = _read(lens.SOURCE, {"lens_id": "1", "kind": "A1"}, LENS)
    assert isinstance(items[0], Reject) and isinstance(items[1], Record)


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ({"jurisdiction": "US", "doc_number": "201616990031", "kind": "A"}, "US16990031"),
        ({"jurisdiction": "CN", "doc_number": "202219900001", "kind": "A"}, "CN202219900001.3"),
        ({"jurisdiction": "CN", "doc_number": "2020099031", "kind": "W"}, "PCT/CN2020/099031"),
        ({"jurisdiction": "EP", "doc_number": "20990011", "kind": "A"}, "EP20990011"),
    ],
)
def test_lens_application(reference: dict[str, str], number: str) -> None:
    """An application's number is that of the office, whatever DOCDB makes of it."""
    row = _row(lens.SOURCE, {**LENS, "biblio": {"application_reference": reference}})
    assert row["application_number"] == number


@pytest.mark.parametrize(
    ("texts", "claims"),
    [
        (["What is claimed is: 1. A cell. 2. The cell."], ["A cell.", "The cell."]),
        (["1. A cell.", "2. The cell of claim 1."], ["A cell.", "The cell of claim 1."]),
        (["A cell.", "The cell\n of claim 1."], ["A cell.", "The cell\nof claim 1."]),
        (["A cell."], ["A cell."]),
        (["1.5 V cells.", "3.3 V cells."], ["1.5 V cells.", "3.3 V cells."]),
    ],
)
def test_lens_claims(texts: list[str], claims: list[str]) -> None:
    """Claims come one by one, or all in one text; they are numbered from 1."""
    group = {"lang": "en", "claims": [{"claim_text": [text]} for text in texts]}
    row = _row(lens.SOURCE, {**LENS, "claims": [group]})
    assert [claim["text"] for claim in row["claims"]] == claims
    assert [claim["label"] for claim in row["claims"]] == [
        str(number) for number in range(1, len(claims) + 1)
    ]


def test_lens_family_numbers() -> None:
    """Where Lens numbers its families, the number is the family's, told from other sources'."""
    families = {
        "simple_family": {"family_id": 212482337, "members": [], "size": 1},
        "extended_family": {"family_id": 212231137, "members": [], "size": 1},
    }
    row = _row(lens.SOURCE, {**LENS, "families": families})
    assert (row["family_id"], row["extended_family_id"]) == ("lens-212482337", "lens-212231137")


def test_lens_families() -> None:
    """Every member of a family names the same one."""
    names = ["099-900-000-000-012", "099-900-000-000-011", "099-900-000-000-013"]
    family = {"simple_family": {"members": [{"lens_id": name} for name in names], "size": 3}}
    ids = {
        _row(lens.SOURCE, {**LENS, "lens_id": name, "families": family})["family_id"]
        for name in names
    }
    assert ids == {"lens-099-900-000-000-011"}


def test_lens_scholarly_work_is_none_of_ours() -> None:
    """A work of science has a Lens ID, and yet is no patent."""
    work = b'{"lens_id": "1", "title": "x", "publication_type": "journal article", "authors": []}'
    assert not lens.SOURCE.recognises(work, "a.jsonl")
    assert lens.SOURCE.recognises(json.dumps(LENS).encode(), "a.jsonl")


HUPD = {
    "application_number": "14990041",
    "publication_number": "US20150990041A1-20150604",
    "decision": "ACCEPTED",
    "main_cpc_label": "H01M8188",
}


@pytest.mark.parametrize(
    ("label", "cpc", "others"),
    [
        ("G06N304", ["G06N3/04"], []),
        ("A61M51723", ["A61M"], ["A61M51723"]),
        ("H01M", ["H01M"], []),
        ("H01M4/38", ["H01M4/38"], []),
        ("nonsense", None, ["nonsense"]),
    ],
)
def test_hupd_labels(label: str, cpc: list[str] | None, others: list[str]) -> None:
    """A label is read as far as it is sure where its stroke was; the rest is kept as it is."""
    row = _row(hupd.SOURCE, {**HUPD, "main_cpc_label": label})
    assert row.get("cpc") == cpc
    assert [other["symbol"] for other in row.get("other_classes", [])] == others


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        ("ACCEPTED", "granted"),
        ("CONT-ACCEPTED", "granted"),
        ("REJECTED", "refused"),
        ("CONT-REJECTED", "refused"),
        ("PENDING", "pending"),
        ("CONT-PENDING", "pending"),
        ("OTHER", None),
    ],
)
def test_hupd_decision(decision: str, status: str | None) -> None:
    """What became of an application, continuations as others."""
    row = _row(hupd.SOURCE, {**HUPD, "decision": decision, "abandon_date": "20180601"})
    assert row.get("legal_status") == status
    assert row.get("status_date") == (date(2018, 6, 1) if status == "refused" else None)


@pytest.mark.parametrize(
    ("subclass", "symbol"),
    [("503000", "604/503"), ("242100", "604/242.1"), ("006000", "604/6"), ("FOR01", "604/FOR01")],
)
def test_hupd_american_class(subclass: str, symbol: str) -> None:
    """A subclass of the USPC loses its padding."""
    found = {**HUPD, "main_cpc_label": "", "uspc_class": "604", "uspc_subclass": subclass}
    assert _row(hupd.SOURCE, found)["other_classes"] == [{"scheme": "USPC", "symbol": symbol}]


def test_hupd_numbers_as_numbers() -> None:
    """Numbers that a data frame has turned into numbers are the same applications."""
    row = _row(hupd.SOURCE, {**HUPD, "application_number": 9123456.0, "patent_number": 9990041.0})
    assert row["application_number"] == "US09123456"
    assert row["other_numbers"] == ["US9990041"]


@pytest.mark.parametrize("found", [LENS, HUPD], ids=["lens", "hupd"])
def test_nobody_else_takes_them(found: dict[str, Any]) -> None:
    """Google's reader does not take their objects for its own, nor do they take ours."""
    content = json.dumps(found).encode()
    ours = b'{"kind": "patent", "publication_number": "US1A", "title": "x", "claims": []}'
    assert not google_patents.SOURCE.recognises(content, "a.jsonl")
    assert lens.SOURCE.recognises(content, "a") != hupd.SOURCE.recognises(content, "a")
    assert ipsearch_records.SOURCE.recognises(ours, "a")
    assert not lens.SOURCE.recognises(ours, "a") and not hupd.SOURCE.recognises(ours, "a")


@pytest.mark.parametrize(
    ("office", "printed", "number"),
    [("EP", "20990011.4", "EP20990011"), ("US", "16/990,031", "US16990031")],
)
def test_lens_printed_application(office: str, printed: str, number: str) -> None:
    """Where the reference is missing, the printed number is read, without a check digit."""
    found = {**LENS, "jurisdiction": office, "doc_number": "3990011"}
    row = _row(lens.SOURCE, {**found, "biblio": {"application_number": printed}})
    assert row["application_number"] == number
