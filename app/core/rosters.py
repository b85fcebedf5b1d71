"""A list of participants as it comes: cells in; columns, people, and what speaks against a row out.

Nothing here reads a file. A row is never merged with another: a like name is a question to the
trainer. Sources: interfaces.md §2.3 (T2b), §2.6 (duplicate names), §3 (letters and signs).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.errors import NameRefused
from app.core.roster_columns import Layout, ListRow, filled
from app.core.roster_words import (
    Column,
    agency_of,
    is_latin,
    likeness,
    province_of,
    sex_of,
    years_of,
)
from app.core.text import clean_name, name_key

MOST_PEOPLE = 500
FATHER_LENGTH = 100
REPLACED = "\ufffd"
"""What a reader puts in the place of a sign that no text may hold."""

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class Verdict(StrEnum):
    """What becomes of a row."""

    READY = "ready"
    PRESENT = "present"  # this list brought the person before
    LIKE = "like"  # a like name: same person or two people?
    SAME = "same"  # the trainer said that it is the same person
    LEFT_OUT = "left_out"
    FAULTY = "faulty"


class Answer(StrEnum):
    """What the trainer says of a row with a like name."""

    SAME = "same"
    TWO = "two"


@dataclass(frozen=True)
class Listed:
    """A person as a list says; `unread` are columns with words that were not understood."""

    local: str = ""
    latin: str = ""
    father: str = ""
    sex: str | None = None
    agency_type: str | None = None
    province: str | None = None
    years: str | None = None
    unread: tuple[tuple[Column, str], ...] = ()

    @property
    def name(self) -> str:
        """The name as it is called out."""
        return self.local or self.latin


@dataclass(frozen=True)
class ReadRow:
    """A row and what becomes of it.

    `key` names the person among all lists of a workshop (READY and PRESENT). `reason` is a key of
    REASONS and `field` the column it speaks of (FAULTY); `like` are the people of a like name.
    """

    line: int
    person: Listed
    verdict: Verdict
    key: str = ""
    field: Column | None = None
    reason: str = ""
    like: tuple[Listed, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """What the trainer said of single rows, by line."""

    answers: Mapping[int, Answer]
    left_out: frozenset[int] = frozenset()


class _Seen:
    """People by what other spellings of their names share with them: each name is folded once."""

    def __init__(self, people: Iterable[Listed]) -> None:
        self._people: list[tuple[Listed, str]] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for person in people:
            self.add(person)

    def add(self, person: Listed) -> None:
        for name in _shared_names(person):
            self._places[name].append(len(self._people))
        self._people.append((person, likeness(person.father)))

    def find_like(self, person: Listed) -> tuple[Listed, ...]:
        """Who may be the same, each once, in the order they came.

        That is: a name alike, and no father's name that tells them apart.
        """
        father = likeness(person.father)
        places = {place for name in _shared_names(person) for place in self._places.get(name, ())}
        found = (self._people[place] for place in sorted(places))
        return tuple(
            dict.fromkeys(
                other
                for other, others in found
                if not (person.father and other.father) or father == others
            )
        )


def _shared_names(person: Listed) -> set[str]:
    return {likeness(name) for name in (person.local, person.latin) if name} - {""}


def read_roster(
    rows: Sequence[ListRow],
    layout: Layout,
    *,
    provinces: Mapping[str, str],
    decisions: Decisions,
    known: Sequence[Listed] = (),
    is_known: Callable[[str], bool] = lambda _key: False,
) -> list[ReadRow]:
    """Every row that holds a person, and what becomes of it.

    `known` are the people of the workshop, `is_known` tells whether a key was taken in before:
    the key outlives a name that its holder corrected since.
    """
    people = [
        (row.line, read_person(row.cells, layout.columns, provinces))
        for row in rows[layout.above :]
        if _is_person(row.cells, layout)
    ]
    seen = _Seen(known)
    told: Counter[str] = Counter()
    # Rows of which the trainer says that they are people of their own: who was taken in before is
    # theirs first, not that of a row of the same name that was left open.
    claims = Counter(
        _base(person)
        for line, (person, _, reason) in people
        if decisions.answers.get(line) is Answer.TWO
        and line not in decisions.left_out
        and not reason
    )
    read = []
    for line, (person, field, reason) in people:
        if line in decisions.left_out:
            read.append(ReadRow(line, person, Verdict.LEFT_OUT))
        elif reason:
            read.append(ReadRow(line, person, Verdict.FAULTY, field=field, reason=reason))
        else:
            answer, base = decisions.answers.get(line), _base(person)
            claims[base] -= answer is Answer.TWO
            spare = _count_known(base, told[base], is_known) - claims[base]
            read.append(_judge(line, person, seen, told, answer, is_present=spare > 0))
    return read


def read_person(
    cells: Sequence[str], columns: Sequence[Column], provinces: Mapping[str, str]
) -> tuple[Listed, Column | None, str]:
    """The person of a row, and which column is wrong and why; empty when nothing is."""
    said = _said(cells, columns)
    person, field, reason = Listed(), None, ""
    try:
        local, latin = _names(said[Column.NAME])
        person = replace(person, local=local, latin=latin)
    except NameRefused as refusal:
        raw = " ".join(said[Column.NAME])
        person = replace(person, local=raw)
        field, reason = Column.NAME, str(refusal.facts["reason"])
    father = " ".join(said[Column.FATHER])
    try:
        person = replace(person, father=_checked(father, FATHER_LENGTH) if father else "")
    except NameRefused as refusal:
        person = replace(person, father=father)
        field, reason = field or Column.FATHER, reason or str(refusal.facts["reason"])
    return _with_facets(person, said, provinces), field, reason


def corrected(
    rows: Sequence[ListRow], columns: Sequence[Column], typed: Mapping[tuple[int, Column], str]
) -> tuple[ListRow, ...]:
    """The rows with what the trainer typed into them; a name typed anew is the whole name."""
    return tuple(
        replace(row, cells=_corrected(row, columns, typed))
        if any(line == row.line for line, _ in typed)
        else row
        for row in rows
    )


def _corrected(
    row: ListRow, columns: Sequence[Column], typed: Mapping[tuple[int, Column], str]
) -> tuple[str, ...]:
    cells = list(row.cells)
    for (line, column), text in typed.items():
        places = [place for place, each in enumerate(columns) if each is column]
        if line == row.line:
            for number, place in enumerate(places):
                cells[place] = text if number == 0 else ""
    return tuple(cells)


def _is_person(cells: Sequence[str], layout: Layout) -> bool:
    """Not an empty line with a number, not the header again, not one heading over all columns."""
    if not any(_said(cells, layout.columns).values()):
        return False
    if layout.above and [name_key(each) for each in cells] == list(map(name_key, layout.labels)):
        return False
    held = filled(cells)
    return len(held) == 1 or len(set(held)) > 1


def _said(cells: Sequence[str], columns: Sequence[Column]) -> dict[Column, list[str]]:
    said: dict[Column, list[str]] = {each: [] for each in Column if each is not Column.OTHER}
    for cell, column in zip(cells, columns, strict=True):
        if column is not Column.OTHER and cell.strip():
            said[column].append(cell.strip())
    return said


def _names(parts: Sequence[str]) -> tuple[str, str]:
    """The name in its own script and in Latin letters; raises NameRefused."""
    if not parts:
        raise NameRefused(reason="no_name")
    local = " ".join(each for each in parts if not is_latin(each))
    latin = " ".join(each for each in parts if is_latin(each))
    return _checked(local) if local else "", _checked(latin) if latin else ""


def _checked(name: str, most: int = 200) -> str:
    if name.startswith(_FORMULA_STARTS):
        raise NameRefused(reason="formula")
    if REPLACED in name:
        raise NameRefused(reason="control_sign")
    cleaned = clean_name(name, most)
    if not any(sign.isalpha() for sign in cleaned):
        raise NameRefused(reason="no_letters")
    return cleaned


def _with_facets(
    person: Listed, said: Mapping[Column, Sequence[str]], provinces: Mapping[str, str]
) -> Listed:
    readers: tuple[tuple[Column, Callable[[str], str | None]], ...] = (
        (Column.SEX, sex_of),
        (Column.AGENCY, agency_of),
        (Column.PROVINCE, lambda text: province_of(text, provinces)),
        (Column.YEARS, years_of),
    )
    read = {column: reader(" ".join(said[column])) for column, reader in readers}
    unread = tuple(
        (column, " ".join(said[column]))
        for column, value in read.items()
        if value is None and said[column]
    )
    return replace(
        person,
        sex=read[Column.SEX],
        agency_type=read[Column.AGENCY],
        province=read[Column.PROVINCE],
        years=read[Column.YEARS],
        unread=unread,
    )


def _judge(
    line: int,
    person: Listed,
    seen: _Seen,
    told: Counter[str],
    answer: Answer | None,
    *,
    is_present: bool,
) -> ReadRow:
    """What becomes of a row in which nothing is wrong; `seen` and `told` grow with it."""
    base = _base(person)
    key = _key(base, told[base] + 1)
    like = seen.find_like(person)
    if is_present:
        verdict = Verdict.PRESENT
    elif not like or answer is Answer.TWO:
        verdict = Verdict.READY
    elif answer is Answer.SAME:
        verdict = Verdict.SAME
    else:
        verdict = Verdict.LIKE
    if verdict in (Verdict.READY, Verdict.PRESENT):
        told[base] += 1
        seen.add(person)
    if verdict is Verdict.PRESENT:
        like = ()
    return ReadRow(line, person, verdict, key=key, like=like)


def _base(person: Listed) -> str:
    return "\x1f".join(name_key(each) for each in (person.local, person.latin, person.father))


def _key(base: str, number: int) -> str:
    return f"{base}\x1f{number}"


def _count_known(base: str, told: int, is_known: Callable[[str], bool]) -> int:
    """How many people of a name were taken in before, beyond those told already."""
    found = told
    while is_known(_key(base, found + 1)):
        found += 1
    return found - told
