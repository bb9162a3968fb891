"""What the engine raises, as errors of ours."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from ipsearch.errors import DamagedError, EngineError


class EngineFaults:
    """A block in which the engine is called, for one generation; any thread may be in it.

    The engine reports with `ValueError`; where its files make no sense to it at all it panics,
    which is not even an `Exception`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, ValueError):
            raise EngineError(f"{self._folder}: {error}") from error
        if kind is not None and kind.__name__ == "PanicException":
            reason = f"the engine cannot make sense of its files: {error}"
            raise DamagedError(str(self._folder), reason) from error
