"""The audit log as an address asks for it: what, who, from and until which day, how far back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from app.accounts import log
from app.accounts.schemas import AuditRecord, LogPage, LogWanted, StaffPerson
from app.adapters.db import Work
from app.core.errors import ValueRefused
from app.core.text import to_latin_digits
from app.web.event_words import GROUPS
from app.workshops import service as workshops


@dataclass(frozen=True)
class LogAsked:
    """What an address asks, as it was typed."""

    what: str
    who: str
    since: str
    until: str
    before: int

    def wanted(self) -> LogWanted:
        """The lines that are meant; raises ValueRefused for a day or a kind that is none."""
        if self.what and self.what not in GROUPS:
            raise ValueRefused(field="what", reason="not_in_list")
        return LogWanted(
            verbs=tuple(sorted(GROUPS[self.what][1])) if self.what else (),
            staff_id=self.who,
            since=_day(self.since, "since"),
            until=_day(self.until, "until", later=timedelta(days=1)),
            before=self.before,
        )

    def query(self, *, before: int = 0) -> str:
        """The same choice as the end of an address."""
        told = {"what": self.what, "who": self.who, "since": self.since, "until": self.until}
        chosen = {name: value for name, value in told.items() if value}
        return urlencode(chosen | ({"before": str(before)} if before else {}))


def read_asked(
    what: Annotated[str, Query(max_length=40, description="A kind of deed; empty: each.")] = "",
    who: Annotated[str, Query(max_length=40, description="A person's id; empty: each.")] = "",
    since: Annotated[str, Query(max_length=20, description="The first day, UTC.")] = "",
    until: Annotated[str, Query(max_length=20, description="The last day, UTC.")] = "",
    before: Annotated[int, Query(ge=0, lt=2**31, description="Older than this line.")] = 0,
) -> LogAsked:
    """What an address asks of the log."""
    return LogAsked(what, who, since.strip(), until.strip(), before)


def read_lines(work: Work, admin: StaffPerson, wanted: LogWanted) -> LogPage:
    """A page of the log of the admin's organisation."""
    return log.read_log(work, admin.organisation_id, wanted, own_ids=_own_ids(work, admin))


def export_lines(work: Work, admin: StaffPerson, wanted: LogWanted) -> list[AuditRecord]:
    """All wanted lines of the admin's organisation; that they were taken stands in the log, too."""
    return log.export_log(work, admin, wanted, own_ids=_own_ids(work, admin))


def _own_ids(work: Work, admin: StaffPerson) -> list[str]:
    return [each.id for each in workshops.find_workshops(work, admin.organisation_id)]


def _day(typed: str, field: str, *, later: timedelta = timedelta(0)) -> datetime | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(to_latin_digits(typed))
        return datetime.combine(day, time(), UTC) + later
    except (ValueError, OverflowError) as error:  # the last day there is has none after it
        raise ValueRefused(field=field, reason="not_a_day", example="2026-11-22") from error


AskedLog = Annotated[LogAsked, Depends(read_asked)]
