"""What a participant's desk shows: what was done, what is open, and what comes next."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.adapters.db import Work
from app.certificates import service as certificates
from app.certificates.schemas import CertificateRecord
from app.core.errors import NotYetReleased
from app.feedback import service as feedback
from app.participants import calls, without_card
from app.participants import service as participants
from app.participants.schemas import HolderName, OpenedWith, OpenPass
from app.sittings import service as sittings
from app.sittings.assistance import is_assisted
from app.sittings.schemas import OwnResult, SittingRecord
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord


@dataclass(frozen=True)
class Desk:
    """One participant's place in the workshop; the same for page and API."""

    workshop: WorkshopRecord
    phone: OpenPass
    current: AdministrationRecord | None
    sitting: SittingRecord | None
    sittings: dict[Occasion, SittingRecord]
    closes_in_seconds: int | None
    can_questionnaire: bool
    result: OwnResult | None
    has_attended: bool
    name: HolderName | None
    certificate: CertificateRecord | None
    has_called: bool
    is_taken: bool
    is_assisted: bool
    awaits: Occasion | None

    @property
    def can_take(self) -> bool:
        """Whether a test is open that was not sent yet."""
        return self.current is not None and (self.sitting is None or not self.sitting.is_sent)

    @property
    def can_profile(self) -> bool:
        """The profile comes after the pre-test, once."""
        participant = self.phone.participant
        return bool(self.sittings) and participant is not None and not participant.has_profile

    @property
    def can_name(self) -> bool:
        """Whether the name for the certificate can be confirmed or corrected now."""
        return self.has_attended and self.certificate is None

    @property
    def can_print(self) -> bool:
        """Whether this phone may have the certificate as a file: not by four digits alone."""
        is_own = self.phone.opened_with is OpenedWith.TOKEN or (
            self.name is not None and self.name.is_confirmed
        )
        made = self.certificate
        return made is not None and made.status == "issued" and made.has_name and is_own

    def context(self) -> dict[str, Any]:
        """The names the page's template uses."""
        return {
            "workshop": self.workshop,
            "card_number": self.phone.card.number,
            "participant": self.phone.participant,
            "has_agreed": self.phone.has_agreed,
            "current": self.current,
            "sitting": self.sitting,
            "can_take": self.can_take and self.phone.has_agreed,
            "closes_in_seconds": self.closes_in_seconds,
            "pre_sitting": self.sittings.get(Occasion.PRE),
            "post_sitting": self.sittings.get(Occasion.POST),
            "can_profile": self.can_profile,
            "can_questionnaire": self.can_questionnaire,
            "can_result": self.result is not None,
            "can_name": self.can_name,
            "name": self.name,
            "certificate": self.certificate,
            "can_print": self.can_print,
            "is_waiting": self.current is None,
            "awaits": self.awaits,
            "has_called": self.has_called,
            "is_taken": self.is_taken,
            "is_assisted": self.is_assisted,
        }


def read_desk(work: Work, phone: OpenPass, workshop: WorkshopRecord, *, late: timedelta) -> Desk:
    """Everything the desk of this card shows."""
    found = workshops.get_current_administration(work, workshop.id)
    current = found if found is not None and found.is_open_at(work.now) else None
    own = sittings.find_own_sittings(work, phone)
    sitting = own.get(current.occasion) if current else None
    state = feedback.get_state(work, workshop)
    return Desk(
        workshop=workshop,
        phone=phone,
        current=current,
        sitting=sitting,
        sittings=own,
        closes_in_seconds=current.seconds_left_at(work.now) if current else None,
        can_questionnaire=state is not None
        and state.is_open
        and Occasion.POST in own
        and feedback.is_ticket_unused(work, feedback.peek_ticket(work, phone.card)),
        result=_result(work, phone, workshop, late),
        has_attended=participants.has_attended(work, workshop, phone.card),
        name=participants.get_name(work, phone.card),
        certificate=certificates.get_own_certificate(work, workshop, phone.card),
        has_called=calls.has_called(work, phone.card),
        is_taken=without_card.is_taken(work, phone.card),
        is_assisted=sitting is not None and is_assisted(work, sitting),
        awaits=None if current else _next_test(work, workshop),
    )


def _next_test(work: Work, workshop: WorkshopRecord) -> Occasion | None:
    """Which of the two tests everybody waits for; None once both are closed."""
    for each in workshops.find_administrations(work, workshop):
        if each.occasion is not Occasion.FOLLOW_UP and each.closed_at is None:
            return each.occasion
    return None


def _result(
    work: Work, phone: OpenPass, workshop: WorkshopRecord, late: timedelta
) -> OwnResult | None:
    try:
        return sittings.own_result(work, phone, workshop, late=late)
    except NotYetReleased:
        return None
