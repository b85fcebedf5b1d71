"""A report to check: the CSV, what is in it, and the program that computes its headline again."""

from pathlib import Path

from app.adapters.archives import write_zip
from app.reports.as_csv import as_csv, dictionary_as_csv
from app.reports.document import ReportDocument

_PROGRAM = Path(__file__).parent / "recompute.py"


def as_zip(document: ReportDocument) -> bytes:
    """`report.csv`, `dictionary.csv` and `recompute.py`."""
    files = {
        "report.csv": as_csv(document),
        "dictionary.csv": dictionary_as_csv(document),
        "recompute.py": _PROGRAM.read_bytes(),
    }
    return write_zip(files, made_at=document.as_of)
