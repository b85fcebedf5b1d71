"""What the report of one workshop says of its own making: who is counted, how it was measured."""

from collections.abc import Iterable

from app.core.disclosure import Audience, may_show_means
from app.core.reasons import N_
from app.gains.results import AttritionFigures, FlaggedFigures, Unsaid
from app.gains.service import Conduct
from app.reports.document import Fact, Note, Section
from app.reports.facts import fact_of
from app.reports.measures import list_of
from app.reports.method import COMPLETION, FAMILIARITY, review_notes
from app.reports.schemas import RoomReport
from app.reports.sentence import CAUSE, PROVISIONAL
from app.reports.wording import Wording, typed

_PEOPLE = ("registered", "pre", "post", "paired")


def counted_in_room(report: RoomReport, wording: Wording) -> Section:
    """Who is counted; beside it who left, and the gain without tests out of the ordinary."""
    heading, gain = wording.say(N_("Who is counted")), report.gain
    facts = [
        Fact(measure=each, value=getattr(gain, each))
        if getattr(gain, each) is not None
        else Fact(measure=each, unsaid=gain.reason.value if gain.reason else Unsaid.WITHHELD.value)
        for each in _PEOPLE
    ]
    if may_show_means(gain.shown):
        facts += _lost(report)
    row = (wording.say(N_("Everybody together")), facts)
    measures = [each.measure for each in facts]
    return Section(
        code="counted",
        heading=heading,
        notes=tuple(_people_notes(report, wording)),
        tables=(list_of("counted", heading, measures, row, wording),),
    )


def _lost(report: RoomReport) -> Iterable[Fact]:
    who, flagged = report.results.attrition, report.results.flagged
    low, high = who.completion_low, who.completion_high
    yield fact_of("completion_percent", who.completion_percent, low, high)
    if who.adjusted_gain_pp.value is not None and who.differs_from_gain is not None:
        yield fact_of("adjusted_gain_pp", who.adjusted_gain_pp, who.adjusted_low, who.adjusted_high)
    yield from _flagged(flagged)
    yield Fact(measure="late_beside", value=report.gain.late_beside)


def _flagged(flagged: FlaggedFigures) -> Iterable[Fact]:
    if flagged.flagged_pairs is None:
        yield Fact(measure="flagged_pairs", unsaid=(flagged.unsaid or Unsaid.WITHHELD).value)
    else:
        yield Fact(measure="flagged_pairs", value=flagged.flagged_pairs)
    known = flagged.without
    if known is not None:
        yield fact_of("unflagged_gain_pp", known.gain_pp, known.gain_pp_low, known.gain_pp_high)


def _people_notes(report: RoomReport, wording: Wording) -> Iterable[Note]:
    women, men = report.workshop.women_count, report.workshop.men_count
    text = wording.say(
        N_("Women expected: %(women)s. Men expected: %(men)s."), women=women, men=men
    )
    yield Note(code="expected", text=text, facts=(("women", str(women)), ("men", str(men))))
    who = report.results.attrition
    if who.judged and who.completion_percent.value is not None:
        text = wording.say(COMPLETION[who.judged])
        yield Note(code="completion", text=text, facts=(("judged", who.judged.value),))
    yield from _leavers(who, wording)
    if who.adjusted_gain_pp.value is not None and who.differs_from_gain:
        text = wording.say(N_("This differs clearly from the gain of those who stayed."))
        lead = wording.say(N_("Gain with those who left"))
        yield Note(code="adjusted", text=f"{lead}: {text}")


def _leavers(who: AttritionFigures, wording: Wording) -> Iterable[Note]:
    start = who.leavers_start_pp.value
    if start is None:
        return
    text = wording.say(N_("they began much like the others."))
    if who.leavers_differ:
        words = (
            N_("they began lower, by %(points)s percentage points.")
            if start > 0
            else N_("they began higher, by %(points)s percentage points.")
        )
        text = wording.say(words, points=abs(start))
    lead = wording.say(N_("Those who took only the pre-test"))
    facts = (("leavers_start_pp", str(start)),) if who.leavers_differ else ()
    yield Note(code="leavers", text=f"{lead}: {text}", facts=facts)


