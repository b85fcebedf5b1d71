"""Threat 27: made-up numbers find nothing; `tests.long random_numbers` tries a million."""

import pytest

from app.accounts.schemas import StaffPerson
from app.web.house import House
from tests.fixtures.house import a_workshop
from tests.long.random_numbers import SHORT, guess, issue_to_all

pytestmark = pytest.mark.sqlite_only


def test_random_numbers_with_a_right_check_find_no_certificate(
    house: House, amal: StaffPerson
) -> None:
    issued = issue_to_all(house, a_workshop(house, amal, people=20))
    found = guess(house, SHORT, issued)
    print(found)
    assert found.is_ok
    assert (found.numbers, found.issued) == (SHORT, 20)
