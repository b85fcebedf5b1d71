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

_KEPT = (
    "workshop_id, form_id, pre_count, post_count, pair_count, sum_pre, sum_post, "
    "sum_pre_squared, sum_post_squared, sum_products, improved, same, declined"
)


def upgrade() -> None:
    """Add what this revision adds; `python -m app migrate` counts the new cells afterwards."""
    op.create_table(
        "group_rollups",
        sa.Column("workshop_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("facet", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pre_count", sa.Integer(), nullable=False),
        sa.Column("post_count", sa.Integer(), nullable=False),
        sa.Column("pair_count", sa.Integer(), nullable=False),
        sa.Column("sum_all_pre", sa.BigInteger(), nullable=False),
        sa.Column("sum_all_pre_squared", sa.BigInteger(), nullable=False),
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
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_group_rollups_form_id")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_group_rollups_workshop_id")
        ),
        sa.PrimaryKeyConstraint(
            "workshop_id", "form_id", "facet", "value", name=op.f("pk_group_rollups")
        ),
    )
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO group_rollups ({_KEPT}, facet, value, sum_all_pre, "  # noqa: S608
            "sum_all_pre_squared, passed_both, passed_before, passed_after, passed_neither) "
            f"SELECT {_KEPT}, '', '', 0, 0, 0, 0, 0, 0 FROM pair_rollups"
        )
    )
    op.drop_table("pair_rollups")
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
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["gain_snapshots.id"], name=op.f("fk_snapshot_contents_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshot_contents")),
    )


def downgrade() -> None:
    """Take it away again; the rooms' own sums stay."""
    op.create_table(
        "pair_rollups",
        sa.Column("workshop_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pre_count", sa.Integer(), nullable=False),
        sa.Column("post_count", sa.Integer(), nullable=False),
        sa.Column("pair_count", sa.Integer(), nullable=False),
        sa.Column("sum_pre", sa.BigInteger(), nullable=False),
        sa.Column("sum_post", sa.BigInteger(), nullable=False),
        sa.Column("sum_pre_squared", sa.BigInteger(), nullable=False),
        sa.Column("sum_post_squared", sa.BigInteger(), nullable=False),
        sa.Column("sum_products", sa.BigInteger(), nullable=False),
        sa.Column("improved", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("declined", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_pair_rollups_form_id")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_pair_rollups_workshop_id")
        ),
        sa.PrimaryKeyConstraint("workshop_id", "form_id", name=op.f("pk_pair_rollups")),
    )
    op.get_bind().execute(
        sa.text(
            f"INSERT INTO pair_rollups ({_KEPT}) "  # noqa: S608
            f"SELECT {_KEPT} FROM group_rollups WHERE facet = ''"
        )
    )
    guard.drop_table("snapshot_contents")
    guard.drop_table("sealed_workshops")
    guard.drop_table("response_rollups")
    guard.drop_table("group_rollups")
