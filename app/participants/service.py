"""Cards, phones, consent, profile, attendance and the name that is kept apart.

What a number alone may open (settled): four digits let a person start, and go on with the same
phone. A second phone goes on at once with the card's token; with digits alone it waits for the
trainer's tap.
"""

from datetime import date

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id, new_token, shuffled
from app.adapters.sealing import digest, keyed_digest
from app.core.codes import card_number, read_card_number
from app.core.errors import (
    CardErased,
    CardUnknown,
    CardWaiting,
    ConsentMissing,
    JoinCodeUnknown,
    NotAttended,
    SignInNeeded,
    ValueRefused,
)
from app.participants import queries
from app.participants.consent import CONSENT_SAID
from app.participants.names import checked_name as checked_name  # noqa: PLC0414  one door
from app.participants.names import get_name as get_name  # noqa: PLC0414
from app.participants.names import names_key as names_key  # noqa: PLC0414
from app.participants.names import store_name as store_name  # noqa: PLC0414
from app.participants.names import workshop_key as workshop_key  # noqa: PLC0414
from app.participants.schemas import (
    CardLine,
    CardRecord,
    HolderName,
    OnProfiled,
    OpenedWith,
    OpenPass,
    ParticipantRecord,
    PassState,
    PrintedCard,
    Profile,
)
from app.participants.tables import Attendance, Card, Participant, PhonePass
from app.workshops.schemas import WorkshopRecord, WorkshopState

MOST_CARDS = 900
_TOKEN_LENGTH = 32


def make_cards(work: Work, workshop: WorkshopRecord, count: int) -> list[CardRecord]:
    """Add cards until the workshop has `count` of them; never takes one away."""
    if not 0 <= count <= MOST_CARDS:
        raise ValueRefused(field="count", reason="not_in_range", lowest=1, highest=MOST_CARDS)
    taken = {row.number for row in queries.find_card_rows(work.db, workshop.id)}
    free = [card_number(number) for number in range(100, 1000)]
    gone = queries.find_erased_number_keys(work.db, workshop.id)
    free = [each for each in free if not gone or number_key(work, workshop.id, each) not in gone]
    numbers = shuffled([number for number in free if number not in taken])
    for number in numbers[: max(0, count - len(taken))]:
        _add_card(work, workshop.id, number)
    work.db.flush()
    return [queries.card_of(row) for row in queries.find_card_rows(work.db, workshop.id)]


def find_printed_cards(work: Work, workshop: WorkshopRecord) -> list[PrintedCard]:
    """Every card with the token its QR carries; the same sheet can be printed again."""
    return [
        PrintedCard(card=card, token=card_token(work, card.id, card.edition))
        for card in map(queries.card_of, queries.find_card_rows(work.db, workshop.id))
    ]


def reissue_card(
    work: Work, workshop: WorkshopRecord, number: str, *, by: StaffPerson
) -> PrintedCard:
    """A lost card: the next edition works, the old one and its phones no longer."""
    row = _require_card(work, workshop, number)
    row.edition += 1
    token = card_token(work, row.id, row.edition)
    row.token_hash = digest(token)
    work.db.add(row)
    for phone in queries.find_pass_rows(work.db, row.id):
        phone.state = PassState.REVOKED.value
        work.db.add(phone)
    _log(work, by, "reissue_card", row.id)
    work.db.flush()
    return PrintedCard(card=queries.card_of(row), token=token)


def join_with_token(work: Work, token: str, *, language: str) -> tuple[OpenPass, str]:
    """A phone that scanned the card: it goes on at once. Raises CardUnknown or CardErased."""
    row = queries.hold_card_by_token_hash(work.db, digest(token))
    if row is None:
        is_erased = queries.is_erased(work.db, token_hash=digest(token))
        raise CardErased() if is_erased else CardUnknown()
    return start_pass(work, row, OpenedWith.TOKEN, PassState.ADMITTED, language)


def join_with_number(
    work: Work, workshop: WorkshopRecord, typed: str, *, language: str, waits: bool = False
) -> tuple[OpenPass, str]:
    """A phone that typed the four digits: it goes on where nobody has started yet.

    Once a phone is at it, or anything was answered under this card, digits alone wait for the
    trainer's tap: they never show earlier answers, a result, a name or a certificate. `waits`: so
    they do in any case.
    Raises CodeMistyped, CardUnknown, CardErased, or JoinCodeUnknown once the workshop is put away.
    """
    if workshop.state is not WorkshopState.ACTIVE:
        raise JoinCodeUnknown()
    # Held: of two phones that come at the same moment with the same digits, one waits.
    row = _require_card(work, workshop, read_card_number(typed), holds=True)
    has_phone = any(
        phone.state == PassState.ADMITTED.value for phone in queries.find_pass_rows(work.db, row.id)
    )
    has_started = queries.get_participant_row(work.db, row.id) is not None
    state = PassState.WAITING if waits or has_phone or has_started else PassState.ADMITTED
    return start_pass(work, row, OpenedWith.NUMBER, state, language)


