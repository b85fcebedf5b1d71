"""What an address may ask of several workshops together; page and API read the same words."""

from typing import Annotated

from fastapi import Depends, Query

from app.core.text import to_latin_digits
from app.reports.schemas import Wanted
from app.web.places import provinces_of

_Word = Annotated[str, Query(max_length=80)]


def read_wanted(
    form: _Word = "",
    country: _Word = "",
    province: _Word = "",
    period: Annotated[str, Query(max_length=80, examples=["2026", "2026-3"])] = "",
    programme: _Word = "",
    by: Annotated[str, Query(max_length=80, examples=["sex"])] = "",
) -> Wanted:
    """The choice as typed; what is empty is all, or what most workshops have."""
    return Wanted(
        form=form,
        country=country.upper(),
        province=province.upper(),
        period=to_latin_digits(period),
        programme=programme,
        by=by,
    )


PooledChoice = Annotated[Wanted, Depends(read_wanted)]


def province_codes(country: str) -> list[str]:
    """The codes of a country's provinces; none where we keep no list."""
    return [code for code, _ in provinces_of(country)]
