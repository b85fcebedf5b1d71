"""What an admin does to the organisation's people: a new link, switched off and on, a scope."""

import re
from collections.abc import Sequence

from app.accounts import api_tokens, indicator_tokens, one_time_queries, queries, sign_ins
from app.accounts.schemas import Role, StaffPerson, StaffScope
from app.accounts.service import (
    find_programmes,
    record_event,
    renew_one_time_link,
    require_colleague,
)
from app.adapters.db import Work
from app.core.errors import NotAllowed, ValueRefused


def invite_again(work: Work, staff_id: str, *, by: StaffPerson) -> str:
    """A one-time token to choose a password anew; the second step stays, older links end.

    Raises NotFound.
    """
    staff = require_colleague(work, staff_id, by=by)
    record_event(work, by=by, verb="invite", object_kind="staff", object_id=staff.id)
    return renew_one_time_link(work, staff)


def switch_off(work: Work, staff_id: str, *, by: StaffPerson) -> None:
    """The person cannot sign in; what is open ends: sign-ins, tokens and links.

    Raises NotFound, and NotAllowed for oneself: nobody would be left to switch on again.
    """
    staff = require_colleague(work, staff_id, by=by)
    if staff.id == by.id:
        raise NotAllowed()
    if staff.is_disabled:
        return
    _set_disabled(work, staff_id, is_disabled=True)
    sign_ins.end_sign_ins(work, staff_id)
    api_tokens.revoke_tokens(work, staff_id)
    one_time_queries.end_links(work.db, staff_id, work.now)
    record_event(work, by=by, verb="switch_off", object_kind="staff", object_id=staff_id)


def switch_on(work: Work, staff_id: str, *, by: StaffPerson) -> None:
    """The person may sign in again. Raises NotFound."""
    if not require_colleague(work, staff_id, by=by).is_disabled:
        return
    _set_disabled(work, staff_id, is_disabled=False)
    record_event(work, by=by, verb="switch_on", object_kind="staff", object_id=staff_id)


def set_scope(
    work: Work,
    staff_id: str,
    *,
    countries: Sequence[str],
    programmes: Sequence[str],
    by: StaffPerson,
) -> None:
    """Limit what an evaluator or viewer reads; both empty: the whole organisation again.

    Tokens for indicators that the person made are revoked with a limit: they read the whole.
    Raises NotFound, and ValueRefused, for people of other roles too.
    """
    staff = require_colleague(work, staff_id, by=by)
    if staff.role not in (Role.EVALUATOR, Role.VIEWER):
        raise ValueRefused(field="countries", reason="scope_of_readers")
    scope = StaffScope(_codes(countries), _known(work, programmes, by))
    row = queries.get_staff(work.db, staff_id)
    if row is None or scope == staff.scope:
        return
    row.scope_countries = " ".join(scope.countries) or None
    row.scope_programmes = " ".join(scope.programmes) or None
    work.db.add(row)
    if not scope.is_whole:
        indicator_tokens.revoke_tokens_of(work, staff, by=by)
    record_event(
        work, by=by, verb="set_scope", object_kind="staff", object_id=staff_id,
        countries=row.scope_countries or "", programmes=row.scope_programmes or "",
    )  # fmt: skip


def _codes(countries: Sequence[str]) -> tuple[str, ...]:
    codes = sorted({each.strip().upper() for each in countries} - {""})
    if not all(re.fullmatch("[A-Z]{2}", each) for each in codes):
        raise ValueRefused(field="countries", reason="not_country_code", example="PK")
    return tuple(codes)


def _known(work: Work, programmes: Sequence[str], by: StaffPerson) -> tuple[str, ...]:
    own = {each.id for each in find_programmes(work, by.organisation_id)}
    if not own.issuperset(programmes):
        raise ValueRefused(field="programmes", reason="not_in_list")
    return tuple(sorted(set(programmes)))


def _set_disabled(work: Work, staff_id: str, *, is_disabled: bool) -> None:
    row = queries.get_staff(work.db, staff_id)
    if row is not None:
        row.is_disabled = is_disabled
        work.db.add(row)
