"""Keeps reports: shown and sent again as they were, whatever happens to their workshops.

A kept report is its canonical JSON in every full language. A file is drawn from it when it is first
asked for and stored then, so that the same bytes are sent for ever, also by a later version of the
service. What no one has had is no promise yet.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson, StaffScope
from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id
from app.core.errors import NotFound, ValueRefused
from app.reports import queries
from app.reports.as_json import as_json, read_json
from app.reports.document import ReportDocument
from app.reports.tables import KeptFile, KeptReport, KeptText

OpenUnit = Callable[[bool], AbstractContextManager[Work]]
"""A transaction of its own; whether it writes."""


@dataclass(frozen=True)
class KeptRecord:
    """A kept report in a list: `title` and `about` (its scope) in the reader's language."""

    id: str
    hash: str
    kept_at: datetime
    title: str
    about: str


def keep_documents(
    work: Work,
    documents: Sequence[ReportDocument],
    *,
    by: StaffPerson,
    programme_id: str | None = None,
) -> str:
    """Keep one report, in all these languages; returns its id, the first one's where it is kept.

    `programme_id`: the one it is about, None for all. Raises ValueRefused where nothing is told.
    """
    first = documents[0]
    if first.finding == "withheld":
        raise ValueRefused(field="period", reason="nothing_told")
    insert_if_absent(
        work,
        KeptReport,
        id=new_id(),
        organisation_id=by.organisation_id,
        hash=first.hash,
        kept_at=work.now,
        kept_by=by.id,
        country=first.scope.country if first.scope else None,
        programme_id=programme_id,
    )
    kept = queries.get_kept_by_hash(work.db, by.organisation_id, first.hash)
    if kept is None:
        raise NotFound()
    for each in documents:
        insert_if_absent(
            work,
            KeptText,
            kept_id=kept.id,
            language=each.language,
            title=each.title,
            about=" · ".join(each.scope.words) if each.scope else "",
            content=as_json(each),
        )
    accounts.record_event(
        work,
        by=by,
        verb="keep_report",
        object_kind="report",
        object_id=kept.id,
        report=first.id,
    )
    return kept.id


def find_kept(work: Work, reader: StaffPerson, language: str) -> list[KeptRecord]:
    """What the reader's organisation has kept and the scope holds, the latest first."""
    found = queries.find_kept(work.db, reader.organisation_id)
    rows = [row for row in found if _lies_in(row, reader.scope)]
    headings = queries.find_headings(work.db, [row.id for row in rows], language)
    return [
        KeptRecord(row.id, row.hash, row.kept_at, *headings[row.id])
        for row in rows
        if row.id in headings
    ]


def open_kept(work: Work, reader: StaffPerson, kept_id: str, language: str) -> ReportDocument:
    """A kept report in one language; raises NotFound for a foreign one."""
    known = queries.get_kept(work.db, reader.organisation_id, kept_id)
    is_seen = known is not None and _lies_in(known, reader.scope)
    content = queries.get_text(work.db, kept_id, language) if is_seen else None
    if content is None:
        raise NotFound()
    return read_json(content)


def _lies_in(row: KeptReport, scope: StaffScope) -> bool:
    return scope.holds(country=row.country, programme_id=row.programme_id)


def draw_kept(
    open_unit: OpenUnit,
    document: ReportDocument,
    kept_id: str,
    name: str,
    make: Callable[[ReportDocument], bytes],
) -> bytes:
    """A file as it was first sent; the first time it is drawn, in no transaction, and stored."""
    key = (kept_id, document.language, name)
    with open_unit(False) as work:
        known = queries.get_file(work.db, *key)
    if known is not None:
        return known
    drawn = make(document)
    with open_unit(True) as work:
        insert_if_absent(
            work,
            KeptFile,
            kept_id=kept_id,
            language=document.language,
            name=name,
            content=drawn,
        )
        return queries.get_file(work.db, *key) or drawn
