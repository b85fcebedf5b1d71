"""A workshop's results from its frozen room: what is told, to whom, and what never is."""

from dataclasses import fields
from decimal import Decimal

import pytest

from app.banks.schemas import FormBeliefs
from app.core.attrition import Completion
from app.core.disclosure import Audience, Extreme, Shown
from app.core.distractors import ItemFlag
from app.core.items import Evidence
from app.gains.frozen import Frozen, pack, unpack
from app.gains.results import Figure, PairArrows, Unsaid, Way, WorkshopResults
from app.gains.states import told_state
from app.gains.workshop_results import results_of
from tests.fixtures.frozen_rooms import (
    Someone,
    form_of,
    frozen_room,
    make_keys,
    someone,
    standing_of,
)

KEYS = make_keys("aaaa")
BELIEFS = FormBeliefs(
    texts={"border-myth": {"en": "Trafficking needs a border"}},
    behind={"1": {"b": "border-myth"}, "2": {"b": "border-myth"}},
    crimes={
        "1": {"a": "trafficking", "b": "smuggling", "c": "both", "d": "neither"},
    },
)


def results(
    *contents: Frozen, audience: Audience = Audience.TEAM, threshold: int = 10
) -> WorkshopResults:
    return results_of(standing_of(*contents), form_of(KEYS, "xxyy", BELIEFS), audience, threshold)


def women_and_men(women: int, men: int, **more: int) -> list[Someone]:
    """Women go from one right to two or three, men from two to three."""
    people = [someone("abbb", "aabb" if n % 2 else "aaab", sex="woman") for n in range(women)]
    people += [someone("aabb", "aaab", sex="man") for _ in range(men)]
    return people + [
        someone("aabb", "aaab", sex=None if sex == "unknown" else sex)
        for sex, count in more.items()
        for _ in range(count)
    ]


def room(*people: Someone, pass_points: int = 0) -> Frozen:
    return frozen_room(KEYS, people, objectives="xxyy", pass_points=pass_points)


def test_a_frozen_room_comes_back_as_it_was() -> None:
    frozen = room(*women_and_men(3, 2), someone("a?-b", None))
    assert unpack(pack(frozen)) == frozen
    assert pack(unpack(pack(frozen))) == pack(frozen)


@pytest.mark.parametrize(
    ("pairs", "audience", "shown", "unsaid", "has_room"),
    [
        (0, Audience.TEAM, Shown.NONE_YET, Unsaid.NO_PAIRS, False),
        (1, Audience.TEAM, Shown.NOTHING, Unsaid.N_TOO_SMALL, False),
        (4, Audience.TEAM, Shown.COUNTS, Unsaid.N_TOO_SMALL, False),
        (5, Audience.TEAM, Shown.MEANS, None, True),
        (10, Audience.TEAM, Shown.FULL, None, True),
        (0, Audience.OUTSIDE, Shown.NONE_YET, Unsaid.NO_PAIRS, False),
        (9, Audience.OUTSIDE, Shown.WITHHELD, Unsaid.WITHHELD, False),
        (10, Audience.OUTSIDE, Shown.FULL, None, True),
    ],
)
def test_how_much_is_told_follows_from_the_pairs(
    pairs: int, audience: Audience, shown: Shown, unsaid: Unsaid | None, has_room: bool
) -> None:
    told = results(room(*women_and_men(pairs, 0)), audience=audience)
    assert (told.shown, told.unsaid, told.room is not None) == (shown, unsaid, has_room)
    if not has_room:
        assert (told.facets, told.objectives, told.items, told.beliefs) == ((), (), (), ())


def test_the_room_by_hand() -> None:
    # Ten women: 1 point before; 3 (five of them) or 2 after: gains 2 and 1, mean 1.5 of 4 points.
    told = results(room(*women_and_men(10, 0), pass_points=3)).room
    assert told is not None
    assert (told.paired, str(told.pre_percent.value), str(told.post_percent.value)) == (
        10, "25", "63",
    )  # fmt: skip
    # SD of the gains √(10/9 · 0.25) = .52705, SE .16667, t(9) 2.26216: 1.5 ± .37703 points.
    assert [str(each.value) for each in (told.gain_pp, told.gain_pp_low, told.gain_pp_high)] == [
        "38", "28", "47",
    ]  # fmt: skip
    assert (str(told.passed_before.value), str(told.passed_after.value)) == ("0", "50")
    assert str(told.part_gained.value) == "0.50"
    assert told.effect == Figure(None, Unsaid.ZERO_VARIANCE)  # nobody differed before


