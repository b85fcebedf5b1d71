"""The wire: strict values in, plain values out. No key, no name and no person leaves here."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.banks.schemas import FormItem, PublishedForm
from app.certificates.schemas import CertificateRecord, Verification
from app.gains.service import GainSummary
from app.sittings.schemas import SittingRecord
from app.web.room import Room
from app.workshops.schemas import AdministrationRecord, Audience, WorkshopPlan, WorkshopRecord

Token = Annotated[str, Field(min_length=16, max_length=128)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Digits = Annotated[str, Field(min_length=4, max_length=40)]
Day = Annotated[date, Field(strict=False)]


class Sent(BaseModel):
    """What a client sends: strict types, unknown names refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Told(BaseModel):
    """What a client is told."""

    model_config = ConfigDict(frozen=True)


class Problem(Told):
    """An error of the catalogue, as problem+json (RFC 9457)."""

    type: str = Field(examples=["/api/v1/problems/code_mistyped"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["code_mistyped"])
    title: str = Field(examples=["Something in this number is wrong or missing: 482710"])
    next_step: str = Field(examples=["Compare it with the screen, the card or the paper."])


class SentCode(Sent):
    """A one-time code, to be exchanged for a staff token."""

    code: Token
    label: Line = Field(default="API", examples=["my script"])
    password: str | None = Field(
        default=None, max_length=200, description="Needed when the code is there to set one."
    )


class ToldToken(Told):
    """A bearer token; shown once."""

    token: str


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
    audience: Annotated[Audience, Field(strict=False)] = Field(examples=["lea_data"])
    programme_id: str | None = None
    funder_line: str = Field(default="", max_length=300)
    pass_mark_points: int | None = Field(default=None, ge=1, le=1000)
    women_count: int = Field(default=0, ge=0, le=900)
    men_count: int = Field(default=0, ge=0, le=900)
    days_needed: int = Field(default=1, ge=1, le=31)
    cotrainer_logins: list[str] = Field(default=[], max_length=20)

    def to_plan(self) -> WorkshopPlan:
        """The value the workshops room takes."""
        fields = self.model_dump(exclude={"languages", "cotrainer_logins"})
        return WorkshopPlan(
            **fields,
            languages=tuple(self.languages),
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
    audience: Audience
    form_id: str
    join_code: str
    pass_mark_points: int | None
    women_count: int
    men_count: int
    days_needed: int
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
                )
                for line in room.lines
            ],
        )


class ToldCardProgress(Told):
    """One card."""

    number: str
    state: str
    answered: int
    total: int
    is_phone_waiting: bool


class SentAttendance(Sent):
    """A tick for one card and day."""

    number: Digits
    day: Day
    was_there: bool = True


class SentDay(Sent):
    """A day of the workshop."""

    day: Day


class SentReason(Sent):
    """Why; it stays inside."""

    reason: Line


class SentCorrection(Sent):
    """A corrected name for a certificate, and why."""

    local: str = Field(default="", max_length=200)
    latin: str = Field(default="", max_length=200)
    reason: Line


class SentJoin(Sent):
    """A workshop's code with a card's number, or a card's token alone."""

    code: str | None = Field(default=None, max_length=40, examples=["482711"])
    number: str | None = Field(default=None, max_length=40, examples=["4183"])
    card_token: Token | None = None
    language: str = Field(default="en", max_length=10)


class ToldJoin(Told):
    """The phone's own token, and whether it may go on."""

    token: str
    state: str = Field(examples=["admitted"])
    card_number: str
    workshop_title: str
    languages: list[str]


class SentConsent(Sent):
    """Yes or no; no costs nothing."""

    has_agreed: bool


class SentLanguage(Sent):
    """A language of the workshop."""

    language: str = Field(min_length=2, max_length=10)


