"""Creates, corrects and ends workshops; opens, closes and reopens their tests."""

from collections.abc import Callable, Collection
from datetime import timedelta

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.adapters.clock import local_day
from app.adapters.db import Work
from app.adapters.randomness import new_id, random_below
from app.banks import service as banks
from app.banks.life import find_offered
from app.banks.schemas import PublishedForm, Purpose
from app.core.codes import join_code
from app.core.errors import (
    FormNotReviewed,
    NotFound,
    TestStillOpen,
    ValueRefused,
    WorkshopNotEditable,
)
from app.workshops import lifecycle, queries
from app.workshops.planning import choose_form, is_another_form, newest_form, plan_columns
from app.workshops.schemas import (
    AdministrationRecord,
    AdministrationState,
    Occasion,
    WorkshopPlan,
    WorkshopRecord,
    WorkshopState,
)
from app.workshops.tables import Administration, Workshop, WorkshopTrainer

OnClosed = Callable[[Work, AdministrationRecord], None]
OnCorrected = Callable[[Work, str], None]
OnOpened = Callable[[Work, WorkshopRecord, AdministrationRecord], None]


def create_workshop(
    work: Work,
    plan: WorkshopPlan,
    *,
    by: StaffPerson,
    is_synthetic: bool = False,
    are_dates_inferred: bool = False,
) -> WorkshopRecord:
    """A new workshop with its three administrations planned, run by `by` and any co-trainers."""
    form = choose_form(work, plan)
    questionnaire = newest_form(work, Purpose.QUESTIONNAIRE, "any")
    row = Workshop(
        id=new_id(),
        organisation_id=by.organisation_id,
        owner_id=by.id,
        form_id=form.id,
        questionnaire_form_id=questionnaire.id if questionnaire else None,
        join_code=_free_join_code(work),
        is_synthetic=is_synthetic,
        are_dates_inferred=are_dates_inferred,
        created_at=work.now,
        **plan_columns(work, plan, form, by),
    )
    work.db.add(row)
    work.db.flush()
    for occasion in Occasion:
        work.db.add(
            Administration(
                id=new_id(), workshop_id=row.id, occasion=occasion.value, form_id=form.id
            )
        )
    _set_trainers(work, row.id, plan, by)
    accounts.record_event(work, by=by, verb="create", object_kind="workshop", object_id=row.id)
    work.db.flush()
    return require_workshop(work, row.id)


def correct_workshop(
    work: Work,
    workshop: WorkshopRecord,
    plan: WorkshopPlan,
    *,
    by: StaffPerson,
    on_corrected: OnCorrected,
) -> WorkshopRecord:
    """Correct what was said of a workshop; its form is fixed once a test was opened."""
    row = _editable(work, workshop)
    form = banks.require_form(work, row.form_id)
    if is_another_form(plan, workshop, form):
        if any(each.opened_at for each in queries.find_administrations(work.db, row.id)):
            raise WorkshopNotEditable(field="audience")
        form = choose_form(work, plan)
        for each in queries.find_administrations(work.db, row.id):
            administration = queries.get_administration_row(work.db, each.id)
            if administration is not None:
                administration.form_id = form.id
    row.form_id = form.id
    for column, value in plan_columns(work, plan, form, by).items():
        setattr(row, column, value)
    work.db.add(row)
    _set_trainers(work, row.id, plan, by)
    accounts.record_event(work, by=by, verb="correct", object_kind="workshop", object_id=row.id)
    work.db.flush()
    on_corrected(work, row.id)
    return require_workshop(work, row.id)


def end_workshop(
    work: Work, workshop: WorkshopRecord, state: WorkshopState, *, by: StaffPerson
) -> WorkshopRecord:
    """Cancel or archive; nothing that was answered is lost, and the join code is given back.

    Raises TestStillOpen: people who are answering are not sent away without a closing.
    """
    row = _editable(work, workshop)
    if get_current_administration(work, workshop.id) is not None:
        raise TestStillOpen()
    row.state = state.value
    work.db.add(row)
    accounts.record_event(work, by=by, verb=state.value, object_kind="workshop", object_id=row.id)
    work.db.flush()
    return require_workshop(work, row.id)


def open_administration(
    work: Work,
    workshop: WorkshopRecord,
    occasion: Occasion,
    *,
    by: StaffPerson,
    on_opened: OnOpened,
    accepts_unreviewed: bool = False,
) -> AdministrationRecord:
    """Open a test, or open it again; reopening and running an unsigned form are logged.

    Raises FormNotReviewed when the form is unsigned and that was not accepted with a tick. Whoever
    has accepted a form for one test of the workshop is not asked again for the others.
    """
    _editable(work, workshop)
    others = queries.find_administrations(work.db, workshop.id)
    current = next(each for each in others if each.occasion is occasion)
    form = banks.require_form(work, current.form_id)
    is_in_use = any(each.opened_at and each.form_id == current.form_id for each in others)
    if not (form.is_reviewed() or workshop.is_synthetic or is_in_use):
        if not accepts_unreviewed:
            raise FormNotReviewed()
        _log(work, by, "accept_unreviewed_form", current)
    changed = lifecycle.opened(current, others, work.now)
    _log(work, by, "reopen" if current.opened_at else "open", current)
    written = _write(work, changed)
    on_opened(work, workshop, written)
    return written


