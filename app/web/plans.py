"""Turns what was typed about a workshop into a plan; page and API read the same rules."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from app.core.errors import ValueRefused
from app.core.text import to_latin_digits
from app.web.places import ZONES, is_province, province_of
from app.workshops.schemas import TITLES, Audience, WorkshopPlan, WorkshopRecord

MOST_PEOPLE = 900


def read_plan(
    typed: Mapping[str, Any], *, languages: list[str], drafts: list[str], cotrainers: list[str]
) -> WorkshopPlan:
    """A plan from the fields of a page; raises ValueRefused naming the field."""
    country = str(typed.get("country", "PK")).strip().upper()
    province = str(typed.get("province", "")).strip().upper()
    check_province(country, province)
    starts_on = read_day(typed, "starts_on")
    return WorkshopPlan(
        title=str(typed.get("title", "")),
        country=country,
        province=province,
        place=str(typed.get("place", "")),
        starts_on=starts_on,
        ends_on=read_day(typed, "ends_on") if typed.get("ends_on") else starts_on,
        zone=str(typed.get("zone") or ZONES.get(country, "UTC")),
        languages=tuple(languages),
        audience=_read_audience(typed),
        form_ref=_audience_and_form(typed)[1],
        programme_id=str(typed.get("programme_id") or "") or None,
        funder_line=str(typed.get("funder_line", "")),
        pass_mark_points=read_count(typed, "pass_mark_points") or None,
        women_count=read_count(typed, "women_count"),
        men_count=read_count(typed, "men_count"),
        days_needed=read_count(typed, "days_needed") or 1,
        hours=read_count(typed, "hours") or None,
        cotrainer_logins=tuple(cotrainers),
        draft_languages=tuple(drafts),
    )


def fill_in(typed: Mapping[str, Any], say: Callable[[str], str]) -> dict[str, Any]:
    """What a trainer in a hurry left empty: title by the questions, province by the place."""
    filled = dict(typed)
    country = str(typed.get("country", "PK")).strip().upper()
    audience, _ = _audience_and_form(typed)
    if not str(typed.get("title", "")).strip() and audience in set(Audience):
        filled["title"] = say(TITLES[Audience(audience)])
    if not str(typed.get("province", "")).strip():
        filled["province"] = province_of(country, str(typed.get("place", "")))
    return filled


def check_province(country: str, province: str) -> None:
    """Raises ValueRefused when the code is not a province of the country."""
    for field, code in (("country", country), ("province", province)):
        if not code:
            raise ValueRefused(field=field, reason="empty")
    if not is_province(country, province):
        raise ValueRefused(
            field="province", reason="not_in_country", province=province, country=country
        )


def read_count(typed: Mapping[str, Any], field: str) -> int:
    """A whole number in any script's digits; empty is 0. Raises ValueRefused."""
    text = to_latin_digits(str(typed.get(field, ""))).strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_PEOPLE):
        raise ValueRefused(field=field, reason="not_in_range", lowest=0, highest=MOST_PEOPLE)
    return int(text)


def read_day(typed: Mapping[str, Any], field: str) -> date:
    """A day as year-month-day in any script's digits; raises ValueRefused."""
    try:
        return date.fromisoformat(to_latin_digits(str(typed.get(field, ""))).strip())
    except ValueError as error:
        raise ValueRefused(field=field, reason="not_a_day", example="2026-11-22") from error


def typed_plan(workshop: WorkshopRecord, form_ref: str, cotrainers: list[str]) -> dict[str, str]:
    """A workshop as the fields of its page, to be corrected."""
    return {
        "title": workshop.title,
        "country": workshop.country,
        "province": workshop.province,
        "place": workshop.place,
        "starts_on": workshop.starts_on.isoformat(),
        "ends_on": workshop.ends_on.isoformat(),
        "zone": workshop.zone,
        "audience": f"{workshop.audience.value}/{form_ref}",
        "programme_id": workshop.programme_id or "",
        "funder_line": workshop.funder_line,
        "pass_mark_points": str(workshop.pass_mark_points or ""),
        "women_count": str(workshop.women_count),
        "men_count": str(workshop.men_count),
        "days_needed": str(workshop.days_needed),
        "hours": str(workshop.hours or ""),
        "languages": " ".join(workshop.languages),
        "draft_languages": " ".join(workshop.draft_languages),
        "cotrainer_logins": " ".join(cotrainers),
    }


def typed_again(
    workshop: WorkshopRecord, form_ref: str, cotrainers: list[str], *, cards: int, today: date
) -> dict[str, str]:
    """A workshop as the fields of a new one: from today on, as many days, as many cards."""
    days = timedelta(days=(workshop.ends_on - workshop.starts_on).days)
    return typed_plan(workshop, form_ref, cotrainers) | {
        "starts_on": today.isoformat(),
        "ends_on": (today + days).isoformat(),
        "cards": str(cards),
    }


def _read_audience(typed: Mapping[str, Any]) -> Audience:
    wanted, _ = _audience_and_form(typed)
    if wanted not in set(Audience):
        raise ValueRefused(field="audience", reason="not_in_list")
    return Audience(wanted)


def _audience_and_form(typed: Mapping[str, Any]) -> tuple[str, str]:
    """Who the workshop is for, and which of their forms: "ngo", or "ngo/ngo-full"."""
    audience, _, form_ref = str(typed.get("audience", "")).partition("/")
    return audience, form_ref
