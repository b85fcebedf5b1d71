"""A person's own tokens for programs: each may read, also write, or also download names.

They act for the person and in the person's role; shown once, kept as a hash, good for a year.
"""

from datetime import timedelta

from app.accounts import queries
from app.accounts.schemas import ApiTokenRecord, StaffPerson, TokenScope
from app.accounts.service import record_event
from app.accounts.tables import ApiToken
from app.adapters.db import Work
from app.adapters.randomness import new_id, new_token
from app.adapters.sealing import digest
from app.core.errors import NotFound, SignInNeeded
from app.core.text import clean_line

LASTS = timedelta(days=365)


def create_api_token(
    work: Work, staff: StaffPerson, *, label: str, scope: TokenScope = TokenScope.WRITE
) -> str:
    """A bearer token for a program; shown once. Raises ValueRefused for an empty label."""
    token = new_token()
    work.db.add(
        ApiToken(
            id=new_id(),
            staff_id=staff.id,
            token_hash=digest(token),
            label=clean_line(label, max_length=80, field="label"),
            scope=scope.value,
            created_at=work.now,
            expires_at=work.now + LASTS,
        )
    )
    record_event(
        work, by=staff, verb="create_token", object_kind="staff", object_id=staff.id, scope=scope
    )
    return token


def require_api_token(work: Work, token: str) -> tuple[StaffPerson, TokenScope]:
    """Whose bearer token this is, and what it may do; raises SignInNeeded."""
    row, staff = _require(work, token)
    return staff, TokenScope(row.scope)


def find_api_tokens(work: Work, staff_id: str) -> list[ApiTokenRecord]:
    """A person's tokens that still open something; the latest first."""
    return [
        ApiTokenRecord(
            id=row.id,
            label=row.label,
            scope=TokenScope(row.scope),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in queries.find_api_tokens(work.db, staff_id)
        if row.expires_at is None or row.expires_at > work.now
    ]


def revoke_api_token(work: Work, token: str) -> None:
    """End the token that a program shows, whatever it may do else; raises SignInNeeded."""
    row, staff = _require(work, token)
    _revoke(work, row, by=staff)


def revoke_token_of(work: Work, staff_id: str, token_id: str, *, by: StaffPerson) -> None:
    """End one of a person's tokens; one that is over changes nothing. Raises NotFound."""
    row = queries.get_api_token_row(work.db, token_id)
    if row is None or row.staff_id != staff_id:
        raise NotFound()
    if row.revoked_at is not None:
        return
    _revoke(work, row, by=by)


def revoke_tokens(work: Work, staff_id: str) -> None:
    """End every token of a person."""
    for row in queries.find_api_tokens(work.db, staff_id):
        row.revoked_at = work.now
        work.db.add(row)


def _require(work: Work, token: str) -> tuple[ApiToken, StaffPerson]:
    found = queries.get_api_token(work.db, digest(token))
    if found is None or found[1].is_disabled:
        raise SignInNeeded()
    row, staff = found
    if row.expires_at is not None and row.expires_at <= work.now:
        raise SignInNeeded()
    return row, queries.person_of(staff)


def _revoke(work: Work, row: ApiToken, *, by: StaffPerson) -> None:
    row.revoked_at = work.now
    work.db.add(row)
    record_event(work, by=by, verb="revoke_token", object_kind="staff", object_id=row.staff_id)
