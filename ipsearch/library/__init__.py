"""The library's front door: a corpus, made or opened, and what can be asked of it."""

from ipsearch.library.asking import Narrowing
from ipsearch.library.corpus import Corpus
from ipsearch.library.making import create, open
from ipsearch.library.mending import check, migrate, repair

__all__ = ["Corpus", "Narrowing", "check", "create", "migrate", "open", "repair"]
