"""Issues, corrects, revokes and verifies certificates of participation.

Attendance is the only rule. The register knows a one-way key of the card, so that asking twice
gives the same record; it knows no participant, score, sex or agency.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.accounts import service as accounts
from app.accounts.logos import find_logos
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id, random_below, shuffled
from app.adapters.sealing import is_equal, keyed_digest, seal
from app.certificates import queries
from app.certificates.schemas import (
    CertificateDeed,
    CertificateRecord,
    CertificateStatus,
    HolderLine,
    Issued,
    NameMatch,
    SaidName,
    Verification,
)
from app.certificates.tables import Certificate, CertificateEvent
from app.core.codes import certificate_number, read_certificate_number
from app.core.errors import NameMissing, NotAttended, NotFound
from app.core.text import clean_line, name_key, pad_to
from app.participants import service as participants
from app.participants.holding import keep_card
from app.participants.names import NAME_BYTES, find_names
from app.participants.schemas import CardRecord, HolderName
from app.workshops.schemas import WorkshopRecord

_NUMBERS = 2**50
MOST_AT_ONCE = 100
"""One request's share of a large room: about a second."""


def issue_certificate(
    work: Work,
    workshop: WorkshopRecord,
    card: CardRecord,
    *,
    by: StaffPerson,
    said: SaidName | None = None,
) -> CertificateRecord:
    """Issue to one holder; asked again, the same record comes back.

    Raises NotAttended, CardErased, or NameMissing while the holder has not confirmed the name and
    the trainer has not `said` it, with the reason.
    """
    keep_card(work, card)
    own_key = holder_key(work, card)
    known = queries.get_by_holder(work.db, workshop.id, own_key)
    if known is not None:
        return queries.record_of(known)
    days = participants.find_attendance(work, card)
    if len(days) < workshop.days_needed:
        raise NotAttended()
    reason = clean_line(said.reason, max_length=300, field="reason") if said else ""
    name = _name_for(work, card, said)
    number = _free_number(work)
    made_id = new_id()
    insert_if_absent(
        work,
        Certificate,
        id=made_id,
        number=number,
        holder_key=own_key,
        days_attended=len(days),
        **_frozen_columns(work, workshop),
        **_name_columns(work, workshop.id, number, name),
    )
    row = queries.get_by_holder(work.db, workshop.id, own_key)
    if row is None:
        raise NotFound()
    if row.id != made_id:  # another trainer was first
        return queries.record_of(row)
    _record(work, row, "issue", by=by, reason=reason)
    return queries.record_of(row)


def issue_all(
    work: Work, workshop: WorkshopRecord, *, by: StaffPerson, most: int = MOST_AT_ONCE
) -> Issued:
    """Issue to everybody who is ready, at most so many in one go; asked again, it goes on.

    In random order: the order of a register's rows must not tell the order of the cards.
    """
    ready = [line for line in find_holders(work, workshop) if line.is_ready]
    for line in shuffled(ready)[:most]:
        card = participants.require_card(work, workshop, line.card_number)
        issue_certificate(work, workshop, card, by=by)
    return Issued(issued=min(len(ready), most), left=max(0, len(ready) - most))


def supersede_certificate(
    work: Work,
    certificate: CertificateRecord,
    *,
    local: str,
    latin: str,
    reason: str,
    by: StaffPerson,
) -> CertificateRecord:
    """A corrected name: the number stays, the edition goes up."""
    row = _require_row(work, certificate)
    name = participants.checked_name(local=local, latin=latin)
    columns = _name_columns(work, row.workshop_id, row.number, name)
    columns |= {"edition": row.edition + 1, "edition_at": work.now}
    return _changed(work, row, "supersede", columns, reason=reason, by=by)


def revoke_certificate(
    work: Work, certificate: CertificateRecord, *, reason: str, by: StaffPerson
) -> CertificateRecord:
    """Revoke with a reason that stays inside; again changes nothing."""
    row = _require_row(work, certificate)
    if row.status == CertificateStatus.REVOKED.value:
        return queries.record_of(row)
    columns = {"status": CertificateStatus.REVOKED.value}
    return _changed(work, row, "revoke", columns, reason=reason, by=by)


