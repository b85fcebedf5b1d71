"""300 nasty rosters: each gets a sentence, none brings half a list, none holds the server up."""

import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts.schemas import StaffPerson
from app.adapters.sheets import Sheet
from app.core.errors import ListRefused
from app.core.reasons import REASONS
from app.core.rosters import Verdict
from app.participants import rosters
from app.web.house import House
from tests.fixtures.house import a_workshop
from tests.fixtures.loop import rows
from tests.fixtures.nasty_rosters import EITHER, ROWS, nasty_rosters
from tests.fixtures.rosters import PROVINCES, a_list

MOST_SECONDS = (
    30  # each, where two are read at once on a busy machine; the reader itself stops at 10
)
MOST_MEGABYTES = 700


def read(content: bytes) -> tuple[Sheet | str, float]:
    """The cells, or why it was refused, and how long that took."""
    started = time.monotonic()
    try:
        found: Sheet | str = rosters.read_file(content)
    except ListRefused as refused:
        found = str(refused.facts["reason"])
    return found, time.monotonic() - started


@pytest.mark.sqlite_only
def test_300_nasty_rosters_each_get_a_sentence_and_nothing_is_half_taken_in(
    house: House, amal: StaffPerson
) -> None:
    nasty = nasty_rosters()
    assert len(nasty) >= 300
    assert len({name for name, _, _ in nasty}) == len(nasty)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(read, (content for _, content, _ in nasty)))
    room = a_workshop(house, amal, people=1)
    wrong = {}
    for (name, _, expected), (sheet, seconds) in zip(nasty, found, strict=True):
        told = judge(house, room, amal, sheet)
        if (expected not in (EITHER, told)) or seconds > MOST_SECONDS:
            wrong[name] = (expected, told, round(seconds, 1))
    assert wrong == {}
    kept = rows(house, "SELECT card_id FROM listed_people")
    assert len(kept) == len(rows(house, "SELECT person_key FROM identities"))
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert megabytes < MOST_MEGABYTES


def judge(house, room, amal, sheet) -> str:
    """What the trainer is told: a reason's key, or ROWS; takes in who can be taken in."""
    if isinstance(sheet, str):
        assert REASONS[sheet]
        return sheet
    sent = a_list(rosters.rows_of(sheet))
    try:
        with house.unit(writes=True) as work:
            looked = rosters.look_over(work, room.workshop, sent, provinces=PROVINCES)
            added, _ = rosters.take_in(work, room.workshop, sent, provinces=PROVINCES, by=amal)
    except ListRefused as refused:
        return str(refused.facts["reason"])
    assert added == len(looked.find(Verdict.READY))
    assert all(REASONS[row.reason] for row in looked.find(Verdict.FAULTY))
    return ROWS
