"""What `import ipsearch` gives: all that it promises, loaded when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ipsearch


def test_every_name_of_the_front_door_is_loaded() -> None:
    """What `import ipsearch` promises is there, though it is loaded when first asked for."""
    for name in ipsearch.__all__:
        assert getattr(ipsearch, name) is getattr(ipsearch, name)
    assert set(ipsearch.__all__) <= set(dir(ipsearch))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ipsearch.nothing  # noqa: B018


def test_a_command_loads_no_other() -> None:
    """`ipsearch query` loads neither what other commands need nor jieba's dictionary."""
    program = (
        "import sys; from ipsearch.cli.main import cli; cli.get_command(None, 'query');"
        "from ipsearch.library import Corpus; import ipsearch.corpus.parts;"
        "from ipsearch.analysis import Analyzer; Analyzer().segmenter().words('石墨烯电池');"
        "needless = 'ipsearch.cli.ingest ipsearch.sources ipsearch.novelty numba rjieba.rjieba';"
        "print([name for name in needless.split() if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\n"


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    """A command heeds Ctrl-C from its first moment: the library is not loaded by its name alone."""
    program = "import ipsearch, sys; print('numpy' in sys.modules or 'pyarrow' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "False\n"
