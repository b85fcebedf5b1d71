"""R12: the phones of a room: they join by token and by number, tap, and send in any order, again,
late, with another content under the same id, from two devices with one card.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
)

from app.core.errors import (
    CardErased,
    CardUnknown,
    CardWaiting,
    NothingAnswered,
    OperationsMissing,
    SignInNeeded,
    SittingGone,
)
from app.participants import service as participants
from app.participants.schemas import OpenPass
from app.sittings import saving
from app.sittings import service as sittings
from app.sittings.schemas import Finish, SavedOperations, SentOperation
from tests.fixtures.sitting_model import (
    LATE_HOURS,
    Passage,
    Person,
    Phone,
    Tap,
    keep,
    refusal_of,
)
from tests.long.room_machine import ITEMS, NUMBERS, RoomBase

_MOST_PHONES = 7


class RoomMachine(RoomBase):
    """A room with its phones; the first is there from the beginning."""

    @initialize()
    def begin(self) -> None:
        self.plan()
        self.join(0, is_typed=False)

    # --- phones ------------------------------------------------------------------------------

    @precondition(lambda self: len(self.phones) < _MOST_PHONES)
    @rule(number=NUMBERS, is_typed=st.booleans())
    def join(self, number: int, is_typed: bool) -> None:
        """By token a phone goes on at once; by number it waits where somebody has begun."""
        person = self.pick(self.people, number)
        has_phone = any(each.person is person and each.state == "admitted" for each in self.phones)
        waits = is_typed and (has_phone or person.is_registered)
        found = self.told(self._join, person, is_typed=is_typed)
        if person.is_erased:
            assert isinstance(found, CardErased), found
            return
        device = f"phone-{len(self.phones)}"
        state = "waiting" if waits else "admitted"
        self.phones.append(Phone(person, device, found[1], state))
        self.start(len(self.phones) - 1)

    def _join(self, work: Any, person: Person, *, is_typed: bool) -> tuple[OpenPass, str]:
        if is_typed:
            return participants.join_with_number(
                work, self.room.workshop, person.number, language="en"
            )
        return participants.join_with_token(work, person.token, language="en")

    @precondition(lambda self: self.phones)
    @rule(number=NUMBERS)
    def admit(self, number: int) -> None:
        """The trainer's tap lets every phone go on that waits for the card."""
        person = self.pick(self.phones, number).person
        if person.is_erased:
            return
        self.do(participants.admit_phone, self.room.workshop, person.number, by=self.world.trainer)
        for phone in self.phones_of(person):
            if phone.state == "waiting":  # what came with an older card stays over
                phone.state = "admitted"

    @rule(number=NUMBERS)
    def reissue(self, number: int) -> None:
        """A lost card: the old token and its phones are over."""
        person = self.pick(self.people, number)
        if person.is_erased:
            return
        before = person.token
        printed = self.do(
            participants.reissue_card, self.room.workshop, person.number, by=self.world.trainer
        )
        person.token = printed.token
        for phone in self.phones_of(person):
            phone.state = "over"
        assert isinstance(self.told(participants.join_with_token, before, language="en"),
                          CardUnknown)  # fmt: skip

    @precondition(lambda self: self.phones)
    @rule(number=NUMBERS)
    def start(self, number: int) -> None:
        """Consent, and the test that is open now, started or gone on with."""
        phone = self.pick(self.phones, number)
        found = self.told(self._start, phone)
        if phone.person.is_erased or phone.state == "over":
            assert isinstance(found, SignInNeeded), found
        elif phone.state == "waiting":
            assert isinstance(found, CardWaiting), found
        else:
            phone.person.is_registered = True
            self._note_start(phone, found)

    def _start(self, work: Any, phone: Phone) -> tuple[Any, int] | None:
        known = participants.require_pass(work, phone.secret)
        sitting = sittings.answer_consent(work, known, has_agreed=True)
        return None if sitting is None else (sitting, sittings.next_revision(work, sitting))

    def _note_start(self, phone: Phone, found: Any) -> None:
        running = [each for each in self.tests.values() if self.is_taken(each)]
        assert (found is not None) == bool(running)
        if found is None:
            return
        sitting, revision = found
        passage = phone.person.passages.setdefault(running[0].occasion, Passage(sitting.id))
        assert sitting.id == passage.id, "a person has one sitting of a test"
        assert revision == 1 + max((each.revision for each in passage.kept.values()), default=0)
        phone.revision[sitting.id] = max(revision, phone.revision.get(sitting.id, 0))
        phone.made.setdefault(sitting.id, [])
        phone.waiting.setdefault(sitting.id, [])

    # --- answers -----------------------------------------------------------------------------

    @precondition(lambda self: any(phone.made for phone in self.phones))
    @rule(
        number=NUMBERS,
        item=st.integers(0, ITEMS - 1),
        option=st.sampled_from("abcd-*"),
        is_online=st.booleans(),
    )
    def tap(self, number: int, item: int, option: str, is_online: bool) -> None:
        """Offline nothing but the phone knows. `*` is the right one, `-` takes back."""
        phone = self.pick([each for each in self.phones if each.made], number)
        sitting_id = self.pick([*phone.made], number)
        name = [*self.keys][item]
        chosen = {"*": (self.keys[name][0],), "-": ()}.get(option, (option,))
        tap = Tap(
            f"tap-{phone.device}-{next(self.names)}", name, phone.revision[sitting_id],
            phone.device, chosen, self.world.clock.now(),
        )  # fmt: skip
        phone.revision[sitting_id] += 1
        phone.made[sitting_id].append(tap)
        phone.waiting[sitting_id].append(tap)
        if is_online:
            self._send(phone, sitting_id, [tap], lies=False, finishes=False)

    @precondition(lambda self: any(phone.made for phone in self.phones))
    @rule(number=NUMBERS, finishes=st.booleans())
    def take(self, number: int, finishes: bool) -> None:
        """What most people do: one question after the other, each sent at once, and the end."""
        for item in range(ITEMS):
            self.tap(number, item, "*", is_online=True)
        phone = self.pick([each for each in self.phones if each.made], number)
        sitting_id = self.pick([*phone.made], number)
        self._send(phone, sitting_id, [], lies=False, finishes=finishes)

    @precondition(lambda self: any(phone.made for phone in self.phones))
    @rule(number=NUMBERS)
    def tap_on(self, number: int) -> None:
        """The test is closed in the middle: a tap before it that comes after, and one after it."""
        running = [each for each in self.tests.values() if self.is_taken(each)]
        self.tap(number, 0, "a", is_online=False)
        for test in running:
            self.close(test.occasion, 0)
        self.wait(5, settles=False)
        self.tap(number, 1, "b", is_online=True)
        self.send(number, [*range(6)], is_again=False, lies=False, finishes=False)

    @precondition(lambda self: any(phone.made for phone in self.phones))
    @rule(
        number=NUMBERS,
        order=st.permutations(range(6)),
        is_again=st.booleans(),
        lies=st.booleans(),
        finishes=st.booleans(),
    )
    def send(
        self, number: int, order: list[int], is_again: bool, lies: bool, finishes: bool
    ) -> None:
        """Some of what waits, in any order, and what was kept already; perhaps the whole test."""
        phone = self.pick([each for each in self.phones if each.made], number)
        sitting_id = self.pick([*phone.made], number)
        waiting = phone.waiting[sitting_id]
        batch = [waiting[place] for place in order[:4] if place < len(waiting)]
        batch += [*phone.made[sitting_id][:2], *batch[:1]] if is_again else []
        self._send(phone, sitting_id, batch, lies=lies, finishes=finishes)

    @precondition(lambda self: any(phone.made for phone in self.phones))
    @rule(number=NUMBERS)
    def send_other_content(self, number: int) -> None:
        """The id of a tap that was kept, with another answer under it."""
        phone = self.pick([each for each in self.phones if each.made], number)
        for sitting_id, made in phone.made.items():
            if made:
                first = made[0]
                other = ("a",) if first.options != ("a",) else ("b",)
                changed = Tap(first.id, first.item, first.revision + 50, first.device, other,
                              first.tapped_at)  # fmt: skip
                if first.id in self._kept(sitting_id):
                    self._send(phone, sitting_id, [changed], lies=False, finishes=False)

    def _kept(self, sitting_id: str) -> dict[str, Tap]:
        passage, _ = self.passage_of(sitting_id)
        return passage.kept if passage else {}

    def _send(
        self, phone: Phone, sitting_id: str, batch: list[Tap], *, lies: bool, finishes: bool
    ) -> None:
        now = self.world.clock.now()
        passage, test = self.passage_of(sitting_id)
        ages = {tap.id: timedelta(0) if lies else now - tap.tapped_at for tap in batch}
        finish = Finish(tuple(tap.id for tap in phone.made[sitting_id])) if finishes else None
        saved = self.told(self._save, sitting_id, batch, ages, finish)
        if passage is None:
            assert isinstance(saved, SittingGone), saved
            return
        kept: list[str] = []
        refused: list[tuple[str, str]] = []
        for tap in batch:
            code = refusal_of(passage, test, tap, now=now, age=ages[tap.id])
            if code:
                refused.append((tap.id, code))
            else:
                keep(passage, test, tap, now=now)
                kept.append(tap.id)
        self.world.counts.update(kept=len(kept), refused=len(refused))
        assert list(saved.acknowledged) == kept
        assert [(each.operation_id, each.code) for each in saved.refused] == refused
        phone.waiting[sitting_id] = [
            each for each in phone.waiting[sitting_id] if each.id not in kept
        ]
        if finish is not None:
            self._judge_finish(passage, finish, saved)

    def _save(
        self,
        work: Any,
        sitting_id: str,
        batch: list[Tap],
        ages: dict[str, timedelta],
        finish: Finish | None,
    ) -> SavedOperations:
        sent = [
            SentOperation(each.id, each.item, each.revision, each.device, each.options, None, "en",
                          ages[each.id])
            for each in batch
        ]  # fmt: skip
        return saving.save_operations(
            work, sitting_id, sent, late=LATE_HOURS,
            on_completed=self.world.house.on_completed, finish=finish,
        )  # fmt: skip

    def _judge_finish(self, passage: Passage, finish: Finish, saved: SavedOperations) -> None:
        """Sent whole, or told what is missing; sent again it is the same."""
        missing = sorted(set(finish.sent_ids) - set(passage.kept))
        if passage.is_sent:
            assert saved.unfinished is None
        elif missing:
            assert isinstance(saved.unfinished, OperationsMissing)
            assert saved.unfinished.facts["missing"] == missing
        elif not passage.answered():
            assert isinstance(saved.unfinished, NothingAnswered)
        else:
            assert saved.unfinished is None
            passage.is_sent = True
            self.world.counts["sent"] += 1
