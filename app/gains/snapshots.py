"""Takes snapshots: the running cells of a workshop, frozen when a test closes.

Again only when at least five more sittings have come or changed, and once after the late hours:
figures that moved by one sitting would tell that person's score. Source: statistics.md §0.
"""

from app.adapters.db import Work
from app.banks import service as banks
from app.core import disclosure
from app.core.scoring import UNITS_PER_POINT
from app.gains import queries
from app.gains.cells import SUMS
from app.gains.frozen import Frozen, count_pairs, pack
from app.gains.tables import Snapshot, SnapshotContent
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion

_OF_THE_ROOM = ("pre_count", "post_count", "pair_count", "sum_pre", "sum_post", "sum_pre_squared",
                "sum_post_squared", "sum_products", "improved", "same", "declined")  # fmt: skip


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


def _take_if_enough(work: Work, administration: AdministrationRecord, reason: str) -> None:
    last = queries.get_latest_snapshot(work.db, administration.workshop_id)
    if last is None or disclosure.late_snapshot_due(queries.count_beside(work.db, last)):
        _take(work, administration, reason)


def _take(work: Work, administration: AdministrationRecord, reason: str) -> None:
    form = banks.require_form(work, administration.form_id)
    frozen = _freeze(work, administration, form.id)
    sums = frozen.sums()
    row = Snapshot(
        workshop_id=administration.workshop_id,
        form_id=form.id,
        occasion=administration.occasion.value,
        reason=reason,
        taken_at=work.now,
        registered=queries.count_registered(work.db, administration.workshop_id),
        max_units=form.max_units,
        **{name: sums[name] for name in SUMS if name in _OF_THE_ROOM},
    )
    work.db.add(row)
    work.db.flush()
    if row.id is not None:  # the database has given it
        work.db.add(SnapshotContent(snapshot_id=row.id, content=pack(frozen)))
    work.db.flush()


def _freeze(work: Work, administration: AdministrationRecord, form_id: str) -> Frozen:
    workshop_id = administration.workshop_id
    workshop = workshops.require_workshop(work, workshop_id)
    is_pre = administration.occasion is Occasion.PRE
    everybody = queries.find_people_of(work.db, workshop_id, form_id)
    return Frozen(
        groups=queries.find_groups(work.db, workshop_id, form_id),
        answers=queries.find_answer_cells(work.db, workshop_id, form_id),
        pairs=count_pairs(everybody),
        pass_units=(workshop.pass_mark_points or 0) * UNITS_PER_POINT,
        before=queries.count_answers(work.db, administration.id) if is_pre else {},
    )