def require_pass(work: Work, token: str) -> OpenPass:
    """The phone that holds this token; raises SignInNeeded or CardWaiting."""
    found = queries.get_pass(work.db, digest(token))
    if found is None:
        raise SignInNeeded()
    if found.state is PassState.WAITING:
        raise CardWaiting()
    return found


def get_pass(work: Work, token: str) -> OpenPass | None:
    """The phone that holds this token, waiting or not."""
    return queries.get_pass(work.db, digest(token))


def admit_phone(work: Work, workshop: WorkshopRecord, number: str, *, by: StaffPerson) -> None:
    """The trainer's tap: a phone that waits for this card may go on."""
    row = _require_card(work, workshop, number)
    for phone in queries.find_pass_rows(work.db, row.id):
        phone.state = PassState.ADMITTED.value
        work.db.add(phone)
    _log(work, by, "admit_phone", row.id)


def end_pass(work: Work, phone: OpenPass) -> None:
    """The phone gives the card up; the card can be used on it, or another, again."""
    row = queries.get_pass_row(work.db, phone.id)
    if row is not None:
        row.state = PassState.REVOKED.value
        work.db.add(row)


def change_language(work: Work, phone: OpenPass, language: str) -> None:
    """The language this phone shows from now on."""
    row = queries.get_pass_row(work.db, phone.id)
    if row is not None:
        row.language = language
        work.db.add(row)


def answer_consent(
    work: Work, phone: OpenPass, *, has_agreed: bool, language: str
) -> ParticipantRecord:
    """Yes or no; both make the person registered, and no costs nothing. May be said again."""
    return register(work, phone.card, has_agreed=has_agreed, language=language)


def register(work: Work, card: CardRecord, *, has_agreed: bool, language: str) -> ParticipantRecord:
    """The person under this card, with the answer to the consent lines that was given now."""
    insert_if_absent(
        work,
        Participant,
        id=new_id(),
        workshop_id=card.workshop_id,
        card_id=card.id,
        language=language,
        has_agreed=has_agreed,
        consent_version=CONSENT_SAID,
        answered_consent_at=work.now,
    )
    row = queries.get_participant_row(work.db, card.id)
    if row is None:
        raise CardUnknown()
    row.has_agreed = has_agreed
    row.language = language
    row.consent_version = CONSENT_SAID
    row.answered_consent_at = work.now
    if has_agreed and row.answered_profile_at is None:
        _fill_profile(work, row)
    work.db.add(row)
    work.db.flush()
    return queries.participant_of(row)


def _fill_profile(work: Work, row: Participant) -> None:
    """What the trainer's list says of the work; with all four there is nothing left to ask."""
    listed = queries.get_listed_row(work.db, row.card_id)
    if listed is None:
        return
    row.sex, row.agency_type = listed.sex, listed.agency_type
    row.province, row.years = listed.province, listed.years
    if all((row.sex, row.agency_type, row.province, row.years)):
        row.answered_profile_at = work.now


def save_profile(work: Work, phone: OpenPass, profile: Profile, on_profiled: OnProfiled) -> None:
    """What the person says of the own work; raises ConsentMissing."""
    row = queries.get_participant_row(work.db, phone.card.id)
    if row is None:
        raise ConsentMissing()
    row.sex = profile.sex
    row.agency_type = profile.agency_type
    row.province = profile.province
    row.years = profile.years
    row.answered_profile_at = work.now
    work.db.add(row)
    on_profiled(work, row.id)


def tick_attendance(
    work: Work,
    workshop: WorkshopRecord,
    number: str,
    *,
    day: date,
    was_there: bool,
    by: StaffPerson,
) -> None:
    """The trainer's tick for one day; the day must be one of the workshop's."""
    if not workshop.starts_on <= day <= workshop.ends_on:
        raise ValueRefused(field="day", reason="not_a_workshop_day")
    row = _require_card(work, workshop, number)
    tick = queries.get_attendance_row(work.db, row.id, day)
    if was_there:
        insert_if_absent(work, Attendance, card_id=row.id, day=day)
    if not was_there and tick is not None:
        work.db.delete(tick)
    _log(work, by, "tick_attendance" if was_there else "untick_attendance", row.id)
    work.db.flush()


