"""What reading one row of a table needs: its cells by meaning, and where to put complaints."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ipsearch.errors import IpsearchError
from ipsearch.sources.base import Notes
from ipsearch.sources.dates import parse_date
from ipsearch.sources.table_headers import Column, Layout

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row, asked for by target."""

    layout: Layout
    values: list[str]
    notes: Notes

    def get(self, target: str) -> str:
        """The first filled cell of `target`, "" if there is none."""
        for column in self.layout.columns.get(target, ()):
            if column.position < len(self.values) and (value := self.values[column.position]):
                return value
        return ""

    def texts(self, target: str) -> list[tuple[Column, str]]:
        """Every filled cell of `target`, with its column."""
        return [
            (column, self.values[column.position])
            for column in self.layout.columns.get(target, ())
            if column.position < len(self.values) and self.values[column.position]
        ]

    def date(self, target: str) -> datetime.date | None:
        """The date in the first filled cell of `target`; what is none is warned of."""
        value = self.get(target)
        return self.try_to(parse_date, value) if value else None

    def try_to(self, parse: Callable[[str], T], value: str) -> T | None:
        """Parse `value`, or warn and return None."""
        try:
            return parse(value)
        except (IpsearchError, ValueError) as error:
            self.notes.warn(str(error))
            return None

    def parse_all(self, parse: Callable[[str], T], values: list[str]) -> list[T]:
        """Parse each of `values` once, in order; warn of those that cannot be."""
        parsed = (self.try_to(parse, value) for value in values)
        return list(dict.fromkeys(item for item in parsed if item is not None))
