"""The one door to numbers about groups: snapshots in, summaries out, disclosure inside.

A snapshot is taken when a test closes, and again only when at least five more sittings have come
or changed; what came since is told as a number beside it. A figure that moved by one sitting
would give that person's mark away.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.banks import service as banks
from app.core import disclosure
from app.core.disclosure import Audience, Shown
from app.core.gains import Gain, PairSums, gain_of
from app.core.printing import printed_percent, printed_points, printed_pp
from app.core.scoring import UNITS_PER_POINT
from app.gains import queries, rollups
from app.gains.detectable import DetectableRise, detectable_rise
from app.gains.frozen import unpack
from app.gains.outside_tables import Scope, effect_of, items_of, table_of
from app.gains.releases import release_due
from app.gains.results import ObjectiveRow, WorkshopResults
from app.gains.rollups import RollupDifference, find_differences
from app.gains.schemas import GainSummary, Withheld
from app.gains.snapshots import record_closing, record_settled
from app.gains.states import told_state
from app.gains.tables import Snapshot
from app.gains.tables_told import Breakdown, Choice, ItemMovement, OutsideTable, PooledEffect
from app.gains.teaching import TeachFirst, teach_first
from app.gains.workshop_results import FormShape, Standing, results_of
from app.workshops import service as workshops
from app.workshops.lifecycle import is_provisional
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord

__all__ = [
    "Audience",
    "Breakdown",
    "Choice",
    "DetectableRise",
    "GainSummary",
    "ObjectiveRow",
    "TeachFirst",
    "WorkshopResults",
    "check_rollups",
    "find_shown_items",
    "read_detectable_rise",
    "read_effect",
    "read_items",
    "read_results",
    "read_summary",
    "read_table",
    "read_teach_first",
    "record_closing",
    "record_settled",
    "release_due",
]


def read_summary(
    work: Work,
    workshop: WorkshopRecord,
    audience: Audience,
    *,
    threshold: int,
    late: timedelta,
) -> GainSummary:
    """One workshop's gain as the audience may see it; the digits are the printed ones."""
    snapshots = [row for row, _ in queries.find_snapshots(work.db, workshop.id)]
    post = workshops.require_administration(work, workshop, Occasion.POST)
    if not snapshots or post.closed_at is None:
        return _without_snapshot(work, workshop, audience, post, late)
    told = told_state([row.pair_count for row in snapshots], audience, threshold)
    snapshot = snapshots[told]
    shown = disclosure.what_to_show(snapshot.pair_count, audience, threshold)
    return _summarise(
        snapshot,
        audience,
        shown,
        is_still_provisional=is_provisional(post, work.now, late),
        beside=queries.count_beside(work.db, snapshot),
    )


def read_results(
    work: Work, workshop: WorkshopRecord, audience: Audience, *, threshold: int
) -> WorkshopResults:
    """Everything about one workshop that the audience may see: groups, questions, who left."""
    post = workshops.require_administration(work, workshop, Occasion.POST)
    known = [] if post.closed_at is None else queries.find_snapshots(work.db, workshop.id)
    frozen = [(row, unpack(content)) for row, content in known if content is not None]
    told = (
        told_state([each.sums()["pair_count"] for _, each in frozen], audience, threshold)
        if frozen
        else 0
    )
    standing = Standing(
        workshop_id=workshop.id,
        as_of=frozen[told][0].taken_at if frozen else None,
        registered=(
            frozen[told][0].registered if frozen else queries.count_registered(work.db, workshop.id)
        ),
        contents=[each for _, each in frozen],
        is_final=post.settled_at is not None,
    )
    return results_of(standing, _shape_of(work, workshop.form_id), audience, threshold)