def find_attendance(work: Work, card: CardRecord) -> frozenset[date]:
    """The days on which a card's holder was there."""
    return queries.find_attendance(work.db, card.id)


def has_attended(work: Work, workshop: WorkshopRecord, card: CardRecord) -> bool:
    """Whether enough days are ticked; nothing else counts."""
    return len(find_attendance(work, card)) >= workshop.days_needed


def confirm_name(
    work: Work, phone: OpenPass, workshop: WorkshopRecord, *, local: str, latin: str
) -> HolderName:
    """The name as the holder wants it; raises NotAttended, NameRefused or NameMissing."""
    if not has_attended(work, workshop, phone.card):
        raise NotAttended()
    return store_name(work, phone.card, local=local, latin=latin, is_confirmed=True)


def find_card_lines(work: Work, workshop: WorkshopRecord) -> list[CardLine]:
    """Every card with who came, on which days, and whether a phone waits."""
    return queries.find_card_lines(work.db, workshop.id)


def require_card(work: Work, workshop: WorkshopRecord, number: str) -> CardRecord:
    """A workshop's card by its four digits; raises CardUnknown."""
    return queries.card_of(_require_card(work, workshop, number))


def get_profile(work: Work, card: CardRecord) -> Profile:
    """What is known of a participant's work, by the participant or a list."""
    row = queries.get_participant_row(work.db, card.id)
    return queries.profile_of(row) if row else Profile()


def count_participants(work: Work, workshop: WorkshopRecord) -> int:
    """Registered: everybody who answered the consent page, also with no."""
    return queries.count_participants(work.db, workshop.id)


def card_token(work: Work, card_id: str, edition: int) -> str:
    """What the QR of a card's edition carries; derived, never stored as it is."""
    key = work.keys.derived("cards")
    return keyed_digest(key, card_id, str(edition))[:_TOKEN_LENGTH]


def number_key(work: Work, workshop_id: str, number: str) -> str:
    """By which the number of an erased card is known again, and by nothing else."""
    return keyed_digest(work.keys.derived("erased-cards"), workshop_id, number)


def _add_card(work: Work, workshop_id: str, number: str) -> None:
    card_id = new_id()
    work.db.add(
        Card(
            id=card_id,
            workshop_id=workshop_id,
            number=number,
            token_hash=digest(card_token(work, card_id, 1)),
        )
    )


def _require_card(
    work: Work, workshop: WorkshopRecord, number: str, *, holds: bool = False
) -> Card:
    row = queries.get_card_row(work.db, workshop.id, number, holds=holds)
    if row is None:
        gone = queries.find_erased_number_keys(work.db, workshop.id)
        is_erased = bool(gone) and number_key(work, workshop.id, number) in gone
        raise CardErased() if is_erased else CardUnknown()
    return row


def start_pass(
    work: Work, card: Card, opened_with: OpenedWith, state: PassState, language: str
) -> tuple[OpenPass, str]:
    """One more phone that acts for a card, and its token."""
    token = new_token()
    work.db.add(
        PhonePass(
            id=new_id(),
            card_id=card.id,
            token_hash=digest(token),
            opened_with=opened_with.value,
            state=state.value,
            language=language,
            created_at=work.now,
        )
    )
    work.db.flush()
    found = queries.get_pass(work.db, digest(token))
    if found is None:
        raise SignInNeeded()
    return found, token


def _log(work: Work, by: StaffPerson, verb: str, card_id: str) -> None:
    accounts.record_event(work, by=by, verb=verb, object_kind="card", object_id=card_id)


def tick_everybody(work: Work, workshop: WorkshopRecord, *, day: date, by: StaffPerson) -> int:
    """A tick for everybody who has joined; returns how many were there."""
    joined = [line for line in find_card_lines(work, workshop) if line.participant is not None]
    for line in joined:
        tick_attendance(work, workshop, line.card.number, day=day, was_there=True, by=by)
    return len(joined)


def get_pass_again(work: Work, phone: OpenPass) -> OpenPass | None:
    """The same phone as it is known now, with its participant."""
    row = queries.get_pass_row(work.db, phone.id)
    return queries.get_pass(work.db, row.token_hash) if row else None


def find_card_ids(work: Work, participant_ids: set[str]) -> set[str]:
    """The cards of these participants."""
    return queries.find_card_ids(work.db, participant_ids)


def get_card_of(work: Work, participant_id: str) -> CardRecord | None:
    """The card of a participant."""
    return queries.get_card_of(work.db, participant_id)
