"""Reads the minority ballot: where it is asked, who waits, what is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.feedback.tables import BallotCount, BallotCountry, BallotRound, BallotSlip


@dataclass(frozen=True)
class CountKey:
    """Which count: an organisation's country and year, of real or of synthetic workshops."""

    organisation_id: str
    country: str
    year: int
    is_synthetic: bool


def key_of(row: BallotRound | BallotCount) -> CountKey:
    """The count that a row belongs to."""
    return CountKey(row.organisation_id, row.country, row.year, row.is_synthetic)


def is_asked(db: Session, organisation_id: str, country: str) -> bool:
    """Whether the organisation asks in that country."""
    return db.get(BallotCountry, (organisation_id, country)) is not None


def get_country(db: Session, organisation_id: str, country: str) -> BallotCountry | None:
    """The row that says so."""
    return db.get(BallotCountry, (organisation_id, country))


def find_countries(db: Session, organisation_id: str) -> list[str]:
    """Where an organisation asks."""
    query = select(BallotCountry.country).where(BallotCountry.organisation_id == organisation_id)
    return sorted(db.exec(query).all())


def get_round(db: Session, workshop_id: str) -> BallotRound | None:
    """A workshop that is asked, as it stands now."""
    return db.get(BallotRound, workshop_id, populate_existing=True)


def hold_count(db: Session, key: CountKey) -> BallotCount | None:
    """A count held still: all that changes anything of it takes it first, so nobody waits twice."""
    place = (key.organisation_id, key.country, key.year, key.is_synthetic)
    return db.get(BallotCount, place, with_for_update=True, populate_existing=True)


def find_rounds(db: Session, key: CountKey) -> Sequence[BallotRound]:
    """The workshops of a count of which anything waits or may come."""
    query = (
        select(BallotRound)
        .where(
            BallotRound.organisation_id == key.organisation_id,
            BallotRound.country == key.country,
            BallotRound.year == key.year,
            col(BallotRound.is_synthetic).is_(key.is_synthetic),
        )
        .order_by(BallotRound.workshop_id)
        .execution_options(populate_existing=True)
    )
    return db.exec(query).all()


def is_spent(db: Session, slip_hash: str) -> bool:
    """Whether a slip was handed in."""
    query = select(BallotSlip.slip_hash).where(BallotSlip.slip_hash == slip_hash)
    return db.exec(query).first() is not None


def find_counts(db: Session, organisation_id: str) -> Sequence[BallotCount]:
    """An organisation's counts, the latest year first."""
    query = select(BallotCount).where(BallotCount.organisation_id == organisation_id)
    return db.exec(
        query.order_by(
            col(BallotCount.year).desc(), BallotCount.country, col(BallotCount.is_synthetic)
        )
    ).all()


def find_all_counts(db: Session) -> Sequence[BallotCount]:
    """Every organisation's counts."""
    return db.exec(select(BallotCount)).all()
