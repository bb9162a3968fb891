"""Here are alerts, give me one page of HTML that a mail may carry.

Programs for mail drop style sheets and load nothing: every style stands on its element, the page
is of tables, needs nothing beside itself, runs nothing and asks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from ipsearch.harmless import one_line
from ipsearch.watch.alerts import Alert, Severity
from ipsearch.watch.words import Language, say, say_or_plain, say_rule

_LANGUAGES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_FONT = "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',Arial,sans-serif;"
_CELL = "border:1px solid #bbb;padding:4px 6px;text-align:left;vertical-align:top;font-size:13px;"
_COLOURS: dict[Severity, str] = {
    "identical": "#b00020",
    "very_near": "#c65100",
    "near": "#8a6d00",
    "cites": "#1a56a0",
    "found": "#1a56a0",
    "ceased": "#666666",
}
_SHOWN_EVIDENCE = 5  # passages of an alert


def as_html(alerts: Sequence[Alert], language: Language, at: datetime) -> str:
    """Give the whole page: watch by watch, in the order of the alerts."""
    by_watch: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_watch.setdefault(alert.watch, []).append(alert)
    sections = "".join(
        part for name, own in by_watch.items() for part in _section(name, own, language)
    )
    title = say(language, "title")
    summary = say(language, "summary", count=len(alerts), watches=len(by_watch))
    when = say(language, "as_of", day=at.strftime("%Y-%m-%d %H:%M UTC"))
    body = sections or f"<p>{say(language, 'none')}</p>\n"
    return (
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[language]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n</head>\n"
        f'<body style="margin:0;padding:16px;color:#111;background:#fff;{_FONT}">\n'
        f'<h1 style="font-size:20px;margin:0 0 4px;">{title}</h1>\n'
        f'<p style="margin:0 0 12px;font-size:13px;color:#444;">{summary} · {when}<br>'
        f"{say(language, 'lead')}</p>\n{body}</body>\n</html>\n"
    )


def _section(name: str, alerts: Sequence[Alert], language: Language) -> Iterator[str]:
    kind = say_or_plain(language, "watch", alerts[0].watch_kind)
    yield (
        f'<h2 style="font-size:15px;margin:18px 0 6px;">{_text(name)}'
        f' <span style="font-weight:normal;color:#666;">{kind} · {len(alerts)}</span></h2>\n'
        f'<table cellspacing="0" cellpadding="0" style="border-collapse:collapse;width:100%;'
        f'{_FONT}">\n<tr>'
    )
    for key in ("severity", "record", "parties", "deadline", "reasons"):
        yield f'<th style="{_CELL}background:#f2f2f2;">{say(language, key)}</th>'
    yield "</tr>\n"
    for alert in alerts:
        yield f"<tr>{''.join(_cells(alert, language))}</tr>\n"
    yield "</table>\n"


def _cells(alert: Alert, language: Language) -> Iterator[str]:
    colour = _COLOURS[alert.severity]
    severity = say_or_plain(language, "severity", alert.severity)
    score = f"<br>{alert.score:.2f}" if alert.score is not None else ""
    state = say_or_plain(language, "state", alert.state)
    yield _cell(
        f'<b style="color:{colour};">{severity}</b>{score}<br>'
        f'<span style="color:#666;">#{alert.id} {state}</span>'
    )
    facts = alert.facts
    lines = [f"<b>{_text(facts.title or say(language, 'untitled'))}</b>", _text(alert.record_id)]
    for key, value in (
        ("classes", ", ".join(facts.classes)),
        ("status", facts.status or ""),
        ("filed", str(facts.filing_date or "")),
        ("published", str(facts.publication_date or "")),
        ("first_seen", alert.first_seen[:10]),
    ):
        if value:
            lines.append(f'<span style="color:#666;">{say(language, key)}</span> {_text(value)}')
    yield _cell("<br>".join(lines))
    yield _cell("<br>".join(map(_text, facts.parties)))
    note = alert.deadline_note_zh if language == "zh" else alert.deadline_note
    yield _cell(f'<span style="color:#444;">{_text(note)}</span>')
    yield _cell("<br>".join(_reasons(alert, language)))


def _reasons(alert: Alert, language: Language) -> Iterator[str]:
    for reason in alert.reasons:
        aspect = say_or_plain(language, "aspect", reason.aspect)
        score = f" {reason.score:.2f}" if reason.score is not None else ""
        detail = f": {_text(reason.detail)}" if reason.detail else ""
        yield f"<b>{_text(aspect)}</b>{score} {_text(say_rule(language, reason.rule))}{detail}"
    for piece in alert.evidence[:_SHOWN_EVIDENCE]:
        where = piece.get("label") or piece.get("field") or ""
        place = piece.get("place") or ""
        text = str(piece.get("text") or "")
        if text:
            shown = _text(f"{where} {place}".strip() + f": {text}")
            yield f'<span style="color:#444;">{shown}</span>'


def _cell(content: str) -> str:
    return f'<td style="{_CELL}">{content}</td>'


def _text(text: str) -> str:
    return escape(one_line(text))
