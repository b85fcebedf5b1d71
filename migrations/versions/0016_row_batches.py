"""rows of single people that left together, for analysts

Revision: 0016, after 0015
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "row_batches",
        sa.Column("organisation_id", text(), nullable=False),
        sa.Column("form_id", text(), nullable=False),
        sa.Column("country", text(), nullable=False),
        sa.Column("breakdown", text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("has_synthetic", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_row_batches_form_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_row_batches_organisation_id")
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "form_id", "country", "breakdown", "number",
            name=op.f("pk_row_batches"),
        ),
    )  # fmt: skip
    op.create_table(
        "row_batch_members",
        sa.Column("bundle_id", text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["released_bundles.id"], name=op.f("fk_row_batch_members_bundle_id")
        ),
        sa.PrimaryKeyConstraint("bundle_id", name=op.f("pk_row_batch_members")),
    )


def downgrade() -> None:
    """Take them away again; filled tables are only dropped when --drop-data was said."""
    guard.drop_table("row_batch_members")
    guard.drop_table("row_batches")
