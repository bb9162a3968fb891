"""What is shown of one application, rule by rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ipsearch.corpus.merge import JOINING, RULES, Delivery, group_deliveries, merged_row
from ipsearch.corpus.routing import without_kind
from ipsearch.records import SCHEMAS


def delivery(number: int, **values: Any) -> Delivery:
    """Make a delivery with these values, everything else unknown."""
    row: dict[str, Any] = dict.fromkeys(SCHEMAS["patent"].names)
    row |= {
        "is_event": False,
        "is_removal": False,
        "ingestion": 1,
        "source": "cnipa_patent",
        "product": "",
        "office": "CN",
    }
    row |= {"application_key": "CN202010000001", "delivery": f"{number:02d}"}
    row["id"] = values.get("publication_number") or "CN202010000001.1"
    return Delivery(row | values, number)


def shown(deliveries: list[Delivery]) -> list[dict[str, Any]]:
    """Give the records that are shown, as building makes them: joined by few columns."""
    light = [
        Delivery({name: d.row[name] for name in JOINING["patent"]}, d.address) for d in deliveries
    ]
    whole = {d.address: d.row for d in deliveries}
    groups, _ = group_deliveries(light, "patent")
    return [
        merged_row([whole[d.address] for d in group.deliveries], "patent", group.family)
        for group in groups
    ]


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
        (row,) = shown(order)
        assert row["titles"] == zh("新")
        assert row["abstracts"] is None
        assert group_deliveries(order, "patent")[1] == [old]


def test_equal_dates_go_by_content() -> None:
    """On equal dates the delivery from the file with the higher content hash counts."""
    one = delivery(1, titles=zh("甲"), delivery="aa")
    other = delivery(2, titles=zh("乙"), delivery="bb")
    for order in ([one, other], [other, one]):
        (row,) = shown(order)
        assert row["titles"] == zh("乙")


def test_null_never_erases() -> None:
    """Between sources an unknown value gives way to a known one, nearest to the office first."""
    office = delivery(1, titles=zh("局"), family_id=None)
    other = delivery(2, source="google_patents", titles=zh("他"), family_id="7", ipc=["H01M4/00"])
    (row,) = shown([other, office])
    assert row["titles"] == zh("局")
    assert (row["family_id"], row["ipc"]) == ("7", ["H01M4/00"])


def test_full_text_beats_none() -> None:
    """Texts come from a delivery with claims or description before any without."""
    short = delivery(1, abstracts=zh("短"))
    claims = [{"language": "zh", "label": "1", "text": "一种"}]
    full = delivery(2, source="google_patents", abstracts=zh("长"), claims=claims)
    (row,) = shown([short, full])
    assert row["abstracts"] == zh("长")


def test_a_source_takes_back_its_own_word_only() -> None:
    """What a source takes back is shown no more, in whatever order, products or age it came; what
    others said stays, and what the source says later counts again."""
    said = delivery(1, transaction_date=date(2020, 1, 1), titles=zh("局"))
    other = delivery(2, source="google_patents", titles=zh("他"))
    taken = delivery(3, is_removal=True, transaction_date=date(2021, 1, 1))
    again = delivery(4, transaction_date=date(2022, 1, 1), titles=zh("又"))
    for order in ([said, taken], [taken, said]):
        assert shown(order) == []
        assert group_deliveries(order, "patent")[1] == [said]
    (row,) = shown([other, taken, said])
    assert row["titles"] == zh("他")
    for order in ([said, taken, again], [again, said, taken]):
        (row,) = shown(order)
        assert row["titles"] == zh("又")


def test_status_goes_by_its_own_date() -> None:
    """Legal status and its date come together, from whoever knows the latest."""
    office = delivery(1, legal_status="granted", status_date=date(2020, 1, 1))
    event = delivery(2, is_event=True, legal_status="lapsed", status_date=date(2022, 1, 1))
    (row,) = shown([event, office])
    assert (row["legal_status"], row["status_date"]) == ("lapsed", date(2022, 1, 1))
    assert row["is_event"] is False


def test_number_without_kind_joins_the_publication() -> None:
    """What a source says of a number without its kind code is said of that publication."""
    grant = delivery(1, publication_number="US10172347B2", titles=zh("甲"))
    table = delivery(2, source="patentsview", publication_number="US10172347", abstracts=zh("乙"))
    (row,) = shown([table, grant])
    assert row["publication_number"] == "US10172347B2"
    assert (row["titles"], row["abstracts"]) == (zh("甲"), zh("乙"))


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
    (row,) = shown(pieces)
    assert [passage["text"] for passage in row["description"]] == ["brief", "detail"]


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
