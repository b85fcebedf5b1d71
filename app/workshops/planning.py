"""Checks a plan and turns it into what a workshop's row holds; chooses its forms."""

import json
from typing import Any

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.clock import is_zone
from app.adapters.db import Work
from app.adapters.i18n import language_name
from app.banks import service as banks
from app.banks.schemas import PublishedForm, Purpose
from app.core.errors import FormUnknown, ValueRefused, WorkshopDatesWrong
from app.core.languages import DRAFT_LANGUAGES
from app.core.scoring import UNITS_PER_POINT
from app.core.text import clean_line
from app.workshops.schemas import WorkshopPlan

_LONGEST_DAYS = 31


def choose_form(work: Work, plan: WorkshopPlan) -> PublishedForm:
    """The newest published test for the audience; raises FormUnknown."""
    form = newest_form(work, Purpose.TEST, plan.audience.value)
    if form is None:
        raise FormUnknown()
    return form


def newest_form(work: Work, purpose: Purpose, audience: str) -> PublishedForm | None:
    for form in banks.find_forms(work, latest_only=True):
        if form.purpose is purpose and form.audience == audience:
            return form
    return None


def plan_columns(
    work: Work, plan: WorkshopPlan, form: PublishedForm, by: StaffPerson
) -> dict[str, Any]:
    """The columns a plan fills, checked; raises WorkshopDatesWrong or ValueRefused."""
    days = (plan.ends_on - plan.starts_on).days + 1
    if not 1 <= days <= _LONGEST_DAYS:
        raise WorkshopDatesWrong()
    if not 1 <= plan.days_needed <= days:
        raise ValueRefused(field="days_needed", reason="not_in_range", lowest=1, highest=days)
    if not is_zone(plan.zone):
        raise ValueRefused(field="zone", reason="not_a_zone", example="Asia/Karachi")
    if not plan.languages or not set(plan.languages) <= set(form.languages):
        names = [language_name(each) for each in form.languages]
        raise ValueRefused(field="languages", reason="language_not_published", language_names=names)
    if not set(plan.draft_languages) <= set(DRAFT_LANGUAGES):
        raise ValueRefused(
            field="draft_languages", reason="language_not_offered", languages=DRAFT_LANGUAGES
        )
    if plan.pass_mark_points is not None:
        highest = form.max_units // UNITS_PER_POINT
        if not 0 < plan.pass_mark_points <= highest:
            raise ValueRefused(
                field="pass_mark_points", reason="not_in_range", lowest=1, highest=highest
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
    }
