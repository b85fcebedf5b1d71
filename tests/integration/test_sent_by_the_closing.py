"""What a phone has saved counts at the closing as if it had been sent (I4)."""

from app.accounts.schemas import StaffPerson
from app.core.scoring import UNITS_PER_POINT
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import a_workshop, close_test, open_test
from tests.fixtures.loop import join, rows, take

SENT = "SELECT submitted_by, units, answered_count FROM sittings ORDER BY submitted_by"


def test_the_closing_scores_what_was_saved_as_if_it_had_been_sent(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=2)
    for person in range(2):
        join(house, room, person)
    open_test(house, room, Occasion.PRE, amal)
    take(house, room, Occasion.PRE, [7])
    take(house, room, Occasion.PRE, [None, 7], is_sent=False)

    close_test(house, room, Occasion.PRE, amal)

    by_closing, by_hand = rows(house, SENT)
    assert (by_closing["submitted_by"], by_hand["submitted_by"]) == ("closing", "participant")
    assert by_closing["units"] == by_hand["units"] == 7 * UNITS_PER_POINT
    assert by_closing["answered_count"] == by_hand["answered_count"]
