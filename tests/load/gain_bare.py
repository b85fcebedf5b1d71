"""The cells of all running sums by plain GROUP BYs over whole tables, without the app."""

import time
from collections.abc import Mapping

from sqlalchemy import Engine, text

from app.core.scoring import UNITS_PER_POINT
from app.gains.cells import ItemShape

_SIX = (
    "count(x) AS pre_count, count(y) AS post_count, count(x + y) AS pair_count, "
    "sum(x) AS sum_all_pre, sum(x * x) AS sum_all_pre_squared, "
    "sum(b) AS sum_pre, sum(c) AS sum_post, sum(b * b) AS sum_pre_squared, "
    "sum(c * c) AS sum_post_squared, sum(b * c) AS sum_products"
)
_MOVED = (
    "sum(CASE WHEN b >= pass AND c >= pass THEN 1 ELSE 0 END) AS passed_both, "
    "sum(CASE WHEN b >= pass AND c < pass THEN 1 ELSE 0 END) AS passed_before, "
    "sum(CASE WHEN b < pass AND c >= pass THEN 1 ELSE 0 END) AS passed_after, "
    "sum(CASE WHEN b < pass AND c < pass THEN 1 ELSE 0 END) AS passed_neither, "
    "sum(CASE WHEN c > b THEN 1 ELSE 0 END) AS improved, "
    "sum(CASE WHEN c = b THEN 1 ELSE 0 END) AS same, "
    "sum(CASE WHEN c < b THEN 1 ELSE 0 END) AS declined"
)
_PEOPLE = f"""
SELECT t.*, CASE WHEN y IS NULL THEN NULL ELSE x END AS b,
  CASE WHEN x IS NULL THEN NULL ELSE y END AS c, p.sex, p.agency_type, p.province,
  w.pass_mark_points * {UNITS_PER_POINT} AS pass
FROM (
  SELECT a.workshop_id, s.participant_id,
    max(CASE WHEN a.occasion = 'pre' THEN CAST(s.units AS BIGINT) END) AS x,
    max(CASE WHEN a.occasion = 'post' THEN CAST(s.units AS BIGINT) END) AS y,
    max(CASE WHEN a.occasion = 'pre' THEN s.id END) AS pre_id,
    max(CASE WHEN a.occasion = 'post' THEN s.id END) AS post_id,
    max(s.language) AS language, max(CASE WHEN s.is_late THEN 1 ELSE 0 END) AS is_flagged
  FROM sittings s JOIN administrations a ON a.id = s.administration_id
  WHERE s.units IS NOT NULL GROUP BY a.workshop_id, s.participant_id
) t JOIN participants p ON p.id = t.participant_id JOIN workshops w ON w.id = t.workshop_id
"""
_ANSWERS = """
SELECT p.workshop_id, p.participant_id, i.item, i.objective, i.full_units AS pass,
  p.b AS pre, p.c AS post, p.language,
  CAST(coalesce(r.units, 0) AS BIGINT) AS b, CAST(coalesce(q.units, 0) AS BIGINT) AS c,
  CAST(NULL AS BIGINT) AS x, CAST(NULL AS BIGINT) AS y,
  coalesce(r.content, '') AS pre_chosen, coalesce(q.content, '') AS post_chosen
FROM bare_people p JOIN bare_shape i ON p.b IS NOT NULL
  LEFT JOIN responses r ON r.sitting_id = p.pre_id AND r.item = i.item
  LEFT JOIN responses q ON q.sitting_id = p.post_id AND q.item = i.item
"""
_GROUPS = (
    *(
        f"SELECT {by}, {_SIX}, {_MOVED} FROM bare_people {where} GROUP BY {by}"
        for by, where in (
            ("workshop_id", ""),
            ("workshop_id, sex", ""),
            ("workshop_id, agency_type", ""),
            ("workshop_id, province", ""),
            ("workshop_id", "WHERE is_flagged = 1"),
        )
    ),
    f"SELECT workshop_id, item, {_SIX}, {_MOVED} FROM bare_answers GROUP BY workshop_id, item",
    f"SELECT workshop_id, objective, {_SIX}, {_MOVED} FROM (SELECT workshop_id, objective, 0 AS "
    "pass, sum(b) AS b, sum(c) AS c, CAST(NULL AS BIGINT) AS x, CAST(NULL AS BIGINT) AS y "
    "FROM bare_answers GROUP BY workshop_id, participant_id, objective) o "
    "GROUP BY workshop_id, objective",
)
_CHOICES = tuple(
    f"SELECT workshop_id, item, language, {occasion}_chosen, count(*) AS people, "
    f"sum({occasion}) AS sum_scores, sum({occasion} * {occasion}) AS sum_scores_squared "
    f"FROM bare_answers GROUP BY workshop_id, item, language, {occasion}_chosen"
    for occasion in ("pre", "post")
)


def aggregate(engine: Engine, shape: Mapping[str, ItemShape]) -> tuple[float, int, int]:
    """Seconds, and how many cells there are of groups and of answers."""
    with engine.connect() as connection:
        connection.execute(
            text(
                "CREATE TEMPORARY TABLE bare_shape "
                "(item VARCHAR, objective VARCHAR, full_units BIGINT)"
            )
        )
        for item, each in shape.items():
            connection.execute(
                text("INSERT INTO bare_shape VALUES (:item, :objective, :units)"),
                {"item": item, "objective": each.objective, "units": each.max_units},
            )
        started = time.perf_counter()
        for name, query in (("people", _PEOPLE), ("answers", _ANSWERS)):
            connection.execute(text(f"CREATE TEMPORARY TABLE bare_{name} AS {query}"))
        counts = []
        for queries in (_GROUPS, _CHOICES):
            count = 0
            for query in queries:
                connection.execute(text(f"CREATE TEMPORARY TABLE bare_cells AS {query}"))
                found = connection.execute(text("SELECT count(*) FROM bare_cells"))
                count += found.scalar_one()
                connection.execute(text("DROP TABLE bare_cells"))
            counts.append(count)
        seconds = time.perf_counter() - started
        connection.rollback()
    engine.dispose()
    return seconds, counts[0], counts[1]
