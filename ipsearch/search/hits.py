"""What a search gives back: small values, and tables of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from dataclasses import fields as attributes
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ipsearch.errors import QueryError
from ipsearch.records import SCHEMAS, Kind
from ipsearch.search.highlight import Highlight

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Hit:
    """One patent document found."""

    rank: int  # 1 is the best
    score: float  # BM25: no unit, no upper bound, comparable within one query only
    id: str
    title: str | None  # in the original language, if a source gave it
    office: str
    publication_date: date | None
    filing_date: date | None
    applicants: tuple[str, ...]
    ipc: tuple[str, ...]
    status: str | None  # one of `records.LEGAL_STATUSES`
    highlights: tuple[Highlight, ...]
    members: tuple[str, ...] = ()  # of one row a group: the ids of all of it that match


@dataclass(frozen=True, slots=True)
class MarkHit:
    """One mark found."""

    rank: int
    score: float
    id: str
    title: str | None  # the words of the mark, as `mark_text`
    office: str
    publication_date: date | None  # preliminary publication
    filing_date: date | None
    mark_text: str | None
    owners: tuple[str, ...]
    nice_classes: tuple[int, ...]
    status: str | None
    highlights: tuple[Highlight, ...]
    members: tuple[str, ...] = ()  # of one row a group: the ids of all of it that match


@dataclass(frozen=True)
class Results(Sequence[Hit | MarkHit]):
    """The hits that were asked for, best first, and how many there are in all."""

    kind: Kind
    hits: tuple[Hit | MarkHit, ...]
    counting: Callable[[], int] = field(repr=False)
    elapsed_s: float  # of finding and reading the hits
    warnings: Sequence[str] = ()  # what a searcher should know of the query; `total` may add to it
    reading: Callable[[Sequence[str]], list[dict[str, Any]]] | None = field(
        default=None, repr=False
    )

    @cached_property
    def total(self) -> int:
        """How many records, or groups, match, shown here or not: counted when first asked for."""
        return self.counting()

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit | MarkHit]:
        return iter(self.hits)

    def __getitem__(self, index: Any) -> Any:
        return self.hits[index]

    def to_dicts(self, fields: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Give the hits as plain values: what a hit has, or these fields in their order.

        `fields` are attributes of a hit, or columns of a record; raises `QueryError` for others.
        """
        if fields is None:
            return [asdict(hit) for hit in self.hits]
        names = list(dict.fromkeys(fields))
        own = {attribute.name for attribute in attributes(_CLASSES[self.kind])}
        columns = [name for name in names if name not in own]
        known = SCHEMAS[self.kind].names
        for name in columns:
            if name not in known or self.reading is None:
                raise QueryError(
                    f"no field {name!r} of a hit; there are: {', '.join(sorted(own | set(known)))}"
                )
        rows = self.reading(columns) if columns and self.reading else [{}] * len(self.hits)
        return [
            {name: whole[name] for name in names}
            for hit, row in zip(self.hits, rows, strict=True)
            for whole in [asdict(hit) | row]
        ]

    def to_arrow(self) -> pa.Table:
        """Give the hits as an Arrow table, a column an attribute."""
        import pyarrow as pa

        highlight = pa.struct(
            [
                ("field", pa.string()),
                ("text", pa.string()),
                ("spans", pa.list_(pa.list_(pa.int32()))),
            ]
        )
        common = [
            ("rank", pa.int32()),
            ("score", pa.float64()),
            ("id", pa.string()),
            ("title", pa.string()),
            ("office", pa.string()),
            ("publication_date", pa.date32()),
            ("filing_date", pa.date32()),
        ]
        own: list[tuple[str, pa.DataType]] = (
            [("applicants", pa.list_(pa.string())), ("ipc", pa.list_(pa.string()))]
            if self.kind == "patent"
            else [
                ("mark_text", pa.string()),
                ("owners", pa.list_(pa.string())),
                ("nice_classes", pa.list_(pa.int16())),
            ]
        )
        last = [
            ("status", pa.string()),
            ("highlights", pa.list_(highlight)),
            ("members", pa.list_(pa.string())),
        ]
        schema = pa.schema([*common, *own, *last])
        columns = [_column([getattr(hit, f.name) for hit in self.hits], f) for f in schema]
        return pa.Table.from_arrays(columns, schema=schema)

    def to_pandas(self) -> pd.DataFrame:
        """Give the hits as a pandas data frame (pandas must be installed)."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Give the hits as a Polars data frame on the same memory (Polars must be installed)."""
        import polars

        return polars.DataFrame(self.to_arrow())


_CLASSES: dict[Kind, type[Hit] | type[MarkHit]] = {"patent": Hit, "trademark": MarkHit}


def _column(values: Sequence[Any], field: pa.Field) -> pa.Array:
    import pyarrow as pa

    if field.name == "highlights":
        values = [list(map(asdict, marks)) for marks in values]
    return pa.array(values, field.type)


_NAMES = ("applicants.list.element.name", "owners.list.element.name")
COLUMNS: dict[Kind, tuple[str, ...]] = {
    "patent": (
        *("id", "office", "publication_date", "filing_date", "titles.list.element.text"),
        *(*_NAMES, "ipc", "legal_status"),
    ),
    "trademark": (
        *("id", "office", "preliminary_publication_date", "filing_date", "mark_text"),
        *(_NAMES[1], "classes.list.element.nice_class", "legal_status"),
    ),
}
"""The columns of a record that a hit is made of."""


def make_hit(
    kind: Kind, rank: int, score: float, row: Mapping[str, Any], highlights: Sequence[Highlight]
) -> Hit | MarkHit:
    """Make a hit of a record's columns."""
    if kind == "patent":
        return Hit(
            rank=rank,
            score=score,
            id=row["id"],
            title=next((t["text"] for t in row["titles"] or ()), None),
            office=row["office"],
            publication_date=row["publication_date"],
            filing_date=row["filing_date"],
            applicants=_names(row["applicants"] or row["owners"]),
            ipc=tuple(row["ipc"] or ()),
            status=row["legal_status"],
            highlights=tuple(highlights),
        )
    classes = sorted({c["nice_class"] for c in row["classes"] or () if c["nice_class"]})
    return MarkHit(
        rank=rank,
        score=score,
        id=row["id"],
        title=row["mark_text"],
        office=row["office"],
        publication_date=row["preliminary_publication_date"],
        filing_date=row["filing_date"],
        mark_text=row["mark_text"],
        owners=_names(row["owners"]),
        nice_classes=tuple(classes),
        status=row["legal_status"],
        highlights=tuple(highlights),
    )


def _names(parties: Sequence[Mapping[str, Any]] | None) -> tuple[str, ...]:
    return tuple(party["name"] for party in parties or () if party["name"])
