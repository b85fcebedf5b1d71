"""A list of people, a table of scores or a logo on its way in, read before the transaction begins.

Whoever may not bring one has not a byte of it read. The file is opened in a process of its
own, while nobody waits for this request's turn to write.
"""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartParser

from app.accounts import logos
from app.accounts.schemas import Role, StaffPerson
from app.adapters.sheets import MOST_BYTES, Sheet
from app.core.errors import (
    BodyTooLarge,
    ListRefused,
    LogoRefused,
    RequestMalformed,
    SignInNeeded,
)
from app.participants import rosters
from app.web.deps import (
    BearerToken,
    TheHouse,
    check_csrf,
    cookie_name,
    require_laptop,
)
from app.web.house import House
from app.web.staff_ways import open_page, open_token, require_role
from app.web.units import SAFE

MOST_BODY = 2 * MOST_BYTES
"""A page sends the file once, and later its cells with what was said of them."""

_MOST_FIELDS = 4000

# Names are kept in memory until they are sealed: no part of a form is written to a disk.
MultiPartParser.spool_max_size = MOST_BODY


async def take_page_list(request: Request, house: TheHouse) -> None:
    """The form of a trainer's list page; a file in it is read and kept for the handler."""
    await _take(request, house, _sheet_in, Role.TRAINER)


async def take_page_scores(request: Request, house: TheHouse) -> None:
    """The form of an evaluator's page with a table of scores, in the same way."""
    await _take(request, house, _sheet_in, Role.EVALUATOR, Role.ADMIN)


async def take_page_picture(request: Request, house: TheHouse) -> None:
    """The form of the admin's page of logos, in the same way."""
    await _take(request, house, _logo_in, Role.ADMIN)


async def _take(
    request: Request, house: House, read: Callable[[FormData], Awaitable[object]], *roles: Role
) -> None:
    if request.method in SAFE:
        return
    await require_page(request, house, *roles)
    form = await request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=MOST_BODY)
    try:
        keep_form(request, form)
        await check_csrf(request, house)
        request.state.brought = await read(form)
        request.state.file_name = getattr(form.get("file"), "filename", None) or ""
    finally:
        await form.close()


def keep_form(request: Request, form: FormData) -> None:
    """The form's words, for whoever reads them after us; its file stays here."""
    fields: list[tuple[str, str | UploadFile]] = [
        (name, value) for name, value in form.multi_items() if isinstance(value, str)
    ]
    if any("\0" in str(value) for _, value in fields):
        raise RequestMalformed()
    request.state.form = FormData(fields)


async def _sheet_in(form: FormData) -> Sheet | ListRefused | None:
    file, pasted = form.get("file"), str(form.get("pasted", ""))
    if isinstance(file, UploadFile) and file.filename:
        return await _read(await file.read())
    return await _read_pasted(pasted) if pasted.strip() else None


async def require_page(request: Request, house: House, *roles: Role) -> None:
    token = request.cookies.get(cookie_name(house, "staff"), "")
    staff = await run_in_threadpool(_staff_of_page, request, house, token)
    require_role(staff, *roles)


async def take_api_list(request: Request, house: TheHouse, credentials: BearerToken) -> None:
    """A program's file, as the whole body; raises SignInNeeded and NotAllowed."""
    await _take_body(request, house, credentials, _read, Role.TRAINER)


async def take_api_scores(request: Request, house: TheHouse, credentials: BearerToken) -> None:
    """An evaluator's, in the same way."""
    await _take_body(request, house, credentials, _read, Role.EVALUATOR, Role.ADMIN)


async def take_api_picture(request: Request, house: TheHouse, credentials: BearerToken) -> None:
    """An admin's logo, in the same way."""
    await _take_body(request, house, credentials, _read_logo, Role.ADMIN)


async def _take_body(
    request: Request,
    house: House,
    credentials: BearerToken,
    read: Callable[[bytes], Awaitable[object]],
    *roles: Role,
) -> None:
    await require_program(request, house, credentials, *roles)
    request.state.brought = await read(await request.body())


async def require_program(
    request: Request, house: House, credentials: BearerToken, *roles: Role
) -> None:
    """Refuse a program of anybody else before anything is read; raises what `api_staff` raises."""
    await require_laptop(request, house)
    if credentials is None:
        raise SignInNeeded()
    staff = await run_in_threadpool(_staff_of_token, request, house, credentials.credentials)
    require_role(staff, *roles)


def sheet_of(request: Request) -> Sheet:
    """What was read of the file; raises ListRefused with what speaks against it."""
    found = getattr(request.state, "brought", None)
    if found is None:
        raise ListRefused(reason="list_empty")
    if isinstance(found, ListRefused):
        raise found
    if not isinstance(found, Sheet):
        raise TypeError("no list was read for this route")
    return found


def logo_of(request: Request) -> bytes:
    """The picture as it is kept; raises LogoRefused with what speaks against it."""
    found = getattr(request.state, "brought", None)
    if isinstance(found, LogoRefused):
        raise found
    if not isinstance(found, bytes):
        raise LogoRefused(field="file", reason="picture_none")
    return found


def _staff_of_page(request: Request, house: House, token: str) -> StaffPerson:
    with house.unit(writes=False) as work:
        return open_page(request, house, work, token).staff


def _staff_of_token(request: Request, house: House, token: str) -> StaffPerson:
    with house.unit(writes=False) as work:
        return open_token(request, work, token)


async def _read(content: bytes) -> Sheet | ListRefused:
    if len(content) > MOST_BYTES:
        raise BodyTooLarge()
    try:
        return await run_in_threadpool(rosters.read_file, content)
    except ListRefused as refused:
        return refused


async def _logo_in(form: FormData) -> bytes | LogoRefused | None:
    file = form.get("file")
    if not (isinstance(file, UploadFile) and file.filename):
        return None
    return await _read_logo(await file.read())


async def _read_logo(content: bytes) -> bytes | LogoRefused:
    try:
        return await run_in_threadpool(logos.draw_logo, content)
    except LogoRefused as refused:
        return refused


async def _read_pasted(text: str) -> Sheet | ListRefused:
    try:
        return await run_in_threadpool(rosters.read_pasted, text)
    except ListRefused as refused:
        return refused
