"""Reads scores, answers, running sums and snapshots: the SQL behind the door."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Table, case
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, func, select

from app.adapters.bulk import sum_rows
from app.core.bundling import Place
from app.core.scoring import UNITS_PER_POINT
from app.gains.cells import SUMS, Answer, Group, Person, Sums
from app.gains.frozen import Final, Frozen, Stream, unpack
from app.gains.recount import PAIR_KEY, RESPONSE_KEY, RESPONSE_SUMS
from app.gains.tables import (
    FirstTold,
    GroupRollup,
    ReleasedMember,
    ResponseRollup,
    SealedWorkshop,
    Snapshot,
    SnapshotContent,
)
from app.participants.tables import ErasedCard, Participant
from app.sittings.tables import Response, Sitting
from app.workshops.schemas import Occasion, WorkshopState
from app.workshops.tables import Administration, Workshop

_PAIRS: Table = GroupRollup.__table__  # type: ignore[attr-defined]
_RESPONSES: Table = ResponseRollup.__table__  # type: ignore[attr-defined]
_PAIRED = (Occasion.PRE.value, Occasion.POST.value)
_BREAKDOWNS = 4
_told_form = func.coalesce(col(FirstTold.form_id), col(Administration.form_id))
"""The version a workshop is told by outside its team (decision 0029)."""
_CONTENTS_AT_ONCE = 200
NOTHING = '{"options":[],"text":null}'

Room = tuple[str, str]
"""A workshop's and a form's id."""
PairKey = tuple[str, str, str, str]
ResponseKey = tuple[str, str, str, str, str, str]


def hold_rooms(db: Session, rooms: Sequence[Room]) -> None:
    """Nobody else counts in these rooms until this work ends; hand them in by their order."""
    sum_rows(
        db,
        _PAIRS,
        (*PAIR_KEY, *SUMS),
        [
            dict(zip(PAIR_KEY, (*room, "", ""), strict=True)) | dict.fromkeys(SUMS, 0)
            for room in rooms
        ],
        key=PAIR_KEY,
    )


def add_to_pairs(db: Session, cells: Mapping[PairKey, Sums]) -> None:
    """Add to the cells of groups, by key."""
    rows = [
        dict(zip((*PAIR_KEY, *SUMS), (*key, *sums), strict=True))
        for key, sums in sorted(cells.items())
    ]
    sum_rows(db, _PAIRS, (*PAIR_KEY, *SUMS), rows, key=PAIR_KEY)


def add_to_responses(db: Session, cells: Mapping[ResponseKey, Sums]) -> None:
    """Add to the cells of answers, by key."""
    columns = (*RESPONSE_KEY, *RESPONSE_SUMS)
    rows = [dict(zip(columns, (*key, *sums), strict=True)) for key, sums in sorted(cells.items())]
    sum_rows(db, _RESPONSES, columns, rows, key=RESPONSE_KEY)


def find_people(
    db: Session, participant_ids: Collection[str]
) -> dict[tuple[str, Room], tuple[Person, dict[Occasion, tuple[str, str]]]]:
    """These people by room, with each scored sitting's id and language."""
    flagged = case(
        (
            col(Sitting.is_late)
            | col(Sitting.is_paper)
            | col(Sitting.is_assisted)
            | col(Sitting.is_rescued),
            1,
        ),
        else_=0,
    )
    query = (
        columns_of(
            col(Participant.id), col(Administration.workshop_id), col(Sitting.form_id),
            col(Administration.occasion), col(Sitting.id), col(Sitting.language),
            col(Sitting.units), flagged, col(Participant.sex), col(Participant.agency_type),
            col(Participant.province), col(Workshop.pass_mark_points),
        )
        .join(Sitting, col(Sitting.participant_id) == Participant.id)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .join(Workshop, col(Workshop.id) == Administration.workshop_id)
        .where(
            col(Participant.id).in_(participant_ids),
            col(Administration.occasion).in_(_PAIRED),
            col(Sitting.units).is_not(None),
        )
    )  # fmt: skip
    grouped: dict[tuple[str, Room], list[Any]] = {}
    for person, workshop_id, form_id, *rest in db.connection().execute(query):
        grouped.setdefault((person, (workshop_id, form_id)), []).append(rest)
    return {place: _person_of(each) for place, each in grouped.items()}


