"""What is told of a table of one's own outside the team: a report's rows, by the same rules.

Nothing is stored and nothing taken here is in it. People of one room are alike, so that intervals
are those of one room, or over the workshops that are named. Source: statistics.md §5 and §6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.attrition import AttritionSums, attrition_of, judge_completion
from app.core.disclosure import OUTSIDE_THRESHOLD, Audience
from app.core.exact import common_units
from app.core.suppression import SuppressedGroups, suppress_groups
from app.gains.bundle_sums import BundleGains
from app.gains.outside_tables import pool, print_together
from app.gains.printed import Printer
from app.gains.results import PeopleCounted, Unsaid
from app.gains.spreadsheet import FACETS, BadRow, Column, Sheet, SheetRefused, find_levels
from app.gains.tables_told import TableRow

MOST_UNITS = 10_000_000
"""Squares of gains are added up in 64 bits; two decimals of a thousand points are far below."""
_TOO_FINE = "The scores have too many decimal places. Round them to two."
Cell = dict[str, int]
_Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class FileResults:
    """Everybody, and the groups of one column; `column` None: no breakdown was asked for.

    `columns`: what can be asked for. `counts` None: fewer pairs than may be told. `has_workshops`:
    the table says who was in which workshop; otherwise everybody counts as one room.
    """

    whole: TableRow
    column: Column | None
    rows: tuple[TableRow, ...]
    columns: tuple[Column, ...]
    counts: PeopleCounted | None
    bad_rows: tuple[BadRow, ...]
    has_workshops: bool


class _Scores:
    """The rows' scores in one unit that all of them, the maximum and the pass mark share."""

    def __init__(self, sheet: Sheet, max_score: Fraction, pass_mark: Fraction | None) -> None:
        self._sheet = sheet
        said = [each for row in sheet.rows for each in (row.pre, row.post)]
        read = common_units([max_score, pass_mark or Fraction(0), *(each or 0 for each in said)])
        self.per_point = read.units_per_point
        self.max_units = read.units[0]
        if self.max_units > MOST_UNITS:
            raise SheetRefused("scores_too_fine", _TOO_FINE)
        self._pass_units = None if pass_mark is None else read.units[1]
        units = [
            None if score is None else unit
            for score, unit in zip(said, read.units[2:], strict=True)
        ]
        self.taken = list(zip(units[::2], units[1::2], strict=True))

    def pairs(self, places: Iterable[int]) -> list[_Pair]:
        found = (self.taken[place] for place in places)
        return [(pre, post) for pre, post in found if pre is not None and post is not None]

    def everybody(self) -> list[_Pair]:
        return self.pairs(range(len(self.taken)))

    def levels(self, column: Column) -> dict[str, list[int]]:
        """The rows of each value that has pairs, and of no other."""
        found = find_levels(self._sheet.rows, column)
        return {value: places for value, places in found.items() if self.pairs(places)}

    def rooms(self, places: Iterable[int]) -> int:
        """How many workshops these pairs are of; one where the table does not say."""
        rows = self._sheet.rows
        there = (place for place in places if None not in self.taken[place])
        return len({rows[place].workshop for place in there})

    def cell(self, places: Sequence[int]) -> Cell:
        """The sums of these pairs, as a released table has them."""
        pairs, least = self.pairs(places), self._pass_units
        passed = [] if least is None else [(pre >= least, post >= least) for pre, post in pairs]
        return {
            "workshop_count": self.rooms(places),
            "pair_count": len(pairs),
            "sum_pre": sum(pre for pre, _ in pairs),
            "sum_post": sum(post for _, post in pairs),
            "sum_pre_squared": sum(pre * pre for pre, _ in pairs),
            "sum_post_squared": sum(post * post for _, post in pairs),
            "sum_products": sum(pre * post for pre, post in pairs),
            "improved": sum(post > pre for pre, post in pairs),
            "passed_both": passed.count((True, True)),
            "passed_before": passed.count((True, False)),
            "passed_after": passed.count((False, True)),
            "passed_neither": passed.count((False, False)),
        }


