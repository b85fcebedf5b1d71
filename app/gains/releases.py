"""Releases final results to readers outside the team, in bundles that never change.

A workshop is final when the late hours of its post-test have ended. Its results are released as the
snapshot outside readers see then; what comes later (a test opened again, a corrected place) does
not move what was released. Bundles by facet are made of whole bundles, so that no table by sex
tells the total of a workshop that is not told itself. Source: `core.bundling`, statistics.md §6.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.adapters.db import Work
from app.adapters.randomness import new_id
from app.core.bundling import Bundle, Pending, Place, make_bundles
from app.core.disclosure import Audience
from app.core.means import ScoreSums, contrast_of
from app.gains import release_queries as queries
from app.gains.cells import PROFILE_FACETS, SUMS, Facet
from app.gains.frozen import Final, Frozen, Stream
from app.gains.queries import find_finals, find_streams
from app.gains.tables import ReleasedBundle, ReleasedCell
from app.gains.workshop_results import told_state

TOLD = tuple(name for name in SUMS if name in ReleasedCell.model_fields)
WHOLE = Facet.ROOM.value
BREAKDOWNS = tuple(facet.value for facet in PROFILE_FACETS)


@dataclass(frozen=True)
class _Unit:
    """What is bundled: a final workshop, or for a facet a whole bundle of them."""

    id: str
    place: Place
    workshops: tuple[Final, ...]


def release_due(work: Work, *, threshold: int) -> int:
    """Bundle and release what can be told by now; returns how many bundles were made.

    Again it changes nothing. Safe at any time: what is told only ever grows by whole bundles.
    """
    made = 0
    for stream in find_streams(work.db):
        finals = find_finals(work.db, stream, _choose(threshold))
        released = queries.find_units(work.db, stream)
        waiting = [
            _Unit(each.workshop_id, each.place, (each,))
            for each in finals
            if each.workshop_id not in released[WHOLE]
        ]
        made += _release(work, stream, WHOLE, waiting, threshold)
        known = queries.find_units(work.db, stream)
        for breakdown in BREAKDOWNS:
            units = _whole_bundles(work, stream, finals, known[WHOLE], known[breakdown])
            made += _release(work, stream, breakdown, units, threshold)
    return made


def _choose(threshold: int) -> Callable[[Sequence[int]], int]:
    return lambda pairs: told_state(pairs, Audience.OUTSIDE, threshold)


def _whole_bundles(
    work: Work,
    stream: Stream,
    finals: Sequence[Final],
    whole: Mapping[str, str],
    done: Mapping[str, str],
) -> list[_Unit]:
    """The whole bundles that are in no bundle of this breakdown yet."""
    places = queries.find_places(work.db, stream)
    members: dict[str, list[Final]] = {}
    for each in finals:
        bundle_id = whole.get(each.workshop_id)
        if bundle_id is not None and each.workshop_id not in done:
            members.setdefault(bundle_id, []).append(each)
    return [_Unit(bundle_id, places[bundle_id], tuple(own)) for bundle_id, own in members.items()]


def _release(
    work: Work, stream: Stream, breakdown: str, units: Sequence[_Unit], threshold: int
) -> int:
    known = {unit.id: unit for unit in units}
    today = work.now.date()
    pending = [
        Pending(unit.id, unit.place, _counts(unit, breakdown), _is_over(unit.place, today))
        for unit in units
    ]
    bundles = make_bundles(pending, threshold)
    for bundle in bundles:
        _write(work, stream, breakdown, bundle, [known[each] for each in bundle.workshops])
    return len(bundles)


def _values(frozen: Frozen, breakdown: str) -> list[str]:
    return [""] if breakdown == WHOLE else frozen.values(breakdown)


def _counts(unit: _Unit, breakdown: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in unit.workshops:
        for value in _values(each.frozen, breakdown):
            found[value] += each.frozen.sums((breakdown, value))["pair_count"]
    return {value: n for value, n in found.items() if n}


def _is_over(place: Place, today: date) -> bool:
    """Whether the quarter has ended; of a bundle that spans some, the year."""
    if not place.year:
        return True
    quarter = place.quarter or 4
    first_after = date(place.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return today >= first_after


def _write(
    work: Work, stream: Stream, breakdown: str, bundle: Bundle, units: Sequence[_Unit]
) -> None:
    finals = [each for unit in units for each in unit.workshops]
    place, bundle_id = bundle.place, new_id()
    queries.add_bundle(
        work.db,
        ReleasedBundle(
            id=bundle_id,
            organisation_id=stream.organisation_id,
            form_id=stream.form_id,
            breakdown=breakdown,
            country=place.country,
            province=place.province,
            programme_id=place.programme,
            year=place.year,
            quarter=place.quarter,
            workshop_id=finals[0].workshop_id if len(finals) == 1 else "",
            workshop_count=len(finals),
            released_at=work.now,
        ),
        [(unit.id, each) for unit in units for each in unit.workshops],
    )
    told = [value for value, n in bundle.judged.published.items() if n]
    cells = {value: sum_cells(finals, breakdown, value) for value in told}
    queries.add_cells(work.db, bundle_id, cells)
    queries.add_pairs(work.db, stream, breakdown, place, count_people(finals, breakdown, told))
    if breakdown == WHOLE:
        queries.add_items(work.db, stream, place, sum_items(finals))
    else:
        found = find_group_differences(finals, breakdown, sorted(told))
        queries.add_differences(work.db, bundle_id, found)


def sum_cells(finals: Sequence[Final], breakdown: str, value: str) -> dict[str, int]:
    """A group's numbers over the workshops of a bundle."""
    sums = [each.frozen.sums((breakdown, value)) for each in finals]
    return {name: sum(each[name] for each in sums) for name in TOLD}


