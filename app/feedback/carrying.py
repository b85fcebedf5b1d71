"""A closed questionnaire in a workshop file, from it into this database, and wiped after it."""

from sqlalchemy import Table, delete

from app.adapters.db import Work
from app.adapters.row_copies import Plain, add_copies, copy_rows
from app.feedback.tables import QuestionnaireRound, QuestionnaireTicket, SealedSheet, Sheet

Copies = dict[str, list[Plain]]
_CARRIED: tuple[Table, ...] = (
    QuestionnaireRound.__table__,  # type: ignore[attr-defined]
    Sheet.__table__,  # type: ignore[attr-defined]
)
_LEFT: tuple[Table, ...] = (
    QuestionnaireTicket.__table__,  # type: ignore[attr-defined]
    SealedSheet.__table__,  # type: ignore[attr-defined]
)


def copy_out(work: Work, workshop_id: str) -> Copies:
    """The round and its opened sheets: unlinked there, unlinked here."""
    return {
        table.name: copy_rows(work.db, table, table.c.workshop_id == workshop_id)
        for table in _CARRIED
    }


def bring_in(work: Work, copies: Copies) -> None:
    """Raises RowForeign; what the database refuses is raised as it is."""
    for table in _CARRIED:
        add_copies(work.db, table, copies[table.name])


def wipe(work: Work, workshop_id: str) -> None:
    """Take a workshop's sheets and tickets away; that there was a round stays."""
    for table in (*_LEFT, _CARRIED[1]):
        work.db.connection().execute(delete(table).where(table.c.workshop_id == workshop_id))
    work.db.expire_all()
