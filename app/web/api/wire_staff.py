"""What staff send and are told. No answer, no mark."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from app.feedback.schemas import BallotTold, QuestionnaireResult
from app.web.api.wire import Day, Digits, Line, Sent, Told
from app.web.room import Room
from app.workshops.schemas import AdministrationRecord, Audience, WorkshopPlan, WorkshopRecord


class SentWorkshop(Sent):
    """A workshop as a trainer plans or corrects it."""

    title: Line = Field(examples=["Data collection on TIP and SOM"])
    country: str = Field(default="PK", pattern=r"^[A-Z]{2}$")
    province: str = Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$", examples=["PK-SD"])
    place: Line = Field(examples=["Karachi"])
    starts_on: Day = Field(examples=["2026-11-22"])
    ends_on: Day = Field(examples=["2026-11-23"])
    zone: str = Field(default="Asia/Karachi", max_length=60)
    languages: list[str] = Field(default=["ur", "en"], min_length=1, max_length=4)
    draft_languages: list[str] = Field(
        default=[],
        max_length=9,
        examples=[["ps"]],
        description="Below one of the languages for whoever chooses it; no native reader read it.",
    )
    audience: Annotated[Audience, Field(strict=False)] = Field(examples=["lea_data"])
    programme_id: str | None = None
    funder_line: str = Field(default="", max_length=300)
    pass_mark_points: int | None = Field(default=None, ge=1, le=1000)
    women_count: int = Field(default=0, ge=0, le=900)
    men_count: int = Field(default=0, ge=0, le=900)
    days_needed: int = Field(default=1, ge=1, le=31)
    hours: int | None = Field(default=None, ge=1, le=744, description="Of the whole workshop.")
    cotrainer_logins: list[str] = Field(default=[], max_length=20)

    def to_plan(self) -> WorkshopPlan:
        """The value the workshops room takes."""
        fields = self.model_dump(exclude={"languages", "draft_languages", "cotrainer_logins"})
        return WorkshopPlan(
            **fields,
            languages=tuple(self.languages),
            draft_languages=tuple(self.draft_languages),
            cotrainer_logins=tuple(self.cotrainer_logins),
        )


class ToldWorkshop(Told):
    """A workshop."""

    id: str
    title: str
    organisation: str
    programme: str
    funder_line: str
    country: str
    province: str
    place: str
    starts_on: date
    ends_on: date
    are_dates_inferred: bool
    zone: str
    languages: list[str]
    draft_languages: list[str]
    audience: Audience
    form_id: str
    join_code: str
    pass_mark_points: int | None
    women_count: int
    men_count: int
    days_needed: int
    hours: int | None
    state: str
    is_synthetic: bool

    @classmethod
    def of(cls, record: WorkshopRecord) -> Self:
        """From the room's own value."""
        fields = asdict(record)
        return cls(
            organisation=record.organisation_name,
            programme=record.programme_name,
            **{name: fields[name] for name in cls.model_fields if name in fields},
        )


class ToldAdministration(Told):
    """A test of a workshop and where it stands."""

    occasion: str = Field(examples=["pre"])
    state: str = Field(examples=["open"])
    form_id: str
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, record: AdministrationRecord) -> Self:
        """From the room's own value."""
        return cls(
            occasion=record.occasion.value,
            state=record.state.value,
            form_id=record.form_id,
            opened_at=record.opened_at,
            closes_at=record.closes_at,
            closed_at=record.closed_at,
        )


class SentOpening(Sent):
    """Whether a form nobody has signed is accepted; that is logged."""

    accepts_unreviewed: bool = False


class SentClosing(Sent):
    """The notice people get; 0 closes now."""

    within_seconds: int = Field(default=120, ge=0, le=3600)


class SentCount(Sent):
    """How many cards the workshop shall have."""

    count: int = Field(ge=1, le=900, examples=[27])


class ToldCard(Told):
    """A card as it is printed."""

    number: str = Field(examples=["4183"])
    edition: int
    token: str
    url: str


class ToldCardProgress(Told):
    """One card."""

    number: str
    state: str
    answered: int
    total: int
    is_phone_waiting: bool
    has_called: bool
    is_taken: bool
    is_quiet: bool


class ToldProgress(Told):
    """How far the room is; never an answer, never a name."""

    finished: int
    answering: int
    not_here: int
    declined: int
    total: int
    closes_in_seconds: int | None
    cards: list["ToldCardProgress"]

    @classmethod
    def of(cls, room: Room) -> Self:
        """From the room's own value."""
        counts = room.counts
        return cls(
            finished=counts.finished,
            answering=counts.answering,
            not_here=counts.not_here,
            declined=counts.declined,
            total=counts.total,
            closes_in_seconds=room.closes_in_seconds,
            cards=[
                ToldCardProgress(
                    number=line.number,
                    state=line.state,
                    answered=line.answered,
                    total=line.total,
                    is_phone_waiting=line.is_phone_waiting,
                    has_called=line.has_called,
                    is_taken=line.is_taken,
                    is_quiet=line.is_quiet,
                )
                for line in room.lines
            ],
        )


class SentAttendance(Sent):
    """A tick for one card and day."""

    number: Digits
    day: Day
    was_there: bool = True


class SentDay(Sent):
    """A day of the workshop."""

    day: Day


class ToldQuestion(Told):
    """One question's counts."""

    item: str
    stem: dict[str, str]
    counts: dict[str, int]
    answered: int
    blank: int
    top_two: int
    texts: list[str]


class ToldQuestionnaire(Told):
    """Counts per question after closing, from 5 sheets."""

    sheets: int
    is_closed: bool
    is_shown: bool
    questions: list["ToldQuestion"]

    @classmethod
    def of(cls, result: QuestionnaireResult) -> Self:
        """From the room's own value."""
        return cls(
            sheets=result.sheets,
            is_closed=result.is_closed,
            is_shown=result.is_shown,
            questions=[
                ToldQuestion(
                    item=each.item,
                    stem=each.stem,
                    counts={option.option: option.count for option in each.options},
                    answered=each.answered,
                    blank=each.blank,
                    top_two=each.top_two,
                    texts=list(each.texts),
                )
                for each in result.questions
            ],
        )


class SentProgramme(Sent):
    """A set of workshops with one donor."""

    name: Line
    funder_line: str = Field(default="", max_length=300)


class ToldProgramme(Told):
    """A programme."""

    id: str
    name: str
    funder_line: str


class ToldBallot(Told):
    """A country and year of the minority ballot; all four empty until they may be told."""

    country: str
    year: int
    is_synthetic: bool
    yes: int | None
    no: int | None
    workshops: int | None
    share_percent: str | None

    @classmethod
    def of(cls, told: BallotTold) -> Self:
        """What the service says."""
        return cls(
            country=told.country,
            year=told.year,
            is_synthetic=told.is_synthetic,
            yes=told.yes,
            no=told.no,
            workshops=told.workshops,
            share_percent=None if told.share is None else str(told.share),
        )


class ToldBallotCountries(Told):
    """Where the minority ballot is asked."""

    countries: list[str]
