"""`docs/reliability.md` names tests that exist and limits that hold, in both languages alike."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("reliability.md", "reliability.zh.md")
_TEST = re.compile(r"`((?:unit|integration|property|golden)/\w+\.py)::(\w+)`")
_LIMIT = re.compile(r"^\|[^|]+\| ([\d,]+)( MiB)? \| `([\w.]+)`", re.MULTILINE)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@cache
def functions(path: str) -> frozenset[str]:
    """Name the functions of a file of tests."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("name", PAGES)
def test_every_test_of_the_table_exists(name: str) -> None:
    """Each row of the fault table names tests, and each of them is there."""
    table = page(name).split("\n## ")[1]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    faults = [row for row in rows if not row.startswith("| **")]
    assert len(faults) > 30
    for row in faults:
        named = _TEST.findall(row)
        assert named, row
        for path, function in named:
            assert function in functions(path), f"{path}::{function}"


@pytest.mark.parametrize("name", PAGES)
def test_every_limit_holds(name: str) -> None:
    """Each limit is the value that is named beside it."""
    limits = _LIMIT.findall(page(name))
    assert len(limits) > 12
    for number, unit, where in limits:
        value = int(number.replace(",", "")) << (20 if unit else 0)
        assert resolve(where) == value, where


def resolve(where: str) -> Any:
    """Give the value of a constant, or the default of a setting, by its path in the library."""
    *modules, last = where.split(".")
    if modules[-1] == "Limits":
        module = importlib.import_module("ipsearch." + ".".join(modules[:-1]))
        return getattr(module.Limits(), last)
    return getattr(importlib.import_module("ipsearch." + ".".join(modules)), last)


def test_both_pages_say_the_same() -> None:
    """The pages name the same tests and the same limits, in the same order."""
    one, other = map(page, PAGES)
    assert _TEST.findall(one) == _TEST.findall(other)
    assert _LIMIT.findall(one) == _LIMIT.findall(other)
    assert one.count("\n## ") == other.count("\n## ")
