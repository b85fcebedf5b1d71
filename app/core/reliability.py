"""How far a test's items measure one thing: alpha with Feldt's interval, SEM, reliable change.

From sums alone: per item Σi, Σi², ΣiT, and ΣT, ΣT², n, T being a person's total. All scored items
count, those without variance too (Moodle and pingouin keep them, R's psych drops them).
Source: statistics.md §4; Cronbach 1951, Psychometrika 16:297; Feldt 1965, Psychometrika 30:357;
Jacobson & Truax 1991, J. Consult. Clin. Psychol. 59:12.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.distributions import f_quantile
from app.core.figures import Z_95, Exact, Figures, Interval, Real, Reason, high_of, low_of
from app.core.means import ScoreSums, root_of
from app.core.scoring import UNITS_PER_POINT


@dataclass(frozen=True, kw_only=True)
class ItemSums:
    """The sums of a test of k items taken by n people, in units.

    `items[i]`: n, Σi and Σi² of item i; `products[i]`: Σ i T; `totals`: n, ΣT and ΣT².
    """

    items: tuple[ScoreSums, ...]
    products: tuple[int, ...]
    totals: ScoreSums

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[tuple[Sequence[int], int]],
        k: int,
        *,
        units_per_point: int = UNITS_PER_POINT,
    ) -> ItemSums:
        """Return the sums of rows (units per item, how many people answered like that).

        ValueError for a row of other than k items.
        """
        known = [(row, sum(row), count) for row, count in rows]
        if any(len(row) != k for row, _, _ in known):
            raise ValueError(f"a row does not have {k} items")
        n = sum(count for _, _, count in known)

        def sums(values: Iterable[tuple[int, int]]) -> ScoreSums:
            pairs = list(values)
            return ScoreSums(
                n=n,
                total=sum(value * count for value, count in pairs),
                squares=sum(value * value * count for value, count in pairs),
                units_per_point=units_per_point,
            )

        return cls(
            items=tuple(sums((row[i], count) for row, _, count in known) for i in range(k)),
            products=tuple(sum(row[i] * t * count for row, t, count in known) for i in range(k)),
            totals=sums((t, count) for _, t, count in known),
        )

    @property
    def k(self) -> int:
        """The number of items."""
        return len(self.items)

    def rest(self, item: int) -> ScoreSums:
        """Return the sums of the totals without this item (from 0)."""
        own, whole = self.items[item], self.totals
        return ScoreSums(
            n=whole.n,
            total=whole.total - own.total,
            squares=whole.squares - 2 * self.products[item] + own.squares,
            units_per_point=whole.units_per_point,
        )

    def with_total(self, item: int) -> int:
        """Return n Σ i T - Σi ΣT in units²."""
        return self.totals.n * self.products[item] - self.items[item].total * self.totals.total

    def with_rest(self, item: int) -> int:
        """Return n Σ i (T - i) - Σi Σ(T - i) in units²."""
        return self.with_total(item) - self.items[item].spread


@dataclass(frozen=True, kw_only=True)
class Reliability(Figures):
    """Alpha, its interval, the SEM and the totals' mean and SD in points, of k items and n people.

    alpha, interval, SEM: `n_too_small` for k < 2 or n < 2, `zero_variance` when all totals are
    equal. A negative alpha says that the items do not measure one thing: then no SEM is printed.
    mean_total: `no_pairs` for nobody; sd_total: `n_too_small` for n < 2.
    """

    k: int
    n: int
    alpha: Fraction | None
    alpha_ci_low_feldt: float | None
    alpha_ci_high_feldt: float | None
    sem: float | None
    sd_total: float | None
    mean_total: Fraction | None


def reliability_of(sums: ItemSums) -> Reliability:
    """Return alpha, SEM = SD_total √(1 - alpha) and Feldt's interval.

    1 - (1 - alpha) F(.975; n-1, (n-1)(k-1)) to 1 - (1 - alpha) F(.025; the same).
    """
    whole, k = sums.totals, sums.k
    alpha = alpha_of(sums)
    interval = _feldt(alpha, whole.n, k)
    sd = root_of(whole.variance)
    return Reliability.of(
        k=k,
        n=whole.n,
        alpha=alpha,
        alpha_ci_low_feldt=low_of(interval),
        alpha_ci_high_feldt=high_of(interval),
        sem=alpha if isinstance(alpha, Reason) else float(sd) * math.sqrt(1 - alpha),
        sd_total=sd,
        mean_total=whole.mean,
    )


def alpha_of(sums: ItemSums, *, without: int | None = None) -> Exact:
    """Return Cronbach's alpha = k/(k-1) (1 - Σ var_i / var_total), exact; KR-20 for 0/1 items.

    `without` leaves one item (from 0) out. Undefined as in `Reliability`.
    """
    k = sums.k - (without is not None)
    whole = sums.totals if without is None else sums.rest(without)
    if k < 2 or whole.n < 2:
        return Reason.N_TOO_SMALL
    if not whole.spread:
        return Reason.ZERO_VARIANCE
    spreads = sum(each.spread for place, each in enumerate(sums.items) if place != without)
    return Fraction(k, k - 1) * (1 - Fraction(spreads, whole.spread))


def _feldt(alpha: Exact, n: int, k: int) -> Interval | Reason:
    if isinstance(alpha, Reason):
        return alpha
    df1, df2 = n - 1, (n - 1) * (k - 1)
    return Interval(
        low=1 - float(1 - alpha) * f_quantile(0.975, df1, df2),
        high=1 - float(1 - alpha) * f_quantile(0.025, df1, df2),
    )


@dataclass(frozen=True, kw_only=True)
class ReliableChange(Figures):
    """Jacobson and Truax's index of one person's change.

    sem = sd_pre √(1 - reliability), s_diff = √2 sem (both `zero_variance` for a reliability above
    1), rci = (post - pre)/s_diff (also for s_diff = 0); reliable when |rci| > 1.96. A test
    of ten items asks for 35 points of a hundred: see `may_offer_reliable_change`.
    """

    sem: float | None
    s_diff: float | None
    rci: float | None
    reliable: bool | None


def may_offer_reliable_change(reliability: Reliability) -> bool:
    """Tell whether a test is long and even enough for it: 20 items, alpha .7."""
    alpha = reliability.alpha
    return reliability.k >= 20 and alpha is not None and 10 * alpha >= 7


def reliable_change(
    pre: float, post: float, *, sd_pre: float, reliability: float
) -> ReliableChange:
    """Return the index of one person's change; all in the unit of the scores."""
    if reliability > 1:
        names = ("sem", "s_diff", "rci", "reliable")
        return ReliableChange.of(**dict.fromkeys(names, Reason.ZERO_VARIANCE))
    sem = sd_pre * math.sqrt(1 - reliability)
    s_diff = math.sqrt(2) * sem
    rci: Real = (post - pre) / s_diff if s_diff else Reason.ZERO_VARIANCE
    return ReliableChange.of(
        sem=sem,
        s_diff=s_diff,
        rci=rci,
        reliable=rci if isinstance(rci, Reason) else abs(rci) > Z_95,
    )
