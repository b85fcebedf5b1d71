"""A certificate as PDF, one A4 on its side, and as a picture of it."""

import struct
from dataclasses import asdict
from typing import Any

from app.accounts.schemas import LogoRecord
from app.adapters.pdf import render, render_picture
from app.adapters.qr import draw_qr
from app.certificates.document import CertificateDocument
from app.core.codes import CERTIFICATE_NUMBER_GROUPS, grouped
from app.participants.as_pdf import typed_text

_LOGO_MM = (60, 14)  # at most so wide and so high
_SQUARE_MM = 30
"""The square's dark part: what a camera at arm's length reads with 70 modules across."""
_PICTURE_DOTS_PER_INCH = 1600 * 25.4 / 297
"""1600 across: chats make larger pictures smaller, and then no camera reads the square."""


def certificate_as_pdf(document: CertificateDocument) -> bytes:
    """The same document gives the same bytes."""
    return render("certificate", certificate_facts(document), made_at=document.made_at)


def certificate_as_picture(document: CertificateDocument) -> bytes:
    """The same paper as PNG, for a chat; the same document gives the same bytes."""
    facts = certificate_facts(document)
    return render_picture("certificate", facts, dots_per_inch=_PICTURE_DOTS_PER_INCH)


def certificate_facts(document: CertificateDocument) -> dict[str, Any]:
    """What certificate.typ draws."""
    parts = document.url.partition("#")
    pieces = (f"{parts[0]}#", parts[2])
    square, across = draw_qr(pieces, is_one_of_many=True)  # to weigh the masks takes half the time
    other = document.other_calendar
    return {
        "number": grouped(document.number, CERTIFICATE_NUMBER_GROUPS),
        "plain_number": document.number,
        "wordings": [asdict(each) for each in document.wordings],
        "other_calendar": other and {"language": other.language, "text": other.text},
        "name_local": typed_text(document.name_local),
        "name_latin": typed_text(document.name_latin),
        "is_local_in_nastaliq": document.is_local_in_nastaliq,
        "title": typed_text(document.title),
        "place": typed_text(document.place),
        "organisation": typed_text(document.organisation),
        "logos": [_logo(each) for each in document.logos],
        "address": document.address,
        "url": document.url,
        "square": square,
        "square_mm": round(_SQUARE_MM * (across + 8) / across, 2),
        "is_specimen": document.is_specimen,
    }


def _logo(logo: LogoRecord) -> dict[str, Any]:
    """The points with the height on paper; JSON knows no bytes."""
    across, down = struct.unpack(">II", logo.content[16:24])  # a PNG begins with its size
    widest, highest = _LOGO_MM
    height = min(highest, widest * down / across)
    return {"data": list(logo.content), "words": logo.words, "height_mm": round(height, 2)}
