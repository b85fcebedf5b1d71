"""The end of single answers: the log of changes and what stands go, scores and sums stay."""

from app.adapters.db import Work
from app.sittings import queries


def forget_answers(work: Work, workshop_id: str) -> int:
    """Remove every single answer of a workshop; how many changes were kept. Again does nothing."""
    return queries.remove_answers(work.db, workshop_id)
