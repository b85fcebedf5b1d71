"""Results of the core under the names of the gold cases: what `analyse --json` prints.

Numbers are plain ints and floats in points; only `_pp`, `pct_` and `I2_from_Q` are × 100. Undefined
is a bare None here: the reason stays in the core's result. Source: statistics.md §12.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.core.attrition import Attrition
from app.core.figures import Figures, Interval, Reason
from app.core.gains import PairSums, gain_of
from app.core.groups import Ancova, ancova, gain_contrasts, welch_anova
from app.core.heterogeneity import Heterogeneity
from app.core.means import ScoreSums, mean_interval, root_of
from app.core.paired import Paired
from app.core.pooling import (
    WorkshopSums,
    estimates_of,
    pool_people,
    random_effects,
    spread_of,
)
from app.core.proportions import MovementFigures, movement_figures, sign_test_p

Keys = dict[str, Any]


def plain(value: object) -> object:
    """Return a Fraction as a float, an Interval as [low, high], a Reason as None, in lists too."""
    if isinstance(value, Reason):
        return None
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, Interval):
        return [value.low, value.high]
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def figures_as_keys(figures: Figures) -> Keys:
    """Return a result by its own field names, without the reasons."""
    return {name: plain(value) for name, value in figures.without_reasons().items()}


def paired_as_keys(paired: Paired, *, has_max: bool) -> Keys:
    """Return the keys of the family `paired`; of a maximum and a mark only where there is one."""
    gain, changes = paired.gain, paired.changes
    share, interval = changes.share_improved, changes.share_improved_interval
    keys: Keys = {
        "n_pairs": gain.n,
        "mean_pre": gain.mean_pre,
        "mean_post": gain.mean_post,
        "mean_gain": gain.mean_gain,
        "median_pre": paired.median_pre,
        "median_post": paired.median_post,
        **figures_as_keys(paired.test),
        **figures_as_keys(paired.effects),
        **figures_as_keys(paired.ranks),
        "n_improved": changes.improved,
        "n_same": changes.same,
        "n_declined": changes.declined,
        "p_improved": share,
        "p_improved_wilson_low": interval.low if interval else None,
        "p_improved_wilson_high": interval.high if interval else None,
        "p_sign_test": sign_test_p(changes.improved, changes.declined),
    }
    if has_max:
        keys |= figures_as_keys(paired.hake) | figures_as_keys(paired.personal)
        keys |= {
            "pct_mean_pre": gain.pct_mean_pre,
            "pct_mean_post": gain.pct_mean_post,
            "gain_pp": gain.gain_pp,
        }
    if paired.movement:
        moved = paired.movement
        keys |= {
            "mastery_above_above": moved.yes_yes,
            "mastery_above_below": moved.yes_no,
            "mastery_below_above": moved.no_yes,
            "mastery_below_below": moved.no_no,
            **_pass_as_keys(movement_figures(moved)),
        }
    return {name: plain(value) for name, value in keys.items()}


def _pass_as_keys(figures: MovementFigures) -> Keys:
    return {
        "mastery_mcnemar_p_exact": figures.p_exact,
        "mastery_mcnemar_p_midp": figures.p_midp,
        "mastery_diff": figures.diff,
        "mastery_diff_ci_low_bonett_price": figures.diff_ci_low_bonett_price,
        "mastery_diff_ci_high_bonett_price": figures.diff_ci_high_bonett_price,
    }


def attrition_as_keys(attrition: Attrition) -> Keys:
    """Return the keys of the family `attrition`."""
    keys = figures_as_keys(attrition)
    contrast, matched, adjusted = (keys.pop(part) for part in ("contrast", "matched", "adjusted"))
    return (
        keys
        | {
            "diff_pre": plain(contrast.diff),
            "diff_pre_ci_low": contrast.ci_low,
            "diff_pre_ci_high": contrast.ci_high,
            "diff_pre_welch_t": contrast.t,
            "diff_pre_welch_df": contrast.df,
            "diff_pre_welch_p": contrast.p,
            "hedges_g_pre": contrast.hedges_g,
            "complete_case_ci_low": matched.ci95_low,
            "complete_case_ci_high": matched.ci95_high,
        }
        | figures_as_keys(adjusted)
    )


def groups_as_keys(groups: Mapping[str, PairSums]) -> Keys:
    """Return the keys of the family `groups`, groups in the order of their names."""
    anova = welch_anova(groups)
    return {
        "groups": [_group_as_keys(name, groups[name]) for name in sorted(groups)],
        "gain_difference_welch": [
            {
                "contrast": f"{each.second} - {each.first}",
                "diff": plain(each.contrast.diff),
                "t": each.contrast.t,
                "df": each.contrast.df,
                "p": each.contrast.p,
                "ci_low": each.contrast.ci_low,
                "ci_high": each.contrast.ci_high,
            }
            for each in gain_contrasts(groups)
        ],
        "ancova": _ancova_as_keys(ancova(groups)),
        "welch_anova_gain": {"F": anova.f, "df1": anova.df1, "df2": anova.df2, "p": anova.p},
    }


def _group_as_keys(name: str, sums: PairSums) -> Keys:
    gain, interval = gain_of(sums), mean_interval(sums.gains())
    return {
        "group": name,
        "n": gain.n,
        "mean_pre": plain(gain.mean_pre),
        "mean_post": plain(gain.mean_post),
        "mean_gain": plain(gain.mean_gain),
        "sd_gain": gain.sd_gain,
        "ci_low": None if isinstance(interval, Reason) else interval.low,
        "ci_high": None if isinstance(interval, Reason) else interval.high,
    }


def _ancova_as_keys(found: Ancova) -> Keys:
    keys = figures_as_keys(found)
    for part in ("group", "interaction"):
        keys[f"F_{part}"] = keys.pop(f"f_{part}")
    return keys | {"contrasts": [figures_as_keys(each) for each in found.contrasts]}


def meta_as_keys(workshops: Sequence[tuple[object, ScoreSums]]) -> Keys:
    """Return the keys of the family `meta` from the gains of named workshops, in this order."""
    gains = WorkshopSums.of(sums for _, sums in workshops)
    estimates, people = estimates_of(gains), pool_people(gains)
    spread = spread_of(estimates)
    keys: Keys = {
        "k": len(workshops),
        "workshops": [
            {
                "workshop": name,
                "n": sums.n,
                "mean_gain": plain(sums.mean),
                "sd_gain": plain(root_of(sums.variance)),
            }
            for name, sums in workshops
        ],
        "fixed_effect": spread.fixed_effect,
        "Q": spread.q,
        "p_Q": spread.p_q,
        "I2_from_Q": spread.i2,
        **figures_as_keys(people),
    }
    for method in Heterogeneity:
        pooled = random_effects(estimates, method)
        keys |= {
            f"tau2_{method}": pooled.tau2,
            f"mu_{method}": pooled.mu,
            f"ci_z_{method}": plain(pooled.ci_z),
            f"ci_hksj_{method}": plain(pooled.ci_hksj),
            f"ci_hksj_modified_{method}": plain(pooled.ci_hksj_modified),
        }
    headline = random_effects(estimates, Heterogeneity.PM)
    return keys | {"prediction_interval_PM_hts": plain(headline.prediction)}
