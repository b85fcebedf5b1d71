"""Seeds the demonstration: six real workshops with synthetic scores, and one to try today.

Places, dates and head-counts are real (workshops.csv beside this file names the sources); every
person and every score is synthetic. No scores were published, and for the five workshops of 2019
no tests are reported.
"""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.adapters.clock import local_day
from app.adapters.db import Work
from app.certificates import service as certificates
from app.core.reasons import N_
from app.feedback import ballot_countries
from app.participants import service as participants
from app.participants.schemas import OnProfiled, OpenPass, PrintedCard, Sex
from app.sittings.saving import OnCompleted
from app.upkeep import synthetic
from app.workshops import service as workshops
from app.workshops.schemas import TITLES, Audience, Occasion, WorkshopPlan, WorkshopRecord
from app.workshops.service import OnClosed, OnOpened

ORGANISATION = "Demonstration (synthetic)"
SYNTHETIC_NOTICE = N_(
    "Synthetic. No scores were published, and for the five workshops of 2019 no tests are reported."
)
TODAY_TITLE = "Trafficking or smuggling? A workshop to try (synthetic)"
PEOPLE_TODAY = 23
_ZONE = "Asia/Karachi"
_PROVINCES = {
    "Islamabad": "PK-IS",
    "Lahore": "PK-PB",
    "Peshawar": "PK-KP",
    "Karachi": "PK-SD",
}
_AUDIENCES = {
    "multidisciplinary": Audience.MULTIDISCIPLINARY,
    "ngo": Audience.NGO,
    "lea-data": Audience.LEA_DATA,
}


@dataclass(frozen=True)
class Callbacks:
    """What `main` hands in, so that the lower rooms can tell the higher ones."""

    on_completed: OnCompleted
    on_opened: OnOpened
    on_closed: OnClosed
    on_profiled: OnProfiled


@dataclass(frozen=True)
class Cast:
    """The demonstration's staff."""

    trainer: StaffPerson
    evaluator: StaffPerson
    admin: StaffPerson


def is_seeded(work: Work) -> bool:
    """Whether the demonstration was seeded before."""
    return accounts.get_staff_by_login(work, "trainer") is not None


def seed_staff(work: Work) -> Cast:
    """The demonstration's organisation, programme and staff."""
    organisation = accounts.create_organisation(work, ORGANISATION)
    people = {
        role: accounts.create_staff(
            work,
            organisation_id=organisation.id,
            login=role.value,
            display_name=f"Demo {role.value}",
            role=role,
        )
        for role in (Role.TRAINER, Role.EVALUATOR, Role.ADMIN)
    }
    ballot_countries.start_ballot(work, "PK", by=people[Role.ADMIN])
    return Cast(people[Role.TRAINER], people[Role.EVALUATOR], people[Role.ADMIN])


def read_founding_workshops() -> list[dict[str, str]]:
    """The six real workshops: place, dates, head-counts, sources."""
    path = Path(__file__).parent / "workshops.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed_founding_workshops(
    work: Work,
    trainer: StaffPerson,
    callbacks: Callbacks,
    on_progress: Callable[[int, int, str], None],
) -> None:
    """The six workshops, each run from the consent page to the closing on its own days."""
    rows = read_founding_workshops()
    for number, row in enumerate(rows, start=1):
        on_progress(number, len(rows), row["place"])
        _run_founding_workshop(work, row, trainer, callbacks)


def seed_workshop_of_today(
    work: Work, trainer: StaffPerson, callbacks: Callbacks
) -> WorkshopRecord:
    """An invented workshop today: 23 synthetic people have taken the pre-test, one card is free."""
    today = local_day(work.now, _ZONE)
    plan = WorkshopPlan(
        title=TODAY_TITLE,
        country="PK",
        province="PK-SD",
        place="Karachi",
        starts_on=today,
        ends_on=today + timedelta(days=1),
        zone=_ZONE,
        languages=("ur", "en"),
        audience=Audience.MULTIDISCIPLINARY,
        pass_mark_points=12,
        women_count=5,
        men_count=PEOPLE_TODAY - 5,
    )
    workshop = workshops.create_workshop(work, plan, by=trainer, is_synthetic=True)
    participants.make_cards(work, workshop, PEOPLE_TODAY + 1)
    chance = random.Random("today")
    _open(work, workshop, Occasion.PRE, trainer, callbacks)
    cards = participants.find_printed_cards(work, workshop)[:PEOPLE_TODAY]
    phones = _join_all(work, cards, chance, callbacks, women=5, province="PK-SD")
    _take_all(work, workshop, Occasion.PRE, phones, chance, callbacks)
    for number, phone in enumerate(phones, start=1):
        participants.tick_attendance(
            work, workshop, phone.card.number, day=today, was_there=True, by=trainer
        )
        participants.confirm_name(
            work,
            phone,
            workshop,
            local=f"نمونہ شریک {number}",
            latin=f"Synthetic Person {number}",
        )
    certificates.issue_certificate(work, workshop, phones[0].card, by=trainer)
    return workshop


