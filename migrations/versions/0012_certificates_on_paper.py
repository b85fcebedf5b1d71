"""certificates on paper: what is printed is frozen at issue, and a holder can be forgotten

Revision: 0012, after 0011
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ADDED = ("organisation_name", "languages", "edition_at")


def upgrade() -> None:
    """Add the columns, filled from what the workshop says now and from the history."""
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    with op.batch_alter_table("certificates") as batch:
        batch.add_column(sa.Column("organisation_name", text(), nullable=True))
        batch.add_column(sa.Column("languages", text(), nullable=True))
        batch.add_column(sa.Column("edition_at", moment(), nullable=True))
    op.execute(
        "UPDATE certificates SET "
        "organisation_name = (SELECT organisations.name FROM workshops JOIN organisations "
        "ON organisations.id = workshops.organisation_id "
        "WHERE workshops.id = certificates.workshop_id), "
        "languages = (SELECT workshops.languages FROM workshops "
        "WHERE workshops.id = certificates.workshop_id), "
        "edition_at = COALESCE((SELECT max(happened_at) FROM certificate_events "
        "WHERE certificate_id = certificates.id AND verb IN ('issue', 'supersede')), issued_at)"
    )
    with op.batch_alter_table("certificates") as batch:
        for column, kind in zip(_ADDED, (text(), text(), moment()), strict=True):
            batch.alter_column(column, existing_type=kind, nullable=False)
        batch.alter_column("holder_key", existing_type=text(), nullable=True)
        batch.alter_column("sealed_name", existing_type=sa.LargeBinary(), nullable=True)


def downgrade() -> None:
    """Take the columns away; what is filled is only dropped when --drop-data was said.

    A forgotten holder stays forgotten: the old schema asks for some key and some bytes.
    """
    for column in reversed(_ADDED):
        guard.drop_column("certificates", column)
    guard.fill_empty("certificates", "holder_key", "id")
    guard.fill_empty("certificates", "sealed_name", "CAST('' AS BYTEA)", on_sqlite="X''")
    with op.batch_alter_table("certificates") as batch:
        text = sqlmodel.sql.sqltypes.AutoString()
        batch.alter_column("holder_key", existing_type=text, nullable=False)
        batch.alter_column("sealed_name", existing_type=sa.LargeBinary(), nullable=False)
