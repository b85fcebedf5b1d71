"""Reads released bundles: the SQL of the fixed tables outside the team."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Table, func
from sqlalchemy import select as columns_of
from sqlmodel import Session

from app.gains.bundle_sums import (
    TOLD,
    BundleDifferences,
    BundleGains,
    unpack_differences,
    unpack_gains,
)
from app.gains.cells import Sums
from app.gains.frozen import AnswerKey
from app.gains.recount import RESPONSE_SUMS
from app.gains.release_queries import TOTALLED
from app.gains.tables import (
    ReleasedAnswer,
    ReleasedBundle,
    ReleasedCell,
    ReleasedDifferenceTotal,
    ReleasedItem,
    ReleasedPairs,
    ReleasedTotal,
)
from app.gains.tables_told import Breakdown, Choice

_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_CELLS: Table = ReleasedCell.__table__  # type: ignore[attr-defined]
_DIFFERENCE_TOTALS: Table = ReleasedDifferenceTotal.__table__  # type: ignore[attr-defined]
_PAIRS: Table = ReleasedPairs.__table__  # type: ignore[attr-defined]
_ANSWERS: Table = ReleasedAnswer.__table__  # type: ignore[attr-defined]
_ITEMS: Table = ReleasedItem.__table__  # type: ignore[attr-defined]
_TOTALS: Table = ReleasedTotal.__table__  # type: ignore[attr-defined]
_JOINED = _CELLS.join(_BUNDLES, _BUNDLES.c.id == _CELLS.c.bundle_id)


def lies_in(table: Table, organisation_id: str, choice: Choice) -> list[ColumnElement[bool]]:
    """Bundles, or their sums, that lie in the area, the period and the programme as a whole."""
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
            *lies_in(_TOTALS, organisation_id, choice),
        )
        .group_by(_TOTALS.c.value)
    )
    return {
        value: dict(zip(TOTALLED, map(int, numbers), strict=True))
        for value, *numbers in db.connection().execute(query)
    }


def has_more_workshops(
    db: Session, organisation_id: str, form_id: str, choice: Choice, most: int
) -> bool:
    """Whether more than so many workshops and groups of small ones are told."""
    query = columns_of(_BUNDLES.c.id).where(
        _BUNDLES.c.form_id == form_id,
        _BUNDLES.c.breakdown == Breakdown.WHOLE.value,
        *lies_in(_BUNDLES, organisation_id, choice),
    )
    return len(db.connection().execute(query.limit(most + 1)).all()) > most


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
            *lies_in(_BUNDLES, organisation_id, choice),
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
        *lies_in(_TOTALS, organisation_id, choice),
    )
    packed: dict[str, list[bytes]] = {}
    for value, gains in db.connection().execute(query).all():
        packed.setdefault(value, []).append(gains)
    return {value: unpack_gains(some) for value, some in packed.items()}


def find_differences(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[tuple[str, str], BundleDifferences]:
    """First and second group -> their differences, bundle by bundle."""
    d = _DIFFERENCE_TOTALS.c
    query = columns_of(d.first, d.second, d.differences).where(
        d.form_id == form_id,
        d.breakdown == choice.breakdown.value,
        *lies_in(_DIFFERENCE_TOTALS, organisation_id, choice),
    )
    packed: dict[tuple[str, str], list[bytes]] = {}
    for first, second, differences in db.connection().execute(query).all():
        packed.setdefault((first, second), []).append(differences)
    return {groups: unpack_differences(some) for groups, some in packed.items()}


def find_pairs(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[tuple[int, int], int]:
    """How many people had which two scores."""
    query = (
        columns_of(_PAIRS.c.pre, _PAIRS.c.post, func.sum(_PAIRS.c.people))
        .where(
            _PAIRS.c.form_id == form_id,
            _PAIRS.c.breakdown == Breakdown.WHOLE.value,
            *lies_in(_PAIRS, organisation_id, choice),
        )
        .group_by(_PAIRS.c.pre, _PAIRS.c.post)
    )
    return {(pre, post): int(n) for pre, post, n in db.connection().execute(query).all()}


def sum_items(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[str, tuple[int, int, int, int]]:
    """Retained, lost, learned and not learned, by item in the form's order."""
    i = _ITEMS.c
    query = (
        columns_of(
            i.item, *(func.sum(each) for each in (i.retained, i.lost, i.learned, i.not_learned))
        )
        .where(i.form_id == form_id, *lies_in(_ITEMS, organisation_id, choice))
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
            *lies_in(_BUNDLES, organisation_id, choice),
        )
    )  # fmt: skip
    rows = db.connection().execute(query).fetchall()
    return [row[0] for row in rows], [tuple(row[1:]) for row in rows]


