"""Values of the accounts room."""

import json
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
class StaffScope:
    """What of the organisation an evaluator or viewer may read; empty: every country, programme.

    A table is read where it lies in the scope whole. Tables over several programmes are nobody's
    who is limited to some: a sum over just these would be a table that nobody else has
    (decision 0031).
    """

    countries: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not (self.countries or self.programmes)

    def holds(self, *, country: str | None, programme_id: str | None) -> bool:
        """Whether something of this country and programme may be read; None: of several."""
        return (not self.countries or country in self.countries) and (
            not self.programmes or programme_id in self.programmes
        )


WHOLE = StaffScope()


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
    scope: StaffScope = WHOLE


@dataclass(frozen=True)
class OpenSignIn:
    """A staff member who is signed in, and the sign-in itself."""

    staff: StaffPerson
    sign_in_id: str
    is_stale: bool
    is_borrowed: bool
    has_second_step: bool
    proved_at: datetime | None


@dataclass(frozen=True)
class ListedSignIn:
    """A sign-in that is open, as its owner and an admin see it."""

    id: str
    started_at: datetime
    last_seen_at: datetime
    is_borrowed: bool


class TokenScope(StrEnum):
    """What a person's bearer token may do: each one also what those before it may."""

    READ = "read"
    WRITE = "write"
    NAMES = "names"


@dataclass(frozen=True)
class ApiTokenRecord:
    """A person's bearer token for programs; nobody here knows the secret."""

    id: str
    label: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class SecondStep:
    """What a person types after the password, and how many codes of the list are left."""

    since: datetime
    codes_left: int


@dataclass(frozen=True)
class LentDevice:
    """A device that a laptop's sign-in was lent to."""

    id: str
    lent_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class IndicatorTokenRecord:
    """A token that reads one organisation's indicators; nobody here knows the secret."""

    id: str
    organisation_id: str
    label: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None


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

    id: int
    happened_at: datetime
    staff_name: str
    verb: str
    object_kind: str
    object_id: str
    facts: str

    @property
    def told(self) -> dict[str, object]:
        """The facts by their names."""
        facts: dict[str, object] = json.loads(self.facts)
        return facts


@dataclass(frozen=True)
class LogWanted:
    """Which lines of the audit log; `before`: only lines older than that one."""

    verbs: tuple[str, ...] = ()
    staff_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0


@dataclass(frozen=True)
class LogPage:
    """Some lines, and where the older ones begin; None when there are none."""

    lines: tuple[AuditRecord, ...]
    older: int | None


@dataclass(frozen=True)
class LogoRecord:
    """A logo as it is printed: a PNG, and what is read aloud in its place."""

    id: str
    words: str
    content: bytes
