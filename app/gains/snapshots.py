"""Takes snapshots: the running cells of a workshop, frozen when a test closes.

Again only when at least five more sittings have come or changed, and once after the late hours:
figures that moved by one sitting would tell that person's score. Source: statistics.md §0.
"""

from dataclasses import replace

from app.adapters.db import Work
from app.adapters.randomness import around_zero
from app.banks import service as banks
from app.core import disclosure
from app.core.scoring import UNITS_PER_POINT
from app.gains import queries, release_queries, rollups
from app.gains.cells import SUMS
from app.gains.frozen import Frozen, count_pairs, pack, pack_counts
from app.gains.tables import Snapshot, SnapshotContent
from app.gains.teaching import Share, blur, count_shares
from app.sittings import service as sittings
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion

_OF_THE_ROOM = ("pre_count", "post_count", "pair_count", "sum_pre", "sum_post", "sum_pre_squared",
                "sum_post_squared", "sum_products", "improved", "same", "declined")  # fmt: skip


def room_sums(frozen: Frozen) -> dict[str, int]:
    """The sums of the whole room as the columns of a snapshot."""
    sums = frozen.sums()
    return {name: sums[name] for name in SUMS if name in _OF_THE_ROOM}


def store(work: Work, row: Snapshot, frozen: Frozen) -> None:
    """Write a new snapshot with its content."""
    work.db.add(row)
    work.db.flush()
    if row.id is not None:  # the database has given it
        work.db.add(
            SnapshotContent(
                snapshot_id=row.id, content=pack(frozen), pair_counts=pack_counts(frozen)
            )
        )
    work.db.flush()


def record_closing(work: Work, administration: AdministrationRecord) -> None:
    """A test has closed: take its snapshot, or leave the last one when too little has changed."""
    occasion = administration.occasion
    last = queries.get_latest_snapshot(work.db, administration.workshop_id, occasion)
    if last is None and occasion is not Occasion.FOLLOW_UP:
        _take(work, administration, "closing")
    else:
        _take_if_enough(work, administration, "more_sittings")


def record_settled(work: Work, administration: AdministrationRecord) -> None:
    """The late hours have ended: one last snapshot if they changed enough sittings."""
    _take_if_enough(work, administration, "late_window")


def record_erasure(work: Work, workshop_id: str) -> None:
    """Somebody's tests were erased: the running cells are counted afresh, the snapshots stand.

    Without one person they would tell what that person scored. They move, as for tests that come,
    once five people's tests have changed. Where so few took a test that no figure was ever shown,
    in the team or outside, what was frozen of them goes at once.
    """
    rollups.record_change(work, workshop_id=workshop_id)
    if _was_never_shown(work, workshop_id):
        _take_anew(work, workshop_id)
        return
    workshop = workshops.require_workshop(work, workshop_id)
    post = workshops.require_administration(work, workshop, Occasion.POST)
    if post.closed_at is not None:
        _take_if_enough(work, post, "more_sittings")


def _was_never_shown(work: Work, workshop_id: str) -> bool:
    """Whether no snapshot had five tests of a kind, and none was released."""
    known = [row for row, _ in queries.find_snapshots(work.db, workshop_id)]
    return not release_queries.is_released(work.db, workshop_id) and all(
        max(row.pre_count, row.post_count) < disclosure.SNAPSHOT_STEP for row in known
    )


def _take_anew(work: Work, workshop_id: str) -> None:
    known = [row for row, _ in queries.find_snapshots(work.db, workshop_id)]
    if not known:
        return
    workshop = workshops.require_workshop(work, workshop_id)
    occasion, reason = Occasion(known[-1].occasion), known[-1].reason
    release_queries.remove_snapshots(work.db, [row.id for row in known if row.id is not None])
    _take(work, workshops.require_administration(work, workshop, occasion), reason)


def _take_if_enough(work: Work, administration: AdministrationRecord, reason: str) -> None:
    last = queries.get_latest_snapshot(work.db, administration.workshop_id)
    if last is None or disclosure.late_snapshot_due(
        queries.count_beside(work.db, last) + queries.count_erased(work.db, last)
    ):
        _take(work, administration, reason)


def _take(work: Work, administration: AdministrationRecord, reason: str) -> None:
    form = banks.require_form(work, administration.form_id)
    frozen = _freeze(work, administration, form.id)
    ways = sittings.count_ways(work, administration.workshop_id, form.id)
    row = Snapshot(
        workshop_id=administration.workshop_id,
        form_id=form.id,
        occasion=administration.occasion.value,
        reason=reason,
        taken_at=work.now,
        registered=queries.count_registered(work.db, administration.workshop_id),
        max_units=form.max_units,
        late_tests=ways.late,
        paper_tests=ways.paper,
        assisted_tests=ways.assisted,
        rescued_tests=ways.rescued,
        **room_sums(frozen),
    )
    store(work, row, frozen)


def _freeze(work: Work, administration: AdministrationRecord, form_id: str) -> Frozen:
    workshop_id = administration.workshop_id
    workshop = workshops.require_workshop(work, workshop_id)
    everybody = queries.find_people_of(work.db, workshop_id, form_id)
    frozen = Frozen(
        groups=queries.find_groups(work.db, workshop_id, form_id),
        answers=queries.find_answer_cells(work.db, workshop_id, form_id),
        pairs=count_pairs(everybody),
        pass_units=(workshop.pass_mark_points or 0) * UNITS_PER_POINT,
    )
    if administration.occasion is not Occasion.PRE:
        return frozen
    taken = frozen.sums()["pre_count"]
    return replace(frozen, to_teach=_shares_to_teach(work, administration, taken))


def _shares_to_teach(
    work: Work, administration: AdministrationRecord, taken: int
) -> dict[tuple[str, str], Share]:
    """What the list of topics and beliefs is made of; the exact shares are never stored."""
    content = banks.require_content(work, administration.form_id)
    exact = count_shares(
        queries.count_answers(work.db, administration.id),
        taken,
        keys=content.keys,
        objectives={key.item: content.items[key.item].objective for key in content.keys},
        beliefs=banks.require_beliefs(work, administration.form_id),
    )
    return blur(exact, taken, around_zero)
