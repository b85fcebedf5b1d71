"""The questionnaire: a ticket that no table ties to a card, a sealed sheet, counts at the end.

The ticket is derived from the card by a key that lies outside the database; the database holds
the hashes of unused tickets only. Sheets are sealed and all of one size until the round closes;
then they are opened and shuffled.
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id, shuffled
from app.adapters.sealing import digest, keyed_digest, seal, unseal
from app.banks import service as banks
from app.banks.schemas import FormItem, PublishedForm
from app.core.errors import (
    ItemUnknown,
    NothingAnswered,
    OptionUnknown,
    QuestionnaireClosed,
    QuestionnaireTicketSpent,
    ResponseMalformed,
)
from app.core.scoring import ItemKind
from app.core.text import pad_to, unpad
from app.feedback import ballots, queries
from app.feedback.opinions import count_opinions
from app.feedback.schemas import (
    LEAST_SHEETS,
    SHEET_BYTES,
    Opinions,
    OptionCount,
    QuestionCounts,
    QuestionnaireResult,
    QuestionnaireState,
    SheetAnswer,
)
from app.feedback.tables import QuestionnaireRound, QuestionnaireTicket, SealedSheet, Sheet
from app.participants import service as participants
from app.participants.schemas import CardRecord
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopRecord

_TICKET_LENGTH = 32


def record_opening(
    work: Work, workshop: WorkshopRecord, administration: AdministrationRecord
) -> None:
    """The post-test was opened: the questionnaire opens with it."""
    if administration.occasion is Occasion.POST:
        open_round(work, workshop)


def open_round(work: Work, workshop: WorkshopRecord) -> None:
    """Open the questionnaire beside the post-test: one unused ticket for every card."""
    if workshop.questionnaire_form_id is None:
        return
    if queries.get_round(work.db, workshop.id) is None:
        work.db.add(
            QuestionnaireRound(
                workshop_id=workshop.id,
                form_id=workshop.questionnaire_form_id,
                opened_at=work.now,
            )
        )
        work.db.flush()
        _store_tickets(work, workshop)
        ballots.open_ballot(work, workshop)


def hand_out_ticket(work: Work, workshop: WorkshopRecord, card: CardRecord) -> str:
    """The ticket of a card's holder after the post-test; derived, never stored as it is.

    Raises QuestionnaireClosed. A card made after the round was opened gets its row here.
    """
    row = queries.get_round(work.db, workshop.id)
    if row is None or row.state != "open":
        raise QuestionnaireClosed()
    ticket = _ticket(work, card)
    insert_if_absent(work, QuestionnaireTicket, ticket_hash=digest(ticket), workshop_id=workshop.id)
    return ticket


def peek_ticket(work: Work, card: CardRecord) -> str:
    """The ticket a card's holder would hand in; nothing is stored."""
    return _ticket(work, card)


def get_state(work: Work, workshop: WorkshopRecord) -> QuestionnaireState | None:
    """Where the workshop's questionnaire stands; None before it was opened."""
    row = queries.get_round(work.db, workshop.id)
    if row is None:
        return None
    return QuestionnaireState(
        form_id=row.form_id, is_open=row.state == "open", is_closed=row.state == "closed"
    )


def is_ticket_unused(work: Work, ticket: str) -> bool:
    """Whether this ticket can still hand in a sheet."""
    return queries.is_unspent(work.db, digest(ticket))


def read_ticket(work: Work, ticket: str) -> tuple[WorkshopRecord, PublishedForm]:
    """The workshop and the questionnaire a ticket is for; raises QuestionnaireTicketSpent."""
    row = queries.get_ticket(work.db, digest(ticket))
    if row is None:
        raise QuestionnaireTicketSpent()
    workshop = workshops.require_workshop(work, row.workshop_id)
    return workshop, require_form(work, workshop)