def _run_founding_workshop(
    work: Work, row: dict[str, str], trainer: StaffPerson, callbacks: Callbacks
) -> None:
    """One workshop from its first morning to its closing: one came late, two left early."""
    workshop = _create_founding_workshop(work, row, trainer)
    first, last = workshop.starts_on, workshop.ends_on
    chance = random.Random(row["ref"])
    morning = replace(work, now=_at(first, 9))
    participants.make_cards(morning, workshop, int(row["participants"]))
    _open(morning, workshop, Occasion.PRE, trainer, callbacks)
    cards = participants.find_printed_cards(morning, workshop)
    phones = _join_all(
        morning,
        cards,
        chance,
        callbacks,
        women=workshop.women_count,
        province=workshop.province,
    )
    _take_all(morning, workshop, Occasion.PRE, phones[1:], chance, callbacks)
    _close(replace(work, now=_at(first, 10)), workshop, Occasion.PRE, trainer, callbacks)
    afternoon = replace(work, now=_at(last, 16))
    _open(afternoon, workshop, Occasion.POST, trainer, callbacks)
    _take_all(afternoon, workshop, Occasion.POST, phones[:-2], chance, callbacks)
    for phone in phones[:-2]:
        synthetic.fill_questionnaire(afternoon, workshop, phone, chance)
    _close(replace(work, now=_at(last, 17)), workshop, Occasion.POST, trainer, callbacks)


def _create_founding_workshop(
    work: Work, row: dict[str, str], trainer: StaffPerson
) -> WorkshopRecord:
    audience = _AUDIENCES[row["bank"]]
    programme = accounts.create_programme(
        work,
        organisation_id=trainer.organisation_id,
        name=f"Founding workshops; facts: {row['source']}",
    )
    starts_on = date.fromisoformat(row["start_on"])
    plan = WorkshopPlan(
        title=TITLES[audience],
        country="PK",
        province=_PROVINCES[row["place"]],
        place=row["place"],
        starts_on=starts_on,
        ends_on=date.fromisoformat(row["end_on"]),
        zone=_ZONE,
        languages=("ur", "en"),
        audience=audience,
        programme_id=programme.id,
        women_count=int(row["women"]),
        men_count=int(row["men"]),
    )
    return workshops.create_workshop(
        replace(work, now=_at(starts_on, 9)),
        plan,
        by=trainer,
        is_synthetic=True,
        are_dates_inferred="inferred" in row["note"],
    )


def _join_all(
    work: Work,
    cards: list[PrintedCard],
    chance: random.Random,
    callbacks: Callbacks,
    *,
    women: int,
    province: str,
) -> list[OpenPass]:
    sexes = [Sex.WOMAN] * women + [Sex.MAN] * (len(cards) - women)
    chance.shuffle(sexes)
    phones = []
    for printed, sex in zip(cards, sexes, strict=True):
        phone = synthetic.join(work, printed.token, chance.choice(["ur", "ur", "en"]))
        synthetic.fill_profile(work, phone, sex, chance, province, callbacks.on_profiled)
        phones.append(phone)
    return phones


def _take_all(
    work: Work,
    workshop: WorkshopRecord,
    occasion: Occasion,
    phones: list[OpenPass],
    chance: random.Random,
    callbacks: Callbacks,
) -> None:
    administration = workshops.require_administration(work, workshop, occasion)
    for phone in phones:
        ability = synthetic.draw_ability(chance, is_after=occasion is Occasion.POST)
        synthetic.take_test(work, phone, administration, ability, chance, callbacks.on_completed)


def _open(
    work: Work, workshop: WorkshopRecord, occasion: Occasion, by: StaffPerson, callbacks: Callbacks
) -> None:
    workshops.open_administration(work, workshop, occasion, by=by, on_opened=callbacks.on_opened)


def _close(
    work: Work, workshop: WorkshopRecord, occasion: Occasion, by: StaffPerson, callbacks: Callbacks
) -> None:
    workshops.close_administration(
        work, workshop, occasion, by=by, notice=timedelta(0), on_closed=callbacks.on_closed
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(_ZONE))
