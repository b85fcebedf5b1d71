"""What spreadsheets save as CSV is read, and what we wrote comes back."""

import pytest

from app.adapters.csv_files import CsvUnreadable, read_csv, split_rows, write_csv


def rows_of(content):
    table = read_csv(content)
    return [table.header.cells, *(row.cells for row in table.rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-with-mark"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_way_a_spreadsheet_saves_is_read(encoding, delimiter):
    text = delimiter.join(["شریک", "pre"]) + "\r\n" + delimiter.join([" الف ", "3"]) + "\r\n"
    if encoding == "utf-16-le-with-mark":
        content = b"\xff\xfe" + text.encode("utf-16-le")
    else:
        content = text.encode(encoding)
    assert rows_of(content) == [("شریک", "pre"), ("الف", "3")]


def test_excels_own_first_line_names_the_delimiter():
    assert rows_of(b"sep=;\nid;pre\na,b;3\n") == [("id", "pre"), ("a,b", "3")]


@pytest.mark.parametrize("said", ["", '"', "\r", " ", "\x1c"])
def test_a_first_line_that_names_no_delimiter_is_left_out(said):
    content = f"sep={said}\nid,pre\na,3\n"
    assert rows_of(content.encode()) == [("id", "pre"), ("a", "3")]
    assert [row.cells for row in split_rows(content)] == [("id", "pre"), ("a", "3")]


def test_blank_lines_are_no_rows_and_lines_are_counted_as_an_editor_does():
    table = read_csv(b'\n \nid,pre\n\n"two\nlines",3\n,,\nb,4')
    assert table.header.line == 3
    assert [(row.line, row.cells) for row in table.rows] == [
        (5, ("two\nlines", "3")),
        (8, ("b", "4")),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no row"),
        (b"\n , \n", "no row"),
        ("id,pre\nعلي,3\n".encode("cp1256"), "UTF-8"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"id,pre\n" + b"a" * 200_000 + b",1\n", "Line 2 cannot be read"),
    ],
)
def test_what_is_no_table_is_said_in_a_sentence(content, says):
    with pytest.raises(CsvUnreadable, match=says):
        read_csv(content)


def test_what_was_guarded_on_writing_comes_back_as_it_was():
    written = write_csv(["id", "pre"], [["=1+1", 3], ["-4", None], ["'tis", 1]])
    assert rows_of(written) == [("id", "pre"), ("=1+1", "3"), ("-4", ""), ("'tis", "1")]
