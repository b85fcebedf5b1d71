"""`analyse FILE.csv`: from the file and the words of the command line to an analysis."""

import argparse
import json
from fractions import Fraction
from pathlib import Path

from app.adapters.csv_files import CsvUnreadable, read_csv
from app.core.disclosure import OUTSIDE_THRESHOLD
from app.gains.analysis import analyse
from app.gains.as_keys import Keys
from app.gains.as_text import analysis_as_text
from app.gains.spreadsheet import SheetRefused, read_number, read_sheet
from app.upkeep.addresses import Stop


def add_options(analyse: argparse.ArgumentParser) -> None:
    """Add what the command can be told."""
    analyse.add_argument("file", type=Path, help="CSV; workshop, sex, agency, province if known")
    analyse.add_argument("--max-score", help="points that can be won; for percentages and <g>")
    analyse.add_argument("--pass-mark", help="points needed to pass")
    analyse.add_argument("--own-data", action="store_true", help="the table is yours: show all")
    analyse.add_argument("--json", action="store_true", help="every number, unrounded")


def answer(chosen: argparse.Namespace) -> str:
    """What the command prints; Stop says why nothing."""
    found = analyse_file(
        chosen.file,
        max_score=chosen.max_score,
        pass_mark=chosen.pass_mark,
        is_own_table=chosen.own_data,
    )
    return json.dumps(found) if chosen.json else analysis_as_text(found, chosen.file.name)


def analyse_file(
    path: Path, *, max_score: str | None, pass_mark: str | None, is_own_table: bool
) -> Keys:
    """Return the analysis of a file, its name and the threshold beside it; Stop says why not."""
    most = _limit("--max-score", max_score)
    needed = _limit("--pass-mark", pass_mark)
    if most is not None and most <= 0:
        raise Stop("--max-score is a number above 0.")
    if needed is not None and most is not None and not 0 <= needed <= most:
        raise Stop(f"--pass-mark is a number of points from 0 to {float(most):g}.")
    try:
        sheet = read_sheet(read_csv(path.read_bytes()), max_score=most)
    except OSError as error:
        raise Stop(f"{path} cannot be read ({error.strerror}). Is the name right?") from error
    except (CsvUnreadable, SheetRefused) as error:
        raise Stop(f"{path.name} cannot be used. {error}") from error
    found = analyse(sheet, max_score=most, pass_mark=needed, is_own_table=is_own_table)
    return {
        "file": path.name,
        "own_data": is_own_table,
        "threshold": None if is_own_table else OUTSIDE_THRESHOLD,
    } | found


def _limit(option: str, text: str | None) -> Fraction | None:
    if text is None:
        return None
    number = read_number(text)
    if number is None:
        raise Stop(f"{option} is a number, not {text!r}.")
    return number
