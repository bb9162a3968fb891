"""Patent and trademark search on one machine: bulk files in, answers out.

>>> import ipsearch
>>> corpus = ipsearch.create("indexes/mine")            # doctest: +SKIP
>>> corpus.ingest(["deliveries/"])                      # doctest: +SKIP
>>> for hit in corpus.query('"石墨烯" AND ipc:H01M'):    # doctest: +SKIP
...     hit.rank, hit.id, hit.title
"""

from __future__ import annotations

TYPE_CHECKING = False  # as checkers of types read it; loading `typing` takes a while
if TYPE_CHECKING:
    from ipsearch.errors import IpsearchError
    from ipsearch.library import Corpus, check, create, migrate, open, repair
    from ipsearch.search.building import exact, field, near, within, word

__all__ = [
    "Corpus",
    "IpsearchError",
    "check",
    "create",
    "exact",
    "field",
    "migrate",
    "near",
    "open",
    "repair",
    "within",
    "word",
]
__version__ = "0.1.0"

_HOMES = {
    "ipsearch.errors": ("IpsearchError",),
    "ipsearch.library": ("Corpus", "check", "create", "migrate", "open", "repair"),
    "ipsearch.search.building": ("exact", "field", "near", "within", "word"),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load what is asked for, not before: a command heeds Ctrl-C from its first moment, and a
        worker process does not load the query language."""
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names:
                value = globals()[name] = getattr(import_module(home), name)
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Name what there is, loaded or not."""
        return sorted({*globals(), *__all__})
