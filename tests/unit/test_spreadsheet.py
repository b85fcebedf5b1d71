"""A table of one's own: which columns are understood, which rows count, what is withheld."""

from fractions import Fraction

import pytest

from app.adapters.csv_files import read_csv
from app.gains.analysis import analyse
from app.gains.as_text import analysis_as_text
from app.gains.spreadsheet import Column, SheetRefused, read_number, read_sheet


def sheet_of(text, **given):
    return read_sheet(read_csv(text.encode()), **given)


def analysed(text, **given):
    limits = {"max_score": given.get("max_score")}
    return analyse(sheet_of(text, **limits), **given)


def people(n, start=0, beside="", pre=4, post=7):
    return "".join(
        f"p{start + each},{pre + each % 3},{post + each % 2}{beside}\n" for each in range(n)
    )


@pytest.mark.parametrize(
    "header",
    [
        "participant,pre,post",
        " Participant ,PRE-TEST,Post_Test",
        "ID,Before,After",
        "شرکت کنندہ,پہلے,بعد میں",
        "شركت كننده,پری ٹیسٹ,پوسٹ ٹیسٹ",
        "post,notes,pre,card number",
    ],
)
def test_headings_are_known_in_any_case_order_and_spelling(header):
    sheet = sheet_of(f"{header}\n1,2,3,4\n" if header.count(",") == 3 else f"{header}\n1,2,3\n")
    assert sheet.columns == {Column.PARTICIPANT, Column.PRE, Column.POST}
    assert len(sheet.rows) == 1


def test_a_missing_heading_is_named_with_those_that_are_there():
    with pytest.raises(SheetRefused, match=r"no heading for: pre, post\. It has: id, score"):
        sheet_of("id,score\n1,2\n")


def test_two_columns_of_one_meaning_are_refused():
    with pytest.raises(SheetRefused, match=r"Two columns mean pre: 'pre' and 'Before'"):
        sheet_of("id,pre,Before,post\n1,2,3,4\n")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("7.5", Fraction(15, 2)),
        ("7,5", Fraction(15, 2)),
        ("۷٫۵", Fraction(15, 2)),
        ("٧", 7),
        ("৭", 7),
        ("-2", -2),
        ("−2", -2),
        ("+2", 2),
        (".5", Fraction(1, 2)),
        ("3.", 3),
        ("", None),
        (".", None),
        ("7 of 10", None),
        ("1e5", None),
        ("75%", None),
        ("1.234.5", None),
        ("9" * 13, None),
    ],
)
def test_numbers_are_read_exactly_in_any_digits(text, number):
    assert read_number(text) == number


def test_an_empty_score_is_a_missing_test():
    sheet = sheet_of("id,pre,post\na,3,\nb,-,4\nc,N/A,–\nd,5\n")
    assert [(row.pre, row.post) for row in sheet.rows] == [
        (3, None),
        (None, 4),
        (None, None),
        (5, None),
    ]
    assert sheet.bad_rows == ()


def test_rows_that_cannot_count_are_listed_and_the_others_count():
    sheet = sheet_of(
        "id,pre,post\na,x,3\nb,1,2\n,1,2\nc,11,2\nd,-1,2\nb,5,6\ne,1,2,3\nf,3,10\n",
        max_score=Fraction(10),
    )
    assert [row.participant for row in sheet.rows] == ["b", "f"]
    assert [(bad.line, bad.participant, bad.reason) for bad in sheet.bad_rows] == [
        (2, "a", "pre: 'x' is not a number"),
        (4, "", "no participant is named"),
        (5, "c", "pre: 11 is not between 0 and 10"),
        (6, "d", "pre: -1 is not between 0 and 10"),
        (7, "b", "b stands in line 3 already; that row counts"),
        (8, "e", "it has more cells than the first row"),
    ]


def test_a_row_that_did_not_count_does_not_take_the_participants_place():
    sheet = sheet_of("id,pre,post\na,x,3\na,1,2\n")
    assert [row.pre for row in sheet.rows] == [1]


def test_the_same_participant_is_known_by_other_letters_and_digits():
    sheet = sheet_of("id,pre,post\nCard ۱۲,1,2\ncard 12,3,4\n")
    assert sheet.bad_rows[0].reason == "card 12 stands in line 2 already; that row counts"


def test_a_person_in_two_workshops_counts_twice():
    sheet = sheet_of("id,pre,post,workshop\na,1,2,Lahore\na,3,4,Karachi\na,5,6,LAHORE\n")
    assert len(sheet.rows) == 2
    assert [bad.line for bad in sheet.bad_rows] == [4]


