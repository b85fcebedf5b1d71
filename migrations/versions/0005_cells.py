"""running sums by group and answer, and what a snapshot freezes

Revision: 0005, after 0004
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXT = ("facet", "value")
_LARGE = ("sum_all_pre", "sum_all_pre_squared")
_SMALL = ("passed_both", "passed_before", "passed_after", "passed_neither")


def upgrade() -> None:
    """Add what this revision adds; `python -m app migrate` fills the new cells afterwards."""
    with op.batch_alter_table("pair_rollups", recreate="auto") as batch:
        for name in _TEXT:
            batch.add_column(
                sa.Column(
                    name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
                )
            )
        for name in _LARGE:
            batch.add_column(
                sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
            )
        for name in _SMALL:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    _set_key("workshop_id", "form_id", "facet", "value")
    with op.batch_alter_table("pair_rollups") as batch:
        for name in (*_TEXT, *_LARGE, *_SMALL):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "response_rollups",
        sa.Column("workshop_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("occasion", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("chosen", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sum_scores", sa.BigInteger(), nullable=False),
        sa.Column("sum_scores_squared", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["forms.id"], name=op.f("fk_response_rollups_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_response_rollups_workshop_id")
        ),
        sa.PrimaryKeyConstraint(
            "workshop_id", "form_id", "item", "occasion", "language", "chosen",
            name=op.f("pk_response_rollups"),
        ),
    )  # fmt: skip
    op.create_table(
        "sealed_workshops",
        sa.Column("workshop_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_sealed_workshops_workshop_id")
        ),
        sa.PrimaryKeyConstraint("workshop_id", name=op.f("pk_sealed_workshops")),
    )
    op.create_table(
        "snapshot_contents",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["gain_snapshots.id"], name=op.f("fk_snapshot_contents_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshot_contents")),
    )


def downgrade() -> None:
    """Take it away again; the room's own sums stay, the groups can be counted from the scores."""
    guard.drop_table("snapshot_contents")
    guard.drop_table("sealed_workshops")
    op.drop_table("response_rollups")
    op.execute("DELETE FROM pair_rollups WHERE facet <> ''")
    _set_key("workshop_id", "form_id")
    with op.batch_alter_table("pair_rollups") as batch:
        for name in (*_TEXT, *_LARGE, *_SMALL):
            batch.drop_column(name)


def _set_key(*columns: str) -> None:
    name = op.f("pk_pair_rollups")
    with op.batch_alter_table("pair_rollups") as batch:
        batch.drop_constraint(name, type_="primary")
        batch.create_primary_key(name, list(columns))
