"""A workshop as one file: written where it was held, read into the place where reports are made.

The whole workshop or nothing, in one transaction. What is there already is not touched, so reading
a file twice changes nothing. app/guides/workshop-files.md says why.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, ProgrammingError

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, empty_log
from app.adapters.row_copies import RowForeign
from app.adapters.sealing import KeyMissing
from app.certificates import carrying as carried_certificates
from app.certificates import service as certificates
from app.core.errors import KeyDestroyed
from app.feedback import carrying as carried_feedback
from app.feedback import service as feedback
from app.gains import carrying as carried_gains
from app.gains import service as gains
from app.gains.carrying import Told
from app.participants import carrying as carried_people
from app.participants import service as participants
from app.participants.schemas import CardRecord
from app.sittings import carrying as carried_tests
from app.upkeep import erasures
from app.upkeep.carried_forms import name_forms, with_own_forms
from app.upkeep.sealed_files import FileRefused
from app.workshops import carrying as carried_workshops
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

FORMAT = "tafawut-workshop-1"
_PARTS = {
    "organisation": str, "programme": str | None, "forms": dict, "threshold": int, "told": str,
    "names_key": str | None, "rows": dict,
}  # fmt: skip
_NEVER_WITHOUT = ("workshops", "participants", "sittings")
_DOES_NOT_FIT = (
    RowForeign, KeyMissing, KeyDestroyed, LookupError, TypeError, ValueError, ArithmeticError,
    AttributeError, DataError, IntegrityError, InterfaceError, ProgrammingError,
)  # fmt: skip
"""What rows raise that nobody exported: whoever makes a file signs what he likes."""


@dataclass(frozen=True)
class Summary:
    """What the command line says of a workshop in a file."""

    workshop_id: str
    title: str
    people: int
    tests: int
    has_names: bool
    is_known: bool = False


def write_document(work: Work, workshop_id: str, *, with_names: bool, threshold: int) -> bytes:
    """The workshop as canonical JSON; a line in the audit log. Raises FileRefused or NotFound."""
    workshop = workshops.require_workshop(work, workshop_id)
    _require_over(work, workshop)
    key = _names_key(work, workshop) if with_names else None
    copies = (
        carried_workshops.copy_out(work, workshop.id)
        | _copy_people(work, workshop, with_names=with_names)
        | carried_gains.copy_out(work, workshop.id)
    )
    document = {
        "format": FORMAT,
        "made_at": work.now.isoformat(),
        "organisation": workshop.organisation_name,
        "programme": workshop.programme_name if workshop.programme_id else None,
        **name_forms(work, copies),
        "threshold": threshold,
        "told": carried_gains.how_told(work, workshop.id).value,
        "names_key": base64.b64encode(key).decode() if key is not None else None,
        "rows": copies,
    }
    accounts.record_event(
        work, by=None, verb="export_workshop", object_kind="workshop", object_id=workshop.id,
        names=key is not None,
    )  # fmt: skip
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _copy_people(
    work: Work, workshop: WorkshopRecord, *, with_names: bool
) -> dict[str, list[dict[str, Any]]]:
    """Who was there, their tests and sheets; with names also the names and certificates."""
    tests = [each.id for each in workshops.find_administrations(work, workshop)]
    copies = (
        carried_people.copy_out(work, workshop.id, with_names=with_names)
        | carried_tests.copy_out(work, tests)
        | carried_feedback.copy_out(work, workshop.id)
    )
    if with_names:
        copies |= carried_certificates.copy_out(work, workshop.id, _cards(work, workshop))
    return copies


def read_document(content: bytes) -> dict[str, Any]:
    """A document as it was written; raises FileRefused."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileRefused("What is in the file cannot be read.") from error
    is_ours = isinstance(document, dict) and document.get("format") == FORMAT
    if not is_ours or not _is_shaped(document):
        raise FileRefused(
            "The file was made by another version. Bring both computers to the same version."
        )
    known: dict[str, Any] = document
    return known


