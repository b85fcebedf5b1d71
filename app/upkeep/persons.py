"""One person across the rooms: all that is kept under a card, read by its holder or erased."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, empty_log
from app.certificates import service as certificates
from app.certificates.schemas import CertificateRecord
from app.core.errors import CardErased
from app.feedback import service as feedback
from app.gains import snapshots
from app.participants import erasing, holding
from app.participants.own_record import OwnRecord, read_own_record
from app.participants.schemas import CardRecord, OpenPass
from app.sittings.erasing import erase_tests
from app.sittings.own_tests import KeptTest, read_own_tests
from app.upkeep import erasures
from app.upkeep.erasures import ErasedPerson
from app.workshops.schemas import WorkshopRecord


@dataclass(frozen=True)
class StaffAct:
    """What a member of the staff did with the card, as the audit log has it."""

    verb: str
    happened_at: datetime


@dataclass(frozen=True)
class Kept:
    """All that is kept under a card, as far as it leads back to it."""

    read_at: datetime
    workshop: WorkshopRecord
    record: OwnRecord
    tests: tuple[KeptTest, ...]
    certificate: CertificateRecord | None
    acts: tuple[StaffAct, ...]
    names_until: date


def read_kept(
    work: Work, phone: OpenPass, workshop: WorkshopRecord, *, late: timedelta, names_days: int
) -> Kept:
    """For the card's holder alone; raises KeptForCardAlone."""
    erasing.require_own(work, phone)
    return Kept(
        read_at=work.now,
        workshop=workshop,
        record=read_own_record(work, phone),
        tests=tuple(read_own_tests(work, phone, workshop, late=late)),
        certificate=certificates.get_own_certificate(work, workshop, phone.card),
        acts=tuple(StaffAct(*each) for each in accounts.find_acts_on(work, "card", phone.card.id)),
        names_until=workshop.ends_on + timedelta(days=names_days),
    )


def as_json(kept: Kept) -> bytes:
    """The same as a file: what the page shows, and every change of every answer."""
    workshop = kept.workshop
    told = {
        "format": "tafawut-kept-1",
        "read_at": kept.read_at,
        "workshop": {
            "title": workshop.title,
            "place": workshop.place,
            "organisation": workshop.organisation_name,
            "starts_on": workshop.starts_on,
            "ends_on": workshop.ends_on,
        },
        **asdict(kept.record),
        "names_until": kept.names_until,
        "tests": [asdict(each) for each in kept.tests],
        "certificate": asdict(kept.certificate) if kept.certificate else None,
        "staff_acts": [asdict(each) for each in kept.acts],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=_plain).encode() + b"\n"


def erase_own(work: Work, phone: OpenPass, workshop: WorkshopRecord, *, keeps: bool) -> None:
    """By the card's holder; `keeps`: the certificate can still be checked.

    Raises KeptForCardAlone or CardErased.
    """
    erasing.require_own(work, phone)
    _erase(work, phone.card, workshop, keeps=keeps, by=None, asked="")


def erase_for(
    work: Work,
    workshop: WorkshopRecord,
    card: CardRecord,
    *,
    keeps: bool,
    asked: str,
    by: StaffPerson,
) -> None:
    """By the workshop's trainer, for somebody who `asked` in some way; raises CardErased."""
    _erase(work, card, workshop, keeps=keeps, by=by, asked=asked)


def _erase(
    work: Work,
    card: CardRecord,
    workshop: WorkshopRecord,
    *,
    keeps: bool,
    by: StaffPerson | None,
    asked: str,
) -> None:
    """Rows go, digests stay, the room is counted afresh, and SQLite's log beside the file ends."""
    holding.hold_card(work, card)
    erased = ErasedPerson(
        workshop_id=workshop.id,
        card=erasing.card_digest(card),
        name=erasing.name_key(work, card),
        holder=certificates.holder_key(work, card),
        keeps=keeps,
    )
    _take_away(work, card, erased)
    facts = {"asked": asked} if asked else {}
    accounts.record_event(
        work, by=by, verb="erase_person", object_kind="workshop", object_id=workshop.id, **facts
    )
    erasures.note_person(work, erased)


def erase_again(work: Work, erased: ErasedPerson) -> None:
    """Somebody whom a restored copy brought back; raises CardErased where nobody is there.

    Name and certificate are found by what the journal says, for the workshop's key may be gone.
    """
    card = erasing.find_cards(work, erased.workshop_id).get(erased.card)
    if card is None:
        raise CardErased()
    holding.hold_card(work, card)
    _take_away(work, card, erased)
    accounts.record_event(
        work, by=None, verb="erase_person", object_kind="workshop", object_id=erased.workshop_id,
        asked="again",
    )  # fmt: skip


def _take_away(work: Work, card: CardRecord, erased: ErasedPerson) -> None:
    participant_id = erasing.get_participant_id(work, card)
    scored_at = erase_tests(work, participant_id) if participant_id else None
    certificates.let_go(work, erased.workshop_id, erased.holder, keeps=erased.keeps)
    feedback.forget_ticket(work, card)
    erasing.erase_card(work, card, name=erased.name, scored_at=scored_at)
    if scored_at is not None:
        snapshots.record_erasure(work, erased.workshop_id)
    accounts.forget_object(work, "card", card.id)
    work.after_commit.append(lambda: empty_log(work))


def _plain(value: object) -> str:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    raise TypeError(type(value).__name__)
