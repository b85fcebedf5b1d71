"""Tokens for programs that read an organisation's indicators, and can do nothing else.

A token is shown once and kept as a hash; it is no staff member's and opens no other address. Who
makes and revokes one stands in the audit log. How often it may ask is counted beside it in the
database, so that all workers count together and a restart forgets nothing.
"""

from datetime import timedelta

from app.accounts import queries
from app.accounts.schemas import IndicatorTokenRecord, StaffPerson
from app.accounts.service import record_event
from app.accounts.tables import IndicatorToken
from app.adapters.db import Work
from app.adapters.randomness import new_id, new_token
from app.adapters.sealing import digest
from app.core.errors import IndicatorTokenNeeded, NotFound, TokenUsedTooOften
from app.core.text import clean_line

PREFIX = "tafawut_"
"""How every such token begins, so that one in a wrong place is recognised."""

MOST_USES = 60
WINDOW = timedelta(minutes=10)


def create_indicator_token(work: Work, *, by: StaffPerson, label: str) -> str:
    """A token for the maker's organisation, shown once; raises ValueRefused for an empty label."""
    token = PREFIX + new_token()
    row = IndicatorToken(
        id=new_id(),
        organisation_id=by.organisation_id,
        token_hash=digest(token),
        label=clean_line(label, max_length=80, field="label"),
        created_at=work.now,
        created_by=by.id,
    )
    work.db.add(row)
    record_event(
        work, by=by, verb="create_indicator_token", object_kind="indicator_token", object_id=row.id
    )
    return token


def find_indicator_tokens(work: Work, organisation_id: str) -> list[IndicatorTokenRecord]:
    """An organisation's tokens: those that work first, each the latest first."""
    return queries.find_indicator_tokens(work.db, organisation_id)


def revoke_indicator_token(work: Work, token_id: str, *, by: StaffPerson) -> None:
    """End a token of the own organisation; one that is ended changes nothing. Raises NotFound."""
    row = queries.get_indicator_token_row(work.db, by.organisation_id, token_id)
    if row is None:
        raise NotFound()
    if row.revoked_at is not None:
        return
    row.revoked_at = work.now
    work.db.add(row)
    record_event(
        work, by=by, verb="revoke_indicator_token", object_kind="indicator_token", object_id=row.id
    )


def revoke_tokens_of(work: Work, maker: StaffPerson, *, by: StaffPerson) -> None:
    """End all that somebody has made."""
    for token_id in queries.find_indicator_token_ids(work.db, maker.id):
        revoke_indicator_token(work, token_id, by=by)


def require_indicator_token(work: Work, token: str) -> IndicatorTokenRecord:
    """The token that a program shows; raises IndicatorTokenNeeded."""
    row = queries.get_indicator_token(work.db, digest(token)) if token else None
    if row is None:
        raise IndicatorTokenNeeded()
    return queries.token_record_of(row)


def count_use(work: Work, token: IndicatorTokenRecord) -> None:
    """Count one request; raises TokenUsedTooOften after `MOST_USES` within `WINDOW`.

    A token that was revoked in the meantime raises IndicatorTokenNeeded.
    """
    since = work.now - WINDOW
    if queries.count_use(work.db, token.id, work.now, since=since, most=MOST_USES):
        return
    row = queries.get_indicator_token_row(work.db, token.organisation_id, token.id)
    if row is None or row.revoked_at is not None:
        raise IndicatorTokenNeeded()
    raise TokenUsedTooOften()
