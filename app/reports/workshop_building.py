"""Builds the report of one workshop's results: what the door told this audience, in words.

Only what is in `RoomReport` is told, and that is what its audience may see. Single pairs are drawn
on the team's page alone: a file leaves the team.
"""

from collections.abc import Iterable, Sequence

from app.core.disclosure import Audience, Shown, may_show_means
from app.core.reasons import N_
from app.gains.results import (
    Direction,
    FacetTable,
    GainFigures,
    GroupRow,
    ObjectiveRow,
)
from app.gains.schemas import Withheld
from app.gains.service import Breakdown
from app.reports.building import BREAKDOWNS, reasons_of
from app.reports.charts import arrow_of, arrow_of_figures, arrows_as_chart, difference_row
from app.reports.document import (
    Chart,
    Fact,
    Note,
    Part,
    ReportDocument,
    ReportScope,
    Row,
    Section,
    Table,
)
from app.reports.facts import fact_of, told
from app.reports.finding import TITLES
from app.reports.labels import labels_of
from app.reports.measures import grid_of, list_of
from app.reports.opinions import opinions_section
from app.reports.schemas import RoomReport
from app.reports.sentence import write_paragraph
from app.reports.wording import Wording, percent, typed
from app.reports.workshop_method import counted_in_room, method_of_room
from app.reports.workshop_questions import (
    annex_table,
    beliefs_section,
    crimes_section,
    questions_section,
)

_TITLES = {
    Shown.COUNTS: N_("Too few people for an average"),
    Shown.NONE_YET: N_("No results yet"),
}
_TOO_FEW = N_("Too few people to show anything")
_WHY_NOTHING = {
    Shown.NONE_YET: N_("No completed pairs yet. Results come when the post-test has closed."),
    Shown.NOTHING: N_("One pair is one person. Showing it would show a mark."),
    Shown.COUNTS: N_("Averages are shown from 5 people who took both tests."),
    Shown.WITHHELD: N_("Withheld: the group is small."),
}
_MEANS = ("pre_percent", "post_percent", "room_gain_pp", "pre_points", "post_points",
          "gain_points", "most_points")  # fmt: skip
_MOVED = ("improved", "same", "declined")
_PASSED = ("passed_before_percent", "passed_after_percent", "passed_change_pp", "part_gained")
_GROUP = ("paired", "pre_percent", "post_percent", "room_gain_pp")


def build_workshop_document(report: RoomReport, wording: Wording) -> ReportDocument:
    """The report of a workshop for one audience; the same facts in every language."""
    gain = report.gain
    has_means = may_show_means(gain.shown)
    sections = tuple(_sections(report, wording))
    return ReportDocument(
        language=wording.language,
        organisation=report.workshop.organisation_name,
        as_of=gain.as_of or report.as_of,
        threshold=report.threshold,
        title=_title(report, wording),
        finding=gain.direction.value if has_means else "withheld",
        sentence=write_paragraph(gain, report.workshop, wording.catalogues, wording.language),
        scope=_scope(report, wording),
        method=tuple(method_of_room(report, wording)),
        sections=sections,
        has_synthetic=report.workshop.is_synthetic,
        labels=labels_of(gain.as_of or report.as_of, wording),
        reasons=tuple(reasons_of(sections, wording)),
    )


def _title(report: RoomReport, wording: Wording) -> str:
    gain = report.gain
    if not may_show_means(gain.shown):
        return wording.say(_TITLES.get(gain.shown, _TOO_FEW))
    before, after = percent(gain.mean_pre_percent), percent(gain.mean_post_percent)
    return wording.say(TITLES[gain.direction], before=before, after=after)


def _scope(report: RoomReport, wording: Wording) -> ReportScope:
    form, workshop = report.form, report.workshop
    days = wording.name_days(workshop.starts_on, workshop.ends_on)
    return ReportScope(
        form=form.form_ref,
        form_title=wording.pick(form.title),
        form_version=form.version,
        form_hash=form.content_hash,
        country=workshop.country,
        province=workshop.province or None,
        year=workshop.ends_on.year,
        quarter=None,
        programme=workshop.programme_name or None,
        breakdown="",
        words=(typed(workshop.title), typed(workshop.place), days),
    )


