"""Checks a plan and turns it into what a workshop's row holds; chooses its forms."""

import json
from typing import Any

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.clock import is_zone
from app.adapters.db import Work
from app.adapters.i18n import language_name
from app.banks.life import find_offered
from app.banks.schemas import PublishedForm, Purpose
from app.core.errors import FormUnknown, ValueRefused, WorkshopDatesWrong
from app.core.languages import DRAFT_LANGUAGES
from app.core.scoring import UNITS_PER_POINT
from app.core.text import clean_line
from app.workshops.schemas import WorkshopPlan, WorkshopRecord

_LONGEST_DAYS = 31
_LONGEST_HOURS = 24  # a day


def choose_form(work: Work, plan: WorkshopPlan) -> PublishedForm:
    """The newest version of the test that was asked for; raises FormUnknown."""
    form = newest_form(work, Purpose.TEST, plan.audience.value, plan.form_ref)
    if form is None:
        raise FormUnknown()
    return form


def newest_form(
    work: Work, purpose: Purpose, audience: str, form_ref: str = ""
) -> PublishedForm | None:
    """The newest version of the form of that name, or of the audience's first one by name."""
    for form in find_offered(work):
        is_for = form.purpose is purpose and form.audience == audience
        if is_for and form_ref in {"", form.form_ref}:
            return form
    return None


def is_another_form(plan: WorkshopPlan, workshop: WorkshopRecord, form: PublishedForm) -> bool:
    """Whether the plan asks for another test than the workshop has."""
    return plan.audience != workshop.audience or plan.form_ref not in {"", form.form_ref}


def plan_columns(
    work: Work, plan: WorkshopPlan, form: PublishedForm, by: StaffPerson
) -> dict[str, Any]:
    """The columns a plan fills, checked; raises WorkshopDatesWrong or ValueRefused."""
    days = (plan.ends_on - plan.starts_on).days + 1
    if not 1 <= days <= _LONGEST_DAYS:
        raise WorkshopDatesWrong()
    numbers = (
        ("days_needed", plan.days_needed, 1, days),
        ("hours", plan.hours, 1, days * _LONGEST_HOURS),
        ("pass_mark_points", plan.pass_mark_points, 1, form.max_units // UNITS_PER_POINT),
    )
    for field, number, lowest, highest in numbers:
        if number is not None and not lowest <= number <= highest:
            raise ValueRefused(field=field, reason="not_in_range", lowest=lowest, highest=highest)
    if not is_zone(plan.zone):
        raise ValueRefused(field="zone", reason="not_a_zone", example="Asia/Karachi")
    if not plan.languages or not set(plan.languages) <= set(form.languages):
        names = [language_name(each) for each in form.languages]
        raise ValueRefused(field="languages", reason="language_not_published", language_names=names)
    if not set(plan.draft_languages) <= set(DRAFT_LANGUAGES):
        raise ValueRefused(
            field="draft_languages", reason="language_not_offered", languages=DRAFT_LANGUAGES
        )
    if plan.programme_id is not None:
        known = accounts.find_programmes(work, by.organisation_id)
        if plan.programme_id not in {each.id for each in known}:
            raise ValueRefused(field="programme_id", reason="not_in_list")
    return {
        "title": clean_line(plan.title, max_length=200, field="title"),
        "country": plan.country,
        "province": plan.province,
        "place": clean_line(plan.place, max_length=200, field="place"),
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "zone": plan.zone,
        "languages": json.dumps([*plan.languages, *plan.draft_languages]),
        "audience": plan.audience.value,
        "programme_id": plan.programme_id,
        "funder_line": clean_line(plan.funder_line, max_length=300, field="funder_line")
        if plan.funder_line.strip()
        else "",
        "pass_mark_points": plan.pass_mark_points,
        "women_count": plan.women_count,
        "men_count": plan.men_count,
        "days_needed": plan.days_needed,
        "hours": plan.hours,
    }
