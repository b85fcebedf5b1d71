"""The staff's own traces end too: lines of the audit log after months, sign-ins after days."""

import re
from datetime import timedelta
from pathlib import Path

from app.accounts import loans
from app.accounts import service as accounts
from app.accounts.retention import READ_VERBS
from app.accounts.schemas import StaffPerson
from app.accounts.sign_ins import count_failure, get_sign_in, start_sign_in
from app.main import tidy_once
from app.web.house import House
from tests.fixtures.house import FakeClock, a_workshop
from tests.fixtures.loop import rows

APP = Path(__file__).parents[2] / "app"
READS = re.compile(r'find_(?:last_facts|facts|first_times)\(\s*work,\s*"(\w+)"')
A_DAY = timedelta(days=1)


def test_lines_of_the_log_end_after_their_months_and_what_the_service_reads_stays_nameless(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    room = a_workshop(house, amal, people=1)
    with house.unit(writes=True) as work:
        for verb in ("see_topics", "export_csv"):
            accounts.record_event(
                work, by=amal, verb=verb, object_kind="workshop", object_id=room.workshop.id
            )
    clock.advance(730 * A_DAY)  # the month of November 2026 is not yet over for 24 months
    assert tidy_once(house, checks_sums=False).log_lines_ended == 0
    with house.unit(writes=True) as work:
        accounts.record_event(
            work, by=amal, verb="export_csv", object_kind="workshop", object_id=room.workshop.id
        )
    clock.advance(30 * A_DAY)

    old = len(rows(house, "SELECT id FROM audit_events")) - 1

    done = tidy_once(house, checks_sums=False)
    assert done.log_lines_ended == old - 1  # all but what is read
    kept = rows(house, "SELECT verb, staff_id FROM audit_events ORDER BY verb")
    assert {"verb": "export_csv", "staff_id": amal.id} in kept
    assert {"verb": "see_topics", "staff_id": None} in kept
    assert sum(each["verb"] == "export_csv" for each in kept) == 1
    with house.unit(writes=False) as work:
        assert room.workshop.id in accounts.find_first_times(work, "see_topics")
    assert tidy_once(house, checks_sums=False).log_lines_ended == 0


def test_every_line_that_the_service_reads_again_is_among_those_that_stay() -> None:
    read = {
        verb
        for path in APP.rglob("*.py")
        for verb in READS.findall(path.read_text(encoding="utf-8"))
    }
    assert read == set(READ_VERBS)


def test_sign_ins_and_what_hangs_on_them_go_two_weeks_after_they_were_over(
    house: House, amal: StaffPerson, clock: FakeClock
) -> None:
    rules = house.sign_in_rules
    with house.unit(writes=True) as work:
        own = get_sign_in(work, start_sign_in(work, amal, rules), rules)
        assert own is not None
        loans.borrow(work, loans.lend(work, own), rules)
        loans.lend(work, own)  # nobody took it
        count_failure(work, "somebody")
        accounts.make_one_time_link(work, amal)
    tables = ("sign_ins", "loans", "failed_sign_ins", "one_time_links")
    clock.advance(14 * A_DAY + timedelta(hours=1))
    tidy_once(house, checks_sums=False)
    assert len(rows(house, "SELECT id FROM loans")) == 1  # the other could be opened for minutes
    assert len(rows(house, "SELECT id FROM sign_ins")) == 2
    with house.unit(writes=True) as work:
        fresh = start_sign_in(work, amal, rules)
    clock.advance(20 * A_DAY)
    with house.unit(writes=True) as work:
        fresh = start_sign_in(work, amal, rules)

    done = tidy_once(house, checks_sums=False)

    assert done.sign_ins_ended > 0
    assert [len(rows(house, f"SELECT id FROM {table}")) for table in tables] == [1, 0, 0, 0]
    with house.unit(writes=False) as work:
        assert get_sign_in(work, fresh, rules) is not None
