"""Here are alerts, give me an RSS 2.0 feed of them: one item an alert."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from ipsearch.harmless import one_line
from ipsearch.watch.alerts import Alert
from ipsearch.watch.digest import reasons_in_line
from ipsearch.watch.words import Language, say, say_or_plain

_LANGUAGES: dict[Language, str] = {"zh": "zh-cn", "en": "en"}
NO_LINK = "urn:ipsearch:watch"
"""The address of a feed that is at none."""
_NOT_IN_XML = re.compile("[\ufffe\uffff]")  # the rest that XML has not, `one_line` makes visible


def as_rss(alerts: Sequence[Alert], language: Language, at: datetime, link: str = "") -> bytes:
    """Give the feed as XML in UTF-8; `link` is what it says it is of."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    _put(channel, "title", say(language, "title"))
    _put(channel, "link", link or NO_LINK)
    _put(channel, "description", say(language, "lead"))
    _put(channel, "language", _LANGUAGES[language])
    _put(channel, "lastBuildDate", format_datetime(at.astimezone(UTC)))
    for alert in alerts:
        item = ElementTree.SubElement(channel, "item")
        severity = say_or_plain(language, "severity", alert.severity)
        title = alert.facts.title or say(language, "untitled")
        _put(item, "title", f"[{severity}] {alert.watch}: {title} ({alert.record_id})")
        _put(item, "description", "\n".join(_lines(alert, language)))
        _put(item, "category", say_or_plain(language, "watch", alert.watch_kind))
        # An alert that comes back is a new item to a reader of feeds.
        guid = f"urn:ipsearch:alert:{alert.id}:{alert.run}"
        _put(item, "guid", guid).set("isPermaLink", "false")
        _put(item, "pubDate", format_datetime(datetime.fromisoformat(alert.first_seen)))
    ElementTree.indent(root)
    feed: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return feed


def _lines(alert: Alert, language: Language) -> list[str]:
    facts = alert.facts
    pairs = [
        ("parties", "; ".join(facts.parties)),
        ("classes", ", ".join(facts.classes)),
        ("status", facts.status or ""),
        ("published", str(facts.publication_date or "")),
        ("deadline", alert.deadline_note_zh if language == "zh" else alert.deadline_note),
        ("reasons", reasons_in_line(alert.reasons)),
    ]
    return [f"{say(language, key)}: {one_line(value)}" for key, value in pairs if value]


def _put(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = _NOT_IN_XML.sub("\ufffd", "\n".join(map(one_line, text.split("\n"))))
    return element