def prepare_tickets(work: Work, workshop_id: str, participant_ids: Collection[str]) -> None:
    """Post-tests were sent: a card made after the round was opened gets its ticket's row now."""
    row = queries.get_round(work.db, workshop_id)
    if row is None or row.state != "open":
        return
    key = work.keys.derived("questionnaire")
    for card_id in sorted(participants.find_card_ids(work, set(participant_ids))):
        ticket = keyed_digest(key, workshop_id, card_id)[:_TICKET_LENGTH]
        insert_if_absent(
            work, QuestionnaireTicket, ticket_hash=digest(ticket), workshop_id=workshop_id
        )


def hand_in(work: Work, ticket: str, answers: Sequence[SheetAnswer]) -> str:
    """Keep one sheet, sealed, of the workshop that is answered; the ticket is used up with it.

    Raises QuestionnaireTicketSpent, QuestionnaireClosed, NothingAnswered, ItemUnknown,
    OptionUnknown or ResponseMalformed.
    """
    workshop_id = queries.get_ticket_workshop(work.db, digest(ticket))
    if workshop_id is None:
        raise QuestionnaireTicketSpent()
    # The round first, as a closing does: the other way round the two could block each other.
    row = queries.hold_round(work.db, workshop_id, writes=False)
    ticket_row = queries.get_ticket(work.db, digest(ticket))
    if ticket_row is None or ticket_row.is_spent:
        raise QuestionnaireTicketSpent()
    if row is None or row.state != "open":
        raise QuestionnaireClosed()
    form = banks.require_form(work, row.form_id)
    said = [_checked(form, answer) for answer in answers if answer.option or answer.text]
    if not said:
        raise NothingAnswered()
    content = json.dumps(
        {each.item: [each.option, each.text] for each in said}, ensure_ascii=False
    ).encode()
    if len(content) > SHEET_BYTES - 4:
        raise ResponseMalformed(item="")
    key = work.keys.get_or_make(_round_key(row.workshop_id))
    sheet_id = new_id()
    work.db.add(
        SealedSheet(
            id=sheet_id,
            workshop_id=row.workshop_id,
            sealed=seal(key, pad_to(content, SHEET_BYTES), context=f"sheet/{sheet_id}"),
        )
    )
    ticket_row.is_spent = True
    work.db.add(ticket_row)
    work.db.flush()
    return workshop_id


def close_round(work: Work, workshop: WorkshopRecord, *, by: StaffPerson | None) -> None:
    """Close once: open and shuffle the sheets, drop the tickets, destroy the round's key."""
    row = queries.hold_round(work.db, workshop.id, writes=True)
    if row is None or row.state == "closed":
        return
    row.state = "closed"
    row.closed_at = work.now
    work.db.add(row)
    ballots.close_ballot(work, workshop.id)
    name = _round_key(workshop.id)
    for sealed in shuffled(list(queries.find_sealed_sheets(work.db, workshop.id))):
        content = unpad(
            unseal(work.keys.require(name), sealed.sealed, context=f"sheet/{sealed.id}")
        )
        work.db.add(
            Sheet(
                id=new_id(),
                workshop_id=workshop.id,
                form_id=row.form_id,
                answers=content.decode(),
            )
        )
        work.db.delete(sealed)
    for ticket_hash in queries.find_ticket_hashes(work.db, workshop.id):
        ticket = queries.get_ticket(work.db, ticket_hash)
        if ticket is not None:
            work.db.delete(ticket)
    accounts.record_event(
        work, by=by, verb="close_questionnaire", object_kind="workshop", object_id=workshop.id
    )
    work.after_commit.append(lambda: work.keys.destroy(name))
    work.db.flush()


def close_round_of(work: Work, workshop_id: str) -> None:
    """Close a workshop's round because its time is over."""
    close_round(work, workshops.require_workshop(work, workshop_id), by=None)


