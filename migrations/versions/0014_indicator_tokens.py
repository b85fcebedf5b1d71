"""tokens for programs that read an organisation's indicators

Revision: 0014, after 0013
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    text = sqlmodel.sql.sqltypes.AutoString
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "indicator_tokens",
        sa.Column("id", text(), nullable=False),
        sa.Column("organisation_id", text(), nullable=False),
        sa.Column("token_hash", text(), nullable=False),
        sa.Column("label", text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("created_by", text(), nullable=False),
        sa.Column("last_used_at", moment, nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("window_started_at", moment, nullable=True),
        sa.Column("window_uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["staff.id"], name=op.f("fk_indicator_tokens_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_indicator_tokens_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_indicator_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_indicator_tokens_organisation_id"), "indicator_tokens", ["organisation_id"]
    )


def downgrade() -> None:
    """Take it away again; a filled table is only dropped when --drop-data was said."""
    guard.drop_table("indicator_tokens")
