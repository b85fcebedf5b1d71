"""Access as types: what a handler receives has been opened, signed in, and is its own.

A handler never gets a bare id of something that belongs to somebody; foreign and missing look the
same. Its transaction is opened in `units`.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.accounts import sign_ins
from app.accounts.schemas import OpenSignIn, Role, StaffPerson
from app.adapters.db import Work
from app.adapters.sealing import is_equal, keyed_digest
from app.certificates import service as certificates
from app.certificates.schemas import CertificateRecord
from app.core.errors import (
    CsrfMismatch,
    ForeignOrigin,
    LaptopOnly,
    NotAllowed,
    NotFound,
    SignInNeeded,
)
from app.participants import service as participants
from app.participants.schemas import OpenPass
from app.sittings import service as sittings
from app.sittings.schemas import SittingRecord
from app.sittings.tokens import read_sitting_token
from app.web.house import House
from app.web.laptop import is_elsewhere
from app.web.staff_ways import open_page, open_token, require_role
from app.web.units import SAFE
from app.web.units import AuditedWork as AuditedWork  # noqa: PLC0414  one door for access
from app.web.units import OpenWork as OpenWork  # noqa: PLC0414
from app.web.units import SentForm as SentForm  # noqa: PLC0414
from app.web.units import TheHouse as TheHouse  # noqa: PLC0414
from app.web.units import read_body as read_body  # noqa: PLC0414
from app.web.units import read_form as read_form  # noqa: PLC0414
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

# --- cookies and origins -------------------------------------------------------------------


COOKIE_PATHS = {
    "phone": "/my",
    "sitting": "/my",
}  # the questionnaire's address must not learn whose phone it is


def cookie_name(house: House, base: str) -> str:
    """The cookie's name: bound to the host on https, plain on a room's own network."""
    if not house.settings.is_https:
        return base
    return f"__Secure-{base}" if base in COOKIE_PATHS else f"__Host-{base}"


async def check_origin(request: Request) -> None:
    """Refuse an unsafe request that says it comes from elsewhere.

    Plain-http rooms send no Sec-Fetch headers, so the Origin is what counts when it is sent.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        raise ForeignOrigin()
    origin = request.headers.get("origin")
    own = {f"{scheme}://{request.headers.get('host', '')}" for scheme in ("http", "https")}
    if origin is not None and origin not in own:
        raise ForeignOrigin()


async def require_laptop(request: Request, house: TheHouse) -> None:
    """Staff's ways in: refuse them to other devices of a room; raises LaptopOnly."""
    if is_elsewhere(request, house):
        raise LaptopOnly()


AtLaptop = Depends(require_laptop)


async def require_room(house: TheHouse) -> None:
    """What exists only in a room's own network; raises NotFound on https."""
    if house.settings.is_https:
        raise NotFound()


async def check_csrf(request: Request, house: TheHouse) -> None:
    """A staff form must carry the token of its own sign-in; raises LaptopOnly where none can be."""
    if request.method in SAFE:
        return
    form = await read_form(request)
    token = request.cookies.get(cookie_name(house, "staff"), "")
    if not token:
        await require_laptop(request, house)
    if not token or not is_equal(str(form.get("csrf", "")), csrf_token(house, token)):
        raise CsrfMismatch()


def csrf_token(house: House, sign_in_token: str) -> str:
    """The token staff forms carry, derived from the sign-in."""
    return keyed_digest(house.keys.derived("csrf"), sign_in_token)[:32]


# --- staff, by cookie (pages) and by bearer (API) --------------------------------------------


def page_sign_in(request: Request, house: TheHouse, work: OpenWork) -> OpenSignIn:
    """The sign-in of this browser; raises what `open_page` raises."""
    token = request.cookies.get(cookie_name(house, "staff"), "")
    found = open_page(request, house, work, token)
    if found.is_stale and request.method not in SAFE:
        sign_ins.touch_sign_in(work, found.sign_in_id)
    request.state.sign_in = found
    request.state.csrf = csrf_token(house, token)
    request.state.stale_sign_in_id = found.sign_in_id if found.is_stale else None
    return found


PageSignIn = Annotated[OpenSignIn, Depends(page_sign_in)]


def page_staff(sign_in: PageSignIn) -> StaffPerson:
    """The staff member signed in on this browser; raises SignInNeeded or LaptopOnly."""
    return sign_in.staff


