"""Every family answers any small data: no error, no NaN, no infinity, shares between 0 and 1."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.gains.as_keys import Keys
from tests.golden.compute import FAMILIES, compute

MAX = 6
scores = st.integers(0, MAX)
maybe = st.none() | scores
limits = {"max_score": st.sampled_from([MAX, None, MAX]), "pass_mark": st.none() | scores}
counts = st.integers(0, 12)
floats = st.integers(0, 30).map(lambda tenths: tenths / 10)


def columns(*names: str, of: Any = scores, **others: Any) -> Any:
    """Lists of one length under these names, beside other values."""
    rows = st.lists(st.tuples(*[of] * len(names)), max_size=9)
    return rows.flatmap(
        lambda found: st.fixed_dictionaries(
            {name: st.just([row[place] for row in found]) for place, name in enumerate(names)}
            | others
        )
    )


def tables_of(cell: Any, rows: int = 4, width: int = 4) -> Any:
    return st.integers(1, width).flatmap(
        lambda k: st.lists(st.lists(cell, min_size=k, max_size=k), min_size=1, max_size=rows)
    )


answers = st.integers(1, 4).flatmap(
    lambda k: st.lists(
        st.tuples(*[st.lists(st.integers(0, 1), min_size=k, max_size=k)] * 2), max_size=8
    ).map(
        lambda people: {
            "pre": [pre for pre, _ in people],
            "post": [post for _, post in people],
            "options": [4] * k,
        }
    )
)
patterns = st.integers(1, 4).flatmap(
    lambda k: st.lists(
        st.tuples(st.text("01", min_size=k, max_size=k), counts), min_size=1, max_size=6
    ).map(lambda rows: {"pattern": [sign for sign, _ in rows], "count": [n for _, n in rows]})
)
keys = st.text("ABCD", min_size=1, max_size=3)
chosen = keys.flatmap(
    lambda key: st.fixed_dictionaries({
        "key": st.just(list(key)),
        "options": st.just(list("ABCD")),
        "responses": st.lists(
            st.lists(st.sampled_from([*"ABCD", None]), min_size=len(key), max_size=len(key)),
            max_size=9,
        ),
    })
)  # fmt: skip
ticks = st.none() | st.text("ABCDE", max_size=5)
scored = st.fixed_dictionaries({
    "items": st.lists(
        st.fixed_dictionaries({
            "options": st.just("ABCDE"),
            "key": st.sets(st.sampled_from("ABCDE"), min_size=1).map("".join),
            "points": st.integers(0, 4),
        }),
        max_size=3,
    ).map(lambda items: [item | {"id": f"q{place}"} for place, item in enumerate(items)]),
    "responses": st.lists(st.dictionaries(st.sampled_from(["q0", "q1", "q2"]), ticks), max_size=4),
})  # fmt: skip
patterned = tables_of(st.integers(0, 7)).flatmap(
    lambda table: st.fixed_dictionaries({
        "threshold": st.integers(2, 8),
        "counts": st.just(table),
        "patterns": st.lists(
            st.lists(
                st.tuples(st.integers(0, len(table) - 1), st.integers(0, len(table[0]) - 1)),
                unique=True,
                max_size=6,
            ),
            max_size=3,
        ),
    })
)  # fmt: skip
fourfold = dict.fromkeys(("yes_yes", "yes_no", "no_yes", "no_no"), counts)
types = dict.fromkeys(("positive", "retained", "zero", "negative"), counts)

GIVEN: dict[str, Any] = {
    "paired": columns("pre", "post", **limits)
    | columns("pre", "post", of=floats, max_score=st.just(3.0), pass_mark=floats),
    "paired_hist": st.fixed_dictionaries({
        "hist": st.lists(st.tuples(scores, scores, st.integers(0, 90)).map(list), max_size=8),
        **limits,
    }),
    "attrition": columns("pre", "post", of=maybe, **limits),
    "mcnemar": st.fixed_dictionaries(fourfold),
    "items_patterns": patterns,
    "items_prepost": answers,
    "distractors": chosen,
    "rci": st.fixed_dictionaries({
        "pre": scores,
        "post": scores,
        "sd_pre": scores,
        "reliability": st.floats(-1, 1.5),
    }),
    "scoring": scored,
    "groups": st.lists(st.tuples(st.sampled_from("FMX"), scores, scores), max_size=12).map(
        lambda rows: {
            name: [row[place] for row in rows]
            for place, name in enumerate(("group", "pre", "post"))
        }
    ),
    "meta": st.fixed_dictionaries({
        "rows": st.lists(st.tuples(st.integers(1, 4), scores, scores).map(list), max_size=40),
        "columns": st.just(["workshop", "pre", "post"]),
        "max_score": st.just(MAX),
    }),
    "survey": st.fixed_dictionaries({
        "nps": st.lists(st.integers(0, 10), max_size=8),
        "likert": st.lists(st.none() | st.integers(1, 4), max_size=8),
        "likert_points": st.just(4),
    }),
    "retro": columns("pre", "then", "post", of=maybe),
    "suppress1d": st.fixed_dictionaries({
        "threshold": st.integers(2, 8),
        "tables": st.lists(st.dictionaries(st.text("abcd", min_size=1), counts), max_size=3),
    }),
    "suppress2d": patterned,
    "learning_types": st.fixed_dictionaries(
        {"options": st.integers(1, 5), "counts": st.fixed_dictionaries(types)}
    ),
}  # fmt: skip
SHARES = ("p_", "share", "top2", "bottom2", "completion", "icc_")


def test_every_family_is_given_something() -> None:
    assert set(GIVEN) == set(FAMILIES)


@pytest.mark.parametrize("family", GIVEN)
@settings(max_examples=60)
@given(st.data())
def test_any_small_data_is_answered_in_plain_numbers(family: str, data: st.DataObject) -> None:
    found = compute(family, data.draw(GIVEN[family]))
    json.dumps(found, allow_nan=False)  # numbers, texts, lists and None: nothing else, no NaN
    for name, value in numbers("", found):
        assert math.isfinite(value), name
        if name.startswith(SHARES):
            assert -1e-12 <= value <= 1 + 1e-12, name


@settings(max_examples=60)
@given(columns("pre", "post", max_score=st.just(MAX), pass_mark=scores))
def test_pairs_and_their_joint_histogram_say_the_same_in_any_order(data: Keys) -> None:
    hist: dict[tuple[int, int], int] = {}
    for pair in sorted(zip(data["pre"], data["post"], strict=True), reverse=True):
        hist[pair] = hist.get(pair, 0) + 1
    pooled = {"hist": [[x, y, n] for (x, y), n in hist.items()]} | {
        name: data[name] for name in ("max_score", "pass_mark")
    }
    assert compute("paired_hist", pooled) == compute("paired", data)


@settings(max_examples=60)
@given(columns("pre", "post", max_score=st.just(MAX), pass_mark=st.just(None)))
def test_gains_of_people_and_rooms_stay_within_what_can_be_gained(data: Keys) -> None:
    found = compute("paired", data)
    for name in ("hake_g_of_averages", "mean_individual_gain"):
        assert found[name] is None or found[name] <= 1 + 1e-12
    assert found["mean_c"] is None or -1 - 1e-12 <= found["mean_c"] <= 1 + 1e-12
    assert found["gain_pp"] is None or -100 <= found["gain_pp"] <= 100
    assert found["rank_biserial"] is None or -1 <= found["rank_biserial"] <= 1


@settings(max_examples=40)
@given(columns("pre", "post", max_score=st.just(None), pass_mark=st.just(None)))
def test_turned_around_the_ranks_change_sides_and_keep_their_p(data: Keys) -> None:
    forth = compute("paired", data)
    back = compute("paired", data | {"pre": data["post"], "post": data["pre"]})
    assert forth["w_plus_pratt"] == back["w_minus_pratt"]
    for name in ("p_wilcoxon_exact_pratt", "p_wilcoxon_exact_wilcox", "p_sign_test"):
        assert forth[name] == back[name]


def numbers(name: str, value: object) -> Any:
    """Every number in a result with the name that it stands under."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from numbers(key, each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from numbers(name, each)
    elif isinstance(value, int | float):
        yield name, value
