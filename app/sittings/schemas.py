"""Values of the sittings room."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.core.errors import Refusal
from app.workshops.schemas import Occasion


class SittingState(StrEnum):
    """Open until it is sent by the participant or by the closing."""

    OPEN = "open"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class SittingRecord:
    """One participant's passage through one administration."""

    id: str
    administration_id: str
    participant_id: str
    form_id: str
    occasion: Occasion
    workshop_id: str
    state: SittingState
    language: str
    started_at: datetime
    submitted_at: datetime | None
    submitted_by: str | None
    is_late: bool
    units: int | None
    answered_count: int
    last_saved_at: datetime | None = None
    units_changed_at: datetime | None = None

    @property
    def is_sent(self) -> bool:
        """Whether the participant sent it.

        What a closing sent goes on after a reopening; what a trainer typed can be corrected.
        """
        return self.submitted_by == "participant"


class SentOperation(NamedTuple):
    """One change as it arrived: what was chosen or written for one item, and how long ago.

    A NamedTuple for the reason `core.merging.Operation` is one.
    """

    operation_id: str
    item: str
    revision: int
    device: str
    options: tuple[str, ...]
    text: str | None
    language: str
    age: timedelta


@dataclass(frozen=True)
class RefusedOperation:
    """One operation that was not kept, with the catalogue's code of the reason."""

    operation_id: str
    code: str


@dataclass(frozen=True)
class Finish:
    """That the sitting is sent, and which operations the phone has made for it.

    Sent by the participant it is final; typed by somebody else (`is_own` False) it counts as what
    a closing sends does, so that a slip can be corrected while answers are taken.
    """

    sent_ids: tuple[str, ...] = ()
    is_own: bool = True


@dataclass(frozen=True)
class SaveRequest:
    """What one phone asks for at once."""

    sitting_id: str
    operations: tuple[SentOperation, ...]
    finish: Finish | None = None


@dataclass(frozen=True)
class SavedOperations:
    """What became of a batch: every id is acknowledged or refused.

    `unfinished` says why the sitting could not be sent, when that was asked for;
    `closes_in_seconds` counts to the announced end of the test, if there is one.
    """

    acknowledged: tuple[str, ...]
    refused: tuple[RefusedOperation, ...]
    unfinished: Refusal | None
    sitting: SittingRecord
    closes_in_seconds: int | None


@dataclass(frozen=True)
class CompletedSitting:
    """A sitting whose score was just settled, with the score it had before, if any."""

    sitting: SittingRecord
    units_before: int | None


@dataclass(frozen=True)
class OwnResult:
    """A participant's own numbers, before and after; points in exact units."""

    pre_units: int | None
    post_units: int | None
    max_units: int
    is_provisional: bool


@dataclass(frozen=True)
class SittingProgress:
    """How far one participant is; never what was answered."""

    participant_id: str
    state: SittingState
    answered_count: int
    started_at: datetime
    last_saved_at: datetime | None


@dataclass(frozen=True)
class WaysTaken:
    """How many scored tests were taken late, or in another way than by phone."""

    late: int = 0
    paper: int = 0
    assisted: int = 0
    rescued: int = 0
