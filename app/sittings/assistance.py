"""Somebody of the participant's own choice helps: the sitting says so, and nobody else does."""

from app.adapters.db import Work
from app.sittings.schemas import SittingRecord
from app.sittings.tables import Sitting


def note_assistance(work: Work, sitting: SittingRecord) -> None:
    """From now on this sitting counts as one with help; that is not taken back."""
    row = work.db.get(Sitting, sitting.id)
    if row is not None and not sitting.is_sent:
        row.is_assisted = True
        work.db.add(row)
        work.db.flush()


def is_assisted(work: Work, sitting: SittingRecord) -> bool:
    """Whether somebody helps with this sitting, and so sees its answers."""
    row = work.db.get(Sitting, sitting.id)
    return row is not None and row.is_assisted
