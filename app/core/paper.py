"""The test on paper: the letters of its choices.

A printed sheet letters what a phone lists: the options in the order frozen in the published form,
then "I do not know". Its code is never printed. Source: interfaces.md §2.5b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.scoring import DO_NOT_KNOW, ItemKind

LETTERS = "ABCDEFGHIJKLM"
_ADD_DO_NOT_KNOW = frozenset({ItemKind.SINGLE_CHOICE, ItemKind.TRUE_FALSE, ItemKind.MULTI_SELECT})


@dataclass(frozen=True)
class PaperItem:
    """What has to be known of an item on paper: its number, its kind, its choices as printed.

    ValueError for more choices than there are letters.
    """

    item: str
    kind: ItemKind
    choices: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.choices) > len(LETTERS):
            raise ValueError(f"item {self.item}: more than {len(LETTERS)} choices")

    @property
    def letters(self) -> str:
        """One letter for each choice, in printed order."""
        return LETTERS[: len(self.choices)]


def paper_item(item: str, kind: ItemKind, options: Sequence[str]) -> PaperItem:
    """Return the item as a sheet prints it: "I do not know" last where the page adds it."""
    extra = (DO_NOT_KNOW,) if kind in _ADD_DO_NOT_KNOW else ()
    return PaperItem(item, kind, (*options, *extra))
