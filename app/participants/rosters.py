"""A list of participants taken in: each person gets a card, the name is sealed apart.

Nothing is kept of a list but what was taken in; until then it lives on the trainer's page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.adapters.sealing import KeyMissing, keyed_digest
from app.adapters.sheets import Sheet, SheetRefused, read_lines, read_sheet_apart
from app.core.errors import KeyDestroyed, ListRefused
from app.core.roster_columns import Layout, ListRow, guess_layout, tidy_rows
from app.core.roster_words import Column
from app.core.rosters import (
    MOST_PEOPLE,
    Decisions,
    Listed,
    ReadRow,
    Verdict,
    corrected,
    read_roster,
)
from app.participants import queries, service
from app.participants.names import find_names, names_key, store_name, workshop_key
from app.participants.schemas import ListedCard, Profile
from app.participants.tables import Card, ListedPerson
from app.workshops.schemas import WorkshopRecord


@dataclass(frozen=True)
class SentList:
    """A list as a page or a program sends it back, with what the trainer said of it.

    Without a layout it is guessed; `typed` are corrections by line and column.
    """

    rows: tuple[ListRow, ...]
    layout: Layout | None
    decisions: Decisions
    typed: Mapping[tuple[int, Column], str]


@dataclass(frozen=True)
class Roster:
    """A list as it would be taken in now."""

    rows: tuple[ListRow, ...]
    layout: Layout
    read: tuple[ReadRow, ...]

    def find(self, *verdicts: Verdict) -> list[ReadRow]:
        """The rows with one of these verdicts."""
        return [row for row in self.read if row.verdict in verdicts]


def read_file(content: bytes) -> Sheet:
    """The cells of an uploaded file; blocks for some tenths of a second. Raises ListRefused."""
    return _sheet(read_sheet_apart, content)


def read_pasted(text: str) -> Sheet:
    """The cells of pasted lines: one name a line, or a table copied from elsewhere."""
    return _sheet(read_lines, text.encode("utf-8", "replace"))


def rows_of(sheet: Sheet) -> tuple[ListRow, ...]:
    """The rows of a sheet as a list has them."""
    return tidy_rows(ListRow(row.line, row.cells) for row in sheet.rows)


def look_over(
    work: Work, workshop: WorkshopRecord, sent: SentList, *, provinces: Mapping[str, str]
) -> Roster:
    """What would be taken in, and what needs the trainer. Raises ListRefused and KeyDestroyed."""
    if work.keys.is_destroyed(workshop_key(workshop.id)):
        raise KeyDestroyed()
    layout = sent.layout or guess_layout(sent.rows, provinces)
    rows = corrected(sent.rows, layout.columns, sent.typed)
    read = read_roster(
        rows,
        layout,
        provinces=provinces,
        decisions=sent.decisions,
        known=[_as_listed(each) for each in find_listed(work, workshop)],
        is_known=_key_checker(work, workshop),
    )
    if len(read) > MOST_PEOPLE:
        raise ListRefused(reason="list_too_long")
    return Roster(rows, layout, tuple(read))


def take_in(
    work: Work,
    workshop: WorkshopRecord,
    sent: SentList,
    *,
    provinces: Mapping[str, str],
    by: StaffPerson,
) -> tuple[int, Roster]:
    """Give a card to every person who is ready; how many, and the list as it stands then.

    One transaction: all who are ready, or nobody. Raises ListRefused and KeyDestroyed.
    """
    queries.hold_workshop(work.db, workshop.id)
    ready = look_over(work, workshop, sent, provinces=provinces).find(Verdict.READY)
    if ready:
        key = names_key(work, workshop.id)
        for row, card in zip(ready, _free_cards(work, workshop, len(ready)), strict=True):
            _give(work, card, row, keyed_digest(key, "listed", row.key))
        accounts.record_event(
            work,
            by=by,
            verb="take_in_list",
            object_kind="workshop",
            object_id=workshop.id,
            people=len(ready),
        )
        work.db.flush()
    return len(ready), look_over(work, workshop, sent, provinces=provinces)


def find_listed(work: Work, workshop: WorkshopRecord) -> list[ListedCard]:
    """Everybody whom a list brought, by card number."""
    rows = {row.card_id: row for row in queries.find_listed_rows(work.db, workshop.id)}
    cards = [
        queries.card_of(row)
        for row in queries.find_card_rows(work.db, workshop.id)
        if row.id in rows
    ]
    names = find_names(work, workshop.id, cards)
    return [
        ListedCard(card, names.get(card.id), queries.profile_of(rows[card.id])) for card in cards
    ]


def _sheet(read: Callable[[bytes], Sheet], content: bytes) -> Sheet:
    try:
        return read(content)
    except SheetRefused as refused:
        raise ListRefused(reason=refused.reason) from refused


def _as_listed(each: ListedCard) -> Listed:
    profile: Profile = each.profile
    name = each.name
    return Listed(
        local=name.local if name else "",
        latin=name.latin if name else "",
        father=name.father if name else "",
        sex=profile.sex,
        agency_type=profile.agency_type,
        province=profile.province,
        years=profile.years,
    )


def _key_checker(work: Work, workshop: WorkshopRecord) -> Callable[[str], bool]:
    known = {row.list_key for row in queries.find_listed_rows(work.db, workshop.id)}
    try:
        key = work.keys.require(workshop_key(workshop.id))
    except KeyMissing:
        return lambda _key: False
    return lambda plain: keyed_digest(key, "listed", plain) in known


def _free_cards(work: Work, workshop: WorkshopRecord, count: int) -> list[Card]:
    """So many cards that nobody uses, from the beginning of the stack; new ones where needed."""
    held = _hold_free(work, workshop, count)
    if len(held) < count:
        made = len(queries.find_card_rows(work.db, workshop.id)) + count - len(held)
        if made > service.MOST_CARDS:
            raise ListRefused(reason="no_cards_left")
        service.make_cards(work, workshop, made)
        held = _hold_free(work, workshop, count)
    return held


def _hold_free(work: Work, workshop: WorkshopRecord, count: int) -> list[Card]:
    held: list[Card] = []
    for card_id in reversed(queries.find_free_card_ids(work.db, workshop.id)):
        card = queries.hold_free_card(work.db, card_id) if len(held) < count else None
        if card is not None:
            held.append(card)
    return held


def _give(work: Work, card: Card, row: ReadRow, list_key: str) -> None:
    person = row.person
    work.db.add(
        ListedPerson(
            card_id=card.id,
            workshop_id=card.workshop_id,
            list_key=list_key,
            sex=person.sex,
            agency_type=person.agency_type,
            province=person.province,
            years=person.years,
        )
    )
    store_name(
        work,
        queries.card_of(card),
        local=person.local,
        latin=person.latin,
        father=person.father,
        is_confirmed=False,
    )
