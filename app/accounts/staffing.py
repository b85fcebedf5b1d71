"""What an admin does to the people of the organisation: a new link, switched off, switched on."""

from app.accounts import bearer_tokens, queries, sign_ins
from app.accounts.schemas import StaffPerson
from app.accounts.service import make_one_time_link, record_event, require_colleague
from app.adapters.db import Work
from app.core.errors import NotAllowed


def invite_again(work: Work, staff_id: str, *, by: StaffPerson) -> str:
    """A one-time token to choose a password anew; the second step stays. Raises NotFound."""
    staff = require_colleague(work, staff_id, by=by)
    record_event(work, by=by, verb="invite", object_kind="staff", object_id=staff.id)
    return make_one_time_link(work, staff)


def switch_off(work: Work, staff_id: str, *, by: StaffPerson) -> None:
    """The person cannot sign in; what is open ends, sign-ins and tokens alike.

    Raises NotFound, and NotAllowed for oneself: nobody would be left to switch on again.
    """
    staff = require_colleague(work, staff_id, by=by)
    if staff.id == by.id:
        raise NotAllowed()
    if staff.is_disabled:
        return
    _set_disabled(work, staff_id, is_disabled=True)
    sign_ins.end_sign_ins(work, staff_id)
    bearer_tokens.revoke_tokens(work, staff_id)
    record_event(work, by=by, verb="switch_off", object_kind="staff", object_id=staff_id)


def switch_on(work: Work, staff_id: str, *, by: StaffPerson) -> None:
    """The person may sign in again. Raises NotFound."""
    if not require_colleague(work, staff_id, by=by).is_disabled:
        return
    _set_disabled(work, staff_id, is_disabled=False)
    record_event(work, by=by, verb="switch_on", object_kind="staff", object_id=staff_id)


def _set_disabled(work: Work, staff_id: str, *, is_disabled: bool) -> None:
    row = queries.get_staff(work.db, staff_id)
    if row is not None:
        row.is_disabled = is_disabled
        work.db.add(row)
