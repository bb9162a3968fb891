"""`ipsearch conflicts`: the live rights that a description of a product may touch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import language, message
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.reading import argument_text, first_day, read_text

if TYPE_CHECKING:
    from ipsearch.rights.force import Force
    from ipsearch.rights.results import ConflictResults, Lead

_COLUMNS = (
    Column("list", most=8),
    Column("rank"),
    Column("score"),
    Column("id"),
    Column("subject", most=44),
    Column("owners", most=30),
    Column("force", most=14),
    Column("claim"),
    Column("coverage", in_table=False),
    Column("missing", in_table=False),
    Column("name", in_table=False),
    Column("why", in_table=False),
    Column("nice_classes", in_table=False),
    Column("office", in_table=False),
    Column("reason", in_table=False),
    Column("term_ends", in_table=False),
)
_SHOWN_FEATURES = 6  # of a claim under a row: JSON Lines have them all
_SHOWN_CHARS = 50  # of a feature


@click.command(short_help="Find live rights a product may touch. 侵权风险排查")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("stdin", metavar="[-]", required=False, type=click.Choice(["-"]))
@click.option("--text", help="The description of the product, in words.")
@click.option(
    "--file",
    "path",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="A text or a Word document that holds it; - is standard input.",
)
@click.option("--office", metavar="CODE", multiple=True, help="Only rights of this office: CN.")
@click.option("--class", "classes", metavar="N", multiple=True, help="A Nice class, for marks: 9.")
@click.option(
    "--on", metavar="DATE", callback=first_day, help="The day as of which; default today."
)
@click.option("--pending", is_flag=True, help="Keep applications known not to be granted.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Of each list."
)
@output_option
def conflicts(
    corpus: Path,
    stdin: str | None,
    text: str | None,
    path: str | None,
    office: tuple[str, ...],
    classes: tuple[str, ...],
    on: date | None,
    pending: bool,
    limit: int,
    output: str,
) -> None:
    """List the live rights in the corpus DIR that a product's description may touch.

    侵权风险排查：列出产品说明可能触及的有效专利与商标。Patents are compared by the features of
    their independent claims, marks by the names in the text. What is listed is a lead for a person
    to judge, never a verdict; a right whose force is not known is kept and says so.

    \b
    Example:
        ipsearch conflicts indexes/mine --file product.txt --office CN
        ipsearch conflicts indexes/mine --text '一种某某牌保温杯，杯盖内设温度传感器' -o jsonl
    """
    import ipsearch

    if sum(value is not None for value in (stdin, text, path)) != 1:
        raise click.UsageError("give one of --text, --file, or - for a text")
    with ipsearch.open(corpus) as opened:
        results = opened.conflicts(
            _text(text, path),
            office=tuple(map(argument_text, office)),
            classes=classes,
            on=on,
            limit=limit,
            pending=pending,
        )
        if output == "jsonl":
            write_rows(results.to_dicts(), (), "jsonl")
        else:
            write_rows(map(_row, results), _COLUMNS, as_format(output), below=_below)
        _say(results)


def _text(text: str | None, path: str | None) -> str:
    if text is not None:
        return argument_text(text)
    if path in (None, "-"):
        return read_text("-")
    from ipsearch.errors import QueryError
    from ipsearch.novelty.files import read_file

    found = read_file(Path(str(path)))
    if not isinstance(found, str):
        raise QueryError(f"{path}: a patent, not the description of a product")
    return found


def _row(lead: Lead) -> dict[str, Any]:
    """Make a flat row of a lead, the same columns for both lists."""
    from ipsearch.rights.results import PatentLead
    from ipsearch.rights.wording import say

    term = lead.force.term
    row: dict[str, Any] = {
        "list": lead.list,
        "rank": lead.rank,
        "score": round(lead.score, 4),
        "id": lead.id,
        "owners": lead.owners,
        "office": lead.office,
        "force": say(language(), _force_key(lead.force)),
        "reason": lead.force.explain(language()),
        "term_ends": term.nominal if term is not None else None,
        "lead": lead,
    }
    if isinstance(lead, PatentLead):
        return row | {
            "subject": lead.title,
            "claim": lead.claim,
            "coverage": lead.coverage,
            "missing": lead.missing,
        }
    return row | {
        "subject": lead.mark_text,
        "name": lead.name.text,
        "why": lead.name.why,
        "nice_classes": lead.nice_classes,
    }


def _force_key(force: Force) -> str:
    return "in_procedure" if force.is_pending else force.value


def _below(row: Mapping[str, Any]) -> str:
    """Give under a row why the right counts, and what of it the text shows or lacks."""
    from ipsearch.rights.results import PatentLead

    lead = row["lead"]
    lines = [terminal.clean(row["reason"])]
    if isinstance(lead, PatentLead):
        lines += _features(lead)
    else:
        lines.append(message("near_name", name=terminal.clean(lead.name.text)))
        for aspect, score, rule, detail in lead.reasons:
            told = terminal.clean(f"{rule}: {detail}")
            lines.append(f"{message(f'aspect.{aspect}')} {score:.2f}  {told}")
    return "\n".join(lines)


def _features(lead: Any) -> list[str]:
    if lead.claim is None:
        return [message("no_claims_here")]
    texts, missing = dict(lead.texts), set(lead.missing)
    lines = [message("claim_covered", claim=lead.claim, coverage=lead.coverage)]
    if lead.claims_of != lead.id:
        lines.append(message("claims_of", id=lead.claims_of))
    for match in lead.features[:_SHOWN_FEATURES]:
        lacks = f"  {message('not_shown')}" if match.label in missing else f"  {match.place}"
        shown = terminal.clean(texts[match.label][:_SHOWN_CHARS])
        lines.append(f"{match.label}  {match.coverage:.0%}{lacks}  {shown}")
    more = len(lead.features) - _SHOWN_FEATURES
    if more > 0:
        lines.append(message("more_features", count=more))
    return lines


def _say(results: ConflictResults) -> None:
    for note in results.notes:
        terminal.note("warning", reason=note.say(language()))
    if results.names:
        terminal.note("names_found", names=", ".join(name.text for name in results.names))
    terminal.note(
        "conflicts_found",
        patents=len(results.patents),
        marks=len(results.marks),
        day=results.on.isoformat(),
        elapsed_s=results.elapsed_s,
    )
