"""Refusals around what is kept about a person. `errors` gathers them."""

from __future__ import annotations

from app.core.reasons import N_
from app.core.refusal import Refusal


class CardErased(Refusal):
    code = "card_erased"
    says = N_("What was kept under this card was erased.")
    way_out = N_("To take part again, ask the trainer for a new card.")


class KeptForCardAlone(Refusal):
    """A phone that was let in by a tap, with four digits: not its holder's first."""

    code = "kept_for_card_alone"
    says = N_("This page needs the square on your card.")
    way_out = N_("Scan it with this phone, or use the phone you began with.")


class ErasureUnconfirmed(Refusal):
    code = "erasure_unconfirmed"
    says = N_("Nothing was erased: the box is not ticked.")
    way_out = N_("Read what goes and what stays, and tick the box.")
