"""A workshop's snapshots in a workshop file and from it into this database; cells counted afresh.

Snapshots are moments that nobody can count again, so they travel as they were frozen, and figures
here are the same. Nothing released travels: this database makes its own releases (decision 0020),
by the version of its form that a workshop stays with outside its team (decision 0029).
"""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import Table, delete, insert, select

from app.adapters.db import Work
from app.adapters.row_copies import Plain, add_copies, copy_rows, typed_row
from app.gains import queries, recount
from app.gains.rollups import shape_of
from app.gains.tables import (
    FirstTold,
    GroupRollup,
    ReleasedBundle,
    ReleasedMember,
    ResponseRollup,
    RowBatchMember,
    Snapshot,
    SnapshotContent,
)

Copies = dict[str, list[Plain]]
_SNAPSHOTS: Table = Snapshot.__table__  # type: ignore[attr-defined]
_CONTENTS: Table = SnapshotContent.__table__  # type: ignore[attr-defined]
_FIRST_TOLD: Table = FirstTold.__table__  # type: ignore[attr-defined]
_MEMBERS: Table = ReleasedMember.__table__  # type: ignore[attr-defined]
_BUNDLES: Table = ReleasedBundle.__table__  # type: ignore[attr-defined]
_BATCHED: Table = RowBatchMember.__table__  # type: ignore[attr-defined]
_CELLS: tuple[Table, ...] = (
    GroupRollup.__table__,  # type: ignore[attr-defined]
    ResponseRollup.__table__,  # type: ignore[attr-defined]
)


def copy_out(work: Work, workshop_id: str) -> Copies:
    """The snapshots with what was frozen, and by which version outsiders are told."""
    own = _SNAPSHOTS.c.workshop_id == workshop_id
    ids = select(_SNAPSHOTS.c.id).where(own)
    return {
        "gain_snapshots": copy_rows(work.db, _SNAPSHOTS, own),
        "snapshot_contents": copy_rows(work.db, _CONTENTS, _CONTENTS.c.snapshot_id.in_(ids)),
        "first_told": copy_rows(work.db, _FIRST_TOLD, _FIRST_TOLD.c.workshop_id == workshop_id),
    }


def bring_in(work: Work, copies: Copies) -> None:
    """In the order in which they were taken; raises RowForeign."""
    contents = {row["snapshot_id"]: row for row in copies["snapshot_contents"]}
    for row in copies["gain_snapshots"]:
        told = typed_row(_SNAPSHOTS, row)
        known_as = told.pop("id")
        made = work.db.connection().execute(insert(_SNAPSHOTS).values(told).returning(
            _SNAPSHOTS.c.id
        )).scalar_one()  # fmt: skip
        if known_as in contents:
            add_copies(work.db, _CONTENTS, [contents[known_as] | {"snapshot_id": made}])
    # Files that were made before versions were corrected have none.
    add_copies(work.db, _FIRST_TOLD, copies.get("first_told", []))


def count_afresh(work: Work, workshop_id: str, form_ids: Collection[str]) -> None:
    """Set a workshop's running cells to what its scores say."""
    rooms = sorted((workshop_id, form_id) for form_id in form_ids)
    queries.hold_rooms(work.db, rooms)
    for own, form_id in rooms:
        recount.recount_workshop(work.db, own, form_id, shape_of(work, form_id))


class Told(StrEnum):
    """How a workshop's figures left the team of a database."""

    NOT = "not"
    ALONE = "alone"
    IN_COMPANY = "in_company"


def how_told(work: Work, workshop_id: str) -> Told:
    """Whether another database may tell a workshop's figures.

    Told alone it is told alone everywhere, with the same sums, where the threshold is the same
    (`core.bundling.make_bundles` looks at each by itself first). Told with others, or in a batch of
    rows, it must not be told again in other company: the two would leave a few people between them.
    """
    told = select(_BUNDLES.c.id).join(_MEMBERS, _MEMBERS.c.bundle_id == _BUNDLES.c.id)
    told = told.where(_MEMBERS.c.workshop_id == workshop_id)
    in_company = told.where(_BUNDLES.c.workshop_count > 1)
    in_batch = select(_BATCHED.c.bundle_id).where(_BATCHED.c.bundle_id.in_(told))
    run = work.db.connection().execute
    if any(run(query.limit(1)).first() is not None for query in (in_company, in_batch)):
        return Told.IN_COMPANY
    return Told.ALONE if run(told.limit(1)).first() is not None else Told.NOT


def wipe(work: Work, workshop_id: str) -> None:
    """Take cells and snapshots away; what was released stays, with its snapshot."""
    for table in _CELLS:
        work.db.connection().execute(delete(table).where(table.c.workshop_id == workshop_id))
    released = select(_MEMBERS.c.snapshot_id).where(_MEMBERS.c.workshop_id == workshop_id)
    own = (_SNAPSHOTS.c.workshop_id == workshop_id) & _SNAPSHOTS.c.id.not_in(released)
    ids = select(_SNAPSHOTS.c.id).where(own)
    work.db.connection().execute(delete(_CONTENTS).where(_CONTENTS.c.snapshot_id.in_(ids)))
    work.db.connection().execute(delete(_SNAPSHOTS).where(own))
    work.db.expire_all()
