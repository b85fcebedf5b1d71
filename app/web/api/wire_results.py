"""Gains and reports on the wire: nobody's name, nobody's mark."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from app.gains.service import DetectableRise, GainSummary
from app.reports.schemas import GainReport
from app.web.api.wire import Told
from app.web.api.wire_staff import ToldWorkshop


class ToldGain(Told):
    """A workshop's gain as this reader may see it; numbers have the printed digits."""

    workshop_id: str
    form_id: str
    shown: str
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
    reason: str | None
    interval_reason: str | None

    @classmethod
    def of(cls, gain: GainSummary) -> Self:
        """From the door's own value."""
        fields: dict[str, Any] = asdict(gain)
        return cls(**{name: fields[name] for name in cls.model_fields})


class ToldDetectableRise(Told):
    """The smallest rise that so many pairs would show, and how much gains differ (`sd_pp`).

    `workshops`: how many earlier ones `sd_pp` is measured in; 0: it is assumed.
    """

    people: int
    rise_pp: Decimal | None
    sd_pp: Decimal
    workshops: int

    @classmethod
    def of(cls, rise: DetectableRise) -> Self:
        """From the door's own value."""
        return cls(**asdict(rise))


class ToldReportRow(Told):
    """One workshop and one form; never a person."""

    workshop: ToldWorkshop
    form: str
    form_version: int
    form_hash: str
    is_reviewed: bool
    gain: ToldGain


class ToldReport(Told):
    """The evaluator's rows."""

    organisation: str
    as_of: datetime
    threshold: int
    rows: list[ToldReportRow]

    @classmethod
    def of(cls, report: GainReport) -> Self:
        """From the room's own value."""
        return cls(
            organisation=report.organisation_name,
            as_of=report.as_of,
            threshold=report.threshold,
            rows=[
                ToldReportRow(
                    workshop=ToldWorkshop.of(row.workshop),
                    form=row.form.form_ref,
                    form_version=row.form.version,
                    form_hash=row.form.content_hash,
                    is_reviewed=row.form.is_reviewed(),
                    gain=ToldGain.of(row.gain),
                )
                for row in report.rows
            ],
        )
