"""a country's table reads its histogram from an index alone

Reading the rows in the order of scores looked each one up: most of a national table's time.

Revision: 0010, after 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEX = "ix_released_pairs_told"
_TABLE = "released_pairs"


def upgrade() -> None:
    """Add the index."""
    columns = ["organisation_id", "form_id", "breakdown", "country", "pre", "post", "people"]
    op.create_index(_INDEX, _TABLE, columns)


def downgrade() -> None:
    """Take it away."""
    op.drop_index(_INDEX, _TABLE)
