"""Moves workshops from a version of a form to the version that corrects it (decision 0029)."""

from collections.abc import Sequence

from sqlmodel import col, select, update

from app.adapters.db import Work
from app.workshops.tables import Administration, Workshop


def find_on_form(work: Work, form_id: str, *, after: str = "", most: int = 100) -> Sequence[str]:
    """The ids of workshops on a form version, in order, from the one after `after` on."""
    query = (
        select(Workshop.id)
        .where(Workshop.form_id == form_id, Workshop.id > after)
        .order_by(Workshop.id)
        .limit(most)
    )
    return work.db.exec(query).all()


def hold_workshop(work: Work, workshop_id: str) -> None:
    """Nobody saves, opens or closes a test of this workshop until this work ends."""
    work.db.exec(
        select(Administration)
        .where(Administration.workshop_id == workshop_id)
        .order_by(Administration.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def move_workshop(work: Work, workshop_id: str, form_id: str, corrected_form_id: str) -> None:
    """The workshop and its tests are on the corrected version from now on; hold it before."""
    for table, own in (
        (Administration, col(Administration.workshop_id)),
        (Workshop, col(Workshop.id)),
    ):
        work.db.execute(
            update(table)
            .where(own == workshop_id, col(table.form_id) == form_id)
            .values(form_id=corrected_form_id)
        )
    work.db.expire_all()
