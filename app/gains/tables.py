"""Running cells of each workshop's pairs, and the snapshots that may be shown."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, Index

from app.adapters.rows import BigInteger, StoredRow


class GroupRollup(StoredRow, table=True):
    """Integer sums over one group of one workshop and form version, true at every moment.

    Kept in the transaction that completes a sitting, never shown: only snapshots are. `facet` and
    `value` name the group (`gains.cells.Facet`); the whole room has neither. `sum_` are over pairs,
    `sum_all_pre` over all who took the pre-test. `passed_`: at or above the pass mark; of an item,
    all its points.
    """

    __tablename__ = "group_rollups"
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    facet: str = Field(default="", primary_key=True)
    value: str = Field(default="", primary_key=True)
    pre_count: int = 0
    post_count: int = 0
    pair_count: int = 0
    sum_all_pre: int = Field(default=0, sa_type=BigInteger)
    sum_all_pre_squared: int = Field(default=0, sa_type=BigInteger)
    sum_pre: int = Field(default=0, sa_type=BigInteger)
    sum_post: int = Field(default=0, sa_type=BigInteger)
    sum_pre_squared: int = Field(default=0, sa_type=BigInteger)
    sum_post_squared: int = Field(default=0, sa_type=BigInteger)
    sum_products: int = Field(default=0, sa_type=BigInteger)
    passed_both: int = 0
    passed_before: int = 0
    passed_after: int = 0
    passed_neither: int = 0
    improved: int = 0
    same: int = 0
    declined: int = 0


class ResponseRollup(StoredRow, table=True):
    """How many people of pairs gave one answer to one item, and the sums of their test scores.

    `chosen` is the answer as stored (`{"options":["a"],"text":null}`), empty when there is none.
    Every person is in exactly one row of an item and occasion, so that all item statistics follow.
    `language` is the one the answer was given in, or the sitting's.
    """

    __tablename__ = "response_rollups"
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    item: str = Field(primary_key=True)
    occasion: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    chosen: str = Field(primary_key=True)
    people: int = 0
    sum_scores: int = Field(default=0, sa_type=BigInteger)
    sum_scores_squared: int = Field(default=0, sa_type=BigInteger)


class SealedWorkshop(StoredRow, table=True):
    """A workshop whose answers are at the end of their retention: its cells stand as they are."""

    __tablename__ = "sealed_workshops"
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    sealed_at: datetime


class Snapshot(StoredRow, table=True):
    """The sums of one workshop's room and form version as they stood at one moment.

    `_tests`: of the tests of both counts, those taken in that way; one test can count twice.
    """

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
    late_tests: int = 0
    paper_tests: int = 0
    assisted_tests: int = 0
    rescued_tests: int = 0


class SnapshotContent(StoredRow, table=True):
    """All that was frozen with a snapshot: groups, answers, pairs of scores (`gains.frozen`).

    Snapshots from before there was a content have none. `pair_counts`: what of it decides who is
    released together, so that thousands that wait need not be unpacked for it.
    """

    __tablename__ = "snapshot_contents"
    snapshot_id: int = Field(primary_key=True, foreign_key="gain_snapshots.id")
    content: bytes
    pair_counts: str


class _ToldPlace(StoredRow):
    """Which bundles a row is about, where and when; in the order of the key."""

    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    breakdown: str = Field(primary_key=True)
    country: str = Field(primary_key=True)
    province: str = Field(primary_key=True)
    programme_id: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    quarter: int = Field(primary_key=True)


class _ToldGroup(_ToldPlace):
    """One group of these bundles."""

    value: str = Field(primary_key=True)


class _ToldSums(StoredRow):
    """What is told of the pairs of a group; the sums are those of `GroupRollup`."""

    pair_count: int
    sum_pre: int = Field(sa_type=BigInteger)
    sum_post: int = Field(sa_type=BigInteger)
    sum_pre_squared: int = Field(sa_type=BigInteger)
    sum_post_squared: int = Field(sa_type=BigInteger)
    sum_products: int = Field(sa_type=BigInteger)
    passed_both: int
    passed_before: int
    passed_after: int
    passed_neither: int
    improved: int
    same: int
    declined: int


class ReleasedBundle(StoredRow, table=True):
    """Workshops told together outside the team, ten pairs at least; never changed afterwards.

    Counts in the tables that hold all of it: `province` and `programme_id` are empty and `year` and
    `quarter` 0 where it spans several (`core.bundling`). `workshop_id` is empty for several.
    """

    __tablename__ = "released_bundles"
    __table_args__ = (
        Index("ix_released_bundles_told", "organisation_id", "form_id", "breakdown", "country"),
    )
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id")
    form_id: str = Field(foreign_key="forms.id")
    breakdown: str
    country: str
    province: str
    programme_id: str
    year: int
    quarter: int
    workshop_id: str
    workshop_count: int
    released_at: datetime


class ReleasedMember(StoredRow, table=True):
    """That a workshop is in a bundle of one breakdown, and from which snapshot."""

    __tablename__ = "released_members"
    breakdown: str = Field(primary_key=True)
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    bundle_id: str = Field(foreign_key="released_bundles.id", index=True)
    unit_id: str
    snapshot_id: int = Field(foreign_key="gain_snapshots.id")


class ReleasedCell(_ToldSums, table=True):
    """A group of a bundle that is told; groups that are withheld stand nowhere."""

    __tablename__ = "released_cells"
    bundle_id: str = Field(primary_key=True, foreign_key="released_bundles.id")
    value: str = Field(primary_key=True)


class ReleasedTotal(_ToldGroup, _ToldSums, table=True):
    """The bundles of one place and quarter together: sums of their cells, and each one's gain.

    `gains`: n, Σd, Σd² and whether it is one workshop, of every bundle, packed one behind the other
    (`gains.bundle_sums`), so that a table of a country need not read tens of thousands of bundles.
    """

    __tablename__ = "released_totals"
    workshop_count: int
    gains: bytes


class ReleasedDifference(StoredRow, table=True):
    """How much more the second group of a bundle gained than the first, workshop by workshop.

    In points, with the squared standard error; both groups are told.
    """

    __tablename__ = "released_differences"
    bundle_id: str = Field(primary_key=True, foreign_key="released_bundles.id")
    first: str = Field(primary_key=True)
    second: str = Field(primary_key=True)
    difference: float
    variance: float


class ReleasedDifferenceTotal(_ToldPlace, table=True):
    """The differences between two groups in all bundles of one place and quarter.

    `differences`: difference, variance and pairs of each bundle, packed as in `ReleasedTotal`.
    """

    __tablename__ = "released_difference_totals"
    first: str = Field(primary_key=True)
    second: str = Field(primary_key=True)
    differences: bytes


class ReleasedPairs(_ToldGroup, table=True):
    """How many people of the groups told had which two scores, by place and quarter."""

    __tablename__ = "released_pairs"
    # All that a country's table asks, in its order: it never looks at the rows themselves.
    __table_args__ = (
        Index("ix_released_pairs_told", "organisation_id", "form_id", "breakdown", "country",
              "pre", "post", "people"),
    )  # fmt: skip
    pre: int = Field(primary_key=True)
    post: int = Field(primary_key=True)
    people: int


class ReleasedItem(StoredRow, table=True):
    """How many people moved which way on an item, by place and quarter."""

    __tablename__ = "released_items"
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    country: str = Field(primary_key=True)
    province: str = Field(primary_key=True)
    programme_id: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    quarter: int = Field(primary_key=True)
    item: str = Field(primary_key=True)
    retained: int
    lost: int
    learned: int
    not_learned: int


class FirstTold(StoredRow, table=True):
    """The form version a workshop stays with for readers outside its team (decision 0029)."""

    __tablename__ = "first_told"
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    form_id: str = Field(foreign_key="forms.id")


class Rescoring(StoredRow, table=True):
    """That a workshop was scored anew, or stays as it was; the sums of its pairs by both keys.

    `is_moved`: its tests were scored anew. `has_snapshots`: so were its snapshots.
    """

    __tablename__ = "rescorings"
    workshop_id: str = Field(primary_key=True, foreign_key="workshops.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    rescored_at: datetime
    is_moved: bool
    has_snapshots: bool
    tests: int
    pair_count: int
    sum_pre_before: int = Field(sa_type=BigInteger)
    sum_post_before: int = Field(sa_type=BigInteger)
    sum_pre: int = Field(sa_type=BigInteger)
    sum_post: int = Field(sa_type=BigInteger)


class ReleasedAnswer(StoredRow, table=True):
    """How many people of released bundles gave one answer, and the sums of their test scores.

    Of all places and quarters together; `chosen` as in `ResponseRollup`. Whole bundles alone.
    """

    __tablename__ = "released_answers"
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    item: str = Field(primary_key=True)
    occasion: str = Field(primary_key=True)
    chosen: str = Field(primary_key=True)
    people: int
    sum_scores: int = Field(sa_type=BigInteger)
    sum_scores_squared: int = Field(sa_type=BigInteger)


class RowBatch(StoredRow, table=True):
    """Rows of single people that left together and never change (`gains.row_batches`).

    `content`: how many people have which group and which two scores, packed; no order of people.
    """

    __tablename__ = "row_batches"
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    form_id: str = Field(primary_key=True, foreign_key="forms.id")
    country: str = Field(primary_key=True)
    breakdown: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    made_at: datetime
    people: int
    has_synthetic: bool
    content: bytes


class RowBatchMember(StoredRow, table=True):
    """That a released bundle is in a batch of rows; in one and for good."""

    __tablename__ = "row_batch_members"
    bundle_id: str = Field(primary_key=True, foreign_key="released_bundles.id")
    number: int
