"""A country's workshops, written by SQL into the real schema: people, both scores, answers.

Nobody and nothing in it is real. A cheap hash of a person's number decides everything, so that
every run and both databases have the same rows. A score of r points is r whole questions, and where
answers are written they say which, so that sums of answers are the scores.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

from app.accounts import service as accounts
from app.accounts.schemas import Role
from app.adapters.bulk import add_rows
from app.adapters.db import make_engine
from app.banks import service as banks
from app.banks.schemas import FormContent
from app.core.scoring import DO_NOT_KNOW, UNITS_PER_POINT
from app.tables import metadata
from app.web.house import House
from app.workshops import service as workshops
from tests.fixtures.house import START, a_plan, a_staff_member

PROVINCES = ("PK-SD", "PK-PB", "PK-KP", "PK-BA", "PK-IS", "PK-GB", "PK-JK")
PASS_POINTS = 12
_PROGRAMMES = 3
_QUARTERS = tuple(date(year, month, 14) for year in (2024, 2025) for month in (2, 5, 8, 11))
_AGENCIES = ("police", "prosecution", "immigration", "social_services", "ngo", "other")


@dataclass(frozen=True)
class Size:
    """How many pairs, in how many workshops; the first `answers` pairs have their answers."""

    pairs: int
    workshops: int
    answers: int


@dataclass(frozen=True)
class Country:
    """Where the rows are: whose workshops, and on which form."""

    organisation_id: str
    form_id: str


def fill(house: House, size: Size) -> Country:
    """Write everything up to the closed tests; running sums and snapshots come from the app."""
    country, template, programmes, content = _prepare(house)
    with _loading(house.engine) as connection:
        _write_workshops(connection, size, template, programmes)
        connection.commit()
        _write_people(connection)
        connection.commit()
        _write_answers(connection, size, content)
        connection.commit()
    _analyse(house.engine)
    return country


def _prepare(house: House) -> tuple[Country, dict[str, Any], list[str], FormContent]:
    """One workshop made by the app is the pattern of all others; it has no people."""
    amal = a_staff_member(house, "amal", Role.TRAINER)
    with house.unit(writes=True) as work:
        owner = amal.organisation_id
        programmes = [
            accounts.create_programme(work, organisation_id=owner, name=f"Programme {n}").id
            for n in range(_PROGRAMMES)
        ]
        made = workshops.create_workshop(work, a_plan(), by=amal)
        table = metadata.tables["workshops"]
        row = work.db.connection().execute(table.select().where(table.c.id == made.id)).one()
        content = banks.require_content(work, made.form_id)
    return Country(owner, made.form_id), dict(row._mapping), programmes, content


@contextmanager
def _loading(engine: Engine) -> Iterator[Connection]:
    """A connection for loading: rows are consistent by construction and losing them is harmless."""
    engine.dispose()  # SQLite gives its journal up for the only connection alone
    loader = make_engine(engine.url.render_as_string(hide_password=False))
    with loader.connect() as connection:
        if connection.dialect.name == "postgresql":
            # No look-up for each foreign key; only a superuser may leave that out.
            with suppress(ProgrammingError):
                connection.execute(text("SET session_replication_role = replica"))
            connection.commit()
        else:
            driver = connection.connection.driver_connection
            assert driver is not None
            for pragma in ("foreign_keys=OFF", "journal_mode=OFF", "synchronous=OFF"):
                driver.execute(f"PRAGMA {pragma}")
        yield connection
    loader.dispose()


def _write_workshops(
    connection: Connection, size: Size, template: dict[str, Any], programmes: list[str]
) -> None:
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE bench_rooms "
            "(n BIGINT, id VARCHAR, province BIGINT, first BIGINT, size BIGINT)"
        )
    )
    rooms, rows, tests = [], [], []
    for n in range(size.workshops):
        own = f"w{1_000_000 + n}"
        day = _QUARTERS[n // len(PROVINCES) // _PROGRAMMES % len(_QUARTERS)]
        province = n % len(PROVINCES)
        first, after = (size.pairs * each // size.workshops for each in (n, n + 1))
        rooms.append((n, own, province, first, after - first))
        rows.append(
            template | {
                "id": own, "province": PROVINCES[province], "state": "archived",
                "programme_id": programmes[n // len(PROVINCES) % _PROGRAMMES],
                "pass_mark_points": PASS_POINTS, "starts_on": day - timedelta(days=1),
                "ends_on": day,
            }
        )  # fmt: skip
        tests += [
            {
                "id": f"a{1_000_000 + n}{occasion[:2]}", "workshop_id": own, "occasion": occasion,
                "form_id": template["form_id"], "state": "closed", "opened_at": START,
                "closes_at": None, "closed_at": START, "settled_at": START,
            }
            for occasion in ("pre", "post")
        ]  # fmt: skip
    with Session(connection) as db:
        for name, written in (("workshops", rows), ("administrations", tests)):
            table = metadata.tables[name]
            add_rows(db, table, tuple(each.name for each in table.c), written)
        insert = "INSERT INTO bench_rooms VALUES (:n, :id, :province, :first, :size)"
        names = ("n", "id", "province", "first", "size")
        connection.execute(text(insert), [dict(zip(names, each, strict=True)) for each in rooms])
        db.commit()


def _hash(number: str, salt: int, below: int) -> str:
    """SQL for a whole number from 0 to below - 1.

    Squared in between: a linear generator alone gives neighbours that are alike under every salt.
    """
    drawn = f"(({number} + 1) * 48271 + {salt} * 69621) % 2147483647"
    return f"((({drawn}) * ({drawn})) % 2147483647 * 16807 % 2147483647 % {below})"


def _choice(number: str, values: tuple[str, ...]) -> str:
    cases = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return f"CASE {number} {cases} END"


def _write_people(connection: Connection) -> None:
    """Participants, their cards, and two closed sittings each."""
    h = _hash
    before = f"2 + {h('n', 1, 9)} + {h('n', 2, 9)}"
    gain = f"{h('n', 3, 8)} + {h('n', 4, 8)} - 4 + {h('room', 5, 3)}"
    elsewhere = f"CASE WHEN {h('n', 6, 100)} < 8 THEN {h('n', 7, len(PROVINCES))} ELSE home END"
    for statement in (
        "CREATE TEMPORARY TABLE bench_people AS "
        "WITH RECURSIVE numbers(j) AS "
        "(SELECT CAST(0 AS BIGINT) UNION ALL SELECT j + 1 FROM numbers "
        "WHERE j < (SELECT max(size) FROM bench_rooms)), "
        "drawn AS (SELECT r.first + j AS n, r.n AS room, r.id AS workshop_id, r.province AS home "
        "FROM bench_rooms r JOIN numbers ON j < r.size) "
        f"SELECT n, room, workshop_id, {_choice(elsewhere, PROVINCES)} AS province, "
        f"CASE WHEN {h('n', 8, 100)} < 18 THEN 'woman' WHEN {h('n', 8, 100)} < 98 THEN 'man' END "
        f"AS sex, {_choice(h('n', 9, len(_AGENCIES)), _AGENCIES)} AS agency, "
        f"CASE WHEN {h('n', 10, 5)} = 0 THEN 'en' ELSE 'ur' END AS language, "
        f"{before} AS pre, {_between(f'{before} + {gain}', 0, 20)} AS post FROM drawn ORDER BY n",
        "INSERT INTO cards (id, workshop_id, number, edition, token_hash) "
        "SELECT 'c' || (10000000 + n), workshop_id, CAST(1000 + n % 9000 AS VARCHAR), 1, "
        "'hash' || n FROM bench_people ORDER BY n",
        "INSERT INTO participants (id, workshop_id, card_id, language, has_agreed, consent_version,"
        " answered_consent_at, sex, agency_type, province) "
        "SELECT 'p' || (10000000 + n), p.workshop_id, 'c' || (10000000 + n), language, "
        "true, '1', a.opened_at, sex, agency, province FROM bench_people p "
        "JOIN administrations a ON a.workshop_id = p.workshop_id AND a.occasion = 'pre' ORDER BY n",
        "INSERT INTO sittings (id, administration_id, participant_id, form_id, state, language, "
        "started_at, submitted_at, submitted_by, is_late, is_paper, is_assisted, is_rescued, "
        "units, units_changed_at, answered_count) "
        "SELECT 's' || (10000000 + n) || substr(a.occasion, 1, 2), a.id, 'p' || (10000000 + n), "
        "a.form_id, 'submitted', language, a.opened_at, a.closed_at, 'participant', "
        f"{h('n', 11, 50)} = 0, false, false, false, "
        f"{UNITS_PER_POINT} * CASE a.occasion WHEN 'pre' THEN pre ELSE post END, a.closed_at, 20 "
        "FROM bench_people p JOIN administrations a ON a.workshop_id = p.workshop_id "
        "WHERE a.occasion IN ('pre', 'post') ORDER BY n, a.occasion",
    ):
        connection.execute(text(statement))


def _between(value: str, low: int, high: int) -> str:
    return (
        f"CASE WHEN {value} < {low} THEN {low} WHEN {value} > {high} THEN {high} ELSE {value} END"
    )


def _write_answers(connection: Connection, size: Size, content: FormContent) -> None:
    """Points go round: of r points, the first falls on another question for everybody."""
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE bench_items (place BIGINT, item VARCHAR, "
            "right_one VARCHAR, wrong_one VARCHAR, other_one VARCHAR)"
        )
    )
    for place, key in enumerate(content.keys):
        wrong = [each for each in key.options if each not in key.keys]
        connection.execute(
            text("INSERT INTO bench_items VALUES (:place, :item, :right, :wrong, :other)"),
            {
                "place": place, "item": key.item, "right": _stored(sorted(key.keys)),
                "wrong": _stored(wrong[:1]), "other": _stored(wrong[-1:]),
            },
        )  # fmt: skip
    items = len(content.keys)
    points = "CASE o.occasion WHEN 'pre' THEN p.pre ELSE p.post END"
    is_right = f"(i.place + {_hash('p.n', 12, items)}) % {items} < {points}"
    miss = _hash("(p.n * 20 + i.place)", 13, 10)
    connection.execute(
        text(
            "INSERT INTO responses (sitting_id, item, operation_id, revision, device, content, "
            "language, units) "
            "SELECT 's' || (10000000 + p.n) || substr(o.occasion, 1, 2), i.item, 'bench', 1, "
            f"'bench', CASE WHEN {is_right} THEN i.right_one WHEN {miss} < 2 THEN :dk "
            f"WHEN {miss} < 7 THEN i.wrong_one ELSE i.other_one END, p.language, "
            f"CASE WHEN {is_right} THEN {UNITS_PER_POINT} ELSE 0 END "
            "FROM bench_people p CROSS JOIN (SELECT 'post' AS occasion UNION ALL SELECT 'pre') o "
            "CROSS JOIN bench_items i WHERE p.n < :answers ORDER BY p.n, o.occasion, i.item"
        ),
        {"dk": _stored([DO_NOT_KNOW]), "answers": size.answers},
    )


def _stored(options: list[str]) -> str:
    return json.dumps({"options": options, "text": None}, separators=(",", ":"))


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