def _is_shaped(document: dict[str, Any]) -> bool:
    """Whether every part is there, with lists of rows in it, one workshop among them."""
    if not all(isinstance(document.get(name, ...), kind) for name, kind in _PARTS.items()):
        return False
    rows = document["rows"]
    lists = [*rows.values(), *(rows.get(name) for name in _NEVER_WITHOUT)]
    if not all(isinstance(each, list) for each in lists):
        return False
    if not all(isinstance(row, dict) for each in lists for row in each):
        return False
    told = [row.get(name) for row in rows["workshops"] for name in ("id", "title")]
    told += [row.get("id") for row in rows["sittings"]]
    return len(rows["workshops"]) == 1 and all(isinstance(each, str) for each in told)


def tell(document: dict[str, Any]) -> Summary:
    """What a document holds, in numbers."""
    rows = document["rows"]
    (workshop,) = rows["workshops"]
    return Summary(
        workshop_id=workshop["id"],
        title=workshop["title"],
        people=len(rows["participants"]),
        tests=len(rows["sittings"]),
        has_names=document["names_key"] is not None,
    )


def bring_in(
    work: Work,
    document: dict[str, Any],
    *,
    owner: StaffPerson,
    programme: str | None,
    is_other_organisation: bool,
    threshold: int,
) -> Summary:
    """Read a workshop into this database, owned by a trainer here; what is there stays untouched.

    `programme`: its name here, where the file's own is not meant. Raises FileRefused, and nothing
    was written.
    """
    told = tell(document)
    if carried_workshops.is_known(work, told.workshop_id):
        return Summary(**(vars(told) | {"is_known": True}))
    _require_tellable(document, threshold)
    _require_organisation(work, document, owner, is_other=is_other_organisation)
    try:
        rows = with_own_forms(work, document)
        carried_workshops.bring_in(
            work,
            rows,
            organisation_id=owner.organisation_id,
            programme_id=_find_programme(work, document, owner, programme),
            owner_id=owner.id,
        )
        _bring_in_rest(work, document, rows)
        _count(work, told.workshop_id, rows, threshold)
    except _DOES_NOT_FIT as error:
        raise FileRefused(
            "The file's rows do not fit this database. Bring both computers to the same version."
        ) from error
    accounts.record_event(
        work, by=None, verb="import_workshop", object_kind="workshop", object_id=told.workshop_id,
        people=told.people, names=told.has_names,
    )  # fmt: skip
    return told


def _count(
    work: Work, workshop_id: str, rows: dict[str, list[dict[str, Any]]], threshold: int
) -> None:
    """Make here what does not travel; raises FileRefused where scores are not what answers make."""
    workshop = workshops.require_workshop(work, workshop_id)
    tests = [each.id for each in workshops.find_administrations(work, workshop)]
    if carried_tests.count_other_scores(work, tests):
        raise FileRefused("The scores in the file are not what its answers make. It is refused.")
    carried_gains.count_afresh(work, workshop.id, {row["form_id"] for row in rows["sittings"]})
    gains.release_due(work, threshold=threshold)


def wipe(work: Work, document: dict[str, Any]) -> WorkshopRecord:
    """Take away who was in a workshop that stands in this file, with their answers and names.

    What stays: the workshop, what was released, and the register of certificates without names.
    Raises FileRefused where something of them is here that the file does not hold (names and
    certificates, if it holds names at all), and NotFound.
    """
    told = tell(document)
    workshop = workshops.require_workshop(work, told.workshop_id)
    _require_over(work, workshop)
    _require_held(_copy_people(work, workshop, with_names=told.has_names), document["rows"])
    _take_away(work, workshop)
    erasures.note_wiped(work, workshop.id)
    return workshop


def is_to_be_wiped(work: Work, workshop_id: str, wiped_at: datetime) -> bool:
    """Whether people of a workshop that was wiped then came back with a restored copy."""
    events = [
        *accounts.find_facts(work, "wipe_workshop", workshop_id),
        *accounts.find_facts(work, "import_workshop", workshop_id),
    ]
    is_since = any(happened_at >= wiped_at for happened_at, _ in events)
    return not is_since and carried_workshops.is_known(work, workshop_id)


def wipe_again(work: Work, workshop_id: str) -> None:
    """Take away who came back with a restored copy; raises NotFound."""
    _take_away(work, workshops.require_workshop(work, workshop_id))


