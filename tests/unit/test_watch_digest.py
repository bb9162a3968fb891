"""Alerts in files: tables, JSON Lines, a page to be mailed, a feed."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from ipsearch.errors import UnknownNameError
from ipsearch.watch.alerts import SEVERITIES, STATES, Alert, Reason, RecordFacts
from ipsearch.watch.digest import COLUMNS, FORMATS, Language, write_alerts
from ipsearch.watch.words import WORDS, say_rule

NOW = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>&\x1b[31m\u202e\uffff]]>'


def alert(number: int = 1, **more: Any) -> Alert:
    facts = RecordFacts(
        title=more.pop("title", "云雀"),
        office="CN",
        parties=more.pop("parties", ("某某公司",)),
        classes=("9", "42"),
        status="pending",
        filing_date=date(2026, 1, 5),
        publication_date=date(2026, 3, 6),
    )
    values: dict[str, Any] = {
        "id": number,
        "watch": "云雀 第9类",
        "watch_kind": "mark",
        "kind": "trademark",
        "record_id": f"CN{70000000 + number}",
        "severity": "near",
        "score": 0.8125,
        "state": "open",
        "note": "",
        "first_seen": "2026-03-09T08:00:00+00:00",
        "last_seen": "2026-03-09T08:00:00+00:00",
        "deadline": date(2026, 6, 6),
        "deadline_note": "2026-06-06; 3 months",
        "deadline_note_zh": "2026-06-06；三个月",
        "run": 3,
        "facts": facts,
        "reasons": (Reason("sound", 0.8125, "same sounds", "云雀 ~ 云鹊"),),
        "evidence": ({"label": "1.a", "place": "claim 1", "text": "一段<原文>"},),
    }
    return Alert(**(values | more))


def written(alerts: list[Alert], format: str, language: Language = "zh") -> bytes:
    stream = io.BytesIO()
    write_alerts(alerts, stream, format=format, language=language, at=NOW)
    return stream.getvalue()


class Page(HTMLParser):
    """Collects the tags, the attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_to_be_mailed(language: Language) -> None:
    """It is well formed, needs nothing beside itself, and shows what every alert says."""
    alerts = [
        alert(n, severity=severity, state=STATES[n % 4], watch=f"w{n % 3}", title=HOSTILE)
        for n, severity in enumerate(SEVERITIES)
    ]
    page = Page(written(alerts, "html", language).decode())
    assert page.open == []
    assert not {"script", "style", "link", "img", "a", "iframe", "form"} & set(page.tags)
    assert {name for name, _ in page.attributes} <= {
        *("lang", "charset", "name", "content", "style", "cellspacing", "cellpadding"),
    }
    assert "url(" not in str(page.attributes)
    assert page.text.count("<script>alert(1)</script>") == len(alerts)
    assert "\x1b" not in page.text and "\u202e" not in page.text
    for severity in SEVERITIES:
        assert WORDS[f"severity.{severity}"][language] in page.text
    assert ("三个月" in page.text) == (language == "zh")
    assert "一段<原文>" in page.text and "云雀 ~ 云鹊" in page.text


def test_a_page_without_alerts() -> None:
    """It says that there are none."""
    assert "没有提醒" in Page(written([], "html").decode()).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_feed(language: Language) -> None:
    """It is XML, with all that RSS 2.0 asks for; an alert that comes back is a new item."""
    alerts = [alert(1, title=HOSTILE), alert(2, title=None, score=None, deadline=None)]
    root = ElementTree.fromstring(written(alerts, "rss", language))
    assert (root.tag, root.attrib) == ("rss", {"version": "2.0"})
    (channel,) = root
    assert all(channel.findtext(name) for name in ("title", "link", "description", "language"))
    assert parsedate_to_datetime(channel.findtext("lastBuildDate") or "") == NOW
    first, second = channel.findall("item")
    assert "<script>" in (first.findtext("title") or "")
    assert parsedate_to_datetime(first.findtext("pubDate") or "").date() == date(2026, 3, 9)
    guids = [item.find("guid") for item in (first, second)]
    assert [g is not None and g.attrib["isPermaLink"] for g in guids] == ["false", "false"]
    again = ElementTree.fromstring(written([alert(1, run=4)], "rss", language))
    assert again.findtext("channel/item/guid") != first.findtext("guid")
    assert WORDS["title"][language] == channel.findtext("title")


def test_tables_are_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    """What a spreadsheet would take for a formula is text; scores and days keep their types."""
    alerts = [alert(1, watch="=1+1", title=HOSTILE, note="@x"), alert(2, score=None, deadline=None)]
    rows = list(csv.reader(io.StringIO(written(alerts, "csv").decode(), newline="")))
    assert tuple(rows[0]) == COLUMNS
    first = dict(zip(COLUMNS, rows[1], strict=True))
    assert (first["watch"], first["note"], first["title"][:2]) == ("'=1+1", "'@x", "'=")
    assert (first["score"], first["parties"], first["classes"]) == ("0.8125", "某某公司", "9; 42")
    assert first["reasons"] == "sound 0.81: same sounds (云雀 ~ 云鹊)"
    write_alerts(alerts, tmp_path / "a.xlsx", at=NOW)
    sheet = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    cells = dict(zip(COLUMNS, sheet[1], strict=True))
    assert (cells["watch"], cells["score"], cells["deadline"]) == ("=1+1", 0.8125, date(2026, 6, 6))
    assert dict(zip(COLUMNS, sheet[2], strict=True))["score"] == ""
    write_alerts(alerts, tmp_path / "a.csv", at=NOW)
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_rules_of_goods_are_said_in_chinese() -> None:
    """Every rule by which goods are judged has words in Chinese."""
    from ipsearch.marks.goods_rules import WEIGHTS

    assert {say_rule("zh", rule) for rule in WEIGHTS}.isdisjoint(WEIGHTS)
    assert say_rule("zh", "has the words of claim 12") == "含有权利要求12的用词"
    assert say_rule("en", "same_part") == "same_part"


def test_json_lines_have_everything() -> None:
    """A line an alert, with its reasons and its evidence."""
    (line,) = written([alert(7)], "jsonl").splitlines()
    row = json.loads(line)
    assert list(row)[:5] == ["id", "watch", "watch_kind", "kind", "record_id"]
    assert row["reasons"] == [
        {"aspect": "sound", "score": 0.8125, "rule": "same sounds", "detail": "云雀 ~ 云鹊"}
    ]
    assert row["evidence"][0]["text"] == "一段<原文>"
    assert set(COLUMNS) <= set(row)


def test_the_ending_says_the_format(tmp_path: Path) -> None:
    """A file that is there is replaced as a whole; an unknown ending names those there are."""
    for ending in (*FORMATS, "xml", "htm"):
        path = tmp_path / f"alerts.{ending}"
        path.write_text("old")
        write_alerts([alert()], path, at=NOW)
        assert b"old" not in path.read_bytes()[:10]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == sorted(
        f".{ending}" for ending in (*FORMATS, "xml", "htm")
    )
    with pytest.raises(UnknownNameError, match="'pdf'; there are: csv, xlsx, jsonl, html, rss"):
        write_alerts([], tmp_path / "a.pdf")
    with pytest.raises(UnknownNameError, match="there are: csv"):
        write_alerts([], tmp_path / "a")
