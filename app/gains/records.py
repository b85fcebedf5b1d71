"""How the tests behind a fixed table were taken, from records: the facts of a method note.

Counts of people and tests are those of the released snapshots: they move only when the table moves.
The gain without flagged tests is told only where in every bundle nobody, or ten and beside them ten
others, were flagged: two tables differ by whole bundles. Source: statistics.md §5, §6.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from fractions import Fraction

from app.accounts import service as accounts
from app.adapters.clock import local_day
from app.adapters.db import Work
from app.core import disclosure
from app.core.attrition import judge_completion
from app.core.disclosure import Audience
from app.core.figures import Interval
from app.core.proportions import wilson
from app.gains import record_queries as queries
from app.gains.cells import FLAGGED, SUMS, Facet
from app.gains.outside_tables import Scope, print_together
from app.gains.printed import Printer
from app.gains.queries import read_contents
from app.gains.results import Figure, FlaggedFigures, PeopleCounted, Unsaid, WorkshopResults
from app.gains.tables_told import Choice
from app.gains.teaching_list import find_shown_items
from app.gains.told_queries import workshop_cells
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord

_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class WaysTold:
    """Of all tests, the shares taken in another way than by phone, extremes as limits."""

    tests: int
    late: Figure
    paper: Figure
    assisted: Figure
    rescued: Figure


@dataclass(frozen=True, kw_only=True)
class MethodRecords:
    """What the records say of the workshops in a table.

    `same_items`: workshops whose two tests were one form version. `days_`: days from pre to post.
    `topics_seen`, `items_shown`: workshops where the list of what to teach first was opened, or a
    question of the test projected, before the post-test closed.
    """

    workshops: int
    same_items: int
    days_least: int | None
    days_most: int | None
    topics_seen: int
    items_shown: int
    people: PeopleCounted
    ways: WaysTold
    flagged: FlaggedFigures


@dataclass(frozen=True, kw_only=True)
class RowSums:
    """The six sums of a row of the table by workshop, in units of 1/2520 point; ten pairs or more.

    `workshop_id` is empty for small workshops together.
    """

    workshop_id: str
    workshops: int
    n: int
    sum_pre: int
    sum_post: int
    sum_pre_squared: int
    sum_post_squared: int
    sum_products: int
    max_units: int


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How one workshop's two tests were given; nothing of anybody's answers.

    `days_between`: from opening to opening in the workshop's zone, None where one never opened.
    `is_list_seen`: what to teach first was looked at before the post-test closed; `shown_items`:
    questions that were on the wall by then.
    """

    has_same_items: bool
    days_between: int | None
    is_list_seen: bool
    shown_items: tuple[str, ...]


def read_conduct(work: Work, workshop: WorkshopRecord, told: WorkshopResults) -> Conduct | None:
    """The records beside these results; None where outsiders are told nothing of the room."""
    if told.audience is Audience.OUTSIDE and not disclosure.may_show_means(told.shown):
        return None
    pre, post = (
        workshops.require_administration(work, workshop, each)
        for each in (Occasion.PRE, Occasion.POST)
    )
    seen = accounts.find_first_times(work, "see_topics")
    return Conduct(
        has_same_items=pre.form_id == post.form_id,
        days_between=_days_between(pre, post, workshop.zone),
        is_list_seen=_count_before(seen, {workshop.id: post.closed_at}) > 0,
        shown_items=find_shown_items(work, workshop),
    )


def read_method_records(
    work: Work,
    scope: Scope,
    choice: Choice,
    known: Sequence[WorkshopRecord],
    *,
    threshold: int,
) -> MethodRecords | None:
    """The records behind a table, None where nothing is told; `known`: the organisation's own."""
    members = queries.find_members(work.db, scope.organisation_id, scope.form_id, choice)
    if not members:
        return None
    ids = [workshop_id for _, workshop_id, _ in members]
    counted = queries.sum_people(work.db, scope.organisation_id, scope.form_id, choice)
    tests = list(_find_tests(work, ids))
    zones = {each.id: each.zone for each in known}
    days = [_days_between(*each, zones.get(each[0].workshop_id, "UTC")) for each in tests]
    ends = {post.workshop_id: post.closed_at for _, post in tests}
    return MethodRecords(
        workshops=len(ids),
        same_items=sum(pre.form_id == post.form_id for pre, post in tests),
        days_least=min((each for each in days if each is not None), default=None),
        days_most=max((each for each in days if each is not None), default=None),
        topics_seen=_count_before(accounts.find_first_times(work, "see_topics"), ends),
        items_shown=_count_before(accounts.find_first_times(work, "project_item"), ends),
        people=_people(counted),
        ways=_ways(counted),
        flagged=_flagged(work, scope, choice, members, threshold),
    )


def read_people_counted(work: Work, scope: Scope, choice: Choice) -> PeopleCounted | None:
    """Who is counted in a table, as its method records have it; None where nothing is told."""
    counted = queries.sum_people(work.db, scope.organisation_id, scope.form_id, choice)
    return _people(counted) if counted["pair_count"] else None


