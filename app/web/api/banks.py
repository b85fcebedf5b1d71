"""API: a bank as a file, looked over or published; what is said of it names its places."""

from fastapi import APIRouter, Depends, Request

from app.banks import authoring
from app.web.api.problems import PROBLEMS
from app.web.api.wire import Told
from app.web.bank_uploads import MOST_BODY, bank_file_of, take_api_bank
from app.web.deps import ApiAdmin, OpenWork

router = APIRouter(
    prefix="/banks",
    responses=PROBLEMS,
    tags=["banks"],
    max_body_size=MOST_BODY,
    dependencies=[Depends(take_api_bank)],
)


class BankNote(Told):
    """A sentence about one place of a file."""

    place: str
    message: str
    must_be_mended: bool


class SeenBank(Told):
    """What was read of a file: the bank's name, and everything that is wrong with it."""

    bank: str | None
    item_count: int
    can_be_published: bool
    is_draft: bool
    not_carried: list[str]
    notes: list[BankNote]


class PublishedFormName(Told):
    """A form by its name, and the version that has this content."""

    form: str
    version: int
    is_reviewed: bool


@router.post("/read", operation_id="read_bank")
def read_bank(request: Request, work: OpenWork, admin: ApiAdmin) -> SeenBank:
    """A bank's file (XLSX, or ZIP of YAML; the whole body) looked over; nothing is kept."""
    seen = authoring.look_over_file(work, bank_file_of(request))
    source = seen.bank.source if seen.bank else None
    notes = [
        BankNote(place=str(each.spot), message=each.message, must_be_mended=each.is_error)
        for each in seen.notes
    ]
    return SeenBank(
        bank=source.bank if source else None,
        item_count=len(source.items) if source else 0,
        can_be_published=seen.can_be_published,
        is_draft=seen.is_draft,
        not_carried=[f"{each.spot}: {each.message}" for each in seen.losses],
        notes=notes,
    )


@router.post("", operation_id="publish_bank")
def publish_bank(request: Request, work: OpenWork, admin: ApiAdmin) -> list[PublishedFormName]:
    """Publish every form of a bank's file; refused as a whole while anything must be mended."""
    forms = authoring.publish_file(work, bank_file_of(request), by=admin)
    return [
        PublishedFormName(form=form.form_ref, version=form.version, is_reviewed=form.is_reviewed())
        for form in forms
    ]
