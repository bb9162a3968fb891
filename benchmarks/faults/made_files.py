"""The files that commands are killed over: patents and marks in several forms, small and made up.

What is measured: nothing here; these are the inputs of `kills` and of `soak`.
Corpus model: texts are words of a short list thrown together, so that every query has hits. A
    record depends on its number and its edition alone; a later edition has other texts and a later
    transaction date, and replaces the earlier one.
Notes: of the usual size, the first and the third delivery are larger than
    `corpus.ingest.SMALL_INPUT_BYTES`, so that worker processes read them; the second is smaller and
    is read in the process of the command.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from benchmarks.machine import ROOT

Record = dict[str, Any]

PATENTS, MARKS = 1_700, 400
_FIRST_DAY = date(2021, 1, 1)
_DOCDB = ROOT / "samples" / "docdb.xml"
_WORDS = (
    *("石墨", "电池", "电极", "装置", "方法", "控制", "传感器", "涂层", "薄膜", "温度", "压力"),
    *("阀门", "齿轮", "轴承", "催化剂", "溶液", "无人机", "草原", "茶叶", "机器人", "蓄电池组"),
    *("石墨烯", "混凝土", "桥梁", "种子", "小麦", "图像", "识别", "网络", "服务器", "半导体"),
    *("发动机", "水泵", "风力", "叶片", "太阳能", "光纤", "天线", "基站", "芯片", "存储器"),
    *("显示屏", "摄像头", "轮胎", "车架", "座椅", "门锁", "灯具", "纤维", "染料", "树脂"),
)
_WEIGHTS = tuple(1 / (rank + 4) for rank in range(len(_WORDS)))
_SIGNS = ("草原", "金鹿", "蓝海", "星河", "一品", "茶香", "天天", "SUNNY", "RIVER", "ECO")
_GOODS = ("电池", "计算机程序", "茶", "服装", "广告")
_WATCHES = """\
version = 1
[[mark]]
text = "草原金鹿"
classes = [9]
[[patent]]
number = "CN100000007A"
[[competitor]]
names = ["某某公司7"]
[[topic]]
name = "天线与叶片"
expression = "ti:天线 AND 叶片"
"""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Files by the command that takes them in."""

    first: tuple[Path, ...]
    changes: tuple[Path, ...]  # few records replaced, some new, one taken back, news of others
    much: tuple[Path, ...]  # more than a twentieth replaced: what is replaced is left behind
    watches: Path  # a watch list


def write_deliveries(folder: Path, patents: int = PATENTS, marks: int = MARKS) -> Deliveries:
    """Write all files into `folder`: the same bytes each time.

    There are so many patents and marks in the first delivery; the others are in proportion.
    """
    folder.mkdir(parents=True, exist_ok=True)
    of_another_source = [patent(n, source="google_patents") for n in range(0, patents // 6, 2)]
    docdb = _DOCDB.read_text(encoding="utf-8")
    taken_back = docdb.replace('status="C"', 'status="D"', 1).replace("20240215", "20240601")
    return Deliveries(
        first=(
            write_lines(folder / "patents.jsonl", map(patent, range(patents))),
            _packed(folder / "more.zip", of_another_source),
            write_lines(folder / "marks.jsonl", map(mark, range(marks))),
            _text(folder / "docdb.xml", docdb),
        ),
        changes=(
            write_lines(folder / "changes.jsonl", _changes(patents, marks)),
            _text(folder / "taken back.xml", taken_back),
        ),
        much=(
            write_lines(folder / "much.jsonl", _much(patents)),
            write_lines(folder / "商标.jsonl", (mark(n, 2) for n in range(0, marks, 3))),
        ),
        watches=_text(folder / "watches.toml", _WATCHES),
    )


def patent(number: int, edition: int = 0, *, source: str = "cnipa_patent") -> Record:
    """Make one patent."""
    pick = random.Random(f"patent/{number}/{edition}/{source}")
    return {
        "record": "patent",
        "id": f"CN{100_000_000 + number}A",
        "publication_number": f"CN{100_000_000 + number}A",
        "application_number": f"CN2020{10_000_000 + number}",
        "office": "CN",
        "source": source,
        "transaction_date": (_FIRST_DAY + timedelta(edition)).isoformat(),
        "filing_date": f"{2000 + number % 20}-03-05",
        "publication_date": f"{2001 + number % 20}-09-14",
        "titles": [{"language": "zh", "text": f"一种{''.join(_words(pick, 4))}"}],
        "abstracts": [{"language": "zh", "text": "，".join(_words(pick, 100))}],
        "ipc": pick.sample(("H01M4/36", "H01M10/0525", "G06F17/30", "A01B1/00"), 2),
        "applicants": [{"name": f"某某公司{number % 50}", "country": "CN"}],
    }


def mark(number: int, edition: int = 0) -> Record:
    """Make one mark."""
    pick = random.Random(f"mark/{number}/{edition}")
    return {
        "record": "trademark",
        "id": f"CN{70_000_000 + number}",
        "application_number": f"CN{70_000_000 + number}",
        "office": "CN",
        "source": "uspto_trademark",
        "transaction_date": (_FIRST_DAY + timedelta(edition)).isoformat(),
        "mark_text": "".join(pick.choices(_SIGNS, k=2)),
        "owners": [{"name": f"某某公司{number % 50}", "country": "CN"}],
        "filing_date": f"{2000 + number % 20}-03-05",
        "classes": [{"nice_class": pick.choice((9, 30, 35)), "goods": pick.sample(_GOODS, 2)}],
        "legal_status": "registered",
    }


def _words(pick: random.Random, count: int) -> list[str]:
    return pick.choices(_WORDS, _WEIGHTS, k=count)


def event(number: int) -> Record:
    """Make news of one patent's application."""
    return {
        "record": "patent",
        "id": f"CN2020{10_000_000 + number}",
        "application_number": f"CN2020{10_000_000 + number}",
        "office": "CN",
        "source": "cnipa_patent",
        "is_event": True,
        "legal_status": "lapsed",
        "status_date": "2023-01-01",
    }


def _changes(patents: int, marks: int) -> Iterator[Record]:
    yield from (patent(number, 1) for number in range(0, patents, 50))
    yield from map(patent, range(patents, patents + patents // 30))
    yield from map(event, range(7, patents, 100))
    yield from (mark(number, 1) for number in range(0, marks, 40))


def _much(patents: int) -> Iterator[Record]:
    yield from (patent(number, 2) for number in range(0, patents, 3))
    yield from map(patent, range(patents + patents // 60, patents + 7 * patents // 10))


def write_lines(path: Path, records: Iterable[Record]) -> Path:
    """Write records as JSON Lines of our own form; returns the path."""
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in records))
    return path


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _packed(path: Path, records: list[Record]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, some in (("a.jsonl", records[::2]), ("b.jsonl", records[1::2])):
            member = zipfile.ZipInfo(name, (2021, 1, 1, 0, 0, 0))  # the same bytes each time
            archive.writestr(member, b"".join(orjson.dumps(row) + b"\n" for row in some))
    return path
