"""answers of released bundles added up once, so that a question's figures need no snapshot

Revision: 0020, after 0019
"""

import json
import zlib
from collections import Counter
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

from migrations import guard

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_KEY = ("organisation_id", "form_id", "item", "occasion", "chosen")
_SUMS = ("people", "sum_scores", "sum_scores_squared")


def upgrade() -> None:
    """Add the table and fill it from the snapshots of what was released."""
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "released_answers",
        *(sa.Column(name, text(), nullable=False) for name in _KEY),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sum_scores", sa.BigInteger(), nullable=False),
        sa.Column("sum_scores_squared", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["forms.id"], name=op.f("fk_released_answers_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_released_answers_organisation_id"),
        ),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_released_answers")),
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    found: dict[tuple[str, ...], Counter[str]] = {}
    released = connection.execute(
        sa.text(
            "SELECT b.organisation_id, b.form_id, c.content FROM released_members m "
            "JOIN released_bundles b ON b.id = m.bundle_id "
            "JOIN snapshot_contents c ON c.snapshot_id = m.snapshot_id WHERE m.breakdown = ''"
        )
    )
    for organisation_id, form_id, content in released:
        for item, occasion, _, chosen, *sums in json.loads(zlib.decompress(content))["answers"]:
            key = (organisation_id, form_id, item, occasion, chosen)
            found.setdefault(key, Counter()).update(dict(zip(_SUMS, sums, strict=True)))
    rows: list[dict[str, Any]] = [
        dict(zip(_KEY, key, strict=True)) | {name: sums[name] for name in _SUMS}
        for key, sums in sorted(found.items())
    ]
    table = sa.table("released_answers", *(sa.column(name) for name in (*_KEY, *_SUMS)))
    if rows:
        connection.execute(sa.insert(table), rows)


def downgrade() -> None:
    """Take it away; it is counted again from the snapshots on the way up."""
    guard.drop_table("released_answers")
