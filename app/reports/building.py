"""Builds the report of one choice from what the door of group numbers told: facts, then words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.core.reasons import N_
from app.gains.results import Direction
from app.gains.service import Breakdown, Choice, MethodRecords, RowSums
from app.gains.tables_told import TableRow
from app.reports.charts import arrow_of_figures, arrows_as_chart, difference_row
from app.reports.document import (
    Fact,
    Note,
    Part,
    ReportDocument,
    ReportScope,
    Row,
    Section,
    Table,
)
from app.reports.drawn import (
    SMALL,
    latest_section,
    name_workshop,
    topics_section,
    trend_section,
)
from app.reports.facts import fact_of, range_of, row_facts
from app.reports.finding import TITLES, write_sentence
from app.reports.labels import labels_of
from app.reports.measures import grid_of, list_of
from app.reports.method import counted_section, method_notes
from app.reports.opinions import opinions_section
from app.reports.schemas import PooledReport
from app.reports.wording import Wording, percent, signed

_NUMBERS = (
    "workshops", "paired", "pre_percent", "post_percent", "pooled_gain_pp", "prediction_pp",
    "between_pp", "gain_pp", "improved_percent", "passed_before_percent", "passed_after_percent",
)  # fmt: skip
_GROUP = ("workshops", "paired", "pre_percent", "post_percent", "gain_pp", "pooled_gain_pp")
_GROUP_ANNEX = (
    "pooled_workshops", "prediction_pp", "between_pp", "improved_percent", "passed_before_percent",
    "passed_after_percent", "part_gained", "effect_size",
)  # fmt: skip
_ANNEX = ("pooled_workshops", "part_gained", "effect_size", "median_pre_points",
          "median_post_points", "wilcoxon_p")  # fmt: skip
_ITEM = ("paired", "right_before_percent", "right_after_percent", "change_pp")
_SUMS = ("sum_pre", "sum_post", "sum_pre_squared", "sum_post_squared", "sum_products")

BREAKDOWNS: dict[Breakdown, str] = {
    Breakdown.WHOLE: N_("Everybody together"),
    Breakdown.WORKSHOP: N_("Workshops"),
    Breakdown.SEX: N_("Women and men"),
    Breakdown.AGENCY_TYPE: N_("Agencies"),
    Breakdown.PROVINCE: N_("Provinces where people work"),
}


def build_document(
    report: PooledReport,
    records: MethodRecords | None,
    sums: Sequence[RowSums],
    wording: Wording,
) -> ReportDocument:
    """The report of a choice; without any workshop only its heading."""
    told, form, choice = report.table, report.form, report.choice
    document = ReportDocument(
        language=wording.language,
        organisation=report.organisation_name,
        as_of=report.as_of,
        threshold=report.threshold,
        title=wording.say(N_("No workshops yet.")),
        finding="withheld",
        sentence="",
        scope=None,
        method=(),
        sections=(),
        has_synthetic=report.has_synthetic,
        labels=labels_of(report.as_of, wording),
    )
    if told is None or form is None or choice is None:
        return document
    words = _scope_words(report, choice, wording)
    way = told.whole.direction
    sections = tuple(_sections(report, records, sums, wording))
    return replace(
        document,
        title=_title(told.whole, way, wording),
        finding=way.value if way else "withheld",
        sentence=write_sentence(told.whole, way, words, wording),
        scope=_scope(report, choice, words, wording),
        method=method_notes(report, form, records, wording),
        sections=sections,
        reasons=tuple(reasons_of(sections, wording)),
    )


def _scope_words(report: PooledReport, choice: Choice, wording: Wording) -> tuple[str, ...]:
    country = wording.name_country(choice.country)
    area = f"{wording.name_value(choice.province)}, {country}" if choice.province else country
    period = wording.say(N_("All years"))
    if choice.quarter:
        period = wording.say(
            N_("%(year)s, quarter %(quarter)s"), year=choice.year, quarter=choice.quarter
        )
    elif choice.year:
        period = str(choice.year)
    programme = report.programme_name
    if programme is None:
        programme = wording.say(N_("All programmes"))
    return area, period, programme or wording.say(N_("Without a programme"))


def _scope(
    report: PooledReport, choice: Choice, words: tuple[str, ...], wording: Wording
) -> ReportScope | None:
    form = report.form
    if form is None:
        return None
    return ReportScope(
        form=form.form_ref,
        form_title=wording.pick(form.title),
        form_version=form.version,
        form_hash=form.content_hash,
        country=choice.country,
        province=choice.province,
        year=choice.year,
        quarter=choice.quarter,
        programme=report.programme_name,
        breakdown=choice.breakdown.value,
        words=words,
    )


def _title(whole: TableRow, way: Direction | None, wording: Wording) -> str:
    if way is None or whole.figures is None:
        return wording.say(N_("Withheld: too few people in final workshops."))
    before, after = whole.figures.pre_percent, whole.figures.post_percent
    return wording.say(TITLES[way], before=percent(before.value), after=percent(after.value))


def _sections(
    report: PooledReport,
    records: MethodRecords | None,
    sums: Sequence[RowSums],
    wording: Wording,
) -> Iterable[Section]:
    told = report.table
    if told is None:
        return
    yield _gain(told.whole, wording)
    yield counted_section(records, wording)
    if told.choice.breakdown is not Breakdown.WHOLE:
        yield _groups(report, wording)
    yield from _drawings(report, wording)
    if report.items:
        yield _items(report, wording)
    yield _effect(report, wording)
    yield _annex(report, sums, wording)


def _drawings(report: PooledReport, wording: Wording) -> Iterable[Section]:
    """What everybody together is also told by; one of a kind is no drawing."""
    if len(report.quarters) > 1:
        yield trend_section(report.quarters, wording)
    if report.latest is not None and len(report.latest.rows) + bool(report.latest.rest) > 1:
        yield latest_section(report, report.latest, wording)
    if report.topics:
        yield topics_section(report, report.topics, wording)
    if report.opinions is not None:
        yield opinions_section(report.opinions, report.threshold, wording)


def reasons_of(sections: Sequence[Section], wording: Wording) -> Iterable[tuple[str, str]]:
    """The codes that stand in the place of a number here, in words."""
    rows = [row for each in sections for table in each.tables for row in table.rows]
    codes = {fact.unsaid for row in rows for fact in row.facts if fact.unsaid}
    return ((code, wording.say(wording.reason_words[code])) for code in sorted(codes))


def _gain(whole: TableRow, wording: Wording) -> Section:
    heading = wording.say(N_("The gain in numbers"))
    everybody = (wording.say(BREAKDOWNS[Breakdown.WHOLE]), row_facts(whole, _NUMBERS))
    table = list_of("numbers", heading, _NUMBERS, everybody, wording)
    return Section(
        code="gain",
        heading=heading,
        notes=tuple(_differing(whole, wording)),
        tables=(table,),
        charts=arrows_as_chart(
            "numbers",
            wording.say(N_("Before and after, percent")),
            [arrow_of_figures(table.rows[0], whole.figures, whole.direction)],
        ),
    )


def _differing(whole: TableRow, wording: Wording) -> Iterable[Note]:
    """How far workshops differ, in plain words."""
    pooled = whole.pooled
    if pooled is None or whole.workshops == 1:
        return
    if pooled.prediction_low.value is not None:
        low, high = pooled.prediction_low.value, pooled.prediction_high.value
        message = N_(
            "Workshops differ. A new one of this kind may gain between %(low)s and %(high)s "
            "percentage points."
        )
        text = wording.say(message, low=signed(low), high=signed(high))
        yield Note(code="differing", text=text, facts=(("low", str(low)), ("high", str(high))))
    elif pooled.entered < 3:
        message = N_(
            "An average of the workshops needs three that are told one by one; here: %(count)s."
        )
        text = wording.say(message, count=pooled.entered)
        yield Note(code="too_few_workshops", text=text, facts=(("count", str(pooled.entered)),))


def _groups(report: PooledReport, wording: Wording) -> Section:
    told = report.table
    if told is None:
        raise ValueError("a report without a table has no groups")
    by, heading = told.choice.breakdown, wording.say(BREAKDOWNS[told.choice.breakdown])
    is_by_workshop = by is Breakdown.WORKSHOP
    measures = _GROUP[:-1] if is_by_workshop else _GROUP
    rows = [_group_row(report, each, measures, wording) for each in told.rows]
    stub = wording.say(N_("Workshop") if is_by_workshop else N_("Group"))
    table = grid_of(by.value, (heading, stub), measures, rows, wording)
    tables = [table]
    if told.differences:
        tables.append(_differences(report, wording))
    return Section(
        code="groups",
        heading=heading,
        tables=tuple(tables),
        charts=arrows_as_chart(
            by.value,
            heading,
            (
                arrow_of_figures(row, each.figures, each.direction)
                for row, each in zip(rows, told.rows, strict=True)
            ),
        ),
    )


def _group_row(
    report: PooledReport, row: TableRow, measures: Sequence[str], wording: Wording
) -> Row:
    known = row.value in report.workshops
    name = wording.name_value(row.value) if row.value else wording.say(SMALL)
    return Row(
        code=row.value,
        name=name_workshop(report, row.value, wording) if known else name,
        facts=row_facts(row, measures),
        is_typed=known,
    )


def _differences(report: PooledReport, wording: Wording) -> Table:
    told = report.table
    measures = ("bundles", "difference_pp")
    rows = [
        difference_row(
            each.first,
            each.second,
            (
                Fact(measure="bundles", value=each.bundles),
                fact_of("difference_pp", each.difference_pp, each.low, each.high),
            ),
            wording,
        )
        for each in (told.differences if told else ())
    ]
    captions = (wording.say(N_("Difference of two groups")), wording.say(N_("Group")))
    return grid_of("differences", captions, measures, rows, wording)


def _items(report: PooledReport, wording: Wording) -> Section:
    heading = wording.say(N_("By question"))
    rows = [
        Row(
            code=each.item,
            name=f"{each.item}. {_stem(report, each.item, wording)}",
            facts=(
                Fact(measure="paired", value=each.paired),
                fact_of("right_before_percent", each.right_before),
                fact_of("right_after_percent", each.right_after),
                fact_of("change_pp", each.change, each.change_low, each.change_high),
            ),
        )
        for each in report.items
    ]
    table = grid_of("items", (heading, wording.say(N_("Question"))), _ITEM, rows, wording)
    text = wording.say(
        N_("Mistaken beliefs are told of single workshops. Of several nothing is released.")
    )
    return Section(
        code="questions", heading=heading, notes=(Note(code="beliefs", text=text),),
        tables=(table,), part=Part.ANNEX,
    )  # fmt: skip


def _stem(report: PooledReport, item: str, wording: Wording) -> str:
    known = report.form.get_item(item) if report.form else None
    return wording.pick(known.stem) if known else ""


def _effect(report: PooledReport, wording: Wording) -> Section:
    heading, found = wording.say(N_("Different tests")), report.effect
    measures = ("forms", "workshops", "effect", "effect_prediction")
    facts = () if found is None else (
        Fact(measure="forms", value=len(found.form_ids)),
        Fact(measure="workshops", value=found.workshops),
        fact_of("effect", found.effect, found.low, found.high),
        range_of("effect_prediction", found.prediction_low, found.prediction_high),
    )  # fmt: skip
    everything = (wording.say(N_("All tests")), facts)
    table = list_of("effect", heading, measures, everything, wording)
    text = wording.say(N_(
        "All tests in this area, time and programme. Points of different tests are never added; "
        "only effect sizes stand together."
    ))  # fmt: skip
    return Section(
        code="effect", heading=heading, notes=(Note(code="effect", text=text),), tables=(table,),
        part=Part.ANNEX,
    )  # fmt: skip


def _annex(report: PooledReport, sums: Sequence[RowSums], wording: Wording) -> Section:
    told = report.table
    if told is None:
        raise ValueError("a report without a table has no annex")
    heading = wording.say(N_("Technical annex"))
    facts = {
        "median_pre_points": fact_of("median_pre_points", told.median_pre),
        "median_post_points": fact_of("median_post_points", told.median_post),
        "wilcoxon_p": fact_of("wilcoxon_p", told.wilcoxon_p),
    }
    known = {each.measure: each for each in row_facts(told.whole, _ANNEX[:3])} | facts
    everybody = (wording.say(BREAKDOWNS[Breakdown.WHOLE]), (known[each] for each in _ANNEX))
    tables = [list_of("annex", heading, _ANNEX, everybody, wording)]
    by = told.choice.breakdown
    if by not in (Breakdown.WHOLE, Breakdown.WORKSHOP):
        rows = [_group_row(report, each, _GROUP_ANNEX, wording) for each in told.rows]
        captions = (f"{heading}: {wording.say(BREAKDOWNS[by])}", wording.say(N_("Group")))
        tables.append(grid_of(f"{by.value}_annex", captions, _GROUP_ANNEX, rows, wording))
    if sums:
        tables.append(_sums(report, sums, wording))
    return Section(code="annex", heading=heading, tables=tuple(tables), part=Part.ANNEX)


def _sums(report: PooledReport, sums: Sequence[RowSums], wording: Wording) -> Table:
    measures = ("workshops", "paired", *_SUMS, "max_units")
    rows = tuple(
        Row(
            code=each.workshop_id,
            name=name_workshop(report, each.workshop_id, wording),
            is_typed=bool(each.workshop_id),
            facts=(
                Fact(measure="workshops", value=each.workshops),
                Fact(measure="paired", value=each.n),
                *(Fact(measure=name, value=getattr(each, name)) for name in _SUMS),
                Fact(measure="max_units", value=each.max_units),
            ),
        )
        for each in sums
    )
    caption = wording.say(N_("Sums from which the gain can be computed again"))
    captions = (caption, wording.say(N_("Workshop")))
    return grid_of("sums", captions, measures, rows, wording)
