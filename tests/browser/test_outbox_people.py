"""One card on two phones, two people on one phone, and a test that ends while people answer."""

import json
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Route, expect

from app.workshops.schemas import Audience, Occasion
from tests.fixtures.browser_phone import ITEMS, SMALL, Phone
from tests.fixtures.house import close_test
from tests.fixtures.loop import change
from tests.fixtures.phone_room import PhoneRoom, a_phone_room
from tests.fixtures.words_form import publish_words_form

ALL_A = dict.fromkeys(ITEMS, "a")


def a_phone(context: BrowserContext, room: PhoneRoom, card: int | None = None) -> Phone:
    phone = Phone(context, room, room.next_card() if card is None else card)
    phone.join()
    return phone


def test_a_second_phone_goes_on_by_the_card_and_the_higher_revision_stands(
    browser: Browser, context: BrowserContext, room: PhoneRoom
) -> None:
    first = a_phone(context, room)
    first.answer_next("a", 3)
    first.waits_for("saved")
    context.set_offline(True)
    first.answer_next("b")  # revision 4, and the battery is empty
    first.waits_for("phone")
    with browser.new_context(**SMALL) as another:
        second = a_phone(another, room, first.card)
        assert second.ticked() == {"1": "a", "2": "a", "3": "a"}
        assert second.item == "4"
        second.answer_next("dk", 2)  # revisions 4 and 5
        second.page.click("#back")
        second.page.click("#back")
        second.answer("a")  # revision 6
        second.waits_for("saved")
        context.set_offline(False)
        first.waits_for("saved")
        assert room.stored(first.card).keys() == {"1", "2", "3", "4", "5"}
        assert room.letters(first.card)["4"] == "a"
        assert len(room.log(first.card)) == 7
        second.answer_rest("dk")
        second.send()
        second.is_received()
    first.answer("a")
    first.waits_for("late")
    assert room.letters(first.card)["5"] == "dk"


def test_the_next_person_on_a_phone_sees_nothing_and_carries_the_answers_along(
    context: BrowserContext, room: PhoneRoom
) -> None:
    first = a_phone(context, room)
    first.meets(lambda route: route.abort())
    first.answer_rest("a")
    first.send()
    expect(first.page.locator("#unsent")).to_be_visible()
    sitting = room.sitting(first.card)["id"]
    number = room.room.cards[first.card].card.number
    second = a_phone(context, room)
    assert second.ticked() == {}
    assert second.item == "1"
    assert number not in second.says()
    second.answer_next("b", 3)
    second.waits_for("phone")
    assert any(sitting in each for each in second.kept())
    assert room.stored(first.card) == {}
    second.is_well_again()
    second.waits_for("saved")
    second.waits_until(lambda: not any(sitting in each for each in second.kept()))
    assert room.letters(first.card) == ALL_A
    assert room.sitting(first.card)["submitted_by"] == "participant"
    assert room.letters(second.card) == {"1": "b", "2": "b", "3": "b"}
    second.answer_rest("b")
    second.send()
    second.is_received()


def test_a_sitting_that_is_never_taken_does_not_stop_the_next_person(
    context: BrowserContext, room: PhoneRoom
) -> None:
    first = a_phone(context, room)
    first.meets(lambda route: route.abort())
    first.answer_next("a", 2)
    first.waits_for("phone")
    stuck = room.sitting(first.card)["id"]
    # Before the second page opens: it takes up what the first one left at once.
    first.meets(lambda route: route.abort() if stuck in route.request.url else route.continue_())
    second = a_phone(context, room)
    second.answer_rest("b")
    second.send()
    second.page.wait_for_url("**/my")
    assert room.letters(second.card) == dict.fromkeys(ITEMS, "b")
    assert second.count_queued(stuck) == 2


def test_going_back_to_the_tab_of_the_person_before_shows_nothing(
    context: BrowserContext, room: PhoneRoom
) -> None:
    first = a_phone(context, room)
    first.answer_next("a", 3)
    first.waits_for("saved")
    second = Phone(context, room, room.next_card())
    second.page = context.new_page()
    second.join()
    second.answer_next("b", 2)
    second.waits_for("saved")
    first.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    first.page.wait_for_url("**/my")
    assert first.page.locator("input:checked").count() == 0
    assert room.room.cards[first.card].card.number not in first.says()
    assert room.letters(second.card) == {"1": "b", "2": "b"}


def a_minute_passes_after_the_close(room: PhoneRoom) -> None:
    """What is tapped in the first 20 seconds after a close may have been on its way."""
    change(room.house, "UPDATE administrations SET closed_at = datetime(closed_at, '-1 minute')")


