"""Several workshops together on the wire: the door's values, digit by digit."""

from datetime import datetime
from typing import Self

from pydantic import Field

from app.reports.schemas import PooledReport
from app.web.api.wire_details import Shaped, ToldFigure, ToldGainFigures


class ToldPooledGain(Shaped):
    """Workshops as a sample of all workshops; `average_`: the average participant's interval."""

    workshops: int
    entered: int
    gain_pp: ToldFigure
    gain_pp_low: ToldFigure
    gain_pp_high: ToldFigure
    prediction_low: ToldFigure
    prediction_high: ToldFigure
    between_pp: ToldFigure
    average_low: ToldFigure
    average_high: ToldFigure


class ToldTableRow(Shaped):
    """A group over several workshops; without figures it is withheld, its size too."""

    value: str = Field(description="The group's code, or a workshop's id; empty for small ones.")
    workshops: int | None
    figures: ToldGainFigures | None
    pooled: ToldPooledGain | None
    unsaid: str | None


class ToldPooledDifference(Shaped):
    """By how much more the second group gained, inside each workshop, then pooled."""

    first: str
    second: str
    bundles: int
    difference_pp: ToldFigure
    low: ToldFigure
    high: ToldFigure


class ToldTable(Shaped):
    """One fixed table over several workshops."""

    whole: ToldTableRow
    rows: list[ToldTableRow]
    differences: list[ToldPooledDifference]
    median_pre: ToldFigure
    median_post: ToldFigure
    wilcoxon_p: ToldFigure


class ToldItemMovement(Shaped):
    """One question over several workshops."""

    item: str
    paired: int
    right_before: ToldFigure
    right_after: ToldFigure
    change: ToldFigure
    change_low: ToldFigure
    change_high: ToldFigure


class ToldEffect(Shaped):
    """Different tests together: effect sizes, never points."""

    form_ids: list[str]
    workshops: int
    effect: ToldFigure
    low: ToldFigure
    high: ToldFigure
    prediction_low: ToldFigure
    prediction_high: ToldFigure


class ToldTableChoice(Shaped):
    """What was chosen; null is all of them."""

    country: str
    province: str | None
    year: int | None
    quarter: int | None
    programme_id: str | None
    breakdown: str


class ToldOffered(Shaped):
    """What can be chosen."""

    forms: list[str]
    countries: list[str]
    provinces: list[str]
    periods: list[str]
    programmes: dict[str, str]


class ToldPooled(Shaped):
    """Several workshops together; all null while the organisation has no workshop."""

    organisation: str
    as_of: datetime
    threshold: int
    form_id: str | None
    offered: ToldOffered | None
    choice: ToldTableChoice | None
    table: ToldTable | None
    items: list[ToldItemMovement]
    effect: ToldEffect | None

    @classmethod
    def of(cls, report: PooledReport) -> Self:
        """From the room's own value."""
        offered = report.offered
        return cls(
            organisation=report.organisation_name,
            as_of=report.as_of,
            threshold=report.threshold,
            form_id=report.form.id if report.form else None,
            offered=None
            if offered is None
            else ToldOffered(
                forms=[each.id for each in offered.forms],
                countries=list(offered.countries),
                provinces=list(offered.provinces),
                periods=list(offered.periods),
                programmes=offered.programmes,
            ),
            choice=None if report.choice is None else ToldTableChoice.model_validate(report.choice),
            table=None if report.table is None else ToldTable.model_validate(report.table),
            items=[ToldItemMovement.model_validate(each) for each in report.items],
            effect=None if report.effect is None else ToldEffect.model_validate(report.effect),
        )
