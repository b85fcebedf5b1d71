"""Every route, in one list: pages for people, the API for programs, health for machines."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from app.adapters.db import ping
from app.web import problems, view
from app.web.api import demo as api_demo
from app.web.api import paper as api_paper
from app.web.api import participants as api_participants
from app.web.api import people as api_people
from app.web.api import prints as api_prints
from app.web.api import rescue as api_rescue
from app.web.api import results as api_results
from app.web.api import saves as api_saves
from app.web.api import staff as api_staff
from app.web.api.wire import Problem
from app.web.deps import OpenWork
from app.web.pages import (
    about,
    aloud,
    away,
    demo,
    devices,
    join,
    my,
    office,
    paper,
    people,
    prints,
    projector,
    rescue,
    results,
    staff,
    take,
    teach,
    trainer,
    verify,
)

API = "/api/v1"
health_router = APIRouter(include_in_schema=False)

PAGES = tuple(
    room.router
    for room in (
        *(about, verify, join, away, my, take, staff, devices),
        *(results, prints, projector, rescue, paper, aloud, people, teach, trainer, office),
    )
)
APIS = tuple(
    room.router
    for room in (
        *(api_saves, api_staff, api_participants, api_results),
        *(api_prints, api_rescue, api_paper, api_people),
    )
)
DEMO_PAGES = (demo.router,)
DEMO_APIS = (api_demo.router,)


@health_router.get("/health")
def check_health(work: OpenWork) -> dict[str, str]:
    """Whether the service answers and the database can be read."""
    ping(work)
    return {"status": "ok"}


class DescribedApi(FastAPI):
    """An application that describes its problems, and hardens every answer.

    The framework's own refusals (a body that is too large) come from outside the middlewares an
    application can add, so the hardening is laid around the whole stack.
    """

    harden: Callable[[ASGIApp], ASGIApp] | None = None

    def build_middleware_stack(self) -> ASGIApp:
        """The stack, with the hardening around it."""
        stack = super().build_middleware_stack()
        return self.harden(stack) if self.harden is not None else stack

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        document = super().openapi()
        schemas = document["components"]["schemas"]
        schemas.setdefault("Problem", Problem.model_json_schema())
        return document


def install(app: FastAPI, *, is_demo: bool) -> None:
    """Add every route, the error answers and the files."""
    problems.install(app)
    app.state.show_error = view.show_error
    app.router.routes.extend(_gather(is_demo=is_demo, max_body_size=app.max_body_size).routes)
    folder = Path(__file__).parent / "static"
    app.mount("/static", StaticFiles(directory=folder), name="static")


@cache
def _gather(*, is_demo: bool, max_body_size: int | None) -> APIRouter:
    """The rooms' routes, included once in a process.

    FastAPI works out anew what each included route needs, a fifth of a second for all of them, at
    the first request of each application.
    """
    everything = APIRouter(max_body_size=max_body_size)
    # The save path first: a request is compared with one route after another.
    for router in (*APIS, *(DEMO_APIS if is_demo else ())):
        everything.include_router(router, prefix=API)
    for router in (*PAGES, *(DEMO_PAGES if is_demo else ()), health_router):
        everything.include_router(router)
    return everything