def test_five_to_nine_pairs_show_means_and_nothing_finer() -> None:
    told = results(room(*women_and_men(9, 0), pass_points=3))
    assert told.room is not None
    assert told.room.gain_pp.value is not None
    assert told.room.passed_before == Figure(None, Unsaid.N_TOO_SMALL)
    assert told.room.effect == Figure(None, Unsaid.N_TOO_SMALL)
    assert {row.unsaid for row in told.items} == {Unsaid.N_TOO_SMALL}
    assert {row.right_before for row in told.items} == {Figure(None, Unsaid.N_TOO_SMALL)}
    assert told.crimes.unsaid is Unsaid.N_TOO_SMALL


@pytest.mark.parametrize(
    ("women", "men", "unknown", "told"),
    [
        (10, 10, 0, {"woman", "man"}),
        (9, 20, 0, set()),  # the men would give the women away
        (12, 20, 1, {"man"}),  # and the one who did not say, the women's sum
        (12, 14, 11, {"woman", "man", "not_said"}),
    ],
)
def test_groups_are_told_from_ten_and_never_by_subtraction(
    women: int, men: int, unknown: int, told: set[str]
) -> None:
    (by_sex, *_) = results(room(*women_and_men(women, men, unknown=unknown))).facets
    assert by_sex.facet == "sex"
    assert {row.value for row in by_sex.rows if row.figures} == told
    for row in by_sex.rows:
        assert row.unsaid is (None if row.value in told else Unsaid.SUPPRESSED)
    assert by_sex.offers_pooled is (len(told) < len(by_sex.rows))
    if len(told) == 2 and unknown == 0:
        (difference,) = by_sex.differences
        assert (difference.first, difference.second) == ("man", "woman")


def test_a_room_of_one_sex_has_no_gain_by_sex() -> None:
    women_who_left = [someone("aabb", None, sex="woman") for _ in range(3)]
    (by_sex, *_) = results(room(*women_and_men(0, 20), *women_who_left)).facets
    assert by_sex.rows == ()
    assert not by_sex.offers_pooled


def test_groups_stand_until_every_one_of_them_has_moved_by_ten() -> None:
    first = women_and_men(12, 12)
    two_women = [*first, *women_and_men(2, 3)]
    many = [*first, *women_and_men(10, 10)]

    def pairs(*contents: list[Someone]) -> list[int | None]:
        (by_sex, *_) = results(*(room(*each) for each in contents)).facets
        return [row.figures.paired if row.figures else None for row in by_sex.rows]

    assert pairs(first) == [12, 12]
    assert pairs(first, two_women) == [12, 12]
    assert pairs(first, many) == [22, 22]
    assert pairs(women_and_men(2, 12), first) == [12, 12]  # nothing was told before
    told = results(room(*first), room(*two_women)).room
    assert told is not None
    assert told.paired == 29  # the room itself moves with the snapshot


@pytest.mark.parametrize(
    ("pairs", "outside"),
    [((10, 15), 0), ((10, 20), 1), ((10, 15, 21), 2), ((6, 11), 1), ((0, 4, 9, 14), 3)],
)
def test_outside_the_team_a_workshop_moves_by_ten_pairs(
    pairs: tuple[int, ...], outside: int
) -> None:
    assert told_state(pairs, Audience.OUTSIDE, 10) == outside
    assert told_state(pairs, Audience.TEAM, 10) == len(pairs) - 1


def test_objectives_have_the_questions_of_their_own() -> None:
    first, second = results(room(*women_and_men(10, 0))).objectives
    assert (first.objective, first.items, first.max_points) == ("x", ("1", "2"), Decimal("2.00"))
    assert first.figures is not None
    assert (str(first.figures.pre_percent.value), str(first.figures.post_percent.value)) == (
        "50", "100",
    )  # fmt: skip
    assert second.figures is not None
    assert str(second.figures.gain_pp.value) == "25"


