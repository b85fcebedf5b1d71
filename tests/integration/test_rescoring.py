"""A corrected key or a withdrawn question: everybody is scored anew, and nobody is told by it."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import Role, StaffPerson
from app.banks import corrections
from app.banks import service as banks
from app.core.disclosure import Audience
from app.core.errors import CorrectionRefused, ValueRefused
from app.core.scoring import UNITS_PER_POINT
from app.gains import rescoring, rollups
from app.gains import service as gains
from app.gains.release_checks import check_releases
from app.gains.results import Unsaid
from app.gains.service import Choice
from app.main import settle_once
from app.upkeep.rescoring import rescore_due
from app.web.house import House
from app.workshops import service as workshops
from app.workshops.schemas import Occasion
from tests.fixtures.corrections import PAIRS, another_key, correct, workshop_now
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_staff_member,
    a_workshop,
    bearer_of,
    close_test,
    open_test,
    sign_in,
)
from tests.fixtures.loop import change, keys_of, rows, run_workshop, take
from tests.fixtures.page_client import PageClient, another_browser


def results(house: House, room: Room, audience: Audience) -> gains.WorkshopResults:
    with house.unit(writes=False) as work:
        workshop = workshops.require_workshop(work, room.workshop.id)
        return gains.read_results(work, workshop, audience, threshold=10)


def assert_sums_are_true(house: House) -> None:
    with house.unit(writes=True) as work:
        found = rollups.check_all(work)
        assert found.differences == ()
        assert check_releases(work).differences == ()


def scores_by(house: House, form_id: str) -> list[int]:
    """Every score of the form, worked out from the answers themselves."""
    with house.unit(writes=False) as work:
        keys = banks.require_keys(work, form_id).keys
    found: dict[str, int] = {}
    for row in rows(
        house, "SELECT s.id, r.item, r.content FROM sittings s JOIN responses r "
        "ON r.sitting_id = s.id WHERE s.form_id = :form ORDER BY s.id", form=form_id,
    ):  # fmt: skip
        found.setdefault(row["id"], 0)
        key = keys.get(row["item"])
        if key is not None and set(json.loads(row["content"])["options"]) == key.keys:
            found[row["id"]] += key.points * UNITS_PER_POINT
    return [found[each] for each in sorted(found)]


def stored_scores(house: House) -> list[int]:
    return [each["units"] for each in rows(house, "SELECT units FROM sittings ORDER BY id")]


def test_every_stored_answer_is_scored_by_the_corrected_key_and_sums_agree(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=12)
    run_workshop(house, room, amal, PAIRS)
    old_form, before = room.workshop.form_id, stored_scores(house)
    (frozen,) = rows(
        house, "SELECT content FROM snapshot_contents ORDER BY snapshot_id DESC LIMIT 1"
    )
    key_before = rows(house, "SELECT key FROM form_keys WHERE form_id = :id", id=old_form)
    item, keys = another_key(house, room)
    new_form = correct(house, room, amal, item, keys)
    assert workshop_now(house, room).form_id == new_form
    assert stored_scores(house) == scores_by(house, new_form) != before
    assert_sums_are_true(house)
    assert rows(house, "SELECT key FROM form_keys WHERE form_id = :id", id=old_form) == key_before
    contents = [each["content"] for each in rows(house, "SELECT content FROM snapshot_contents")]
    assert frozen["content"] in contents
    known = stored_scores(house)  # again changes nothing
    assert rescore_due(lambda writes: house.unit(writes=writes)) == 0
    assert stored_scores(house) == known


def test_the_team_of_ten_sees_the_new_figures_and_outsiders_those_they_were_told(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=12)
    run_workshop(house, room, amal, PAIRS)
    team, outside = (results(house, room, each) for each in (Audience.TEAM, Audience.OUTSIDE))
    new_form = correct(house, room, amal, *another_key(house, room))
    now = results(house, room, Audience.TEAM)
    assert now.form_id == new_form
    assert now.room != team.room
    assert (now.room.paired if now.room else 0) == 12
    assert results(house, room, Audience.OUTSIDE) == outside
    # Questions that were not corrected say exactly what they said: the same people, nobody more.
    same = [
        (old, new)
        for old, new in zip(team.items, now.items, strict=True)
        if (old.retained, old.learned, old.lost) == (new.retained, new.learned, new.lost)
    ]
    assert len(same) >= len(team.items) - 1
    assert now.pair_arrows.arrows == ()
    assert now.pair_arrows.unsaid is Unsaid.RESCORED


def test_a_room_of_fewer_than_ten_keeps_the_figures_its_team_was_told(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=7)
    run_workshop(house, room, amal, PAIRS[:7])
    before = results(house, room, Audience.TEAM)
    new_form = correct(house, room, amal, *another_key(house, room))
    assert results(house, room, Audience.TEAM) == before
    assert stored_scores(house) == scores_by(house, new_form)  # each person's own result is new
    assert_sums_are_true(house)


def test_a_latecomer_is_not_told_by_the_difference(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=13)
    for occasion, place in ((Occasion.PRE, 0), (Occasion.POST, 1)):
        open_test(house, room, occasion, amal)
        take(house, room, occasion, [pair[place] for pair in PAIRS] + [4])
        close_test(house, room, occasion, amal)
    # Somebody's last answers arrive within the late hours: beside the snapshot, not in it.
    before = results(house, room, Audience.TEAM)
    clock.advance(timedelta(minutes=5))
    change(
        house,
        "UPDATE sittings SET units_changed_at = :now, submitted_at = :now WHERE id = "
        "(SELECT max(s.id) FROM sittings s JOIN administrations a ON a.id = s.administration_id "
        "WHERE a.occasion = 'post')",
        now=clock.now().isoformat(sep=" ")[:19] + ".000000",
    )
    correct(house, room, amal, *another_key(house, room))
    # What stood then is not found again to the number: the old figures stay, and say so.
    assert results(house, room, Audience.TEAM) == before
    (told,) = rows(house, "SELECT has_snapshots, is_moved FROM rescorings")
    assert (bool(told["has_snapshots"]), bool(told["is_moved"])) == (False, True)


def test_a_withdrawn_question_counts_for_nobody_before_and_after(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=12)
    run_workshop(house, room, amal, PAIRS)
    most = len(keys_of(house, room))
    item, _ = another_key(house, room)
    new_form = correct(house, room, amal, item, ())
    with house.unit(writes=False) as work:
        assert banks.require_form(work, new_form).max_units == (most - 1) * UNITS_PER_POINT
    assert stored_scores(house) == scores_by(house, new_form)
    now = results(house, room, Audience.TEAM)
    assert item not in {each.item for each in now.items}
    assert_sums_are_true(house)


def test_an_open_test_goes_on_and_is_scored_by_the_corrected_key(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=12)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [pair[0] for pair in PAIRS], is_sent=False)
    new_form = correct(house, room, amal, *another_key(house, room))
    close_test(house, room, Occasion.PRE, amal)
    open_test(house, room, Occasion.POST, amal)
    later = Room(workshop_now(house, room), room.cards)
    take(house, later, Occasion.POST, [pair[1] for pair in PAIRS])
    close_test(house, room, Occasion.POST, amal)
    assert stored_scores(house) == scores_by(house, new_form)
    for audience in Audience:  # nothing had been told: everybody sees the new ones
        assert results(house, room, audience).form_id == new_form
    assert_sums_are_true(house)


def test_answers_that_are_gone_leave_the_workshop_as_it_is(house: House, amal: StaffPerson) -> None:
    gone, there = (a_workshop(house, amal, people=10) for _ in range(2))
    for room in (gone, there):
        run_workshop(house, room, amal, PAIRS[:10])
    with house.unit(writes=True) as work:
        rollups.seal_workshop(work, gone.workshop.id)
    before = results(house, gone, Audience.TEAM)
    new_form = correct(house, there, amal, *another_key(house, there))
    assert workshop_now(house, gone).form_id == gone.workshop.form_id
    assert results(house, gone, Audience.TEAM) == before
    assert workshop_now(house, there).form_id == new_form
    assert rescore_due(lambda writes: house.unit(writes=writes)) == 0


def test_what_is_released_stays_and_old_workshops_are_released_by_the_old_version(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    first, waiting = (a_workshop(house, amal, people=12) for _ in range(2))
    run_workshop(house, first, amal, PAIRS)
    clock.advance(timedelta(hours=25))
    settle_once(house)
    old = first.workshop

    def table(form_id: str) -> Any:
        with house.unit(writes=False) as work:
            choice = Choice(country=old.country)
            return gains.read_table(work, old.organisation_id, form_id, choice)

    told = table(old.form_id)
    run_workshop(house, waiting, amal, PAIRS)
    new_form = correct(house, first, amal, *another_key(house, first))
    assert table(old.form_id) == told
    clock.advance(timedelta(hours=25))
    settle_once(house)
    # Counted before the correction: told by the version it was counted by.
    assert table(old.form_id).whole.figures.paired == 24
    assert table(new_form).whole.figures is None
    assert_sums_are_true(house)
    later = a_workshop(house, amal, people=12)
    assert later.workshop.form_id == new_form  # the corrected version is offered in its place
    run_workshop(house, later, amal, PAIRS)
    clock.advance(timedelta(hours=25))
    settle_once(house)
    assert table(new_form).whole.figures.paired == 12
    assert table(old.form_id).whole.figures.paired == 24
    assert_sums_are_true(house)


def test_a_workshop_that_fails_leaves_the_others_and_is_done_the_next_time(
    house: House, amal: StaffPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = [a_workshop(house, amal, people=10) for _ in range(2)]
    for room in rooms:
        run_workshop(house, room, amal, PAIRS[:10])
    whole = rescoring.rescore_workshop
    broken = min(room.workshop.id for room in rooms)

    def fail_once(work: Any, workshop_id: str, form_id: str, corrected_id: str) -> bool:
        is_done = whole(work, workshop_id, form_id, corrected_id)
        if workshop_id == broken:
            raise RuntimeError("the power went out")
        return is_done

    with monkeypatch.context() as patched:
        patched.setattr(rescoring, "rescore_workshop", fail_once)
        new_form = correct(house, rooms[0], amal, *another_key(house, rooms[0]))
    moved = {room.workshop.id: workshop_now(house, room).form_id for room in rooms}
    assert moved.pop(broken) != new_form
    assert set(moved.values()) == {new_form}
    assert rows(house, "SELECT 1 FROM audit_events WHERE verb = 'rescore_form'") == []
    assert rescore_due(lambda writes: house.unit(writes=writes)) == 1
    assert {workshop_now(house, room).form_id for room in rooms} == {new_form}
    assert_sums_are_true(house)
    (line,) = rows(house, "SELECT facts FROM audit_events WHERE verb = 'rescore_form'")
    facts = json.loads(line["facts"])
    assert (facts["workshops"], facts["tests"]) == (2, 40)
    assert "pre_percent" not in facts  # twenty pairs are too few for means before and after


@pytest.mark.sqlite_only  # the arithmetic; a hundred people take a while
def test_the_log_says_the_means_before_and_after_from_a_hundred_pairs(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=100)
    run_workshop(house, room, amal, [PAIRS[k % 12] for k in range(100)])
    correct(house, room, amal, *another_key(house, room))
    (line,) = rows(house, "SELECT facts FROM audit_events WHERE verb = 'rescore_form'")
    facts = json.loads(line["facts"])
    sums = {
        each["form_id"] == room.workshop.form_id: each
        for each in rows(
            house,
            "SELECT form_id, pair_count, sum_pre, sum_post, max_units FROM gain_snapshots "
            "WHERE occasion = 'post'",
        )
    }
    for is_old, ending in ((True, "_before"), (False, "")):
        row = sums[is_old]
        for name in ("pre", "post"):
            exact = 100 * row[f"sum_{name}"] / row["pair_count"] / row["max_units"]
            assert facts[f"{name}_percent{ending}"] == pytest.approx(exact, abs=0.5)


def test_a_key_that_cannot_be_meant_is_refused_and_changes_nothing(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=0)
    item, keys = another_key(house, room)
    (right,) = [each for each in keys_of(house, room) if each.item == item]
    wrong: list[tuple[str, Sequence[str], str]] = [
        ("999", keys, "correction_no_item"),
        (item, sorted(right.keys), "correction_same"),
        (item, ["z"], "correction_wrong_key"),
        (item, sorted(right.options)[:2], "correction_wrong_key"),
    ]
    for which, chosen, reason in wrong:
        with pytest.raises(CorrectionRefused) as refused:
            correct(house, room, amal, which, chosen, runs=False)
        assert refused.value.facts["reason"] == reason
    with house.unit(writes=False) as work:
        form = banks.require_form(work, room.workshop.form_id)
    with house.unit(writes=True) as work, pytest.raises(ValueRefused):
        corrections.correct_form(work, form, item=item, keys=keys, reason="", by=amal)
    assert rows(house, "SELECT 1 FROM form_corrections") == []
    correct(house, room, amal, item, keys, runs=False)
    with pytest.raises(CorrectionRefused) as refused:
        correct(house, room, amal, item, keys, runs=False)
    assert refused.value.facts["reason"] == "correction_done"


def test_page_and_api_correct_and_say_what_was_corrected(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=10)
    run_workshop(house, room, amal, PAIRS[:10])
    item, keys = another_key(house, room)
    admin = a_staff_member(house, "admin-key", Role.ADMIN)
    browser = another_browser(client)
    sign_in(browser, house, admin)
    page = PageClient(browser, house)
    address = f"/admin/forms/{room.workshop.form_id}"
    shown, act = page.get(address), f"{address}/correct"
    sent = {"item": item, "act": "key", "reason": "The law says otherwise."}
    refused = page.send(shown, act, status=422, keys="z", **sent)
    assert "These answers cannot all be right." in refused.text
    answer = page.send(shown, act, keys=keys[0].upper(), **sent)
    settle_once(house)
    old = page.get(address).main
    assert "This version was corrected." in old
    assert "All tests are scored anew." in old
    assert "This version corrects an earlier one." in page.get(answer.headers["location"]).main
    headers = bearer_of(house, admin)
    told = client.get(f"/api/v1/forms/{room.workshop.form_id}/correction", headers=headers).json()
    assert (told["item"], told["keys"], told["is_finished"]) == (item, keys, True)
    again = client.post(
        f"/api/v1/forms/{told['corrected_form_id']}/correct",
        headers=headers,
        json={"item": item, "keys": [], "reason": "Better not to ask."},
    )
    assert again.status_code == 201
    settle_once(house)
    assert stored_scores(house) == scores_by(house, again.json()["id"])
    assert_sums_are_true(house)
