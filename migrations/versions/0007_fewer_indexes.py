"""one index fewer on the path of every save

UNIQUE (sitting_id, operation_id) finds a sitting's operations as well.

Revision: 0007, after 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEX = "ix_sitting_operations_sitting_id"


def upgrade() -> None:
    """Take the index away."""
    op.drop_index(_INDEX, "sitting_operations")


def downgrade() -> None:
    """Put it back."""
    op.create_index(_INDEX, "sitting_operations", ["sitting_id"])
