"""People on a list: a card each, the name sealed apart, the profile known before they come."""

import pytest
from starlette.testclient import TestClient

from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.core.errors import KeyDestroyed, ListRefused
from app.core.roster_words import Column
from app.core.rosters import Answer, Verdict
from app.participants import names, rosters, without_card
from app.participants import service as participants
from app.participants.schemas import AgencyType, Profile, Sex, Years
from app.upkeep import setup
from app.web.house import House
from tests.fixtures.house import Room, a_workshop
from tests.fixtures.loop import everything_stored, join, rows
from tests.fixtures.rosters import PROVINCES, a_list, rows_of_text, take_in_list

LIST = (
    "No,Name,Father,Sex,Agency,Province,Years\n"
    "1,Synthetic Amna,Karim,F,Police,Sindh,4\n"
    "2,علی مصنوعی,کریم,مرد,این جی او,Punjab,۱۲\n"
    "3,Synthetic Bilal,,M,Railways,Sindh,\n"
)


def take_in(house: House, room: Room, by: StaffPerson, text: str, **said: object) -> int:
    with house.unit(writes=True) as work:
        sent = a_list(rows_of_text(text), **said)  # type: ignore[arg-type]
        return rosters.take_in(work, room.workshop, sent, provinces=PROVINCES, by=by)[0]


def names_of(work: Work, room: Room) -> list[str]:
    listed = rosters.find_listed(work, room.workshop)
    return [each.name.local or each.name.latin for each in listed if each.name]


def test_everybody_gets_a_card_from_the_beginning_of_the_stack(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=4)
    assert take_in(house, room, amal, LIST) == 3
    with house.unit(writes=False) as work:
        listed = rosters.find_listed(work, room.workshop)
    assert [each.card for each in listed] == [each.card for each in room.cards[:3]]
    by_name = {each.name.latin or each.name.local: each for each in listed if each.name}
    assert list(by_name) == ["Synthetic Amna", "علی مصنوعی", "Synthetic Bilal"]
    assert by_name["Synthetic Amna"].profile == Profile(
        Sex.WOMAN, AgencyType.POLICE, "PK-SD", Years.FROM_3
    )
    assert by_name["علی مصنوعی"].name.father == "کریم"
    assert by_name["Synthetic Bilal"].profile == Profile(Sex.MAN, None, "PK-SD", None)


def test_cards_are_made_where_too_few_are_free(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, people=3)
    join(house, room, 0)
    assert take_in(house, room, amal, LIST) == 3
    assert len(rows(house, "SELECT id FROM cards")) == 4
    with house.unit(writes=False) as work:
        listed = rosters.find_listed(work, room.workshop)
    assert room.cards[0].card not in [each.card for each in listed]


def test_the_same_list_again_adds_nobody(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, people=2)
    take_in(house, room, amal, LIST)
    with house.unit(writes=True) as work:  # the holder corrects the name on the phone
        card = rosters.find_listed(work, room.workshop)[0].card
        participants.store_name(work, card, local="", latin="Amna S.", is_confirmed=True)
    assert take_in(house, room, amal, LIST) == 0
    assert take_in(house, room, amal, LIST + "4,Synthetic Dua,,F,NGO,,\n") == 1
    with house.unit(writes=False) as work:
        known = names.get_name(work, card)
        assert known is not None
        assert (known.latin, known.father) == ("Amna S.", "Karim")
        assert len(names_of(work, room)) == 4


def test_a_like_name_waits_for_the_trainers_word(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal)
    take_in(house, room, amal, "Name\nSynthetic Ali Khan")
    text = "Name,Sex\nMr. Ali Khan Synthetic,M\nSynthetic Zara,F"
    assert take_in(house, room, amal, text) == 1
    assert take_in(house, room, amal, text, answers={2: Answer.SAME}) == 0
    assert take_in(house, room, amal, text, answers={2: Answer.TWO}) == 1
    assert take_in(house, room, amal, text) == 0


