"""The admin's page of question banks: files out, a file in, looked over, published."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from app.adapters.db import Work
from app.banks import authoring
from app.banks.authoring import BankFile
from app.core.errors import Refusal
from app.web.bank_uploads import bank_file_of
from app.web.deps import AuditedWork, OpenWork, PageAdmin, SentForm
from app.web.files import XLSX_TYPE, name_file
from app.web.routers import bank_pages
from app.web.view import ReaderView

router = bank_pages("/admin/banks")
_PAGE = "admin/banks.html"
_ForLanguage = Annotated[str, Query(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]


@router.get("")
def show_banks(view: ReaderView, work: OpenWork, admin: PageAdmin) -> Response:
    """The published banks with their files, the template, and the way to bring a bank."""
    return view.show(_PAGE, error=None, **_context(work))


@router.post("/read", name="read_bank")
def read_bank(
    request: Request, view: ReaderView, work: OpenWork, admin: PageAdmin, sent: SentForm
) -> Response:
    """The bank in a file in all its languages, every problem in place; nothing is kept."""
    try:
        seen = authoring.look_over_file(work, bank_file_of(request))
    except Refusal as refusal:
        view.show_again(_PAGE, refusal, **_context(work))
    return view.show(_PAGE, error=None, **_context(work, seen))


@router.post("", name="publish_bank")
def publish_bank(view: ReaderView, work: OpenWork, admin: PageAdmin, sent: SentForm) -> Response:
    """Publish what was looked over: every form of it, as the command does."""
    try:
        authoring.publish_sent(work, str(sent.get("bank", "")), by=admin)
    except Refusal as refusal:
        view.show_again(_PAGE, refusal, **_context(work))
    return RedirectResponse("/admin/banks", 303)


@router.get("/template.xlsx")
def download_template(work: OpenWork, admin: PageAdmin) -> Response:
    """A little bank to write over, with instructions."""
    content = authoring.write_template(work)
    return _send(content, "tafawut-questions-template.xlsx")


@router.get("/{bank}/bank.xlsx")
def download_bank(work: AuditedWork, admin: PageAdmin, bank: str) -> Response:
    """A published bank as a workbook, keys and all; the download is logged."""
    content = authoring.export_bank(work, bank, BankFile.WORKBOOK, by=admin)
    return _send(content, f"{bank}.xlsx")


@router.post("/draft.xlsx", name="read_bank")
def download_draft(work: OpenWork, admin: PageAdmin, sent: SentForm) -> Response:
    """A draft that the page holds, as a workbook to go on writing; nothing is kept."""
    return _send(authoring.write_draft(work, str(sent.get("bank", ""))), "draft.xlsx")


@router.get("/{bank}/bank.gift")
def download_gift(work: AuditedWork, admin: PageAdmin, bank: str) -> Response:
    """A published bank for Moodle and others, as GIFT; the download is logged."""
    content = authoring.export_bank(work, bank, BankFile.GIFT, by=admin)
    return _send(content, f"{bank}.gift.txt", "text/plain; charset=utf-8")


@router.get("/{bank}/bank.xml")
def download_moodle(work: AuditedWork, admin: PageAdmin, bank: str) -> Response:
    """The same as Moodle XML; the download is logged."""
    content = authoring.export_bank(work, bank, BankFile.MOODLE, by=admin)
    return _send(content, f"{bank}.xml", "application/xml")


@router.get("/{bank}/translation.xlsx")
def download_translation(
    work: AuditedWork, admin: PageAdmin, bank: str, language: _ForLanguage
) -> Response:
    """A translator's sheet: every text beside its translation; the download is logged."""
    content = authoring.export_translation(work, bank, language, by=admin)
    return _send(content, f"{bank}-{language}.xlsx")


def _send(content: bytes, name: str, media_type: str = XLSX_TYPE) -> Response:
    headers = name_file(name) | {"Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def _context(work: Work, seen: authoring.LookedOver | None = None) -> dict[str, Any]:
    return {
        "banks": authoring.find_banks(work),
        "seen": seen,
        "bank_json": authoring.as_json(seen.bank) if seen and seen.bank else "",
        "offered": authoring.LANGUAGES_OFFERED,
    }
