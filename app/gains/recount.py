"""Counts every cell afresh from scores and answers, in the database, for one form at a time.

The same cells as `gains.cells` adds up person by person: what the running sums are compared with
and rebuilt from, and what a workshop's cells are set to where something has changed that was
counted before. Written as SQL text, which both databases read alike: a statement has up to thirty
parts that differ in the name of one column.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, text

from app.core.scoring import UNITS_PER_POINT
from app.gains.cells import FLAGGED, NOT_SAID, SUMS, Facet, ItemShape

PAIR_KEY = ("workshop_id", "form_id", "facet", "value")
RESPONSE_KEY = ("workshop_id", "form_id", "item", "occasion", "language", "chosen")
RESPONSE_SUMS = ("people", "sum_scores", "sum_scores_squared")
_NOTHING = '{"options":[],"text":null}'

_TESTS = f"""
tests AS (
  SELECT a.workshop_id, s.participant_id,
    max(CASE WHEN a.occasion = 'pre' THEN s.units END) AS pre,
    max(CASE WHEN a.occasion = 'post' THEN s.units END) AS post,
    max(CASE WHEN a.occasion = 'pre' THEN s.id END) AS pre_id,
    max(CASE WHEN a.occasion = 'post' THEN s.id END) AS post_id,
    max(CASE WHEN a.occasion = 'pre' THEN s.language END) AS pre_language,
    max(CASE WHEN a.occasion = 'post' THEN s.language END) AS post_language,
    max(CASE WHEN s.is_late OR s.is_paper OR s.is_assisted OR s.is_rescued THEN 1 ELSE 0 END)
      AS is_flagged
  FROM sittings s JOIN administrations a ON a.id = s.administration_id
  WHERE s.form_id = :form AND s.units IS NOT NULL AND a.occasion IN ('pre', 'post') {{where}}
  GROUP BY a.workshop_id, s.participant_id
),
people AS MATERIALIZED (
  SELECT t.*, CAST(t.pre AS BIGINT) AS x, CAST(t.post AS BIGINT) AS y,
    CASE WHEN t.post IS NOT NULL THEN CAST(t.pre AS BIGINT) END AS b,
    CASE WHEN t.pre IS NOT NULL THEN CAST(t.post AS BIGINT) END AS c,
    coalesce(w.pass_mark_points, 0) * {UNITS_PER_POINT} AS pass,
    coalesce(p.sex, '{NOT_SAID}') AS sex,
    coalesce(p.agency_type, '{NOT_SAID}') AS agency_type,
    coalesce(p.province, '{NOT_SAID}') AS province
  FROM tests t JOIN participants p ON p.id = t.participant_id
    JOIN workshops w ON w.id = t.workshop_id
)"""
_ANSWERS = """
answers AS MATERIALIZED (
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
)"""
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
_SEALED = "AND a.workshop_id NOT IN (SELECT workshop_id FROM sealed_workshops)"
_ONE_WORKSHOP = "AND a.workshop_id = :workshop"
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
CELLS = {
    "group_rollups": (PAIR_KEY, SUMS, _SELECT_PAIRS),
    "response_rollups": (RESPONSE_KEY, RESPONSE_SUMS, _SELECT_RESPONSES),
}
"""The tables of running sums: key, sums, and how they are counted."""


def recount_workshop(
    db: Session, workshop_id: str, form_id: str, shape: Mapping[str, ItemShape]
) -> None:
    """Set a workshop's cells to what its scores and answers say; its room's cell is held before."""
    values = {"form": form_id, "workshop": workshop_id}
    _run(db, f"UPDATE group_rollups SET {_to_zero(SUMS)} WHERE {_OWN} AND facet = ''", values)
    _run(db, f"DELETE FROM group_rollups WHERE {_OWN} AND facet <> ''", values)
    _run(db, f"DELETE FROM response_rollups WHERE {_OWN}", values)
    for table in CELLS:
        _fill(db, table, _ONE_WORKSHOP, shape, values)


def rebuild_form(db: Session, form_id: str, shape: Mapping[str, ItemShape]) -> None:
    """Set the cells of all workshops with a form to what the scores say; not of sealed ones."""
    for table in CELLS:
        _run(
            db,
            f"DELETE FROM {table} WHERE form_id = :form "
            "AND workshop_id NOT IN (SELECT workshop_id FROM sealed_workshops)",
            {"form": form_id},
        )
        _fill(db, table, _SEALED, shape, {"form": form_id})


def find_differences(
    db: Session, form_id: str, shape: Mapping[str, ItemShape], workshop_id: str | None = None
) -> Iterator[tuple[str, tuple[Any, ...], str, int, int]]:
    """Every number that is not what the scores say: table, key, column, kept, counted."""
    values = {"form": form_id} | ({"workshop": workshop_id} if workshop_id else {})
    where = _ONE_WORKSHOP if workshop_id else _SEALED
    own = where.replace("a.workshop_id", "workshop_id")
    for table, (key, sums, select) in CELLS.items():
        names = ", ".join((*key, *sums))
        _run(
            db,
            f"CREATE TEMPORARY TABLE counted AS SELECT {names} FROM {table} WHERE 1 = 0",
            {},
        )
        _run(
            db,
            f"INSERT INTO counted {_with(where, shape)} SELECT {names} FROM ({select}) fresh",
            values | _shape_values(shape),
        )
        kept = f"SELECT {names} FROM {table} WHERE form_id = :form {own} AND {_filled(sums)}"
        counted = f"SELECT {names} FROM counted"
        found: list[dict[tuple[Any, ...], tuple[int, ...]]] = []
        for one, other in ((kept, counted), (counted, kept)):
            rows = _run(db, f"{one} EXCEPT {other}", values)
            found.append({tuple(row[: len(key)]): tuple(row[len(key) :]) for row in rows})
        _run(db, "DROP TABLE counted", {})
        for place in sorted(found[0].keys() | found[1].keys()):
            nothing = (0,) * len(sums)
            pairs = zip(
                sums, found[0].get(place, nothing), found[1].get(place, nothing), strict=True
            )
            yield from ((table, place, name, old, new) for name, old, new in pairs if old != new)


_OWN = "workshop_id = :workshop AND form_id = :form"


def _fill(
    db: Session, table: str, where: str, shape: Mapping[str, ItemShape], values: dict[str, Any]
) -> None:
    key, sums, select = CELLS[table]
    names = ", ".join((*key, *sums))
    changed = ", ".join(f"{name} = excluded.{name}" for name in sums)
    _run(
        db,
        f"INSERT INTO {table} ({names}) {_with(where, shape)} "
        # Ordered, so that two workers write in the same order; "WHERE true" for SQLite's parser.
        f"SELECT {names} FROM ({select}) fresh WHERE true ORDER BY {', '.join(key)} "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}",
        values | _shape_values(shape),
    )


def _with(where: str, shape: Mapping[str, ItemShape]) -> str:
    lines = ", ".join(
        f"(CAST(:item{n} AS VARCHAR), CAST(:objective{n} AS VARCHAR), CAST(:pass{n} AS BIGINT))"
        for n in range(len(shape))
    )
    if not lines:  # a form without items
        lines = "('', '', 0)"
    named = f"shape(item, objective, pass) AS (VALUES {lines})"
    parts = (named, _TESTS.format(where=where), _FLAGGED_PEOPLE, _ANSWERS, _OBJECTIVES)
    return "WITH " + ", ".join(parts)


def _shape_values(shape: Mapping[str, ItemShape]) -> dict[str, Any]:
    return {"nothing": _NOTHING} | {
        f"{name}{n}": value
        for n, (item, each) in enumerate(shape.items())
        for name, value in (
            ("item", item), ("objective", each.objective), ("pass", each.max_units),
        )
    }  # fmt: skip


def _to_zero(sums: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = 0" for name in sums)


def _filled(sums: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"{name} <> 0" for name in sums) + ")"


def _run(db: Session, statement: str, values: Mapping[str, Any]) -> Any:
    # A connection of the session, so that the session's own pending rows are there too.
    db.flush()
    return db.connection().execute(text(statement), dict(values))
