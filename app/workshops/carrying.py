"""A workshop's own rows in a workshop file, and from it into this database."""

from sqlalchemy import Table

from app.adapters.db import Work
from app.adapters.row_copies import Plain, add_copies, copy_rows
from app.workshops.schemas import WorkshopState
from app.workshops.tables import Administration, Workshop, WorkshopTrainer

_WORKSHOPS: Table = Workshop.__table__  # type: ignore[attr-defined]
_ADMINISTRATIONS: Table = Administration.__table__  # type: ignore[attr-defined]
Copies = dict[str, list[Plain]]


def is_known(work: Work, workshop_id: str) -> bool:
    """Whether this database has the workshop."""
    return work.db.get(Workshop, workshop_id) is not None


def copy_out(work: Work, workshop_id: str) -> Copies:
    """The workshop and its administrations."""
    return {
        "workshops": copy_rows(work.db, _WORKSHOPS, _WORKSHOPS.c.id == workshop_id),
        "administrations": copy_rows(
            work.db, _ADMINISTRATIONS, _ADMINISTRATIONS.c.workshop_id == workshop_id
        ),
    }


def bring_in(
    work: Work,
    copies: Copies,
    *,
    organisation_id: str,
    programme_id: str | None,
    owner_id: str,
) -> None:
    """Put away from the beginning: its phones and its tests are where it was held.

    Raises RowForeign; what the database refuses is raised as it is.
    """
    (row,) = copies["workshops"]
    is_over = row["state"] != WorkshopState.ACTIVE.value
    own = {
        "organisation_id": organisation_id,
        "programme_id": programme_id,
        "owner_id": owner_id,
        "state": row["state"] if is_over else WorkshopState.ARCHIVED.value,
    }
    add_copies(work.db, _WORKSHOPS, [row | own])
    work.db.add(WorkshopTrainer(workshop_id=row["id"], staff_id=owner_id))
    add_copies(work.db, _ADMINISTRATIONS, copies["administrations"])
    work.db.flush()
