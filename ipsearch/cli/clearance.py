"""`ipsearch clearance`: the marks that come too close to a sign, with the reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ipsearch.cli import terminal
from ipsearch.cli.messages import message
from ipsearch.cli.output import Column, as_format, output_option, write_rows
from ipsearch.cli.progress import progress_bars
from ipsearch.cli.reading import argument_text, first_day, read_text
from ipsearch.errors import IpsearchError

if TYPE_CHECKING:
    from ipsearch.corpus.upkeep import Progress
    from ipsearch.library import Corpus

_COLUMNS = (
    Column("rank"),
    Column("score"),
    Column("id"),
    Column("mark_text", most=40),
    Column("nice_classes", most=20),
    Column("owners", most=36),
    Column("status"),
    Column("life"),
    Column("office", in_table=False),
    Column("filing_date", in_table=False),
    Column("registration_date", in_table=False),
    Column("expiry_date", in_table=False),
    Column("reasons", in_table=False),
)
_SIGN = Column("sign", most=24)
_OF_SIGN = {"class": "classes", "group": "groups", "goods": "goods"}
"""Keys of a line of a batch, as the options are called, and the library's names for them."""


@click.command(short_help="Find the marks too close to a sign. 商标近似查询")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("mark", required=False)
@click.option("--class", "classes", metavar="N", multiple=True, help="A Nice class: 9.")
@click.option(
    "--group", "groups", metavar="GROUP", multiple=True, help="A similar group: 0901, 0913(三)."
)
@click.option("--goods", metavar="WORDS", multiple=True, help="Goods in words: 手机.")
@click.option("--live", is_flag=True, help="Leave out what has ended.")
@click.option(
    "--on", metavar="DATE", callback=first_day, help="The day as of which; default today."
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option(
    "--least-score",
    metavar="S",
    type=click.FloatRange(0, 1),
    help="Show nothing that scores less, 0 to 1; default 0.3.",
)
@click.option(
    "--batch",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Many signs: one a line, or JSON Lines with mark, class, group, goods.",
)
@output_option
def clearance(
    corpus: Path,
    mark: str | None,
    classes: tuple[str, ...],
    groups: tuple[str, ...],
    goods: tuple[str, ...],
    live: bool,
    on: date | None,
    limit: int,
    least_score: float | None,
    batch: str | None,
    output: str,
) -> None:
    """List the marks in the corpus DIR that come too close to the sign MARK, nearest first.

    商标近似查询：按形、音、义列出与一个标志近似的商标，并说明理由。Each hit says why: what is
    alike in form, sound or meaning, and how similar the goods are. What is listed is for a person
    to judge.

    \b
    Example:
        ipsearch clearance indexes/mine 草原之星 --class 9 --class 42 --live
        ipsearch clearance indexes/mine SANY --group 0748 -o jsonl
        ipsearch clearance indexes/mine --batch signs.txt --class 30 -o csv
    """
    import ipsearch

    if (mark is None) == (batch is None):
        raise click.UsageError("give a MARK, or --batch with many")
    options: dict[str, Any] = {
        "classes": classes,
        "groups": tuple(map(argument_text, groups)),
        "goods": tuple(map(argument_text, goods)),
        "live": live,
        "limit": limit,
        "least_score": least_score,
        "on": on,
    }
    with ipsearch.open(corpus) as opened:
        if batch is not None:
            _run_batch(opened, batch, options, output)
            return
        results = opened.clearance(argument_text(str(mark)), **options)
        write_rows(results.to_dicts(), _COLUMNS, as_format(output), below=_reasons)
        for warning in results.warnings:
            terminal.note("warning", reason=warning)
        terminal.note(
            "cleared",
            found=len(results),
            compared=results.candidates,
            elapsed_s=results.elapsed_s,
        )


def _reasons(row: Mapping[str, Any]) -> str:
    """Give a line for each reason: the aspect, how near, the rule and what it saw."""
    return "\n".join(
        f"{message('aspect.' + reason['aspect'])} {reason['score']:.2f}  "
        f"{terminal.clean(reason['rule'])}: {terminal.clean(reason['detail'])}"
        for reason in row["reasons"]
    )


def _run_batch(opened: Corpus, path: str, options: Mapping[str, Any], output: str) -> None:
    """Write the hits of many signs, the sign in each row, as they are found."""
    signs, failed = list(_signs(path)), 0

    def rows(report: Progress | None) -> Iterator[dict[str, Any]]:
        nonlocal failed
        for done, (number, sign, own) in enumerate(signs, start=1):
            try:
                results = opened.clearance(sign, **{**options, **own})
            except (IpsearchError, TypeError) as error:
                failed += 1
                terminal.note("warning", reason=f"{path}:{number}: {error}")
                continue
            yield from ({"sign": sign, **row} for row in results.to_dicts())
            if report is not None:
                report("clearance", done, len(signs))

    with progress_bars() as report:
        write_rows(rows(report), (_SIGN, *_COLUMNS), as_format(output), below=_reasons)
    if failed:
        raise click.exceptions.Exit(4)


def _signs(path: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Give each line's number, sign and options of its own."""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            yield number, line.strip(), {}
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise click.UsageError(f"{path}:{number}: not JSON: {error}") from None
        if not isinstance(entry.get("mark"), str):
            raise click.UsageError(f"{path}:{number}: an entry has a mark, a text")
        own = {ours: entry[key] for key, ours in _OF_SIGN.items() if key in entry}
        yield number, entry["mark"], own
