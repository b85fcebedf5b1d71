"""A person's name, sealed with the workshop's key and apart from everything else.

Whoever holds the database without the key finds no name, and no way from a name to a card.
"""

import json
from collections.abc import Iterable
from dataclasses import replace

from app.adapters.db import Work
from app.adapters.sealing import KeyMissing, keyed_digest, seal, unseal
from app.core.errors import KeyDestroyed, NameMissing, NameRefused
from app.core.text import clean_name, pad_to, unpad
from app.participants import queries
from app.participants.holding import keep_card
from app.participants.schemas import CardRecord, HolderName, OpenedWith, OpenPass
from app.participants.tables import Identity

# Two names of 200 signs and a father's of 100, four bytes each; one size tells no name's length.
NAME_BYTES = 2048


def store_name(
    work: Work, card: CardRecord, *, local: str, latin: str, is_confirmed: bool, father: str = ""
) -> HolderName:
    """Seal a name under the workshop's key; one of the two spellings may be left out.

    A father's name that is known from a list stays, when none is given. Raises CardErased.
    """
    keep_card(work, card)
    name = checked_name(local=local, latin=latin, is_confirmed=is_confirmed)
    key = names_key(work, card.workshop_id)
    own_key = person_key(key, card)
    known = get_name(work, card)
    name = replace(name, father=clean_name(father) if father else known.father if known else "")
    content = json.dumps([name.local, name.latin, name.father], ensure_ascii=False).encode()
    sealed = seal(key, pad_to(content, NAME_BYTES), context=f"name/{own_key}")
    row = queries.get_identity(work.db, own_key)
    if row is None:
        row = Identity(person_key=own_key, workshop_id=card.workshop_id, sealed_name=sealed)
    row.sealed_name = sealed
    row.is_confirmed = is_confirmed
    work.db.add(row)
    work.db.flush()
    return name


def checked_name(*, local: str, latin: str, is_confirmed: bool = True) -> HolderName:
    """A name in one or both spellings, tidied; raises NameRefused or NameMissing."""
    name = HolderName(
        local=_cleaned("local", local),
        latin=_cleaned("latin", latin),
        is_confirmed=is_confirmed,
    )
    if not name.local and not name.latin:
        raise NameMissing()
    return name


def _cleaned(field: str, typed: str) -> str:
    try:
        return clean_name(typed) if typed.strip() else ""
    except NameRefused as refusal:
        raise NameRefused(field=field, **refusal.facts) from None


def get_name(work: Work, card: CardRecord) -> HolderName | None:
    """The name behind a card, if one was given; raises KeyDestroyed."""
    try:
        key = work.keys.require(workshop_key(card.workshop_id))
    except KeyMissing:
        return None
    row = queries.get_identity(work.db, person_key(key, card))
    return _opened(key, row) if row else None


def find_names(work: Work, workshop_id: str, cards: Iterable[CardRecord]) -> dict[str, HolderName]:
    """The names behind these cards of one workshop, by the card's id; none once the key is gone."""
    try:
        key = work.keys.require(workshop_key(workshop_id))
    except KeyMissing:
        return {}
    rows = {row.person_key: row for row in queries.find_identities(work.db, workshop_id)}
    by_card = {card.id: rows.get(person_key(key, card)) for card in cards}
    return {card_id: _opened(key, row) for card_id, row in by_card.items() if row}


def get_shown_name(work: Work, phone: OpenPass) -> HolderName | None:
    """The name as this phone may show it; raises KeyDestroyed.

    Four digits show no name that somebody else typed: what a list says is shown to the card alone.
    """
    name = get_name(work, phone.card)
    is_own = name is not None and name.is_confirmed
    return name if is_own or phone.opened_with is OpenedWith.TOKEN else None


def _opened(key: bytes, row: Identity) -> HolderName:
    try:
        content = unseal(key, row.sealed_name, context=f"name/{row.person_key}")
    except KeyMissing as error:
        raise KeyDestroyed() from error
    local, latin, *father = json.loads(unpad(content))
    return HolderName(
        local=local, latin=latin, is_confirmed=row.is_confirmed, father="".join(father)
    )


def names_key(work: Work, workshop_id: str) -> bytes:
    """The key that seals a workshop's names; raises KeyDestroyed once it is gone."""
    try:
        return work.keys.get_or_make(workshop_key(workshop_id))
    except KeyMissing as error:
        raise KeyDestroyed() from error


def workshop_key(workshop_id: str) -> str:
    """The name of the key that seals a workshop's names."""
    return f"workshop-{workshop_id}"


def person_key(key: bytes, card: CardRecord) -> str:
    """Under which a card's name is found by its workshop's key, and by nothing else."""
    return keyed_digest(key, "person", card.id)
