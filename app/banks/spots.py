"""Where a value stands: in a line of a file, or in a cell of a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

Place = tuple[str | int, ...]
"""The names and numbers on the way to a value: ("items", 3, "stem")."""


class Spot(NamedTuple):
    """Where something stands: a file and its line, or a sheet and its cell ("items F12")."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        return (
            f"{self.file} {self.column}{self.line}" if self.column else f"{self.file}:{self.line}"
        )


@dataclass(frozen=True)
class SourceFile:
    """A file's plain value (dicts, lists, strings), and where each of its places stands."""

    name: str
    value: Any
    spots: Mapping[Place, Spot]

    def spot_of(self, place: Place) -> Spot:
        """The spot of a place, or of the nearest place around it."""
        while place and place not in self.spots:
            place = place[:-1]
        return self.spots.get(place, Spot(self.name, 1))


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a bank, where it stands, in words its author understands."""

    file: str
    line: int
    message: str
    column: str = ""

    @classmethod
    def at(cls, spot: Spot, message: str) -> Self:
        """The same at a known spot."""
        return cls(spot.file, spot.line, message, spot.column)

    def __str__(self) -> str:
        return f"{Spot(self.file, self.line, self.column)}: {self.message}"
