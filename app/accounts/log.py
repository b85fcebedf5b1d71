"""The audit log as it is read, and lines of which one a day is enough."""

from collections.abc import Collection
from datetime import UTC, datetime, time

from app.accounts import log_queries
from app.accounts.schemas import AuditRecord, LogPage, LogWanted, StaffPerson
from app.accounts.service import record_event
from app.adapters.csv_files import write_csv
from app.adapters.db import Work

LINES_A_PAGE = 50
MOST_LINES_A_FILE = 100_000
HEADER = ("when_utc", "who", "deed", "what", "kind", "object", "facts")


def read_log(
    work: Work, organisation_id: str, wanted: LogWanted, *, own_ids: Collection[str]
) -> LogPage:
    """A page of the organisation's lines, the latest first, and where the next page begins."""
    found = log_queries.find_events(
        work.db, organisation_id, wanted, own_ids=own_ids, limit=LINES_A_PAGE + 1
    )
    lines = found[:LINES_A_PAGE]
    return LogPage(tuple(lines), lines[-1].id if len(found) > LINES_A_PAGE else None)


def export_log(
    work: Work, by: StaffPerson, wanted: LogWanted, *, own_ids: Collection[str]
) -> list[AuditRecord]:
    """All lines that are wanted, at most `MOST_LINES_A_FILE`, the latest first; it is logged."""
    found = log_queries.find_events(
        work.db, by.organisation_id, wanted, own_ids=own_ids, limit=MOST_LINES_A_FILE
    )
    owner = by.organisation_id
    record_event(
        work,
        by=by,
        verb="export_log",
        object_kind="organisation",
        object_id=owner,
        rows=len(found),
    )
    return found


def log_as_csv(lines: list[AuditRecord], words: dict[str, str]) -> bytes:
    """The lines as a file; `words`: a deed in the reader's language, by its short name."""
    rows = (
        (
            f"{each.happened_at:%Y-%m-%dT%H:%M:%SZ}",
            each.staff_name,
            each.verb,
            words.get(each.verb, each.verb),
            each.object_kind,
            each.object_id,
            each.facts,
        )
        for each in lines
    )
    return write_csv(HEADER, rows)


def record_seen(work: Work, *, by: StaffPerson, object_id: str) -> None:
    """Somebody looked at the names of a workshop; one line a day (UTC), however often."""
    today = datetime.combine(work.now.date(), time(), UTC)
    is_known = log_queries.has_event(
        work.db, staff_id=by.id, verb="see_names", object_id=object_id, since=today
    )
    if not is_known:
        record_event(work, by=by, verb="see_names", object_kind="workshop", object_id=object_id)