def forget_ticket(work: Work, card: CardRecord) -> None:
    """The card is erased: its ticket, used or not, hands nothing in any more.

    A sheet that was handed in stays: nobody can say which one it is.
    """
    ticket = queries.get_ticket(work.db, digest(_ticket(work, card)))
    if ticket is not None:
        work.db.delete(ticket)
        work.db.flush()


def find_closed_keys(work: Work) -> list[str]:
    """The names of the keys that ended with their rounds, and with what was told of a ballot."""
    rounds = [_round_key(workshop_id) for workshop_id in queries.find_closed_rounds(work.db)]
    return rounds + ballots.find_ended_keys(work)


def read_result(work: Work, workshop: WorkshopRecord) -> QuestionnaireResult:
    """Counts per question after closing, from 5 sheets; before that only how many came."""
    row = queries.get_round(work.db, workshop.id)
    count = queries.count_sheets(work.db, workshop.id)
    is_closed = row is not None and row.state == "closed"
    if row is None or not is_closed or count < LEAST_SHEETS:
        return QuestionnaireResult(sheets=count, is_closed=is_closed, questions=())
    form = banks.require_form(work, row.form_id)
    sheets = [json.loads(sheet.answers) for sheet in queries.find_sheets(work.db, workshop.id)]
    return QuestionnaireResult(
        sheets=count,
        is_closed=True,
        questions=tuple(_count(item, sheets) for item in form.items),
    )


def read_opinions(work: Work, workshops_of: Sequence[str], *, least: int) -> Opinions:
    """The questionnaire over several workshops, each with `least` sheets at the least."""
    return count_opinions(work, workshops_of, least=max(least, LEAST_SHEETS))


def require_form(work: Work, workshop: WorkshopRecord) -> PublishedForm:
    """The questionnaire that is open; raises QuestionnaireClosed."""
    row = queries.get_round(work.db, workshop.id)
    if row is None or row.state != "open":
        raise QuestionnaireClosed()
    return banks.require_form(work, row.form_id)


def _store_tickets(work: Work, workshop: WorkshopRecord) -> None:
    """A ticket for every card, in the order of their hashes: no order leads to a card."""
    cards = [printed.card for printed in participants.find_printed_cards(work, workshop)]
    for ticket_hash in sorted(digest(_ticket(work, card)) for card in cards):
        work.db.add(QuestionnaireTicket(ticket_hash=ticket_hash, workshop_id=workshop.id))
    work.db.flush()


def _ticket(work: Work, card: CardRecord) -> str:
    key = work.keys.derived("questionnaire")
    return keyed_digest(key, card.workshop_id, card.id)[:_TICKET_LENGTH]


def _round_key(workshop_id: str) -> str:
    return f"questionnaire-{workshop_id}"


def _checked(form: PublishedForm, answer: SheetAnswer) -> SheetAnswer:
    item = form.get_item(answer.item)
    if item is None:
        raise ItemUnknown(item=answer.item)
    if item.kind is ItemKind.SHORT_TEXT:
        if answer.option is not None or len(answer.text or "") > item.max_length:
            raise ResponseMalformed(item=answer.item)
    elif answer.text is not None:
        raise ResponseMalformed(item=answer.item)
    elif answer.option not in {option.option for option in item.options}:
        raise OptionUnknown(item=answer.item, option=answer.option)
    return answer


def _count(item: FormItem, sheets: list[dict[str, list[str | None]]]) -> QuestionCounts:
    said = [sheet[item.item] for sheet in sheets if item.item in sheet]
    chosen = Counter(option for option, _ in said if option)
    options = tuple(
        OptionCount(option=each.option, text=each.text, count=chosen[each.option])
        for each in item.options
    )
    return QuestionCounts(
        item=item.item,
        stem=item.stem,
        options=options,
        answered=len(said),
        blank=len(sheets) - len(said),
        top_two=sum(option.count for option in options[-2:]),
        texts=tuple(text for _, text in said if text),
    )
