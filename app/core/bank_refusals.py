"""Refusals of banks that somebody brings or publishes. `errors` gathers them."""

from __future__ import annotations

from app.core.reasons import N_
from app.core.refusal import Refusal


class BankRefused(Refusal):
    """Facts: reason (bank_too_heavy, bank_unknown …)."""

    code = "bank_refused"
    says = N_("This file cannot be read as questions. {reason}")
    way_out = N_("Choose another file, or begin with the template.")


class BankNotMended(Refusal):
    """The linter has errors. Facts: problems (sentences, one a line)."""

    code = "bank_not_mended"
    says = N_("Nothing is published. This must be mended first: {problems}")
    way_out = N_("Each stands with its place. Mend the file and bring it again.")
