"""The peers of `tests.load.saves`: the app with an empty route, and two other ways to save.

Each is served by the same uvicorn with the same settings and keeps synchronous=FULL.
"""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.adapters.memory import settle_memory
from app.main import create_app
from app.settings import Settings
from app.web import routes
from app.web.deps import OpenSitting

PEER_DATABASE = "TAFAWUT_LOAD_PEER_DATABASE"


def own_app() -> FastAPI:
    """The app itself, and beside it a route that verifies the token, reads the body, says {}."""
    empty = APIRouter()

    @empty.post("/empty/{sitting_id}")
    async def answer_nothing(sitting_id: OpenSitting, request: Request) -> dict[str, str]:
        await request.body()
        return {"id": sitting_id}

    routes.APIS = (empty, *routes.APIS)  # as early as the save path: neither waits for the other
    app = create_app(Settings())
    settle_memory()
    return app


def commit_per_request() -> Starlette:
    """Starlette and sqlite3, nothing else: one INSERT and one commit for each request."""
    connection = sqlite3.connect(os.environ[PEER_DATABASE], isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, sitting TEXT, item TEXT,"
        " content TEXT, received_at TEXT)"
    )

    async def save(request: Request) -> JSONResponse:
        sent = await request.json()
        now = datetime.now(UTC).isoformat()
        sitting = request.path_params["sitting_id"]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO bare VALUES (?,?,?,?,?) ON CONFLICT (id) DO NOTHING",
            [
                (sitting + each["id"], sitting, each["item"], str(each["options"]), now)
                for each in sent["operations"]
            ],
        )
        connection.execute("COMMIT")
        return JSONResponse({"acknowledged": [each["id"] for each in sent["operations"]]})

    return Starlette(routes=[Route("/save/{sitting_id}", save, methods=["POST"])])


class PeerRow(SQLModel, table=True):
    """What the session-per-request peer stores."""

    id: str = Field(primary_key=True)
    sitting: str
    item: str
    content: str
    received_at: datetime


class PeerOperation(SQLModel):
    """What the session-per-request peer is sent."""

    id: str
    item: str
    options: list[str]


class PeerBody(SQLModel):
    """A batch of operations."""

    operations: list[PeerOperation]


def session_per_request() -> FastAPI:
    """FastAPI with a SQLModel session for each request, as its tutorial has it."""
    engine = create_engine(f"sqlite:///{os.environ[PEER_DATABASE]}", pool_size=40, max_overflow=0)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=60000"
        )

    SQLModel.metadata.create_all(engine, tables=[PeerRow.__table__])  # type: ignore[attr-defined]
    app = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    @app.post("/save/{sitting_id}")
    def save(
        sitting_id: str, sent: PeerBody, opened: Annotated[Session, Depends(session)]
    ) -> dict[str, list[str]]:
        for each in sent.operations:
            opened.merge(
                PeerRow(
                    id=sitting_id + each.id,
                    sitting=sitting_id,
                    item=each.item,
                    content=str(each.options),
                    received_at=datetime.now(UTC),
                )
            )
        opened.commit()
        return {"acknowledged": [each.id for each in sent.operations]}

    return app


__all__ = ["commit_per_request", "own_app", "session_per_request"]
