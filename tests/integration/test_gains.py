"""The one door to group numbers: who sees what from how many pairs, and when figures may move."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.gains import service as gains
from app.main import settle_once
from app.sittings import service as sittings
from app.web.house import House
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import (
    API,
    a_program,
    an_operation,
    change,
    keys_of,
    rows,
    run_workshop,
    take,
)
from tests.fixtures.page_client import PageClient, another_browser

HOUR_MS = 3_600_000
COUNTS = {"registered", "pre", "post", "paired"}
MEANS = {
    "max_points", "mean_pre_points", "mean_post_points", "gain_points", "gain_points_low",
    "gain_points_high", "mean_pre_percent", "mean_post_percent", "gain_pp", "gain_pp_low",
    "gain_pp_high",
}  # fmt: skip
CHANGED = {"improved", "same", "declined"}  # for the team alone
# pairs: (team: shown, numbers told, reason), (outside: the same)
WHO_SEES_WHAT: dict[int, tuple[tuple[str, set[str], str | None], ...]] = {
    0: (("none_yet", COUNTS, "no_pairs"), ("none_yet", {"registered", "paired"}, "no_pairs")),
    1: (("nothing", {"registered"}, "n_too_small"), ("withheld", {"registered"}, "withheld")),
    2: (("counts", COUNTS, "n_too_small"), ("withheld", {"registered"}, "withheld")),
    4: (("counts", COUNTS, "n_too_small"), ("withheld", {"registered"}, "withheld")),
    5: (("means", COUNTS | MEANS | CHANGED, None), ("withheld", {"registered"}, "withheld")),
    9: (("means", COUNTS | MEANS | CHANGED, None), ("withheld", {"registered"}, "withheld")),
    10: (("full", COUNTS | MEANS | CHANGED, None), ("full", COUNTS | MEANS, None)),
}


def as_team(client: TestClient, house: House, amal: StaffPerson, room: Room) -> dict[str, Any]:
    path = f"{API}/workshops/{room.workshop.id}/gains"
    told: dict[str, Any] = client.get(path, headers=bearer_of(house, amal)).json()
    return told


def as_evaluator(client: TestClient, house: House, dina: StaffPerson, room: Room) -> dict[str, Any]:
    report = client.get(f"{API}/reports/gains", headers=bearer_of(house, dina)).json()
    found = [row for row in report["rows"] if row["workshop"]["id"] == room.workshop.id]
    gain: dict[str, Any] = found[0]["gain"]
    return gain


def as_csv(client: TestClient, house: House, dina: StaffPerson, room: Room) -> dict[str, str]:
    file = client.get(f"{API}/reports/gains.csv", headers=bearer_of(house, dina)).content
    lines = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    return next(line for line in lines if line["workshop_id"] == room.workshop.id)


def as_page(client: TestClient, house: House, amal: StaffPerson, room: Room) -> list[str]:
    """Every line of the results page that holds a number, but the one about latecomers."""
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, amal)
    page = browser.get(f"/trainer/workshops/{room.workshop.id}/results")
    told = [page.heading, *("".join(each.itertext()) for each in page.find("td"))]
    return [" ".join(each.split()) for each in told]


def a_room(house: House, amal: StaffPerson, people: int) -> Room:
    """A workshop on the form of ten questions."""
    return a_workshop(house, amal, people, audience=Audience.NGO)


def figures(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in (*COUNTS, *MEANS, *CHANGED, "as_of", "shown")}


def test_who_sees_what_from_how_many_pairs(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    for pairs, (team, outside) in WHO_SEES_WHAT.items():
        room = a_room(house, amal, pairs + 1)
        both = [(number % 4, 4 + number % 5) for number in range(pairs)]
        run_workshop(house, room, amal, [*both, (3, None)])
        for told, (shown, numbers, reason) in (
            (as_team(client, house, amal, room), team),
            (as_evaluator(client, house, dina, room), outside),
        ):
            given = {name for name in COUNTS | MEANS | CHANGED if told[name] is not None}
            assert (told["shown"], given, told["reason"]) == (shown, numbers, reason), pairs
            assert told["interval_reason"] == reason
            assert told["registered"] == pairs + 1


def test_five_pairs_give_the_numbers_worked_by_hand(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    # Gains 3, 2, 2, 4, 0: sum 11, sum of squares 33, variance (33 - 121/5)/4 = 2.2,
    # SE √(2.2/5) = 0.66332, t(.975, 4) = 2.77645, so 2.2 ± 1.84169.
    room = a_room(house, amal, 7)
    pairs = [(2, 5), (3, 5), (4, 6), (5, 9), (6, 6), (9, None), (None, 1)]
    run_workshop(house, room, amal, pairs)
    told = as_team(client, house, amal, room)
    assert {name: told[name] for name in COUNTS} == {
        "registered": 7, "pre": 6, "post": 6, "paired": 5,
    }  # fmt: skip
    assert {name: str(told[name]) for name in MEANS | CHANGED} == {
        "max_points": "10.00", "mean_pre_points": "4.00", "mean_post_points": "6.20",
        "gain_points": "2.20", "gain_points_low": "0.36", "gain_points_high": "4.04",
        "mean_pre_percent": "40", "mean_post_percent": "62", "gain_pp": "22",
        "gain_pp_low": "4", "gain_pp_high": "40", "improved": "4", "same": "1", "declined": "0",
    }  # fmt: skip


def test_equal_gains_have_no_interval_and_the_reason_is_told(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 5)
    run_workshop(house, room, amal, [(number, number + 2) for number in range(5)])
    told = as_team(client, house, amal, room)
    assert (told["gain_points"], told["gain_points_low"]) == ("2.00", None)
    assert (told["reason"], told["interval_reason"]) == (None, "zero_variance")


def test_a_pair_is_the_same_person_on_the_same_version_of_the_form(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 6)
    other = a_workshop(house, amal, 0).workshop.form_id
    change(house, "UPDATE administrations SET form_id = :form WHERE occasion = 'post' "
           "AND workshop_id = :workshop", form=other, workshop=room.workshop.id)  # fmt: skip
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [5] * 6)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [5] * 6)
    close_test(house, room, Occasion.POST, amal)
    assert as_team(client, house, amal, room)["paired"] == 0


def test_nothing_is_told_before_the_post_test_has_closed(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson
) -> None:
    room = a_room(house, amal, 12)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [4] * 12)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [6] * 12)
    for told in (as_team(client, house, amal, room), as_evaluator(client, house, dina, room)):
        given = {name for name in COUNTS | MEANS | CHANGED if told[name] is not None}
        assert (told["shown"], given) == ("none_yet", {"registered"})
    assert as_csv(client, house, dina, room)["gain_points"] == ""


def a_room_of_ten_pairs_and_latecomers(house: House, amal: StaffPerson, late: int) -> Room:
    """Ten people took both tests, and so many more only the first."""
    room = a_room(house, amal, 10 + late)
    pairs: list[tuple[int | None, int | None]] = [(n % 5, 3 + n % 6) for n in range(10)]
    run_workshop(house, room, amal, [*pairs, *[(0, None)] * late])
    return room


def come_late(house: House, room: Room, amal: StaffPerson, people: Sequence[int]) -> None:
    """The post-test is opened again for these people, who get everything right, and closed."""
    open_test(house, room, Occasion.POST, amal)
    points = [10 if person in people else None for person in range(len(room.cards))]
    take(house, room, Occasion.POST, points)
    close_test(house, room, Occasion.POST, amal)


def test_four_latecomers_change_no_figure_anywhere_and_five_do_for_the_team(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, clock: FakeClock
) -> None:
    room = a_room_of_ten_pairs_and_latecomers(house, amal, late=5)
    team, outside = as_team(client, house, amal, room), as_evaluator(client, house, dina, room)
    page, line = as_page(client, house, amal, room), as_csv(client, house, dina, room)
    clock.advance(timedelta(minutes=10))
    come_late(house, room, amal, range(10, 14))
    assert as_team(client, house, amal, room) == team | {"late_beside": 4}
    assert as_evaluator(client, house, dina, room) == outside | {"late_beside": 4}
    assert as_csv(client, house, dina, room) == line | {"late_beside": "4"}
    assert as_page(client, house, amal, room) == page
    clock.advance(timedelta(minutes=10))
    come_late(house, room, amal, [14])
    after = as_team(client, house, amal, room)
    assert (after["paired"], after["late_beside"]) == (15, 0)
    assert after["gain_points"] != team["gain_points"]
    assert as_csv(client, house, dina, room) == line | {"late_beside": "5"}
    assert as_evaluator(client, house, dina, room) == outside | {"late_beside": 5}
    assert as_page(client, house, amal, room) != page


def test_who_reads_after_every_sitting_never_sees_a_figure_moved_by_fewer_than_five(
    client: TestClient, house: House, amal: StaffPerson, dina: StaffPerson, clock: FakeClock
) -> None:
    room = a_room_of_ten_pairs_and_latecomers(house, amal, late=11)
    seen = []
    for person in range(10, 21):
        clock.advance(timedelta(minutes=1))
        open_test(house, room, Occasion.POST, amal)
        during = as_team(client, house, amal, room)
        assert during["mean_post_points"] is None
        come_late(house, room, amal, [person])
        told = as_team(client, house, amal, room)
        outside = as_evaluator(client, house, dina, room)
        assert outside["paired"] == (20 if told["paired"] == 20 else 10)
        alike = figures(outside) == figures(told) | dict.fromkeys(CHANGED)
        assert alike is (told["paired"] in {10, 20})
        seen.append((told["paired"], told["late_beside"]))
    assert seen == [
        (10, 1), (10, 2), (10, 3), (10, 4), (15, 0),
        (15, 1), (15, 2), (15, 3), (15, 4), (20, 0), (20, 1),
    ]  # fmt: skip


def a_room_of_ten_pairs_that_the_closing_sent(house: House, amal: StaffPerson) -> Room:
    """Ten people took both tests; nobody had sent the second one when it closed."""
    room = a_room(house, amal, 10)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [n % 5 for n in range(10)])
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    take(house, room, Occasion.POST, [3 + n % 6 for n in range(10)], is_sent=False)
    close_test(house, room, Occasion.POST, amal)
    return room


def send_late(client: TestClient, house: House, room: Room, person: int, *options: str) -> None:
    """A change of the tenth answer of the post-test, tapped before the close, arrives late."""
    program = a_program(client, room.cards[person])
    sql = (
        "SELECT s.id FROM sittings s JOIN participants p ON p.id = s.participant_id "
        "JOIN administrations a ON a.id = s.administration_id "
        "WHERE p.card_id = :card AND a.occasion = 'post'"
    )
    (sitting,) = rows(house, sql, card=room.cards[person].card.id)
    with house.unit(writes=False) as work:
        known = sittings.require_sitting(work, sitting["id"])
        program.sitting_tokens[known.id] = house.sitting_token(known, work.now)
    late = an_operation("late", "10", *options, revision=9, age_ms=HOUR_MS * 2)
    assert program.send(sitting["id"], late).json()["acknowledged"] == ["operation-late"]


def test_late_answers_of_four_stay_beside_the_figures_and_of_five_move_them_once(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    for people, moved in ((4, False), (5, True)):
        room = a_room_of_ten_pairs_that_the_closing_sent(house, amal)
        right = sorted(keys_of(house, room)[9].keys)
        before = as_team(client, house, amal, room)
        clock.advance(timedelta(hours=1))
        for person in range(people):
            send_late(client, house, room, person, *right)
        assert as_team(client, house, amal, room) == before | {"late_beside": people}
        clock.advance(timedelta(hours=23))
        settle_once(house)
        after = as_team(client, house, amal, room)
        own = a_program(client, room.cards[0]).get("/me/result").json()
        assert (own["post_points"], own["is_provisional"]) == ("4", False)
        assert after["is_provisional"] is False
        assert (figures(after) != figures(before)) is moved
        assert after["late_beside"] == (0 if moved else people)
        with house.unit(writes=True) as work:
            assert gains.check_rollups(work, room.workshop) == []


def test_what_changes_no_score_never_lets_a_single_persons_change_through(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_room_of_ten_pairs_that_the_closing_sent(house, amal)
    key = keys_of(house, room)[9]
    wrong = next(option for option in key.options if option not in key.keys)
    before = as_team(client, house, amal, room)
    clock.advance(timedelta(hours=1))
    for person in range(4):
        send_late(client, house, room, person, wrong)  # no points before, none after
    send_late(client, house, room, 4, *sorted(key.keys))
    clock.advance(timedelta(hours=23))
    settle_once(house)
    assert figures(as_team(client, house, amal, room)) == figures(before)


def test_repeats_and_refused_answers_after_the_closing_are_no_latecomers(
    client: TestClient, house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_room(house, amal, 10)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [3] * 10)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    kept = an_operation("kept", "1", "dk")
    people = [a_program(client, card) for card in room.cards]
    sittings = [person.start() for person in people]
    for person, sitting in zip(people, sittings, strict=True):
        person.send(sitting, kept)
        person.finish(sitting)
    close_test(house, room, Occasion.POST, amal)
    before = as_team(client, house, amal, room)
    clock.advance(timedelta(minutes=5))
    for person, sitting in zip(people, sittings, strict=True):
        person.send(sitting, kept)
        person.send(sitting, an_operation("refused", "2", "dk", age_ms=0))
    clock.advance(timedelta(hours=24))
    settle_once(house)
    assert as_team(client, house, amal, room) == before | {"is_provisional": False}
    assert len(rows(house, "SELECT id FROM gain_snapshots")) == 2


def test_own_points_wait_while_the_own_test_is_open_again(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_room(house, amal, 1)
    open_test(house, room, Occasion.PRE, amal)
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    person = a_program(client, room.cards[0])
    person.send(person.start(), an_operation("1", "1", "a"))
    close_test(house, room, Occasion.POST, amal)
    open_test(house, room, Occasion.POST, amal)
    assert person.get("/me").json()["can_take"] is True
    told = person.get("/me/result")
    assert (told.status_code, told.json()["code"]) == (409, "not_yet_released")
    person.finish(person.start())
    assert person.get("/me/result").status_code == 200
