"""The end of single tests: log, answers, points and the sittings themselves; the sums stay."""

from app.adapters.db import Work
from app.sittings import queries


def forget_tests(work: Work, workshop_id: str) -> int:
    """Remove every test of a workshop; how many there were. Again does nothing."""
    return queries.remove_tests(work.db, workshop_id)


def find_workshops_with_tests(work: Work) -> set[str]:
    """The workshops of which a test is kept."""
    return queries.find_workshops_with_tests(work.db)
