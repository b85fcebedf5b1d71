"""Forms in a workshop file: told by what they hold, since each database has ids of its own."""

from typing import Any

from app.adapters.db import Work
from app.banks import corrections
from app.banks import service as banks
from app.upkeep.sealed_files import FileRefused

_FORM_COLUMNS = ("form_id", "questionnaire_form_id")


def name_forms(work: Work, copies: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The content hash of each form that rows name, and the corrections that made it."""
    forms = _forms_in(copies)
    return {
        "forms": {each: banks.require_form(work, each).content_hash for each in forms},
        "corrections": {each: _corrections_to(work, each) for each in forms},
    }


def with_own_forms(work: Work, document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows with this database's ids of the same forms; raises FileRefused."""
    own = {}
    for form_id, content_hash in document["forms"].items():
        known = banks.get_form_id(work, content_hash)
        if known is None:
            made = document.get("corrections", {}).get(form_id, [])
            raise FileRefused(
                f"This database does not know the form {content_hash[:12]}. "
                f"{_how_to_know(work, made)}"
            )
        own[form_id] = known
    return {
        table: [
            row | {name: own[row[name]] for name in _FORM_COLUMNS if row.get(name)} for row in rows
        ]
        for table, rows in document["rows"].items()
    }


def _forms_in(copies: dict[str, list[dict[str, Any]]]) -> list[str]:
    return sorted(
        {
            row[column]
            for rows in copies.values()
            for row in rows
            for column in _FORM_COLUMNS
            if row.get(column)
        }
    )


def _corrections_to(work: Work, form_id: str) -> list[dict[str, Any]]:
    """What made a version out of the one that was published from a bank, the first first."""
    found: list[dict[str, Any]] = []
    while (made := corrections.get_correction_to(work, form_id)) is not None:
        form_id, form = made.form_id, banks.require_form(work, form_id)
        told = {"form": form.form_ref, "content_hash": form.content_hash}
        found.insert(0, told | {"item": made.item, "keys": list(made.keys)})
    return found


def _how_to_know(work: Work, made: list[dict[str, Any]]) -> str:
    """What has to be done here before a file with an unknown form can be read."""
    publish = "Publish the same question banks here: python -m app banks publish."
    missing = [each for each in made if banks.get_form_id(work, each["content_hash"]) is None]
    if not missing:
        return publish
    steps = [
        f"question {each['item']}: {', '.join(each['keys'])} is right"
        if each["keys"]
        else f"question {each['item']}: withdrawn"
        for each in missing
    ]
    return (
        f"There {missing[0]['form']} was corrected ({'; '.join(steps)}). {publish} "
        "Then make the same corrections here, in this order, on the form's page."
    )
