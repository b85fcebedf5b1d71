"""released totals: what was released already is added up once

Revision: 0008, after 0007
"""

import struct
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = (
    "organisation_id",
    "form_id",
    "breakdown",
    "country",
    "province",
    "programme_id",
    "year",
    "quarter",
    "value",
)
_SUMS = (
    "workshop_count",
    "pair_count",
    "sum_pre",
    "sum_post",
    "sum_pre_squared",
    "sum_post_squared",
    "sum_products",
    "passed_both",
    "passed_before",
    "passed_after",
    "passed_neither",
    "improved",
    "same",
    "declined",
)


def upgrade() -> None:
    """Add the table and fill it from the bundles."""
    op.create_table(
        "released_totals",
        sa.Column("organisation_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("breakdown", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("province", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("programme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("workshop_count", sa.Integer(), nullable=False),
        sa.Column("pair_count", sa.Integer(), nullable=False),
        sa.Column("sum_pre", sa.BigInteger(), nullable=False),
        sa.Column("sum_post", sa.BigInteger(), nullable=False),
        sa.Column("sum_pre_squared", sa.BigInteger(), nullable=False),
        sa.Column("sum_post_squared", sa.BigInteger(), nullable=False),
        sa.Column("sum_products", sa.BigInteger(), nullable=False),
        sa.Column("passed_both", sa.Integer(), nullable=False),
        sa.Column("passed_before", sa.Integer(), nullable=False),
        sa.Column("passed_after", sa.Integer(), nullable=False),
        sa.Column("passed_neither", sa.Integer(), nullable=False),
        sa.Column("improved", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("declined", sa.Integer(), nullable=False),
        sa.Column("gains", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_released_totals_form_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_released_totals_organisation_id"),
        ),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_released_totals")),
    )
    rows = list(_totals())
    if rows:
        op.bulk_insert(sa.table("released_totals", *map(sa.column, (*_KEY, *_SUMS, "gains"))), rows)


def _totals() -> Iterator[dict[str, Any]]:
    """What the program does with every bundle it releases, for those of before."""
    columns = ", ".join(
        (
            *(f"b.{name}" for name in _KEY[:-1]),
            "c.value",
            "b.workshop_count",
            *(f"c.{name}" for name in _SUMS[1:]),
        )
    )
    query = f"SELECT {columns} FROM released_cells c JOIN released_bundles b ON b.id = c.bundle_id ORDER BY b.id"  # noqa: S608  names from this file
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in op.get_bind().execute(sa.text(query)):
        key, sums = tuple(row[: len(_KEY)]), dict(zip(_SUMS, row[len(_KEY) :], strict=True))
        total = found.setdefault(
            key, dict(zip(_KEY, key, strict=True)) | dict.fromkeys(_SUMS, 0) | {"gains": ""}
        )
        for name, number in sums.items():
            total[name] += number
        squares = sums["sum_pre_squared"] - 2 * sums["sum_products"] + sums["sum_post_squared"]
        gain = (
            sums["pair_count"],
            sums["sum_post"] - sums["sum_pre"],
            squares,
            sums["workshop_count"] == 1,
        )
        total["gains"] += struct.pack(">4q", *gain).hex()
    yield from found.values()


def downgrade() -> None:
    """Take it away again; the bundles hold the same numbers."""
    guard.drop_table("released_totals")
