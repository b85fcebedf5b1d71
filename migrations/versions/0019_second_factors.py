"""a second step at sign-in, when a person proved who they are, and what a token may do

Revision: 0019, after 0018
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns; tokens that exist keep what they could do."""
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "second_factors",
        sa.Column("staff_id", text(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("confirmed_at", moment(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_second_factors_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_digest", text(), nullable=False),
        sa.Column("staff_id", text(), nullable=False),
        sa.Column("spent_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recovery_codes_staff_id")
        ),
        sa.PrimaryKeyConstraint("code_digest", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_staff_id"), "recovery_codes", ["staff_id"])
    with op.batch_alter_table("sign_ins") as batch:
        batch.add_column(sa.Column("proved_at", moment(), nullable=True))
    with op.batch_alter_table("api_tokens") as batch:
        batch.add_column(sa.Column("scope", text(), nullable=True))
        batch.add_column(sa.Column("expires_at", moment(), nullable=True))
    op.execute("UPDATE api_tokens SET scope = 'names'")
    with op.batch_alter_table("api_tokens") as batch:
        batch.alter_column("scope", existing_type=text(), nullable=False)
        batch.create_check_constraint(
            op.f("ck_api_tokens_api_token_scope"), "scope IN ('read', 'write', 'names')"
        )


def downgrade() -> None:
    """Take them away; what is filled is only dropped when --drop-data was said."""
    guard.drop_table("recovery_codes")
    guard.drop_table("second_factors")
    with op.batch_alter_table("api_tokens") as batch:
        batch.drop_constraint(op.f("ck_api_tokens_api_token_scope"), type_="check")
    guard.drop_column("api_tokens", "expires_at")
    guard.drop_column("api_tokens", "scope")
    guard.drop_column("sign_ins", "proved_at")
