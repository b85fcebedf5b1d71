"""Values of the accounts room."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a staff member is here for."""

    ADMIN = "admin"
    TRAINER = "trainer"
    EVALUATOR = "evaluator"
    VIEWER = "viewer"


class Purpose(StrEnum):
    """What a one-time link opens."""

    SET_PASSWORD = "set_password"  # noqa: S105  a purpose, not a password
    SIGN_IN = "sign_in"


@dataclass(frozen=True)
class StaffPerson:
    """A staff member as the rest of the house knows one."""

    id: str
    organisation_id: str
    login: str
    display_name: str
    role: Role
    language: str
    has_password: bool
    is_disabled: bool


@dataclass(frozen=True)
class OpenSignIn:
    """A staff member who is signed in, and the sign-in itself."""

    staff: StaffPerson
    sign_in_id: str
    is_stale: bool
    is_borrowed: bool


@dataclass(frozen=True)
class LentDevice:
    """A device that a laptop's sign-in was lent to."""

    id: str
    lent_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class OneTimeWayIn:
    """A one-time link that still works."""

    staff: StaffPerson
    purpose: Purpose
    expires_at: datetime
    is_reusable: bool


@dataclass(frozen=True)
class OrganisationRecord:
    """Who owns staff and workshops."""

    id: str
    name: str


@dataclass(frozen=True)
class ProgrammeRecord:
    """A set of workshops with one donor."""

    id: str
    organisation_id: str
    name: str
    funder_line: str


@dataclass(frozen=True)
class AuditRecord:
    """One line of the audit log."""

    happened_at: datetime
    staff_name: str
    verb: str
    object_kind: str
    object_id: str
    facts: str