def reinstate_certificate(
    work: Work, certificate: CertificateRecord, *, reason: str, by: StaffPerson
) -> CertificateRecord:
    """Undo a revocation; again changes nothing."""
    row = _require_row(work, certificate)
    if row.status == CertificateStatus.ISSUED.value:
        return queries.record_of(row)
    columns = {"status": CertificateStatus.ISSUED.value}
    return _changed(work, row, "reinstate", columns, reason=reason, by=by)


def access_certificate(work: Work, workshop: WorkshopRecord, number: str) -> CertificateRecord:
    """A certificate of this workshop; a foreign one looks like a missing one: NotFound."""
    row = queries.get_by_number(work.db, number)
    if row is None or row.workshop_id != workshop.id:
        raise NotFound()
    return queries.record_of(row)


def verify(work: Work, typed: str, *, name: str = "", edition: int | None = None) -> Verification:
    """What anyone may know of a number; raises CodeMistyped without asking the database.

    A paper whose edition was never issued is not found.
    """
    number = read_certificate_number(typed)
    row = queries.get_by_number(work.db, number)
    if row is not None and edition is not None and not 1 <= edition <= row.edition:
        row = None
    key = work.keys.derived("certificate-names")
    asked = keyed_digest(key, number, name_key(name))
    # The comparison is made for unknown numbers too: answers take the same time.
    stored = row.name_digest.split(" ") if row else [keyed_digest(key, number, "nobody")] * 2
    fits = [is_equal(asked, each) for each in stored]
    if not name_key(name):
        match = NameMatch.NOT_ASKED
    else:
        match = NameMatch.MATCH if row and any(fits) else NameMatch.NO_MATCH
    return Verification(
        number=number,
        certificate=queries.record_of(row) if row else None,
        name_match=match,
        asked_edition=edition,
    )


def get_own_certificate(
    work: Work, workshop: WorkshopRecord, card: CardRecord
) -> CertificateRecord | None:
    """The certificate of a card's holder."""
    row = queries.get_by_holder(work.db, workshop.id, holder_key(work, card))
    return queries.record_of(row) if row else None


def find_holders(work: Work, workshop: WorkshopRecord) -> list[HolderLine]:
    """Every card with what its holder still needs for a certificate; no answers, no marks."""
    rows = {row.holder_key: row for row in queries.find_of_workshop(work.db, workshop.id)}
    cards = participants.find_card_lines(work, workshop)
    names = find_names(work, workshop.id, [each.card for each in cards])
    lines = []
    for each in cards:
        if each.participant is None and not each.days:
            continue
        name = names.get(each.card.id)
        row = rows.get(holder_key(work, each.card))
        lines.append(
            HolderLine(
                card_number=each.card.number,
                days_attended=len(each.days),
                is_enough=len(each.days) >= workshop.days_needed,
                name_local=name.local if name else "",
                name_latin=name.latin if name else "",
                is_name_confirmed=name is not None and name.is_confirmed,
                certificate=queries.record_of(row) if row else None,
            )
        )
    return lines


def forget_holders(work: Work, workshop_id: str) -> None:
    """The end of names: no row leads to a card or holds a name; typed names still fit or not."""
    queries.forget_holders(work.db, workshop_id)


def find_workshops_with_holders(work: Work) -> set[str]:
    """The workshops of which a certificate still leads to a card."""
    return queries.find_workshops_with_holders(work.db)


def let_go(work: Work, workshop_id: str, holder: str, *, keeps: bool) -> None:
    """The card behind this `holder_key` is erased: no row leads to it or holds its holder's name.

    Kept, the paper can still be checked: number, days, and keyed digests of the name. The reasons
    that trainers typed go either way, for they may hold a name.
    """
    row = queries.get_by_holder(work.db, workshop_id, holder)
    if row is None:
        return
    if keeps:
        queries.let_go(work.db, row.id)
    else:
        queries.remove(work.db, row.id)


