"""What a workshop's gain says, as one paragraph to paste elsewhere, in each complete language."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from app.adapters import i18n
from app.core.disclosure import may_show_means
from app.core.reasons import N_
from app.gains.schemas import Direction, GainSummary
from app.workshops.schemas import WorkshopRecord

MOVED = {
    Direction.ROSE: N_(
        "%(place)s, %(days)s: among %(people)s people who took both tests, the average share of "
        "right answers rose from %(before)s to %(after)s, by %(gain)s percentage points"
    ),
    Direction.FELL: N_(
        "%(place)s, %(days)s: among %(people)s people who took both tests, the average share of "
        "right answers fell from %(before)s to %(after)s, by %(gain)s percentage points"
    ),
    Direction.UNCLEAR: N_(
        "%(place)s, %(days)s: among %(people)s people who took both tests, the average share of "
        "right answers was %(before)s before and %(after)s after, no clear change: %(gain)s "
        "percentage points"
    ),
    Direction.MOVED: N_(
        "%(place)s, %(days)s: among %(people)s people who took both tests, the average share of "
        "right answers was %(before)s before and %(after)s after, a change of %(gain)s percentage "
        "points"
    ),
}
INTERVAL = N_(" (95%% interval %(low)s to %(high)s).")
NO_INTERVAL = N_(" (no interval).")
_WHO = N_("Registered: %(registered)s. Expected: %(women)s women, %(men)s men.")
CAUSE = N_(
    "This is change from before to after among those who took both tests. Without a comparison "
    "group it does not show what the training caused."
)
PROVISIONAL = N_("Provisional: late answers may still arrive.")


@dataclass(frozen=True)
class Paragraph:
    """The finding in one language; plain text, every number isolated from left to right."""

    language: str
    text: str


def write_paragraphs(
    gain: GainSummary, workshop: WorkshopRecord, catalogues: i18n.Catalogues
) -> tuple[Paragraph, ...]:
    """One for each complete language; none where the audience may not see the means."""
    if not may_show_means(gain.shown):
        return ()
    return tuple(
        Paragraph(each, _write(gain, workshop, each, partial(catalogues.translate, each)))
        for each in catalogues.languages
    )


def write_paragraph(
    gain: GainSummary, workshop: WorkshopRecord, catalogues: i18n.Catalogues, language: str
) -> str:
    """The same in one language; empty where the audience may not see the means."""
    if not may_show_means(gain.shown):
        return ""
    return _write(gain, workshop, language, partial(catalogues.translate, language))


def _write(
    gain: GainSummary, workshop: WorkshopRecord, language: str, say: Callable[[str], str]
) -> str:
    facts = {
        "place": f"\u2068{workshop.place}\u2069",
        "days": i18n.days_text(workshop.starts_on, workshop.ends_on, language),
        "people": _run(gain.paired),
        "before": _run(f"{gain.mean_pre_percent}%"),
        "after": _run(f"{gain.mean_post_percent}%"),
        "gain": _run(_signed(gain.gain_pp)),
        "low": _run(_signed(gain.gain_pp_low)),
        "high": _run(_signed(gain.gain_pp_high)),
        "registered": _run(gain.registered),
        "women": _run(workshop.women_count),
        "men": _run(workshop.men_count),
    }
    interval = NO_INTERVAL if gain.gain_pp_low is None else INTERVAL
    parts = [say(MOVED[gain.direction]) + say(interval), say(_WHO), say(CAUSE)]
    if gain.is_provisional:
        parts.append(say(PROVISIONAL))
    return " ".join(parts) % facts


def _run(value: object) -> str:
    return f"\u2066{value}\u2069"


def _signed(value: Decimal | None) -> str:
    if value is None:
        return "–"
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{abs(value)}"
