"""how tests were taken, frozen with the snapshot

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WAYS = ("late", "paper", "assisted", "rescued")
_COUNT = (
    "SELECT count(*) FROM sittings s JOIN administrations a ON a.id = s.administration_id "
    "WHERE a.workshop_id = gain_snapshots.workshop_id AND a.occasion IN ('pre', 'post') "
    "AND s.form_id = gain_snapshots.form_id AND s.units IS NOT NULL"
)


def upgrade() -> None:
    """Add the counts, and fill them from the tests as they stand."""
    for name in _WAYS:
        column = sa.Column(f"{name}_tests", sa.Integer(), nullable=False, server_default="0")
        op.add_column("gain_snapshots", column)
    counts = ", ".join(f"{name}_tests = ({_COUNT} AND s.is_{name})" for name in _WAYS)
    op.execute(f"UPDATE gain_snapshots SET {counts}")  # noqa: S608  names from this file


def downgrade() -> None:
    """Take the columns away; what is filled is only dropped when --drop-data was said."""
    for name in reversed(_WAYS):
        guard.drop_column("gain_snapshots", f"{name}_tests")