def count_people(
    finals: Sequence[Final], breakdown: str, told: Sequence[str]
) -> Counter[tuple[str, int, int]]:
    """How many people of the groups told had which two scores."""
    pairs: Counter[tuple[str, int, int]] = Counter()
    for each in finals:
        for value in told:
            for (pre, post), people in each.frozen.pairs.get((breakdown, value), {}).items():
                pairs[value, pre, post] += people
    return pairs


def sum_items(finals: Sequence[Final]) -> dict[str, tuple[int, ...]]:
    """Retained, lost, learned and not learned over the workshops of a bundle, by item."""
    names = ("passed_both", "passed_before", "passed_after", "passed_neither")
    found: dict[str, tuple[int, ...]] = {}
    for each in finals:
        for item in each.frozen.values(Facet.ITEM.value):
            sums = each.frozen.sums((Facet.ITEM.value, item))
            known = found.get(item, (0, 0, 0, 0))
            found[item] = tuple(a + sums[name] for a, name in zip(known, names, strict=True))
    return found


def find_group_differences(
    finals: Sequence[Final], breakdown: str, told: Sequence[str]
) -> list[tuple[str, str, float, float]]:
    """First, second, difference and its variance, of every two groups that are told.

    Inside each workshop, so that nothing of it is a difference between workshops.
    """
    found = []
    for place, first in enumerate(told):
        for second in told[place + 1 :]:
            pooled = _stratified(finals, breakdown, first, second)
            if pooled is not None:
                found.append((first, second, *pooled))
    return found


def _stratified(
    finals: Sequence[Final], breakdown: str, first: str, second: str
) -> tuple[float, float] | None:
    """Σ w d ÷ Σ w with w = n1 n2/(n1 + n2), one variance of the gains in all workshops.

    None without a workshop that has both, or where gains do not vary.
    """
    weights = total = 0.0
    inside, people = 0.0, 0
    for each in finals:
        groups = [_gains(each.frozen, breakdown, value) for value in (first, second)]
        if not all(group.n for group in groups):
            continue
        diff = contrast_of(groups[1], groups[0]).diff
        weight = groups[0].n * groups[1].n / (groups[0].n + groups[1].n)
        weights += weight
        total += weight * float(diff or 0)
        for group in groups:
            inside += group.spread / group.n / group.units_per_point**2
            people += group.n - 1
    if not weights or people < 1 or inside <= 0:
        return None
    return total / weights, inside / people / weights


def _gains(frozen: Frozen, breakdown: str, value: str) -> ScoreSums:
    sums = frozen.sums((breakdown, value))
    return ScoreSums(
        n=sums["pair_count"],
        total=sums["sum_post"] - sums["sum_pre"],
        squares=sums["sum_pre_squared"] - 2 * sums["sum_products"] + sums["sum_post_squared"],
    )
