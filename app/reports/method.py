"""What a report says of its own making: who is counted, and the method note, both from records."""

from collections.abc import Iterable

from app.adapters.i18n import language_name
from app.banks.schemas import PublishedForm
from app.core.attrition import Completion
from app.core.reasons import N_
from app.gains.results import FlaggedFigures, Unsaid
from app.gains.service import MethodRecords
from app.reports.document import Fact, Note, Section
from app.reports.facts import fact_of
from app.reports.measures import list_of
from app.reports.schemas import PooledReport
from app.reports.sentence import CAUSE
from app.reports.wording import Wording, typed

_COUNTED = (
    "registered", "pre", "post", "paired", "pre_only", "post_only", "completion_percent",
    "late_percent", "paper_percent", "assisted_percent", "rescued_percent", "unflagged_paired",
    "unflagged_gain_pp",
)  # fmt: skip
FAMILIARITY = N_(
    "The same questions were asked twice, so part of a rise may be familiarity with them."
)
COMPLETION = {
    Completion.FINE: N_("The figures describe those who came."),
    Completion.WITH_CARE: N_("Read with care: many left before the post-test."),
    Completion.NOT_EVERYBODY: N_("The figures do not describe all participants: too many left."),
}


def counted_section(records: MethodRecords | None, wording: Wording) -> Section:
    """Who is counted, and in how many tests something was out of the ordinary."""
    heading = wording.say(N_("Who is counted"))
    facts = (
        tuple(Fact(measure=each, unsaid=Unsaid.WITHHELD.value) for each in _COUNTED)
        if records is None
        else tuple(_counted(records))
    )
    everybody = (wording.say(N_("Everybody together")), facts)
    table = list_of("counted", heading, _COUNTED, everybody, wording)
    notes: tuple[Note, ...] = ()
    if records is not None:
        judged = records.people.judged
        text = wording.say(COMPLETION[judged])
        leavers = wording.say(
            N_(
                "How those who left did is told of single workshops. Of several nothing is "
                "released."
            )
        )
        notes = (
            Note(code="completion", text=text, facts=(("judged", judged.value),)),
            Note(code="leavers", text=leavers),
        )
    return Section(code="counted", heading=heading, notes=notes, tables=(table,))


def _counted(records: MethodRecords) -> Iterable[Fact]:
    people, ways = records.people, records.ways
    for name in ("registered", "pre", "post", "paired", "pre_only", "post_only"):
        yield Fact(measure=name, value=getattr(people, name))
    yield fact_of(
        "completion_percent", people.completion, people.completion_low, people.completion_high
    )
    for name in ("late", "paper", "assisted", "rescued"):
        yield fact_of(f"{name}_percent", getattr(ways, name))
    yield from _without_flagged(records.flagged)


def _without_flagged(flagged: FlaggedFigures) -> Iterable[Fact]:
    told = flagged.without
    if told is None:
        unsaid = (flagged.unsaid or Unsaid.WITHHELD).value
        yield Fact(measure="unflagged_paired", unsaid=unsaid)
        yield Fact(measure="unflagged_gain_pp", unsaid=unsaid)
        return
    yield Fact(measure="unflagged_paired", value=told.paired)
    yield fact_of("unflagged_gain_pp", told.gain_pp, told.gain_pp_low, told.gain_pp_high)


def method_notes(
    report: PooledReport, form: PublishedForm, records: MethodRecords | None, wording: Wording
) -> tuple[Note, ...]:
    """The method note: what the records say first, then what holds for every such report."""
    notes = [] if records is None else list(_from_records(records, wording))
    notes += [
        Note(code="familiarity", text=wording.say(FAMILIARITY)),
        Note(code="comparison", text=wording.say(CAUSE)),
        *review_notes(form, wording),
        Note(
            code="withheld",
            text=wording.say(
                N_("– means: withheld, below %(threshold)s people with both tests."),
                threshold=report.threshold,
            ),
            facts=(("threshold", str(report.threshold)),),
        ),
        Note(code="released", text=wording.say(
            N_("Small workshops are told together, or wait until others come.")
        )),
    ]  # fmt: skip
    if report.has_synthetic:
        text = wording.say(N_("Some of the organisation's workshops are synthetic."))
        notes.append(Note(code="synthetic", text=text))
    return tuple(notes)


def _from_records(records: MethodRecords, wording: Wording) -> Iterable[Note]:
    count = records.workshops
    yield _note(
        wording, "same_items", N_(
            "Both tests asked the same questions in %(same)s of %(count)s workshops."
        ), same=records.same_items, count=count,
    )  # fmt: skip
    if records.days_least is not None and records.days_most is not None:
        least, most = records.days_least, records.days_most
        words = (
            N_("Days between the two tests: %(least)s.")
            if least == most
            else N_("Days between the two tests: from %(least)s to %(most)s.")
        )
        yield _note(wording, "days_between", words, least=least, most=most)
    yield _note(
        wording, "taught_first", N_(
            "Before the post-test the list of what to teach first was opened in %(seen)s of "
            "%(count)s workshops, and a question of the test was on the wall in %(shown)s."
        ), seen=records.topics_seen, shown=records.items_shown, count=count,
    )  # fmt: skip
    unsaid = records.flagged.unsaid
    if unsaid is Unsaid.WITHHELD:
        text = wording.say(N_("Too few on one side to tell the gain without them."))
        lead = wording.say(N_("Late, on paper, helped, brought by hand"))
        yield Note(code="flagged_withheld", text=f"{lead}: {text}")
    elif unsaid is Unsaid.NO_FLAGGED:
        text = wording.say(N_("No test of a pair was late, on paper, helped or brought by hand."))
        yield Note(code="no_flagged", text=text)


def review_notes(form: PublishedForm, wording: Wording) -> Iterable[Note]:
    """Who has reviewed the questions, and who has not."""
    if form.is_reviewed():
        text = wording.say(N_("The questions are reviewed by a lawyer and by native readers."))
        yield Note(code="review", text=text, facts=(("law", "yes"), ("missing", "")))
        return
    if not form.is_law_reviewed:
        text = wording.say(N_("The questions are not yet reviewed by a lawyer."))
        yield Note(code="law_review", text=text, facts=(("law", "no"),))
    missing = [each for each in form.languages if each not in form.reviewed_languages]
    if missing:
        names = wording.say(N_(", ")).join(typed(language_name(each)) for each in missing)
        text = wording.say(
            N_("Not yet reviewed by a native reader: %(languages)s."), languages=names
        )
        yield Note(code="language_review", text=text, facts=(("missing", " ".join(missing)),))


def _note(wording: Wording, code: str, message: str, **facts: int) -> Note:
    told = tuple((name, str(value)) for name, value in facts.items())
    return Note(code=code, text=wording.say(message, **facts), facts=told)