def read_row_sums(work: Work, scope: Scope, choice: Choice) -> tuple[RowSums, ...]:
    """The sums of every workshop told alone, and of the small ones together."""
    cells = workshop_cells(work.db, scope.organisation_id, scope.form_id, choice)
    names = [each.name for each in fields(RowSums) if each.name.startswith("sum_")]
    return tuple(
        RowSums(
            workshop_id=workshop_id,
            workshops=cell["workshop_count"],
            n=cell["pair_count"],
            max_units=scope.max_units,
            **{name: cell[name] for name in names},
        )
        for workshop_id, cell in sorted(cells.items())
    )


def _people(counted: Mapping[str, int]) -> PeopleCounted:
    pre, post, pairs = (counted[each] for each in ("pre_count", "post_count", "pair_count"))
    printer, interval = Printer(Audience.OUTSIDE, pairs), wilson(pairs, pre) or Interval(0, 0)
    return PeopleCounted(
        registered=counted["registered"],
        pre=pre,
        post=post,
        paired=pairs,
        pre_only=pre - pairs,
        post_only=post - pairs,
        completion=printer.percent(Fraction(100 * pairs, pre) if pre else None),
        completion_low=printer.percent(100 * interval.low),
        completion_high=printer.percent(100 * interval.high),
        judged=judge_completion(pairs, pre),
    )


def _ways(counted: Mapping[str, int]) -> WaysTold:
    tests = counted["pre_count"] + counted["post_count"]
    printer = Printer(Audience.OUTSIDE, counted["pre_count"])
    blank = printer.blank(Unsaid.WITHHELD)
    shares = {
        name: printer.share(counted[f"{name}_tests"], tests, people=counted["pre_count"])
        if tests
        else blank
        for name in ("late", "paper", "assisted", "rescued")
    }
    return WaysTold(tests=tests, **shares)


def _find_tests(
    work: Work, ids: Sequence[str]
) -> Iterator[tuple[AdministrationRecord, AdministrationRecord]]:
    """The pre-test and the post-test of each workshop."""
    for some in _some_at_once(ids):
        by_workshop: dict[str, dict[Occasion, AdministrationRecord]] = {}
        for each in workshops.find_administrations_of(work, some):
            by_workshop.setdefault(each.workshop_id, {})[each.occasion] = each
        for own in by_workshop.values():
            yield own[Occasion.PRE], own[Occasion.POST]


def _days_between(pre: AdministrationRecord, post: AdministrationRecord, zone: str) -> int | None:
    if pre.opened_at is None or post.opened_at is None:
        return None
    first, last = (local_day(each, zone) for each in (pre.opened_at, post.opened_at))
    return (last - first).days


def _count_before(times: Mapping[str, datetime], ends: Mapping[str, datetime | None]) -> int:
    """In how many workshops it was done before their end."""
    return sum(
        done is not None and (end is None or done <= end)
        for done, end in ((times.get(each), end) for each, end in ends.items())
    )


def _flagged(
    work: Work,
    scope: Scope,
    choice: Choice,
    members: Sequence[tuple[str, str, int]],
    threshold: int,
) -> FlaggedFigures:
    bundles = _flagged_bundles(work, scope, members)
    withheld = FlaggedFigures(flagged_pairs=None, without=None, unsaid=Unsaid.WITHHELD)
    rest: Counter[str] = Counter()
    for room, flagged in bundles:
        count, others = flagged["pair_count"], room["pair_count"] - flagged["pair_count"]
        if not disclosure.may_show_without_flagged(count, others, Audience.OUTSIDE, threshold):
            return withheld
        rest.update(flagged)
    if not bundles:
        return FlaggedFigures(flagged_pairs=0, without=None, unsaid=Unsaid.NO_FLAGGED)
    whole: Counter[str] = Counter()
    for cell in workshop_cells(work.db, scope.organisation_id, scope.form_id, choice).values():
        whole.update(cell)
    left = {name: number - rest[name] for name, number in whole.items()}
    left["workshop_count"] = whole["workshop_count"]
    return FlaggedFigures(
        flagged_pairs=rest["pair_count"],
        without=print_together(left, scope.max_units),
        unsaid=None,
    )


def _flagged_bundles(
    work: Work, scope: Scope, members: Sequence[tuple[str, str, int]]
) -> list[tuple[Counter[str], Counter[str]]]:
    """The whole and the flagged part of every bundle that has a flagged pair in its snapshots."""
    ids = [workshop_id for _, workshop_id, _ in members]
    marked: set[str] = set()
    for some in _some_at_once(ids):
        marked |= queries.find_flagged(work.db, some, scope.form_id)
    bundles = {bundle for bundle, workshop_id, _ in members if workshop_id in marked}
    own = {snapshot: bundle for bundle, _, snapshot in members if bundle in bundles}
    rooms: dict[str, Counter[str]] = {each: Counter() for each in bundles}
    flagged: dict[str, Counter[str]] = {each: Counter() for each in bundles}
    for snapshot, frozen in read_contents(work.db, list(own)):
        rooms[own[snapshot]].update(frozen.sums())
        flagged[own[snapshot]].update(frozen.sums((Facet.FLAGGED.value, FLAGGED)))
    return [
        (rooms[each], Counter({name: flagged[each][name] for name in SUMS}))
        for each in sorted(bundles)
        if flagged[each]["pair_count"]
    ]


def _some_at_once(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
