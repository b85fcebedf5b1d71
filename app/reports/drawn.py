"""What a report over several workshops draws: quarters, the latest workshops, topics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.reasons import N_
from app.gains.results import Figure, direction_of
from app.gains.tables_told import LatestWorkshops, TableRow, TopicMovement
from app.reports.charts import arrow_of, arrow_of_figures, arrows_as_chart
from app.reports.document import Arrow, Fact, Note, Part, Row, Section
from app.reports.facts import fact_of, row_facts
from app.reports.measures import grid_of
from app.reports.schemas import PooledReport
from app.reports.wording import Wording

_QUARTER = ("workshops", "paired", "pre_percent", "post_percent", "gain_pp", "pooled_gain_pp")
_WORKSHOP = ("workshops", "paired", "pre_percent", "post_percent", "gain_pp")
_TOPIC = ("paired", "right_before_percent", "right_after_percent", "topic_change_pp")
SMALL = N_("Small workshops together")


def name_workshop(report: PooledReport, workshop_id: str, wording: Wording) -> str:
    """Title, place and days: many workshops have the same title."""
    known = report.workshops.get(workshop_id)
    if known is None:
        return wording.say(SMALL)
    days = wording.name_days(known.starts_on, known.ends_on)
    return f"{known.title} · {known.place} · {days}"


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A table and the arrows of its rows: `caption` heads the first column."""

    code: str
    heading: str
    caption: str
    measures: tuple[str, ...]
    rows: Sequence[Row]
    arrows: Iterable[Arrow | None]
    note: str = ""

    def section(self, wording: Wording) -> Section:
        captions = (self.heading, self.caption)
        return Section(
            code=self.code,
            heading=self.heading,
            notes=(Note(code=self.code, text=self.note),) if self.note else (),
            tables=(grid_of(self.code, captions, self.measures, self.rows, wording),),
            charts=arrows_as_chart(self.code, self.heading, self.arrows),
            part=Part.BODY,
        )


def trend_section(quarters: Sequence[TableRow], wording: Wording) -> Section:
    """Each quarter of which something is told, the earliest first."""
    rows = [
        Row(code=each.value, name=_quarter_name(each, wording), facts=row_facts(each, _QUARTER))
        for each in quarters
    ]
    return _Drawn(
        code="trend",
        heading=wording.say(N_("Quarter by quarter")),
        caption=wording.say(N_("Quarter")),
        measures=_QUARTER,
        rows=rows,
        arrows=_arrows(rows, quarters),
        note=wording.say(
            N_("Small workshops that are told together over a longer time are in no quarter.")
        ),
    ).section(wording)


def _quarter_name(row: TableRow, wording: Wording) -> str:
    year, _, quarter = row.value.partition("-")
    return wording.say(N_("%(year)s, quarter %(quarter)s"), year=year, quarter=quarter)


def latest_section(report: PooledReport, latest: LatestWorkshops, wording: Wording) -> Section:
    """The latest workshops one by one; all others of the choice are one row."""
    known = [*latest.rows, *([latest.rest] if latest.rest else [])]
    rows = [
        Row(
            code=each.value,
            name=(
                name_workshop(report, each.value, wording)
                if each.value
                else wording.say(N_("All other workshops together"))
            ),
            facts=row_facts(each, _WORKSHOP),
            is_typed=each.value in report.workshops,
        )
        for each in known
    ]
    return _Drawn(
        code="latest",
        heading=wording.say(N_("The latest workshops")),
        caption=wording.say(N_("Workshop")),
        measures=_WORKSHOP,
        rows=rows,
        arrows=_arrows(rows, known),
    ).section(wording)


def _arrows(rows: Sequence[Row], told: Sequence[TableRow]) -> Iterable[Arrow | None]:
    pairs = zip(rows, told, strict=True)
    return (arrow_of_figures(row, each.figures, each.direction) for row, each in pairs)


def topics_section(
    report: PooledReport, topics: Sequence[TopicMovement], wording: Wording
) -> Section:
    """Right answers by topic; a topic with a share that is a limit has numbers and no arrow."""
    rows = [_topic_row(report, each, wording) for each in topics]
    return _Drawn(
        code="pooled_topics",
        heading=wording.say(N_("By topic")),
        caption=wording.say(N_("Topic")),
        measures=_TOPIC,
        rows=rows,
        arrows=(_topic_arrow(row, each) for row, each in zip(rows, topics, strict=True)),
        note=wording.say(
            N_(
                "The share of a topic's questions that were answered fully right. Over several "
                "workshops there is no interval, and the colour says nothing."
            )
        ),
    ).section(wording)


def _topic_row(report: PooledReport, topic: TopicMovement, wording: Wording) -> Row:
    return Row(
        code=topic.topic,
        name=_topic_name(report, topic, wording),
        facts=(
            Fact(measure="paired", value=topic.paired),
            fact_of("right_before_percent", topic.before),
            fact_of("right_after_percent", topic.after),
            fact_of("topic_change_pp", topic.change),
        ),
    )


def _topic_arrow(row: Row, topic: TopicMovement) -> Arrow | None:
    direction = direction_of(topic.change.value, None, None)
    return arrow_of(row, _exact(topic.before), _exact(topic.after), direction)


def _exact(figure: Figure) -> Decimal | None:
    return None if figure.extreme else figure.value


def _topic_name(report: PooledReport, topic: TopicMovement, wording: Wording) -> str:
    texts = report.form.objectives.get(topic.topic, {}) if report.form else {}
    name = wording.pick(texts) if texts else topic.topic
    return f"{name} ({', '.join(topic.items)})"