def close_administration(
    work: Work,
    workshop: WorkshopRecord,
    occasion: Occasion,
    *,
    by: StaffPerson,
    notice: timedelta,
    on_closed: OnClosed,
) -> AdministrationRecord:
    """Announce the end; without notice it is closed at once. Raises AdministrationNotOpen."""
    current = require_administration(work, workshop, occasion)
    changed = _write(work, lifecycle.closing(current, work.now, notice))
    _log(work, by, "close", changed)
    if lifecycle.is_due(changed, work.now):
        return _close_now(work, changed, on_closed)
    return changed


def find_unfinished_administrations(work: Work, *, late: timedelta) -> list[AdministrationRecord]:
    """Administrations whose announced end has come, or whose late hours are over."""
    return queries.find_unfinished_administrations(work.db, work.now, work.now - late)


def settle_administration(
    work: Work,
    administration: AdministrationRecord,
    *,
    late: timedelta,
    on_closed: OnClosed,
    on_settled: OnClosed,
) -> None:
    """Carry out an announced end that has come, and the end of the late hours.

    It looks again under a lock: another worker, or the trainer, may have been first.
    """
    row = queries.get_administration_row(work.db, administration.id, locks=True)
    if row is None:
        return
    current = queries.record_of(row)
    if lifecycle.is_due(current, work.now):
        current = _close_now(work, current, on_closed)
    if lifecycle.is_settling_due(current, work.now, late):
        row.settled_at = work.now
        work.db.add(row)
        work.db.flush()
        on_settled(work, current)


def get_last_by_join_code(work: Work, code: str) -> WorkshopRecord | None:
    """The workshop that this code leads to, else the last that had it."""
    return queries.get_workshop_by_join_code(work.db, code) or queries.get_ended_by_join_code(
        work.db, code
    )


def get_workshop_by_join_code(work: Work, code: str) -> WorkshopRecord | None:
    """The active workshop that this code leads to."""
    return queries.get_workshop_by_join_code(work.db, code)


def get_only_open_workshop(work: Work) -> WorkshopRecord | None:
    """The one workshop whose test is open; while no test is, the one that is held today.

    None when there are none, or several: then a person has to choose.
    """
    active = queries.find_active_workshops(work.db)
    opened = queries.find_open_workshop_ids(work.db, work.now)
    found = [each for each in active if each.id in opened] or [
        each for each in active if each.starts_on <= local_day(work.now, each.zone) <= each.ends_on
    ]
    return found[0] if len(found) == 1 else None


def require_workshop(work: Work, workshop_id: str) -> WorkshopRecord:
    """One workshop; raises NotFound."""
    workshop = queries.get_workshop(work.db, workshop_id)
    if workshop is None:
        raise NotFound()
    return workshop


def access_workshop(work: Work, workshop_id: str, staff: StaffPerson) -> WorkshopRecord:
    """A workshop this staff member runs; a foreign one looks like a missing one: NotFound."""
    workshop = queries.get_workshop_of_trainer(work.db, workshop_id, staff.id)
    if workshop is None:
        raise NotFound()
    return workshop


def access_as_evaluator(work: Work, workshop_id: str, staff: StaffPerson) -> WorkshopRecord:
    """A workshop of this reader's organisation and scope; others look missing: NotFound."""
    workshop = queries.get_workshop(work.db, workshop_id)
    if workshop is None or workshop.organisation_id != staff.organisation_id:
        raise NotFound()
    if not workshop.lies_in(staff.scope):
        raise NotFound()
    return workshop


def require_administration(
    work: Work, workshop: WorkshopRecord, occasion: Occasion
) -> AdministrationRecord:
    """A workshop's administration on one occasion; raises NotFound."""
    administration = queries.get_administration_of(work.db, workshop.id, occasion)
    if administration is None:
        raise NotFound()
    return administration


def get_current_administration(work: Work, workshop_id: str) -> AdministrationRecord | None:
    """The test that is open now, or about to close."""
    for each in queries.find_administrations(work.db, workshop_id):
        if each.state in (AdministrationState.OPEN, AdministrationState.CLOSING):
            return each
    return None


