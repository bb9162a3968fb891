"""The one analyzer of a corpus: index and query must share it, so it has a name that tells it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ipsearch.analysis import folding
from ipsearch.analysis.lookup import LookupCutter
from ipsearch.analysis.segmentation import LONGEST_WORD, Cutter, Segmenter
from ipsearch.errors import RecordError

if TYPE_CHECKING:
    from ipsearch.analysis.compiled import Kernel

ANALYZER_VERSION = "2"
"""Raise it with any change of `folding` or `segmentation` that changes a term or a position."""


MANY_TEXTS = 10_000
MANY_BYTES = 4_000_000
"""From so many texts on, or once so much was cut, compiled code is loaded: half a second, three at
the very first time."""


@dataclass(frozen=True, slots=True)
class Analyzer:
    """How texts become terms: our rules, jieba's dictionary and a user's words.

    `user_words` are folded runs of Han characters, sorted; a term of their own even where jieba's
    dictionary would cut them. Letters and digits need none: a run of them is always one term.
    """

    user_words: tuple[str, ...] = ()

    @classmethod
    def with_words(cls, lines: Iterable[str]) -> Analyzer:
        """Read a dictionary in jieba's form: a word a line, frequency and tag ignored, # comments.

        Raises `RecordError`, naming the line, for a word that is not a run of Han characters.
        """
        words = set()
        for number, line in enumerate(lines, start=1):
            text = line.split("#", 1)[0].split()
            if not text:
                continue
            word = folding.fold(text[0])
            if (
                not 2 <= len(word) <= LONGEST_WORD
                or not (folding.classes_of(folding.to_codes(word)) == folding.HAN).all()
            ):
                raise RecordError(
                    f"dictionary line {number}: {text[0]!r} is not a run of 2 to {LONGEST_WORD}"
                    " Han characters"
                )
            words.add(word)
        return cls(tuple(sorted(words)))

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change with anything that changes a term."""
        digest = hashlib.blake2b(digest_size=8)
        digest.update(f"{ANALYZER_VERSION} rjieba {_rjieba_version()}\n".encode())
        digest.update(resources.files("ipsearch.data").joinpath("unicode.npz").read_bytes())
        digest.update("\n".join(self.user_words).encode())
        return digest.hexdigest()

    def cutter(self) -> Cutter:
        """Give jieba itself, loaded once a process: for short texts of which no place is asked."""
        return _cutter(self.user_words)[0]

    def load(self) -> None:
        """Load what many texts are cut by, once for this process."""
        kernel = _kernel(self.user_words)
        if kernel is not None:
            kernel.cut(kernel.fold(b"a"))  # compiled code is loaded when it is first called

    def segmenter(self, texts: int = 0) -> Segmenter:
        """Give a segmenter; the dictionary behind it is loaded once a process and analyzer, for
        short texts not at all.

        `texts` is about how many are to be cut: for many, compiled code is loaded that gives the
        same terms.
        """
        return Segmenter(
            lambda: _short_cutter(self.user_words),
            lambda: _kernel(self.user_words),
            0 if texts >= MANY_TEXTS else MANY_BYTES,
        )


@cache
def _cutter(user_words: tuple[str, ...]) -> tuple[Cutter, tuple[int, ...]]:
    """Load jieba with a user's words; also gives the frequencies that it gave them."""
    jieba = _jieba_type()()  # ours alone: the module's own is shared and mutable
    frequencies = tuple(jieba.add_word(word, None, None) for word in user_words)
    return cast(Cutter, jieba), frequencies


@cache
def _short_cutter(user_words: tuple[str, ...]) -> Cutter:
    """Give what cuts without loading jieba where that can be; a user's words only jieba knows."""
    return _cutter(user_words)[0] if user_words else LookupCutter(lambda: _cutter(())[0])


def _kernel(user_words: tuple[str, ...]) -> Kernel | None:
    """Make a compiled segmenter; None on a machine for which there is no compiler."""
    loaded = _loaded_kernel(user_words)
    return loaded and loaded.fresh()


@cache
def _loaded_kernel(user_words: tuple[str, ...]) -> Kernel | None:
    try:
        from ipsearch.analysis.compiled import make_kernel
    except ImportError:
        return None
    frequencies = _cutter(user_words)[1] if user_words else ()
    return make_kernel(tuple(zip(user_words, frequencies, strict=True)))


def _rjieba_version() -> str:
    """Give rjieba's version, by the name of its metadata's folder where there is just one: asking
    `importlib.metadata` loads a mail parser, a fiftieth of a second of every command."""
    package = find_spec("rjieba")
    for folder in (package.submodule_search_locations or ()) if package else ():
        found = list(Path(folder).parent.glob("rjieba-*.dist-info"))
        if len(found) == 1:
            return found[0].name.removeprefix("rjieba-").removesuffix(".dist-info")
    from importlib import metadata

    return metadata.version("rjieba")


def _jieba_type() -> Any:
    """Give rjieba's class.

    Importing the package loads the dictionary for an instance of its own that we do not use: a
    tenth of a second of every command. So its extension module is loaded by itself, under its
    own name: whoever imports the package later gets the same one.
    """
    name = "rjieba.rjieba"
    package = find_spec("rjieba")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder) / f"rjieba{suffix}"
            if name not in sys.modules and path.exists():
                spec = spec_from_file_location(name, path)
                if spec is None or spec.loader is None:
                    continue
                module = module_from_spec(spec)
                spec.loader.exec_module(module)
                sys.modules[name] = module
                return module.Jieba
    import rjieba

    return rjieba.Jieba
