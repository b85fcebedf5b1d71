"""People under their cards in a workshop file, from it into this database, and wiped after it.

Names travel only when they are asked for, sealed as they are; without them nothing of a list does.
Phones and calls never travel: they belong to the place where the workshop was held.
"""

from sqlalchemy import ColumnElement, Table, delete, select

from app.adapters.db import Work
from app.adapters.row_copies import Plain, add_copies, copy_rows
from app.adapters.rows import StoredRow
from app.participants.tables import (
    Attendance,
    Card,
    ErasedCard,
    Identity,
    ListedPerson,
    Participant,
    PhonePass,
    TakenCard,
    TrainerCall,
)

Copies = dict[str, list[Plain]]
_TABLES: dict[str, Table] = dict(StoredRow.metadata.tables)
_CARDS = _TABLES[str(Card.__tablename__)]


def _tables(*kinds: type[StoredRow]) -> tuple[Table, ...]:
    return tuple(_TABLES[str(kind.__tablename__)] for kind in kinds)


_ALWAYS = _tables(Card, Participant, Attendance, TakenCard, ErasedCard)
_WITH_NAMES = _tables(ListedPerson, Identity)
_NEVER = _tables(PhonePass, TrainerCall)


def copy_out(work: Work, workshop_id: str, *, with_names: bool) -> Copies:
    """Cards, participants and days; with names also the sealed names and what lists said."""
    return {
        table.name: copy_rows(work.db, table, _of_workshop(table, workshop_id))
        for table in (*_ALWAYS, *(_WITH_NAMES if with_names else ()))
    }


def bring_in(work: Work, copies: Copies) -> None:
    """Raises RowForeign; what the database refuses is raised as it is."""
    for table in (*_ALWAYS, *_WITH_NAMES):
        add_copies(work.db, table, copies.get(table.name, []))


def wipe(work: Work, workshop_id: str) -> None:
    """Take everybody away who was in a workshop; their tests must be gone before."""
    for table in (*_NEVER, *reversed(_WITH_NAMES), *reversed(_ALWAYS)):
        work.db.connection().execute(delete(table).where(_of_workshop(table, workshop_id)))
    work.db.expire_all()


def _of_workshop(table: Table, workshop_id: str) -> ColumnElement[bool]:
    if "workshop_id" in table.c:
        own: ColumnElement[bool] = table.c.workshop_id == workshop_id
        return own
    return table.c.card_id.in_(select(_CARDS.c.id).where(_CARDS.c.workshop_id == workshop_id))
