"""Wires the house together: the only place where rooms meet the world.

`uvicorn app.main:app` works as it stands; the application is made when it is first asked for.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from app import __version__
from app.adapters import passwords
from app.adapters.alone import serving_alone
from app.adapters.clock import Clock, SystemClock
from app.adapters.db import Engine, Work, is_sqlite, make_engine, sqlite_file, unit_of_work
from app.adapters.disk import DiskWatch, Room, free_bytes
from app.adapters.group_commit import GroupCommit
from app.adapters.i18n import Catalogues
from app.adapters.leases import Lease
from app.adapters.logs import log_problem, set_up_logs
from app.adapters.sealing import KeyFolder
from app.adapters.wal import LogWatch
from app.core.errors import Refusal
from app.feedback import service as feedback
from app.gains import rollups
from app.gains import service as gains
from app.settings import Settings
from app.sittings import saving
from app.sittings.schemas import CompletedSitting, SavedOperations, SaveRequest
from app.upkeep.backups import last_backup_time
from app.upkeep.demo import PostTestPlayer
from app.upkeep.redoing import Redone, redo
from app.upkeep.rescoring import rescore_due
from app.upkeep.schema import require_schema
from app.upkeep.seed import Callbacks
from app.upkeep.tidy import Tidied, settle, tidy
from app.web import problems, routes
from app.web.api.lane import SaveLane
from app.web.hardening import Hardening
from app.web.hosts import is_own_host
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion

if TYPE_CHECKING:
    from app.adapters.metrics import Metrics

_PLAYER_PAUSE_SECONDS = 0.4
_SUMS_EVERY = 24
_LAST_TURN_SECONDS = 2.0  # a stop takes three at most
_POSTGRES_WRITERS = 16  # below the pool's size, so that reads always find a connection


def on_completed(work: Work, completed: Sequence[CompletedSitting]) -> None:
    """Scores settled: the running sums, and after a post-test the questionnaire's tickets."""
    rollups.record(work, completed)
    after_post: dict[str, set[str]] = {}
    for each in completed:
        if each.sitting.occasion is Occasion.POST:
            people = after_post.setdefault(each.sitting.workshop_id, set())
            people.add(each.sitting.participant_id)
    for workshop_id, people in sorted(after_post.items()):
        feedback.prepare_tickets(work, workshop_id, people)


def on_closed(work: Work, administration: AdministrationRecord) -> None:
    """A test has closed: send what is open, then take the snapshot. One transaction."""
    saving.submit_open_sittings(work, administration, on_completed=on_completed)
    gains.record_closing(work, administration)


def on_settled(work: Work, administration: AdministrationRecord, *, threshold: int) -> None:
    """The late hours have ended: the last snapshot, its release, and the questionnaire closes."""
    gains.record_settled(work, administration)
    if administration.occasion is Occasion.POST:
        feedback.close_round_of(work, administration.workshop_id)
        gains.release_due(work, threshold=threshold)


def on_profiled(work: Work, participant_id: str) -> None:
    """Somebody said who they are: what they did before counts there from now on."""
    rollups.record_change(work, participant_id=participant_id)


def on_corrected(work: Work, workshop_id: str) -> None:
    """A workshop was corrected, perhaps its pass mark."""
    rollups.record_change(work, workshop_id=workshop_id)


CALLBACKS = Callbacks(
    on_completed=on_completed,
    on_opened=feedback.record_opening,
    on_closed=on_closed,
    on_profiled=on_profiled,
)


def build_house(settings: Settings, clock: Clock | None = None) -> House:
    """Everything a request may need; one per process."""
    passwords.set_concurrency(settings.password_hash_limit)
    engine, known_clock = make_engine(settings.database), clock or SystemClock()
    keys = KeyFolder(settings.keys, settings.key_backup)
    turns = asyncio.Semaphore(1 if is_sqlite(settings.database) else _POSTGRES_WRITERS)
    return House(
        settings=settings,
        engine=engine,
        clock=known_clock,
        keys=keys,
        catalogues=Catalogues(),
        on_completed=CALLBACKS.on_completed,
        on_opened=CALLBACKS.on_opened,
        on_closed=CALLBACKS.on_closed,
        on_settled=partial(on_settled, threshold=settings.outside_threshold),
        on_profiled=on_profiled,
        on_corrected=on_corrected,
        turns=turns,
        saves=GroupCommit(
            lambda requests: _save_all(engine, known_clock, keys, settings, requests),
            turns=turns,
            limit=settings.save_batch_limit,
        ),
        sitting_key=keys.derived("sitting-token"),
        disk=DiskWatch(settings.data_dir),
        log=LogWatch(sqlite_file(settings.database)),
    )


