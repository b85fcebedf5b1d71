"""The printed things as files: a camera reads them, and what people typed is never carried out."""

import re

import pytest
from PIL import Image
from typst import TypstError

from app.adapters.pdf import render
from app.adapters.qr import qr_svg, wifi_text
from app.participants.as_pdf import (
    card_sheet_as_pdf,
    card_sheet_facts,
    paper_test_as_pdf,
    poster_as_pdf,
    poster_facts,
    room_sheet_as_pdf,
    room_sheet_facts,
)
from app.participants.printed import Door, Wifi
from tests.fixtures.prints import (
    FONTS,
    TEMPLATES,
    a_paper_test,
    a_poster,
    a_record,
    a_room_sheet,
    a_sheet,
    fonts_in,
    pictures_of,
    read,
    scanned,
    words_of,
)

HOSTILE = '#read("/etc/passwd") $x$ *b* _i_ \\ @preview <a> #import "parts.typ": *'
FILES = {
    "cards": lambda: card_sheet_as_pdf(a_sheet()),
    "poster": lambda: poster_as_pdf(a_poster(wifi=Wifi("WORKSHOP", "karachi26"))),
    "room-sheet": lambda: room_sheet_as_pdf(a_room_sheet()),
    "paper-test": lambda: paper_test_as_pdf(a_paper_test()),
    "paper-test in Urdu": lambda: paper_test_as_pdf(a_paper_test("ur")),
}


def test_a_camera_reads_every_card_of_a_sheet_and_24_fill_a_page() -> None:
    sheet = a_sheet(25)
    first, second = pictures_of("cards", card_sheet_facts(sheet))
    assert scanned(first) == {card.url for card in sheet.cards[:24]}
    assert scanned(second) == {sheet.cards[24].url}


@pytest.mark.parametrize(("cards", "pages"), [(1, 1), (24, 1), (25, 2), (48, 2)])
def test_the_sheet_has_a_page_for_each_24_cards(cards: int, pages: int) -> None:
    assert len(read(card_sheet_as_pdf(a_sheet(cards))).pages) == pages


def test_a_card_is_read_after_a_bad_copy() -> None:
    sheet = a_sheet(1)
    (page,) = pictures_of("cards", card_sheet_facts(sheet), ppi=100)
    grey = Image.blend(page, Image.new("L", page.size, 128), 0.4)
    assert scanned(grey.rotate(12, fillcolor=180, expand=True)) == {sheet.cards[0].url}


def test_card_numbers_and_the_join_code_stand_left_to_right() -> None:
    said = words_of(card_sheet_as_pdf(a_sheet(1, languages=("ur",))))[0]
    number = a_sheet(1).cards[0].number
    assert re.search(rf"{number[:2]}\s*{number[2:]}", said)
    assert re.search(r"482\s*711", said)
    assert "tafawut.example.org" in said


def test_a_long_address_is_made_smaller_and_stays_on_its_card() -> None:
    host = "workshops.tafawut.social-welfare.example.org"
    door = Door(host, "482711", f"https://{host}/j/482711")
    sheet = a_sheet(3, door=door)
    said = words_of(card_sheet_as_pdf(sheet))
    assert len(said) == 1
    assert said[0].count(host) == 3
    assert scanned(pictures_of("cards", card_sheet_facts(sheet))[0]) == {
        card.url for card in sheet.cards
    }


def test_the_poster_is_one_page_with_the_way_in_and_the_network_before_it() -> None:
    poster = a_poster(wifi=Wifi("WORKSHOP", "karachi26"))
    (page,) = pictures_of("poster", poster_facts(poster), ppi=60)
    assert scanned(page) == {
        "https://tafawut.example.org/j/482711",
        "WIFI:S:WORKSHOP;T:WPA;P:karachi26;;",
    }
    said = words_of(poster_as_pdf(poster))[0]
    assert "karachi26" in said
    assert len(read(poster_as_pdf(a_poster(title="Long title " * 18, wifi=poster.wifi))).pages) == 1


def test_each_paper_of_the_demonstration_is_recognised_and_keeps_its_size() -> None:
    for is_synthetic, count in ((True, 1), (False, 0)):
        sheet, room = (
            a_sheet(3, is_synthetic=is_synthetic),
            a_room_sheet(30, is_synthetic=is_synthetic),
        )
        poster = a_poster(is_synthetic=is_synthetic, wifi=Wifi("WORKSHOP", "karachi26"))
        cards = words_of(card_sheet_as_pdf(sheet))
        others = words_of(poster_as_pdf(poster)), words_of(room_sheet_as_pdf(room))
        assert [page.count("synthetic") for page in cards] == [3 * count]
        assert [[page.count("synthetic") for page in each] for each in others] == [[count]] * 2
    marked = a_sheet(24, is_synthetic=True)
    assert scanned(pictures_of("cards", card_sheet_facts(marked))[0]) == {
        card.url for card in marked.cards
    }


def test_a_networks_name_is_escaped_as_cameras_expect() -> None:
    assert wifi_text('a;b:c,"d\\', "") == 'WIFI:S:a\\;b\\:c\\,\\"d\\\\;T:nopass;;'
    assert wifi_text("x", "p;w") == "WIFI:S:x;T:WPA;P:p\\;w;;"


