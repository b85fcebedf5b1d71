"""A card is held by whoever erases it, and kept by whoever hangs something on it.

Names and certificates point at no card (they are found by keyed digests), so no constraint of the
database stands between an erasure and a name that is being written: these two locks do.
"""

from app.adapters.db import Work
from app.core.errors import CardErased
from app.participants import queries
from app.participants.schemas import CardRecord


def hold_card(work: Work, card: CardRecord) -> None:
    """Nobody hangs anything on this card until this work ends; raises CardErased."""
    if queries.hold_card(work.db, card.id) is None:
        raise CardErased()


def keep_card(work: Work, card: CardRecord) -> None:
    """Nobody erases this card until this work ends; others may keep it too. Raises CardErased."""
    if not queries.keep_card(work.db, card.id):
        raise CardErased()
