"""The printed things as values: what stands on them, in which languages, and what never does."""

from dataclasses import asdict, replace

from app.participants.printed import Wifi, build_room_sheet
from tests.fixtures.prints import (
    DOOR,
    a_poster,
    a_record,
    a_room_sheet,
    a_sheet,
    some_cards,
    translate,
)


def test_a_card_carries_its_number_and_its_secret_address() -> None:
    first = a_sheet(2).cards[0]
    token = some_cards(1)[0].token
    assert first.url == f"https://tafawut.example.org/j/482711/{first.number}#{token}"
    assert len(first.number) == 4


def test_a_card_says_one_sentence_in_the_workshops_languages_in_their_order() -> None:
    assert [each.language for each in a_sheet().sentences] == ["ur", "en"]
    assert [each.language for each in a_sheet(languages=("en", "ur")).sentences] == ["en", "ur"]
    english = a_sheet(languages=("en",)).sentences
    assert [each.text for each in english] == ["Keep this card for both tests."]


def test_a_language_without_a_translation_is_said_in_english_once() -> None:
    sentences = a_sheet(languages=("sd", "ps", "en")).sentences
    assert [(each.language, each.text) for each in sentences] == [
        ("en", "Keep this card for both tests.")
    ]


def test_the_poster_has_two_steps_and_a_third_before_them_for_a_network() -> None:
    assert len(a_poster().steps) == 2
    with_wifi = a_poster(wifi=Wifi("WORKSHOP", "karachi26"))
    assert len(with_wifi.steps) == 3
    assert with_wifi.steps[1:] == a_poster().steps


def test_the_room_sheet_lists_numbers_in_order_and_has_no_address_of_a_card() -> None:
    cards = [each.card for each in reversed(some_cards(5))]
    sheet = build_room_sheet(a_record(), cards, door=DOOR, language="en", translate=translate)
    assert list(sheet.numbers) == sorted(card.number for card in cards)
    assert sheet.columns == ("Card", "Given", "Pre-test", "Post-test", "Name, by hand")
    said = str(asdict(sheet))
    assert not [each.token for each in some_cards(5) if each.token in said]


def test_the_same_workshop_gives_the_same_values() -> None:
    assert a_sheet() == a_sheet()
    assert a_poster() == a_poster()
    assert a_room_sheet() == a_room_sheet()
    assert replace(a_poster(), title="Another") != a_poster()


def test_paper_of_the_demonstration_says_so_and_real_paper_does_not() -> None:
    for made in (a_sheet(is_synthetic=True), a_poster(is_synthetic=True)):
        assert [(each.language, each.text) for each in made.notice] == [
            ("ur", "فرضی"),
            ("en", "synthetic"),
        ]
    assert a_room_sheet(is_synthetic=True, languages=("en",)).notice[0].text == "synthetic"
    assert a_sheet().notice == a_poster().notice == a_room_sheet().notice == ()
