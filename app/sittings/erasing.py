"""A person's tests are taken away for good; who sends more of them hears SittingGone."""

from datetime import datetime

from app.adapters.db import Work
from app.sittings import queries
from app.workshops import service as workshops


def erase_tests(work: Work, participant_id: str) -> datetime | None:
    """Every sitting of a person with its log; since when one of them counted, if one did."""
    found = queries.find_sittings_of_participant(work.db, participant_id)
    ids = {each.id for each in found}
    # The administrations first, as a save does: otherwise the two could block each other.
    workshops.hold_administrations(work, {each.administration_id for each in found})
    held = queries.hold_sittings(work.db, ids)
    queries.remove_sittings(work.db, ids)
    scored = [each.submitted_at for each in held if each.units is not None and each.submitted_at]
    return min(scored, default=None)
