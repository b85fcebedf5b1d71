"""What a report's files call things, in its language: they have no words of their own."""

from datetime import datetime

from app.core.reasons import N_
from app.core.text import isolate_ltr
from app.reports.document import Unit
from app.reports.wording import Wording, typed

_LABELS = {
    "report": N_("Report"),
    "organisation": N_("Organisation"),
    "as_of": N_("As of"),
    "id": N_("Report number"),
    "method": N_("How this was measured"),
    "measure": N_("Measure"),
    "value": N_("Value"),
    "low": N_("Lower end"),
    "high": N_("Upper end"),
    "unit": N_("Unit"),
    "reason": N_("Why there is no number"),
    "annex": N_("Technical annex"),
    "chart": N_("Average share of right answers, of those who took both tests."),
    "more": N_("More rows are in the spreadsheet of this report."),
    "agree": N_("Agree"),
    "source": N_("Source"),
    "dash": N_("What a dash means"),
}
_UNITS = {
    Unit.PEOPLE: N_("people"),
    Unit.ANSWERS: N_("answers"),
    Unit.WORKSHOPS: N_("workshops"),
    Unit.FORMS: N_("tests"),
    Unit.PERCENT: N_("percent"),
    Unit.PP: N_("percentage points"),
    Unit.PP_SPREAD: N_("percentage points"),
    Unit.POINTS: N_("points"),
    Unit.POINTS_MOVED: N_("points"),
    Unit.PLAIN: N_("number"),
    Unit.P: N_("probability"),
    Unit.SCORE_UNITS: N_("2520ths of a point"),
}


def labels_of(moment: datetime, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Name and words of each, of units too; `moment` is told as a day and an hour, UTC."""
    day, time = wording.name_moment(moment)
    known = [(name, wording.say(message)) for name, message in _LABELS.items()]
    units = [(f"unit: {unit.value}", wording.say(message)) for unit, message in _UNITS.items()]
    return (*known, *units, ("moment", f"{typed(day)}, {isolate_ltr(f'{time} UTC')}"))
