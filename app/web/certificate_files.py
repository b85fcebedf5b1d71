"""Certificates as files, for pages and API alike: read inside the transaction, drawn after it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from app.adapters.archives import ZipStream
from app.certificates.as_pdf import certificate_as_pdf, certificate_as_picture
from app.certificates.document import CertificateDocument, build_document
from app.certificates.schemas import Paper
from app.web.files import DRAWN_AT_ONCE, DrawnResponse, drawing_turns, name_file
from app.web.house import House
from app.web.prints import PdfResponse, short_address
from app.web.urls import verification_url
from app.workshops.schemas import WorkshopRecord


def certificate_file(house: House, paper: Paper) -> PdfResponse:
    """One certificate, under its number."""
    document = document_of(house, paper)
    name = _file_name(document)
    return PdfResponse(lambda: certificate_as_pdf(document), file_name=name)


def certificate_picture(house: House, paper: Paper) -> DrawnResponse:
    """The same certificate as a picture, under its number."""
    document = document_of(house, paper)
    return DrawnResponse(
        lambda: certificate_as_picture(document),
        media_type="image/png",
        file_name=_file_name(document, "png"),
    )


def certificates_file(
    request: Request, house: House, workshop: WorkshopRecord, papers: Sequence[Paper]
) -> StreamingResponse:
    """All of them in a ZIP that is sent as it is drawn: never more than one is held."""
    documents = [document_of(house, paper) for paper in papers]
    name = f"tafawut-{workshop.join_code}-certificates.zip"
    return StreamingResponse(
        _draw_all(request, documents),
        media_type="application/zip",
        headers=name_file(name) | {"Cache-Control": "no-store"},
    )


def document_of(house: House, paper: Paper) -> CertificateDocument:
    """The page, with this service's own address on it."""
    record = paper.record
    return build_document(
        paper,
        address=f"{short_address(house)}/v",
        url=verification_url(house, record.number, record.edition, paper.proof),
        translate=house.catalogues.translate,
    )


async def _draw_all(
    request: Request, documents: Sequence[CertificateDocument]
) -> AsyncIterator[bytes]:
    """Two at a time, sent in their order; no more than two are ever held.

    Each waits for its own turn, so that a large room does not hold up anybody's single paper.
    """

    async def draw(document: CertificateDocument) -> bytes:
        async with drawing_turns(request.app):
            return await run_in_threadpool(certificate_as_pdf, document)

    archive = ZipStream(max(each.made_at for each in documents))
    waiting: deque[tuple[str, asyncio.Task[bytes]]] = deque()
    try:
        for document in documents:
            waiting.append((_file_name(document), asyncio.create_task(draw(document))))
            if len(waiting) == DRAWN_AT_ONCE:
                name, drawn = waiting.popleft()
                yield archive.add(name, await drawn)
        for name, drawn in waiting:
            yield archive.add(name, await drawn)
        yield archive.end()
    finally:  # nobody waits for them any more
        for _, drawn in waiting:
            drawn.cancel()


def _file_name(document: CertificateDocument, kind: str = "pdf") -> str:
    """The number and plain letters: a name could carry anything into a header."""
    return f"tafawut-certificate-{document.number}.{kind}"
