"""Certificates with their holders' names in a workshop file, and from it into this register.

They travel with the names alone: what a typed name is held to, and the way to the card, are keyed
by the service, so that they are made anew here from the sealed name.
"""

from sqlalchemy import Table, select

from app.adapters.db import Work
from app.adapters.row_copies import Plain, add_copies, copy_rows
from app.certificates.papers import name_on
from app.certificates.service import holder_key, name_digests
from app.certificates.tables import Certificate, CertificateEvent
from app.participants.schemas import CardRecord

Copies = dict[str, list[Plain]]
_CERTIFICATES: Table = Certificate.__table__  # type: ignore[attr-defined]
_EVENTS: Table = CertificateEvent.__table__  # type: ignore[attr-defined]


def copy_out(work: Work, workshop_id: str, cards: list[CardRecord]) -> Copies:
    """Those with a holder; `holder_key` holds the card's id on the way."""
    by_key = {holder_key(work, card): card.id for card in cards}
    own = (_CERTIFICATES.c.workshop_id == workshop_id) & _CERTIFICATES.c.sealed_name.is_not(None)
    rows = [
        row | {"holder_key": by_key[row["holder_key"]]}
        for row in copy_rows(work.db, _CERTIFICATES, own)
        if row["holder_key"] in by_key
    ]
    ids = select(_CERTIFICATES.c.id).where(own)
    events = copy_rows(work.db, _EVENTS, _EVENTS.c.certificate_id.in_(ids))
    return {
        "certificates": rows,
        "certificate_events": [row | {"staff_id": None} for row in events],
    }


def bring_in(work: Work, copies: Copies, cards: list[CardRecord]) -> None:
    """Their numbers, days and editions as they were printed; raises RowForeign."""
    known = {card.id: card for card in cards}
    add_copies(
        work.db,
        _CERTIFICATES,
        [
            row | {"holder_key": holder_key(work, known[row["holder_key"]]), "name_digest": ""}
            for row in copies.get("certificates", [])
        ],
    )
    add_copies(work.db, _EVENTS, copies.get("certificate_events", []), numbered="id")
    for told in copies.get("certificates", []):
        row = work.db.get_one(Certificate, told["id"])
        row.name_digest = name_digests(work, row.number, name_on(work, row))
        work.db.add(row)
    work.db.flush()
