"""Snapshots of a country's closed workshops, frozen by the app's own functions, many at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from app.adapters.bulk import add_rows
from app.adapters.db import Work
from app.banks import service as banks
from app.core.scoring import UNITS_PER_POINT
from app.gains import queries
from app.gains.cells import SUMS, Person
from app.gains.frozen import Frozen, count_pairs, pack, pack_counts
from app.tables import metadata
from app.web.house import House
from tests.load.gain_rows import PASS_POINTS, Country

_AT_ONCE = 50


def freeze_all(house: House, country: Country) -> int:
    """One snapshot of each workshop, as when its post-test closed; returns how many."""
    with house.unit(writes=False) as work:
        ids = _workshops(work.db.connection())
        max_units = banks.require_form(work, country.form_id).max_units
    for start in range(0, len(ids), _AT_ONCE):
        with house.unit(writes=True) as work:
            chunk = ids[start : start + _AT_ONCE]
            frozen = list(_freeze(work, country.form_id, chunk))
            _write(work, country.form_id, max_units, start, frozen)
    return len(ids)


def _workshops(connection: Connection) -> list[str]:
    query = (
        "SELECT DISTINCT workshop_id FROM administrations WHERE settled_at IS NOT NULL ORDER BY 1"
    )
    return list(connection.execute(text(query)).scalars())


def _freeze(work: Work, form_id: str, ids: Sequence[str]) -> Iterator[tuple[str, Frozen]]:
    """As `gains.snapshots` does it for one workshop; the people of all are read at once."""
    query = "SELECT id FROM participants WHERE workshop_id >= :first AND workshop_id <= :last"
    people = work.db.connection().execute(text(query), {"first": ids[0], "last": ids[-1]})
    rooms: dict[str, list[Person]] = {}
    for (_, room), (person, _) in queries.find_people(work.db, list(people.scalars())).items():
        rooms.setdefault(room[0], []).append(person)
    for own in ids:
        yield (
            own,
            Frozen(
                groups=queries.find_groups(work.db, own, form_id),
                answers=queries.find_answer_cells(work.db, own, form_id),
                pairs=count_pairs(rooms.get(own, [])),
                pass_units=PASS_POINTS * UNITS_PER_POINT,
            ),
        )


def _write(
    work: Work, form_id: str, max_units: int, start: int, found: Sequence[tuple[str, Frozen]]
) -> None:
    snapshots, contents = metadata.tables["gain_snapshots"], metadata.tables["snapshot_contents"]
    rows: list[dict[str, Any]] = []
    for number, (own, frozen) in enumerate(found, start + 1):
        sums = frozen.sums()
        rows.append(
            {
                "id": number, "workshop_id": own, "form_id": form_id, "occasion": "post",
                "reason": "closing", "taken_at": work.now, "registered": sums["pre_count"],
                "max_units": max_units,
                **{each.name: 0 for each in snapshots.c if each.name.endswith("_tests")},
            }
            | {name: sums[name] for name in SUMS if name in snapshots.c}
        )  # fmt: skip
    add_rows(work.db, snapshots, tuple(each.name for each in snapshots.c), rows)
    packed = [
        {"snapshot_id": number, "content": pack(frozen), "pair_counts": pack_counts(frozen)}
        for number, (_, frozen) in enumerate(found, start + 1)
    ]
    add_rows(work.db, contents, ("snapshot_id", "content", "pair_counts"), packed)
