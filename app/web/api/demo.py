"""The demonstration's one verb, as API."""

from fastapi import APIRouter, Request, Response

from app.core.errors import NotFound
from app.web.api.problems import PROBLEMS
from app.web.deps import ApiOwnWorkshop, OpenWork

router = APIRouter(responses=PROBLEMS)


@router.post(
    "/demo/workshops/{workshop_id}/play",
    status_code=202,
    operation_id="play_post_test",
    tags=["demo"],
)
def play_post_test(request: Request, work: OpenWork, workshop: ApiOwnWorkshop) -> Response:
    """Let the synthetic people take the post-test, live; only in the demonstration."""
    if not workshop.is_synthetic:
        raise NotFound()
    request.app.state.player.start(work, workshop)
    return Response(status_code=202)
