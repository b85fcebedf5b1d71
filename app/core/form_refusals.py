"""Refusals of what is done to a published form. `errors` gathers them."""

from __future__ import annotations

from app.core.reasons import N_
from app.core.refusal import Refusal


class FormRetired(Refusal):
    code = "form_retired"
    says = N_("These questions are retired already.")
    way_out = N_("Look at their page: it says since when, and why.")


class FormOffered(Refusal):
    code = "form_offered"
    says = N_("These questions are not retired.")
    way_out = N_("Nothing needs to be done: trainers can choose them.")


class CorrectionRefused(Refusal):
    """A key that cannot be corrected so. Facts: field, reason (a key of REASONS)."""

    code = "correction_refused"
    says = N_("This cannot be corrected. {reason}")
    way_out = N_("Look at the question and its answers, and choose again.")
