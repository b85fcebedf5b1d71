"""an organisation's logos, and which of them a certificate was issued with

Revision: 0024, after 0023
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No logo is there, and none stands on what was issued."""
    text = sqlmodel.sql.sqltypes.AutoString
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "logos",
        sa.Column("id", text(), nullable=False),
        sa.Column("organisation_id", text(), nullable=False),
        sa.Column("words", text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("removed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_logos_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logos")),
    )
    op.create_index(op.f("ix_logos_organisation_id"), "logos", ["organisation_id"])
    op.add_column("certificates", sa.Column("logos", text(), nullable=True))


def downgrade() -> None:
    """Take it away; what is filled is only dropped when --drop-data was said."""
    guard.drop_column("certificates", "logos")
    guard.drop_table("logos")
