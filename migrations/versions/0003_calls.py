"""calls for the trainer, and cards taken without paper

Revision: 0003, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what this revision adds."""
    op.create_table(
        "taken_cards",
        sa.Column("card_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("taken_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_taken_cards_card_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_taken_cards")),
    )
    op.create_table(
        "trainer_calls",
        sa.Column("card_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("called_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_trainer_calls_card_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_trainer_calls")),
    )


def downgrade() -> None:
    """Take it away again; what is filled is only dropped when --drop-data was said."""
    guard.drop_table("trainer_calls")
    guard.drop_table("taken_cards")
