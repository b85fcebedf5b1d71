"""What an admin does with banks on a screen: look over, publish, take out as a file."""

from enum import Enum
from functools import cache
from pathlib import Path

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.brought import Brought
from app.adapters.db import Work
from app.banks import importing, queries, service
from app.banks.gift import write_gift
from app.banks.importing import LookedOver as LookedOver  # noqa: PLC0414  what the page shows
from app.banks.moodle_xml import write_moodle
from app.banks.plain import as_json as as_json  # noqa: PLC0414  as the page holds it
from app.banks.plain import from_json
from app.banks.reading import require_banks
from app.banks.schemas import ItemBank, PublishedBank, PublishedForm
from app.banks.translating import write_translation
from app.banks.workbook import write_bank
from app.core.errors import BankBroken, BankNotMended, BankRefused, NotFound

LANGUAGES_OFFERED = ("ur", "ps", "fa-AF", "sd", "ar", "ckb", "bn", "en")
_EXAMPLE = Path(__file__).parent / "example"


class BankFile(Enum):
    """What a published bank can be taken out as."""

    WORKBOOK = "workbook"
    GIFT = "gift"
    MOODLE = "moodle"


def find_banks(work: Work) -> list[PublishedBank]:
    """Every published bank in its newest version, by name."""
    return queries.find_sources(work.db)


def look_over_file(work: Work, brought: Brought) -> LookedOver:
    """The bank in a file with every problem of it; stores nothing. Raises BankRefused."""
    return importing.look_over(brought, lambda ref: get_bank(work, ref), work.now.date())


def publish_sent(work: Work, text: str, *, by: StaffPerson) -> list[PublishedForm]:
    """Publish a bank that was looked over, from the JSON that the page holds.

    Raises BankRefused, BankBroken and BankNotMended: it is checked as if it had not been seen.
    """
    try:
        bank, problems = from_json(text)
    except ValueError as error:
        raise BankRefused(reason="bank_changed") from error
    if bank is None or problems:
        raise BankBroken(problems="\n".join(map(str, problems)))
    return _publish(work, bank, by=by)


def publish_file(work: Work, brought: Brought, *, by: StaffPerson) -> list[PublishedForm]:
    """Publish the bank in a file; raises BankRefused, and BankNotMended with every problem."""
    seen = look_over_file(work, brought)
    if seen.bank is None or not seen.can_be_published:
        wrong = [f"{note.spot}: {note.message}" for note in seen.notes if note.is_error]
        raise BankNotMended(problems="\n".join(wrong))
    return _publish(work, seen.bank, by=by)


def _publish(work: Work, bank: ItemBank, *, by: StaffPerson) -> list[PublishedForm]:
    service.require_mended([bank], work.now.date())
    forms = service.publish_bank(work, bank)
    accounts.record_event(
        work,
        by=by,
        verb="publish_bank",
        object_kind="bank",
        object_id=bank.source.bank,
        forms=[f"{form.form_ref} v{form.version}" for form in forms],
    )
    return forms


def get_bank(work: Work, ref: str) -> ItemBank | None:
    """The newest published version of a bank."""
    source = queries.get_source(work.db, ref)
    return from_json(source)[0] if source is not None else None


def access_bank(work: Work, ref: str) -> ItemBank:
    """The same by a name from outside; raises NotFound."""
    bank = get_bank(work, ref)
    if bank is None:
        raise NotFound()
    return bank


def write_template(work: Work) -> bytes:
    """The workbook of the example, which is a whole little bank."""
    return write_bank(_example(), made_at=work.now)


@cache
def _example() -> ItemBank:
    (bank,) = require_banks(_EXAMPLE)
    return bank


def write_draft(work: Work, text: str) -> bytes:
    """A draft that was looked over as a workbook to go on writing, from the page's JSON.

    Raises BankRefused. What it still needs is no mistake here.
    """
    try:
        bank, _ = from_json(text)
    except ValueError as error:
        raise BankRefused(reason="bank_changed") from error
    if bank is None:
        raise BankRefused(reason="bank_changed")
    return write_bank(bank, made_at=work.now)


def export_bank(work: Work, ref: str, kind: BankFile, *, by: StaffPerson) -> bytes:
    """A published bank as a file of that kind, keys and all; raises NotFound. The log has a line.

    GIFT and Moodle XML hold its own language only.
    """
    bank = access_bank(work, ref)
    accounts.record_event(work, by=by, verb="export_bank", object_kind="bank", object_id=ref)
    match kind:
        case BankFile.WORKBOOK:
            return write_bank(bank, made_at=work.now)
        case BankFile.GIFT:
            return write_gift(bank, bank.source.language)
        case BankFile.MOODLE:
            return write_moodle(bank, bank.source.language)


def export_translation(work: Work, ref: str, language: str, *, by: StaffPerson) -> bytes:
    """A translator's sheet of a published bank; raises NotFound. The log has a line of it."""
    bank = access_bank(work, ref)
    if language == bank.source.language:
        raise NotFound()
    accounts.record_event(work, by=by, verb="export_translation", object_kind="bank", object_id=ref)
    return write_translation(bank, language, made_at=work.now)
