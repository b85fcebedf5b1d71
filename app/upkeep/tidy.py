"""What time brings: endings that were announced, names and answers whose days are over.

Everything here may be done again at any time, by several workers, and after a restore: each piece
is a transaction of its own that looks again, and one that fails never holds up the others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from app.accounts import service as accounts
from app.accounts.retention import end_log_lines, end_sign_ins
from app.adapters.db import DatabaseError, Work, empty_log, sqlite_file
from app.adapters.logs import log_problem
from app.adapters.sealing import KeyFolder
from app.feedback import service as feedback
from app.gains import rollups
from app.gains.release_checks import check_releases
from app.participants import service as participants
from app.participants.profiles import find_workshops_with_profiles, forget_profiles
from app.settings import Settings
from app.sittings import retention
from app.upkeep.backups import PASSING, PASSING_LASTS
from app.upkeep.counting import Counted
from app.upkeep.redoing import OpenUnit, Redone, redo
from app.upkeep.setup import forget_names
from app.workshops import service as workshops
from app.workshops.ages import find_over_since
from app.workshops.service import OnClosed

COPY_DAYS = 35
_SIGN_INS_LAST = timedelta(days=14)
_COPIES = ("before-migrate-*", "before-restore-*")


@dataclass
class Tidied:
    """What was done; `counted` is None where the sums were not looked at."""

    names_ended: list[str] = field(default_factory=list)
    keys_ended: list[str] = field(default_factory=list)
    answers_ended: list[str] = field(default_factory=list)
    files_removed: list[Path] = field(default_factory=list)
    log_lines_ended: int = 0
    sign_ins_ended: int = 0
    redone: Redone = field(default_factory=Redone)
    counted: Counted | None = None
    failed: int = 0

    @property
    def is_well(self) -> bool:
        """Whether everything that was due could be done, and the sums are true."""
        is_done = not self.failed and not self.redone.failed
        return is_done and (self.counted is None or self.counted.is_true)


def settle(
    *,
    open_unit: OpenUnit,
    late: timedelta,
    on_closed: OnClosed,
    on_settled: OnClosed,
) -> int:
    """Carry out every ending that is due, each in a transaction of its own; returns how many.

    One that fails never holds up the others, and is tried again next time.
    """
    try:
        with open_unit(False) as work:
            due = workshops.find_unfinished_administrations(work, late=late)
    except DatabaseError as error:
        log_problem("cannot_look_for_endings", kind=type(error).__name__)
        return 0
    done = 0
    for administration in due:
        try:
            with open_unit(True) as work:
                workshops.settle_administration(
                    work, administration, late=late, on_closed=on_closed, on_settled=on_settled
                )
            done += 1
        except Exception as error:
            log_problem("ending_failed", error=error, administration=administration.id)
    return done


def tidy(settings: Settings, open_unit: OpenUnit, *, checks_sums: bool) -> Tidied:
    """Names, keys, single answers and copies whose days are over; and are the sums still true?"""
    keys = KeyFolder(settings.keys, settings.key_backup)
    done = Tidied(redone=redo(open_unit, keys))
    with open_unit(False) as work:
        now = work.now
        over = find_over_since(work, now - timedelta(days=settings.names_days))
        old = find_over_since(work, _months_before(now, settings.answers_months))
        kept = retention.find_workshops_with_tests(work) | find_workshops_with_profiles(work)
        closed = feedback.find_closed_keys(work)
        forgotten = accounts.find_last_facts(work, "forget_names")
    for workshop_id in over:
        if keys.has(participants.workshop_key(workshop_id)):
            _do(done, done.names_ended, workshop_id, open_unit, forget_names)
    ended = {*closed, *map(participants.workshop_key, forgotten), *keys.destroyed()}
    for name in sorted(ended & set(keys.names())):  # they came back with an old copy
        keys.destroy(name)
        done.keys_ended.append(name)
    for workshop_id in sorted(kept.intersection(old)):
        _do(done, done.answers_ended, workshop_id, open_unit, _end_tests)
    with open_unit(True) as work:
        before = _months_before(now, settings.log_months)
        done.log_lines_ended = end_log_lines(work, before)
        done.sign_ins_ended = end_sign_ins(work, now - _SIGN_INS_LAST)
    done.files_removed.extend(_remove_files(settings, now))
    if checks_sums:
        with open_unit(False) as work:
            done.counted = Counted(rollups.check_all(work), check_releases(work), is_rebuilt=False)
    return done


def _do(
    done: Tidied,
    names: list[str],
    workshop_id: str,
    open_unit: OpenUnit,
    verb: Callable[[Work, str], object],
) -> None:
    try:
        with open_unit(True) as work:
            if verb(work, workshop_id):
                names.append(workshop_id)
    except Exception as error:
        done.failed += 1
        log_problem("tidying_failed", error=error, workshop=workshop_id)


def _end_tests(work: Work, workshop_id: str) -> bool:
    """The sums are sealed first: from then on nobody counts them from answers that are gone."""
    administrations = workshops.find_administrations_of(work, [workshop_id])
    if any(each.opened_at and not each.settled_at for each in administrations):
        return False
    rollups.seal_workshop(work, workshop_id)
    retention.forget_tests(work, workshop_id)
    forget_profiles(work, workshop_id)
    accounts.record_event(
        work, by=None, verb="end_answers", object_kind="workshop", object_id=workshop_id
    )
    work.after_commit.append(lambda: empty_log(work))
    return True


def _remove_files(settings: Settings, now: datetime) -> Iterable[Path]:
    """Copies that were not enclosed, and what a run that was killed left open."""
    file = sqlite_file(settings.database)
    folders = {settings.data_dir} | ({file.parent} if file else set())
    found = [(path, PASSING_LASTS) for each in folders for path in each.glob(f"{PASSING}*")]
    for name in _COPIES:
        copies = (path for each in folders for path in (each / "backups").glob(name))
        found += [(path, timedelta(days=COPY_DAYS)) for path in copies]
    for path, lasts in sorted(found):
        if path.exists() and path.stat().st_mtime < (now - lasts).timestamp():
            _remove(path)
            yield path


def _remove(path: Path) -> None:
    if not path.is_dir():
        path.unlink()
        return
    for each in path.iterdir():
        _remove(each)
    path.rmdir()


def _months_before(now: datetime, months: int) -> datetime:
    """The first moment of the same month so many months ago."""
    count = now.year * 12 + now.month - 1 - months
    return now.replace(year=count // 12, month=count % 12 + 1, day=1, hour=0, minute=0, second=0)