def test_outside_the_team_no_topic_gives_the_share_that_a_limit_hides() -> None:
    people = [someone("aa" + "ab"[n % 2] * 2, "aa" + "ba"[n % 3 > 0] * 2) for n in range(12)]
    outside = results(room(*people), audience=Audience.OUTSIDE)
    assert [bool(each.right_after.extreme) for each in outside.items] == [True, True, False, False]
    first, second = outside.objectives
    assert (first.figures, first.unsaid) == (None, Unsaid.WITHHELD)
    assert second.figures is not None
    assert all(each.figures for each in results(room(*people)).objectives)


def test_a_question_tells_who_learned_and_lost_it() -> None:
    people = [someone("?bbb", "abbb")] * 8 + [someone("abbb", "bbbb")] * 3
    people += [someone("abbb", "abbb")] * 10 + [someone("-bbb", "?bbb")]
    row = results(room(*people)).items[0]
    assert (row.retained, row.learned, row.lost, row.not_learned) == (10, 8, 3, 1)
    assert (row.omitted_before, row.omitted_after) == (1, 0)
    assert [str(each.value) for each in (row.right_before, row.right_after)] == ["59", "82"]
    assert [str(each.value) for each in (row.do_not_know_before, row.do_not_know_after)] == [
        "36", "5",
    ]  # fmt: skip
    assert str(row.guessing_percent.value) == "25"
    assert row.evidence is Evidence.INDICATIVE
    assert ItemFlag.DEAD_DISTRACTOR in row.flags
    options = {each.option: (each.before, each.after) for each in row.options}
    assert options == {"a": (13, 18), "b": (0, 3), "c": (0, 0), "d": (0, 0), "dk": (8, 1)}
    assert [each.misconception for each in row.options][:2] == [None, "border-myth"]


def test_options_and_flags_wait_for_twenty_pairs_and_for_the_team() -> None:
    small = results(room(*women_and_men(19, 0))).items[0]
    outside = results(room(*women_and_men(25, 0)), audience=Audience.OUTSIDE).items[0]
    for row in (small, outside):
        assert (row.options, row.flags, row.evidence) == ((), (), Evidence.NOT_SHOWN)
    assert (outside.retained, outside.learned) == (None, None)
    assert outside.right_before == Figure(Decimal("90"), extreme=Extreme.AT_LEAST)
    assert outside.change == Figure(None, Unsaid.WITHHELD)  # it would give the limit's value away


def test_twelve_of_24_thought_trafficking_needs_a_border_and_three_still_do() -> None:
    people = [someone("baaa", "baaa")] * 3 + [someone("baaa", "aaaa")] * 9
    people += [someone("aaaa", "aaaa")] * 12
    one = FormBeliefs(
        texts=BELIEFS.texts, behind={"1": {"b": "border-myth"}}, crimes=BELIEFS.crimes
    )
    told = results_of(standing_of(room(*people)), form_of(KEYS, "xxyy", one), Audience.TEAM, 10)
    (row,) = told.beliefs
    assert (row.before, row.asked, row.after) == (12, 24, 3)
    assert row.belief == {"en": "Trafficking needs a border"}
    both = results(room(*people)).beliefs[0]
    assert (both.items, both.asked, both.before) == (("1", "2"), 48, 12)
    outside = results(room(*people[:19]), audience=Audience.OUTSIDE).beliefs[0]
    assert outside.after_percent == Figure(Decimal("20"), extreme=Extreme.AT_MOST)  # 3 of 38


def test_what_a_case_is_against_what_people_said() -> None:
    people = (
        [someone("baaa", "aaaa")] * 7 + [someone("?aaa", "caaa")] * 3 + [someone("-aaa", "aaaa")]
    )
    told = results(room(*people)).crimes
    assert told.items == ("1",)
    assert told.before["trafficking"] == {
        "trafficking": 0, "smuggling": 7, "both": 0, "neither": 0, "do_not_know": 3, "omitted": 1,
    }  # fmt: skip
    assert told.after["trafficking"]["trafficking"] == 8
    nothing = results_of(standing_of(room(*people)), form_of(KEYS), Audience.TEAM, 10).crimes
    assert (nothing.unsaid, nothing.before) == (Unsaid.NOT_IN_FORM, {})