def _sections(report: RoomReport, wording: Wording) -> Iterable[Section]:
    results = report.results
    yield _gain(report, wording)
    if any(each.figures for each in results.objectives):
        yield _topics(report, wording)
    yield counted_in_room(report, wording)
    if results.items and not results.items[0].unsaid:
        yield questions_section(report, wording)
    believed = [each for each in results.beliefs if each.asked]
    if believed:
        yield beliefs_section(report, believed, wording)
    if results.crimes.before:
        yield crimes_section(report, wording)
    for facet in results.facets:
        if facet.rows:
            yield _facet(facet, report.threshold, wording)
    if report.opinions.questions:
        yield opinions_section(report.opinions, report.threshold, wording)
    if results.room and results.shown is Shown.FULL:
        yield _annex(report, results.room, wording)


def _gain(report: RoomReport, wording: Wording) -> Section:
    heading = wording.say(N_("The gain in numbers"))
    is_team = report.gain.audience is Audience.TEAM
    measures = (*_MEANS, *(_MOVED if is_team else ("improved_percent",)), *_PASSED)
    if not may_show_means(report.gain.shown):
        measures = _MEANS[:3]
    facts = {each.measure: each for each in _gain_facts(report)}
    row = (wording.say(BREAKDOWNS[Breakdown.WHOLE]), [facts[each] for each in measures])
    table = list_of("numbers", heading, measures, row, wording)
    told = report.gain
    arrow = arrow_of(table.rows[0], told.mean_pre_percent, told.mean_post_percent, told.direction)
    return Section(
        code="gain",
        heading=heading,
        notes=tuple(_gain_notes(report, wording)),
        tables=(table,),
        charts=arrows_as_chart("numbers", wording.say(N_("Before and after, percent")), [arrow]),
    )


def _gain_facts(report: RoomReport) -> Iterable[Fact]:
    """The facts of a room's gain; all of them withheld where its means are."""
    gain, room = report.gain, report.results.room
    ends = (gain.gain_pp_low, gain.gain_pp_high)
    yield told("pre_percent", gain.mean_pre_percent, gain.reason)
    yield told("post_percent", gain.mean_post_percent, gain.reason)
    yield told("room_gain_pp", gain.gain_pp, gain.reason, ends)
    yield told("pre_points", gain.mean_pre_points, gain.reason)
    yield told("post_points", gain.mean_post_points, gain.reason)
    yield told("gain_points", gain.gain_points, gain.reason,
                (gain.gain_points_low, gain.gain_points_high))  # fmt: skip
    yield told("most_points", gain.max_points, gain.reason)
    for name in _MOVED:
        yield told(name, getattr(gain, name), gain.reason)
    if room is None:
        for name in ("improved_percent", *_PASSED):
            yield told(name, None, report.results.unsaid or gain.reason)
        return
    yield fact_of("improved_percent", room.improved)
    yield fact_of("passed_before_percent", room.passed_before)
    yield fact_of("passed_after_percent", room.passed_after)
    yield fact_of("passed_change_pp", room.passed_change, room.passed_change_low,
                  room.passed_change_high)  # fmt: skip
    yield fact_of("part_gained", room.part_gained, room.part_gained_low, room.part_gained_high)


def _gain_notes(report: RoomReport, wording: Wording) -> Iterable[Note]:
    gain = report.gain
    if not may_show_means(gain.shown):
        yield Note(code=gain.shown.value, text=wording.say(_WHY_NOTHING[gain.shown]))
        return
    if report.results.has_ceiling:
        lead = wording.say(N_("Little room to learn"))
        text = wording.say(
            N_("So much was known before that the test can show little of what was learned.")
        )
        yield Note(code="ceiling", text=f"{lead}. {text}")
    if gain.interval_reason is Withheld.ZERO_VARIANCE:
        text = wording.say(N_("No interval: everybody changed by the same amount."))
        yield Note(code="same_change", text=text)
    elif gain.gain_pp_low is None:
        text = wording.say(N_("No interval: the group is too small."))
        yield Note(code="no_interval", text=text)
    if gain.shown is Shown.MEANS:
        text = wording.say(N_("Fewer than 10 people: read these numbers with care."))
        yield Note(code="few", text=text)


def _topics(report: RoomReport, wording: Wording) -> Section:
    heading = wording.say(N_("By topic"))
    known = report.results.objectives
    rows = [
        Row(code=each.objective, name=_topic_name(report, each, wording),
            facts=_group_facts(each))
        for each in known
    ]  # fmt: skip
    captions = (heading, wording.say(N_("Topic")))
    table = grid_of("topics", captions, _GROUP, rows, wording)
    return Section(
        code="topics", heading=heading, tables=(table,),
        charts=_arrows("topics", heading, rows, [each.figures for each in known]),
    )  # fmt: skip


