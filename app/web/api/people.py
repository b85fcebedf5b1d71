"""API: lists of people, read and taken in."""

from fastapi import APIRouter, Depends, Request

from app.participants import rosters
from app.web import lists
from app.web.api.problems import PROBLEMS
from app.web.api.wire_people import SentPeople, ToldListedCard, ToldRoster
from app.web.deps import ApiOwnWorkshop, ApiTrainer, OpenWork
from app.web.uploads import MOST_BODY, sheet_of, take_api_list

router = APIRouter(
    prefix="/workshops/{workshop_id}/people",
    responses=PROBLEMS,
    tags=["workshops"],
    max_body_size=MOST_BODY,
)


@router.get("", operation_id="find_listed")
def find_listed(work: OpenWork, workshop: ApiOwnWorkshop) -> list[ToldListedCard]:
    """Who is on the list, by card number; names stay on the page, answers apart."""
    return [ToldListedCard.of(each) for each in rosters.find_listed(work, workshop)]


@router.post("/readings", operation_id="read_list", dependencies=[Depends(take_api_list)])
def read_list(request: Request, work: OpenWork, workshop: ApiOwnWorkshop) -> ToldRoster:
    """The file (XLSX or CSV) as the whole body: its rows and guessed columns; nothing is kept."""
    listed = lists.new_list(sheet_of(request))
    provinces = lists.province_keys(workshop)
    return ToldRoster.of(rosters.look_over(work, workshop, listed, provinces=provinces))


@router.post("/checks", operation_id="check_list")
def check_list(work: OpenWork, workshop: ApiOwnWorkshop, sent: SentPeople) -> ToldRoster:
    """What would become of each row, with these columns and answers; nothing is kept."""
    provinces = lists.province_keys(workshop)
    return ToldRoster.of(rosters.look_over(work, workshop, sent.listed(), provinces=provinces))


@router.post("", operation_id="take_in_list")
def take_in_list(
    work: OpenWork, trainer: ApiTrainer, workshop: ApiOwnWorkshop, sent: SentPeople
) -> ToldRoster:
    """Give a card to everybody who is ready; `people` says what becomes of each row."""
    provinces = lists.province_keys(workshop)
    added, roster = rosters.take_in(work, workshop, sent.listed(), provinces=provinces, by=trainer)
    return ToldRoster.of(roster, added=added)
