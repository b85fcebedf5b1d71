"""The one door to numbers about groups: snapshots in, summaries out, disclosure inside.

A snapshot is taken when a test closes, and again only when at least five more sittings have come
or changed; what came since is told as a number beside it. A figure that moved by one sitting
would give that person's mark away.
"""

from collections.abc import Sequence
from datetime import timedelta

from app.adapters.db import Work
from app.banks import service as banks
from app.banks.versions import ItemVersion
from app.core import disclosure
from app.core.disclosure import Audience
from app.gains import queries, rollups
from app.gains.detectable import DetectableRise, detectable_rise
from app.gains.frozen import unpack
from app.gains.item_statistics import (
    AskedItem,
    ItemStatistics,
    read_told_form,
    statistics_of,
)
from app.gains.outside_rows import latest_of, quarters_of, topics_of
from app.gains.outside_tables import Scope, effect_of, items_of, table_of
from app.gains.records import (
    Conduct,
    MethodRecords,
    RowSums,
    read_conduct,
    read_method_records,
    read_people_counted,
    read_row_sums,
)
from app.gains.releases import release_due
from app.gains.results import ObjectiveRow, PeopleCounted, WorkshopResults
from app.gains.rollups import RollupDifference, find_differences
from app.gains.schemas import GainSummary
from app.gains.snapshots import record_closing, record_settled
from app.gains.standing import find_told_version, find_told_workshops
from app.gains.states import told_state
from app.gains.summaries import blank_summary, summarise
from app.gains.tables_told import (
    Breakdown,
    Choice,
    ItemMovement,
    LatestWorkshops,
    OutsideTable,
    PooledEffect,
    TableRow,
    TopicMovement,
    without_lonely_sex,
)
from app.gains.teaching import TeachFirst
from app.gains.teaching_list import (
    find_item_to_show,
    find_shown_items,
    read_teach_first,
    show_item,
    show_topics,
)
from app.gains.workshop_results import FormShape, Standing, results_of
from app.workshops import service as workshops
from app.workshops.lifecycle import is_provisional
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord

__all__ = [
    "Audience",
    "Breakdown",
    "Choice",
    "Conduct",
    "DetectableRise",
    "GainSummary",
    "ItemStatistics",
    "MethodRecords",
    "ObjectiveRow",
    "PeopleCounted",
    "RowSums",
    "TeachFirst",
    "WorkshopResults",
    "check_rollups",
    "find_item_to_show",
    "find_shown_items",
    "find_told_workshops",
    "read_conduct",
    "read_detectable_rise",
    "read_effect",
    "read_item_statistics",
    "read_items",
    "read_latest",
    "read_people",
    "read_quarters",
    "read_records",
    "read_results",
    "read_summary",
    "read_sums",
    "read_table",
    "read_teach_first",
    "read_topics",
    "record_closing",
    "record_settled",
    "release_due",
    "show_item",
    "show_topics",
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
    told_by = find_told_version(work, workshop, audience)
    snapshots = [row for row, _ in told_by.snapshots]
    post = workshops.require_administration(work, workshop, Occasion.POST)
    if not snapshots or post.closed_at is None:
        return _without_snapshot(work, workshop, audience, post, late)
    told = told_state([row.pair_count for row in snapshots], audience, threshold)
    snapshot = snapshots[told]
    shown = disclosure.what_to_show(snapshot.pair_count, audience, threshold)
    return summarise(
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
    told_by = find_told_version(work, workshop, audience)
    known = () if post.closed_at is None else told_by.snapshots
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
        is_rescored=told_by.is_rescored,
    )
    return results_of(standing, _shape_of(work, told_by.form_id), audience, threshold)


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
    is_brief: bool = False,
) -> OutsideTable:
    """One fixed table for readers outside the team, from released bundles alone.

    `values` are groups that have a row in any case, so that a dash says nothing of a group.
    `is_brief`: its rows alone, with nothing pooled and a blank annex.
    """
    scope = _scope_of(work, organisation_id, form_id)
    told = table_of(work.db, scope, choice, values=values, is_brief=is_brief)
    return without_lonely_sex(told)


def read_items(
    work: Work, organisation_id: str, form_id: str, choice: Choice
) -> tuple[ItemMovement, ...]:
    """Every question of a form over the workshops of a choice."""
    return items_of(work.db, _scope_of(work, organisation_id, form_id), choice)


def read_quarters(
    work: Work, organisation_id: str, form_id: str, choice: Choice
) -> tuple[TableRow, ...]:
    """The latest quarters of a choice that are told, as rows of its tables."""
    return quarters_of(work.db, _scope_of(work, organisation_id, form_id), choice)


def read_latest(
    work: Work, organisation_id: str, form_id: str, choice: Choice, workshop_ids: Sequence[str]
) -> LatestWorkshops:
    """The latest of these workshops (the earliest stand first), and the others of the choice."""
    return latest_of(work.db, _scope_of(work, organisation_id, form_id), choice, workshop_ids)


def read_topics(
    work: Work, organisation_id: str, form_id: str, choice: Choice
) -> tuple[TopicMovement, ...]:
    """Every topic over the workshops of a choice, from what is told of its questions."""
    form = banks.require_form(work, form_id)
    items = {
        topic: [each.item for each in form.items if each.objective == topic and each.is_scored]
        for topic in form.objectives
    }
    return topics_of(work.db, _scope_of(work, organisation_id, form_id), choice, items)


def read_effect(work: Work, organisation_id: str, choice: Choice) -> PooledEffect:
    """Workshops of all forms together, as g_av: "different tests"."""
    return effect_of(work.db, organisation_id, choice)


def read_records(
    work: Work,
    organisation_id: str,
    form_id: str,
    choice: Choice,
    known: Sequence[WorkshopRecord],
    *,
    threshold: int,
) -> MethodRecords | None:
    """How the tests of a table were taken; `known`: the organisation's workshops."""
    scope = _scope_of(work, organisation_id, form_id)
    return read_method_records(work, scope, choice, known, threshold=threshold)


def read_people(
    work: Work, organisation_id: str, form_id: str, choice: Choice
) -> PeopleCounted | None:
    """Who is counted in a fixed table: the counts of its records, and None where they are None."""
    return read_people_counted(work, _scope_of(work, organisation_id, form_id), choice)


def read_sums(
    work: Work, organisation_id: str, form_id: str, choice: Choice
) -> tuple[RowSums, ...]:
    """The six sums of each row by workshop, from which a table's headline can be computed again."""
    return read_row_sums(work, _scope_of(work, organisation_id, form_id), choice)


def read_item_statistics(
    work: Work, organisation_id: str, versions: Sequence[ItemVersion]
) -> list[ItemStatistics]:
    """Questions over all released workshops of an organisation and all forms they stand in."""
    known = {place.form_id for each in versions for place in each.places}
    forms = {
        form_id: read_told_form(
            work.db, organisation_id, form_id, banks.require_content(work, form_id).keys
        )
        for form_id in sorted(known)
    }
    return [statistics_of(_asked(each), forms) for each in versions]


def _asked(version: ItemVersion) -> AskedItem:
    return AskedItem(
        code=version.code,
        keys=frozenset(each.ref for each in version.options if each.is_key),
        options=tuple(each.ref for each in version.options),
        is_one_choice=version.is_one_choice,
        places=tuple((each.form_id, each.item, each.letters) for each in version.places),
    )


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
    return blank_summary(
        workshop.id,
        workshop.form_id,
        audience,
        registered=queries.count_registered(work.db, workshop.id),
        is_still_provisional=is_provisional(post, work.now, late),
    )
