"""A report over a table that somebody brought: the same look, marked, and nothing of it kept.

The rows come from the page each time. Who brings a table holds its rows, but a report leaves the
room: groups are told as of any report, from ten pairs on.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.csv_files import CsvRow, CsvTable
from app.adapters.db import Work
from app.core.disclosure import OUTSIDE_THRESHOLD
from app.core.errors import ScoresRefused
from app.core.reasons import N_
from app.gains.file_results import FileResults, read_file_results
from app.gains.results import PeopleCounted, Unsaid
from app.gains.spreadsheet import (
    NOT_SAID,
    Column,
    SheetRefused,
    find_columns,
    read_sheet,
)
from app.gains.tables_told import TableRow
from app.reports.building import BREAKDOWNS, reasons_of
from app.reports.charts import arrow_of_figures, arrows_as_chart
from app.reports.document import (
    FROM_FILE,
    Fact,
    Note,
    Part,
    ReportDocument,
    ReportScope,
    Row,
    Section,
)
from app.reports.facts import fact_of, row_facts
from app.reports.finding import TITLES, write_sentence
from app.reports.labels import labels_of
from app.reports.measures import grid_of, list_of
from app.reports.method import COMPLETION
from app.reports.schemas import FileWanted
from app.reports.sentence import CAUSE
from app.reports.wording import Wording, percent, typed

__all__ = [
    "FileResults",
    "build_file_report",
    "clean_name",
    "keep_known",
    "read_results",
    "tell_bad_rows",
]

_ONE_ROOM = ("paired", "pre_percent", "post_percent", "gain_pp", "improved_percent")
_ROOMS = ("workshops", "paired", "pre_percent", "post_percent", "pooled_gain_pp", "prediction_pp",
          "between_pp", "gain_pp", "improved_percent")  # fmt: skip
_PASSED = ("passed_before_percent", "passed_after_percent")
_COUNTED = ("registered", "pre", "post", "paired", "pre_only", "post_only", "completion_percent")
_ANNEX = ("part_gained", "effect_size")
_LONGEST_NAME = 80

GROUPS: dict[Column, str] = {
    Column.WORKSHOP: BREAKDOWNS["workshop"],  # type: ignore[index]
    Column.SEX: BREAKDOWNS["sex"],  # type: ignore[index]
    Column.AGENCY: BREAKDOWNS["agency_type"],  # type: ignore[index]
    Column.PROVINCE: BREAKDOWNS["province"],  # type: ignore[index]
}
_ORIGIN = N_("from a file, not from tests taken here")
_METHOD: dict[str, str] = {
    "from_file": N_(
        "The scores come from a file that somebody brought. They are kept apart from tests taken "
        "here, and nothing of them is stored."
    ),
    "unchecked": N_(
        "Whether both tests asked the same, and how they were taken, nobody here has checked."
    ),
    "comparison": CAUSE,
}
_ONE = N_("The file does not say who was in which workshop: everybody counts as one room.")


def keep_known(rows: Sequence[CsvRow]) -> list[CsvRow]:
    """The rows with the columns that mean something alone; the first is the heading.

    A row wider than the heading stays wider, so that it is still seen. Raises ScoresRefused.
    """
    if not rows:
        raise ScoresRefused(reason="list_empty")
    try:
        places = sorted(find_columns(rows[0]).values())
    except SheetRefused as refused:
        raise ScoresRefused(reason=refused.reason, **refused.facts) from refused
    width = len(rows[0].cells)
    return [
        CsvRow(
            row.line,
            (
                *(row.cells[place] if place < len(row.cells) else "" for place in places),
                *(["…"] if any(row.cells[width:]) else []),
            ),
        )
        for row in rows
    ]


def read_results(rows: Sequence[CsvRow], wanted: FileWanted) -> FileResults:
    """What is told of the rows, the first of which is the heading; raises ScoresRefused."""
    most = Fraction(wanted.max_score)
    needed = None if wanted.pass_mark is None else Fraction(wanted.pass_mark)
    if not rows:
        raise ScoresRefused(reason="list_empty")
    try:
        sheet = read_sheet(CsvTable(rows[0], tuple(rows[1:])), max_score=most)
        return read_file_results(sheet, max_score=most, pass_mark=needed, column=wanted.by)
    except SheetRefused as refused:
        raise ScoresRefused(reason=refused.reason, **refused.facts) from refused


def build_file_report(
    work: Work, evaluator: StaffPerson, results: FileResults, wanted: FileWanted, wording: Wording
) -> ReportDocument:
    """The report of a file's rows; it has an id and a hash as any other, and is stored nowhere."""
    name = accounts.organisation_name(work, evaluator.organisation_id)
    return _document(name, work.now, results, wanted, wording)


def tell_bad_rows(results: FileResults, wording: Wording) -> list[tuple[int, str]]:
    """Line and what is wrong with it, in the reader's language."""
    return [
        (each.line, wording.say(each.wrong.message, **_isolated(each.wrong.facts)))
        for each in results.bad_rows
    ]


def _isolated(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: typed(text) for name, text in facts.items()}


