"""The questionnaire in a report: a bar for each question, and the counts it is drawn from."""

from collections.abc import Iterable

from app.core.reasons import N_
from app.feedback.schemas import Opinion, Opinions
from app.reports.document import Bar, Chart, Column, Fact, Note, Part, Row, Section, Table, Unit
from app.reports.measures import columns_of, grid_from
from app.reports.wording import Wording

_SUMMED = ("agreed_percent", "disagreed_percent", "sheets_answered", "sheets_blank")


def opinions_section(opinions: Opinions, least: int, wording: Wording) -> Section:
    """The questions on a scale, those most agreed with first; or why there are none.

    Questions with other choices of answer have a table and a drawing of their own.
    """
    heading = wording.say(N_("Opinions"))
    scales: dict[tuple[str, ...], list[Opinion]] = {}
    for each in opinions.questions:
        scales.setdefault(tuple(one.option for one in each.choices), []).append(each)
    tables, charts = [], []
    for place, some in enumerate(scales.values()):
        code = f"opinions_{place + 1}" if place else "opinions"
        table = _table(code, heading, some, wording)
        tables.append(table)
        charts.append(_chart(table, some, wording))
    return Section(
        code="opinions",
        heading=heading,
        notes=tuple(_notes(opinions, least, wording)),
        tables=tuple(tables),
        charts=tuple(charts),
        part=Part.BODY,
    )


def _table(code: str, heading: str, some: list[Opinion], wording: Wording) -> Table:
    first = some[0].choices
    chosen = tuple(
        Column(
            measure=f"chose_{place}",
            name=wording.pick(each.text),
            short=wording.pick(each.text),
            unit=Unit.ANSWERS,
            recipe="opinions",
        )
        for place, each in enumerate(first, start=1)
    )
    columns = (*columns_of(_SUMMED, wording), *chosen)
    rows = [
        Row(
            code=each.item,
            name=f"{each.item}. {wording.pick(each.stem)}",
            facts=tuple(_facts(each)),
        )
        for each in some
    ]
    return grid_from(code, (heading, wording.say(N_("Question"))), columns, rows)


def _facts(opinion: Opinion) -> Iterable[Fact]:
    agreed, unsaid = opinion.agreed, None if opinion.answered else "no_answer"
    yield Fact(
        measure="agreed_percent", value=agreed.value, low=agreed.low, high=agreed.high,
        unsaid=unsaid,
    )  # fmt: skip
    yield Fact(measure="disagreed_percent", value=opinion.disagreed, unsaid=unsaid)
    yield Fact(measure="sheets_answered", value=opinion.answered)
    yield Fact(measure="sheets_blank", value=opinion.blank)
    for place, each in enumerate(opinion.choices, start=1):
        yield Fact(measure=f"chose_{place}", value=each.count)


def _chart(table: Table, some: list[Opinion], wording: Wording) -> Chart:
    bars = tuple(
        Bar(
            row=row.code,
            name=row.name,
            counts=tuple(one.count for one in each.choices),
            agreed=each.agreed.value,
        )
        for row, each in zip(table.rows, some, strict=True)
        if each.answered and each.agreed.value is not None
    )
    parts = tuple(wording.pick(each.text) for each in some[0].choices)
    return Chart(code=table.code, caption=table.caption, bars=bars, parts=parts)


def _notes(opinions: Opinions, least: int, wording: Wording) -> Iterable[Note]:
    if opinions.questions:
        text = wording.say(
            N_("Sheets: %(sheets)s. Workshops: %(workshops)s. No sheet carries a name or number."),
            sheets=opinions.sheets,
            workshops=opinions.workshops,
        )
        facts = (("sheets", str(opinions.sheets)), ("workshops", str(opinions.workshops)))
        yield Note(code="sheets", text=text, facts=facts)
    elif opinions.workshops:
        text = wording.say(
            N_(
                "Too many sheets to count at once: choose a shorter time, a province or a "
                "programme."
            )
        )
        yield Note(code="too_many_sheets", text=text)
    else:
        text = wording.say(
            N_("Nothing to count: a questionnaire is counted when it is closed, from %(least)s "
               "sheets of a workshop on."), least=least,
        )  # fmt: skip
        yield Note(code="no_sheets", text=text)
    if opinions.few:
        text = wording.say(
            N_("Workshops with fewer sheets than %(least)s are not counted."), least=least
        )
        yield Note(code="few_sheets", text=text)
    if opinions.others:
        text = wording.say(
            N_("Workshops with another questionnaire: %(count)s. Their answers are not added."),
            count=opinions.others,
        )
        yield Note(code="other_questionnaires", text=text, facts=(("count", str(opinions.others)),))
