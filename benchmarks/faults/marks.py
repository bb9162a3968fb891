"""Marked points: `python -m benchmarks.faults.marks MARK ARGUMENTS` is `ipsearch ARGUMENTS`, killed
there.

What is measured: nothing here.
Corpus model: none.
Notes: a mark is a function of the library and a side of it, "module:name before" or "... after",
    and the process kills itself when it comes by for the nth time. Only the process of the command
    has marks: with one worker, that is where everything happens.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

_CATALOG = "ipsearch.corpus.catalog:Catalog"
_BUILD = (
    "ipsearch.corpus.parts:PartWriter.close",
    "ipsearch.corpus.build:save_addresses",
    "ipsearch.corpus.build:sync",
    "ipsearch.index.writer:ShardWriter.commit",
    "ipsearch.index.writer:clone",
    "ipsearch.index.vocabulary:VocabularyWriter.write",
    f"{_CATALOG}.next_number",
    "ipsearch.corpus.unfinished:Unfinished._keep",
    "ipsearch.corpus.sweep:forget",
    f"{_CATALOG}.set_generations",
    "ipsearch.corpus.sweep:_remove_generation",
)
_REWRITE = (f"{_CATALOG}.replace_parts", "ipsearch.corpus.upkeep:sweep")
_INGEST = (f"{_CATALOG}.{name}" for name in ("add_task", "add_parts", "publish", "add_input"))
_UPDATE = (*_BUILD, *_INGEST, f"{_CATALOG}.open_ingestion", "ipsearch.corpus.ingest:sweep")

MARKS: Mapping[str, tuple[str, ...]] = {
    "ingest": (*_UPDATE, f"{_CATALOG}.create", f"{_CATALOG}.set_setting"),
    "update": _UPDATE,
    "compact": (*_BUILD, *_REWRITE),
    "reshard": (*_BUILD, *_REWRITE, f"{_CATALOG}.drop_generations", f"{_CATALOG}.add_finished"),
    "watch": tuple(
        f"ipsearch.watch.book:Watchbook.{name}"
        for name in ("open_run", "close_run", "write_looks", "turn")
    ),
    "remove": (*_BUILD, f"{_CATALOG}.forget_inputs", f"{_CATALOG}.add_finished"),
}
"""What the commands of a sort come by, all of it or some."""
SIDES = ("before", "after")


def arm(mark: str, turn: int = 1) -> None:
    """Let this process die when it comes by a mark for the `turn`th time."""
    where, _, side = mark.partition(" ")
    owner, name = resolve(where)
    setattr(owner, name, _deadly(getattr(owner, name), side, turn))


def resolve(where: str) -> tuple[Any, str]:
    """Give what holds the function of a mark, a module or a type, and its name there.

    Raises `ImportError` or `AttributeError` if there is no such function in the library.
    """
    module_name, _, path = where.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    getattr(owner, name)
    return owner, name


def _deadly(function: Callable[..., Any], side: str, turn: int) -> Callable[..., Any]:
    calls = 0

    @functools.wraps(function)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == turn and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if calls == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


if __name__ == "__main__":
    arm(sys.argv[1], int(sys.argv[2]))
    sys.argv[1:3] = []
    from ipsearch.cli.main import main

    main()