def _topic_name(report: RoomReport, row: ObjectiveRow, wording: Wording) -> str:
    name = wording.pick(report.form.objectives[row.objective])
    return f"{name} ({', '.join(row.items)})"


def _group_facts(row: ObjectiveRow | GroupRow) -> tuple[Fact, ...]:
    figures = row.figures
    if figures is None:
        return tuple(Fact(measure=each, unsaid=_code(row.unsaid)) for each in _GROUP)
    return (
        Fact(measure="paired", value=figures.paired),
        fact_of("pre_percent", figures.pre_percent),
        fact_of("post_percent", figures.post_percent),
        fact_of("room_gain_pp", figures.gain_pp, figures.gain_pp_low, figures.gain_pp_high),
    )


def _code(unsaid: str | None) -> str:
    return str(unsaid or Withheld.WITHHELD)


def _arrows(
    code: str, caption: str, rows: Sequence[Row], known: Sequence[GainFigures | None]
) -> tuple[Chart, ...]:
    return arrows_as_chart(code, caption, (
        arrow_of_figures(row, each, Direction(each.direction) if each else None)
        for row, each in zip(rows, known, strict=True)
    ))  # fmt: skip


def _facet(facet: FacetTable, threshold: int, wording: Wording) -> Section:
    heading = wording.say(BREAKDOWNS[Breakdown(facet.facet)])
    code = f"facet_{facet.facet}"
    if not any(each.figures for each in facet.rows):
        text = wording.say(
            N_("No group is shown: with so few people, each would show single people.")
        )
        note = Note(code="no_group", text=text)
        return Section(code=code, heading=heading, notes=(note,), part=Part.BODY)
    rows = [
        Row(code=each.value, name=wording.name_value(each.value), facts=_group_facts(each))
        for each in facet.rows
    ]
    captions = (heading, wording.say(N_("Group")))
    tables = [grid_of(code, captions, _GROUP, rows, wording)]
    if facet.differences:
        tables.append(_differences(facet, wording))
    return Section(
        code=code, heading=heading, tables=tuple(tables),
        notes=tuple(_small_groups(facet, threshold, wording)),
        charts=_arrows(code, heading, rows, [each.figures for each in facet.rows]),
        part=Part.BODY,
    )  # fmt: skip


def _differences(facet: FacetTable, wording: Wording) -> Table:
    measures = ("difference_pp", "start_difference_pp")
    rows = [
        difference_row(
            each.first,
            each.second,
            (
                fact_of("difference_pp", each.difference_pp, each.low, each.high),
                fact_of("start_difference_pp", each.pre_difference_pp),
            ),
            wording,
        )
        for each in facet.differences
    ]
    captions = (wording.say(N_("Difference of two groups")), wording.say(N_("Group")))
    return grid_of(f"differences_{facet.facet}", captions, measures, rows, wording)


def _small_groups(facet: FacetTable, threshold: int, wording: Wording) -> Iterable[Note]:
    if facet.combined:
        message = N_("Small groups together: %(count)s people with both tests.")
        text = wording.say(message, count=facet.combined)
        yield Note(code="combined", text=text, facts=(("count", str(facet.combined)),))
    if facet.offers_pooled:
        message = N_(
            "Groups below %(threshold)s people are withheld, and with them what would give them "
            "away. Several workshops together may show them."
        )
        yield Note(code="offers_pooled", text=wording.say(message, threshold=threshold))


def _annex(report: RoomReport, room: GainFigures, wording: Wording) -> Section:
    heading, results = wording.say(N_("Technical annex")), report.results
    measures = ("effect_size", "reliability", "wilcoxon_p")
    facts = (
        fact_of("effect_size", room.effect, room.effect_low, room.effect_high),
        fact_of(
            "reliability", results.reliability, results.reliability_low, results.reliability_high
        ),
        fact_of("wilcoxon_p", results.wilcoxon_p),
    )
    everybody = (wording.say(BREAKDOWNS[Breakdown.WHOLE]), facts)
    tables = [list_of("annex", heading, measures, everybody, wording)]
    if results.items and not results.items[0].unsaid:
        tables.append(annex_table(report, wording))
    return Section(code="annex", heading=heading, tables=tuple(tables), part=Part.ANNEX)
