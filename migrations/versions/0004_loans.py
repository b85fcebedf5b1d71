"""a laptop's sign-in lent to one more device

Revision: 0004, after 0003
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what this revision adds."""
    op.create_table(
        "loans",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sign_in_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code_digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("borrowed_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["borrowed_id"], ["sign_ins.id"], name=op.f("fk_loans_borrowed_id")
        ),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_ins.id"], name=op.f("fk_loans_sign_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("borrowed_id", name=op.f("uq_loans_borrowed_id")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_loans_code_digest")),
    )
    op.create_index(op.f("ix_loans_sign_in_id"), "loans", ["sign_in_id"])


def downgrade() -> None:
    """Take it away again; what is filled is only dropped when --drop-data was said."""
    guard.drop_table("loans")
