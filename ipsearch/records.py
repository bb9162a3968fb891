"""The two records of a corpus, `PATENT` and `TRADEMARK`, as Arrow schemas.

A schema is the contract between whatever reads files and whatever keeps or searches records.
Null means unknown, an empty list means none. Dates are `date32`. The INID code in a column's
metadata (WIPO ST.9 for patents, ST.60 for marks) ties it to the printed front page. Change a
column's meaning or type and you change `SCHEMA_VERSION`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, Literal

import pyarrow as pa

from ipsearch.errors import RecordError

SCHEMA_VERSION = "1"

Kind = Literal["patent", "trademark"]
KINDS: tuple[Kind, ...] = ("patent", "trademark")

TEXT = pa.struct([("language", pa.string()), ("text", pa.string())])
"""A text and its language (ISO 639-1, `zh`, `en`; null when unknown)."""

PASSAGE = pa.struct([("language", pa.string()), ("label", pa.string()), ("text", pa.string())])
"""A claim or a paragraph; `label` is its printed number (`1`, `0023`), null when it has none."""

PARTY = pa.struct(
    [
        ("name", pa.string()),
        ("organization", pa.string()),  # an agent's agency, an inventor's employer
        ("country", pa.string()),  # two letters, WIPO ST.3
        ("province", pa.string()),  # first level below the country: 湖北省, CA
        ("city", pa.string()),
        ("county", pa.string()),
        ("address", pa.string()),  # as printed, in one line
    ]
)

PRIORITY = pa.struct([("office", pa.string()), ("number", pa.string()), ("date", pa.date32())])

CITATION = pa.struct(
    [
        ("publication_number", pa.string()),  # canonical; null for other literature
        ("text", pa.string()),  # other literature, or the number as printed where it is unreadable
        ("category", pa.string()),  # X, Y, A ... (ST.14); several are joined: "XY"
        ("cited_by", pa.string()),  # examiner, applicant, opponent ...
    ]
)

OTHER_CLASS = pa.struct([("scheme", pa.string()), ("symbol", pa.string())])

EVENT = pa.struct(
    [
        ("date", pa.date32()),
        ("code", pa.string()),  # the office's own
        ("name", pa.string()),  # the office's own words: 未缴年费专利权终止
        ("text", pa.string()),
    ]
)

SIMILAR_GROUP = pa.struct([("group", pa.string()), ("part", pa.string())])
"""A similar group (类似群, `0901`) and the part of it (`一`, `二` ...; null when unknown)."""

MARK_CLASS = pa.struct(
    [
        ("nice_class", pa.int16()),  # 1-45
        ("edition", pa.string()),  # of the Nice classification: "12-2024"
        ("similar_groups", pa.list_(SIMILAR_GROUP)),
        ("goods", pa.list_(pa.string())),  # the items, one string each
        ("status", pa.string()),  # as `legal_status`, for this class alone
        ("status_date", pa.date32()),
    ]
)

LEGAL_STATUSES = (
    "pending",
    "granted",
    "registered",
    "opposed",
    "expired",
    "lapsed",
    "withdrawn",
    "refused",
    "revoked",
)
"""The values of `legal_status`, as of `status_date`; anything else an office says is an event."""

LIVENESS: dict[str, tuple[str, ...]] = {
    "live": ("pending", "granted", "registered", "opposed"),
    "dead": ("expired", "lapsed", "withdrawn", "refused", "revoked"),
}
"""Which legal statuses of a mark are live, and which dead.

