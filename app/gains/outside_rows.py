"""Rows of the fixed tables that are drawn: quarters, the latest workshops, topics.

Made of the same released bundles as the tables themselves, so that a year less its quarters, or
everybody less the latest workshops, is again a sum of whole bundles. Source: `core.bundling`.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlmodel import Session

from app.core.disclosure import Audience
from app.core.proportions import Movement
from app.gains import told_queries as queries
from app.gains.outside_tables import Scope, pool, print_together
from app.gains.printed import Printer
from app.gains.results import Figure, Unsaid
from app.gains.tables_told import Breakdown, Choice, LatestWorkshops, TableRow, TopicMovement

MOST_QUARTERS = 12
MOST_LATEST = 30

_SOME = 200


def quarters_of(db: Session, scope: Scope, choice: Choice) -> tuple[TableRow, ...]:
    """The latest quarters of which something is told, in their order; `value` is "2026-3".

    Bundles that span several quarters are in none of them.
    """
    own = (scope.organisation_id, scope.form_id, choice)
    cells = queries.sum_quarters(db, *own)
    kept = sorted(cells)[-MOST_QUARTERS:]
    if not kept:
        return ()
    gains = queries.find_quarter_gains(db, *own, since=kept[0])
    return tuple(
        TableRow(
            value=f"{year}-{quarter}",
            workshops=cells[year, quarter]["workshop_count"],
            figures=print_together(cells[year, quarter], scope.max_units),
            pooled=pool(gains[year, quarter], cells[year, quarter], scope.max_units),
            unsaid=None,
        )
        for year, quarter in kept
    )


def latest_of(
    db: Session, scope: Scope, choice: Choice, workshop_ids: Sequence[str]
) -> LatestWorkshops:
    """The last of these workshops that are told one by one, and all others of the choice together.

    `workshop_ids`: as they were held, the earliest first; ids that are not told are left out.
    """
    own = (scope.organisation_id, scope.form_id, choice)
    found: dict[str, dict[str, int]] = {}
    for end in range(len(workshop_ids), 0, -_SOME):
        some = workshop_ids[max(0, end - _SOME) : end]
        cells = queries.cells_of_workshops(db, *own, some)
        for value in reversed(some):
            if value in cells and len(found) < MOST_LATEST:
                found[value] = cells[value]
        if len(found) == MOST_LATEST:
            break
    rows = [_row(value, cell, scope) for value, cell in found.items()]
    whole = queries.sum_cells(db, *own, Breakdown.WHOLE).get("")
    rest = {
        name: n - sum(each[name] for each in found.values()) for name, n in (whole or {}).items()
    }
    has_rest = rest.get("workshop_count", 0) > 0
    return LatestWorkshops(
        rows=tuple(reversed(rows)), rest=_row("", rest, scope) if has_rest else None
    )


def _row(value: str, cell: Mapping[str, int], scope: Scope) -> TableRow:
    return TableRow(
        value=value,
        workshops=cell["workshop_count"],
        figures=print_together(cell, scope.max_units),
        pooled=None,
        unsaid=None,
    )


def topics_of(
    db: Session, scope: Scope, choice: Choice, topics: Mapping[str, Sequence[str]]
) -> tuple[TopicMovement, ...]:
    """How many answers to a topic's questions were right; `topics`: topic -> its questions.

    A question's share that is told as a limit enters as that limit, and makes the topic's a limit:
    its true share would follow from the others. Limits to both sides leave nothing to tell.
    """
    counts = queries.sum_items(db, scope.organisation_id, scope.form_id, choice)
    found = []
    for topic, items in topics.items():
        known = [counts[each] for each in items if each in counts]
        if known:
            found.append(_topic(topic, tuple(each for each in items if each in counts), known))
    return tuple(found)


def _topic(
    topic: str, items: tuple[str, ...], known: Sequence[tuple[int, int, int, int]]
) -> TopicMovement:
    moves = [
        Movement(yes_yes=retained, yes_no=lost, no_yes=learned, no_no=not_learned)
        for retained, lost, learned, not_learned in known
    ]
    printer = Printer(Audience.OUTSIDE, moves[0].n)
    before = _share([(each.before, each.n) for each in moves], printer)
    after = _share([(each.after, each.n) for each in moves], printer)
    is_exact = all(each.value is not None and each.extreme is None for each in (before, after))
    changes = [Fraction(100 * (each.after - each.before), each.n) for each in moves]
    return TopicMovement(
        topic=topic,
        items=items,
        paired=moves[0].n,
        before=before,
        after=after,
        change=(
            printer.pp(sum(changes) / len(changes)) if is_exact else printer.blank(Unsaid.WITHHELD)
        ),
    )


def _share(rights: Sequence[tuple[int, int]], printer: Printer) -> Figure:
    """The average of some shares, each of (right, people); a limit where one of them is."""
    told = [printer.share(right, n) for right, n in rights]
    sides = {each.extreme for each in told if each.extreme}
    if len(sides) > 1 or any(each.value is None for each in told):
        return printer.blank(Unsaid.WITHHELD)
    percents = [
        Fraction(each.value or 0) if each.extreme else Fraction(100 * right, n)
        for each, (right, n) in zip(told, rights, strict=True)
    ]
    average = printer.percent(sum(percents) / len(percents))
    return Figure(average.value, extreme=next(iter(sides), None))
