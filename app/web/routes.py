"""Every route, in one list: pages for people, the API for programs, health for machines."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from app.adapters.db import ping
from app.web import problems, view
from app.web.api import accounts as api_accounts
from app.web.api import ballots as api_ballots
from app.web.api import banks as api_banks
from app.web.api import certificates as api_certificates
from app.web.api import demo as api_demo
from app.web.api import forms as api_forms
from app.web.api import indicators as api_indicators
from app.web.api import items as api_items
from app.web.api import kept as api_kept
from app.web.api import log as api_log
from app.web.api import logos as api_logos
from app.web.api import paper as api_paper
from app.web.api import participants as api_participants
from app.web.api import people as api_people
from app.web.api import persons as api_persons
from app.web.api import prints as api_prints
from app.web.api import rescue as api_rescue
from app.web.api import results as api_results
from app.web.api import rows as api_rows
from app.web.api import saves as api_saves
from app.web.api import score_file as api_score_file
from app.web.api import staff as api_staff
from app.web.api.wire import Problem
from app.web.deps import OpenWork, TheHouse
from app.web.health import read_readiness
from app.web.pages import (
    about,
    aloud,
    away,
    ballots,
    banks,
    certificates,
    colleagues,
    demo,
    devices,
    erase,
    forms,
    items,
    join,
    kept,
    log,
    logos,
    mine,
    my,
    office,
    own,
    paper,
    people,
    prints,
    projector,
    rescue,
    results,
    rows,
    score_file,
    staff,
    take,
    teach,
    tokens,
    trainer,
    verify,
)

API = "/api/v1"
health_router = APIRouter(include_in_schema=False)

PAGES = tuple(
    room.router
    for room in (
        *(about, verify, join, away, my, mine, take, staff, own, devices),
        *(results, certificates, prints, projector, rescue, paper, aloud, people, erase),
        *(teach, trainer, office, banks, colleagues, log, logos, kept, tokens),
        *(score_file, rows, items, forms, ballots),
    )
)
APIS = tuple(
    room.router
    for room in (
        *(api_saves, api_accounts, api_log, api_staff, api_participants, api_results, api_kept),
        *(api_persons,),
        *(api_certificates, api_prints, api_rescue, api_paper, api_people),
        *(api_indicators, api_score_file, api_rows, api_items, api_forms),
        *(api_banks, api_logos, api_ballots),
    )
)
DEMO_PAGES = (demo.router,)
DEMO_APIS = (api_demo.router,)


@health_router.get("/health")
def check_health(work: OpenWork) -> dict[str, str]:
    """Whether the service answers and the database can be read."""
    ping(work)
    return {"status": "ok"}


@health_router.get("/healthz")
async def check_alive() -> dict[str, str]:
    """Whether the process answers; nothing else is asked."""
    return {"status": "ok"}


@health_router.get("/readyz")
def check_ready(house: TheHouse) -> JSONResponse:
    """Whether it may be given work: database, schema, disk."""
    found = read_readiness(house)
    return JSONResponse(found._asdict(), found.code)


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
    app.state.methods_at = methods_at
    app.router.routes.extend(_gather(is_demo=is_demo, max_body_size=app.max_body_size).routes)
    folder = Path(__file__).parent / "static"
    app.mount("/static", StaticFiles(directory=folder), name="static")


def methods_at(path: str) -> list[str]:
    """What an address can be asked in, by all of its routes; the framework names one route's."""
    below = path.removeprefix(API)
    known = (
        route
        for routers, own in ((APIS, below if below != path else None), (PAGES, path))
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and own is not None and route.path_regex.match(own)
    )
    return sorted({method for route in known for method in route.methods or ()})


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
