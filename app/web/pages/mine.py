"""What is kept about me: seen, taken along and erased by whoever holds the card, without staff."""

from functools import partial
from typing import Annotated

from fastapi import Form, Response

from app.adapters.clock import local_time
from app.adapters.db import Work
from app.certificates import service as certificates
from app.core.errors import ErasureUnconfirmed
from app.participants import erasing
from app.participants.schemas import OpenPass
from app.upkeep import persons
from app.upkeep.persons import Kept
from app.web.cookies import delete_cookie
from app.web.deps import JoinedWorkshop, OpenWork, Phone, TheHouse
from app.web.files import name_file
from app.web.house import House
from app.web.places import provinces_of
from app.web.routers import public_pages
from app.web.view import ReaderView
from app.workshops.schemas import WorkshopRecord

router = public_pages()


@router.get("/my/kept")
def show_kept(
    view: ReaderView, house: TheHouse, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """All of it on one page, as long as it is kept."""
    kept = _read(house, work, phone, workshop)
    return view.show(
        "participant/mine.html",
        workshop=workshop,
        kept=kept,
        provinces=dict(provinces_of(workshop.country)),
        local=partial(local_time, zone=workshop.zone),
    )


@router.get("/my/kept.json")
def download_kept(
    house: TheHouse, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """The same as a file."""
    content = persons.as_json(_read(house, work, phone, workshop))
    headers = name_file("tafawut-kept.json") | {"Cache-Control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)


@router.get("/my/erase")
def show_erase(
    view: ReaderView, work: OpenWork, phone: Phone, workshop: JoinedWorkshop
) -> Response:
    """What goes and what stays, before anything does."""
    erasing.require_own(work, phone)
    certificate = certificates.get_own_certificate(work, workshop, phone.card)
    return view.show(
        "participant/erase.html", workshop=workshop, certificate=certificate, error=None
    )


@router.post("/my/erase", name="erase_own")
def erase_own(
    view: ReaderView,
    house: TheHouse,
    work: OpenWork,
    phone: Phone,
    workshop: JoinedWorkshop,
    sure: Annotated[str, Form()] = "",
    certificate: Annotated[str, Form()] = "keep",
) -> Response:
    """Erase it; the phone forgets the card, and what it still sends is answered with a sentence."""
    if sure != "yes":
        issued = certificates.get_own_certificate(work, workshop, phone.card)
        context = {"workshop": workshop, "certificate": issued}
        view.show_again("participant/erase.html", ErasureUnconfirmed(), **context)
    persons.erase_own(work, phone, workshop, keeps=certificate != "remove")
    return _forget_card(view.show("participant/erased.html", workshop=workshop), house)


def _read(house: House, work: Work, phone: OpenPass, workshop: WorkshopRecord) -> Kept:
    days = house.settings.names_days
    return persons.read_kept(work, phone, workshop, late=house.late, names_days=days)


def _forget_card(response: Response, house: House) -> Response:
    for name in ("phone", "sitting", "draft"):
        delete_cookie(response, house, name)
    # Not "storage": answers of others who used this phone may still wait in it to be sent.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
