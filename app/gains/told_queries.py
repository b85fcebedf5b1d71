"""Reads released bundles: the SQL of the fixed tables outside the team."""

from typing import Any

from sqlalchemy import Table, func
from sqlalchemy import select as columns_of
from sqlmodel import Session

from app.gains.bundle_sums import TOLD, BundleGains, unpack_gains
from app.gains.release_queries import TOTALLED
from app.gains.tables import (
    ReleasedBundle,
    ReleasedCell,
    ReleasedDifference,
    ReleasedItem,
    ReleasedPairs,
    ReleasedTotal,
)
from app.gains.tables_told import Breakdown, Choice

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_CELLS: Table = ReleasedCell.__table__  # type: ignore[attr-defined]
_DIFFERENCES: Table = ReleasedDifference.__table__  # type: ignore[attr-defined]
_PAIRS: Table = ReleasedPairs.__table__  # type: ignore[attr-defined]
_ITEMS: Table = ReleasedItem.__table__  # type: ignore[attr-defined]
_TOTALS: Table = ReleasedTotal.__table__  # type: ignore[attr-defined]
_JOINED = _CELLS.join(_BUNDLES, _BUNDLES.c.id == _CELLS.c.bundle_id)


def _chosen(table: Table, organisation_id: str, choice: Choice) -> list[Any]:
    """Bundles that lie in the area, the period and the programme as a whole."""
    wanted = [table.c.organisation_id == organisation_id, table.c.country == choice.country]
    for name, value in (
        ("province", choice.province),
        ("year", choice.year),
        ("quarter", choice.quarter),
        ("programme_id", choice.programme_id),
    ):
        if value is not None:
            wanted.append(table.c[name] == value)
    return wanted


def sum_cells(
    db: Session, organisation_id: str, form_id: str, choice: Choice, breakdown: Breakdown
) -> dict[str, dict[str, int]]:
    """The groups that are told, by value, with how many workshops they come from."""
    query = (
        columns_of(_TOTALS.c.value, *(func.sum(_TOTALS.c[name]) for name in TOTALLED))
        .where(
            _TOTALS.c.form_id == form_id,
            _TOTALS.c.breakdown == breakdown.value,
            *_chosen(_TOTALS, organisation_id, choice),
        )
        .group_by(_TOTALS.c.value)
    )
    return {
        value: dict(zip(TOTALLED, map(int, numbers), strict=True))
        for value, *numbers in db.connection().execute(query)
    }


def workshop_cells(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[str, dict[str, int]]:
    """Workshops that are told one by one, by id; all others together under the empty name."""
    names = TOTALLED
    sums = [func.sum(_BUNDLES.c.workshop_count), *(func.sum(_CELLS.c[name]) for name in TOLD)]
    query = (
        columns_of(_BUNDLES.c.workshop_id, *sums)
        .select_from(_JOINED)
        .where(
            _BUNDLES.c.form_id == form_id,
            _BUNDLES.c.breakdown == Breakdown.WHOLE.value,
            *_chosen(_BUNDLES, organisation_id, choice),
        )
        .group_by(_BUNDLES.c.workshop_id)
    )
    return {
        value: dict(zip(names, map(int, numbers), strict=True))
        for value, *numbers in db.connection().execute(query)
    }


def find_gains(
    db: Session, organisation_id: str, form_id: str, choice: Choice, breakdown: Breakdown
) -> dict[str, BundleGains]:
    """Every group's gains, bundle by bundle."""
    query = columns_of(_TOTALS.c.value, _TOTALS.c.gains).where(
        _TOTALS.c.form_id == form_id,
        _TOTALS.c.breakdown == breakdown.value,
        *_chosen(_TOTALS, organisation_id, choice),
    )
    packed: dict[str, list[str]] = {}
    for value, gains in db.connection().execute(query):
        packed.setdefault(value, []).append(gains)
    return {value: unpack_gains(texts) for value, texts in packed.items()}


def find_differences(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[tuple[str, str], list[tuple[float, float, int]]]:
    """First and second group -> each bundle's difference, its variance, and the bundle's pairs."""
    d = _DIFFERENCES.c
    people = (
        columns_of(func.sum(_CELLS.c.pair_count))
        .where(_CELLS.c.bundle_id == d.bundle_id, _CELLS.c.value.in_([d.first, d.second]))
        .scalar_subquery()
    )
    query = (
        columns_of(d.first, d.second, d.difference, d.variance, people)
        .select_from(_DIFFERENCES.join(_BUNDLES, _BUNDLES.c.id == d.bundle_id))
        .where(
            _BUNDLES.c.form_id == form_id,
            _BUNDLES.c.breakdown == choice.breakdown.value,
            *_chosen(_BUNDLES, organisation_id, choice),
        )
    )
    found: dict[tuple[str, str], list[tuple[float, float, int]]] = {}
    for first, second, difference, variance, n in db.connection().execute(query):
        found.setdefault((first, second), []).append((difference, variance, int(n)))
    return found


def find_pairs(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[tuple[int, int], int]:
    """How many people had which two scores."""
    query = (
        columns_of(_PAIRS.c.pre, _PAIRS.c.post, func.sum(_PAIRS.c.people))
        .where(
            _PAIRS.c.form_id == form_id,
            _PAIRS.c.breakdown == Breakdown.WHOLE.value,
            *_chosen(_PAIRS, organisation_id, choice),
        )
        .group_by(_PAIRS.c.pre, _PAIRS.c.post)
    )
    return {(pre, post): int(n) for pre, post, n in db.connection().execute(query)}


def sum_items(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[str, tuple[int, int, int, int]]:
    """Retained, lost, learned and not learned, by item in the form's order."""
    i = _ITEMS.c
    query = (
        columns_of(
            i.item, *(func.sum(each) for each in (i.retained, i.lost, i.learned, i.not_learned))
        )
        .where(i.form_id == form_id, *_chosen(_ITEMS, organisation_id, choice))
        .group_by(i.item)
    )
    rows = {
        item: (int(a), int(b), int(c), int(d))
        for item, a, b, c, d in db.connection().execute(query)
    }
    return dict(sorted(rows.items(), key=lambda each: (len(each[0]), each[0])))


def find_all_forms(
    db: Session, organisation_id: str, choice: Choice
) -> tuple[list[str], list[tuple[int, int, int, int, int, int]]]:
    """Every workshop that is told alone: its form; n, Σx, Σy, Σx², Σy² and Σxy of its pairs."""
    c = _CELLS.c
    query = (
        columns_of(
            _BUNDLES.c.form_id, c.pair_count, c.sum_pre, c.sum_post, c.sum_pre_squared,
            c.sum_post_squared, c.sum_products,
        )
        .select_from(_JOINED)
        .where(
            _BUNDLES.c.breakdown == Breakdown.WHOLE.value,
            _BUNDLES.c.workshop_id != "",
            *_chosen(_BUNDLES, organisation_id, choice),
        )
    )  # fmt: skip
    rows = db.connection().execute(query).fetchall()
    return [row[0] for row in rows], [tuple(row[1:]) for row in rows]
