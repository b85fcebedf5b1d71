"""Staff accounts: invite, sign in, sign out, tokens, and the audit log."""

import json
from datetime import datetime, timedelta

from app.accounts import one_time_queries, queries
from app.accounts.schemas import (
    OneTimeWayIn,
    OrganisationRecord,
    ProgrammeRecord,
    Purpose,
    Role,
    StaffPerson,
)
from app.accounts.tables import (
    AuditEvent,
    OneTimeLink,
    Organisation,
    Programme,
    Staff,
)
from app.adapters import passwords
from app.adapters.db import Work
from app.adapters.randomness import new_id, new_token
from app.adapters.sealing import digest
from app.core.errors import (
    NotFound,
    OneTimeLinkSpent,
    ValueRefused,
    WeakPassword,
)
from app.core.passwords import is_guessable
from app.core.text import clean_line


def record_event(
    work: Work,
    *,
    by: StaffPerson | None,
    verb: str,
    object_kind: str,
    object_id: str,
    **facts: object,
) -> None:
    """Add one line to the audit log; facts hold no name, code or answer."""
    work.db.add(
        AuditEvent(
            happened_at=work.now,
            staff_id=by.id if by else None,
            verb=verb,
            object_kind=object_kind,
            object_id=object_id,
            facts=json.dumps(facts, sort_keys=True),
        )
    )


def find_last_facts(work: Work, verb: str) -> dict[str, dict[str, object]]:
    """The facts of the last event of that kind for each thing it was done to."""
    events = queries.find_events_of_verb(work.db, verb)
    return {event.object_id: json.loads(event.facts) for event in events}


def find_last_time(work: Work) -> datetime | None:
    """When anything was last done; None where nothing ever was."""
    return queries.find_last_time(work.db)


def find_facts(work: Work, verb: str, object_id: str) -> list[tuple[datetime, dict[str, object]]]:
    """When that was done to a thing, and the facts; the oldest first."""
    events = queries.find_events_of_verb(work.db, verb, object_id)
    return [(event.happened_at, json.loads(event.facts)) for event in events]


def find_first_times(work: Work, verb: str) -> dict[str, datetime]:
    """When that was first done to each thing it was done to."""
    events = queries.find_events_of_verb(work.db, verb)
    return {event.object_id: event.happened_at for event in reversed(events)}


def create_organisation(work: Work, name: str) -> OrganisationRecord:
    """A new organisation, or the one that already has the name."""
    name = clean_line(name, max_length=200, field="organisation")
    known = queries.get_organisation_by_name(work.db, name)
    if known is not None:
        return known
    row = Organisation(id=new_id(), name=name, created_at=work.now)
    work.db.add(row)
    work.db.flush()
    return OrganisationRecord(id=row.id, name=row.name)


def create_programme(
    work: Work, *, organisation_id: str, name: str, funder_line: str = ""
) -> ProgrammeRecord:
    """A new programme, or the organisation's programme that already has the name."""
    name = clean_line(name, max_length=200, field="name")
    known = {each.name: each for each in queries.find_programmes(work.db, organisation_id)}
    if name in known:
        return known[name]
    row = Programme(
        id=new_id(),
        organisation_id=organisation_id,
        name=name,
        funder_line=clean_line(funder_line, max_length=300, field="funder_line")
        if funder_line.strip()
        else "",
    )
    work.db.add(row)
    work.db.flush()
    return ProgrammeRecord(
        id=row.id, organisation_id=organisation_id, name=row.name, funder_line=row.funder_line
    )


def create_staff(
    work: Work, *, organisation_id: str, login: str, display_name: str, role: Role
) -> StaffPerson:
    """A new staff member without a password; raises ValueRefused when the login is taken."""
    login = clean_line(login, max_length=80, field="login").lower()
    if queries.get_staff_by_login(work.db, login) is not None:
        raise ValueRefused(field="login", reason="taken")
    row = Staff(
        id=new_id(),
        organisation_id=organisation_id,
        login=login,
        display_name=clean_line(display_name, max_length=120, field="display_name"),
        role=role.value,
        created_at=work.now,
    )
    work.db.add(row)
    work.db.flush()
    return queries.person_of(row)


def make_one_time_link(
    work: Work,
    staff: StaffPerson,
    *,
    purpose: Purpose = Purpose.SET_PASSWORD,
    lasts: timedelta = timedelta(hours=24),
    is_reusable: bool = False,
) -> str:
    """A token that opens one way in; only its hash is kept."""
    token = new_token()
    work.db.add(
        OneTimeLink(
            id=new_id(),
            staff_id=staff.id,
            token_hash=digest(token),
            purpose=purpose.value,
            is_reusable=is_reusable,
            created_at=work.now,
            expires_at=work.now + lasts,
        )
    )
    return token


def renew_one_time_link(work: Work, staff: StaffPerson) -> str:
    """A token to choose a password anew; the person's links before it open nothing."""
    one_time_queries.end_links(work.db, staff.id, work.now)
    return make_one_time_link(work, staff)


def end_reusable_links(work: Work) -> None:
    """The demo stopped: its links work no longer."""
    for row in one_time_queries.find_reusable_links(work.db):
        row.spent_at = work.now
        work.db.add(row)


def read_one_time_link(work: Work, token: str) -> OneTimeWayIn:
    """What a one-time link opens, without spending it; raises OneTimeLinkSpent."""
    row = one_time_queries.get_one_time_link(work.db, digest(token))
    staff = queries.get_staff(work.db, row.staff_id) if row else None
    if row is None or staff is None or row.spent_at or row.expires_at <= work.now:
        raise OneTimeLinkSpent()
    if staff.is_disabled:
        raise OneTimeLinkSpent()
    return OneTimeWayIn(
        staff=queries.person_of(staff),
        purpose=Purpose(row.purpose),
        expires_at=row.expires_at,
        is_reusable=row.is_reusable,
    )


