"""the minority ballot: where it is asked, which workshops wait, what is told

Revision: 0025, after 0024
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is asked until an admin says so."""
    _add_countries_and_counts()
    _add_rounds_and_slips()


def _add_countries_and_counts() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "ballot_countries",
        sa.Column("organisation_id", text(), nullable=False),
        sa.Column("country", text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_ballot_countries_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "country", name=op.f("pk_ballot_countries")),
    )
    op.create_table(
        "ballot_counts",
        sa.Column("organisation_id", text(), nullable=False),
        sa.Column("country", text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.LargeBinary(), nullable=True),
        sa.Column("yes_count", sa.Integer(), nullable=False),
        sa.Column("no_count", sa.Integer(), nullable=False),
        sa.Column("workshop_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "yes_count >= 0 AND no_count >= 0 AND workshop_count >= 0",
            name=op.f("ck_ballot_counts_ballot_count_told"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ballot_counts_organisation_id")
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "country", "year", "is_synthetic", name=op.f("pk_ballot_counts")
        ),
    )


def _add_rounds_and_slips() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "ballot_rounds",
        sa.Column("workshop_id", text(), nullable=False),
        sa.Column("organisation_id", text(), nullable=False),
        sa.Column("country", text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("waiting_answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ballot_rounds_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_ballot_rounds_workshop_id")
        ),
        sa.PrimaryKeyConstraint("workshop_id", name=op.f("pk_ballot_rounds")),
    )
    op.create_index(
        "ix_ballot_rounds_count",
        "ballot_rounds",
        ["organisation_id", "country", "year", "is_synthetic"],
    )
    op.create_table(
        "ballot_slips",
        sa.Column("slip_hash", text(), nullable=False),
        sa.Column("workshop_id", text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_ballot_slips_workshop_id")
        ),
        sa.PrimaryKeyConstraint("slip_hash", name=op.f("pk_ballot_slips")),
    )
    op.create_index(op.f("ix_ballot_slips_workshop_id"), "ballot_slips", ["workshop_id"])


def downgrade() -> None:
    """Take them away; what is filled is only dropped when --drop-data was said."""
    for table in ("ballot_slips", "ballot_rounds", "ballot_counts", "ballot_countries"):
        guard.drop_table(table)
