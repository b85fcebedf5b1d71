"""Counts every cell afresh from scores and answers, in the database, for one form at a time.

The same cells as `gains.cells` adds up person by person: what the running sums are compared with
and rebuilt from, and what a workshop's cells are set to where something has changed that was
counted before. Written as SQL text, which both databases read alike: a statement has up to thirty
parts that differ in the name of one column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, text

from app.core.scoring import UNITS_PER_POINT
from app.gains.cells import FLAGGED, NOT_SAID, SUMS, Facet, ItemShape

PAIR_KEY = ("workshop_id", "form_id", "facet", "value")
RESPONSE_KEY = ("workshop_id", "form_id", "item", "occasion", "language", "chosen")
RESPONSE_SUMS = ("people", "sum_scores", "sum_scores_squared")
_NOTHING = '{"options":[],"text":null}'

# "|| ''" keeps databases from the index of forms: all tests of a country may be of one.
_PEOPLE = f"""
WITH tests AS (
  SELECT a.workshop_id, s.participant_id,
    max(CASE WHEN a.occasion = 'pre' THEN s.units END) AS pre,
    max(CASE WHEN a.occasion = 'post' THEN s.units END) AS post,
    max(CASE WHEN a.occasion = 'pre' THEN s.id END) AS pre_id,
    max(CASE WHEN a.occasion = 'post' THEN s.id END) AS post_id,
    max(CASE WHEN a.occasion = 'pre' THEN s.language END) AS pre_language,
    max(CASE WHEN a.occasion = 'post' THEN s.language END) AS post_language,
    max(CASE WHEN s.is_late OR s.is_paper OR s.is_assisted OR s.is_rescued THEN 1 ELSE 0 END)
      AS is_flagged
  FROM administrations a JOIN sittings s ON s.administration_id = a.id
  WHERE s.form_id || '' = :form AND s.units IS NOT NULL AND a.occasion IN ('pre', 'post') {{where}}
  GROUP BY a.workshop_id, s.participant_id
)
  SELECT t.*, CAST(t.pre AS BIGINT) AS x, CAST(t.post AS BIGINT) AS y,
    CASE WHEN t.post IS NOT NULL THEN CAST(t.pre AS BIGINT) END AS b,
    CASE WHEN t.pre IS NOT NULL THEN CAST(t.post AS BIGINT) END AS c,
    coalesce(w.pass_mark_points, 0) * {UNITS_PER_POINT} AS pass,
    coalesce(p.sex, '{NOT_SAID}') AS sex,
    coalesce(p.agency_type, '{NOT_SAID}') AS agency_type,
    coalesce(p.province, '{NOT_SAID}') AS province
  FROM tests t JOIN participants p ON p.id = t.participant_id
    JOIN workshops w ON w.id = t.workshop_id
"""
_ANSWERS = """
  SELECT p.workshop_id, p.participant_id, i.item, i.objective, i.pass, p.b AS pre, p.c AS post,
    CAST(coalesce(r.units, 0) AS BIGINT) AS b, CAST(coalesce(q.units, 0) AS BIGINT) AS c,
    CAST(NULL AS BIGINT) AS x, CAST(NULL AS BIGINT) AS y,
    coalesce(nullif(r.content, :nothing), '') AS pre_chosen,
    coalesce(nullif(q.content, :nothing), '') AS post_chosen,
    coalesce(r.language, p.pre_language) AS pre_language,
    coalesce(q.language, p.post_language) AS post_language
  FROM people p JOIN shape i ON p.b IS NOT NULL AND p.c IS NOT NULL
    LEFT JOIN responses r ON r.sitting_id = p.pre_id AND r.item = i.item
    LEFT JOIN responses q ON q.sitting_id = p.post_id AND q.item = i.item
