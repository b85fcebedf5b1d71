"""`report --period … --out FOLDER`: the pooled reports of an organisation as files in a folder.

Each country and test in which something is told, each breakdown: what the evaluator's page has. All
is read at one moment and written into the audit log before a file is made.
"""

import argparse
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from app.accounts import service as accounts
from app.adapters.db import Work
from app.banks.schemas import PublishedForm
from app.core.errors import ValueRefused
from app.core.languages import FULL_LANGUAGES
from app.core.reasons import REASONS
from app.core.text import to_latin_digits
from app.gains.service import Breakdown
from app.reports import service as reports
from app.reports.document import ReportDocument
from app.reports.schemas import Terms, Wanted
from app.reports.wording import Wording
from app.upkeep.addresses import Stop
from app.upkeep.announcing import say_reports, show_progress

OpenUnit = Callable[[bool], AbstractContextManager[Work]]
"""A transaction of its own; whether it writes."""

_PERIOD = re.compile(r"([12]\d{3})(?:-?q?([1-4]))?")


@dataclass(frozen=True)
class Period:
    """A year, a quarter of it, or all time."""

    year: int | None = None
    quarter: int | None = None

    @property
    def in_address(self) -> str:
        """As `Wanted.period` has it."""
        return "" if self.year is None else f"{self.year}-{self.quarter}".removesuffix("-None")

    def __str__(self) -> str:
        return "all" if self.year is None else self.in_address.replace("-", "-Q")


@dataclass(frozen=True)
class Printer:
    """How reports speak and what is made of each: the ending of a file, and its bytes."""

    wording: Wording
    terms: Terms
    files: Mapping[str, Callable[[ReportDocument], bytes]]


@dataclass(frozen=True)
class Found:
    """The reports that are told, by the names of their files; and sentences about the others."""

    documents: Mapping[str, ReportDocument]
    left_out: tuple[str, ...]


def add_options(report: argparse.ArgumentParser) -> None:
    """Add what the command can be told."""
    report.add_argument("--period", required=True, help="2026, 2026-Q3 or all")
    report.add_argument("--out", required=True, type=Path, help="a folder; made if there is none")
    report.add_argument("--organisation", default="", help="where the database has several")
    report.add_argument("--language", default="en", choices=FULL_LANGUAGES)
    report.add_argument("--overwrite", action="store_true", help="into a folder that has files")


def write_reports(chosen: argparse.Namespace, open_unit: OpenUnit, printer: Printer) -> None:
    """Write every report that is told of the period; Stop says why nothing was written."""
    period = read_period(chosen.period)
    require_folder(chosen.out, is_overwriting=chosen.overwrite)
    with open_unit(False) as work:
        organisation_id = find_organisation(work, chosen.organisation)
        found = find_documents(work, organisation_id, period, printer)
    if not found.documents:
        raise Stop(_why_nothing(period, found.left_out))
    with open_unit(True) as work:
        reports.record_folder(work, organisation_id, list(found.documents.values()))
    chosen.out.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (name, document) in enumerate(found.documents.items(), 1):
        for ending, make in printer.files.items():
            written.append(_write(chosen.out / f"{name}{ending}", make(document)))
        show_progress(number, len(found.documents), "reports")
    say_reports(written, found.left_out)


def read_period(text: str) -> Period:
    """A period as typed, digits in any script; Stop says what can be typed."""
    plain = to_latin_digits(text).strip().lower()
    if plain == "all":
        return Period()
    found = _PERIOD.fullmatch(plain)
    if found is None:
        raise Stop(
            f"{text!r} is no period. Say a year (--period 2026), a quarter (--period 2026-Q3) "
            "or --period all."
        )
    return Period(int(found[1]), int(found[2]) if found[2] else None)


def require_folder(folder: Path, *, is_overwriting: bool) -> None:
    """Stop where the folder is a file, or holds something and nobody said --overwrite."""
    if folder.exists() and not folder.is_dir():
        raise Stop(f"{folder} is a file. Say a folder with --out.")
    if folder.is_dir() and any(folder.iterdir()) and not is_overwriting:
        raise Stop(
            f"{folder} is not empty. Say another folder, or --overwrite: files of the same name "
            "are then replaced, others stay."
        )


def find_organisation(work: Work, name: str) -> str:
    """The organisation's id; Stop where it is not known, or several are and none was said."""
    known = {each.name: each.id for each in accounts.find_organisations(work)}
    if name in known:
        return known[name]
    if not name and len(known) == 1:
        return next(iter(known.values()))
    names = ", ".join(f"{each!r}" for each in sorted(known)) or "none yet"
    asked = f"No organisation is called {name!r}." if name else "Say whose reports."
    raise Stop(f"{asked} Use --organisation with one of these: {names}.")


def find_documents(work: Work, organisation_id: str, period: Period, printer: Printer) -> Found:
    """Every report of the period that is told, and why others are not."""
    documents: dict[str, ReportDocument] = {}
    left_out: list[str] = []
    told = reports.find_told(work, organisation_id, year=period.year, quarter=period.quarter)
    for country, form in told:
        for by in Breakdown:
            wanted = Wanted(form=form.id, country=country, period=period.in_address, by=by.value)
            try:
                document = reports.read_for_folder(
                    work, organisation_id, wanted, printer.wording, printer.terms
                )
            except ValueRefused as refused:
                left_out.append(f"{_about(country, form)}, by {by}: {_why(refused)}")
                continue
            if document.finding == "withheld":
                left_out.append(f"{_about(country, form)}: too few people in final workshops.")
                break
            documents[_name(document, period, by)] = document
    return Found(documents, tuple(left_out))


def _why_nothing(period: Period, left_out: tuple[str, ...]) -> str:
    if left_out:
        of_it = "" if period.year is None else f" of {period}"
        return " ".join([f"Nothing can be told{of_it} yet.", *left_out])
    if period.year is None:
        return "There is no workshop yet."
    return f"No workshop ended in {period}. Say another period, or --period all."


def _why(refused: ValueRefused) -> str:
    return REASONS[str(refused.facts["reason"])]


def _about(country: str, form: PublishedForm) -> str:
    return f"{country}, {form.form_ref} v{form.version}"


def _name(document: ReportDocument, period: Period, by: Breakdown) -> str:
    """Country and test are codes that can stand in a name; nothing typed is in it."""
    scope = document.scope
    if scope is None:
        raise ValueError("a report that tells something has a scope")
    about = f"{scope.country}-{scope.form}-v{scope.form_version}-{period}"
    return f"tafawut-{about}-{by.value or 'together'}-{document.language}".replace("_", "-")


def _write(path: Path, content: bytes) -> Path:
    """The whole file or none of it, also when the command is stopped."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise Stop(
            f"{path} cannot be written ({error.strerror}). Is there room, and may you write there?"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return path