def read_teach_first(work: Work, workshop: WorkshopRecord, *, by: StaffPerson | None) -> TeachFirst:
    """What the workshop's own team may see of the pre-test before it teaches; frozen, never live.

    Who sees a list is recorded, for the method note; `by` None where it is not shown.
    """
    known = [
        (row, unpack(content))
        for row, content in queries.find_snapshots(work.db, workshop.id)
        if row.occasion == Occasion.PRE.value and content is not None
    ]
    if not known:
        return TeachFirst(as_of=None, taken=0)
    if by is not None:
        accounts.record_event(
            work, by=by, verb="see_topics", object_kind="workshop", object_id=workshop.id
        )
    row, frozen = known[-1]
    shape = _shape_of(work, workshop.form_id)
    return teach_first(
        frozen.before,
        row.pre_count,
        row.taken_at,
        keys=shape.keys,
        objectives={item: each.objective for item, each in shape.items.items()},
        beliefs=shape.beliefs,
    )


def find_shown_items(work: Work, workshop: WorkshopRecord) -> tuple[str, ...]:
    """The questions that were on the wall before the post-test closed, in the form's order."""
    post = workshops.require_administration(work, workshop, Occasion.POST)
    shown = {
        facts["item"]
        for moment, facts in accounts.find_facts(work, "project_item", workshop.id)
        if post.closed_at is None or moment <= post.closed_at
    }
    items = workshops.require_form(work, workshop).items
    return tuple(each.item for each in items if each.item in shown)


def _shape_of(work: Work, form_id: str) -> FormShape:
    content = banks.require_content(work, form_id)
    return FormShape(
        form_id=form_id,
        max_units=banks.require_form(work, form_id).max_units,
        keys=content.keys,
        items=rollups.shape_of(work, form_id),
        beliefs=banks.require_beliefs(work, form_id),
    )


def read_table(
    work: Work,
    organisation_id: str,
    form_id: str,
    choice: Choice,
    *,
    values: Sequence[str] = (),
) -> OutsideTable:
    """One fixed table for readers outside the team, from released bundles alone.

    `values` are groups that have a row in any case, so that a dash says nothing of a group.
    """
    return table_of(work.db, _scope_of(work, organisation_id, form_id), choice, values=values)


def read_items(
    work: Work, organisation_id: str, form_id: str, choice: Choice
) -> tuple[ItemMovement, ...]:
    """Every question of a form over the workshops of a choice."""
    return items_of(work.db, _scope_of(work, organisation_id, form_id), choice)


def read_effect(work: Work, organisation_id: str, choice: Choice) -> PooledEffect:
    """Workshops of all forms together, as g_av: "different tests"."""
    return effect_of(work.db, organisation_id, choice)


def read_detectable_rise(work: Work, workshop: WorkshopRecord, people: int) -> DetectableRise:
    """How large a rise so many people would show on the workshop's form."""
    scope = _scope_of(work, workshop.organisation_id, workshop.form_id)
    return detectable_rise(work.db, scope, workshop.country, people)


def _scope_of(work: Work, organisation_id: str, form_id: str) -> Scope:
    return Scope(organisation_id, form_id, banks.require_form(work, form_id).max_units)


def check_rollups(work: Work, workshop: WorkshopRecord) -> list[RollupDifference]:
    """Compare a workshop's running sums with its scores; empty when they agree."""
    return find_differences(work, workshop.id, workshop.form_id)


def _without_snapshot(
    work: Work,
    workshop: WorkshopRecord,
    audience: Audience,
    post: AdministrationRecord,
    late: timedelta,
) -> GainSummary:
    """Before the post-test has closed there are no results, only how many registered."""
    return _blank(
        workshop.id,
        workshop.form_id,
        audience,
        registered=queries.count_registered(work.db, workshop.id),
        is_still_provisional=is_provisional(post, work.now, late),
    )


def _blank(
    workshop_id: str,
    form_id: str,
    audience: Audience,
    *,
    registered: int | None,
    is_still_provisional: bool,
) -> GainSummary:
    return GainSummary(
        workshop_id=workshop_id,
        form_id=form_id,
        audience=audience,
        shown=Shown.NONE_YET,
        as_of=None,
        is_provisional=is_still_provisional,
        registered=registered,
        reason=Withheld.NO_PAIRS,
        interval_reason=Withheld.NO_PAIRS,
        late_beside=0,
        **dict.fromkeys(_NUMBERS),
    )