def keep_sign_in(request: Request, house: TheHouse) -> Iterator[None]:
    """After a page was read: the person is still there. A short write of its own."""
    yield
    stale = getattr(request.state, "stale_sign_in_id", None)
    if stale is not None and request.method in SAFE:
        with house.unit(writes=True) as work:
            sign_ins.touch_sign_in(work, stale)


_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="A staff token from POST /tokens, or a participant token from POST /joins.",
)
BearerToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def api_staff(
    request: Request,
    credentials: BearerToken,
    work: OpenWork,
    _place: Annotated[None, Depends(require_laptop)],
) -> StaffPerson:
    """The staff member whose token came as bearer; raises SignInNeeded, and LaptopOnly."""
    if credentials is None:
        raise SignInNeeded()
    return open_token(request, work, credentials.credentials)


def _with_whole_scope(staff: StaffPerson) -> StaffPerson:
    if not staff.scope.is_whole:
        raise NotAllowed()
    return staff


def page_trainer(staff: Annotated[StaffPerson, Depends(page_staff)]) -> StaffPerson:
    """A signed-in trainer."""
    return require_role(staff, Role.TRAINER)


def page_evaluator(staff: Annotated[StaffPerson, Depends(page_staff)]) -> StaffPerson:
    """A signed-in evaluator, or an admin, who sees the same."""
    return require_role(staff, Role.EVALUATOR, Role.ADMIN)


def page_whole_evaluator(
    staff: Annotated[StaffPerson, Depends(page_evaluator)],
) -> StaffPerson:
    """An evaluator of the whole organisation: for what is told of all of it together."""
    return _with_whole_scope(staff)


def page_reader(staff: Annotated[StaffPerson, Depends(page_staff)]) -> StaffPerson:
    """Who may read kept reports: viewers, and who makes them."""
    return require_role(staff, Role.VIEWER, Role.EVALUATOR, Role.ADMIN)


def page_admin(staff: Annotated[StaffPerson, Depends(page_staff)]) -> StaffPerson:
    """A signed-in admin."""
    return require_role(staff, Role.ADMIN)


def api_trainer(staff: Annotated[StaffPerson, Depends(api_staff)]) -> StaffPerson:
    """A trainer by token."""
    return require_role(staff, Role.TRAINER)


def api_evaluator(staff: Annotated[StaffPerson, Depends(api_staff)]) -> StaffPerson:
    """An evaluator by token, or an admin, who sees the same."""
    return require_role(staff, Role.EVALUATOR, Role.ADMIN)


def api_whole_evaluator(staff: Annotated[StaffPerson, Depends(api_evaluator)]) -> StaffPerson:
    """An evaluator of the whole organisation, by token."""
    return _with_whole_scope(staff)


def api_reader(staff: Annotated[StaffPerson, Depends(api_staff)]) -> StaffPerson:
    """Who may read kept reports, by token."""
    return require_role(staff, Role.VIEWER, Role.EVALUATOR, Role.ADMIN)


def api_admin(staff: Annotated[StaffPerson, Depends(api_staff)]) -> StaffPerson:
    """An admin by token."""
    return require_role(staff, Role.ADMIN)


PageStaff = Annotated[StaffPerson, Depends(page_staff)]
PageTrainer = Annotated[StaffPerson, Depends(page_trainer)]
PageEvaluator = Annotated[StaffPerson, Depends(page_evaluator)]
PageWholeEvaluator = Annotated[StaffPerson, Depends(page_whole_evaluator)]
PageReader = Annotated[StaffPerson, Depends(page_reader)]
PageAdmin = Annotated[StaffPerson, Depends(page_admin)]
ApiStaff = Annotated[StaffPerson, Depends(api_staff)]
ApiTrainer = Annotated[StaffPerson, Depends(api_trainer)]
ApiEvaluator = Annotated[StaffPerson, Depends(api_evaluator)]
ApiWholeEvaluator = Annotated[StaffPerson, Depends(api_whole_evaluator)]
ApiReader = Annotated[StaffPerson, Depends(api_reader)]
ApiAdmin = Annotated[StaffPerson, Depends(api_admin)]


# --- what belongs to somebody ------------------------------------------------------------------


def page_own_workshop(workshop_id: str, trainer: PageTrainer, work: OpenWork) -> WorkshopRecord:
    """A workshop this trainer runs; raises NotFound for a foreign one."""
    return workshops.access_workshop(work, workshop_id, trainer)


