"""The list of what to teach first, and what of it goes on the wall; every look is recorded."""

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.banks import service as banks
from app.banks.schemas import FormItem
from app.gains import queries, rollups
from app.gains.frozen import unpack
from app.gains.teaching import TeachFirst, teach_first
from app.workshops import service as workshops
from app.workshops.schemas import Occasion, WorkshopRecord


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
    items = rollups.shape_of(work, workshop.form_id)
    return teach_first(
        frozen.to_teach,
        row.pre_count,
        row.taken_at,
        objectives={item: each.objective for item, each in items.items()},
        beliefs=banks.require_beliefs(work, workshop.form_id),
    )


def show_topics(work: Work, workshop: WorkshopRecord, *, by: StaffPerson) -> TeachFirst:
    """The topics for everybody to see; recorded where there are any."""
    found = read_teach_first(work, workshop, by=None)
    if found.topics:
        accounts.record_event(
            work, by=by, verb="project_topics", object_kind="workshop", object_id=workshop.id
        )
    return found


def find_item_to_show(work: Work, workshop: WorkshopRecord, number: str) -> FormItem | None:
    """A question that may go on the wall: from when there is a list, and if the form has it."""
    if not read_teach_first(work, workshop, by=None).topics:
        return None
    return workshops.require_form(work, workshop).get_item(number)


def show_item(
    work: Work, workshop: WorkshopRecord, number: str, *, by: StaffPerson
) -> FormItem | None:
    """Such a question for everybody to see; recorded, for it teaches the test."""
    found = find_item_to_show(work, workshop, number)
    if found is not None:
        accounts.record_event(
            work, by=by, verb="project_item", object_kind="workshop", object_id=workshop.id,
            item=number,
        )  # fmt: skip
    return found


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
