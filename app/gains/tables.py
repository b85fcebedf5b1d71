"""Running sums of each workshop's pairs, and the snapshots that may be shown."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field

from app.adapters.rows import BigInteger, StoredRow


class PairRollup(StoredRow, table=True):
    """Integer sums over the pairs of one workshop and form version, true at every moment.

    Kept in the transaction that completes a sitting, never shown: only snapshots are.
    """

    __tablename__ = "pair_rollups"
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    pre_count: int = 0
    post_count: int = 0
    pair_count: int = 0
    sum_pre: int = Field(default=0, sa_type=BigInteger)
    sum_post: int = Field(default=0, sa_type=BigInteger)
    sum_pre_squared: int = Field(default=0, sa_type=BigInteger)
    sum_post_squared: int = Field(default=0, sa_type=BigInteger)
    sum_products: int = Field(default=0, sa_type=BigInteger)
    improved: int = 0
    same: int = 0
    declined: int = 0


class Snapshot(StoredRow, table=True):
    """The sums of one workshop and form version as they stood at one moment."""

    __tablename__ = "gain_snapshots"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('closing', 'more_sittings', 'late_window')", name="gain_snapshot_reason"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    form_id: str = Field(foreign_key="forms.id", index=True)
    occasion: str
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
