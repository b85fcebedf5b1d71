"""Reads cards, participants, phones, attendance and sealed names."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, func, select

from app.participants.schemas import (
    AgencyType,
    CardLine,
    CardRecord,
    OpenedWith,
    OpenPass,
    ParticipantRecord,
    PassState,
    Profile,
    Sex,
    Years,
)
from app.participants.tables import (
    Attendance,
    Card,
    ErasedCard,
    Identity,
    ListedPerson,
    Participant,
    PhonePass,
    TakenCard,
    TrainerCall,
)
from app.workshops.tables import Workshop


def card_of(row: Card) -> CardRecord:
    """The value the rest of the house uses."""
    return CardRecord(
        id=row.id, workshop_id=row.workshop_id, number=row.number, edition=row.edition
    )


def participant_of(row: Participant) -> ParticipantRecord:
    """The value the rest of the house uses."""
    return ParticipantRecord(
        id=row.id,
        workshop_id=row.workshop_id,
        card_id=row.card_id,
        language=row.language,
        has_agreed=row.has_agreed,
        has_profile=row.answered_profile_at is not None,
    )


def profile_of(row: Participant | ListedPerson) -> Profile:
    """What is known of a person's work."""
    return Profile(
        sex=Sex(row.sex) if row.sex else None,
        agency_type=AgencyType(row.agency_type) if row.agency_type else None,
        province=row.province,
        years=Years(row.years) if row.years else None,
    )


def find_card_rows(db: Session, workshop_id: str) -> Sequence[Card]:
    """A workshop's cards by number."""
    return db.exec(select(Card).where(Card.workshop_id == workshop_id).order_by(Card.number)).all()


def get_card_row(db: Session, workshop_id: str, number: str, *, holds: bool = False) -> Card | None:
    """A workshop's card by its four digits; held, no other phone can take it meanwhile."""
    query = select(Card).where(Card.workshop_id == workshop_id, Card.number == number)
    return db.exec(query.with_for_update(key_share=True) if holds else query).one_or_none()


def hold_card_by_token_hash(db: Session, token_hash: str) -> Card | None:
    """The card whose QR carries that token, until this work ends."""
    query = select(Card).where(Card.token_hash == token_hash)
    return db.exec(query.with_for_update(key_share=True)).one_or_none()


def hold_card(db: Session, card_id: str) -> Card | None:
    """The card, alone until this work ends."""
    return db.get(Card, card_id, with_for_update=True, populate_existing=True)


def keep_card(db: Session, card_id: str) -> bool:
    """Whether the card is there; then it stays until this work ends."""
    query = select(Card.id).where(Card.id == card_id)
    return db.exec(query.with_for_update(read=True, key_share=True)).first() is not None


def is_erased(db: Session, *, card_hash: str = "", token_hash: str = "") -> bool:
    """Whether what was kept under that card, or under the card of that token, was erased."""
    query = select(ErasedCard.card_hash).where(
        (ErasedCard.card_hash == card_hash) | (ErasedCard.token_hash == token_hash)
    )
    return db.exec(query.limit(1)).first() is not None


def find_erased_cards(db: Session) -> set[str]:
    """The digests of the cards that were erased."""
    return set(db.exec(select(ErasedCard.card_hash)).all())


def find_erased_number_keys(db: Session, workshop_id: str) -> set[str]:
    """The numbers of a workshop's erased cards, as keyed digests."""
    query = select(ErasedCard.number_key).where(ErasedCard.workshop_id == workshop_id)
    return set(db.exec(query).all())


def find_all_passes(db: Session, card_id: str) -> Sequence[PhonePass]:
    """Every phone that ever acted for a card, the first one first."""
    query = select(PhonePass).where(PhonePass.card_id == card_id)
    return db.exec(query.order_by(col(PhonePass.created_at), col(PhonePass.id))).all()


def remove_card(db: Session, card: Card, person_key: str) -> None:
    """Take away all that hangs on a card, the sealed name behind `person_key`, and the card.

    Its tests must be gone before: they hang on the participant.
    """
    for table in (TrainerCall, TakenCard, ListedPerson, Attendance, PhonePass, Participant):
        db.connection().execute(delete(table).where(col(table.card_id) == card.id))
    db.connection().execute(delete(Identity).where(col(Identity.person_key) == person_key))
    db.delete(card)
    db.flush()
    db.expire_all()


def hold_workshop(db: Session, workshop_id: str) -> None:
    """One after another until this work ends; rows that only point to the workshop may go on."""
    db.exec(select(Workshop.id).where(Workshop.id == workshop_id).with_for_update(key_share=True))


def count_taken(db: Session, workshop_id: str, *, since: datetime | None = None) -> int:
    """How many numbers were given out without a card, in all or since a moment."""
    query = (
        select(func.count()).select_from(TakenCard).join(Card, col(Card.id) == TakenCard.card_id)
    )
    query = query.where(Card.workshop_id == workshop_id)
    return db.exec(query.where(TakenCard.taken_at > since) if since else query).one()


def is_taken(db: Session, card_id: str) -> bool:
    """Whether this number was given out without a card."""
    return db.get(TakenCard, card_id) is not None


def find_free_card_ids(db: Session, workshop_id: str) -> Sequence[str]:
    """The cards that nobody has used and no list gave out, the last number first."""
    query = select(Card.id).where(Card.workshop_id == workshop_id, *_is_free())
    return db.exec(query.order_by(col(Card.number).desc())).all()


