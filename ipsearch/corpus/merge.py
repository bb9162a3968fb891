"""What is known of one application, from all that delivered something on it: the records shown.

Within a source (and product of it) the latest delivery stands for the earlier ones, by the
office's transaction date; on equal dates, the one from the file with the higher content hash. Then
each shown record takes each column from its deliveries by the rule in `RULES`; a null gives way to
any value, and nothing depends on the order in which files came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipsearch.corpus.family import OURS, given_family
from ipsearch.corpus.routing import without_kind
from ipsearch.records import KINDS, SCHEMAS, Kind, Row
from ipsearch.sources.registry import SOURCES, get_source


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row as delivered, and where it lies."""

    row: Row
    address: int

    @property
    def age(self) -> tuple[date, str, int]:
        """Sorts deliveries of one source: the latest is the highest."""
        row = self.row
        when = row["transaction_date"] or date.min
        return when, row["delivery"], self.address & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Group:
    """The deliveries that make one record to be shown, nearest to the office first."""

    deliveries: tuple[Delivery, ...]
    family: str | None = None  # to be shown instead: what a source says of a sister publication

    @property
    def is_as_delivered(self) -> bool:
        """Whether the record is one delivery as it stands."""
        return len(self.deliveries) == 1 and self.family is None


Rule = Callable[[str, Sequence[Row]], Any]
"""Column and deliveries, nearest to the office first -> the value shown."""


def first(column: str, rows: Sequence[Row]) -> Any:
    """Take the value of the source nearest to the office; an empty list gives way to a full one."""
    value = None
    for row in rows:
        if row.get(column):
            return row[column]
        if value is None:
            value = row.get(column)
    return value


def richest(column: str, rows: Sequence[Row]) -> Any:
    """Take the text of a delivery with claims or description before any without."""
    full = [row for row in rows if row.get("claims") or row.get("description")]
    rest = [row for row in rows if not (row.get("claims") or row.get("description"))]
    return first(column, [*full, *rest])


def whole_description(column: str, rows: Sequence[Row]) -> Any:
    """Take the description of the richest delivery, and what other products of its source add:
    some offices hand it out in pieces."""
    value = richest(column, rows)
    first_row = next((row for row in rows if row.get(column) == value), None)
    if not value or first_row is None:
        return value
    pieces = {
        row["product"]: row[column]
        for row in reversed(rows)
        if row.get(column) and row["source"] == first_row["source"]
    }
    return [passage for _, piece in sorted(pieces.items()) for passage in piece]


def each_language(column: str, rows: Sequence[Row]) -> Any:
    """Take a text per language, those of a delivery with claims or description first."""
    full = [row for row in rows if row.get("claims") or row.get("description")]
    rest = [row for row in rows if not (row.get("claims") or row.get("description"))]
    values = [row[column] for row in (*full, *rest) if row.get(column) is not None]
    if not values:
        return None
    by_language: dict[str | None, list[Any]] = {}
    for value in values:
        fresh: dict[str | None, list[Any]] = defaultdict(list)
        for text in value:
            fresh[text["language"]].append(text)
        for language, texts in fresh.items():
            by_language.setdefault(language, texts)
    return [text for texts in by_language.values() for text in texts]


def latest(column: str, rows: Sequence[Row]) -> Any:
    """Take the value of the latest delivery that has one: what changes in a right's life."""
    return first(column, sorted(rows, key=_when, reverse=True))


def latest_status(column: str, rows: Sequence[Row]) -> Any:
    """Take status and its date from one delivery: the one with the latest status date."""
    stated = [row for row in rows if row.get("legal_status")]
    if not stated:
        return first(column, rows) if column == "status_date" else None
    newest = max(stated, key=lambda row: (row.get("status_date") or date.min, _when(row)))
    return newest.get(column)


def union(column: str, rows: Sequence[Row]) -> Any:
    """Take every distinct value, in the order of the sources."""
    values = [row[column] for row in rows if row.get(column) is not None]
    if not values:
        return None
    distinct: dict[str, Any] = {}
    for value in values:
        for item in value:
            distinct.setdefault(repr(item), item)
    return list(distinct.values())


def events(column: str, rows: Sequence[Row]) -> Any:
    """Take every distinct event, by date."""
    value = union(column, rows)
    if value is None:
        return None
    return sorted(value, key=lambda event: (event["date"] or date.min, repr(event)))


def each_class(column: str, rows: Sequence[Row]) -> Any:
    """Take a Nice class each from the latest delivery that speaks of it."""
    by_class: dict[Any, Any] = {}
    known = False
    for row in sorted(rows, key=_when, reverse=True):
        known = known or row.get(column) is not None
        for item in row.get(column) or ():
            by_class.setdefault(item["nice_class"], item)
    ordered = sorted(by_class.items(), key=lambda entry: entry[0] or 0)
    return [item for _, item in ordered] if known else None


def source_rank(name: str) -> int:
    """Say how near a source is to the office: 0 is the office itself, 50 nobody knows."""
    return get_source(name).rank if name in SOURCES else 50


def _when(row: Row) -> date:
    return row.get("transaction_date") or date.min


RULES: dict[str, Rule] = {  # every column not named here: `first`
    "family_id": given_family,
    "titles": each_language,
    "abstracts": each_language,
    "claims": richest,
    "description": whole_description,
    "other_numbers": union,
    "owners": latest,
    "agents": latest,
    "expiry_date": latest,
    "registration_date": latest,
    "legal_status": latest_status,
    "status_date": latest_status,
    "legal_events": events,
    "classes": each_class,
    "transaction_date": latest,
}


