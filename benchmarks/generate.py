"""Made-up CN patents of any number, as JSON Lines in ipsearch's own record form.

What is measured: nothing here; this writes what the other benchmarks read.
Corpus model: text by `text_model`; metadata by rule: 1-5 IPC symbols of the record's topic and,
    less often, of another one; 1-3 applicants from a pool of one name per 20 records (Zipf), so
    that the pool grows with the corpus; 1-6 inventors; agents; regions of China; dates, priorities,
    citations of earlier records, families and legal status. Names are thrown together at random.
Notes: record i depends on the seed and on i alone, never on how many follow or on how many
    processes write: a smaller corpus is the beginning of a larger one. Numbers are valid (check
    digit included), each record is an application of its own. A description, where there is any,
    draws from a source of its own: the rest of the record is as without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from benchmarks import made_up_names as names
from benchmarks.text_model import Draws, TextModel, Topic, draws, zipf_table

MAX_RECORDS = 10_000_000  # the serial part of an application number has seven digits
BLOCK_RECORDS = 500
RECORDS_PER_APPLICANT = 20
APPLICANT_OFFSET = 20  # of the Zipf law: the top applicant has about 1 % of the records

Record = dict[str, Any]

_IPC_RANKS = zipf_table(24, 64, offset=1)
_DAY = timedelta(days=1)
_EPOCH = date(2004, 1, 1)
_FILING_DAYS = 19 * 365
_LAST_DAY = date(2024, 12, 31)
_KINDS = ("U", "U", "U", "U", "A", "A", "A", "A", "B", "B")


@dataclass(frozen=True, slots=True)
class Descriptions:
    """Which records have a description, and how long one is."""

    share: float = 0.0  # of the records, 0 to 1
    characters: int = 10_000


NO_DESCRIPTIONS = Descriptions()


def records(
    seed: int, start: int, stop: int, descriptions: Descriptions = NO_DESCRIPTIONS
) -> Iterator[Record]:
    """Make the records at positions `start` to `stop` - 1 of the corpus of this `seed`.

    All but the descriptions is the same with and without them. Raises `ValueError` if `stop` is
    beyond `MAX_RECORDS`.
    """
    if not 0 <= start <= stop <= MAX_RECORDS:
        raise ValueError(f"no such range of records: {start} to {stop}, limit {MAX_RECORDS}")
    model = _model(seed)
    for block in range(start // BLOCK_RECORDS, -(-stop // BLOCK_RECORDS)):
        numbers = draws(f"{seed}/block/{block}")
        first = block * BLOCK_RECORDS
        for position in range(first, min(first + BLOCK_RECORDS, stop)):
            topic, mentions, record = _record(model, position, numbers)
            if position < start:
                continue
            if descriptions.share and _has_description(position, descriptions.share):
                record["description"] = _description(
                    model, topic, mentions, draws(f"{seed}/description/{position}"), descriptions
                )
            yield record


def _has_description(position: int, share: float) -> bool:
    return position * 2_654_435_761 % 4_294_967_296 < share * 4_294_967_296


def _description(
    model: TextModel,
    topic: Topic,
    mentions: list[str],
    numbers: Draws,
    descriptions: Descriptions,
) -> list[Record]:
    paragraphs = model.describe(topic, mentions, numbers, descriptions.characters)
    return [
        {"language": "zh", "label": f"{label:04d}", "text": text}
        for label, text in enumerate(paragraphs, 1)
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """What `write` wrote."""

    records: int
    characters: int  # of titles, abstracts, claims and descriptions
    bytes: int
    sha256: str


def write(
    path: Path,
    count: int,
    seed: int,
    *,
    start: int = 0,
    processes: int = 1,
    descriptions: Descriptions = NO_DESCRIPTIONS,
    pool: ProcessPoolExecutor | None = None,
) -> Written:
    """Write `count` records of `seed` from position `start` to `path`; replace the file.

    One line each. `pool` is used instead of a new one of `processes`: its processes have made
    their tables already.
    """
    if not 0 <= start <= start + count <= MAX_RECORDS:
        raise ValueError(
            f"no such range of records: {start} to {start + count}, limit {MAX_RECORDS}"
        )
    tasks = [
        (seed, first, min(first + BLOCK_RECORDS, start + count), descriptions)
        for first in range(start, start + count, BLOCK_RECORDS)
    ]
    digest = hashlib.sha256()
    characters = size = 0
    with path.open("wb") as out:
        for lines, block_characters in _blocks(tasks, processes, pool):
            out.write(lines)
            digest.update(lines)
            size += len(lines)
            characters += block_characters
    return Written(count, characters, size, digest.hexdigest())


_Task = tuple[int, int, int, Descriptions]


def _blocks(
    tasks: list[_Task], processes: int, pool: ProcessPoolExecutor | None
) -> Iterator[tuple[bytes, int]]:
    if processes == 1 and pool is None:
        yield from map(_block, tasks)
        return
    with ExitStack() as stack:
        if pool is None:
            pool = stack.enter_context(ProcessPoolExecutor(processes))
        window = 64 * processes  # what may wait in memory
        for first in range(0, len(tasks), window):
            yield from pool.map(_block, tasks[first : first + window], chunksize=8)


def _block(task: _Task) -> tuple[bytes, int]:
    lines = []
    characters = 0
    for record in records(*task):
        lines.append(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        characters += text_characters(record)
    return b"".join(lines), characters


def text_characters(record: Record) -> int:
    """Count the characters of title, abstract, claims and description."""
    return sum(
        len(passage["text"])
        for column in ("titles", "abstracts", "claims", "description")
        for passage in record.get(column, ())
    )


@cache
def _model(seed: int) -> TextModel:
    return TextModel(seed)


def kind_code(position: int) -> str:
    """`U` for four records of ten, `A` for four, `B` for two, in no visible order."""
    return _KINDS[position * 2_654_435_761 % 4_294_967_296 % 9_973 % 10]


def publication_number(position: int) -> str:
    """Name the record at `position`, such as `CN104711923A`; no two are equal."""
    kind = kind_code(position)
    serial = (position * 61_803_399 + 14_711_923) % 100_000_000
    return f"CN{2 if kind == 'U' else 1}{serial:08d}{kind}"


def application_number(position: int, year: int) -> str:
    """Number the application of the record at `position`: `CN200710123456.7`.

    The check digit is the sum of the twelve digits times 2 to 9, 2 to 5, modulo 11, ten being X.
    """
    serial = (position * 6_180_339 + 1_234_567) % 10_000_000
    digits = f"{year}{2 if kind_code(position) == 'U' else 1}{serial:07d}"
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    check = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
    return f"CN{digits}.{'0123456789X'[check]}"


def _record(model: TextModel, position: int, draws: Draws) -> tuple[Topic, list[str], Record]:
    """Make a record; gives its topic and its components as well."""
    topic = model.topic(draws)
    kind = kind_code(position)
    text = model.write(topic, draws, is_utility_model=kind == "U")
    filed = _EPOCH + _DAY * (next(draws) * _FILING_DAYS >> 16)
    published = filed + _DAY * _days_to_publication(kind, next(draws))
    granted = None if kind == "A" else published
    priorities = _priorities(filed, draws)
    status, status_date = _status(kind, filed, published, draws)
    number = publication_number(position)
    record: Record = {
        "record": "patent",
        "id": number,
        "publication_number": number,
        "application_number": application_number(position, filed.year),
        "office": "CN",
        "kind_code": kind,
        "patent_type": "utility_model" if kind == "U" else "invention",
        "family_id": _family(position, draws),
        "filing_date": filed,
        "publication_date": published,
        "grant_date": granted,
        "priority_date": min((p["date"] for p in priorities), default=None),
        "titles": [{"language": "zh", "text": text.title}],
        "abstracts": [{"language": "zh", "text": text.abstract}],
        "claims": [
            {"language": "zh", "label": str(label), "text": claim}
            for label, claim in enumerate(text.claims, 1)
        ],
        "ipc": _ipc(topic, draws),
        "applicants": _applicants(position, draws),
        "inventors": [
            {"name": names.person(draws)} for _ in range((1, 1, 2, 2, 3, 3, 4, 6)[next(draws) & 7])
        ],
        "agents": _agents(draws),
        "priorities": priorities,
        "citations": _citations(position, draws) if kind == "B" else [],
        "legal_status": status,
        "status_date": status_date,
    }
    return topic, text.mentions, record


def _days_to_publication(kind: str, draw: int) -> int:
    if kind == "U":
        return 120 + draw % 240
    if kind == "A":
        return 90 + draw % 460
    return 500 + draw % 1200


def _status(kind: str, filed: date, published: date, draws: Draws) -> tuple[str, date]:
    draw = next(draws)
    if kind == "A":
        status = ("pending", "pending", "withdrawn", "refused")[draw & 3]
        return status, published if status == "pending" else published + _DAY * (draw >> 6)
    term = filed + _DAY * (3652 if kind == "U" else 7305)
    if term < _LAST_DAY:
        return "expired", term
    if draw & 3 == 0:
        return "lapsed", min(published + _DAY * (365 + draw % 2000), term)
    return "granted", published


def _family(position: int, draws: Draws) -> str:
    draw = next(draws)
    member = position * (draw >> 4) >> 12 if draw & 15 == 0 else position
    return str(10_000_000 + member * 7 % 70_000_000)


def _ipc(topic: Topic, draws: Draws) -> list[str]:
    count = (1, 1, 1, 2, 2, 3, 4, 5)[next(draws) & 7]
    symbols: dict[str, None] = {}  # in order, none twice
    for _ in range(count):
        draw = next(draws)
        owner = topic.number if draw >> 13 else draw % 512  # one in eight is of another topic
        symbols[names.ipc_symbol(owner, _IPC_RANKS[draw & 63])] = None
    return list(symbols)


def _applicants(position: int, draws: Draws) -> list[Record]:
    pool = position // RECORDS_PER_APPLICANT + 1
    chosen: dict[int, None] = {}
    if position % RECORDS_PER_APPLICANT == 0:
        chosen[pool - 1] = None  # whoever files for the first time
    for _ in range((1, 1, 1, 1, 1, 1, 2, 3)[next(draws) & 7]):
        share = (next(draws) + 0.5) / 65536
        rank = APPLICANT_OFFSET * ((pool / APPLICANT_OFFSET + 1) ** share - 1)
        chosen[min(int(rank), pool - 1)] = None
    return [names.applicant(number) for number in chosen]


def _agents(draws: Draws) -> list[Record]:
    draw = next(draws)
    if draw & 3 == 0:
        return []
    agency = names.agency(draw >> 2)
    return [
        {"name": names.person(draws), "organization": agency} for _ in range(1 + (draw >> 2 & 1))
    ]


def _priorities(filed: date, draws: Draws) -> list[Record]:
    if next(draws) >= 8_000:  # one in eight claims any
        return []
    priorities = []
    for _ in range((1, 1, 1, 2)[next(draws) & 3]):
        draw = next(draws)
        day = filed - _DAY * (1 + draw % 365)
        office = ("US", "JP", "EP", "KR", "DE", "CN", "US", "JP")[draw & 7]
        serial = (draw << 16 | next(draws)) % 1_000_000
        priorities.append({"office": office, "number": f"{day.year}{serial:06d}", "date": day})
    return priorities


def _citations(position: int, draws: Draws) -> list[Record]:
    if position == 0:
        return []
    cited: dict[int, Record] = {}
    for _ in range(next(draws) % 7):
        draw = next(draws)
        earlier = (draw << 16 | next(draws)) % position
        cited[earlier] = {
            "publication_number": publication_number(earlier),
            "category": ("A", "A", "A", "X", "Y", "A", "XY", "A")[draw & 7],
            "cited_by": "applicant" if draw & 24 == 0 else "examiner",
        }
    return list(cited.values())
