"""Wiping takes nothing away that the file does not hold."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.certificates import service as certificates
from app.feedback import service as feedback
from app.main import settle_once
from app.upkeep import workshop_files
from app.upkeep.announcing import say_before_wiping
from app.upkeep.sealed_files import FileRefused
from app.web.house import House
from tests.fixtures.house import FakeClock
from tests.fixtures.loop import rows
from tests.integration.test_privacy import Loop


@pytest.fixture
def loop(client: TestClient, house: House, amal: StaffPerson, clock: FakeClock) -> Loop:
    loop = Loop(client, house, amal)
    loop.take_tests()
    loop.certify()
    with house.unit(writes=True) as work:
        feedback.close_round(work, loop.room.workshop, by=amal)
    clock.advance(timedelta(hours=25))
    settle_once(house)
    return loop


def document_of(house: House, loop: Loop, *, with_names: bool) -> dict[str, object]:
    with house.unit(writes=True) as work:
        written = workshop_files.write_document(
            work, loop.room.workshop.id, with_names=with_names, threshold=10
        )
    return workshop_files.read_document(written)


def test_a_certificate_that_changed_after_the_export_is_not_lost(
    house: House, loop: Loop, amal: StaffPerson
) -> None:
    document = document_of(house, loop, with_names=True)
    with house.unit(writes=True) as work:
        certificate = certificates.access_certificate(work, loop.room.workshop, loop.number)
        certificates.revoke_certificate(work, certificate, reason="a mistake", by=amal)
    with pytest.raises(FileRefused, match="Export again"), house.unit(writes=True) as work:
        workshop_files.wipe(work, document)
    assert len(rows(house, "SELECT * FROM identities")) == 1

    document = document_of(house, loop, with_names=True)
    with house.unit(writes=True) as work:
        workshop_files.wipe(work, document)
    assert rows(house, "SELECT * FROM identities") == []


def test_a_wipe_with_a_file_without_names_says_that_the_names_end(
    house: House, loop: Loop, capsys: pytest.CaptureFixture[str]
) -> None:
    say_before_wiping(workshop_files.tell(document_of(house, loop, with_names=False)))
    assert "here the names end" in capsys.readouterr().out
    say_before_wiping(workshop_files.tell(document_of(house, loop, with_names=True)))
    assert "here the names end" not in capsys.readouterr().out
