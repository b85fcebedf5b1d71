"""How every printed number is made: one recipe for each, shown at /methods.

A label links to its recipe by the macro `recipe`; columns of files and the API by `web.columns`.
Formulas are written for a statistician and are the same in every language. x, y: pre and post
points of one person; d = y - x; M: most points; n: pairs; SD with n - 1.
"""

from dataclasses import dataclass

from app.core.reasons import N_
from app.web.sources import SOURCES, Source


@dataclass(frozen=True)
class Recipe:
    """One number: what it says, how it is computed, of whom, and when it is not there.

    `of`, `without` and `when` are keys of OF, WITHOUT and WHEN; `reasons` codes of REASON_WORDS.
    """

    key: str
    name: str
    says: str
    formula: tuple[str, ...] = ()
    of: str = "pairs"
    without: str = "one_test"
    when: str = "gain"
    reasons: tuple[str, ...] = ()
    from_sources: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the recipe on its page."""
        return self.key.replace("_", "-")

    @property
    def sources(self) -> list[Source]:
        """What is cited, in the order given."""
        return [SOURCES[each] for each in self.from_sources]


@dataclass(frozen=True)
class RecipeGroup:
    """Recipes that belong together, under one heading."""

    key: str
    name: str
    recipes: tuple[Recipe, ...]


OF: dict[str, str] = {
    "pairs": N_("Everybody who took both tests, on the same version of the questions."),
    "registered": N_("Everybody who is registered."),
    "planned": N_("As many as the workshop has cards, or expects."),
    "pre": N_("Everybody who took the pre-test."),
    "leavers": N_("Those who took only the pre-test, beside those who took both."),
    "post": N_("Everybody who took the post-test."),
    "person": N_("One person; only that person sees it."),
    "workshops": N_("Workshops with at least 5 pairs, on one version of the questions."),
    "final": N_("Workshops whose late hours have ended, on one version of the questions."),
    "sheets": N_("Everybody who handed in a sheet."),
    "trainer": N_("As the trainer counted."),
    "group": N_("The pairs of each group; who gave no group is a group of its own."),
}
WITHOUT: dict[str, str] = {
    "one_test": N_("Left out: who took only one of the two tests. No change can be read there."),
    "late": N_("Left out: answers that came after the figures were taken."),
    "blank": N_("Left out: questions without an answer. Blanks are printed beside."),
    "empty": N_("Left out: tests without a single answer."),
    "waiting": N_("Left out: small workshops and small groups that still wait for others."),
    "small_rooms": N_("Left out: rooms below 5 pairs, and rooms where all gained the same."),
    "nobody": N_("Nobody is left out."),
}
WHEN: dict[str, str] = {
    "always": N_("Always shown to the team; outside it beside figures that are shown."),
    "counts": N_("The team sees it from 2 pairs, others from %(least)s."),
    "gain": N_("The team sees it from 5 pairs, others from %(least)s."),
    "five": N_("The team sees it from 5 tests; nobody else."),
    "ten": N_("Shown from 10 pairs, to the team as well."),
    "twenty": N_("Shown from 20 people, as a first sign; firm from 100."),
    "leavers": N_("Needs 5 such people inside the team, %(least)s outside it."),
    "pooled": N_("Shown from 3 workshops; two are listed side by side."),
    "clusters": N_("Its interval: from 10 workshops, none with more than a fifth of the people."),
    "released": N_("Shown when the late hours have ended and %(least)s people are together."),
    "annex": N_("In the technical annex only, from 10 pairs."),
    "sheets": N_(
        "After the questionnaire has closed: the team from 5 sheets, others from %(least)s."
    ),
    "own": N_("Shown after the post-test has closed for that person."),
}
REASON_WORDS: dict[str, str] = {
    "no_pairs": N_("nobody took both tests"),
    "n_too_small": N_("too few people for this number"),
    "n_too_large": N_("too many people for the exact count; an approximation stands instead"),
    "zero_variance": N_("everybody has the same value, so no margin can be computed"),
    "no_max": N_("the test has no points"),
    "pre_at_ceiling": N_("everybody had all points before"),
    "no_change": N_("nobody's points changed"),
    "no_discordant": N_("nobody moved from one side to the other"),
    "several_rooms": N_("people of one room are alike; see the interval over workshops"),
    "suppressed": N_("the group is too small to be shown"),
    "withheld": N_("withheld, so that nobody can be recognised"),
}

_COUNTED = RecipeGroup("counted", N_("Who is counted"), (
    Recipe("registered", N_("Registered"),
           N_("People who answered the page of consent. A person in two workshops counts twice."),
           of="registered", without="nobody", when="always"),
    Recipe("tests_taken", N_("Took the pre-test, took the post-test"),
           N_("People whose test was sent, or was taken in when it closed."),
           of="registered", without="empty", when="counts"),
    Recipe("paired", N_("Took both"),
           N_("Pairs: a person's first pre-test and first post-test, on the same questions."),
           when="counts"),
    Recipe("completion", N_("Stayed to the end"),
           N_("Of those who took the pre-test, the part that also took the post-test."),
           ("p = pairs / pre",
            "95 %: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96"),
           of="pre", without="nobody", when="counts", reasons=("no_pairs",),
           from_sources=("newcombe",)),
    Recipe("late_beside", N_("Came later"),
           N_("Tests whose answers came or changed after the figures were taken."),
           of="registered", without="nobody", when="always"),
    Recipe("flagged", N_("Late, on paper, helped, brought by hand"),
           N_("Tests taken in another way; where it is safe the gain is told without them too."),
           when="leavers", without="nobody"),
    Recipe("head_count", N_("Women and men"),
           N_("People who were expected or present. It says nothing about the tests."),
           of="trainer", without="nobody", when="always"),
))  # fmt: skip

_SCORES = RecipeGroup("scores", N_("Scores"), (
    Recipe("points", N_("Points"),
           N_("What answers earn by the key. With several right choices, wrong ticks cost a part. "
              "Where each line has its own choice, each right line brings a part."),
           ("points × max(0, (right − wrong) / keys)", "points × right lines / lines",
            "exact, in 1/2520 of a point"),
           of="person", without="nobody", when="own", reasons=("no_max",),
           from_sources=("ncsbn", "betts")),
    Recipe("mean_percent", N_("Average, before and after"),
           N_("The average points, as a part of all points of that version."),
           ("x̄ = Σx / n,  ȳ = Σy / n", "100 x̄ / M,  100 ȳ / M"),
           reasons=("no_pairs", "no_max")),
    Recipe("dont_know", N_("I do not know"),
           N_("How many chose it. It earns nothing, but it is an answer and no mistaken belief."),
           ("count / n",), when="ten"),
    Recipe("rounding", N_("Digits"),
           N_("Percent and percentage points are whole; from 200 pairs they have one decimal."),
           ("round half away from zero, once, when printing",),
           without="nobody", when="always"),
))  # fmt: skip

_GAIN = RecipeGroup("gain", N_("The gain"), (
    Recipe("gain_pp", N_("Gain"),
           N_("By how many percentage points the average of the same people changed."),
           ("d̄ = Σ(y − x) / n", "gain in points = d̄,  gain in pp = 100 d̄ / M"),
           reasons=("no_pairs", "no_max")),
    Recipe("gain_interval", N_("95 percent interval"),
           N_("Where the gain of people like these plausibly lies. In small rooms it is wide."),
           ("d̄ ± t(.975; n−1) · SD(d) / √n",),
           reasons=("n_too_small", "zero_variance"), from_sources=("student",)),
    Recipe("detectable", N_("Rise that can be seen"),
           N_("The smallest true rise that so many people would show 8 times in 10."),
           ("(t(.975; n−1) + t(.80; n−1)) · SD(d) / √n",
            "SD(d): all people of 5 or more earlier workshops, or else 15 pp"),
           of="planned", without="nobody", when="always", from_sources=("student",)),
    Recipe("improved", N_("Higher, same, lower"),
           N_("How many had more, as many, or fewer points after. It judges no single person."),
           ("#(d > 0), #(d = 0), #(d < 0)",), reasons=("no_pairs",)),
    Recipe("pass_movement", N_("Pass mark, before and after"),
           N_("How many moved above the pass mark, and how many below it."),
           ("(up − down) / n",
            "95 %: p₁ = (up+1)/(n+2), p₀ = (down+1)/(n+2),  "
            "p₁ − p₀ ± 1.96 √((p₁ + p₀ − (p₁−p₀)²)/(n+2))",
            "p: McNemar, mid-p"),
           when="ten", reasons=("no_pairs", "no_discordant"),
           from_sources=("bonett_price", "fagerland")),
    Recipe("hake_g", N_("Part of what could still be gained"),
           N_("The gain as a part of what was missing before. It favours groups that knew much."),
           ("<g> = d̄ / mean(M − x)",
            "SE = SD(d − <g>(M − x)) / (√n · mean(M − x)),  <g> ± t(.975; n−1) · SE"),
           when="ten", reasons=("no_pairs", "no_max", "pre_at_ceiling", "zero_variance"),
           from_sources=("hake",)),
    Recipe("personal_gain", N_("Gain of single people, averaged"),
           N_("Each person's own part of what was missing, then the average."),
           ("mean(d / (M − x)) over x < M",
            "c: d/(M − x) if y > x,  d/x if y < x,  0 if y = x;  x = y = M and x = y = 0 dropped"),
           when="annex", reasons=("no_max", "pre_at_ceiling"), from_sources=("bao", "marx")),
    Recipe("g_av", N_("Effect size"),
           N_("The gain in standard deviations, to compare different tests. No word is put to it."),
           ("g = J(m) · d̄ / √((s₁² + s₂²)/2),  m = 2(n−1)/(1 + r²)",
            "SE² = SD(d)²/(s²(n−1)) + g²(s₁⁴ + s₂⁴ + 2r²s₁²s₂²)/(8 s⁴(n−1)),  g ± 1.96 SE",
            "d_z = d̄/SD(d),  d_av = d̄/s,  d_rm = d_z √(2(1−r))"),
           when="ten", reasons=("n_too_small", "zero_variance"), from_sources=("bonett", "lakens")),
    Recipe("mean_test", N_("Test of the average"),
           N_("How surprising such a gain would be if nothing had changed."),
           ("t = d̄ / (SD(d)/√n),  df = n − 1",),
           when="annex", reasons=("n_too_small", "zero_variance"), from_sources=("student",)),
    Recipe("median", N_("Middle points"),
           N_("Half of the people had more, half had less."),
           ("the middle of x, the middle of y; of two in the middle their average",),
           when="annex", reasons=("no_pairs",)),
    Recipe("wilcoxon", N_("Test by ranks"),
           N_("The same question, with ranks in the place of points."),
           ("Pratt: rank |d| with zeros, drop zeros;  W = Σ ranks of d > 0",
            "printed: p, exact by all signs up to n = 200, then z = (W − ΣR/2) / √(ΣR²/4)"),
           when="annex", reasons=("no_change", "n_too_large", "several_rooms"),
           from_sources=("pratt",)),
))  # fmt: skip

_LEAVERS = RecipeGroup("leavers", N_("Who left"), (
    Recipe("leavers", N_("Those who took only the pre-test"),
           N_("Whether those who left began higher or lower than those who stayed."),
           ("x̄(both) − x̄(pre only), Welch;  Hedges g = J · difference / pooled SD",
            "told when |g| > .25, or with 5 leavers when the interval leaves 0 out"),
           of="leavers", without="nobody", when="leavers",
           reasons=("no_pairs", "n_too_small", "zero_variance"),
           from_sources=("welch", "wwc")),
    Recipe("adjusted_gain", N_("Gain with those who left"),
           N_("What the gain would be if those who left had gained like others who began there."),
           ("y = a + B x among pairs;  gain = a + B x̄(all pre) − x̄(all pre)",
            "SE² = s²(1/n + (x̄(all) − x̄)²/Sxx) + (B−1)² var(x, all)/n(pre),  t(n−2)"),
           of="pre", without="nobody", when="leavers",
           reasons=("n_too_small", "zero_variance", "no_change"),
           from_sources=("anderson", "nissen")),
))  # fmt: skip

_ITEMS = RecipeGroup("items", N_("Questions and topics"), (
    Recipe("item_share", N_("Right before, right after"),
           N_("How many gave the whole right answer. Guessing alone would give one in so many."),
           ("p = #(all points) / n,  by chance 1 / options",), when="ten"),
    Recipe("transition", N_("Kept, learned, lost, not learned"),
           N_("Four kinds of people: right twice, only after, only before, never."),
           ("(1,1), (0,1), (1,0), (0,0)",), when="ten", reasons=("no_pairs",),
           from_sources=("walstad",)),
    Recipe("item_gain", N_("Gain of one question"),
           N_("Learned less lost, as a part of all pairs."),
           ("100 (learned − lost) / n pp,  95 %: Bonett-Price",
            "p: McNemar exact, Holm over questions where somebody moved"),
           when="ten", reasons=("no_pairs", "no_discordant"),
           from_sources=("bonett_price", "holm")),
    Recipe("objective_gain", N_("Gain of one topic"),
           N_("The gain, counted over the questions of one learning objective."),
           ("100 Σ d(topic) / (n · M(topic)) pp",), when="ten", reasons=("no_pairs", "no_max")),
    Recipe("topic_share", N_("A topic over several workshops"),
           N_("The share of a topic's questions that were answered fully right, and its change."),
           ("mean of #(all points) / n over its questions",
            "a limit where a question's share is one"),
           of="final", when="released", reasons=("withheld",)),
    Recipe("item_pooled", N_("A question over several workshops"),
           N_("Which part of all pairs was right, and moved which way, in all tests that ask it."),
           ("#(moved so) / n over all released workshops;  limits as everywhere",
            "one of the four moves is a limit: the other three are withheld",
            "a choice is a limit: the smallest others are withheld until the rest reaches it"),
           of="final", without="waiting", when="released", reasons=("withheld",)),
    Recipe("misconception", N_("Mistaken beliefs"),
           N_("How many chose the answer that stands for a belief, before and after."),
           ("count of the option, pre and post",), when="ten"),
    Recipe("teach_first", N_("Teach these first"),
           N_("What the room knew least before the workshop, and which beliefs were common."),
           ("topic: (points won + z) / points possible, in tenths",
            "belief: (answers that choose it + z) / answers that could, in tenths",
            "z: drawn once,  P(z) ∝ 3^(−|z| / r),  r: as far as one person can move the number"),
           of="pre", without="nobody", when="five", from_sources=("ghosh",)),
    Recipe("confusion", N_("Trafficking, smuggling, both, neither"),
           N_("What people called each case, beside what it is."),
           ("counts, rows: the key, columns: the answer",), when="ten"),
    Recipe("separation", N_("How well a question separates"),
           N_("Whether those who did well elsewhere also answered this question right."),
           ("r = cor(item, total − item), post",),
           of="post", without="nobody", when="twenty",
           reasons=("n_too_small", "zero_variance"), from_sources=("moodle",)),
    Recipe("options", N_("Choices"),
           N_("How many chose each answer. A wrong one that hardly anybody takes does no work."),
           ("share = count / n, no answer included;  does no work below 5 %",),
           of="pre", without="nobody", when="twenty", from_sources=("tarrant",)),
    Recipe("alpha", N_("Reliability"),
           N_("How far the questions measure one thing. Before the training it is mostly low."),
           ("α = k/(k−1) · (1 − Σ var(item) / var(total)),  SEM = SD(total) √(1 − α)",
            "95 %: 1 − (1−α) F(.975; n−1, (n−1)(k−1)) … 1 − (1−α) F(.025; …)"),
           of="post", without="nobody", when="twenty",
           reasons=("n_too_small", "zero_variance"), from_sources=("feldt", "moodle")),
    Recipe("ceiling", N_("Little room to learn"),
           N_("A warning: so much was known before that little could be gained."),
           ("100 x̄ / M ≥ 85;  one question: p(pre) ≥ .90",), when="ten"),
    Recipe("language_check", N_("Hard in one language only"),
           N_("A warning: one translation may be at fault, not the people."),
           ("p₁ − p₂ by language of the answer, 10 pairs each, beside all other questions",
            "told when further from their mean than 1.96 SE,  SE² = Σ p(1−p)/(n+2)"), when="ten"),
))  # fmt: skip

_GROUPS = RecipeGroup("groups", N_("Groups and several workshops"), (
    Recipe("facet", N_("Women and men, agencies, provinces"),
           N_("The gain of each group that is large enough to hide single people."),
           ("per group: d̄ and its interval",),
           of="group", when="ten", reasons=("withheld",), from_sources=("nces",)),
    Recipe("group_difference", N_("Difference of two groups"),
           N_("By how much more one group gained. It describes and explains nothing."),
           ("d̄₂ − d̄₁, Welch interval",
            "beside it: post ~ pre + group; the two can disagree (Lord)",
            "several workshops: in each d̄₂ − d̄₁, w = n₁n₂/(n₁+n₂), Σwd/Σw; then as pooled"),
           of="group", when="ten", reasons=("withheld", "zero_variance"),
           from_sources=("welch", "lord")),
    Recipe("pooled", N_("Several workshops together"),
           N_("The average over workshops, where each room counts by what it can say."),
           ("w = 1/(v + τ²), v = SD²/n;  μ = Σwm / Σw",
            "τ²: Paule-Mandel, Q(τ²) = k − 1, 0 if Q(0) ≤ k − 1",
            "μ ± t(.975; k−1) √(max(1, q)/Σw),  q = Σw(m − μ)²/(k − 1)"),
           of="workshops", without="small_rooms", when="pooled",
           reasons=("n_too_small",), from_sources=("paule", "inthout", "rover")),
    Recipe("prediction", N_("What a new workshop may gain"),
           N_("Where the gain of a next workshop of this kind plausibly lies."),
           ("μ ± t(.975; k−2) √(τ² + 1/Σw)",),
           of="workshops", without="small_rooms", when="pooled",
           reasons=("n_too_small",), from_sources=("higgins",)),
    Recipe("all_people", N_("The average participant"),
           N_("The gain of all pairs of all rooms. People of one room are alike; this is counted."),
           ("Σd / N;  SE² = k/(k−1) · Σ_rooms(Σ(d − d̄))² / N²,  t(k−1)",
            "one workshop: its own interval, t(n−1)"),
           when="clusters", reasons=("n_too_small", "several_rooms")),
    Recipe("between_workshops", N_("How far workshops differ"),
           N_("The spread of the workshops' true gains, in percentage points, chance taken out."),
           ("τ = √τ², Paule-Mandel",),
           of="workshops", without="small_rooms", when="pooled",
           reasons=("n_too_small",), from_sources=("paule",)),
    Recipe("workshops_counted", N_("Workshops counted"),
           N_("Workshops whose results are final and may be told here, alone or with others."),
           of="final", without="waiting", when="released"),
    Recipe("released", N_("Small workshops together"),
           N_("A table is a sum of bundles of ten people or more; each is told once, for good."),
           ("a workshop of k pairs, k ≥ 10, or several small ones of one province, programme and "
            "quarter, else of a wider place or time",
            "by group: bundles again bundled, until what is withheld is ≥ 2 groups and Σ n ≥ 10"),
           of="final", without="waiting", when="released", reasons=("withheld",),
           from_sources=("nces",)),
    Recipe("different_tests", N_("Different tests"),
           N_("Points of different versions are never added. Only effect sizes stand together."),
           ("g per workshop and version, then pooled as above with v = SE²",),
           of="workshops", without="small_rooms", when="pooled",
           reasons=("n_too_small", "zero_variance"), from_sources=("bonett",)),
))  # fmt: skip

_OPINIONS = RecipeGroup("opinions", N_("Opinions"), (
    Recipe("opinions", N_("Answers to the questionnaire"),
           N_("How many sheets came, and how many chose each answer. No sheet has a name."),
           ("count of each choice; blanks apart",),
           of="sheets", without="blank", when="sheets"),
    Recipe("agreement", N_("Who agrees"),
           N_("The part of the answers that are one of the two highest, or one of the two lowest."),
           ("p = #(two highest) / #(answers)",
            "95 %: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96"),
           of="sheets", without="blank", when="sheets", from_sources=("newcombe",)),
))  # fmt: skip

_WITHHELD = RecipeGroup("withheld", N_("What is withheld"), (
    Recipe("withheld", N_("A dash in the place of a number"),
           N_("A small group would show single people. A second group is withheld, so that nobody "
              "can subtract."),
           ("0 < n < k → –, k = 10;  then the next smallest, until ≥ 2 groups and Σ n ≥ k",),
           without="nobody", when="ten", reasons=("suppressed", "withheld"),
           from_sources=("nces",)),
    Recipe("extremes", N_("At most, at least"),
           N_("Shares near nobody or everybody are told as a limit."),
           ("x = 20 (n 10–19), 10 (20–39), 5 (40–99), 2 (100–299), 1 (≥ 300)",),
           without="nobody", when="ten", from_sources=("nces", "utah")),
    Recipe("snapshot", N_("As of"),
           N_("Figures stand still after a closing, and move again when five more tests came."),
           without="late", when="always"),
))  # fmt: skip

GROUPS: tuple[RecipeGroup, ...] = (
    _COUNTED, _SCORES, _GAIN, _LEAVERS, _ITEMS, _GROUPS, _OPINIONS, _WITHHELD,
)  # fmt: skip

RECIPES: dict[str, Recipe] = {each.key: each for group in GROUPS for each in group.recipes}
