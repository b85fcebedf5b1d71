"""forms that are not offered any more

Revision: 0021, after 0020
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "retired_forms",
        sa.Column("form_id", text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", text(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_retired_forms_form_id")),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_retired_forms")),
    )


def downgrade() -> None:
    """Take it away again; a filled table is only dropped when --drop-data was said."""
    guard.drop_table("retired_forms")