def _set_trainers(work: Work, workshop_id: str, plan: WorkshopPlan, by: StaffPerson) -> None:
    owner_id = work.db.get_one(Workshop, workshop_id).owner_id
    wanted = {owner_id}
    for login in plan.cotrainer_logins:
        staff = accounts.get_staff_by_login(work, login)
        is_colleague = staff is not None and staff.organisation_id == by.organisation_id
        if staff is None or not is_colleague or staff.role is not Role.TRAINER:
            raise ValueRefused(field="cotrainer_logins", reason="not_a_trainer", login=login)
        wanted.add(staff.id)
    for row in queries.find_trainer_rows(work.db, workshop_id):
        if row.staff_id not in wanted:
            work.db.delete(row)
    for staff_id in sorted(wanted - queries.find_trainer_ids(work.db, workshop_id)):
        work.db.add(WorkshopTrainer(workshop_id=workshop_id, staff_id=staff_id))


def _free_join_code(work: Work) -> str:
    while True:
        code = join_code(10_000 + random_below(90_000))
        if not queries.is_join_code_taken(work.db, code):
            return code


def _editable(work: Work, workshop: WorkshopRecord) -> Workshop:
    row = queries.get_workshop_row(work.db, workshop.id)
    if row is None:
        raise NotFound()
    if row.state != WorkshopState.ACTIVE.value:
        raise WorkshopNotEditable(field="state")
    return row


def _close_now(
    work: Work, administration: AdministrationRecord, on_closed: OnClosed
) -> AdministrationRecord:
    done = _write(work, lifecycle.closed(administration))
    work.db.flush()
    on_closed(work, done)
    return done


def _write(work: Work, record: AdministrationRecord) -> AdministrationRecord:
    row = queries.get_administration_row(work.db, record.id, locks=True)
    if row is None:
        raise NotFound()
    row.state = record.state.value
    row.opened_at = record.opened_at
    row.closes_at = record.closes_at
    row.closed_at = record.closed_at
    row.settled_at = record.settled_at
    work.db.add(row)
    work.db.flush()
    return queries.record_of(row)


def _log(work: Work, by: StaffPerson, verb: str, administration: AdministrationRecord) -> None:
    accounts.record_event(
        work,
        by=by,
        verb=verb,
        object_kind="administration",
        object_id=administration.id,
        occasion=administration.occasion.value,
    )


def require_administration_by_id(work: Work, administration_id: str) -> AdministrationRecord:
    """One administration; raises NotFound."""
    administration = queries.get_administration(work.db, administration_id)
    if administration is None:
        raise NotFound()
    return administration


def hold_administrations(
    work: Work, administration_ids: Collection[str]
) -> dict[str, AdministrationRecord]:
    """Administrations by id, which cannot change until this work ends; others may read them."""
    return queries.hold_administrations(work.db, administration_ids)


def find_administrations(work: Work, workshop: WorkshopRecord) -> list[AdministrationRecord]:
    """A workshop's administrations: pre, post, follow-up."""
    return queries.find_administrations(work.db, workshop.id)


def find_administrations_of(
    work: Work, workshop_ids: Collection[str]
) -> list[AdministrationRecord]:
    """All administrations of these workshops; some hundred at once."""
    return queries.find_administrations_of(work.db, workshop_ids)


def find_workshops_of_trainer(work: Work, staff: StaffPerson) -> list[WorkshopRecord]:
    """The workshops a staff member runs, the latest first."""
    return queries.find_workshops_of_trainer(work.db, staff.id)


def find_workshops(work: Work, organisation_id: str) -> list[WorkshopRecord]:
    """An organisation's workshops that were not cancelled, the earliest first."""
    states = (WorkshopState.ACTIVE, WorkshopState.ARCHIVED)
    return queries.find_workshops(work.db, organisation_id, states=states)


def count_items(work: Work, workshop: WorkshopRecord) -> int:
    """How many questions the workshop's test has."""
    return len(banks.require_form(work, workshop.form_id).items)


def require_form(work: Work, workshop: WorkshopRecord) -> PublishedForm:
    """The workshop's test, without its key."""
    return banks.require_form(work, workshop.form_id)


def find_tests(work: Work, *, also: str = "") -> list[PublishedForm]:
    """The newest version of each test that is not retired; `also` one that is in use already."""
    forms = find_offered(work, also=also)
    return [form for form in forms if form.purpose is Purpose.TEST]


def find_languages(work: Work) -> list[str]:
    """The languages that some published test has."""
    found = {language for form in find_tests(work) for language in form.languages}
    return sorted(found, key=lambda language: (language != "ur", language != "en", language))


def find_cotrainer_logins(work: Work, workshop: WorkshopRecord) -> list[str]:
    """The sign-in names of those who run the workshop beside its owner."""
    ids = queries.find_trainer_ids(work.db, workshop.id) - {workshop.owner_id}
    people = accounts.find_trainers(work, workshop.organisation_id)
    return [person.login for person in people if person.id in ids]