"""
_OBJECTIVES = """
objectives AS (
  SELECT workshop_id, objective, sum(b) AS b, sum(c) AS c, 0 AS pass,
    CAST(NULL AS BIGINT) AS x, CAST(NULL AS BIGINT) AS y
  FROM answers GROUP BY workshop_id, participant_id, objective
)"""
_SQUARES = {
    "sum_all_pre_squared": "x * x",
    "sum_pre_squared": "b * b",
    "sum_post_squared": "c * c",
    "sum_products": "b * c",
    "sum_all_pre": "x",
    "sum_pre": "b",
    "sum_post": "c",
}
_COUNTED = {
    "passed_both": "pass > 0 AND b >= pass AND c >= pass",
    "passed_before": "pass > 0 AND b >= pass AND c < pass",
    "passed_after": "pass > 0 AND b < pass AND c >= pass",
    "passed_neither": "pass > 0 AND b < pass AND c < pass",
    "improved": "c > b",
    "same": "c = b",
    "declined": "c < b",
}
_TAKEN = {
    "pre_count": "count(x)",
    "post_count": "count(y)",
    "pair_count": "sum(CASE WHEN b IS NULL OR c IS NULL THEN 0 ELSE 1 END)",
}
_COLUMNS = ", ".join(
    (
        *(f"{said} AS {name}" for name, said in _TAKEN.items()),
        *(f"CAST(coalesce(sum({_SQUARES[name]}), 0) AS BIGINT) AS {name}"
          for name in SUMS if name in _SQUARES),
        *(f"sum(CASE WHEN {_COUNTED[name]} THEN 1 ELSE 0 END) AS {name}"
          for name in SUMS if name in _COUNTED),
    )
)  # fmt: skip
_FLAGGED_PEOPLE = """
flagged AS (
  SELECT workshop_id, b, c, pass, CAST(NULL AS BIGINT) AS x, CAST(NULL AS BIGINT) AS y FROM people
  WHERE is_flagged = 1 AND b IS NOT NULL AND c IS NOT NULL
)"""
_SOURCES = (
    (Facet.ROOM, "''", "people", "workshop_id"),
    (Facet.SEX, "sex", "people", "workshop_id, sex"),
    (Facet.AGENCY_TYPE, "agency_type", "people", "workshop_id, agency_type"),
    (Facet.PROVINCE, "province", "people", "workshop_id, province"),
    (Facet.FLAGGED, f"'{FLAGGED}'", "flagged", "workshop_id"),
    (Facet.OBJECTIVE, "objective", "objectives", "workshop_id, objective"),
    (Facet.ITEM, "item", "answers", "workshop_id, item"),
)
_ONE_WORKSHOP = "AND a.workshop_id = :workshop"
_NO_ITEMS = "('', '', 0)"
_SELECT_PAIRS = " UNION ALL ".join(
    f"SELECT workshop_id, CAST(:form AS VARCHAR) AS form_id, '{facet.value}' AS facet, "
    f"{value} AS value, {_COLUMNS} "
    f"FROM {source} GROUP BY {by}"
    for facet, value, source, by in _SOURCES
)
_SELECT_RESPONSES = " UNION ALL ".join(
    f"SELECT workshop_id, CAST(:form AS VARCHAR) AS form_id, item, '{occasion}' AS occasion, "
    f"{occasion}_language AS language, {occasion}_chosen AS chosen, count(*) AS people, "
    f"CAST(sum({occasion}) AS BIGINT) AS sum_scores, "
    f"CAST(sum({occasion} * {occasion}) AS BIGINT) AS sum_scores_squared "
    f"FROM answers GROUP BY workshop_id, item, {occasion}_language, {occasion}_chosen"
    for occasion in ("pre", "post")
)
_TEXT, _WHOLE_NUMBER = "VARCHAR", "BIGINT"
_PEOPLE_COLUMNS = (
    dict.fromkeys(("workshop_id", "participant_id"), _TEXT)
    | dict.fromkeys(("pre", "post"), _WHOLE_NUMBER)
    | dict.fromkeys(("pre_id", "post_id", "pre_language", "post_language"), _TEXT)
    | dict.fromkeys(("is_flagged", "x", "y", "b", "c", "pass"), _WHOLE_NUMBER)
    | dict.fromkeys(("sex", "agency_type", "province"), _TEXT)
)
_ANSWER_COLUMNS = (
    dict.fromkeys(("workshop_id", "participant_id", "item", "objective"), _TEXT)
    | dict.fromkeys(("pass", "pre", "post", "b", "c", "x", "y"), _WHOLE_NUMBER)
    | dict.fromkeys(("pre_chosen", "post_chosen", "pre_language", "post_language"), _TEXT)
)
CELLS = {
    "group_rollups": (PAIR_KEY, SUMS, _SELECT_PAIRS),
    "response_rollups": (RESPONSE_KEY, RESPONSE_SUMS, _SELECT_RESPONSES),
}
"""The tables of running sums: key, sums, and how they are counted."""


@dataclass(frozen=True)
class Span:
    """Some of the workshops: a condition with {} for the column of their id, and its values."""

    condition: str
    values: Mapping[str, str]

    def on(self, column: str) -> str:
        """The condition on a column."""
        return self.condition.replace("{}", column)


UNSEALED = "{} NOT IN (SELECT workshop_id FROM sealed_workshops)"


def recount_workshop(
    db: Session, workshop_id: str, form_id: str, shape: Mapping[str, ItemShape]
) -> None:
    """Set a workshop's cells to what its scores and answers say; its room's cell is held before."""
    values = {"form": form_id, "workshop": workshop_id}
    run(db, f"UPDATE group_rollups SET {_to_zero(SUMS)} WHERE {_OWN} AND facet = ''", values)
    run(db, f"DELETE FROM group_rollups WHERE {_OWN} AND facet <> ''", values)
    run(db, f"DELETE FROM response_rollups WHERE {_OWN}", values)
    for table in CELLS:
        _fill(db, table, _ONE_WORKSHOP, shape, values)


_OWN = "workshop_id = :workshop AND form_id = :form"


def _fill(
    db: Session, table: str, where: str, shape: Mapping[str, ItemShape], values: dict[str, Any]
) -> None:
    key, sums, select = CELLS[table]
    names = ", ".join((*key, *sums))
    changed = ", ".join(f"{name} = excluded.{name}" for name in sums)
    run(
        db,
        f"INSERT INTO {table} ({names}) {_with(where, shape)} "
        # Ordered, so that two workers write in the same order; "WHERE true" for SQLite's parser.
        f"SELECT {names} FROM ({select}) fresh WHERE true ORDER BY {', '.join(key)} "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}",
        values | _shape_values(shape),
    )


def _with(where: str, shape: Mapping[str, ItemShape]) -> str:
    people, answers = _PEOPLE.format(where=where), _ANSWERS
    return (
        f"WITH {_named(shape)}, people AS MATERIALIZED ({people}), "
        f"answers AS MATERIALIZED ({answers}), {_FLAGGED_PEOPLE}, {_OBJECTIVES}"
    )


def _named(shape: Mapping[str, ItemShape]) -> str:
    lines = ", ".join(
        f"(CAST(:item{n} AS VARCHAR), CAST(:objective{n} AS VARCHAR), CAST(:pass{n} AS BIGINT))"
        for n in range(len(shape))
    )
    return f"shape(item, objective, pass) AS (VALUES {lines or _NO_ITEMS})"


def _shape_values(shape: Mapping[str, ItemShape]) -> dict[str, Any]:
    return {"nothing": _NOTHING} | {
        f"{name}{n}": value
        for n, (item, each) in enumerate(shape.items())
        for name, value in (
            ("item", item), ("objective", each.objective), ("pass", each.max_units),
        )
    }  # fmt: skip


def open_count(db: Session) -> None:
    """Make the temporary tables of a count: `people`, `answers`, and `counted_` for each of CELLS.

    Once for all spans: PostgreSQL holds a lock for every table that was ever made and dropped.
    """
    run(db, f"CREATE TEMPORARY TABLE people ({_typed(_PEOPLE_COLUMNS)})", {})
    run(db, f"CREATE TEMPORARY TABLE answers ({_typed(_ANSWER_COLUMNS)})", {})
    for table, (key, sums, _) in CELLS.items():
        names = ", ".join((*key, *sums))
        run(
            db,
            f"CREATE TEMPORARY TABLE counted_{table} AS SELECT {names} FROM {table} WHERE 1 = 0",
            {},
        )


def close_count(db: Session) -> None:
    """Drop them."""
    for name in ("people", "answers", *(f"counted_{table}" for table in CELLS)):
        run(db, f"DROP TABLE {name}", {})


def count_span(db: Session, form_id: str, shape: Mapping[str, ItemShape], span: Span) -> None:
    """Count the cells of a form in a span of workshops into `counted_…`; answers are read once."""
    values = _shape_values(shape) | {"form": form_id} | dict(span.values)
    empty = "TRUNCATE" if db.connection().dialect.name == "postgresql" else "DELETE FROM"
    for name in ("people", "answers", *(f"counted_{table}" for table in CELLS)):
        run(db, f"{empty} {name}", {})
    where = "AND " + span.on("a.workshop_id")
    columns = ", ".join(_PEOPLE_COLUMNS)
    people = f"{_PEOPLE.format(where=where)} ORDER BY t.workshop_id"
    run(db, f"INSERT INTO people ({columns}) {people}", values)
    columns = ", ".join(_ANSWER_COLUMNS)
    run(db, f"INSERT INTO answers ({columns}) WITH {_named(shape)} {_ANSWERS}", values)
    for table, (key, sums, select) in CELLS.items():
        names = ", ".join((*key, *sums))
        run(
            db,
            f"INSERT INTO counted_{table} ({names}) WITH {_FLAGGED_PEOPLE}, {_OBJECTIVES} "
            f"SELECT {names} FROM ({select}) fresh",
            values,
        )


def _typed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def _to_zero(sums: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = 0" for name in sums)


def run(db: Session, statement: str, values: Mapping[str, Any]) -> Any:
    # A connection of the session, so that the session's own pending rows are there too.
    db.flush()
    return db.connection().execute(text(statement), dict(values))
