"""Snapshots of a workshop's numbers, taken when an administration closes."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field

from app.adapters.rows import BigInteger, StoredRow


class Snapshot(StoredRow, table=True):
    """Integer sums over the pairs of one workshop and one form version at one moment."""

    __tablename__ = "gain_snapshots"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('closing', 'more_sittings', 'late_window')", name="gain_snapshot_reason"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    form_id: str = Field(foreign_key="forms.id", index=True)
    reason: str
    taken_at: datetime
    registered: int
    pre_count: int
    post_count: int
    pair_count: int
    sum_pre: int = Field(sa_type=BigInteger)
    sum_post: int = Field(sa_type=BigInteger)
    sum_pre_squared: int = Field(sa_type=BigInteger)
    sum_post_squared: int = Field(sa_type=BigInteger)
    sum_products: int = Field(sa_type=BigInteger)
    improved: int
    same: int
    declined: int
    max_units: int
