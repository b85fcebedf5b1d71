"""Refusals of pictures that are brought. `errors` gathers them."""

from __future__ import annotations

from app.core.reasons import N_
from app.core.refusal import Refusal


class LogoRefused(Refusal):
    """Facts: field, reason (a key of REASONS)."""

    code = "logo_refused"
    says = N_("This logo cannot be used. {reason}")
    way_out = N_("Choose another picture.")
