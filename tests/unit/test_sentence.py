"""The finding as a paragraph: worked by hand, in each complete language, never without means."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.adapters.i18n import Catalogues
from app.core.disclosure import Audience, Shown
from app.gains.schemas import GainSummary
from app.reports.sentence import write_paragraphs
from app.workshops.schemas import WorkshopRecord
from tests.fixtures.house import a_plan

_HIDDEN = dict.fromkeys(GainSummary.__dataclass_fields__)
KARACHI = GainSummary(
    **(_HIDDEN | {
        "workshop_id": "w", "form_id": "f", "audience": Audience.TEAM, "shown": Shown.FULL,
        "is_provisional": False, "registered": 26, "paired": 24, "late_beside": 0,
        "mean_pre_percent": Decimal(45), "mean_post_percent": Decimal(69),
        "gain_pp": Decimal(24), "gain_pp_low": Decimal(15), "gain_pp_high": Decimal(32),
    })  # type: ignore[arg-type]
)  # fmt: skip


def a_record(**wanted: Any) -> WorkshopRecord:
    plan = a_plan(starts_on=date(2020, 2, 11), ends_on=date(2020, 2, 12), **wanted)
    values = dict.fromkeys(WorkshopRecord.__dataclass_fields__)
    return WorkshopRecord(
        **(values | {name: getattr(plan, name) for name in values if hasattr(plan, name)})  # type: ignore[arg-type]
    )


def write(gain: GainSummary, **wanted: Any) -> dict[str, str]:
    paragraphs = write_paragraphs(gain, a_record(**wanted), Catalogues())
    return {each.language: each.text for each in paragraphs}


def plain(text: str) -> str:
    return "".join(each for each in text if each not in "\u2066\u2068\u2069")


def test_a_rise_in_english() -> None:
    assert plain(write(KARACHI)["en"]) == (
        "Karachi, 11–12 February 2020: among 24 people who took both tests, the average share of "
        "right answers rose from 45% to 69%, by +24 percentage points (95% interval +15 to +32). "
        "Registered: 26. Expected: 4 women, 23 men. This is change from before to after among "
        "those who took both tests. Without a comparison group it does not show what the training "
        "caused."
    )


def test_every_complete_language_has_the_same_numbers_each_isolated() -> None:
    found = write(KARACHI)
    assert set(found) == {"en", "ur"}
    for text in found.values():
        assert "\u2066+24\u2069" in text
        assert "\u206645%\u2069" in text
        assert text.count("\u2066") + text.count("\u2068") == text.count("\u2069")
    assert "rose" not in found["ur"]


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(-32, -15, "fell from"), (-3, 9, "no clear change"), (0, 9, "no clear change"),
     (None, None, "a change of")],
)  # fmt: skip
def test_what_the_interval_does_not_show_is_not_said(
    low: int | None, high: int | None, says: str
) -> None:
    values = {"gain_pp_low": low, "gain_pp_high": high}
    figures = {key: None if value is None else Decimal(value) for key, value in values.items()}
    text = plain(write(replace(KARACHI, **figures))["en"])
    assert says in text
    assert "None" not in text
    assert ("no interval" in text) == (low is None)


def test_a_loss_is_written_with_a_true_minus_and_provisional_is_said() -> None:
    lost = replace(KARACHI, gain_pp=Decimal(-4), is_provisional=True)
    text = write(lost, place="50% Hall")["en"]
    assert "\u2066−4\u2069" in text
    assert "50% Hall" in text
    assert text.endswith("Provisional: late answers may still arrive.")


@pytest.mark.parametrize("shown", [Shown.NONE_YET, Shown.NOTHING, Shown.COUNTS, Shown.WITHHELD])
def test_without_means_there_is_no_sentence(shown: Shown) -> None:
    assert write(replace(KARACHI, shown=shown)) == {}