def test_thirty_numbers_fit_on_one_room_sheet_and_more_repeat_the_head() -> None:
    assert len(read(room_sheet_as_pdf(a_room_sheet(30))).pages) == 1
    assert len(read(room_sheet_as_pdf(a_room_sheet(30, language="ur"))).pages) == 1
    pages = words_of(room_sheet_as_pdf(a_room_sheet(40)))
    assert len(pages) == 2
    for page in pages:
        assert "Given Pre-test Post-test Name, by hand" in page
    assert "Karachi · 22–23 November 2026" in pages[0]
    assert scanned(pictures_of("room-sheet", room_sheet_facts(a_room_sheet()))[0]) == set()


@pytest.mark.parametrize("kind", FILES)
def test_the_same_value_gives_the_same_bytes(kind: str) -> None:
    assert FILES[kind]() == FILES[kind]()


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_tagged_archivable_and_holds_its_fonts(kind: str) -> None:
    made = FILES[kind]()
    file = read(made)
    told = made.decode("latin-1")
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert re.search(r"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>A", told)
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert file.metadata is not None
    assert file.metadata.title
    fonts = fonts_in(made)
    assert fonts
    assert all(fonts.values())
    assert {name.partition("-")[0] for name in fonts} <= {
        "NotoSans", "NotoSansExt", "NotoNaskhArabic", "NotoNastaliqUrdu",
    }  # fmt: skip


def test_urdu_is_set_in_nastaliq_and_a_sheet_in_english_needs_none() -> None:
    assert "NotoNastaliqUrdu-Regular" in fonts_in(card_sheet_as_pdf(a_sheet()))
    english = fonts_in(card_sheet_as_pdf(a_sheet(languages=("en",))))
    assert {name.partition("-")[0] for name in english} == {"NotoSans"}


def test_what_people_typed_stays_what_they_typed() -> None:
    said = words_of(poster_as_pdf(a_poster(title=HOSTILE)))[0]
    assert HOSTILE in said
    assert "root:" not in said
    listed = words_of(room_sheet_as_pdf(a_room_sheet(title=HOSTILE, place=HOSTILE)))[0]
    assert listed.count("#read") == 2
    assert "root:" not in listed


def test_a_sign_of_direction_in_a_title_turns_nothing_else_around() -> None:
    evil = room_sheet_as_pdf(a_room_sheet(title="\u202e\u2067evil\u202e"))
    plain = words_of(room_sheet_as_pdf(a_room_sheet(title="x")))[0]
    assert plain.partition("Karachi")[2] == words_of(evil)[0].partition("Karachi")[2]


@pytest.mark.parametrize("title", ["", "日本", "বাংলা 🙂", "a\u0000b", "ڪ ۾ ڕ ڵ", "Ş ź ḥ ẓ"])
def test_any_title_is_printed_also_where_our_fonts_have_no_sign_for_it(title: str) -> None:
    made = poster_as_pdf(a_poster(title=title))
    assert made.startswith(b"%PDF")
    assert len(read(made).pages) == 1


def test_letters_of_the_neighbours_languages_are_in_the_fonts() -> None:
    made = poster_as_pdf(a_poster(title="ڪ ۾ ۽ ڕ ڵ ێ پ چ ژ گ ټ ډ ښ"))
    assert b"pdfaid:part" in made


def test_templates_ask_for_no_package_no_file_and_no_other_font() -> None:
    families = {
        "Noto Sans", "Noto Sans Ext", "Noto Sans Math", "Noto Naskh Arabic", "Noto Nastaliq Urdu",
    }  # fmt: skip
    for template in TEMPLATES.iterdir():
        source = template.read_text(encoding="utf-8")
        assert template.suffix == ".typ"
        assert set(re.findall(r'#import "([^"]+)"', source)) <= {"parts.typ"}
        assert not re.search(r"@preview|\bread\(|\beval\(|plugin\(", source)
        assert set(re.findall(r'"(Noto [^"]+)"', source)) <= families


def test_a_wrong_template_is_an_error_and_not_an_empty_file() -> None:
    with pytest.raises(TypstError, match="heading"):
        render("cards", {}, made_at=a_record().created_at)


def test_the_fonts_stay_small_and_carry_their_licence() -> None:
    assert sum(path.stat().st_size for path in FONTS.iterdir()) <= 700_000
    assert (FONTS / "nastaliq.woff2").stat().st_size <= 120_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_a_code_is_one_black_path_with_a_quiet_zone_of_four_modules() -> None:
    for is_one_of_many in (True, False):
        drawn = qr_svg("https://tafawut.example.org/j/482711", is_one_of_many=is_one_of_many)
        assert 'viewBox="0 0 37 37"' in drawn  # 29 modules: version 3 at level M
        assert re.search(r'<path d="M4 4h7v1h-7z', drawn)
        assert drawn.count("<path") == 1
        starts = [int(x) for x in re.findall(r"M(\d+) ", drawn)]
        assert min(starts) == 4
