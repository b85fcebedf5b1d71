"""What the sheet "# how to" of a workbook says: each column, what it is for, what may stand there.

A field without a line here is listed with what the schema knows of it, so that none is left out.
"""

from collections.abc import Iterator

from app.banks.columns import Column, Field
from app.banks.workbook_sheets import LEFT_OUT, SHEETS

_FIRST = (
    ("Sheet and column", "What stands there", "What is accepted"),
    ("one row", "One row is one thing: one question, one topic, one form.",
     "Empty rows are passed over."),
    ("[en], [ur] …", "The same words in each language, by its short name. A new language is a new"
     " column with the name in brackets.", "A language without a single word is left out."),
    (LEFT_OUT, f"A sheet or column whose name begins with {LEFT_OUT} is for your own notes.",
     "It is not read."),
    ("formulas", "Cells hold text. A formula is refused: paste its value.",
     "Text may begin with = + - @"),
    ("names", "ref, form, bank: a name for ever, that others refer to.",
     "small letters a–z, digits, hyphens"),
)  # fmt: skip

_SAYS: dict[tuple[str, str], tuple[str, str]] = {
    ("bank", "bank"): ("The bank's name.", "3 to 40 small letters, digits, hyphens"),
    ("bank", "purpose"): ("A test is scored; a questionnaire is not.", ""),
    ("bank", "language"): ("The language in which the bank is written first.", "en"),
    ("bank", "title"): ("The bank's title.", ""),
    ("objectives", "title"): ("A topic: a row of the blueprint.", ""),
    ("misconceptions", "belief"): ("A false belief that people have; wrong options name it.", ""),
    ("stimuli", "text"): ("A case or a text that several questions share.", ""),
    ("items", "ref"): ("The question's name for ever. It must not tell the answer.", ""),
    ("items", "kind"): ("How it is answered.", ""),
    ("items", "objective"): ("The topic, by its ref.", ""),
    ("items", "level"): ("What it asks of the mind.", ""),
    ("items", "points"): ("What it is worth.", "1 to 10; empty: 1"),
    ("items", "stimulus"): ("The shared text, by its ref.", "may be empty"),
    ("items", "order"): ("Whether the options' order is drawn or kept.", "empty: drawn"),
    ("items", "max_length"): ("The longest answer to an open question.", "empty: 500"),
    ("items", "source"): ("Where the fact was read.", ""),
    ("items", "pinpoint"): ("The article or page.", ""),
    ("items", "law_as_of"): ("The law of which day.", "year-month-day, such as 2026-11-23"),
    ("items", "jurisdiction"): ("Of which country, or international.", ""),
    ("items", "confidence"): ("V1: read in the text itself; V2: in a named source.", "V1, V2"),
    ("items", "stability"): ("Whether the law was reported changed.", ""),
    ("items", "flags"): ("What an editor should know.", "several with a space between them"),
    ("items", "reviewed_by"): ("Who has looked at it.", "nobody yet"),
    ("items", "review_due"): ("When somebody must look again.", "year-month-day"),
    ("items", "stem"): ("The question.", "plain text, no pictures, no addresses"),
    ("items", "options ref"): ("The option's name. It must not tell the answer.", ""),
    ("items", "options text"): ("The option.", "options 1, 2, 3 … for as many as there are"),
    ("items", "options key"): ("The right answer.", "yes or x; empty: wrong"),
    ("items", "options misconception"): ("The belief behind a wrong option, by its ref.", ""),
    ("items", "rows ref"): ("The line's name. It must not tell its column.", ""),
    ("items", "rows text"): ("A line of a match, classify or order item.", "rows 1, 2, 3 …"),
    ("items", "rows column"): ("The option that is right for the line.", "empty in an order"),
    ("items", "rows misconceptions"): ("The belief behind each wrong option.", "sea=everywhere"),
    ("tables", "ref"): ("The shared text before which the table stands, by its ref.", ""),
    ("tables", "table"): ("Its rows, the head first.", "a line for each row, | between cells"),
    ("forms", "form"): ("The form's name.", ""),
    ("forms", "audience"): ("For whom.", "multidisciplinary, ngo, lea_data, any"),
    ("forms", "languages"): ("The languages it is published in.", "en ur"),
    ("forms", "title"): ("The form's title in each of its languages.", ""),
    ("blueprints", "number"): ("How many questions of a topic the form has.", "must fit the items"),
    ("form items", "item"): ("The questions of a form, one row each, in their order.", ""),
}  # fmt: skip
_USUAL = {
    "ref": "The name for ever.",
    "form": "The form, by its name.",
    "objective": "The topic, by its ref.",
}


def how_to_rows() -> Iterator[tuple[str, str, str]]:
    """Three cells a row: the heading first, then the rules, then every column."""
    yield from _FIRST
    for shape in SHEETS:
        for field in shape.fields:
            usual = _USUAL.get(str(field.path[0]), "")
            says, accepted = _SAYS.get((shape.name, _key(field)), (usual, ""))
            yield f"{shape.name}: {_label(field)}", says, accepted or ", ".join(field.choices)


def _key(field: Field) -> str:
    return " ".join(str(part) for part in field.path if part != "#")


def _label(field: Field) -> str:
    number = 1 if "#" in field.path else None
    return Column(field, number, "en" if field.is_spoken else None).label
