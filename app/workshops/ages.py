"""Which workshops are long over: what was promised to end some time after them ends."""

from datetime import datetime, timedelta

from app.adapters.db import Work
from app.workshops import queries


def find_over_since(work: Work, moment: datetime) -> list[str]:
    """The workshops of real people whose last day had ended everywhere on earth by then, by id."""
    return queries.find_ended_before(work.db, (moment - timedelta(hours=12)).date())