def hold_free_card(db: Session, card_id: str) -> Card | None:
    """The card until this work ends, if still nobody has used it then."""
    db.exec(select(Card.id).where(Card.id == card_id).with_for_update(key_share=True))
    return db.exec(select(Card).where(Card.id == card_id, *_is_free())).one_or_none()


def _is_free() -> tuple[ColumnElement[bool], ...]:
    return tuple(
        ~select(table).where(table.card_id == Card.id).exists()
        for table in (PhonePass, Participant, TakenCard, ListedPerson)
    )


def get_call(db: Session, card_id: str) -> TrainerCall | None:
    """That a card's holder has called the trainer."""
    return db.get(TrainerCall, card_id)


def get_pass(db: Session, token_hash: str) -> OpenPass | None:
    """A phone that was not revoked, with its card and participant."""
    found = db.exec(
        select(PhonePass, Card, Participant)
        .join(Card, col(Card.id) == PhonePass.card_id)
        .outerjoin(Participant, col(Participant.card_id) == Card.id)
        .where(PhonePass.token_hash == token_hash, PhonePass.state != PassState.REVOKED.value)
    ).one_or_none()
    if found is None:
        return None
    phone, card, joined = found
    participant = cast("Participant | None", joined)  # the outer join may find nobody
    return OpenPass(
        id=phone.id,
        card=card_of(card),
        participant=participant_of(participant) if participant else None,
        state=PassState(phone.state),
        opened_with=OpenedWith(phone.opened_with),
        language=phone.language,
    )


def get_pass_row(db: Session, pass_id: str) -> PhonePass | None:
    """One phone's row."""
    return db.get(PhonePass, pass_id)


def find_pass_rows(db: Session, card_id: str) -> Sequence[PhonePass]:
    """A card's phones that were not revoked."""
    return db.exec(
        select(PhonePass).where(
            PhonePass.card_id == card_id, PhonePass.state != PassState.REVOKED.value
        )
    ).all()


def get_participant_row(db: Session, card_id: str) -> Participant | None:
    """The participant behind a card."""
    return db.exec(select(Participant).where(Participant.card_id == card_id)).one_or_none()


def count_participants(db: Session, workshop_id: str) -> int:
    """Registered: everybody who answered the consent page, also with no."""
    return db.exec(
        select(func.count()).select_from(Participant).where(Participant.workshop_id == workshop_id)
    ).one()


def find_attendance(db: Session, card_id: str) -> frozenset[date]:
    """The days on which a card's holder was there."""
    return frozenset(
        db.exec(select(col(Attendance.day)).where(Attendance.card_id == card_id)).all()
    )


def get_attendance_row(db: Session, card_id: str, day: date) -> Attendance | None:
    """One tick."""
    return db.get(Attendance, (card_id, day))


def find_card_lines(db: Session, workshop_id: str) -> list[CardLine]:
    """Every card with who came, on which days, and whether a phone waits."""
    people = {
        row.card_id: participant_of(row)
        for row in db.exec(select(Participant).where(Participant.workshop_id == workshop_id)).all()
    }
    days: dict[str, set[date]] = defaultdict(set)
    ticks = select(Attendance).join(Card, col(Card.id) == Attendance.card_id)
    for tick in db.exec(ticks.where(Card.workshop_id == workshop_id)).all():
        days[tick.card_id].add(tick.day)
    phones: dict[str, set[str]] = defaultdict(set)
    passes = select(PhonePass).join(Card, col(Card.id) == PhonePass.card_id)
    for phone in db.exec(passes.where(Card.workshop_id == workshop_id)).all():
        phones[phone.card_id].add(phone.state)
    calls = set(
        db.exec(
            select(TrainerCall.card_id)
            .join(Card, col(Card.id) == TrainerCall.card_id)
            .where(Card.workshop_id == workshop_id)
        )
    )
    taken = set(
        db.exec(
            select(TakenCard.card_id)
            .join(Card, col(Card.id) == TakenCard.card_id)
            .where(Card.workshop_id == workshop_id)
        )
    )
    return [
        CardLine(
            card=card_of(row),
            participant=people.get(row.id),
            days=frozenset(days[row.id]),
            is_phone_waiting=PassState.WAITING.value in phones[row.id],
            has_phone=PassState.ADMITTED.value in phones[row.id],
            has_called=row.id in calls,
            is_taken=row.id in taken,
        )
        for row in find_card_rows(db, workshop_id)
    ]


def get_identity(db: Session, person_key: str) -> Identity | None:
    """A sealed name by its key."""
    return db.get(Identity, person_key)


def find_identities(db: Session, workshop_id: str) -> Sequence[Identity]:
    """All sealed names of a workshop, in no order."""
    return db.exec(select(Identity).where(Identity.workshop_id == workshop_id)).all()


def get_listed_row(db: Session, card_id: str) -> ListedPerson | None:
    """What a list says of a card's holder."""
    return db.get(ListedPerson, card_id)


def find_listed_rows(db: Session, workshop_id: str) -> Sequence[ListedPerson]:
    """What lists say of a workshop's people."""
    return db.exec(select(ListedPerson).where(ListedPerson.workshop_id == workshop_id)).all()


def find_card_ids(db: Session, participant_ids: set[str]) -> set[str]:
    """The cards of these participants."""
    query = select(Participant.card_id).where(col(Participant.id).in_(participant_ids))
    return set(db.exec(query).all())


def get_card_of(db: Session, participant_id: str) -> CardRecord | None:
    """The card of a participant."""
    query = select(Card).join(Participant, col(Participant.card_id) == Card.id)
    row = db.exec(query.where(Participant.id == participant_id)).one_or_none()
    return card_of(row) if row else None