def test_a_question_that_is_hard_in_one_language_only_is_found() -> None:
    def said(language: str, third: str, people: int) -> list[Someone]:
        return [
            someone("bbbb", ("aa" if n % 2 else "bb") + third + ("a" if n % 3 else "b"),
                    language=language)
            for n in range(people)
        ]  # fmt: skip

    told = results(room(*said("en", "a", 30), *said("ur", "b", 30))).languages
    assert [row.item for row in told.rows if row.is_suspect] == ["3"]
    assert told.rows[0].right_after["ur"].value == Decimal("50")
    alone = results(room(*said("en", "a", 30))).languages
    assert (alone.rows, alone.unsaid) == ((), Unsaid.ONE_LANGUAGE)
    few = results(room(*said("en", "a", 30), *said("ur", "b", 9))).languages
    assert (few.rows, few.unsaid) == ((), Unsaid.SUPPRESSED)


@pytest.mark.parametrize(
    ("leavers", "audience", "is_told"),
    [(4, Audience.TEAM, False), (5, Audience.TEAM, True), (9, Audience.OUTSIDE, False),
     (10, Audience.OUTSIDE, True)],
)  # fmt: skip
def test_figures_that_involve_leavers_need_enough_of_them(
    leavers: int, audience: Audience, is_told: bool
) -> None:
    pairs = [someone("a" * n + "b" * (4 - n), "aaab") for n in (0, 1, 2, 3)] * 5
    people = [*pairs, *[someone("abbb" if n % 2 else "bbbb", None) for n in range(leavers)]]
    told = results(room(*people), audience=audience).attrition
    assert (told.pre, told.paired) == (20 + leavers, 20)
    assert told.completion_percent.value is not None
    assert (told.adjusted_gain_pp.value is not None) is is_told
    assert (told.leavers_start_pp.value is not None) is is_told
    assert told.judged is (Completion.FINE if leavers <= 5 else Completion.WITH_CARE)


@pytest.mark.parametrize(
    ("flagged", "others", "audience", "is_told"),
    [(4, 20, Audience.TEAM, False), (5, 20, Audience.TEAM, True), (20, 4, Audience.TEAM, False),
     (9, 20, Audience.OUTSIDE, False), (10, 10, Audience.OUTSIDE, True)],
)  # fmt: skip
def test_without_flagged_sittings_needs_enough_on_both_sides(
    flagged: int, others: int, audience: Audience, is_told: bool
) -> None:
    people = [someone("abbb", "aaab")] * others
    people += [someone("abbb", "aaaa", is_flagged=True)] * flagged
    told = results(room(*people), audience=audience).flagged
    assert (told.without is not None) is is_told
    if told.without:
        assert (told.without.paired, told.flagged_pairs) == (others, flagged)
        assert str(told.without.gain_pp.value) == "50"


def test_three_flagged_latecomers_among_twelve_are_not_told_by_subtraction() -> None:
    before = [someone("abbb", "aaab")] * 12 + [someone("abbb", "aaaa", is_flagged=True)] * 5
    late = [someone("bbbb", "aabb")] * 9 + [someone("bbbb", "aaaa", is_flagged=True)] * 3
    told = results(room(*before), room(*before, *late))
    assert (told.room and told.room.paired, told.flagged.flagged_pairs) == (29, 5)
    assert told.flagged.without is not None
    assert (told.flagged.without.paired, str(told.flagged.without.gain_pp.value)) == (12, "50")
    more = [someone("bbbb", "aaaa", is_flagged=True)] * 2
    moved = results(room(*before), room(*before, *late), room(*before, *late, *more)).flagged
    assert (moved.flagged_pairs, moved.without and moved.without.paired) == (10, 21)


def test_outside_flagged_sittings_are_told_of_states_that_were_seen_there() -> None:
    before = [someone("abbb", "aaab")] * 20 + [someone("abbb", "aaaa", is_flagged=True)] * 10
    late = [someone("bbbb", "aabb")] * 5 + [someone("bbbb", "aaaa", is_flagged=True)] * 10
    states = [room(*before), room(*before, *late)]
    told = results(*states, audience=Audience.OUTSIDE)
    assert (told.room and told.room.paired, told.flagged.flagged_pairs) == (45, 10)
    assert told.flagged.without is not None
    assert told.flagged.without.paired == 20


