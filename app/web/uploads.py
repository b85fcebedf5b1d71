"""A list of participants on its way in: read before the request's transaction begins.

Whoever is no signed-in trainer has not a byte of it read. The file is opened in a process of its
own, while nobody waits for this request's turn to write.
"""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartParser

from app.accounts import sign_ins
from app.accounts.schemas import Role, StaffPerson
from app.adapters.sheets import MOST_BYTES, Sheet
from app.core.errors import (
    BodyTooLarge,
    LaptopOnly,
    ListRefused,
    NotAllowed,
    RequestMalformed,
    SignInNeeded,
)
from app.participants import rosters
from app.web.deps import BearerToken, TheHouse, check_csrf, cookie_name, require_laptop
from app.web.house import House
from app.web.laptop import is_elsewhere

MOST_BODY = 2 * MOST_BYTES
"""A page sends the file once, and later its cells with what was said of them."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_FIELDS = 4000

# Names are kept in memory until they are sealed: no part of a form is written to a disk.
MultiPartParser.spool_max_size = MOST_BODY


async def take_page_list(request: Request, house: TheHouse) -> None:
    """The form of a trainer's list page; a file in it is read and kept for the handler."""
    if request.method in _SAFE:
        return
    await require_trainer(request, house)
    form = await request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=MOST_BODY)
    try:
        _keep_form(request, form)
        await check_csrf(request, house)
        request.state.sheet = await _sheet_in(form)
    finally:
        await form.close()


def _keep_form(request: Request, form: FormData) -> None:
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


async def require_trainer(request: Request, house: House) -> None:
    """Refuse who is no trainer before anything is read; raises what `page_sign_in` raises."""
    token = request.cookies.get(cookie_name(house, "staff"), "")
    elsewhere = is_elsewhere(request, house)
    staff = await run_in_threadpool(_staff_of_page, house, token, has_to_be_borrowed=elsewhere)
    _require_trainer(staff)


async def take_api_list(request: Request, house: TheHouse, credentials: BearerToken) -> None:
    """A program's file, as the whole body; raises SignInNeeded and NotAllowed."""
    await require_laptop(request, house)
    if credentials is None:
        raise SignInNeeded()
    _require_trainer(await run_in_threadpool(_staff_of_token, house, credentials.credentials))
    request.state.sheet = await _read(await request.body())


def sheet_of(request: Request) -> Sheet:
    """What was read of the file; raises ListRefused with what speaks against it."""
    found = getattr(request.state, "sheet", None)
    if found is None:
        raise ListRefused(reason="list_empty")
    if isinstance(found, ListRefused):
        raise found
    if not isinstance(found, Sheet):
        raise TypeError("no list was read for this route")
    return found


def _staff_of_page(house: House, token: str, *, has_to_be_borrowed: bool) -> StaffPerson:
    with house.unit(writes=False) as work:
        found = sign_ins.get_sign_in(work, token, house.sign_in_rules) if token else None
    if has_to_be_borrowed and (found is None or not found.is_borrowed):
        raise LaptopOnly()
    if found is None:
        raise SignInNeeded()
    return found.staff


def _staff_of_token(house: House, token: str) -> StaffPerson:
    with house.unit(writes=False) as work:
        return sign_ins.require_api_token(work, token)


def _require_trainer(staff: StaffPerson) -> None:
    if staff.role is not Role.TRAINER:
        raise NotAllowed()


async def _read(content: bytes) -> Sheet | ListRefused:
    if len(content) > MOST_BYTES:
        raise BodyTooLarge()
    try:
        return await run_in_threadpool(rosters.read_file, content)
    except ListRefused as refused:
        return refused


async def _read_pasted(text: str) -> Sheet | ListRefused:
    try:
        return await run_in_threadpool(rosters.read_pasted, text)
    except ListRefused as refused:
        return refused
