"""Every measure of a report: its names, its unit, and which recipe says how it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.reasons import N_
from app.reports.document import Column, Fact, Layout, Row, Table, Unit
from app.reports.wording import Wording


@dataclass(frozen=True)
class Measure:
    """`name` heads a row or, where there is no `short`, a column; `says` is for the dictionary."""

    name: str
    unit: Unit
    recipe: str
    says: str
    short: str = ""


MEASURES: dict[str, Measure] = {
    "workshops": Measure(
        N_("Workshops"), Unit.WORKSHOPS, "workshops_counted",
        "final workshops whose pairs are in the row",
    ),
    "paired": Measure(
        N_("Took both"), Unit.PEOPLE, "paired",
        "people with both tests on the same version of the questions", N_("Both"),
    ),
    "pre_percent": Measure(
        N_("Before"), Unit.PERCENT, "mean_percent", "mean pre-test score of the pairs",
    ),
    "post_percent": Measure(
        N_("After"), Unit.PERCENT, "mean_percent", "mean post-test score of the pairs",
    ),
    "pooled_gain_pp": Measure(
        N_("Gain, average of the workshops"), Unit.PP, "pooled",
        "mean over workshops told one by one, random effects; interval: modified Knapp-Hartung",
        N_("Average of the workshops"),
    ),
    "pooled_workshops": Measure(
        N_("Workshops in that average"), Unit.WORKSHOPS, "pooled",
        "workshops told one by one whose gains vary",
    ),
    "prediction_pp": Measure(
        N_("What a new workshop may gain"), Unit.PP, "prediction",
        "low and high: 95 % prediction interval for the gain of a further workshop",
    ),
    "between_pp": Measure(
        N_("How far workshops differ"), Unit.PP_SPREAD, "between_workshops",
        "tau: spread of the workshops' true gains, Paule-Mandel",
    ),
    "gain_pp": Measure(
        N_("Gain, the average participant"), Unit.PP, "all_people",
        "mean of post minus pre; interval: one workshop by t, several by workshops as clusters",
        N_("Gain"),
    ),
    "improved_percent": Measure(
        N_("Higher after"), Unit.PERCENT, "improved", "share of pairs with a higher score after",
    ),
    "passed_before_percent": Measure(
        N_("Passed before"), Unit.PERCENT, "pass_movement",
        "share of pairs at or above the workshop's pass mark in the pre-test",
    ),
    "passed_after_percent": Measure(
        N_("Passed after"), Unit.PERCENT, "pass_movement", "the same in the post-test",
    ),
    "part_gained": Measure(
        N_("Part of what could still be gained"), Unit.PLAIN, "hake_g",
        "normalised gain of averages, <g>",
    ),
    "effect_size": Measure(
        N_("Effect size"), Unit.PLAIN, "g_av", "g_av: gain over the average of both SD, Hedges' J",
    ),
    "median_pre_points": Measure(
        N_("Middle points before"), Unit.POINTS, "median", "median pre-test points",
    ),
    "median_post_points": Measure(
        N_("Middle points after"), Unit.POINTS, "median", "median post-test points",
    ),
    "wilcoxon_p": Measure(
        N_("Test by ranks"), Unit.P, "wilcoxon", "Wilcoxon's signed ranks by Pratt; one workshop",
    ),
    "registered": Measure(
        N_("Registered"), Unit.PEOPLE, "registered", "people who answered the page of consent",
    ),
    "pre": Measure(
        N_("Took the pre-test"), Unit.PEOPLE, "tests_taken", "people with a scored pre-test",
    ),
    "post": Measure(
        N_("Took the post-test"), Unit.PEOPLE, "tests_taken", "people with a scored post-test",
    ),
    "pre_only": Measure(
        N_("Left before the post-test"), Unit.PEOPLE, "completion", "pre-test without a post-test",
    ),
    "post_only": Measure(
        N_("Came after the pre-test"), Unit.PEOPLE, "tests_taken", "post-test without a pre-test",
    ),
    "completion_percent": Measure(
        N_("Stayed to the end"), Unit.PERCENT, "completion",
        "pairs as a share of pre-test takers; interval: Wilson",
    ),
    "late_percent": Measure(
        N_("Late"), Unit.PERCENT, "flagged", "share of both tests with answers after the end",
    ),
    "paper_percent": Measure(
        N_("On paper"), Unit.PERCENT, "flagged", "share of both tests typed from paper",
    ),
    "assisted_percent": Measure(
        N_("Helped"), Unit.PERCENT, "flagged", "share of both tests taken with a helper",
    ),
    "rescued_percent": Measure(
        N_("Brought by hand"), Unit.PERCENT, "flagged", "share of both tests carried in by hand",
    ),
    "unflagged_paired": Measure(
        N_("Took both, without those tests"), Unit.PEOPLE, "flagged",
        "pairs without a late, paper, helped or hand-carried test",
    ),
    "unflagged_gain_pp": Measure(
        N_("Gain without those tests"), Unit.PP, "flagged",
        "mean of post minus pre of the pairs without such a test",
    ),
    "difference_pp": Measure(
        N_("Difference of two groups"), Unit.PP, "group_difference",
        "how much more the second group gained, inside each workshop, then pooled",
    ),
    "bundles": Measure(
        N_("Bundles of workshops"), Unit.WORKSHOPS, "released",
        "bundles in which both groups are told",
    ),
    "right_before_percent": Measure(
        N_("Right before"), Unit.PERCENT, "item_share", "share of pairs right in the pre-test",
    ),
    "right_after_percent": Measure(
        N_("Right after"), Unit.PERCENT, "item_share", "share of pairs right in the post-test",
    ),
    "change_pp": Measure(
        N_("Gain of one question"), Unit.PP, "item_gain",
        "learned less lost, as a share of the pairs; interval: Bonett-Price, one workshop",
        N_("Gain"),
    ),
    "topic_change_pp": Measure(
        N_("Gain"), Unit.PP, "topic_share", "right after less right before, a topic's questions",
    ),
    "agreed_percent": Measure(
        N_("Agree: the two highest answers"), Unit.PERCENT, "agreement",
        "share of the answers that are one of the two highest; interval: Wilson",
    ),
    "disagreed_percent": Measure(
        N_("Disagree: the two lowest answers"), Unit.PERCENT, "agreement",
        "share of the answers that are one of the two lowest",
    ),
    "sheets_answered": Measure(N_("Answers"), Unit.ANSWERS, "opinions", "sheets with an answer"),
    "sheets_blank": Measure(N_("No answer"), Unit.ANSWERS, "opinions", "sheets without one"),
    "forms": Measure(N_("Tests"), Unit.FORMS, "different_tests", "versions of tests counted"),
    "effect": Measure(
        N_("Effect size, average of the workshops"), Unit.PLAIN, "different_tests",
        "g_av of each workshop on its own test, random effects",
    ),
    "effect_prediction": Measure(
        N_("Effect size a new workshop may have"), Unit.PLAIN, "prediction",
        "low and high: 95 % prediction interval for a further workshop",
    ),
    "sum_pre": Measure("Sum x", Unit.SCORE_UNITS, "points", "sum of the pairs' pre-test scores"),
    "sum_post": Measure("Sum y", Unit.SCORE_UNITS, "points", "sum of the pairs' post-test scores"),
    "sum_pre_squared": Measure("Sum x²", Unit.SCORE_UNITS, "points", "sum of their squares"),
    "sum_post_squared": Measure("Sum y²", Unit.SCORE_UNITS, "points", "sum of their squares"),
    "sum_products": Measure("Sum xy", Unit.SCORE_UNITS, "points", "sum of pre times post"),
    "max_units": Measure("M", Unit.SCORE_UNITS, "points", "all points of the test"),
    "room_gain_pp": Measure(
        N_("Gain"), Unit.PP, "gain_pp", "mean of post minus pre of one room's pairs; interval: t",
    ),
    "pre_points": Measure(
        N_("Points before"), Unit.POINTS, "mean_percent", "mean pre-test points of the pairs",
    ),
    "post_points": Measure(
        N_("Points after"), Unit.POINTS, "mean_percent", "mean post-test points of the pairs",
    ),
    "gain_points": Measure(
        N_("Gain in points"), Unit.POINTS_MOVED, "gain_pp", "mean of post minus pre; interval: t",
    ),
    "most_points": Measure(
        N_("All points of the test"), Unit.POINTS, "points", "all points of the test",
    ),
    "improved": Measure(
        N_("Higher after"), Unit.PEOPLE, "improved", "pairs with a higher score after",
    ),
    "same": Measure(N_("Same as before"), Unit.PEOPLE, "improved", "pairs with the same score"),
    "declined": Measure(
        N_("Lower after"), Unit.PEOPLE, "improved", "pairs with a lower score after",
    ),
    "passed_change_pp": Measure(
        N_("Change of who passed"), Unit.PP, "pass_movement",
        "passed after less passed before; interval: Bonett-Price",
    ),
    "late_beside": Measure(
        N_("Came later, not in these numbers"), Unit.PEOPLE, "late_beside",
        "tests that came after the snapshot",
    ),
    "adjusted_gain_pp": Measure(
        N_("Gain with those who left"), Unit.PP, "adjusted_gain",
        "gain by a model with those who took only the pre-test",
    ),
    "flagged_pairs": Measure(
        N_("Late, on paper, helped, brought by hand"), Unit.PEOPLE, "flagged",
        "pairs with a late, paper, helped or hand-carried test",
    ),
    "retained": Measure(N_("Kept"), Unit.PEOPLE, "transition", "right before and after"),
    "learned": Measure(N_("Learned"), Unit.PEOPLE, "transition", "right only after"),
    "lost": Measure(N_("Lost"), Unit.PEOPLE, "transition", "right only before"),
    "not_learned": Measure(N_("Not learned"), Unit.PEOPLE, "transition", "never right"),
    "do_not_know_before_percent": Measure(
        N_("“I do not know” before"), Unit.PERCENT, "dont_know", "share of pairs, pre-test",
    ),
    "do_not_know_after_percent": Measure(
        N_("“I do not know” after"), Unit.PERCENT, "dont_know", "share of pairs, post-test",
    ),
    "guessing_percent": Measure(
        N_("By guessing"), Unit.PERCENT, "item_share", "how often blind choice is right",
    ),
    "rest_r": Measure(
        N_("How well it separates"), Unit.PLAIN, "separation",
        "correlation with the score without it, post-test",
    ),
    "asked": Measure(
        N_("Answers"), Unit.ANSWERS, "misconception", "pairs times the questions that offer it",
    ),
    "believed_before": Measure(
        N_("Chosen before"), Unit.ANSWERS, "misconception", "pre-test answers with that belief",
    ),
    "believed_after": Measure(
        N_("Chosen after"), Unit.ANSWERS, "misconception", "post-test answers with that belief",
    ),
    "believed_before_percent": Measure(
        N_("Chosen before"), Unit.PERCENT, "misconception", "their share of the answers",
    ),
    "believed_after_percent": Measure(
        N_("Chosen after"), Unit.PERCENT, "misconception", "their share of the answers",
    ),
    "start_difference_pp": Measure(
        N_("Apart at the start"), Unit.PP, "group_difference", "second less first, pre-test",
    ),
    "reliability": Measure(
        N_("Reliability"), Unit.PLAIN, "alpha", "Cronbach's alpha of the post-test; Feldt",
    ),
    "said_trafficking": Measure(N_("Trafficking"), Unit.ANSWERS, "confusion", "said trafficking"),
    "said_smuggling": Measure(N_("Smuggling"), Unit.ANSWERS, "confusion", "said smuggling"),
    "said_both": Measure(N_("Both"), Unit.ANSWERS, "confusion", "said both"),
    "said_neither": Measure(N_("Neither"), Unit.ANSWERS, "confusion", "said neither"),
    "said_do_not_know": Measure(
        N_("I do not know"), Unit.ANSWERS, "confusion", "said that they do not know",
    ),
    "said_omitted": Measure(N_("No answer"), Unit.ANSWERS, "confusion", "said nothing"),
}  # fmt: skip


def columns_of(measures: Iterable[str], wording: Wording) -> tuple[Column, ...]:
    """The columns of a table, named in a language."""
    known = [(key, MEASURES[key]) for key in measures]
    return tuple(
        Column(
            measure=key,
            name=wording.say(each.name),
            short=wording.say(each.short or each.name),
            unit=each.unit,
            recipe=each.recipe,
        )
        for key, each in known
    )


def list_of(
    code: str,
    caption: str,
    measures: Sequence[str],
    row: tuple[str, Iterable[Fact]],
    wording: Wording,
) -> Table:
    """A table of one group, its measures below each other; `row`: its name and its facts."""
    name, facts = row
    return Table(
        code=code,
        caption=caption,
        layout=Layout.LIST,
        columns=columns_of(measures, wording),
        rows=(Row(code="", name=name, facts=tuple(facts)),),
    )


def grid_from(
    code: str, captions: tuple[str, str], columns: tuple[Column, ...], rows: Iterable[Row]
) -> Table:
    """The same as `grid_of` where columns are made elsewhere."""
    caption, stub = captions
    return Table(
        code=code, caption=caption, layout=Layout.GRID, columns=columns, rows=tuple(rows),
        stub=stub,
    )  # fmt: skip


def grid_of(
    code: str,
    captions: tuple[str, str],
    measures: Sequence[str],
    rows: Iterable[Row],
    wording: Wording,
) -> Table:
    """A table with a row for each group; `captions`: the table's, and what its rows are."""
    return grid_from(code, captions, columns_of(measures, wording), rows)