def _take_away(work: Work, workshop: WorkshopRecord) -> None:
    tests = [each.id for each in workshops.find_administrations(work, workshop)]
    carried_gains.wipe(work, workshop.id)
    carried_feedback.wipe(work, workshop.id)
    carried_tests.wipe(work, tests)
    certificates.forget_holders(work, workshop.id)
    carried_people.wipe(work, workshop.id)
    accounts.record_event(
        work, by=None, verb="wipe_workshop", object_kind="workshop", object_id=workshop.id
    )
    name = participants.workshop_key(workshop.id)
    work.after_commit.extend((lambda: work.keys.destroy(name), lambda: empty_log(work)))


def _require_held(
    here: dict[str, list[dict[str, Any]]], held: dict[str, list[dict[str, Any]]]
) -> None:
    """Every row here is in the file, as it is; raises FileRefused. Who was erased may lack here."""
    for table, rows in here.items():
        known = {json.dumps(row, sort_keys=True) for row in held.get(table, [])}
        if not {json.dumps(row, sort_keys=True) for row in rows} <= known:
            raise FileRefused("More is here than in this file, or something changed. Export again.")


def _require_over(work: Work, workshop: WorkshopRecord) -> None:
    """Every test that was opened is closed and its late hours are over; raises FileRefused."""
    for each in workshops.find_administrations(work, workshop):
        if each.opened_at is not None and each.closed_at is None:
            raise FileRefused("A test of this workshop is still open. Close it first.")
        if each.opened_at is not None and each.settled_at is None:
            raise FileRefused(
                "Answers may still arrive for some hours. Wait, or say --no-more-answers."
            )
    state = feedback.get_state(work, workshop)
    if state is not None and state.is_open:
        raise FileRefused("The questionnaire is still open. Close the post-test first.")


def _names_key(work: Work, workshop: WorkshopRecord) -> bytes:
    try:
        return work.keys.require(participants.workshop_key(workshop.id))
    except KeyMissing as error:
        raise FileRefused(
            "This workshop has no names, or they have ended. Leave --names out."
        ) from error


def _cards(work: Work, workshop: WorkshopRecord) -> list[CardRecord]:
    return [each.card for each in participants.find_card_lines(work, workshop)]


def _require_tellable(document: dict[str, Any], threshold: int) -> None:
    told = document["told"]
    if told == Told.IN_COMPANY.value:
        raise FileRefused(
            "Figures of this workshop were told outside there, together with others. "
            "Told again here they would leave a few people between the two."
        )
    if told == Told.ALONE.value and document["threshold"] != threshold:
        raise FileRefused(
            f"There groups are told from {document['threshold']} people, here from {threshold}. "
            "Set TAFAWUT_OUTSIDE_THRESHOLD alike on both before the file is made."
        )


def _require_organisation(
    work: Work, document: dict[str, Any], owner: StaffPerson, *, is_other: bool
) -> None:
    names = {each.id: each.name for each in accounts.find_organisations(work)}
    own = names.get(owner.organisation_id, "")
    if own != document["organisation"] and not is_other:
        raise FileRefused(
            f"The workshop is of {document['organisation']}, {owner.login} of {own}. "
            "Name a trainer of the same organisation, or say --other-organisation."
        )


def _find_programme(
    work: Work, document: dict[str, Any], owner: StaffPerson, said: str | None
) -> str | None:
    name = document["programme"] if said is None else said
    if not name:
        return None
    known = {each.name: each.id for each in accounts.find_programmes(work, owner.organisation_id)}
    if name not in known:
        raise FileRefused(
            f"There is no programme {name} here. Make it, or say --programme with one of: "
            f"{', '.join(sorted(known)) or 'none'}."
        )
    return known[name]


def _bring_in_rest(
    work: Work, document: dict[str, Any], rows: dict[str, list[dict[str, Any]]]
) -> None:
    (row,) = rows["workshops"]
    carried_people.bring_in(work, rows)
    carried_tests.bring_in(work, rows)
    carried_feedback.bring_in(work, rows)
    carried_gains.bring_in(work, rows)
    if document["names_key"] is not None:
        _keep_key(work, row["id"], base64.b64decode(document["names_key"], validate=True))
        workshop = workshops.require_workshop(work, row["id"])
        carried_certificates.bring_in(work, rows, _cards(work, workshop))


def _keep_key(work: Work, workshop_id: str, key: bytes) -> None:
    try:
        work.keys.put(participants.workshop_key(workshop_id), key)
    except KeyMissing as error:
        raise FileRefused(
            "The names of this workshop have ended here. Export without --names."
        ) from error
