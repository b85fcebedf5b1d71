"""Values of the gains room: what the door hands out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.core.disclosure import Audience, Shown
from app.gains.results import (
    Direction,
    Figure,
    GainFigures,
    Unsaid,
    WorkshopResults,
    direction_of,
)

__all__ = [
    "Audience",
    "Direction",
    "Figure",
    "GainFigures",
    "GainSummary",
    "Shown",
    "Unsaid",
    "Withheld",
    "WorkshopResults",
]


class Withheld(StrEnum):
    """Why a number is not there; outside the team there is one word only."""

    WITHHELD = "withheld"
    NO_PAIRS = "no_pairs"
    TOO_FEW = "n_too_small"
    ZERO_VARIANCE = "zero_variance"


@dataclass(frozen=True)
class GainSummary:
    """One workshop and one form version, as this audience may see it, with the printed digits.

    Means are in points (two decimals) and percent; the gain in points and percentage points; the
    interval is 95 %, Student's t. None is undefined or withheld, and `reason` says which. Who
    improved, stayed and declined is counted for the team alone.
    """

    workshop_id: str
    form_id: str
    audience: Audience
    shown: Shown
    as_of: datetime | None
    is_provisional: bool
    registered: int | None
    pre: int | None
    post: int | None
    paired: int | None
    late_beside: int
    max_points: Decimal | None
    mean_pre_points: Decimal | None
    mean_post_points: Decimal | None
    gain_points: Decimal | None
    gain_points_low: Decimal | None
    gain_points_high: Decimal | None
    mean_pre_percent: Decimal | None
    mean_post_percent: Decimal | None
    gain_pp: Decimal | None
    gain_pp_low: Decimal | None
    gain_pp_high: Decimal | None
    improved: int | None
    same: int | None
    declined: int | None
    reason: Withheld | None
    interval_reason: Withheld | None

    @property
    def direction(self) -> Direction:
        """What may be said of the gain; judged by the printed digits."""
        return direction_of(self.gain_pp, self.gain_pp_low, self.gain_pp_high)
