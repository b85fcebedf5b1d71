"""Several workshops together, as evaluators may see them: what can be chosen, and what is told.

One choice each of test, country, province, period and programme, and one breakdown; nothing else
can be asked. What is offered comes from the workshops the evaluator sees anyway.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.banks import service as banks
from app.banks.schemas import PublishedForm
from app.core.errors import ValueRefused
from app.gains import service as gains
from app.gains.service import Breakdown, Choice
from app.gains.tables_told import TableRow
from app.participants.schemas import AgencyType, Sex
from app.reports.schemas import Offered, PooledReport, Wanted
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopRecord

NO_PROGRAMME = "none"
NOT_SAID = "not_said"

ProvincesOf = Callable[[str], Sequence[str]]
"""A country's provinces; none where no list is kept."""


@dataclass(frozen=True)
class _Chosen:
    form: PublishedForm
    choice: Choice
    offered: Offered


def build_pooled(
    work: Work, evaluator: StaffPerson, wanted: Wanted, *, threshold: int, provinces: ProvincesOf
) -> PooledReport:
    """The fixed tables of one choice; raises ValueRefused for what is not offered."""
    organisation_id = evaluator.organisation_id
    seen = workshops.find_workshops(work, organisation_id)
    report = PooledReport(
        organisation_name=accounts.organisation_name(work, organisation_id),
        as_of=work.now,
        threshold=threshold,
    )
    if not seen:
        return report
    chosen = _choose(work, seen, wanted)
    table = gains.read_table(
        work,
        organisation_id,
        chosen.form.id,
        chosen.choice,
        values=_values(chosen.choice, provinces),
    )
    titles = {each.id: each.title for each in seen}
    return replace(
        report,
        form=chosen.form,
        choice=chosen.choice,
        offered=chosen.offered,
        titles=titles,
        has_synthetic=any(each.is_synthetic for each in seen),
        table=replace(table, rows=_in_order(table.rows, list(titles))),
        items=gains.read_items(work, organisation_id, chosen.form.id, chosen.choice),
        effect=gains.read_effect(work, organisation_id, chosen.choice),
    )


def _choose(work: Work, seen: Sequence[WorkshopRecord], wanted: Wanted) -> _Chosen:
    forms = [banks.require_form(work, each) for each in _usual_first(w.form_id for w in seen)]
    countries = _usual_first(each.country for each in seen)
    country = _pick("country", wanted.country, countries) or countries[0]
    form_id = _pick("form", wanted.form, [each.id for each in forms]) or forms[0].id
    offered = _offer(forms, countries, [each for each in seen if each.country == country])
    period = _pick("period", wanted.period, offered.periods)
    year, _, quarter = period.partition("-")
    province = _pick("province", wanted.province, offered.provinces)
    breakdown = Breakdown(_pick("by", wanted.by, list(Breakdown)))
    if province and breakdown is Breakdown.PROVINCE:
        raise ValueRefused(field="by", reason="one_province")
    choice = Choice(
        country=country,
        province=province or None,
        year=int(year) if year else None,
        quarter=int(quarter) if quarter else None,
        programme_id=_pick("programme", wanted.programme, list(offered.programmes)) or None,
        breakdown=breakdown,
    )
    return _Chosen(next(each for each in forms if each.id == form_id), choice, offered)


def _offer(
    forms: Sequence[PublishedForm], countries: Sequence[str], there: Sequence[WorkshopRecord]
) -> Offered:
    ends = {(each.ends_on.year, (each.ends_on.month + 2) // 3) for each in there}
    periods = {f"{year}" for year, _ in ends} | {f"{year}-{quarter}" for year, quarter in ends}
    programmes = {each.programme_id or NO_PROGRAMME: each.programme_name for each in there}
    return Offered(
        forms=tuple(forms),
        countries=tuple(countries),
        provinces=tuple(sorted({each.province for each in there})),
        periods=tuple(sorted(periods, reverse=True)),
        programmes=programmes,
    )


def _usual_first(values: Iterable[str]) -> list[str]:
    """Each once, what most workshops have before the others."""
    counts = Counter(values)
    return sorted(counts, key=lambda each: (-counts[each], each))


def _in_order(rows: Sequence[TableRow], ids: Sequence[str]) -> tuple[TableRow, ...]:
    """Workshops as they were held; other rows as they come."""
    places = {value: place for place, value in enumerate(ids)}
    return tuple(sorted(rows, key=lambda row: places.get(row.value, len(ids))))


def _pick(field: str, wanted: str, offered: Sequence[str]) -> str:
    """What was asked for, or nothing; raises ValueRefused when it is not offered."""
    if wanted and wanted not in offered:
        raise ValueRefused(field=field, reason="not_in_list")
    return wanted


def _values(choice: Choice, provinces: ProvincesOf) -> list[str]:
    """The rows a table has in any case, whether somebody is in the group or not."""
    known: dict[Breakdown, Sequence[str]] = {
        Breakdown.SEX: list(Sex),
        Breakdown.AGENCY_TYPE: list(AgencyType),
        Breakdown.PROVINCE: provinces(choice.country),
    }
    groups = known.get(choice.breakdown)
    return [] if groups is None else [*map(str, groups), NOT_SAID]
