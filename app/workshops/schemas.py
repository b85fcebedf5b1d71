"""Values of the workshops room."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.accounts.schemas import StaffScope
from app.core.reasons import N_


class Occasion(StrEnum):
    """When a form is offered."""

    PRE = "pre"
    POST = "post"
    FOLLOW_UP = "follow_up"


class AdministrationState(StrEnum):
    """Where an administration stands; only lifecycle.py moves it."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


class WorkshopState(StrEnum):
    """Whether a workshop is run, was called off, or is put away."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class Audience(StrEnum):
    """Whom a workshop is for; it chooses the form."""

    MULTIDISCIPLINARY = "multidisciplinary"
    NGO = "ngo"
    LEA_DATA = "lea_data"


TITLES: dict[Audience, str] = {
    Audience.MULTIDISCIPLINARY: N_("TIP and SOM: multidisciplinary workshop"),
    Audience.NGO: N_("TIP and SOM: workshop for NGOs and civil society"),
    Audience.LEA_DATA: N_("TIP and SOM: workshop on data collection"),
}
"""What a workshop is called whose title was left empty."""


@dataclass(frozen=True)
class WorkshopPlan:
    """What a trainer says of a workshop before it is made, or when it is corrected.

    `form_ref` names one of the audience's forms; empty: the first by name, or the one it has.
    `hours`: of the whole workshop, as certificates print them.
    """

    title: str
    country: str
    province: str
    place: str
    starts_on: date
    ends_on: date
    zone: str
    languages: tuple[str, ...]
    audience: Audience
    programme_id: str | None = None
    funder_line: str = ""
    pass_mark_points: int | None = None
    women_count: int = 0
    men_count: int = 0
    days_needed: int = 1
    hours: int | None = None
    cotrainer_logins: tuple[str, ...] = ()
    draft_languages: tuple[str, ...] = ()
    form_ref: str = ""


@dataclass(frozen=True)
class WorkshopRecord:
    """A workshop as the rest of the house knows one.

    `languages` ask and inform; `draft_languages` only stand below one of these.
    """

    id: str
    organisation_id: str
    organisation_name: str
    programme_id: str | None
    programme_name: str
    funder_line: str
    title: str
    country: str
    province: str
    place: str
    starts_on: date
    ends_on: date
    are_dates_inferred: bool
    zone: str
    languages: tuple[str, ...]
    draft_languages: tuple[str, ...]
    audience: Audience
    form_id: str
    questionnaire_form_id: str | None
    pass_mark_points: int | None
    women_count: int
    men_count: int
    days_needed: int
    hours: int | None
    owner_id: str
    join_code: str
    is_synthetic: bool
    state: WorkshopState
    created_at: datetime

    @property
    def days_held(self) -> int:
        """How many days the workshop lasts."""
        return (self.ends_on - self.starts_on).days + 1

    def lies_in(self, scope: StaffScope) -> bool:
        """Whether a reader of this scope may read of it."""
        return scope.holds(country=self.country, programme_id=self.programme_id)


@dataclass(frozen=True)
class AdministrationRecord:
    """One form offered to one workshop on one occasion."""

    id: str
    workshop_id: str
    occasion: Occasion
    form_id: str
    state: AdministrationState
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    settled_at: datetime | None

    def is_open_at(self, now: datetime) -> bool:
        """Whether taps made now count: open, or inside the two-minute banner."""
        if self.state is AdministrationState.CLOSING:
            return self.closes_at is not None and now < self.closes_at
        return self.state is AdministrationState.OPEN

    def ended_at(self, now: datetime) -> datetime | None:
        """When taps stopped to count; None while they do. An announced end that has passed is one,
        though nobody has closed the test yet.
        """
        return self.closed_at or (None if self.is_open_at(now) else self.closes_at)

    def seconds_left_at(self, now: datetime) -> int | None:
        """Seconds until an announced end; None while none is announced."""
        if self.closes_at is None or self.closed_at is not None:
            return None
        return max(0, int((self.closes_at - now).total_seconds()))