def sum_quarters(
    db: Session, organisation_id: str, form_id: str, choice: Choice
) -> dict[tuple[int, int], dict[str, int]]:
    """Everybody who is told of each quarter, by year and quarter."""
    place = (_TOTALS.c.year, _TOTALS.c.quarter)
    query = (
        columns_of(*place, *(func.sum(_TOTALS.c[name]) for name in TOTALLED))
        .where(*_quarters(organisation_id, form_id, choice))
        .group_by(*place)
    )
    return {
        (year, quarter): dict(zip(TOTALLED, map(int, numbers), strict=True))
        for year, quarter, *numbers in db.connection().execute(query)
    }


def find_quarter_gains(
    db: Session, organisation_id: str, form_id: str, choice: Choice, *, since: tuple[int, int]
) -> dict[tuple[int, int], BundleGains]:
    """Each quarter's gains from that one on, bundle by bundle."""
    place = (_TOTALS.c.year, _TOTALS.c.quarter)
    query = columns_of(*place, _TOTALS.c.gains).where(
        *_quarters(organisation_id, form_id, choice),
        10 * place[0] + place[1] >= 10 * since[0] + since[1],
    )
    packed: dict[tuple[int, int], list[bytes]] = {}
    for year, quarter, gains in db.connection().execute(query).all():
        packed.setdefault((year, quarter), []).append(gains)
    return {when: unpack_gains(some) for when, some in packed.items()}


def _quarters(organisation_id: str, form_id: str, choice: Choice) -> list[ColumnElement[bool]]:
    return [
        _TOTALS.c.form_id == form_id,
        _TOTALS.c.breakdown == Breakdown.WHOLE.value,
        _TOTALS.c.quarter > 0,
        *lies_in(_TOTALS, organisation_id, choice),
    ]


def cells_of_workshops(
    db: Session, organisation_id: str, form_id: str, choice: Choice, workshop_ids: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Those of these workshops that are told one by one, by id."""
    query = (
        columns_of(
            _BUNDLES.c.workshop_id, _BUNDLES.c.workshop_count, *(_CELLS.c[name] for name in TOLD)
        )
        .select_from(_JOINED)
        .where(
            _BUNDLES.c.form_id == form_id,
            _BUNDLES.c.breakdown == Breakdown.WHOLE.value,
            _BUNDLES.c.workshop_id.in_(workshop_ids),
            *lies_in(_BUNDLES, organisation_id, choice),
        )
    )
    return {
        value: dict(zip(TOTALLED, map(int, numbers), strict=True))
        for value, *numbers in db.connection().execute(query)
    }


def find_answers(db: Session, organisation_id: str, form_id: str) -> dict[AnswerKey, Sums]:
    """Every kind of answer to every item, of all that is told of a form; no languages."""
    a = _ANSWERS.c
    query = columns_of(a.item, a.occasion, a.chosen, *(a[name] for name in RESPONSE_SUMS)).where(
        a.organisation_id == organisation_id, a.form_id == form_id
    )
    return {
        (item, occasion, "", chosen): tuple(sums)
        for item, occasion, chosen, *sums in db.connection().execute(query)
    }


def sum_all_items(
    db: Session, organisation_id: str, form_id: str
) -> dict[str, tuple[int, int, int, int]]:
    """Retained, lost, learned and not learned by item, over all that is told of a form."""
    i = _ITEMS.c
    query = (
        columns_of(
            i.item, *(func.sum(each) for each in (i.retained, i.lost, i.learned, i.not_learned))
        )
        .where(i.organisation_id == organisation_id, i.form_id == form_id)
        .group_by(i.item)
    )
    return {
        item: (int(a), int(b), int(c), int(d))
        for item, a, b, c, d in db.connection().execute(query)
    }


def count_workshops(db: Session, organisation_id: str, form_id: str) -> int:
    """How many workshops are in what is told of a form."""
    query = columns_of(func.sum(_BUNDLES.c.workshop_count)).where(
        _BUNDLES.c.organisation_id == organisation_id,
        _BUNDLES.c.form_id == form_id,
        _BUNDLES.c.breakdown == Breakdown.WHOLE.value,
    )
    return int(db.connection().execute(query).scalar_one() or 0)
