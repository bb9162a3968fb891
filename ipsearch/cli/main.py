"""`ipsearch`: the group of all commands, and what every one of them does about errors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from ipsearch import __version__
from ipsearch.cli import interruption, terminal
from ipsearch.cli.check import check
from ipsearch.cli.clearance import clearance
from ipsearch.cli.conflicts import conflicts
from ipsearch.cli.export import export
from ipsearch.cli.facets import facets
from ipsearch.cli.history import history
from ipsearch.cli.info import info
from ipsearch.cli.ingest import ingest
from ipsearch.cli.novelty import novelty
from ipsearch.cli.query import query
from ipsearch.cli.remove import remove
from ipsearch.cli.repair import migrate, repair
from ipsearch.cli.show import show
from ipsearch.cli.sources import sources
from ipsearch.cli.topic import topic
from ipsearch.cli.upkeep import compact, reshard
from ipsearch.cli.watch import watch
from ipsearch.errors import IpsearchError

COMMANDS = (
    *(ingest, query, novelty, clearance, conflicts, show, facets, export, history, topic, watch),
    *(info, remove, compact, reshard, check, repair, migrate, sources),
)
FAILED, BROKEN_PIPE = 1, 141  # the last as shells count signals


class _Group(click.Group):
    """Turns what the library and the machine report into one line and an exit status, here only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [command.name or "" for command in COMMANDS]  # in the order of work

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with interruption.interruptible("interrupted"):
                result = super().invoke(ctx)
                sys.stdout.flush()  # so that a closed pipe is met here
        except IpsearchError as error:
            _fail(str(error))
        except BrokenPipeError:
            # Nobody reads any more; Python's last flush must not complain either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            ctx.exit(BROKEN_PIPE)
        except OSError as error:
            _fail(": ".join(filter(None, (_name(error.filename), error.strerror or str(error)))))
        return result


def _name(filename: Any) -> str:
    return "" if filename is None else os.fsdecode(filename)


def _fail(reason: str) -> None:
    click.echo(f"ipsearch: error: {terminal.clean(reason)}", err=True)
    click.get_current_context().exit(FAILED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Default: the locale's. 界面语言")
@click.version_option(__version__, prog_name="ipsearch", message="%(prog)s %(version)s")
def cli(lang: str | None) -> None:
    """Patent and trademark search on one machine: bulk files in, answers out.

    专利与商标检索。Rows go to standard output, everything else to standard error. Exit status: 0
    done, 1 failed, 2 misused, 3 there are alerts (`watch run --fail-on-alert`), 4 done but for
    something: records that could not be read, numbers without a record, topics or watches that
    could not be asked.
    """


for _command in COMMANDS:
    cli.add_command(_command)


def main() -> None:
    """Run the command line; never returns."""
    if sys.stdout is None:  # it was closed by whoever started us
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a locale without Chinese is no error
    interruption.begin()
    try:
        cli(prog_name="ipsearch")
    finally:
        interruption.end()
