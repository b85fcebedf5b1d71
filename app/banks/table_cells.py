"""A table as the text of one cell of a spreadsheet: a line for each row, a bar between its cells.

    Victims | Number
    Women | 16,950

A cell of a table has neither line ends nor bars, so nothing is lost on the way and back.
"""

from collections.abc import Mapping
from typing import Any

_BAR = "|"


def show_table(table: Mapping[str, Any]) -> str:
    """The plain data of a table, as text."""
    return "\n".join(f" {_BAR} ".join(row) for row in (table["head"], *table["rows"]))


def read_table(text: str) -> dict[str, Any]:
    """The same the other way round; what is no table is refused by the schema."""
    lines = [line for line in text.splitlines() if line.strip()]
    head, *rows = [[cell.strip() for cell in line.split(_BAR)] for line in lines or [""]]
    return {"head": head, "rows": rows}
