"""A workshop's room as a reader may see it: groups, objectives, who left, flagged sittings.

A group of a facet is told from ten pairs, for everybody, and only where the groups withheld beside
it are at least two of at least ten pairs together. Source: statistics.md §5, §6.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.core import disclosure
from app.core.attrition import (
    AttritionSums,
    attrition_of,
    judge_completion,
    leavers_differ,
    needs_adjusted_gain,
)
from app.core.disclosure import Audience
from app.core.figures import Reason
from app.core.gains import gain_of, percent_per_point
from app.core.groups import ancova, gain_contrasts
from app.core.means import ScoreSums, contrast_of
from app.core.printing import printed_points
from app.core.scoring import UNITS_PER_POINT
from app.core.suppression import suppress_groups
from app.gains.cells import FLAGGED, PROFILE_FACETS, SUMS, Facet, ItemShape
from app.gains.frozen import Frozen
from app.gains.printed import Printer, print_gain, sums_of
from app.gains.results import (
    AttritionFigures,
    FacetTable,
    Figure,
    FlaggedFigures,
    GroupDifference,
    GroupRow,
    ItemRow,
    ObjectiveRow,
    Unsaid,
)

_CEILING = Fraction(85)
"""From this mean pre-test percentage there is hardly anything left to gain."""

_APART_PP = 3


def facet_tables(frozen: Frozen, max_units: int, threshold: int) -> tuple[FacetTable, ...]:
    """The room by each facet of the profile, for its own team."""
    return tuple(
        _facet_table(frozen, facet.value, max_units, threshold) for facet in PROFILE_FACETS
    )


def _facet_table(frozen: Frozen, facet: str, max_units: int, threshold: int) -> FacetTable:
    """No row where all who took both are of one sex: it would be the gain of a room by sex."""
    cells = {value: frozen.sums((facet, value)) for value in frozen.values(facet)}
    counts = {value: cell["pair_count"] for value, cell in cells.items()}
    judged = suppress_groups(counts, threshold)
    told = {value: cells[value] for value in judged.published if counts[value]}
    is_the_room = facet == Facet.SEX and sum(count > 0 for count in counts.values()) == 1
    rows = [
        GroupRow(
            value=value,
            figures=print_gain(cell, max_units, Audience.TEAM) if value in told else None,
            unsaid=_why(value in judged.published, counts[value]),
        )
        for value, cell in cells.items() if not is_the_room
    ]  # fmt: skip
    return FacetTable(
        facet=facet,
        rows=tuple(rows),
        differences=tuple(_differences(told, max_units)),
        combined=judged.combined_n if judged.is_combined_publishable else None,
        offers_pooled=bool(judged.suppressed),
    )


def _why(is_told: bool, count: int) -> Unsaid | None:
    if not count:
        return Unsaid.NO_PAIRS
    return None if is_told else Unsaid.SUPPRESSED


def _differences(cells: Mapping[str, Mapping[str, int]], max_units: int) -> list[GroupDifference]:
    """Every two groups that may be told; at the same start by ANCOVA, beside it the starts."""
    groups = {value: sums_of(cell, max_units) for value, cell in cells.items()}
    found = []
    for each in gain_contrasts(groups):
        first, second = groups[each.first], groups[each.second]
        printer = Printer(Audience.TEAM, min(first.n, second.n))
        factor, contrast = percent_per_point(first) or Fraction(0), each.contrast
        start = contrast_of(second.pre(), first.pre()).diff
        adjusted = ancova({each.first: first, each.second: second}).contrasts[0]
        same = adjusted.adjusted_difference

        def pp(value: Fraction | float | None, name: str = "ci_low") -> Figure:
            reason = contrast.reasons.get(name, Reason.ZERO_VARIANCE)  # noqa: B023
            return printer.pp(None if value is None else value * factor, reason)  # noqa: B023

        found.append(
            GroupDifference(
                first=each.first,
                second=each.second,
                difference_pp=pp(contrast.diff, "diff"),
                low=pp(contrast.ci_low),
                high=pp(contrast.ci_high),
                pre_difference_pp=pp(start),
                same_start_pp=pp(None if same is None else Fraction(same)),
            )
        )
    return found


def objective_rows(
    frozen: Frozen, shape: Mapping[str, ItemShape], audience: Audience, told: Sequence[ItemRow]
) -> tuple[ObjectiveRow, ...]:
    """Each objective's own questions; nothing the whole room does not show.

    `told`: the questions as they are told. Where the share of one is a limit its objective is
    withheld: the mean would give what the limit hides.
    """
    limited = {each.item for each in told if each.right_before.extreme or each.right_after.extreme}
    rows = []
    for objective in dict.fromkeys(each.objective for each in shape.values()):
        items = tuple(item for item, each in shape.items() if each.objective == objective)
        most = sum(shape[item].max_units for item in items)
        cell = frozen.sums((Facet.OBJECTIVE.value, objective))
        is_told = limited.isdisjoint(items)
        rows.append(
            ObjectiveRow(
                objective=objective,
                items=items,
                max_points=printed_points(Fraction(most, UNITS_PER_POINT)),
                figures=print_gain(cell, most, audience) if is_told else None,
                unsaid=None if is_told else Unsaid.WITHHELD,
            )
        )
    return tuple(rows)


def attrition_figures(
    frozen: Frozen,
    left: Frozen | None,
    *,
    registered: int,
    max_units: int,
    audience: Audience,
    least: tuple[int, int],
) -> AttritionFigures:
    """Who is missing, and the gain as if they had stayed; `least`: thresholds outside, room.

    `left`: the state leavers are told of; None when nothing of them may be told yet.
    """
    sums = _attrition_sums(frozen, max_units)
    found, pairs = attrition_of(sums), sums.pairs
    printer = Printer(audience, pairs.n)
    leavers = None if left is None else _attrition_sums(left, max_units)
    may_tell = leavers is not None and disclosure.may_show_leavers(
        leavers.leavers.n, audience, least[0], room_threshold=least[1]
    )
    low, high = found.completion_wilson_low, found.completion_wilson_high
    share = found.completion_rate
    return AttritionFigures(
        registered=registered,
        pre=sums.n_pre,
        post=pairs.n + sums.n_post_only,
        paired=pairs.n,
        completion_percent=printer.percent(None if share is None else 100 * share),
        completion_low=printer.percent(None if low is None else 100 * low),
        completion_high=printer.percent(None if high is None else 100 * high),
        judged=judge_completion(pairs.n, sums.n_pre),
        **_leavers(leavers if may_tell else None, printer),
    )


def _attrition_sums(frozen: Frozen, max_units: int) -> AttritionSums:
    cell = frozen.sums()
    pairs = sums_of(cell, max_units)
    leavers = ScoreSums(
        n=cell["pre_count"] - pairs.n,
        total=cell["sum_all_pre"] - pairs.sx,
        squares=cell["sum_all_pre_squared"] - pairs.sxx,
    )
    return AttritionSums(pairs=pairs, leavers=leavers, n_post_only=cell["post_count"] - pairs.n)


def _leavers(sums: AttritionSums | None, printer: Printer) -> dict[str, Any]:
    """The figures that involve leavers; None where they may not be told."""
    names = ("leavers_start_pp", "adjusted_gain_pp", "adjusted_low", "adjusted_high")
    nothing: dict[str, Any] = {"leavers_differ": None, "differs_from_gain": None}
    if sums is None:
        return dict.fromkeys(names, printer.blank(Reason.SUPPRESSED)) | nothing
    found, percent = attrition_of(sums), percent_per_point(sums.pairs)
    factor = float(percent or 0)

    def pp(value: float | Fraction | None, reason: Reason | None) -> Figure:
        return printer.pp(None if value is None else float(value) * factor, reason)

    adjusted, contrast = found.adjusted, found.contrast
    told: dict[str, Any] = {
        "leavers_start_pp": pp(contrast.diff, contrast.reasons.get("diff")),
        "leavers_differ": leavers_differ(contrast, sums.leavers.n),
        "differs_from_gain": None,
    }
    fields = ("adjusted_gain", "adjusted_gain_ci_low", "adjusted_gain_ci_high")
    if sums.leavers.n and not needs_adjusted_gain(sums):
        return told | dict.fromkeys(names[1:], printer.blank(Reason.N_TOO_SMALL))
    for name, each in zip(names[1:], fields, strict=True):
        told[name] = pp(getattr(adjusted, each), adjusted.reasons.get(each))
    matched = gain_of(sums.pairs).gain_pp
    if adjusted.adjusted_gain is not None and matched is not None:
        told["differs_from_gain"] = (
            abs(adjusted.adjusted_gain * factor - float(matched)) > _APART_PP
        )
    return told


def flagged_figures(
    frozen: Frozen, max_units: int, audience: Audience, least: tuple[int, int]
) -> FlaggedFigures:
    """The gain without late, paper, assisted and rescued sittings, where both sides are enough."""
    room, flagged = frozen.sums(), frozen.sums((Facet.FLAGGED.value, FLAGGED))
    count = flagged["pair_count"]
    others = room["pair_count"] - count
    if not count:
        return FlaggedFigures(flagged_pairs=0, without=None, unsaid=Unsaid.NO_PAIRS)
    may_tell = disclosure.may_show_without_flagged(
        count, others, audience, least[0], room_threshold=least[1]
    )
    if not may_tell:
        unsaid = Printer(audience, others).unsaid(Reason.SUPPRESSED)
        is_team = audience is Audience.TEAM
        return FlaggedFigures(flagged_pairs=count if is_team else None, without=None, unsaid=unsaid)
    rest = {name: room[name] - flagged[name] for name in SUMS}
    return FlaggedFigures(
        flagged_pairs=count, without=print_gain(rest, max_units, audience), unsaid=None
    )


def has_ceiling(frozen: Frozen, max_units: int) -> bool:
    """Whether the room knew so much before that the gain can say little: 85 % and more."""
    before = gain_of(sums_of(frozen.sums(), max_units)).pct_mean_pre
    return before is not None and before >= _CEILING


__all__ = [
    "attrition_figures",
    "facet_tables",
    "flagged_figures",
    "has_ceiling",
    "objective_rows",
]
