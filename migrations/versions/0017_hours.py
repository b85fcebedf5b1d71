"""hours of a workshop, as certificates print them

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLES = ("workshops", "certificates")


def upgrade() -> None:
    """Nothing is said of the hours of what is there."""
    for table in _TABLES:
        op.add_column(table, sa.Column("hours", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take the columns away; what is filled is only dropped when --drop-data was said."""
    for table in reversed(_TABLES):
        guard.drop_column(table, "hours")
