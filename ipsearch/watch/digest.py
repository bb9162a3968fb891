"""Here are alerts and a file, put them in it: a table, JSON Lines, a digest to mail, a feed."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ipsearch.errors import UnknownNameError
from ipsearch.search.export import opened_to_write
from ipsearch.watch.alerts import Alert, Reason
from ipsearch.watch.words import Language

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    *("id", "watch", "watch_kind", "severity", "score", "state", "kind", "record_id", "title"),
    *("parties", "classes", "office", "status", "filing_date", "publication_date", "deadline"),
    *("deadline_note", "reasons", "first_seen", "last_seen", "note"),
)
"""The columns of CSV and XLSX; JSON Lines have the evidence besides."""


def write_alerts(
    alerts: Sequence[Alert],
    target: str | os.PathLike[str] | BinaryIO,
    *,
    format: str | None = None,
    language: Language = "zh",
    at: datetime | None = None,
    link: str = "",
) -> None:
    """Write alerts to a file, which is replaced as a whole and at the end, or to a stream.

    The format is that of the file's ending unless named: csv, xlsx, jsonl; html, a page that needs
    nothing beside itself and is fit to be mailed; rss (also .xml), an RSS 2.0 feed. `language` is
    that of html and rss, `at` the moment that they name, by default now, and `link` the address
    that a feed gives for what it is of. Raises `UnknownNameError`.
    """
    path = Path(target) if isinstance(target, (str, os.PathLike)) else None
    chosen = read_format(path, format)
    moment = at or datetime.now(UTC)
    write = _WRITERS[chosen]
    with opened_to_write(target) as stream:
        if path is not None and chosen == "csv":
            stream.write(b"\xef\xbb\xbf")  # without it, Excel reads no Chinese
        write(alerts, stream, language, moment, link)


def read_format(path: Path | None, name: str | None) -> str:
    """Give the format called `name`, or by a file's ending; raise `UnknownNameError`."""
    if name is None:
        ending = path.suffix.lower().removeprefix(".") if path is not None else ""
        name = {"xml": "rss", "htm": "html"}.get(ending, ending)
    if name not in FORMATS:
        where = f"no format {name!r}" if path is None or name else f"{path}: says no format"
        raise UnknownNameError(f"{where}; there are: {', '.join(FORMATS)}")
    return name


def reasons_in_line(reasons: Sequence[Reason]) -> str:
    """Give reasons as one text: aspect, score, rule, detail."""
    return "; ".join(
        f"{reason.aspect}"
        + (f" {reason.score:.2f}" if reason.score is not None else "")
        + f": {reason.rule}"
        + (f" ({reason.detail})" if reason.detail else "")
        for reason in reasons
    )


def _table(alerts: Sequence[Alert]) -> pa.RecordBatch:
    import pyarrow as pa

    rows = []
    for alert in alerts:
        row = alert.to_dict()
        row["reasons"] = reasons_in_line(alert.reasons)
        rows.append({name: row[name] for name in COLUMNS})
    lists = ("parties", "classes")
    dates = ("filing_date", "publication_date", "deadline")
    types = {"id": pa.int64(), "score": pa.float64()}
    types |= dict.fromkeys(lists, pa.list_(pa.string())) | dict.fromkeys(dates, pa.date32())
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    return pa.RecordBatch.from_pylist(rows, schema)


def _csv(
    alerts: Sequence[Alert], stream: BinaryIO, language: Language, at: datetime, link: str
) -> None:
    import pyarrow as pa

    from ipsearch.search.cells import as_cells, harmless

    table = _table(alerts)
    columns = [
        as_cells(column) if pa.types.is_floating(column.type) else harmless(as_cells(column))
        for column in table.columns
    ]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(zip(*(column.to_pylist() for column in columns), strict=True))
    stream.write(buffer.getvalue().encode())


def _xlsx(
    alerts: Sequence[Alert], stream: BinaryIO, language: Language, at: datetime, link: str
) -> None:
    from ipsearch.search.xlsx import XlsxWriter

    writer = XlsxWriter(stream, COLUMNS)
    try:
        writer.write(_table(alerts))
        writer.close()
    except BaseException:
        writer.abandon()
        raise


def _jsonl(
    alerts: Sequence[Alert], stream: BinaryIO, language: Language, at: datetime, link: str
) -> None:
    import orjson

    for alert in alerts:
        stream.write(orjson.dumps(alert.to_dict()) + b"\n")


def _html(
    alerts: Sequence[Alert], stream: BinaryIO, language: Language, at: datetime, link: str
) -> None:
    from ipsearch.watch.digest_html import as_html

    stream.write(as_html(alerts, language, at).encode())


def _rss(
    alerts: Sequence[Alert], stream: BinaryIO, language: Language, at: datetime, link: str
) -> None:
    from ipsearch.watch.digest_rss import as_rss

    stream.write(as_rss(alerts, language, at, link))


Writer = Callable[[Sequence[Alert], BinaryIO, Language, datetime, str], None]
_WRITERS: dict[str, Writer] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "jsonl": _jsonl,
    "html": _html,
    "rss": _rss,
}
FORMATS = tuple(_WRITERS)
