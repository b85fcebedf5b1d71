"""Refusals of what a report would be made of: a table that is brought, rows that would leave.

`errors` gathers them.
"""

from __future__ import annotations

from app.core.reasons import N_
from app.core.refusal import Refusal


class ScoresRefused(Refusal):
    """A table of scores. Facts: reason (a key of REASONS), and what its sentence names."""

    code = "scores_refused"
    says = N_("This table cannot be used. {reason}")
    way_out = N_("Change it and choose it again.")


class RowsRefused(Refusal):
    """Rows of single people. Facts: field, reason (a key of REASONS); never how few there are."""

    code = "rows_refused"
    says = N_("These rows may not leave. {reason}")
    way_out = N_("Choose nothing beside the scores, or wait for more workshops.")
