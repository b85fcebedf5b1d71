"""The part of a workshop's report that is about its questions: kept and lost, beliefs, crimes."""

from collections.abc import Iterable, Sequence

from app.core.disclosure import Audience
from app.core.reasons import N_
from app.gains.results import BeliefRow, ItemRow
from app.reports.document import Fact, Note, Part, Row, Section, Table
from app.reports.facts import fact_of, told
from app.reports.measures import grid_of
from app.reports.schemas import RoomReport
from app.reports.wording import Wording, percent, typed

_CHANGES = ("retained", "learned", "lost", "not_learned")
_SHARES = ("right_before_percent", "right_after_percent", "change_pp")
_ITEM_ANNEX = ("do_not_know_before_percent", "do_not_know_after_percent", "guessing_percent",
               "rest_r")  # fmt: skip
_BELIEF = {
    Audience.TEAM: ("asked", "believed_before", "believed_after"),
    Audience.OUTSIDE: ("believed_before_percent", "believed_after_percent"),
}


def questions_section(report: RoomReport, wording: Wording) -> Section:
    """Each question among those who took both tests; for the team with counts of people."""
    heading = wording.say(N_("By question"))
    is_team = report.results.audience is Audience.TEAM
    measures = (*(_CHANGES if is_team else ()), *_SHARES)
    rows = [_item_row(report, each, measures, wording) for each in report.results.items]
    captions = (heading, wording.say(N_("Question")))
    return Section(
        code="by_question",
        heading=heading,
        notes=(*_flag_notes(report, wording), *_languages(report, wording)),
        tables=(grid_of("questions", captions, measures, rows, wording),),
        part=Part.BODY,
    )


def _item_row(report: RoomReport, row: ItemRow, measures: Sequence[str], wording: Wording) -> Row:
    facts = {
        "right_before_percent": fact_of("right_before_percent", row.right_before),
        "right_after_percent": fact_of("right_after_percent", row.right_after),
        "change_pp": fact_of("change_pp", row.change, row.change_low, row.change_high),
        "do_not_know_before_percent": fact_of("do_not_know_before_percent", row.do_not_know_before),
        "do_not_know_after_percent": fact_of("do_not_know_after_percent", row.do_not_know_after),
        "guessing_percent": fact_of("guessing_percent", row.guessing_percent),
        "rest_r": fact_of("rest_r", row.rest_r),
    } | {each: told(each, getattr(row, each), row.unsaid) for each in _CHANGES}
    name = _question_name(report, row.item, wording)
    return Row(code=row.item, name=name, facts=tuple(facts[each] for each in measures))


def _question_name(report: RoomReport, item: str, wording: Wording) -> str:
    known = report.form.get_item(item)
    return f"{item}. {wording.pick(known.stem) if known else ''}"


def _flag_notes(report: RoomReport, wording: Wording) -> Iterable[Note]:
    """What stands out, with the numbers of the questions; first signs below a hundred people."""
    found: dict[str, list[str]] = {}
    for row in report.results.items:
        for flag in row.flags:
            if flag.value in wording.value_names:
                found.setdefault(flag.value, []).append(row.item)
    for flagged, items in found.items():
        numbers = ", ".join(items)
        where = wording.say(N_("Questions: %(numbers)s"), numbers=typed(numbers))
        text = f"{where}. {wording.name_value(flagged)}"
        yield Note(code=flagged, text=text, facts=(("items", numbers),))
    if found:
        text = wording.say(N_("Marks on a question are first signs below 100 people."))
        yield Note(code="first_signs", text=text)


def _languages(report: RoomReport, wording: Wording) -> Iterable[Note]:
    """Questions that may be hard in one language only, with the share right after in each."""
    for row in report.results.languages.rows:
        if row.is_suspect:
            lead = wording.say(N_("Hard in one language only?"))
            shares = wording.say(N_(", ")).join(
                f"{typed(wording.name_language(code))} {percent(figure.value)}"
                for code, figure in row.right_after.items()
            )
            name = _question_name(report, row.item, wording)
            facts = tuple((code, str(each.value)) for code, each in row.right_after.items())
            yield Note(code="language", text=f"{lead} {name} {shares}", facts=facts)


