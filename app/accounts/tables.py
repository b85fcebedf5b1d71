"""Staff, who they work for, how they signed in, and what was done."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from app.adapters.rows import StoredRow

ROLES = ("admin", "trainer", "evaluator", "viewer")


class Organisation(StoredRow, table=True):
    """Who owns staff and workshops."""

    __tablename__ = "organisations"
    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    created_at: datetime


class Programme(StoredRow, table=True):
    """A set of workshops with one donor."""

    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id", index=True)
    name: str
    funder_line: str = ""


class Staff(StoredRow, table=True):
    """One person who works with the service.

    `scope_`: what an evaluator or viewer is limited to, words between spaces; empty: nothing.
    """

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'trainer', 'evaluator', 'viewer')", name="staff_role"),
    )
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id", index=True)
    login: str = Field(unique=True)
    display_name: str
    role: str
    language: str = "en"
    password_hash: str | None = None
    is_disabled: bool = False
    created_at: datetime
    scope_countries: str | None = None
    scope_programmes: str | None = None


class SignIn(StoredRow, table=True):
    """A staff member's open sign-in on one browser; the browser holds the token, we its hash."""

    __tablename__ = "sign_ins"
    id: str = Field(primary_key=True)
    staff_id: str = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    proved_at: datetime | None = None


class SecondFactor(StoredRow, table=True):
    """The secret a person shares with an authenticator app, sealed; it counts once confirmed.

    `last_step` is the last half minute whose code was used: no code opens anything twice.
    """

    __tablename__ = "second_factors"
    staff_id: str = Field(primary_key=True, foreign_key="staff.id")
    sealed_secret: bytes
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0


class RecoveryCode(StoredRow, table=True):
    """One code of a person's printed list, as a keyed digest."""

    __tablename__ = "recovery_codes"
    code_digest: str = Field(primary_key=True)
    staff_id: str = Field(foreign_key="staff.id", index=True)
    spent_at: datetime | None = None


class Loan(StoredRow, table=True):
    """A laptop's sign-in lent to one more device: opened once, kept as a digest."""

    __tablename__ = "loans"
    id: str = Field(primary_key=True)
    sign_in_id: str = Field(foreign_key="sign_ins.id", index=True)
    code_digest: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    borrowed_id: str | None = Field(default=None, foreign_key="sign_ins.id", unique=True)


class ApiToken(StoredRow, table=True):
    """A bearer token for programs; shown once, kept as a hash."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        CheckConstraint("scope IN ('read', 'write', 'names')", name="api_token_scope"),
    )
    id: str = Field(primary_key=True)
    staff_id: str = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(unique=True)
    label: str
    scope: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class IndicatorToken(StoredRow, table=True):
    """What lets a program read an organisation's indicators and nothing else; kept as a hash.

    `window_uses` counts its requests since `window_started_at`.
    """

    __tablename__ = "indicator_tokens"
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id", index=True)
    token_hash: str = Field(unique=True)
    label: str
    created_at: datetime
    created_by: str = Field(foreign_key="staff.id")
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    window_started_at: datetime | None = None
    window_uses: int = 0


class OneTimeLink(StoredRow, table=True):
    """A way in that works once: opened by GET, spent by POST."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        CheckConstraint("purpose IN ('set_password', 'sign_in')", name="one_time_link_purpose"),
    )
    id: str = Field(primary_key=True)
    staff_id: str = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(unique=True)
    purpose: str
    is_reusable: bool = False
    created_at: datetime
    expires_at: datetime
    spent_at: datetime | None = None


class FailedSignIn(StoredRow, table=True):
    """One wrong password; the login is kept as a digest."""

    __tablename__ = "failed_sign_ins"
    id: int | None = Field(default=None, primary_key=True)
    login_digest: str = Field(index=True)
    failed_at: datetime


class AuditEvent(StoredRow, table=True):
    """Who did what to which thing, and when; never a name, a code or an answer."""

    __tablename__ = "audit_events"
    id: int | None = Field(default=None, primary_key=True)
    happened_at: datetime
    staff_id: str | None = Field(default=None, foreign_key="staff.id", index=True)
    verb: str
    object_kind: str
    object_id: str = Field(index=True)
    facts: str = "{}"


class Logo(StoredRow, table=True):
    """An organisation's logo; one that was taken away stays for what was printed with it."""

    __tablename__ = "logos"
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id", index=True)
    words: str
    content: bytes
    created_at: datetime
    removed_at: datetime | None = None
