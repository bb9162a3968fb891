"""What narrows a result, the same options on every command that asks for all of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ipsearch.cli.reading import argument_text, first_day, last_day, read_text

if TYPE_CHECKING:
    import ipsearch
    from ipsearch.records import Kind

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--kind", type=click.Choice(["patent", "trademark"]), help="Default: patent."),
    click.option("--office", multiple=True, metavar="CN", help="Of this office; repeatable."),
    click.option(
        "--from", "published_from", metavar="DATE", callback=first_day, help="Published from then."
    ),
    click.option(
        "--to", "published_to", metavar="DATE", callback=last_day, help="Published until then."
    ),
    click.option(
        "--class",
        "in_class",
        multiple=True,
        metavar="H01M",
        help="In this IPC or CPC class at any level, or this Nice class; repeatable.",
    ),
    click.option("--session", metavar="NAME", help="Where #1 and its like are found. 检索式历史"),
)


def narrowing_options(command: _Command) -> _Command:
    """Give a command `--kind`, `--session` and all that narrows a result."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_expression(
    corpus: ipsearch.Corpus, expression: str, kind: Kind | None, session: str | None
) -> str:
    """Read an expression, `-` from standard input, what `#1` stands for put in its place."""
    text = read_text("-").strip() if expression == "-" else argument_text(expression)
    if session is None:
        return text
    return corpus.session(argument_text(session)).expand(text, kind=kind)


def read_names(text: str | None) -> list[str] | None:
    """Read names with commas between them; None if the option was not given."""
    if text is None:
        return None
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]
