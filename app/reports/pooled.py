"""Several workshops together, as evaluators may see them: what can be chosen, and what is told.

One choice each of test, country, province, period and programme, and one breakdown; nothing else
can be asked. What is offered comes from the workshops the evaluator sees anyway.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.accounts import service as accounts
from app.accounts.schemas import WHOLE, StaffScope
from app.adapters.db import Work
from app.banks import service as banks
from app.banks.schemas import PublishedForm
from app.core.errors import ValueRefused
from app.feedback import service as feedback
from app.gains import service as gains
from app.gains.service import Breakdown, Choice
from app.gains.tables_told import TableRow
from app.participants.schemas import AgencyType, Sex
from app.reports.schemas import Offered, PooledReport, Wanted
from app.reports.wording import ProvincesOf
from app.workshops.schemas import WorkshopRecord

NO_PROGRAMME = "none"
NOT_SAID = "not_said"


@dataclass(frozen=True)
class _Chosen:
    form: PublishedForm
    choice: Choice
    offered: Offered


def build_pooled(
    work: Work,
    organisation_id: str,
    wanted: Wanted,
    *,
    threshold: int,
    provinces: ProvincesOf,
    scope: StaffScope = WHOLE,
) -> PooledReport:
    """The fixed tables of one choice; raises ValueRefused for what is not offered.

    A reader's scope narrows what can be chosen and never what a table holds: it is the same for
    everybody who may choose it.
    """
    known = gains.find_told_workshops(work, organisation_id)
    seen = [each for each in known if each.lies_in(scope)]
    report = PooledReport(
        organisation_name=accounts.organisation_name(work, organisation_id),
        as_of=work.now,
        threshold=threshold,
    )
    if not seen:
        return report
    chosen = _choose(work, seen, wanted, scope)
    own = (work, organisation_id, chosen.form.id, chosen.choice)
    table = gains.read_table(*own, values=values_of(chosen.choice, provinces))
    there = [each.id for each in known if _is_chosen(each, chosen)]
    is_whole = chosen.choice.breakdown is Breakdown.WHOLE
    return replace(
        report,
        form=chosen.form,
        choice=chosen.choice,
        offered=chosen.offered,
        workshops={each.id: each for each in known},
        has_synthetic=any(each.is_synthetic for each in seen),
        table=replace(table, rows=_in_order(table.rows, [each.id for each in known])),
        items=gains.read_items(*own),
        effect=gains.read_effect(work, organisation_id, chosen.choice),
        quarters=gains.read_quarters(*own) if is_whole else (),
        latest=gains.read_latest(*own, there) if is_whole else None,
        topics=gains.read_topics(*own) if is_whole else (),
        opinions=feedback.read_opinions(work, there, least=threshold) if is_whole else None,
    )


def _is_chosen(workshop: WorkshopRecord, chosen: _Chosen) -> bool:
    """Whether a workshop is of the test, the area, the time and the programme chosen."""
    choice, ends_on = chosen.choice, workshop.ends_on
    wanted = (choice.province, choice.programme_id, choice.year, choice.quarter)
    known = (
        workshop.province,
        workshop.programme_id or NO_PROGRAMME,
        ends_on.year,
        (ends_on.month + 2) // 3,
    )
    return (workshop.form_id, workshop.country) == (chosen.form.id, choice.country) and all(
        want is None or want == have for want, have in zip(wanted, known, strict=True)
    )


def find_told(
    work: Work,
    organisation_id: str,
    *,
    year: int | None,
    quarter: int | None,
    scope: StaffScope = WHOLE,
) -> list[tuple[str, PublishedForm]]:
    """Country and test of the workshops that ended in a period; by country, test and version."""
    found = {
        (each.country, each.form_id)
        for each in gains.find_told_workshops(work, organisation_id)
        if year in {None, each.ends_on.year} and quarter in {None, quarter_of(each)}
        if each.lies_in(scope)
    }
    pairs = [(country, banks.require_form(work, form_id)) for country, form_id in found]
    return sorted(pairs, key=lambda pair: (pair[0], pair[1].form_ref, pair[1].version))


def quarter_of(workshop: WorkshopRecord) -> int:
    """The quarter of a workshop's last day, 1 to 4."""
    return (workshop.ends_on.month + 2) // 3