_CHANGED = ("improved", "same", "declined")
_NUMBERS = (
    "pre", "post", "paired", "max_points", "mean_pre_points", "mean_post_points", "gain_points",
    "gain_points_low", "gain_points_high", "mean_pre_percent", "mean_post_percent", "gain_pp",
    "gain_pp_low", "gain_pp_high", *_CHANGED,
)  # fmt: skip


def _summarise(
    row: Snapshot, audience: Audience, shown: Shown, *, is_still_provisional: bool, beside: int
) -> GainSummary:
    sums = PairSums(
        n=row.pair_count,
        sx=row.sum_pre,
        sy=row.sum_post,
        sxx=row.sum_pre_squared,
        syy=row.sum_post_squared,
        sxy=row.sum_products,
        max_units=row.max_units,
    )
    gain = gain_of(sums)
    has_counts = disclosure.may_show_counts(shown)
    has_means = disclosure.may_show_means(shown)
    is_outside = audience is Audience.OUTSIDE
    has_tests = has_counts and (has_means or not is_outside)  # "0 pairs" tells nothing of the tests
    return GainSummary(
        workshop_id=row.workshop_id,
        form_id=row.form_id,
        audience=audience,
        shown=shown,
        as_of=row.taken_at,
        is_provisional=is_still_provisional,
        registered=row.registered,
        pre=row.pre_count if has_tests else None,
        post=row.post_count if has_tests else None,
        paired=row.pair_count if has_counts else None,
        late_beside=0 if is_outside and not has_means else beside,
        reason=None if has_means else _reason(shown),
        interval_reason=_interval_reason(gain, shown),
        **(_printed(gain, row.max_units) if has_means else _unprinted()),
        **_changed(row, is_told=has_means and not is_outside),
    )


def _changed(row: Snapshot, *, is_told: bool) -> dict[str, Any]:
    """Who changed, for the team alone: outside "24 of 24" would tell of everybody.

    Outside, `results.GainFigures.improved` is a share with its extremes coded (statistics.md §6).
    """
    return {name: getattr(row, name) if is_told else None for name in _CHANGED}


def _printed(gain: Gain, max_units: int) -> dict[str, Decimal | None]:
    points, pp = gain.interval, gain.interval_pp
    return {
        "max_points": printed_points(Fraction(max_units, UNITS_PER_POINT)),
        "mean_pre_points": _points(gain.mean_pre),
        "mean_post_points": _points(gain.mean_post),
        "gain_points": _points(gain.mean_gain),
        "gain_points_low": None if points is None else printed_points(points.low),
        "gain_points_high": None if points is None else printed_points(points.high),
        "mean_pre_percent": _percent(gain.pct_mean_pre, gain.n),
        "mean_post_percent": _percent(gain.pct_mean_post, gain.n),
        "gain_pp": _pp(gain.gain_pp, gain.n),
        "gain_pp_low": None if pp is None else _pp(pp.low, gain.n),
        "gain_pp_high": None if pp is None else _pp(pp.high, gain.n),
    }


def _unprinted() -> dict[str, None]:
    counted = ("pre", "post", "paired", *_CHANGED)
    return dict.fromkeys(name for name in _NUMBERS if name not in counted)


def _reason(shown: Shown) -> Withheld:
    if shown is Shown.NONE_YET:
        return Withheld.NO_PAIRS
    return Withheld.WITHHELD if shown is Shown.WITHHELD else Withheld.TOO_FEW


def _interval_reason(gain: Gain, shown: Shown) -> Withheld | None:
    if not disclosure.may_show_means(shown):
        return _reason(shown)
    return Withheld(gain.interval_reason.value) if gain.interval_reason else None


def _points(value: Fraction | float | None) -> Decimal | None:
    return None if value is None else printed_points(value)


def _percent(value: Fraction | None, n: int) -> Decimal | None:
    return None if value is None else printed_percent(value, n)


def _pp(value: Fraction | float | None, n: int) -> Decimal | None:
    return None if value is None else printed_pp(value, n)
