"""What a participant's phone sends and is told. No key, nobody else's anything."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from app.core.errors import Refusal
from app.sittings.schemas import SittingRecord
from app.web.api.wire import NO_NUL, Sent, Strict, Token, Told
from app.web.api.wire_forms import ToldForm, ToldItem

OperationId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Letter = Annotated[str, Field(max_length=8, pattern=NO_NUL)]


class SentJoin(Sent):
    """A workshop's code with a card's number, or a card's token alone."""

    code: str | None = Field(default=None, max_length=40, examples=["482711"])
    number: str | None = Field(default=None, max_length=40, examples=["4183"])
    card_token: Token | None = None
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")


class SentJoinWithoutCard(Sent):
    """A workshop's code, for somebody who has no card."""

    code: str = Field(max_length=40, examples=["482711"])
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")


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
    is_assisted: bool = False


class SentStart(Sent):
    """Whether somebody of the participant's choice helps, and so sees the answers."""

    is_assisted: bool = False


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


class ToldOpenSitting(ToldSitting):
    """With the token that adds answers to this sitting and does nothing else."""

    token: str


class SentOperationBody(Strict):
    """One change made on a phone; `age_ms` says how long before sending."""

    id: OperationId
    item: str = Field(min_length=1, max_length=8, pattern=NO_NUL, examples=["7"])
    revision: int = Field(ge=1, le=1_000_000)
    device: str = Field(default="api", min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")
    options: list[Letter] = Field(default=[], max_length=12, examples=[["a"]])
    text: str | None = Field(default=None, max_length=2000, pattern=NO_NUL)
    language: str = Field(default="en", max_length=10, pattern=NO_NUL)
    age_ms: int = Field(default=0, ge=0, le=7 * 24 * 3600 * 1000)


class SentOperations(Strict):
    """A batch; one that cannot be kept never takes its neighbours with it.

    `finish` sends the sitting with it; `sent_ids` are all operations the phone has made for it.
    """

    operations: list[SentOperationBody] = Field(default=[], max_length=200)
    finish: bool = False
    sent_ids: list[OperationId] = Field(default=[], max_length=2000)


class ToldRefusal(Told):
    """An operation that was not kept, and why."""

    id: str
    code: str


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


class ToldResponses(Told):
    """What stands so far; `state` is open, submitted (by the closing) or sent (by the person)."""

    state: str
    next_revision: int
    chosen: dict[str, list[str]]
    closes_in_seconds: int | None = None


class ToldUnfinished(Told):
    """Why the sitting was not sent; `missing` are operations that never arrived."""

    code: str
    missing: list[str]

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """From the refusal itself."""
        missing = refusal.facts.get("missing", [])
        return cls(code=refusal.code, missing=missing if isinstance(missing, list) else [])


class ToldSaved(Told):
    """The ids that are in the database for ever; the phone deletes exactly these.

    `receipt` or `unfinished` answers a `finish`; `closes_in_seconds` stands only when the end of
    the test was announced.
    """

    acknowledged: list[str]
    refused: list[ToldRefusal]
    receipt: ToldReceipt | None = None
    unfinished: ToldUnfinished | None = None
    closes_in_seconds: int | None = None


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


class ToldSlip(Told):
    """One more question may be answered, about minorities, with this slip; or not."""

    ballot_slip: str


class SentBallot(Sent):
    """An answer with its slip; both answers are as long as each other on the way."""

    slip: Annotated[str, Field(min_length=16, max_length=200)]
    answer: Literal["y", "n"]


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
    has_called: bool
    certificate_number: str | None