def clean_name(name: str) -> str:
    """A file's name as it may be shown: no folders, and no signs that turn text around."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(s for s in last if unicodedata.category(s)[0] != "C")[:_LONGEST_NAME].strip()


def _document(
    organisation: str,
    moment: datetime,
    results: FileResults,
    wanted: FileWanted,
    wording: Wording,
) -> ReportDocument:
    whole = results.whole
    way = whole.direction
    origin = wording.say(_ORIGIN)
    words = (wanted.name, origin) if wanted.name else (wording.say(N_("A file")), origin)
    sections = tuple(_sections(results, wanted, wording))
    return ReportDocument(
        language=wording.language,
        organisation=organisation,
        as_of=moment,
        threshold=OUTSIDE_THRESHOLD,
        title=_title(whole, wording),
        finding=way.value if way else "withheld",
        sentence=write_sentence(whole, way, words, wording),
        scope=ReportScope(
            form=FROM_FILE,
            form_title=wording.say(N_("From a file")),
            form_version=0,
            form_hash="",
            country="",
            province=None,
            year=None,
            quarter=None,
            programme=None,
            breakdown=results.column.value if results.column else "",
            words=(typed(words[0]), origin),
        ),
        method=tuple(_method(results, wording)),
        sections=sections,
        has_synthetic=False,
        labels=labels_of(moment, wording),
        reasons=tuple(reasons_of(sections, wording)),
    )


def _title(whole: TableRow, wording: Wording) -> str:
    if whole.figures is None or whole.direction is None:
        return wording.say(N_("Withheld: too few people took both tests."))
    before, after = whole.figures.pre_percent, whole.figures.post_percent
    said = wording.say(
        TITLES[whole.direction], before=percent(before.value), after=percent(after.value)
    )
    return wording.say(N_("From a file: %(finding)s"), finding=said)


def _method(results: FileResults, wording: Wording) -> Iterable[Note]:
    for code, message in _METHOD.items():
        yield Note(code=code, text=wording.say(message))
    if not results.has_workshops:
        yield Note(code="one_room", text=wording.say(_ONE))
    if results.bad_rows:
        count = len(results.bad_rows)
        text = wording.say(N_("Rows of the file that could not count: %(count)s."), count=count)
        yield Note(code="bad_rows", text=text, facts=(("count", str(count)),))
    text = wording.say(
        N_("– means: withheld, below %(threshold)s people with both tests."),
        threshold=OUTSIDE_THRESHOLD,
    )
    yield Note(code="withheld", text=text, facts=(("threshold", str(OUTSIDE_THRESHOLD)),))


def _sections(results: FileResults, wanted: FileWanted, wording: Wording) -> Iterable[Section]:
    yield _gain(results, wanted, wording)
    yield _counted(results.counts, wording)
    if results.column is not None:
        yield _groups(results, results.column, wording)
    heading = wording.say(N_("Technical annex"))
    everybody = (wording.say(N_("Everybody together")), row_facts(results.whole, _ANNEX))
    table = list_of("annex", heading, _ANNEX, everybody, wording)
    yield Section(code="annex", heading=heading, tables=(table,), part=Part.ANNEX)


def _gain(results: FileResults, wanted: FileWanted, wording: Wording) -> Section:
    heading, whole = wording.say(N_("The gain in numbers")), results.whole
    measures: tuple[str, ...] = _ROOMS if results.has_workshops else _ONE_ROOM
    measures += () if wanted.pass_mark is None else _PASSED
    everybody = (wording.say(N_("Everybody together")), row_facts(whole, measures))
    table = list_of("numbers", heading, measures, everybody, wording)
    arrow = arrow_of_figures(table.rows[0], whole.figures, whole.direction)
    caption = wording.say(N_("Before and after, percent"))
    charts = arrows_as_chart("gain", caption, [arrow])
    return Section(code="gain", heading=heading, tables=(table,), charts=charts)


def _counted(counts: PeopleCounted | None, wording: Wording) -> Section:
    heading = wording.say(N_("Who is counted"))
    facts: list[Fact] = [Fact(measure=each, unsaid=Unsaid.WITHHELD.value) for each in _COUNTED]
    notes: tuple[Note, ...] = ()
    if counts is not None:
        facts = [Fact(measure=each, value=getattr(counts, each)) for each in _COUNTED[:-1]]
        ends = (counts.completion_low, counts.completion_high)
        facts.append(fact_of(_COUNTED[-1], counts.completion, *ends))
        text = wording.say(COMPLETION[counts.judged])
        told = (("judged", counts.judged.value),)
        notes = (Note(code="completion", text=text, facts=told),)
    row = (wording.say(N_("Everybody together")), facts)
    table = list_of("counted", heading, _COUNTED, row, wording)
    return Section(code="counted", heading=heading, notes=notes, tables=(table,))


def _groups(results: FileResults, column: Column, wording: Wording) -> Section:
    """Groups are called as the file calls them."""
    heading = wording.say(GROUPS[column])
    first = ("workshops",) if results.has_workshops and column is not Column.WORKSHOP else ()
    measures = (*first, *_ONE_ROOM[:4])
    rows = [
        Row(
            code=each.value,
            name=wording.name_value("not_said") if each.value == NOT_SAID else each.value,
            facts=row_facts(each, measures),
            is_typed=each.value != NOT_SAID,
        )
        for each in results.rows
    ]
    stub = wording.say(N_("Workshop") if column is Column.WORKSHOP else N_("Group"))
    table = grid_of(f"file_{column.value}", (heading, stub), measures, rows, wording)
    arrows = [
        arrow_of_figures(row, told.figures, told.direction)
        for row, told in zip(rows, results.rows, strict=True)
    ]
    charts = arrows_as_chart(table.code, heading, arrows)
    return Section(code="groups", heading=heading, tables=(table,), charts=charts)
