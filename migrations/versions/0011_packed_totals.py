"""packed totals: gains as bytes, differences beside them, pair counts beside snapshots

Revision: 0011, after 0010
"""

import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PLACE = (
    "organisation_id",
    "form_id",
    "breakdown",
    "country",
    "province",
    "programme_id",
    "year",
    "quarter",
)
_KEY = (*_PLACE, "first", "second")
_TOTAL_KEY = (*_PLACE, "value")
_PEOPLE = ("", "sex", "agency_type", "province")
_PAIR_COUNT = 4  # of a group's row in a content: facet, value, and the third of its sums
_AT_ONCE = 200


def upgrade() -> None:
    """Add the table and the columns, and fill them from what stands."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "released_difference_totals",
        *(sa.Column(name, text(), nullable=False) for name in _PLACE[:-2]),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("first", text(), nullable=False),
        sa.Column("second", text(), nullable=False),
        sa.Column("differences", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["forms.id"], name=op.f("fk_released_difference_totals_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_released_difference_totals_organisation_id"),
        ),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_released_difference_totals")),
    )
    _add_up_differences()
    _retype_gains(sa.LargeBinary(), "convert_to(gains, 'UTF8')")
    if op.get_bind().dialect.name == "postgresql":  # read far more often than the disk is short
        op.execute("ALTER TABLE released_totals ALTER COLUMN gains SET STORAGE EXTERNAL")
    _rewrite_gains(_packed)
    op.add_column(
        "snapshot_contents",
        sa.Column("pair_counts", text(), nullable=False, server_default="{}"),
    )
    _count_pairs()


def _add_up_differences() -> None:
    """What the program does with the differences of every bundle it releases."""
    columns = ", ".join((*(f"b.{name}" for name in _PLACE), "d.first", "d.second"))
    pairs = "SELECT sum(pair_count) FROM released_cells c WHERE c.bundle_id = b.id"
    query = (
        f"SELECT {columns}, d.difference, d.variance, "  # noqa: S608  names from this file
        f"({pairs} AND c.value IN (d.first, d.second)) "
        "FROM released_differences d JOIN released_bundles b ON b.id = d.bundle_id ORDER BY b.id"
    )
    found: dict[tuple[Any, ...], bytes] = {}
    for *key, difference, variance, pair_count in op.get_bind().execute(sa.text(query)):
        packed = struct.pack(">3d", difference, variance, pair_count)
        found[tuple(key)] = found.get(tuple(key), b"") + packed
    names = (*_KEY, "differences")
    rows = [dict(zip(names, (*key, packed), strict=True)) for key, packed in found.items()]
    table = sa.table("released_difference_totals", *map(sa.column, (*_KEY, "differences")))
    if rows:
        op.bulk_insert(table, rows)


def _retype_gains(kind: sa.types.TypeEngine[Any], using: str) -> None:
    """The same bytes as text, or as bytes."""
    with op.batch_alter_table("released_totals") as batch:
        batch.alter_column("gains", type_=kind, existing_nullable=False, postgresql_using=using)


def _packed(known: bytes) -> bytes:
    rows = struct.iter_unpack(">4q", bytes.fromhex(known.decode()))
    return b"".join(struct.pack(">2i2q", n, alone, *sums) for n, *sums, alone in rows)


def _hexadecimal(packed: bytes) -> bytes:
    rows = struct.iter_unpack(">2i2q", packed)
    return b"".join(struct.pack(">4q", n, *sums, alone) for n, alone, *sums in rows).hex().encode()


def _rewrite_gains(write: Callable[[bytes], bytes]) -> None:
    """Put every total's gains into another form; the column holds bytes."""
    connection = op.get_bind()
    gains = sa.column("gains", sa.LargeBinary())
    table = sa.table("released_totals", *map(sa.column, _TOTAL_KEY), gains)
    known = connection.execute(sa.select(table)).fetchall()
    if not known:
        return
    same = (table.c[name] == sa.bindparam(f"key_{name}") for name in _TOTAL_KEY)
    rows = [
        {f"key_{name}": value for name, value in zip(_TOTAL_KEY, key, strict=True)}
        | {"written": write(bytes(packed))}
        for *key, packed in known
    ]
    connection.execute(sa.update(table).where(*same).values(gains=sa.bindparam("written")), rows)


def _count_pairs() -> None:
    """Unpack every content once; from now on the counts stand beside it."""
    connection = op.get_bind()
    table = sa.table(
        "snapshot_contents",
        sa.column("snapshot_id", sa.Integer()),
        sa.column("content", sa.LargeBinary()),
        sa.column("pair_counts", sa.String()),
    )
    ids = connection.execute(sa.select(table.c.snapshot_id).order_by("snapshot_id")).scalars().all()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        query = sa.select(table.c.snapshot_id, table.c.content)
        rows = [
            {"own": own, "counts": _counts_in(content)}
            for own, content in connection.execute(query.where(table.c.snapshot_id.in_(some)))
        ]
        same = table.c.snapshot_id == sa.bindparam("own")
        change = sa.update(table).where(same).values(pair_counts=sa.bindparam("counts"))
        connection.execute(change, rows)


def _counts_in(content: bytes) -> str:
    """As `gains.frozen.pack_counts` writes them."""
    counts: dict[str, dict[str, int]] = {}
    for row in sorted(json.loads(zlib.decompress(content))["groups"]):
        facet, value, pairs = row[0], row[1], row[_PAIR_COUNT]
        if facet in _PEOPLE and pairs:
            counts.setdefault(facet, {})[value] = pairs
    return json.dumps(counts, ensure_ascii=False, separators=(",", ":"))


def downgrade() -> None:
    """Take it away again; the bundles and the contents hold the same numbers."""
    guard.drop_table("released_difference_totals")
    _rewrite_gains(_hexadecimal)
    _retype_gains(sqlmodel.sql.sqltypes.AutoString(), "convert_from(gains, 'UTF8')")
    guard.drop_column("snapshot_contents", "pair_counts")
