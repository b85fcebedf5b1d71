"""The minority ballot: one question that no table ties to a card, a workshop or a time.

A slip is made by chance when a questionnaire is handed in, and known to the phone alone until it
comes back with an answer. The answer goes into one sealed sum of its country and year and nowhere
else. Sums are told when a workshop's questionnaire closes, all that waits at once, by
`core.ballots.may_tell`; never at an answer. Decision 0030.
"""

from collections.abc import Collection

from sqlalchemy import delete

from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id
from app.adapters.sealing import digest, is_equal, keyed_digest, seal, unseal
from app.core.ballots import BallotSums, may_tell, pack_sums, unpack_sums
from app.core.errors import BallotClosed, NotAllowed
from app.core.printing import printed_percent
from app.feedback import ballot_queries as queries
from app.feedback.ballot_queries import CountKey, key_of
from app.feedback.schemas import BallotTold
from app.feedback.tables import BallotCount, BallotRound, BallotSlip
from app.workshops.schemas import WorkshopRecord

_PROOF_LENGTH = 32


def open_ballot(work: Work, workshop: WorkshopRecord) -> None:
    """The questionnaire of a workshop opens: the ballot too, where it is asked."""
    if not queries.is_asked(work.db, workshop.organisation_id, workshop.country):
        return
    key = CountKey(
        workshop.organisation_id, workshop.country, workshop.ends_on.year, workshop.is_synthetic
    )
    insert_if_absent(
        work, BallotCount, **vars(key), batch=1, yes_count=0, no_count=0, workshop_count=0
    )
    insert_if_absent(
        work, BallotRound, workshop_id=workshop.id, **vars(key), is_open=True, waiting_answers=0
    )


def hand_out_slip(work: Work, workshop_id: str, *, is_private: bool) -> str | None:
    """A slip for whoever has just handed a questionnaire in; None where nothing is asked.

    Nothing is stored: whose it is stands nowhere, and the one after it looks the same. Without
    https (`is_private`) invented people alone are asked: in a room's radio an answer can be read.
    """
    row = queries.get_round(work.db, workshop_id)
    if row is None or not row.is_open or not (is_private or row.is_synthetic):
        return None
    chance = new_id()
    return f"{workshop_id}.{chance}.{_proof(work, workshop_id, chance)}"


def cast_ballot(work: Work, slip: str, *, is_yes: bool) -> None:
    """Count an answer. A slip that was handed in before changes nothing and is no mistake.

    Raises BallotClosed, for a slip that was never handed out too.
    """
    workshop_id = _workshop_of(work, slip)
    asked = queries.get_round(work.db, workshop_id) if workshop_id else None
    count = queries.hold_count(work.db, key_of(asked)) if asked else None
    row = queries.get_round(work.db, workshop_id) if count and workshop_id else None
    if count is None or row is None or not row.is_open:
        raise BallotClosed()
    slip_hash = digest(slip)
    if queries.is_spent(work.db, slip_hash):
        return
    work.db.add(BallotSlip(slip_hash=slip_hash, workshop_id=row.workshop_id))
    _renew(work, count)
    _keep_waiting(work, count, _read_waiting(work, count).with_answer(is_yes=is_yes))
    row.waiting_answers += 1
    work.db.add(row)
    work.db.flush()


def close_ballot(work: Work, workshop_id: str) -> None:
    """The workshop's questionnaire closes: its slips end, and what waits is told if it may be.

    Answers of workshops that are still open are in the sum and told with it: the sum knows none.
    """
    asked = queries.get_round(work.db, workshop_id)
    count = queries.hold_count(work.db, key_of(asked)) if asked else None
    if asked is None or count is None:
        return
    _renew(work, count)
    rounds = queries.find_rounds(work.db, key_of(count))
    for row in rounds:
        if row.workshop_id == workshop_id:
            row.is_open = False
    _drop_slips(work, {workshop_id})
    sums = _read_waiting(work, count)
    closed = [row.waiting_answers for row in rounds if not row.is_open]
    if may_tell(sums, closed):
        count.yes_count += sums.yes
        count.no_count += sums.no
        count.workshop_count += sum(answers > 0 for answers in closed)
        _start_batch(work, count)
        for row in rounds:
            row.waiting_answers = 0
    for row in rounds:
        if row.is_open or row.waiting_answers:
            work.db.add(row)
        else:
            work.db.delete(row)
    work.db.add(count)
    work.db.flush()


