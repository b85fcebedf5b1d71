"""One-time links: one of them opens, once; what was made before it opens nothing."""

from collections.abc import Callable

import pytest

from app.accounts import service as accounts
from app.accounts import staffing
from app.accounts.schemas import Purpose, StaffPerson
from app.adapters.db import Work
from app.core.errors import OneTimeLinkSpent, WeakPassword
from app.upkeep import setup
from app.web.house import House
from tests.fixtures.loop import while_held

PASSWORD = "vier einfache Wörter هنا"


def do(house: House, deed: Callable[[Work], str]) -> str:
    with house.unit(writes=True) as work:
        return deed(work)


def opens(house: House, token: str) -> bool:
    with house.unit(writes=False) as work:
        try:
            accounts.read_one_time_link(work, token)
        except OneTimeLinkSpent:
            return False
    return True


def test_a_new_link_ends_the_older_ones_and_nobody_elses(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    other = do(house, lambda work: accounts.make_one_time_link(work, admin))
    first = do(house, lambda work: accounts.make_one_time_link(work, amal))
    second = do(house, lambda work: staffing.invite_again(work, amal.id, by=admin))
    assert [opens(house, each) for each in (first, second, other)] == [False, True, True]
    third = do(
        house,
        lambda work: setup.invite(
            work, login=amal.login, role=None, display_name="", organisation=""
        ),
    )
    assert [opens(house, each) for each in (second, third, other)] == [False, True, True]


def test_a_password_that_was_set_ends_the_links_to_set_one(house: House, amal: StaffPerson) -> None:
    tokens = [do(house, lambda work: accounts.make_one_time_link(work, amal)) for _ in range(2)]
    shown = do(
        house,
        lambda work: accounts.make_one_time_link(
            work, amal, purpose=Purpose.SIGN_IN, is_reusable=True
        ),
    )
    with pytest.raises(WeakPassword), house.unit(writes=True) as work:
        accounts.spend_one_time_link(work, tokens[0], password="short")
    assert all(opens(house, each) for each in tokens)
    with house.unit(writes=True) as work:
        accounts.spend_one_time_link(work, tokens[0], password=PASSWORD)
    assert [opens(house, each) for each in (*tokens, shown)] == [False, False, True]


def test_links_do_not_come_back_when_somebody_is_switched_off_and_on(
    house: House, amal: StaffPerson, admin: StaffPerson
) -> None:
    token = do(house, lambda work: accounts.make_one_time_link(work, amal))
    with house.unit(writes=True) as work:
        staffing.switch_off(work, amal.id, by=admin)
    with house.unit(writes=True) as work:
        staffing.switch_on(work, amal.id, by=admin)
    assert not opens(house, token)


def test_of_requests_at_the_same_moment_one_gets_in(house: House, amal: StaffPerson) -> None:
    first, second = (
        do(house, lambda work: accounts.make_one_time_link(work, amal)) for _ in range(2)
    )

    def spend(token: str) -> Callable[[Work], StaffPerson]:
        return lambda work: accounts.spend_one_time_link(work, token, password=PASSWORD)

    told = while_held(
        house, "UPDATE staff SET language = 'ur'", spend(first), spend(first), spend(second)
    )
    assert sorted(type(each).__name__ for each in told) == [
        *["OneTimeLinkSpent"] * 2,
        "StaffPerson",
    ]
