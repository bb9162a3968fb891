"""`ipsearch novelty`: the patent documents nearest to a text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ipsearch.cli.output import as_format, output_option
from ipsearch.cli.reading import argument_text, first_day, read_text
from ipsearch.cli.results import write_results


@click.command(short_help="Find the prior art nearest to a text. 查新")
@click.argument("corpus", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("stdin", metavar="[-]", required=False, type=click.Choice(["-"]))
@click.option("--text", help="The claim or the idea, in words.")
@click.option(
    "--file",
    "path",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="A file that holds it; - is standard input.",
)
@click.option(
    "--before",
    metavar="DATE",
    callback=first_day,
    help="Effective date: only what was published before it.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output_option
def novelty(
    corpus: Path,
    stdin: str | None,
    text: str | None,
    path: str | None,
    before: date | None,
    limit: int,
    output: str,
) -> None:
    """List the patent documents in the corpus DIR nearest to a text, nearest first.

    查新：列出与一段文字最接近的专利文献。The text is `--text`, `--file`, or `-` for standard input.

    \b
    Example:
        ipsearch novelty indexes/mine --file claim.txt --before 2021-03-04
        echo '石墨烯包覆的正极材料' | ipsearch novelty indexes/mine -
    """
    import ipsearch

    if sum(given is not None for given in (stdin, text, path)) != 1:
        raise click.UsageError("give the text once: --text, --file, or - for standard input")
    text = read_text(path or "-") if text is None else argument_text(text)
    with ipsearch.open(corpus) as opened:
        results = opened.novelty(text, before=before, limit=limit)
        write_results(results, as_format(output))
