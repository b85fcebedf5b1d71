"""reports that were kept: their words, and their files as first sent

Revision: 0013, after 0012
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "kept_reports",
        sa.Column("id", text(), nullable=False),
        sa.Column("organisation_id", text(), nullable=False),
        sa.Column("hash", text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", text(), nullable=False),
        sa.ForeignKeyConstraint(["kept_by"], ["staff.id"], name=op.f("fk_kept_reports_kept_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_kept_reports_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_reports")),
        sa.UniqueConstraint(
            "organisation_id", "hash", name=op.f("uq_kept_reports_organisation_id_hash")
        ),
    )
    op.create_table(
        "kept_texts",
        sa.Column("kept_id", text(), nullable=False),
        sa.Column("language", text(), nullable=False),
        sa.Column("title", text(), nullable=False),
        sa.Column("about", text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["kept_reports.id"], name=op.f("fk_kept_texts_kept_id")
        ),
        sa.PrimaryKeyConstraint("kept_id", "language", name=op.f("pk_kept_texts")),
    )
    op.create_table(
        "kept_files",
        sa.Column("kept_id", text(), nullable=False),
        sa.Column("language", text(), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["kept_reports.id"], name=op.f("fk_kept_files_kept_id")
        ),
        sa.PrimaryKeyConstraint("kept_id", "language", "name", name=op.f("pk_kept_files")),
    )


def downgrade() -> None:
    """Take them away again; what is filled is only dropped when --drop-data was said."""
    guard.drop_table("kept_files")
    guard.drop_table("kept_texts")
    guard.drop_table("kept_reports")