def api_own_workshop(workshop_id: str, trainer: ApiTrainer, work: OpenWork) -> WorkshopRecord:
    """A workshop this trainer runs, by token; raises NotFound for a foreign one."""
    return workshops.access_workshop(work, workshop_id, trainer)


def page_seen_workshop(
    workshop_id: str, evaluator: PageEvaluator, work: OpenWork
) -> WorkshopRecord:
    """A workshop of the evaluator's organisation; raises NotFound for a foreign one."""
    return workshops.access_as_evaluator(work, workshop_id, evaluator)


def api_seen_workshop(workshop_id: str, evaluator: ApiEvaluator, work: OpenWork) -> WorkshopRecord:
    """A workshop of the evaluator's organisation, by token; raises NotFound for a foreign one."""
    return workshops.access_as_evaluator(work, workshop_id, evaluator)


SeenWorkshop = Annotated[WorkshopRecord, Depends(page_seen_workshop)]
ApiSeenWorkshop = Annotated[WorkshopRecord, Depends(api_seen_workshop)]
OwnWorkshop = Annotated[WorkshopRecord, Depends(page_own_workshop)]
ApiOwnWorkshop = Annotated[WorkshopRecord, Depends(api_own_workshop)]


def page_phone(request: Request, house: TheHouse, work: OpenWork) -> OpenPass:
    """The phone that holds this cookie and may go on; raises SignInNeeded or CardWaiting."""
    return participants.require_pass(work, request.cookies.get(cookie_name(house, "phone"), ""))


def api_phone(credentials: BearerToken, work: OpenWork) -> OpenPass:
    """The phone or program that holds this token; raises SignInNeeded or CardWaiting."""
    if credentials is None:
        raise SignInNeeded()
    return participants.require_pass(work, credentials.credentials)


def _workshop_of(phone: OpenPass, work: Work) -> WorkshopRecord:
    return workshops.require_workshop(work, phone.card.workshop_id)


def page_joined(phone: Annotated[OpenPass, Depends(page_phone)], work: OpenWork) -> WorkshopRecord:
    """The workshop of the card this phone acts for."""
    return _workshop_of(phone, work)


def api_joined(phone: Annotated[OpenPass, Depends(api_phone)], work: OpenWork) -> WorkshopRecord:
    """The workshop of the card this token acts for."""
    return _workshop_of(phone, work)


def api_own_sitting(
    sitting_id: str, phone: Annotated[OpenPass, Depends(api_phone)], work: OpenWork
) -> SittingRecord:
    """A sitting of this token's own participant; raises NotFound for a foreign one."""
    return sittings.access_sitting(work, sitting_id, phone)


async def api_open_sitting(sitting_id: str, house: TheHouse, credentials: BearerToken) -> str:
    """The id of the sitting whose own token came as bearer: verified, never looked up.

    The writer looks it up in its transaction; here it would make every phone wait. Raises
    SignInNeeded, and NotFound for another sitting's token.
    """
    token = credentials.credentials if credentials else ""
    known = read_sitting_token(house.sitting_key, token, house.clock.now())
    if known is None:
        raise SignInNeeded()
    if known != sitting_id:
        raise NotFound()
    return known


def page_own_certificate(number: str, workshop: OwnWorkshop, work: OpenWork) -> CertificateRecord:
    """A certificate of this trainer's own workshop; raises NotFound for a foreign one."""
    return certificates.access_certificate(work, workshop, number)


def api_own_certificate(number: str, workshop: ApiOwnWorkshop, work: OpenWork) -> CertificateRecord:
    """A certificate of this trainer's own workshop, by token; raises NotFound for a foreign one."""
    return certificates.access_certificate(work, workshop, number)


OpenSitting = Annotated[str, Depends(api_open_sitting)]
OwnSitting = Annotated[SittingRecord, Depends(api_own_sitting)]
OwnCertificate = Annotated[CertificateRecord, Depends(page_own_certificate)]
ApiOwnCertificate = Annotated[CertificateRecord, Depends(api_own_certificate)]
Phone = Annotated[OpenPass, Depends(page_phone)]
ApiPhone = Annotated[OpenPass, Depends(api_phone)]
JoinedWorkshop = Annotated[WorkshopRecord, Depends(page_joined)]
ApiJoinedWorkshop = Annotated[WorkshopRecord, Depends(api_joined)]
