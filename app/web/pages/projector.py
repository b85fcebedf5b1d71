"""The projector: a window of its own that the whole room sees."""

from fastapi import Response
from markupsafe import Markup

from app.adapters.qr import qr_svg, wifi_text
from app.web.deps import OpenWork, OwnWorkshop, TheHouse
from app.web.prints import poster_of
from app.web.routers import staff_pages
from app.web.view import ReaderView
from app.web.wall import read_wall
from app.workshops import service as workshops

router = staff_pages("/trainer/workshops/{workshop_id}/projector")


@router.get("")
def show_projector(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """Lobby, progress and reveal; which of them is seen stands behind the # of the address."""
    poster = poster_of(house, workshop)
    wifi = wifi_text(poster.wifi.ssid, poster.wifi.password) if poster.wifi else ""
    return view.show(
        "trainer/projector.html",
        workshop=workshop,
        wall=read_wall(house, work, workshop),
        form=workshops.require_form(work, workshop),
        poster=poster,
        join_qr=Markup(qr_svg(poster.door.join_url)),  # noqa: S704  our own address, no text in it
        wifi_qr=Markup(qr_svg(wifi)) if wifi else "",  # noqa: S704  squares alone
    )


@router.get("/live")
def show_projector_live(
    view: ReaderView, house: TheHouse, work: OpenWork, workshop: OwnWorkshop
) -> Response:
    """The parts of the projector that change, alone."""
    return view.show(
        "trainer/projector_live.html",
        workshop=workshop,
        wall=read_wall(house, work, workshop),
        form=workshops.require_form(work, workshop),
    )