def _save_all(
    engine: Engine,
    clock: Clock,
    keys: KeyFolder,
    settings: Settings,
    requests: Sequence[SaveRequest],
) -> Sequence[SavedOperations | Refusal]:
    """The save path's one transaction."""
    late = timedelta(hours=settings.late_hours)
    with unit_of_work(engine, now=clock.now(), keys=keys) as work:
        return saving.save_all(work, requests, late=late, on_completed=on_completed)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> FastAPI:
    """The application; starting it raises SchemaOutdated on a database that was not migrated."""
    known = settings or Settings()
    house = build_house(known, clock)
    app = routes.DescribedApi(
        title="Tafawut",
        version=__version__,
        summary="The tests before and after a workshop.",
        description=_DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        max_body_size=known.body_limit_bytes,
        # Nothing about a request goes to anybody, whatever the environment asks the framework for.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.house = house
    app.state.player = PostTestPlayer(
        lambda: house.unit(writes=True), CALLBACKS, _PLAYER_PAUSE_SECONDS
    )
    routes.install(app, is_demo=known.is_demo)
    # Twice: inside, to answer for code that failed; around all, for the framework's own refusals.
    app.add_middleware(
        Hardening,
        is_https=known.is_https,
        on_failure=problems.answer_failure,
        on_refusal=problems.answer,
    )
    app.state.metrics = _metrics_of(house) if known.metrics_port else None
    app.harden = lambda stack: Hardening(
        SaveLane(stack, house=house),
        is_own_host=partial(is_own_host, settings=known),
        is_https=known.is_https,
        on_failure=problems.answer_failure,
        on_refusal=problems.answer,
        on_answer=app.state.metrics.count if app.state.metrics else None,
    )
    return app


_DESCRIPTION = (
    "The pages call the same services. Staff tokens: exchange a one-time code at `POST /tokens`, "
    "or `python -m app token`. Participants: `POST /joins`. Errors are problem+json with a code "
    "and the next step. 2xx means committed."
)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    require_schema(house.engine)
    file = sqlite_file(house.settings.database)
    with serving_alone(file) if file else nullcontext():
        await run_in_threadpool(redo_once, house)  # the file may have been put back by hand
        lease = Lease(house.engine, "tidy")
        stop_metrics = _serve_metrics(app)
        every, settles = house.settings, partial(_settle_in_turn, house)
        tidies = partial(_tidy_in_turn, house, lease, count())
        tasks = [
            asyncio.create_task(_for_ever(every.settle_seconds, settles, "settling_failed")),
            asyncio.create_task(_for_ever(every.tidy_seconds, tidies, "tidying_failed")),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await run_in_threadpool(lease.release)
            await run_in_threadpool(stop_metrics)
            await run_in_threadpool(app.state.player.stop)
            house.engine.dispose()


def _metrics_of(house: House) -> "Metrics":
    """What is counted when the port is asked for one; the library costs memory otherwise."""
    from app.adapters.metrics import Metrics

    file = sqlite_file(house.settings.database)
    gauges = {
        "free_bytes": (
            "Bytes that may still be written.",
            lambda: float(free_bytes(house.settings.data_dir)),
        ),
        "disk_state": ("0 enough, 1 low, 2 full.", lambda: float([*Room].index(house.disk.look()))),
        "last_backup_seconds": (
            "When the newest backup was made, in Unix time; 0 for never.",
            lambda: last_backup_time(house.settings),
        ),
    }
    if file is not None:
        for name, ending in (("database_bytes", ""), ("log_bytes", "-wal")):
            path = Path(f"{file}{ending}")
            gauges[name] = (f"Size of the database's file {ending}.", partial(_size_of, path))
    return Metrics(gauges)


def _size_of(path: Path) -> float:
    return float(path.stat().st_size) if path.exists() else 0.0


def _serve_metrics(app: FastAPI) -> Callable[[], None]:
    if app.state.metrics is None:
        return lambda: None
    metrics: Metrics = app.state.metrics
    return metrics.serve("127.0.0.1", app.state.house.settings.metrics_port)


async def _for_ever(seconds: float, turn: Callable[[], None], failed: str) -> None:
    """Take turns in a thread; one that fails, with a database that is away, does not end them."""

    def take_turn() -> None:
        try:
            turn()
        except Exception as error:
            log_problem(failed, error=error)

    while True:
        await asyncio.sleep(seconds)
        await _to_its_end(take_turn)


def _settle_in_turn(house: House) -> None:
    house.disk.look()
    house.log.look()
    settle_once(house)


async def _to_its_end(turn: Callable[[], None]) -> None:
    """Run it in a thread, which nothing can stop: at the service's end it is waited for a little.

    A turn that outlives the engine leaves its connection open, and takes the lease anew.
    """
    running = asyncio.ensure_future(run_in_threadpool(turn))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running}, timeout=_LAST_TURN_SECONDS)
        raise


def settle_once(house: House) -> int:
    """Carry out every ending that is due; what fails is tried again next time.

    Then what is left of corrected keys is scored anew.
    """
    ended = settle(
        open_unit=lambda writes: house.unit(writes=writes),
        late=house.late,
        on_closed=house.on_closed,
        on_settled=house.on_settled,
    )
    rescore_due(lambda writes: house.unit(writes=writes))
    return ended


def _tidy_in_turn(house: House, lease: Lease, turns: Iterator[int]) -> None:
    """End what is over; of several workers the one that has the lease."""
    checks_sums = next(turns) % _SUMS_EVERY == 0
    if lease.is_held() and not tidy_once(house, checks_sums=checks_sums).is_well:
        log_problem("tidying_found_faults")


def tidy_once(house: House, *, checks_sums: bool) -> Tidied:
    """End every name, key, answer and copy whose days are over; safe to repeat."""
    return tidy(house.settings, lambda writes: house.unit(writes=writes), checks_sums=checks_sums)


def redo_once(house: House) -> Redone:
    """Erase again who came back with a copy that was put in place; safe to repeat."""
    return redo(lambda writes: house.unit(writes=writes), house.keys)


def end_late_hours(house: House, workshop_id: str) -> None:
    """Carry out a workshop's endings, and end its late hours now: nobody will send any more."""
    with house.unit(writes=True) as work:
        workshop = workshops.require_workshop(work, workshop_id)
        for each in workshops.find_administrations(work, workshop):
            workshops.settle_administration(
                work,
                each,
                late=timedelta(0),
                on_closed=house.on_closed,
                on_settled=house.on_settled,
            )


@cache
def _default_app() -> FastAPI:
    set_up_logs()
    return create_app()


def __getattr__(name: str) -> Any:
    """`app` is made when a server asks for it, so that importing this module changes nothing."""
    if name == "app":
        return _default_app()
    raise AttributeError(name)