class SentProfile(Sent):
    """Each part may be left out."""

    sex: str | None = Field(default=None, pattern=r"^(woman|man|prefer_not_to_say)$")
    agency_type: str | None = Field(
        default=None, pattern=r"^(police|prosecution|immigration|social_services|ngo|other)$"
    )
    province: str | None = Field(default=None, pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")
    years: str | None = Field(default=None, pattern=r"^(0-2|3-5|6-10|11\+)$")


class SentName(Sent):
    """The name as its holder wants it; one of the two may be empty."""

    local: str = Field(default="", max_length=400)
    latin: str = Field(default="", max_length=400)


class ToldOption(Told):
    """A choice, without saying whether it is right."""

    option: str = Field(examples=["a"])
    text: dict[str, str]


class ToldItem(Told):
    """A question as printed; no key."""

    item: str = Field(examples=["7"])
    kind: str
    stimulus: dict[str, str] | None
    stem: dict[str, str]
    options: list[ToldOption]

    @classmethod
    def of(cls, item: FormItem) -> Self:
        """From the room's own value; "I do not know" is the last choice of a scored item."""
        return cls(
            item=item.item,
            kind=item.kind.value,
            stimulus=item.stimulus,
            stem=item.stem,
            options=[ToldOption(option=each.option, text=each.text) for each in item.options],
        )


class ToldForm(Told):
    """A published form without its keys."""

    id: str
    form: str
    bank: str
    version: int
    content_hash: str
    purpose: str
    audience: str
    title: dict[str, str]
    languages: list[str]
    is_reviewed: bool
    items: list[ToldItem]

    @classmethod
    def of(cls, form: PublishedForm) -> Self:
        """From the room's own value."""
        return cls(
            id=form.id,
            form=form.form_ref,
            bank=form.bank_ref,
            version=form.version,
            content_hash=form.content_hash,
            purpose=form.purpose.value,
            audience=form.audience,
            title=form.title,
            languages=list(form.languages),
            is_reviewed=form.is_reviewed(),
            items=[ToldItem.of(item) for item in form.items],
        )


class ToldSitting(Told):
    """A sitting with its questions and what its own participant has chosen."""

    id: str
    occasion: str
    state: str
    answered_count: int
    next_revision: int
    languages: list[str]
    items: list[ToldItem]
    chosen: dict[str, list[str]]


class SentOperationBody(Sent):
    """One change made on a phone; `age_ms` says how long before sending."""

    id: str = Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    item: str = Field(min_length=1, max_length=8, examples=["7"])
    revision: int = Field(ge=1, le=1_000_000)
    device: str = Field(default="api", min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")
    options: list[str] = Field(default=[], max_length=12, examples=[["a"]])
    text: str | None = Field(default=None, max_length=2000)
    language: str = Field(default="en", max_length=10)
    age_ms: int = Field(default=0, ge=0, le=7 * 24 * 3600 * 1000)


class SentOperations(Sent):
    """A batch; one that cannot be kept never takes its neighbours with it."""

    operations: list[SentOperationBody] = Field(min_length=1, max_length=200)


class ToldRefusal(Told):
    """An operation that was not kept, and why."""

    id: str
    code: str


class ToldSaved(Told):
    """The ids that are in the database for ever; the phone deletes exactly these."""

    acknowledged: list[str]
    refused: list[ToldRefusal] = []


class SentFinish(Sent):
    """The ids the phone has sent; those that never arrived are named in the answer."""

    operation_ids: list[str] = Field(default=[], max_length=2000)


class ToldReceipt(Told):
    """That a sitting was received; never a score."""

    id: str
    state: str
    answered_count: int
    submitted_at: datetime | None

    @classmethod
    def of(cls, sitting: SittingRecord) -> Self:
        """From the room's own value."""
        return cls(
            id=sitting.id,
            state=sitting.state.value,
            answered_count=sitting.answered_count,
            submitted_at=sitting.submitted_at,
        )


class ToldResult(Told):
    """The participant's own points, as exact decimal text."""

    pre_points: str | None
    post_points: str | None
    max_points: str
    is_provisional: bool


class ToldTicket(Told):
    """A one-use ticket that no table ties to a sitting."""

    ticket: str
    form: ToldForm


class SentSheetAnswer(Sent):
    """What was said to one question: a choice, or words."""

    item: str = Field(min_length=1, max_length=8)
    option: str | None = Field(default=None, max_length=4)
    text: str | None = Field(default=None, max_length=2000)


class SentSheet(Sent):
    """A filled questionnaire with its ticket; nothing else."""

    ticket: Token
    answers: list[SentSheetAnswer] = Field(min_length=1, max_length=50)


class ToldGain(Told):
    """A workshop's gain as this reader may see it; numbers have the printed digits."""

    workshop_id: str
    form_id: str
    shown: str
    as_of: datetime | None
    is_provisional: bool
    registered: int | None
    pre: int | None
    post: int | None
    paired: int | None
    late_beside: int
    max_points: Decimal | None
    mean_pre_points: Decimal | None
    mean_post_points: Decimal | None
    gain_points: Decimal | None
    gain_points_low: Decimal | None
    gain_points_high: Decimal | None
    mean_pre_percent: Decimal | None
    mean_post_percent: Decimal | None
    gain_pp: Decimal | None
    gain_pp_low: Decimal | None
    gain_pp_high: Decimal | None
    improved: int | None
    same: int | None
    declined: int | None
    reason: str | None
    interval_reason: str | None

    @classmethod
    def of(cls, gain: GainSummary) -> Self:
        """From the door's own value."""
        fields: dict[str, Any] = asdict(gain)
        return cls(**{name: fields[name] for name in cls.model_fields})


class ToldReportRow(Told):
    """One workshop and one form; never a person."""

    workshop: ToldWorkshop
    form: str
    form_version: int
    form_hash: str
    is_reviewed: bool
    gain: ToldGain


class ToldReport(Told):
    """The evaluator's rows."""

    organisation: str
    as_of: datetime
    threshold: int
    rows: list[ToldReportRow]


class ToldCertificate(Told):
    """A certificate as anybody may see it: no name."""

    number: str
    edition: int
    status: str
    workshop_title: str
    place: str
    starts_on: date
    ends_on: date
    days_attended: int
    days_held: int
    is_specimen: bool
    issued_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, record: CertificateRecord) -> Self:
        """From the register's own value."""
        fields = asdict(record)
        return cls(**{name: fields[name] for name in cls.model_fields})


class ToldVerification(Told):
    """Genuine, revoked or unknown; and match or no match of a typed name."""

    number: str
    status: str = Field(examples=["genuine"])
    name_match: str = Field(examples=["not_asked"])
    certificate: ToldCertificate | None

    @classmethod
    def of(cls, verification: Verification) -> Self:
        """From the register's own value."""
        found = verification.certificate
        status = "not_found" if found is None else found.status.value.replace("issued", "genuine")
        return cls(
            number=verification.number,
            status=status,
            name_match=verification.name_match.value,
            certificate=ToldCertificate.of(found) if found else None,
        )


class SentNameCheck(Sent):
    """The name on the paper."""

    name: str = Field(min_length=1, max_length=400)


class ToldHolder(Told):
    """What a card's holder still needs; names only for the own trainer."""

    card_number: str
    days_attended: int
    is_enough: bool
    is_name_confirmed: bool
    certificate: ToldCertificate | None


class ToldQuestionnaire(Told):
    """Counts per question after closing, from 5 sheets."""

    sheets: int
    is_closed: bool
    is_shown: bool
    questions: list["ToldQuestion"]


class ToldQuestion(Told):
    """One question's counts."""

    item: str
    stem: dict[str, str]
    counts: dict[str, int]
    answered: int
    blank: int
    top_two: int
    texts: list[str]


class SentStaff(Sent):
    """Somebody to invite."""

    login: Line
    display_name: Line
    role: str = Field(pattern=r"^(admin|trainer|evaluator|viewer)$")


class ToldInvitation(Told):
    """A one-time link, shown once."""

    url: str


class ToldStaff(Told):
    """A staff member."""

    id: str
    login: str
    display_name: str
    role: str


class SentProgramme(Sent):
    """A set of workshops with one donor."""

    name: Line
    funder_line: str = Field(default="", max_length=300)


class ToldProgramme(Told):
    """A programme."""

    id: str
    name: str
    funder_line: str


class ToldIssued(Told):
    """How many certificates are new."""

    issued: int


class ToldDesk(Told):
    """What comes next for this card."""

    card_number: str
    workshop: str
    has_agreed: bool
    open_occasion: str | None
    closes_in_seconds: int | None
    has_sent: list[str]
    can_take: bool
    can_questionnaire: bool
    can_result: bool
    can_name: bool
    certificate_number: str | None
