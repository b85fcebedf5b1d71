"""the banks themselves, as they were published, for whoever goes on writing them

Revision: 0023, after 0022
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "bank_sources",
        sa.Column("bank_ref", text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", text(), nullable=False),
        sa.Column("source", text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bank_ref", "version", name=op.f("pk_bank_sources")),
    )


def downgrade() -> None:
    """Take it away again; a filled table is only dropped when --drop-data was said."""
    guard.drop_table("bank_sources")
