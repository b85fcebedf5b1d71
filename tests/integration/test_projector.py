"""What the projector may say: the whole room alone, from snapshots, and nobody's own."""

from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.participants import service as participants
from app.web.house import House
from app.workshops.schemas import Audience, Occasion
from tests.fixtures.house import Room, a_workshop, close_test, open_test, sign_in
from tests.fixtures.loop import join, run_workshop, take
from tests.fixtures.page_client import Page, PageClient, another_browser, words_of

SVG = "{http://www.w3.org/2000/svg}"


def wall_of(client: TestClient, house: House, staff: StaffPerson, room: Room) -> Page:
    browser = PageClient(another_browser(client), house)
    sign_in(browser.client, house, staff)
    return browser.get(f"/trainer/workshops/{room.workshop.id}/projector")


def reveal_of(page: Page) -> str:
    (section,) = page.find("section", id="reveal")
    return words_of(section)


def arrows_in(page: Page) -> int:
    return len([each for each in page.tree.iter(f"{SVG}g") if each.get("class") == "head"])


def test_a_foreign_workshop_is_a_missing_workshop(
    client: TestClient, house: House, amal: StaffPerson, basma: StaffPerson
) -> None:
    room = a_workshop(house, amal, 2)
    stranger = another_browser(client)
    sign_in(stranger, house, basma)
    told = {
        stranger.get(f"/trainer/workshops/{workshop}/projector{part}").text.replace(workshop, "")
        for workshop in (room.workshop.id, "0" * len(room.workshop.id))
        for part in ("", "/live")
    }
    assert len({each.replace("/live", "") for each in told}) == 1
    for part in ("", "/live"):
        path = f"/trainer/workshops/{room.workshop.id}/projector{part}"
        assert stranger.get(path).status_code == 404
        assert another_browser(client).get(path).status_code == 303  # to the sign-in


def test_who_takes_no_test_has_no_dot_and_nobody_is_named(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, 5)
    with house.unit(writes=True) as work:
        card = room.cards[1].card
        participants.store_name(work, card, local="فرح", latin="Farah Ali", is_confirmed=True)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [4])
    join(house, room, 1)
    join(house, room, 2, has_agreed=False)
    page = wall_of(client, house, amal, room)
    assert [len(page.find("i", **{"class": kind})) for kind in ("full", "half", "none")] == [
        4,
        4,
        6,
    ]  # fmt: skip  twice one, one and two dots, and a legend to both
    for hidden in ("Farah", "فرح", *(each.card.number for each in room.cards)):
        assert hidden not in page.text.replace(room.workshop.join_code, "")


def test_the_reveal_needs_five_pairs_and_a_closed_post_test(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    for pairs, said in (
        (0, "No results yet"),
        (1, "Too few people to show anything"),
        (4, "Too few people for an average"),
    ):
        room = a_workshop(house, amal, 6, audience=Audience.NGO)
        run_workshop(house, room, amal, [(n, n + 3) for n in range(pairs)])
        page = wall_of(client, house, amal, room)
        assert said in reveal_of(page)
        assert (arrows_in(page), "%" in reveal_of(page)) == (0, False)
    room = a_workshop(house, amal, 6, audience=Audience.NGO)
    run_workshop(house, room, amal, [(n, n + 3) for n in range(5)])
    page = wall_of(client, house, amal, room)
    # Zero to four of ten points before, three to seven after: 20 % and 50 %.
    assert "This room moved from 20% to 50%" in reveal_of(page)
    assert arrows_in(page) == 5
    open_test(house, room, Occasion.POST, amal)
    again = wall_of(client, house, amal, room)
    assert "No results yet" in reveal_of(again)
    assert arrows_in(again) == 0
    close_test(house, room, Occasion.POST, amal)
    assert "This room moved from 20% to 50%" in reveal_of(wall_of(client, house, amal, room))


def test_a_fall_is_said_as_a_fall_and_a_small_change_as_none(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    for pairs, said in (
        ([(8, 5), (9, 5), (7, 3), (6, 4), (8, 4)], "This room fell from 76% to 42%"),
        ([(5, 4), (5, 7), (5, 4), (5, 7), (5, 5)], "No clear change: 50% before, 54% after"),
    ):
        room = a_workshop(house, amal, 5, audience=Audience.NGO)
        run_workshop(house, room, amal, pairs)
        assert said in reveal_of(wall_of(client, house, amal, room))
