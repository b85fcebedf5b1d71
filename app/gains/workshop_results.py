"""Everything a workshop's results page needs, from its frozen snapshots and nothing else.

Which snapshot each figure is told from: `gains.states`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.banks.schemas import FormBeliefs
from app.core import disclosure
from app.core.disclosure import FULL_FROM_PAIRS, ROOM_THRESHOLD, Audience, Shown
from app.core.figures import Reason
from app.core.histograms import JointHistogram
from app.core.ranks import signed_ranks
from app.core.scoring import ItemKey
from app.gains import crimes, questions, room
from app.gains.cells import WHOLE_ROOM, ItemShape
from app.gains.frozen import Frozen
from app.gains.pair_arrows import no_arrows, pair_arrows
from app.gains.printed import Printer, print_gain
from app.gains.results import (
    AttritionFigures,
    CrimeMatrix,
    Figure,
    FlaggedFigures,
    LanguageCheck,
    PairArrows,
    Unsaid,
    WorkshopResults,
)
from app.gains.states import flagged_told, groups_told, leavers_told, seen_by


@dataclass(frozen=True)
class FormShape:
    """What a form's results need of it."""

    form_id: str
    max_units: int
    keys: tuple[ItemKey, ...]
    items: Mapping[str, ItemShape]
    beliefs: FormBeliefs


@dataclass(frozen=True)
class Standing:
    """A workshop's snapshots from the closing of the post-test on, the newest last.

    `is_final`: the late hours have ended. Before, who only took the pre-test may still come, and
    would leave the others alone. `is_rescored`: other figures of the same people were told before
    (decision 0029).
    """

    workshop_id: str
    as_of: datetime | None
    registered: int
    contents: Sequence[Frozen]
    is_final: bool
    is_rescored: bool = False

    @property
    def least_in_room(self) -> int:
        """How many leavers or flagged tests the team needs: ten beside figures told before."""
        return FULL_FROM_PAIRS if self.is_rescored else ROOM_THRESHOLD


def results_of(
    standing: Standing, form: FormShape, audience: Audience, threshold: int
) -> WorkshopResults:
    """What this reader may see; before the post-test has closed there is nothing."""
    if not standing.contents:
        return _nothing(standing, form, audience, Shown.NONE_YET, Unsaid.NO_PAIRS)
    seen = seen_by(standing.contents, audience, threshold)
    frozen = seen[-1]
    n = frozen.sums()["pair_count"]
    shown = disclosure.what_to_show(n, audience, threshold)
    if not disclosure.may_show_means(shown):
        reason = Reason.NO_PAIRS if shown is Shown.NONE_YET else Reason.N_TOO_SMALL
        unsaid = Printer(audience, n).unsaid(reason) if n else Unsaid.NO_PAIRS
        return _nothing(standing, form, audience, shown, unsaid)
    least = (threshold, standing.least_in_room)
    least_moved = standing.least_in_room if audience is Audience.TEAM else threshold
    grouped = groups_told(standing.contents, threshold)
    objectives = {item: each.objective for item, each in form.items.items()}
    items = questions.item_rows(frozen, form.keys, objectives, form.beliefs, audience)
    is_team = audience is Audience.TEAM
    printer = Printer(audience, n)
    return WorkshopResults(
        workshop_id=standing.workshop_id,
        form_id=form.form_id,
        audience=audience,
        shown=shown,
        as_of=standing.as_of,
        room=print_gain(frozen.sums(), form.max_units, audience),
        unsaid=None,
        facets=room.facet_tables(grouped, form.max_units, threshold) if is_team else (),
        objectives=room.objective_rows(frozen, form.items, audience, items),
        items=items,
        beliefs=questions.belief_rows(frozen, form.beliefs, n, audience),
        crimes=crimes.crime_matrix(frozen, form.keys, form.beliefs, n, audience),
        languages=questions.language_check(grouped, form.keys, threshold, audience),
        attrition=room.attrition_figures(
            frozen,
            leavers_told(seen, least_moved) if standing.is_final else None,
            registered=standing.registered,
            max_units=form.max_units,
            audience=audience,
            least=least,
        ),
        flagged=room.flagged_figures(
            flagged_told(seen, least_moved), form.max_units, audience, least
        ),
        has_ceiling=room.has_ceiling(frozen, form.max_units),
        pair_arrows=_arrows(standing, form, audience),
        **_annex(frozen, form, printer),
    )


def _arrows(standing: Standing, form: FormShape, audience: Audience) -> PairArrows:
    """None beside those of before: they would write an answer on each that moved."""
    if standing.is_rescored:
        return no_arrows(Unsaid.RESCORED)
    return pair_arrows(standing.contents, form.max_units, audience)


def _annex(frozen: Frozen, form: FormShape, printer: Printer) -> dict[str, Figure]:
    """Reliability of the post-test from 20 pairs, Wilcoxon's p from ten."""
    small = printer.blank(Reason.N_TOO_SMALL)
    told = dict.fromkeys(("reliability", "reliability_low", "reliability_high"), small)
    if printer.n >= 20 and printer.audience is Audience.TEAM:
        found = questions.reliability(questions.read_answers(frozen), form.keys)
        reason = found.reasons.get("alpha", Reason.ZERO_VARIANCE)
        told = {
            "reliability": printer.plain(found.alpha, reason),
            "reliability_low": printer.plain(found.alpha_ci_low_feldt, reason),
            "reliability_high": printer.plain(found.alpha_ci_high_feldt, reason),
        }
    wilcoxon = small
    if printer.n >= disclosure.FULL_FROM_PAIRS:
        pairs = JointHistogram(cells=dict(frozen.pairs[WHOLE_ROOM]), max_units=form.max_units)
        ranks = signed_ranks(pairs.gains())
        p, why = ranks.p_wilcoxon_exact_pratt, ranks.reasons.get("p_wilcoxon_exact_pratt")
        wilcoxon = printer.p(ranks.p_wilcoxon_asym_pratt if p is None else p, why)
    return told | {"wilcoxon_p": wilcoxon}


def _nothing(
    standing: Standing, form: FormShape, audience: Audience, shown: Shown, unsaid: Unsaid
) -> WorkshopResults:
    blank = Figure(None, unsaid)
    may_count = disclosure.may_show_counts(shown) and audience is Audience.TEAM
    sums = standing.contents[-1].sums() if standing.contents and may_count else {}
    return WorkshopResults(
        workshop_id=standing.workshop_id,
        form_id=form.form_id,
        audience=audience,
        shown=shown,
        as_of=standing.as_of,
        room=None,
        unsaid=unsaid,
        facets=(),
        objectives=(),
        items=(),
        beliefs=(),
        crimes=CrimeMatrix(items=(), before={}, after={}, unsaid=unsaid),
        languages=LanguageCheck(rows=(), unsaid=unsaid),
        attrition=AttritionFigures(
            registered=standing.registered,
            pre=sums.get("pre_count"),
            post=sums.get("post_count"),
            paired=sums.get("pair_count"),
            judged=None,
            leavers_differ=None,
            differs_from_gain=None,
            **dict.fromkeys(_ATTRITION, blank),
        ),
        flagged=FlaggedFigures(flagged_pairs=None, without=None, unsaid=unsaid),
        has_ceiling=None,
        pair_arrows=no_arrows(unsaid),
        reliability=blank,
        reliability_low=blank,
        reliability_high=blank,
        wilcoxon_p=blank,
    )


_ATTRITION = ("completion_percent", "completion_low", "completion_high", "leavers_start_pp",
              "adjusted_gain_pp", "adjusted_low", "adjusted_high")  # fmt: skip
