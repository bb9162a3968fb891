"""`ipsearch`: the group of all commands, and what every one of them does about errors."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ipsearch import __version__
from ipsearch.cli import interruption, terminal
from ipsearch.errors import IpsearchError

COMMANDS = (  # in the order of work
    *("ingest", "query", "novelty", "clearance", "conflicts", "show", "facets", "export"),
    *("history", "topic", "watch", "info", "remove", "compact", "reshard", "check", "repair"),
    *("migrate", "sources"),
)
_MODULES = {"compact": "upkeep", "reshard": "upkeep", "migrate": "repair"}
"""Of the commands that are not in a module of their own name."""
FAILED, BROKEN_PIPE = 1, 141  # the last as shells count signals


class _Group(click.Group):
    """Turns what the library and the machine report into one line and an exit status, here only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the one command that is asked for: all of them take longer than most queries."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"ipsearch.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, cmd_name)
        return command

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
