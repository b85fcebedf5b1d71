"""A file that an admin brings becomes a bank to look over: every problem in place, nothing kept."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from app.adapters.brought import Brought, read_brought_apart
from app.adapters.sheets import SheetRefused
from app.adapters.yaml_files import YamlFile
from app.banks.foreign import Foreign, Loss, as_draft
from app.banks.gift import looks_like_gift, read_gift
from app.banks.linting import Finding, Severity, lint_bank
from app.banks.moodle_xml import is_moodle, read_moodle
from app.banks.qti import is_qti, read_item, read_package
from app.banks.reading import read_files
from app.banks.schemas import BankItem, ItemBank, Place, Problem, SourceFile, Spot
from app.banks.translating import bank_of_translation, is_translation, read_translation
from app.banks.workbook_reading import read_workbook
from app.banks.xlsform import is_xlsform, read_xlsform
from app.core.errors import BankRefused

REASONS_HERE = {
    "list_archive": "bank_unknown",
    "list_broken": "bank_damaged",
    "list_document": "bank_unknown",
    "list_pdf": "bank_unknown",
    "list_picture": "bank_unknown",
    "list_too_heavy": "bank_too_heavy",
    "list_too_large": "bank_too_heavy",
    "list_too_wide": "bank_too_heavy",
}
"""What is said of lists of people speaks of names and of pasting them."""


@dataclass(frozen=True)
class Note:
    """A sentence about one place: must it be mended, and where it stands."""

    spot: Spot
    message: str
    is_error: bool


@dataclass(frozen=True)
class LookedOver:
    """A bank as it was read, and every note on it; `bank` is None where it cannot be shown."""

    bank: ItemBank | None
    notes: tuple[Note, ...]
    about_items: dict[str, tuple[Note, ...]] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()
    is_draft: bool = False

    @property
    def errors(self) -> int:
        """How many notes must be mended before it can be published."""
        return sum(note.is_error for note in self.notes)

    @property
    def can_be_published(self) -> bool:
        """Whether nothing must be mended."""
        return self.bank is not None and not self.errors and not self.is_draft

    @property
    def about_the_rest(self) -> tuple[Note, ...]:
        """The notes that belong to no item."""
        placed = {note for notes in self.about_items.values() for note in notes}
        return tuple(note for note in self.notes if note not in placed)


def open_file(content: bytes) -> Brought:
    """What a file holds, read apart; raises BankRefused. Blocks."""
    try:
        return read_brought_apart(content)
    except SheetRefused as refused:
        raise BankRefused(reason=REASONS_HERE.get(refused.reason, refused.reason)) from refused


def look_over(
    brought: Brought, find_bank: Callable[[str], ItemBank | None], today: date
) -> LookedOver:
    """The bank in a file; `find_bank` knows those to which a translator's sheet belongs.

    Raises BankRefused for what is no bank at all.
    """
    foreign = _read_foreign(brought)
    if foreign is not None:
        if not foreign.items:
            raise BankRefused(reason="bank_unknown")
        seen = judge(*as_draft(foreign), today)
        return replace(seen, losses=tuple(foreign.losses), is_draft=True)
    bank, problems = _read(brought, find_bank)
    return judge(bank, problems, today)


def _read_foreign(brought: Brought) -> Foreign | None:
    """The questions of another tool's file; None for what is none."""
    if brought.xml is not None and is_moodle(brought.xml):
        return read_moodle(brought.xml)
    if brought.xml is not None and is_qti(brought.xml):
        return read_item(brought.xml)
    if brought.documents:
        return read_package(brought.documents, brought.others)
    if is_xlsform(brought.tables):
        return read_xlsform(brought.tables)
    return read_gift(brought.text) if looks_like_gift(brought.text) else None


def judge(bank: ItemBank | None, problems: list[Problem], today: date) -> LookedOver:
    """A bank with what was found by reading, and by the linter where reading found nothing."""
    notes = [Note(Spot(each.file, each.line, each.column), each.message, True) for each in problems]
    if bank is not None and not problems:
        notes += [_note(each) for each in lint_bank(bank, today)]
    about = _by_item(bank, notes) if bank is not None else {}
    return LookedOver(bank, tuple(notes), about)


def _note(found: Finding) -> Note:
    spot = Spot(found.file, found.line, found.column)
    return Note(spot, found.message, found.severity is Severity.ERROR)


def _read(
    brought: Brought, find_bank: Callable[[str], ItemBank | None]
) -> tuple[ItemBank | None, list[Problem]]:
    if brought.package or brought.complaints:
        return _read_package(brought)
    if is_translation(brought.tables):
        known = find_bank(bank_of_translation(brought.tables))
        if known is None:
            raise BankRefused(reason="bank_not_known")
        return read_translation(brought.tables, known)
    if brought.tables:
        return read_workbook(brought.tables)
    raise BankRefused(reason="bank_unknown")


def _read_package(brought: Brought) -> tuple[ItemBank | None, list[Problem]]:
    first = brought.package.get("bank.yaml")
    value = first.value if first is not None else None
    ref = str(value.get("bank", "")) if isinstance(value, dict) else ""
    name = ref or "bank"
    complaints = [
        Problem(f"{name}/{each.name}", each.line, each.reason) for each in brought.complaints
    ]
    files = {each: _source(f"{name}/{each}", file) for each, file in brought.package.items()}
    bank, problems = read_files(name, files)
    return bank, sorted([*complaints, *problems])


def _source(name: str, file: YamlFile) -> SourceFile:
    return SourceFile(name, file.value, {at: Spot(name, line) for at, line in file.lines.items()})


def _by_item(bank: ItemBank, notes: list[Note]) -> dict[str, tuple[Note, ...]]:
    """The notes of each item: those from its first line or row up to the next one's."""
    starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, item, file in _places(bank):
        spot = bank.spot_of(file, place)
        if place in bank.files[file].spots:
            starts[spot.file].append((spot.line, item.ref))
    found: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        above = [each for each in sorted(starts[note.spot.file]) if each[0] <= note.spot.line]
        if above:
            found[above[-1][1]].append(note)
    return {ref: tuple(each) for ref, each in found.items()}


def _places(bank: ItemBank) -> Iterator[tuple[Place, BankItem, str]]:
    ref = bank.source.bank
    for number, item in enumerate(bank.source.items):
        yield ("items", number), item, f"{ref}/bank.yaml"
        for language in bank.languages:
            yield ("items", item.ref), item, f"{ref}/{language}.yaml"