def find_people_of(db: Session, workshop_id: str, form_id: str) -> list[Person]:
    """Everybody in a workshop who has a score for a form version."""
    ids = db.exec(select(Participant.id).where(Participant.workshop_id == workshop_id)).all()
    found = find_people(db, ids)
    return [person for (_, room), (person, _) in found.items() if room == (workshop_id, form_id)]


def _person_of(tests: Sequence[Any]) -> tuple[Person, dict[Occasion, tuple[str, str]]]:
    units = {Occasion(each[0]): each[3] for each in tests}
    _, _, _, _, _, sex, agency_type, province, points = tests[0]
    person = Person(
        pre=units.get(Occasion.PRE),
        post=units.get(Occasion.POST),
        sex=sex,
        agency_type=agency_type,
        province=province,
        is_flagged=any(each[4] for each in tests),
        pass_units=(points or 0) * UNITS_PER_POINT,
    )
    return person, {Occasion(each[0]): (each[1], each[2]) for each in tests}


def find_answers(
    db: Session, sitting_ids: Collection[str]
) -> dict[str, dict[str, tuple[str, str, int]]]:
    """What stands for each item of these sittings: answer, language and units."""
    query = columns_of(
        col(Response.sitting_id), col(Response.item), col(Response.content),
        col(Response.language), col(Response.units),
    ).where(col(Response.sitting_id).in_(sitting_ids))  # fmt: skip
    found: dict[str, dict[str, tuple[str, str, int]]] = {each: {} for each in sitting_ids}
    for sitting_id, item, content, language, units in db.connection().execute(query):
        chosen = "" if content == NOTHING else content
        found[sitting_id][item] = (chosen, language, units or 0)
    return found


def answer_of(known: Mapping[str, tuple[str, str, int]], item: str, language: str) -> Answer:
    """What stands for an item; nothing, in the sitting's language, where nothing was ever said."""
    return Answer(*known.get(item, ("", language, 0)))


def find_rooms(db: Session) -> list[Room]:
    """Every workshop and form version with a score."""
    query = (
        select(Administration.workshop_id, Sitting.form_id)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            col(Sitting.units).is_not(None),
            col(Administration.workshop_id).not_in(select(SealedWorkshop.workshop_id)),
        )
        .distinct()
    )
    return sorted((workshop_id, form_id) for workshop_id, form_id in db.exec(query).all())


def find_rooms_of(db: Session, *, workshop_id: str = "", participant_id: str = "") -> list[Room]:
    """The rooms in which a workshop, or one person, counts already; not sealed ones."""
    query = columns_of(_PAIRS.c.workshop_id, _PAIRS.c.form_id).where(_PAIRS.c.facet == "")
    if participant_id:
        workshop_id = db.get_one(Participant, participant_id).workshop_id
    query = query.where(_PAIRS.c.workshop_id == workshop_id)
    query = query.where(_PAIRS.c.workshop_id.not_in(select(SealedWorkshop.workshop_id)))
    return sorted((own, form) for own, form in db.connection().execute(query))


def has_scores(db: Session, participant_id: str) -> bool:
    """Whether a person has a scored test."""
    query = select(Sitting.id).where(
        Sitting.participant_id == participant_id, col(Sitting.units).is_not(None)
    )
    return db.exec(query.limit(1)).first() is not None


def find_groups(db: Session, workshop_id: str, form_id: str) -> dict[Group, Sums]:
    """A workshop's cells that hold anybody, by facet and value."""
    query = columns_of(_PAIRS.c.facet, _PAIRS.c.value, *(_PAIRS.c[name] for name in SUMS)).where(
        _PAIRS.c.workshop_id == workshop_id, _PAIRS.c.form_id == form_id
    )
    rows = db.connection().execute(query)
    return {(facet, value): tuple(sums) for facet, value, *sums in rows if any(sums)}


def count_answers(db: Session, administration_id: str) -> dict[tuple[str, str], int]:
    """How many people whose test is scored gave which answer, by item and answer."""
    query = (
        columns_of(col(Response.item), col(Response.content), func.count())
        .join(Sitting, col(Sitting.id) == Response.sitting_id)
        .where(
            col(Sitting.administration_id) == administration_id,
            col(Sitting.units).is_not(None),
            col(Response.content) != NOTHING,
        )
        .group_by(col(Response.item), col(Response.content))
    )
    return {(item, chosen): people for item, chosen, people in db.connection().execute(query)}


