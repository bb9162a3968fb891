"""One error tree: whatever the library raises on purpose is an `IpsearchError`.

Messages are lower case, carry the bad value, and say where it stood. Every class hands all its
arguments to `Exception`, so that it pickles on its way out of a worker process.
"""

from __future__ import annotations


class IpsearchError(Exception):
    """The root of everything that this library raises on purpose."""


class IdentifierError(IpsearchError, ValueError):
    """A text is not the number that it was read as."""


class ClassificationError(IpsearchError, ValueError):
    """A text is not a class symbol."""


class UnknownNameError(IpsearchError, KeyError):
    """There is nothing of this name; the message lists the names there are."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""  # KeyError would print the repr


class SourceError(IpsearchError):
    """A bulk file, or one document in it, is not in the format that it was read as."""

    def __init__(self, path: str, position: str, reason: str) -> None:
        super().__init__(path, position, reason)
        self.path, self.position, self.reason = path, position, reason

    def __str__(self) -> str:
        where = f"{self.path}:{self.position}" if self.position else self.path
        return f"{where}: {self.reason}"


class UnknownFormatError(SourceError):
    """No source knows this file's content."""


class HostileInputError(SourceError):
    """An input asks for more than any honest one would: a bomb, a path outside its archive."""


class ReadFaultError(SourceError):
    """A file could not be read, by no fault of its content: read again, it may be whole."""


class RecordError(IpsearchError, ValueError):
    """A row does not fit its schema."""


class SignError(IpsearchError, ValueError):
    """A text is no sign that can be compared with others."""


class CorpusError(IpsearchError):
    """A corpus folder cannot be used as it is."""


class CorpusNotFoundError(CorpusError, FileNotFoundError):
    """There is no corpus in this folder."""


class CorpusLockedError(CorpusError):
    """Another process is writing to this corpus."""


class AnalyzerMismatchError(CorpusError):
    """The corpus was indexed with another analyzer or dictionary than this one."""


class DamagedError(CorpusError):
    """A file of a corpus is missing, or is not as it was written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.reason}; `ipsearch check` says what else is damaged,"
            " `ipsearch repair` mends what can be"
        )


class EngineError(CorpusError):
    """The full-text engine reports a fault."""


class QueryError(IpsearchError, ValueError):
    """A query cannot be read; the message names the column, what stood there, what was expected."""

    def __init__(self, reason: str, column: int | None = None) -> None:
        super().__init__(reason, column)
        self.reason, self.column = reason, column

    def __str__(self) -> str:
        return self.reason if self.column is None else f"column {self.column}: {self.reason}"
