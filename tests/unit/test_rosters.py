"""Lists as they come: which column is which, who is ready, who needs the trainer."""

import pytest

from app.core.roster_columns import Layout, ListRow, guess_layout, tidy_rows
from app.core.roster_words import Column, agency_of, sex_of, years_of
from app.core.rosters import Answer, Decisions, Listed, Verdict, corrected, read_roster
from tests.fixtures.rosters import PROVINCES, rows_of_text

NOTHING_SAID = Decisions({})


def columns_of(text):
    return [each.value for each in guess_layout(rows_of_text(text), PROVINCES).columns]


def read(text, decisions=NOTHING_SAID, **more):
    rows = rows_of_text(text)
    layout = guess_layout(rows, PROVINCES)
    return read_roster(rows, layout, provinces=PROVINCES, decisions=decisions, **more)


def verdicts(text, decisions=NOTHING_SAID, **more):
    return [row.verdict.value for row in read(text, decisions, **more)]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("S.No,Name,Father's Name,Gender,Department,Province,Years of Service",
         "other name father sex agency_type province years"),
        ("نمبر شمار,نام,ولدیت,جنس,محکمہ,صوبہ,تجربہ",
         "other name father sex agency_type province years"),
        ("شماره,نام و تخلص,نام پدر,جنسیت,اداره,ولایت,سابقه کار",
         "other name father sex agency_type province years"),
        ("گڼه,نوم,د پلار نوم,جنډر,ارگان,ولایت,کلونه",
         "other name father sex agency_type province years"),
        ("الرقم,الاسم الكامل,اسم الأب,الجنس,الجهة,المحافظة,سنوات الخدمة",
         "other name father sex agency_type province years"),
        ("NAME OF PARTICIPANT,Name of Organization,Designation,CNIC,Mobile No,Signature",
         "name agency_type other other other other"),
        ("Participant ID,Full Name,Date of Birth,Length of service,Sex (M/F)",
         "other name other years sex"),
        ("Name,S/o,Age,District", "name father other other"),
        ("نام (اردو),Name (English),جنس", "name name sex"),
        ("First Name,Last Name,Email", "name name other"),
    ],
)  # fmt: skip
def test_columns_are_known_by_the_words_over_them(header, columns):
    width = len(header.split(","))
    cells = ["علی" if "اردو" in word else "Ali" for word in header.split(",")]
    people = ",".join(cells[:width])
    assert columns_of(f"{header}\n{people}\n{people} Khan") == columns.split()


def test_titles_above_and_headings_in_two_rows_are_no_people():
    found = read(
        "Training on trafficking in persons\nKarachi, 11-12 February\n\n"
        "No,Participant,,Organization,Service\n,First,Last,,Years\n"
        "1,Ali,Khan,Sindh Police,3\n2,Sara,Bibi,Edhi NGO,2.5"
    )
    assert [(row.person.latin, row.person.agency_type, row.person.years) for row in found] == [
        ("Ali Khan", "police", "3-5"),
        ("Sara Bibi", "ngo", "0-2"),
    ]


def test_a_header_in_two_languages_is_one_header():
    found = read("Name,Sex\nنام,جنس\nعلی خان,مرد\nسارہ,عورت")
    assert [(row.person.local, row.person.sex) for row in found] == [
        ("علی خان", "man"),
        ("سارہ", "woman"),
    ]


def test_without_a_header_the_content_tells():
    assert columns_of("1,Ali Khan,Police,M\n2,Sara Bibi,NGO,F\n3,Amal Synthetic,Police,F") == [
        "other", "name", "agency_type", "sex",
    ]  # fmt: skip
    assert columns_of("Ali Khan\nSara Bibi") == ["name"]


def test_lines_that_are_no_person_are_passed_over():
    text = "No,Name,Sex\n1,Ali,M\n2,,\nNo,Name,Sex\nLahore,Lahore,Lahore\n3,Sara,F\n4,,\nTotal: 2,,"
    assert [row.person.latin for row in read(text)] == ["Ali", "Sara"]


def test_every_scripts_digits_and_letters_are_read():
    (row,) = read("نام,جنس,محکمہ,تجربہ,صوبہ\nعلي خان,مؤنث,پوليس,۱۲,سندھ")
    assert row.person == Listed(
        local="علي خان", sex="woman", agency_type="police", province="PK-SD", years="11+"
    )


@pytest.mark.parametrize(
    ("typed", "band"),
    [("0", "0-2"), ("2", "0-2"), ("2.9 years", "0-2"), ("3", "3-5"), ("5", "3-5"), ("6", "6-10"),
     ("۱۰", "6-10"), ("11", "11+"), ("40 years", "11+"), ("3-5", "3-5"), ("11+", "11+"),
     ("", None), ("many", None), ("2015", None), ("75", None), ("10+", None),
     ("since 4 May", "3-5")],
)  # fmt: skip
def test_years_are_read_in_bands(typed, band):
    assert years_of(typed) == band


