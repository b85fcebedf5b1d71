"""The statistics under the names of the gold cases: `compute(family, data) -> dict`.

A thin mapping onto `app.core`: nothing is computed here. Undefined is None. The families, their
inputs and keys stand in the project's statistics page, §12.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.core.attrition import AttritionSums, attrition_of
from app.core.distractors import OptionSums, option_figures
from app.core.exact import common_units
from app.core.gains import PairSums
from app.core.histograms import JointHistogram
from app.core.items import Transition, block_of, learning_types, transitions_of
from app.core.means import ScoreSums
from app.core.paired import paired_of
from app.core.proportions import Movement, movement_figures, sign_test_p
from app.core.questionnaires import agreement_of, recommendation_of
from app.core.reliability import reliable_change
from app.core.retrospective import RatingContrast, retrospective_of
from app.core.scoring import UNITS_PER_POINT, ItemKey, ItemKind, ScoringRule, score_sitting
from app.core.suppression import TableAudit, audit_pattern, find_primary, suppress_groups
from app.gains.as_keys import (
    Keys,
    attrition_as_keys,
    figures_as_keys,
    groups_as_keys,
    meta_as_keys,
    paired_as_keys,
    plain,
)

Given = Mapping[str, Any]


def compute(family: str, data: Given) -> Keys:
    """Return the keys of one family; KeyError for a family that does not exist."""
    return FAMILIES[family](data)


def paired(data: Given) -> Keys:
    """pre[], post[], max_score|null, pass_mark|null."""
    cells = [
        (pre, post, 1)
        for pre, post in zip(data["pre"], data["post"], strict=True)
        if pre is not None and post is not None
    ]
    return _paired(cells, data)


def paired_hist(data: Given) -> Keys:
    """hist[[pre, post, count]], max_score, pass_mark."""
    return _paired(data["hist"], data)


def _paired(cells: Sequence[Sequence[Any]], data: Given) -> Keys:
    limits = [data.get("max_score"), data.get("pass_mark")]
    scores = [score for pre, post, _ in cells for score in (pre, post)]
    read = common_units([*scores, *(each or 0 for each in limits)])
    *units, max_units, pass_units = read.units
    counts: dict[tuple[int, int], int] = {}
    for place, (_, _, count) in enumerate(cells):
        pair = (units[2 * place], units[2 * place + 1])
        counts[pair] = counts.get(pair, 0) + count
    histogram = JointHistogram(
        cells=counts, max_units=max_units, units_per_point=read.units_per_point
    )
    found = paired_of(histogram, pass_units=None if limits[1] is None else pass_units)
    return paired_as_keys(found, has_max=limits[0] is not None)


def mcnemar(data: Given) -> Keys:
    """yes_yes, yes_no, no_yes, no_no (before_after)."""
    return figures_as_keys(movement_figures(Movement(**data)))


def attrition(data: Given) -> Keys:
    """pre[], post[] (null = missing), max_score, pass_mark."""
    scores = list(zip(data["pre"], data["post"], strict=True))
    read = common_units([each for pair in scores for each in pair if each is not None])
    units = iter(read.units)
    pairs = [tuple(None if each is None else next(units) for each in pair) for pair in scores]
    sums = AttritionSums.from_scores(pairs, units_per_point=read.units_per_point)
    # R's lavaan prints one more standard error, which the cases hold for comparison only.
    return attrition_as_keys(attrition_of(sums)) | {"fiml_se_lavaan": None}


def items_patterns(data: Given) -> Keys:
    """pattern["0101"], count[]."""
    rows = [[int(sign) for sign in pattern] for pattern in data["pattern"]]
    return _block(rows, data["count"])


def items_prepost(data: Given) -> Keys:
    """pre[person][item], post, options[]."""
    pre, post = data["pre"], data["post"]
    movements = [
        Movement.from_pairs((x[item] >= 1, y[item] >= 1, 1) for x, y in zip(pre, post, strict=True))
        for item in range(len(data["options"]))
    ]
    return {
        "transitions": [
            _transition(place, each)
            for place, each in enumerate(transitions_of(movements), start=1)
        ],
        "pre": _block(pre, [1] * len(pre), k=len(data["options"])),
        "post": _block(post, [1] * len(post), k=len(data["options"])),
    }


def _transition(item: int, found: Transition) -> Keys:
    moved = figures_as_keys(found.moved)
    diff = moved["diff"]
    return {
        "item": item,
        "retained": found.movement.yes_yes,
        "lost": found.movement.yes_no,
        "learned": found.movement.no_yes,
        "not_learned": found.movement.no_no,
        "p_pre": moved["p_before"],
        "p_post": moved["p_after"],
        "gain_pp": None if diff is None else 100 * diff,
        "p_exact": moved["p_exact"],
        "p_midp": moved["p_midp"],
        "ci_low_bonett_price": moved["diff_ci_low_bonett_price"],
        "ci_high_bonett_price": moved["diff_ci_high_bonett_price"],
        "p_holm": found.p_holm,
        "p_bh": found.p_bh,
    }


def _block(rows: Sequence[Sequence[float]], counts: Sequence[int], k: int | None = None) -> Keys:
    k = len(rows[0]) if k is None and rows else k or 0
    read = common_units([each for row in rows for each in row])
    units = [read.units[place * k : (place + 1) * k] for place in range(len(rows))]
    block = block_of(
        zip(units, counts, strict=True),
        [read.units_per_point] * k,
        units_per_point=read.units_per_point,
    )
    return figures_as_keys(block.reliability) | {
        "items": [figures_as_keys(item) for item in block.items]
    }


def distractors(data: Given) -> Keys:
    """key[], options[], responses[person][item]|null."""
    key, responses = data["key"], data["responses"]
    totals = [sum(a == b for a, b in zip(row, key, strict=True)) for row in responses]
    return {"n": len(responses), "items": [
        _chosen(item, right, [row[item] or None for row in responses], totals, data["options"])
        for item, right in enumerate(key)
    ]}  # fmt: skip


def _chosen(
    item: int, key: str, answers: Sequence[str | None], totals: Sequence[int], options: Any
) -> Keys:
    rests = [total - (answer == key) for answer, total in zip(answers, totals, strict=True)]
    own = options[item] if options and not isinstance(options[0], str) else options
    sums = {
        option: OptionSums(
            answers.count(option),
            sum(rest for rest, answer in zip(rests, answers, strict=True) if answer == option),
        )
        for option in own
    }
    figures = option_figures(
        sums, ScoreSums.of(rests, units_per_point=1), options=own, keys=frozenset({key})
    )
    return {
        "item": item + 1,
        "key": key,
        "omitted": answers.count(None),
        "options": [figures_as_keys(each) for each in figures],
    }


def rci(data: Given) -> Keys:
    """pre, post, sd_pre, reliability."""
    change = reliable_change(
        data["pre"], data["post"], sd_pre=data["sd_pre"], reliability=data["reliability"]
    )
    return figures_as_keys(change)


def scoring(data: Given) -> Keys:
    """items[id, options, key, points] (letter strings), responses[{id: string|null}]."""
    per_point = common_units([item["points"] for item in data["items"]])
    points = dict(zip((item["id"] for item in data["items"]), per_point.units, strict=True))
    forms = {
        rule: [
            ItemKey(
                item["id"],
                ItemKind.MULTI_SELECT,
                points[item["id"]],
                tuple(item["options"]),
                frozenset(item["key"]),
                rule,
            )
            for item in data["items"]
        ]
        for rule in ScoringRule
    }
    unit = UNITS_PER_POINT * per_point.units_per_point
    return {
        "max_points": sum(points.values()) / per_point.units_per_point,
        "responses": [_scored(forms, written, unit) for written in data["responses"]],
    }


def _scored(
    forms: Mapping[ScoringRule, list[ItemKey]], written: Mapping[str, str | None], unit: int
) -> Keys:
    chosen = {item: frozenset(ticks) if ticks else None for item, ticks in written.items()}
    scores = {rule: score_sitting(keys, chosen) for rule, keys in forms.items()}
    first = scores[ScoringRule.ALL_OR_NOTHING]
    return {
        "items": {
            item: {"status": one.status.value}
            | {rule.value: score.per_item[item].units / unit for rule, score in scores.items()}
            for item, one in first.per_item.items()
        },
        "total": {rule.value: score.units / unit for rule, score in scores.items()},
        "percent": {
            rule.value: None if score.proportion is None else float(100 * score.proportion)
            for rule, score in scores.items()
        },
        "omitted": first.omitted,
    }


def groups(data: Given) -> Keys:
    """group[], pre[], post[]."""
    read = common_units([*data["pre"], *data["post"]])
    n = len(data["group"])
    members: dict[str, list[tuple[int, int]]] = {}
    for name, pre, post in zip(data["group"], read.units[:n], read.units[n:], strict=True):
        members.setdefault(name, []).append((pre, post))
    return groups_as_keys({
        name: PairSums.from_pairs(pairs, max_units=0, units_per_point=read.units_per_point)
        for name, pairs in members.items()
    })  # fmt: skip


def meta(data: Given) -> Keys:
    """rows[[workshop, pre, post]], columns, max_score."""
    columns = data.get("columns") or ["workshop", "pre", "post"]
    rows = [dict(zip(columns, row, strict=True)) for row in data["rows"]]
    read = common_units([row[which] for row in rows for which in ("pre", "post")])
    gains: dict[Any, list[int]] = {}
    for place, row in enumerate(rows):
        gain = read.units[2 * place + 1] - read.units[2 * place]
        gains.setdefault(row["workshop"], []).append(gain)
    return meta_as_keys([
        (name, ScoreSums.of(gains[name], units_per_point=read.units_per_point))
        for name in sorted(gains, key=lambda name: (isinstance(name, str), name))
    ])  # fmt: skip


def survey(data: Given) -> Keys:
    """nps[], likert[] (null), likert_points."""
    recommended = recommendation_of([each for each in data["nps"] if each is not None])
    agreed = figures_as_keys(agreement_of(data["likert"], data["likert_points"]))
    shares = ("top2", "top2_wilson", "bottom2", "net_agreement")
    return (
        figures_as_keys(recommended)
        | {f"likert_{name}": agreed[name] for name in agreed if name not in shares}
        | {name: agreed[name] for name in shares}
    )


def retro(data: Given) -> Keys:
    """pre[], then[], post[]."""
    columns = [data["pre"], data["then"], data["post"]]
    read = common_units([each for column in columns for each in column if each is not None])
    units = iter(read.units)
    pre, then, post = (
        [None if each is None else next(units) for each in column] for column in columns
    )
    found = retrospective_of(pre, then, post, units_per_point=read.units_per_point)
    return {
        "medians": plain([found.median_pre, found.median_then, found.median_post]),
        "traditional_post_minus_pre": _rated(found.traditional),
        "retrospective_post_minus_then": _rated(found.retrospective),
        "response_shift_then_minus_pre": _rated(found.response_shift),
    }


def _rated(contrast: RatingContrast) -> Keys:
    ranks, changes = figures_as_keys(contrast.ranks), contrast.changes
    names = ("w_plus_pratt", "w_minus_pratt", "p_wilcoxon_exact_pratt", "rank_biserial")
    return {name: ranks[name] for name in names} | {
        "n_pairs": changes.n,
        "mean_gain": plain(contrast.gains.mean),
        "n_improved": changes.improved,
        "n_same": changes.same,
        "n_declined": changes.declined,
        "p_sign_test": plain(sign_test_p(changes.improved, changes.declined)),
    }


def suppress1d(data: Given) -> Keys:
    """threshold, tables[{name: n}]."""
    found = [suppress_groups(table, data["threshold"]) for table in data["tables"]]
    return {"results": [
        {
            "primary": list(each.primary),
            "suppressed": list(each.suppressed),
            "published": dict(each.published),
            "combined_small_groups_n": each.combined_n,
            "combined_publishable": each.is_combined_publishable,
            "total": each.total,
            "total_published": each.is_total_published,
        }
        for each in found
    ]}  # fmt: skip


def suppress2d(data: Given) -> Keys:
    """threshold, counts[][], patterns[[[r,c]]]."""
    counts, threshold = data["counts"], data["threshold"]
    return {
        "primary": [list(cell) for cell in find_primary(counts, threshold)],
        "patterns": [
            _audited(audit_pattern(counts, [(r, c) for r, c in pattern], threshold))
            for pattern in data["patterns"]
        ],
    }


def _audited(audit: TableAudit) -> Keys:
    return {
        "pattern": [list(each.cell) for each in audit.bounds],
        "bounds": [
            {"cell": list(each.cell), "true": each.true, "low": each.low, "high": each.high}
            for each in audit.bounds
        ],
        "missing_primary": [list(cell) for cell in audit.missing_primary],
        "exactly_recoverable": [list(cell) for cell in audit.exactly_recoverable],
        "safe": audit.is_safe,
    }


def learning(data: Given) -> Keys:
    """options, counts{positive, retained, zero, negative}."""
    counts = data["counts"]
    movement = Movement(
        yes_yes=counts["retained"],
        yes_no=counts["negative"],
        no_yes=counts["positive"],
        no_no=counts["zero"],
    )
    return figures_as_keys(learning_types(movement, data["options"]))


FAMILIES: dict[str, Callable[[Given], Keys]] = {
    "attrition": attrition,
    "distractors": distractors,
    "groups": groups,
    "items_patterns": items_patterns,
    "items_prepost": items_prepost,
    "learning_types": learning,
    "mcnemar": mcnemar,
    "meta": meta,
    "paired": paired,
    "paired_hist": paired_hist,
    "rci": rci,
    "retro": retro,
    "scoring": scoring,
    "suppress1d": suppress1d,
    "suppress2d": suppress2d,
    "survey": survey,
}
