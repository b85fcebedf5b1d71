"""The minority ballot: asked where it is switched on, tied to nothing, told in wholes alone."""

import itertools
import random
from datetime import date

import pytest
from sqlalchemy import inspect
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.sealing import keyed_digest
from app.core.errors import BallotClosed, ValueRefused
from app.feedback import ballot_countries, ballots
from app.upkeep.tidy import tidy
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Occasion
from tests.fixtures.ballots import (
    at_the_post_test,
    cast,
    close,
    rooms_that_answer,
    slip_of,
    start,
    told,
)
from tests.fixtures.house import (
    Room,
    a_plan,
    close_test,
    open_test,
)
from tests.fixtures.loop import API, at_once, everything_stored, rows
from tests.fixtures.scene import a_synthetic_workshop

ASKED = "Do you belong to a religious, ethnic or language minority?"
TABLES = ("ballot_countries", "ballot_counts", "ballot_rounds", "ballot_slips")


def test_nobody_is_asked_until_an_admin_says_so_and_nobody_in_another_country(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    before = at_the_post_test(house, amal)
    start(house, admin, "bd")
    elsewhere = at_the_post_test(house, amal)
    start(house, admin)
    asked = at_the_post_test(house, amal)
    with house.unit(writes=False) as work:
        for room in (before, elsewhere):
            assert ballots.hand_out_slip(work, room.workshop.id, is_private=True) is None
        assert ballots.hand_out_slip(work, asked.workshop.id, is_private=True)
        # in a room's own network answers could be read along
        assert ballots.hand_out_slip(work, asked.workshop.id, is_private=False) is None
    events = rows(house, "SELECT verb, facts FROM audit_events WHERE verb = 'start_ballot'")
    assert [each["facts"] for each in events] == ['{"country": "BD"}', '{"country": "PK"}']
    with pytest.raises(ValueRefused), house.unit(writes=True) as work:
        ballot_countries.start_ballot(work, "Pakistan", by=admin)


def test_another_organisations_switch_asks_nobody_here(
    house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    start(house, basma)
    room = at_the_post_test(house, amal)
    with house.unit(writes=False) as work:
        assert ballots.hand_out_slip(work, room.workshop.id, is_private=True) is None


def test_no_column_of_the_ballot_holds_an_answer_a_person_or_a_time(house: House) -> None:
    columns = {
        table: {column["name"] for column in inspect(house.engine).get_columns(table)}
        for table in TABLES
    }
    count = {"organisation_id", "country", "year", "is_synthetic"}
    assert columns == {
        "ballot_countries": {"organisation_id", "country"},
        "ballot_counts": count | {"batch", "waiting", "yes_count", "no_count", "workshop_count"},
        "ballot_rounds": count | {"workshop_id", "is_open", "waiting_answers"},
        "ballot_slips": {"slip_hash", "workshop_id"},
    }


def test_an_answer_changes_nothing_that_can_be_read_and_nothing_by_its_kind(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    room = at_the_post_test(house, amal)
    events = len(rows(house, "SELECT id FROM audit_events"))
    seen = []
    for yes, no in ((1, 0), (0, 1), (1, 0)):
        cast(house, room, yes=yes, no=no)
        (count,) = rows(house, "SELECT * FROM ballot_counts")
        waiting = bytes(count.pop("waiting"))
        seen.append((waiting, len(waiting), count))
    assert len({waiting for waiting, _, _ in seen}) == 3
    assert {length for _, length, _ in seen} == {36}  # nonce, eight bytes, tag
    assert seen[0][2] == seen[1][2] == seen[2][2]
    assert (seen[0][2]["yes_count"], seen[0][2]["no_count"]) == (0, 0)
    assert len(rows(house, "SELECT id FROM audit_events")) == events


def test_a_slip_is_made_by_chance_and_leads_to_no_card_even_with_every_key(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    room = at_the_post_test(house, amal)
    slips = {slip_of(house, room) for _ in range(20)}
    assert len(slips) == 20
    assert rows(house, "SELECT * FROM ballot_slips") == []  # nothing is stored by handing out
    chances = {slip.split(".")[1] for slip in slips}
    labels = ("ballot", "questionnaire", "service")
    for card in room.cards:
        made = {
            keyed_digest(house.keys.derived(label), room.workshop.id, card.card.id)[:32]
            for label in labels
        }
        assert not made & chances
    cast(house, room, yes=1)
    kept = everything_stored(house)
    assert not any(chance.encode() in kept for chance in chances)


def test_a_slip_counts_once_and_a_made_up_one_never(
    client: TestClient, house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    room = at_the_post_test(house, amal)
    slip = slip_of(house, room)

    def send(answer: str = "y", shown: str = slip) -> int:
        body = {"slip": shown, "answer": answer}
        return client.post(f"{API}/ballots", json=body).status_code

    assert at_once(send, send, send) == [204, 204, 204]
    assert send("n") == 204  # said again, changes nothing
    assert rows(house, "SELECT waiting_answers FROM ballot_rounds") == [{"waiting_answers": 1}]
    workshop_id, chance, proof = slip.split(".")
    for forged in (f"{workshop_id}.{'0' * 32}.{proof}", f"{'0' * 32}.{chance}.{proof}", "x" * 40):
        assert send(shown=forged) == 409
    assert client.post(f"{API}/ballots", json={"slip": slip, "answer": "yes"}).status_code == 422


def test_what_is_told_is_always_three_workshops_with_ten_of_each_answer(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    first, second, third = rooms_that_answer(house, amal, [(5, 8), (4, 8), (1, 8)])
    close(house, amal, first, second)
    assert told(house, amal) == [("PK", 2026, None, None, None)]
    close(house, amal, third)
    assert told(house, amal) == [("PK", 2026, 10, 24, 3)]
    more = rooms_that_answer(house, amal, [(9, 9), (9, 9)])
    close(house, amal, *more)
    assert told(house, amal) == [("PK", 2026, 10, 24, 3)]  # two rooms wait for a third
    (last,) = rooms_that_answer(house, amal, [(2, 4)])
    assert told(house, amal) == [("PK", 2026, 10, 24, 3)]  # nothing moves at an answer
    close(house, amal, last)
    assert told(house, amal) == [("PK", 2026, 30, 46, 6)]


def test_years_countries_and_invented_workshops_are_counted_apart(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    rooms = rooms_that_answer(house, amal, [(6, 6), (6, 6)])
    last_year = at_the_post_test(
        house, amal, starts_on=date(2025, 12, 30), ends_on=date(2025, 12, 31)
    )
    invented = a_synthetic_workshop(house, amal)
    for occasion in (Occasion.PRE, Occasion.POST):
        open_test(house, invented, occasion, amal)
        if occasion is Occasion.PRE:
            close_test(house, invented, occasion, amal)
    cast(house, last_year, yes=6, no=6)
    cast(house, invented, yes=6, no=6)
    close(house, amal, *rooms, last_year, invented)
    assert [each[2] for each in told(house, amal)] == [None, None, None]


def test_random_closings_never_tell_a_difference_that_is_too_small(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    chance = random.Random("ballots")
    start(house, admin)
    looks = [(0, 0, 0)]
    open_rooms: list[Room] = []
    for _ in range(14):
        room = at_the_post_test(house, amal)
        open_rooms.append(room)
        for each in open_rooms:
            cast(house, each, yes=chance.randrange(4), no=chance.randrange(6))
        if len(open_rooms) > 2:
            close(house, amal, open_rooms.pop(0))
        ((_, _, *now),) = told(house, amal)
        if now[0] is not None and tuple(now) != looks[-1]:
            looks.append((now[0], now[1], now[2]))
    assert len(looks) > 2
    for before, after in itertools.pairwise(looks):
        steps = [new - old for new, old in zip(after, before, strict=True)]
        assert steps[0] >= 10
        assert steps[1] >= 10
        assert steps[2] >= 3


def test_what_was_told_leaves_no_slip_no_round_no_seal_and_no_key(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    rooms = rooms_that_answer(house, amal, [(4, 4), (4, 4), (4, 4)])
    late = slip_of(house, rooms[0])
    (name,) = [each for each in house.keys.names() if each.startswith("ballot-")]
    close(house, amal, *rooms)
    assert told(house, amal) == [("PK", 2026, 12, 12, 3)]
    assert rows(house, "SELECT * FROM ballot_slips") == []
    assert rows(house, "SELECT * FROM ballot_rounds") == []
    assert rows(house, "SELECT waiting FROM ballot_counts") == [{"waiting": None}]
    assert not house.keys.has(name)
    assert not (house.settings.key_backup / f"{name}.key").exists()
    with pytest.raises(BallotClosed), house.unit(writes=True) as work:
        ballots.cast_ballot(work, late, is_yes=True)


def test_stopping_destroys_what_waits_and_keeps_what_was_told(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    close(house, amal, *rooms_that_answer(house, amal, [(4, 4), (4, 4), (4, 4)]))
    (room,) = rooms_that_answer(house, amal, [(3, 3)])
    slip = slip_of(house, room)
    with house.unit(writes=True) as work:
        ballot_countries.stop_ballot(work, "PK", by=admin)
        ballot_countries.stop_ballot(work, "PK", by=admin)
    assert [each for each in house.keys.names() if each.startswith("ballot-")] == []
    assert rows(house, "SELECT * FROM ballot_rounds") == []
    assert rows(house, "SELECT * FROM ballot_slips") == []
    with pytest.raises(BallotClosed), house.unit(writes=True) as work:
        ballots.cast_ballot(work, slip, is_yes=True)
    assert told(house, amal) == [("PK", 2026, 12, 12, 3)]
    assert len(rows(house, "SELECT id FROM audit_events WHERE verb = 'stop_ballot'")) == 1


def test_an_old_copy_of_the_database_cannot_tell_a_batch_twice(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    rooms = rooms_that_answer(house, amal, [(4, 4), (4, 4), (4, 4)])
    (old,) = rows(house, "SELECT * FROM ballot_counts")
    (key,) = [each for each in house.keys.names() if each.startswith("ballot-")]
    house.keys.destroy(key)  # as if the batch had been told after the copy was made
    cast(house, rooms[0], yes=1)
    (count,) = rows(house, "SELECT * FROM ballot_counts")
    assert (old["batch"], count["batch"]) == (1, 2)
    waiting = rows(house, "SELECT waiting_answers FROM ballot_rounds WHERE waiting_answers > 0")
    assert waiting == [{"waiting_answers": 1}]
    close(house, amal, *rooms)
    assert told(house, amal) == [("PK", 2026, None, None, None)]


def test_a_key_that_came_back_with_a_copy_ends_when_the_service_tidies(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    rooms = rooms_that_answer(house, amal, [(4, 4), (4, 4), (4, 4)])
    (name,) = [each for each in house.keys.names() if each.startswith("ballot-")]
    content = house.keys.require(name)
    close(house, amal, *rooms)
    for folder in (house.settings.keys, house.settings.key_backup):
        (folder / f"{name}.destroyed").unlink()
        (folder / f"{name}.key").write_bytes(content)
    done = tidy(house.settings, lambda writes: house.unit(writes=writes), checks_sums=False)
    assert name in done.keys_ended
    assert not house.keys.has(name)


def test_answers_that_come_at_once_and_a_closing_all_count_or_are_refused(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    rooms = rooms_that_answer(house, amal, [(4, 4), (4, 4), (4, 4)])
    (open_one,) = rooms_that_answer(house, amal, [(0, 0)])
    slips = [slip_of(house, open_one) for _ in range(6)]

    def send(slip: str) -> str:
        with house.unit(writes=True) as work:
            ballots.cast_ballot(work, slip, is_yes=True)
        return "counted"

    def end() -> str:
        close(house, amal, *rooms)
        return "closed"

    done = at_once(end, *[lambda slip=slip: send(slip) for slip in slips])  # type: ignore[misc]
    assert sorted(done) == ["closed"] + ["counted"] * 6
    ((_, _, yes, no, workshops_told),) = told(house, amal)
    (waiting,) = rows(house, "SELECT waiting_answers FROM ballot_rounds")
    assert yes + waiting["waiting_answers"] == 18
    assert (no, workshops_told) == (12, 3)


def test_a_corrected_country_moves_no_answer(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    start(house, admin)
    rooms = rooms_that_answer(house, amal, [(4, 4), (4, 4), (4, 4)])
    with house.unit(writes=True) as work:
        moved = a_plan(
            country="BD", province="BD-13", starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 5)
        )
        workshops.correct_workshop(
            work, rooms[0].workshop, moved, by=amal, on_corrected=lambda *_: None
        )
    close(house, amal, *rooms)
    assert told(house, amal) == [("PK", 2026, 12, 12, 3)]
