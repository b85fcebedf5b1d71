"""Gains of several groups side by side: each group's own, Welch's contrasts, ANCOVA.

A difference of gains describes; ANCOVA (post ~ pre + group) answers another question, "same start,
same end?", and the two can disagree (Lord's paradox). Everything comes from six sums per group.
Groups stand in the order of their names; a contrast is later - earlier.
Source: statistics.md §6; Lord 1967, Psychol. Bull. 68:304; Welch 1951, Biometrika 38:330.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from app.core.distributions import f_tail, student_t_p, student_t_quantile
from app.core.figures import Figures, Interval, Real, Reason
from app.core.gains import PairSums
from app.core.means import Contrast, ScoreSums, contrast_of


@dataclass(frozen=True, kw_only=True)
class GainContrast:
    """The difference of two groups' mean gains, `second` - `first`, in points."""

    first: str
    second: str
    contrast: Contrast


@dataclass(frozen=True, kw_only=True)
class WelchAnova(Figures):
    """Welch's test that all groups gain the same; `n_too_small` for fewer than two groups or a
    group of one, `zero_variance` when all of a group gained the same.
    """

    f: float | None
    df1: int | None
    df2: float | None
    p: float | None


@dataclass(frozen=True, kw_only=True)
class AdjustedDifference(Figures):
    """What a group's post is above the reference group's at the same pre score, in points.

    `zero_variance` where pre does not vary within groups, or nothing is left to explain (then only
    t, p and interval); `n_too_small` without a residual degree of freedom.
    """

    group: str
    adjusted_difference: float | None
    se: float | None
    t: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, kw_only=True)
class Ancova(Figures):
    """post ~ pre + group, and pre × group for the interaction; the first group is the reference.

    f_group compares with post ~ pre, f_interaction lets every group have its own slope (of groups
    whose pre scores vary). Undefined as in `AdjustedDifference`, or with one group.
    """

    reference: str | None
    slope_pre: float | None
    contrasts: tuple[AdjustedDifference, ...]
    df_residual: int | None
    f_group: float | None
    p_group: float | None
    f_interaction: float | None
    p_interaction: float | None


def gain_contrasts(groups: Mapping[str, PairSums]) -> list[GainContrast]:
    """Return Welch's contrast of the gains of every two groups, later - earlier by name."""
    return [
        GainContrast(
            first=first,
            second=second,
            contrast=contrast_of(groups[second].gains(), groups[first].gains()),
        )
        for first, second in combinations(sorted(groups), 2)
    ]


def welch_anova(groups: Mapping[str, PairSums]) -> WelchAnova:
    """Return Welch's F over all groups' gains.

    w = n/v, m̃ = Σwm/Σw, Λ = Σ(1 - w/Σw)²/(n - 1), F = [Σw(m - m̃)²/(k - 1)] ÷
    [1 + 2(k - 2)Λ/(k² - 1)], df2 = (k² - 1)/(3Λ). Source: Welch 1951.
    """
    gains = [groups[name].gains() for name in sorted(groups)]
    k = len(gains)
    if k < 2 or any(each.n < 2 for each in gains):
        return _no_anova(Reason.N_TOO_SMALL)
    if any(not each.spread for each in gains):
        return _no_anova(Reason.ZERO_VARIANCE)
    means = [Fraction(each.total, each.n) for each in gains]
    weights = [Fraction(each.n**2 * (each.n - 1), each.spread) for each in gains]
    whole = sum(weights)
    middle = sum(w * m for w, m in zip(weights, means, strict=True)) / whole
    between = sum(w * (m - middle) ** 2 for w, m in zip(weights, means, strict=True)) / (k - 1)
    unrest = sum(
        (1 - w / whole) ** 2 / (each.n - 1) for w, each in zip(weights, gains, strict=True)
    )
    f = float(between / (1 + 2 * (k - 2) * unrest / (k * k - 1)))
    df2 = float((k * k - 1) / (3 * unrest))
    return WelchAnova.of(f=f, df1=k - 1, df2=df2, p=f_tail(f, k - 1, df2))


def _no_anova(reason: Reason) -> WelchAnova:
    return WelchAnova.of(**dict.fromkeys(("f", "df1", "df2", "p"), reason))


@dataclass(frozen=True)
class _Sums:
    """Sums of squares and products of one sample around its means, in points²."""

    n: int
    xx: Fraction
    xy: Fraction
    yy: Fraction

    @classmethod
    def of(cls, pairs: PairSums) -> _Sums:
        per = Fraction(1, pairs.n * pairs.units_per_point**2)
        return cls(
            pairs.n, pairs.pre().spread * per, pairs.together() * per, pairs.post().spread * per
        )

    @classmethod
    def added(cls, samples: Sequence[_Sums]) -> _Sums:
        """The same within groups: each around its own means."""
        return cls(
            sum(each.n for each in samples),
            sum((each.xx for each in samples), Fraction(0)),
            sum((each.xy for each in samples), Fraction(0)),
            sum((each.yy for each in samples), Fraction(0)),
        )

    @property
    def residual(self) -> Fraction:
        """What a line through the sample leaves unexplained."""
        return self.yy - self.xy**2 / self.xx if self.xx else self.yy


