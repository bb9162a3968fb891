"""Here is a column of records, give me a text a record, as a cell of a table shows it.

Of a passage the text is taken, of a party its name, of any other struct all that it holds. Columns
are turned to text by Arrow: Python touches no value.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

FORMULA_SIGNS = "-=+@\t\r\n＝＋－＠"
"""What makes a spreadsheet take a text for a formula when it stands first (OWASP)."""


def as_cells(column: pa.Array, joint: str = "; ") -> pa.Array:
    """Make one text of each value, "" of what is unknown or none; lists are joined.

    >>> as_cells(pa.array([["H01M4/36", "H01M10/0525"], [], None])).to_pylist()
    ['H01M4/36; H01M10/0525', '', '']
    """
    import pyarrow.compute as pc

    type_ = column.type
    if pa.types.is_list(type_):
        return _joined(column, joint)
    if pa.types.is_struct(type_):
        return _of_structs(column)
    return pc.fill_null(column if pa.types.is_string(type_) else column.cast(pa.string()), "")


def _joined(column: pa.ListArray, joint: str) -> pa.Array:
    import pyarrow.compute as pc

    values = as_cells(column.flatten(), ", ")
    rows = pc.list_parent_indices(column)
    is_there = pc.not_equal(values, "")
    counts = pc.value_counts(rows.filter(is_there))
    offsets = np.zeros(len(column) + 1, np.int32)
    offsets[1:][counts.field("values").to_numpy()] = counts.field("counts").to_numpy()
    lists = pa.ListArray.from_arrays(
        pa.array(np.cumsum(offsets, dtype=np.int32)), values.filter(is_there)
    )
    return pc.binary_join(lists, joint)


def _of_structs(column: pa.StructArray) -> pa.Array:
    import pyarrow.compute as pc

    members = dict(zip(column.type.names, column.flatten(), strict=True))
    if "language" in members:
        return as_cells(members["text"])
    if "address" in members:  # a party
        name, organization = as_cells(members["name"]), as_cells(members["organization"])
        return pc.if_else(pc.equal(name, ""), organization, name)
    cells = [as_cells(member, ", ") for member in members.values()]
    known = [pc.if_else(pc.equal(cell, ""), None, cell) for cell in cells]
    return pc.binary_join_element_wise(*known, " ", null_handling="skip")


def are_formulas(cells: pa.Array) -> pa.Array:
    """Say of each text whether a spreadsheet might take it for a formula."""
    import pyarrow.compute as pc

    return pc.match_substring_regex(cells, f"^[{FORMULA_SIGNS}]")


def harmless(cells: pa.Array) -> pa.Array:
    """Put an apostrophe before what a spreadsheet might take for a formula.

    >>> harmless(pa.array(['=HYPERLINK("x")', "a=b"])).to_pylist()
    ['\\'=HYPERLINK("x")', 'a=b']
    """
    import pyarrow.compute as pc

    marked = pc.binary_join_element_wise("'", cells, "")
    return pc.if_else(are_formulas(cells), marked, cells)
