"""Here is a user's list of words that mean the same, give me the others of a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ipsearch.analysis import fold
from ipsearch.novelty.passages import Words


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A user's groups of words that mean the same: 电芯 = 电池 = cell. Several words may be one."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Folded word -> the other words of its group."""

    @classmethod
    def read(cls, lines: Iterable[str]) -> Synonyms:
        """Read a group a line, its words separated by = or tabs; # begins a comment."""
        groups: dict[str, dict[str, None]] = {}
        for line in lines:
            parts = line.split("#", 1)[0].replace("\t", "=").split("=")
            words = [word for word in map(fold, parts) if word]
            for word in words:
                groups.setdefault(word, {}).update(dict.fromkeys(words))
        return cls({w: tuple(o for o in others if o != w) for w, others in groups.items()})

    def of(self, word: str) -> tuple[str, ...]:
        """Give the other words of a word's group."""
        return self.groups.get(word, ())

    def standing_in(self, folded: str) -> dict[str, tuple[str, ...]]:
        """Give the words of the list that a folded text has, each with the others of its group."""
        if not self.groups:
            return {}
        found = Words({word: (word,) for word in self.groups}).standing_in(folded)
        return {word: self.groups[word] for word in self.groups if word in found}