def find_answer_cells(
    db: Session, workshop_id: str, form_id: str
) -> dict[tuple[str, str, str, str], Sums]:
    """A workshop's cells of answers, by item, occasion, language and answer."""
    names = (*RESPONSE_KEY[2:], *RESPONSE_SUMS)
    query = columns_of(*(_RESPONSES.c[name] for name in names)).where(
        _RESPONSES.c.workshop_id == workshop_id, _RESPONSES.c.form_id == form_id
    )
    rows = db.connection().execute(query)
    return {
        (item, occasion, language, chosen): tuple(sums)
        for item, occasion, language, chosen, *sums in rows
        if any(sums)
    }


def count_registered(db: Session, workshop_id: str) -> int:
    """Everybody who answered the consent page."""
    return db.exec(
        select(func.count()).select_from(Participant).where(Participant.workshop_id == workshop_id)
    ).one()


def count_beside(db: Session, snapshot: Snapshot) -> int:
    """Sittings whose score came or changed after a snapshot and is not in its figures."""
    return db.exec(
        select(func.count())
        .select_from(Sitting)
        .join(Administration, col(Administration.id) == Sitting.administration_id)
        .where(
            Administration.workshop_id == snapshot.workshop_id,
            col(Administration.occasion).in_(_PAIRED),
            col(Sitting.units_changed_at) > snapshot.taken_at,
        )
    ).one()


def count_erased(db: Session, snapshot: Snapshot) -> int:
    """The people in a snapshot's figures whose tests were erased since."""
    query = select(func.count()).select_from(ErasedCard)
    query = query.where(ErasedCard.workshop_id == snapshot.workshop_id)
    query = query.where(col(ErasedCard.scored_at) <= snapshot.taken_at)
    return db.exec(query.where(col(ErasedCard.erased_at) > snapshot.taken_at)).one()


def find_snapshots(db: Session, workshop_id: str) -> list[tuple[Snapshot, bytes | None]]:
    """A workshop's snapshots, the oldest first, with what was frozen."""
    query = (
        select(Snapshot, SnapshotContent.content)
        .join(SnapshotContent, col(SnapshotContent.snapshot_id) == Snapshot.id, isouter=True)
        .where(Snapshot.workshop_id == workshop_id)
        .order_by(col(Snapshot.id))
    )
    return [(row, content) for row, content in db.exec(query).all()]


def get_latest_snapshot(
    db: Session, workshop_id: str, occasion: Occasion | None = None
) -> Snapshot | None:
    """The snapshot that stands, or the last one taken on one occasion's closing."""
    query = select(Snapshot).where(Snapshot.workshop_id == workshop_id)
    if occasion is not None:
        query = query.where(Snapshot.occasion == occasion.value)
    return db.exec(query.order_by(col(Snapshot.id).desc()).limit(1)).first()


def find_forms(db: Session) -> list[str]:
    """Every form version with a score, or with a cell that is left of one."""
    scored = db.exec(select(Sitting.form_id).where(col(Sitting.units).is_not(None)).distinct())
    kept = db.connection().execute(columns_of(_PAIRS.c.form_id).distinct())
    return sorted({*scored.all(), *kept.scalars()})


def count_sealed(db: Session) -> int:
    """Workshops whose cells stand as they are."""
    return db.exec(select(func.count()).select_from(SealedWorkshop)).one()


def hold_tables(db: Session) -> None:
    """Nobody else writes cells until this work ends; SQLite has one writer anyway."""
    if db.connection().dialect.name == "postgresql":
        db.connection().exec_driver_sql(
            "LOCK TABLE group_rollups, response_rollups IN EXCLUSIVE MODE"
        )


def lacks_groups(db: Session) -> bool:
    """Whether there are sums of rooms and of nothing else."""
    rooms = columns_of(_PAIRS.c.facet).where(_PAIRS.c.pre_count + _PAIRS.c.post_count > 0)
    found = db.connection().execute(rooms.where(_PAIRS.c.facet == "").limit(1)).first()
    grouped = db.connection().execute(rooms.where(_PAIRS.c.facet != "").limit(1)).first()
    return found is not None and grouped is None