def test_the_end_is_announced_and_what_comes_after_it_is_refused_and_said(
    context: BrowserContext, tmp_path: Path
) -> None:
    with a_phone_room(tmp_path, people=1) as room:
        phone = a_phone(context, room, 0)
        phone.answer_next("a", 2)
        phone.waits_for("saved")
        close_test(room.house, room.room, Occasion.PRE, room.trainer, seconds=5)
        phone.answer_next("a")
        expect(phone.page.locator("#closing")).to_contain_text("closes in 0:0")
        phone.waits_until(lambda: room.sitting(0)["submitted_by"] == "closing")
        a_minute_passes_after_the_close(room)
        phone.answer_next("b")
        phone.waits_for("late")
        expect(phone.page.locator("#closing")).to_be_hidden()
        assert phone.stored() == {"1": "a", "2": "a", "3": "a"}
        phone.waits_until(lambda: phone.kept() == [])
        phone.page.click("#over a")
        phone.page.wait_for_url("**/my")


def test_answers_tapped_before_the_end_arrive_after_it_and_count(
    context: BrowserContext, tmp_path: Path
) -> None:
    with a_phone_room(tmp_path, people=1) as room:
        phone = a_phone(context, room, 0)
        phone.answer_next("a", 2)
        phone.waits_for("saved")
        room.stop()
        phone.page.clock.install()
        phone.answer_next("b", 2)
        phone.waits_for("phone")
        close_test(room.house, room.room, Occasion.PRE, room.trainer)
        assert room.sitting(0)["submitted_by"] == "closing"
        a_minute_passes_after_the_close(room)
        phone.page.clock.fast_forward(61_000)
        phone.answer_next("dk")
        room.start()
        phone.waits_for("late")
        assert phone.stored() == {"1": "a", "2": "a", "3": "b", "4": "b"}
        assert room.sitting(0)["is_late"]
        assert room.sitting(0)["answered_count"] == 4


def test_an_answer_that_is_on_its_way_while_the_test_closes_is_saved(
    context: BrowserContext, tmp_path: Path
) -> None:
    with a_phone_room(tmp_path, people=1) as room:
        phone = a_phone(context, room, 0)
        phone.answer_next("a", 2)
        phone.waits_for("saved")
        way = Way()
        phone.meets(way.hold)
        phone.answer_next("b")
        phone.waits_until(lambda: way.held is not None)
        close_test(room.house, room.room, Occasion.PRE, room.trainer)
        way.arrive()
        phone.waits_for("saved")
        assert phone.stored() == {"1": "a", "2": "a", "3": "b"}
        assert [bool(each["is_late"]) for each in room.log(0)] == [False, False, True]


class Way:
    """One request that is held on its way to the server."""

    held: Route | None = None

    def hold(self, route: Route) -> None:
        """Take it from the phone and do not bring it yet."""
        self.held = route

    def arrive(self) -> None:
        """Bring it."""
        assert self.held
        self.held.continue_()


def test_several_options_and_taking_one_away(context: BrowserContext, room: PhoneRoom) -> None:
    phone = a_phone(context, room)
    phone.answer_next("a", 3)
    phone.answer("a", "b", "c")
    phone.answer("b")
    phone.waits_until(lambda: room.letters(phone.card).get("4") == "ac")
    phone.waits_for("saved")
    phone.moves_to_new_tab(phone.page.url)
    assert phone.page.locator("#item-4 input:checked").count() == 2


def test_i_do_not_know_and_the_ticks_beside_it_untick_each_other(
    context: BrowserContext, room: PhoneRoom
) -> None:
    phone = a_phone(context, room)
    phone.answer_next("a", 3)
    chosen = phone.page.locator("#item-4 input:checked")
    for taps, stands in ((("a", "b"), "ab"), (("dk",), "dk"), (("c",), "c"), (("c", "dk"), "dk")):
        phone.answer(*taps)
        phone.waits_until(lambda stands=stands: room.letters(phone.card).get("4") == stands)
        assert "".join(chosen.evaluate_all("all => all.map(each => each.value)")) == stands
    phone.answer("dk")
    phone.waits_until(lambda: room.letters(phone.card).get("4") == "")
    assert chosen.count() == 0


def test_words_written_without_a_network_are_sent_however_many(
    context: BrowserContext, tmp_path: Path
) -> None:
    with a_phone_room(
        tmp_path,
        people=1,
        publish=lambda house: publish_words_form(house, tmp_path / "banks"),
        audience=Audience.LEA_DATA,
    ) as room:
        phone = a_phone(context, room, 0)
        context.set_offline(True)
        phone.answer_next("a", 2)
        field = phone.page.locator(".item:not([hidden]) textarea")
        field.type('سرحد "1" & <b>')
        # Each pause keeps what is there: together far more than one request may hold.
        field.evaluate(
            """field => {
                for (let i = 0; i < 90; i++) {
                    field.value = i + "ا".repeat(490);
                    field.dispatchEvent(new Event("change", { bubbles: true }));
                }
            }"""
        )
        field.fill("عزت نفس کی وجہ سے")
        phone.page.click("#next")
        phone.send()
        assert phone.stored() == {}
        context.set_offline(False)
        phone.is_received()
        assert json.loads(room.stored(0)["3"])["text"] == "عزت نفس کی وجہ سے"
        assert len(room.log(0)) > 90
