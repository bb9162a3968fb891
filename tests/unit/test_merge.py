"""What is shown of one application, rule by rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ipsearch.corpus.merge import RULES, Delivery, shown_records
from ipsearch.corpus.routing import without_kind
from ipsearch.records import SCHEMAS


def delivery(number: int, **values: Any) -> Delivery:
    """Make a delivery with these values, everything else unknown."""
    row: dict[str, Any] = dict.fromkeys(SCHEMAS["patent"].names)
    row |= {"is_event": False, "source": "cnipa_patent", "product": "", "office": "CN"}
    row |= {"application_key": "CN202010000001", "delivery": f"{number:02d}"}
    row["id"] = values.get("publication_number") or "CN202010000001.1"
    return Delivery(row | values, number)


def zh(text: str) -> list[dict[str, str]]:
    """Make a Chinese text."""
    return [{"language": "zh", "text": text}]


def test_rules_name_columns() -> None:
    """Every rule is for a column of one of the records."""
    columns = {name for schema in SCHEMAS.values() for name in schema.names}
    assert set(RULES) <= columns


def test_latest_of_a_source_stands_for_the_earlier() -> None:
    """Within a source the latest delivery replaces the earlier as a whole."""
    old = delivery(1, transaction_date=date(2020, 1, 1), titles=zh("旧"), abstracts=zh("旧"))
    new = delivery(2, transaction_date=date(2021, 1, 1), titles=zh("新"))
    for order in ([old, new], [new, old]):
        (shown,), superseded = shown_records(order, "patent")
        assert shown.row["titles"] == zh("新")
        assert shown.row["abstracts"] is None
        assert superseded == 1


def test_equal_dates_go_by_content() -> None:
    """On equal dates the delivery from the file with the higher content hash counts."""
    one = delivery(1, titles=zh("甲"), delivery="aa")
    other = delivery(2, titles=zh("乙"), delivery="bb")
    for order in ([one, other], [other, one]):
        (shown,), _ = shown_records(order, "patent")
        assert shown.row["titles"] == zh("乙")


def test_null_never_erases() -> None:
    """Between sources an unknown value gives way to a known one, nearest to the office first."""
    office = delivery(1, titles=zh("局"), family_id=None)
    other = delivery(2, source="google_patents", titles=zh("他"), family_id="7", ipc=["H01M4/00"])
    (shown,), _ = shown_records([other, office], "patent")
    assert shown.row["titles"] == zh("局")
    assert (shown.row["family_id"], shown.row["ipc"]) == ("7", ["H01M4/00"])


def test_full_text_beats_none() -> None:
    """Texts come from a delivery with claims or description before any without."""
    short = delivery(1, abstracts=zh("短"))
    claims = [{"language": "zh", "label": "1", "text": "一种"}]
    full = delivery(2, source="google_patents", abstracts=zh("长"), claims=claims)
    (shown,), _ = shown_records([short, full], "patent")
    assert shown.row["abstracts"] == zh("长")


def test_status_goes_by_its_own_date() -> None:
    """Legal status and its date come together, from whoever knows the latest."""
    office = delivery(1, legal_status="granted", status_date=date(2020, 1, 1))
    event = delivery(2, is_event=True, legal_status="lapsed", status_date=date(2022, 1, 1))
    (shown,), _ = shown_records([event, office], "patent")
    assert (shown.row["legal_status"], shown.row["status_date"]) == ("lapsed", date(2022, 1, 1))
    assert shown.row["is_event"] is False


def test_number_without_kind_joins_the_publication() -> None:
    """What a source says of a number without its kind code is said of that publication."""
    grant = delivery(1, publication_number="US10172347B2", titles=zh("甲"))
    table = delivery(2, source="patentsview", publication_number="US10172347", abstracts=zh("乙"))
    (shown,), _ = shown_records([table, grant], "patent")
    assert shown.row["publication_number"] == "US10172347B2"
    assert (shown.row["titles"], shown.row["abstracts"]) == (zh("甲"), zh("乙"))


def test_description_in_pieces_is_joined() -> None:
    """A source that hands the description out in pieces has all of them shown."""
    pieces = [
        delivery(
            number,
            source="patentsview",
            product=product,
            publication_number="US10172347",
            description=[{"language": "en", "label": None, "text": product}],
        )
        for number, product in enumerate(("detail", "brief"))
    ]
    (shown,), _ = shown_records(pieces, "patent")
    assert [passage["text"] for passage in shown.row["description"]] == ["brief", "detail"]


@pytest.mark.parametrize(
    ("number", "base"),
    [
        ("CN101234567B", "CN101234567"),
        ("US20100123456A1", "US20100123456"),
        ("USD435854S1", "USD435854"),
        ("JPH05123456A", "JPH05123456"),
        ("WO2019123456", "WO2019123456"),
        ("EP1234567", "EP1234567"),
    ],
)
def test_without_kind(number: str, base: str) -> None:
    """The kind code is what comes after the last digit of the number, and no more."""
    assert without_kind(number) == base