def find_unheld(work: Work, workshop: WorkshopRecord) -> list[CertificateRecord]:
    """The certificates whose holders were forgotten, by number."""
    rows = queries.find_of_workshop(work.db, workshop.id)
    return [queries.record_of(row) for row in rows if row.holder_key is None]


def find_deeds(work: Work, certificate: CertificateRecord) -> list[CertificateDeed]:
    """A certificate's life, the oldest first; the reasons stay inside."""
    return queries.find_events(work.db, certificate.id)


def _name_for(work: Work, card: CardRecord, said: SaidName | None) -> HolderName:
    """The holder's own word, else the trainer's; raises NameMissing."""
    name = participants.get_name(work, card)
    if name is not None and name.is_confirmed:
        return name
    if said is None:
        raise NameMissing()
    return participants.checked_name(local=said.local, latin=said.latin)


def _frozen_columns(work: Work, workshop: WorkshopRecord) -> dict[str, Any]:
    """What is printed, as it is true now."""
    logos = find_logos(work, workshop.organisation_id)
    return {
        "workshop_id": workshop.id,
        "organisation_name": workshop.organisation_name,
        "languages": json.dumps([*workshop.languages, *workshop.draft_languages]),
        "workshop_title": workshop.title,
        "place": workshop.place,
        "starts_on": workshop.starts_on,
        "ends_on": workshop.ends_on,
        "days_held": workshop.days_held,
        "hours": workshop.hours,
        "logos": json.dumps([each.id for each in logos]) if logos else None,
        "is_specimen": workshop.is_synthetic,
        "issued_at": work.now,
        "edition_at": work.now,
        "changed_at": work.now,
    }


def holder_key(work: Work, card: CardRecord) -> str:
    """By which this service knows whose certificate a row is, and by nothing else."""
    return keyed_digest(work.keys.derived("certificate-holders"), card.workshop_id, card.id)


def _free_number(work: Work) -> str:
    while True:
        number = certificate_number(random_below(_NUMBERS))
        if queries.get_by_number(work.db, number) is None:
            return number


def _name_columns(work: Work, workshop_id: str, number: str, name: HolderName) -> dict[str, Any]:
    """The name sealed under the workshop's key, and the keyed digests a typed name is held to."""
    content = pad_to("\n".join([name.local, name.latin]).encode(), NAME_BYTES)
    workshop_key = participants.names_key(work, workshop_id)
    return {
        "sealed_name": seal(workshop_key, content, context=f"certificate/{number}"),
        "name_digest": name_digests(work, number, name),
    }


def name_digests(work: Work, number: str, name: HolderName) -> str:
    """What a typed name is held to, by this service's key: one digest for each spelling."""
    key = work.keys.derived("certificate-names")
    spellings = [name.local or name.latin, name.latin or name.local]
    return " ".join(keyed_digest(key, number, name_key(each)) for each in spellings)


def _require_row(work: Work, certificate: CertificateRecord) -> Certificate:
    row = queries.get_row(work.db, certificate.id)
    if row is None:
        raise NotFound()
    return row


def _changed(
    work: Work,
    row: Certificate,
    verb: str,
    columns: Mapping[str, Any],
    *,
    reason: str,
    by: StaffPerson,
) -> CertificateRecord:
    """The reason is read first: a refused one leaves the row as the page shows it again."""
    reason = clean_line(reason, max_length=300, field="reason")
    for column, value in columns.items():
        setattr(row, column, value)
    row.changed_at = work.now
    work.db.add(row)
    work.db.flush()
    _record(work, row, verb, by=by, reason=reason)
    return queries.record_of(row)


def _record(work: Work, row: Certificate, verb: str, *, by: StaffPerson, reason: str = "") -> None:
    work.db.add(
        CertificateEvent(
            certificate_id=row.id,
            happened_at=work.now,
            verb=verb,
            edition=row.edition,
            staff_id=by.id,
            reason=reason,
        )
    )
    accounts.record_event(
        work, by=by, verb=f"{verb}_certificate", object_kind="certificate", object_id=row.id
    )
