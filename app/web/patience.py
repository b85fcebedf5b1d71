"""Who tries one number after another waits longer and longer; names have an end.

After thirty wrong names for one certificate nobody is told whether a name fits it, until ten
minutes have passed; by its number it is answered still. A camera and a careful finger do not miss,
so that whoever checks real papers never waits, also not behind the same router as somebody who
guesses. Counted are misses, in this process's memory: of a number by the caller's network and by
all callers together, of a name by the certificate. Who types codes of workshops is counted in the
same way, apart (`web.door`).
"""

import asyncio
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from threading import Lock
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request

from app.certificates.schemas import NameMatch, Verification
from app.core.errors import TooManyTries
from app.web.deps import TheHouse
from app.web.house import House

WINDOW = timedelta(minutes=10)
FREE_MISSES, FREE_MISSES_OF_ALL = 20, 500
MOST_NAMES = 30
LONGEST_WAIT_SECONDS = 2.0
_STEP_SECONDS = 0.1
_MOST_KEYS = 10_000
_EVERYBODY = "everybody"


class Patience:
    """Counts misses by key over the last ten minutes; keys that are not used are forgotten.

    Handlers run in several threads, and all of them count here.
    """

    def __init__(self) -> None:
        self._misses: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def note_miss(self, key: str, now: datetime) -> None:
        """One more miss under this key."""
        with self._lock:
            self._misses.setdefault(key, deque(maxlen=FREE_MISSES_OF_ALL * 2)).append(now)
            self._misses.move_to_end(key)
            while len(self._misses) > _MOST_KEYS:
                self._misses.popitem(last=False)

    def count_misses(self, key: str, now: datetime) -> int:
        """How many there were in the last ten minutes."""
        with self._lock:
            times = self._misses.get(key)
            if times is None:
                return 0
            while times and times[0] <= now - WINDOW:
                times.popleft()
            return len(times)


class Caller:
    """One request's place among those who check: waits before it, and is counted after it."""

    def __init__(
        self, patience: Patience, network: str, now: datetime, kind: str = "papers"
    ) -> None:
        self._patience = patience
        self._own, self._all = (f"{kind}/{each}" for each in (network, _EVERYBODY))
        self._now = now

    def wait_seconds(self) -> float:
        """How long this caller waits: nothing without a miss of its own."""
        own = self._patience.count_misses(self._own, self._now)
        of_all = self._patience.count_misses(self._all, self._now)
        over = max(own - FREE_MISSES, of_all - FREE_MISSES_OF_ALL) if own else 0
        return min(LONGEST_WAIT_SECONDS, max(0, over) * _STEP_SECONDS)

    async def wait(self) -> None:
        """Wait, before any transaction is open, so that a slow caller holds nothing."""
        if seconds := self.wait_seconds():
            await asyncio.sleep(seconds)

    def note_miss(self) -> None:
        """What was asked for is nobody's."""
        self._patience.note_miss(self._own, self._now)
        self._patience.note_miss(self._all, self._now)

    def note(self, verification: Verification) -> Verification:
        """Count what missed, and hand the answer on.

        Raises TooManyTries instead where too many names were tried for the same certificate.
        """
        if verification.certificate is None:
            self.note_miss()
        elif verification.name_match is not NameMatch.NOT_ASKED:
            key = f"name/{verification.number}"
            if self._patience.count_misses(key, self._now) >= MOST_NAMES:
                raise TooManyTries()
            if verification.name_match is NameMatch.NO_MATCH:
                self._patience.note_miss(key, self._now)
        return verification


def patience_of(app: FastAPI) -> Patience:
    """The one count of this process."""
    if not hasattr(app.state, "patience"):
        app.state.patience = Patience()
    patience: Patience = app.state.patience
    return patience


def network_of(address: str) -> str:
    """The network a caller is in: neighbours share it, and so does whoever changes the address."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{known}/{24 if known.version == 4 else 56}", strict=False))


def caller_of(request: Request, house: House, kind: str) -> Caller:
    """Who asks, among those who try things of this kind."""
    address = request.client.host if request.client else ""
    return Caller(patience_of(request.app), network_of(address), house.clock.now(), kind)


async def wait_your_turn(request: Request, house: TheHouse) -> Caller:
    """One who checks papers, after the wait."""
    caller = caller_of(request, house, "papers")
    await caller.wait()
    return caller


PaperEdition = Annotated[int | None, Query(ge=0, le=65_535)]
"""The edition that a paper's square names; a typed number names none."""
PatientCaller = Annotated[Caller, Depends(wait_your_turn)]
