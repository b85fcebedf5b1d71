"""Which crime people took the cases for: a matrix of what each case is and what was said.

A case is an item that asks for the crime, or one row of an item that asks it of several. From the
frozen counts of answers, of a whole room only. Source: statistics.md §4, §6.
"""

from collections.abc import Mapping, Sequence

from app.banks.schemas import CRIMES, FormBeliefs
from app.core.disclosure import FULL_FROM_PAIRS, Audience
from app.core.figures import Reason
from app.core.placings import row_of
from app.core.scoring import DO_NOT_KNOW, ItemKey
from app.gains.frozen import Frozen
from app.gains.printed import Printer
from app.gains.questions import OCCASIONS, Answers, read_answers
from app.gains.results import CrimeMatrix, Unsaid

OMITTED = "omitted"


def crime_matrix(
    frozen: Frozen, keys: Sequence[ItemKey], beliefs: FormBeliefs, n: int, audience: Audience
) -> CrimeMatrix:
    """What the cases are against what people said; counts, so for the team alone."""
    known = {key.item: key for key in keys}
    items = tuple(item for item in beliefs.crimes if item in known)
    unsaid = None
    if not items:
        unsaid = Unsaid.NOT_IN_FORM
    elif n < FULL_FROM_PAIRS or audience is Audience.OUTSIDE:
        unsaid = Printer(audience, n).unsaid(Reason.N_TOO_SMALL)
    if unsaid:
        return CrimeMatrix(items=items, before={}, after={}, unsaid=unsaid)
    answers = read_answers(frozen)
    cases = [known[item] for item in items]
    before, after = (_matrix(answers, cases, beliefs, occasion) for occasion in OCCASIONS)
    return CrimeMatrix(items=items, before=before, after=after, unsaid=None)


def _matrix(
    answers: Answers, keys: Sequence[ItemKey], beliefs: FormBeliefs, occasion: str
) -> dict[str, dict[str, int]]:
    columns = (*CRIMES, "do_not_know", OMITTED)
    found = {right: dict.fromkeys(columns, 0) for right in CRIMES}
    for key in keys:
        crimes = beliefs.crimes[key.item]
        for right in key.keys:
            for said in answers.get((key.item, occasion), ()):
                column = _crime_of(said.chosen, row_of(right), crimes)
                found[crimes[right]][column] += said.people
    return {right: row for right, row in found.items() if any(row.values())}


def _crime_of(chosen: frozenset[str], row: str, crimes: Mapping[str, str]) -> str:
    """What was said of a case: of the item, or of one of its rows."""
    said = next((each for each in chosen if each in crimes and row_of(each) == row), None)
    if said is not None:
        return crimes[said]
    return "do_not_know" if DO_NOT_KNOW in chosen else OMITTED
