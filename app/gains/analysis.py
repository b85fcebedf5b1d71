"""A table of scores through the same engine as every other number: sections by their families.

Groups with fewer than 10 pairs, and those that would give them away, are withheld; so are figures
about fewer than 10 leavers. What is pooled over workshops is pooled over those that are told: two
withheld workshops could be solved from enough pooled figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from app.core.attrition import AttritionSums, attrition_of
from app.core.disclosure import OUTSIDE_THRESHOLD, Audience, may_show_leavers
from app.core.exact import common_units
from app.core.gains import PairSums
from app.core.histograms import JointHistogram
from app.core.paired import paired_of
from app.core.suppression import suppress_groups
from app.gains.as_keys import (
    Keys,
    attrition_as_keys,
    groups_as_keys,
    meta_as_keys,
    paired_as_keys,
)
from app.gains.spreadsheet import FACETS, Column, ScoreRow, Sheet, find_levels

LEAVERS_KEYS = (
    "mean_pre_noncompleters", "diff_pre", "diff_pre_ci_low", "diff_pre_ci_high",
    "diff_pre_welch_t", "diff_pre_welch_df", "diff_pre_welch_p", "hedges_g_pre",
    "adjusted_mean_post", "adjusted_gain", "adjusted_gain_se", "adjusted_gain_ci_low",
    "adjusted_gain_ci_high",
)  # fmt: skip

_Pair = tuple[int | None, int | None]


class _Units:
    """The rows' scores in one unit that all of them, the maximum and the pass mark share."""

    def __init__(self, rows: Sequence[ScoreRow], limits: Sequence[Fraction | None]) -> None:
        scores = [score for row in rows for score in (row.pre, row.post)]
        read = common_units([each or Fraction(0) for each in (*limits, *scores)])
        self.per_point = read.units_per_point
        self.max_units, self.pass_units = read.units[:2]
        known = [
            None if score is None else units
            for score, units in zip(scores, read.units[2:], strict=True)
        ]
        self.scores: list[_Pair] = list(zip(known[::2], known[1::2], strict=True))

    def pairs(self, places: Iterable[int] | None = None) -> list[tuple[int, int]]:
        chosen = self.scores if places is None else [self.scores[place] for place in places]
        return [(x, y) for x, y in chosen if x is not None and y is not None]

    def sums(self, places: Iterable[int]) -> PairSums:
        return PairSums.from_pairs(
            self.pairs(places), max_units=self.max_units, units_per_point=self.per_point
        )


def analyse(
    sheet: Sheet,
    *,
    max_score: Fraction | None = None,
    pass_mark: Fraction | None = None,
    is_own_table: bool = False,
) -> Keys:
    """Return the sections `paired`, `attrition`, `groups` (per facet) and `meta`, with their keys.

    `groups` and `meta` stand only where the table has the columns. `withheld` names the groups that
    are not told, and with `attrition` its keys that are None for that reason. Nothing is withheld
    from whoever says that the table is their own.
    """
    units = _Units(sheet.rows, [max_score, pass_mark])
    histogram = JointHistogram.from_pairs(
        units.pairs(), max_units=units.max_units, units_per_point=units.per_point
    )
    paired = paired_of(histogram, pass_units=None if pass_mark is None else units.pass_units)
    attrition = _attrition(units)
    withheld: Keys = {}
    if not is_own_table and not may_show_leavers(attrition["n_pre_only"], Audience.OUTSIDE):
        attrition |= dict.fromkeys(LEAVERS_KEYS)
        withheld["attrition"] = list(LEAVERS_KEYS)
    found: Keys = {
        "max_score": None if max_score is None else float(max_score),
        "pass_mark": None if pass_mark is None else float(pass_mark),
        "paired": paired_as_keys(paired, has_max=max_score is not None),
        "attrition": attrition,
    }
    groups: Keys = {}
    for facet in FACETS:
        if facet in sheet.columns:
            told = _told(sheet, facet, units, withheld, is_own_table=is_own_table)
            groups[facet.value] = groups_as_keys(told)
    if groups:
        found["groups"] = groups
    if Column.WORKSHOP in sheet.columns:
        told = _told(sheet, Column.WORKSHOP, units, withheld, is_own_table=is_own_table)
        found["meta"] = meta_as_keys([(name, sums.gains()) for name, sums in told.items()])
    return found | {"withheld": withheld, "bad_rows": _bad_rows(sheet)}


def _attrition(units: _Units) -> Keys:
    sums = AttritionSums.from_scores(units.scores, units_per_point=units.per_point)
    return attrition_as_keys(attrition_of(sums))


def _told(
    sheet: Sheet, column: Column, units: _Units, withheld: Keys, *, is_own_table: bool
) -> Mapping[str, PairSums]:
    """The groups with pairs that may be told, by name; the others' names go into `withheld`."""
    sums = {name: units.sums(places) for name, places in find_levels(sheet.rows, column).items()}
    counts = {name: each.n for name, each in sums.items()}
    judged = suppress_groups(counts, OUTSIDE_THRESHOLD)
    if judged.suppressed and not is_own_table:
        withheld[column.value] = list(judged.suppressed)
    told = counts if is_own_table else judged.published
    return {name: sums[name] for name in sorted(told) if counts[name]}


def _bad_rows(sheet: Sheet) -> list[Keys]:
    return [
        {"line": bad.line, "participant": bad.participant, "reason": bad.reason}
        for bad in sheet.bad_rows
    ]
