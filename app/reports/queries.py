"""Reads kept reports."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.reports.tables import KeptFile, KeptReport, KeptText


def find_kept(db: Session, organisation_id: str) -> Sequence[KeptReport]:
    """An organisation's kept reports, the latest first."""
    query = select(KeptReport).where(KeptReport.organisation_id == organisation_id)
    return db.exec(query.order_by(col(KeptReport.kept_at).desc(), col(KeptReport.id))).all()


def get_kept(db: Session, organisation_id: str, kept_id: str) -> KeptReport | None:
    """One of them."""
    row = db.get(KeptReport, kept_id)
    return row if row is not None and row.organisation_id == organisation_id else None


def get_kept_by_hash(db: Session, organisation_id: str, content_hash: str) -> KeptReport | None:
    """The one with these facts."""
    return db.exec(
        select(KeptReport).where(
            KeptReport.organisation_id == organisation_id, KeptReport.hash == content_hash
        )
    ).first()


def find_headings(
    db: Session, kept_ids: Sequence[str], language: str
) -> dict[str, tuple[str, str]]:
    """Title and scope of each in one language."""
    query = select(KeptText.kept_id, KeptText.title, KeptText.about).where(
        col(KeptText.kept_id).in_(kept_ids), KeptText.language == language
    )
    return {kept_id: (title, about) for kept_id, title, about in db.exec(query).all()}


def get_text(db: Session, kept_id: str, language: str) -> bytes | None:
    """The canonical JSON in one language."""
    row = db.get(KeptText, (kept_id, language))
    return row.content if row else None


def get_file(db: Session, kept_id: str, language: str, name: str) -> bytes | None:
    """A file that was sent before."""
    row = db.get(KeptFile, (kept_id, language, name))
    return row.content if row else None
