"""Accounts at the wire: tokens, people, open sign-ins."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from app.accounts.schemas import ApiTokenRecord, ListedSignIn, LogPage, StaffPerson, TokenScope
from app.web.api.wire import Line, Sent, Token, Told


class SentCode(Sent):
    """A one-time code, to be exchanged for a staff token."""

    code: Token
    label: Line = Field(default="API", examples=["my script"])
    scope: Annotated[TokenScope, Field(strict=False)] = Field(
        default=TokenScope.WRITE,
        description="read changes nothing; write does what the person may; names also brings "
        "files with names, cards and one-time links for colleagues.",
    )
    second_code: str | None = Field(
        default=None,
        max_length=40,
        description="Of the app or the list, where there is a second step.",
    )
    password: str | None = Field(
        default=None, max_length=200, description="Needed when the code is there to set one."
    )


class ToldToken(Told):
    """A bearer token; shown once."""

    token: str


class SentStaff(Sent):
    """Somebody to invite."""

    login: Line
    display_name: Line
    role: str = Field(pattern=r"^(admin|trainer|evaluator|viewer)$")


class SentScope(Sent):
    """Countries (two letters) and programmes (ids) somebody is limited to; empty: all."""

    countries: list[Annotated[str, Field(max_length=8)]] = Field(default=[], max_length=100)
    programmes: list[Annotated[str, Field(max_length=64)]] = Field(default=[], max_length=100)


class ToldInvitation(Told):
    """A one-time link, shown once."""

    url: str


class ToldStaff(Told):
    """A staff member."""

    id: str
    login: str
    display_name: str
    role: str
    is_disabled: bool
    countries: list[str]
    programmes: list[str]

    @classmethod
    def of(cls, person: StaffPerson) -> Self:
        """From the room's own value."""
        scope = person.scope
        fields = asdict(person) | {
            "countries": list(scope.countries),
            "programmes": list(scope.programmes),
        }
        return cls(**{name: fields[name] for name in cls.model_fields})


class ToldSignIn(Told):
    """A sign-in that is open."""

    id: str
    started_at: datetime
    last_seen_at: datetime
    is_borrowed: bool

    @classmethod
    def of(cls, record: ListedSignIn) -> Self:
        """From the room's own value."""
        return cls(**asdict(record))


class ToldApiToken(Told):
    """A token that works; its secret was told once."""

    id: str
    label: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, record: ApiTokenRecord) -> Self:
        """From the room's own value."""
        return cls(**asdict(record))


class ToldAccess(Told):
    """How somebody comes in: open sign-ins, tokens, and whether there is a second step."""

    has_second_step: bool
    sign_ins: list[ToldSignIn]
    tokens: list[ToldApiToken]


class ToldDeed(Told):
    """One line of the audit log: no name of a participant, no code, no answer."""

    id: int
    happened_at: datetime
    staff_name: str
    verb: str
    object_kind: str
    object_id: str
    facts: str


class ToldLog(Told):
    """Lines of the audit log, the latest first."""

    lines: list[ToldDeed]
    older: int | None

    @classmethod
    def of(cls, page: LogPage) -> Self:
        """From the room's own value."""
        return cls(lines=[ToldDeed(**asdict(each)) for each in page.lines], older=page.older)