def test_bad_rows_stay_and_come_in_once_they_are_corrected(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal)
    text = "Name,Sex\n=1+1,M\nSynthetic Zara,F"
    with house.unit(writes=True) as work:
        sent = a_list(rows_of_text(text))
        added, left = rosters.take_in(work, room.workshop, sent, provinces=PROVINCES, by=amal)
    assert (added, [row.reason for row in left.find(Verdict.FAULTY)]) == (1, ["formula"])
    assert take_in(house, room, amal, text, typed={(2, Column.NAME): "Synthetic Ali"}) == 1


def test_the_database_holds_no_name_in_the_clear(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal)
    take_in(house, room, amal, LIST)
    kept = everything_stored(house)
    for word in ("Synthetic Amna", "Karim", "علی مصنوعی", "کریم", "Railways"):
        assert word.encode() not in kept
        assert word.casefold().encode() not in kept
    (event,) = rows(house, "SELECT facts FROM audit_events WHERE verb = 'take_in_list'")
    assert event["facts"] == '{"people": 3}'


def test_who_is_on_the_list_is_asked_nothing_that_the_list_said(
    client: TestClient, house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    take_in(house, room, amal, LIST)
    known = join(house, room, 0)
    partly = join(house, room, 2)
    refusing = join(house, room, 1, has_agreed=False)
    assert known.participant is not None
    assert known.participant.has_profile
    assert partly.participant is not None
    assert not partly.participant.has_profile
    with house.unit(writes=False) as work:
        assert participants.get_profile(work, known.card).years is Years.FROM_3
        assert participants.get_profile(work, partly.card).sex is Sex.MAN
        assert participants.get_profile(work, refusing.card) == Profile()


def test_a_listed_persons_card_is_never_given_to_somebody_without_one(
    house: House, amal: StaffPerson
) -> None:
    room = a_workshop(house, amal, people=3)
    take_in(house, room, amal, LIST)
    with house.unit(writes=True) as work:
        phone, _ = without_card.take_number(work, room.workshop, language="en")
    assert phone.card.number not in {each.card.number for each in room.cards}


def test_four_digits_never_show_a_name_from_the_list(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, people=3)
    take_in(house, room, amal, LIST)
    card = room.cards[0]
    with house.unit(writes=True) as work:
        typed, _ = participants.join_with_number(
            work, room.workshop, card.card.number, language="en"
        )
        scanned, _ = participants.join_with_token(work, card.token, language="en")
        assert names.get_shown_name(work, typed) is None
        shown = names.get_shown_name(work, scanned)
        assert shown is not None
        assert shown.latin == "Synthetic Amna"


def test_nobody_is_half_taken_in(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal, people=890)
    many = "Name\n" + "\n".join(f"Synthetic P{number:03}x" for number in range(400))
    assert take_in(house, room, amal, many) == 400
    more = many.replace("Synthetic", "Another") + "\n" + many.replace("Synthetic", "Third")
    with pytest.raises(ListRefused):  # 800 people in one list
        take_in(house, room, amal, more)
    with pytest.raises(ListRefused) as refused:  # 900 cards, 401 of them used with the next
        take_in(house, room, amal, "Name\n" + "\n".join(f"Fourth X{n}y" for n in range(501)))
    assert refused.value.facts["reason"] == "list_too_long"
    assert take_in(house, room, amal, many.replace("Synthetic", "Another")) == 400
    with pytest.raises(ListRefused) as refused:
        take_in(house, room, amal, many.replace("Synthetic", "Third"))
    assert refused.value.facts["reason"] == "no_cards_left"
    assert len(rows(house, "SELECT card_id FROM listed_people")) == 800
    assert len(rows(house, "SELECT person_key FROM identities")) == 800


def test_after_the_end_of_names_no_list_is_taken_in(house: House, amal: StaffPerson) -> None:
    room = a_workshop(house, amal)
    with house.unit(writes=True) as work:
        take_in_list(work, room.workshop, amal, ["Synthetic Listed"])
        setup.forget_names(work, room.workshop.id)
    with pytest.raises(KeyDestroyed):
        take_in(house, room, amal, LIST)
    with house.unit(writes=False) as work:
        (listed,) = rosters.find_listed(work, room.workshop)
        assert listed.name is None
