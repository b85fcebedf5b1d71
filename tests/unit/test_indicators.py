"""Indicators, the pure part: how a period is written, what a header says, which rows follow."""

import base64

import pytest

from app.reports.indicators import write_period
from app.web.programs import read_secret


@pytest.mark.parametrize(
    ("year", "quarter", "written"),
    [(2026, 3, "2026Q3"), (2026, None, "2026"), (None, None, "all")],
)
def test_a_period_is_written_as_no_spreadsheet_takes_for_a_date(
    year: int | None, quarter: int | None, written: str
) -> None:
    assert write_period(year, quarter) == written


def basic(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        ("Bearer tafawut_abc", "tafawut_abc"),
        ("bearer   tafawut_abc ", "tafawut_abc"),
        (f"Basic {basic('anything:tafawut_abc')}", "tafawut_abc"),
        (f"BASIC {basic(':tafawut_abc')}", "tafawut_abc"),
        (f"Basic {basic('a:b:c')}", "b:c"),  # a name has no colon, a password may
        (f"Basic {basic('tafawut_abc')}", ""),  # a name alone is no password
        (f"Basic {basic('tafawut_abc:')}", ""),
        ("Basic not-base64!", ""),
        ("Basic //79", ""),  # no UTF-8
        ("Digest tafawut_abc", ""),
        ("tafawut_abc", ""),
        ("Bearer تفاوت", ""),
        ("Bearer " + "a" * 600, ""),
        ("", ""),
    ],
)
def test_a_token_is_read_as_bearer_or_as_the_password(header: str, secret: str) -> None:
    assert read_secret(header) == secret
