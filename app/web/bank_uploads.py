"""A bank on its way in: the admin's file is opened apart, before the transaction begins."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from app.accounts.schemas import Role
from app.adapters.brought import MOST_BYTES, MOST_UNPACKED, Brought
from app.banks import importing
from app.core.errors import BankRefused, BodyTooLarge
from app.web.deps import BearerToken, TheHouse, check_csrf
from app.web.units import SAFE
from app.web.uploads import keep_form, require_page, require_program

MOST_BODY = 2 * MOST_UNPACKED
"""A page sends the file once, and later the bank that was read, which is longer than its file."""


async def take_page_bank(request: Request, house: TheHouse) -> None:
    """The form of the admin's page of banks; a file in it is read and kept for the handler."""
    if request.method in SAFE:
        return
    await require_page(request, house, Role.ADMIN)
    form = await request.form(max_files=1, max_fields=20, max_part_size=MOST_BODY)
    try:
        keep_form(request, form)
        await check_csrf(request, house)
        file = form.get("file")
        if isinstance(file, UploadFile) and file.filename:
            request.state.bank_file = await _read(await file.read())
    finally:
        await form.close()


async def take_api_bank(request: Request, house: TheHouse, credentials: BearerToken) -> None:
    """A program's file, as the whole body; raises SignInNeeded and NotAllowed."""
    await require_program(request, house, credentials, Role.ADMIN)
    request.state.bank_file = await _read(await request.body())


def bank_file_of(request: Request) -> Brought:
    """What was read of the file; raises BankRefused with what speaks against it."""
    found = getattr(request.state, "bank_file", None)
    if isinstance(found, BankRefused):
        raise found
    if not isinstance(found, Brought):
        raise BankRefused(reason="bank_none_chosen")
    return found


async def _read(content: bytes) -> Brought | BankRefused:
    if len(content) > MOST_BYTES:
        raise BodyTooLarge()
    try:
        return await run_in_threadpool(importing.open_file, content)
    except BankRefused as refused:
        return refused
