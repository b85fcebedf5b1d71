"""The demonstration: seeded once, and its synthetic people play the post-test on a button."""

import random
import shutil
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.certificates import service as certificates
from app.core.errors import AdministrationNotOpen, Refusal
from app.participants import service as participants
from app.participants.schemas import PrintedCard
from app.settings import Settings
from app.sittings import service as sittings
from app.upkeep import seed, setup, synthetic
from app.upkeep.addresses import Stop
from app.workshops import service as workshops
from app.workshops.schemas import Occasion, WorkshopRecord

OpenUnit = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True)
class DemoPlaces:
    """Who can go where."""

    trainer_token: str
    evaluator_token: str
    admin_token: str
    workshop: WorkshopRecord
    free_cards: tuple[PrintedCard, ...]
    certificate_number: str


def seed_demo(
    open_unit: OpenUnit,
    callbacks: seed.Callbacks,
    on_progress: Callable[[int, int, str], None],
) -> None:
    """Seed what is missing; a second start keeps what was answered."""
    with open_unit() as work:
        if seed.is_seeded(work):
            return
        cast = seed.seed_staff(work)
        seed.seed_founding_workshops(work, cast.trainer, callbacks, on_progress)
        seed.seed_workshop_of_today(work, cast.trainer, callbacks)


def start_over(settings: Settings, *, is_sure: bool) -> None:
    """Throw the demonstration's database and keys away; raises Stop when the answer is not yes."""
    if not is_sure:
        answer = input(f"Throw away everything the demo has in {settings.data_dir}? Type yes: ")
        if answer.strip().lower() != "yes":
            raise Stop("Nothing was changed.")
    for path in sorted(settings.data_dir.glob("tafawut.sqlite3*")):
        path.unlink()
    for folder in (settings.keys, settings.key_backup):
        shutil.rmtree(folder, ignore_errors=True)


def is_empty_or_demo(work: Work) -> bool:
    """Whether this database holds nobody, or only the demonstration's own staff."""
    owners = {each.name for each in accounts.find_organisations(work)}
    return owners <= {seed.ORGANISATION}


def read_places(work: Work) -> DemoPlaces:
    """Fresh one-time links, the workshop to try, its free cards and a certificate."""
    accounts.end_reusable_links(work)
    people = {
        login: setup.require_staff(work, login) for login in ("trainer", "evaluator", "admin")
    }
    workshop = _workshop_to_try(work, people["trainer"])
    taken = {
        line.card.id
        for line in participants.find_card_lines(work, workshop)
        if line.participant is not None
    }
    cards = participants.find_printed_cards(work, workshop)
    holders = certificates.find_holders(work, workshop)
    numbers = [each.certificate.number for each in holders if each.certificate]
    return DemoPlaces(
        trainer_token=setup.make_sign_in_link(work, people["trainer"]),
        evaluator_token=setup.make_sign_in_link(work, people["evaluator"]),
        admin_token=setup.make_sign_in_link(work, people["admin"]),
        workshop=workshop,
        free_cards=tuple(each for each in cards if each.card.id not in taken),
        certificate_number=numbers[0] if numbers else "",
    )


class PostTestPlayer:
    """Lets the synthetic people of one workshop take the post-test, one after another."""

    def __init__(
        self, open_unit: OpenUnit, callbacks: seed.Callbacks, pause_seconds: float
    ) -> None:
        self._open_unit = open_unit
        self._callbacks = callbacks
        self._pause_seconds = pause_seconds
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, work: Work, workshop: WorkshopRecord) -> None:
        """Begin, unless they are at it; raises AdministrationNotOpen."""
        post = workshops.require_administration(work, workshop, Occasion.POST)
        if not post.is_open_at(work.now):
            raise AdministrationNotOpen(occasion=Occasion.POST.value)
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return
            self._thread = threading.Thread(target=self._play, args=(workshop,), daemon=True)
            work.after_commit.append(self._thread.start)

    def stop(self) -> None:
        """Stop before the next person; waits for the present one."""
        self._stop.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=3)

    def _play(self, workshop: WorkshopRecord) -> None:
        with self._open_unit() as work:
            people = sittings.find_participants_by_device(
                work,
                workshops.require_administration(work, workshop, Occasion.PRE),
                synthetic.DEVICE,
            )
            cards = [
                each
                for each in participants.find_printed_cards(work, workshop)
                if each.card.id in participants.find_card_ids(work, people)
            ]
        for printed in cards:
            if self._stop.wait(self._pause_seconds):
                return
            try:
                with self._open_unit() as work:
                    self._play_one(work, workshop, printed)
            except Refusal:
                return  # the trainer has closed the test: they stop, like anybody

    def _play_one(self, work: Work, workshop: WorkshopRecord, printed: PrintedCard) -> None:
        chance = random.Random(f"post/{printed.card.number}")
        post = workshops.require_administration(work, workshop, Occasion.POST)
        phone = synthetic.join(work, printed.token, "ur")
        own = sittings.get_own_sitting(work, phone, post)
        if own is not None and own.is_sent:
            return
        ability = synthetic.draw_ability(chance, is_after=True)
        synthetic.take_test(work, phone, post, ability, chance, self._callbacks.on_completed)
        synthetic.fill_questionnaire(work, workshop, phone, chance)


def _workshop_to_try(work: Work, trainer: StaffPerson) -> WorkshopRecord:
    own = workshops.find_workshops_of_trainer(work, trainer)
    return next(each for each in own if each.title == seed.TODAY_TITLE)
