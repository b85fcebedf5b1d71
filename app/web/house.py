"""Everything a request may need, wired together by `main`; one per process."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts import sign_ins
from app.accounts.schemas import StaffPerson
from app.adapters.clock import Clock
from app.adapters.db import Engine, Work, unit_of_work
from app.adapters.disk import DiskWatch
from app.adapters.group_commit import GroupCommit
from app.adapters.i18n import Catalogues
from app.adapters.sealing import KeyFolder
from app.adapters.wal import LogWatch
from app.participants.schemas import OnProfiled
from app.settings import Settings
from app.sittings.saving import OnCompleted
from app.sittings.schemas import (
    Finish,
    SavedOperations,
    SaveRequest,
    SentOperation,
    SittingRecord,
)
from app.sittings.tokens import make_sitting_token
from app.workshops import service as workshops
from app.workshops.schemas import AdministrationRecord, Occasion, WorkshopPlan, WorkshopRecord
from app.workshops.service import OnClosed, OnCorrected, OnOpened


@dataclass(frozen=True)
class House:
    """Everything wired together by `main`; one per process."""

    settings: Settings
    engine: Engine
    clock: Clock
    keys: KeyFolder
    catalogues: Catalogues
    on_completed: OnCompleted
    on_opened: OnOpened
    on_closed: OnClosed
    on_settled: OnClosed
    on_profiled: OnProfiled
    on_corrected: OnCorrected
    turns: asyncio.Semaphore
    saves: GroupCommit[SaveRequest, SavedOperations]
    sitting_key: bytes
    disk: DiskWatch
    log: LogWatch

    @property
    def late(self) -> timedelta:
        """How long answers given in time may still arrive."""
        return timedelta(hours=self.settings.late_hours)

    @property
    def sign_in_rules(self) -> sign_ins.SignInRules:
        """How long a staff sign-in lasts."""
        return sign_ins.SignInRules(
            idle=timedelta(minutes=self.settings.sign_in_idle_minutes),
            longest=timedelta(hours=self.settings.sign_in_hours),
        )

    def open_test(
        self,
        work: Work,
        workshop: WorkshopRecord,
        occasion: Occasion,
        *,
        by: StaffPerson,
        accepts_unreviewed: bool,
    ) -> AdministrationRecord:
        """Open a test, telling the rooms above that wait for it (`on_opened`)."""
        return workshops.open_administration(
            work,
            workshop,
            occasion,
            by=by,
            accepts_unreviewed=accepts_unreviewed,
            on_opened=self.on_opened,
        )

    def correct_workshop(
        self, work: Work, workshop: WorkshopRecord, plan: WorkshopPlan, *, by: StaffPerson
    ) -> WorkshopRecord:
        """Correct what was said of a workshop, telling the rooms above."""
        return workshops.correct_workshop(
            work, workshop, plan, by=by, on_corrected=self.on_corrected
        )

    def close_test(
        self,
        work: Work,
        workshop: WorkshopRecord,
        occasion: Occasion,
        *,
        by: StaffPerson,
        seconds: int,
    ) -> AdministrationRecord:
        """Announce the end of a test, or end it now, telling the rooms above."""
        return workshops.close_administration(
            work,
            workshop,
            occasion,
            by=by,
            notice=timedelta(seconds=seconds),
            on_closed=self.on_closed,
        )

    async def save(
        self, sitting_id: str, operations: Sequence[SentOperation], finish: Finish | None
    ) -> SavedOperations:
        """Keep a phone's operations together with those of other phones; committed on return."""
        return await self.saves.run(SaveRequest(sitting_id, tuple(operations), finish))

    def sitting_token(self, sitting: SittingRecord, now: datetime) -> str:
        """What a phone shows to add answers to its sitting."""
        return make_sitting_token(self.sitting_key, sitting.id, now)

    def unit(self, *, writes: bool) -> AbstractContextManager[Work]:
        """One transaction at the present moment."""
        return unit_of_work(self.engine, now=self.clock.now(), keys=self.keys, writes=writes)