def find_streams(db: Session) -> list[Stream]:
    """Organisations and forms with a final workshop that is not in every table yet."""
    query = (
        select(Workshop.organisation_id, _told_form)
        .join(Administration, col(Administration.workshop_id) == Workshop.id)
        .join(FirstTold, col(FirstTold.workshop_id) == Workshop.id, isouter=True)
        .where(
            Administration.occasion == Occasion.POST.value,
            col(Administration.settled_at).is_not(None),
            col(Workshop.id).not_in(_complete()),
        )
        .distinct()
    )
    return sorted(Stream(*row) for row in db.exec(query).all())


def find_finals(db: Session, stream: Stream, choose: Callable[[Sequence[int]], int]) -> list[Final]:
    """The final workshops of a stream that are not in every table yet.

    Each with the snapshot outside readers see, or the one it was released with.
    """
    places: dict[Place, Place] = {}  # few places, many workshops: each is kept once
    found = []
    rows = db.connection().execute(_final_states(stream))
    for own, group in groupby(rows, key=lambda row: row.workshop_id):
        states = list(group)
        used = [each for each in states if each.bundle_id is not None]
        told = used[0] if used else states[choose([each.pair_count for each in states])]
        place = _place_of(told.country, told.province, told.programme_id, told.ends_on)
        place = places.setdefault(place, place)
        found.append(Final(own, place, told.snapshot_id, told.pair_counts))
    return found


def _final_states(stream: Stream) -> Any:
    """Every snapshot of the final workshops, and whether its workshop was released with it."""
    return (
        columns_of(
            col(Workshop.id).label("workshop_id"), col(Workshop.country), col(Workshop.province),
            col(Workshop.programme_id), col(Workshop.ends_on),
            col(Snapshot.id).label("snapshot_id"), col(Snapshot.pair_count),
            col(SnapshotContent.pair_counts), col(ReleasedMember.bundle_id),
        )
        .join(Administration, col(Administration.workshop_id) == Workshop.id)
        .join(FirstTold, col(FirstTold.workshop_id) == Workshop.id, isouter=True)
        .join(Snapshot, col(Snapshot.workshop_id) == Workshop.id)
        .join(SnapshotContent, col(SnapshotContent.snapshot_id) == Snapshot.id)
        .join(
            ReleasedMember,
            (col(ReleasedMember.snapshot_id) == Snapshot.id)
            & (col(ReleasedMember.workshop_id) == Workshop.id)
            & (col(ReleasedMember.form_id) == stream.form_id)
            & (col(ReleasedMember.breakdown) == ""),
            isouter=True,
        )
        .where(
            col(Workshop.organisation_id) == stream.organisation_id,
            col(Workshop.state) != WorkshopState.CANCELLED.value,
            col(Administration.occasion) == Occasion.POST.value,
            _told_form == stream.form_id,
            col(Snapshot.form_id) == stream.form_id,
            col(Administration.settled_at).is_not(None),
            col(Workshop.id).not_in(_complete()),
        )
        .order_by(col(Workshop.id), col(Snapshot.id))
    )  # fmt: skip


def read_contents(db: Session, snapshot_ids: Sequence[int]) -> Iterator[tuple[int, Frozen]]:
    """What was frozen with these snapshots, in their order; some at a time."""
    for start in range(0, len(snapshot_ids), _CONTENTS_AT_ONCE):
        wanted = snapshot_ids[start : start + _CONTENTS_AT_ONCE]
        query = columns_of(col(SnapshotContent.snapshot_id), col(SnapshotContent.content)).where(
            col(SnapshotContent.snapshot_id).in_(wanted)
        )
        found = {row.snapshot_id: row.content for row in db.connection().execute(query)}
        yield from ((own, unpack(found[own])) for own in wanted)


def _complete() -> Any:
    """Workshops that are in a bundle of every breakdown."""
    return (
        select(ReleasedMember.workshop_id)
        .group_by(ReleasedMember.workshop_id)
        .having(func.count() == _BREAKDOWNS)
    )


def _place_of(country: str, province: str, programme_id: str | None, ends_on: date) -> Place:
    return Place(
        country=country,
        province=province,
        programme=programme_id or "none",
        year=ends_on.year,
        quarter=(ends_on.month + 2) // 3,
    )
