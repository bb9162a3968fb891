"""Watches: what is kept an eye on in a corpus, and the alerts that came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipsearch.library.opened import Opened

if TYPE_CHECKING:
    from ipsearch.watch.run import Ground
    from ipsearch.watch.watches import Watches


class Watching(Opened):
    """What is watched."""

    @property
    def watches(self) -> Watches:
        """The watches that are kept in the corpus, and their alerts."""
        from ipsearch.watch.book import Watchbook
        from ipsearch.watch.watches import Watches

        return Watches(self._layout, Watchbook(self._layout.watchbook), self._ground)

    def _ground(self, seq: int) -> Ground:
        """Open the latest state for a run; all up to ingestion `seq` is in it."""
        from ipsearch.watch.run import Ground

        self.refresh()
        return Ground(self._opened(), self._analyzer, self._compiler, seq)
