"""After a correction every workshop on the old version is scored anew, one transaction each.

Again it carries on where it stopped; what fails is tried again next time (decision 0029).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction

from app.accounts import service as accounts
from app.adapters.db import DatabaseError, Work
from app.adapters.logs import log_problem
from app.banks import corrections
from app.banks import service as banks
from app.banks.corrections import Correction
from app.core.printing import half_up
from app.gains import rescoring, rescoring_queries
from app.gains.rescoring_queries import RescoredSums
from app.workshops import moving
from app.workshops import service as workshops

LEAST_FOR_MEANS = 100
"""Pairs from which the means before and after are told; see decision 0029."""

OpenUnit = Callable[[bool], AbstractContextManager[Work]]


def rescore_due(open_unit: OpenUnit) -> int:
    """Score anew what is left of every correction; returns how many workshops."""
    try:
        with open_unit(False) as work:
            known = corrections.find_corrections(work)
    except DatabaseError as error:
        log_problem("cannot_look_for_corrections", kind=type(error).__name__)
        return 0
    return sum(_carry_out(open_unit, each) for each in known)


def _carry_out(open_unit: OpenUnit, correction: Correction) -> int:
    done, failed, after = 0, 0, ""
    while True:
        with open_unit(False) as work:
            found = moving.find_on_form(work, correction.form_id, after=after)
            left_alone = rescoring_queries.find_left_alone(work.db, correction.form_id)
        for workshop_id in found:
            if workshop_id in left_alone:
                continue
            try:
                with open_unit(True) as work:
                    is_own = rescoring.rescore_workshop(
                        work, workshop_id, correction.form_id, correction.corrected_form_id
                    )
                done += is_own
            except Exception as error:
                failed += 1
                log_problem("rescoring_failed", error=error, workshop=workshop_id)
        if not found:
            break
        after = found[-1]
    if not failed and not correction.is_finished:
        with open_unit(True) as work:
            _finish(work, correction)
    return done


def _finish(work: Work, correction: Correction) -> None:
    """Every workshop is done: one line in the log, with the means before and after."""
    if not corrections.finish(work, correction.form_id):
        return
    by = accounts.get_person(work, correction.staff_id) if correction.staff_id else None
    seen = workshops.find_workshops(work, by.organisation_id) if by else []
    own = {each.id for each in seen} if by else None
    sums = rescoring_queries.sum_rescored(work.db, correction.form_id, own)
    accounts.record_event(
        work, by=by, verb="rescore_form", object_kind="form", object_id=correction.form_id,
        workshops=sums.workshops, left_alone=sums.left_alone, tests=sums.tests,
        **(_means(work, correction, sums) if sums.pairs >= LEAST_FOR_MEANS else {}),
    )  # fmt: skip


def _means(work: Work, correction: Correction, sums: RescoredSums) -> dict[str, int]:
    old, new = (
        banks.require_form(work, each).max_units
        for each in (correction.form_id, correction.corrected_form_id)
    )
    told = {
        "pre_percent_before": (sums.sum_pre_before, old),
        "post_percent_before": (sums.sum_post_before, old),
        "pre_percent": (sums.sum_pre, new),
        "post_percent": (sums.sum_post, new),
    }
    return {"pairs": sums.pairs} | {
        name: int(half_up(Fraction(100 * total, sums.pairs * most), 0))
        for name, (total, most) in told.items()
    }
