"""What an address may ask of several workshops together, and in which words it is answered."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query

from app.accounts.schemas import StaffPerson
from app.adapters.db import Work
from app.core.errors import NotFound, ValueRefused
from app.core.text import to_latin_digits
from app.gains.service import Audience
from app.reports import service as reports
from app.reports.as_csv import as_csv, dictionary_as_csv, table_as_csv
from app.reports.as_json import as_json
from app.reports.as_pdf import as_pdf
from app.reports.as_svg import chart_as_svg, find_chart, source_of
from app.reports.as_xlsx import as_xlsx
from app.reports.as_zip import as_zip
from app.reports.document import ReportDocument
from app.reports.schemas import Terms, Wanted
from app.reports.service import draw_kept
from app.reports.wording import Wording
from app.web.files import CSV_TYPE, XLSX_TYPE, DrawnResponse, described
from app.web.findings import UNSAID_WORDS, VALUE_WORDS, WORDS
from app.web.house import House
from app.web.places import provinces_of
from app.workshops.schemas import WorkshopRecord

_NAMES = {**VALUE_WORDS, **WORDS["crimes"], **WORDS["flags"]}
_Word = Annotated[str, Query(max_length=80)]


class ReportFile(StrEnum):
    """The files of a report."""

    CSV = "report.csv"
    DICTIONARY = "dictionary.csv"
    JSON = "report.json"
    XLSX = "report.xlsx"
    PDF = "report.pdf"
    ZIP = "report.zip"


class ChartFile(StrEnum):
    """The files of one drawing."""

    SVG = "svg"
    CSV = "csv"


_DRAWN: dict[ChartFile, tuple[str, Callable[[ReportDocument, str], bytes]]] = {
    ChartFile.SVG: ("image/svg+xml", chart_as_svg),
    ChartFile.CSV: (
        CSV_TYPE,
        lambda document, code: table_as_csv(document, code, source_of(document)),
    ),
}
_MADE: dict[ReportFile, tuple[str, Callable[[ReportDocument], bytes]]] = {
    ReportFile.CSV: (CSV_TYPE, as_csv),
    ReportFile.DICTIONARY: (CSV_TYPE, dictionary_as_csv),
    ReportFile.JSON: ("application/json", as_json),
    ReportFile.XLSX: (XLSX_TYPE, as_xlsx),
    ReportFile.PDF: ("application/pdf", as_pdf),
    ReportFile.ZIP: ("application/zip", as_zip),
}
REPORT_FILES = described(*(media_type for media_type, _ in _MADE.values()))
CHART_FILES = described(*(media_type for media_type, _ in _DRAWN.values()))
"""What the API's description says of such an answer."""


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


def wording_of(house: House, language: str) -> Wording:
    """The words of a report in one language; raises ValueRefused for one that is not complete."""
    if language not in house.catalogues.languages:
        raise ValueRefused(field="language", reason="not_in_list")
    return Wording(language, house.catalogues, _NAMES, UNSAID_WORDS)


def terms_of(house: House) -> Terms:
    """What this house asks of every report."""
    return Terms(threshold=house.settings.outside_threshold, provinces=province_codes)


def province_codes(country: str) -> list[str]:
    """The codes of a country's provinces; none where we keep no list."""
    return [code for code, _ in provinces_of(country)]


def all_wordings(house: House) -> list[Wording]:
    """The words of a report in every full language."""
    return [wording_of(house, each) for each in house.catalogues.languages]


def room_document(
    work: Work, house: House, workshop: WorkshopRecord, audience: Audience, language: str
) -> ReportDocument:
    """One workshop's report as this audience may see it."""
    return reports.build_workshop_report(
        work,
        workshop,
        audience,
        wording_of(house, language),
        threshold=house.settings.outside_threshold,
        late=house.late,
    )


def export_room(
    work: Work,
    house: House,
    workshop: WorkshopRecord,
    audience: Audience,
    language: str,
    *,
    by: StaffPerson,
) -> ReportDocument:
    """The same as it is downloaded; the audit log has it."""
    return reports.export_workshop_report(
        work,
        workshop,
        audience,
        wording_of(house, language),
        threshold=house.settings.outside_threshold,
        late=house.late,
        by=by,
    )


def send_file(document: ReportDocument, file: ReportFile) -> DrawnResponse:
    """One file of a report, made after the transaction; its name has the report's id."""
    media_type, make = _MADE[file]
    return DrawnResponse(
        lambda: make(document), media_type=media_type, file_name=_name(document, file)
    )


def send_own(document: ReportDocument, ending: str) -> DrawnResponse:
    """One file of a report that is stored nowhere."""
    file = ReportFile(f"report{ending}")
    media_type, make = _MADE[file]
    name = f"tafawut-from-a-file-{document.id}-{document.language}{ending}"
    return DrawnResponse(lambda: make(document), media_type=media_type, file_name=name)


def send_kept(
    house: House, document: ReportDocument, kept_id: str, file: ReportFile
) -> DrawnResponse:
    """One file of a kept report: drawn and stored the first time, then always the same bytes."""
    media_type, make = _MADE[file]

    def draw() -> bytes:
        return draw_kept(lambda writes: house.unit(writes=writes), document, kept_id, file, make)

    return DrawnResponse(draw, media_type=media_type, file_name=_name(document, file))


def report_files() -> dict[str, Callable[[ReportDocument], bytes]]:
    """The end of each file's name, and what makes it."""
    return {
        "-dictionary.csv" if file is ReportFile.DICTIONARY else Path(file.value).suffix: make
        for file, (_, make) in _MADE.items()
    }


def send_chart(document: ReportDocument, chart: str, kind: ChartFile) -> DrawnResponse:
    """One drawing of a report, as a picture or as its numbers; raises NotFound."""
    media_type, make = _DRAWN[kind]
    code = _find(document, chart, kind)
    return DrawnResponse(
        lambda: make(document, code),
        media_type=media_type,
        file_name=_name_chart(document, code, kind),
    )


def send_kept_chart(
    house: House, document: ReportDocument, kept_id: str, chart: str, kind: ChartFile
) -> DrawnResponse:
    """The same of a kept report: always the same bytes."""
    media_type, make = _DRAWN[kind]
    code = _find(document, chart, kind)

    def draw() -> bytes:
        return draw_kept(
            lambda writes: house.unit(writes=writes),
            document,
            kept_id,
            f"chart-{code}.{kind.value}",
            lambda one: make(one, code),
        )

    name = _name_chart(document, code, kind)
    return DrawnResponse(draw, media_type=media_type, file_name=name)


def _find(document: ReportDocument, chart: str, kind: ChartFile) -> str:
    """The code of a drawing; numbers are there also where nothing is drawn. Raises NotFound."""
    if kind is ChartFile.SVG:
        return find_chart(document, chart).code
    table = document.get_table(chart)
    if table is None:
        raise NotFound()
    return table.code


def _name_chart(document: ReportDocument, code: str, kind: ChartFile) -> str:
    return f"tafawut-{document.id}-{code}-{document.language}.{kind.value}"


def _name(document: ReportDocument, file: ReportFile) -> str:
    if file is ReportFile.DICTIONARY:
        return f"tafawut-{file.value}"
    return f"tafawut-{document.id}-{document.language}{Path(file.value).suffix}"