def test_what_is_not_understood_is_left_to_the_participant_and_said():
    (row,) = read("Name,Sex,Agency,Province\nAli,x,Railways,Atlantis")
    assert row.verdict is Verdict.READY
    assert row.person.unread == (
        (Column.SEX, "x"), (Column.AGENCY, "Railways"), (Column.PROVINCE, "Atlantis"),
    )  # fmt: skip
    assert (row.person.sex, row.person.agency_type, row.person.province) == (None, None, None)
    assert agency_of("Police and Prosecution") is None  # two kinds are no kind
    assert sex_of("Ms.") == "woman"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "no_name"), ("=1+1", "formula"), ("@SUM", "formula"), ("-Ali", "formula"),
     ("Ali\u202eKhan", "direction_sign"), ("Ali\u2067Khan", "direction_sign"),
     ("Ali\ufffdKhan", "control_sign"), ("Ali\x01Khan", "control_sign"), ("12345", "no_letters"),
     ("A" * 201, "too_long")],
)  # fmt: skip
def test_a_name_that_cannot_be_kept_stays_with_its_reason(name, reason):
    good, bad = read(f"Name,Sex\nSara,F\n{name},M")
    assert (good.verdict, bad.verdict) == (Verdict.READY, Verdict.FAULTY)
    assert (bad.line, bad.field, bad.reason) == (3, Column.NAME, reason)


def test_a_bad_row_is_corrected_in_its_place():
    rows = rows_of_text("First Name,Last Name,Father\n=1,2,Akbar\nSara,Bibi,Ali\u202e")
    layout = guess_layout(rows, PROVINCES)
    typed = {(2, Column.NAME): "Ali Khan", (3, Column.FATHER): "Ali"}
    mended = corrected(rows, layout.columns, typed)
    found = read_roster(mended, layout, provinces=PROVINCES, decisions=NOTHING_SAID)
    assert [(row.verdict, row.person.latin, row.person.father) for row in found] == [
        (Verdict.READY, "Ali Khan", "Akbar"),
        (Verdict.READY, "Sara Bibi", "Ali"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ali Khan,", "Ali Khan,"), ("علی خان,", "علي خان,"), ("Muhammad Ali,", "Mohd. Ali,"),
     ("Mr. Ali Khan,", "Khan Ali,"), ("Ali Khan,Akbar", "Ali Khan,"),
     ("Ali Khan,Akbar", "ali khan,AKBAR")],
)  # fmt: skip
def test_a_like_name_is_a_question_and_never_merged(one, other):
    text = f"Name,Father\n{one}\n{other}"
    assert verdicts(text) == ["ready", "like"]
    assert read(text)[1].like == (read(text)[0].person,)
    assert verdicts(text, Decisions({3: Answer.TWO})) == ["ready", "ready"]
    assert verdicts(text, Decisions({3: Answer.SAME})) == ["ready", "same"]


def test_two_fathers_tell_two_people_of_one_name_apart():
    assert verdicts("Name,Father\nAli Khan,Akbar\nAli Khan,Anwar") == ["ready", "ready"]


def test_a_left_out_row_asks_nothing_of_others():
    text = "Name\nAli Khan\nAli Khan"
    assert verdicts(text, Decisions({}, frozenset({2}))) == ["left_out", "ready"]


def test_who_was_taken_in_before_is_present_even_under_a_corrected_name():
    first = read("Name,Father\nAli Khan,Akbar\nSara Bibi,")
    keys = {row.key for row in first}
    later = "Name,Father\nAli Khan,Akbar\nSara Bibi,\nAmal,"
    known = [Listed(latin="Ali A. Khan", father="Akbar"), Listed(latin="Sara Bibi")]
    assert verdicts(later, known=known, is_known=keys.__contains__) == [
        "present", "present", "ready",
    ]  # fmt: skip


def test_two_people_of_one_name_are_both_present_the_second_time():
    text = "Name\nAli Khan\nAli Khan"
    keys = {row.key for row in read(text, Decisions({3: Answer.TWO}))}
    assert len(keys) == 2
    assert verdicts(text, is_known=keys.__contains__) == ["present", "present"]


def test_columns_that_nowhere_hold_anything_are_dropped():
    rows = [ListRow(4, ("", " ", "Ali")), ListRow(5, ("", "")), ListRow(6, ("", "", "Sara", "F"))]
    assert tidy_rows(rows) == (ListRow(4, ("Ali", "")), ListRow(6, ("Sara", "F")))


def test_a_list_of_nothing_has_no_columns():
    assert guess_layout((), PROVINCES) == Layout((), (), 0)
