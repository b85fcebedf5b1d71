"""corrected keys: the event beside a form, and which workshops were scored anew

Revision: 0022, after 0021
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "form_corrections",
        *(sa.Column(name, text(), nullable=False) for name in (
            "form_id", "corrected_form_id", "item", "old_keys", "keys", "reason",
        )),
        sa.Column("staff_id", text(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_corrections_form_id")),
        sa.ForeignKeyConstraint(
            ["corrected_form_id"], ["forms.id"], name=op.f("fk_form_corrections_corrected_form_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_form_corrections_staff_id")),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_form_corrections")),
        sa.UniqueConstraint("corrected_form_id", name=op.f("uq_form_corrections_corrected_form_id")),
    )  # fmt: skip
    op.create_table(
        "first_told",
        sa.Column("workshop_id", text(), nullable=False),
        sa.Column("form_id", text(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_first_told_form_id")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_first_told_workshop_id")
        ),
        sa.PrimaryKeyConstraint("workshop_id", name=op.f("pk_first_told")),
    )
    op.create_table(
        "rescorings",
        sa.Column("workshop_id", text(), nullable=False),
        sa.Column("form_id", text(), nullable=False),
        sa.Column("rescored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.Column("has_snapshots", sa.Boolean(), nullable=False),
        sa.Column("tests", sa.Integer(), nullable=False),
        sa.Column("pair_count", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (
            "sum_pre_before", "sum_post_before", "sum_pre", "sum_post",
        )),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_rescorings_form_id")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_rescorings_workshop_id")
        ),
        sa.PrimaryKeyConstraint("workshop_id", "form_id", name=op.f("pk_rescorings")),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away again; filled tables are only dropped when --drop-data was said."""
    guard.drop_table("rescorings")
    guard.drop_table("first_told")
    guard.drop_table("form_corrections")
