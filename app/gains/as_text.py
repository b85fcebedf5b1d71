"""An analysis as a table for the terminal: the same numbers as its keys, rounded for reading."""

from collections.abc import Iterable, Sequence

from app.core.printing import half_up, printed_pp
from app.gains.as_keys import Keys

STANDING_SENTENCE = (
    "This is change from before to after among those who took both tests. Without a comparison\n"
    "group it does not show what the training caused."
)
_DASH = "–"


def analysis_as_text(found: Keys, name: str) -> str:
    """Return all sections with a heading, ending in a line end; undefined and withheld are "–"."""
    parts = [
        _people(found, name),
        _gains(found),
        *(_groups(found, facet) for facet in found.get("groups", {})),
        _workshops(found),
        _annex(found),
        STANDING_SENTENCE if found["paired"]["n_pairs"] else "",
        _bad_rows(found),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _people(found: Keys, name: str) -> str:
    who = found["attrition"]
    lines = [
        f"{name}: {who['n_registered']} people, {who['n_paired']} with both tests "
        f"({who['n_pre_only']} only before, {who['n_post_only']} only after)"
    ]
    if not who["n_paired"]:
        lines.append(f"No completed pairs yet ({who['n_pre']} before, {who['n_post']} after).")
    elif who["n_paired"] < 5:
        lines.append("So few pairs tell about single people: do not pass these numbers on.")
    if who["completion_rate"] is not None:
        ends = _range(who, "completion_wilson", percent=True)
        lines.append(f"Completion {_percent(who['completion_rate'])} % ({ends})")
    if who["adjusted_gain"] is not None:
        ends = _range(who, "adjusted_gain_ci")
        lines.append(
            f"Gain as if the leavers had stayed: {_points(who['adjusted_gain'])} points ({ends})"
        )
    return "\n".join(lines)


def _gains(found: Keys) -> str:
    paired = found["paired"]
    n = paired["n_pairs"]
    if not n:
        return ""
    rows = [["", "before", "after", "gain", "95 %"]]
    rows.append(
        ["points", *(_points(paired[f"mean_{each}"]) for each in ("pre", "post", "gain")),
         _range(paired, "ci95")]
    )  # fmt: skip
    if found["max_score"]:
        scale = 100 / found["max_score"]
        ends = [paired["ci95_low"], paired["ci95_high"]]
        rows.append([
            f"percent of {found['max_score']:g}",
            *(_pp(paired[each], n) for each in ("pct_mean_pre", "pct_mean_post", "gain_pp")),
            _ends([None if each is None else _pp(each * scale, n) for each in ends]),
        ])  # fmt: skip
    if "mastery_diff" in paired:
        above = paired["mastery_above_above"]
        rows.append([
            f"passed ({found['pass_mark']:g} or more)",
            str(above + paired["mastery_above_below"]),
            str(above + paired["mastery_below_above"]),
            f"{_percent(paired['mastery_diff'])} pp",
            _ends([
                _percent(paired[f"mastery_diff_ci_{end}_bonett_price"]) for end in ("low", "high")
            ]),
        ])  # fmt: skip
    changed = (
        f"improved {paired['n_improved']}, same {paired['n_same']}, declined {paired['n_declined']}"
    )
    return f"{_table(rows)}\n{changed}"


def _groups(found: Keys, facet: str) -> str:
    section = found["groups"][facet]
    rows = [[f"by {facet}", "pairs", "before", "after", "gain", "95 %"]]
    rows += [
        [each["group"], str(each["n"]),
         *(_points(each[f"mean_{which}"]) for which in ("pre", "post", "gain")),
         _range(each, "ci")]
        for each in section["groups"]
    ]  # fmt: skip
    return _with_withheld(found, facet, rows, [
        f"{each['contrast']}: {_points(each['diff'])} points ({_range(each, 'ci')})"
        for each in section["gain_difference_welch"]
    ])  # fmt: skip


def _workshops(found: Keys) -> str:
    meta = found.get("meta")
    if meta is None:
        return ""
    rows = [["by workshop", "pairs", "gain", "SD"]]
    rows += [
        [
            str(each["workshop"]),
            str(each["n"]),
            _points(each["mean_gain"]),
            _points(each["sd_gain"]),
        ]
        for each in meta["workshops"]
    ]
    ends = _pair_of_points(meta["ci_hksj_modified_PM"])
    new = _pair_of_points(meta["prediction_interval_PM_hts"])
    pooled = [
        f"all workshops, seen or not: {_points(meta['mu_PM'])} points ({ends}); "
        f"a new workshop may gain between {new}"
    ]
    return _with_withheld(found, "workshop", rows, pooled if meta["mu_PM"] is not None else [])


def _with_withheld(found: Keys, column: str, rows: list[list[str]], below: Iterable[str]) -> str:
    withheld = found["withheld"].get(column, [])
    rows += [[name, *[_DASH] * (len(rows[0]) - 1)] for name in withheld]
    said = [
        f"{_DASH}: fewer than 10 pairs, or told with a group that has fewer. "
        "--own-data shows them, if the table is your own."
    ]
    return "\n".join([_table(rows), *below, *(said if withheld else [])])


def _annex(found: Keys) -> str:
    paired = found["paired"]
    if not paired["n_pairs"]:
        return ""
    p_exact = paired["p_wilcoxon_exact_pratt"]
    p_ranks = paired["p_wilcoxon_asym_pratt"] if p_exact is None else p_exact
    lines = [
        f"t = {_points(paired['t'])}, df = {_or_dash(paired['df'])}, p {_p(paired['p_t'])}; "
        f"signed ranks (Pratt) p {_p(p_ranks)}",
        f"effect size g_av = {_points(paired['g_av'])} ({_range(paired, 'g_av_ci')}), "
        f"r = {_points(paired['r_pre_post'])}",
    ]
    if "hake_g_of_averages" in paired:
        lines.append(
            f"of what could still be gained: <g> = {_points(paired['hake_g_of_averages'])} "
            f"({_range(paired, 'hake_g_ci')})"
        )
    if "mastery_mcnemar_p_midp" in paired:
        lines.append(f"pass movement, McNemar mid-p {_p(paired['mastery_mcnemar_p_midp'])}")
    return "\n".join(lines)


def _bad_rows(found: Keys) -> str:
    bad = found["bad_rows"]
    rows = [f"  line {each['line']}: {each['reason']}" for each in bad]
    return "\n".join([f"Rows that do not count: {len(bad)}", *rows]) if bad else ""


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    )


def _points(value: float | None) -> str:
    return _DASH if value is None else str(half_up(value, 2))


def _pp(value: float, n: int) -> str:
    return str(printed_pp(value, n))


def _percent(share: float | None) -> str:
    return _DASH if share is None else str(half_up(100 * share, 0))


def _or_dash(value: object) -> str:
    return _DASH if value is None else str(value)


def _p(value: float | None) -> str:
    if value is None:
        return _DASH
    return "< 0.001" if value < 0.001 else f"= {value:.2g}"


def _range(keys: Keys, name: str, *, percent: bool = False) -> str:
    ends = [keys[f"{name}_low"], keys[f"{name}_high"]]
    return _ends([None if end is None else (_percent if percent else _points)(end) for end in ends])


def _pair_of_points(ends: Sequence[float] | None) -> str:
    return _ends([None, None] if ends is None else [_points(end) for end in ends])


def _ends(ends: Sequence[str | None]) -> str:
    return f"{ends[0]} to {ends[1]}" if None not in ends else _DASH
