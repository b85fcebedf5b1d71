"""The first run, and the links an admin prints."""

from datetime import timedelta

from app.accounts import api_tokens, second_factors
from app.accounts import service as accounts
from app.accounts.schemas import Purpose, Role, StaffPerson, TokenScope
from app.adapters.db import Work, empty_log
from app.certificates import service as certificates
from app.core.errors import NotFound
from app.participants import service as participants
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

FIRST_RUN_LASTS = timedelta(minutes=30)


def first_run_token(work: Work) -> str | None:
    """A one-time token for the first admin, as long as nobody has set a password; else None."""
    staff = accounts.find_staff(work)
    if any(person.has_password for person in staff):
        return None
    admins = [person for person in staff if person.role is Role.ADMIN]
    admin = admins[0] if admins else _first_admin(work)
    return accounts.make_one_time_link(work, admin, lasts=FIRST_RUN_LASTS)


def invite(
    work: Work, *, login: str, role: Role | None, display_name: str, organisation: str
) -> str:
    """A one-time token to set a password: for somebody new, or for somebody who forgot it."""
    known = accounts.get_staff_by_login(work, login)
    if known is not None:
        return accounts.renew_one_time_link(work, known)
    if role is None:
        raise NotFound()
    owner = accounts.create_organisation(work, organisation or _only_organisation(work))
    staff = accounts.create_staff(
        work,
        organisation_id=owner.id,
        login=login,
        display_name=display_name or login,
        role=role,
    )
    return accounts.make_one_time_link(work, staff)


def make_token(work: Work, *, login: str, label: str, scope: TokenScope) -> str:
    """A bearer token for a staff member; raises NotFound."""
    return api_tokens.create_api_token(work, require_staff(work, login), label=label, scope=scope)


def end_second_step(work: Work, login: str) -> None:
    """Take a lost second step away, for the admin whom no other admin can help; raises NotFound."""
    second_factors.remove_second_step(work, require_staff(work, login).id, by=None)


def make_sign_in_link(work: Work, staff: StaffPerson) -> str:
    """The demo's links: they work until the demo stops."""
    return accounts.make_one_time_link(
        work, staff, purpose=Purpose.SIGN_IN, lasts=timedelta(days=7), is_reusable=True
    )


def require_staff(work: Work, login: str) -> StaffPerson:
    """The staff member with that sign-in name; raises NotFound."""
    staff = accounts.get_staff_by_login(work, login)
    if staff is None:
        raise NotFound()
    return staff


def forget_names(work: Work, workshop_id: str) -> WorkshopRecord:
    """Destroy the key of a workshop's names, and its copy; raises NotFound.

    Nobody can read them from then on, in old copies of the database either, and no certificate
    leads to a card any more.
    """
    workshop = workshops.require_workshop(work, workshop_id)
    accounts.record_event(
        work, by=None, verb="forget_names", object_kind="workshop", object_id=workshop.id
    )
    certificates.forget_holders(work, workshop.id)
    name = participants.workshop_key(workshop.id)
    work.after_commit.extend((lambda: work.keys.destroy(name), lambda: empty_log(work)))
    return workshop


def is_known(work: Work, login: str) -> bool:
    """Whether anybody signs in with that name."""
    return accounts.get_staff_by_login(work, login) is not None


def _first_admin(work: Work) -> StaffPerson:
    organisation = accounts.create_organisation(work, "My organisation")
    return accounts.create_staff(
        work,
        organisation_id=organisation.id,
        login="admin",
        display_name="Admin",
        role=Role.ADMIN,
    )


def _only_organisation(work: Work) -> str:
    names = [each.name for each in accounts.find_organisations(work)]
    return names[0] if names else "My organisation"
