"""API: an organisation's logos for certificates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.accounts import logos
from app.accounts.logos import LONGEST_WORDS
from app.web.api.problems import PROBLEMS
from app.web.api.wire_certificates import ToldLogo
from app.web.deps import ApiAdmin, OpenWork
from app.web.uploads import MOST_BODY, logo_of, take_api_picture

router = APIRouter(
    prefix="/logos", responses=PROBLEMS, tags=["certificates"], max_body_size=MOST_BODY
)


@router.get("", operation_id="list_logos")
def list_logos(work: OpenWork, admin: ApiAdmin) -> list[ToldLogo]:
    """What new certificates are printed with, the oldest first."""
    found = logos.find_logos(work, admin.organisation_id)
    return [ToldLogo(id=each.id, words=each.words) for each in found]


@router.post("", operation_id="add_logo", status_code=201, dependencies=[Depends(take_api_picture)])
def add_logo(
    request: Request,
    work: OpenWork,
    admin: ApiAdmin,
    words: Annotated[str, Query(max_length=LONGEST_WORDS, description="Read aloud in its place.")],
) -> ToldLogo:
    """One more (PNG or JPEG, the whole body), from the next certificate on."""
    made = logos.add_logo(work, by=admin, drawn=logo_of(request), words=words)
    return ToldLogo(id=made.id, words=made.words)


@router.delete("/{logo_id}", operation_id="remove_logo", status_code=204)
def remove_logo(work: OpenWork, admin: ApiAdmin, logo_id: str) -> Response:
    """New certificates go without it; issued ones keep it."""
    logos.remove_logo(work, logo_id, by=admin)
    return Response(status_code=204)