def beliefs_section(report: RoomReport, known: Sequence[BeliefRow], wording: Wording) -> Section:
    """How often each false belief was chosen, the most common before first.

    Of those that nobody chose the team has the number; outside shares are limits, so all stand.
    """
    heading = wording.say(N_("Mistaken beliefs"))
    measures = _BELIEF[report.results.audience]
    held = [each for each in known if each.before != 0 or each.after != 0]
    rows = [
        Row(
            code=each.misconception,
            name=wording.pick(each.belief),
            facts=tuple(_belief_fact(each, name) for name in measures),
        )
        for each in held
    ]
    captions = (heading, wording.say(N_("Belief")))
    table = grid_of("beliefs", captions, measures, rows, wording)
    return Section(
        code="beliefs", heading=heading, tables=(table,) if rows else (),
        notes=tuple(_belief_notes(len(held), len(known) - len(held), wording)), part=Part.BODY,
    )  # fmt: skip


def _belief_notes(held: int, unheld: int, wording: Wording) -> Iterable[Note]:
    if not held:
        text = wording.say(
            N_("Nobody chose an answer with a mistaken belief behind it, before or after.")
        )
        yield Note(code="no_belief", text=text)
        return
    text = wording.say(
        N_("Where several questions offer a belief, answers are counted, not people.")
    )
    yield Note(code="answers", text=text)
    if unheld:
        text = wording.say(N_("Beliefs that nobody chose: %(count)s."), count=unheld)
        yield Note(code="unheld", text=text, facts=(("count", str(unheld)),))


def _belief_fact(row: BeliefRow, measure: str) -> Fact:
    shares = {
        "believed_before_percent": row.before_percent,
        "believed_after_percent": row.after_percent,
    }
    if measure in shares:
        return fact_of(measure, shares[measure])
    counts = {"asked": row.asked, "believed_before": row.before, "believed_after": row.after}
    return told(measure, counts[measure], None)


def crimes_section(report: RoomReport, wording: Wording) -> Section:
    """What the cases are against what people said, before and after."""
    heading, matrix = wording.say(N_("Which crime is it?")), report.results.crimes
    numbers = ", ".join(matrix.items)
    text = wording.say(
        N_("Rows: what the case is. Columns: what people said. Questions: %(numbers)s"),
        numbers=typed(numbers),
    )
    note = Note(code="crimes", text=text, facts=(("items", numbers),))
    tables = (
        _matrix("crimes_before", wording.say(N_("Before")), matrix.before, wording),
        _matrix("crimes_after", wording.say(N_("After")), matrix.after, wording),
    )
    return Section(code="crimes", heading=heading, notes=(note,), tables=tables, part=Part.BODY)


def _matrix(code: str, caption: str, counts: dict[str, dict[str, int]], wording: Wording) -> Table:
    said = next(iter(counts.values()), {})
    rows = [
        Row(
            code=right,
            name=wording.name_value(right),
            facts=tuple(Fact(measure=f"said_{each}", value=row[each]) for each in said),
        )
        for right, row in counts.items()
    ]
    captions = (caption, wording.say(N_("The case")))
    return grid_of(code, captions, [f"said_{each}" for each in said], rows, wording)


def annex_table(report: RoomReport, wording: Wording) -> Table:
    """Of each question: who did not know, what guessing gives, how well it separates."""
    rows = [_item_row(report, each, _ITEM_ANNEX, wording) for each in report.results.items]
    captions = (wording.say(N_("By question")), wording.say(N_("Question")))
    return grid_of("questions_annex", captions, _ITEM_ANNEX, rows, wording)
