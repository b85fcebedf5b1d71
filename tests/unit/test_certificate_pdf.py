"""A certificate on paper: what it says, in which letters, and what a camera makes of its square."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from app.accounts.schemas import LogoRecord
from app.adapters.pdf import render
from app.adapters.pictures import draw_small
from app.certificates.as_pdf import certificate_as_pdf, certificate_facts
from app.certificates.document import build_document
from app.certificates.proof import find_in_file
from app.core.text import is_urdu_written
from tests.fixtures.certificates import LATIN, LOCAL, NUMBER, a_document, a_paper, translate
from tests.fixtures.logos import a_picture
from tests.fixtures.prints import fonts_in, pictures_of, read, scanned, words_of


def picture(ppi: int = 150, **wanted: Any) -> Image.Image:
    """The page as pixels; there is one."""
    (page,) = pictures_of("certificate", certificate_facts(a_document(**wanted)), ppi=ppi)
    return page


def families(**wanted: Any) -> set[str]:
    """The families of letters in the file."""
    made = certificate_as_pdf(a_document(**wanted))
    return {name.partition("-")[0].removeprefix("Noto") for name in fonts_in(made)}


def test_it_says_exactly_what_it_certifies_and_states_no_mark() -> None:
    (said,) = words_of(certificate_as_pdf(a_document(days_attended=1)))
    for part in (
        "Certificate of participation", "This certifies that", LATIN, "took part in the workshop",
        "Telling trafficking from smuggling", "Karachi", "22–23 November 2026",
        "Days attended: 1 of 2", "Synthetic Academy", "Issued on 23 November 2026",
        "It says who was there. It states no mark.", "Check this paper at", "tafawut.example.org/v",
        "Trainer", "For the organisation",
    ):  # fmt: skip
        assert part in said, part
    assert re.search(r"3G92\s*30VQ\s*VS2", said)
    assert "SPECIMEN" not in said
    assert "%" not in said


def test_hours_stand_under_the_days_where_they_were_said() -> None:
    (said,) = words_of(certificate_as_pdf(a_document(hours=12, languages=("en",))))
    assert "Hours of the whole workshop: 12" in said
    (said,) = words_of(certificate_as_pdf(a_document(languages=("en",))))
    assert "Hours" not in said


def test_a_certificate_is_one_page_of_at_most_60_kb_archivable_and_readable_aloud() -> None:
    for wanted in ({}, {"languages": ("en",)}, {"languages": ("ur",)}, {"is_specimen": True}):
        made = certificate_as_pdf(a_document(**wanted))
        told = made.decode("latin-1")
        assert len(made) <= 60_000, len(made)
        assert len(read(made).pages) == 1
        assert re.search(r"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>A", told)
        assert "<pdfuaid:part>1</pdfuaid:part>" in told
        assert all(fonts_in(made).values())


def test_three_logos_stand_on_a_real_certificate_of_at_most_60_kb_and_on_no_specimen() -> None:
    sizes = ((1800, 500), (900, 600), (900, 300))
    three = tuple(
        LogoRecord(f"{each}", "Synthetic Academy", draw_small(a_picture(each))) for each in sizes
    )
    paper = a_paper(hours=12)
    made = certificate_as_pdf(replace(a_document(hours=12), logos=three))
    assert len(made) <= 60_000, len(made)
    assert len(read(made).pages[0].images) == 3
    assert re.search(r"<pdfaid:part>2</pdfaid:part>", made.decode("latin-1"))
    for is_specimen, count in ((False, 3), (True, 0)):
        record = replace(paper.record, is_specimen=is_specimen)
        told = replace(paper, record=record, logos=three)
        document = build_document(told, address="a", url="u#p", translate=translate)
        assert len(document.logos) == count


def test_the_same_certificate_gives_the_same_bytes() -> None:
    assert certificate_as_pdf(a_document()) == certificate_as_pdf(a_document())
    assert certificate_as_pdf(a_document()) != certificate_as_pdf(a_document(edition=2))


def test_a_camera_reads_the_square_straight_and_tilted_by_15_degrees() -> None:
    for host in ("https://tafawut.example.org", "https://tafawut.social-welfare.example.gov.pk"):
        long = "Telling trafficking in persons from smuggling of migrants: a workshop " * 2
        url = a_document(host, workshop_title=long, place="Karachi, Sindh").url
        page = picture(ppi=150, host=host, workshop_title=long, place="Karachi, Sindh")
        assert scanned(page) == {url}
        for tilt in (15, -15):
            turned = page.rotate(tilt, Image.Resampling.BICUBIC, expand=True, fillcolor=235)
            assert scanned(turned) == {url}


def test_the_square_is_30_mm_wide_and_its_modules_are_04_mm() -> None:
    (found,) = zxingcpp.read_barcodes(picture(ppi=254))  # ten pixels are a millimetre
    corners = found.position
    assert corners.top_right.x - corners.top_left.x == pytest.approx(300, abs=4)
    assert corners.bottom_left.y - corners.top_left.y == pytest.approx(300, abs=4)
    across = (
        int(re.findall(r'viewBox="0 0 (\d+)', certificate_facts(a_document())["square"])[0]) - 8
    )
    assert 30 / across >= 0.4


def test_urdu_names_are_in_nastaliq_and_names_in_other_arabic_letters_in_naskh() -> None:
    english = {"languages": ("en",), "latin": ""}
    assert families(languages=("en",), local="") == {"Sans"}
    assert "NastaliqUrdu" in families()
    assert "NaskhArabic" not in families()
    assert "NaskhArabic" in families(local="ڪامل سنڌي")
    assert "NaskhArabic" in families(local="ښکلا")
    assert families(**english, local=LOCAL) == {"NaskhArabic", "Sans"}
    assert is_urdu_written(LOCAL)
    assert is_urdu_written("گل مکئی (Gul)")
    assert not is_urdu_written("Farah")
    assert not is_urdu_written("ڪامل")
    assert not is_urdu_written("علي")


def test_only_one_of_the_two_spellings_is_enough() -> None:
    assert LATIN in words_of(certificate_as_pdf(a_document(local="")))[0]
    assert LATIN not in words_of(certificate_as_pdf(a_document(latin="")))[0]


def test_both_calendars_stand_where_the_room_uses_two() -> None:
    afghan = a_document(languages=("en", "fa-AF"))
    assert afghan.other_calendar is not None
    assert (afghan.other_calendar.language, afghan.other_calendar.text) == ("fa-AF", "۱–۲ قوس ۱۴۰۵")
    assert a_document(languages=("en", "ur", "sd")).other_calendar is None
    assert {each.days for each in afghan.wordings} == {"22–23 November 2026"}
    assert b"pdfaid:part" in certificate_as_pdf(afghan)


def test_two_of_the_workshops_languages_stand_on_it_and_english_where_none_has_the_words() -> None:
    def spoken(*languages: str) -> list[str]:
        return [each.language for each in a_document(languages=languages).wordings]

    assert spoken("ur", "en") == ["ur", "en"]
    assert spoken("ur") == ["ur"]
    assert spoken("xx") == ["en"]
    assert spoken("xx", "ur", "en") == ["ur", "en"]


def test_a_later_edition_says_which_it_is() -> None:
    (said,) = words_of(certificate_as_pdf(a_document(edition=2)))
    assert "Edition 2, of 23 November 2026. It replaces earlier papers." in said
    assert "?edition=2#" in a_document(edition=2).url


def test_the_demonstrations_paper_reads_specimen_in_both_languages() -> None:
    document = a_document(is_specimen=True)
    (said,) = words_of(certificate_as_pdf(document))
    assert "SPECIMEN" in said
    assert "A sample of an invented workshop. It certifies nothing." in said
    assert [each.specimen for each in document.wordings] == ["نمونہ", "SPECIMEN"]


def test_long_texts_stay_on_the_page() -> None:
    wanted = {
        "local": "علی " * 50, "latin": "Ali " * 50, "workshop_title": "Long title " * 18,
        "place": "Somewhere " * 20, "organisation_name": "Academy " * 30, "is_specimen": True,
        "edition": 12, "days_attended": 30, "days_held": 30, "ends_on": date(2026, 12, 21),
        "languages": ("ur", "en", "ps"),
    }  # fmt: skip
    made = certificate_as_pdf(a_document(**wanted))
    assert len(read(made).pages) == 1
    assert scanned(picture(**wanted)) == {a_document(**wanted).url}


def test_the_file_itself_carries_what_its_square_says() -> None:
    document = a_document()
    assert find_in_file(certificate_as_pdf(document)) == document.url
    assert NUMBER in document.url


def test_a_fact_that_is_missing_is_an_error_and_not_an_empty_place() -> None:
    document = a_document()
    facts = certificate_facts(document)
    del facts["organisation"]
    with pytest.raises(Exception, match="organisation"):
        render("certificate", facts, made_at=document.made_at)
    assert replace(document, edition=2) != document