JOINING: dict[Kind, tuple[str, ...]] = {
    kind: (
        *("application_key", "delivery", "source", "product", "is_event", "is_removal"),
        "transaction_date",
        *(("publication_number", "family_id") if kind == "patent" else ()),
        *("legal_status", "status_date", "legal_events"),
    )
    for kind in KINDS
}
"""The columns that `group_deliveries` looks at."""


def group_deliveries(
    deliveries: Iterable[Delivery], kind: Kind
) -> tuple[list[Group], list[Delivery]]:
    """Say which records are shown of one application, and which deliveries count no more.

    Patents: a record per publication, each with what is known of the application as a whole; the
    application itself only while no publication is known. Marks: one record. Events alone show
    nothing: they wait for their record. A delivery counts no more if a later one of its source
    stands for it, or if its source takes the document back. The rows need the columns of `JOINING`
    alone.
    """
    latest_of, superseded = _latest_deliveries(deliveries, kind)
    by_document: dict[str | None, list[Delivery]] = defaultdict(list)
    for delivery in latest_of:
        by_document[_document(delivery.row, kind)].append(delivery)
    common = by_document.pop(None, [])
    _join_kindless(by_document)
    groups = [[*own, *common] for _, own in sorted(by_document.items()) if _has_record(own)]
    if not groups:
        rest = [d for own in by_document.values() for d in own]
        groups = [[*common, *rest]] if _has_record([*common, *rest]) else []
    ordered = [_nearest_first(group, kind) for group in groups]
    families = [_family(group) if kind == "patent" else None for group in ordered]
    given = next((f for f in families if f is not None and not f.startswith(OURS)), None)
    result = []
    for group, family in zip(ordered, families, strict=True):
        differs = given is not None and (family or OURS).startswith(OURS)
        result.append(Group(tuple(group), given if differs else None))
    return result, superseded


def _family(group: Sequence[Delivery]) -> str | None:
    return given_family("family_id", [delivery.row for delivery in group])


def merged_row(rows: Sequence[Row], kind: Kind, family: str | None = None) -> Row:
    """Make the record that is shown of one group's whole rows, nearest to the office first."""
    if len(rows) == 1:
        merged = dict(rows[0])
    else:
        merged = {
            field.name: RULES.get(field.name, first)(field.name, rows) for field in SCHEMAS[kind]
        }
        merged["is_event"] = False
        merged["application_key"] = rows[0]["application_key"]
        merged["delivery"] = rows[0]["delivery"]
        merged["ingestion"] = max(row["ingestion"] for row in rows)
    if family is not None:
        merged["family_id"] = family
    return merged


def _join_kindless(by_document: dict[Any, list[Delivery]]) -> None:
    """Add what was said of a number without a kind code to its publications with one."""
    for document in [d for d in by_document if without_kind(d) == d]:
        full = [d for d in by_document if d != document and without_kind(d) == document]
        if full:
            said = by_document.pop(document)
            for other in full:
                by_document[other].extend(said)


def _document(row: Row, kind: Kind) -> str | None:
    return row.get("publication_number") if kind == "patent" else None


def _has_record(deliveries: Iterable[Delivery]) -> bool:
    return any(not delivery.row["is_event"] for delivery in deliveries)


def _latest_deliveries(
    deliveries: Iterable[Delivery], kind: Kind
) -> tuple[list[Delivery], list[Delivery]]:
    streams: dict[Any, Delivery] = {}
    deliveries, superseded = _without_removed(deliveries, kind)
    for delivery in deliveries:
        row = delivery.row
        stream: tuple[Any, ...] = (_document(row, kind), row["source"], row["product"])
        if row["is_event"]:  # no event stands for another, only for its own repetition
            news = (row.get("legal_status"), row.get("status_date"), repr(row.get("legal_events")))
            stream = (*stream, "event", *news)
        held = streams.setdefault(stream, delivery)
        if held is delivery:
            continue
        if delivery.age > held.age:
            streams[stream], delivery = delivery, held
        superseded.append(delivery)
    return list(streams.values()), superseded


def _without_removed(
    deliveries: Iterable[Delivery], kind: Kind
) -> tuple[list[Delivery], list[Delivery]]:
    """Leave out what its source took back, that day or later; and the taking back itself.

    The last word of it does not count as superseded: what comes late is taken back all the same.
    """
    removals: dict[Any, list[Delivery]] = defaultdict(list)
    others: list[Delivery] = []
    for delivery in deliveries:
        if delivery.row.get("is_removal"):
            removals[_document(delivery.row, kind), delivery.row["source"]].append(delivery)
        else:
            others.append(delivery)
    if not removals:
        return others, []
    kept: list[Delivery] = []
    superseded: list[Delivery] = []
    for delivery in others:
        said = removals.get((_document(delivery.row, kind), delivery.row["source"]), ())
        is_taken = any(_when(removal.row) >= _when(delivery.row) for removal in said)
        (superseded if is_taken else kept).append(delivery)
    for said in removals.values():
        superseded += sorted(said, key=lambda removal: removal.age)[:-1]
    return kept, superseded


def _nearest_first(group: list[Delivery], kind: Kind) -> list[Delivery]:
    document = _document(group[0].row, kind)

    def precedence(delivery: Delivery) -> tuple[Any, ...]:
        row = delivery.row
        when, hashed, position = delivery.age
        own = _document(row, kind) == document
        return (
            row["is_event"],
            not own,  # what was said of the very document goes before what was said of the filing
            source_rank(row["source"]),
            -when.toordinal(),
            row["product"],
            hashed,
            position,
        )

    return sorted(group, key=precedence)