def _choose(
    work: Work, seen: Sequence[WorkshopRecord], wanted: Wanted, scope: StaffScope
) -> _Chosen:
    forms = [banks.require_form(work, each) for each in usual_first(w.form_id for w in seen)]
    countries = usual_first(each.country for each in seen)
    country = pick("country", wanted.country, countries) or countries[0]
    form_id = pick("form", wanted.form, [each.id for each in forms]) or forms[0].id
    offered = offer(forms, countries, [each for each in seen if each.country == country])
    offered = replace(offered, has_all_programmes=not scope.programmes)
    period = pick("period", wanted.period, offered.periods)
    year, _, quarter = period.partition("-")
    province = pick("province", wanted.province, offered.provinces)
    breakdown = Breakdown(pick("by", wanted.by, list(Breakdown)))
    if province and breakdown is Breakdown.PROVINCE:
        raise ValueRefused(field="by", reason="one_province")
    choice = Choice(
        country=country,
        province=province or None,
        year=int(year) if year else None,
        quarter=int(quarter) if quarter else None,
        programme_id=_pick_programme(wanted.programme, offered),
        breakdown=breakdown,
    )
    return _Chosen(next(each for each in forms if each.id == form_id), choice, offered)


def _pick_programme(wanted: str, offered: Offered) -> str | None:
    """None is all of them together; who may not read that gets the first one."""
    chosen = pick("programme", wanted, list(offered.programmes))
    usual = None if offered.has_all_programmes else next(iter(offered.programmes))
    return chosen or usual


def offer(
    forms: Sequence[PublishedForm], countries: Sequence[str], there: Sequence[WorkshopRecord]
) -> Offered:
    """What can be chosen in one country; `there`: its workshops."""
    ends = {(each.ends_on.year, quarter_of(each)) for each in there}
    periods = {f"{year}" for year, _ in ends} | {f"{year}-{quarter}" for year, quarter in ends}
    programmes = {each.programme_id or NO_PROGRAMME: each.programme_name for each in there}
    return Offered(
        forms=tuple(forms),
        countries=tuple(countries),
        provinces=tuple(sorted({each.province for each in there})),
        periods=tuple(sorted(periods, reverse=True)),
        programmes=programmes,
    )


def usual_first(values: Iterable[str]) -> list[str]:
    """Each once, what most workshops have before the others."""
    counts = Counter(values)
    return sorted(counts, key=lambda each: (-counts[each], each))


def _in_order(rows: Sequence[TableRow], ids: Sequence[str]) -> tuple[TableRow, ...]:
    """Workshops as they were held; other rows as they come."""
    places = {value: place for place, value in enumerate(ids)}
    return tuple(sorted(rows, key=lambda row: places.get(row.value, len(ids))))


def pick(field: str, wanted: str, offered: Sequence[str]) -> str:
    """What was asked for, or nothing; raises ValueRefused when it is not offered."""
    if wanted and wanted not in offered:
        raise ValueRefused(field=field, reason="not_in_list")
    return wanted


def values_of(choice: Choice, provinces: ProvincesOf) -> list[str]:
    """The rows a table has in any case, whether somebody is in the group or not."""
    known: dict[Breakdown, Sequence[str]] = {
        Breakdown.SEX: list(Sex),
        Breakdown.AGENCY_TYPE: list(AgencyType),
        Breakdown.PROVINCE: provinces(choice.country),
    }
    groups = known.get(choice.breakdown)
    return [] if groups is None else [*map(str, groups), NOT_SAID]