def method_of_room(report: RoomReport, wording: Wording) -> Iterable[Note]:
    """For whom it is, what the records say, and what holds for every such report."""
    yield _for_whom(report, wording)
    if report.conduct is not None:
        yield from _from_records(report.conduct, wording)
        yield Note(code="familiarity", text=wording.say(FAMILIARITY))
    yield from _flagged_notes(report, wording)
    yield Note(code="comparison", text=wording.say(CAUSE))
    if report.gain.is_provisional:
        yield Note(code="provisional", text=wording.say(PROVISIONAL))
    yield _form(report, wording)
    yield from review_notes(report.form, wording)
    if report.gain.audience is Audience.OUTSIDE:
        text = wording.say(
            N_("– means: withheld, below %(threshold)s people with both tests."),
            threshold=report.threshold,
        )
        yield Note(code="withheld", text=text, facts=(("threshold", str(report.threshold)),))
    if report.workshop.is_synthetic:
        text = wording.say(N_("The people of this workshop are made up."))
        yield Note(code="synthetic", text=text)


def _for_whom(report: RoomReport, wording: Wording) -> Note:
    """Two workshops with the same numbers are two reports; so are two audiences of one."""
    is_team = report.gain.audience is Audience.TEAM
    text = wording.say(
        N_("For the workshop's own team: it tells more than others may see. Do not pass it on.")
        if is_team
        else N_("As readers outside the workshop's team may see it.")
    )
    facts = (("workshop", report.workshop.id), ("audience", report.gain.audience.value))
    return Note(code="audience", text=text, facts=facts)


def _from_records(told: Conduct, wording: Wording) -> Iterable[Note]:
    text = wording.say(
        N_("Both tests asked the same questions.")
        if told.has_same_items
        else N_("The two tests did not ask the same questions.")
    )
    yield Note(code="same_items", text=text, facts=(("same", str(told.has_same_items)),))
    if told.days_between is not None:
        text = wording.say(N_("Days between the two tests: %(least)s."), least=told.days_between)
        yield Note(code="days_between", text=text, facts=(("days", str(told.days_between)),))
    text = wording.say(
        N_("The list of what to teach first was opened before the post-test closed.")
        if told.is_list_seen
        else N_("The list of what to teach first was not opened before the post-test closed.")
    )
    yield Note(code="list_seen", text=text, facts=(("seen", str(told.is_list_seen)),))
    numbers = ", ".join(told.shown_items)
    text = wording.say(N_("No question was on the wall before the post-test closed."))
    if numbers:
        message = N_("Questions on the wall before the post-test closed: %(numbers)s.")
        after = wording.say(N_("Who has talked about a question answers it better afterwards."))
        text = f"{wording.say(message, numbers=typed(numbers))} {after}"
    yield Note(code="shown_items", text=text, facts=(("items", numbers),))


def _flagged_notes(report: RoomReport, wording: Wording) -> Iterable[Note]:
    """In words what the door says of late, paper, helped and hand-carried tests."""
    flagged = report.results.flagged
    if not may_show_means(report.gain.shown):
        return
    if flagged.unsaid is Unsaid.NO_FLAGGED or flagged.flagged_pairs == 0:
        text = wording.say(N_("No test of a pair was late, on paper, helped or brought by hand."))
        yield Note(code="no_flagged", text=text)
    elif flagged.without is None:
        text = wording.say(N_("Too few on one side to tell the gain without them."))
        lead = wording.say(N_("Late, on paper, helped, brought by hand"))
        yield Note(code="flagged_withheld", text=f"{lead}: {text}")


def _form(report: RoomReport, wording: Wording) -> Note:
    form = report.form
    version = wording.say(N_("version %(version)s"), version=form.version)
    short = form.content_hash[:8]
    text = f"{wording.pick(form.title)} · {version} · {typed(short)}"
    return Note(code="form", text=text, facts=(("hash", form.content_hash),))
