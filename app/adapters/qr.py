"""QR codes as SVG, sized by CSS."""

import io

import segno


def qr_svg(text: str) -> str:
    """A QR code of level M with its quiet zone, as an SVG element without a size of its own."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer, kind="svg", xmldecl=False, svgns=True, nl=False, border=4, omitsize=True
    )
    return buffer.getvalue().decode()
