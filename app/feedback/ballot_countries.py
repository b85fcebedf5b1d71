"""Where an organisation asks about minorities: off everywhere, until an admin says so."""

import re

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, insert_if_absent
from app.core.errors import ValueRefused
from app.feedback import ballot_queries as queries
from app.feedback import ballots
from app.feedback.ballot_queries import key_of
from app.feedback.tables import BallotCountry


def start_ballot(work: Work, country: str, *, by: StaffPerson) -> None:
    """Ask in this country from the next post-test that is opened. Raises ValueRefused."""
    code = country.strip().upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise ValueRefused(field="country", reason="not_country_code", example="PK")
    if queries.is_asked(work.db, by.organisation_id, code):
        return
    insert_if_absent(work, BallotCountry, organisation_id=by.organisation_id, country=code)
    accounts.record_event(
        work, by=by, verb="start_ballot", object_kind="organisation", object_id=by.organisation_id,
        country=code,
    )  # fmt: skip


def stop_ballot(work: Work, country: str, *, by: StaffPerson) -> None:
    """Ask no more, at once: what waits is destroyed with its key, what was told stays."""
    row = queries.get_country(work.db, by.organisation_id, country)
    if row is None:
        return
    work.db.delete(row)
    work.db.flush()
    for count in queries.find_counts(work.db, by.organisation_id):
        if count.country == country:
            ballots.destroy_waiting(work, key_of(count))
    accounts.record_event(
        work, by=by, verb="stop_ballot", object_kind="organisation", object_id=by.organisation_id,
        country=country,
    )  # fmt: skip


def find_asked_countries(work: Work, organisation_id: str) -> list[str]:
    """Where an organisation asks."""
    return queries.find_countries(work.db, organisation_id)
