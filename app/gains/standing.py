"""By which version of its form a workshop is told to a reader (decision 0029)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.adapters.db import Work
from app.core.disclosure import THRESHOLD_FLOOR, Audience
from app.gains import queries, rescoring_queries
from app.gains.states import told_version
from app.gains.tables import Snapshot
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

Kept = Sequence[tuple[Snapshot, bytes | None]]


@dataclass(frozen=True)
class ToldVersion:
    """A form version and the workshop's snapshots by it, the oldest first.

    `is_rescored`: means by another key were told of the same people before.
    """

    form_id: str
    snapshots: Kept
    is_rescored: bool


def find_told_version(work: Work, workshop: WorkshopRecord, audience: Audience) -> ToldVersion:
    """Outside the team the version it was first told by; the team where ten pairs allow the new."""
    versions: dict[str, list[tuple[Snapshot, bytes | None]]] = {}
    for row, content in queries.find_snapshots(work.db, workshop.id):
        versions.setdefault(row.form_id, []).append((row, content))
    if audience is Audience.OUTSIDE:
        first = rescoring_queries.get_first_told(work.db, workshop.id)
        form_id = first or workshop.form_id
        return ToldVersion(form_id, versions.get(form_id, ()), is_rescored=False)
    if not versions:
        return ToldVersion(workshop.form_id, (), is_rescored=False)
    form_ids = list(versions)
    pairs = [[row.pair_count for row, _ in versions[each]] for each in form_ids]
    told = told_version(pairs)
    before = [count for states in pairs[:told] for count in states]
    return ToldVersion(
        form_id=form_ids[told],
        snapshots=versions[form_ids[told]],
        is_rescored=max(before, default=0) >= THRESHOLD_FLOOR,
    )


def find_told_workshops(work: Work, organisation_id: str) -> list[WorkshopRecord]:
    """An organisation's workshops, each on the version it is told by outside its team."""
    first = rescoring_queries.find_first_told(work.db)
    return [
        replace(each, form_id=first.get(each.id, each.form_id))
        for each in workshops.find_workshops(work, organisation_id)
    ]
