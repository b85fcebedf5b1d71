"""The drawings of a report, and rows that both kinds of report have."""

from collections.abc import Iterable
from decimal import Decimal

from app.core.reasons import N_
from app.gains.results import Direction, GainFigures
from app.reports.document import Arrow, Chart, Fact, Row
from app.reports.wording import Wording


def arrow_of(
    row: Row, before: Decimal | None, after: Decimal | None, way: Direction | None
) -> Arrow | None:
    """The arrow of a row; None where one of its ends is not told."""
    if before is None or after is None or way is None:
        return None
    return Arrow(row=row.code, name=row.name, before=before, after=after, way=way)


def arrow_of_figures(row: Row, figures: GainFigures | None, way: Direction | None) -> Arrow | None:
    """The arrow of a group; None of a group that is withheld."""
    if figures is None:
        return None
    return arrow_of(row, figures.pre_percent.value, figures.post_percent.value, way)


def arrows_as_chart(code: str, caption: str, arrows: Iterable[Arrow | None]) -> tuple[Chart, ...]:
    """The arrows there are as one drawing; no drawing without any."""
    drawn = tuple(each for each in arrows if each is not None)
    return (Chart(code=code, caption=caption, arrows=drawn),) if drawn else ()


def difference_row(first: str, second: str, facts: tuple[Fact, ...], wording: Wording) -> Row:
    """How the second group compares with the first."""
    name = wording.say(
        N_("%(second)s, beside %(first)s"),
        first=wording.name_value(first),
        second=wording.name_value(second),
    )
    return Row(code=f"{first}/{second}", name=name, facts=facts)
