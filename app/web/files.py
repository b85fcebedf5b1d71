"""How files are sent: their type, and the name they are saved under."""

CSV_TYPE = "text/csv; charset=utf-8"


def name_file(name: str) -> dict[str, str]:
    """The header that makes a browser save the answer under this name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