def ancova(groups: Mapping[str, PairSums]) -> Ancova:
    """Return the analysis of covariance of groups, none of them empty.

    B = Σ within xy ÷ Σ within xx; adjusted difference = ȳ_g - ȳ_1 - B (x̄_g - x̄_1), with
    SE² = s² (1/n_g + 1/n_1 + (x̄_g - x̄_1)²/Σ within xx), s² = residual ÷ (N - groups - 1).
    """
    names = sorted(groups)
    samples = [_Sums.of(groups[name]) for name in names]
    within = _Sums.added(samples)
    df = within.n - len(names) - 1
    is_defined = bool(within.xx)  # else nobody varies within a group, and there is no line
    return Ancova.of(
        reference=names[0] if names else Reason.NO_PAIRS,
        slope_pre=float(within.xy / within.xx) if is_defined else Reason.ZERO_VARIANCE,
        contrasts=tuple(
            _adjusted(name, groups[name], groups[names[0]], within, df) for name in names[1:]
        ),
        df_residual=df if is_defined else Reason.ZERO_VARIANCE,
        **_group_test([groups[name] for name in names], within, df),
        **_interaction_test(samples, within),
    )


def _adjusted(
    name: str, own: PairSums, reference: PairSums, within: _Sums, df: int
) -> AdjustedDifference:
    if not within.xx:
        return AdjustedDifference.of(
            group=name, adjusted_difference=Reason.ZERO_VARIANCE,
            **dict.fromkeys(("se", *_TESTED), Reason.ZERO_VARIANCE),
        )  # fmt: skip
    apart = _mean(own.pre()) - _mean(reference.pre())
    difference = _mean(own.post()) - _mean(reference.post()) - within.xy / within.xx * apart
    if df < 1:
        return AdjustedDifference.of(
            group=name, adjusted_difference=float(difference),
            **dict.fromkeys(("se", *_TESTED), Reason.N_TOO_SMALL),
        )  # fmt: skip
    per = Fraction(1, own.n) + Fraction(1, reference.n) + apart**2 / within.xx
    se = math.sqrt(within.residual / df * per)
    tested = _tested(float(difference), se, df)
    return AdjustedDifference.of(group=name, adjusted_difference=float(difference), se=se, **tested)


_TESTED = ("t", "p", "ci_low", "ci_high")


def _tested(difference: float, se: float, df: int) -> dict[str, Real]:
    if not se:
        return dict.fromkeys(_TESTED, Reason.ZERO_VARIANCE)
    interval = Interval.around(difference, student_t_quantile(0.975, df) * se)
    t = difference / se
    return {
        "t": t,
        "p": student_t_p(t, df),
        "ci_low": interval.low,
        "ci_high": interval.high,
    }


def _group_test(groups: Sequence[PairSums], within: _Sums, df: int) -> dict[str, Real]:
    """post ~ pre against post ~ pre + group."""
    reason = None if within.xx else Reason.ZERO_VARIANCE
    if len(groups) < 2 or df < 1:
        reason = Reason.N_TOO_SMALL
    if reason:
        return dict.fromkeys(("f_group", "p_group"), reason)
    everybody = groups[0]
    for each in groups[1:]:
        everybody += each
    f = _f(_Sums.of(everybody).residual, len(groups) - 1, within.residual, df)
    p = f if isinstance(f, Reason) else f_tail(f, len(groups) - 1, df)
    return {"f_group": f, "p_group": p}


def _interaction_test(samples: Sequence[_Sums], within: _Sums) -> dict[str, Real]:
    """post ~ pre + group against post ~ pre * group; a group of one pre score has no slope."""
    slopes = sum(bool(each.xx) for each in samples)
    df = within.n - len(samples) - slopes
    if slopes < 2 or df < 1:
        reason = Reason.N_TOO_SMALL if within.xx else Reason.ZERO_VARIANCE
        return dict.fromkeys(("f_interaction", "p_interaction"), reason)
    residual = sum((each.residual for each in samples), Fraction(0))
    f = _f(within.residual, slopes - 1, residual, df)
    p = f if isinstance(f, Reason) else f_tail(f, slopes - 1, df)
    return {"f_interaction": f, "p_interaction": p}


def _f(reduced: Fraction, df1: int, full: Fraction, df2: int) -> Real:
    """((reduced - full) / df1) / (full / df2), the F of two nested models' residuals."""
    if not full:
        return Reason.ZERO_VARIANCE
    return float((reduced - full) / df1 / (full / df2))


def _mean(sums: ScoreSums) -> Fraction:
    return Fraction(sums.total, sums.n * sums.units_per_point)
