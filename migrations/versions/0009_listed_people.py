"""people on a list: which card each was given, and what the list says of the work

Revision: 0009, after 0008
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what this revision adds."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "listed_people",
        sa.Column("card_id", text(), nullable=False),
        sa.Column("workshop_id", text(), nullable=False),
        sa.Column("list_key", text(), nullable=False),
        sa.Column("sex", text(), nullable=True),
        sa.Column("agency_type", text(), nullable=True),
        sa.Column("province", text(), nullable=True),
        sa.Column("years", text(), nullable=True),
        sa.CheckConstraint(
            "sex IS NULL OR sex IN ('woman', 'man', 'prefer_not_to_say')",
            name=op.f("ck_listed_people_listed_person_sex"),
        ),
        sa.CheckConstraint(
            "agency_type IS NULL OR agency_type IN "
            "('police', 'prosecution', 'immigration', 'social_services', 'ngo', 'other')",
            name=op.f("ck_listed_people_listed_person_agency_type"),
        ),
        sa.CheckConstraint(
            "years IS NULL OR years IN ('0-2', '3-5', '6-10', '11+')",
            name=op.f("ck_listed_people_listed_person_years"),
        ),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_listed_people_card_id")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_listed_people_workshop_id")
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_listed_people")),
        sa.UniqueConstraint(
            "workshop_id", "list_key", name=op.f("uq_listed_people_workshop_id_list_key")
        ),
    )


def downgrade() -> None:
    """Take it away again; what is filled is only dropped when --drop-data was said."""
    guard.drop_table("listed_people")
