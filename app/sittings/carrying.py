"""Tests in a workshop file, from it into this database, and wiped after it.

Whatever a file says of scores is computed again here: a file whose scores are others is refused.
"""

from collections.abc import Collection

from sqlalchemy import Table, delete, select

from app.adapters.db import Work
from app.adapters.row_copies import Plain, add_copies, copy_rows
from app.banks import service as banks
from app.core.scoring import score_sitting
from app.sittings import queries
from app.sittings.ledger import chosen_by_item
from app.sittings.tables import Response, Sitting, SittingOperation

Copies = dict[str, list[Plain]]
_SITTINGS: Table = Sitting.__table__  # type: ignore[attr-defined]
_LOG: Table = SittingOperation.__table__  # type: ignore[attr-defined]
_RESPONSES: Table = Response.__table__  # type: ignore[attr-defined]


def copy_out(work: Work, administration_ids: Collection[str]) -> Copies:
    """Sittings, their log and what stands."""
    own = _SITTINGS.c.administration_id.in_(administration_ids)
    ids = select(_SITTINGS.c.id).where(own)
    return {
        "sittings": copy_rows(work.db, _SITTINGS, own),
        "sitting_operations": copy_rows(work.db, _LOG, _LOG.c.sitting_id.in_(ids)),
        "responses": copy_rows(work.db, _RESPONSES, _RESPONSES.c.sitting_id.in_(ids)),
    }


def bring_in(work: Work, copies: Copies) -> None:
    """Raises RowForeign; what the database refuses is raised as it is."""
    add_copies(work.db, _SITTINGS, copies["sittings"])
    add_copies(work.db, _LOG, copies["sitting_operations"], numbered="id")
    add_copies(work.db, _RESPONSES, copies["responses"])


def count_other_scores(work: Work, administration_ids: Collection[str]) -> int:
    """How many sent sittings have another score than what stands in them makes by the key."""
    wrong = 0
    query = select(_SITTINGS.c.id, _SITTINGS.c.form_id, _SITTINGS.c.units).where(
        _SITTINGS.c.administration_id.in_(administration_ids), _SITTINGS.c.units.is_not(None)
    )
    for sitting_id, form_id, units in work.db.connection().execute(query).all():
        standing = queries.find_standing(work.db, sitting_id)
        score = score_sitting(banks.require_content(work, form_id).keys, chosen_by_item(standing))
        wrong += score.units != units
    return wrong


def wipe(work: Work, administration_ids: Collection[str]) -> None:
    """Take the tests of a workshop away."""
    own = _SITTINGS.c.administration_id.in_(administration_ids)
    ids = set(work.db.connection().execute(select(_SITTINGS.c.id).where(own)).scalars())
    for table in (_LOG, _RESPONSES):
        work.db.connection().execute(delete(table).where(table.c.sitting_id.in_(ids)))
    work.db.connection().execute(delete(_SITTINGS).where(own))
    work.db.expire_all()