def test_of_who_left_nothing_is_told_while_they_may_still_come() -> None:
    pairs = [someone("a" * n + "b" * (4 - n), "aaab") for n in (0, 1, 2, 3)] * 5
    people = room(*pairs, *[someone("abbb" if n % 2 else "bbbb", None) for n in range(6)])
    form = form_of(KEYS, "xxyy", BELIEFS)
    early = results_of(standing_of(people, is_final=False), form, Audience.TEAM, 10).attrition
    final = results_of(standing_of(people), form, Audience.TEAM, 10).attrition
    assert early.completion_percent == final.completion_percent
    for name in ("leavers_start_pp", "adjusted_gain_pp", "adjusted_low"):
        assert getattr(early, name).value is None
        assert getattr(final, name).value is not None


def test_a_room_that_knew_it_before_is_told_so() -> None:
    assert results(room(*[someone("aaaa", "aaaa")] * 10)).has_ceiling is True
    assert results(room(*women_and_men(10, 0))).has_ceiling is False


def test_outside_no_reason_tells_more_than_withheld() -> None:
    told = results(room(*[someone("aaaa", "aaaa")] * 10), audience=Audience.OUTSIDE)
    assert told.room is not None
    reasons = {
        figure.unsaid
        for figure in vars(told.room).values()
        if isinstance(figure, Figure) and figure.unsaid
    }
    assert reasons == {Unsaid.WITHHELD, Unsaid.NO_PASS_MARK}
    assert told.facets == ()
    assert told.languages.unsaid is Unsaid.WITHHELD


def points_of(pre: str, post: str, people: int) -> list[Someone]:
    return [someone(pre, post) for _ in range(people)]


def test_each_pair_has_an_arrow_by_its_start_and_equal_pairs_are_equal() -> None:
    people = [
        *points_of("aaab", "aabb", 2),  # 3 to 2 of 4 points
        *points_of("abbb", "aaaa", 3),  # 1 to 4
        *points_of("aabb", "aabb", 4),
        *points_of("abbb", "aabb", 1),
        someone("aaaa", None),
    ]
    told = results(room(*people)).pair_arrows
    assert told.unsaid is None
    assert [(str(each.before), str(each.after), each.way) for each in told.arrows] == [
        ("25.0", "50.0", Way.ROSE), *[("25.0", "100.0", Way.ROSE)] * 3,
        *[("50.0", "50.0", Way.SAME)] * 4, *[("75.0", "50.0", Way.FELL)] * 2,
    ]  # fmt: skip
    assert [told.count(way) for way in Way] == [4, 4, 2]
    assert results(room(*reversed(people))).pair_arrows == told  # no order but the scores'
    assert {each.name for each in fields(told.arrows[0])} == {"before", "after", "way"}


def test_arrows_are_for_the_team_alone_from_ten_pairs() -> None:
    nine, ten = (room(*women_and_men(n, 0)) for n in (9, 10))
    assert results(nine).pair_arrows == PairArrows(arrows=(), unsaid=Unsaid.N_TOO_SMALL)
    assert len(results(ten).pair_arrows.arrows) == 10
    outside = results(ten, audience=Audience.OUTSIDE).pair_arrows
    assert outside == PairArrows(arrows=(), unsaid=Unsaid.WITHHELD)
    assert results(ten, threshold=5).pair_arrows == results(ten).pair_arrows
    assert results(nine, threshold=5).pair_arrows.arrows == ()  # ten is no setting


def test_the_arrows_of_a_few_latecomers_never_stand_out_from_those_before() -> None:
    first = women_and_men(12, 0)
    few, many = [*first, *women_and_men(0, 9)], [*first, *women_and_men(0, 10)]

    def drawn(*contents: list[Someone]) -> int:
        return len(results(*(room(*each) for each in contents)).pair_arrows.arrows)

    assert (drawn(first, few), drawn(first, many)) == (12, 22)
    assert drawn(first, few, many) == 22
    assert drawn(women_and_men(6, 0), first) == 12  # nothing was drawn before