def read_file_results(
    sheet: Sheet, *, max_score: Fraction, pass_mark: Fraction | None, column: Column | None
) -> FileResults:
    """The table as it may be told outside: at ten pairs, the groups of one column at a time.

    A column the table does not have is no breakdown.
    """
    scores = _Scores(sheet, max_score, pass_mark)
    columns = tuple(each for each in (Column.WORKSHOP, *FACETS) if each in sheet.columns)
    by = column if column in columns else None
    n = len(scores.everybody())
    is_told = n >= OUTSIDE_THRESHOLD
    return FileResults(
        whole=_whole(scores, sheet) if is_told else _withheld(""),
        column=by,
        rows=() if by is None else tuple(_rows(scores, by, is_told=is_told)),
        columns=columns,
        counts=_counts(scores) if is_told else None,
        bad_rows=sheet.bad_rows,
        has_workshops=Column.WORKSHOP in columns,
    )


def _whole(scores: _Scores, sheet: Sheet) -> TableRow:
    cell = scores.cell(range(len(scores.taken)))
    pooled = None
    if Column.WORKSHOP in sheet.columns:
        levels = scores.levels(Column.WORKSHOP)
        judged = _judge(scores, levels)
        pooled = pool(_gains(scores, levels, judged), cell, scores.max_units)
    return TableRow(
        value="",
        workshops=cell["workshop_count"],
        figures=print_together(cell, scores.max_units),
        pooled=pooled,
        unsaid=None,
    )


def _judge(scores: _Scores, levels: Mapping[str, Sequence[int]]) -> SuppressedGroups:
    counts = {value: len(scores.pairs(places)) for value, places in levels.items()}
    return suppress_groups(counts, OUTSIDE_THRESHOLD)


def _gains(
    scores: _Scores, levels: Mapping[str, Sequence[int]], judged: SuppressedGroups
) -> BundleGains:
    """Workshops told one by one, and all the others as one cluster."""
    told = [levels[value] for value in judged.published]
    rest = [place for value in judged.suppressed for place in levels[value]]
    clusters = [*told, *([rest] if rest else [])]
    gains = [[post - pre for pre, post in scores.pairs(places)] for places in clusters]
    import numpy as np

    return BundleGains(
        n=np.array([len(each) for each in gains], dtype=np.int64),
        total=np.array([sum(each) for each in gains], dtype=np.int64),
        squares=np.array([sum(d * d for d in each) for each in gains], dtype=np.int64),
        alone=np.array([1] * len(told) + [0] * bool(rest), dtype=np.int64),
    )


def _rows(scores: _Scores, column: Column, *, is_told: bool) -> Iterable[TableRow]:
    """The groups by name; a group that is withheld stands there without its number."""
    levels = scores.levels(column)
    told = _judge(scores, levels).published if is_told else {}
    if column is Column.SEX and len(told) == 1:
        told = {}  # one sex alone is a room by sex: see `tables_told.without_lonely_sex`
    for value in sorted(levels):
        if value not in told:
            yield _withheld(value)
            continue
        cell = scores.cell(levels[value])
        yield TableRow(
            value=value,
            workshops=cell["workshop_count"],
            figures=print_together(cell, scores.max_units),
            pooled=None,
            unsaid=None,
        )


def _withheld(value: str) -> TableRow:
    return TableRow(value=value, workshops=None, figures=None, pooled=None, unsaid=Unsaid.WITHHELD)


def _counts(scores: _Scores) -> PeopleCounted:
    found = attrition_of(AttritionSums.from_scores(scores.taken, units_per_point=scores.per_point))
    printer = Printer(Audience.OUTSIDE, found.n_paired)
    rate, low, high = (
        None if each is None else 100 * each
        for each in (found.completion_rate, found.completion_wilson_low,
                     found.completion_wilson_high)
    )  # fmt: skip
    return PeopleCounted(
        registered=found.n_registered,
        pre=found.n_pre,
        post=found.n_post,
        paired=found.n_paired,
        pre_only=found.n_pre_only,
        post_only=found.n_post_only,
        completion=printer.percent(rate),
        completion_low=printer.percent(low),
        completion_high=printer.percent(high),
        judged=judge_completion(found.n_paired, found.n_pre),
    )
