"""Who comes without a card: the next number that nobody uses, admitted on this phone.

The number may lie printed on a table. Taking it makes the card's next edition, so that the paper
opens nothing any more: two people can never answer under one number.
"""

from datetime import timedelta

from app.adapters.db import Work
from app.adapters.sealing import digest
from app.core.errors import NoNumberFree
from app.participants import queries, service
from app.participants.schemas import CardRecord, OpenedWith, OpenPass, PassState
from app.participants.tables import Card, TakenCard
from app.workshops.schemas import WorkshopRecord

USUAL_ROOM = 24  # people, where the head-count was not said
SPARE_NUMBERS = 10
MOST_IN_A_MINUTE = 20  # a room that comes without cards; a script has to wait


def take_number(work: Work, workshop: WorkshopRecord, *, language: str) -> tuple[OpenPass, str]:
    """Give this phone the next number that nobody uses; a new one is made when none is left.

    Raises NoNumberFree when too many ask at once, or when more were given out than people were
    expected. Never by address: the whole room comes from one.
    """
    queries.hold_workshop(work.db, workshop.id)
    people = workshop.women_count + workshop.men_count or USUAL_ROOM
    if queries.count_taken(work.db, workshop.id) >= people + SPARE_NUMBERS:
        raise NoNumberFree()
    since = work.now - timedelta(minutes=1)
    if queries.count_taken(work.db, workshop.id, since=since) >= MOST_IN_A_MINUTE:
        raise NoNumberFree()
    row = _hold_free_card(work, workshop) or _make_card(work, workshop)
    row.edition += 1
    row.token_hash = digest(service.card_token(work, row.id, row.edition))
    work.db.add(row)
    work.db.add(TakenCard(card_id=row.id, taken_at=work.now))
    return service.start_pass(work, row, OpenedWith.NUMBER, PassState.ADMITTED, language)


def is_taken(work: Work, card: CardRecord) -> bool:
    """Whether this number was given out without a card: its holder has nothing in the hand."""
    return queries.is_taken(work.db, card.id)


def _hold_free_card(work: Work, workshop: WorkshopRecord) -> Card | None:
    """From the end of the stack: cards are handed out from its beginning."""
    for card_id in queries.find_free_card_ids(work.db, workshop.id):
        row = queries.hold_free_card(work.db, card_id)
        if row is not None:
            return row
    return None


def _make_card(work: Work, workshop: WorkshopRecord) -> Card:
    known = {row.number for row in queries.find_card_rows(work.db, workshop.id)}
    service.make_cards(work, workshop, len(known) + 1)
    for row in queries.find_card_rows(work.db, workshop.id):
        if row.number not in known:
            return row
    raise NoNumberFree()
