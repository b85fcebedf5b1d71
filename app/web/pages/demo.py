"""The demonstration's one button: synthetic people take the post-test."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.errors import NotFound
from app.web.deps import OpenWork, OwnWorkshop, check_csrf, check_origin

router = APIRouter(
    prefix="/demo",
    include_in_schema=False,
    dependencies=[Depends(check_origin), Depends(check_csrf)],
)


@router.post("/workshops/{workshop_id}/play", name="play_post_test")
def play_post_test(request: Request, work: OpenWork, workshop: OwnWorkshop) -> Response:
    """Let them take the post-test, live; only for synthetic workshops."""
    if not workshop.is_synthetic:
        raise NotFound()
    request.app.state.player.start(work, workshop)
    return RedirectResponse(f"/trainer/workshops/{workshop.id}", 303)