def test_without_a_maximum_scores_may_be_any_numbers():
    found = analysed("id,pre,post\na,-1.6,0.8\nb,0,120\n")
    assert found["paired"]["n_pairs"] == 2
    assert "gain_pp" not in found["paired"]


def test_small_groups_are_withheld_with_the_next_and_spelled_as_first_typed():
    text = "id,pre,post,sex\n" + people(14, beside=",M") + people(3, 14, ",F") + "p99,3,4,m\n"
    found = analysed(text)
    assert found["groups"]["sex"]["groups"] == []
    assert found["withheld"]["sex"] == ["F", "M"]


def test_large_groups_are_told_beside_those_withheld():
    text = "id,pre,post,agency\n" + "".join(
        people(n, start, f",{name}")
        for n, start, name in ((12, 0, "police"), (11, 20, "NGO"), (4, 40, "courts"), (30, 60, ""))
    )
    found = analysed(text)
    assert found["withheld"]["agency"] == ["NGO", "courts"]
    told = found["groups"]["agency"]
    assert [(each["group"], each["n"]) for each in told["groups"]] == [
        ("(not said)", 30),
        ("police", 12),
    ]
    assert [each["contrast"] for each in told["gain_difference_welch"]] == ["police - (not said)"]


def test_own_data_is_shown_whole():
    text = "id,pre,post,sex,workshop\n" + people(3, 0, ",F,A") + people(2, 5, ",M,B")
    found = analysed(text, is_own_table=True)
    assert found["withheld"] == {}
    assert [each["n"] for each in found["groups"]["sex"]["groups"]] == [3, 2]
    assert found["meta"]["n_total"] == 5


def test_pooled_figures_leave_withheld_workshops_out():
    text = "id,pre,post,workshop\n" + "".join(
        people(n, 50 * place, f",w{place}", pre=place % 4)
        for place, n in enumerate((12, 15, 20, 11, 3))
    )
    found = analysed(text)
    assert found["withheld"]["workshop"] == ["w3", "w4"]
    assert (found["meta"]["k"], found["meta"]["n_total"]) == (3, 47)
    assert found["paired"]["n_pairs"] == 61


@pytest.mark.parametrize(
    ("leavers", "own", "is_told"),
    [(9, False, False), (10, False, True), (1, True, False), (2, True, True)],
)
def test_figures_about_few_leavers_are_withheld(leavers, own, is_told):
    text = (
        "id,pre,post\n" + people(12) + "".join(f"q{each},{each % 4},\n" for each in range(leavers))
    )
    found = analysed(text, is_own_table=own)
    assert (found["attrition"]["diff_pre_welch_t"] is not None) is is_told
    assert ("attrition" in found["withheld"]) is (not own and leavers < 10)
    assert found["attrition"]["completion_rate"] == 12 / (12 + leavers)


def test_an_empty_table_is_an_answer():
    found = analysed("id,pre,post,sex,workshop\n", max_score=Fraction(10), pass_mark=Fraction(7))
    assert found["paired"]["n_pairs"] == 0
    text = analysis_as_text(found, "t.csv")
    assert "No completed pairs yet (0 before, 0 after)." in text


def test_the_table_for_reading_rounds_the_same_numbers():
    both = people(12, 0, ",F,Lahore") + people(11, 20, ",M,Karachi")
    found = analysed(
        f"id,pre,post,sex,workshop\n{both}", max_score=Fraction(10), pass_mark=Fraction(7)
    )
    text = analysis_as_text(found, "scores.csv")
    assert text.startswith("scores.csv: 23 people, 23 with both tests (0 only before, 0 only ")
    assert "points                4.96   7.48    2.52  2.09 to 2.95\n" in text
    assert "percent of 10           50     75      25      21 to 30\n" in text
    assert "passed (7 or more)       0     23  100 pp     77 to 100\n" in text
    assert "M - F: 0.05 points" in text
    assert "Without a comparison\ngroup it does not show" in text
    assert text.endswith("\n")


def test_what_is_undefined_or_withheld_is_a_dash_and_says_so():
    text = analysis_as_text(analysed("id,pre,post,sex\na,1,2,F\nb,2,3,M\nc,x,1,M\n"), "t.csv")
    assert "So few pairs tell about single people" in text
    assert "points    1.50   2.50  1.00     –\n" in text
    assert "--own-data shows them" in text
    assert "t = –, df = –, p –" in text
    assert "line 4: pre: 'x' is not a number" in text
