"""Questions over all workshops and forms: the list, one question, and both as CSV."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.csv_files import Cell, write_csv
from app.adapters.db import Work
from app.banks import service as banks
from app.banks.schemas import PublishedForm
from app.banks.versions import ItemVersion, VersionOption, find_item_versions
from app.core.distractors import ItemFlag
from app.core.errors import NotFound
from app.gains import service as gains
from app.gains.service import ItemStatistics
from app.reports.results_as_csv import digits_of

ITEM_COLUMNS = (
    "bank", "item", "item_version", "forms", "workshops", "paired", "right_before_percent",
    "right_after_percent", "change_pp", "retained_percent", "learned_percent", "lost_percent",
    "not_learned_percent", "do_not_know_before_percent", "do_not_know_after_percent", "rest_r",
    "evidence", "flags",
)  # fmt: skip
OPTION_COLUMNS = (
    "bank", "item", "item_version", "option", "is_key", "misconception", "chosen_before_percent",
    "chosen_after_percent",
)  # fmt: skip


class ItemTable(StrEnum):
    """Which file: one row for each question, or for each of its choices."""

    ITEMS = "items"
    OPTIONS = "options"


@dataclass(frozen=True)
class ItemLine:
    """A question's words and key, its figures, and the forms it stands in by id."""

    version: ItemVersion
    figures: ItemStatistics
    forms: Mapping[str, PublishedForm]

    @property
    def options(self) -> Mapping[str, VersionOption]:
        """The choices by name."""
        return {each.ref: each for each in self.version.options}


def list_items(work: Work, evaluator: StaffPerson) -> list[ItemLine]:
    """Every scored question, those with something to look at first, those not told yet last."""
    versions = find_item_versions(work)
    forms = {each.id: each for each in banks.find_forms(work)}
    told = gains.read_item_statistics(work, evaluator.organisation_id, versions)
    lines = [
        ItemLine(version, figures, {each.form_id: forms[each.form_id] for each in version.places})
        for version, figures in zip(versions, told, strict=True)
    ]
    return sorted(lines, key=_urgency)


def _urgency(line: ItemLine) -> tuple[bool, int, str, str]:
    flags = [list(ItemFlag).index(each) for each in line.figures.flags]
    first = min(flags, default=len(ItemFlag))
    return line.figures.paired is None, first, line.version.bank_ref, line.version.ref


def get_item(work: Work, evaluator: StaffPerson, code: str) -> ItemLine:
    """One question by the code of its version; raises NotFound."""
    found = [each for each in list_items(work, evaluator) if each.version.code == code]
    if not found:
        raise NotFound()
    return found[0]


def export_items(work: Work, evaluator: StaffPerson, table: ItemTable) -> bytes:
    """The list as CSV, with the page's digits; the download is written into the audit log."""
    lines = list_items(work, evaluator)
    accounts.record_event(
        work, by=evaluator, verb="export_items", object_kind="organisation",
        object_id=evaluator.organisation_id, table=table.value,
    )  # fmt: skip
    if table is ItemTable.ITEMS:
        return write_csv(ITEM_COLUMNS, [_item_cells(each) for each in lines])
    return write_csv(OPTION_COLUMNS, [row for each in lines for row in _option_cells(each)])


def _item_cells(line: ItemLine) -> list[Cell]:
    told = line.figures
    shares = (
        told.right_before, told.right_after, told.change, told.retained, told.learned, told.lost,
        told.not_learned, told.do_not_know_before, told.do_not_know_after,
    )  # fmt: skip
    forms = [f"{line.forms[each.form_id].form_ref} v{line.forms[each.form_id].version}"
             for each in line.version.places]  # fmt: skip
    r = max(told.forms, key=lambda each: each.paired or 0, default=None)
    return [
        *_names(line),
        "; ".join(forms),
        told.workshops,
        told.paired,
        *(digits_of(each) for each in shares),
        digits_of(r.rest_r) if r else None,
        told.evidence.value,
        " ".join(flag.value for flag in told.flags),
    ]


def _option_cells(line: ItemLine) -> Iterator[list[Cell]]:
    for each in line.figures.options:
        option = line.options.get(each.option)
        belief = option.belief if option else None
        yield [
            *_names(line),
            each.option,
            "yes" if each.is_key else "no",
            belief["en"] if belief and "en" in belief else None,
            digits_of(each.before),
            digits_of(each.after),
        ]


def _names(line: ItemLine) -> list[Cell]:
    return [line.version.bank_ref, line.version.ref, line.version.code]