def spend_one_time_link(work: Work, token: str, *, password: str | None = None) -> StaffPerson:
    """Use the link up: sets the password where that is its purpose; raises OneTimeLinkSpent.

    Also for the later of two requests that come at the same moment, with this or another link.
    """
    way_in = read_one_time_link(work, token)
    one_time_queries.hold_staff(work.db, way_in.staff.id)
    if not (way_in.is_reusable or one_time_queries.spend_link(work.db, digest(token), work.now)):
        raise OneTimeLinkSpent()
    if way_in.purpose is Purpose.SET_PASSWORD:
        if password is None:
            raise WeakPassword()
        set_password(work, way_in.staff, password)
    return way_in.staff


def set_password(work: Work, staff: StaffPerson, password: str) -> None:
    """Store a new password; open sign-ins and links to set one end. Raises WeakPassword."""
    row = _require_staff(work, staff.id)
    if is_guessable(password, own_words=(row.login, row.display_name)):
        raise WeakPassword()
    row.password_hash = passwords.hash_password(password)
    work.db.add(row)
    queries.end_sign_ins(work.db, staff.id, work.now)
    one_time_queries.end_links(work.db, staff.id, work.now)
    record_event(work, by=staff, verb="set_password", object_kind="staff", object_id=staff.id)


def rename_staff(work: Work, staff: StaffPerson, *, display_name: str, login: str) -> None:
    """The person's own names, as given on the first visit."""
    row = _require_staff(work, staff.id)
    wanted = clean_line(login, max_length=80, field="login").lower()
    other = queries.get_staff_by_login(work.db, wanted)
    if other is not None and other.id != staff.id:
        raise ValueRefused(field="login", reason="taken")
    row.login = wanted
    row.display_name = clean_line(display_name, max_length=120, field="display_name")
    work.db.add(row)


def rename_organisation(work: Work, organisation_id: str, name: str) -> None:
    """The organisation's name, as given on the first visit."""
    row = queries.get_organisation_row(work.db, organisation_id)
    if row is None:
        raise NotFound()
    row.name = clean_line(name, max_length=200, field="organisation")
    work.db.add(row)


def get_staff_by_login(work: Work, login: str) -> StaffPerson | None:
    """The staff member with that sign-in name."""
    row = queries.get_staff_by_login(work.db, login)
    return queries.person_of(row) if row else None


def require_colleague(work: Work, staff_id: str, *, by: StaffPerson) -> StaffPerson:
    """Somebody of the same organisation; raises NotFound for anybody else."""
    row = queries.get_staff(work.db, staff_id)
    if row is None or row.organisation_id != by.organisation_id:
        raise NotFound()
    return queries.person_of(row)


def get_person(work: Work, staff_id: str) -> StaffPerson | None:
    """A staff member by id."""
    row = queries.get_staff(work.db, staff_id)
    return queries.person_of(row) if row else None


def _require_staff(work: Work, staff_id: str) -> Staff:
    row = queries.get_staff(work.db, staff_id)
    if row is None:
        raise NotFound()
    return row


def find_programmes(work: Work, organisation_id: str) -> list[ProgrammeRecord]:
    """An organisation's programmes by name."""
    return queries.find_programmes(work.db, organisation_id)


def find_trainers(work: Work, organisation_id: str) -> list[StaffPerson]:
    """An organisation's trainers by name."""
    return [
        person
        for person in queries.find_staff(work.db, organisation_id)
        if person.role is Role.TRAINER and not person.is_disabled
    ]


def organisation_name(work: Work, organisation_id: str) -> str:
    """An organisation's name; empty when there is none."""
    organisation = queries.get_organisation(work.db, organisation_id)
    return organisation.name if organisation else ""


def introduce(
    work: Work, staff: StaffPerson, *, display_name: str, login: str, organisation: str
) -> None:
    """What a first visitor says: the own names, and an admin the organisation's; all optional."""
    if display_name or login:
        rename_staff(
            work,
            staff,
            display_name=display_name or staff.display_name,
            login=login or staff.login,
        )
    if organisation and staff.role is Role.ADMIN:
        rename_organisation(work, staff.organisation_id, organisation)


def invite(
    work: Work,
    *,
    by: StaffPerson,
    login: str,
    display_name: str,
    role: Role,
) -> str:
    """A new staff member of the inviter's organisation; returns the one-time token."""
    staff = create_staff(
        work,
        organisation_id=by.organisation_id,
        login=login,
        display_name=display_name,
        role=role,
    )
    record_event(work, by=by, verb="invite", object_kind="staff", object_id=staff.id)
    return make_one_time_link(work, staff)


def find_staff(work: Work, organisation_id: str | None = None) -> list[StaffPerson]:
    """Staff by name, of one organisation or of all."""
    return queries.find_staff(work.db, organisation_id)


def find_acts_on(work: Work, object_kind: str, object_id: str) -> list[tuple[str, datetime]]:
    """What staff did with one thing, and when; never who."""
    return queries.find_acts_on(work.db, object_kind, object_id)


def forget_object(work: Work, object_kind: str, object_id: str) -> None:
    """Something was erased: its lines in the audit log say no more which one it was."""
    queries.forget_object(work.db, object_kind, object_id)


def find_organisations(work: Work) -> list[OrganisationRecord]:
    """All organisations by name."""
    return queries.find_organisations(work.db)
