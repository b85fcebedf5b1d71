"""300 nasty rosters: each gets a sentence, none brings half a list, none holds the server up."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.core.reasons import REASONS
from app.core.rosters import Decisions, Verdict
from app.participants import rosters
from app.participants.rosters import SentList
from app.web.house import House
from app.web.lists import SentRow, sent_list
from tests.fixtures.house import Room, a_workshop, bearer_of
from tests.fixtures.loop import API, rows
from tests.fixtures.nasty_rosters import EITHER, ROWS, nasty_rosters
from tests.fixtures.rosters import PROVINCES

MOST_SECONDS = (
    30  # each, where two are read at once on a busy machine; the reader itself stops at 10
)
MOST_MEGABYTES = 700


@pytest.mark.sqlite_only
def test_300_nasty_rosters_each_get_a_sentence_and_nothing_is_half_taken_in(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    nasty = nasty_rosters()
    assert len(nasty) >= 300
    assert len({name for name, _, _ in nasty}) == len(nasty)
    room, headers = a_workshop(house, amal, people=1), bearer_of(house, amal)
    here = f"{API}/workshops/{room.workshop.id}/people/readings"

    def read(content: bytes) -> tuple[str, SentList | None, float]:
        started = time.monotonic()
        answer = client.post(here, content=content, headers=headers)
        told, seconds = answer.json(), time.monotonic() - started
        assert answer.status_code in (200, 413, 422), answer.text
        if answer.status_code == 200:
            return (
                ROWS,
                sent_list([SentRow(**row) for row in told["rows"]], None, 0, Decisions({})),
                seconds,
            )
        assert told["title"]
        assert told["next_step"]
        return told.get("reason", "list_too_large"), None, seconds

    with heaviest_reader() as heaviest, ThreadPoolExecutor(2) as pool:
        found = list(pool.map(read, (content for _, content, _ in nasty)))
    wrong = {
        name: (expected, told, round(seconds, 1))
        for (name, _, expected), (told, _, seconds) in zip(nasty, found, strict=True)
        if expected not in (EITHER, told) or seconds > MOST_SECONDS
    }
    assert wrong == {}
    for _, sent, _ in found:
        if sent is not None:
            take_in(house, room, amal, sent)
    kept = rows(house, "SELECT card_id FROM listed_people")
    assert len(kept) == len(rows(house, "SELECT person_key FROM identities"))
    assert 0 < max(heaviest) < MOST_MEGABYTES


@contextmanager
def heaviest_reader() -> Iterator[list[float]]:
    """The most megabytes each reader seen so far has held; filled meanwhile.

    Not getrusage: a child counts there with the size of the process that it was forked from.
    """
    peaks, ended = [0.0], threading.Event()
    watcher = threading.Thread(target=watch, args=(peaks, ended))
    watcher.start()
    try:
        yield peaks
    finally:
        ended.set()
        watcher.join()


def watch(peaks: list[float], ended: threading.Event) -> None:
    """Ask every reader, twenty times a second, for the most it has held."""
    while not ended.wait(0.05):
        for listed in Path("/proc/self/task").glob("*/children"):
            peaks.extend(filter(None, map(most_held, told_by(listed).split())))


def most_held(process: str) -> float:
    """Megabytes of a reader; 0 of anything else, and of one that has ended."""
    here = Path("/proc", process)
    if "serve_apart" not in told_by(here / "cmdline"):
        return 0
    lines = (line.split() for line in told_by(here / "status").splitlines())
    return next((int(line[1]) / 1024 for line in lines if line[:1] == ["VmHWM:"]), 0)


def told_by(file: Path) -> str:
    """What the kernel says of a process; nothing, if that process has just ended."""
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def take_in(house: House, room: Room, amal: StaffPerson, sent: SentList) -> None:
    """Take in who can be taken in: exactly those who were shown as ready."""
    with house.unit(writes=True) as work:
        looked = rosters.look_over(work, room.workshop, sent, provinces=PROVINCES)
        added, _ = rosters.take_in(work, room.workshop, sent, provinces=PROVINCES, by=amal)
    assert added == len(looked.find(Verdict.READY))
    assert all(REASONS[row.reason] for row in looked.find(Verdict.FAULTY))
