"""what an evaluator or viewer is limited to, and what a kept report is about

Revision: 0026, after 0025
"""

import json

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is limited; kept reports say what they are about, as far as they tell."""
    text = sqlmodel.sql.sqltypes.AutoString
    for column in ("scope_countries", "scope_programmes"):
        op.add_column("staff", sa.Column(column, text(), nullable=True))
    for column in ("country", "programme_id"):
        op.add_column("kept_reports", sa.Column(column, text(), nullable=True))
    _read_what_was_kept()


def _read_what_was_kept() -> None:
    """A report whose programme has no name any more stays without: whole readers alone see it."""
    connection = op.get_bind()
    kept = connection.execute(
        sa.text(
            "SELECT kept_reports.id, organisation_id, min(language) AS language"
            " FROM kept_reports JOIN kept_texts ON kept_id = kept_reports.id"
            " GROUP BY kept_reports.id, organisation_id"
        )
    ).all()
    for kept_id, organisation_id, language in kept:
        content = connection.execute(
            sa.text("SELECT content FROM kept_texts WHERE kept_id = :id AND language = :language"),
            {"id": kept_id, "language": language},
        ).scalar_one()
        scope = json.loads(bytes(content))["scope"]
        if scope is not None:
            programme = _programme_of(organisation_id, scope["programme"])
            connection.execute(
                sa.text(
                    "UPDATE kept_reports SET country = :country, programme_id = :programme"
                    " WHERE id = :id"
                ),
                {"country": scope["country"], "programme": programme, "id": kept_id},
            )


def _programme_of(organisation_id: str, name: str | None) -> str | None:
    """Its id; "none" where the report is about workshops without one."""
    if name == "":
        return "none"
    query = sa.text("SELECT id FROM programmes WHERE organisation_id = :id AND name = :name")
    return op.get_bind().execute(query, {"id": organisation_id, "name": name}).scalar()


def downgrade() -> None:
    """What is filled is only dropped when --drop-data was said."""
    for column in ("programme_id", "country"):
        _drop_known(column)
    for column in ("scope_programmes", "scope_countries"):
        guard.drop_column("staff", column)


def _drop_known(column: str) -> None:
    """It follows from the report itself: nothing that somebody has said is lost."""
    with op.batch_alter_table("kept_reports") as batch:
        batch.drop_column(column)
