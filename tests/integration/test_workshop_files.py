"""Workshops in files: carried from rooms' laptops into one report, once, whole, with equal figures.

app/guides/workshop-files.md says why.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.certificates import service as certificates
from app.gains import rollups
from app.gains import service as gains
from app.main import settle_once
from app.participants import service as participants
from app.tables import metadata
from app.upkeep import carrying, workshop_files
from app.upkeep.addresses import Stop
from app.upkeep.sealed_files import FileRefused
from app.web.house import House
from app.workshops.schemas import Occasion
from tests.fixtures.house import (
    FakeClock,
    Room,
    a_workshop,
    open_test,
)
from tests.fixtures.loop import change, everything_stored, rows
from tests.fixtures.places import Place, a_place

AFTER_THE_QUARTER = date(2027, 1, 3)
NAME = "Farkhunda Yusufzai"
# What a workshop's file leaves where it is, and why.
LEFT = {
    **dict.fromkeys(
        ("ballot_counts", "ballot_countries", "ballot_rounds", "ballot_slips"),
        "of a country and year; a file would tie answers to one workshop",
    ),
    "logos": "of the organisation; certificates from a file are drawn without",
    "phone_passes": "phones talk to the laptop", "trainer_calls": "a call is for the room",
    "questionnaire_tickets": "used up", "sealed_sheets": "opened at the closing",
    "group_rollups": "counted afresh", "response_rollups": "counted afresh",
    "workshop_trainers": "who owns it is said at the import", "sealed_workshops": "said there",
    "audit_events": "what was done stays where it was done",
    **dict.fromkeys(
        ("released_answers", "rescorings", "released_bundles",
         "released_cells", "released_difference_totals",
         "released_differences", "released_items", "released_members", "released_pairs",
         "released_totals", "row_batch_members", "row_batches", "kept_files", "kept_reports",
         "kept_texts"),
        "each database makes its own releases",
    ),
    **dict.fromkeys(
        ("forms", "form_keys", "form_reviews", "form_corrections", "retired_forms",
         "bank_sources"),
        "published from the same files",
    ),
    **dict.fromkeys(
        ("organisations", "programmes", "staff", "sign_ins", "loans", "api_tokens",
         "indicator_tokens", "one_time_links", "failed_sign_ins", "recovery_codes",
         "second_factors"),
        "each database has staff of its own",
    ),
}  # fmt: skip


@pytest.fixture
def laptops(sqlite_published: Path, tmp_path: Path, clock: FakeClock) -> Iterator[list[Place]]:
    """Three laptops of rooms, and a server that holds all itself: each with keys of its own."""
    made = [
        a_place(tmp_path, sqlite_published, name, clock) for name in ("one", "two", "three", "all")
    ]
    yield made
    for place in made:
        place.house.engine.dispose()


@pytest.fixture
def national(house: House) -> Place:
    """Where the report is made, on either database."""
    return Place(house, "national")


def plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def test_three_rooms_laptops_make_one_report_with_the_figures_of_one_server(
    laptops: list[Place], national: Place, clock: FakeClock
) -> None:
    people = {
        "one": [(4 + n % 3, 9 + n % 4) for n in range(10)],
        "two": [(5, 8 + n % 5) for n in range(10)],
        "three": [(3 + n % 2, 12) for n in range(5)],
        "own": [(6, 11 + n % 3) for n in range(5)],
    }
    rooms = [laptops[n].hold(people[name]) for n, name in enumerate(("one", "two", "three"))]
    national.hold(people["own"])
    reference = laptops[3]
    for pairs in people.values():
        reference.hold(pairs)
    clock.advance(timedelta(hours=25))
    for place in (*laptops, national):
        settle_once(place.house)
    documents = [place.export(room) for place, room in zip(laptops, rooms, strict=False)]
    for document in documents:
        assert not national.bring_in(document).is_known
    clock.advance(timedelta(days=45))  # the quarter is over: small rooms find company
    for place in (reference, national):
        with place.house.unit(writes=True) as work:
            gains.release_due(work, threshold=10)
    form_id = rows(national.house, "SELECT form_id FROM workshops")[0]["form_id"]
    own_id = rooms[0].workshop.form_id
    told = plain(national.tables(form_id)).replace(form_id, own_id)
    expected = plain(reference.tables(own_id))
    assert told == expected
    assert '"paired": 30' in told
    with national.house.unit(writes=True) as work:
        assert rollups.check_all(work).differences == ()
    before = released(national.house)
    for document in documents:
        assert national.bring_in(document).is_known
    with national.house.unit(writes=True) as work:
        assert gains.release_due(work, threshold=10) == 0
    assert released(national.house) == before


def released(house: House) -> list[Any]:
    return [
        rows(house, f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("released_members", "released_cells", "released_bundles", "sittings")
    ]


def test_every_table_travels_or_is_left_for_a_reason(laptops: list[Place], national: Place) -> None:
    room = certified_room(laptops[0])
    carried = set(laptops[0].export(room, names=True)["rows"])
    assert carried & set(LEFT) == set()
    assert carried | set(LEFT) == set(metadata.tables)
    assert national.bring_in(laptops[0].export(room, names=True)).has_names


def certified_room(place: Place) -> Room:
    """Two people with both tests; the first has a name and a certificate."""
    room = place.hold([(4, 9), (5, 10)])
    with place.house.unit(writes=True) as work:
        card = room.cards[0].card
        participants.tick_attendance(
            work, room.workshop, card.number, day=room.workshop.starts_on, was_there=True,
            by=place.trainer,
        )  # fmt: skip
        participants.store_name(work, card, local="", latin=NAME, is_confirmed=True)
        certificates.issue_certificate(work, room.workshop, card, by=place.trainer)
    return room


def test_names_travel_only_when_they_are_asked_for_and_certificates_with_them(
    laptops: list[Place], national: Place
) -> None:
    room = certified_room(laptops[0])
    without = laptops[0].export(room)
    assert without["names_key"] is None
    assert {"identities", "listed_people", "certificates"} & set(without["rows"]) == set()
    national.bring_in(laptops[0].export(room, names=True))
    number = rows(laptops[0].house, "SELECT number FROM certificates")[0]["number"]
    with national.house.unit(writes=False) as work:
        told = certificates.verify(work, number, name=NAME)
        assert told.name_match == "match"
        assert certificates.verify(work, number, name="Ghada").name_match == "no_match"
        holder = next(
            each for each in certificates.find_holders(work, room.workshop) if each.certificate
        )
        assert holder.name_latin == NAME
    with national.house.unit(writes=True) as work:
        phone, _ = participants.join_with_token(work, room.cards[0].token, language="en")
        assert phone.participant is not None


def test_what_does_not_fit_is_refused_with_a_sentence_and_changes_nothing(
    laptops: list[Place], national: Place
) -> None:
    document = laptops[0].export(laptops[0].hold([(4, 9), (5, 10)]))
    before = everything_stored(national.house)
    wrong_form = document | {"forms": dict.fromkeys(document["forms"], "0" * 64)}
    scores = json.loads(json.dumps(document))
    scores["rows"]["sittings"][0]["units"] += 2520
    newer = json.loads(json.dumps(document))
    newer["rows"]["cards"][0]["colour"] = "red"
    for changed, sentence in (
        (wrong_form, "does not know the form 000000000000"),
        (scores, "scores in the file are not what its answers make"),
        (newer, "same version"),
        (document | {"told": "in_company"}, "told outside there"),
        (document | {"told": "alone", "threshold": 5}, "from 5 people, here from 10"),
        (document | {"organisation": "Elsewhere"}, "is of Elsewhere"),
        (document | {"programme": "Another"}, "no programme Another"),
    ):
        with pytest.raises(FileRefused, match=sentence):
            national.bring_in(changed)
    assert rows(national.house, "SELECT id FROM workshops") == []
    assert rows(national.house, "SELECT id FROM audit_events WHERE verb = 'import_workshop'") == []
    assert len(before) > 0
    with pytest.raises(FileRefused, match="another version"):
        workshop_files.read_document(b'{"format": "tafawut-workshop-9"}')


# Whoever makes a file signs what he likes: parts that are missing, or are of another kind.
SHAPES: dict[str, dict[str, Any]] = {
    "no rows": {"rows": None},
    "rows as a list": {"rows": []},
    "no workshop": {"rows": {"workshops": [], "participants": [], "sittings": []}},
    "a workshop without an id": {
        "rows": {"workshops": [{"title": "x"}], "participants": [], "sittings": []}},
    "a row that is a word": {
        "rows": {"workshops": [{"id": "x", "title": "x"}], "participants": ["x"], "sittings": []}},
    "forms as a list": {"forms": []},
    "a threshold in words": {"threshold": "ten"},
    "nothing of what was told": {"told": None},
}  # fmt: skip


def test_what_is_shaped_otherwise_is_of_another_version(laptops: list[Place]) -> None:
    document = laptops[0].export(laptops[0].hold([(4, 9)]))
    for changes in SHAPES.values():
        with pytest.raises(FileRefused, match="another version"):
            workshop_files.read_document(json.dumps(document | changes).encode())
    without = {name: part for name, part in document.items() if name != "names_key"}
    with pytest.raises(FileRefused, match="another version"):
        workshop_files.read_document(json.dumps(without).encode())
    with pytest.raises(FileRefused, match="cannot be read"):
        workshop_files.read_document(b"[" * 100_000)


def test_rows_that_nobody_exported_are_refused_and_none_stays(
    laptops: list[Place], national: Place
) -> None:
    document = laptops[0].export(certified_room(laptops[0]), names=True)
    for table, column, value in (
        ("sittings", "form_id", "0" * 32),
        ("sittings", "units", 10**30),
        ("sittings", "answered_count", None),
        ("cards", "number", None),
        ("responses", "content", "no JSON"),
        ("certificates", "sealed_name", "AAAA"),
    ):
        changed = json.loads(json.dumps(document))
        assert column in changed["rows"][table][0], table
        changed["rows"][table][0][column] = value
        with pytest.raises(FileRefused):
            national.bring_in(changed)
    assert rows(national.house, "SELECT id FROM workshops") == []


def test_an_open_test_or_late_hours_keep_a_workshop_where_it_is(laptops: list[Place]) -> None:
    laptop = laptops[0]
    room = a_workshop(laptop.house, laptop.trainer, people=3)
    open_test(laptop.house, room, Occasion.PRE, laptop.trainer)
    for sentence in ("still open",):
        with (
            pytest.raises(FileRefused, match=sentence),
            laptop.house.unit(writes=True) as work,
        ):
            workshop_files.write_document(work, room.workshop.id, with_names=False, threshold=10)
    done = laptop.hold([(4, 9)])
    with (
        pytest.raises(FileRefused, match="--no-more-answers"),
        laptop.house.unit(writes=True) as work,
    ):
        workshop_files.write_document(work, done.workshop.id, with_names=False, threshold=10)


def test_after_the_wipe_nobody_is_on_the_laptop_any_more(
    laptops: list[Place],
    national: Place,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laptop = laptops[0]
    room = certified_room(laptop)
    file = tmp_path / "workshop.tafawut"
    run(laptop, "export", room.workshop.id, "--to", str(file), "--no-more-answers", "--names")
    said = capsys.readouterr().out
    code = said.split("Code: ")[1].split("\n")[0]
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Stop, match="there already"):
        run(laptop, "export", room.workshop.id, "--to", str(file))
    run(national, "import", str(file), "--owner", "national", "--code", code)
    assert "2 people, 4 tests, with names" in capsys.readouterr().out
    run(national, "import", str(file), "--owner", "national", "--code", code)
    assert "Nothing was changed" in capsys.readouterr().out
    with pytest.raises(Stop, match="No trainer signs in as nobody"):
        run(national, "import", str(file), "--owner", "nobody", "--code", code)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(Stop, match="Nothing was changed"):
        run(laptop, "wipe", str(file), "--code", code)
    people = [row["id"] for row in rows(laptop.house, "SELECT id FROM participants")]
    run(laptop, "wipe", str(file), "--code", code, "--yes")
    stored = everything_stored(laptop.house)
    assert [each for each in people if each.encode() in stored] == []
    for table in ("cards", "sittings", "responses", "identities", "gain_snapshots", "sheets"):
        assert rows(laptop.house, f"SELECT * FROM {table}") == [], table
    assert laptop.house.keys.is_destroyed(participants.workshop_key(room.workshop.id))
    with laptop.house.unit(writes=True) as work:
        assert rollups.check_all(work).differences == ()
    assert len(rows(national.house, "SELECT id FROM participants")) == 2
    with pytest.raises(Stop, match="cannot be read"):
        run(laptop, "wipe", str(tmp_path / "missing"), "--code", code)


def run(place: Place, *arguments: str) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    carrying.add_options(parser)
    carrying.run(parser.parse_args(list(arguments)), place.here())


def test_a_workshop_told_in_company_is_not_told_again_elsewhere(
    laptops: list[Place], clock: FakeClock
) -> None:
    laptop = laptops[0]
    small = [laptop.hold([(4, 9)] * 6), laptop.hold([(5, 9)] * 6)]
    clock.advance(timedelta(days=60))
    settle_once(laptop.house)
    assert laptop.export(small[0])["told"] == "in_company"
    alone = laptops[1].hold([(4, 9)] * 12)
    clock.advance(timedelta(days=2))
    settle_once(laptops[1].house)
    assert laptops[1].export(alone)["told"] == "alone"
    change(laptops[1].house, "DELETE FROM released_members")
    assert laptops[1].export(alone)["told"] == "not"
