"""API: the minority ballot: an answer with its slip, what is told, and where it is asked."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.feedback import ballot_countries, ballots
from app.web.api.problems import PROBLEMS
from app.web.api.wire_participants import SentBallot
from app.web.api.wire_staff import ToldBallot, ToldBallotCountries
from app.web.deps import ApiAdmin, ApiEvaluator, OpenWork

router = APIRouter(responses=PROBLEMS, tags=["ballot"])
_Country = Annotated[str, Path(max_length=8, description="Two letters, such as PK.")]


@router.post("/ballots", status_code=204, operation_id="cast_ballot")
def cast_ballot(work: OpenWork, sent: SentBallot) -> Response:
    """Count one answer; a slip that was handed in before changes nothing."""
    ballots.cast_ballot(work, sent.slip, is_yes=sent.answer == "y")
    return Response(status_code=204)


@router.get("/ballots", operation_id="list_ballots")
def list_ballots(work: OpenWork, evaluator: ApiEvaluator) -> list[ToldBallot]:
    """Each country and year; empty figures as long as they may not be told."""
    return [ToldBallot.of(each) for each in ballots.find_ballots(work, evaluator)]


@router.get("/ballots/countries", operation_id="list_ballot_countries")
def list_ballot_countries(work: OpenWork, admin: ApiAdmin) -> ToldBallotCountries:
    """Where it is asked."""
    found = ballot_countries.find_asked_countries(work, admin.organisation_id)
    return ToldBallotCountries(countries=found)


@router.put("/ballots/countries/{country}", status_code=204, operation_id="start_ballot")
def start_ballot(work: OpenWork, admin: ApiAdmin, country: _Country) -> Response:
    """Ask in this country, from the next post-test that is opened."""
    ballot_countries.start_ballot(work, country, by=admin)
    return Response(status_code=204)


@router.delete("/ballots/countries/{country}", status_code=204, operation_id="stop_ballot")
def stop_ballot(work: OpenWork, admin: ApiAdmin, country: _Country) -> Response:
    """Ask no more; what was not told is destroyed."""
    ballot_countries.stop_ballot(work, country, by=admin)
    return Response(status_code=204)