def find_ballots(work: Work, reader: StaffPerson) -> list[BallotTold]:
    """What each country and year of the reader's scope says.

    Raises NotAllowed for whoever is limited to programmes: a ballot knows none.
    """
    if reader.scope.programmes:
        raise NotAllowed()
    return [
        _told(count)
        for count in queries.find_counts(work.db, reader.organisation_id)
        if reader.scope.holds(country=count.country, programme_id=None)
    ]


def find_ended_keys(work: Work) -> list[str]:
    """The names of the keys of all that was told or destroyed."""
    return [
        _key_name(key_of(count), batch)
        for count in queries.find_all_counts(work.db)
        for batch in range(1, count.batch)
    ]


def _told(count: BallotCount) -> BallotTold:
    """The three numbers, or none of them: a workshop alone is nothing to tell either."""
    told = count.yes_count + count.no_count
    return BallotTold(
        country=count.country,
        year=count.year,
        is_synthetic=count.is_synthetic,
        yes=count.yes_count if told else None,
        no=count.no_count if told else None,
        workshops=count.workshop_count if told else None,
        share=printed_percent(100 * count.yes_count / told, told) if told else None,
    )


def _workshop_of(work: Work, slip: str) -> str | None:
    workshop_id, _, rest = slip.partition(".")
    chance, _, proof = rest.partition(".")
    return workshop_id if is_equal(proof, _proof(work, workshop_id, chance)) else None


def _proof(work: Work, workshop_id: str, chance: str) -> str:
    return keyed_digest(work.keys.derived("ballot"), workshop_id, chance)[:_PROOF_LENGTH]


def _key_name(key: CountKey, batch: int) -> str:
    kind = "synthetic" if key.is_synthetic else "real"
    return f"ballot-{key.organisation_id}-{key.country}-{key.year}-{kind}-{batch}"


def _context(key: CountKey, batch: int) -> str:
    return f"ballot/{_key_name(key, batch)}"


def _read_waiting(work: Work, count: BallotCount) -> BallotSums:
    if count.waiting is None:
        return BallotSums()
    key = key_of(count)
    secret = work.keys.require(_key_name(key, count.batch))
    return unpack_sums(unseal(secret, count.waiting, context=_context(key, count.batch)))


def _keep_waiting(work: Work, count: BallotCount, sums: BallotSums) -> None:
    key = key_of(count)
    secret = work.keys.get_or_make(_key_name(key, count.batch))
    count.waiting = seal(secret, pack_sums(sums), context=_context(key, count.batch))
    work.db.add(count)


def _renew(work: Work, count: BallotCount) -> None:
    """A copy of the database was put back whose batch was told since: nobody can open it again."""
    key = key_of(count)
    if not work.keys.is_destroyed(_key_name(key, count.batch)):
        return
    while work.keys.is_destroyed(_key_name(key, count.batch)):
        count.batch += 1
    count.waiting = None
    for row in queries.find_rounds(work.db, key):
        row.waiting_answers = 0
        work.db.add(row)
    work.db.add(count)
    work.db.flush()


def _start_batch(work: Work, count: BallotCount) -> None:
    """What waited is told or destroyed: its key ends after the commit, its copy too."""
    name = _key_name(key_of(count), count.batch)
    count.batch += 1
    count.waiting = None
    work.db.add(count)
    work.after_commit.append(lambda: work.keys.destroy(name))


def destroy_waiting(work: Work, key: CountKey) -> None:
    """Nothing of a count waits any more, and no slip of it counts."""
    count = queries.hold_count(work.db, key)
    if count is None:
        return
    _start_batch(work, count)
    rounds = queries.find_rounds(work.db, key)
    _drop_slips(work, {row.workshop_id for row in rounds})
    for row in rounds:
        work.db.delete(row)
    work.db.flush()


def _drop_slips(work: Work, workshop_ids: Collection[str]) -> None:
    slips = delete(BallotSlip).where(BallotSlip.workshop_id.in_(workshop_ids))  # type: ignore[attr-defined]
    work.db.connection().execute(slips)
