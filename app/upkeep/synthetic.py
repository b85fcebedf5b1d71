"""Synthetic people: they join with cards and answer by chance, through the same services.

Their answers are drawn from a seeded generator, so that every start shows the same numbers.
They are visibly synthetic: numbers, never names of people.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from app.adapters.db import Work
from app.adapters.sealing import digest
from app.banks import service as banks
from app.banks.schemas import FormKeys, PublishedForm
from app.core.placings import row_of
from app.core.scoring import DO_NOT_KNOW, ItemKey
from app.feedback import ballots
from app.feedback import service as feedback
from app.feedback.schemas import SheetAnswer
from app.participants import service as participants
from app.participants.schemas import AgencyType, OnProfiled, OpenPass, Profile, Sex, Years
from app.sittings import saving
from app.sittings import service as sittings
from app.sittings.saving import OnCompleted
from app.sittings.schemas import SentOperation
from app.workshops.schemas import AdministrationRecord, WorkshopRecord

DEVICE = "synthetic"
_LATE = timedelta(hours=24)
_ANSWERS, _SAYS_YES = 0.8, 0.3
"""How many synthetic people answer the ballot, and how many of these with yes."""


@dataclass(frozen=True)
class Ability:
    """How likely a synthetic person chooses the key, and "I do not know" otherwise."""

    knows: float
    admits: float


def join(work: Work, token: str, language: str, *, has_agreed: bool = True) -> OpenPass:
    """Scan the card and answer the consent page."""
    phone, _ = participants.join_with_token(work, token, language=language)
    participants.answer_consent(work, phone, has_agreed=has_agreed, language=language)
    found = participants.get_pass_again(work, phone)
    return found or phone


def take_test(
    work: Work,
    phone: OpenPass,
    administration: AdministrationRecord,
    ability: Ability,
    chance: random.Random,
    on_completed: OnCompleted,
) -> None:
    """Answer every question once and send."""
    sitting = sittings.open_sitting(work, phone, administration)
    form = banks.require_form(work, administration.form_id)
    keys = banks.require_keys(work, administration.form_id)
    operations = [
        SentOperation(
            operation_id=digest(f"{sitting.id}/{item.item}")[:32],
            item=item.item,
            revision=1,
            device=DEVICE,
            options=_choose(form, keys, item.item, ability, chance),
            text=None,
            language=phone.language,
            age=timedelta(0),
        )
        for item in form.items
    ]
    saving.save_and_submit(work, sitting, operations, late=_LATE, on_completed=on_completed)


def fill_profile(
    work: Work,
    phone: OpenPass,
    sex: Sex,
    chance: random.Random,
    province: str,
    on_profiled: OnProfiled,
) -> None:
    """Say something of the own work."""
    profile = Profile(
        sex=sex,
        agency_type=chance.choice(list(AgencyType)),
        province=province,
        years=chance.choice(list(Years)),
    )
    participants.save_profile(work, phone, profile, on_profiled)


def fill_questionnaire(
    work: Work, workshop: WorkshopRecord, phone: OpenPass, chance: random.Random
) -> None:
    """Hand in one sheet, mostly content."""
    form = feedback.require_form(work, workshop)
    ticket = feedback.hand_out_ticket(work, workshop, phone.card)
    if not feedback.is_ticket_unused(work, ticket):
        return
    answers = [
        SheetAnswer(
            item=item.item,
            option=chance.choices(
                [each.option for each in item.options], weights=[1, 2, 4, 9, 8][: len(item.options)]
            )[0],
            text=None,
        )
        for item in form.items
        if item.options
    ]
    workshop_id = feedback.hand_in(work, ticket, answers)
    slip = ballots.hand_out_slip(work, workshop_id, is_private=False)
    if slip is not None:
        twin = random.Random()  # what follows is drawn as before
        twin.setstate(chance.getstate())
        if twin.random() < _ANSWERS:
            ballots.cast_ballot(work, slip, is_yes=twin.random() < _SAYS_YES)


def draw_ability(chance: random.Random, *, is_after: bool) -> Ability:
    """Somewhere around half before, and around three quarters after."""
    knows = chance.gauss(0.74 if is_after else 0.46, 0.13)
    return Ability(knows=min(0.97, max(0.08, knows)), admits=0.08 if is_after else 0.22)


def _choose(
    form: PublishedForm, keys: FormKeys, item: str, ability: Ability, chance: random.Random
) -> tuple[str, ...]:
    printed = form.get_item(item)
    key = keys.keys.get(item)
    if printed is None or key is None:
        return ()
    if key.rows:
        return _choose_rows(key, ability, chance)
    if chance.random() < ability.knows:
        return tuple(sorted(key.keys))
    if chance.random() < ability.admits:
        return (DO_NOT_KNOW,)
    return (chance.choice([option for option in key.options if option not in key.keys]),)


def _choose_rows(key: ItemKey, ability: Ability, chance: random.Random) -> tuple[str, ...]:
    """Each row for itself: its column, or any column."""
    if chance.random() < ability.admits:
        return (DO_NOT_KNOW,)
    chosen = []
    for row in key.rows:
        columns = [each for each in key.options if row_of(each) == row]
        knows = chance.random() < ability.knows
        chosen.append(chance.choice([each for each in columns if not knows or each in key.keys]))
    return tuple(sorted(chosen))