An application that is still under way, opposed or not, is live: it may yet bar a later mark. A
record whose status is unknown is neither.
"""

PATENT_TYPES = ("invention", "utility_model", "design", "plant", "other")

MARK_KINDS = ("word", "figurative", "combined", "3d", "sound", "colour", "other")

_DELIVERY = [  # every record says where it comes from
    pa.field("is_event", pa.bool_(), nullable=False),  # only news of a record, no record by itself
    pa.field("source", pa.string(), nullable=False),  # a name in `ipsearch.sources.SOURCES`
    pa.field("product", pa.string(), nullable=False),  # which of the source's products; "" if one
    pa.field("source_file", pa.string()),  # name of the file; "archive.zip!member.xml" in one
    pa.field("transaction_date", pa.date32()),  # the office's date of this delivery
]


def _field(name: str, type_: pa.DataType, inid: str = "", *, nullable: bool = True) -> pa.Field:
    return pa.field(name, type_, nullable, {"inid": inid} if inid else None)


PATENT = pa.schema(
    [  # one row per published document, or per application while no publication of it is known
        _field("id", pa.string(), nullable=False),  # publication number, else application number
        _field("publication_number", pa.string(), "11"),  # CN101234567B
        _field("application_number", pa.string(), "21"),  # CN200710123456.7
        _field("other_numbers", pa.list_(pa.string())),  # any further number it goes by
        _field("office", pa.string(), "19", nullable=False),  # two letters, WIPO ST.3
        _field("kind_code", pa.string(), "13"),  # WIPO ST.16
        _field("patent_type", pa.string()),  # one of PATENT_TYPES
        _field("family_id", pa.string()),  # DOCDB simple family; "~..." is made by us
        _field("extended_family_id", pa.string()),  # INPADOC
        _field("filing_date", pa.date32(), "22"),
        _field("publication_date", pa.date32(), "43"),
        _field("grant_date", pa.date32(), "45"),
        _field("priority_date", pa.date32(), "32"),  # earliest claimed; null if none
        _field("expiry_date", pa.date32()),
        _field("titles", pa.list_(TEXT), "54"),  # original language first
        _field("abstracts", pa.list_(TEXT), "57"),
        _field("claims", pa.list_(PASSAGE)),  # claim 1 first
        _field("description", pa.list_(PASSAGE)),  # a paragraph each
        _field("claim_count", pa.int32()),  # where a source says how many; else len(claims)
        _field("ipc", pa.list_(pa.string()), "51"),  # "H01M10/0525", main class first
        _field("cpc", pa.list_(pa.string()), "52"),
        _field("locarno", pa.list_(pa.string()), "51"),  # "08-05"
        _field("other_classes", pa.list_(OTHER_CLASS)),  # USPC, FI, F-term
        _field("applicants", pa.list_(PARTY), "71"),
        _field("owners", pa.list_(PARTY), "73"),
        _field("inventors", pa.list_(PARTY), "72"),
        _field("agents", pa.list_(PARTY), "74"),
        _field("examiners", pa.list_(pa.string())),
        _field("priorities", pa.list_(PRIORITY), "30"),
        _field("citations", pa.list_(CITATION), "56"),
        _field("legal_status", pa.string()),  # one of LEGAL_STATUSES
        _field("status_date", pa.date32()),
        _field("legal_events", pa.list_(EVENT)),
        *_DELIVERY,
    ],
    metadata={"record": "patent", "version": SCHEMA_VERSION},
)

TRADEMARK = pa.schema(
    [  # one row per application per office; its classes are inside
        _field("id", pa.string(), nullable=False),  # application number, else registration number
        _field("application_number", pa.string(), "210"),  # CN12345678, US98763166
        _field("registration_number", pa.string(), "111"),
        _field("other_numbers", pa.list_(pa.string())),  # international registration, ...
        _field("office", pa.string(), "190", nullable=False),
        _field("mark_text", pa.string(), "540"),  # the words of the sign; null if it has none
        _field("transliteration", pa.string(), "561"),
        _field("translation", pa.string(), "566"),
        _field("mark_kind", pa.string()),  # one of MARK_KINDS
        _field("mark_category", pa.string()),  # trademark, service, collective, certification
        _field("mark_description", pa.string(), "571"),
        _field("disclaimer", pa.string(), "526"),
        _field("vienna_codes", pa.list_(pa.string()), "531"),  # "03.01.08"
        _field("design_codes", pa.list_(OTHER_CLASS)),  # national codes of figures: USPTO's
        _field("owners", pa.list_(PARTY), "730"),
        _field("agents", pa.list_(PARTY), "740"),
        _field("filing_date", pa.date32(), "220"),
        _field("priority_date", pa.date32(), "320"),
        _field("preliminary_publication_date", pa.date32(), "442"),  # 初审公告; US: for opposition
        _field("registration_date", pa.date32(), "151"),
        _field("expiry_date", pa.date32(), "180"),
        _field("international_registration_date", pa.date32()),
        _field("classes", pa.list_(MARK_CLASS), "511"),
        _field("priorities", pa.list_(PRIORITY), "300"),
        _field("legal_status", pa.string()),
        _field("status_date", pa.date32()),
        _field("legal_events", pa.list_(EVENT)),
        *_DELIVERY,
    ],
    metadata={"record": "trademark", "version": SCHEMA_VERSION},
)

SCHEMAS: dict[Kind, pa.Schema] = {"patent": PATENT, "trademark": TRADEMARK}

Row = dict[str, Any]
"""One record as a dict: column -> value; a missing key is null."""


def to_batch(rows: Sequence[Mapping[str, Any]], kind: Kind) -> pa.RecordBatch:
    """Make one record batch of `rows`, which need not name every column.

    All citations of a row may be given as their numbers alone: a record may have hundreds. Raises
    `RecordError`, naming the column and the row's id, if a value has the wrong type.
    """
    schema = SCHEMAS[kind]
    names = frozenset[str]().union(*rows) - _COMPLETED
    flags = [bool(row.get("is_event")) for row in rows]
    products = [row.get("product") or "" for row in rows]
    try:
        numbers = _citation_numbers(rows)
        if numbers is not None:
            names -= {"citations"}
        columns = dict(zip(*_named_columns(rows, kind, names), strict=True))
        if numbers is not None:
            columns["citations"] = numbers
        columns["is_event"] = pa.array(flags, pa.bool_())
        columns["product"] = pa.array(products, pa.string())
    except _NOT_CONVERTED as error:
        raise _name_the_row(rows, schema, error) from None
    for field in schema:
        if field.name not in columns:
            columns[field.name] = pa.nulls(len(rows), field.type)
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


_COMPLETED = frozenset({"is_event", "product"})  # never null: a row that is silent says no and ""
_NOT_CONVERTED = (pa.ArrowException, TypeError, ValueError, OverflowError)


def _named_columns(
    rows: Sequence[Mapping[str, Any]], kind: Kind, names: frozenset[str]
) -> tuple[list[str], list[pa.Array]]:
    """Convert the columns `names` in one go: most sources fill a few, and a null one is cheap."""
    struct = _struct_of(kind, names)
    rows = [row if type(row) is dict else dict(row) for row in rows]
    return struct.names, pa.array(rows, struct).flatten()


def _citation_numbers(rows: Sequence[Mapping[str, Any]]) -> pa.Array | None:
    """Convert the citations of rows that give plain numbers; None if no row does."""
    values = [row.get("citations") for row in rows]
    cited = list(chain.from_iterable(filter(None, values)))
    types = set(map(type, cited))
    if str not in types:
        return None
    if len(types) > 1:
        spelled = [
            value and [{"publication_number": c} if type(c) is str else c for c in value]
            for value in values
        ]
        return pa.array(spelled, pa.list_(CITATION))
    flat = pa.array(cited, pa.string())
    members = [flat, *(pa.nulls(len(flat), member.type) for member in list(CITATION)[1:])]
    ends = accumulate((len(value or ()) for value in values), initial=0)
    offsets = pa.array(list(ends), pa.int32())
    nulls = pa.array([value is None for value in values])
    return pa.ListArray.from_arrays(
        offsets, pa.StructArray.from_arrays(members, fields=list(CITATION)), mask=nulls
    )


@lru_cache(maxsize=256)
def _struct_of(kind: Kind, names: frozenset[str]) -> pa.StructType:
    return pa.struct([field for field in SCHEMAS[kind] if field.name in names])


def _name_the_row(
    rows: Sequence[Mapping[str, Any]], schema: pa.Schema, error: Exception
) -> RecordError:
    for field in schema:
        for row in rows:
            value = row.get(field.name)
            if field.name in _COMPLETED:
                value = bool(value) if field.name == "is_event" else value or ""
            try:
                pa.array([value], field.type)
            except _NOT_CONVERTED as reason:
                return RecordError(f"{row.get('id')}: column {field.name!r}: {reason}")
    return RecordError(f"rows that cannot be converted: {error}")
