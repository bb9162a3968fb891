"""`ipsearch novelty`: the patent documents nearest to an invention, with evidence."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import language, message
from ipsearch.cli.output import Column, Format, as_format, output_option, write_rows
from ipsearch.cli.reading import argument_text, first_day, read_text

if TYPE_CHECKING:
    from ipsearch.library import Corpus
    from ipsearch.novelty import NoveltyResults

_COLUMNS = (
    Column("rank"),
    Column("list", most=12),
    Column("score", in_table=False),
    Column("coverage", most=8),
    Column("id"),
    Column("family_id", in_table=False),
    Column("publication_date"),
    Column("filing_date", in_table=False),
    Column("priority_date", in_table=False),
    Column("title"),
    Column("applicants", most=36),
    Column("ipc", in_table=False),
    Column("office", in_table=False),
    Column("is_named", in_table=False),
    Column("features", in_table=False),
)
_SHOWN_PASSAGE = 70  # characters of a passage under a row
_REPORTED = 10  # hits of each list that a report charts


def _report_path(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """Refuse what no report can be written as before anything is searched."""
    if value is not None:
        from ipsearch.errors import UnknownNameError
        from ipsearch.novelty.report_file import check_file

        try:
            check_file(value)
        except UnknownNameError as error:
            raise click.BadParameter(str(error), param=param) from None
    return value


@click.command(short_help="Find the prior art nearest to an invention. 查新")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("stdin", metavar="[-]", required=False, type=click.Choice(["-"]))
@click.option("--text", help="The claim or the idea, in words.")
@click.option(
    "--file",
    "path",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="A text, a Word document or an office's XML that holds it; - is standard input.",
)
@click.option("--number", metavar="N", help="The number of a record in the corpus.")
@click.option("--claim", type=click.IntRange(min=1), help="Chart this claim; default the first.")
@click.option(
    "--before",
    metavar="DATE",
    callback=first_day,
    help="Effective date; of a record its priority or filing date by default.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option(
    "--evidence",
    metavar="N",
    type=click.IntRange(min=0),
    help="Chart the claim's features for the first N hits of each list; with --report 10.",
)
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_report_path,
    help="Write a search report 检索报告 as well: .md, .html or .docx.",
)
@click.option(
    "--ipc-boost",
    metavar="W",
    type=click.FloatRange(min=0),
    help="What agreement in IPC or CPC counts; 0 is off.",
)
@click.option("--ipc-filter", metavar="CLASS", multiple=True, help="Only what is in this class.")
@click.option("--like", metavar="N", multiple=True, help="A document like what is sought.")
@click.option("--unlike", metavar="N", multiple=True, help="A document unlike it.")
@click.option(
    "--synonyms",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="Words that mean the same, a group a line: 电芯 = 电池 = cell.",
)
@click.option(
    "--batch",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="JSON Lines, a search each: id, and text or number; before, claim. Writes a TREC run.",
)
@click.option("--tag", default="ipsearch", show_default=True, help="The name of that run.")
@output_option
def novelty(
    corpus: Path,
    stdin: str | None,
    text: str | None,
    path: str | None,
    number: str | None,
    claim: int | None,
    before: date | None,
    limit: int,
    evidence: int | None,
    report: Path | None,
    ipc_boost: float | None,
    ipc_filter: tuple[str, ...],
    like: tuple[str, ...],
    unlike: tuple[str, ...],
    synonyms: str | None,
    batch: str | None,
    tag: str,
    output: str,
) -> None:
    """List the documents in the corpus DIR nearest to an invention, nearest first.

    查新：列出与一项发明最接近的现有技术与抵触申请。Prior art was published before the effective
    date; conflicting applications were filed before it and published later. What is listed is
    for a person to judge.

    \b
    Example:
        ipsearch novelty indexes/mine --file claims.docx --before 2021-03-04 --evidence 10
        ipsearch novelty indexes/mine --number CN101234567B --claim 1 -o jsonl
        ipsearch novelty indexes/mine --number CN101234567B --report report.docx
        echo '石墨烯包覆的正极材料' | ipsearch novelty indexes/mine -
    """
    import ipsearch
    from ipsearch.novelty import Settings
    from ipsearch.novelty.synonyms import Synonyms

    given = sum(value is not None for value in (stdin, text, path, number, batch))
    if given != 1:
        raise click.UsageError("give one of --text, --file, --number, --batch, or - for a text")
    if report is not None and batch is not None:
        raise click.UsageError("--report is of one search: it cannot go with --batch")
    if evidence is None:
        evidence = _REPORTED if report is not None else 0
    settings = Settings() if ipc_boost is None else Settings(ipc_boost=ipc_boost)
    options: dict[str, Any] = {
        "limit": limit,
        "evidence": evidence,
        "in_class": ipc_filter,
        "like": list(map(argument_text, like)),
        "unlike": list(map(argument_text, unlike)),
        "synonyms": Synonyms.read(read_text(synonyms).splitlines()) if synonyms else None,
        "settings": settings,
    }
    with ipsearch.open(corpus) as opened:
        if batch is not None:
            _run_batch(opened, batch, tag, options)
            return
        subject = _subject(stdin, text, path, number)
        results = opened.novelty(**subject, claim=claim, before=before, **options)
        _write(results, as_format(output))
        if report is not None:
            conditions = {
                "in_class": ipc_filter,
                "like": options["like"],
                "unlike": options["unlike"],
                "synonyms": [Path(synonyms).name] if synonyms else [],
            }
            _report(opened, results, report, conditions)


def _subject(
    stdin: str | None, text: str | None, path: str | None, number: str | None
) -> dict[str, Any]:
    if number is not None:
        return {"number": argument_text(number)}
    if text is not None:
        return {"text": argument_text(text)}
    if path in (None, "-"):
        return {"text": read_text(stdin or "-")}
    from ipsearch.novelty.files import read_file

    found = read_file(Path(str(path)))
    return {"text": found} if isinstance(found, str) else {"record": found}


def _write(results: NoveltyResults, output: Format) -> None:
    from ipsearch.novelty.report_words import words

    write_rows(results.to_dicts(), _COLUMNS, output, below=_chart)
    say = words(language())
    for warning in results.warnings:
        terminal.note("warning", reason=say(warning.key, **warning.values))
    for pair in results.pairs:
        terminal.note("pair", one=pair.ids[0], other=pair.ids[1], coverage=pair.coverage)
    terminal.note(
        "nearest",
        prior=len(results.prior_art),
        conflicting=len(results.conflicting),
        elapsed_s=results.elapsed_s,
    )


def _report(
    opened: Corpus, results: NoveltyResults, path: Path, conditions: Mapping[str, Sequence[str]]
) -> None:
    from ipsearch.novelty.report_words import words

    opened.novelty_report(results, path, language=language(), conditions=conditions)
    terminal.note_line(words(language())("written", file=path))


def _chart(row: Mapping[str, Any]) -> str:
    """Give a line for each feature of the claim: how far, where, and the passage."""
    from ipsearch.novelty.report_words import words
    from ipsearch.novelty.said import say_place

    lines, say = [], words(language())
    for match in row["features"]:
        if not match["coverage"]:
            lines.append(f"{match['label']}  0 %  {message('not_shown')}")
            continue
        passage = terminal.clean(match["text"][:_SHOWN_PASSAGE])
        place = say("charts.at", place=say_place(match["field"], match["place"], say))
        lines.append(f"{match['label']}  {match['coverage']:.0%}  {place} {passage}")
    return "\n".join(lines)


def _run_batch(opened: Corpus, path: str, tag: str, options: Mapping[str, Any]) -> None:
    """Write the hits of many searches as a TREC run: query, Q0, document, rank, score, tag."""
    failed = 0
    for number, query in _queries(path):
        try:
            before = date.fromisoformat(query["before"]) if query.get("before") else None
            known = {key: query[key] for key in ("text", "number", "claim") if key in query}
            results = opened.novelty(**known, before=before, **options)
        except (ValueError, TypeError) as error:
            failed += 1
            terminal.note("warning", reason=f"{path}:{number}: {error}")
            continue
        lines = [
            f"{query['id']} Q0 {hit.id} {hit.rank} {hit.score:.6f} {tag}\n"
            for hit in results.prior_art
        ]
        sys.stdout.write("".join(lines))
    if failed:
        raise click.exceptions.Exit(4)


def _queries(path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)
        except ValueError as error:
            raise click.UsageError(f"{path}:{number}: not JSON: {error}") from None
        if not isinstance(query, dict) or "id" not in query:
            raise click.UsageError(f"{path}:{number}: a search is an object with an id")
        yield number, query
