"""erased cards: that somebody's answers were erased, as digests alone

Revision: 0018, after 0017
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "erased_cards",
        sa.Column("card_hash", text(), nullable=False),
        sa.Column("workshop_id", text(), nullable=False),
        sa.Column("token_hash", text(), nullable=False),
        sa.Column("number_key", text(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_erased_cards_workshop_id")
        ),
        sa.PrimaryKeyConstraint("card_hash", name=op.f("pk_erased_cards")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_erased_cards_token_hash")),
        sa.UniqueConstraint(
            "workshop_id", "number_key", name=op.f("uq_erased_cards_workshop_id_number_key")
        ),
    )


def downgrade() -> None:
    """Take it away again; a filled table is only dropped when --drop-data was said."""
    guard.drop_table("erased_cards")
