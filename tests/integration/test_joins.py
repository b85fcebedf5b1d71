"""R6, threat 15: a whole hall behind one address joins; nobody waits for it, nobody is refused."""

from pathlib import Path

from tests.fixtures.load_room import make_load_room
from tests.long.joins import SHORT, run_joins


def test_sixty_people_behind_one_address_join_at_once_and_nobody_is_told_to_wait(
    database_url: str, tmp_path: Path
) -> None:
    passage = run_joins(make_load_room(database_url, tmp_path, SHORT.people), SHORT)
    print(passage)
    assert passage.statuses == {200: 2 * SHORT.people, 303: 2 * SHORT.people}
    assert passage.at_the_test == SHORT.people
