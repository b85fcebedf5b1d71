"""What `banks check` says: mistakes in the files, then the linter, then counts."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.banks.lint_languages import count_translated
from app.banks.linting import Severity, lint_bank
from app.banks.reading import read_banks


@dataclass(frozen=True)
class Checked:
    """Lines to print, and how many of them must be mended."""

    lines: tuple[str, ...]
    problems: int


def check_banks(folder: Path, today: date) -> Checked:
    """Read and lint every bank below the folder; the linter sees banks without a mistake."""
    banks, problems = read_banks(folder)
    found = [each for bank in banks for each in lint_bank(bank, today)]
    errors = sum(each.severity is Severity.ERROR for each in found)
    counts = [
        (f"{bank.source.bank}/{language}.yaml", *count_translated(bank, language))
        for bank in banks
        for language in bank.languages
    ]
    items = sum(len(bank.source.items) for bank in banks)
    wrong = len(problems) + errors
    return Checked(
        lines=(
            *map(str, problems),
            *map(str, found),
            *(f"{file}: {done} of {texts} texts translated." for file, done, texts in counts),
            f"Banks: {len(banks)}. Items: {items}. Problems: {wrong}. "
            f"Warnings: {len(found) - errors}.",
        ),
        problems=wrong,
    )
